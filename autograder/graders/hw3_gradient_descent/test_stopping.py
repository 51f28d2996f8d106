"""When to stop."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs

WHAT = ("w", "the number of steps")


def compare(student, A, b, w0, tol, max_steps, lr=None):
    """Compare one run, at a safe rate unless told otherwise."""
    lr, grad = lr or inputs.safe_rate(A), inputs.functions(A, b)[1]
    atol = inputs.descent_atol(A, b, np.asarray(w0, np.float64), lr, max_steps)[0]
    student.compare("descend_until", grad, w0, lr, tol, max_steps, what=WHAT, atol=min(atol, 0.4))


def round_bowl(rng, shape, steps):
    """A, b, w0, lr and tol of a run on a round bowl that ends after so many steps.

    The gradient keeps its direction and shrinks by the same factor in every step. Its largest
    entry, its root mean square, its square and the step pass `tol` in other steps than its length.
    """
    P, curvature, lr = int(np.prod(shape)), 1.5, 1 / 16
    b, g = nonzero_grid(rng, P), np.full(P, 0.6 / np.sqrt(P - 1))
    g[rng.integers(P)] = 0.8
    g *= 40 * rng.choice([-1, 1], size=P)  # 40 long
    tol = 40 * (1 - lr * curvature) ** (steps - 0.5)
    return curvature * np.eye(P), b, ((g + b) / curvature).reshape(shape), lr, tol


def test_stops_where_the_gradient_is_short(student, rng):
    """The first point whose gradient is short enough; parameters of shape (P,) and (C, D)."""
    for shape, steps in [((5,), 24), ((2, 3), 20), ((4, 2), 28)]:
        A, b, w0, lr, tol = round_bowl(rng, shape, steps)
        compare(student, A, b, w0, tol, 60, lr)


def test_no_step_where_none_is_needed(student, rng):
    """A start that is good enough, exactly at the minimum too: no step."""
    A, b = inputs.bowl(rng, 3)
    w0 = nonzero_grid(rng, 3)
    compare(student, A, b, w0, float(1.5 * np.linalg.norm(A @ w0 - b)), 10, 2.0**-12)
    compare(student, np.eye(3) * 2, 2 * w0, w0, 0.0, 10)


def test_gives_up_in_the_end(student, rng):
    """At most `max_steps` steps; kinds of arrays."""
    A, b = inputs.bowl(rng, 4)
    for w0 in layouts(nonzero_grid(rng, 4)):
        compare(student, A, b, w0, 0.0, 6)
    compare(student, A, b, nonzero_grid(rng, 4), 0.0, 1)
