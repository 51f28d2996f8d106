"""Training one unit per class."""

import numpy as np
import pytest

from autograder.graders.hw1_perceptron import inputs

WHAT = ("W", "b", "mistakes")


@pytest.mark.weight(2)
def test_separable_clusters(student, rng):
    """Three and five clusters, each cut off by a line of its own."""
    for num_classes in (3, 5):
        X, y = inputs.clusters(rng, 6, num_classes)
        student.compare("train_classes", X, y, num_classes, 500, what=WHAT)


def test_max_epochs(student, rng):
    """Random labels: max_epochs ends training."""
    X, y = inputs.grid(rng, 24, 4), rng.integers(0, 4, size=24)
    X[1], y[0], y[1] = X[0], 0, 1  # the same point in two classes
    student.compare("train_classes", X, y, 4, 3, what=WHAT)


def test_absent_class_and_two_classes(student, rng):
    """A class without an example, and two classes only; integer, strided, read-only data."""
    X, y = inputs.clusters(rng, 5, 3)
    student.compare("train_classes", X, y, 4, 200, what=WHAT)
    for same in [*inputs.layouts(X), (8 * X).astype(np.int64)]:
        student.compare("train_classes", same, np.minimum(y, 1), 2, 4, what=WHAT)
