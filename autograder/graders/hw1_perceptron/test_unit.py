"""One unit."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs


def test_random_inputs(student, rng):
    """Random inputs of several shapes and scales."""
    for num_examples, dim, scale in [(7, 3, 1), (1, 5, 1), (40, 2, 1024), (12, 1, 1 / 1024)]:
        X, w, b = inputs.clear_cases(rng, num_examples, dim)
        student.compare("unit", scale * X, w, scale * b, what="the output")


def test_exactly_at_the_threshold(student, rng):
    """A weighted sum of exactly 0."""
    X = inputs.grid(rng, 7, 3)
    w = np.array([1.0, -2.0, 0.5])
    # the other sums lie where a bias left out or subtracted gives an answer of its own
    z = np.array([0, -2, 0, 1, 0, -4, -8])
    X[:, 0] = 2 * X[:, 1] - 0.5 * X[:, 2] + 3 + z
    student.compare("unit", X, w, -3.0, what="the output")


def test_kinds_of_arrays(student, rng):
    """float32, integers, strided, Fortran-ordered and read-only inputs."""
    X, w, b = inputs.clear_cases(rng, 9, 4)
    for same in inputs.layouts(X):
        student.compare("unit", same, w, b, what="the output")
    student.compare("unit", (8 * X).astype(np.int64), w, 8 * b, what="the output")
