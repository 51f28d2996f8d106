"""k nearest neighbours on MNIST and CIFAR-10: k chosen on a validation part, tested once.

Euclidean distance between pixels, a vote among the k nearest, ties to the smallest class index.
Also measures how near the nearest neighbour is, against the average distance.
"""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

KS = (1, 3, 5, 7, 9, 11, 15, 21, 31, 51)
NUM_CLASSES = 10


def nearest(queries: np.ndarray, X: np.ndarray, most: int):
    """Rows of the `most` nearest of X (N, D) for each query (M, D): (M, most), and distances.

    Returns the rows, nearest first, and per query the nearest and the mean distance (M, 2).
    """
    squares = np.einsum("nd,nd->n", X, X)
    rows, distances = [], []
    for start in tqdm(range(0, len(queries), 250), leave=False):
        batch = queries[start:start + 250]
        d2 = np.maximum(squares - 2 * batch @ X.T
                        + np.einsum("md,md->m", batch, batch)[:, np.newaxis], 0)
        some = np.argpartition(d2, most, axis=1)[:, :most]
        some = np.take_along_axis(
            some, np.argsort(np.take_along_axis(d2, some, axis=1), axis=1, kind="stable"), axis=1)
        rows.append(some)
        distances.append(np.stack([np.sqrt(d2.min(axis=1)), np.sqrt(d2).mean(axis=1)], axis=1))
    return np.concatenate(rows), np.concatenate(distances)


def vote(labels: np.ndarray, k: int) -> np.ndarray:
    """Most frequent label among the first k of each row of labels (M, most)."""
    counts = np.stack([np.sum(labels[:, :k] == c, axis=1) for c in range(NUM_CLASSES)], axis=1)
    return np.argmax(counts, axis=1)


def measure(images: data.ImageSet, num_queries: int) -> dict:
    """Accuracy for every k on a validation part, then on the test set with the best k."""
    X, y, X_val, y_val = data.train_validation_split(images.X_train, images.y_train, 0.2)
    X, X_val, X_all, X_test = (data.flatten(part).astype(np.float32) for part in
                               (X, X_val[:num_queries], images.X_train, images.X_test))
    y_val, X_test, y_test = y_val[:num_queries], X_test[:num_queries], images.y_test[:num_queries]
    rows, _ = nearest(X_val, X, max(KS))
    validation = [float(np.mean(vote(y[rows], k) == y_val)) for k in KS]
    best = KS[int(np.argmax(validation))]
    rows, distances = nearest(X_test, X_all, max(KS))
    test = [float(np.mean(vote(images.y_train[rows], k) == y_test)) for k in KS]
    wrong = np.flatnonzero(vote(images.y_train[rows], best) != y_test)
    return {"data": images.name, "k": KS, "num_train": len(X), "num_validation": len(X_val),
            "validation": np.round(validation, 5).tolist(), "best": best,
            "num_all": len(X_all), "num_test": len(X_test),
            "test": np.round(test, 5).tolist(), "num_wrong": len(wrong),
            "nearest_over_mean": round(float(np.mean(distances[:, 0] / distances[:, 1])), 4)}


def main() -> None:
    """Measure both data sets, write the results file."""
    arguments = record.parser(__doc__, "neighbours.json").parse_args()

    digits, photos = data.mnist(), data.cifar10()
    results = {"mnist": measure(digits, 10_000), "cifar10": measure(photos, 2000)}
    for name, measured in results.items():
        print(name, measured)
    record.write(arguments.out, results, digits, photos)


if __name__ == "__main__":
    main()
