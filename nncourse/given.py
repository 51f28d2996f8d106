"""Functions that an assignment hands to your functions: things to minimise, from plain numbers.

A graded call cannot send a function, so it sends a name of this module and the numbers from which
the function is made, here and in grading alike.
"""

from collections.abc import Callable

import numpy as np


def quadratic(A: np.ndarray, b: np.ndarray) -> Callable:
    """f(w) = 0.5 w^T A w - b^T w; A (P, P) symmetric, b (P,), w of any shape with P entries."""

    def f(w):
        v = np.ravel(w)
        return 0.5 * v @ A @ v - b @ v

    return f


def quadratic_gradient(A: np.ndarray, b: np.ndarray) -> Callable:
    """The gradient of `quadratic(A, b)`, A w - b, in the shape of w."""

    def grad(w):
        return np.reshape(A @ np.ravel(w) - b, np.shape(w))

    return grad


def cubic(a: np.ndarray) -> Callable:
    """f(w) = sum of a w^3, for a and w of the same shape."""

    def f(w):
        return np.sum(a * w**3)

    return f


def linear_loss() -> Callable:
    """A loss whose gradients do not depend on W and b: the mean score of the true classes."""

    def loss(X, y, W, b, reg):
        Y = np.eye(len(W))[y]  # (N, C)
        return np.mean(np.sum(X * W[y], axis=1) + b[y]), Y.T @ X / len(X), Y.mean(axis=0)

    return loss


def squared_loss() -> Callable:
    """Half the mean squared distance of the scores X W^T + b from one-hot labels, plus L2.

    The loss takes X (N, D), y (N,), W (C, D), b (C,) and reg, and returns its value, dW and db.
    """

    def loss(X, y, W, b, reg):
        off = X @ W.T + b - np.eye(len(W))[y]  # (N, C)
        value = 0.5 * np.sum(off**2) / len(X) + 0.5 * reg * np.sum(W**2)
        return value, off.T @ X / len(X) + reg * W, off.mean(axis=0)

    return loss


def generator(seed: int) -> np.random.Generator:
    """NumPy's random generator, started with `seed`."""
    return np.random.default_rng(seed)
