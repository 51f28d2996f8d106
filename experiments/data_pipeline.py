"""Sizes, class counts and a learning curve with training and validation parts of MNIST.

Least squares on one-hot targets, fitted to the first N pictures of the 80% for training, and
measured on those N, on the 20% for validation and, for the largest N only, on the test pictures.
"""

import numpy as np
import record
from least_squares import accuracy, fit

from nncourse import data

SIZES = (50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)


def main() -> None:
    """Measure, write the results file."""
    parser = record.parser(__doc__, "data_pipeline.json")
    parser.add_argument("--reg", type=float, default=1e-2)
    arguments = parser.parse_args()

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

    record.write(arguments.out, results, digits, photos)


if __name__ == "__main__":
    main()
