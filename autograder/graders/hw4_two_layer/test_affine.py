"""An affine layer."""

import pytest

from autograder.graders.common import nonzero_grid
from autograder.graders.hw4_two_layer import inputs


def compare(student, X, W, b):
    """Compare one call."""
    student.compare("affine_forward", X, W, b, what="the output",
                    atol=inputs.product_atol(X.shape[1] + 1, X, W) + inputs.EPS * abs(b).max())


@pytest.mark.weight(2)
def test_outputs(student, rng):
    """Several shapes."""
    for N, D, H in [(5, 4, 4), (5, 3, 4), (4, 2, 7)]:
        compare(student, nonzero_grid(rng, N, D), nonzero_grid(rng, H, D), nonzero_grid(rng, H))


def test_sizes_of_one(student, rng):
    """One input, one output, one example."""
    for N, D, H in [(6, 1, 3), (3, 5, 1), (1, 4, 2)]:
        compare(student, nonzero_grid(rng, N, D), nonzero_grid(rng, H, D), nonzero_grid(rng, H))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    X, W, b = nonzero_grid(rng, 5, 4), nonzero_grid(rng, 4, 4), nonzero_grid(rng, 4)
    for same_X, same_W, same_b in zip(*map(inputs.layouts, (X, W, b))):
        compare(student, same_X, same_W, same_b)
