"""What the checks of hw2_softmax share: a function is called, and its answer compared in words."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import CheckFailed, Raised, as_numbers, first_wrong, kinds

WITHIN = 1e-5  # of numbers above 1: this share; answers in single precision come as close
OVERFLOW = ("An exponential has overflowed, all those of a row have become 0, or a logarithm was "
            "taken of 0: what is subtracted from the scores before exp?")


def call(function: Callable, *args, about: str):
    """The answer; where the function raises something, on what input."""
    try:
        with np.errstate(all="ignore"):
            return function(*args)
    except Raised as error:
        raise CheckFailed(f"{about}: {error}") from error


def equals(got: np.ndarray, want, what: str, hint: str = "", within: float = WITHIN) -> None:
    """Require these numbers; CheckFailed shows the first that is another one."""
    place = first_wrong(got, want, within)
    if place is None:
        return
    want = np.broadcast_to(np.asarray(want, float), got.shape)
    where = f" at index ({', '.join(map(str, place))})" if place else ""
    raise CheckFailed(f"{what}{where} should be {want[place]:.6g}, yours is {got[place] + 0:.6g}."
                      f"{_relation(got, want)} {hint}".strip())


def _relation(got: np.ndarray, want: np.ndarray) -> str:
    """What all numbers have in common, where they are a multiple of those wanted."""
    with np.errstate(all="ignore"):
        factor = float(np.vdot(got, want) / max(np.vdot(want, want), 1e-30))
    if not 0.01 < abs(factor) < 1e6:
        return ""
    alone = np.count_nonzero(want) < 2  # one number is a multiple of any: of it, simple ones only
    simple = any(abs(x - round(x)) < WITHIN and round(x) in range(-1, 11)
                 for x in (factor, 1 / factor))
    if np.any(np.abs(got - factor * want) > WITHIN) or alone and (want.size > 1 or not simple):
        return ""
    if abs(factor + 1) < WITHIN:
        return " The sign is wrong." if alone else " All of yours have the wrong sign."
    return (f" That is {factor:.4g} times as much." if alone else
            f" All of yours are {factor:.4g} times as large as they should be.")


def checked(value, shape: tuple, what: str, hint: str = OVERFLOW) -> np.ndarray:
    """As `as_numbers`, with what to look for where large scores have given nan or inf."""
    try:
        return as_numbers(value, shape, what)
    except CheckFailed as error:
        raise CheckFailed(f"{error} {hint}" if "nan or inf" in str(error) else str(error)) from None


def _kinds(array: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Labels have other types, and nothing else than integers."""
    if array.dtype.kind != "i":
        return kinds(array)
    return [("of type uint8", array.astype(np.uint8)), ("of type int32", array.astype(np.int32)),
            *kinds(array)[2:]]


def across_kinds(function: Callable, args: tuple, names: str, read: Callable) -> None:
    """The answer, of which `read` makes arrays, does not depend on the kind of any array."""
    want = read(function(*args))
    for number, name in enumerate(names.split()):
        if isinstance(args[number], np.ndarray):
            for kind, same in _kinds(args[number]):
                changed = (*args[:number], same, *args[number + 1:])
                got = read(call(function, *changed, about=f"The numbers of {name} {kind}"))
                for mine, before in zip(got, want):
                    equals(mine, before, f"The same numbers, but those of {name} {kind}. An entry",
                           "The kind of array should make no difference.")
