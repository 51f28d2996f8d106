"""Visible checks of hw1_perceptron, by worked examples small enough to follow by hand."""

from collections.abc import Callable

import numpy as np

from nncourse import values
from nncourse.check.base import (
    CheckFailed,
    Raised,
    as_history,
    as_numbers,
    close,
    items,
    kinds,
    require,
    visible_check,
)

TABLES: dict[str, dict[tuple[int, ...], int]] = {
    "NOT": {(0,): 1, (1,): 0},
    "AND": {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1},
    "OR": {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1},
    "NAND": {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 0}}


@visible_check
def unit(function: Callable) -> None:
    """Check `unit(X, w, b)` on sums above 0, below 0 and exactly 0."""
    w, b = np.array([1.0, 2.0]), 1.0
    # x1, x2, the weighted sum with its bias
    cases = [(1, 2, "1 + 4 + 1 = 6"), (1, -2, "1 - 4 + 1 = -2"), (1, -0.75, "1 - 1.5 + 1 = 0.5"),
             (0.5, -1, "0.5 - 2 + 1 = -0.5"), (-0.25, 0, "-0.25 + 0 + 1 = 0.75"),
             (0, 0, "0 + 0 + 1 = 1"), (1, -1, "1 - 2 + 1 = 0"), (-2, 0.25, "-2 + 0.5 + 1 = -0.5")]
    X = np.array([case[:2] for case in cases])
    got = as_numbers(function(X, w, b), (len(X),), f"unit(X, w, b) for {len(X)} examples")
    strange = sorted(set(got) - {0.0, 1.0})
    require(not strange, f"outputs should be 0 or 1; among yours is {_text(strange[:1])[1:-1]}.")
    for x, output, (_, _, z) in zip(X, got, cases):
        wanted = float(z.split("= ")[1]) > 0
        require(output == wanted, f"x = {_text(x)}, w = (1, 2), b = 1: the sum is {z}, so the "
                f"output is {wanted:d}. Yours is {output:g}." + (
                    " (The threshold is strict.)" if z.endswith("= 0") else ""))
    got = _answer(function, "one example with one input", [[2.0]], [-1.0], 3.0)
    require(as_numbers(got, (1,), "the output for one example")[0] == 1,
            "x = 2, w = -1, b = 3: the sum is -2 + 3 = 1, so the output is 1. Yours is 0.")
    for kind, same in _kinds([[2, 1], [-1, 0], [1, -3]]):
        got = as_numbers(_answer(function, kind, same, w, -1.0), (3,), f"the output for X {kind}")
        require(got.tolist() == [1, 0, 0], f"For X = ((2, 1), (-1, 0), (1, -3)), {kind}, w = "
                f"(1, 2) and b = -1 the sums are 3, -2 and -6. Your outputs are {_text(got)}.")


@visible_check
def gate(function: Callable) -> None:
    """Check the gates by the sums that their weights give."""
    for name, table in TABLES.items():
        num_inputs = len(next(iter(table)))
        w, b = items(function(name), 2, f"gate({name!r})")
        bias = values.as_array(b)
        w = as_numbers(w, (num_inputs,), f"w of {name}")
        b = as_numbers(b, () if bias is None or bias.size != 1 else bias.shape, f"b of {name}")
        for x, wanted in table.items():
            z = float(w @ x + b.reshape(()))
            require((z > 0) == wanted, f"{name}: the input {_text(x)} should give {wanted}, so its "
                    f"weighted sum should {'' if wanted else 'not '}be greater than 0. Yours is "
                    f"{z:g}.")


@visible_check
def xor(function: Callable) -> None:
    """Check rows of the truth table, in several orders and one at a time."""
    rows = [(1, 1), (0, 1), (0, 0), (1, 0), (0, 1), (1, 1)]
    for kind, X in [("", np.array(rows, float)), *_kinds(rows)]:
        got = _answer(function, kind or "six rows", X)
        _right_rows(rows, as_numbers(got, (len(rows),), f"xor(X) for {len(rows)} rows"),
                    kind and f", for X, {kind}")
    for row in rows[:4]:
        got = _answer(function, f"the row {row} alone", [row])
        _right_rows([row], as_numbers(got, (1,), f"xor(X) for the row {row} alone"), "")


def _right_rows(rows, got, where):
    for (first, second), output in zip(rows, got):
        why = {0: "no input is 1", 1: "exactly one input is 1", 2: "both inputs are 1"}
        wanted = int(first + second == 1)
        require(output == wanted, f"{first} XOR {second} is {wanted}: {why[first + second]}. "
                f"Yours is {output:g}{where}.")


