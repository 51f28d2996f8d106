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
    """Vectors and matrices of several sizes, many steps and one, one parameter."""
    b = nonzero_grid(rng, 3)  # first a round bowl, whose gradient is 3 long and gets short
    g = rng.permutation([2, 2, 1]) * rng.choice([-1, 1], size=3)
    compare(student, 1.5 * np.eye(3), b, (b + g) / 1.5, 7, only)
    for shape, steps in [((3,), 4), ((2, 3), 5), ((4, 1), 20), ((5,), 1), ((1,), 6)]:
        A, b = inputs.bowl(rng, int(np.prod(shape)))
        compare(student, A, b, nonzero_grid(rng, *shape), steps, only)


def test_path(student, rng):
    """The path; parameters of shape (P,) and (C, D)."""
    check_item(student, rng, 0)


def test_costs(student, rng):
    """The costs along it."""
    check_item(student, rng, 1)


def right_items(student, rng) -> list[int]:
    """The items that are right for an ordinary run: a wrong one has cost its own test."""
    A, b = inputs.bowl(rng, 3)
    w0 = nonzero_grid(rng, 3)
    return inputs.right_items(lambda only: compare(student, A, b, w0, 4, only), 2)


def test_as_many_steps_as_asked(student, rng):
    """All steps, whatever they do: uphill at too large a rate, and from a minimum; no step."""
    items = right_items(student, rng)
    w0 = nonzero_grid(rng, 4)
    far = w0 + rng.choice([-1, 1], size=4) * rng.integers(40, 80, size=4)
    for start, lr, steps in [(far, 1.25, 5), (w0, 0.25, 4)]:  # distances times -1.5, or 0
        highest = np.sum(w0**2) + np.sum((start - w0) ** 2) * 1.5 ** (2 * steps)
        student.compare("gradient_descent", *inputs.functions(2 * np.eye(4), 2 * w0), start, lr,
                        steps, what=WHAT, only=items[-1],
                        atol=1e-5 * float(highest if 1 in items else np.sqrt(highest)))
    A, b = inputs.bowl(rng, 3)
    for only in items:
        compare(student, A, b, nonzero_grid(rng, 3), 0, only)


def test_kinds_of_arrays(student, rng):
    """Single precision, strided and read-only starts, and a start of whole numbers."""
    A, b = inputs.bowl(rng, 4)
    first = right_items(student, rng)[0]
    for w0 in [*layouts(nonzero_grid(rng, 4)), rng.integers(1, 4, size=4)]:
        compare(student, A, b, w0, 3, first)
