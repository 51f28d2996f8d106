"""A right answer in whatever clothes: the visible check and the grade take it, or both refuse it.

Each value goes both ways: through what a visible check looks at, and through the channel to the
judge, as it does when a hidden test calls the student's function.
"""

import array
import collections
import ctypes
import decimal
import enum
import fractions
import importlib
import math
import re
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
import torch
from ta import PROJECT

from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.grading.judge import Verdict, check_value
from autograder.inside import channel
from autograder.soundness.mutants import solutions
from nncourse import check, values
from nncourse.check.base import CheckFailed, as_history, as_numbers, items, named
from nncourse.values import Opaque, TooLarge, as_array, as_plain, describe, with_article

RIGHT = np.array([3.0, 1.0, 2.0])
GRADIENT = {"requires_grad": True}
pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass")
MATRIX = np.array([[1.0, 2.0], [3.0, 4.0]])


def crossed(value):
    """What arrives on the trusted side of what a student's function returned."""
    frame = channel.encode(value)
    size, _ = channel.HEADER.unpack(frame[:8])
    return channel.decode(frame[8:8 + size], frame[8 + size:])


def hidden_says(value, want, **kwargs):
    """What a hidden test says against a value, "" for nothing."""
    try:
        check_value(crossed(value), want, **kwargs)
    except (Verdict, channel.ChannelError) as error:
        return str(error)
    return ""


def visible_says(value, shape):
    """What a visible check says against the kind of a value, "" for nothing."""
    try:
        as_numbers(value, shape, "the result")
    except CheckFailed as error:
        return str(error)
    return ""


class Table:
    """Numbers as other libraries hand them out."""

    def __init__(self, numbers, dtype=None):
        self.numbers, self.dtype = numbers, dtype

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, at):  # by the name of a column: going through it does not work
        raise KeyError(at)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numbers, self.dtype if dtype is None else dtype)


class Own(np.ndarray):
    """An array of a class of one's own."""


class OwnTensor(torch.Tensor):
    """A tensor of a class of one's own."""


class OwnSequence:
    """A sequence that is registered nowhere."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, at):
        return self.numbers[at]


class Failing(OwnSequence):
    """Its methods do not work."""

    def __getitem__(self, at):
        raise RuntimeError("no")


class FailingArray(OwnSequence):
    """It says that it is an array, and is none."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")


class Liar:
    """Says that it is a list."""

    __class__ = list


class Endless(OwnSequence):
    """A sequence that is longer than it says."""

    def __iter__(self):
        while True:
            yield 1.0


class Level(enum.IntEnum):
    """Whole numbers with names."""

    ONE, TWO, THREE = 1, 2, 3


class Name(str, enum.Enum):  # noqa: UP042 - str() of a StrEnum's member is its text
    """Texts with names."""

    W, B = "W", "b"


Pair = collections.namedtuple("Pair", "W b")


def read_only(x):
    """The array, which nobody may write to."""
    x = x.copy()
    x.flags.writeable = False
    return x


def interface():
    """An object that shows its memory as NumPy's protocol asks."""
    return SimpleNamespace(__array_interface__=RIGHT.__array_interface__, keeps=RIGHT)


