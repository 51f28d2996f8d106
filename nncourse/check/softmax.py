"""Visible checks of hw2_softmax, by numbers that can be followed by hand and by properties."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_history, as_numbers, close, items, require, visible_check

CLOSE = 1e-6


@visible_check
def coin_log_likelihood(function: Callable) -> None:
    """Check one toss of each kind, a fair coin and a number of tosses that no product survives."""
    p = np.array([0.25, 0.5])
    got = as_numbers(function(1, 0, p), (2,), "coin_log_likelihood(1, 0, p)")
    require(close(np.exp(got), p), "One head: the probability is p itself, its logarithm log p.")
    got = as_numbers(function(0, 1, p), (2,), "coin_log_likelihood(0, 1, p)")
    require(close(np.exp(got), 1 - p), "One tail: the probability is 1 - p.")
    got = as_numbers(function(2000, 2000, p[1:]), (1,), "the log-likelihood of 4000 tosses")
    require(close(got, -4000 * np.log(2)),
            "4000 tosses of a fair coin: the logarithm is -4000 log 2, about -2772.6.")


def _check_rows(got, what):
    require(bool(np.all(got >= 0)), f"{what} has negative entries.")
    require(close(got.sum(axis=1), 1), f"each row of {what} should add up to 1.")


@visible_check
def softmax(function: Callable) -> None:
    """Check rows whose probabilities are simple fractions, and large scores."""
    scores = np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]])
    kept = scores.copy()
    got = as_numbers(function(scores), (2, 3), "softmax(scores) for two rows of three")
    require(bool(np.all(scores == kept)), "softmax changes scores; it should only read it.")
    _check_rows(got, "softmax(scores)")
    require(close(got[0], [0.125, 0.25, 0.625]),
            "scores (log 1, log 2, log 5): the exponentials are 1, 2 and 5, so the probabilities "
            "are 1/8, 2/8 and 5/8.")
    require(close(got[1], [0.25, 0.25, 0.5]),
            "scores (log 1, log 1, log 2): the probabilities are 1/4, 1/4 and 1/2. Is each row "
            "divided by its own sum?")
    with np.errstate(all="ignore"):
        big = as_numbers(function(np.array([[1000.0, 1000.0], [0.0, 0.0]])), (2, 2),
                         "softmax of scores of 1000")
        far = as_numbers(function(np.array([[0.0, 0.0, 3000.0]])), (1, 3),
                         "softmax of the scores (0, 0, 3000)")
    require(close(big, 0.5), "Equal scores of 1000: both probabilities are 1/2.")
    require(close(far, [[0, 0, 1]]), "Scores (0, 0, 3000): the probabilities are 0, 0 and 1.")


@visible_check
def log_softmax(function: Callable) -> None:
    """Check simple fractions, and scores whose probability is rounded to 0."""
    scores = np.log([[1.0, 3.0], [1.0, 1.0]])
    got = as_numbers(function(scores), (2, 2), "log_softmax(scores) for two rows of two")
    require(bool(np.all(got <= 0)), "a probability is at most 1, so its logarithm is at most 0.")
    require(close(np.exp(got), [[0.25, 0.75], [0.5, 0.5]]),
            "scores (log 1, log 3) and (log 1, log 1): the logarithms are those of 1/4 and 3/4, "
            "and of 1/2 and 1/2.")
    with np.errstate(all="ignore"):
        far = as_numbers(function(np.array([[0.0, 1000.0], [5.0, 5.0]])), (2, 2),
                         "log_softmax of scores that are 1000 apart")
    require(close(far[0], [-1000.0, 0.0]),
            "scores (0, 1000): the logarithms are -1000 and 0. Is a logarithm taken of a "
            "probability that was rounded to 0, or is something added inside it?")


@visible_check
def cross_entropy(function: Callable) -> None:
    """Check the mean over two examples with known probabilities."""
    log_probs = np.log([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]])
    got = as_numbers(function(log_probs[:1], np.array([0])), (), "the loss of one example")
    require(close(got, np.log(2)), "The true class has the probability 1/2: the loss is log 2.")
    got = as_numbers(function(log_probs, np.array([1, 2])), (), "the loss of two examples")
    require(close(got, 2.5 * np.log(2)),
            "True classes with the probabilities 1/4 and 1/8: the losses are 2 log 2 and 3 log 2, "
            f"their mean is 2.5 log 2, about 1.733. Yours is {float(got):.3f}.")


@visible_check
def score_gradient(function: Callable) -> None:
    """Check signs, sums and size of the gradient."""
    probs, y = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]]), np.array([0, 2])
    kept = probs.copy()
    got = as_numbers(function(probs, y), (2, 3), "score_gradient(probs, y) for two rows of three")
    require(bool(np.all(probs == kept)), "score_gradient changes probs. Work on a copy.")
    require(bool(np.all(got[[0, 1], y] < 0)),
            "The true class's score should go up to lower the loss: its entry is negative.")
    require(close(got.sum(axis=1), 0), "The entries of each row should add up to 0.")
    require(abs(got[1, 1] - 0.375) < CLOSE,
            "Example 2, class 1: its probability is 3/4, it is not the true class, and the mean "
            f"over 2 examples halves it: 3/8. Yours is {got[1, 1]:g}.")


def _check_loss(function: Callable, name: str) -> None:
    X, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([0, 1])
    W, b = np.zeros((2, 2)), np.zeros(2)
    what = f"{name}(X, y, W, b, reg)"
    loss, dW, db = items(function(X, y, W, b, 0.0), 3, what)
    loss, dW, db = (as_numbers(loss, (), "the loss"), as_numbers(dW, (2, 2), "dW"),
                    as_numbers(db, (2,), "db"))
    require(close(loss, np.log(2)), "W and b are 0: both classes have the probability 1/2, so "
                                     f"the loss is log 2. Yours is {float(loss):g}.")
    require(close(db, 0), "Each class is true once and has the probability 1/2 twice: db is 0.")
    require(close(dW, [[0.5, -0.75], [-0.5, 0.75]]),
            "Row 0 of dW is the mean of (1/2 - 1) x_0 and 1/2 x_1: (0.5, -0.75). "
            f"Yours is ({dW[0, 0]:g}, {dW[0, 1]:g}).")
    _, _, db = items(function(X, 0 * y, W, b, 0.0), 3, what)
    require(close(as_numbers(db, (2,), "db"), [-0.5, 0.5]),
            "Two examples of class 0, all probabilities 1/2: db is (-1/2, 1/2).")
    W = np.array([[2.0, 0.0], [0.0, 1.0]])
    tilted = np.array([1.0, -1.0])
    plain, dW, _ = items(function(X, y, W, tilted, 0.0), 3, what)
    more, dW_more, _ = items(function(X, y, W, tilted, 0.5), 3, what)
    require(close(np.subtract(more, plain), 1.25),
            "reg = 0.5 and a sum of squared weights of 5 should add 0.5 * 0.5 * 5 = 1.25 to the "
            "loss. (The biases are left out.)")
    require(close(np.subtract(dW_more, dW), 0.5 * W), "reg = 0.5 should add 0.5 W to dW.")
    with np.errstate(all="ignore"):
        big, _, _ = items(function(X, y, 1000 * W, b, 0.0), 3, what)
    require(close(as_numbers(big, (), "the loss of large scores"), 3500 + np.log(2) / 2),
            "W with entries of 1000 and more: the losses are log 2 and 7000. Are they computed "
            "from log_softmax?")
    level, _, db = items(function(X, y, W, b, 0.0), 3, what)
    require(not close(level, plain), "The biases make no difference: are they in the scores?")
    require(close(np.sum(db), 0), "The entries of db should add up to 0.")


@visible_check
def softmax_loss_loops(function: Callable) -> None:
    """Check loss and gradients where they can be followed by hand."""
    _check_loss(function, "softmax_loss_loops")


@visible_check
def softmax_loss(function: Callable) -> None:
    """The same; loops are looked for in grading only."""
    _check_loss(function, "softmax_loss")


@visible_check
def predict(function: Callable) -> None:
    """Check the choice among three classes whose scores can be read off."""
    W, b = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.zeros(3)
    X = np.log([[6.0, 1.0], [1.0, 3.0], [1.0, 1.0]])
    classes, confidence = items(function(X, W, b), 2, "predict(X, W, b)")
    classes = as_numbers(classes, (3,), "the classes")
    confidence = as_numbers(confidence, (3,), "the confidence")
    require(classes.tolist() == [0.0, 1.0, 0.0],
            "The scores are (log 6, 0, 0), (0, log 3, 0) and (0, 0, 0): the classes are 0, 1 and, "
            "of equals, the first, 0.")
    require(close(confidence, [0.75, 0.6, 1 / 3]),
            "The confidence is the probability of the predicted class: 6/8, 3/5 and 1/3.")
    with np.errstate(all="ignore"):
        classes, confidence = items(function(1000 * X, W, b), 2, "predict(1000 X, W, b)")
    require(as_numbers(classes, (3,), "the classes").tolist() == [0.0, 1.0, 0.0]
            and close(as_numbers(confidence, (3,), "the confidence"), [1, 1, 1 / 3]),
            "Scores a thousand times as large: the same classes, with confidence 1, 1 and 1/3.")
    moved, _ = items(function(X[:1], W, np.array([0.0, 9.0, 0.0])), 2, "predict(X, W, b)")
    require(as_numbers(moved, (1,), "the classes")[0] == 1, "With a bias of 9, class 1 wins.")


@visible_check
def train_softmax(function: Callable) -> None:
    """Check the first step by hand, and that the loss falls."""
    X, y = np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([0, 1])
    W, b, losses = items(function(X, y, 2, 0.1, 0.0, 1), 3, "train_softmax")
    W, b = as_numbers(W, (2, 2), "W"), as_numbers(b, (2,), "b")
    losses = as_history(losses, "losses")
    require(len(losses) == 1, "One step was asked for: losses has one entry, the loss before it.")
    require(close(losses[0], np.log(2)), "The first loss is that of W = 0, b = 0: log 2.")
    require(close(W, [[0.05, -0.1], [-0.05, 0.1]]) and close(b, 0),
            "By hand: dW is ((-0.5, 1), (0.5, -1)) and db is 0 at the start, so after one step "
            f"with lr = 0.1 W is ((0.05, -0.1), (-0.05, 0.1)). Yours begins with {W[0, 0]:g}.")
    _, _, losses = items(function(X, y, 2, 0.1, 0.0, 20), 3, "train_softmax")
    losses = as_history(losses, "losses")
    require(len(losses) == 20, f"20 steps give 20 losses; yours has {len(losses)}.")
    require(bool(np.all(np.diff(losses) < 0)), "The loss should fall in every step here.")
    W_reg, _, _ = items(function(X, y, 2, 0.1, 1.0, 20), 3, "train_softmax")
    W, _, _ = items(function(X, y, 2, 0.1, 0.0, 20), 3, "train_softmax")
    require(np.sum(np.square(W_reg)) < np.sum(np.square(W)),
            "With reg = 1 the weights should stay smaller than with reg = 0. Is reg passed on?")
    _, b, _ = items(function(X[:1], y[:1], 2, 0.1, 0.0, 5), 3, "train_softmax")
    require(as_numbers(b, (2,), "b")[0] > 0, "With examples of class 0 only, its bias should grow.")
