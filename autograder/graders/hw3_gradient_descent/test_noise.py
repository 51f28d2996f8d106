"""Bias and variance of minibatch gradients."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid

WHAT = ("the bias", "the variance")


def compare(student, G, g, only):
    """Compare one of the two numbers; sums over all entries of numbers of at most 6."""
    scale = float(np.max(np.abs(G)) + np.max(np.abs(g))) ** 2 * np.size(g)
    atol = 8 * (np.size(G) + 8) * float(np.finfo(np.float32).eps) * scale
    student.compare("gradient_noise", G, g, what=WHAT, only=only, atol=atol)


def check_item(student, rng, only):
    """Gradients of shape (P,) and (C, D), a single one, all equal."""
    for shape in [(6, 3), (5, 2, 3), (1, 4), (8, 1)]:
        compare(student, nonzero_grid(rng, *shape), nonzero_grid(rng, *shape[1:]), only)
    g = nonzero_grid(rng, 2, 2)
    compare(student, np.stack([g, g, g]), g, only)
    G, g = nonzero_grid(rng, 4, 3, 2), nonzero_grid(rng, 3, 2)
    for one, other in zip(layouts(G), layouts(g)[::-1]):
        compare(student, one, other, only)


def test_bias(student, rng):
    """The bias; all kinds of inputs."""
    check_item(student, rng, 0)


def test_variance(student, rng):
    """The variance; all kinds of inputs."""
    check_item(student, rng, 1)