@visible_check
def perceptron_update(function: Callable) -> None:
    """Check which way the update goes, how far, and when it stays."""
    # w, b, x, the weighted sum; what w and b are to be for the label that is not the prediction
    cases = [
        ((1, -1), 0.5, (2, 1), "2 - 1 + 0.5 = 1.5", (-1, -2), -0.5),
        ((0.5, -1), 0.25, (1, 1.5), "0.5 - 1.5 + 0.25 = -0.75", (1.5, 0.5), 1.25),
        ((1, -1), 2, (1, 2), "1 - 2 + 2 = 1", (0, -3), 1),
        ((-1, 0.5), -2, (-1, 1), "1 + 0.5 - 2 = -0.5", (-2, 1.5), -1),
        ((0, 0), 0, (1, 2), "0", (1, 2), 1),
        ((2,), -3, (1.5,), "3 - 3 = 0", (3.5,), -2),
    ]
    for w, b, x, z, other_w, other_b in cases:
        fires = float(z.split("= ")[-1]) > 0
        for label in (1 - fires, int(fires), float(1 - fires)):
            wrong = label != fires
            want_w, want_b = (other_w, other_b) if wrong else (w, b)
            got = items(function(np.array(w, float), b, np.array(x, float), label), 2,
                        "perceptron_update")
            _same([("the new w", got[0], want_w), ("the new b", got[1], want_b)],
                  f"w = {_text(w)}, b = {b:g}, x = {_text(x)}, label {label:g}. The sum is {z}, so "
                  f"the prediction {fires:d} is {'wrong' if wrong else 'right'} and y - yhat is "
                  f"{label - fires:g}")
    for kind, same in _kinds([2, -3]):
        got = items(_answer(function, kind, np.array([0.5, 0.25]), 0.0, same, 0), 2,
                    "perceptron_update")
        _same([("the new w", got[0], (-1.5, 3.25)), ("the new b", got[1], -1)],
              f"w = (0.5, 0.25), b = 0, x = (2, -3), {kind}, label 0. The sum is 0.25")


@visible_check
def train_perceptron(function: Callable) -> None:
    """Check a run that can be followed by hand, example by example and epoch by epoch."""
    X, y = np.array([[1.5, -1.0], [0.0, 1.5], [1.0, -1.5], [0.5, 0.0]]), np.array([1, 0, 1, 0])
    # by hand: w and b after an epoch on the first example, the first two, ...; how many wrong; why
    _follow(function, "train_perceptron", X, y, (), [
        ((1.5, -1), 1, 1, "From zeros the sum is 0, so the prediction 0 is wrong"),
        ((1.5, -1), 1, 1, "Its sum is -1.5 + 1 = -0.5, so the prediction 0 is right"),
        ((1.5, -1), 1, 1, "Its sum is 1.5 + 1.5 + 1 = 4, so the prediction 1 is right"),
        ((1, -1), 0, 2, "Its sum is 0.75 + 1 = 1.75, so the prediction 1 is wrong")])
    # after one epoch on all four, after two, after three
    _end(function, "train_perceptron", (X, y), (), [(1, -1), (0.5, -1), (0.5, -1)], [0, -1, -1],
         [2, 1, 0])
    # no line separates these: every epoch has mistakes
    X, y = np.array([[-0.5], [0.5], [1.5]]), np.array([1, 0, 1])
    _end(function, "train_perceptron", (X, y), (), [(0.5,), (1.5,), (1.0,)], [1, 1, 0], [3, 2, 1])
    for what, data, labels, w, b, mistakes in [
            ("all labels are 0", [[1, 2], [-1, 3]], [0, 0], (0, 0), 0, [0]),
            ("all labels are 1", [[1, 2], [-1, 3]], [1, 1], (1, 2), 1, [1, 0]),
            ("all inputs are 0", [[0.0, 0.0]], [1], (0, 0), 1, [1, 0]),
            ("labels are floats", [[2, 1], [-1, 2]], [1.0, 0.0], (3, -1), 0, [2, 0])]:
        got = items(_answer(function, f"data where {what}", data, labels, 9), 3,
                    "train_perceptron")
        where = f"X = {_text(data)}, y = {_text(labels)}, max_epochs = 9"
        _same([("w", got[0], w), ("b", got[1], b)], where)
        _right_history(got[2], mistakes, where)
    for kind, X in _kinds([[2, 1], [-1, 2]]):
        got = items(_answer(function, kind, X, np.array([1, 0]), 9), 3, "train_perceptron")
        _same([("w", got[0], (3, -1)), ("b", got[1], 0)],
              f"X = ((2, 1), (-1, 2)), {kind}, y = (1, 0), max_epochs = 9")


