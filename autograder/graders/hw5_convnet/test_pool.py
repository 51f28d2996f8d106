"""Max pooling, forward."""

from autograder.graders.hw5_convnet import inputs


def compare(student, x, size, stride):
    """Compare one call: nothing is rounded."""
    student.compare("max_pool_forward", x, size, stride, what="the output")


def check_all(student, rng, cases):
    """Several shapes, all numbers above 0."""
    for *shape, size, stride in cases:
        compare(student, inputs.distinct(rng, *shape), size, stride)


def test_values(student, rng):
    """Windows that touch, overlap or leave numbers out."""
    check_all(student, rng, inputs.TOUCHING + inputs.OVERLAPPING)


def test_negative_numbers(student, rng):
    """Numbers of either sign, and negative ones only."""
    for *shape, size, stride in (inputs.TOUCHING[0], inputs.OVERLAPPING[0]):
        x = inputs.distinct(rng, *shape)
        compare(student, -x, size, stride)
        compare(student, x - x.mean(), size, stride)


def test_not_square(student, rng):
    """Images that are not square."""
    check_all(student, rng, inputs.NOT_SQUARE_POOLINGS)


def test_a_single_one(student, rng):
    """One image, one channel."""
    check_all(student, rng, inputs.SINGLE_POOLINGS)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for same in inputs.layouts(inputs.distinct(rng, 2, 2, 4, 4)):
        compare(student, same, 2, 2)
