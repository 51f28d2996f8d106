"""The perceptron algorithm."""

import numpy as np
import pytest

from autograder.graders.hw1_perceptron import inputs

WHAT = ("w", "b", "mistakes")


@pytest.mark.weight(2)
def test_separable_data(student, rng):
    """Data that a line separates: training ends by itself."""
    for num_examples, dim in [(30, 2), (18, 5), (40, 3)]:
        X, y = inputs.labelled(rng, num_examples, dim)
        student.compare("train_perceptron", X, y, 2000, what=WHAT)


@pytest.mark.weight(2)
def test_data_that_no_line_separates(student, rng):
    """Data that no line separates: max_epochs ends training."""
    X = inputs.grid(rng, 25, 3)
    y = rng.integers(0, 2, size=25)
    X[1], y[0], y[1] = X[0], 0, 1  # the same point with both labels
    student.compare("train_perceptron", X, y, 5, what=WHAT)
    # last, as several known mistakes give the same on these four points
    xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    student.compare("train_perceptron", xor, np.array([0, 1, 1, 0]), 7, what=WHAT)


def test_one_epoch(student, rng):
    """max_epochs = 1: labels as floats; float32, integer, strided and read-only data."""
    X, y = inputs.labelled(rng, 20, 2)
    for same in inputs.layouts(X):
        student.compare("train_perceptron", same, y.astype(np.float64), 1, what=WHAT)
    student.compare("train_perceptron", (8 * X).astype(np.int64), y, 1, what=WHAT)


def test_small_data(student, rng):
    """One example, and data without a single mistake."""
    student.compare("train_perceptron", inputs.grid(rng, 6, 2), np.zeros(6, np.int64), 10,
                    what=WHAT)
    x = inputs.nonzero_grid(rng, 1, 3)
    student.compare("train_perceptron", x, np.array([1]), 10, what=WHAT)
