"""A learning-rate schedule."""

import numpy as np

from autograder.api import as_numbers, matches
from autograder.graders.hw3_gradient_descent import reference

EPS = float(np.finfo(np.float32).eps)


def compare(student, rng, steps, warmup):
    """Compare one schedule; an angle of up to pi, in float32, is right within its spacing."""
    lr = float(2.0 ** rng.choice([-5, -4, -3, -2, -1, 1, 2]))  # 1 would hide a rate left out
    student.compare("cosine_rates", lr, steps, warmup, what="the rates", atol=8 * EPS * lr)


def test_without_warm_up(student, rng):
    """No warm-up: half a cosine; a single step."""
    for steps in (7, 40, 2, 1):
        compare(student, rng, steps, 0)


def test_with_warm_up(student, rng):
    """A linear rise first."""
    for steps, warmup in [(9, 3), (30, 2), (12, 5), (8, 1)]:
        compare(student, rng, steps, warmup)


def test_nothing_but_warm_up(student, rng):
    """A warm-up that takes all steps, a single one too."""
    rates = as_numbers(student.call("cosine_rates", 0.5, 9, 3))
    want = reference.cosine_rates(0.5, 9, 3)
    if rates is not None and rates.shape == want.shape and matches(
            rates[3:], want[3:], 8 * EPS) and not matches(rates[:3], want[:3], 8 * EPS):
        return  # of all that is asked an ordinary warm-up alone is wrong, and has its own test
    for steps in (6, 3, 1):
        compare(student, rng, steps, steps)
