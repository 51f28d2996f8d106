"""Loss and gradients, the whole batch at once."""

from autograder.graders.common import EXAMPLES, check_no_loop
from autograder.graders.hw2_softmax import inputs
from autograder.graders.hw2_softmax.loss_tests import WHAT, check_big_scores, check_item
from autograder.graders.hw2_softmax.mistakes import LOOPS

NAME = "softmax_loss"


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


def test_no_loop_over_examples(student, rng):
    """No Python loop over the examples."""
    calls = [(count, (*inputs.problem(rng, count, 4, 3), 0.25)) for count in EXAMPLES]
    check_no_loop(student, NAME, calls, LOOPS, what=WHAT,
                  atol=inputs.loss_atol, follows=inputs.own_loss)
