"""Visible checks of hw3_gradient_descent, by numbers that can be followed by hand."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    CheckFailed,
    as_history,
    as_numbers,
    as_plain,
    close,
    items,
    require,
    visible_check,
)
from nncourse.values import as_array, describe


def _square(w):
    return float(np.sum(np.square(w)))


def _slope_of_square(w):
    return 2 * np.asarray(w)


@visible_check
def gradient_descent(function: Callable) -> None:
    """Check a parabola, on which every step halves the distance to the minimum."""
    w0 = np.array([4.0, -2.0])
    kept = w0.copy()
    path, costs = items(function(_square, _slope_of_square, w0, 0.25, 3), 2, "gradient_descent")
    require(bool(np.all(w0 == kept)), "gradient_descent changes w0. Work on a copy.")
    path = as_numbers(path, (4, 2), "the path of 3 steps, with its start,")
    costs = as_numbers(costs, (4,), "the costs along it")
    require(close(path[0], w0), "The first row of the path is the start w0.")
    require(close(path[1], [2, -1]),
            "f(w) = w0^2 + w1^2 has the gradient (8, -4) at (4, -2). With lr = 0.25 the first "
            f"step leads to (2, -1). Yours leads to ({path[1, 0]:g}, {path[1, 1]:g}).")
    require(close(path[2:], [[1, -0.5], [0.5, -0.25]]),
            "Each further step halves both numbers: (1, -0.5), then (0.5, -0.25).")
    require(close(costs, [20, 5, 1.25, 0.3125]),
            "The costs are 20, 5, 1.25 and 0.3125: f at each point of the path.")
    path, costs = items(function(_square, _slope_of_square, np.ones((2, 2)), 0.5, 1), 2,
                        "gradient_descent")
    require(close(as_numbers(path, (2, 2, 2), "the path of a (2, 2) matrix"),
                   [np.ones((2, 2)), np.zeros((2, 2))]), "Parameters may be a matrix.")


@visible_check
def descend_until(function: Callable) -> None:
    """Check the same parabola: the gradient is 10, 5, 2.5, ... long."""
    w0 = np.array([4.0, 3.0])
    kept = w0.copy()

    def run(tol, max_steps, lr=0.25):
        w, steps = items(function(_slope_of_square, w0, lr, tol, max_steps), 2, "descend_until")
        return as_numbers(w, (2,), "w"), as_numbers(steps, (), "the number of steps")

    w, steps = run(4.5, 50)
    require(bool(np.all(w0 == kept)), "descend_until changes w0. Work on a copy.")
    require(close(w, w0 / 4) and steps == 2,
            "At (4, 3) the gradient of w0^2 + w1^2 is 10 long, and each step halves it: 10, 5, "
            "2.5. With tol = 4.5 it stops after 2 steps, at (1, 0.75). Yours took "
            f"{float(steps):g}, to ({w[0]:g}, {w[1]:g}).")
    w, steps = run(10.0, 50)
    require(close(w, w0) and steps == 0,
            "With tol = 10 the start is good enough: no step. (Equal to tol is short enough.)")
    w, steps = run(0.0, 3)
    require(close(w, w0 / 8) and steps == 3, "With tol = 0 and max_steps = 3: three steps.")
    w, steps = run(0.09, 50, lr=2.0**-7)
    require(steps > 200 or steps == 50,
            "A small learning rate makes small steps, not small gradients: test the gradient.")


@visible_check
def cosine_rates(function: Callable) -> None:
    """Check four steps whose cosines are known, and a warm-up."""
    got = as_numbers(function(2.0, 4, 0), (4,), "the rates of 4 steps")
    want = [2, 1 + np.sqrt(0.5), 1, 1 - np.sqrt(0.5)]
    require(close(got, want),
            "lr = 2, 4 steps, no warm-up: the cosines of 0, 45, 90 and 135 degrees give 2, 1.707, "
            f"1 and 0.293. Yours are {', '.join(f'{r:.3f}' for r in got)}.")
    got = as_numbers(function(3.0, 5, 3), (5,), "the rates of 5 steps, 3 of them warm-up")
    require(close(got[:3], [1, 2, 3]),
            "lr = 3 and a warm-up of 3 steps: the rates are 1, 2, 3. Yours are "
            f"{', '.join(f'{r:g}' for r in got[:3])}.")
    require(close(got[3:], [3, 1.5]),
            "After the warm-up two steps are left: the cosine gives 3 and 1.5. Yours are "
            f"{', '.join(f'{r:g}' for r in got[3:])}.")


@visible_check
def numerical_gradient(function: Callable) -> None:
    """Check functions whose central differences are known exactly."""
    w = np.array([[1.0, -2.0], [3.0, 0.5]])
    kept = w.copy()
    got = as_numbers(function(_square, w, 0.25), (2, 2), "the gradient of a (2, 2) matrix")
    require(bool(np.all(w == kept)), "w is not as before: put back every entry, or use a copy.")
    require(close(got, 2 * w),
            "f is the sum of all squares. Its central difference is exactly 2w for every h, here "
            f"(2, -4) in the first row. Yours is ({got[0, 0]:g}, {got[0, 1]:g}).")
    got = as_numbers(function(lambda v: float(v[0] ** 3), np.array([2.0]), 0.5), (1,),
                     "the gradient of w^3")
    require(close(got, 12.25),
            "f(w) = w^3 at 2 with h = 0.5: (2.5^3 - 1.5^3) / 1 = 12.25. (The derivative is 12; "
            f"with so large an h the difference is off.) Yours is {got[0]:g}.")
    got = as_numbers(function(lambda v: float(v[0] * v[1]), np.array([3.0, 5.0]), 0.5), (2,),
                     "the gradient of w0 w1")
    require(close(got, [5, 3]), "f(w) = w0 w1 at (3, 5) has the gradient (5, 3): each entry is "
                                 "moved alone.")


@visible_check
def relative_error(function: Callable) -> None:
    """Check a factor of 3, a sign, equal gradients and zeros."""
    a, zero = np.array([[3.0, 0.0], [0.0, 4.0]]), np.zeros((2, 2))
    for b, want, why in [
            (3 * a, 0.5, "Lengths 5 and 15, difference 10: the error is 10 / 20 = 0.5."),
            (-a, 1.0, "Opposite gradients: 10 / 10 = 1."),
            (a.copy(), 0.0, "Equal gradients: 0."),
            (zero, 1.0, "One of them is zero: 5 / 5 = 1.")]:
        got = as_numbers(function(a, b), (), "the relative error")
        require(close(got, want), f"{why} Yours is {float(got):g}.")
    got = as_numbers(function(a, np.array([[3.0, 1.0], [0.0, 4.0]])), (), "the relative error")
    require(close(got, 1 / (5 + np.sqrt(26))),
            "Lengths 5 and 5.099, difference 1: about 0.099. An entry that is 0 in one of them is "
            f"no catastrophe. Yours is {float(got):g}.")
    with np.errstate(all="ignore"):
        got = as_numbers(function(zero, zero), (), "the relative error of two zeros")
    require(close(got, 0), "Two gradients of zeros agree: 0.")


@visible_check
def minibatches(function: Callable) -> None:
    """Check sizes, that every example is there once, and the random order."""
    def epoch(num_examples, batch_size, seed=0) -> list[list[int]]:
        what = f"minibatches({num_examples}, {batch_size}, rng)"
        batches = as_plain(function(num_examples, batch_size, np.random.default_rng(seed)), what)
        require(isinstance(batches, (list, tuple)),
                f"{what} should return a list of arrays, yours is {describe(batches)}.")
        listed = []
        for batch in batches:
            indices = as_array(batch)
            require(indices is None or indices.size > 0, f"{what}: one of your batches is empty.")
            if indices is None or indices.ndim != 1 or indices.dtype.kind not in "iu":
                raise CheckFailed(f"{what}: every batch should be an array of indices with one "
                                  f"axis; yours has {describe(batch)}.")
            listed.append(indices.tolist())
        return listed

    for num_examples, batch_size, sizes in [(10, 4, [4, 4, 2]), (6, 3, [3, 3]), (3, 5, [3]),
                                            (30, 13, [13, 13, 4])]:
        batches = epoch(num_examples, batch_size)
        require([len(batch) for batch in batches] == sizes,
                f"{num_examples} examples in batches of {batch_size}: the sizes should be "
                f"{sizes}, yours are {[len(batch) for batch in batches]}.")
        require(sorted(sum(batches, [])) == list(range(num_examples)),
                f"{num_examples} examples: each index from 0 to {num_examples - 1} should come "
                "exactly once in an epoch.")
    first, other, again = (sum(epoch(30, 4, seed), []) for seed in (0, 1, 0))
    require(first != list(range(30)), "30 indices should come in a random order.")
    require(any(abs(a - b) > 3 for a, b in zip(first[:4], first[1:4])),
            "Shuffle the examples, not the batches.")
    require(first != other, "Another generator should give another order: draw from rng.")
    require(first == again, "Generators with the same seed should give the same order: draw from "
                            "rng only.")


@visible_check
def gradient_noise(function: Callable) -> None:
    """Check two gradients that differ in one entry, and one that is off."""
    G = np.array([[[1.0, 2.0], [0.0, 0.0]], [[3.0, 2.0], [0.0, 4.0]]])
    bias, variance = items(function(G, G.mean(axis=0)), 2, "gradient_noise")
    require(close(as_numbers(bias, (), "the bias"), 0),
            "The mean of the batch gradients is the full gradient: the bias is 0.")
    require(close(as_numbers(variance, (), "the variance"), 5),
            "Two gradients, each off their mean by 1 in one entry and by 2 in another: the squared "
            f"distances are 1 + 4 = 5 and 5, their mean is 5. Yours is {float(variance):g}.")
    bias, variance = items(function(G, G.mean(axis=0) + [[3.0, -4.0], [0.0, 0.0]]), 2,
                           "gradient_noise")
    require(close(as_numbers(bias, (), "the bias"), 5),
            "The mean is off by -3 in one entry and by 4 in another: the bias is 5 long. Yours is "
            f"{float(bias):g}.")
    require(close(as_numbers(variance, (), "the variance"), 5),
            "The variance is about the mean of the batch gradients, so it is still 5.")
    bias, variance = items(function(G[:1], G[0]), 2, "gradient_noise")
    require(close([bias, variance], 0), "A single gradient, equal to the full one: both are 0.")


def _pull(X, y, W, b, reg):
    """A loss whose gradients can be followed by hand: W is pulled towards each batch's mean."""
    rows = np.mean(X, axis=0)
    signs = 2.0 * np.mean(y) - 1
    return float(np.sum(W) + reg), np.zeros_like(W) + rows + reg, np.zeros_like(b) + signs


