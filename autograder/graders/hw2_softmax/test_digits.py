"""Real digits."""

import numpy as np
import pytest

from autograder.api import check_value
from autograder.graders.common import check_digits_accuracy, check_digits_form, digits

READ = "part1/softmax.html#training-on-digits"


def test_an_answer_for_every_picture(student, rng):
    """One digit from 0 to 9 for every picture."""
    check_digits_form(student, rng, READ)
    # half of the pixels, and one new image
    X_train, y_train, X_test, y_test = digits(rng)
    got = student.call("classify_digits", X_train[:150, :32], y_train[:150], X_test[:1, :32])
    check_value(got, y_test[:1], what="the answer for one image of 32 pixels", atol=np.inf)


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 88% right on pictures not seen in training."""
    # 200 steps at learning rate 1: 92% to 97% over 30 random splits; at 0.1: 90%; guessing: 10%
    check_digits_accuracy(student, rng, 0.88, "softmax regression, 200 steps at learning rate 1,",
                          READ)
