"""Visible checks of hw4_two_layer's network and training, by hand, properties, differences."""

from collections.abc import Callable, Iterator

import numpy as np

from nncourse.check.base import (
    as_history,
    as_numbers,
    close,
    items,
    named,
    require,
    visible_check,
)
from nncourse.data.spirals import ACCURACY, spirals
from nncourse.layouts import LAYOUTS, together

NAMES = ("W1", "b1", "W2", "b2")


def _param_kinds(params, X) -> Iterator[tuple[str, dict, np.ndarray]]:
    for words, (*arrays, same_X) in zip(LAYOUTS, together(*params.values(), X)):
        yield words, dict(zip(params, arrays)), same_X


def _network(num_features=4, num_hidden=5, num_classes=3, num_examples=6, seed=352):
    """A small network none of whose hidden units is near its kink, with its examples."""
    rng = np.random.default_rng(seed)
    D, H, C, N = num_features, num_hidden, num_classes, num_examples
    params = {"W1": rng.normal(size=(H, D)), "b1": rng.normal(size=H),
              "W2": rng.normal(size=(C, H)), "b2": rng.normal(size=C)}
    return params, rng.normal(size=(N, D)), np.array([0, 1, 2, 2, 0, 1])[:N]


def _copies(params):
    return {name: array.copy() for name, array in params.items()}


class _Loss:
    """A student's two_layer_loss, its answers looked at."""

    def __init__(self, function: Callable):
        self.function = function

    def scores(self, params, X, words="two_layer_loss(params, X), without labels,"):
        """The scores."""
        return as_numbers(self.function(params, X), (len(X), len(params["b2"])), words)

    def both(self, params, X, y, reg=0.0, words=""):
        """The loss, and a dict of gradients of the right shapes."""
        with np.errstate(all="ignore"):
            loss, grads = items(self.function(params, X, y, reg), 2,
                                "two_layer_loss(params, X, y, reg)")
        grads = named(grads, NAMES, "the second value")
        return float(as_numbers(loss, (), f"the loss{words}")), {
            name: as_numbers(grads[name], params[name].shape, f"the gradient of {name}{words}")
            for name in NAMES}

    def check_slopes(self, params, X, y, reg, words="") -> None:
        """Compare the gradients with central differences of the loss."""
        _, grads = self.both(params, X, y, reg, words)
        for name in ("W2", "b2", "W1", "b1"):  # as they come on the way back
            for place in list(np.ndindex(params[name].shape))[:12]:
                around = []
                for h in (1e-2, -1e-2):
                    moved = _copies(params)
                    moved[name][place] += h
                    around.append(self.both(moved, X, y, reg)[0])
                slope, got = (around[0] - around[1]) / 2e-2, grads[name][place]
                if abs(slope - got) < 1e-3 * (1 + abs(slope)):
                    continue
                hint = (f" With reg = 0 it was right: look at the penalty's term in the gradient "
                        f"of {name}." if reg else "")
                require(False, f"reg = {reg:g}{words}: the loss has the slope {slope:.4f} along "
                               f"entry {place} of {name}, your gradient says {got:.4f}.{hint}")