BUFFER = ctypes.c_double * 3
VECTORS = {  # all of them are RIGHT
    "array": lambda: RIGHT,
    **{f"array {dtype}": lambda dtype=dtype: RIGHT.astype(dtype) for dtype in (
        "longdouble", "float16", "float32", "int8", "uint16", "int64", "uint64", "longlong",
        ">f8", ">i4", "<f2", ">f2")},
    "read-only": lambda: read_only(RIGHT),
    "backwards": lambda: RIGHT[::-1].copy()[::-1],
    "every other": lambda: np.repeat(RIGHT, 2)[::2],
    "view of longdoubles": lambda: np.repeat(RIGHT.astype("longdouble"), 2)[::2],
    "own array": lambda: RIGHT.view(Own),
    "own array of longdoubles": lambda: RIGHT.astype("longdouble").view(Own),
    "masked array": lambda: np.ma.masked_array(RIGHT, [0, 1, 0]),
    "list": lambda: [3.0, 1.0, 2.0], "tuple": lambda: (3, 1, 2),
    "list of NumPy's numbers": lambda: [np.float32(3), np.int64(1), np.uint8(2)],
    "list of longdoubles": lambda: [np.longdouble(3), np.longdouble(1), 2],
    "list of 0-d arrays": lambda: [np.array(3.0), np.array(1), 2],
    "list of numbers with names": lambda: [Level.THREE, Level.ONE, Level.TWO],
    "named tuple": lambda: collections.namedtuple("T", "x y z")(3, 1, 2),
    "torch.Size": lambda: torch.Size([3, 1, 2]),
    "deque": lambda: collections.deque([3, 1, 2]),
    "deque of tensors": lambda: collections.deque(torch.tensor([3.0, 1, 2], **GRADIENT)),
    "user list": lambda: collections.UserList([3, 1, 2]),
    "own sequence": lambda: OwnSequence([3, 1, 2]),
    "array.array d": lambda: array.array("d", RIGHT), "array.array i": lambda: array.array(
        "i", [3, 1, 2]),
    "bytearray": lambda: bytearray([3, 1, 2]), "memoryview": lambda: memoryview(RIGHT),
    "memoryview of bytes": lambda: memoryview(bytes([3, 1, 2])), "ctypes": lambda: BUFFER(3, 1, 2),
    "table": lambda: Table(RIGHT), "table of longdoubles": lambda: Table(RIGHT, np.longdouble),
    "array interface": interface,
    **{f"tensor {dtype}": lambda dtype=dtype: torch.tensor([3, 1, 2], dtype=getattr(torch, dtype))
       for dtype in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "uint8")},
    "tensor with a gradient": lambda: torch.tensor([3.0, 1, 2], **GRADIENT),
    "half a tensor with a gradient": lambda: torch.tensor(
        [3.0, 1, 2], dtype=torch.bfloat16, **GRADIENT),
    "tensor that was computed": lambda: 2 * torch.tensor([1.5, 0.5, 1.0], **GRADIENT),
    "parameter": lambda: torch.nn.Parameter(torch.tensor([3.0, 1, 2])),
    "own tensor": lambda: torch.tensor([3.0, 1, 2]).as_subclass(OwnTensor),
    "own tensor with a gradient": lambda: torch.tensor(
        [3.0, 1, 2], **GRADIENT).as_subclass(OwnTensor),
    "every other of a tensor": lambda: torch.tensor([3.0, 0, 1, 0, 2, 0])[::2],
    "imaginary part": lambda: torch.tensor([3j, 1j, 2j]).conj().imag * -1,
    "list of tensors": lambda: [torch.tensor(3.0), torch.tensor(1), torch.tensor(2)],
    "list of tensors with gradients": lambda: list(torch.tensor([3.0, 1, 2], **GRADIENT)),
}
SINGLE = {  # all of them are 2
    "float": lambda: 2.0, "int": lambda: 2, "float32": lambda: np.float32(2),
    "float16": lambda: np.float16(2), "longdouble": lambda: np.longdouble(2),
    "uint64": lambda: np.uint64(2), "0-d array": lambda: np.array(2),
    "0-d array of longdouble": lambda: np.array(2, np.longdouble),
    "0-d tensor": lambda: torch.tensor(2.0, **GRADIENT),
    "0-d bfloat16": lambda: torch.tensor(2.0, dtype=torch.bfloat16), "named": lambda: Level.TWO,
    "own float": lambda: type("F", (float,), {})(2), "0-d table": lambda: Table(2.0),
}
TRUTHS = {"bool": lambda: True, "np.bool": lambda: np.True_, "0-d truths": lambda: np.array(True),
          "0-d tensor of truths": lambda: torch.tensor(True)}
