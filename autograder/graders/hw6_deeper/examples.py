"""Small public inputs of hw6_deeper: on the first that goes wrong a student is shown why.

Written by hand, the smallest first.
"""

import numpy as np

from autograder.api import Example, Made
from nncourse.layouts import together

NUMBERS = (1, -2, 0.5, 3, -1, 2.5, 4, -3, 1.5, -0.5, 2, -4)


def _few(*shape: int, of=NUMBERS) -> np.ndarray:
    return np.resize(np.array(of, float), shape)


# examples (N, D)
BATCHES = [np.array(rows, float) for rows in (
    [[1], [3]], [[1, 10], [3, 30]], [[1], [2], [6]], [[1, 0], [2, 4], [6, 5]],
    [[2, 1], [2, 3]])]


def batch_norm_forward():
    """Two examples first; training and evaluation mode, momentum and eps given and left out."""
    for x in BATCHES:
        D = x.shape[1]
        plain = np.ones(D), np.zeros(D), np.zeros(D), np.ones(D)
        other = _few(D, of=(2, -1)), _few(D, of=(1, 3)), _few(D, of=(1, -1)), _few(D, of=(4, 9))
        for arrays in (plain, other):
            for train in (True, False):
                yield x, *arrays, train
        yield x, *other, True, 0.5
        yield x, *other, True, 0.0, 0.5
        yield x, *other, False, 0.5, 0.5
    one = (np.array([[3.0]]), *(np.array([v]) for v in (2.0, 1.0, 1.0, 4.0)))
    yield *one, False
    yield BATCHES[0], *(np.array([v]) for v in (1.0, 0.0, 0.0, 0.0)), False
    yield BATCHES[0] / 1024, *(np.array([v]) for v in (1.0, 0.0, 0.0, 1.0)), True
    for same in together(BATCHES[1], *other):
        yield *same, True


def batch_norm_backward():
    """Two examples first; eps given and left out, features that hardly spread."""
    for x in BATCHES[:4]:
        dout, gamma = _few(*x.shape, of=(1, 2, -1, 4, 0.5)), _few(x.shape[1], of=(2, -1))
        yield dout, x, gamma
        yield dout, x, gamma, 0.5
        yield dout, x / 1024, gamma
    yield from together(dout, x, gamma)


def dropout_forward():
    """Evaluation mode, all kept, and the share that is kept of forty ones."""
    generator = Made("generator", (0,))
    yield np.array([2.0]), 1.0, True, generator
    yield np.array([1.0, -2.0]), 0.5, False, generator
    yield np.array([[1.0, -2.0], [0.5, 3.0]]), 0.75, False, generator
    for keep_prob, fewest, most in [(0.5, 8, 32), (0.75, 18, 39), (0.25, 1, 20)]:
        for value in (1.0, -1.0):
            def right(out, keep_prob=keep_prob, fewest=fewest, most=most, value=value):
                out = np.asarray(out, float)
                kept = out != 0
                return (out.shape == (5, 8) and np.allclose(out[kept], value / keep_prob)
                        and fewest <= kept.sum() <= most and np.any(kept != kept[0])
                        and np.any(kept != kept[:, :1]))

            yield Example((np.full((5, 8), value), keep_prob, True, generator), right,
                          f"about {keep_prob:.0%} of the entries {value / keep_prob:.4g}, here and "
                          "there, the others 0")


EXAMPLES = {
    "batch_norm_forward": batch_norm_forward, "batch_norm_backward": batch_norm_backward,
    "dropout_forward": dropout_forward,
}
