"""Random inputs, how far rounding may carry an answer, and what follows from earlier parts.

Inputs are multiples of 1/8, times a power of 2 where they are to be large or small. Scores are then
exact in float32 and float64 alike, and rounding begins with the first exponential. The bounds are
those of float32, as an answer computed in float32 is as right as any other.
"""

import numpy as np

from autograder.api import Verdict, dot_atol
from autograder.graders.common import grid, layouts, nonzero_grid
from autograder.graders.hw2_softmax import reference

EPS = float(np.finfo(np.float32).eps)
VACUOUS = 0.01  # a bound larger than this share of the largest entry would judge nothing
PROBABLE = 0.02  # ordinary labels are: of a trick against rare ones, like 1e-8 in a logarithm, they
                 # show nothing


def labels(rng: np.random.Generator, num_examples: int, num_classes: int) -> np.ndarray:
    """Labels (N,): the last class occurs, and every class does where there are enough examples."""
    classes = [num_classes - 1, *rng.permutation(num_classes - 1)][:num_examples]
    others = rng.integers(0, num_classes, size=num_examples - len(classes))
    return rng.permutation(np.concatenate([classes, others]).astype(int))


def some_labels(rng: np.random.Generator, num_examples: int, num_classes: int) -> np.ndarray:
    """Labels (N,) of more than two classes: the last occurs, and one in the middle does not."""
    absent = rng.integers(1, num_classes - 1)
    y = labels(rng, num_examples, num_classes - 1)
    return y + (y >= absent)


def without_last(rng: np.random.Generator, num_examples: int, num_classes: int) -> np.ndarray:
    """Labels (N,) without the last class."""
    return labels(rng, num_examples, num_classes - 1)


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


def loss_atols(X, y, W, b, reg) -> tuple[float, float, float]:
    """Bounds for the loss, and for every entry of dW and db."""
    X, W = np.asarray(X, np.float64), np.asarray(W, np.float64)
    scores = X @ W.T + b
    one_loss = softmax_atol(scores)
    sums = dot_atol(len(X) + 3, 1.0, np.float32)
    loss = (one_loss + sums * -reference.log_softmax(scores).min()
            + dot_atol(W.size + 3, 0.5 * reg * np.sum(W * W), np.float32))
    gradient = (one_loss + sums) * max(1.0, np.abs(X).max()) + 2 * EPS * reg * np.abs(W).max()
    return float(loss), float(gradient), float(gradient)


def loss_atol(X, y, W, b, reg) -> float:
    """Bound for the loss and every entry of its gradients."""
    return max(loss_atols(X, y, W, b, reg))


# Rows in which other shifts than each row's maximum overflow, but the overall maximum does not
# underflow: no shift in all of them, the arg max in all but the third (there it is 5), the minimum
# in the first and last, the mean in the first.
FAR_APART = np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 1400.0],
                      [800.0, 800.0, 800.0, 1000.0, 1200.0, 1400.0],
                      [300.0, 300.0, 300.0, 300.0, 300.0, 712.0],
                      [1200.0, 1200.0, 1200.0, 1200.0, 1200.0, 300.0]])


def rows_far_apart(rng: np.random.Generator) -> np.ndarray:
    """Scores (7, 6) that are far apart from row to row, and close within each but one."""
    offsets = np.array([4000.0, -3000.0, 0.0, 900.0, -500.0, -10000.0])  # -500: |s| overshifts
    rows = offsets[:, np.newaxis] + grid(rng, 6, 6)
    return rng.permutation(np.vstack([rows, FAR_APART[2]]))


def scores_far_apart(rng: np.random.Generator) -> np.ndarray:
    """Scores (4, 6) that are far apart within a row, and the rows' maxima are not."""
    return rng.permutation(FAR_APART + grid(rng, 4, 6, high=8))


def telling_problem(rng: np.random.Generator, *shape: int, reg: float, factor: float = 1.0,
                    draw_labels=labels):
    """As `problem`, and the bounds are small beside the loss and its gradients.

    Scores are small and all labels are probable, unless a `factor` makes the weights large.
    """
    while True:
        X, _, W, b = problem(rng, *shape)
        y, W, b = draw_labels(rng, shape[0], shape[2]), factor * W / 8, b / 8
        right = reference.softmax_loss(X, y, W, b, reg)
        least = np.exp(reference.log_softmax(X @ W.T + b)[np.arange(len(y)), y].min())
        if (factor > 1 or least > PROBABLE) and all(
                atol < VACUOUS * np.max(np.abs(value))
                for value, atol in zip(right, loss_atols(X, y, W, b, reg))):
            return X, y, W, b


def safe_lr(X: np.ndarray, reg: float) -> float:
    """A power of 2 at which gradient descent does not amplify rounding errors.

    The loss is convex and its gradient Lipschitz with a constant of at most
    mean(|x|^2 + 1) / 2 + reg. A step of gradient descent at a learning rate below 2 divided by it
    brings any two points no further apart (Nesterov, Introductory Lectures on Convex
    Optimization, 2004, section 2.1.5).
    """
    lipschitz = np.mean(np.sum(X * X, axis=1) + 1) / 2 + reg
    return float(2.0 ** np.floor(np.log2(1 / lipschitz)))


def train_atols(X, y, num_classes, lr, reg, steps) -> tuple[float, float, float]:
    """Bounds for W, b and the losses of a run at a `safe_lr`: the steps' errors add up."""
    W, b, _ = reference.train_softmax(X, y, num_classes, lr, reg, steps)
    W, b = np.full_like(W, np.abs(W).max()), np.full_like(b, np.abs(b).max())
    loss, gradient, _ = loss_atols(X, y, W, b, reg)
    parameters = steps * (lr * np.sqrt(W.size + b.size) * gradient
                          + 2 * EPS * max(W.max(), b.max()))
    slope = np.sqrt(2) * np.abs(X).max() * np.sqrt(X.shape[1] + 1) + reg * W.max() * W.size
    return float(parameters), float(parameters), float(loss + slope * parameters)


def telling_run(rng: np.random.Generator, *shape: int, reg: float, steps: int,
                draw_labels=labels) -> tuple:
    """Arguments of a run whose W, b and losses are large beside their bounds."""
    while True:
        X, y = nonzero_grid(rng, *shape[:2]), draw_labels(rng, shape[0], shape[2])
        arguments = (X, y, shape[2], safe_lr(X, reg), reg, steps)
        right = reference.train_softmax(*arguments)
        if all(atol < VACUOUS * np.max(np.abs(value))
               for value, atol in zip(right, train_atols(*arguments))):
            return arguments


def right_items(compare, count: int) -> list[int]:
    """The items of an answer that are right for an ordinary input: `compare(item)` judges one.

    The test of a special case judges no others, so that a mistake in one of them costs its own
    test alone.

    Raises
    ------
    Verdict
        None is right: there is nothing to judge.
    """
    right, wrong = [], []
    for item in range(count):
        try:
            compare(item)
            right.append(item)
        except Verdict as verdict:
            wrong.append(verdict)
    if not right:
        raise wrong[0]
    return right


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
