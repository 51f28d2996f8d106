"""Where training starts."""

import numpy as np

from autograder.api import Made, as_numbers, check_value, fail
from autograder.graders.hw4_two_layer.mistakes import READ_START, STARTS

D, H, C = 400, 300, 60
SHAPES = {"W1": (H, D), "W2": (C, H)}
FAR = 0.4  # of the fourth moment, 3: 1.8 of uniform numbers, 6 of Laplace's


def start(student, seed=3, sizes=(D, H, C), names=SHAPES):
    """The parameters of these names, their shapes looked at."""
    given = student.call("init_params", *sizes, Made("generator", (seed,)))
    D, H, C = sizes
    shapes = {"W1": np.zeros((H, D)), "b1": np.zeros(H), "W2": np.zeros((C, H)), "b2": np.zeros(C)}
    W1 = as_numbers(given.get("W1")) if isinstance(given, dict) else None
    if W1 is not None and W1.shape == (D, H) != (H, D):
        STARTS["transposed"].fail()
    for name in names:
        check_value(given, shapes, what="the parameters", only=name, atol=np.inf)
    return {name: np.asarray(given[name], np.float64) for name in names}


def test_shapes_and_biases(student, rng):
    """Four arrays of the right shapes, biases 0; one feature, one unit, two classes."""
    for sizes in [(4, 6, 3), (2, 1, 2), (1, 3, 2), (D, H, C)]:
        params = start(student, sizes=sizes, names=("W1", "b1", "W2", "b2"))
        if params["b1"].any() or params["b2"].any():
            STARTS["biases-not-zero"].fail()


def repeats(W) -> bool:
    """Whether all rows or all columns are alike: too few numbers to measure anything else."""
    return not np.any(W - W[:1]) or not np.any(W - W[:, :1])


def standard_deviations(params) -> np.ndarray:
    """Those of W1 and W2, in units of what was asked for."""
    return np.array([np.std(params["W1"]) * np.sqrt(D / 2), np.std(params["W2"]) * np.sqrt(H / 2)])


def test_size_of_the_weights(student, rng):
    """The standard deviation that was asked for, in both layers."""
    params = start(student)
    if not params["W1"].any():
        STARTS["zeros"].fail()
    shares = standard_deviations(params)
    # of that many numbers: within 5 standard errors, 1 / sqrt(2 size) each
    errors = np.array([1 / np.sqrt(2 * params[name].size) for name in SHAPES])
    if np.all(np.abs(shares - 1) < 5 * errors) or any(repeats(params[name]) for name in SHAPES):
        return
    for mistake in STARTS.values():
        other = mistake.wrong(D, H, C, np.random.default_rng(0))
        if np.shape(other["W1"]) == SHAPES["W1"] and np.allclose(
                standard_deviations(other), shares, rtol=0.02):
            mistake.fail()
    name, share = next((n, s) for n, s, e in zip(SHAPES, shares, errors) if abs(s - 1) >= 5 * e)
    fail(f"{name} has {share:.2f} times the standard deviation that was asked for.",
         read=READ_START)


def test_normal_weights(student, rng):
    """Every weight is drawn for itself, from a normal distribution with mean 0."""
    params = start(student)
    for name in SHAPES:
        W = params[name]
        if not W.any():
            STARTS["zeros"].fail()
        if repeats(W):
            STARTS["all-units-alike"].fail()
        if abs(W.mean()) > 5 * W.std() / np.sqrt(W.size):
            STARTS["not-centred"].fail()
        if abs(np.mean(((W - W.mean()) / W.std()) ** 4) - 3) > FAR:
            STARTS["not-normal"].fail()


def test_from_the_generator(student, rng):
    """Other weights from another generator, the same from the same, in both layers."""
    one, two, again = (start(student, seed) for seed in (3, 4, 3))
    for name in SHAPES:
        if np.array_equal(one[name], two[name]) and one[name].any():
            STARTS["not-from-the-generator"].fail()
        if not np.array_equal(one[name], again[name]):
            fail(f"Two generators with the same seed give different weights {name}: draw from "
                 "`rng` only.", read=READ_START)
