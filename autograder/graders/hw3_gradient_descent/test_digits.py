"""Real digits by minibatches."""

import pytest

from autograder.graders.common import check_digits_accuracy, check_digits_form
from autograder.graders.hw3_gradient_descent.mistakes import READ_LOOP


def test_an_answer_for_every_picture(student, rng):
    """One digit from 0 to 9 for every picture."""
    check_digits_form(student, rng, READ_LOOP)


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 91% right on pictures not seen in training."""
    check_digits_accuracy(student, rng, 0.91, "20 epochs in batches of 20", READ_LOOP)
