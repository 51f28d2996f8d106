"""Dropout."""

import numpy as np
import pytest

from autograder.api import Made, check_value, fail
from autograder.graders.hw6_deeper import inputs
from autograder.graders.hw6_deeper.mistakes import DROPS

NAME = "dropout_forward"


def drop(student, x, keep_prob, seed=5):
    """What comes back in training, of x's shape."""
    given = student.call(NAME, x, keep_prob, True, Made("generator", (seed,)))
    check_value(given, np.asarray(x, np.float64), what="the output", atol=np.inf)
    return np.asarray(given, np.float64)


def some_are_dropped(out, x):
    """Find the known mistake if none or all are dropped."""
    if np.all(out != 0):
        DROPS["nothing-dropped" if np.allclose(out, x) else "scaled-only"].fail()
    if not np.any(out != 0):
        DROPS["everything-dropped"].fail()


def name_it(kept, scale, keep_prob, error):
    """Find the known mistake, if it is one, in what was kept and how it was scaled."""
    if np.all(kept == kept[0]):
        DROPS["one-mask-for-all"].fail()
    if np.all(kept == kept[:, :1]):
        DROPS["whole-examples"].fail()
    sizes = scale[kept]
    if np.allclose(sizes, 1, atol=1e-6):
        DROPS["not-divided"].fail()
    if abs(kept.mean() - (1 - keep_prob)) < error:
        DROPS["probability-to-drop"].fail()
    if np.allclose(sizes, keep_prob):
        DROPS["multiplied"].fail()
    if np.allclose(sizes, 1 / (1 - keep_prob)):
        DROPS["divided-by-the-other"].fail()
    if abs(kept.mean() - keep_prob) > error:
        DROPS["another-share"].fail()


@pytest.mark.weight(2)
def test_in_training(student, rng):
    """In training: the right share is dropped, what is kept is divided by `keep_prob`."""
    for keep_prob in (0.75, 0.25):
        x = inputs.nonzero_grid(rng, 200, 50)
        out = drop(student, x, keep_prob)
        some_are_dropped(out, x)
        kept = out != 0
        if not kept[x < 0].any():
            DROPS["negative-numbers-lost"].fail()
        # of 10,000 entries: within 5 standard errors
        error = 5 * np.sqrt(keep_prob * (1 - keep_prob) / x.size)
        name_it(kept, out / x, keep_prob, error)
        check_value(out, np.where(kept, x / keep_prob, 0.0), what="the output",
                    atol=inputs.sum_atol(1, x, 1 / keep_prob))
    x = inputs.nonzero_grid(rng, 4, 5)
    student.compare(NAME, x, 1.0, True, Made("generator", (3,)), what="the output", atol=0.0)


def test_in_a_test(student, rng):
    """In evaluation mode: the input itself."""
    for shape in [(4, 5), (7,), (2, 3, 4, 4)]:
        student.compare(NAME, inputs.nonzero_grid(rng, *shape), 0.5, False,
                        Made("generator", (3,)), what="the output", atol=0.0)


def test_from_the_generator(student, rng):
    """Another mask from another generator, the same from the same."""
    x = inputs.nonzero_grid(rng, 20, 20)
    first, same, other = (drop(student, x, 0.5, seed) for seed in (1, 1, 2))
    some_are_dropped(first, x)
    if np.array_equal(first, other):
        DROPS["own-seed"].fail()
    if not np.array_equal(first, same):
        DROPS["not-from-rng"].fail()


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; several numbers of axes."""
    for shape in [(30, 20), (6, 5, 4, 5), (500,)]:
        for same in inputs.layouts(inputs.nonzero_grid(rng, *shape)):
            out = drop(student, same, 0.5)
            share, factors = np.mean(out != 0), (out / same)[out != 0]
            if factors.size and not np.allclose(factors, factors[0], rtol=1e-3):
                fail(f"x of shape {shape}: what is kept is not x times one number.",
                     read=DROPS["another-share"].read)
            if not 0.2 < share < 0.8 and share != 1:
                fail(f"x of shape {shape}: {share:.0%} of the entries are kept where keep_prob is "
                     "0.5.", read=DROPS["another-share"].read)
