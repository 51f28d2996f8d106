"""When to stop."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs

WHAT = ("w", "the number of steps")
STEPS, LENGTH, RATE, CURVATURE = 24, 60.0, 1 / 8, 0.75
# directions in which the largest entry, sums with and without signs, means and lengths of rows
# become as small as the tolerance in other steps than the length does, and each in its own
DIRECTIONS = ([-8, 3, -3, 3, -3], [[-4, 3, 1], [2, -1, 3]], [[-4, 3], [1, 2], [-1, 3]])


def compare(student, A, b, w0, tol, max_steps, lr=None):
    """Compare one run, at a safe rate unless told otherwise."""
    lr, grad = lr or inputs.safe_rate(A), inputs.functions(A, b)[1]
    atol = inputs.descent_atol(A, b, np.asarray(w0, np.float64), lr, max_steps)[0]
    student.compare("descend_until", grad, w0, lr, tol, max_steps, what=WHAT, atol=atol)


def test_stops_where_the_gradient_is_short(student, rng):
    """The first point whose gradient is short enough; parameters of shape (P,) and (C, D)."""
    for direction in DIRECTIONS:
        # on a round bowl the gradient keeps its direction and shrinks by the same factor each time
        g = rng.permutation(np.array(direction, float), axis=-1)
        g *= LENGTH / np.linalg.norm(g)
        b = nonzero_grid(rng, g.size)
        tol = LENGTH * (1 - RATE * CURVATURE) ** (STEPS - 0.5)
        compare(student, CURVATURE * np.eye(g.size), b, (g + b.reshape(g.shape)) / CURVATURE, tol,
                60, RATE)


def test_no_step_where_none_is_needed(student, rng):
    """A start that is good enough, exactly at the minimum too: no step."""
    A, b = inputs.bowl(rng, 3)
    w0 = nonzero_grid(rng, 3)
    compare(student, A, b, w0, float(1.5 * np.linalg.norm(A @ w0 - b)), 10, 2.0**-12)
    compare(student, np.eye(3) * 2, 2 * w0, w0, 0.0, 10)


def test_gives_up_in_the_end(student, rng):
    """`max_steps` steps where the gradient never gets short, or even grows; kinds of arrays."""
    A, b = inputs.bowl(rng, 4)
    for w0 in [nonzero_grid(rng, 4), *layouts(nonzero_grid(rng, 4))]:
        compare(student, A, b, w0, 0.0, 6)
    w0, off = nonzero_grid(rng, 4), rng.permutation([4, -4, 4, -4])
    compare(student, 2 * np.eye(4), 2 * w0, w0 + off, 0.5, 4, 1.25)  # times -1.5 in each step
    compare(student, A, b, nonzero_grid(rng, 4), 0.0, 1)