MATRICES = {  # all of them are MATRIX
    "np.matrix": lambda: np.matrix(MATRIX), "Fortran": lambda: np.asfortranarray(MATRIX),
    "transposed": lambda: MATRIX.T.copy().T, "rows": lambda: [np.array([1.0, 2]), (3, 4)],
    "rows of all kinds": lambda: [array.array("d", [1, 2]), torch.tensor([3, 4])],
    "rows of longdoubles": lambda: list(MATRIX.astype("longdouble")),
    "transposed tensor": lambda: torch.tensor(MATRIX.T).T,
    "deque of rows": lambda: collections.deque([[1, 2], np.array([3, 4])]),
    "table": lambda: Table(MATRIX),
}
ACCEPTED = [
    *((name, make, RIGHT) for name, make in VECTORS.items()),
    *((name, make, np.float64(2)) for name, make in SINGLE.items()),
    *((name, make, np.float64(1)) for name, make in TRUTHS.items()),
    *((name, make, MATRIX) for name, make in MATRICES.items()),
    ("range", lambda: range(5, 0, -2), np.array([5.0, 3, 1])),
]
REFUSED = {  # none of them is numbers, and what both say of it
    "None": (lambda: None, "None"),
    "str": (lambda: "312", "a str"), "bytes": (lambda: b"\3\1\2", "a bytes"),
    "complex": (lambda: 2 + 0j, "a complex number"),
    "np.complex64": (lambda: np.complex64(2), "a complex number"),
    "complex array": (lambda: RIGHT + 0j, "an array of shape (3,) and dtype complex128"),
    "complex longdoubles": (lambda: RIGHT.astype("clongdouble"),
                            f"an array of dtype {np.dtype('clongdouble')}"),
    "complex tensor": (lambda: torch.tensor([3 + 0j, 1, 2]), "an array of shape (3,)"),
    "65 bits": (lambda: 2**70, "an int of more than 64 bits"),
    "65 bits in a list": (lambda: [2**70, 1, 2], "a list of 3 items"),
    "objects": (lambda: np.array([3, 1, 2], object), "an array of dtype object"),
    "texts": (lambda: np.array(["3", "1", "2"]), "an array of dtype <U1"),
    "dates": (lambda: np.array([3, 1, 2], "M8[D]"), "an array of dtype datetime64[D]"),
    "a span": (lambda: np.timedelta64(2, "D"), "a timedelta64"),
    "a record": (lambda: np.zeros((), "f8,f8")[()], "a void"),
    "many axes": (lambda: np.zeros([1] * 20), "an array with more than 16 axes"),
    "fraction": (lambda: fractions.Fraction(2), "a Fraction"),
    "decimals": (lambda: [decimal.Decimal(2)] * 3, "a list of 3 items"),
    "generator": (lambda: (x for x in RIGHT), "a generator"),
    "map": (lambda: map(float, RIGHT), "a map"), "set": (lambda: {1, 2, 3}, "a set"),
    "dict": (lambda: {0: 3, 1: 1, 2: 2}, "a dict of 3 items"),
    "keys": (lambda: {3: 0, 1: 0, 2: 0}.keys(), "a dict_keys"),
    "values": (lambda: {0: 3, 1: 1, 2: 2}.values(), "a dict_values"),
    "proxy": (lambda: MappingProxyType({0: 3}), "a mappingproxy"),
    "user dict": (lambda: collections.UserDict({0: 3, 1: 1, 2: 2}), "a UserDict"),
    "sparse": (lambda: torch.tensor(RIGHT).to_sparse(), "a sparse Tensor"),
    "no storage": (lambda: torch.zeros(3, device="meta"), "a Tensor"),
    "ragged": (lambda: [[1], [1, 2], 3], "a list of 3 items"),
    "one text": (lambda: (1, "2"), "a tuple of 2 items"),
    "one": (lambda: ["2"], "a list of 1 item"),
    "table of texts": (lambda: Table(["a"]), "a Table"), "a class": (lambda: Table, "a type"),
    "object": (object, "an object"), "a function": (lambda: len, "a builtin_function_or_method"),
    "failing": (lambda: Failing([3, 1, 2]), "a Failing"),
    "failing array": (lambda: FailingArray([3, 1, 2]), "a FailingArray"),
    "liar": (Liar, "a Liar"), "huge range": (lambda: range(10**15), "a range"),
    "released": (lambda: released(), "a memoryview"), "empty dict": (dict, "a dict of 0 items"),
}


def released():
    """A memoryview whose memory is gone."""
    view = memoryview(b"abc")
    view.release()
    return view


@pytest.mark.parametrize("make, want", [pytest.param(make, want, id=f"{name}-{want.ndim}")
                                        for name, make, want in ACCEPTED])
def test_a_right_answer_passes_both(make, want):
    assert visible_says(make(), want.shape) == ""
    np.testing.assert_array_equal(as_numbers(make(), want.shape, "it"), want)
    assert hidden_says(make(), want) == ""
    assert "not the right number" in hidden_says(make(), want + 1) if not want.ndim \
        else f"{want.size} of {want.size} entries are wrong" in hidden_says(make(), want + 1)


