"""What a returned value is: one answer for the visible checks and for grading.

Students return numbers in many forms: arrays of any dtype and memory layout, tensors with or
without gradients, lists, ranges, buffers, tables. `as_plain` turns what can be read as numbers into
a few plain types and names everything else; `as_array` says whether the result is numbers. A check
looks at a value through them, and so does the sandbox before the value is sent to be graded.
Hence a form that passes the one passes the other.

This module runs inside the sandbox too, and imports nothing of the course.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 16  # levels of tuples, lists and dicts, and axes of an array
MAX_ITEMS = 1 << 20  # in all tuples, lists, dicts and other sequences of a value together
MAX_NUMBERS = 8 << 20  # of a range, or of an array that is converted: 64 MiB of float64
MAX_NAME = 100  # characters of a type's name
DTYPES = frozenset("?bBhHiIlLqQefdFD")  # numpy's one-letter codes: bool, integers, floats, complex
SCALARS = (type(None), bool, int, float, complex, str, np.generic)
ARRAY_LIKE = ("__array__", "__array_interface__", "__array_struct__")


class TooLarge(ValueError):
    """A value is deeper or has more items than any answer; the text says which, after "it is"."""


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain; only the name of its type, or of its kind, is kept."""

    type_name: str


def as_plain(value: Any) -> Any:
    """The value as plain data.

    Returns
    -------
    None, a bool, int, float or str, a list, tuple or dict of such, an `np.ndarray` with one of
    `DTYPES`, or `Opaque`; of each exactly this type, no subclass.

    - tuples, lists and dicts keep their structure, and so do named tuples and other subclasses;
    - NumPy's and Python's numbers become Python's; of more than 64 bits, an int is `Opaque`;
    - arrays, tensors, buffers such as `array.array`, and what else NumPy takes for an array become
      arrays: `np.longdouble` in double precision, others in their own. An array that is plain
      already is returned as it is, not copied;
    - other sequences, such as ranges and deques, become an array if they hold numbers;
    - everything else is `Opaque`: sets, generators, text as bytes, arrays of objects.

    Raises
    ------
    TooLarge
        It is nested more than MAX_DEPTH levels deep (it may hold itself), or has more than
        MAX_ITEMS items outside arrays.
    """
    left = MAX_ITEMS

    def plain(x, depth):
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested more than {MAX_DEPTH} levels deep")
        kind = type(x)  # isinstance would believe an object that says it is of another class
        if issubclass(kind, SCALARS):
            return _scalar(x)
        # the methods of the plain types: those of a subclass may do anything
        if issubclass(kind, tuple):
            return tuple(items(tuple.__iter__(x), depth))
        if issubclass(kind, list):
            return items(list.__iter__(x), depth)
        if issubclass(kind, dict):
            values = items(dict.values(x), depth)
            return {key(k, depth + 1): value for k, value in zip(dict.keys(x), values)}
        if kind is Opaque:
            return x
        found = _array(x)
        if found is None and _is_sequence(x):
            found = stacked(x, depth)
        return Opaque(_name(x)) if found is None else found

    def stacked(x, depth):
        try:
            return as_array(items(x, depth))
        except TooLarge:
            raise
        except Exception:  # its own methods may raise anything
            return None

    def items(found, depth):
        nonlocal left
        taken = []
        for item in found:
            left -= 1
            if left < 0:
                raise TooLarge("made of too many numbers outside arrays; return an array instead")
            # the short way for long lists of floats
            taken.append(item if type(item) is float and depth < MAX_DEPTH
                         else plain(item, depth + 1))
        return taken

    def key(x, depth):
        """A key, which has to stay hashable: an array is not."""
        if issubclass(type(x), SCALARS):
            return plain(x, depth)
        if not issubclass(type(x), tuple):
            return Opaque(_name(x))
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested more than {MAX_DEPTH} levels deep")
        return tuple(key(item, depth + 1) for item in tuple.__iter__(x))

    return plain(value, 0)


