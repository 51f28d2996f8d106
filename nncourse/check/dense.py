"""Visible checks of hw4_two_layer's layers, by hand-made numbers and finite differences."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    as_numbers,
    close,
    first_wrong,
    items,
    require,
    visible_check,
)
from nncourse.layouts import LAYOUTS, together


@visible_check
def affine_forward(function: Callable) -> None:
    """Check a batch that can be followed by hand, then sizes of 1 and kinds of arrays."""
    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0], [0.5, 3.0, 0.0], [-2.0, 1.0, 1.0]])
    W, b = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]), np.array([10.0, -20.0])
    want = np.array([[17, -18], [9, -21], [16.5, -20], [13, -19]])
    got = as_numbers(function(X, W, b), (4, 2), "affine_forward(X, W, b)")
    if place := first_wrong(got, want, 1e-6):
        n, h = place
        terms = " + ".join(f"{x:g}*{w:g}" for x, w in zip(X[n], W[h]))
        require(False, f"Example {n}, output {h}: {terms} + {b[h]:g} = {want[place]:g}. Yours is "
                       f"{got[place]:g}.")
    for N, D, H in [(4, 3, 1), (1, 3, 2), (4, 1, 2)]:
        got = as_numbers(function(X[:N, :D], W[:H, :D], b[:H]), (N, H),
                         f"With {N} examples, {D} inputs and {H} outputs, the answer")
        if D == 3:
            require(close(got, want[:N, :H]), "Examples and outputs should not depend on how many "
                                              "others there are.")
    for words, same in zip(LAYOUTS, together(X, W, b)):
        require(close(as_numbers(function(*same), (4, 2), f"for arrays {words}, the answer"), want),
                f"The same numbers, {words}, should give the same answer.")


@visible_check
def affine_backward(function: Callable) -> None:
    """Check a batch that can be followed by hand, then sizes of 1 and kinds of arrays."""
    dout = np.array([[1.0, 0.0], [-2.0, 1.0], [0.5, 3.0], [0.0, -1.0]])
    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0], [2.0, 3.0, 0.0], [-2.0, 1.0, 1.0]])
    W = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]])
    dX = np.array([[1, 2, 3], [-2, -5, -5], [0.5, -2, 4.5], [0, 1, -1]])
    dW, db = np.array([[2, -0.5, 4], [8, 9, -2]]), np.array([-0.5, 3])

    def gradients(dout, X, W, words=""):
        got = items(function(dout, X, W), 3, "affine_backward(dout, X, W)")
        return [as_numbers(value, shape, name + words) for value, shape, name in zip(
            got, (X.shape, W.shape, W.shape[:1]), ("dX", "dW", "db"))]

    got = gradients(dout, X, W)
    for mine, want, name, words in [
            (got[2], db, "db", "each bias is used by all four examples, so what arrives there in a "
                               "column of dout adds up"),
            (got[1], dW, "dW", "row h of dW adds up the rows of X, each times its dout in column "
                               "h"),
            (got[0], dX, "dX", "row n of dX adds up the rows of W, each times its dout in row n")]:
        if place := first_wrong(mine, want, 1e-6):
            at = ", ".join(map(str, place))
            require(False, f"{name}[{at}] should be {want[place]:g}, yours is {mine[place]:g}: "
                           f"{words}.")
    alone = [gradients(dout[n:n + 1], X[n:n + 1], W, " for a single example") for n in range(4)]
    require(all(close(alone[n][0], dX[n:n + 1]) for n in range(4)),
            "dX of a single example should be its row of dX for all of them.")
    require(all(close(sum(one[i] for one in alone), want) for i, want in ((1, dW), (2, db))),
            "dW and db of all four examples should be the sums of those of each example alone.")
    units = [gradients(dout[:, h:h + 1], X, W[h:h + 1], " for a single output") for h in range(2)]
    require(close(units[0][0] + units[1][0], dX) and all(
        close(units[h][1], dW[h:h + 1]) and close(units[h][2], db[h:h + 1]) for h in range(2)),
            "For one output at a time, dW and db should be its rows, and the two dX add up.")
    one = gradients(dout, X[:, :1], W[:, :1], " for a single input")
    require(all(map(close, one, (dX[:, :1], dW[:, :1], db))),
            "For the first input alone, dX and dW should be their first columns.")
    for words, same in zip(LAYOUTS, together(dout, X, W)):
        require(all(map(close, gradients(*same), (dX, dW, db))),
                f"The same numbers, {words}, should give the same gradients.")


@visible_check
def relu_forward(function: Callable) -> None:
    """Check negative, zero and positive entries, numbers of axes and kinds of arrays."""
    Z = np.array([[-2.0, 0.0, 3.0], [0.5, -0.5, 100.0], [-100.0, 7.0, 0.25]])
    want = np.array([[0, 0, 3], [0.5, 0, 100], [0, 7, 0.25]])
    got = as_numbers(function(Z), (3, 3), "relu_forward(Z)")
    if place := first_wrong(got, want, 1e-6):
        require(False, f"Positive entries stay, all others become 0: {Z[place]:g} should become "
                       f"{want[place]:g}, yours is {got[place]:g}.")
    for shape in [(9,), (3, 1, 3), (1, 3, 3, 1)]:
        got = as_numbers(function(Z.reshape(shape)), shape, f"for Z of shape {shape}, the output")
        require(close(got, want.reshape(shape)),
                f"For Z of shape {shape} the output is wrong: the number of axes does not matter.")
    for words, (same,) in zip(LAYOUTS, together(Z)):
        require(close(as_numbers(function(same), (3, 3), "relu_forward(Z)"), want),
                f"The same numbers, {words}, should give the same output.")


@visible_check
def relu_backward(function: Callable) -> None:
    """Check that the forward input decides, and the gradient passes."""
    Z = np.array([[-2.0, 0.0, 3.0], [0.5, -0.5, 1.0], [0.0, 4.0, -7.0]])
    dH = np.array([[5.0, 6.0, 7.0], [-8.0, 9.0, 4.0], [-1.0, -0.5, -2.0]])
    want = np.array([[0, 0, 7], [-8, 0, 4], [0, -0.5, 0]])
    got = as_numbers(function(dH, Z), (3, 3), "relu_backward(dH, Z)")
    if place := first_wrong(got, want, 1e-6):
        require(False, "dH passes where Z > 0 and nowhere else, whatever its sign: "
                       f"Z = {Z[place]:g} and dH = {dH[place]:g} give {want[place]:g}, yours is "
                       f"{got[place]:g}.")
    for shape in [(9,), (3, 1, 3), (1, 3, 3, 1)]:
        got = as_numbers(function(dH.reshape(shape), Z.reshape(shape)), shape,
                         f"for arrays of shape {shape}, the gradient")
        require(close(got, want.reshape(shape)), f"For arrays of shape {shape} the gradient is "
                                                 "wrong: the number of axes does not matter.")
    for words, same in zip(LAYOUTS, together(dH, Z)):
        require(close(as_numbers(function(*same), (3, 3), "relu_backward(dH, Z)"), want),
                f"The same numbers, {words}, should give the same gradient.")


@visible_check
def softmax_cross_entropy(function: Callable) -> None:
    """Check known probabilities, sums, and large scores."""
    def values(scores, y, words=""):
        with np.errstate(all="ignore"):
            loss, dscores = items(function(scores, y), 2, "softmax_cross_entropy(scores, y)")
        return (as_numbers(loss, (), f"the loss{words}"),
                as_numbers(dscores, np.shape(scores), f"dscores{words}"))

    scores, y = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 1.0]]), np.array([2, 1])
    loss, dscores = values(scores, y)
    require(close(loss, 2 * np.log(2)),
            "True classes with the probabilities 1/2 and 1/8: the losses are log 2 and 3 log 2, "
            f"their mean is 2 log 2, about 1.386. Yours is {float(loss):.3f}.")
    want = np.array([[0.125, 0.125, -0.25], [0.375, -0.4375, 0.0625]])
    if place := first_wrong(dscores, want, 1e-6):
        n, c = place
        p = ("1/4", "1/4", "1/2", "3/4", "1/8", "1/8")[3 * n + c]
        term = f"({p} - 1)" if c == y[n] else p
        require(False, f"Example {n} of 2, true class {y[n]}: dscores of class {c} is {term} "
                       f"divided by 2, so {want[place]:g}. Yours is {dscores[place]:g}.")
    for truth, words in ((0, "the first"), (3, "the last")):
        loss, dscores = values(np.zeros((1, 4)), np.array([truth]), " of one example")
        require(close(loss, np.log(4)) and close(dscores, 0.25 - np.eye(4)[[truth]]),
                f"One example, four equal scores, {words} class is the true one: the loss is "
                "log 4, and dscores is 1/4 everywhere but -3/4 at the true class. Yours is "
                f"{dscores.ravel().tolist()}.")
    loss, dscores = values(np.array([[0.0, 3000.0]]), np.array([0]), " of scores (0, 3000)")
    require(close(loss, 3000),
            f"Scores (0, 3000), true class 0: the loss is 3000, yours is {float(loss):g}. Compute "
            "the logarithm from the scores.")
    require(close(dscores, [[-1, 1]]), "Scores (0, 3000), true class 0: dscores is (-1, 1).")
    far = " of two rows of scores, (-5000, -5000) and (6000, 6000),"
    loss, dscores = values(np.array([[-5000.0, -5000.0], [6000.0, 6000.0]]), np.array([0, 1]), far)
    require(close(loss, np.log(2)) and close(dscores, [[-0.25, 0.25], [0.25, -0.25]]),
            f"The loss{far} is log 2: in each row both classes have the probability 1/2.")
    for words, (same,) in zip(LAYOUTS, together(scores)):
        loss, dscores = values(same, y)
        require(close(loss, 2 * np.log(2)) and close(dscores, want),
                f"Scores {words} should give the same loss and gradient.")
    loss, dscores = values(scores, y.astype(np.uint8))
    require(close(loss, 2 * np.log(2)) and close(dscores, want),
            "Labels of another integer type (uint8) should give the same loss and gradient.")
