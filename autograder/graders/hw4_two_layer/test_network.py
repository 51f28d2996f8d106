"""The network: scores, loss and gradients."""

import numpy as np

from autograder.graders.hw4_two_layer import inputs

WHAT = ("the loss", "the gradients")


def compare(student, params, X, y, reg, only=None):
    """Compare the scores, or with labels one part of loss and gradients."""
    labels = () if y is None else (y, reg)
    student.compare("two_layer_loss", params, X, *labels,
                    what="the scores" if y is None else WHAT, only=only,
                    atol=inputs.loss_atol(params, X, reg),
                    follows=lambda call: inputs.own_loss(call, params, X, *labels))


def check_part(student, rng, only):
    """One part on several shapes and strengths of regularisation."""
    for shape in inputs.SHAPES:
        params, X, y = inputs.network(rng, *shape)
        for reg in (0.0, 0.25, 2.0):
            compare(student, params, X, y, reg, only)


def test_scores(student, rng):
    """The scores, where no labels are given."""
    for shape in inputs.SHAPES:
        params, X, _ = inputs.network(rng, *shape)
        compare(student, params, X, None, 0.0)


def test_loss(student, rng):
    """The loss."""
    check_part(student, rng, 0)


def test_second_weights(student, rng):
    """The gradient of W2."""
    check_part(student, rng, (1, "W2"))


def test_second_biases(student, rng):
    """The gradient of b2."""
    check_part(student, rng, (1, "b2"))


def test_first_weights(student, rng):
    """The gradient of W1."""
    check_part(student, rng, (1, "W1"))


def test_first_biases(student, rng):
    """The gradient of b1."""
    check_part(student, rng, (1, "b1"))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; labels of several types."""
    params, X, y = inputs.network(rng, 7, 4, 5, 3)
    for same, same_X in zip(inputs.param_kinds(params), inputs.layouts(X)[::-1]):
        compare(student, same, same_X, y, 0.5)
    for same_y in inputs.label_kinds(y):
        compare(student, params, X, same_y, 0.5)


def test_hidden_units_of_zero(student, rng):
    """Hidden units whose pre-activation is exactly 0, and some that are off for all examples."""
    params, X, y = inputs.network(rng, 6, 4, 5, 3)
    params["W1"][1], params["b1"][1] = 0.0, 0.0
    params["b1"][2] = -64.0
    compare(student, params, X, y, 0.25)


def test_big_scores(student, rng):
    """Scores of 1,000 and more."""
    params, X, y = inputs.network(rng, 6, 4, 5, 3)
    big = {**params, "W2": 256.0 * params["W2"]}
    y = np.argmin(inputs.reference.two_layer_loss(big, X), axis=1)
    compare(student, big, X, y, 0.0)
