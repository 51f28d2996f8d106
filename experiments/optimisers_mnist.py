"""Softmax regression on all of MNIST with four update rules, over a grid of learning rates.

Twice: with the pixels as they are, in [0, 1], and with every pixel multiplied by a factor of its
own between 0.1 and 10 (as if each were measured in another unit). Every run sees the same
minibatches in the same order and keeps its learning rate throughout.
"""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

BATCH = 100
LEARNING_RATES = {  # half powers of ten, seven each
    "descent": np.geomspace(1e-2, 10, 7),
    "momentum": np.geomspace(1e-3, 1, 7),
    "rmsprop": np.geomspace(1e-4, 0.1, 7),
    "adam": np.geomspace(1e-4, 0.1, 7),
}


def descent(lr):
    """Plain descent: the change of the parameters is -lr g."""
    return lambda g: -lr * g


def momentum(lr, beta=0.9):
    """Keep a velocity v, the decaying sum of all gradients."""
    v = 0.0

    def change(g):
        nonlocal v
        v = beta * v + g
        return -lr * v
    return change


def rmsprop(lr, beta=0.99, eps=1e-8):
    """Divide each gradient by the root of its own mean square q."""
    q = 0.0

    def change(g):
        nonlocal q
        q = beta * q + (1 - beta) * g ** 2
        return -lr * g / (np.sqrt(q) + eps)
    return change


def adam(lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Both, each mean divided by the sum of its weights."""
    m, q, t = 0.0, 0.0, 0

    def change(g):
        nonlocal m, q, t
        t += 1
        m = beta1 * m + (1 - beta1) * g
        q = beta2 * q + (1 - beta2) * g ** 2
        return -lr * (m / (1 - beta1 ** t)) / (np.sqrt(q / (1 - beta2 ** t)) + eps)
    return change


RULES = {"descent": descent, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}


def log_softmax(scores):
    """Logarithms of the probabilities, row by row; (N, C) -> (N, C)."""
    scores = scores - scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def gradient(Theta, X, y):
    """Gradient (C, D+1) of the mean cross-entropy; X (N, D+1) ends with a column of ones."""
    G = np.exp(log_softmax(X @ Theta.T))
    G[np.arange(len(y)), y] -= 1
    return G.T @ X / len(y)


def loss_and_accuracy(Theta, X, y):
    """Mean cross-entropy and share of right answers."""
    logp = log_softmax(X @ Theta.T)
    loss = -logp[np.arange(len(y)), y].mean(dtype=np.float64)
    return float(loss), float(np.mean(np.argmax(logp, axis=1) == y))


def train(rule, X, y, X_test, y_test, epochs):
    """Curves of one run: training loss after each epoch (and at the start), test accuracy."""
    rng = np.random.default_rng(0)
    Theta = np.zeros((10, X.shape[1]), np.float32)
    curve = {"loss": [round(loss_and_accuracy(Theta, X, y)[0], 5)], "test": []}
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), BATCH):
            rows = order[start:start + BATCH]
            Theta += rule(gradient(Theta, X[rows], y[rows]))
        curve["loss"].append(round(loss_and_accuracy(Theta, X, y)[0], 5))
        curve["test"].append(loss_and_accuracy(Theta, X_test, y_test)[1])
    return curve


def main() -> None:
    """Train every rule with every learning rate on both versions; write the results file."""
    parser = record.parser(__doc__, "optimisers_mnist.json")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=int, help="use only so many training pictures")
    arguments = parser.parse_args()

    digits = data.mnist()
    y, y_test = digits.y_train[:arguments.limit], digits.y_test
    X, X_test = (data.flatten(P).astype(np.float32)
                 for P in (digits.X_train[:arguments.limit], digits.X_test))
    factors = 10 ** np.random.default_rng(1).uniform(-1, 1, size=X.shape[1]).astype(np.float32)
    runs = {}
    for version, scale in (("as they are", np.ones_like(factors)), ("own units", factors)):
        one = [np.hstack([P * scale, np.ones((len(P), 1), np.float32)]) for P in (X, X_test)]
        runs[version] = {
            name: [{"lr": float(f"{lr:.3g}"),
                    **train(RULES[name](np.float32(lr)), one[0], y, one[1], y_test,
                            arguments.epochs)}
                   for lr in tqdm(rates, desc=f"{name}, {version}")]
            for name, rates in LEARNING_RATES.items()}
    record.write(arguments.out, {
        "num_train": len(y), "num_test": len(y_test), "batch": BATCH, "versions": runs,
    }, digits)


if __name__ == "__main__":
    main()