@pytest.mark.parametrize("make, want", [pytest.param(make, want, id=f"{name}-{want.ndim}")
                                        for name, make, want in ACCEPTED])
def test_a_shape_that_is_not_asked_for_is_told_by_both(make, want):
    other = (*want.shape, 1)
    for said in (visible_says(make(), other), hidden_says(make(), np.zeros(other))):
        assert str(other) in said and (str(want.shape) in said or not want.ndim)


@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_numbers_is_named_by_both(name, shape):
    make, said = REFUSED[name]
    visible, hidden = visible_says(make(), shape), hidden_says(make(), np.zeros(shape))
    assert said in visible and f"yours is {said}" in hidden
    assert not re.search(r"\ba [aeio]|\ban [^aeioh]|\b1 items", visible + hidden)


@pytest.mark.parametrize("make", [
    lambda: np.array([1, np.nan, 2]), lambda: [1, math.inf, 2],
    lambda: torch.tensor([1, np.nan, 2]),
    lambda: np.array([1, np.longdouble("1e4000"), 2]), lambda: [1, np.longdouble("nan"), 2]])
def test_what_is_not_finite_is_told_by_both(make):
    assert "nan or inf" in visible_says(make(), (3,))
    assert "1 of 3 entries is not finite (nan or inf)" in hidden_says(make(), RIGHT)


# several values -----------------------------------------------------------------------------------
PAIRS = {
    "tuple": (RIGHT, 2.0), "list": [RIGHT, 2.0], "named tuple": Pair([3, 1, 2], np.float16(2)),
    "own list": type("L", (list,), {"__iter__": None, "__len__": None})([RIGHT, 2]),
    "torch.max": torch.return_types.max((torch.tensor([3.0, 1, 2], **GRADIENT), torch.tensor(2))),
    "array.array": (array.array("d", RIGHT), np.longdouble(2)),
}
NO_PAIRS = {"one": (RIGHT,), "three": (RIGHT, 2, 2), "array": np.zeros(2), "None": None,
            "generator": (x for x in (RIGHT, 2)), "set": {1, 2}, "dict": {0: RIGHT, 1: 2},
            "deque": collections.deque([RIGHT, 2]), "range": range(2), "text": "ab",
            "tensor": torch.zeros(2), "objects": np.array([[1], 2], object)}


@pytest.mark.parametrize("name", PAIRS)
def test_several_values(name):
    w, b = items(PAIRS[name], 2, "gate")
    assert as_numbers(w, (3,), "w").tolist() == [3, 1, 2] and as_numbers(b, (), "b") == 2
    assert hidden_says(PAIRS[name], (RIGHT, 2.0), what=("w", "b")) == ""


@pytest.mark.parametrize("name", NO_PAIRS)
def test_what_is_not_several_values(name):
    with pytest.raises(CheckFailed, match="gate should return 2 values, like"):
        items(NO_PAIRS[name], 2, "gate")
    assert "2 values are to be returned (w, b), yours returned" in hidden_says(
        NO_PAIRS[name], (RIGHT, 2.0), what=("w", "b"))


DICTS = {
    "dict": {"W": MATRIX, "b": RIGHT}, "names": {Name.W: MATRIX, Name.B: RIGHT},
    "NumPy's texts": {np.str_("W"): MATRIX.T.copy().T, np.str_("b"): RIGHT.astype("longdouble")},
    "ordered": collections.OrderedDict(b=[3, 1, 2], W=[[1, 2], [3, 4]]),
    "default": collections.defaultdict(list, W=MATRIX.tolist(), b=(3, 1, 2)),
    "own": type("D", (dict,), {"items": None, "__getitem__": None})(W=MATRIX, b=RIGHT),
    "tensors": {"W": torch.tensor(MATRIX, **GRADIENT), "b": torch.tensor(RIGHT)},
}
NO_DICTS = {"fewer": {"W": MATRIX}, "more": {"W": MATRIX, "b": RIGHT, "c": 1}, "None": None,
            "user dict": collections.UserDict(W=MATRIX, b=RIGHT), "pairs": [("W", MATRIX)],
            "proxy": MappingProxyType({"W": MATRIX, "b": RIGHT}), "named tuple": Pair(1, 2),
            "parameters": torch.nn.ParameterDict({"W": torch.tensor(MATRIX)}),
            "other keys": {("W",): 1, 2**70: 2, object(): 3, torch.zeros(1): 4}}


