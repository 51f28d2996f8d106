"""Real digits."""

import pytest

from autograder.graders.common import check_digits_accuracy, check_digits_form

READ = "part1/many_classes.html#real-digits"


def test_an_answer_for_every_picture(student, rng):
    """One digit from 0 to 9 for every picture."""
    check_digits_form(student, rng, READ)


@pytest.mark.weight(2)
def test_accuracy_on_new_pictures(student, rng):
    """At least 80% right on pictures not seen in training."""
    # one perceptron per class, ten epochs: 86% to 96% over 200 random splits; guessing: 10%
    check_digits_accuracy(student, rng, 0.80, "a perceptron per class trained for ten epochs",
                          READ)
