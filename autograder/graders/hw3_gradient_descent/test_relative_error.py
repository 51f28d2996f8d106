"""The relative error of two gradients."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid

ATOL = 64 * float(np.finfo(np.float32).eps)  # of a number from 0 to 1


def compare(student, a, n):
    """Compare one call."""
    student.compare("relative_error", a, n, what="the relative error", atol=ATOL)


def test_vectors_and_matrices(student, rng):
    """Gradients of several shapes, near each other and far apart; kinds of arrays."""
    for shape in [(4,), (2, 3), (2, 2, 3), (1,)]:
        a = nonzero_grid(rng, *shape)
        n = np.abs(nonzero_grid(rng, *shape)) * np.sign(a)
        n.flat[0] *= -1  # signs that are all the same, or all opposite, hide mistakes
        compare(student, a, n)
        compare(student, a, a + nonzero_grid(rng, *shape) / 16)
        compare(student, 2 * a, a)
        compare(student, -a, a)
    a, n = nonzero_grid(rng, 3, 2), nonzero_grid(rng, 3, 2)
    for one, other in zip(layouts(a), layouts(n)[::-1]):
        compare(student, one, other)


def test_zeros(student, rng):
    """One of them zero; both zero, which agree."""
    a = nonzero_grid(rng, 5)
    compare(student, a, 0 * a)
    compare(student, 0 * a, a)
    compare(student, 0 * a, 0 * a)


def test_sizes(student, rng):
    """Entries near 1e-6 and near 1e6."""
    a, n = nonzero_grid(rng, 4), nonzero_grid(rng, 4)
    for factor in (2.0**-20, 2.0**20):
        compare(student, factor * a, factor * n)
