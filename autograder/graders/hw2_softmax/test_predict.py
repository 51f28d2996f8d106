"""Prediction and confidence."""

import numpy as np

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


def cases(rng):
    """X, W, b of several shapes, kinds of arrays and sizes of scores."""
    for shape in [(8, 3, 5), (1, 4, 3), (20, 6, 10), (7, 2, 2)]:
        yield without_ties(rng, *shape)
    X, W, b = without_ties(rng, 9, 4, 3)
    for same_X, same_W in zip(inputs.layouts(X), inputs.layouts(W)[::-1]):
        yield same_X, same_W, b
    yield X, 512.0 * W, b


def test_classes(student, rng):
    """The classes; all kinds of inputs, scores of 1,000 and more."""
    for case in cases(rng):
        compare(student, *case, only=0)


def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    W = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [3.0, -1.0]])
    compare(student, X, W, np.zeros(4), only=0)


def test_confidence(student, rng):
    """The confidence; all kinds of inputs, scores of 1,000 and more."""
    for case in cases(rng):
        compare(student, *case, only=1)
