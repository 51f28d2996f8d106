"""Small public inputs of hw2_softmax: on the first that goes wrong a student is shown why.

Written by hand, the smallest first: shapes, then labels and signs, then large scores, then kinds of
arrays.
"""

import numpy as np

from nncourse.layouts import layouts


def _array(*rows):
    return np.array(rows, dtype=float)


def coin_log_likelihood():
    """One toss, several, then many, and p close to 0 and to 1."""
    for heads, tails in [(1, 0), (0, 1), (1, 1), (2, 1), (1, 3)]:
        yield heads, tails, _array(0.25)
    yield 2, 1, _array(0.25, 0.5, 0.75)
    yield 0, 4, _array(0.25, 0.5)
    yield 1000, 1500, _array(0.5, 0.25)
    for p in (0.001, 0.999, 1e-6, 1e-9, 1e-18):
        yield 1, 1, _array(p)
    yield 2, 1, np.array([0.25, 0.5], np.float32)


def _scores():
    """Rows of scores: small ones, then large, then far apart."""
    yield (_array([0, 0]),)
    yield (_array([1, 0]),)
    yield (_array([1, -2, 0.5]),)
    yield (_array([1, 0], [0, 2]),)
    yield (_array([1, 0, 2], [0, 0, -1]),)
    yield (_array([1, 2], [0.5, -1], [3, 0]),)
    for size in (30, 100, 600, 800, 1000, 10000):
        yield (_array([size, 0]),)
        yield (_array([size, size - 1]),)
    for size in (-500, -600, -1000, -10000):
        yield (_array([size, size - 1]),)
    yield (_array([0, 0, 0, 2000], [0, 0, 2000, 2000]),)
    yield (_array([1000, 0, -1000]),)
    yield (_array([0, 1], [1000, 1001]),)
    yield (_array([0, 1], [-2000, -2001], [2000, 2001]),)
    for same in layouts(_array([1, 0, 2], [0, 0, -1])):
        yield (same,)


# logarithms of probabilities that are short numbers themselves
_LOG_PROBS = np.array([[-0.7, -1.4, -1.4], [-2.1, -0.3, -2.1], [-1.4, -0.7, -1.4],
                       [-1.4, -1.4, -0.7]])
_PROBS = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])


def _batches(rows):
    """These rows with labels: one example, two, the last class, an absent one, other types."""
    for label in (0, 1, 2):
        yield rows[:1], np.array([label])
    for labels in [(0, 1), (1, 0), (2, 2), (0, 2), (0, 0)]:
        yield rows[:2], np.array(labels)
    yield rows[:3], np.array([2, 0, 1])
    yield rows, np.array([1, 2, 1, 0])


def _kinds_of_batches(rows):
    for same in layouts(rows[:2]):
        yield same, np.array([1, 2])
    for kind in (np.uint8, np.int32):
        yield rows[:2], np.array([1, 2], kind)


def cross_entropy():
    """Ordinary batches, then true classes whose probability is rounded to 0."""
    yield from _batches(_LOG_PROBS)
    yield _LOG_PROBS[:3, :2], np.array([0, 1, 1])
    for least in (-12, -30, -40, -60, -120, -600, -800, -1200):
        yield _array([least, 0]), np.array([0])
    yield _array([-2000, 0], [0, -500]), np.array([0, 1])
    yield from _kinds_of_batches(_LOG_PROBS)


def score_gradient():
    """Ordinary batches, then probabilities of 0 and 1."""
    yield from _batches(_PROBS)
    yield _PROBS[:3, 1:], np.array([0, 1, 1])
    yield _array([1, 0, 0]), np.array([0])
    yield _array([0, 1, 0]), np.array([0])
    yield from _kinds_of_batches(_PROBS)


_X = np.array([[1.0, -2.0], [0.5, 1.0], [-1.0, 2.0]])
_W = np.array([[1.0, 0.0], [0.0, -1.0], [0.5, 2.0], [-1.0, 1.0]])
_B = np.array([0.5, 0.0, -1.0, 1.0])


