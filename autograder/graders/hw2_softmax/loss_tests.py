"""The tests that the loss has by loops and in whole arrays."""

import numpy as np

from autograder.graders.hw2_softmax import inputs

WHAT = ("the loss", "dW", "db")
OVERFLOWS = 800  # the exponential of such a score is infinite


def compare(student, name, X, y, W, b, reg, only=None):
    """Compare one call, or one of the three values that it returns."""
    student.compare(name, X, y, W, b, reg, what=WHAT, only=only,
                    atol=inputs.loss_atol(X, y, W, b, reg),
                    follows=lambda call: inputs.own_loss(call, X, y, W, b, reg))


def check_item(student, rng, name, only):
    """One returned value on several shapes, strengths of regularisation and kinds of arrays."""
    for shape in inputs.SHAPES:
        X, y, W, b = inputs.problem(rng, *shape)
        for reg in inputs.REGS:
            compare(student, name, X, y, W, b, reg, only)
    X, y, W, b = inputs.problem(rng, 7, 4, 3)
    for same_X, same_W in zip(inputs.layouts(X), inputs.layouts(W)[::-1]):
        compare(student, name, same_X, y, same_W, b, 0.5, only)
    for same in inputs.label_kinds(y):
        compare(student, name, X, same, W, b, 0.5, only)


def check_big_scores(student, rng, name):
    """Scores of 1,000 to 14,000, which a true class's probability does not survive."""
    for factor in (128.0, 512.0):
        X, y, W, b = inputs.problem(rng, 6, 3, 4)
        # some examples are to be far off, and some exponentials to overflow
        while np.all(np.argmax(X @ W.T, axis=1) == y) or factor * np.max(X @ W.T) < OVERFLOWS:
            X, y, W, b = inputs.problem(rng, 6, 3, 4)
        compare(student, name, X, y, factor * W, b, 0.0)
