"""The numerical gradient."""

import numpy as np

from autograder.api import Made
from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs

U = np.finfo(np.float64).eps


def compare(student, f, w, h):
    """Compare one call: both values of f are right within rounding, the difference is over 2h."""
    value = f.make()
    near = [np.abs(value(np.asarray(w, np.float64) + s)).max() for s in (h, -h)]
    atol = 64 * w.size**2 * U * (1 + max(near)) / h
    student.compare("numerical_gradient", f, w, h, what="the numerical gradient", atol=float(atol))


def quadratic_at(rng, *shape):
    """A bowl and a place on it."""
    return Made("quadratic", inputs.bowl(rng, int(np.prod(shape)))), nonzero_grid(rng, *shape)


def test_quadratics(student, rng):
    """Vectors, matrices and one parameter, for several steps h."""
    for shape, h in [((4,), 2.0**-6), ((1,), 0.5), ((2, 3), 2.0**-3), ((3, 2, 2), 2.0**-8)]:
        compare(student, *quadratic_at(rng, *shape), h)


def test_a_curved_function(student, rng):
    """A function with a third derivative, where the step h shows in the answer."""
    for shape, h in [((3,), 0.25), ((2, 2), 0.5)]:
        compare(student, Made("cubic", (nonzero_grid(rng, *shape),)), nonzero_grid(rng, *shape), h)


def test_small_steps(student, rng):
    """The step 1e-5 that one uses in practice."""
    f, w = quadratic_at(rng, 3, 2)
    compare(student, f, w, 1e-5)


def test_kinds_of_arrays(student, rng):
    """Strided and read-only arrays."""
    f, w = quadratic_at(rng, 3, 2)
    for same in layouts(w)[2:]:
        compare(student, f, same, 2.0**-4)
