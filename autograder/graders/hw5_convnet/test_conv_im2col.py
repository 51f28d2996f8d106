"""Convolution as one product of matrices."""

from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import LOOPS
from autograder.graders.hw5_convnet.test_conv import check_all, compare, problem

NAME = "conv_im2col"


def test_output(student, rng):
    """Several shapes, strides and paddings."""
    check_all(student, rng, inputs.CONVOLUTIONS, NAME)


def test_no_loop_over_pictures_and_places(student, rng):
    """No Python loop over the pictures or their places."""
    steps = []
    for N, H, W in [(2, 6, 6), (12, 12, 12)]:
        x, w, b = problem(rng, N, 2, H, W, 3, 3, 3)
        compare(student, x, w, b, 1, 1, NAME)
        steps.append(student.steps(NAME, x, w, b, 1, 1))
    # whole arrays: the same number of lines; a loop over pictures: 6 times, over places: 24 times
    if steps[1] > 2 * steps[0]:
        LOOPS.found()
