"""Visible checks of hw4_two_layer, by hand-made numbers, properties and finite differences."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_history, as_numbers, close, items, named, require, visible_check

NAMES = ("W1", "b1", "W2", "b2")


def _unchanged(arrays, kept, name) -> None:
    require(all(np.array_equal(a, b) for a, b in zip(arrays, kept)),
            f"{name} changes its arguments. Work on copies.")


@visible_check
def affine_forward(function: Callable) -> None:
    """Check two examples, three features, two outputs."""
    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    W = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
    got = as_numbers(function(X, W, np.array([10.0, -20.0])), (2, 2), "affine_forward(X, W, b)")
    require(close(got, [[17, -18], [9, -21]]),
            "Example 0: 1*1 + 0*2 + 2*3 + 10 = 17 and 2*1 - 20 = -18; example 1: 2 - 3 + 10 = 9 "
            f"and -1 - 20 = -21. Your first numbers are {got[0, 0]:g} and {got[0, 1]:g}.")


@visible_check
def affine_backward(function: Callable) -> None:
    """Check shapes, and every entry against the slope of a sum."""
    rng = np.random.default_rng(0)
    X, W, dout = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=(4, 2))
    kept = [X.copy(), W.copy(), dout.copy()]
    dX, dW, db = items(function(dout, X, W), 3, "affine_backward(dout, X, W)")
    _unchanged([X, W, dout], kept, "affine_backward")
    dX, dW, db = (as_numbers(dX, (4, 3), "dX"), as_numbers(dW, (2, 3), "dW"),
                  as_numbers(db, (2,), "db"))
    require(close(db, [sum(dout[:, 0]), sum(dout[:, 1])]),
            "db: each bias is used by all four examples, so its gradient is the sum of a column of "
            "dout.")
    slope = np.array([[sum(dout[n, h] * X[n, d] for n in range(4)) for d in range(3)]
                      for h in range(2)])
    require(close(dW, slope), "dW[h, d] should add up dout[n, h] X[n, d] over the examples n.")
    slope = np.array([[sum(dout[n, h] * W[h, d] for h in range(2)) for d in range(3)]
                      for n in range(4)])
    require(close(dX, slope), "dX[n, d] should add up dout[n, h] W[h, d] over the outputs h.")


@visible_check
def relu_forward(function: Callable) -> None:
    """Check negative, zero and positive entries."""
    Z = np.array([[-2.0, 0.0, 3.0], [0.5, -0.5, 100.0]])
    kept = Z.copy()
    got = as_numbers(function(Z), (2, 3), "relu_forward(Z)")
    _unchanged([Z], [kept], "relu_forward")
    require(close(got, [[0, 0, 3], [0.5, 0, 100]]),
            "Positive entries stay, all others become 0: (-2, 0, 3) becomes (0, 0, 3).")


@visible_check
def relu_backward(function: Callable) -> None:
    """Check that the forward input decides, and the gradient passes."""
    Z, dH = np.array([[-2.0, 0.0, 3.0], [0.5, -0.5, 1.0]]), np.array([[5.0, 6.0, 7.0],
                                                                      [-8.0, 9.0, 4.0]])
    kept = [Z.copy(), dH.copy()]
    got = as_numbers(function(dH, Z), (2, 3), "relu_backward(dH, Z)")
    _unchanged([Z, dH], kept, "relu_backward")
    require(close(got, [[0, 0, 7], [-8, 0, 4]]),
            "dH passes where Z > 0 and nowhere else, whatever its sign: Z = (-2, 0, 3) and "
            "dH = (5, 6, 7) give (0, 0, 7).")


@visible_check
def softmax_cross_entropy(function: Callable) -> None:
    """Check known probabilities, sums, and large scores."""
    scores, y = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 1.0]]), np.array([2, 1])
    kept = scores.copy()
    loss, dscores = items(function(scores, y), 2, "softmax_cross_entropy(scores, y)")
    _unchanged([scores], [kept], "softmax_cross_entropy")
    loss, dscores = as_numbers(loss, (), "the loss"), as_numbers(dscores, (2, 3), "dscores")
    require(close(loss, 2 * np.log(2)),
            "True classes with the probabilities 1/2 and 1/8: the losses are log 2 and 3 log 2, "
            f"their mean is 2 log 2, about 1.386. Yours is {float(loss):.3f}.")
    require(close(dscores.sum(axis=1), 0), "Each row of dscores should add up to 0.")
    require(close(dscores, [[0.125, 0.125, -0.25], [0.375, -0.4375, 0.0625]]),
            "dscores of the first example: (1/4, 1/4, 1/2 - 1), divided by the 2 examples. Yours "
            f"begins with {dscores[0, 0]:g}.")
    with np.errstate(all="ignore"):
        loss, dscores = items(function(np.array([[0.0, 3000.0]]), np.array([0])), 2,
                              "softmax_cross_entropy(scores, y)")
    require(close(as_numbers(loss, (), "the loss of scores (0, 3000), true class 0,"), 3000),
            "Scores (0, 3000), true class 0: the loss is 3000.")
    require(close(as_numbers(dscores, (1, 2), "dscores of large scores"), [[-1, 1]]),
            "Scores (0, 3000), true class 0: dscores is (-1, 1).")


def _network():
    """A small network none of whose hidden units is near its kink, with six examples."""
    rng = np.random.default_rng(352)
    params = {"W1": rng.normal(size=(5, 4)), "b1": rng.normal(size=5),
              "W2": rng.normal(size=(3, 5)), "b2": rng.normal(size=3)}
    return params, rng.normal(size=(6, 4)), np.array([0, 1, 2, 2, 0, 1])


def _copies(params):
    return {name: array.copy() for name, array in params.items()}


@visible_check
def two_layer_loss(function: Callable) -> None:
    """Check a network whose scores can be read off, and all gradients by finite differences."""
    small = {"W1": np.array([[1.0], [-1.0]]), "b1": np.array([0.0, 0.5]),
             "W2": np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), "b2": np.array([0.0, 0.0, -3.0])}
    scores = as_numbers(function(small, np.array([[2.0], [-1.0]])), (2, 3),
                        "two_layer_loss(params, X), without labels,")
    require(close(scores, [[2, 0, -1], [0, 3, -1.5]]),
            "x = 2: the hidden units are max(0, 2) = 2 and max(0, -2 + 0.5) = 0, so the scores are "
            f"(2, 0, 2 - 3). Yours are ({', '.join(f'{s:g}' for s in scores[0])}).")
    params, X, y = _network()
    kept = _copies(params)
    loss, grads = items(function(params, X, y, 0.0), 2, "two_layer_loss(params, X, y, reg)")
    _unchanged(params.values(), kept.values(), "two_layer_loss")
    named(grads, NAMES, "the second value")
    base = as_numbers(loss, (), "the loss")
    with np.errstate(all="ignore"):
        far, _ = items(function({**params, "W2": 0 * params["W2"], "b2": np.array([0.0, 0, 2000])},
                                X[:1], y[:1], 0.0), 2, "two_layer_loss(params, X, y, reg)")
    require(close(as_numbers(far, (), "the loss of scores (0, 0, 2000)"), 2000),
            "Scores (0, 0, 2000), true class 0: the loss is 2000.")

    def value(reg=0.0, **changed):
        out, _ = items(function({**_copies(params), **changed}, X, y, reg), 2, "two_layer_loss")
        return float(out)

    twice, _ = items(function(params, np.vstack([X, X]), np.append(y, y), 0.0), 2, "two_layer_loss")
    require(close(twice, base, 1e-4), "The same examples twice over have the same mean loss.")
    squares = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    require(close(value(0.5) - base, 0.25 * squares),
            "reg = 0.5 should add 0.25 times the sum of all squared weights, of W1 and of W2.")
    for reg in (0.0, 0.5):
        _, grads = items(function(_copies(params), X, y, reg), 2, "two_layer_loss")
        grads = named(grads, NAMES, "the second value")
        for name in NAMES:
            got = as_numbers(grads[name], params[name].shape, f"the gradient of {name}")
            for place in list(np.ndindex(got.shape))[:12]:
                up, down = params[name].copy(), params[name].copy()
                up[place] += 1e-2
                down[place] -= 1e-2
                slope = (value(reg, **{name: up}) - value(reg, **{name: down})) / 2e-2
                require(abs(slope - got[place]) < 1e-3 * (1 + abs(slope)),
                        f"reg = {reg:g}: the loss has the slope {slope:.4f} along entry {place} of "
                        f"{name}, your gradient says {got[place]:.4f}.")
    level = {"W1": np.zeros((2, 1)), "b1": np.zeros(2), "W2": np.eye(2), "b2": np.zeros(2)}
    _, grads = items(function(level, np.ones((1, 1)), np.array([0]), 0.0), 2, "two_layer_loss")
    require(close(grads["b1"], 0), "At a pre-activation of exactly 0, no gradient passes.")


@visible_check
def init_params(function: Callable) -> None:
    """Check shapes, biases, size and randomness."""
    def start(seed, sizes=(200, 100, 50)):
        D, H, C = sizes
        params = named(function(D, H, C, np.random.default_rng(seed)), NAMES,
                       "what init_params returns")
        shapes = {"W1": (H, D), "b1": (H,), "W2": (C, H), "b2": (C,)}
        return {name: as_numbers(params[name], shape, name) for name, shape in shapes.items()}

    start(0, (4, 3, 2))
    params = start(0)
    require(not params["b1"].any() and not params["b2"].any(), "The biases should be 0.")
    for name, inputs in (("W1", 200), ("W2", 100)):
        W = params[name]
        require(len(np.unique(W)) > W.size / 2, f"The entries of {name} should differ.")
        wanted = np.sqrt(2 / inputs)
        require(abs(W.std() / wanted - 1) < 0.1,
                f"{name} has {inputs} inputs to each unit: its standard deviation should be about "
                f"{wanted:.3f}, the root of 2/{inputs}. It is {W.std():.3f}.")
        require(abs(W.mean()) < 0.1 * wanted, f"The mean of {name} should be near 0.")
        require(np.abs(W).max() > 2 * wanted, f"{name} should be normal, not uniform.")
    require(not np.array_equal(params["W1"], start(1)["W1"]),
            "Another generator should give other weights: draw from rng.")
    require(np.array_equal(params["W1"], start(0)["W1"]),
            "The same seed should give the same weights: draw from rng only.")


@visible_check
def predict_two_layer(function: Callable) -> None:
    """Check three examples whose scores can be read off."""
    params = {"W1": np.array([[0.0, 1.0], [1.0, 0.0]]), "b1": np.zeros(2),
              "W2": np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [-1.0, -1.0]]), "b2": np.zeros(4)}
    X = np.array([[3.0, 1.0], [1.0, 2.0], [-1.0, -1.0], [0.0, 4.0], [5.0, 0.5]])
    got = as_numbers(function(params, X), (5,), "predict_two_layer(params, X)")
    require(got.tolist() == [0, 1, 0, 1, 0],
            "The scores are (3, 1, 1, -4), (1, 2, 2, -3), (0, 0, 0, 0), (0, 4, 4, -4) and "
            "(5, 0.5, 0.5, -5.5): of equals the first, so the classes are 0, 1, 0, 1, 0. Yours are "
            f"{got.astype(int).tolist()}.")


@visible_check
def train_two_layer(function: Callable) -> None:
    """Check counts, that the loss falls, that all parameters move, and the accuracies."""
    params, X, y = _network()
    kept = _copies(params)

    def run(reg=0.0, batch_size=6, rates=(0.1,), seed=0, X_val=X, y_val=y, X=X, y=y):
        got = function(params, X, y, X_val, y_val, reg, batch_size, np.array(rates),
                       np.random.default_rng(seed))
        trained, losses, accuracies = items(got, 3, "train_two_layer")
        trained = named(trained, NAMES, "the first value")
        trained = {name: as_numbers(trained[name], params[name].shape, name) for name in NAMES}
        return trained, as_history(losses, "losses"), as_history(accuracies, "accuracies")

    trained, losses, accuracies = run(batch_size=4, rates=[0.1] * 3)
    _unchanged(params.values(), kept.values(), "train_two_layer")
    require(len(losses) == 6, "6 examples in batches of 4, three rates: 3 epochs of 2 batches, so "
                              f"6 losses. Yours has {len(losses)}.")
    require(len(accuracies) == 3, "Three epochs give three accuracies, one after each.")
    for name in NAMES:
        require(not close(trained[name], params[name], 1e-12),
                f"{name} has not moved: train all four arrays.")
    _, losses, accuracies = run(rates=[0.1] * 40)
    require(bool(np.all(np.diff(losses) < 0)), "With all examples in a batch and a small rate the "
                                               "loss should fall in every step.")
    first = run(rates=[0.1, 0.1])[0]
    second = run(rates=[0.2])[0]
    require(not close(first["W2"], second["W2"], 1e-9), "Two steps of 0.1 are not one of 0.2.")
    still, losses, _ = run(rates=[0.1, 0.0])
    require(close(still["W1"], run(rates=[0.1])[0]["W1"], 1e-9),
            "A rate of 0 in the second epoch should move nothing: use the rate of each epoch.")
    # from the second step on, momentum would carry the first step along
    require(close(run(rates=[0.1, 1e-9])[0]["W1"], run(rates=[0.1])[0]["W1"], 1e-6),
            "A step depends on the one before it: plain descent is asked for.")
    heavy = run(reg=5.0, rates=[0.05] * 20)[0]
    require(np.sum(heavy["W1"] ** 2) < 0.5 * np.sum(run(rates=[0.05] * 20)[0]["W1"] ** 2),
            "With reg = 5 the weights should stay smaller than with reg = 0. Is reg passed on?")
    impossible = (y + 1) % 3
    _, _, accuracies = run(rates=[0.3] * 60, y_val=impossible)
    require(accuracies[-1] < 0.5, "The accuracies should be those of X_val and y_val.")
    _, _, accuracies = run(rates=[0.3, 0.0])
    require(accuracies[0] == accuracies[1],
            "A second epoch at the rate 0 changes nothing, so both accuracies should be equal: "
            "measure after the epoch, not before.")
    _, losses, _ = run(batch_size=1, rates=[0.0] * 6)
    epochs = np.reshape(losses, (6, 6))
    alone = np.sort(run(batch_size=1, rates=[0.0])[1])
    require(all(close(np.sort(epoch), alone) for epoch in epochs),
            "Every epoch should show each example once.")
    require(not all(close(epoch, epochs[0]) for epoch in epochs),
            "Shuffle anew for every epoch.")
    singles = [run(batch_size=1, rates=[0.0], X=X[n:n + 1], y=y[n:n + 1])[1][0] for n in range(6)]
    require(close(np.sort(singles), alone),
            "A batch should hold its examples' own labels, and each example once an epoch.")
    require(not all(close(epoch, singles) for epoch in epochs), "Shuffle the examples.")


@visible_check
def classify_plane(function: Callable) -> str:
    """Check two rings, one around the other, which no line separates."""
    rng = np.random.default_rng(0)

    def rings(count):
        y = np.arange(count) % 2
        angle, radius = rng.uniform(0, 2 * np.pi, count), 1 + y + rng.normal(0, 0.1, count)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y

    (X, y), (X_new, y_new) = rings(200), rings(100)
    got = as_numbers(function(X, y, X_new), (100,), "classify_plane(X_train, y_train, X_test)")
    right = np.mean(got == y_new)
    require(set(got.tolist()) <= {0.0, 1.0}, "There are two classes here: answer 0 or 1.")
    require(right > 0.9, "Two rings, one around the other, 200 points to learn from: "
                         f"{right:.0%} of the new points are right. Train longer, or with more "
                         "hidden units?")
    return f"{right:.0%} of the new points on two rings are right"
