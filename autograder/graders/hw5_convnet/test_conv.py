"""Convolution, forward."""

import pytest

from autograder.graders.hw5_convnet import inputs

NAME = "conv_forward"


def compare(student, x, w, b, stride, pad, name=NAME):
    """Compare one call."""
    terms = w[0].size + 1
    student.compare(name, x, w, b, stride, pad, what="the output",
                    atol=inputs.sum_atol(terms, x, w) + inputs.EPS * abs(b).max())


def problem(rng, N, C, H, W, F, HH, WW):
    """x, w, b."""
    return (inputs.nonzero_grid(rng, N, C, H, W), inputs.nonzero_grid(rng, F, C, HH, WW),
            inputs.nonzero_grid(rng, F))


def check_all(student, rng, cases, name=NAME):
    """Several shapes."""
    for *shape, stride, pad in cases:
        compare(student, *problem(rng, *shape), stride, pad, name)


@pytest.mark.weight(2)
def test_stride_one(student, rng):
    """Stride 1: squares and not, with padding and without."""
    check_all(student, rng, [case for case in inputs.CONVOLUTIONS if case[-2] == 1])


def test_larger_strides(student, rng):
    """Strides of 2 and 3, which need not divide the picture."""
    check_all(student, rng, [case for case in inputs.CONVOLUTIONS if case[-2] > 1])


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for x, w, b in zip(*map(inputs.layouts, problem(rng, 2, 2, 5, 4, 3, 3, 3))):
        compare(student, x, w, b, 1, 1)
