"""When to stop."""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw3_gradient_descent import inputs, reference

WHAT = ("w", "the number of steps")


def compare(student, A, b, w0, tol, max_steps):
    """Compare one run at a safe rate."""
    lr, grad = inputs.safe_rate(A), inputs.functions(A, b)[1]
    atol = inputs.descent_atol(A, b, np.asarray(w0, np.float64), lr, max_steps)[0]
    student.compare("descend_until", grad, w0, lr, tol, max_steps, what=WHAT, atol=min(atol, 0.4))


def clear_tolerance(A, b, w0, steps):
    """A tolerance that the lengths of the gradients after steps - 1 and after `steps` steps pass.

    No other common measure of the gradient or of the step passes it in the same step; None where
    there is no such tolerance.
    """
    lr, (f, grad) = inputs.safe_rate(A), [made.make() for made in inputs.functions(A, b)]
    path, _ = reference.gradient_descent(f, grad, w0, lr, steps)
    lengths = [np.linalg.norm(grad(w)) for w in path]
    tol = float(np.sqrt(lengths[-2] * lengths[-1]))
    clear = lengths[-1] < 0.95 * tol and min(lengths[:-1]) > tol
    before = grad(path[-2])
    others = (np.abs(before).max(), np.linalg.norm(before) / np.sqrt(before.size),
              lr * np.linalg.norm(before))
    return tol if clear and all(other < 0.95 * tol for other in others) else None


def run_with_clear_tolerance(rng, shape, steps):
    """A, b, w0 and tol of a run that ends after so many steps."""
    while True:
        A, b = inputs.bowl(rng, int(np.prod(shape)))
        w0 = nonzero_grid(rng, *shape)
        tol = clear_tolerance(A, b, w0, steps)
        if tol:
            return A, b, w0, tol


def test_stops_where_the_gradient_is_short(student, rng):
    """The first point whose gradient is short enough; parameters of shape (P,) and (C, D)."""
    for shape, steps in [((3,), 4), ((2, 2), 3), ((5,), 7)]:
        A, b, w0, tol = run_with_clear_tolerance(rng, shape, steps)
        compare(student, A, b, w0, tol, 50)


def test_no_step_where_none_is_needed(student, rng):
    """A start that is good enough, exactly at the minimum too: no step."""
    A, b = inputs.bowl(rng, 3)
    w0 = nonzero_grid(rng, 3)
    compare(student, A, b, w0, float(1.5 * np.linalg.norm(A @ w0 - b)), 10)
    compare(student, np.eye(3) * 2, 2 * w0, w0, 0.0, 10)


def test_gives_up_in_the_end(student, rng):
    """At most `max_steps` steps; kinds of arrays."""
    A, b = inputs.bowl(rng, 4)
    for w0 in layouts(nonzero_grid(rng, 4)):
        compare(student, A, b, w0, 0.0, 6)
    compare(student, A, b, nonzero_grid(rng, 4), 0.0, 1)
