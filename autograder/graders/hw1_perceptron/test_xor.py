"""XOR from two layers.

That it is built from units cannot be seen from outside: any function that is right passes.
"""

import numpy as np
import pytest

from autograder.graders.hw1_perceptron import inputs

TABLE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@pytest.mark.weight(2)
def test_truth_table(student):
    """The truth table."""
    inputs.judge(student, "xor", [(TABLE.astype(np.float64),)], what="the output")


def test_other_orders(student, rng):
    """Rows in any order and number; float32, integers, strided, Fortran-ordered, read-only."""
    rows = np.concatenate([TABLE[::-1], TABLE[rng.integers(0, 4, size=19)]])
    inputs.judge(student, "xor", [(same,) for same in [
        *inputs.layouts(rows.astype(np.float64)), rows]], what="the output")


def test_one_row(student):
    """One row at a time."""
    rows = [(row[np.newaxis],) for row in TABLE.astype(np.float64)]
    inputs.judge(student, "xor", rows, what="the output for a row alone")
