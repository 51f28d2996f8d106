"""The affine layer, backward."""

from autograder.graders.common import nonzero_grid
from autograder.graders.hw4_two_layer import inputs

WHAT = ("dX", "dW", "db")


def compare(student, dout, X, W, only=None):
    """Compare one of the three gradients of a call, or all."""
    terms = max(*dout.shape, 1)
    atol = max(inputs.product_atol(terms, dout, W), inputs.product_atol(terms, dout, X),
               inputs.product_atol(terms, dout))
    student.compare("affine_backward", dout, X, W, what=WHAT, only=only, atol=atol)


def check_item(student, rng, only):
    """Several shapes; one example, one input, one output."""
    for N, D, H in [(5, 3, 4), (1, 4, 2), (6, 1, 3), (3, 5, 1)]:
        compare(student, nonzero_grid(rng, N, H), nonzero_grid(rng, N, D), nonzero_grid(rng, H, D),
                only)


def test_input_gradient(student, rng):
    """dX."""
    check_item(student, rng, 0)


def test_weight_gradient(student, rng):
    """dW."""
    check_item(student, rng, 1)


def test_bias_gradient(student, rng):
    """db."""
    check_item(student, rng, 2)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    arrays = nonzero_grid(rng, 4, 5), nonzero_grid(rng, 4, 3), nonzero_grid(rng, 5, 3)
    for same in zip(*map(inputs.layouts, arrays)):
        compare(student, *same)