@pytest.mark.parametrize("name", DICTS)
def test_several_values_by_name(name):
    found = named(DICTS[name], ("W", "b"), "the parameters")
    assert as_numbers(found["W"], (2, 2), "W").tolist() == MATRIX.tolist()
    assert as_numbers(found["b"], (3,), "b").tolist() == RIGHT.tolist()
    assert hidden_says(DICTS[name], {"W": MATRIX, "b": RIGHT}) == ""


@pytest.mark.parametrize("name", NO_DICTS)
def test_what_is_not_several_values_by_name(name):
    with pytest.raises(CheckFailed, match="should be a dict with the keys 'W' and 'b'; it is"):
        named(NO_DICTS[name], ("W", "b"), "the second value")
    assert "is to be a dict with the keys ['W', 'b'], yours is" in hidden_says(
        NO_DICTS[name], {"W": MATRIX, "b": RIGHT})


@pytest.mark.parametrize("make", VECTORS.values(), ids=VECTORS)
def test_a_history_may_be_any_numbers_in_a_row(make):
    assert as_history(make(), "losses") == RIGHT.tolist()


@pytest.mark.parametrize("value", [None, 2.0, (), np.zeros(0), MATRIX[:0], {1: 2}, "abc", {1, 2},
                                   (x for x in RIGHT), np.array([1, 2], object)])
def test_what_is_no_history(value):
    with pytest.raises(CheckFailed, match="should be a list with one number for each epoch"):
        as_history(value, "losses")


# bounds -------------------------------------------------------------------------------------------
def circle(kind, *more):
    """A sequence that holds itself, and so often that nobody could look at all of it."""
    found = kind()
    found.extend([found, found, *more])
    return found


@pytest.mark.parametrize("make, says", [
    (lambda: circle(list), "levels deep"), (lambda: circle(collections.deque), "levels deep"),
    (lambda: circle(collections.UserList, 1), "levels deep"),
    (lambda: Endless(RIGHT), "too many numbers"), (lambda: [Endless(RIGHT)], "too many numbers"),
    (lambda: [[[[[0.5] * 100] * 100] * 100] * 100], "too many numbers"),
])
def test_what_is_too_large_is_told_by_both(make, says):
    said = hidden_says(make(), RIGHT)
    assert says in said and visible_says(make(), (3,)) == f"the result is {said}."
    for look in (as_history, lambda value, what: items(value, 2, what),
                 lambda value, what: named(value, ("W", "b"), what)):
        with pytest.raises(CheckFailed, match=says):
            look(make(), "losses")


def test_so_many_items_are_taken(monkeypatch):
    monkeypatch.setattr(values, "MAX_ITEMS", 6)
    for value in ([1, 2.0, 3, (4, 5)], {"a": [1, 2], "b": [0.5, 2]}, [[], [], [], [], [], []]):
        assert as_plain(value) == value
    for value in ([1, 2.0, 3, (4, 5.0, 6)], {"a": [1, 2], "b": [0.5, 2, 3]}, [[]] * 7,
                  [collections.deque([1, 2, 3]), collections.deque([4, 5])]):
        with pytest.raises(TooLarge, match="too many numbers"):
            as_plain(value)


@pytest.mark.parametrize("inner", [0, 0.5, "x", np.zeros(20)])
def test_the_deepest_value_that_is_taken(inner):
    for _ in range(values.MAX_DEPTH):
        inner = [inner]
    assert repr(as_plain(inner)) == repr(inner)
    with pytest.raises(TooLarge, match="more than 16 levels"):
        as_plain([inner])


def test_a_large_array_is_not_converted():
    large = np.broadcast_to(np.longdouble(1), (values.MAX_NUMBERS + 1,))
    assert isinstance(as_plain(large), Opaque)
    for said in (visible_says(large, (3,)), hidden_says(large, RIGHT)):
        assert f"an array of dtype {large.dtype}" in said


def test_plain_data_stays_as_it_is():
    for dtype in "?bBhHiIlLqQefdFD":
        x = np.zeros((2, 3), dtype)[:, ::2]
        assert as_plain(x) is x
    deep = [None, True, 2, 0.5, "x", (1, [2.0], {"a": (None,)}), {(1, (2,)): 3}]
    assert as_plain(deep) == deep and repr(as_plain(deep)) == repr(deep)
    assert as_plain(as_plain(circle)) == Opaque("function")


