"""Softmax regression on all of MNIST with three losses. Writes a results file.

Cross-entropy, the squared L2 distance and the L1 distance between the softmax and the one-hot
label, minibatches in the same order for all, six step sizes each, and two starts: W = 0, and
large random weights with which the untrained model is certain of its mistakes.
"""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

NUM_CLASSES = 10
BATCH = 100
CHECKS = 8  # measurements of the test accuracy in each epoch
STEP_SIZES = {
    "cross-entropy": (0.05, 0.15, 0.5, 1.5, 5.0, 15.0),
    "squared L2": (0.5, 1.5, 5.0, 15.0, 50.0, 150.0),
    "L1": (0.15, 0.5, 1.5, 5.0, 15.0, 50.0),
}


def softmax(S: np.ndarray) -> np.ndarray:
    """Row-wise softmax of scores (N, C)."""
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def score_gradient(name: str, Q: np.ndarray, P: np.ndarray) -> np.ndarray:
    """Gradient of the mean loss with respect to the scores; Q, P and the result are (N, C)."""
    if name == "cross-entropy":
        return (Q - P) / len(Q)
    dQ = 2 * (Q - P) if name == "squared L2" else np.sign(Q - P)
    return Q * (dQ - np.sum(Q * dQ, axis=1, keepdims=True)) / len(Q)


def accuracy(Theta: np.ndarray, Z: np.ndarray, y: np.ndarray) -> float:
    """Share of rows of Z (N, D+1) whose largest score is the label's."""
    return round(float(np.mean(np.argmax(Z @ Theta.T, axis=1) == y)), 4)


def train(name, lr, Theta, train_set, test_set, epochs):
    """Test accuracy, CHECKS times an epoch, from the start Theta (C, D+1) on."""
    (Z, y), rng = train_set, np.random.default_rng(1)
    one_hot = np.eye(NUM_CLASSES, dtype=Z.dtype)
    Theta, curve = Theta.copy(), [accuracy(Theta, *test_set)]
    for _ in range(epochs):
        batches = rng.permutation(len(Z))[: len(Z) // BATCH * BATCH].reshape(-1, BATCH)
        for part in np.array_split(batches, CHECKS):
            for rows in part:
                dS = score_gradient(name, softmax(Z[rows] @ Theta.T), one_hot[y[rows]])
                Theta -= lr * (dS.T @ Z[rows])
            curve.append(accuracy(Theta, *test_set))
    return curve


def main() -> None:
    """Train with every loss, step size and start; write the results file."""
    parser = record.parser(__doc__, "mnist_losses.json")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=int, help="use only so many training pictures")
    arguments = parser.parse_args()

    digits = data.mnist()
    sets = []
    for X, y in ((digits.X_train[: arguments.limit], digits.y_train[: arguments.limit]),
                 (digits.X_test, digits.y_test)):
        rows = data.flatten(X).astype(np.float32)
        sets.append((np.hstack([rows, np.ones((len(rows), 1), np.float32)]), y))
    shape = (NUM_CLASSES, sets[0][0].shape[1])
    rng = np.random.default_rng(0)
    starts = {"zero": np.zeros(shape, np.float32),
              "bad": rng.normal(scale=3.0, size=shape).astype(np.float32)}

    certain = softmax(sets[1][0] @ starts["bad"].T).max(axis=1)
    results = {"epochs": arguments.epochs, "batch": BATCH,
               "bad_start_median_certainty": round(float(np.median(certain)), 5)}
    for start, Theta in starts.items():
        results[start] = {}
        for name, sizes in tqdm(STEP_SIZES.items(), desc=start):
            results[start][name] = [
                {"lr": lr, "test": train(name, lr, Theta, *sets, arguments.epochs)}
                for lr in sizes]
    record.write(arguments.out, results, digits)


if __name__ == "__main__":
    main()
