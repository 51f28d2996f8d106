"""The affine layer, backward."""

import functools

from autograder.graders.common import nonzero_grid
from autograder.graders.hw4_two_layer import inputs

WHAT = ("dX", "dW", "db")


def compare(student, dout, X, W, only):
    """Compare one of the three gradients of a call."""
    terms = max(dout.shape)
    atol = max(inputs.product_atol(terms, dout, W), inputs.product_atol(terms, dout, X),
               inputs.product_atol(terms, dout))
    student.compare("affine_backward", dout, X, W, what=WHAT, only=only, atol=atol)


def arrays(rng, N, D, H):
    """dout, X and W."""
    return nonzero_grid(rng, N, H), nonzero_grid(rng, N, D), nonzero_grid(rng, H, D)


def check_item(student, rng, only):
    """Several shapes."""
    for shape in [(5, 4, 4), (5, 3, 4), (4, 2, 7)]:
        compare(student, *arrays(rng, *shape), only)


def test_input_gradient(student, rng):
    """dX."""
    check_item(student, rng, 0)


def test_weight_gradient(student, rng):
    """dW."""
    check_item(student, rng, 1)


def test_bias_gradient(student, rng):
    """db."""
    check_item(student, rng, 2)


def test_sizes_of_one(student, rng):
    """One input, one output, one example."""
    inputs.judge_where_right(functools.partial(compare, student), arrays(rng, 5, 4, 4),
                             [arrays(rng, *shape) for shape in [(6, 1, 3), (3, 5, 1), (1, 4, 2)]],
                             range(3))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    plain = arrays(rng, 5, 4, 4)
    inputs.judge_where_right(functools.partial(compare, student), plain,
                             list(zip(*map(inputs.layouts, plain))), range(3))
