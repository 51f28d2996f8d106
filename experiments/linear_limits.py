"""Linear classifiers on CIFAR-10 and MNIST: class means, least squares, and random features.

Every classifier is an arg max of W x + b. The regularisation is chosen on a validation part of
20%, the test pictures are used once for each classifier.
"""

import base64

import numpy as np
import record
from least_squares import accuracy, fit

from nncourse import data

REGS = (1e-4, 1e-3, 1e-2, 1e-1)
NUM_FEATURES = 2000


def chosen(X, y, X_val, y_val):
    """Return W and b of the regularisation that does best on the validation part."""
    tried = [(accuracy(*fit(X, y, reg), X_val, y_val), reg) for reg in REGS]
    best = max(tried)[1]
    return *fit(X, y, best), best


def small(weights, shape):
    """Rows (C, D) as pictures of half the width, scaled to bytes together, in base64."""
    pictures = weights.reshape(len(weights), *shape)
    height, width = shape[0] // 2, shape[1] // 2
    pictures = pictures.reshape(len(weights), height, 2, width, 2, -1).mean(axis=(2, 4))
    # robust limits: a few extreme pixels must not flatten all the others
    limit = np.quantile(abs(pictures), 0.995)
    scaled = np.round(np.clip(pictures / limit, -1, 1) * 127 + 128).astype(np.uint8)
    return {"shape": list(scaled.shape), "limit": float(limit),
            "base64": base64.b64encode(scaled.tobytes()).decode("ascii")}


def measure(images: data.ImageSet, rng: np.random.Generator) -> dict:
    """Validation-chosen classifiers and their accuracy on training part and test set."""
    X, y, X_val, y_val = data.train_validation_split(images.X_train, images.y_train, 0.2)
    X, X_val, X_test = (data.flatten(part).astype(np.float32)
                        for part in (X, X_val, images.X_test))
    y_test, dim = images.y_test, X.shape[1]
    means = np.stack([X[y == c].mean(axis=0) for c in range(10)])
    squares = 0.5 * np.sum(means ** 2, axis=1)
    W, b, reg = chosen(X, y, X_val, y_val)
    classifiers = {"means_no_bias": (means, 0 * squares), "means": (means, -squares),
                   "least_squares": (W, b)}
    results = {name: {"train": accuracy(*p, X, y), "test": accuracy(*p, X_test, y_test)}
               for name, p in classifiers.items()}
    results["least_squares"]["reg"] = reg

    # random rectified features of the centred pictures
    centre = X.mean(axis=0)
    R = rng.normal(size=(dim, NUM_FEATURES)).astype(np.float32)
    R *= np.float32(1 / np.sqrt(np.mean(np.sum((X - centre) ** 2, axis=1))))
    shift = rng.normal(scale=0.5, size=NUM_FEATURES).astype(np.float32)
    H, H_val, H_test = (np.maximum(0, (part - centre) @ R + shift) for part in (X, X_val, X_test))
    W_random, b_random, reg = chosen(H, y, H_val, y_val)
    results["random_features"] = {
        "train": accuracy(W_random, b_random, H, y), "reg": reg,
        "test": accuracy(W_random, b_random, H_test, y_test)}
    templates = {"means": small(means - means.mean(axis=0), images.X_train.shape[1:]),
                 "least_squares": small(W, images.X_train.shape[1:])}
    return {"data": images.name, "num_train": len(X), "num_validation": len(X_val),
            "num_test": len(X_test), "dim": dim, "num_features": NUM_FEATURES,
            "classes": list(images.classes), **results, "templates": templates}


def main() -> None:
    """Measure both data sets, write the results file."""
    arguments = record.parser(__doc__, "linear_limits.json").parse_args()

    rng = np.random.default_rng(0)
    digits, photos = data.mnist(), data.cifar10()
    results = {"cifar10": measure(photos, rng), "mnist": measure(digits, rng)}
    for name, measured in results.items():
        print(name, {k: v for k, v in measured.items() if k != "templates"})
    record.write(arguments.out, results, photos, digits)


if __name__ == "__main__":
    main()
