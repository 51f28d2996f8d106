"""Random inputs, how far rounding may carry an answer, and what follows from earlier parts.

Inputs are multiples of 1/8, times a power of 2 where they are to be large or small. Scores are then
exact in float32 and float64 alike, and rounding begins with the first exponential. The bounds are
those of float32, as an answer computed in float32 is as right as any other.
"""

import numpy as np

from autograder.api import dot_atol
from autograder.graders.common import grid, layouts, nonzero_grid
from autograder.graders.hw2_softmax import reference

EPS = float(np.finfo(np.float32).eps)
SHAPES = [(6, 4, 3), (9, 2, 5), (1, 3, 4), (8, 5, 2)]  # N, D, C
REGS = (0.0, 0.25, 2.0)


def labels(rng: np.random.Generator, num_examples: int, num_classes: int) -> np.ndarray:
    """Labels (N,), with one class missing where there are more than two."""
    return rng.integers(0, max(2, num_classes - 1), size=num_examples)


def label_kinds(y: np.ndarray) -> list[np.ndarray]:
    """The same labels in other integer types, as a strided view and read-only."""
    return [y.astype(np.uint8), y.astype(np.int32), *layouts(y)[2:]]


def probabilities(rng: np.random.Generator, num_examples: int, num_classes: int) -> np.ndarray:
    """Rows (N, C) of positive numbers that float32 holds exactly and that add up to 1 nearly."""
    probs = reference.softmax(grid(rng, num_examples, num_classes))
    return probs.astype(np.float32).astype(np.float64)


def problem(rng: np.random.Generator, num_examples: int, dim: int, num_classes: int):
    """X (N, D), y (N,), W (C, D), b (C,)."""
    return (nonzero_grid(rng, num_examples, dim), labels(rng, num_examples, num_classes),
            nonzero_grid(rng, num_classes, dim), nonzero_grid(rng, num_classes))


def softmax_atol(scores: np.ndarray) -> float:
    """Bound for probabilities and their logarithms.

    An exponential is right within 2 units in the last place, a sum of C within C, a quotient, a
    product or a logarithm within 1. Logarithms may be formed as s - (m + log(sum)), which rounds
    numbers as large as twice the largest score.
    """
    return (scores.shape[1] + 8 + 4 * float(np.abs(scores).max())) * EPS


def loss_atol(X, y, W, b, reg) -> float:
    """Bound for the loss and every entry of its gradients."""
    scores = X @ W.T + b
    one_loss = softmax_atol(scores)
    sums = dot_atol(len(X) + 3, 1.0, np.float32)
    loss = (one_loss + sums * -reference.log_softmax(scores).min()
            + dot_atol(W.size + 3, 0.5 * reg * np.sum(W * W), np.float32))
    gradient = (one_loss + sums) * max(1.0, np.abs(X).max()) + 2 * EPS * reg * np.abs(W).max()
    return float(max(loss, gradient))


def safe_lr(X: np.ndarray, reg: float) -> float:
    """A power of 2 at which gradient descent does not amplify rounding errors.

    The loss is convex and its gradient Lipschitz with a constant of at most
    mean(|x|^2 + 1) / 2 + reg. A step of gradient descent at a learning rate below 2 divided by it
    brings any two points no further apart (Nesterov, Introductory Lectures on Convex
    Optimization, 2004, section 2.1.5).
    """
    lipschitz = np.mean(np.sum(X * X, axis=1) + 1) / 2 + reg
    return float(2.0 ** np.floor(np.log2(1 / lipschitz)))


def train_atol(X, y, num_classes, lr, reg, steps) -> float:
    """Bound for the parameters and losses of a run at a `safe_lr`: the steps' errors add up."""
    W, b, _ = reference.train_softmax(X, y, num_classes, lr, reg, steps)
    largest = 2 * max(np.abs(W).max(), np.abs(b).max())
    one = loss_atol(X, y, np.full_like(W, largest), np.full_like(b, largest), reg)
    parameters = steps * (lr * np.sqrt(W.size + b.size) * one + 2 * EPS * largest)
    slope = np.sqrt(2) * np.abs(X).max() * np.sqrt(X.shape[1] + 1) + reg * largest * W.size
    return float(parameters * (1 + slope) + one)


def own_loss(call, X, y, W, b, reg):
    """The loss and gradients that follow from functions of one part each, which `call` asks."""
    scores = X.astype(np.float64) @ W.T + b
    dscores = call("score_gradient", call("softmax", scores), y)
    loss = call("cross_entropy", call("log_softmax", scores), y)
    return loss + 0.5 * reg * np.sum(W * W), dscores.T @ X + reg * W, dscores.sum(axis=0)


def own_run(call, X, y, num_classes, lr, reg, steps):
    """The run of gradient descent that follows from the `softmax_loss` that `call` asks."""
    W, b, losses = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
    for _ in range(steps):
        loss, dW, db = call("softmax_loss", X, y, W, b, reg)
        W, b = W - lr * dW, b - lr * db
        losses.append(float(loss))
    return W, b, losses
