"""Convolution as one product of matrices."""

import numpy as np

from autograder.graders.common import check_no_loop
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import LOOPS
from autograder.graders.hw5_convnet.test_conv import check_all, output_atol, problem

NAME = "conv_im2col"


def own_product(call, x, w, b, stride, pad):
    """The output that follows from the `im2col` that `call` asks."""
    places = [inputs.out_size(size, field, stride, pad)
              for size, field in zip(x.shape[2:], w.shape[2:])]
    rows = call("im2col", x, *w.shape[2:], stride, pad) @ w.reshape(len(w), -1).T + b
    return np.moveaxis(rows.reshape(len(x), *places, len(w)), 3, 1)


def test_output(student, rng):
    """Several shapes, strides and paddings."""
    check_all(student, rng, inputs.CONVOLUTIONS, NAME, own_product)


def test_no_loop_over_pictures_and_places(student, rng):
    """No Python loop over the pictures or their places."""
    more_pictures = [(N, (*problem(rng, N, 2, 4, 4, 3, 3, 3), 1, 1)) for N in (2, 20, 1200)]
    more_places = [(side**2, (*problem(rng, 1, 2, side, side, 3, 3, 3), 1, 1))
                   for side in (6, 12, 36)]
    for calls in (more_pictures, more_places):
        check_no_loop(student, NAME, calls, LOOPS, what="the output", atol=output_atol,
                      follows=own_product)
