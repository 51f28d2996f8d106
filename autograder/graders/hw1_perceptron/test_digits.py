"""Real digits."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from autograder.judge import check_value, fail

READ = "part1/many_classes.html#real-digits"
NUM_TRAIN = 1200


def digits(rng):
    """A random split of scikit-learn's 1797 digits: pixels in [0, 1], labels."""
    bunch = load_digits()
    order = rng.permutation(len(bunch.target))
    X, y = bunch.data[order] / 16.0, bunch.target[order].astype(np.int64)
    return X[:NUM_TRAIN], y[:NUM_TRAIN], X[NUM_TRAIN:], y[NUM_TRAIN:]


def test_an_answer_for_every_picture(student, rng):
    """One digit from 0 to 9 for every picture."""
    X_train, y_train, X_test, y_test = digits(rng)
    got = student.call("classify_digits", X_train[:200], y_train[:200], X_test[:30])
    check_value(got, y_test[:30], what="the answer", atol=np.inf)
    if not set(np.asarray(got).ravel().tolist()) <= set(range(10)):
        fail("`classify_digits` is to return digits from 0 to 9.", read=READ)
    if len(set(np.asarray(got).ravel().tolist())) == 1:
        fail("`classify_digits` gives the same answer for every picture.", read=READ)


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 80% right on pictures not seen in training."""
    # one perceptron per class, ten epochs: 86% to 96% over 200 random splits; guessing: 10%
    X_train, y_train, X_test, y_test = digits(rng)
    got = student.call("classify_digits", X_train, y_train, X_test)
    check_value(got, y_test, what="the answer", atol=np.inf)
    accuracy = np.mean(np.asarray(got).ravel() == y_test)
    if accuracy < 0.80:
        fail(f"`classify_digits` is right for {accuracy:.0%} of the new pictures; a perceptron per "
             "class trained for ten epochs reaches 80% and more.", read=READ)
