"""Random inputs, and how far rounding may carry an answer."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw5_convnet.inputs import EPS, sum_atol

__all__ = ["EPS", "layouts", "nonzero_grid", "normalisation_atol", "spread_out", "sum_atol"]


def spread_out(rng: np.random.Generator, N: int, D: int) -> np.ndarray:
    """Examples (N, D) whose features have a standard deviation of 1 at least."""
    while True:
        x = nonzero_grid(rng, N, D)
        if x.std(axis=0).min() >= 1:
            return x


def normalisation_atol(x, *factors, terms=1) -> float:
    """Bound for batch normalisation of `spread_out` examples, also with the variance in float32.

    Of N rounded squares the mean is off by N roundings of the largest; a normalised number, of a
    size below the root of N, by as much relative to the variance.
    """
    N = len(x)
    largest = np.prod([max(1.0, float(np.abs(f).max())) for f in factors])
    return float(2 * (N + 8) * EPS * float(np.abs(x).max()) ** 2 * np.sqrt(N) * largest * terms)
