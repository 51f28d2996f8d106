"""Visible checks of hw6_deeper's batch normalisation and dropout, by hand-made numbers."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import agree, as_numbers, close, items, require, visible_check
from nncourse.layouts import layouts, together


def _agree(got: np.ndarray, want, message: str, within: float = 1e-4) -> None:
    """As `agree`; batch normalisation's eps moves an answer by up to a hundred-thousandth."""
    agree(got, want, message, within)


@visible_check
def batch_norm_forward(function: Callable) -> None:
    """Check a batch whose mean and variance can be read off, and evaluation mode."""
    x = np.array([[1.0, 10.0], [3.0, 30.0]])

    def run(x, gamma, beta, mean, var, train, *rest):
        arrays = [np.array(values, float) for values in (gamma, beta, mean, var)]
        out, mean, var = items(function(x, *arrays, train, *rest), 3, "batch_norm_forward")
        return (as_numbers(out, x.shape, "the output"), as_numbers(mean, (2,), "the running mean"),
                as_numbers(var, (2,), "the running variance"))

    plain = (1, 1), (0, 0), (0, 0), (1, 1)  # gamma, beta, running mean and variance
    out, mean, var = run(x, *plain, True)
    _agree(out, [[-1, -1], [1, 1]],
           "Two examples, each one standard deviation from the mean of its feature: the output is "
           "-1 and 1.")
    _agree(mean, [0.2, 2], "The batch's means are 2 and 20; with momentum 0.9 the running ones, 0 "
                           "before, become 0.1 * 2 = 0.2 and 2.")
    _agree(var, [1, 10.9], "The batch's variances (divided by N) are 1 and 100; with momentum 0.9 "
                           "the running ones, 1 before, become 0.9 + 0.1 = 1 and 0.9 + 10 = 10.9.")
    out, _, _ = run(x, (2, 3), (1, -1), *plain[2:], True)
    _agree(out, [[-1, -4], [3, 2]], "gamma = (2, 3) and beta = (1, -1): -1 becomes 2 * -1 + 1 = -1 "
                                    "and 3 * -1 - 1 = -4.")
    _, mean, var = run(x, *plain, True, 0.25, 3.0)
    _agree(mean, [1.5, 15], "momentum 0.25, means 2 and 20: the running ones become 0.75 * 2 = 1.5 "
                            "and 15.")
    _agree(var, [1, 75.25], "momentum 0.25, eps 3, variances 1 and 100: the running ones become "
                            "0.25 + 0.75 = 1 and 0.25 + 75. eps is no part of them.")
    out, _, _ = run(x, *plain, True, 0.9, 3.0)
    _agree(out[:, 0], [-0.5, 0.5], "With eps = 3 and a variance of 1 the divisor is sqrt(1 + 3).")
    out, _, _ = run(np.array([[2.0, 1.0], [2.0, 3.0]]), *plain, True)
    _agree(out[:, 0], [0, 0], "A feature that is 2 for all examples becomes 0.")
    tests = (2, 1), (0, 1), (1, 0), (4, 9)
    for kind in layouts(x):
        out, mean, var = run(kind, *tests, False)
        _agree(out, [[0, 1 + 10 / 3], [2, 11]],
               "In evaluation mode the running averages count, here means 1 and 0 and variances 4 "
               "and 9: 2 (3 - 1) / 2 = 2 and 30 / 3 + 1 = 11.")
        require(close(mean, [1, 0]) and close(var, [4, 9]),
                "In evaluation mode the running averages stay as they are.")
        run(kind, *plain, True)
    out, _, _ = run(x[:1], *tests, False)
    _agree(out, [[0, 1 + 10 / 3]], "A single example in evaluation mode: (1 - 1) / 2 = 0.")
    out, _, _ = run(x, *plain[:2], (1, 10), (0, 1), False, 0.9, 3.0)
    _agree(out, [[0, 0], [2 / 3**0.5, 10]],
           "In evaluation mode with eps = 3 and a running variance of 0 the divisor is sqrt(3), "
           "with one of 1 it is 2.")


@visible_check
def batch_norm_backward(function: Callable) -> None:
    """Check sums, and dx against differences."""
    rng = np.random.default_rng(1)
    x, dout, gamma = rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), np.array([2.0, -0.5])
    for scale, eps in [(1, ()), (0.001, ()), (1, (0.5,))]:
        _check_norm_backward(function, dout, scale * x, gamma, eps, scale)
    first = as_numbers(items(function(dout, x, gamma), 3, "batch_norm_backward")[0], (5, 2), "dx")
    for arrays in together(dout, x, gamma):
        dx, _, _ = items(function(*arrays), 3, "batch_norm_backward")
        require(close(as_numbers(dx, (5, 2), "dx"), first, 1e-3),
                "The same numbers in single precision, column by column in memory, as a view or "
                "read-only give another dx.")


