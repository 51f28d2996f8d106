"""Softmax and cross-entropy as one layer."""

import functools

import numpy as np
import pytest

from autograder.graders.common import grid
from autograder.graders.hw4_two_layer import inputs

WHAT = ("the loss", "dscores")


def compare(student, scores, y, only):
    """Compare one of the two values of a call."""
    off = inputs.softmax_atol(scores)
    atol = (off + (len(y) + 4) * inputs.EPS * (1 + np.abs(scores).max() * 2),
            2 * inputs.probs_atol(scores, off) / len(y))
    student.compare("softmax_cross_entropy", scores, y, what=WHAT, only=only,
                    atol=float(atol[only]))


def scores_and_labels(rng, num_examples, num_classes):
    """Scores whose classes all occur."""
    return grid(rng, num_examples, num_classes), inputs.labels(rng, num_examples, num_classes)


def check_item(student, rng, only):
    """Several shapes, two classes among them."""
    for shape in [(6, 4), (9, 2), (8, 7)]:
        compare(student, *scores_and_labels(rng, *shape), only)


def judge_where_right(student, rng, special):
    """What is right for six examples of four classes is to be right for these calls."""
    inputs.judge_where_right(functools.partial(compare, student), scores_and_labels(rng, 6, 4),
                             special, (0, 1))


@pytest.mark.weight(2)
def test_loss(student, rng):
    """The loss."""
    check_item(student, rng, 0)


@pytest.mark.weight(2)
def test_gradient(student, rng):
    """The gradient."""
    check_item(student, rng, 1)


@pytest.mark.weight(2)
def test_big_scores(student, rng):
    """Scores of thousands, and rows that differ by as much."""
    apart = rng.permutation([-1.0, 0, 1, -1, 0, 1])[:, np.newaxis]
    special = [(grid(rng, 6, 4) + 512 * apart, inputs.labels(rng, 6, 4))]
    for factor in (2.0**9, 2.0**13):
        scores = np.array([rng.permutation(48)[:4] / 8 - 3 for _ in range(6)])  # no two equal
        special.append((factor * scores + 4096 * apart, inputs.labels(rng, 6, 4)))
    judge_where_right(student, rng, special)


def test_class_without_examples(student, rng):
    """A class in the middle, or the last ones, without an example."""
    judge_where_right(student, rng, [(grid(rng, 7, 5), inputs.some_labels(rng, 7, 5)),
                                     (grid(rng, 7, 5), inputs.labels(rng, 7, 3))])


def test_one_example(student, rng):
    """A single example."""
    judge_where_right(student, rng, [scores_and_labels(rng, 1, 3), scores_and_labels(rng, 1, 2)])


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; labels of several types."""
    scores, y = scores_and_labels(rng, 5, 3)
    judge_where_right(student, rng, [*((same, y) for same in inputs.layouts(scores)),
                                     *((scores, same) for same in inputs.label_kinds(y))])
