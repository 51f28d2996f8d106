"""Loss and gradients, example by example."""

from autograder.graders.hw2_softmax.loss_tests import check_big_scores, check_item

NAME = "softmax_loss_loops"


def test_loss(student, rng):
    """The loss, without and with regularisation; all kinds of inputs."""
    check_item(student, rng, NAME, 0)


def test_weight_gradient(student, rng):
    """dW, without and with regularisation; all kinds of inputs."""
    check_item(student, rng, NAME, 1)


def test_bias_gradient(student, rng):
    """db; all kinds of inputs."""
    check_item(student, rng, NAME, 2)


def test_big_scores(student, rng):
    """Scores of 1,000 and 10,000."""
    check_big_scores(student, rng, NAME)
