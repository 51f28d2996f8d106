"""The rectifier, backward."""

import numpy as np

from autograder.graders.common import grid, layouts, nonzero_grid


def compare(student, dH, Z):
    """Compare one call: nothing is rounded."""
    student.compare("relu_backward", dH, Z, what="the gradient")


def gradient_for(rng, Z, draw=nonzero_grid):
    """dH of both signs where Z is positive and where it is not, where there are as many."""
    while True:
        dH = draw(rng, *Z.shape)
        sides = [dH[Z > 0], dH[Z <= 0]]
        if all(len(side) < 2 or side.min() < 0 < side.max() for side in sides):
            return dH


def test_values(student, rng):
    """Positive and negative entries."""
    for shape in [(4, 5), (6, 3)]:
        Z = nonzero_grid(rng, *shape)
        compare(student, gradient_for(rng, Z), Z)


def test_numbers_of_axes(student, rng):
    """Arrays of one, three and four axes; a single entry."""
    for shape in [(3, 2, 3, 2), (2, 3, 4), (9,), (2, 1, 3), (1, 1)]:
        Z = nonzero_grid(rng, *shape)
        compare(student, gradient_for(rng, Z), Z)


def test_zeros(student, rng):
    """Pre-activations of exactly 0, where the gradient is 0; gradients of 0."""
    Z = np.array([[0.0, 1.0, 0.0], [-2.0, 0.0, 3.0]])
    compare(student, gradient_for(rng, Z), Z)
    compare(student, gradient_for(rng, Z, grid) * (Z < 2), Z)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    Z = nonzero_grid(rng, 4, 3)
    dH = gradient_for(rng, Z)
    for same_dH, same_Z in zip(layouts(dH), layouts(Z)[::-1]):
        compare(student, same_dH, same_Z)
