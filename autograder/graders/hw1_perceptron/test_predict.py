"""Choosing among many classes."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs


def scored(rng, num_examples, dim, num_classes, num_silent=0):
    """X, W, b: examples whose largest score is above 0 and, `num_silent`, below it.

    The largest score stands clear. In some of several examples its class is not the first one
    whose unit fires, and neither of the two is always class 0.
    """
    while True:
        X = inputs.grid(rng, 60 * num_examples, dim)
        W = inputs.nonzero_grid(rng, num_classes, dim)
        b = 4 * inputs.nonzero_grid(rng, num_classes)
        scores = X @ W.T + b
        top = np.sort(scores, axis=1)
        clear = top[:, -1] >= top[:, -2] + 1
        fire = np.flatnonzero(clear & (top[:, -1] > 0))[:num_examples]
        silent = np.flatnonzero(clear & (top[:, -1] < 0))[:num_silent]
        best, first = np.argmax(scores, axis=1), np.argmax(scores > 0, axis=1)
        if (len(fire) == num_examples and len(silent) == num_silent
                and (num_examples == 1 or first[fire].any() and np.any((first != best)[fire]))
                and (not num_silent or best[silent].any())):
            return X[np.concatenate([fire, silent])], W, b


def judge(student, calls):
    """Compare the classes."""
    inputs.judge(student, "predict_classes", calls, what="the classes")


def test_random_scores(student, rng):
    """Random scores of several shapes and scales; as many examples as classes, too."""
    calls = []
    for num_examples, dim, num_classes, scale in [
            (8, 3, 5, 1), (20, 6, 10, 1 / 32), (5, 2, 5, 1), (9, 3, 4, 1 / 1024)]:
        X, W, b = scored(rng, num_examples, dim, num_classes)
        calls.append((scale * X, W, scale * b))
    judge(student, calls)


def test_no_unit_fires(student, rng):
    """Examples for which every score is below 0, and others."""
    judge(student, [scored(rng, 6, 3, 5, num_silent=4), scored(rng, 4, 2, 6, num_silent=4)])


def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    W = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [3.0, -1.0]])
    judge(student, [(X, W, np.zeros(4))])


def test_one_example_or_one_input(student, rng):
    """N = 1 and D = 1."""
    judge(student, [scored(rng, *shape) for shape in [(5, 1, 3), (1, 4, 3), (1, 1, 2)]])


def test_two_classes_and_kinds_of_arrays(student, rng):
    """Two classes; float32, integer, strided, Fortran-ordered and read-only inputs."""
    X, W, b = scored(rng, 9, 4, 2)
    judge(student, [(same, W, 8 * b if same.dtype.kind == "i" else b)
                    for same in inputs.kinds(X)])
