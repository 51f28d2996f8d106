"""A softmax classifier on all of MNIST by minibatch gradient descent. Writes a results file."""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

NUM_CLASSES = 10


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise log of the softmax, (N, C) -> (N, C), shifted by each row's maximum."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def measure(W, b, X, y) -> tuple[float, float]:
    """Mean cross-entropy in nats, and share of right answers."""
    logs = log_softmax(X @ W.T + b)
    loss = -np.mean(logs[np.arange(len(y)), y], dtype=np.float64)
    return round(float(loss), 5), round(float(np.mean(logs.argmax(axis=1) == y)), 5)


def calibration(probs: np.ndarray, y: np.ndarray, edges: np.ndarray) -> dict:
    """Mean of the largest probability and share of right answers, by the former's bin."""
    confidence = probs.max(axis=1)
    right = probs.argmax(axis=1) == y
    which = np.clip(np.digitize(confidence, edges) - 1, 0, len(edges) - 2)
    bins = [which == i for i in range(len(edges) - 1)]
    return {
        "edges": edges.tolist(),
        "count": [int(inside.sum()) for inside in bins],
        "confidence": [round(float(confidence[inside].mean()), 5) for inside in bins],
        "right": [round(float(right[inside].mean()), 5) for inside in bins],
    }


def main() -> None:
    """Train, measure after every epoch, write the results file."""
    parser = record.parser(__doc__, "mnist_softmax.json")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    digits = data.mnist()
    X, X_test = (data.flatten(A).astype(np.float32) for A in (digits.X_train, digits.X_test))
    y, y_test = digits.y_train, digits.y_test
    Y = np.eye(NUM_CLASSES, dtype=np.float32)[y]
    W = np.zeros((NUM_CLASSES, X.shape[1]), dtype=np.float32)
    b = np.zeros(NUM_CLASSES, dtype=np.float32)
    rng = np.random.default_rng(arguments.seed)
    curves = {"train_loss": [], "train": [], "test_loss": [], "test": []}

    def measure_both() -> None:
        for prefix, inputs, labels in (("train", X, y), ("test", X_test, y_test)):
            loss, right = measure(W, b, inputs, labels)
            curves[f"{prefix}_loss"].append(loss)
            curves[prefix].append(right)

    measure_both()
    for _ in tqdm(range(arguments.epochs), unit="epoch"):
        order = rng.permutation(len(X))
        for start in range(0, len(X), arguments.batch):
            rows = order[start:start + arguments.batch]
            dS = (np.exp(log_softmax(X[rows] @ W.T + b)) - Y[rows]) / len(rows)
            W -= arguments.lr * dS.T @ X[rows]
            b -= arguments.lr * dS.sum(axis=0)
        measure_both()

    edges = np.array([0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])
    probs = np.exp(log_softmax(X_test @ W.T + b))
    record.write(arguments.out, {
        "num_train": len(y), "num_test": len(y_test), "batch": arguments.batch,
        "lr": arguments.lr, "seed": arguments.seed, **curves,
        "calibration": calibration(probs, y_test, edges),
        "W_hundredths": np.rint(100 * W).astype(int).tolist(),
    }, digits)


if __name__ == "__main__":
    main()
