"""Prediction and confidence."""

import numpy as np
import pytest

from autograder.graders.hw2_softmax import inputs

WHAT = ("the classes", "the confidence")


def without_ties(rng, num_examples, dim, num_classes):
    """X, W, b whose two largest scores differ in every example."""
    while True:
        X, _, W, b = inputs.problem(rng, num_examples, dim, num_classes)
        top = np.sort(X @ W.T + 2 * b, axis=1)
        if np.all(top[:, -1] > top[:, -2]):
            return X, W, 2 * b


def compare(student, X, W, b, only):
    """Compare the classes or the confidence of one call."""
    scores = X.astype(np.float64) @ W.T + b

    def follows(call):
        classes = np.argmax(scores, axis=1)
        return classes, call("softmax", scores)[np.arange(len(X)), classes]

    atol = inputs.softmax_atol(scores) if only else 0.0
    student.compare("predict", X, W, b, what=WHAT, only=only, atol=atol, follows=follows)


def check_item(student, rng, only):
    """The classes or the confidence, on several shapes."""
    for shape in [(8, 3, 5), (20, 6, 10), (7, 4, 3)]:
        compare(student, *without_ties(rng, *shape), only)


def check_cases(student, rng, cases):
    """What is right for an ordinary call is right in these cases as well."""
    ordinary = without_ties(rng, 9, 4, 3)
    items = inputs.right_items(lambda only: compare(student, *ordinary, only), 2)
    for case in cases:
        for only in items:
            compare(student, *case, only)


@pytest.mark.weight(2)
def test_classes(student, rng):
    """The classes."""
    check_item(student, rng, 0)


@pytest.mark.weight(2)
def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    W = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [3.0, -1.0]])
    compare(student, X, W, np.zeros(4), only=0)


@pytest.mark.weight(4)
def test_confidence(student, rng):
    """The confidence."""
    check_item(student, rng, 1)


@pytest.mark.weight(2)
def test_big_scores(student, rng):
    """Scores of 1,000 and more."""
    X, W, b = without_ties(rng, 9, 4, 3)
    check_cases(student, rng, [(X, 512.0 * W, b)])


def test_two_classes_and_one_example(student, rng):
    """Two classes, and a single example."""
    check_cases(student, rng, [without_ties(rng, 7, 3, 2), without_ties(rng, 1, 4, 3)])


def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs."""
    X, W, b = without_ties(rng, 9, 4, 3)
    check_cases(student, rng, [
        *((same_X, same_W, b) for same_X, same_W
          in zip(inputs.layouts(X), inputs.layouts(W)[::-1])),
        *((X, W, same) for same in inputs.layouts(b))])
