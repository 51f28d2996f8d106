"""The data sets as a student loads them."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncourse.data import cifar, download, standins
from nncourse.data.errors import DataError
from nncourse.data.idx import read_mnist

VARIABLE = "NNCOURSE_DATA"
DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class ImageSet:
    """Pictures and labels for training and for testing.

    X_train, X_test: uint8 of shape (N, H, W) or (N, H, W, 3). y_train, y_test: int64 of shape
    (N,), indices into `classes`. `name` says what exactly this is, for captions.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]
    name: str
    is_standin: bool


def _chosen_folder() -> Path | None:
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise DataError(f"{folder}: {VARIABLE} names it, but it is no folder: correct or unset it")
    return folder


def mnist(standin: bool = False) -> ImageSet:
    """MNIST: 60,000 + 10,000 pictures (28, 28) of handwritten digits (LeCun et al., 1998).

    With `standin`, or without files and download, scikit-learn's digits in MNIST's shape.

    Raises
    ------
    DataError
        A file is there and damaged, or missing from the folder that NNCOURSE_DATA names.
    """
    folder = None if standin else _chosen_folder() or download.fetch_mnist()
    if folder is None:
        _say_standin(standin, standins.MNIST_NAME)
        return ImageSet(**standins.digits_like_mnist(), classes=DIGITS,
                        name=standins.MNIST_NAME, is_standin=True)
    arrays = read_mnist(folder)
    labels = {name: arrays[name].astype(np.int64) for name in ("y_train", "y_test")}
    return ImageSet(**{**arrays, **labels}, classes=DIGITS, name="MNIST", is_standin=False)


def cifar10(standin: bool = False) -> ImageSet:
    """CIFAR-10: 50,000 + 10,000 colour pictures (32, 32, 3) of ten classes (Krizhevsky, 2009).

    With `standin`, or without files and download, generated shapes in CIFAR-10's form. The name
    says when the files of the Python version are not the originals (re-encoded pictures, say). For
    a local folder of the binary version no checksum is published, and the name says that.

    Raises
    ------
    DataError
        A file is there and damaged, or missing from the folder that NNCOURSE_DATA names.
    """
    chosen = None if standin else _chosen_folder()
    folder = None if standin else chosen or download.fetch_cifar10()
    if folder is None:
        _say_standin(standin, standins.CIFAR10_NAME)
        return ImageSet(**standins.shapes_like_cifar10(), classes=tuple(standins.SHAPES),
                        name=standins.CIFAR10_NAME, is_standin=True)
    arrays, original = cifar.read_cifar10(folder)
    name = "CIFAR-10"
    if chosen is not None and original is not True:
        name += (" (pixels differ from the original files)" if original is False
                 else " (from local files, not compared with the originals)")
    return ImageSet(**arrays, classes=cifar.CLASSES, name=name, is_standin=False)


def _say_standin(asked: bool, name: str) -> None:
    if not asked:
        print(f"No files and no download: this is the {name}.")


def flatten(X: np.ndarray) -> np.ndarray:
    """Pictures (N, H, W[, 3]) of bytes as rows (N, D) of float64 in [0, 1]."""
    return X.reshape(len(X), -1) / 255.0


def train_validation_split(
    X: np.ndarray, y: np.ndarray, fraction: float = 0.2, seed: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Split off a random `fraction` of X (N, ...) and y (N,) for validation.

    Returns
    -------
    X_train, y_train, X_validation, y_validation, each with the rows in a random order

    Raises
    ------
    ValueError
        X and y have different lengths, or a part would be empty.
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} examples and y has {len(y)} labels")
    count = round(fraction * len(X))
    if not 0 < count < len(X):
        raise ValueError(f"a fraction of {fraction} of {len(X)} examples leaves a part empty")
    order = np.random.default_rng(seed).permutation(len(X))
    return X[order[count:]], y[order[count:]], X[order[:count]], y[order[:count]]
