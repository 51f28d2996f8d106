"""The gradient with respect to the scores."""

import numpy as np
import pytest

from autograder.graders.hw2_softmax import inputs


def compare(student, probs, y):
    """Compare one call: a difference and a quotient are rounded."""
    student.compare("score_gradient", probs, y, what="the gradient",
                    atol=2 * inputs.EPS / len(y))


@pytest.mark.weight(2)
def test_random_probabilities(student, rng):
    """Random batches of several shapes."""
    for num_examples, num_classes in [(5, 3), (12, 7), (9, 4), (6, 2)]:
        compare(student, inputs.probabilities(rng, num_examples, num_classes),
                inputs.labels(rng, num_examples, num_classes))


def test_probabilities_of_0_and_1(student, rng):
    """Probabilities that are rounded to 0 or to 1."""
    probs = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.75, 0.0]])
    compare(student, probs[rng.permutation(4)], inputs.labels(rng, 4, 3))


@pytest.mark.weight(2)
def test_small_batches(student, rng):
    """A class that no example has; one example."""
    compare(student, inputs.probabilities(rng, 8, 5), inputs.some_labels(rng, 8, 5))
    compare(student, inputs.probabilities(rng, 7, 4), inputs.without_last(rng, 7, 4))
    compare(student, inputs.probabilities(rng, 1, 5), inputs.labels(rng, 1, 5))


def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs; labels of other integer types."""
    probs, y = inputs.probabilities(rng, 8, 5), inputs.labels(rng, 8, 5)
    for same in inputs.layouts(probs):
        compare(student, same, y)
    for same in inputs.label_kinds(y):
        compare(student, probs, same)
