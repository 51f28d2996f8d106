"""A learning-rate schedule."""

import numpy as np

EPS = float(np.finfo(np.float32).eps)


def compare(student, lr, steps, warmup):
    """Compare one schedule; an angle of up to pi, in float32, is right within its spacing."""
    student.compare("cosine_rates", lr, steps, warmup, what="the rates", atol=8 * EPS * lr)


def test_without_warm_up(student, rng):
    """No warm-up: half a cosine; a single step."""
    for steps in (1, 2, 7, 40):
        compare(student, float(2.0 ** rng.integers(-5, 3)), steps, 0)


def test_with_warm_up(student, rng):
    """A linear rise first; a schedule that is nothing else."""
    for steps, warmup in [(8, 3), (30, 1), (12, 5), (6, 6)]:
        compare(student, float(2.0 ** rng.integers(-5, 3)), steps, warmup)
