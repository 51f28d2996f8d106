"""Cross-entropy."""

import numpy as np

from autograder.api import dot_atol
from autograder.graders.hw2_softmax import inputs


def compare(student, probs, y):
    """Compare one call on the logarithms of these probabilities, rounded to float32."""
    log_probs = np.log(probs).astype(np.float32).astype(probs.dtype)
    if not probs.flags.c_contiguous:
        log_probs = np.repeat(log_probs, 2, axis=1)[:, ::2]
    log_probs.flags.writeable = probs.flags.writeable
    student.compare("cross_entropy", log_probs, y, what="the loss",
                    atol=dot_atol(len(y) + 3, -float(log_probs.min()), np.float32))


def test_random_log_probabilities(student, rng):
    """Random batches of several shapes."""
    for num_examples, num_classes in [(5, 3), (12, 7), (4, 9)]:
        compare(student, inputs.probabilities(rng, num_examples, num_classes),
                inputs.labels(rng, num_examples, num_classes))


def test_one_example_and_two_classes(student, rng):
    """One example; two classes."""
    compare(student, inputs.probabilities(rng, 1, 5), np.array([3]))
    compare(student, inputs.probabilities(rng, 6, 2), np.array([0, 1, 1, 0, 1, 1]))


def test_kinds_of_arrays(student, rng):
    """float32, strided and read-only inputs; labels of other integer types."""
    probs, y = inputs.probabilities(rng, 8, 5), inputs.labels(rng, 8, 5)
    for same in inputs.layouts(probs):
        compare(student, same, y)
    for same in inputs.label_kinds(y):
        compare(student, probs, same)