def test_a_long_row_of_floats_has_room():
    """`W.tolist()` of a visible check passes, and that of a hidden test is ten times as large."""
    W = np.random.default_rng(0).normal(size=(300, 400))
    assert hidden_says({"W1": W.tolist(), "b1": tuple(W[0].tolist())}, {"W1": W, "b1": W[0]}) == ""
    long = [0.5] * (channel.LONG + 1)
    assert isinstance(crossed(long), np.ndarray) and isinstance(crossed(long[1:]), list)
    assert crossed({tuple(long): 1}) == {tuple(long): 1}


def test_each_conversion_asks_an_object_once():
    asked = []

    class Counting(Table):
        def __array__(self, *args, **kwargs):
            asked.append(1)
            return RIGHT

    assert as_array(as_plain(Counting(RIGHT))).tolist() == RIGHT.tolist() and len(asked) == 1


@pytest.mark.parametrize("noun, said", [
    ("array", "an array"), ("int", "an int"), ("OrderedDict", "an OrderedDict"), ("", "a "),
    ("float", "a float"), ("uint8", "a uint8"), ("UserDict", "a UserDict"), ("list", "a list")])
def test_articles(noun, said):
    assert with_article(noun) == said


def test_what_is_said_of_plain_data():
    assert describe([1]) == "a list of 1 item" and describe(()) == "a tuple of 0 items"
    assert describe({1: 2, 3: 4}) == "a dict of 2 items" and describe(True) == "a bool"
    assert describe(RIGHT) == "an array of shape (3,) and dtype float64"


# all functions of the course ----------------------------------------------------------------------
def in_extended_precision(x):
    """Floats only: indices are whole numbers, in whatever clothes."""
    x = np.asarray(x)
    return x.astype(np.longdouble) if x.dtype.kind == "f" else x


CLOTHES = {
    "longdoubles": in_extended_precision, "lists": lambda x: np.asarray(x).tolist(),
    "tensors": lambda x: torch.tensor(np.array(x)), "tables": lambda x: Table(np.asarray(x)),
    "buffers": lambda x: memoryview(np.array(x)),
    "big-endian": lambda x: np.asarray(x, np.asarray(x).dtype.newbyteorder(">"), order="F"),
}


def dressed(value, dress):
    """A returned value with its arrays, numbers and rows of numbers in other clothes."""
    if isinstance(value, tuple):
        return list(dressed(item, dress) for item in value)
    if isinstance(value, dict):
        return collections.OrderedDict((key, dressed(value[key], dress)) for key in value)
    if isinstance(value, list) and value and np.ndim(value[0]):
        return [dressed(item, dress) for item in value]
    return dress(value)


def in_clothes(functions, dress):
    """The functions, each of which gives what it gave in other clothes."""
    def wrapped(function):
        return lambda *args, **kwargs: dressed(function(*args, **kwargs), dress)

    return {name: function if name == "make_convnet" else wrapped(function)
            for name, function in functions.items()}


SOURCES = sorted((PROJECT / "source_solutions").glob("*/*.ipynb"))
RIGHTS = {path.stem: importlib.import_module(f"autograder.graders.{path.stem}.variants").RIGHT
          for path in SOURCES}
# the first is checked on the students' own data, the others train for long
FUNCTIONS = [(name, function) for name in RIGHTS for function in RIGHTS[name]
             if function not in ("classify_digits", "classify_plane", "classify_images")]
PARTS = [(path, part) for path in SOURCES for part in solutions(Assignment(path.stem, path))]


@pytest.mark.parametrize("dress", CLOTHES)
@pytest.mark.parametrize("name, function", FUNCTIONS)
def test_each_visible_check_takes_all_clothes(name, function, dress):
    getattr(check, function)(in_clothes(RIGHTS[name], CLOTHES[dress])[function])


@pytest.mark.parametrize("number, path, part", [(n, *part) for n, part in enumerate(PARTS)],
                         ids=lambda x: getattr(x, "stem", x))
def test_each_part_takes_clothes(number, path, part):
    """Another kind for each part; they are long, and the judge is one and the same."""
    dress = list(CLOTHES)[number % len(CLOTHES)]
    functions = in_clothes(RIGHTS[path.stem], CLOTHES[dress])
    tests = run_part(Assignment(path.stem, path), functions, part, 60)
    assert not [(dress, test) for test in tests if test["outcome"] != "passed"]
