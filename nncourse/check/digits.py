"""The visible check of `classify_digits`, which three assignments share."""

import time
from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_numbers, require, visible_check
from nncourse.data.standins import HOMEWORK_TRAIN as NUM_TRAIN
from nncourse.data.standins import small_digits

SHARE, NOISE = 0.75, 0.03


@visible_check
def classify_digits(function: Callable, X_train, y_train, X_test, y_test, *,
                    wanted: float) -> str:
    """Check the answer's form and say how many images are classified correctly.

    What counts in grading is the accuracy on images of 8 by 8 pixels, so it is measured on such
    images as well: not on grading's own, but on some that are made in the same way.

    Parameters
    ----------
    X_train, X_test : images (N, D), as rows of floats in [0, 1]
    y_train, y_test : the digits (N,)
    wanted : the accuracy that grading asks for
    """
    accuracy, _ = _measure(function, X_train, y_train, X_test, y_test)
    require(accuracy > 0.5, f"only {accuracy:.0%} of the images are right; guessing gives 10%.")
    graded, seconds = _measure(function, *graded_form())
    require(graded >= wanted,
            f"of images of 8 by 8 pixels, as grading uses them, {graded:.1%} are right; "
            f"{wanted:.0%} are wanted. (Of the images above it is {accuracy:.1%}.)")
    return (f"{accuracy:.1%} of {len(y_test)} new images are right. Of images of 8 by 8 pixels, "
            f"as grading uses them, {graded:.1%} ({wanted:.0%} are wanted), in {seconds:.1f} s")


def graded_form() -> tuple[np.ndarray, ...]:
    """X_train, y_train, X_test, y_test of the form that the notebooks announce for grading.

    Each image is a mixture of two of its class with some noise, and the labels are permuted.
    """
    rng = np.random.default_rng(0)
    pixels, labels = small_digits()
    order, names = rng.permutation(len(labels)), rng.permutation(10)
    pixels, labels = pixels[order] / 16.0, labels[order]
    other = np.empty(len(labels), int)
    for part in (np.arange(len(labels)) < NUM_TRAIN, np.arange(len(labels)) >= NUM_TRAIN):
        for label in range(10):
            (members,) = np.nonzero(part & (labels == label))
            other[members] = rng.permutation(members)
    mixed = SHARE * pixels + (1 - SHARE) * pixels[other]
    X = np.clip(mixed + rng.normal(scale=NOISE, size=pixels.shape), 0.0, 1.0)
    y = names[labels]
    return X[:NUM_TRAIN], y[:NUM_TRAIN], X[NUM_TRAIN:], y[NUM_TRAIN:]


def _measure(function, X_train, y_train, X_test, y_test) -> tuple[float, float]:
    """The share that is right, and the seconds that it took."""
    started = time.perf_counter()
    value = function(X_train, y_train, X_test)
    seconds = time.perf_counter() - started
    got = as_numbers(value, (len(X_test),), "the predictions")
    require(set(got) <= set(range(10)), "predictions should be digits from 0 to 9.")
    return float(np.mean(got == y_test)), seconds
