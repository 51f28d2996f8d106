"""What the hidden tests of several assignments share: inputs and the test on real digits."""

import numpy as np

from autograder.judge import check_value, fail
from nncourse.data.standins import small_digits

NUM_TRAIN = 1200


def grid(rng: np.random.Generator, *shape: int, high: int = 24) -> np.ndarray:
    """An array of multiples of 1/8 in [-high/8, high/8]."""
    return rng.integers(-high, high + 1, size=shape) / 8.0


def nonzero_grid(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """As `grid`, but no entry is 0, so that no weight or input drops out."""
    return (rng.integers(1, 25, size=shape) * rng.choice([-1, 1], size=shape)) / 8.0


def layouts(X: np.ndarray) -> list[np.ndarray]:
    """The same numbers as float32, in Fortran order, as a strided view and read-only."""
    read_only = X.copy()
    read_only.flags.writeable = False
    strided = np.repeat(X, 2, axis=-1)[..., ::2]
    return [X.astype(np.float32), np.asfortranarray(X), strided, read_only]


def digits(rng: np.random.Generator):
    """A random split of the 1797 small digits: pixels in [0, 1], labels."""
    pixels, labels = small_digits()
    order = rng.permutation(len(labels))
    X, y = pixels[order] / 16.0, labels[order]
    return X[:NUM_TRAIN], y[:NUM_TRAIN], X[NUM_TRAIN:], y[NUM_TRAIN:]


def check_digits_form(student, rng, read: str) -> None:
    """`classify_digits` gives a digit for every picture, and not the same for all."""
    X_train, y_train, X_test, y_test = digits(rng)
    got = student.call("classify_digits", X_train[:200], y_train[:200], X_test[:30])
    check_value(got, y_test[:30], what="the answer", atol=np.inf)
    if not set(np.asarray(got).ravel().tolist()) <= set(range(10)):
        fail("`classify_digits` is to return digits from 0 to 9.", read=read)
    if len(set(np.asarray(got).ravel().tolist())) == 1:
        fail("`classify_digits` gives the same answer for every picture.", read=read)


def check_digits_accuracy(student, rng, wanted: float, how: str, read: str) -> None:
    """`classify_digits` is right for the share `wanted` of new pictures; `how` it can be."""
    X_train, y_train, X_test, y_test = digits(rng)
    got = student.call("classify_digits", X_train, y_train, X_test)
    check_value(got, y_test, what="the answer", atol=np.inf)
    accuracy = np.mean(np.asarray(got).ravel() == y_test)
    if accuracy < wanted:
        fail(f"`classify_digits` is right for {accuracy:.0%} of the new pictures; {how} reaches "
             f"{wanted:.0%} and more.", read=read)
