"""Random inputs and how far rounding may carry an answer.

Numbers are multiples of 1/8, so that they are exact in float32 as well. The bounds are those of
float32: an answer computed in float32 is as right as any other, except where the assignment says
that double precision is needed.
"""

import numpy as np

from autograder.api import Made
from autograder.graders.common import grid, nonzero_grid
from autograder.graders.hw2_softmax.inputs import label_kinds, labels, right_items
from autograder.graders.hw3_gradient_descent import reference

__all__ = ["bowl", "descent_atol", "functions", "label_kinds", "labels", "problem",
           "right_items", "safe_rate"]

EPS = float(np.finfo(np.float32).eps)


def bowl(rng: np.random.Generator, num_parameters: int):
    """A (P, P), symmetric with eigenvalues from 0.5 on, and b (P,)."""
    M = grid(rng, num_parameters, num_parameters, high=8)
    return M.T @ M + 0.5 * np.eye(num_parameters), nonzero_grid(rng, num_parameters)


def functions(A, b) -> tuple[Made, Made]:
    """The bowl and its gradient, as arguments of a call."""
    return Made("quadratic", (A, b)), Made("quadratic_gradient", (A, b))


def safe_rate(A) -> float:
    """The largest power of 2 that is at most 1 over the largest curvature.

    No step then carries two points further apart, so that rounding errors add up and no more.
    """
    return float(2.0 ** np.floor(np.log2(1 / np.linalg.eigvalsh(A)[-1])))


def descent_atol(A, b, w0, lr, steps) -> tuple[float, float]:
    """Bounds for every entry of the path and for every cost of gradient descent on a bowl."""
    f, grad = (made.make() for made in functions(A, b))
    path, _ = reference.gradient_descent(f, grad, w0, lr, steps)
    v = np.abs(path).reshape(len(path), -1)
    terms = (np.abs(A) @ v.T).max() + np.abs(b).max()  # what is added up in one entry of A w - b
    one_step = EPS * (2 * v.max() + lr * (len(b) + 4) * terms)
    entry = 2 * (steps + 1) * np.sqrt(len(b)) * one_step
    slope = np.linalg.norm(A @ path.reshape(len(path), -1).T - b[:, np.newaxis], axis=0).max()
    return entry, np.sqrt(len(b)) * entry * slope + EPS * (len(b) + 4) * len(b) * terms * v.max()


def problem(rng, num_examples, dim, num_classes):
    """X (N, D), y (N,), W (C, D), b (C,) with small entries."""
    return (nonzero_grid(rng, num_examples, dim) / 2, labels(rng, num_examples, num_classes),
            nonzero_grid(rng, num_classes, dim) / 4, nonzero_grid(rng, num_classes) / 4)
