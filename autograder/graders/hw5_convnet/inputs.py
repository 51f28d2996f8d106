"""Random inputs, and how far rounding may carry an answer.

Numbers are multiples of 1/8, exact in float32 too, in which an answer is as right as in float64.
"""

import numpy as np

from autograder.graders.common import grid, layouts, nonzero_grid

__all__ = ["EPS", "distinct", "grid", "layouts", "nonzero_grid", "out_size", "sum_atol"]

EPS = float(np.finfo(np.float32).eps)

# N, C, H, W, F, HH, WW, stride, pad. What is not about other shapes uses square images and filters,
# and several of everything; other shapes and larger strides have the usual padding, and other
# shapes stride 1: so a mistake with one of those costs the tests about it alone
USUAL = (2, 3, 5, 5, 4, 3, 3, 1, 1)
STRIDE_ONE = [(2, 2, 5, 5, 3, 3, 3, 1, 2), USUAL, (3, 2, 4, 4, 3, 2, 2, 1, 0),
              (2, 2, 4, 4, 3, 1, 1, 1, 0)]
LARGER_STRIDES = [(2, 2, 6, 6, 3, 3, 3, 2, 0), (2, 3, 7, 7, 3, 3, 3, 3, 1),
                  (3, 2, 6, 6, 2, 3, 3, 2, 1)]  # they need not divide the size
NOT_SQUARE = [(2, 2, 4, 7, 3, 3, 3, 1, 1), (2, 2, 5, 5, 3, 2, 4, 1, 1), (2, 3, 7, 4, 2, 3, 2, 1, 1),
              (3, 2, 6, 5, 3, 2, 3, 1, 1)]
SINGLE = [(2, 3, 5, 5, 1, 3, 3, 1, 1), (2, 1, 5, 5, 3, 3, 3, 1, 1), (1, 2, 5, 5, 3, 3, 3, 1, 1),
          (1, 1, 4, 4, 1, 3, 3, 1, 1)]
# N, C, H, W, size, stride: windows that overlap, touch, and leave numbers out
TOUCHING = [(2, 3, 4, 4, 2, 2), (2, 2, 5, 5, 2, 2), (2, 2, 7, 7, 2, 3), (3, 2, 5, 5, 5, 5)]
OVERLAPPING = [(2, 2, 5, 5, 2, 1), (2, 3, 7, 7, 3, 2)]
NOT_SQUARE_POOLINGS = [(2, 2, 6, 4, 2, 2), (2, 3, 5, 8, 2, 3)]
SINGLE_POOLINGS = [(1, 3, 4, 4, 2, 2), (3, 1, 6, 6, 3, 3), (1, 1, 4, 4, 2, 2)]


def out_size(size: int, field: int, stride: int, pad: int = 0) -> int:
    """How many places a window of that field has along an axis."""
    return (size + 2 * pad - field) // stride + 1


def sum_atol(num_terms: int, *sizes) -> float:
    """Bound for a sum of so many products of numbers of at most those sizes."""
    largest = np.prod([float(np.abs(size).max()) for size in sizes])
    return float(2 * (num_terms + 4) * EPS * num_terms * largest)


def distinct(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """All entries above 0 and different, so that no window has two largest ones."""
    return (1 + rng.permutation(int(np.prod(shape))).reshape(shape)) / 8.0
