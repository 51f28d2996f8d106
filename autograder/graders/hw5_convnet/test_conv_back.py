"""Convolution, backward."""

from autograder.graders.common import right_items
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.reference import conv_backward
from autograder.graders.hw5_convnet.test_conv import problem

NAME = "conv_backward"
WHAT = ("dx", "dw", "db")


def atols(dout, x, w, *_):
    """Bounds for the three gradients."""
    places = dout.size // dout.shape[1]
    return (inputs.sum_atol(w[0, 0].size * len(w), dout, w), inputs.sum_atol(places, dout, x),
            inputs.sum_atol(places, dout))


def compare(student, *arguments, only):
    """Compare one of the three gradients of a call."""
    student.compare(NAME, *arguments, what=WHAT, only=only, atol=atols(*arguments)[only])


def arguments_for(rng, *shape, stride, pad):
    """dout, x, w, stride, pad."""
    x, w, _ = problem(rng, *shape)
    OH, OW = (inputs.out_size(size, field, stride, pad)
              for size, field in zip(x.shape[2:], w.shape[2:]))
    return inputs.nonzero_grid(rng, len(x), len(w), OH, OW), x, w, stride, pad


def check_item(student, rng, only, cases):
    """Several shapes, strides and paddings."""
    for *shape, stride, pad in cases:
        compare(student, *arguments_for(rng, *shape, stride=stride, pad=pad), only=only)


def check_right_items(student, rng, cases):
    """Other shapes, for the gradients that are right for the usual ones."""
    *shape, stride, pad = inputs.USUAL
    usual = arguments_for(rng, *shape, stride=stride, pad=pad)
    for only in right_items(student, conv_backward, usual, atols(*usual)) or range(3):
        check_item(student, rng, only, cases)


def test_input_gradient_without_padding(student, rng):
    """dx where nothing is padded."""
    check_item(student, rng, 0, [case for case in inputs.STRIDE_ONE if case[-1] == 0])


def test_input_gradient_with_padding(student, rng):
    """dx where zeros were padded."""
    check_item(student, rng, 0, [case for case in inputs.STRIDE_ONE if case[-1] > 0])


def test_weight_gradient(student, rng):
    """dw."""
    check_item(student, rng, 1, inputs.STRIDE_ONE)


def test_bias_gradient(student, rng):
    """db."""
    check_item(student, rng, 2, inputs.STRIDE_ONE)


def test_larger_strides(student, rng):
    """Strides of 2 and 3, which need not divide the image."""
    check_right_items(student, rng, [case for case in inputs.LARGER_STRIDES if case[-1] > 0])


def test_not_square(student, rng):
    """Images and filters that are not square."""
    check_right_items(student, rng, inputs.NOT_SQUARE)


def test_a_single_one(student, rng):
    """One image, one channel, one filter."""
    check_right_items(student, rng, inputs.SINGLE)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    *shape, stride, pad = inputs.USUAL
    *arrays, stride, pad = arguments_for(rng, *shape, stride=stride, pad=pad)
    usual = (*arrays, stride, pad)
    items = right_items(student, conv_backward, usual, atols(*usual)) or range(3)
    for same in zip(*map(inputs.layouts, arrays)):
        for only in items:
            compare(student, *same, stride, pad, only=only)
