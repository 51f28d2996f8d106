"""What hidden graders use: verdicts in words, named mistakes, comparison within rounding error.

Messages go to students, so they say what was called, what came back and which known mistake it
looks like. They never hold an expected value.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from nncourse import values
from nncourse.values import describe

DEFAULT_RTOL = 1e-9  # of the largest entry: millions of roundings, and far from any mistake
ROUNDING = 1e-6  # of the largest entry: a difference so small is worth a word
FEW = 3  # numbers of which fewer may agree by chance
GROUP = 10  # examples in a group that is still looped over one by one

TRAPS = " Look for an exponential that overflows, the logarithm of 0, or a division by 0."

# which part of an answer is meant: an item of a tuple, a key of a dict in an item, or all of it
Part = int | tuple | None


class Verdict(Exception):
    """A test's outcome other than passed; `message` is for the student.

    `outcome` is one of "wrong", "crash", "timeout", "missing".
    """

    def __init__(self, outcome: str, message: str, mistake: str | None = None,
                 read: str | None = None):
        super().__init__(message)
        self.outcome, self.message, self.mistake, self.read = outcome, message, mistake, read


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to one function.

    `wrong` takes the arguments of the reference and returns what a student with this mistake
    returns; `read` is the book's page and section.
    """

    name: str
    message: str
    read: str
    wrong: Callable

    def fail(self) -> NoReturn:
        """End the test: this is what the student's answer shows."""
        fail(self.message, self.name, self.read)

    def found(self) -> NoReturn:
        """The old name of `fail`, gone in the next release."""
        warnings.warn("Mistake.found: call fail", DeprecationWarning, stacklevel=2)
        self.fail()


def fail(message: str, mistake: str | None = None, read: str | None = None) -> NoReturn:
    """End the test: the student's answer is wrong, for the reason in `message`."""
    raise Verdict("wrong", message, mistake, read)


def dot_atol(n: int, scale: float, dtype=np.float64) -> float:
    """Rounding bound of a sum of `n` terms whose absolute values add to at most `scale`.

    Whatever the order of summation, the computed sum differs from the exact one by at most
    gamma_n * scale with gamma_n = n u / (1 - n u) (Higham, Accuracy and Stability of Numerical
    Algorithms, 2nd ed., section 4.2). Twice that is returned, for the reference rounds as well;
    one more term than `n` is counted, for the bias.
    """
    n_u = (n + 1) * np.finfo(dtype).eps / 2
    return 2 * n_u / (1 - n_u) * scale


def part(value, only: Part):
    """The part of an answer that `only` means; its structure must have been looked at."""
    for key in only if isinstance(only, tuple) else (only,):
        value = value if key is None else value[key]
    return value


def loops(sizes: Sequence[int], counts: Sequence[dict[str, int]]) -> bool:
    """Whether Python loops over examples, by how often each line ran for so many of them.

    Loops over all of them, over pairs or over small groups make a line run more often the more
    there are; so does no padding with other lines. A line that runs as often as there are examples
    in the largest call, however many there are, may loop over them padded to a fixed number.
    """
    _, before, most = counts
    growth = max((count - before.get(line, 0) for line, count in most.items()), default=0)
    return (growth >= (sizes[-1] - sizes[-2]) / GROUP
            or max(most.values(), default=0) >= sizes[-1] / 2)


def matches(got: object, want: object, atol: float | None, only: Part = None) -> bool:
    """Whether `got` is `want`: structure, shape and every entry within `atol` (see `check_value`).

    Entries of `want` that are nan or infinite are matched by the same.
    """
    try:
        check_value(got, want, atol=atol, only=only)
    except Verdict:
        return False
    return True


def check_value(got: object, want: object, *, what: str | Sequence[str] = "the result",
                atol: float | None = None, only: Part = None):
    """Compare one returned value, or a tuple of them, with the reference's.

    Every entry may differ by `atol`; without it, by a billionth of the largest entry of its array
    (by 1e-9 where all are zero), as the same sum in another order differs in its last digits; with
    0.0 it has to be the very same number.

    `want` may be a tuple (a tuple or list of the same length is expected), a dict (the same keys
    are expected), a number, a list of numbers or an array. dtype is not judged, values are:
    True and 1.0 are as good as 1. With `only`, that item of the tuple is judged, or that entry of
    a dict in it, such as (1, "W"); of the others nothing but that they are there.

    Raises
    ------
    Verdict
        Structure, shape, finiteness or values differ.
    """
    if isinstance(want, tuple):
        _check_items(got, want, what, atol, only)
    elif isinstance(want, dict):
        _check_dict(got, want, what, atol, only)
    else:
        _check_array(got, np.asarray(want), what, atol)


