"""Prediction."""

import numpy as np

from autograder.graders.hw4_two_layer import inputs, reference


def compare(student, params, X):
    """Compare one call."""
    def follows(call):
        return np.argmax(call("two_layer_loss", params, X), axis=1)

    student.compare("predict_two_layer", params, X, what="the classes", follows=follows)


def without_ties(rng, *shape):
    """params and X whose two largest scores differ in every example."""
    while True:
        params, X, _ = inputs.network(rng, *shape)
        top = np.sort(reference.two_layer_loss(params, X), axis=1)
        if np.all(top[:, -1] - top[:, -2] > 1e-3):
            return params, X


def test_classes(student, rng):
    """Several shapes; kinds of arrays."""
    for shape in [*inputs.SHAPES, (20, 3, 6, 10)]:
        compare(student, *without_ties(rng, *shape))
    params, X = without_ties(rng, 8, 3, 5, 4)
    for same, same_X in zip(inputs.param_kinds(params), inputs.layouts(X)[::-1]):
        compare(student, same, same_X)


def test_ties(student, rng):
    """Equal scores: the smallest class index."""
    params, X = without_ties(rng, 6, 3, 4, 3)
    params["W2"][2], params["b2"][2] = params["W2"][1], params["b2"][1]
    params["b2"][1:] += 1000.0
    compare(student, params, X)
