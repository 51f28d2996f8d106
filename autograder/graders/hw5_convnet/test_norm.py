"""Batch normalisation, forward."""

import numpy as np

from autograder.graders.hw5_convnet import inputs

WHAT = ("the output", "the running mean", "the running variance")


def problem(rng, N, D):
    """x, gamma, beta, running mean and running variance."""
    return (inputs.nonzero_grid(rng, N, D), inputs.nonzero_grid(rng, D),
            inputs.nonzero_grid(rng, D), inputs.nonzero_grid(rng, D),
            np.abs(inputs.nonzero_grid(rng, D)))


def compare(student, arrays, train, *rest, only=None):
    """Compare one of the three values of a call, or all."""
    x, gamma, beta, mean, var = arrays
    atol = inputs.normalisation_atol(x, gamma, beta) if train else \
        inputs.normalisation_atol(np.vstack([x - mean, x]), gamma, beta, 1 / np.sqrt(var))
    student.compare("batch_norm_forward", *arrays, train, *rest, what=WHAT, only=only, atol=atol)


def test_output_in_training(student, rng):
    """The output in training: the batch's own mean and variance."""
    for N, D in [(6, 3), (2, 4), (9, 1)]:
        compare(student, problem(rng, N, D), True, only=0)


def test_running_averages(student, rng):
    """The running averages after a training batch, with several momenta, and in a test."""
    for momentum in (0.9, 0.5, 0.0):
        for only in (1, 2):
            compare(student, problem(rng, 6, 3), True, momentum, only=only)
            compare(student, problem(rng, 5, 2), False, momentum, only=only)


def test_output_in_a_test(student, rng):
    """The output in a test: the running averages; one example too."""
    for N, D in [(6, 3), (1, 4), (5, 1)]:
        compare(student, problem(rng, N, D), False, only=0)


def test_features_without_spread(student, rng):
    """A feature that is the same for all examples, and another eps."""
    x, *rest = problem(rng, 5, 3)
    x[:, 1] = 2.0
    atol = inputs.normalisation_atol(x[:, ::2], *rest[:2])  # the feature itself is exactly beta
    student.compare("batch_norm_forward", x, *rest, True, 0.9, 0.5, what=WHAT, only=0, atol=atol)


def test_small_variances(student, rng):
    """Features that hardly spread, whose variance is no larger than eps."""
    x, gamma, beta, mean, _ = problem(rng, 6, 3)
    small = (x / 512, gamma, beta, mean / 512, np.full(3, 2.0**-16))
    for train in (True, False):
        student.compare("batch_norm_forward", *small, train, what=WHAT, only=0, atol=1e-3)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for arrays in zip(*map(inputs.layouts, problem(rng, 6, 3))):
        compare(student, arrays, True)
