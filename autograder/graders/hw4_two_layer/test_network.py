"""The network: scores, loss and gradients."""

import functools

import numpy as np

from autograder.graders.hw4_two_layer import inputs, reference

WHAT = ("the loss", "the gradients")
PARTS = (0, *inputs.GRADIENTS)  # the loss, and the gradient of each array


def compare(student, params, X, y, reg, only):
    """Compare one part of loss and gradients."""
    student.compare("two_layer_loss", params, X, y, reg, what=WHAT, only=only,
                    atol=inputs.loss_atols(params, X, reg)[only],
                    follows=lambda call: inputs.own_loss(call, params, X, y, reg))


def compare_scores(student, params, X, only=None):
    """Compare the scores, where no labels are given."""
    student.compare("two_layer_loss", params, X, what="the scores",
                    atol=inputs.loss_atols(params, X, 0.0)[only],
                    follows=lambda call: inputs.own_loss(call, params, X))


def check_part(student, rng, only):
    """One part on several shapes and strengths of regularisation."""
    for shape in inputs.SHAPES:
        network = inputs.network(rng, *shape)
        for reg in inputs.REGS:
            compare(student, *network, reg, only)


def judge_where_right(student, rng, special):
    """What is right for the network of the first shape is to be right for these calls."""
    inputs.judge_where_right(functools.partial(compare, student),
                             (*inputs.network(rng, *inputs.SHAPES[0]), 0.5), special, PARTS)


def telling(draw):
    """The first network, examples and labels drawn whose answer no bound covers."""
    while True:
        drawn = draw()
        if inputs.tells(*drawn):
            return drawn


def test_scores(student, rng):
    """The scores, where no labels are given."""
    for shape in [*inputs.SHAPES, *inputs.ONES]:
        compare_scores(student, *inputs.network(rng, *shape)[:2])


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


def test_class_without_examples(student, rng):
    """A class in the middle, or the last ones, without an example."""
    special = []
    for draw in (lambda: inputs.some_labels(rng, 7, 5), lambda: inputs.labels(rng, 7, 3)):
        params, X, y = telling(lambda draw=draw: (*inputs.network(rng, 7, 4, 6, 5)[:2], draw()))
        special.append((params, X, y, 0.5))
    judge_where_right(student, rng, special)


def test_sizes_of_one(student, rng):
    """One feature, one hidden unit, one example."""
    judge_where_right(student, rng, [(*inputs.network(rng, *shape), 0.25)
                                     for shape in inputs.ONES])


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; labels of several types."""
    params, X, y = inputs.network(rng, 7, 4, 5, 3)
    judge_where_right(student, rng, [
        *((same, same_X, y, 0.5)
          for same, same_X in zip(inputs.param_kinds(params), inputs.layouts(X)[::-1])),
        *((params, X, same_y, 0.5) for same_y in inputs.label_kinds(y))])


def test_hidden_units_of_zero(student, rng):
    """Hidden units whose pre-activation is exactly 0, and some that are off for all examples."""
    def draw():
        params, X, y = inputs.network(rng, 6, 4, 5, 3)
        params["W1"][1], params["b1"][1] = 0.0, 0.0
        params["b1"][2] = -8.0
        return params, X, y

    judge_where_right(student, rng, [(*telling(draw), 0.25)])


def test_big_scores(student, rng):
    """Scores of thousands, and rows that differ by as much."""
    def draw():
        while True:
            params, X, y = inputs.network(rng, 6, 4, 5, 3)
            params["W2"] = 4096.0 * params["W2"]
            scores = reference.two_layer_loss(params, X)
            gaps = np.diff(np.sort(scores, axis=1), axis=1)
            if (np.abs(scores).max() < 40_000 and gaps.min() > 100
                    and np.ptp(scores.max(axis=1)) > 2000):
                return params, X, y

    judge_where_right(student, rng, [(*telling(draw), 0.0)])
