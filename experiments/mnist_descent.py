"""Full-batch descent of softmax regression on all of MNIST, three ways. Writes a results file.

- step sizes below and above the limits that the curvature sets;
- a right gradient and three wrong ones, trained and checked by central differences;
- pixels from 0 to 255 in single precision, without and with the shift by the largest score.
"""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

CLASSES = 10


def loss_and_gradient(W, Z, y, shift=True):
    """Mean cross-entropy and its gradient (C, D+1); Z (N, D+1) with a last column of ones."""
    S = Z @ W.T
    if shift:
        S -= S.max(axis=1, keepdims=True)
    rows, E = np.arange(len(y)), np.exp(S)
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.mean(S[rows, y] - np.log(E.sum(axis=1))) if shift else -np.mean(np.log(P[rows, y]))
    P[rows, y] -= 1
    return float(loss), P.T @ Z / len(y)


def descend(gradient, start, lr, steps, desc):
    """Losses before every step, and the parameters after the last."""
    W, losses = start.copy(), []
    for _ in tqdm(range(steps), desc=desc):
        loss, dW = gradient(W)
        losses.append(float(f"{loss:.6g}"))
        W -= W.dtype.type(lr) * dW
    return losses, W


def step_sizes(Z, y, steps) -> dict:
    """Loss curves for rates around 4 / lambda and 2 C / lambda, lambda of Z^T Z / N."""
    largest = np.linalg.eigvalsh(Z.T @ Z / len(Z))[-1]
    safe, limit = 4 / largest, 2 * CLASSES / largest
    rates = {"too small": safe / 20, "guaranteed": 0.95 * safe,
             "just below 20/lambda": 0.95 * limit, "five times 20/lambda": 5 * limit}
    start = np.zeros((CLASSES, Z.shape[1]))
    return {"lambda": float(largest), "curves": {
        name: {"lr": round(float(lr), 5),
               "loss": descend(lambda W: loss_and_gradient(W, Z, y), start, lr, steps, name)[0]}
        for name, lr in rates.items()}}


def wrong_gradients(Z, y, Z_test, y_test, steps, reg=0.1, lr=0.03, h=1e-5) -> dict:
    """Last loss, test accuracy and gradient-check errors of right and wrong gradients."""
    weights = np.ones((CLASSES, Z.shape[1]))
    weights[:, -1] = 0  # the biases, which are not regularised

    def right(W):
        loss, dW = loss_and_gradient(W, Z, y)
        return loss + 0.5 * reg * np.sum((weights * W) ** 2), dW + reg * weights * W

    changes = {"right": lambda W, dW: dW,
               "reg forgotten": lambda W, dW: dW - reg * weights * W,
               "reg twice": lambda W, dW: dW + reg * weights * W,
               "bias: wrong sign": lambda W, dW: np.where(weights > 0, dW, -dW)}

    def error_along(change, W, part):
        V = part * np.random.default_rng(1).normal(size=W.shape)
        V /= np.linalg.norm(V)
        numerical = (right(W + h * V)[0] - right(W - h * V)[0]) / (2 * h)
        formula = np.sum(V * change(W, right(W)[1]))
        return float(f"{abs(formula - numerical) / (abs(formula) + abs(numerical)):.3g}")

    somewhere = 0.1 * np.random.default_rng(0).normal(size=weights.shape)
    measured = {}
    for name, change in changes.items():
        def gradient(W, change=change):
            loss, dW = right(W)
            return loss, change(W, dW)
        losses, W = descend(gradient, np.zeros_like(weights), lr, steps, name)
        measured[name] = {
            "loss": losses,
            "test": round(float(np.mean((Z_test @ W.T).argmax(axis=1) == y_test)), 5),
            "check_weights": error_along(change, somewhere, weights),
            "check_biases": error_along(change, somewhere, 1 - weights)}
    return measured


def overflow(Z, y, steps, lr=2e-4) -> dict:
    """Losses on pixels from 0 to 255 in single precision; null where not finite."""
    Z = (Z * np.append(np.full(Z.shape[1] - 1, 255.0), 1.0)).astype(np.float32)
    start, measured = np.zeros((CLASSES, Z.shape[1]), np.float32), {"lr": lr}
    for name, shift in (("on paper", False), ("shifted", True)):
        def gradient(W, shift=shift):
            return loss_and_gradient(W, Z, y, shift)
        with np.errstate(all="ignore"):
            losses, W = descend(gradient, start, lr, steps, name)
        measured[name] = {"loss": [loss if np.isfinite(loss) else None for loss in losses],
                          "train": round(float(np.mean((Z @ W.T).argmax(axis=1) == y)), 5)}
    return measured


def main() -> None:
    """Measure all three, write the results file."""
    parser = record.parser(__doc__, "mnist_descent.json")
    parser.add_argument("--steps", type=int, default=100)
    arguments = parser.parse_args()
    digits = data.mnist()
    Z, Z_test = (np.hstack([data.flatten(X), np.ones((len(X), 1))])
                 for X in (digits.X_train, digits.X_test))
    y = digits.y_train
    record.write(arguments.out, {
        "step_sizes": step_sizes(Z, y, arguments.steps),
        "wrong_gradients": wrong_gradients(Z, y, Z_test, digits.y_test, arguments.steps),
        "overflow": overflow(Z, y, arguments.steps),
    }, digits)


if __name__ == "__main__":
    main()
