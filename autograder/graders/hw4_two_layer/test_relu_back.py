"""The rectifier, backward."""

import numpy as np

from autograder.graders.common import grid, layouts, nonzero_grid


def compare(student, dH, Z):
    """Compare one call: nothing is rounded."""
    student.compare("relu_backward", dH, Z, what="the gradient")


def test_values(student, rng):
    """Positive and negative entries, arrays of one, two and four axes."""
    for shape in [(7,), (4, 5), (2, 3, 2, 2), (1, 1)]:
        compare(student, nonzero_grid(rng, *shape), nonzero_grid(rng, *shape))


def test_zeros(student, rng):
    """Pre-activations of exactly 0, where the gradient is 0; gradients of 0."""
    Z = np.array([[0.0, 1.0, 0.0], [-2.0, 0.0, 3.0]])
    compare(student, nonzero_grid(rng, 2, 3), Z)
    compare(student, grid(rng, 2, 3) * (Z < 2), Z)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    dH, Z = nonzero_grid(rng, 4, 3), nonzero_grid(rng, 4, 3)
    for same_dH, same_Z in zip(layouts(dH), layouts(Z)[::-1]):
        compare(student, same_dH, same_Z)
