"""Visible checks of hw2_softmax's loss, predictions and training, by hand and by properties."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import CheckFailed, as_numbers, items, require, visible_check
from nncourse.check.compared import across_kinds, call, checked, equals
from nncourse.values import as_array, describe

# two examples and four classes, of which 1 and 2 do not occur
EXAMPLES, CLASSES = np.array([[2.0, 4.0, -2.0], [6.0, -4.0, 8.0]]), np.array([3, 0])
# for W = 0 and b = 0, where every probability is 1/4
START_DW = np.array([[-2.0, 2.0, -3.25], [1.0, 0.0, 0.75], [1.0, 0.0, 0.75], [0.0, -2.0, 1.75]])
START_DB = np.array([-0.25, 0.25, 0.25, -0.25])


def _check_loss(function: Callable, name: str) -> None:
    def ask(X, y, W, b, reg, about=""):
        value = call(function, X, y, W, b, reg, about=about or "A batch of two examples")
        loss, dW, db = items(value, 3, f"{name}(X, y, W, b, reg)")
        about = about and f"{about}: "
        return (checked(loss, (), f"{about}the loss"), checked(dW, W.shape, f"{about}dW"),
                checked(db, b.shape, f"{about}db"))

    loss, dW, db = ask(EXAMPLES, CLASSES, np.zeros((4, 3)), np.zeros(4), 0.0)
    start = "W and b are 0, so all four probabilities are 1/4."
    equals(loss, np.log(4), f"{start} The loss", "It is log 4.")
    equals(db, START_DB, f"{start} db", "The true classes are 3 and 0: each entry of db is the "
           "mean of 1/4 - 1 where its class is true and 1/4 where it is not.")
    equals(dW, START_DW, f"{start} dW", "Row 3 is the mean of (1/4 - 1) x_0 and 1/4 x_1, row 0 "
           "that of 1/4 x_0 and (1/4 - 1) x_1.")

    W, b = np.log([[4.0, 1.0], [1.0, 3.0], [1.0, 2.0]]), np.log([1.0, 1.0, 3.0])
    loss, dW, db = ask(np.eye(2), np.array([2, 0]), W, b, 0.0)
    told = ("The exponentials of the scores are (4, 1, 3) and (1, 3, 6), the true classes 2 and 0. "
            "The biases count in the scores.")
    equals(loss, np.log(80 / 3) / 2, f"{told} The loss", "It is the mean of log 8/3 and log 10.")
    equals(dW, [[0.25, -0.45], [0.0625, 0.15], [-0.3125, 0.3]], f"{told} dW")
    equals(db, [-0.2, 0.2125, -0.0125], f"{told} db")
    _check_penalty(ask)

    scores = np.array([[1000.0, 2000.0, 0.0, 2000.0], [-5000.0, -5000.0, -5000.0, -9000.0],
                       [3000.0, 0.0, 0.0, 3000.0]])
    loss, dW, _ = ask(np.eye(3), np.array([0, 1, 3]), scores.T, np.zeros(4), 0.0,
                      "Scores of 1,000 and more")
    equals(loss, (1000 + 2 * np.log(2) + np.log(3)) / 3, "Scores of 1,000 and more, true classes "
           "with the probabilities 0, 1/3 and 1/2. The loss", "The first one's share is "
           "1000 + log 2: is the logarithm taken of a probability that was rounded to 0?")
    equals(dW, np.array([[-3, 1, 1.5], [1.5, -2, 0], [0, 1, 0], [1.5, 0, -1.5]]) / 9,
           "Scores of 1,000 and more. dW", "Is each row's own maximum subtracted before exp?")

    W, b = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0]]), np.array([0.5, -1.0])
    both = ask(EXAMPLES, np.array([1, 0]), W, b, 0.0)
    ones = [ask(EXAMPLES[n:n + 1], np.array([1 - n]), W, b, 0.0, "One example") for n in (0, 1)]
    for what, got, first, second in zip(("the loss", "dW", "db"), both, *ones):
        equals(got, (first + second) / 2, f"A batch of two, after a batch of each alone: {what}",
               "It is the mean of what each gives alone.")
    across_kinds(function, (EXAMPLES, np.array([1, 0]), W, b, 0.5), "X y W b reg", lambda value: [
        as_numbers(part, np.shape(right), what) for what, part, right in zip(
            ("the loss", "dW", "db"), items(value, 3, name), both)])


def _check_penalty(ask: Callable) -> None:
    """What reg adds to the loss and to dW, and that the biases are left alone."""
    W = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    b = np.array([1.0, -1.0, 0.5, 2.0])
    loss, dW, db = ask(EXAMPLES, CLASSES, W, b, 0.0)
    more_loss, more_dW, more_db = ask(EXAMPLES, CLASSES, W, b, 0.5)
    equals(more_loss - loss, 2.5, "reg = 0.5, the squares of the weights add up to 10. What reg "
           "adds to the loss", "It is half of 0.5 * 10, however many examples there are, and the "
           "biases have no part in it.")
    equals(more_dW - dW, 0.5 * W, "reg = 0.5. What reg adds to dW", "It is 0.5 W.")
    equals(more_db - db, 0, "reg = 0.5. What reg adds to db", "The biases are not regularised.")


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
    W, X = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.log([
        [6.0, 1.0], [1.0, 3.0], [1.0, 1.0], [0.5, 1.0], [2.0, 2.0]])
    none, some = np.zeros(3), np.log([1.0, 1.0, 4.0])

    def check(X, b, classes, confidence, what, hint=""):
        value = call(function, X, W, b, about=what)
        got, sure = items(value, 2, "predict(X, W, b)")
        equals(checked(got, (len(X),), "the classes"), classes, f"{what}: the class", hint)
        equals(checked(sure, (len(X),), f"{what}: the confidence"), confidence,
               f"{what}: the confidence", "It is the probability of the predicted class.")

    check(X[:2], none, [0, 1], [0.75, 0.6], "The scores (log 6, 0, 0) and (0, log 3, 0)",
          "It is the index of the largest score.")
    check(X, none, [0, 1, 0, 1, 0], [0.75, 0.6, 1 / 3, 0.4, 0.4],
          "The scores (log 6, 0, 0), (0, log 3, 0), (0, 0, 0), (log 1/2, 0, 0), (log 2, log 2, 0)",
          "Of equal scores the first wins.")
    check(X[:2], some, [0, 2], [6 / 11, 0.5],
          "With the bias log 4 for class 2, the scores (log 6, 0, log 4) and (0, log 3, log 4)",
          "Are the biases in the scores?")
    check(1000 * X, none, [0, 1, 0, 1, 0], [1, 1, 1 / 3, 0.5, 0.5],
          "The same without biases, and the scores a thousand times as large",
          "They are in the same order. Is the class taken from numbers that have overflowed?")
    check(X[1:2], some, [2], [0.5], "One example, with the scores (0, log 3, log 4)")
    across_kinds(function, (X, W, some), "X W b", lambda value: [
        as_numbers(part, (5,), what) for what, part in zip(
            ("the classes", "the confidence"), items(value, 2, "predict(X, W, b)"))])


@visible_check
def train_softmax(function: Callable) -> None:
    """Check the first steps by hand, what reg changes, and that the loss falls."""
    def ask(X, y, C, lr, reg, steps, about):
        value = call(function, X, y, C, lr, reg, steps, about=about)
        W, b, losses = items(value, 3, "train_softmax")
        asked = f"{steps} step{'s' * (steps > 1)}: losses should be a list with one number for each"
        numbers = as_array(losses)
        if numbers is None or numbers.ndim != 1:
            raise CheckFailed(f"{asked}; yours is {describe(losses)}.")
        require(len(numbers) == steps, f"{asked}, the loss before it; yours has {len(numbers)}.")
        losses = as_numbers(losses, (steps,), "losses")
        return as_numbers(W, (C, X.shape[1]), "W"), as_numbers(b, (C,), "b"), losses

    W, b, losses = ask(EXAMPLES, CLASSES, 4, 0.1, 0.0, 1, "One step")
    equals(losses, [np.log(4)], "Four classes: the first loss",
           "It is that of W = 0 and b = 0, log 4.")
    hint = ("After one step with lr = 0.1 it is -0.1 times the gradient at W = 0, b = 0, where all "
            "four probabilities are 1/4.")
    equals(W, -0.1 * START_DW, "One step: W", hint)
    equals(b, -0.1 * START_DB, "One step: b", hint)

    W, b, losses = ask(np.array([[1.0, 0.0]]), np.array([1]), 2, np.log(3), 0.0, 2, "One example")
    told = "One example x = (1, 0) of class 1, lr = log 3, two steps"
    equals(losses, [np.log(2), np.log(10 / 9)], f"{told}: the loss before each step",
           "Class 1 has the probability 1/2, and after the first step 9/10.")
    hint = "The first step moves each by half of log 3, the second by a tenth."
    equals(W, 0.6 * np.log(3) * np.array([[-1, 0], [1, 0]]), f"{told}: W", hint)
    equals(b, [-0.6 * np.log(3), 0.6 * np.log(3)], f"{told}: b", hint)

    first, _, _ = ask(EXAMPLES, CLASSES, 4, 0.1, 0.5, 1, "One step with reg = 0.5")
    plain, plain_b, before = ask(EXAMPLES, CLASSES, 4, 0.1, 0.0, 2, "Two steps")
    more, more_b, after = ask(EXAMPLES, CLASSES, 4, 0.1, 0.5, 2, "Two steps with reg = 0.5")
    equals(more - plain, -0.05 * first, "Two steps with lr = 0.1: what reg = 0.5 changes in W",
           "The second step's dW has the term 0.5 W, once, and is multiplied by lr.")
    equals(more_b - plain_b, 0, "Two steps: what reg = 0.5 changes in b",
           "The biases are not regularised.")
    equals(after - before, [0, 0.25 * np.sum(first * first)],
           "Two steps: what reg = 0.5 adds to the losses", "They have the regularisation in them.")

    _, _, losses = ask(EXAMPLES, CLASSES, 4, 0.02, 0.1, 30, "30 steps")
    require(bool(np.all(np.diff(losses) < 0)), "30 steps with lr = 0.02: the loss should fall in "
                                               "every step here.")
    ask(EXAMPLES, np.array([0, 1]), 4, 0.1, 0.5, 2, "The classes 2 and 3 have no example")
    across_kinds(function, (EXAMPLES, CLASSES, 4, 0.1, 0.5, 3), "X y num_classes lr reg steps",
                 lambda value: [as_numbers(part, shape, what) for what, part, shape in zip(
                     ("W", "b", "losses"), items(value, 3, "train_softmax"),
                     ((4, 3), (4,), (3,)))])
