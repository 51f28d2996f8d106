"""What all visible checks share."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np


class CheckFailed(AssertionError):
    """A visible check found something wrong; the text says what."""


def visible_check(check: Callable) -> Callable:
    """Turn a function that raises CheckFailed into a check that also greets stubs and praises."""

    @functools.wraps(check)
    def run(function: Callable, *args):
        name = getattr(function, "__name__", "your function")
        try:
            said = check(function, *args)
        except NotImplementedError:
            raise CheckFailed(f"{name} is still to be written: replace the line "
                              "`raise NotImplementedError()`.") from None
        print(f"{name}: {said or 'looks right'}")

    return run


def require(condition: bool, message: str) -> None:
    """Raise CheckFailed with `message` unless `condition` holds."""
    if not condition:
        raise CheckFailed(message)


def as_numbers(value: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    """`value` as a float array of `shape`; CheckFailed in words when it is something else."""
    require(value is not None, f"{what} is None: is a return statement missing?")
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.asarray(None)
    require(array.dtype.kind in "biuf",
            f"{what} should be numbers, it is a {type(value).__name__}.")
    array = array.astype(float)
    wanted = f"have shape {shape}" if shape else "be a single number"
    require(array.shape == shape, f"{what} should {wanted}, it has shape {array.shape}.")
    require(bool(np.all(np.isfinite(array))), f"{what} has entries that are nan or inf.")
    return array


def as_history(value: Any, what: str) -> list[float]:
    """`value` as a list with one number for each epoch, of which there is at least one."""
    listed = isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) == 1
    require(listed and len(value) > 0,
            f"{what} should be a list with one number for each epoch that was run.")
    return as_numbers(value, (len(value),), what).tolist()


def items(value: Any, count: int, what: str) -> tuple:
    """`value` as a tuple of `count` items."""
    require(isinstance(value, (tuple, list)) and len(value) == count,
            f"{what} should return {count} values, like `return a, b`.")
    return tuple(value)
