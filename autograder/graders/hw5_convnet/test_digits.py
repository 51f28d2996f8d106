"""Real digits with a network of one's own."""

import numpy as np
import pytest

from autograder.api import check_value, fail
from autograder.graders.common import digits


def answers(student, rng, count=None):
    """Predictions for new pictures, (N, 1, 8, 8), and their labels."""
    X, y, X_test, y_test = digits(rng)
    X, X_test = (pixels.reshape(-1, 1, 8, 8) for pixels in (X, X_test))
    got = student.call("classify_images", X[:count], y[:count], X_test[:count], "cpu")
    check_value(got, y_test[:count], what="the answer", atol=np.inf)
    return np.asarray(got).ravel(), y_test[:count]


def test_an_answer_for_every_picture(student, rng):
    """One digit for every picture."""
    got, _ = answers(student, rng, 60)
    if not set(got.tolist()) <= set(range(10)):
        fail("`classify_images` is to return classes from 0 to C - 1.")


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 95% right on pictures not seen in training."""
    got, want = answers(student, rng)
    if np.mean(got == want) < 0.95:
        fail(f"`classify_images` is right for {np.mean(got == want):.0%} of the new pictures; a "
             "small convolutional network reaches 95% and more.")
