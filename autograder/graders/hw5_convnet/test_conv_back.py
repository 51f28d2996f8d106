"""Convolution, backward."""

from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.test_conv import problem

WHAT = ("dx", "dw", "db")


def compare(student, dout, x, w, stride, pad, only=None):
    """Compare one of the three gradients of a call, or all."""
    places = dout.size // dout.shape[1]
    atol = max(inputs.sum_atol(places, dout, x), inputs.sum_atol(w[0].size * len(w), dout, w),
               inputs.sum_atol(places, dout))
    student.compare("conv_backward", dout, x, w, stride, pad, what=WHAT, only=only, atol=atol)


def gradient_for(rng, x, w, stride, pad):
    """dout for such a convolution."""
    OH, OW = (inputs.out_size(size, field, stride, pad)
              for size, field in zip(x.shape[2:], w.shape[2:]))
    return inputs.nonzero_grid(rng, len(x), len(w), OH, OW)


def check_item(student, rng, only, cases=inputs.CONVOLUTIONS):
    """Several shapes, strides and paddings."""
    for *shape, stride, pad in cases:
        x, w, _ = problem(rng, *shape)
        compare(student, gradient_for(rng, x, w, stride, pad), x, w, stride, pad, only)


def test_input_gradient_without_padding(student, rng):
    """dx where nothing is padded."""
    check_item(student, rng, 0, [case for case in inputs.CONVOLUTIONS if case[-1] == 0])


def test_input_gradient_with_padding(student, rng):
    """dx where zeros were padded."""
    check_item(student, rng, 0, [case for case in inputs.CONVOLUTIONS if case[-1] > 0])


def test_weight_gradient(student, rng):
    """dw."""
    check_item(student, rng, 1)


def test_bias_gradient(student, rng):
    """db."""
    check_item(student, rng, 2)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    x, w, _ = problem(rng, 2, 2, 5, 4, 3, 3, 3)
    dout = gradient_for(rng, x, w, 1, 1)
    for arrays in zip(*map(inputs.layouts, (dout, x, w))):
        compare(student, *arrays, 1, 1)
