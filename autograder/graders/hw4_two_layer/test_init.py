"""Where training starts."""

import numpy as np

from autograder.api import Made, as_numbers, check_value, fail
from autograder.graders.hw4_two_layer.mistakes import STARTS

D, H, C = 400, 300, 60


def start(student, seed=3, sizes=(D, H, C)):
    """Parameters, their names and shapes looked at."""
    given = student.call("init_params", *sizes, Made("generator", (seed,)))
    D, H, C = sizes
    shapes = {"W1": np.zeros((H, D)), "b1": np.zeros(H), "W2": np.zeros((C, H)), "b2": np.zeros(C)}
    W1 = as_numbers(given.get("W1")) if isinstance(given, dict) else None
    if W1 is not None and W1.shape == (D, H) != (H, D):
        STARTS["transposed"].fail()
    check_value(given, shapes, what="the parameters", atol=np.inf)
    return {name: np.asarray(given[name], np.float64) for name in shapes}


def test_shapes_and_biases(student, rng):
    """Four arrays of the right shapes, biases 0; one unit, two classes."""
    for sizes in [(4, 6, 3), (2, 1, 2), (D, H, C)]:
        params = start(student, sizes=sizes)
        if params["b1"].any() or params["b2"].any():
            STARTS["biases-not-zero"].fail()


def test_size_of_the_weights(student, rng):
    """Normal weights with the variance that was asked for, in both layers."""
    params = start(student)
    for name, inputs in (("W1", D), ("W2", H)):
        W = params[name]
        if not W.any():
            STARTS["zeros"].fail()
        if np.all(W[0] == W):
            STARTS["all-units-alike"].fail()
        share = W.std() * np.sqrt(inputs / 2)  # of the standard deviation that was asked for
        # of W.size numbers: within 5 standard errors, 1 / sqrt(2 size) each
        if abs(share - 1) < 5 / np.sqrt(2 * W.size):
            if abs(W.mean()) > 5 * W.std() / np.sqrt(W.size):
                STARTS["not-centred"].fail()
            if np.abs(W).max() < 2 * W.std():
                STARTS["uniform"].fail()
            continue
        for mistake in STARTS.values():
            other = np.asarray(mistake.wrong(D, H, C, np.random.default_rng(0))[name])
            if other.shape == W.shape and abs(other.std() / W.std() - 1) < 0.02:
                mistake.fail()
        fail(f"{name} has {share:.2f} times the standard deviation that was asked for.")


def test_from_the_generator(student, rng):
    """Other weights from another generator, the same from the same."""
    one, two, again = (start(student, seed)["W1"] for seed in (3, 4, 3))
    if not one.any():
        STARTS["zeros"].fail()
    if np.array_equal(one, two):
        STARTS["own-seed"].fail()
    if not np.array_equal(one, again):
        fail("Two generators with the same seed give different weights: draw from `rng` only.")
