"""What the hidden tests of several assignments share: inputs and the test on real digits."""

import copy
import functools
import pickle
from collections.abc import Callable

import numpy as np

from autograder.api import check_value, fail, loops, matches
from nncourse.data.standins import HOMEWORK_TRAIN as NUM_TRAIN
from nncourse.data.standins import small_digits
from nncourse.layouts import layouts

__all__ = ["EXAMPLES", "check_digits_accuracy", "check_digits_form", "check_no_loop", "digits",
           "drawn_once", "grid", "layouts", "nonzero_grid", "right_items"]

SHARE, NOISE = (0.65, 0.85), 0.03  # of the digits: no harder than they
DRAWS_KEPT = 1000  # by each function that draws; hw4's tests call one 116 times
EXAMPLES = (10, 100, 1200)  # NumPy prints arrays of more than 1000 entries in part only


def grid(rng: np.random.Generator, *shape: int, high: int = 24) -> np.ndarray:
    """An array of multiples of 1/8 in [-high/8, high/8]."""
    return rng.integers(-high, high + 1, size=shape) / 8.0


def nonzero_grid(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """As `grid`, but no entry is 0, so that no weight or input drops out."""
    return (rng.integers(1, 25, size=shape) * rng.choice([-1, 1], size=shape)) / 8.0


def drawn_once(draw: Callable) -> Callable:
    """Keep what `draw(rng, *sizes)` gives for a generator's state: a class meets the same inputs.

    Callers get copies of their own, and the generator is left as the draw has left it.
    """
    @functools.lru_cache(maxsize=DRAWS_KEPT)
    def from_state(state: bytes, *sizes):
        rng = np.random.default_rng()
        rng.bit_generator.state = pickle.loads(state)
        return draw(rng, *sizes), rng.bit_generator.state

    @functools.wraps(draw)
    def drawn(rng, *sizes):
        values, rng.bit_generator.state = from_state(pickle.dumps(rng.bit_generator.state), *sizes)
        return copy.deepcopy(values)

    return drawn


def check_no_loop(student, name, calls, mistake, *, what, atol, follows=None) -> None:
    """No line of Python runs more often for more examples, or `mistake` is found.

    Parameters
    ----------
    calls : the number of examples and the arguments of three calls of growing size; the first lets
        the function import what it needs
    atol, follows : for the arguments of a call; who has no loop but a mistake in one value keeps
        this test's points, an answer of which nothing is right does not
    """
    counts = []
    for _, args in calls:
        got, lines = student.steps(name, *args)
        student.check_attempt(name, args, got, what=what, atol=atol(*args), follows=follows and (
            lambda call, args=args: follows(call, *args)))
        counts.append(lines)
    if loops([number for number, _ in calls], counts):
        mistake.fail()


def right_items(student, right: Callable, args: tuple, atols) -> list[int]:
    """The items of a usual answer that are right, as `right` has them.

    Only they are worth a question about unusual arguments, unless there are none: a wrong one has
    cost its own test.
    """
    got, want = student.call(right.__name__, *args), right(*args)
    return [i for i, atol in enumerate(atols) if matches(got, want, atol, i)]


def items_to_judge(right: list[int], special: list[int]) -> list[int]:
    """The items by which a test of unusual arguments judges, never none.

    Parameters
    ----------
    right : those that are right for usual arguments
    special : those that the test is about; others stand in for them where these are wrong
    """
    return [i for i in special if i in right] or right or special


def digits(rng: np.random.Generator):
    """A random split of pictures made from the small digits: pixels in [0, 1], labels.

    The small digits lie in the sandbox as well, with their labels. So each picture is a mixture of
    two of its class with some noise, and the classes have other names: what is known of the
    pictures there is worth nothing without the examples for training.
    """
    pixels, labels = small_digits()
    order = rng.permutation(len(labels))
    X, y = pixels[order] / 16.0, labels[order]
    parts = [_mixtures(rng, X[part], y[part])
             for part in (slice(NUM_TRAIN), slice(NUM_TRAIN, None))]
    names = rng.permutation(10)
    while np.any(names == np.arange(10)):
        names = rng.permutation(10)
    return parts[0], names[y[:NUM_TRAIN]], parts[1], names[y[NUM_TRAIN:]]


def _mixtures(rng, X, y) -> np.ndarray:
    """Each picture with a share of another of its class, and noise."""
    other = np.empty(len(y), int)
    for label in range(10):
        (members,) = np.nonzero(y == label)
        other[members] = rng.permutation(members)
    share = rng.uniform(*SHARE, size=(len(y), 1))
    mixed = share * X + (1 - share) * X[other]
    return np.clip(mixed + rng.normal(scale=NOISE, size=X.shape), 0.0, 1.0)


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
