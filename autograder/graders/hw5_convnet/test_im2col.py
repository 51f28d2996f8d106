"""Windows as rows."""

import pytest

from autograder.graders.hw5_convnet import inputs


def compare(student, x, height, width, stride, pad):
    """Compare one call: nothing is rounded."""
    student.compare("im2col", x, height, width, stride, pad, what="the matrix")


def check_all(student, rng, cases):
    """Several shapes, strides and paddings."""
    for N, C, H, W, _, HH, WW, stride, pad in cases:
        compare(student, inputs.nonzero_grid(rng, N, C, H, W), HH, WW, stride, pad)


@pytest.mark.weight(2)
def test_stride_one(student, rng):
    """Stride 1, with padding and without; one image or channel too."""
    check_all(student, rng, inputs.STRIDE_ONE + inputs.SINGLE)


def test_larger_strides(student, rng):
    """Strides of 2 and 3, which need not divide the image."""
    check_all(student, rng, inputs.LARGER_STRIDES)


def test_not_square(student, rng):
    """Images and windows that are not square."""
    check_all(student, rng, inputs.NOT_SQUARE)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in inputs.layouts(inputs.nonzero_grid(rng, 2, 2, 4, 4)):
        compare(student, same, 3, 3, 1, 0)
