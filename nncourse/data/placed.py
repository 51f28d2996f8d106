"""Small digits, each somewhere on a larger canvas: images whose subject may lie anywhere."""

import numpy as np

from nncourse.data.standins import HOMEWORK_TRAIN, small_digits

SIDE = 16  # of the canvas; a digit has 8 by 8 pixels
ACCURACY = 0.8  # on new images: what hw5_convnet asks for


def placed(digits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put each row of `digits` (N, 64) at a random place: images (N, 1, SIDE, SIDE)."""
    small = digits.reshape(-1, 8, 8)
    images = np.zeros((len(small), 1, SIDE, SIDE))
    corners = rng.integers(0, SIDE - 8, size=(len(small), 2), endpoint=True)
    for image, digit, (top, left) in zip(images, small, corners):
        image[0, top:top + 8, left:left + 8] = digit
    return images


def placed_digits(seed: int = 0) -> tuple[np.ndarray, ...]:
    """scikit-learn's 1797 digits, each at a random place, the first 1200 for training.

    Returns
    -------
    X_train, y_train, X_test, y_test
        images (N, 1, SIDE, SIDE) with numbers from 0 to 1, and their digits (N,)
    """
    rng = np.random.default_rng(seed)
    pixels, labels = small_digits()
    order = rng.permutation(len(labels))
    images, labels = placed(pixels[order] / 16.0, rng), labels[order]
    first, others = slice(HOMEWORK_TRAIN), slice(HOMEWORK_TRAIN, None)
    return images[first], labels[first], images[others], labels[others]