@visible_check
def two_layer_loss(function: Callable) -> None:
    """Check a network whose scores can be read off, and all gradients by finite differences."""
    student = _Loss(function)
    small = {"W1": np.array([[1.0], [-1.0]]), "b1": np.array([0.0, 0.5]),
             "W2": np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), "b2": np.array([0.0, 0.0, -3.0])}
    scores = student.scores(small, np.array([[2.0], [-1.0]]))
    require(close(scores, [[2, 0, -1], [0, 3, -1.5]]),
            "x = 2: the hidden units are max(0, 2) = 2 and max(0, -2 + 0.5) = 0, so the scores are "
            "(2, 0, 2 - 3); x = -1: the hidden units are 0 and 1.5, the scores (0, 3, 1.5 - 3). "
            f"Yours are {scores[0].tolist()} and {scores[1].tolist()}.")
    params, X, y = _network()
    level = {**params, "W2": np.zeros((3, 5)), "b2": np.zeros(3)}
    loss, _ = student.both(level, X, y)
    require(close(loss, np.log(3)), "Where all three scores are 0, the loss is log 3, about 1.099. "
                                    f"Yours is {loss:.3f}.")
    base, grads = student.both(params, X, y)
    twice, again = student.both(params, np.vstack([X, X]), np.append(y, y))
    require(close(twice, base, 1e-4), "The same examples twice over have the same mean loss.")
    require(all(close(again[name], grads[name], 1e-4) for name in NAMES),
            "The same examples twice over have the same gradients: they are those of a mean.")
    far, _ = student.both({**level, "b2": np.array([0.0, 0, 2000])}, X[:1], y[:1],
                          words=" of scores (0, 0, 2000), true class 0,")
    require(close(far, 2000), "Scores (0, 0, 2000), true class 0: the loss is 2000. Yours is "
                              f"{far:g}: compute the logarithm from the scores.")
    rows = {"W1": np.array([[1.0]]), "b1": np.zeros(1), "W2": np.full((2, 1), -1.0),
            "b2": np.zeros(2)}
    loss, grads = student.both(rows, np.array([[9000.0], [1.0]]), np.array([0, 1]),
                               words=" of two rows of scores, (-9000, -9000) and (-1, -1),")
    require(close(loss, np.log(2)) and close(grads["b2"], 0),
            "Scores (-9000, -9000) and (-1, -1): the loss is log 2, and the gradient of b2 is 0.")
    squares = {name: np.sum(params[name] ** 2) for name in ("W1", "W2")}
    added = student.both(params, X, y, 0.5)[0] - base
    wanted = 0.25 * sum(squares.values())
    require(close(added, wanted, 1e-4),
            "reg = 0.5 should add 0.25 times the sum of all squared weights, of W1 "
            f"({squares['W1']:.2f}) and of W2 ({squares['W2']:.2f}), to the loss: {wanted:.2f}. "
            f"Yours adds {added:.2f}.")
    for reg in (0.0, 0.5):
        student.check_slopes(params, X, y, reg)
    level = {"W1": np.zeros((2, 1)), "b1": np.zeros(2), "W2": np.eye(2), "b2": np.zeros(2)}
    _, grads = student.both(level, np.ones((1, 1)), np.array([0]))
    require(close(grads["b1"], 0), "At a pre-activation of exactly 0, no gradient passes.")
    for D, H, N in ((1, 5, 6), (4, 1, 6), (4, 5, 1)):
        words = f" with D = {D}, H = {H}, N = {N}"
        one, some, its = _network(D, H, num_examples=N, seed=19)
        if H == 1:
            one["b1"] = one["b1"] + 9.0  # on for all examples
        student.scores(one, some, f"two_layer_loss(params, X){words}")
        student.check_slopes(one, some, its, 0.0, words)
    absent = " and no example of the last class"
    student.check_slopes(params, X, np.array([0, 1, 0, 0, 1, 1]), 0.0, absent)
    _check_kinds(student, params, X, y)


def _check_kinds(student, params, X, y) -> None:
    loss, grads = student.both(params, X, y, 0.5)
    same_labels = [("with labels of type uint8", params, X, y.astype(np.uint8))]
    for words, same, same_X, same_y in [*((*kind, y) for kind in _param_kinds(params, X)),
                                        *same_labels]:
        other, others = student.both(same, same_X, same_y, 0.5)
        require(close(other, loss, 1e-4) and all(close(others[name], grads[name], 1e-4)
                                                 for name in NAMES),
                f"The same numbers, {words}, should give the same loss and gradients.")


