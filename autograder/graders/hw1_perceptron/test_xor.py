"""XOR from two layers.

That it is built from units cannot be seen from outside: any function that is right passes.
"""

import numpy as np
import pytest

from autograder.api import check_value
from autograder.graders.hw1_perceptron import reference

TABLE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@pytest.mark.weight(2)
def test_truth_table(student):
    """The truth table."""
    student.compare("xor", TABLE.astype(np.float64), what="the output")


def test_other_orders(student, rng):
    """Rows in any order and number, integers too."""
    student.compare("xor", TABLE[rng.integers(0, 4, size=23)], what="the output")
    student.compare("xor", TABLE[::-1].astype(np.float32), what="the output")


def test_one_row(student):
    """One row at a time."""
    # a single wrong bit fits several known mistakes, so none is named here
    for x in TABLE.astype(np.float64):
        check_value(student.call("xor", x[np.newaxis]), reference.xor(x[np.newaxis]),
                    what="`xor(X of shape (1, 2))`")
