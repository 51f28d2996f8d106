"""Gradient descent with its path."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs

WHAT = ("the path", "the costs")


def compare(student, A, b, w0, steps, only):
    """Compare one item of one run at a safe rate."""
    lr = inputs.safe_rate(A)
    atol = inputs.descent_atol(A, b, np.asarray(w0, np.float64), lr, steps)[only]
    student.compare("gradient_descent", *inputs.functions(A, b), w0, lr, steps, what=WHAT,
                    only=only, atol=atol)


def check_item(student, rng, only):
    """Vectors and matrices of several sizes, one parameter, one step and many."""
    for shape, steps in [((3,), 4), ((1,), 6), ((2, 3), 5), ((5,), 1), ((4, 1), 20)]:
        A, b = inputs.bowl(rng, int(np.prod(shape)))
        compare(student, A, b, nonzero_grid(rng, *shape), steps, only)


def test_path(student, rng):
    """The path; parameters of shape (P,) and (C, D)."""
    check_item(student, rng, 0)


def test_costs(student, rng):
    """The costs along it."""
    check_item(student, rng, 1)


def test_no_step(student, rng):
    """No step at all: the start and its cost."""
    A, b = inputs.bowl(rng, 3)
    for only in (0, 1):
        compare(student, A, b, nonzero_grid(rng, 3), 0, only)


def test_kinds_of_arrays(student, rng):
    """Single precision, strided and read-only starts, and a start of whole numbers."""
    A, b = inputs.bowl(rng, 4)
    for w0 in [*layouts(nonzero_grid(rng, 4)), rng.integers(1, 4, size=4)]:
        compare(student, A, b, w0, 3, 0)
