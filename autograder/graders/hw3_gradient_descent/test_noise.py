"""Bias and variance of minibatch gradients."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid

WHAT = ("the bias", "the variance")


def compare(student, G, g, only):
    """Compare one of the two numbers; sums over all entries of numbers of at most 6."""
    scale = float(np.max(np.abs(G)) + np.max(np.abs(g))) ** 2 * np.size(g)
    atol = 2 * (np.size(G) + 8) * float(np.finfo(np.float32).eps) * scale
    student.compare("gradient_noise", G, g, what=WHAT, only=only, atol=atol)


def check_item(student, rng, only):
    """Gradients with one axis and with several; one entry."""
    for shape in [(6, 3), (5, 2, 3), (3, 2, 1, 2), (8, 1)]:
        G = nonzero_grid(rng, *shape)
        # each gradient far off the same way, so that the bias is not short by chance
        compare(student, G, nonzero_grid(rng, *shape[1:]) + np.mean(G, axis=0), only)


def test_bias(student, rng):
    """The bias."""
    check_item(student, rng, 0)


def test_variance(student, rng):
    """The variance; kinds of arrays; gradients that are all equal, a single one too."""
    check_item(student, rng, 1)
    G, g = nonzero_grid(rng, 4, 3, 2), nonzero_grid(rng, 3, 2)
    for one, other in zip(layouts(G), layouts(g)[::-1]):
        compare(student, one, other, 1)
    g = nonzero_grid(rng, 2, 2)
    for count in (3, 1):
        compare(student, np.stack([g] * count), nonzero_grid(rng, 2, 2), 1)
