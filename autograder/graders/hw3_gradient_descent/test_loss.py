"""The loss of assignment 2, again."""

from autograder.graders.hw2_softmax.loss_tests import check_big_scores, check_item

NAME = "softmax_loss"


def test_loss(student, rng):
    """The loss, without and with regularisation; all kinds of inputs."""
    check_item(student, rng, NAME, 0)


def test_gradients(student, rng):
    """dW and db, without and with regularisation; all kinds of inputs."""
    for only in (1, 2):
        check_item(student, rng, NAME, only)


def test_big_scores(student, rng):
    """Scores of 1,000 and 10,000."""
    check_big_scores(student, rng, NAME)
