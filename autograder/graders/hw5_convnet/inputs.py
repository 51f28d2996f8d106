"""Random inputs, and how far rounding may carry an answer.

Numbers are multiples of 1/8, exact in float32 too, in which an answer is as right as in float64.
"""

import numpy as np

from autograder.graders.common import grid, layouts, nonzero_grid

__all__ = ["EPS", "distinct", "grid", "layouts", "nonzero_grid", "normalisation_atol", "out_size",
           "sum_atol"]

EPS = float(np.finfo(np.float32).eps)

# N, C, H, W, F, HH, WW, stride, pad: squares and not, padding of 0 to 2, strides that do not divide
CONVOLUTIONS = [
    (2, 3, 5, 5, 4, 3, 3, 1, 1), (1, 1, 4, 6, 1, 3, 3, 1, 0), (3, 2, 6, 4, 3, 2, 3, 2, 0),
    (2, 1, 5, 7, 2, 5, 5, 1, 2), (1, 4, 7, 5, 2, 3, 2, 3, 1), (2, 2, 4, 4, 3, 1, 1, 1, 0),
    (1, 2, 6, 7, 2, 3, 3, 2, 2),
]
# N, C, H, W, size, stride: windows that overlap, touch, and leave places out
POOLINGS = [(2, 3, 4, 4, 2, 2), (1, 1, 5, 7, 3, 2), (2, 2, 6, 4, 2, 1), (1, 3, 7, 7, 2, 3),
            (3, 1, 5, 5, 5, 5), (1, 2, 5, 6, 2, 2)]


def out_size(size: int, field: int, stride: int, pad: int = 0) -> int:
    """How many places a window of that field has along an axis."""
    return (size + 2 * pad - field) // stride + 1


def sum_atol(num_terms: int, *sizes) -> float:
    """Bound for a sum of so many products of numbers of at most those sizes."""
    largest = np.prod([float(np.abs(size).max()) for size in sizes])
    return float(2 * (num_terms + 4) * EPS * num_terms * largest)


def distinct(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """All entries different, so that no window has two largest ones; of either sign."""
    count = int(np.prod(shape))
    return (rng.permutation(count).reshape(shape) - count // 2) / 8.0


def normalisation_atol(x, *factors) -> float:
    """Bound for batch normalisation, forward and backward: sums over N and a division."""
    spread = np.sqrt(np.asarray(x, np.float64).var(axis=0) + 1e-5).min()
    largest = np.prod([max(1.0, float(np.abs(f).max())) for f in factors])
    reach = max(1.0, float(np.abs(x).max()) / spread) ** 3 / min(1.0, spread)
    return float(64 * (len(x) + 8) * EPS * largest * reach)