def _check_items(got, want, what, atol, only):
    names = what if isinstance(what, (tuple, list)) else [f"item {i}" for i in range(len(want))]
    if not isinstance(got, (tuple, list)) or len(got) != len(want):
        fail(f"{len(want)} values are to be returned ({', '.join(names)}), yours returned "
             f"{describe(got)}.")
    first, rest = _split(only)
    for i, name in enumerate(names):
        if first in (None, i):
            try:
                check_value(got[i], want[i], what=name, atol=atol, only=rest)
            except Verdict as verdict:
                other = [names[k] for k in range(len(want)) if k != i and _same(got[i], want[k])]
                fail(f"{verdict.message} It is what {other[0]} is to be: are the values returned "
                     "in another order?" if other else verdict.message)


def _same(got, want) -> bool:
    """Whether a value that is due at one place has come at another; only arrays tell."""
    return np.ndim(want) > 0 and not isinstance(want, dict) and matches(got, want, None)


def _split(only):
    return (only[0], only[1:] or None) if isinstance(only, tuple) else (only, None)


def _check_dict(got, want, what, atol, only):
    if not isinstance(got, dict) or set(got) != set(want):
        fail(f"{what} is to be a dict with the keys {sorted(want)}, yours is {describe(got)}.")
    first, rest = _split(only)
    for key in want:
        if first in (None, key):
            check_value(got[key], want[key], what=f"{what}[{key!r}]", atol=atol, only=rest)


def as_numbers(value: object) -> np.ndarray | None:
    """The value as an array of numbers or truth values; None where it is no such thing."""
    return values.as_array(value)


def _check_array(got, want, what, atol):
    array = as_numbers(got)
    if array is None:
        fail(f"{what} is to be {_noun(want.shape)}, yours is {describe(got)}.")
    if array.shape != want.shape:
        turned = array.shape == want.shape[::-1] and array.dtype.kind != "c" and matches(
            array.T, want, atol)
        fail(f"{what} is to be {_noun(want.shape)}, yours is {_noun(array.shape)}"
             f"{', its transpose' if turned else ''}.")
    array, want = array.astype(np.float64), want.astype(np.float64)
    if np.all(np.isfinite(want)) and not np.all(np.isfinite(array)):
        count = int(np.count_nonzero(~np.isfinite(array)))
        fail(f"{what} is not finite (nan or inf).{TRAPS}" if not want.shape else
             f"{what}: {_entries(count, array.size)} not finite (nan or inf).{TRAPS}")
    largest = np.max(np.abs(want), where=np.isfinite(want), initial=0.0) or 1.0
    allowed = DEFAULT_RTOL * largest if atol is None else atol
    wrong = ~np.isclose(array, want, rtol=0.0, atol=allowed, equal_nan=True)
    if not wrong.any():
        return
    off = np.max(np.abs(np.subtract(array, want, where=wrong, out=np.zeros(want.shape))))
    rounding = (f" It is off by {off:.0e} only: a matter of rounding, or of a small constant."
                if off < ROUNDING * largest else "")
    hint = rounding or _relation(array, want, max(allowed, ROUNDING * largest))
    if not want.shape:
        fail(f"{what} is not the right number.{hint}")
    where = ", ".join(str(int(i[0])) for i in np.nonzero(wrong))
    fail(f"{what}: {_entries(int(np.count_nonzero(wrong)), wrong.size)} wrong, "
         f"the first at index ({where}).{hint}")


def _relation(array, want, allowed) -> str:
    """What a wrong array has to do with the right one, in a sentence; "" where nothing is seen.

    Of one or two numbers it would be chance.
    """
    def near(other):
        return bool(np.all(np.abs(array - other) <= allowed))

    if not np.all(np.isfinite(array) & np.isfinite(want)) or np.count_nonzero(want) < FEW:
        return ""
    if not array.any():
        return " All of it is 0."
    if near(-want):
        return " It has the opposite sign."
    if want.ndim > 1 and want.shape == want.shape[::-1] and near(want.T):
        return " It is the transpose of the right answer."
    factor = float(np.vdot(want, array) / np.vdot(want, want))
    if near(factor * want):
        return f" It is {factor:.3g} times the right answer."
    if near(want + np.mean(array - want)):
        return " It is off by the same number everywhere."
    return ""


def _entries(count: int, size: int) -> str:
    return f"{count} of {size} entries {'is' if count == 1 else 'are'}"


def _noun(shape: Sequence[int]) -> str:
    return f"an array of shape {tuple(shape)}" if len(shape) else "a single number"
