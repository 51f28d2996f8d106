"""Softmax and cross-entropy as one layer."""

import numpy as np

from autograder.graders.common import grid
from autograder.graders.hw2_softmax.inputs import label_kinds, labels, softmax_atol
from autograder.graders.hw4_two_layer import inputs

WHAT = ("the loss", "dscores")


def compare(student, scores, y, only=None):
    """Compare one of the two values of a call, or both."""
    scale = 1 + np.abs(scores).max() * 2
    atol = softmax_atol(scores) + (len(y) + 4) * inputs.EPS * scale
    student.compare("softmax_cross_entropy", scores, y, what=WHAT, only=only, atol=float(atol))


def check_item(student, rng, only):
    """Several shapes; one example, two classes, a class without examples; kinds of arrays."""
    for N, C in [(6, 4), (1, 3), (9, 2), (4, 7)]:
        compare(student, grid(rng, N, C), labels(rng, N, C), only)
    scores, y = grid(rng, 5, 3), labels(rng, 5, 3)
    for same in inputs.layouts(scores):
        compare(student, same, y, only)
    for same in label_kinds(y):
        compare(student, scores, same, only)


def test_loss(student, rng):
    """The loss; all kinds of inputs."""
    check_item(student, rng, 0)


def test_gradient(student, rng):
    """The gradient; all kinds of inputs."""
    check_item(student, rng, 1)


def test_big_scores(student, rng):
    """Scores of 1,000 and 10,000, and rows that differ by as much."""
    for factor in (2.0**9, 2.0**12):
        scores = factor * grid(rng, 6, 4)
        y = np.argmin(scores, axis=1)
        compare(student, scores, y)
        compare(student, scores + factor * grid(rng, 6, 1), y)
