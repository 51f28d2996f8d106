"""Random inputs, how far rounding may carry an answer, and what follows from earlier parts.

Numbers are multiples of 1/8, so that they and the pre-activations are exact in float32 as well.
The bounds are those of float32: an answer computed in float32 is as right as any other.
"""

import numpy as np

from autograder.graders.common import layouts, nonzero_grid
from autograder.graders.hw2_softmax.inputs import label_kinds, labels, softmax_atol
from autograder.graders.hw4_two_layer import reference

__all__ = ["SHAPES", "label_kinds", "labels", "layouts", "loss_atol", "network", "own_loss",
           "param_kinds", "product_atol", "steady"]

EPS = float(np.finfo(np.float32).eps)
SHAPES = [(6, 4, 5, 3), (9, 2, 7, 4), (1, 3, 4, 2), (8, 6, 3, 5)]  # N, D, H, C


def network(rng: np.random.Generator, num_examples, num_features, num_hidden, num_classes):
    """params, X (N, D), y (N,); at least one hidden unit is on for every example."""
    while True:
        params = {"W1": nonzero_grid(rng, num_hidden, num_features) / 2,
                  "b1": nonzero_grid(rng, num_hidden) / 2,
                  "W2": nonzero_grid(rng, num_classes, num_hidden) / 2,
                  "b2": nonzero_grid(rng, num_classes)}
        X = nonzero_grid(rng, num_examples, num_features)
        Z = reference.affine_forward(X, params["W1"], params["b1"])
        if np.all((Z > 0).any(axis=1)) and (Z < 0).any():
            return params, X, labels(rng, num_examples, num_classes)


def param_kinds(params: dict) -> list[dict]:
    """The same parameters as float32, in Fortran order, as strided views and read-only."""
    return [dict(zip(params, kind)) for kind in zip(*map(layouts, params.values()))]


def product_atol(num_terms: int, *sizes) -> float:
    """Bound for an entry of a product of matrices with so many terms of at most those sizes."""
    largest = np.prod([np.abs(size).max() for size in sizes])
    return float((num_terms + 4) * EPS * (num_terms + 1) * largest)


def loss_atol(params, X, reg) -> float:
    """Bound for the scores, the loss and every gradient."""
    W1, b1, W2, b2 = (np.abs(params[k]).astype(np.float64) for k in ("W1", "b1", "W2", "b2"))
    X = np.abs(X).astype(np.float64)
    scores = reference.two_layer_loss(params, X)
    A1 = X @ W1.T + b1  # the sizes of what is added up in the first layer, and in the second
    A2 = A1 @ W2.T + b2
    of_scores = EPS * ((W2.shape[1] + 4) * A2.max() + (W1.shape[1] + 4) * (A1 @ W2.T).max())
    of_dscores = softmax_atol(np.maximum(A2, np.abs(scores))) + 2 * of_scores
    reach = max(1.0, A1.max(), X.max() * W2.max() * len(W2))  # by what a gradient multiplies it
    penalty = reg * (np.sum(W1**2) + np.sum(W2**2) + max(W1.max(), W2.max()))
    return float(2 * (of_scores + of_dscores * reach) + EPS * (W1.size + W2.size) * penalty)


def steady(params, X, y, X_val, reg, batch_sizes, rates) -> bool:
    """Whether no rounding can switch a hidden unit or change a prediction during this training.

    `batch_sizes` are those of the batches of an epoch, whose examples are all alike or complete.
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
