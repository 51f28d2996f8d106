"""Visible checks of hw4_two_layer's training, by hand and by properties."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_history, as_numbers, close, items, named, require, visible_check
from nncourse.check.two_layer import NAMES, param_kinds, small_network
from nncourse.data.spirals import ACCURACY, spirals


class _Runs:
    """Runs of a student's train_two_layer on small data, the answers looked at."""

    def __init__(self, function: Callable):
        self.function = function
        self.params, self.X, self.y = small_network()

    def __call__(self, reg=0.0, batch_size=6, rates=(0.1,), seed=0, params=None, **data):
        """Trained parameters, losses and accuracies."""
        start = self.params if params is None else params
        X, y = data.get("X", self.X), data.get("y", self.y)
        got = self.function(start, X, y, data.get("X_val", self.X), data.get("y_val", self.y), reg,
                            batch_size, np.array(rates), np.random.default_rng(seed))
        trained, losses, accuracies = items(got, 3, "train_two_layer")
        trained = named(trained, NAMES, "the first value")
        trained = {name: as_numbers(trained[name], start[name].shape, name) for name in NAMES}
        return trained, as_history(losses, "losses"), as_history(accuracies, "accuracies")

    def one(self, number: int, **others):
        """A run on a single example."""
        rows = slice(number, number + 1)
        return self(batch_size=1, X=self.X[rows], y=self.y[rows], **others)

    def same(self, one: dict, other: dict, within: float = 1e-6) -> bool:
        """Whether two dicts of parameters agree."""
        return all(close(one[name], other[name], within) for name in NAMES)


@visible_check
def train_two_layer(function: Callable) -> None:
    """Check what comes back, the order of the examples, the steps, the losses, the accuracies."""
    run = _Runs(function)
    trained, losses, accuracies = run(batch_size=4, rates=[0.1] * 3)
    require(len(losses) == 6, "6 examples in batches of 4, three rates: 3 epochs of 2 batches, so "
                              f"6 losses. Yours has {len(losses)}.")
    require(len(accuracies) == 3, "Three epochs give three accuracies, one after each. Yours has "
                                  f"{len(accuracies)}.")
    for name in NAMES:
        require(not close(trained[name], run.params[name], 1e-12),
                f"{name} has not moved: train all four arrays, and return the trained ones.")
    _check_order(run)
    _check_losses(run)
    _check_steps(run)
    _check_accuracies(run)
    want = run(reg=0.1)
    for words, same, same_X in param_kinds(run.params, run.X):
        got = run(reg=0.1, params=same, X=same_X, X_val=same_X)
        require(run.same(got[0], want[0], 1e-4) and close(got[1], want[1], 1e-4)
                and got[2] == want[2], f"The same numbers, {words}, should give the same answer.")
    got = run(reg=0.1, y=run.y.astype(np.uint8), y_val=run.y.astype(np.int32))
    require(run.same(got[0], want[0]) and got[2] == want[2],
            "Labels of another integer type (uint8, int32) should give the same answer.")


def _check_order(run) -> None:
    """Rates of 0 move nothing: the losses show which examples are in a batch."""
    still = {"batch_size": 1, "rates": [0.0] * 6}
    epochs, again, other = (np.reshape(run(seed=seed, **still)[1], (6, 6)) for seed in (0, 0, 1))
    singles = np.array([run.one(n, rates=[0.0])[1][0] for n in range(6)])
    for epoch in epochs:
        places = [[n for n in range(6) if close(value, singles[n])] for value in epoch]
        require(all(places), "Batches of one example at a rate of 0: each loss should be that of "
                             "one example with its own label. Yours has others: are X and y chosen "
                             "with the same indices, and is the loss that of the batch?")
        count = len({n for found in places for n in found})
        require(count == 6, f"Every epoch should show each of the 6 examples once; yours shows "
                            f"{count} of them, some twice.")
    require(not all(close(epoch, singles) for epoch in epochs),
            "The examples come in the order in which they were given: shuffle them.")
    require(close(epochs, again), "The same generator should give the same order: shuffle with rng "
                                  "and nothing else.")
    require(not close(epochs, other), "Another generator should give another order: shuffle with "
                                      "rng, not with a generator of your own.")
    require(not all(close(epoch, epochs[0]) for epoch in epochs),
            "All epochs have the same order: shuffle anew in every epoch.")
    fours = np.reshape(run(batch_size=4, rates=[0.0] * 6)[1], (6, 2))
    require(close(fours @ [4, 2], singles.sum(), 1e-4),
            "6 examples in batches of 4: the second batch holds the 2 that are left, and a batch's "
            "loss is the mean over its examples.")


