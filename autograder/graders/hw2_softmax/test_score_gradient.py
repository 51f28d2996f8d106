"""The gradient with respect to the scores."""

import numpy as np

from autograder.graders.hw2_softmax import inputs


def compare(student, probs, y):
    """Compare one call: a difference and a quotient are rounded."""
    student.compare("score_gradient", probs, y, what="the gradient",
                    atol=2 * inputs.EPS / len(y))


def test_random_probabilities(student, rng):
    """Random batches of several shapes."""
    for num_examples, num_classes in [(5, 3), (12, 7), (4, 9)]:
        compare(student, inputs.probabilities(rng, num_examples, num_classes),
                inputs.labels(rng, num_examples, num_classes))


def test_one_example_and_two_classes(student, rng):
    """One example; two classes; a class that no example has."""
    compare(student, inputs.probabilities(rng, 1, 5), np.array([3]))
    compare(student, inputs.probabilities(rng, 6, 2), np.array([0, 1, 1, 0, 1, 1]))
    compare(student, inputs.probabilities(rng, 5, 3), np.array([0, 2, 2, 0, 2]))


def test_kinds_of_arrays(student, rng):
    """float32, strided and read-only inputs; labels of other integer types."""
    probs, y = inputs.probabilities(rng, 8, 5), inputs.labels(rng, 8, 5)
    for same in inputs.layouts(probs):
        compare(student, same, y)
    for same in inputs.label_kinds(y):
        compare(student, probs, same)
