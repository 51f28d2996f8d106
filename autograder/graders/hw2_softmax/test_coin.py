"""A coin's likelihood."""

import numpy as np
import pytest

from autograder.api import dot_atol
from autograder.graders.hw2_softmax import inputs


def compare(student, heads, tails, p):
    """Compare one call; p and 1 - p are exact in float32."""
    scale = heads * -np.log(p).min() + tails * -np.log1p(-p).min()
    student.compare("coin_log_likelihood", heads, tails, p, what="the log-likelihood",
                    atol=dot_atol(6, scale, np.float32))


@pytest.mark.weight(3)
def test_few_flips(student, rng):
    """A few flips."""
    for heads, tails, count in [(3, 2, 7), (1, 4, 3), (6, 2, 5)]:
        compare(student, heads, tails, rng.integers(1, 64, size=count) / 64)


@pytest.mark.weight(3)
def test_thousands_of_flips(student, rng):
    """Thousands of flips."""
    compare(student, 5000, 3000, rng.integers(1, 64, size=9) / 64)


@pytest.mark.weight(2)
def test_no_heads_and_p_near_0_or_1(student, rng):
    """No heads or no tails; p close to 0 and close to 1."""
    # one at a time: beside the logarithm of the smallest, those of others would be roundings
    for p in (2.0**-9, 2.0**-60, 1 - 2.0**-9, 1 - 2.0**-22):
        compare(student, 3, 2, np.array([p, p]))
    compare(student, 0, 4, rng.integers(1, 64, size=5) / 64)
    compare(student, 6, 0, rng.integers(1, 64, size=4) / 64)


@pytest.mark.weight(2)
def test_kinds_of_arrays_and_one_value(student, rng):
    """float32, strided and read-only p; one value of p."""
    for same in inputs.layouts(rng.integers(1, 64, size=6) / 64):
        compare(student, 4, 3, same)
    compare(student, 5, 1, rng.integers(1, 64, size=1) / 64)
