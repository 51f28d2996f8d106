"""The same numbers as other kinds of arrays: what is right for one has to be right for all."""

from collections.abc import Iterator

import numpy as np

LAYOUTS = ("in single precision (float32)", "in Fortran order (column by column)",
           "in a view into a larger array", "in a read-only array")


def layouts(array: np.ndarray) -> list[np.ndarray]:
    """The numbers of a float array in each of the LAYOUTS."""
    read_only = array.copy()
    read_only.flags.writeable = False
    return [array.astype(np.float32), np.asfortranarray(array),
            np.repeat(array, 2, axis=-1)[..., ::2], read_only]


def together(*arrays: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
    """All of the arrays in each of the LAYOUTS."""
    return zip(*map(layouts, arrays))