def _check_losses(run) -> None:
    """The losses, penalty included, are those before the steps."""
    squares = np.sum(run.params["W1"] ** 2) + np.sum(run.params["W2"] ** 2)
    before = run(rates=[0.0])[1][0]
    added = run(rates=[0.0], reg=2.0)[1][0] - before
    require(close(added, squares, 1e-4),
            f"reg = 2 should add the sum of all squared weights, {squares:.2f}, to the losses that "
            f"you record: the loss with its penalty. Yours adds {added:.2f}.")
    first = run(rates=[0.1])[1][0]
    require(close(first, before), "The loss of a batch is recorded before its step: the first one "
                                  f"is {before:.4f}, whatever the rate. Yours is {first:.4f}.")


def _check_steps(run) -> None:
    """Every step goes along the gradient of its batch, as far as the rate says."""
    once = run(rates=[0.1])[0]
    still = run(rates=[0.1, 0.0])[0]
    require(run.same(still, once), "A rate of 0 in the second epoch should move nothing: use the "
                                   "rate of each epoch, and nothing from the step before.")
    require(run.same(run(batch_size=3, rates=[0.1, 0.0])[0], run(batch_size=3, rates=[0.1])[0]),
            "With two batches an epoch and the rates 0.1 and 0, the first epoch should use 0.1 for "
            "both batches, and the second move nothing.")
    require(run.same(run(rates=[0.1], batch_size=100)[0], once),
            "A batch_size above the number of examples should give one batch of them all, and the "
            "same step.")
    # from the second step on, momentum would carry the first step along
    require(run.same(run(rates=[0.1, 1e-9])[0], once),
            "A step depends on the one before it: plain descent is asked for.")
    small = 1e-3
    moved, losses, _ = run(rates=[small, 0.0])
    squared = sum(np.sum((moved[name] - run.params[name]) ** 2) for name in NAMES)
    fall = (losses[0] - losses[1]) * small / squared
    require(abs(fall - 1) < 0.05,
            "A small step of rate times gradient makes the loss fall by the rate times the squared "
            f"length of the gradient. Yours falls {fall:.2f} times as much: is the step rate times "
            "gradient, and subtracted?")
    shrunk = run(rates=[0.1], reg=0.5)[0]
    require(close(once["W1"] - shrunk["W1"], 0.05 * run.params["W1"])
            and close(once["b1"], shrunk["b1"]),
            "With reg = 0.5 and a rate of 0.1, W1 should lose 0.05 W1 more in a step than with "
            "reg = 0, and b1 nothing. Is reg passed on to the loss, and added once?")
    pair = {"X": run.X[:2], "y": run.y[:2]}
    together, losses, _ = run(batch_size=1, rates=[0.1], **pair)
    order = [0, 1] if close(losses[0], run.one(0, rates=[0.0])[1][0]) else [1, 0]
    alone = run.params
    for number in order:
        alone = run.one(number, rates=[0.1], params=alone)[0]
    require(run.same(together, alone),
            "Two examples in batches of one: the steps should be those for one example and then "
            "for the other. Does each step use the gradient of its own batch?")


def _check_accuracies(run) -> None:
    """Accuracies are shares of the validation examples, after the epoch."""
    shares = [run(rates=[0.0], y_val=np.full(6, c))[2][0] for c in range(3)]
    require(close(sum(shares), 1),
            "Each validation example is put into one of 3 classes. So with the same true class for "
            "all of them, 0, 1 or 2, the three accuracies add up to 1; yours are "
            f"{', '.join(f'{share:g}' for share in shares)}.")
    impossible = (run.y + 1) % 3
    _, _, accuracies = run(rates=[0.3] * 60, y_val=impossible)
    require(accuracies[-1] < 0.5, "The accuracies should be those of X_val and y_val.")
    _, _, accuracies = run(rates=[0.3, 0.0])
    _, _, later = run(rates=[1.0, 0.0])
    require(accuracies[0] == accuracies[1] and later[0] == later[1],
            "A second epoch at the rate 0 changes nothing, so both accuracies should be equal: "
            "measure after the epoch, not before.")


@visible_check
def classify_plane(function: Callable) -> str:
    """Check spirals drawn as those of grading, and few points."""
    rng = np.random.default_rng(0)

    def answers(num_train, num_test):
        (X, y), (X_new, y_new) = spirals(rng, num_train), spirals(rng, num_test)
        got = as_numbers(function(X, y, X_new), y_new.shape,
                         f"classify_plane for {len(y)} points and {len(y_new)} new ones")
        require(set(got.tolist()) <= {0.0, 1.0, 2.0},
                "There are three classes here: answer 0, 1 or 2 for every point.")
        return np.mean(got == y_new)

    answers(20, 7)
    right = answers(150, 150)
    require(right >= ACCURACY, f"{right:.1%} of 450 new points are right, {ACCURACY:.0%} are asked "
            "for: train longer, with more hidden units, or with another rate.")
    return f"{right:.1%} of 450 new points on the spirals are right ({ACCURACY:.0%} are asked for)"
