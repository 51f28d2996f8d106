"""Logarithms of probabilities."""

import numpy as np

from autograder.graders.hw2_softmax import inputs


def compare(student, scores):
    """Compare one call."""
    student.compare("log_softmax", scores, what="the logarithms",
                    atol=inputs.softmax_atol(scores))


def test_random_scores(student, rng):
    """Random scores of several shapes and scales; float32, strided and read-only."""
    for num_examples, num_classes, scale in [(5, 3, 1), (1, 4, 1), (7, 2, 1 / 8), (4, 6, 4)]:
        compare(student, scale * inputs.grid(rng, num_examples, num_classes))
    for same in inputs.layouts(inputs.grid(rng, 6, 4)):
        compare(student, same)


def test_big_scores(student, rng):
    """Scores around 1,000 and 10,000, positive and negative."""
    for offset in (1000.0, -1000.0, 10000.0, -10000.0):
        compare(student, offset + inputs.grid(rng, 5, 3))


def test_rows_far_apart(student, rng):
    """Rows of very different size in one call."""
    offsets = np.array([4000.0, -3000.0, 0.0, 900.0, -10000.0])
    compare(student, offsets[:, np.newaxis] + inputs.grid(rng, 5, 4))


def test_scores_far_apart(student, rng):
    """Very different scores in one row: the logarithms stay finite."""
    offsets = np.array([8000.0, 8000.0, 0.0, -8000.0, -8000.0, -8000.0])
    for scale in (1.0, 1 / 8, 1 / 64):
        compare(student, scale * offsets[rng.permutation(6)] + inputs.grid(rng, 4, 6))
