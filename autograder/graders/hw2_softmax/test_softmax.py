"""Softmax."""

import numpy as np
import pytest

from autograder.graders.hw2_softmax import inputs


def compare(student, scores):
    """Compare one call."""
    student.compare("softmax", scores, what="the probabilities",
                    atol=inputs.softmax_atol(scores))


@pytest.mark.weight(3)
def test_random_scores(student, rng):
    """Random scores of several shapes and scales."""
    for num_examples, num_classes, scale in [(5, 3, 1), (7, 4, 1 / 8), (4, 6, 4)]:
        compare(student, scale * inputs.grid(rng, num_examples, num_classes))


@pytest.mark.weight(5)
def test_big_scores(student, rng):
    """Scores around 1,000 and 10,000, positive and negative."""
    compare(student, inputs.FAR_APART[2] + inputs.grid(rng, 3, 6, high=8))
    for offset in (1000.0, -1000.0, 10000.0, -10000.0):
        compare(student, offset + inputs.grid(rng, 5, 3))


@pytest.mark.weight(5)
def test_rows_far_apart(student, rng):
    """Rows of very different size in one call."""
    compare(student, inputs.rows_far_apart(rng))


@pytest.mark.weight(5)
def test_scores_far_apart(student, rng):
    """Very different scores in one row."""
    compare(student, inputs.scores_far_apart(rng))
    offsets = np.array([8000.0, 8000.0, 0.0, -8000.0, -8000.0, -8000.0])
    for order in (np.arange(6), rng.permutation(6)):
        compare(student, offsets[order] + inputs.grid(rng, 4, 6))


@pytest.mark.weight(1)
def test_two_classes_and_one_example(student, rng):
    """Two classes, and a single example."""
    compare(student, inputs.grid(rng, 6, 2))
    compare(student, inputs.grid(rng, 1, 4))


@pytest.mark.weight(1)
def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only scores."""
    for same in inputs.layouts(inputs.grid(rng, 6, 4)):
        compare(student, same)
