"""A coin's likelihood."""

import numpy as np

from autograder.api import dot_atol
from autograder.graders.hw2_softmax import inputs


def compare(student, heads, tails, p):
    """Compare one call; p and 1 - p are exact in float32."""
    scale = heads * -np.log(p).min() + tails * -np.log(1 - p).min()
    student.compare("coin_log_likelihood", heads, tails, p, what="the log-likelihood",
                    atol=dot_atol(6, scale, np.float32))


def test_few_flips(student, rng):
    """A few flips, one p and several; float32, strided and read-only p."""
    for heads, tails, count in [(3, 2, 7), (5, 1, 1), (1, 4, 3), (0, 4, 5), (6, 0, 4)]:
        compare(student, heads, tails, rng.integers(1, 64, size=count) / 64)
    for same in inputs.layouts(rng.integers(1, 64, size=6) / 64):
        compare(student, 4, 3, same)


def test_thousands_of_flips(student, rng):
    """Thousands of flips."""
    compare(student, 5000, 3000, rng.integers(1, 64, size=9) / 64)
