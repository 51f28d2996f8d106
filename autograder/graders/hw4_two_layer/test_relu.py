"""The rectifier."""

import numpy as np

from autograder.graders.common import grid, layouts


def compare(student, Z):
    """Compare one call: nothing is rounded."""
    student.compare("relu_forward", Z, what="the output")


def test_values(student, rng):
    """Positive, negative and zero entries; small and large ones; negative ones only."""
    for Z in [grid(rng, 4, 5), 1e4 * grid(rng, 3, 2), grid(rng, 3, 4) / 1024]:
        compare(student, Z)
    compare(student, -np.abs(grid(rng, 3, 3)))


def test_numbers_of_axes(student, rng):
    """Arrays of one, three and four axes; a single entry."""
    for shape in [(3, 2, 3, 2), (2, 3, 4), (9,), (2, 1, 3), (1, 1)]:
        compare(student, grid(rng, *shape))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in layouts(grid(rng, 4, 3)):
        compare(student, same)
