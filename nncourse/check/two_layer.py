"""Visible checks of hw4_two_layer's network, by hand, properties and differences."""

from collections.abc import Callable, Iterator

import numpy as np

from nncourse.check.base import as_numbers, close, items, named, require, visible_check
from nncourse.layouts import LAYOUTS, together

NAMES = ("W1", "b1", "W2", "b2")


def param_kinds(params, X) -> Iterator[tuple[str, dict, np.ndarray]]:
    """The same numbers as other kinds of arrays, each with the words for it."""
    for words, (*arrays, same_X) in zip(LAYOUTS, together(*params.values(), X)):
        yield words, dict(zip(params, arrays)), same_X


def small_network(num_features=4, num_hidden=5, num_classes=3, num_examples=6, seed=352):
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
    params, X, y = small_network()
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
        one, some, its = small_network(D, H, num_examples=N, seed=19)
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
    for words, same, same_X, same_y in [*((*kind, y) for kind in param_kinds(params, X)),
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
    for words, same, same_X in param_kinds(params, X):
        require(classes(same, same_X) == [0, 1, 0, 1, 0],
                f"The same numbers, {words}, should give the same classes.")