def _scalar(x):
    kind = type(x)
    if issubclass(kind, str):
        return str.__str__(x)
    if issubclass(kind, np.generic):
        if x.dtype.kind not in "biuf":
            return Opaque("complex number" if x.dtype.kind == "c" else _name(x))
        x = float(x) if x.dtype.kind == "f" else x.item()  # item() keeps a longdouble
    if x is None or isinstance(x, bool):
        return x
    if isinstance(x, int):
        x = int.__int__(x)
        return x if -(2**63) <= x < 2**64 else Opaque("int of more than 64 bits")
    return float.__float__(x) if isinstance(x, float) else Opaque("complex number")


def _array(x) -> np.ndarray | Opaque | None:
    """The array that x is or gives itself out as; `Opaque` where it is not plain, None for others.
    """
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)  # who has not imported it has none
    try:
        if issubclass(type(x), np.ndarray):
            return _plain_array(np.asarray(x))
        if tensor and issubclass(type(x), tensor):
            return _of_tensor(x)
        if type(x) is range:
            if len(x) > MAX_NUMBERS:
                return Opaque(_name(x))
        elif issubclass(type(x), type) or not _is_array_like(x):
            return None
        array = np.asarray(x)
    except Exception:  # a class of one's own may raise anything
        return Opaque(_name(x))
    return _plain_array(array) if array.dtype.kind in "biufc" else Opaque(_name(x))


def _of_tensor(x) -> np.ndarray | Opaque:
    if str(x.layout) != "torch.strided":
        return Opaque("sparse Tensor")
    if x.is_floating_point() and x.element_size() < 4:
        x = x.float()  # NumPy has no bfloat16
    return _plain_array(x.numpy(force=True))  # wherever it lies, with a gradient or not


def _is_array_like(x) -> bool:
    """Whether NumPy is handed an array by x, or the memory of one."""
    if any(hasattr(x, name) for name in ARRAY_LIKE):
        return True
    try:
        memoryview(x).release()
    except TypeError:
        return False
    return True


def _is_sequence(x) -> bool:
    """Whether NumPy would go through x item by item; mappings are none."""
    kind = type(x)
    if hasattr(kind, "keys") or not (
            hasattr(kind, "__len__") and hasattr(kind, "__getitem__")):
        return False
    try:
        len(x)  # sparse matrices have none
        iter(x)
    except Exception:
        return False
    return True


def _plain_array(array: np.ndarray) -> np.ndarray | Opaque:
    if array.ndim > MAX_DEPTH:
        return Opaque(f"array with more than {MAX_DEPTH} axes")
    if array.dtype.char in DTYPES:
        return array
    if array.dtype.kind == "f" and array.size <= MAX_NUMBERS:
        with np.errstate(over="ignore"):  # inf then, which is no answer either
            return array.astype(np.float64)
    return Opaque(f"array of dtype {array.dtype}"[:MAX_NAME])


def _name(x) -> str:
    return type(x).__name__[:MAX_NAME]


def as_array(plain: Any) -> np.ndarray | None:
    """Plain data as an array of numbers or truth values; None where it is no such thing.

    Lists and tuples of arrays and numbers are stacked, if they are of equal shape.
    """
    try:
        array = np.asarray(plain)
    except (ValueError, TypeError, OverflowError):  # rows of different lengths
        return None
    return array if array.dtype.kind in "biuf" else None


def describe(plain: Any) -> str:
    """Say what kind of thing plain data is, in words and without its entries."""
    if isinstance(plain, np.ndarray):
        return f"an array of shape {plain.shape} and dtype {plain.dtype}"
    if isinstance(plain, Opaque):
        return with_article(plain.type_name)
    if plain is None:
        return "None (is a return statement missing?)"
    if isinstance(plain, (tuple, list, dict)):
        count = f"{len(plain)} item{'s' * (len(plain) != 1)}"
        return f"{with_article(type(plain).__name__)} of {count}"
    return with_article(type(plain).__name__)


def with_article(noun: str) -> str:
    """The noun after "a" or "an", by its first letter: "an array", "a float", "a uint8"."""
    return f"an {noun}" if noun[:1].lower() in tuple("aeio") else f"a {noun}"