@visible_check
def init_params(function: Callable) -> None:
    """Check shapes, biases, size and randomness."""
    def start(seed, sizes=(200, 100, 50)):
        D, H, C = sizes
        params = named(function(D, H, C, np.random.default_rng(seed)), NAMES,
                       "what init_params returns")
        shapes = {"W1": (H, D), "b1": (H,), "W2": (C, H), "b2": (C,)}
        words = f" for D = {D}, H = {H}, C = {C}"
        return {name: as_numbers(params[name], shape, name + words)
                for name, shape in shapes.items()}

    start(0, (4, 3, 2))
    start(0, (1, 1, 2))
    params, other, again = start(0), start(1), start(0)
    require(not params["b1"].any() and not params["b2"].any(), "The biases should be 0.")
    for name, inputs in (("W1", 200), ("W2", 100)):
        W = params[name]
        require(len(np.unique(W)) > W.size / 2, f"The entries of {name} should differ.")
        require(abs(W.mean()) < 0.05 * W.std(),
                f"The mean of {name} should be near 0. Yours is {W.mean():.3f}.")
        wanted = np.sqrt(2 / inputs)
        require(abs(W.std() / wanted - 1) < 0.05,
                f"{name} has {inputs} inputs to each unit: its standard deviation should be about "
                f"{wanted:.3f}, the root of 2/{inputs}. It is {W.std():.3f}.")
        inside = np.mean(np.abs(W) < W.std())
        require(abs(inside - 0.683) < 0.03,
                f"Of normal numbers, 68% lie within one standard deviation; of the entries of "
                f"{name} it is {inside:.0%}: draw them from a normal distribution.")
        require(not np.array_equal(W, other[name]),
                f"Another generator should give another {name}: draw from rng.")
        require(np.array_equal(W, again[name]),
                f"The same seed should give the same {name}: draw from rng only.")


@visible_check
def predict_two_layer(function: Callable) -> None:
    """Check examples whose scores can be read off."""
    params = {"W1": np.array([[0.0, 1.0], [1.0, 0.0]]), "b1": np.zeros(2),
              "W2": np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [-1.0, -1.0]]), "b2": np.zeros(4)}
    X = np.array([[3.0, 1.0], [1.0, 2.0], [-1.0, -1.0], [0.0, 4.0], [5.0, 0.5]])

    def classes(params, X, words="predict_two_layer(params, X)"):
        with np.errstate(all="ignore"):
            return as_numbers(function(params, X), (len(X),), words).astype(int).tolist()

    got = classes(params, X)
    require(got == [0, 1, 0, 1, 0],
            "The scores are (3, 1, 1, -4), (1, 2, 2, -3), (0, 0, 0, 0), (0, 4, 4, -4) and "
            "(5, 0.5, 0.5, -5.5): of equals the first, so the classes are 0, 1, 0, 1, 0. Yours are "
            f"{got}.")
    for number in range(5):
        got = classes(params, X[number:number + 1], "predict_two_layer of a single example")
        require(got == [(0, 1, 0, 1, 0)[number]],
                "A single example should get the class that it gets among others.")
    biased = {**params, "b2": np.array([0.0, 0.0, 0.0, 9.0])}
    got = classes(biased, X)
    require(got == [3, 3, 3, 3, 0],
            "With 9 added to the scores of class 3 by b2, these are 5, 6, 9, 5 and 3.5: the "
            f"classes are 3, 3, 3, 3, 0. Yours are {got}.")
    hidden = {**params, "b1": np.array([6.0, 0.0])}
    got = classes(hidden, X)
    require(got == [1, 1, 1, 1, 1],
            "With b1 = (6, 0) the first hidden unit is larger by 6, and with it the scores of "
            f"classes 1 and 2: the classes are 1, 1, 1, 1, 1. Yours are {got}.")
    large = {**params, "W2": 2000 * params["W2"], "b2": np.array([0.0, 5000.0, 0.0, 0.0])}
    got = classes(large, X)
    require(got == [1, 1, 1, 1, 0], "Scores of thousands: the classes are 1, 1, 1, 1, 0. Yours are "
                                    f"{got}. No exponentials are needed.")
    for words, same, same_X in _param_kinds(params, X):
        require(classes(same, same_X) == [0, 1, 0, 1, 0],
                f"The same numbers, {words}, should give the same classes.")


class _Runs:
    """Runs of a student's train_two_layer on small data, the answers looked at."""

    def __init__(self, function: Callable):
        self.function = function
        self.params, self.X, self.y = _network()

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
    for words, same, same_X in _param_kinds(run.params, run.X):
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
