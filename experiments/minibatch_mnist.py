"""Softmax regression on all of MNIST with five batch sizes. Writes a results file.

Each batch size gets its own constant learning rate: the one of RATES with the lowest training loss
after a short run. Then it trains for longer. Time is the processor time of one core, so that other
programs on the machine disturb it little; measuring the loss does not count.
"""

import os
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

SIZES = (1, 10, 100, 1000, 60000)
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
NUM_CLASSES = 10


def probabilities(W: np.ndarray, Z: np.ndarray) -> np.ndarray:
    """Softmax of the scores Z W^T; Z (N, D+1), W (C, D+1), result (N, C)."""
    S = Z @ W.T
    P = np.exp(S - S.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True)


def batches(num: int, size: int, rng: np.random.Generator):
    """Endless minibatches of indices: every epoch in a new random order."""
    while True:
        order = rng.permutation(num)
        for start in range(0, num, size):
            yield order[start:start + size]


def measure(W, Z, y, Z_test, y_test) -> tuple[float, float]:
    """Loss on the given training pictures and share of test pictures read rightly."""
    P = probabilities(W, Z)
    loss = -np.mean(np.log(P[np.arange(len(y)), y] + 1e-30))
    return float(loss), float(np.mean(np.argmax(Z_test @ W.T, axis=1) == y_test))


def noise(W, Z, y) -> tuple[float, float]:
    """Trace of the covariance of one example's gradient, and the full gradient's squared length."""
    R = probabilities(W, Z)
    R[np.arange(len(y)), y] -= 1
    length = float(np.sum((R.T @ Z / len(y)) ** 2))
    return float(np.mean(np.sum(R**2, axis=1) * np.sum(Z**2, axis=1))) - length, length


def train(Z, y, size, lr, marks, seed, at_mark) -> tuple[list, int]:
    """Descend from W = 0 for marks[-1] seconds and call `at_mark` on the way.

    Returns the (seconds, epochs, what at_mark said) at each mark and the number of steps.
    """
    W = np.zeros((NUM_CLASSES, Z.shape[1]), Z.dtype)
    points, spent, steps, seen = [], 0.0, 0, 0
    source = batches(len(y), min(size, len(y)), np.random.default_rng(seed))
    whole = size >= len(y)
    for mark in marks:
        while spent < mark:
            begin = time.process_time()
            for _ in range(1 if size >= 1000 else 20):
                batch = next(source)
                Zb, yb = (Z, y) if whole else (Z[batch], y[batch])
                R = probabilities(W, Zb)
                R[np.arange(len(yb)), yb] -= 1
                W -= lr / len(yb) * (R.T @ Zb)
                steps, seen = steps + 1, seen + len(yb)
            spent += time.process_time() - begin
        points.append((spent, seen / len(y), at_mark(W)))
    return points, steps


def main() -> None:
    """Choose a rate for every batch size, train, measure, write the results file."""
    parser = record.parser(__doc__, "minibatch_mnist.json")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--choice-seconds", type=float, default=2.0)
    arguments = parser.parse_args()

    digits = data.mnist()
    Z, Z_test = (np.hstack([data.flatten(X), np.ones((len(X), 1))]).astype(np.float32)
                 for X in (digits.X_train, digits.X_test))
    y, y_test = digits.y_train, digits.y_test
    some = np.random.default_rng(0).permutation(len(y))[:10_000]
    Z_some, y_some = Z[some], y[some]
    marks = np.geomspace(0.02, arguments.seconds, 24)
    results = {"num_train": len(y), "num_test": len(y_test), "rates": RATES, "runs": {}}

    def loss_now(W):
        return measure(W, Z_some, y_some, Z_test, y_test)[0]

    def everything(W):
        return (*measure(W, Z_some, y_some, Z_test, y_test), *noise(W, Z, y))

    for size in tqdm(SIZES, unit="size"):
        after_choice = {lr: train(Z, y, size, lr, [arguments.choice_seconds], 1, loss_now)[0][0][2]
                        for lr in RATES}
        lr = min(after_choice, key=after_choice.get)
        points, steps = train(Z, y, size, lr, marks, 2, everything)
        seconds, epochs, seen = zip(*points)
        loss, test, trace, length = zip(*seen)
        results["runs"][str(size)] = {
            "lr": lr, "steps": steps, "microseconds_per_step": round(1e6 * seconds[-1] / steps, 2),
            "loss_after_choice": [round(loss, 4) for loss in after_choice.values()],
            "seconds": [round(value, 3) for value in seconds],
            "epochs": [float(f"{value:.4g}") for value in epochs],
            "loss": [round(value, 4) for value in loss],
            "test": [round(value, 4) for value in test],
            "tr_Sigma": [float(f"{value:.4g}") for value in trace],
            "squared_gradient": [float(f"{value:.4g}") for value in length],
        }
    W = np.zeros((NUM_CLASSES, Z.shape[1]), Z.dtype)
    results["noise_at_start"] = [float(f"{value:.4g}") for value in noise(W, Z, y)]
    record.write(arguments.out, results, digits,
                 device=f"CPU, one of {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
