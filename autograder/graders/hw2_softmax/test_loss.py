"""Loss and gradients, the whole batch at once."""

from autograder.graders.hw2_softmax import inputs
from autograder.graders.hw2_softmax.loss_tests import check_big_scores, check_item, compare
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
    steps = []
    for num_examples in (10, 100):
        X, y, W, b = inputs.problem(rng, num_examples, 4, 3)
        compare(student, NAME, X, y, W, b, 0.25)
        steps.append(student.steps(NAME, X, y, W, b, 0.25))
    # whole arrays: the same number of lines; a loop over examples: nearly ten times as many
    if steps[1] > 2 * steps[0]:
        LOOPS.found()