@visible_check
def predict_classes(function: Callable) -> None:
    """Check the choice among classes whose scores can be read off."""
    W, b = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.zeros(3)
    # x, its scores, the class
    cases = [((3, 1), "(3, 1, -4)", 0), ((0, 2), "(0, 2, -2)", 1), ((-2, -1), "(-2, -1, 3)", 2),
             ((1, 1), "(1, 1, -2)", 0), ((2, 3), "(2, 3, -5)", 1), ((-1, 1), "(-1, 1, 0)", 1),
             ((0.25, 0.5), "(0.25, 0.5, -0.75)", 1)]
    X = np.array([case[0] for case in cases], float)
    _right_classes(function, X, W, b, cases)
    moved = [((3, 1), "(3, 6, -4)", 1), ((-2, -1), "(-2, 4, 3)", 1), ((1, -9), "(1, -4, 8)", 2)]
    _right_classes(function, np.array([case[0] for case in moved], float), W,
                   np.array([0.0, 5.0, 0.0]), moved)
    low = [((0, 1), "(-3, -1, -3)", 1), ((1, 0), "(-2, -2, -3)", 0), ((-1, -1), "(-4, -3, 0)", 2),
           ((-1, 0), "(-4, -2, -1)", 2), ((0.25, 0.75), "(-2.75, -1.25, -3)", 1)]
    _right_classes(function, np.array([case[0] for case in low]), W, np.array([-3.0, -2.0, -2.0]),
                   low)
    two = np.array([[2.0], [-1.0]])
    for x, scores, wanted in [(1, "(2, -1)", 0), (-1, "(-2, 1)", 1)]:
        got = _answer(function, "one example, one input, two classes", [[float(x)]], two, [0, 0])
        require(as_numbers(got, (1,), "the answer for one example")[0] == wanted,
                f"x = {x}, W = ((2), (-1)), b = 0: the scores are {scores}, so the class is "
                f"{wanted}.")
    for kind, same in _kinds(X[:-1].astype(int)):
        got = as_numbers(_answer(function, kind, same, W, b), (len(same),),
                         f"the answer for X {kind}")
        require(got.tolist() == [case[2] for case in cases[:-1]],
                f"The same X, {kind} should give the same classes.")


def _right_classes(function, X, W, b, cases):
    got = as_numbers(_answer(function, f"{len(X)} examples and 3 classes", X, W, b), (len(X),),
                     f"predict_classes(X, W, b) for {len(X)} examples")
    for answer, (x, scores, wanted) in zip(got, cases):
        require(answer == wanted, f"x = {_text(x)}, W = {_text(W)}, b = {_text(b)}: the scores are "
                f"{scores}, so the class is {wanted}. Yours is {answer:g}." + (
                    " (Of equal scores, the first is taken.)" if scores == "(1, 1, -2)" else ""))


@visible_check
def train_classes(function: Callable) -> None:
    """Check a run that can be followed by hand, example by example and epoch by epoch."""
    X = np.array([[1.0, -0.5], [0.5, -1.0], [-1.0, -1.5], [-0.5, -2.0], [0.0, 2.0]])
    y = np.array([2, 2, 1, 1, 0])
    # by hand: W and b after an epoch on the first example, the first two, ...; how many wrong; why
    by_hand = [
        (((0, 0), (0, 0), (1, -0.5)), (0, 0, 1), 1,
         "From zeros all three sums are 0, so only unit 2 is wrong"),
        (((0, 0), (0, 0), (1, -0.5)), (0, 0, 1), 1,
         "Its sums are (0, 0, 2), so every unit is right"),
        (((0, 0), (-1, -1.5), (2, 1)), (0, 1, 0), 3,
         "Its sums are (0, 0, 0.75), so unit 1 is wrong, and unit 2 as well"),
        (((0, 0), (-1, -1.5), (2, 1)), (0, 1, 0), 3,
         "Its sums are (0, 4.5, -3), so every unit is right"),
        (((0, 2), (-1, -1.5), (2, -1)), (1, 1, -1), 5,
         "Its sums are (0, -2, 2), so unit 0 is wrong, and unit 2 as well")]
    _follow(function, "train_classes", X, y, (3,), by_hand)
    last = ((0, 2), (-2, -1), (2, -1))
    _end(function, "train_classes", (X, y), (3,), [by_hand[-1][0], last, last],
         [(1, 1, -1), (1, 0, -1), (1, 0, -1)], [5, 1, 0])
    # the same point in two classes: every epoch has wrong decisions
    X, y = np.array([[1.0], [1.0]]), np.array([1, 0])
    _end(function, "train_classes", (X, y), (2,), [((1,), (0,))] * 3, [(1, 0)] * 3, [3, 4, 4])
    for what, data, labels, num_classes, W, b, mistakes in [
            ("class 1 has no example", [[1, 2], [-1, 0]], [0, 2], 3,
             ((1, 2), (0, 0), (-1, 0)), (1, 0, 1), [2, 0]),
            ("the last class has no example", [[1, 2]], [0], 2, ((1, 2), (0, 0)), (1, 0), [1, 0]),
            ("all inputs are 0", [[0.0, 0.0]], [1], 2, ((0, 0), (0, 0)), (0, 1), [1, 0])]:
        got = items(_answer(function, f"data where {what}", data, labels, num_classes, 9), 3,
                    "train_classes")
        where = (f"X = {_text(data)}, y = {_text(labels)}, num_classes = {num_classes}, "
                 "max_epochs = 9")
        _same([("W", got[0], W), ("b", got[1], b)], where)
        _right_history(got[2], mistakes, where)
    for kind, X in _kinds([[1, 2], [-1, 0]]):
        got = items(_answer(function, kind, X, [0, 1], 2, 9), 3, "train_classes")
        _same([("W", got[0], ((1, 2), (-1, 0))), ("b", got[1], (1, 1))],
              f"X = ((1, 2), (-1, 0)), {kind}, y = (0, 1), num_classes = 2, max_epochs = 9")