def _check_norm_backward(function, dout, x, gamma, eps, scale):
    about = f"With eps = {eps[0]:g}: " if eps else "" if scale == 1 else \
        "With a variance smaller than eps: "
    dx, dgamma, dbeta = items(function(dout, x, gamma, *eps), 3, "batch_norm_backward")
    dx = as_numbers(dx, (5, 2), "dx")
    _agree(as_numbers(dbeta, (2,), "dbeta"), dout.sum(axis=0),
           f"{about}dbeta adds up dout over the examples.")

    def normal(x):
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + (eps or (1e-5,))[0])

    _agree(as_numbers(dgamma, (2,), "dgamma"), np.sum(dout * normal(x), axis=0),
           f"{about}dgamma adds up dout times the normalised inputs.", 1e-3)
    require(close(scale * dx.sum(axis=0), 0, 1e-3),
            f"{about}adding the same number to a feature of all examples changes nothing, so each "
            "column of dx adds up to 0.")
    require(bool(eps) or scale != 1 or close(np.sum(dx * x, axis=0), 0, 1e-3),
            "Stretching a feature of all examples changes (nearly) nothing, so each column of dx "
            "times that of x adds up to 0. Does a gradient go through the variance?")
    for place in [(0, 0), (3, 1)]:
        around = []
        for h in (1e-3 * scale, -1e-3 * scale):
            moved = x.copy()
            moved[place] += h
            around.append(np.sum(dout * gamma * normal(moved)))
        slope = (around[0] - around[1]) / (2e-3 * scale)
        require(close(dx[place], slope, 1e-3),
                f"{about}dx at {place} should be {slope:.4g}, the slope of the output times dout; "
                f"yours is {dx[place]:.4g}.")


@visible_check
def dropout_forward(function: Callable) -> None:
    """Check shares and sizes in training, and that evaluation mode changes nothing."""
    x = np.full((200, 100), 3.0)
    x[:, ::2] = -3.0
    rng = np.random.default_rng

    def run(keep_prob, train, seed=0, x=x):
        out = function(x, keep_prob, train, rng(seed))
        return as_numbers(out, x.shape, "the output of dropout_forward")

    require(close(run(0.8, False), x), "In evaluation mode dropout changes nothing.")
    out = run(0.8, True)
    mask = out != 0
    require(not np.all(mask), "In training nothing is dropped: keep each entry with the "
                              "probability keep_prob, set the others to 0.")
    require(bool(np.any(mask)), "In training nothing is kept: the output is 0 everywhere.")
    require(not np.all(mask == mask[0]) and not np.all(mask == mask[:, :1]),
            "Whole rows or columns are dropped together: every entry is drawn for itself.")
    require(bool(np.any(out < 0)), "All negative entries of x have become 0: dropout keeps them "
                                   "like all others.")
    for keep_prob, kept in [(0.8, out), (0.3, run(0.3, True))]:
        share = np.mean(kept != 0)
        require(abs(share - keep_prob) < 0.02,
                f"With keep_prob = {keep_prob}, about {keep_prob:.0%} of the entries are kept; "
                f"yours kept {share:.0%}. keep_prob is the probability to KEEP one, and draws are "
                "uniform.")
    size = np.abs(out[mask]).max()
    require(close(out[mask], x[mask] / 0.8, 1e-4),
            f"What is kept is divided by keep_prob: 3 becomes 3.75, so that the mean stays. Yours "
            f"becomes {size:.4g}.")
    require(close(run(1.0, True), x), "With keep_prob = 1 all entries are kept as they are.")
    require(not np.array_equal(run(0.8, True, 1), out),
            "Another generator, another mask: draw from rng, without a seed of your own.")
    require(np.array_equal(run(0.8, True), out), "The same seed, the same mask: draw from rng.")
    for shape in [(500,), (5, 4, 5, 5)]:
        ones = np.ones(shape)
        for same in layouts(ones):
            kept = run(0.5, True, x=same)
            share = np.mean(kept != 0)
            require(0.3 < share < 0.7 and close(kept[kept != 0], 2),
                    f"x of shape {shape}, all 1, with keep_prob = 0.5: about half of the entries "
                    f"become 2 and the others 0. Yours kept {share:.0%}.")
        require(close(run(0.5, False, x=ones), 1), "In evaluation mode dropout changes nothing.")
