"""Max pooling, forward."""

import numpy as np

from autograder.graders.hw5_convnet import inputs


def compare(student, x, size, stride):
    """Compare one call: nothing is rounded."""
    student.compare("max_pool_forward", x, size, stride, what="the output")


def test_values(student, rng):
    """Windows that touch, overlap or leave places out; negative numbers only."""
    for *shape, size, stride in inputs.POOLINGS:
        x = inputs.distinct(rng, *shape)
        compare(student, x, size, stride)
        compare(student, -np.abs(x) - 1, size, stride)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in inputs.layouts(inputs.distinct(rng, 2, 2, 4, 6)):
        compare(student, same, 2, 2)
