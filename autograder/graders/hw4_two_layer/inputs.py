"""Random inputs, how far rounding may carry an answer, and what follows from earlier parts.

Numbers are multiples of 1/8, so that they and the pre-activations are exact in float32 as well.
The bounds are those of float32: an answer computed in float32 is as right as any other.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from autograder.api import Verdict
from autograder.graders.common import drawn_once, layouts, nonzero_grid
from autograder.graders.hw2_softmax.inputs import (
    label_kinds,
    labels,
    softmax_atol,
    some_labels,
)
from autograder.graders.hw4_two_layer import reference

__all__ = ["GRADIENTS", "ONES", "REGS", "SHAPES", "judge_where_right", "label_kinds", "labels",
           "layouts", "loss_atols", "network", "own_loss", "param_kinds", "probs_atol",
           "product_atol", "softmax_atol", "some_labels", "steady", "tells"]

EPS = float(np.finfo(np.float32).eps)
SHAPES = [(6, 4, 5, 3), (9, 2, 7, 4), (8, 6, 3, 5)]  # N, D, H, C
ONES = [(5, 1, 4, 3), (6, 3, 1, 3), (1, 3, 4, 2)]  # one feature, one hidden unit, one example
REGS = (0.0, 0.25, 2.0)
GRADIENTS = tuple((1, name) for name in ("W1", "b1", "W2", "b2"))


def judge_where_right(compare: Callable, plain: Sequence, special: Sequence[Sequence],
                      parts: Sequence) -> None:
    """Judge on special inputs those parts of an answer that are right on plain ones.

    A part that is wrong there has cost its own test. One at least has to be right.

    Parameters
    ----------
    compare : `compare(*args, only)` judges one part of a call
    plain, special : the arguments of one call, and of several
    """
    right = []
    for only in parts:
        try:
            compare(*plain, only)
            right.append(only)
        except Verdict as verdict:
            wrong = verdict
    if not right:
        raise wrong
    for args in special:
        for only in right:
            compare(*args, only)


@drawn_once
def network(rng: np.random.Generator, num_examples, num_features, num_hidden, num_classes):
    """params, X (N, D), y (N,); at least one hidden unit is on for every example.

    Scores are small, so that a trick against large ones, like 1e-8 in a logarithm, changes nothing.
    """
    while True:
        params = {"W1": nonzero_grid(rng, num_hidden, num_features) / 8,
                  "b1": nonzero_grid(rng, num_hidden) / 4,
                  "W2": nonzero_grid(rng, num_classes, num_hidden) / 4,
                  "b2": nonzero_grid(rng, num_classes) / 4}
        X = nonzero_grid(rng, num_examples, num_features)
        y = labels(rng, num_examples, num_classes)
        Z = reference.affine_forward(X, params["W1"], params["b1"])
        some_off = num_hidden == 1 or (Z < 0).any()
        if np.all((Z > 0).any(axis=1)) and some_off and tells(params, X, y):
            return params, X, y


def tells(params: dict, X, y) -> bool:
    """Whether no bound is above a hundredth of the largest number that it is used for."""
    for reg, atols in zip(REGS, _atols(params, X, REGS)):
        right = reference.two_layer_loss(params, X, y, reg)
        largest = {0: right[0], **{(1, name): np.abs(right[1][name]).max() for name in params}}
        if any(atols[part] > 0.01 * largest[part] for part in largest):
            return False
    return True


def param_kinds(params: dict) -> list[dict]:
    """The same parameters as float32, in Fortran order, as strided views and read-only."""
    return [dict(zip(params, kind)) for kind in zip(*map(layouts, params.values()))]


def product_atol(num_terms: int, *sizes) -> float:
    """Bound for an entry of a product of matrices with so many terms of at most those sizes."""
    largest = np.prod([np.abs(size).max() for size in sizes])
    return float((num_terms + 4) * EPS * (num_terms + 1) * largest)


def probs_atol(scores, off: float) -> float:
    """Bound for a probability, where scores and their logarithms may be off by `off`.

    It moves by p (1 - p) times as much: not at all where one class has nearly everything.
    """
    probs = reference.hw2.softmax(scores)
    return float((scores.shape[1] + 8) * EPS + 4 * np.max(probs * (1 - probs)) * off)


def loss_atols(params, X, reg) -> dict:
    """Bounds by what is judged: the scores (None), the loss (0) and each gradient."""
    return next(_atols(params, X, [reg]))


def _atols(params, X, regs) -> Iterator[dict]:
    """Those for several strengths of regularisation; most of the work is the same for all."""
    W1, b1, W2, b2 = (np.abs(params[k]).astype(np.float64) for k in ("W1", "b1", "W2", "b2"))
    scores, X = reference.two_layer_loss(params, X), np.abs(X).astype(np.float64)
    A1 = X @ W1.T + b1  # the sizes of what is added up in the first layer, and in the second
    A2 = A1 @ W2.T + b2
    (N, D), (C, H) = X.shape, W2.shape
    of_scores = EPS * ((H + 4) * A2.max() + (D + 4) * (A1 @ W2.T).max())
    of_logs = softmax_atol(A2) + 2 * of_scores
    of_probs = probs_atol(scores, of_logs)
    # over the examples, the sizes of dscores add up to 1 for a class and to 2 for all classes
    second = of_probs + (N + D + 8) * EPS
    first = (C * of_probs + 2 * (C + N + D + 8) * EPS) * W2.max()
    squares, weights = np.sum(W1**2) + np.sum(W2**2), W1.size + W2.size
    for reg in regs:
        penalty = EPS * (weights + 4) * reg * squares
        bounds = {None: of_scores, 0: of_logs + (N + 4) * EPS * A2.max() + penalty,
                  (1, "W2"): second * A1.max() + 2 * EPS * reg * W2.max(), (1, "b2"): second,
                  (1, "W1"): first * X.max() + 2 * EPS * reg * W1.max(), (1, "b1"): first}
        yield {part: float(2 * bound) for part, bound in bounds.items()}


def steady(params, X, y, X_val, reg, batch_sizes, rates) -> bool:
    """Whether no rounding can switch a hidden unit or change a prediction during this training.

    `batch_sizes` are those of the batches of an epoch, whose examples are all alike.
    """
    for lr in rates:
        for size in batch_sizes:
            Z = reference.affine_forward(X, params["W1"], params["b1"])
            if np.abs(Z).min() < 1e-3:
                return False
            _, grads = reference.two_layer_loss(params, X[:size], y[:size], reg)
            params = {name: params[name] - lr * grads[name] for name in params}
        top = np.sort(reference.two_layer_loss(params, X_val), axis=1)
        if np.min(top[:, -1] - top[:, -2]) < 1e-3:
            return False
    return True


def own_loss(call, params, X, y=None, reg=0.0):
    """The scores, or loss and gradients, that follow from layers that `call` asks."""
    W1, b1, W2, b2 = (np.asarray(params[k], np.float64) for k in ("W1", "b1", "W2", "b2"))
    X = np.asarray(X, np.float64)
    Z = call("affine_forward", X, W1, b1)
    hidden = call("relu_forward", Z)
    scores = call("affine_forward", hidden, W2, b2)
    if y is None:
        return scores
    loss, dscores = call("softmax_cross_entropy", scores, y)
    dhidden, dW2, db2 = call("affine_backward", dscores, hidden, W2)
    dZ = call("relu_backward", dhidden, Z)
    _, dW1, db1 = call("affine_backward", dZ, X, W1)
    loss = loss + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    return loss, {"W1": dW1 + reg * W1, "b1": db1, "W2": dW2 + reg * W2, "b2": db2}