def _follow(function, name, X, y, more, by_hand):
    """One epoch over the first example, the first two, ...: w, b, the count, and why."""
    for number, (w, b, wrong, why) in enumerate(by_hand, start=1):
        got = items(_answer(function, f"{number} example{'s'[:number > 1]}", X[:number],
                            y[:number], *more, 1), 3, name)
        where = (f"One epoch (max_epochs = 1) over the examples {_text(X[:number])} with labels "
                 f"{_text(y[:number])}, at the last one. {why}" if number > 1 else
                 f"One epoch (max_epochs = 1) over the single example {_text(X[0])} with label "
                 f"{y[0]}. {why}")
        _same([("w" if np.ndim(w) == 1 else "W", got[0], w), ("b", got[1], b)], where)
        _right_history(got[2], [wrong], where)


def _end(function, name, data, more, w, b, mistakes):
    """Training for one epoch, two, ... and for more epochs than are needed, if it ends."""
    X, y = data
    for epochs in [*range(1, len(mistakes) + 1), *([9] if mistakes[-1] == 0 else [])]:
        run = min(epochs, len(mistakes))
        got = items(_answer(function, f"max_epochs = {epochs}", X, y, *more, epochs), 3, name)
        where = f"X = {_text(X)}, y = {_text(y)}, max_epochs = {epochs}"
        if 1 < run == epochs:
            where += f", after the right answer for max_epochs = {epochs - 1}"
        _same([("w" if np.ndim(w[0]) == 1 else "W", got[0], w[run - 1]),
               ("b", got[1], b[run - 1])], where)
        _right_history(got[2], mistakes[:run], where)


def _same(of_one_call, where: str) -> None:
    """Each (name, got, wanted) has the wanted shape and numbers; `where` says for what call."""
    for name, got, wanted in of_one_call:
        got = as_numbers(got, np.shape(wanted), name)
        require(close(got, wanted), f"{where}: {name} should be {_text(wanted)} then. Yours is "
                f"{_text(got)}.")


def _right_history(got, wanted: list[int], where: str) -> None:
    got = as_history(got, "mistakes")
    ends = (" The first epoch without a mistake ends training, and its 0 ends the list."
            if wanted[-1] == 0 and len(got) != len(wanted) else "")
    require(got == wanted, f"{where}: mistakes should be {wanted}, one number for each epoch that "
            f"was run. Yours is [{', '.join(f'{number:g}' for number in got)}].{ends}")


def _answer(function: Callable, what: str, *args):
    """The function's answer to arrays made from lists; CheckFailed says on what it raises."""
    try:
        return function(*(np.array(arg) if isinstance(arg, list) else arg for arg in args))
    except Raised as error:
        raise CheckFailed(f"With {what}: {error}") from error


def _kinds(X) -> list[tuple[str, np.ndarray]]:
    """The same whole numbers as each announced kind of array, and how, in words."""
    return [("in an array of integers", np.array(X)), *kinds(np.array(X, float))]


def _text(x) -> str:
    """Numbers as one writes them: 0.5, (1, -2), ((1, 0), (0, 1))."""
    if np.ndim(x) == 0:
        return f"{float(x):g}"
    return f"({', '.join(map(_text, x))})"
