"""Batch normalisation, backward."""

from autograder.graders.hw5_convnet import inputs

WHAT = ("dx", "dgamma", "dbeta")


def compare(student, dout, x, gamma, *rest, only=None):
    """Compare one of the three gradients of a call, or all."""
    student.compare("batch_norm_backward", dout, x, gamma, *rest, what=WHAT, only=only,
                    atol=inputs.normalisation_atol(x, dout, gamma))


def problem(rng, N, D):
    """dout, x, gamma."""
    return (inputs.nonzero_grid(rng, N, D), inputs.nonzero_grid(rng, N, D),
            inputs.nonzero_grid(rng, D))


def check_item(student, rng, only):
    """Several shapes, and a large eps."""
    for N, D in [(6, 3), (3, 4), (9, 1)]:
        compare(student, *problem(rng, N, D), only=only)
    compare(student, *problem(rng, 5, 2), 0.5, only=only)


def test_input_gradient(student, rng):
    """dx."""
    check_item(student, rng, 0)


def test_scale_gradient(student, rng):
    """dgamma."""
    check_item(student, rng, 1)


def test_shift_gradient(student, rng):
    """dbeta."""
    check_item(student, rng, 2)


def test_small_variances(student, rng):
    """Features that hardly spread, whose variance is no larger than eps."""
    dout, x, gamma = problem(rng, 6, 3)
    for only in (0, 1, 2):
        student.compare("batch_norm_backward", dout, x / 512, gamma, what=WHAT, only=only,
                        atol=0.05 if only == 0 else 1e-3)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays."""
    for arrays in zip(*map(inputs.layouts, problem(rng, 6, 3))):
        compare(student, *arrays)