@visible_check
def sgd(function: Callable) -> None:
    """Check the number of steps, the rates, and who is in a batch."""
    X, y = np.array([[1.0], [2.0], [4.0], [8.0]]), np.array([0, 0, 1, 1])
    W, b = np.array([[1.0], [2.0]]), np.zeros(2)
    kept = W.copy()

    def run(batch_size, rates, reg=0.0, seed=0, loss=_pull):
        W1, b1, losses = items(function(loss, X, y, W, b, reg, batch_size, np.array(rates),
                                        np.random.default_rng(seed)), 3, "sgd")
        return (as_numbers(W1, (2, 1), "W"), as_numbers(b1, (2,), "b"),
                as_history(losses, "losses"))

    W1, b1, losses = run(4, [0.5])
    require(bool(np.all(kept == W)), "sgd changes W. Work on a copy.")
    require(len(losses) == 1 and close(losses, 3),
            "4 examples, a batch of 4, one rate: one step, and the loss before it is 3. Yours: "
            f"{losses[:3]}.")
    require(close(W1, W - 0.5 * 3.75),
            "The gradient is 3.75 for both weights; with the rate 0.5, W becomes 1 - 1.875 and "
            f"2 - 1.875. Yours begins with {W1[0, 0]:g}.")
    W1, b1, losses = run(1, [1.0, 0.5])
    require(len(losses) == 8, "4 examples one by one, two rates: 2 epochs of 4 steps, so 8 "
                              f"losses. Yours has {len(losses)}.")
    require(close(W1, W - 15 * 1.5),
            "Each epoch visits 1, 2, 4 and 8 once: W falls by 15 times the first rate and 15 times "
            f"the second. Yours fell by {W[0, 0] - W1[0, 0]:g}, not by 22.5.")
    W1, b1, losses = run(3, [1.0])
    require(len(losses) == 2, "4 examples in batches of 3: two steps, the second on one example. "
                              f"Yours took {len(losses)}.")
    W1, _, _ = run(4, [1.0], reg=2.0)
    require(close(W1, W - 5.75), "reg = 2 adds 2 to this gradient: is reg passed on?")

    seen: list[tuple[list[float], list[int]]] = []

    def watching(X, y, W, b, reg):
        seen.append((np.ravel(X).tolist(), np.ravel(y).tolist()))
        return _pull(X, y, W, b, reg)

    _, b1, _ = run(2, [1.0] * 8, loss=watching)
    require(all((label == 1) == (x > 2) for rows, labels in seen for x, label in zip(rows, labels)),
            "A batch should hold the labels of its own examples: choose y with the same indices.")
    epochs = [sum((rows for rows, _ in seen[i:i + 2]), []) for i in range(0, len(seen), 2)]
    require(all(sorted(epoch) == [1, 2, 4, 8] for epoch in epochs),
            "In every epoch each example should be in exactly one batch.")
    require(any(epoch != epochs[0] for epoch in epochs),
            "Eight epochs in the same order: shuffle anew for every epoch.")
    _, b1, _ = run(4, [0.25], loss=lambda *args: (0.0, 0 * W, np.array([1.0, -2.0])))
    require(close(b1, [-0.25, 0.5]), "The biases take a step as the weights do.")
