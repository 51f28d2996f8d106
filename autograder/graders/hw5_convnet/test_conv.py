"""Convolution, forward."""

import pytest

from autograder.graders.hw5_convnet import inputs

NAME = "conv_forward"


def output_atol(x, w, b, *_):
    """Bound for an entry of the output."""
    return inputs.sum_atol(w[0].size + 1, x, w) + inputs.EPS * abs(b).max()


def compare(student, x, w, b, stride, pad, name=NAME, follows=None):
    """Compare one call, with what follows from the arguments and earlier functions."""
    arguments = (x, w, b, stride, pad)
    student.compare(name, *arguments, what="the output", atol=output_atol(*arguments),
                    follows=follows and (lambda call: follows(call, *arguments)))


def problem(rng, N, C, H, W, F, HH, WW):
    """x, w, b."""
    return (inputs.nonzero_grid(rng, N, C, H, W), inputs.nonzero_grid(rng, F, C, HH, WW),
            inputs.nonzero_grid(rng, F))


def check_all(student, rng, cases, name=NAME, follows=None):
    """Several shapes."""
    for *shape, stride, pad in cases:
        compare(student, *problem(rng, *shape), stride, pad, name, follows)


def check_kinds(student, rng, name=NAME, follows=None):
    """Several kinds of arrays."""
    for x, w, b in zip(*map(inputs.layouts, problem(rng, 2, 2, 4, 4, 3, 3, 3))):
        compare(student, x, w, b, 1, 0, name, follows)


@pytest.mark.weight(2)
def test_stride_one(student, rng):
    """Stride 1, with padding and without."""
    check_all(student, rng, inputs.STRIDE_ONE)


def test_larger_strides(student, rng):
    """Strides of 2 and 3, which need not divide the image."""
    check_all(student, rng, inputs.LARGER_STRIDES)


def test_not_square(student, rng):
    """Images and filters that are not square."""
    check_all(student, rng, inputs.NOT_SQUARE)


def test_a_single_one(student, rng):
    """One image, one channel, one filter."""
    check_all(student, rng, inputs.SINGLE)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    check_kinds(student, rng)
