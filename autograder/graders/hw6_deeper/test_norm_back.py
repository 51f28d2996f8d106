"""Batch normalisation, backward."""

from autograder.graders.common import items_to_judge, right_items
from autograder.graders.hw6_deeper import inputs
from autograder.graders.hw6_deeper.reference import batch_norm_backward

NAME = "batch_norm_backward"
WHAT = ("dx", "dgamma", "dbeta")


def problem(rng, N, D):
    """dout, x, gamma."""
    return (inputs.nonzero_grid(rng, N, D), inputs.spread_out(rng, N, D),
            inputs.nonzero_grid(rng, D))


def atols(dout, x, gamma, *_):
    """Bounds for the three gradients."""
    return (inputs.normalisation_atol(x, dout, gamma), inputs.normalisation_atol(
        x, dout, terms=len(x) ** 0.5), inputs.sum_atol(len(x), dout))


def compare(student, *arguments, only, atol=None):
    """Compare one of the three gradients of a call."""
    student.compare(NAME, *arguments, what=WHAT, only=only, atol=atol or atols(*arguments)[only])


def check_item(student, rng, only):
    """Several shapes."""
    for N, D in [(6, 3), (4, 4), (9, 1)]:
        compare(student, *problem(rng, N, D), only=only)


def test_input_gradient(student, rng):
    """dx."""
    check_item(student, rng, 0)


def test_scale_gradient(student, rng):
    """dgamma."""
    check_item(student, rng, 1)


def test_shift_gradient(student, rng):
    """dbeta."""
    check_item(student, rng, 2)


def test_eps(student, rng):
    """Features that hardly spread, whose variance is no larger than eps, and a large eps."""
    dout, x, gamma = usual = problem(rng, 6, 3)
    right = right_items(student, batch_norm_backward, usual, atols(*usual))
    for only in items_to_judge(right, [0, 1]):
        compare(student, dout, x / 512, gamma, only=only, atol=0.05 if only == 0 else 1e-3)
        compare(student, dout, x / 512, gamma, 0.5, only=only, atol=1e-3 if only == 0 else 1e-5)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    arrays = problem(rng, 6, 3)
    items = right_items(student, batch_norm_backward, arrays, atols(*arrays)) or range(3)
    for same in zip(*map(inputs.layouts, arrays)):
        for only in items:
            compare(student, *same, only=only)
