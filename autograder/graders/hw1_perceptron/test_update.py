"""One update of the perceptron."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs

WHAT = ("w", "b")


def examples(rng, fires, count=5):
    """(w, b, x) of units that give 1 (`fires`) or 0, never with a weighted sum of 0."""
    found = []
    while len(found) < count:
        dim = 1 + len(found)
        w, x, b = (inputs.nonzero_grid(rng, dim), inputs.nonzero_grid(rng, dim),
                   inputs.nonzero_grid(rng, 1)[0])
        z = x @ w + b
        if z != 0 and (z > 0) == fires:
            found.append((w, float(b), x))
    return found


def test_should_have_fired(student, rng):
    """Label 1, prediction 0: the weighted sum goes up."""
    for w, b, x in examples(rng, fires=False):
        student.compare("perceptron_update", w, b, x, 1, what=WHAT)


def test_should_not_have_fired(student, rng):
    """Label 0, prediction 1: the weighted sum goes down."""
    for w, b, x in examples(rng, fires=True):
        student.compare("perceptron_update", w, b, x, 0, what=WHAT)


def test_right_predictions_change_nothing(student, rng):
    """A right prediction: nothing changes."""
    for label in (0, 1):
        for w, b, x in examples(rng, fires=bool(label)):
            student.compare("perceptron_update", w, b, x, label, what=WHAT)


def test_zero_start(student, rng):
    """The zero start, where every weighted sum is exactly 0."""
    # 1 first: a unit that fires at 0 fails there, one that updates when right passes
    for label in (1, 0, 1.0, 0.0):
        student.compare("perceptron_update", np.zeros(4), 0.0, inputs.nonzero_grid(rng, 4), label,
                        what=WHAT)
