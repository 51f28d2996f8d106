"""Visible checks of hw1_perceptron, by worked examples small enough to follow by hand."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    CheckFailed,
    as_history,
    as_numbers,
    items,
    require,
    visible_check,
)


@visible_check
def unit(function: Callable) -> None:
    """Check `unit(X, w, b)` on sums of 3, -1 and exactly 0."""
    X, w = np.array([[1.0, 2.0], [1.0, -2.0], [1.0, -1.0]]), np.array([1.0, 2.0])
    before = X.copy()
    got = as_numbers(function(X, w, 1.0), (3,), "unit(X, w, b) for three examples")
    require(bool(np.all(before == X)), "unit changes X; it should only read it.")
    require(set(got) <= {0.0, 1.0}, f"outputs should be 0 or 1, yours are {sorted(set(got))}.")
    require(got[0] == 1, "x = (1, 2), w = (1, 2), b = 1: the sum is 6 > 0, so the output is 1.")
    require(got[1] == 0, "x = (1, -2), w = (1, 2), b = 1: the sum is -2 < 0, so the output is 0.")
    require(got[2] == 0, "x = (1, -1), w = (1, 2), b = 1: the sum is exactly 0. The threshold is "
                         "strict, so the output is 0.")
    require(as_numbers(function(X, w, 1.5), (3,), "the output")[2] == 1,
            "With b = 1.5 the third sum is 0.5 > 0. Is the bias added?")


@visible_check
def gate(function: Callable) -> str:
    """Check that NOT and AND do what their names say, by the sums that the weights give."""
    w, b = items(function("NOT"), 2, "gate('NOT')")
    w, b = as_numbers(w, (1,), "w of NOT"), as_numbers(b, (), "b of NOT")
    require(w[0] * 0 + b > 0, "NOT: for the input 0 the sum should be greater than 0.")
    require(w[0] * 1 + b <= 0, "NOT: for the input 1 the sum should not be greater than 0.")
    for name in ("AND", "OR", "NAND"):
        w, b = items(function(name), 2, f"gate({name!r})")
        w, b = as_numbers(w, (2,), f"w of {name}"), as_numbers(b, (), f"b of {name}")
        fires_for_none = b > 0
        require(bool(fires_for_none) == (name == "NAND"),
                f"{name}: the input (0, 0) should give {int(name == 'NAND')}.")
        require(bool(w.sum() + b > 0) == (name != "NAND"),
                f"{name}: the input (1, 1) should give {int(name != 'NAND')}.")
    return "two inputs of each gate look right; try the others yourself"


@visible_check
def xor(function: Callable) -> None:
    """Check two rows of the truth table and the shape."""
    got = as_numbers(function(np.array([[0.0, 1.0], [1.0, 1.0]])), (2,), "xor(X) for two rows")
    require(got[0] == 1, "0 XOR 1 is 1: exactly one input is 1.")
    require(got[1] == 0, "1 XOR 1 is 0: exactly one input has to be 1.")
    as_numbers(function(np.array([[1.0, 0.0]])), (1,), "xor(X) for one row")


@visible_check
def perceptron_update(function: Callable) -> None:
    """Check the two properties of the update: which way it goes and when it stays."""
    w, b, x = np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0])
    before = w @ x + b  # 1.5: the unit gives 1
    kept_w, kept_x = w.copy(), x.copy()
    new_w, new_b = items(function(w, b, x, 0), 2, "perceptron_update")
    new_w, new_b = as_numbers(new_w, (2,), "the new w"), as_numbers(new_b, (), "the new b")
    require(bool(np.all(w == kept_w) and np.all(x == kept_x)),
            "perceptron_update changes the arrays that it is given. Make new ones.")
    after = new_w @ x + new_b
    require(after != before, "The prediction 1 is wrong for label 0, yet the sum stayed the same.")
    require(after < before, "For label 0 and prediction 1 the sum should go down; yours goes up.")
    # each of the D weights moves by x_i and the bias by 1, so the sum moves by |x|^2 + 1
    require(abs(before - after - (x @ x + 1)) < 1e-12,
            f"The sum should change by |x|^2 + 1 = {x @ x + 1:g}; yours changes by "
            f"{abs(before - after):g}. Does the bias learn too? Is the step (y - yhat) x?")
    same_w, same_b = items(function(w, b, x, 1), 2, "perceptron_update")
    same_w, same_b = as_numbers(same_w, (2,), "the new w"), as_numbers(same_b, (), "the new b")
    require(bool(np.all(same_w == w) and same_b == b),
            "The prediction 1 is right for label 1: nothing should change.")


@visible_check
def train_perceptron(function: Callable) -> None:
    """Check the run on two points of one feature, which can be followed by hand."""
    X, y = np.array([[2.0], [-1.0]]), np.array([1, 0])
    w, b, mistakes = items(function(X, y, 10), 3, "train_perceptron")
    w, b = as_numbers(w, (1,), "w"), as_numbers(b, (), "b")
    mistakes = as_history(mistakes, "mistakes")
    require(w[0] * 2 + b > 0 and -w[0] + b <= 0, "The two points are not told apart at the end.")
    require(mistakes[-1] == 0, "The last epoch run should have 0 mistakes, and be in the list.")
    require(mistakes[0] == 1,
            "In the first epoch only the first point is a mistake: from the zero start the sum is "
            "0, so the prediction is 0. After the update the second point is right.")
    require(len(mistakes) == 2, "Training should end right after the first epoch without a "
                                f"mistake, the second one; yours ran {len(mistakes)}.")
    require(w[0] == 2 and b == 1,
            "By hand: the only update adds 1 times (2, 1) to (w, b) = (0, 0), so w = 2 and b = 1. "
            f"Yours are w = {w[0]:g} and b = {b:g}.")
    contradictory = np.array([[1.0], [1.0]])
    _, _, mistakes = items(function(contradictory, y, 5), 3, "train_perceptron")
    mistakes = as_history(mistakes, "mistakes")
    require(len(mistakes) == 5, "The same point with both labels: max_epochs = 5 should end "
                                f"training after 5 epochs, yours ran {len(mistakes)}.")


@visible_check
def predict_classes(function: Callable) -> None:
    """Check the choice among three classes whose scores can be read off."""
    W, b = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.zeros(3)
    X = np.array([[3.0, 1.0], [0.0, 2.0], [-2.0, -1.0], [1.0, 1.0]])
    got = as_numbers(function(X, W, b), (4,), "predict_classes(X, W, b) for four examples")
    require(got[0] == 0, "x = (3, 1) has the scores (3, 1, -4): the class is 0.")
    require(got[1] == 1, "x = (0, 2) has the scores (0, 2, -2): the class is 1.")
    require(got[2] == 2, "x = (-2, -1) has the scores (-2, -1, 3): the class is 2.")
    require(got[3] == 0, "x = (1, 1) has the scores (1, 1, -2): of equals, the first is taken.")
    moved = as_numbers(function(X[:1], W, np.array([0.0, 5.0, 0.0])), (1,), "the answer")
    require(moved[0] == 1, "With b = (0, 5, 0) the scores of (3, 1) are (3, 6, -4): is b added?")


@visible_check
def train_classes(function: Callable) -> None:
    """Check shapes, the end of training and the first epoch of a run followed by hand."""
    X, y = np.array([[4.0, 0.0], [-2.0, 3.0], [-2.0, -3.0]]), np.array([0, 1, 2])
    W, b, mistakes = items(function(X, y, 3, 50), 3, "train_classes")
    W, b = as_numbers(W, (3, 2), "W"), as_numbers(b, (3,), "b")
    mistakes = as_history(mistakes, "mistakes")
    sums = X @ W.T + b
    require(bool(np.all((sums > 0) == np.eye(3, dtype=bool))),
            "At the end each unit should fire for its own class and for no other.")
    require(mistakes[-1] == 0, "The last epoch run should have 0 wrong decisions.")
    require(0 not in mistakes[:-1], "Training should end right after the first epoch without a "
                                    "wrong decision; yours goes on.")
    W, b, mistakes = items(function(X[:1], y[:1], 3, 1), 3, "train_classes")
    require(as_history(mistakes, "mistakes") == [1],
            "One example, one epoch: from the zero start only its own class's unit is wrong, so "
            "mistakes is [1].")
    W, b = as_numbers(W, (3, 2), "W"), as_numbers(b, (3,), "b")
    require(bool(np.all(W[1:] == 0)),
            "Units that were right must not learn: only the first row of W changes here.")
    require(bool(np.all(W[0] == X[0])) and b[0] == 1,
            "That unit's only update adds 1 times x to its weights and 1 to its bias.")
    _, _, mistakes = items(function(X[[0, 0]], np.array([0, 1]), 3, 1), 3, "train_classes")
    mistakes = as_history(mistakes, "mistakes")
    require(mistakes == [3], "The same example with label 0, then 1: first unit 0 is wrong. "
                             "Then unit 1 is wrong, as it is silent, and unit 0, as it fires. So "
                             f"mistakes is [3], yours is {[round(m) for m in mistakes]}.")


@visible_check
def classify_digits(function: Callable, X_train, y_train, X_test, y_test) -> str:
    """Check the answer's form and say how many images are classified correctly.

    Parameters
    ----------
    X_train, X_test : images (N, D), as rows of floats in [0, 1]
    y_train, y_test : the digits (N,)
    """
    got = as_numbers(function(X_train, y_train, X_test), (len(X_test),), "the predictions")
    if not set(got) <= set(range(10)):
        raise CheckFailed("predictions should be digits from 0 to 9.")
    accuracy = float(np.mean(got == y_test))
    require(accuracy > 0.5, f"only {accuracy:.0%} of the images are right; guessing gives 10%.")
    return f"{accuracy:.1%} of {len(X_test)} new images are right"
