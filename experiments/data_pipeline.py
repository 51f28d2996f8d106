"""Sizes, class counts and a learning curve with training and validation parts of MNIST.

Least squares on one-hot targets, fitted to the first N pictures of the 80% for training, and
measured on those N, on the 20% for validation and, for the largest N only, on the test pictures.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from least_squares import accuracy, fit
from record import RESULTS, describe_run, write

from nncourse import data

SIZES = (50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)


def main() -> None:
    """Measure, write the results file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reg", type=float, default=1e-2)
    parser.add_argument("--out", type=Path, default=RESULTS / "data_pipeline.json")
    arguments = parser.parse_args()

    started = time.monotonic()
    digits, photos = data.mnist(), data.cifar10()
    sets = {name: {"data": images.name, "shape": list(images.X_train.shape),
                   "test_shape": list(images.X_test.shape), "classes": list(images.classes),
                   "train_counts": np.bincount(images.y_train).tolist(),
                   "test_counts": np.bincount(images.y_test).tolist()}
            for name, images in (("mnist", digits), ("cifar10", photos))}

    X, y, X_val, y_val = data.train_validation_split(digits.X_train, digits.y_train, 0.2)
    X, X_val, X_test = (data.flatten(part) for part in (X, X_val, digits.X_test))
    curve = {"size": [], "train": [], "validation": []}
    for size in [n for n in SIZES if n < len(X)] + [len(X)]:
        W, b = fit(X[:size], y[:size], arguments.reg)
        curve["size"].append(size)
        curve["train"].append(round(accuracy(W, b, X[:size], y[:size]), 5))
        curve["validation"].append(round(accuracy(W, b, X_val, y_val), 5))
        print(size, curve["train"][-1], curve["validation"][-1])
    results = {"sets": sets, "reg": arguments.reg, "num_validation": len(y_val), "curve": curve,
               "test": accuracy(W, b, X_test, digits.y_test), "num_test": len(X_test)}

    checksums = "none, no files" if digits.is_standin else "the publisher's, MD5 of each file"
    run = describe_run(digits.name, checksums, ("numpy",))
    run["data"] += f"; only its sizes and labels: {photos.name}"
    run["seconds"] = round(time.monotonic() - started, 1)
    write(arguments.out, run, results)


if __name__ == "__main__":
    main()
