"""Max pooling, backward."""

from autograder.graders.hw5_convnet import inputs


def compare(student, dout, x, size, stride):
    """Compare one call: at most size^2 numbers are added up."""
    student.compare("max_pool_backward", dout, x, size, stride, what="the gradient",
                    atol=inputs.sum_atol(size**2, dout))


def gradient_for(rng, x, size, stride):
    """dout for such a pooling."""
    OH, OW = (inputs.out_size(length, size, stride) for length in x.shape[2:])
    return inputs.nonzero_grid(rng, *x.shape[:2], OH, OW)


def check_all(student, rng, cases, sign=1):
    """Several shapes; all numbers have that sign."""
    for *shape, size, stride in cases:
        x = sign * inputs.distinct(rng, *shape)
        compare(student, gradient_for(rng, x, size, stride), x, size, stride)


def test_windows_apart(student, rng):
    """Windows that do not overlap."""
    check_all(student, rng, inputs.TOUCHING)


def test_overlapping_windows(student, rng):
    """Windows that overlap, so that a number may be the largest of several."""
    check_all(student, rng, inputs.OVERLAPPING)


def test_negative_numbers(student, rng):
    """Windows with negative numbers only."""
    check_all(student, rng, inputs.TOUCHING, sign=-1)


def test_not_square(student, rng):
    """Images that are not square."""
    check_all(student, rng, inputs.NOT_SQUARE_POOLINGS)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; one image or channel too."""
    x = inputs.distinct(rng, 2, 2, 4, 4)
    for same_dout, same in zip(inputs.layouts(gradient_for(rng, x, 2, 2)), inputs.layouts(x)):
        compare(student, same_dout, same, 2, 2)
    check_all(student, rng, inputs.SINGLE_POOLINGS)
