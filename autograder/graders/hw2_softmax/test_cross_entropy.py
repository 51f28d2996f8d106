"""Cross-entropy."""

import numpy as np
import pytest

from autograder.api import dot_atol
from autograder.graders.hw2_softmax import inputs


def compare(student, log_probs, y):
    """Compare one call; float32 holds the logarithms exactly."""
    student.compare("cross_entropy", log_probs, y, what="the loss",
                    atol=dot_atol(len(y) + 3, -float(log_probs.min()), np.float32))


def logarithms(rng, num_examples, num_classes):
    """Logarithms (N, C) of probabilities, rounded to float32."""
    probs = inputs.probabilities(rng, num_examples, num_classes)
    return np.log(probs).astype(np.float32).astype(np.float64)


@pytest.mark.weight(2)
def test_random_log_probabilities(student, rng):
    """Random batches of several shapes."""
    for num_examples, num_classes in [(5, 3), (12, 7), (9, 4), (6, 2)]:
        compare(student, logarithms(rng, num_examples, num_classes),
                inputs.labels(rng, num_examples, num_classes))


def test_improbable_true_classes(student, rng):
    """True classes whose probability is rounded to 0, or to 1."""
    y = inputs.labels(rng, 6, 4)
    log_probs = np.full((6, 4), -40.0)
    log_probs[np.arange(6), y] = [-30000.0, -1000.0, -800.0, -60.0, -30.0, -20.0]
    compare(student, log_probs, y)
    # alone: beside a logarithm of -30,000 that of a small number would be a rounding
    compare(student, log_probs[3:], y[3:])
    compare(student, np.array([[0.0, -900.0, -50.0], [-700.0, -0.5, -1.0]]), np.array([0, 2]))


@pytest.mark.weight(2)
def test_small_batches(student, rng):
    """A class that no example has; one example."""
    compare(student, logarithms(rng, 8, 5), inputs.some_labels(rng, 8, 5))
    compare(student, logarithms(rng, 7, 4), inputs.without_last(rng, 7, 4))
    compare(student, logarithms(rng, 1, 5), inputs.labels(rng, 1, 5))


def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs; labels of other integer types."""
    log_probs, y = logarithms(rng, 8, 5), inputs.labels(rng, 8, 5)
    for same in inputs.layouts(log_probs):
        compare(student, same, y)
    for same in inputs.label_kinds(y):
        compare(student, log_probs, same)
