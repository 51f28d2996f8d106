"""The tests that the loss has by loops and in whole arrays."""

import numpy as np

from autograder.graders.common import layouts
from autograder.graders.hw2_softmax import inputs

WHAT = ("the loss", "dW", "db")
SHAPES = [(6, 4, 3), (9, 2, 5), (8, 5, 2)]  # N, D, C
REGS = (0.25, 2.0, 0.0)
OVERFLOWS = 800  # the exponential of such a score is infinite


def compare(student, name, X, y, W, b, reg, only):
    """Compare one of the three values that a call returns."""
    student.compare(name, X, y, W, b, reg, what=WHAT, only=only,
                    atol=inputs.loss_atols(X, y, W, b, reg)[only],
                    follows=lambda call: inputs.own_loss(call, X, y, W, b, reg))


def check_item(student, rng, name, only):
    """One returned value, on several shapes and strengths of regularisation."""
    for shape in SHAPES:
        for reg in REGS:
            compare(student, name, *inputs.telling_problem(rng, *shape, reg=reg), reg, only)


def check_cases(student, rng, name, cases, reg):
    """The values that are right for an ordinary batch are right in these cases as well."""
    ordinary = inputs.telling_problem(rng, 7, 4, 3, reg=reg)
    items = inputs.right_items(lambda only: compare(student, name, *ordinary, reg, only), 3)
    for case in cases:
        for only in items:
            compare(student, name, *case, reg, only)


def check_small_batches(student, rng, name):
    """A class in the middle that no example has, the last class, and one example."""
    check_cases(student, rng, name, [
        inputs.telling_problem(rng, 8, 3, 5, reg=0.5, draw_labels=inputs.some_labels),
        inputs.telling_problem(rng, 6, 2, 4, reg=0.5, draw_labels=inputs.without_last),
        inputs.telling_problem(rng, 1, 3, 4, reg=0.5)], 0.5)


def check_kinds_of_arrays(student, rng, name):
    """float32, Fortran order, strided and read-only arrays, and labels of other types."""
    X, y, W, b = inputs.telling_problem(rng, 8, 4, 3, reg=0.5)
    check_cases(student, rng, name, [
        *((same_X, y, same_W, b) for same_X, same_W in zip(layouts(X), layouts(W)[::-1])),
        *((X, y, W, same) for same in layouts(b)),
        *((X, same, W, b) for same in inputs.label_kinds(y))], 0.5)


def check_big_scores(student, rng, name):
    """Scores of 1,000 to 7,000, which a true class's probability does not survive."""
    cases = [_around_1000(rng), _rows_far_apart(rng, 0.0), _rows_far_apart(rng, 1000.0)]
    for factor in (1024.0, 2048.0):
        # some exponentials are to overflow; that some examples are far off, their gradients tell
        X, y, W, b = inputs.telling_problem(rng, 6, 3, 4, reg=0.0, factor=factor)
        while np.max(X @ W.T) < OVERFLOWS:
            X, y, W, b = inputs.telling_problem(rng, 6, 3, 4, reg=0.0, factor=factor)
        cases.append((X, y, W, b))
    check_cases(student, rng, name, cases, 0.0)


def _around_1000(rng):
    """All scores overflow without a shift, and with no shift else: b is around 1000."""
    X, y, W, b = inputs.telling_problem(rng, 6, 3, 4, reg=0.0)
    return X, y, W, b + 1000.0


def _rows_far_apart(rng, ahead):
    """Rows that underflow with the shift by the overall maximum, and without any do not.

    With class 0 far `ahead`, all other probabilities are rounded to 0, the labels' among them.
    """
    X, y, W, b = inputs.telling_problem(rng, 6, 3, 4, reg=0.0)
    apart = np.where(np.arange(len(X)) % 2, 1.0, -0.625)  # times 512, for every class
    W = np.column_stack([W, np.full(len(W), 512.0)])
    return np.column_stack([X, apart]), y, W, b + ahead * (np.arange(len(b)) == 0)
