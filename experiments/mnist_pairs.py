"""The perceptron algorithm on every pair of digits of MNIST. Writes a results file.

Two digits at a time, the examples in the given order, from theta = 0, until an epoch has no mistake
or the epochs are used up.
"""

from itertools import combinations

import numpy as np
import record
from tqdm import tqdm

from nncourse import data


def learn(Z: np.ndarray, y: np.ndarray, epochs: int) -> tuple[np.ndarray, list[int]]:
    """Parameters (D+1,) and the mistakes of every epoch; Z (N, D+1), y (N,) with 0 and 1."""
    theta, mistakes = np.zeros(Z.shape[1]), []
    for _ in range(epochs):
        wrong = 0
        for z, label in zip(Z, y):
            step = label - int(z @ theta > 0)
            if step:
                theta += step * z
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return theta, mistakes


def main() -> None:
    """Train on all 45 pairs, write the results file."""
    parser = record.parser(__doc__, "mnist_pairs.json")
    parser.add_argument("--epochs", type=int, default=100)
    arguments = parser.parse_args()
    digits = data.mnist()
    Z, Z_test = (np.hstack([data.flatten(X), np.ones((len(X), 1))])
                 for X in (digits.X_train, digits.X_test))
    pairs = []
    for a, b in tqdm(list(combinations(range(10), 2)), unit="pair"):
        rows, test = np.isin(digits.y_train, (a, b)), np.isin(digits.y_test, (a, b))
        theta, mistakes = learn(Z[rows], (digits.y_train[rows] == b).astype(int), arguments.epochs)
        right = np.mean((Z_test[test] @ theta > 0) == (digits.y_test[test] == b))
        pairs.append({"digits": [a, b], "num_train": int(rows.sum()), "mistakes": mistakes,
                      "test": round(float(right), 5)})
    record.write(arguments.out, {"epochs": arguments.epochs, "pairs": pairs}, digits)


if __name__ == "__main__":
    main()
