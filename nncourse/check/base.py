"""What all visible checks share.

What kind of thing a returned value is, `nncourse.values` decides, here as in grading: a check takes
what grading takes.
"""

import functools
import inspect
import traceback
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from nncourse import values
from nncourse.layouts import LAYOUTS, layouts


class CheckFailed(AssertionError):
    """A visible check found something wrong; the text says what."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the sentence, without the way through the check's own code."""
        return [f"{type(self).__name__}: {self}"]


class Raised(CheckFailed):
    """The student's function raised something; the text says on which arguments and where."""


def visible_check(check: Callable) -> Callable:
    """Turn a function that raises CheckFailed into a check that also greets stubs and praises.

    In all its calls of the student's function, an exception becomes a sentence, and no array that
    the function was given may change.
    """

    @functools.wraps(check)
    def run(function: Callable, *args, **kwargs):
        name = getattr(function, "__name__", "your function")
        try:
            said = check(_watched(function, name), *args, **kwargs)
        except NotImplementedError:
            raise CheckFailed(f"{name} is still to be written: replace the line "
                              "`raise NotImplementedError()`.") from None
        print(f"{name}: {said or 'looks right'}")

    return run


def _watched(function: Callable, name: str) -> Callable:
    """The same function; CheckFailed where it raises, or changes an array that it was given."""

    @functools.wraps(function, updated=())
    def call(*args, **kwargs):
        before = [[np.array(x) for x in _arrays(arg)] for arg in (*args, *kwargs.values())]
        try:
            value = function(*args, **kwargs)
        except (NotImplementedError, CheckFailed):
            raise
        except Exception as error:
            raise Raised(_what_was_raised(error, name, args)) from error
        for number, (arg, old) in enumerate(zip((*args, *kwargs.values()), before)):
            new = list(_arrays(arg))
            if len(old) != len(new) or not all(
                    np.array_equal(*pair, equal_nan=pair[0].dtype.kind in "fc")
                    for pair in zip(old, new)):
                raise CheckFailed(f"{name} changes its argument "
                                  f"{_argument_name(function, args, kwargs, number)}. Work on a "
                                  "copy: the caller still needs the old values.")
        return value

    return call


def _what_was_raised(error: Exception, name: str, args: tuple) -> str:
    ours = (__file__, np.__file__.rpartition("/")[0])
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__)
             if not frame.filename.startswith(ours)]
    where = f", in the line `{lines[0]}`" if lines and lines[0] else ""
    hint = (" Work on a copy: the caller still needs the old values."
            if "read-only" in str(error) else "")
    return (f"{name} with {', '.join(map(_said, args))} raises {type(error).__name__}: "
            f"{error}{where}.{hint}")


def _said(argument: Any) -> str:
    """An argument in a message."""
    if isinstance(argument, dict):
        return "arrays " + ", ".join(f"{k} {np.shape(v)}" for k, v in argument.items())
    if isinstance(argument, np.ndarray):
        return f"an array of shape {argument.shape}"
    if isinstance(argument, np.random.Generator):
        return "rng"
    return f"{argument}" if isinstance(argument, (int, float, str)) else values.describe(argument)


def _arrays(argument: Any) -> Iterator[np.ndarray]:
    """The arrays in an argument, also in its tuples, lists and dicts."""
    if isinstance(argument, np.ndarray):
        yield argument
    elif isinstance(argument, (tuple, list, dict)):
        for item in argument.values() if isinstance(argument, dict) else argument:
            yield from _arrays(item)


def _argument_name(function: Callable, args: tuple, kwargs: dict, number: int) -> str:
    """How the function itself calls its argument; a number where it does not say."""
    if number >= len(args):
        return f"`{[*kwargs][number - len(args)]}`"
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a compiled function has no signature
        names = []
    return f"`{names[number]}`" if number < len(names) else f"number {number + 1}"


def require(condition: bool, message: str) -> None:
    """Raise CheckFailed with `message` unless `condition` holds."""
    if not condition:
        raise CheckFailed(message)


def close(got: Any, want: Any, within: float = 1e-6) -> bool:
    """Whether no entry differs by `within` or more; of a large number, by that share of it."""
    want = np.asarray(want)
    return bool(np.all(np.abs(np.asarray(got) - want) < within * np.maximum(1, np.abs(want))))


def first_wrong(got: np.ndarray, want: Any, within: float) -> tuple[int, ...] | None:
    """The place of the first entry that is another one, within a share of numbers above 1."""
    want = np.broadcast_to(np.asarray(want, float), got.shape)
    wrong = ~(np.abs(got - want) < within * np.maximum(1, np.abs(want)))
    return tuple(np.argwhere(wrong)[0].tolist()) if wrong.any() else None


def agree(got: np.ndarray, want: Any, message: str, within: float = 1e-5) -> None:
    """Raise CheckFailed with `message` and the first entry that differs, if one does."""
    place = first_wrong(got, want, within)
    if place is not None:
        want = np.broadcast_to(np.asarray(want, float), got.shape)
        entry = f"Entry ({', '.join(map(str, place))})" if place else "It"
        raise CheckFailed(f"{message} {entry} should be {want[place]:.6g}, yours is "
                          f"{got[place]:.6g}.")


def kinds(array: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """The same numbers as grading may pass them, and how, in words."""
    return list(zip(LAYOUTS, layouts(array)))


def as_plain(value: Any, what: str) -> Any:
    """`value` as the plain data that grading sees; CheckFailed in words when it is too large."""
    try:
        return values.as_plain(value)
    except values.TooLarge as error:
        raise CheckFailed(f"{what} is {error}.") from None


def as_numbers(value: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    """`value` as a float array of `shape`; CheckFailed in words when it is something else."""
    require(value is not None, f"{what} is None: is a return statement missing?")
    plain = as_plain(value, what)
    array = values.as_array(plain)
    if array is None:
        raise CheckFailed(f"{what} should be numbers, not {values.describe(plain)}.")
    wanted = f"have shape {shape}" if shape else "be a single number"
    require(array.shape == shape, f"{what} should {wanted}, it has shape {array.shape}.")
    array = array.astype(float)
    require(bool(np.all(np.isfinite(array))), f"{what} has entries that are nan or inf.")
    return array


def as_history(value: Any, what: str) -> list[float]:
    """`value` as a list with one number for each epoch, of which there is at least one."""
    plain = as_plain(value, what)
    listed = isinstance(plain, (tuple, list)) or getattr(plain, "ndim", 0) == 1
    require(listed and len(plain) > 0,
            f"{what} should be a list with one number for each epoch that was run.")
    return as_numbers(plain, (len(plain),), what).tolist()


def items(value: Any, count: int, what: str) -> tuple:
    """`value` as a tuple of `count` items, each of them plain data."""
    plain = as_plain(value, what)
    if not isinstance(plain, (tuple, list)) or len(plain) != count:
        raise CheckFailed(f"{what} should return {count} values, like `return a, b`; yours "
                          f"returned {values.describe(plain)}.")
    return tuple(plain)


def named(value: Any, names: Collection[str], what: str) -> dict[str, Any]:
    """`value` as a dict with just these keys, its values plain data."""
    plain = as_plain(value, what)
    if not isinstance(plain, dict) or set(plain) != set(names):
        *most, last = map(repr, names)
        raise CheckFailed(f"{what} should be a dict with the keys {', '.join(most)} and {last}; it "
                          f"is {values.describe(plain)}.")
    return plain
