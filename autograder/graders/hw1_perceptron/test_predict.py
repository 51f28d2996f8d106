"""Choosing among many classes."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs


def scores_without_ties(rng, num_examples, dim, num_classes):
    """X, W, b whose largest and second largest score differ in every example.

    With several examples, the arg max of the thresholded scores is not always class 0, so that
    who takes it is not confused with who always answers 0.
    """
    while True:
        X = inputs.grid(rng, num_examples, dim)
        W, b = inputs.nonzero_grid(rng, num_classes, dim), inputs.nonzero_grid(rng, num_classes)
        scores = X @ W.T + 4 * b
        top = np.sort(scores, axis=1)
        fired = np.argmax(scores > 0, axis=1)
        if np.all(top[:, -1] > top[:, -2]) and (num_examples == 1 or fired.any()):
            return X, W, 4 * b


def test_random_scores(student, rng):
    """Random scores of several shapes."""
    for num_examples, dim, num_classes in [(8, 3, 5), (1, 4, 3), (20, 6, 10), (5, 2, 5)]:
        X, W, b = scores_without_ties(rng, num_examples, dim, num_classes)
        student.compare("predict_classes", X, W, b, what="the classes")


def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    W = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [3.0, -1.0]])
    student.compare("predict_classes", X, W, np.zeros(4), what="the classes")


def test_two_classes_and_kinds_of_arrays(student, rng):
    """Two classes; float32, strided, Fortran-ordered and read-only inputs."""
    X, W, b = scores_without_ties(rng, 9, 4, 2)
    for same in inputs.layouts(X):
        student.compare("predict_classes", same, W, b, what="the classes")
