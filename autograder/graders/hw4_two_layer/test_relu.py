"""The rectifier."""

import numpy as np

from autograder.graders.common import grid, layouts


def compare(student, Z):
    """Compare one call: nothing is rounded."""
    student.compare("relu_forward", Z, what="the output")


def test_values(student, rng):
    """Positive, negative and zero entries; arrays of one, two and four axes."""
    for shape in [(7,), (4, 5), (2, 3, 2, 2), (1, 1)]:
        compare(student, grid(rng, *shape))
    compare(student, -np.abs(grid(rng, 3, 3)))
    compare(student, 1e4 * grid(rng, 3, 2))


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in layouts(grid(rng, 4, 3)):
        compare(student, same)
