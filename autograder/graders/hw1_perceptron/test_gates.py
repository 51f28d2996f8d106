"""Gates from one unit."""

import numpy as np

from autograder.api import as_numbers, check_value, describe, fail
from autograder.graders.hw1_perceptron import reference
from autograder.graders.hw1_perceptron.mistakes import GATES, MISTAKES

BITS = {1: np.array([[0.0], [1.0]]), 2: np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])}
TABLES = {"NOT": [1, 0], "AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}
KNOWN = {mistake.name: mistake for mistake in MISTAKES["gate"]}


def check_gate(student, name):
    """Judge the weights by what a unit with them does on the gate's truth table."""
    table = TABLES[name]
    X = BITS[1 if len(table) == 2 else 2]
    got = student.call("gate", name)
    w, b = weights_and_bias(name, got, X.shape[1], table)
    output = reference.unit(X, w, b)
    if np.array_equal(output, table):
        return
    for found, mistake in [(X @ w + b >= 0, "gate-on-the-threshold"), (1 - output, "gate-negated"),
                           (reference.unit(X, w, -b), "threshold-for-bias")]:
        if np.array_equal(found, table):
            tell(name, mistake)
    if name in ("AND", "OR") and any(np.array_equal(output, TABLES[n]) for n in ("AND", "OR")):
        tell(name, "and-or-exchanged")
    rows = ", ".join(str(tuple(int(v) for v in x)) for x in X[output != table])
    fail(f"`gate({name!r})` is wrong for the input{'s' * (rows.count('(') > 1)} {rows}.",
         read=GATES)


def weights_and_bias(name, got, num_inputs, table):
    """w (D,) and b as a number, or a verdict."""
    whole = as_numbers(got)
    if whole is not None and np.array_equal(whole, table) and name != "NOT":
        tell(name, "table-for-weights")
    if whole is not None and whole.shape == (num_inputs,) and isinstance(got, np.ndarray):
        tell(name, "weights-without-bias")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail(f"`gate({name!r})` is to return w, b; yours returned {describe(got)}.", read=GATES)
    w, b = map(as_numbers, got)
    if w is None or b is None:
        fail(f"`gate({name!r})`: w is to be an array of numbers and b one number.", read=GATES)
    if w.ndim == 0 and b.shape == (num_inputs,):
        tell(name, "bias-before-weights")
    if b.size != 1:
        fail(f"`gate({name!r})`: b is to be one number.", read=GATES)
    if name == "NOT" and w.shape == (2,):
        tell(name, "two-weights-for-not")
    # compared with any numbers: shape and finiteness are judged
    check_value(w, np.zeros(num_inputs), what=f"w of `gate({name!r})`", atol=np.inf)
    return w, float(b.reshape(()))


def tell(name, mistake):
    """End the test with a known mistake, and the gate that it is seen in."""
    fail(f"`gate({name!r})`: {KNOWN[mistake].message}", mistake, KNOWN[mistake].read)


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
