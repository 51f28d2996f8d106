"""Right answers of the toy assignment."""

import numpy as np


def double(x):
    """Twice x."""
    return 2 * np.asarray(x, dtype=np.float64)


def split(x):
    """Sum and mean of x."""
    return float(np.sum(x)), float(np.mean(x))
