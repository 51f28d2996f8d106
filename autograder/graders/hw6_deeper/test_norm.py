"""Batch normalisation, forward."""

import numpy as np

from autograder.graders.common import items_to_judge, right_items
from autograder.graders.hw6_deeper import inputs
from autograder.graders.hw6_deeper.reference import batch_norm_forward

NAME = "batch_norm_forward"
WHAT = ("the output", "the running mean", "the running variance")


def problem(rng, N, D):
    """x, gamma, beta, running mean and running variance."""
    return (inputs.spread_out(rng, N, D), inputs.nonzero_grid(rng, D),
            inputs.nonzero_grid(rng, D), inputs.nonzero_grid(rng, D),
            0.5 + np.abs(inputs.nonzero_grid(rng, D)))


def atols(x, gamma, beta, mean, var, train, *_):
    """Bounds for the three values."""
    shift = inputs.EPS * np.abs(beta).max()
    averages = 2 * (len(x) + 8) * inputs.EPS * max(np.abs(x).max() ** 2, np.abs(var).max())
    if train:
        return inputs.normalisation_atol(x, gamma) + shift, averages, averages
    sizes = np.abs(gamma) * (np.abs(x) + np.abs(mean)) / np.sqrt(var)
    # whether eps is forgotten is another test's business
    return 256 * inputs.EPS * sizes.max() + shift, averages, averages


def compare(student, *arguments, only, atol=None):
    """Compare one of the three values of a call."""
    student.compare(NAME, *arguments, what=WHAT, only=only, atol=atol or atols(*arguments)[only])


def right_by_mode(student, arrays) -> dict[bool, list[int]]:
    """The items that are right for usual arrays, in training and in evaluation mode."""
    return {train: right_items(student, batch_norm_forward, (*arrays, train),
                               atols(*arrays, train)) for train in (True, False)}


def test_output_in_training(student, rng):
    """The output in training: the batch's own mean and variance."""
    for N, D in [(6, 3), (9, 2), (5, 1), (2, 4)]:
        compare(student, *problem(rng, N, D), True, only=0)


def test_running_averages(student, rng):
    """The running averages after a training batch, with several momenta, and with a large eps."""
    for rest in [(), (0.5,), (0.0,), (1.0,), (0.75, 0.5)]:
        for only in (1, 2):
            compare(student, *problem(rng, 6, 3), True, *rest, only=only)


def test_output_in_a_test(student, rng):
    """The output in evaluation mode: the running averages."""
    for N, D in [(6, 3), (7, 2), (5, 1)]:
        compare(student, *problem(rng, N, D), False, only=0)


def test_averages_stay_in_a_test(student, rng):
    """In evaluation mode the running averages stay as they are."""
    right = right_by_mode(student, problem(rng, 6, 3))[True]
    for rest in [(), (0.5,)]:
        for only in items_to_judge(right, [1, 2]):
            compare(student, *problem(rng, 5, 2), False, *rest, only=only)


def test_one_example_in_a_test(student, rng):
    """A single example in evaluation mode."""
    right = right_by_mode(student, problem(rng, 6, 3))[False]
    for D in (4, 2):
        x, *rest = problem(rng, 2, D)
        for only in items_to_judge(right, [0]):
            compare(student, x[:1], *rest, False, only=only)


def test_eps(student, rng):
    """Features that (hardly) spread, and a large eps; in training and in evaluation mode."""
    x, gamma, beta, mean, var = arrays = problem(rng, 6, 3)
    small = (x / 512, gamma, beta, mean / 512, np.full(3, 2.0**-16))
    right = right_by_mode(student, arrays)
    for train in right:
        if not right[train] and any(right.values()):
            continue  # nothing is right in this mode, which has cost its own test
        for only in items_to_judge(right[train], [0]):
            for rest in [(), (0.75, 0.5)]:
                compare(student, *small, train, *rest, only=only, atol=None if only else 1e-3)
    if 0 in right[True] or not any(right.values()):
        x[:, 1] = 2.0  # of this feature the output is beta
        compare(student, *arrays, True, only=0)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    arrays = problem(rng, 6, 3)
    usual = (*arrays, True)
    items = right_items(student, batch_norm_forward, usual, atols(*usual)) or [0, 1, 2]
    for same in zip(*map(inputs.layouts, arrays)):
        for only in items:
            compare(student, *same, True, only=only)
