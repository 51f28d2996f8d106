"""A race of two losses, a pixel-coin classifier and slopes, on all of MNIST. Writes a results file.

Three short measurements for the chapters on the sigmoid, on likelihood and on gradients:

- one sigmoid unit tells 3 from 8, full-batch descent with squared loss and with cross-entropy;
- every pixel a coin: maximum likelihood by counting, without and with Laplace's added picture;
- the slope of a softmax classifier's loss along minus the gradient and in random directions.
"""

import numpy as np
import record
from mnist_losses import softmax
from tqdm import tqdm

from nncourse import data

STEP_SIZES = (0.03, 0.1, 0.3, 1.0, 3.0)
STEPS = 200
DIRECTIONS = 1000
DELTAS = {  # derivative of each loss with respect to z; t the label, p the unit's answer
    "squared": lambda t, p: 2 * (p - t) * p * (1 - p),
    "cross-entropy": lambda t, p: p - t,
}


def sigmoid(z: np.ndarray) -> np.ndarray:
    """The logistic function without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def with_one(images: np.ndarray) -> np.ndarray:
    """Pictures as rows with a 1 for the bias, (N, D+1)."""
    return np.hstack([data.flatten(images), np.ones((len(images), 1))])


def race(digits) -> dict:
    """Share of test pictures that are right after each step, for the best of five step sizes."""
    parts = []
    for images, labels in ((digits.X_train, digits.y_train), (digits.X_test, digits.y_test)):
        keep = np.isin(labels, (3, 8))
        parts.append((with_one(images[keep]), (labels[keep] == 8) * 1.0))
    (A, t), (A_test, t_test) = parts
    rng = np.random.default_rng(0)
    starts = {"zero": np.zeros(A.shape[1]), "wrong": rng.normal(scale=1.5, size=A.shape[1])}

    def train(delta, theta, lr):
        theta, right = theta.copy(), []
        for _ in range(STEPS + 1):
            right.append(round(float(np.mean((A_test @ theta > 0) == t_test)), 5))
            theta -= lr * A.T @ delta(t, sigmoid(A @ theta)) / len(t)
        return right

    curves = {}
    for where, start in starts.items():
        for name, delta in tqdm(DELTAS.items(), desc=f"race from {where}"):
            runs = {lr: train(delta, start, lr) for lr in STEP_SIZES}
            best = max(runs, key=lambda lr: sum(runs[lr]))
            curves[f"{name} {where}"] = {"lr": best, "test": runs[best]}
    return {"num_train": len(t), "num_test": len(t_test), "steps": STEPS, "curves": curves}


def coins(digits) -> dict:
    """Test accuracy and impossible pictures of the pixel-coin classifier by training size."""
    X, X_test = (data.flatten(images) > 0.5 for images in (digits.X_train, digits.X_test))
    measured = {"size": [], "impossible": [], "right_smoothed": []}
    for size in (300, 1000, 3000, 10_000, 30_000, len(X)):
        y = digits.y_train[:size]
        counts = np.stack([X[:size][y == c].sum(axis=0) for c in range(10)])
        of_class = np.bincount(y, minlength=10)[:, None]
        # A picture is impossible under a class if a never-inked pixel is inked, or the reverse.
        never, always = counts == 0, counts == of_class
        clash = X_test.astype(float) @ never.T + (~X_test).astype(float) @ always.T
        theta = (counts + 1) / (of_class + 2)
        logs = X_test @ np.log(theta).T + ~X_test @ np.log(1 - theta).T
        measured["size"].append(size)
        measured["impossible"].append(round(float(np.mean((clash > 0).all(axis=1))), 5))
        measured["right_smoothed"].append(
            round(float(np.mean(logs.argmax(axis=1) == digits.y_test)), 5))
    return measured


def slopes(digits) -> dict:
    """Slopes of the mean cross-entropy at W = 0, along unit directions."""
    Z, T = with_one(digits.X_train), np.eye(10)[digits.y_train]
    W = np.zeros((10, Z.shape[1]))

    def loss(W):
        return -np.mean(np.log(np.sum(T * softmax(Z @ W.T), axis=1)))

    gradient = (softmax(Z @ W.T) - T).T @ Z / len(Z)
    length = np.linalg.norm(gradient)
    U = np.random.default_rng(0).normal(size=(DIRECTIONS, *W.shape))
    U /= np.linalg.norm(U, axis=(1, 2), keepdims=True)
    along = np.sum(U * gradient, axis=(1, 2))
    steps = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
    steepest = U[np.argmin(along)]

    def drops(direction):
        return [float(f"{loss(W) - loss(W + s * direction):.4g}") for s in steps]

    return {
        "parameters": W.size, "gradient_length": round(float(length), 5),
        "random": {"count": DIRECTIONS, "mean_size": round(float(np.mean(abs(along))), 6),
                   "steepest": round(float(along.min()), 6), "downhill": float(np.mean(along < 0))},
        "step": steps,
        "drop_minus_gradient": drops(-gradient / length), "drop_steepest_random": drops(steepest),
    }


def main() -> None:
    """Measure all three, write the results file."""
    arguments = record.parser(__doc__, "mnist_first_steps.json").parse_args()
    digits = data.mnist()
    results = {"race": race(digits), "coins": coins(digits), "slopes": slopes(digits)}
    record.write(arguments.out, results, digits)


if __name__ == "__main__":
    main()
