"""Convolution as one product of matrices."""

import numpy as np
import pytest

from autograder.graders.common import check_no_loop
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import LOOPS
from autograder.graders.hw5_convnet.test_conv import check_all, check_kinds, output_atol, problem

NAME = "conv_im2col"


def own_product(call, x, w, b, stride, pad):
    """The output that follows from the `im2col` that `call` asks."""
    places = [inputs.out_size(size, field, stride, pad)
              for size, field in zip(x.shape[2:], w.shape[2:])]
    rows = call("im2col", x, *w.shape[2:], stride, pad) @ w.reshape(len(w), -1).T + b
    return np.moveaxis(rows.reshape(len(x), *places, len(w)), 3, 1)


def test_output(student, rng):
    """Several strides and paddings."""
    check_all(student, rng, inputs.STRIDE_ONE + inputs.LARGER_STRIDES, NAME, own_product)


def test_not_square(student, rng):
    """Images and filters that are not square."""
    check_all(student, rng, inputs.NOT_SQUARE, NAME, own_product)


def test_a_single_one(student, rng):
    """One image, one channel, one filter."""
    check_all(student, rng, inputs.SINGLE, NAME, own_product)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    check_kinds(student, rng, NAME, own_product)


@pytest.mark.weight(4)
def test_no_loop_over_pictures_and_places(student, rng):
    """No Python loop over the images or their places."""
    more_images = [(N, (*problem(rng, N, 2, 4, 4, 3, 3, 3), 1, 1)) for N in (2, 20, 1200)]
    more_places = [(side**2, (*problem(rng, 2, 2, side, side, 3, 3, 3), 1, 1))
                   for side in (6, 12, 36)]
    for calls in (more_images, more_places):
        check_no_loop(student, NAME, calls, LOOPS, what="the output", atol=output_atol,
                      follows=own_product)