def softmax_loss():
    """W = 0, one example, two and three, reg, an absent class, large scores."""
    yield _array([1]), np.array([0]), np.zeros((2, 1)), np.zeros(2), 0.0
    yield _array([2, 1]), np.array([1]), np.zeros((2, 2)), np.zeros(2), 0.0
    yield _array([2, 1]), np.array([2]), _W[:3], _B[:3], 0.0
    yield _X[:2], np.array([0, 1]), _W[:2], np.zeros(2), 0.0
    yield _X[:2], np.array([1, 0]), _W[:2], _B[:2], 0.0
    yield _X[:2], np.array([0, 1]), _W[:2], _B[:2], 2.0
    for labels in [(2, 0), (0, 1), (2, 2), (1, 2)]:
        yield _X[:2], np.array(labels), _W[:3], _B[:3], 0.0
    for reg in (0.0, 0.5, 2.0):
        yield _X, np.array([1, 0, 3]), _W, _B, reg
    yield _X, np.array([3, 3, 0]), 2 * _W, _B, 1.0
    for size in (12, 25, 40, 500, 800, 2000):
        yield _array([1]), np.array([1]), _array([size], [0]), np.zeros(2), 0.0
    yield _array([1], [-1]), np.array([0, 1]), _array([1000], [999]), np.zeros(2), 0.0
    yield _array([1, 0], [0, 1]), np.array([0, 1]), _array([2000, -2000], [1999, -2001]), \
        np.zeros(2), 0.0
    yield _X.astype(np.float32), np.array([1, 0, 3], np.uint8), _W, _B, 0.5


# 10, 100 and 1000 examples would not fit on a page: loops are seen by counting, not by example
softmax_loss_loops = softmax_loss


def predict():
    """Scores that differ, then biases, ties and large scores."""
    yield _array([1]), _array([1], [0]), np.zeros(2)
    yield _array([2]), _array([0], [1]), np.zeros(2)
    yield _array([1]), _array([1], [0]), _array(0, 2)
    yield _array([1]), _array([1], [0], [0.5]), _array(0, 0, 1)
    yield _X, _W[:2], np.zeros(2)
    yield _X, _W[:2], _B[:2]
    yield _X, _W, _B
    yield _array([0]), _array([1], [2]), np.zeros(2)
    yield _array([1], [2]), _array([1], [0], [1]), np.zeros(3)
    for size in (800, 2000):
        yield _array([1]), _array([size], [0]), np.zeros(2)
        yield _array([1]), _array([0], [size]), np.zeros(2)
    yield _array([1], [-1]), _array([2000], [1999]), np.zeros(2)
    yield _X.astype(np.float32), _W, _B


def train_softmax():
    """One step, then two and three, without and with reg; the last class has no example."""
    for steps in (1, 2):
        yield _array([1]), np.array([0]), 2, 0.5, 0.0, steps
    yield _array([1, -2]), np.array([1]), 2, 0.5, 0.0, 1
    for steps, reg in [(1, 0.0), (2, 0.0), (1, 1.0), (2, 1.0), (3, 0.5)]:
        yield _X[:2], np.array([0, 1]), 2, 0.5, reg, steps
    for steps, reg in [(1, 0.0), (2, 1.0), (3, 0.5)]:
        yield _X, np.array([2, 0, 0]), 3, 0.25, reg, steps
    yield _X, np.array([1, 0, 0]), 3, 0.25, 0.5, 2
    yield _X.astype(np.float32), np.array([1, 0, 2], np.uint8), 3, 0.25, 0.5, 2


def softmax():
    """Rows of scores."""
    return _scores()


def log_softmax():
    """The same, and scores whose logarithm is below those of small numbers."""
    yield from _scores()
    yield (_array([0, 20000]),)


EXAMPLES = {function.__name__: function for function in (
    coin_log_likelihood, softmax, log_softmax, cross_entropy, score_gradient, softmax_loss,
    predict, train_softmax)} | {"softmax_loss_loops": softmax_loss_loops}
