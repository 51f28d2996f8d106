"""Small public inputs of hw1_perceptron: on the first that goes wrong a student is shown why.

Written by hand, the smallest first: shapes, then signs and ties, then kinds of arrays.
"""

import numpy as np

from autograder.api import Example

TABLES = {"NOT": {(0,): 1, (1,): 0},
          "AND": {(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1},
          "OR": {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1},
          "NAND": {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 0}}


def _array(*rows):
    return np.array(rows, dtype=float)


def unit():
    """Single examples first, with sums on either side of 0 and at it."""
    for x, w, b in [(2, 1, 0), (-2, 1, 0), (1, 1, -2), (-1, 1, 2), (1, 1, 2), (-1, 1, -2),
                    (0.5, 1, 0), (0.75, 1, 0), (1, 1, -1), (1, -1, 0)]:
        yield _array([x]), _array(w), float(b)
    for row in [(1, -2), (1, 2), (-1, 1), (0.5, -1), (-2, 0.5)]:
        for b in (0.0, 1.0, -1.0):
            yield _array(row), _array(1, 1), b
    yield _array([1, 2], [-1, -1]), _array(1, 1), 0.5
    yield _array([1, -2], [-1, 2], [1, -1]), _array(1, 1), 0.0
    yield _array([1, -2, 0], [-1, 2, 1], [1, -1, 0], [3, 0, 1]), _array(1, 1, -1), -1.0
    X = np.array([[1, 2], [-1, -1], [2, -2]])
    yield X, _array(1, 1), 1.0
    yield X.astype(np.float32), _array(1, 1), -1.0


def gate():
    """Each gate, judged by what a unit with its weights does."""
    for name, table in TABLES.items():
        rows = ", ".join(f"{output} for {_row(x)}" for x, output in table.items())
        yield Example((name,), right=_does(table),
                      wanted=f"w of shape ({len(next(iter(table)))},) and a number b with which a "
                             f"unit gives {rows}")


def _row(x):
    return str(x) if len(x) > 1 else str(x[0])


def _does(table):
    def right(got):
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            return False
        w, b = (np.asarray(value) for value in got)
        if w.shape != (len(next(iter(table))),) or b.size != 1:
            return False
        return all((float(w @ x + b.reshape(())) > 0) == output for x, output in table.items())
    return right


def xor():
    """Rows one by one, then together, in the order of the table and others."""
    rows = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for row in rows:
        yield (_array(row),)
    yield (_array(*rows[:2]),)
    yield (_array(*rows),)
    yield (_array(*rows[::-1], rows[1]),)
    yield (np.array(rows),)
    yield (np.array(rows[1:], dtype=np.float32),)


def perceptron_update():
    """One input first: each label after each prediction, then a sum of exactly 0."""
    for w, b, x in [((1,), 0.5, (2,)), ((-1,), 0.5, (2,)), ((0,), 0.0, (2,)), ((1,), -3.0, (2,)),
                    ((-1,), 3.0, (2,)), ((1,), -1.0, (1,)), ((1, -1), 0.5, (2, 1)),
                    ((0.5, -1), 0.25, (1, 1.5)), ((1, 1, -1), 2.0, (1, -2, 0.5))]:
        for label in (0, 1):
            yield _array(*w), b, _array(*x), label
    yield _array(1, -1), 0.5, _array(2, 1), 0.0
    yield _array(0.5, -1), 0.5, np.array([2, 3]), 1
    yield _array(0.5, 0.25), 0.5, np.array([2, 1], dtype=np.float32), 0


def train_perceptron():
    """One example, two, then runs of several epochs; at the end data that no line separates."""
    for x, label in [(2, 1), (2, 0), (0, 1)]:
        yield _array([x]), np.array([label]), 1
        yield _array([x]), np.array([label]), 5
    for X, y in [([[2], [-1]], [1, 0]), ([[2], [-1]], [0, 1]), ([[2], [1]], [1, 1]),
                 ([[0.5], [-1.5]], [1, 0]), ([[1], [2]], [0, 1])]:
        yield _array(*X), np.array(y), 1
        yield _array(*X), np.array(y), 9
    X, y = _array([1, 2], [-1, 1], [0.5, -1]), np.array([1, 0, 1])
    for max_epochs in (1, 2, 20):
        yield X, y, max_epochs
    X, y = _array([1.5, -1], [0, 1.5], [1, -1.5], [0.5, 0]), np.array([1, 0, 1, 0])
    for max_epochs in (1, 2, 3, 9):
        yield X, y, max_epochs
    X, y = _array([-0.5], [0.5], [1.5]), np.array([1, 0, 1])
    for max_epochs in (1, 2, 3):
        yield X, y, max_epochs
    yield np.array([[2, 1], [-1, 2]]), np.array([1, 0]), 9
    yield _array([2, 1], [-1, 2]), _array(1, 0), 9
    yield np.array([[2, 1], [-1, 2]], dtype=np.float32), np.array([1, 0]), 9


def predict_classes():
    """One example and two classes first; then ties, scores below 0 and more classes."""
    for x, W, b in [(1, (2, -1), (0, 0)), (-1, (2, -1), (0, 0)), (1, (2, -1), (0, 4)),
                    (1, (1, 1), (0, 0)), (1, (1, 2), (0, 0)), (-1, (2, 1), (0, 0)),
                    (1, (1, -3), (0, 0)), (1, (1, 2, 3), (0, 0, 0))]:
        yield _array([x]), _array(*([w] for w in W)), _array(*b)
    W = _array([1, 0], [0, 1], [-1, -1])
    yield _array([3, 1], [0, 2]), W, np.zeros(3)
    yield _array([3, 1], [0, 2], [-2, -1]), W, np.zeros(3)
    yield _array([3, 1], [1, 1], [2, 3], [-1, 1]), W, np.zeros(3)
    yield _array([0.25, 0.5], [0.5, 0.25]), W, np.zeros(3)
    yield _array([1.25, 1.5]), W, np.zeros(3)
    yield _array([3, 1], [0, 2], [-2, -1]), W, _array(0, 5, 0)
    yield _array([1, 0], [0, 1], [-1, 0]), W, _array(-3, -2, -2)
    yield np.array([[3, 1], [0, 2], [-2, -1]]), W, np.zeros(3)
    yield np.array([[3, 1], [0, 2], [-2, -1]], dtype=np.float32), W, _array(0.5, 0, 1)


def train_classes():
    """One example, two, three; a class without an example; then runs of several epochs."""
    for label in (0, 1):
        yield _array([2]), np.array([label]), 2, 1
        yield _array([2]), np.array([label]), 2, 5
    for max_epochs in (1, 2, 9):
        yield _array([1], [-1]), np.array([0, 1]), 2, max_epochs
        yield _array([1], [1]), np.array([1, 0]), 2, max_epochs
    yield _array([1, 2], [-1, 0]), np.array([0, 2]), 3, 9
    yield _array([1, 2], [-1, 0]), np.array([0, 1]), 3, 9
    X, y = _array([1, 2], [-1, 1], [0.5, -1]), np.array([0, 2, 1])
    for max_epochs in (1, 2, 20):
        yield X, y, 3, max_epochs
    X, y = _array([1, -0.5], [0.5, -1], [-1, -1.5], [-0.5, -2], [0, 2]), np.array([2, 2, 1, 1, 0])
    for max_epochs in (1, 2, 3, 9):
        yield X, y, 3, max_epochs
    yield np.array([[1, 2], [-1, 0]]), np.array([0, 1]), 2, 9
    yield np.array([[1, 2], [-1, 0]], dtype=np.float32), np.array([1, 0]), 2, 9


EXAMPLES = {"unit": unit, "gate": gate, "xor": xor, "perceptron_update": perceptron_update,
            "train_perceptron": train_perceptron, "predict_classes": predict_classes,
            "train_classes": train_classes}
