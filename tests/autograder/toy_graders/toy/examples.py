"""Small inputs for the toy assignment."""

import numpy as np


def double():
    """One number, two, a negative one."""
    yield (np.array([0.0]),)
    yield (np.array([2.0]),)
    yield (np.array([1.0, 3.0]),)


def split():
    """One number, two."""
    yield (np.array([3.0]),)
    yield (np.array([1.0, 2.0]),)


EXAMPLES = {"double": double, "split": split}
