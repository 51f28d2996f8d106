"""Windows as rows."""

from autograder.graders.hw5_convnet import inputs


def compare(student, x, height, width, stride, pad):
    """Compare one call: nothing is rounded."""
    student.compare("im2col", x, height, width, stride, pad, what="the matrix")


def test_matrix(student, rng):
    """Several shapes, strides and paddings."""
    for N, C, H, W, _, HH, WW, stride, pad in inputs.CONVOLUTIONS:
        compare(student, inputs.nonzero_grid(rng, N, C, H, W), HH, WW, stride, pad)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in inputs.layouts(inputs.nonzero_grid(rng, 2, 2, 4, 5)):
        compare(student, same, 3, 2, 1, 1)
