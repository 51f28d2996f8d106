"""The numerical gradient."""

import numpy as np

from autograder.api import Made
from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs

U = np.finfo(np.float64).eps
WHAT = "the numerical gradient"


def compare(student, f, w, h):
    """Compare one call: both values of f are right within rounding, the difference is over 2h."""
    value = f.make()
    near = [np.abs(value(np.asarray(w, np.float64) + s)).max() for s in (h, -h)]
    atol = 64 * w.size**2 * U * (1 + max(near)) / h
    student.compare("numerical_gradient", f, w, h, what=WHAT, atol=float(atol))


def quadratic_at(rng, *shape):
    """A bowl and a place on it."""
    return Made("quadratic", inputs.bowl(rng, int(np.prod(shape)))), nonzero_grid(rng, *shape)


def test_vectors(student, rng):
    """Vectors, for several steps h; one parameter."""
    for count, h in [(4, 2.0**-6), (6, 1e-5), (1, 2.0**-3)]:
        compare(student, *quadratic_at(rng, count), h)


def test_any_number_of_axes(student, rng):
    """Matrices and arrays with three axes."""
    for shape, h in [((2, 3), 2.0**-3), ((3, 2), 2.0**-6), ((3, 2, 2), 2.0**-8)]:
        compare(student, *quadratic_at(rng, *shape), h)


def test_the_step_that_is_given(student, rng):
    """A function with a third derivative, where the step h shows in the answer."""
    for h in (0.25, 0.5):
        compare(student, Made("cubic", (nonzero_grid(rng, 3),)), nonzero_grid(rng, 3), h)
    for h in (2.0**-13, 1e-5):  # at 0 the difference is that of the third powers, a h^2, and exact
        a = nonzero_grid(rng, 3)
        student.compare("numerical_gradient", Made("cubic", (a,)), np.zeros(3), h, what=WHAT,
                        atol=1e-9 * h**2)


def test_kinds_of_arrays(student, rng):
    """Strided and read-only vectors; a matrix in Fortran order."""
    f, w = quadratic_at(rng, 5)
    for same in layouts(w)[2:]:
        compare(student, f, same, 2.0**-4)
    f, w = quadratic_at(rng, 3, 2)
    compare(student, f, np.asfortranarray(w), 2.0**-4)
