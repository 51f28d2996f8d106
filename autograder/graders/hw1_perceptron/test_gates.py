"""Gates from one unit."""

import numpy as np

from autograder.api import as_numbers, check_value, describe, fail
from autograder.graders.hw1_perceptron import reference

READ = "part1/boolean.html#gates"
BITS = {1: np.array([[0.0], [1.0]]), 2: np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])}
TABLES = {"NOT": [1, 0], "AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}


def check_gate(student, name):
    """Judge the weights by what a unit with them does on the gate's truth table."""
    table = TABLES[name]
    X = BITS[1 if len(table) == 2 else 2]
    got = student.call("gate", name)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail(f"`gate({name!r})` is to return (w, b), yours returned {describe(got)}.", read=READ)
    w, b = got
    # compared with itself: shape and kind are judged, any right numbers will do
    w, b = as_numbers(w), as_numbers(b)
    if w is None or b is None or b.size != 1:
        fail(f"`gate({name!r})`: w is to be an array of numbers and b one number.", read=READ)
    check_value(w, np.zeros(X.shape[1]), what="w", atol=np.inf)
    z = X @ w + float(b.reshape(()))
    output = reference.unit(X, w, float(b.reshape(())))
    if np.array_equal(output, table):
        return
    if np.array_equal(z >= 0, np.array(table, bool)):
        fail(f"`gate({name!r})` has a weighted sum of exactly 0 where the output should be 1. The "
             "threshold is strict: leave some room on both sides.", "gate-on-the-threshold", READ)
    if np.array_equal(1 - output, table):
        fail(f"`gate({name!r})` does exactly the opposite: all signs are to be changed.",
             "gate-negated", READ)
    rows = np.flatnonzero(output != table)
    fail(f"`gate({name!r})` is wrong for the input{'s' if len(rows) > 1 else ''} "
         f"{', '.join(str(tuple(int(v) for v in X[r])) for r in rows)}.", read=READ)


def test_not(student):
    """NOT."""
    check_gate(student, "NOT")


def test_and_or(student):
    """AND and OR."""
    check_gate(student, "AND")
    check_gate(student, "OR")


def test_nand(student):
    """NAND."""
    check_gate(student, "NAND")
