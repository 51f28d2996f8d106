"""Dropout."""

import numpy as np

from autograder.api import Made, check_value
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import DROPS


def drop(student, x, keep_prob, train, seed=5):
    """What comes back, of x's shape."""
    given = student.call("dropout_forward", x, keep_prob, train, Made("generator", (seed,)))
    check_value(given, np.asarray(x, np.float64), what="the output", atol=np.inf)
    return np.asarray(given, np.float64)


def test_in_training(student, rng):
    """In training: the right share is dropped, what is kept is divided by `keep_prob`."""
    for keep_prob in (0.75, 0.25):
        x = np.abs(inputs.nonzero_grid(rng, 200, 50))
        out = drop(student, x, keep_prob, True)
        kept, scale = out != 0, out / x
        if np.array_equal(out, x):
            DROPS["nothing-dropped"].fail()
        if np.all((scale == 0) | (np.abs(scale - 1) < 1e-6)):
            DROPS["not-divided"].fail()
        # of 10,000 entries: within 5 standard errors
        error = 5 * np.sqrt(keep_prob * (1 - keep_prob) / x.size)
        if abs(kept.mean() - (1 - keep_prob)) < error:
            DROPS["probability-to-drop"].fail()
        if kept.any() and np.allclose(scale[kept], keep_prob):
            DROPS["multiplied"].fail()
        if np.all(kept == kept[0]) or np.all(kept == kept[:, :1]):
            DROPS["one-mask-for-all"].fail()
        if abs(kept.mean() - keep_prob) > error:
            DROPS["another-share"].fail()
        check_value(out, np.where(kept, x / keep_prob, 0.0), what="the output",
                    atol=inputs.sum_atol(1, x, 1 / keep_prob))


def test_in_a_test(student, rng):
    """In a test, and where all is kept: the input itself."""
    for shape in [(4, 5), (2, 3, 4, 4)]:
        x = inputs.nonzero_grid(rng, *shape)
        student.compare("dropout_forward", x, 0.5, False, Made("generator", (3,)),
                        what="the output", atol=0.0)
        student.compare("dropout_forward", x, 1.0, True, Made("generator", (3,)),
                        what="the output", atol=0.0)


def test_from_the_generator(student, rng):
    """Another mask from another generator; kinds of arrays."""
    x = inputs.nonzero_grid(rng, 20, 20)
    if np.array_equal(drop(student, x, 0.5, True, 1), x):
        DROPS["nothing-dropped"].fail()
    if np.array_equal(drop(student, x, 0.5, True, 1), drop(student, x, 0.5, True, 2)):
        DROPS["own-seed"].fail()
    for same in inputs.layouts(x):
        drop(student, same, 0.5, True)
