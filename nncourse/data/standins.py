"""Stand-ins with the shapes of MNIST and CIFAR-10, the same on every machine, without files."""

import numpy as np

MNIST_NAME = "stand-in for MNIST: scikit-learn's 1797 real digits, enlarged from 8x8 to 28x28"
CIFAR10_NAME = "stand-in for CIFAR-10: generated pictures of ten shapes"
SHAPES = ("disc", "ring", "square", "frame", "triangle", "cross", "plus", "stripes", "checks",
          "dots")
NUM_TRAIN, NUM_TEST = 5000, 1000


def digits_like_mnist() -> dict[str, np.ndarray]:
    """1437 training and 360 test pictures (28, 28), an 80/20 split drawn once with seed 0.

    Each of the 8x8 pixels becomes 3x3, with a border of 2, and the values 0..16 become 0..255.
    The digits are Alpaydin and Kaynak's (UCI, 1998).
    """
    from sklearn.datasets import load_digits

    pictures, labels = load_digits(return_X_y=True)
    small = np.round(pictures.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    large = np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    order = np.random.default_rng(0).permutation(len(labels))
    train, test = order[:1437], order[1437:]
    return {"X_train": large[train], "y_train": labels[train].astype(np.int64),
            "X_test": large[test], "y_test": labels[test].astype(np.int64)}


def _masks(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where each picture's shape is: (N, 32, 32) bool, at a random place and size."""
    n = len(kind)
    centre = rng.uniform(11, 21, size=(2, n, 1, 1))
    radius = rng.uniform(6, 10, size=(n, 1, 1))
    rows, cols = np.mgrid[0:32, 0:32]
    y, x = (rows - centre[0]) / radius, (cols - centre[1]) / radius  # (N, 32, 32) each
    box = np.maximum(abs(x), abs(y))
    inside, distance = box < 1, np.hypot(x, y)
    wave_x, wave_y = np.sin(2 * np.pi * x) > 0, np.sin(2 * np.pi * y) > 0
    every = np.stack([
        distance < 1, (distance < 1) & (distance > 0.6), box < 0.9, inside & (box > 0.6),
        inside & (abs(x) < (y + 1) / 2), inside & (abs(abs(x) - abs(y)) < 0.3),
        inside & (np.minimum(abs(x), abs(y)) < 0.25), inside & wave_y,
        inside & (wave_x ^ wave_y), inside & (np.hypot(*np.sin([np.pi * x, np.pi * y])) > 1.1),
    ])
    return every[kind, np.arange(n)]


def shapes_like_cifar10() -> dict[str, np.ndarray]:
    """5000 training and 1000 test pictures (32, 32, 3) of ten shapes, seed 0.

    Shape and background have random colours, so no pixel's value tells the class; what does is
    how pixels go together, wherever the shape is.
    """
    rng = np.random.default_rng(0)
    n = NUM_TRAIN + NUM_TEST
    y = rng.permutation(np.arange(n) % len(SHAPES))
    mask = _masks(y, rng)[..., np.newaxis]
    # the shape is brighter than its background, by an amount that varies from colour to colour
    background = rng.uniform(20, 120, size=(n, 1, 1, 3))
    foreground = background + rng.uniform(30, 130, size=(n, 1, 1, 3))
    noise = rng.normal(0, 12, size=(n, 32, 32, 3))
    X = np.clip(np.where(mask, foreground, background) + noise, 0, 255).astype(np.uint8)
    return {"X_train": X[:NUM_TRAIN], "y_train": y[:NUM_TRAIN],
            "X_test": X[NUM_TRAIN:], "y_test": y[NUM_TRAIN:]}
