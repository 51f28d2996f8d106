"""Stand-ins with the shapes of MNIST and CIFAR-10, the same on every machine, without files."""

import functools
import gzip
import importlib.util
from pathlib import Path

import numpy as np

MNIST_NAME = "stand-in for MNIST: scikit-learn's 1797 real digits, enlarged from 8x8 to 28x28"
CIFAR10_NAME = "stand-in for CIFAR-10: generated pictures of ten shapes"
NUM_TRAIN, NUM_TEST = 5000, 1000
HOMEWORK_TRAIN = 1200  # of the small digits; homework and grading ask for the others


@functools.cache
def small_digits() -> tuple[np.ndarray, np.ndarray]:
    """Alpaydin and Kaynak's digits (UCI, 1998): (1797, 64) pixels from 0 to 16, (1797,) labels."""
    # scikit-learn's own file: importing the library for it takes forty times as long
    spec = importlib.util.find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the stand-in for MNIST needs scikit-learn: run pip install "
                                  "scikit-learn", name="sklearn")
    folder = Path(spec.submodule_search_locations[0])
    with gzip.open(folder / "datasets" / "data" / "digits.csv.gz") as file:
        table = np.loadtxt(file, dtype=np.int64, delimiter=",")  # six times as fast as floats
    return table[:, :-1].astype(np.float64), table[:, -1]


def digits_like_mnist() -> dict[str, np.ndarray]:
    """1437 training and 360 test pictures (28, 28), an 80/20 split drawn once with seed 0.

    Each of the small digits' 8x8 pixels becomes 3x3, with a border of 2, and the values 0..16
    become 0..255.
    """
    pictures, labels = small_digits()
    small = np.round(pictures.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    large = np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2)))
    order = np.random.default_rng(0).permutation(len(labels))
    train, test = order[:1437], order[1437:]
    return {"X_train": large[train], "y_train": labels[train],
            "X_test": large[test], "y_test": labels[test]}


def _box(x, y):
    return np.maximum(abs(x), abs(y))


def _wave(x):
    return np.sin(2 * np.pi * x) > 0


# whether a point belongs to the shape, by its place in units of the shape's radius
SHAPES = {
    "disc": lambda x, y: np.hypot(x, y) < 1,
    "ring": lambda x, y: abs(np.hypot(x, y) - 0.8) < 0.2,
    "square": lambda x, y: _box(x, y) < 0.9,
    "frame": lambda x, y: abs(_box(x, y) - 0.8) < 0.2,
    "triangle": lambda x, y: (_box(x, y) < 1) & (abs(x) < (y + 1) / 2),
    "cross": lambda x, y: (_box(x, y) < 1) & (abs(abs(x) - abs(y)) < 0.3),
    "plus": lambda x, y: (_box(x, y) < 1) & (np.minimum(abs(x), abs(y)) < 0.25),
    "stripes": lambda x, y: (_box(x, y) < 1) & _wave(y),
    "checks": lambda x, y: (_box(x, y) < 1) & (_wave(x) ^ _wave(y)),
    "dots": lambda x, y: (_box(x, y) < 1) & (np.hypot(np.sin(np.pi * x), np.sin(np.pi * y)) > 1.1),
}


def _masks(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where each picture's shape `kind` (N,) is: (N, 32, 32) bool, of random place and size."""
    n = len(kind)
    centre = rng.uniform(11, 21, size=(2, n, 1, 1))
    radius = rng.uniform(6, 10, size=(n, 1, 1))
    rows, cols = np.mgrid[0:32, 0:32]
    masks = np.empty((n, 32, 32), bool)
    for index, shape in enumerate(SHAPES.values()):
        mine = kind == index
        masks[mine] = shape((cols - centre[1, mine]) / radius[mine],
                            (rows - centre[0, mine]) / radius[mine])
    return masks


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
    X = np.empty((n, 32, 32, 3), np.uint8)
    for part in np.array_split(np.arange(n), 12):  # all at once would take half a gigabyte
        pictures = np.where(mask[part], foreground[part], background[part])
        pictures += rng.normal(0, 12, size=pictures.shape)
        X[part] = np.clip(pictures, 0, 255)
    return {"X_train": X[:NUM_TRAIN], "y_train": y[:NUM_TRAIN],
            "X_test": X[NUM_TRAIN:], "y_test": y[NUM_TRAIN:]}
