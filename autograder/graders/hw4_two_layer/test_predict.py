"""Prediction."""

import numpy as np
import pytest

from autograder.graders.hw4_two_layer import inputs, reference


def compare(student, params, X):
    """Compare one call."""
    def follows(call):
        return np.argmax(call("two_layer_loss", params, X), axis=1)

    student.compare("predict_two_layer", params, X, what="the classes", follows=follows)


def tells(params, X) -> bool:
    """Whether the two largest scores of each example differ, and not all classes are the same."""
    scores = reference.two_layer_loss(params, X)
    top = np.sort(scores, axis=1)
    classes = np.argmax(scores, axis=1)
    return bool(np.all(top[:, -1] - top[:, -2] > 1e-3) and classes[0] != 0
                and (len(X) == 1 or len(set(classes)) > 1))


def telling(rng, *shape, factor=1.0):
    """params and X of which `tells` holds, W2 as many times as large."""
    while True:
        params, X, _ = inputs.network(rng, *shape)
        params["W2"] = factor * params["W2"]
        if tells(params, X):
            return params, X


@pytest.mark.weight(2)
def test_classes(student, rng):
    """Several shapes."""
    for shape in [(20, 3, 6, 10), *inputs.SHAPES]:
        compare(student, *telling(rng, *shape))


def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    while True:
        params, X, _ = inputs.network(rng, 5, 3, 5, 4)
        params["W2"][3], params["b2"][3] = params["W2"][1], params["b2"][1]
        scores = reference.two_layer_loss(params, X)
        if np.all(scores[:, 1] > scores[:, [0, 2]].max(axis=1) + 1e-3):
            break
    compare(student, params, X)


def test_big_scores(student, rng):
    """Scores of thousands, and rows that differ by as much."""
    while True:
        params, X = telling(rng, 12, 4, 5, 3, factor=4096.0)
        scores = reference.two_layer_loss(params, X)
        largest = np.argmax(scores[np.argmax(scores.max(axis=1))])
        if largest and np.argmin(scores, axis=1).any():  # class 0 is what nan gives
            break
    params["b2"] += 8192.0
    compare(student, params, X)


def test_sizes_of_one(student, rng):
    """One feature, one hidden unit, one example."""
    for shape in inputs.ONES:
        compare(student, *telling(rng, *shape))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    params, X = telling(rng, 8, 3, 5, 4)
    for same, same_X in zip(inputs.param_kinds(params), inputs.layouts(X)[::-1]):
        compare(student, same, same_X)
