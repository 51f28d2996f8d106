"""Real digits."""

import numpy as np
import pytest

from autograder.api import check_value
from autograder.graders import common

READ = "part1/many_classes.html#real-digits"


def test_an_answer_for_every_picture(student, rng):
    """One digit from 0 to 9 for every picture, whatever their number and that of the pixels."""
    common.check_digits_form(student, rng, READ)
    X_train, y_train, X_test, y_test = common.digits(rng)
    got = student.call("classify_digits", X_train[:150, :30], y_train[:150], X_test[:1, :30])
    check_value(got, y_test[:1], what="the answer for one picture of 30 pixels", atol=np.inf)


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 80% right on pictures not seen in training."""
    # one perceptron per class, ten epochs: 86% to 96% over 200 random splits; guessing: 10%
    common.check_digits_accuracy(student, rng, 0.80,
                                 "a perceptron per class trained for ten epochs", READ)
