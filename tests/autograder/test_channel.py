"""The data channel: what goes in comes out, and what is not a frame costs nothing but itself."""

import contextlib
import datetime
import math
import os
import socket
import struct
import time

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from thorough import one_in

from autograder.inside import channel
from autograder.inside.channel import ChannelClosed, ChannelError, ChannelTimeout, Opaque

# seeded by the test's own code; how long an example takes is the machine's affair
FUZZ = settings(max_examples=2000 // one_in(20), derandomize=True, database=None, deadline=None,
                suppress_health_check=[HealthCheck.too_slow])
SCALARS = (st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats()
           | st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
ARRAYS = st.sampled_from(sorted(channel.DTYPES)).flatmap(lambda char: arrays_of.arrays(
    np.dtype(char), arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)))
# values that arrive as they are: beyond `LONG` floats a list is an array afterwards
VALUES = st.recursive(
    SCALARS | ARRAYS, lambda below: st.lists(below, max_size=4)
    | st.lists(below, max_size=4).map(tuple)
    | st.dictionaries(st.integers(0, 99) | st.text("abc", max_size=3), below, max_size=3),
    max_leaves=12)
# what MessagePack can say, and the channel's own tags with almost the right thing behind them
STRUCTURES = st.recursive(
    SCALARS | st.binary(max_size=5)
    | st.fixed_dictionaries({"array": st.tuples(
        st.sampled_from([*channel.DTYPES, "O", "U", "", 7]),
        st.lists(st.sampled_from([0, 1, 2, 3, -1, 2**40, 2**62, True, 1.0]), max_size=18),
        st.integers(-9, 70), st.sampled_from(["C", "F", "strided", "F read-only", "list", "tuple",
                                              "", 3]))}),
    lambda below: st.lists(below, max_size=4)
    | st.dictionaries(st.sampled_from(["tuple", "dict", "array", "opaque", "x"]), below, max_size=2)
    | st.fixed_dictionaries({"dict": st.lists(st.lists(below, max_size=3), max_size=3)})
    | st.fixed_dictionaries({"tuple": st.lists(below, max_size=3)}), max_leaves=12)


def round_trip(value, **kwargs):
    frame = channel.encode(value)
    size, _ = channel.HEADER.unpack(frame[:8])
    return channel.decode(frame[8:8 + size], frame[8 + size:], **kwargs)


@pytest.mark.parametrize("value", [
    None, True, False, 0, -(2**63), 2**64 - 1, 1.5, math.inf, "text", "", [1, [2, [3]]],
    (1, (2, "x")), {"a": 1, 2: (3,)}, [], (), {},
])
def test_plain_data_comes_back_equal(value):
    back = round_trip(value)
    assert back == value and type(back) is type(value)


def test_nan_comes_back_as_nan():
    assert math.isnan(round_trip(math.nan))


@pytest.mark.parametrize("dtype", ["?", "int8", "uint16", "int64", "float16", "float32",
                                   "float64", "complex128", ">f8"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_arrays_keep_shape_dtype_and_entries(dtype, shape):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    back = round_trip(array)
    assert back.shape == array.shape and back.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(back, array)


def test_layouts_are_rebuilt_on_request():
    matrix = np.arange(12.0).reshape(3, 4)
    frozen = matrix.copy()
    frozen.flags.writeable = False
    assert round_trip(matrix, layouts=True).flags.c_contiguous
    assert round_trip(np.asfortranarray(matrix), layouts=True).flags.f_contiguous
    strided = round_trip(matrix[:, ::2], layouts=True)
    assert not strided.flags.c_contiguous and not strided.flags.f_contiguous
    np.testing.assert_array_equal(strided, matrix[:, ::2])
    assert not round_trip(frozen, layouts=True).flags.writeable
    assert round_trip(matrix, layouts=True).flags.writeable


def test_numpy_scalars_become_numbers_and_other_objects_stay_behind():
    assert type(round_trip(np.float32(0.5))) is float
    assert round_trip({1, 2}) == Opaque("set")
    assert round_trip(iter([])) == Opaque("list_iterator")
    assert round_trip(np.array([object()])) == Opaque("array of dtype object")
    assert round_trip(10**30) == Opaque("int of more than 64 bits")


def test_a_subclass_of_a_plain_type_arrives_as_the_plain_type():
    class Sneaky(float):
        def __eq__(self, other):
            return True

    class View(np.ndarray):
        pass

    assert type(round_trip(Sneaky(2.0))) is float
    assert type(round_trip(np.zeros(2).view(View))) is np.ndarray


def test_too_deep_and_too_large_values_are_refused():
    deep = []
    for _ in range(channel.MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(ChannelError, match="deep"):
        channel.encode(deep)
    with pytest.raises(ChannelError, match="MiB"):
        channel.encode(np.zeros(channel.MAX_ARRAYS + 1, np.uint8))
    for many in ([[0.5] * channel.LONG] * 4000, [10**6] * 250_000):
        with pytest.raises(ChannelError, match="outside arrays; return an array"):
            channel.encode(many)


@pytest.mark.parametrize("message", [
    {"array": ["O", [1], 0, "C"]},  # objects
    {"array": ["d", [2**40], 0, "C"]},  # 8 TiB
    {"array": ["d", [-1], 0, "C"]},
    {"array": ["d", [1], -8, "C"]},
    {"array": ["d", [1], 8, "C"]},  # past the end
    {"array": ["d", ["1"], 0, "C"]},
    {"array": "dd"},
    {"tuple": 3},
    {"dict": [[[], 1]]},  # unhashable key
    {"class": "os.system"},
    {"tuple": [1], "dict": []},
    {},
])
def test_hostile_structures_are_refused(message):
    with pytest.raises(ChannelError):
        channel.decode(msgspec.msgpack.encode(message), b"\0" * 8)


def is_plain(value) -> bool:
    """Whether the value is what `decode` promises, all the way down."""
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    return (type(value) in channel.PLAIN or type(value) is Opaque
            or type(value) is np.ndarray and value.dtype.char in channel.DTYPES)


@FUZZ
@given(st.binary(max_size=60), st.binary(max_size=64), st.booleans())
def test_any_bytes_are_refused_or_plain(structure, arrays, layouts):
    with contextlib.suppress(ChannelError):  # any other exception fails the test
        assert is_plain(channel.decode(structure, arrays, layouts=layouts))


@FUZZ
@given(STRUCTURES, st.binary(max_size=64), st.booleans())
def test_any_structure_is_refused_or_plain(structure, arrays, layouts):
    with contextlib.suppress(ChannelError):
        value = channel.decode(msgspec.msgpack.encode(structure), arrays, layouts=layouts)
        assert is_plain(value)


@FUZZ
@given(VALUES)
def test_any_plain_value_comes_back(value):
    back = round_trip(value)
    np.testing.assert_equal(back, value)
    assert type(back) is type(value)


@FUZZ
@given(VALUES, st.data())
def test_one_changed_byte_is_refused_or_plain(value, data):
    frame = bytearray(channel.encode(value)[channel.HEADER.size:])
    size = channel.HEADER.unpack(channel.encode(value)[:channel.HEADER.size])[0]
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ChannelError):
        assert is_plain(channel.decode(bytes(frame[:size]), bytes(frame[size:])))


def test_deep_nesting_in_bytes_is_refused():
    with pytest.raises(ChannelError):
        channel.decode(b"\x91" * 900 + b"\xc0", b"")


def test_one_array_named_many_times_counts_as_many():
    named = {"array": ["d", [1 << 10], 0, "C"]}
    arrays = bytes(16 << 10)
    assert len(channel.decode(msgspec.msgpack.encode([named] * 2), arrays)) == 2
    with pytest.raises(ChannelError, match="larger"):
        channel.decode(msgspec.msgpack.encode([named] * 3), arrays)


@pytest.mark.parametrize("value", [
    b"bytes", datetime.datetime.now(datetime.UTC), msgspec.msgpack.Ext(5, b"x")])
def test_only_plain_values_are_taken(value):
    with pytest.raises(ChannelError, match="unknown type"):
        channel.decode(msgspec.msgpack.encode([value]), b"")


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_frame_crosses_a_socket(pair):
    channel.send(pair[0], {"x": np.ones(3)}, time.monotonic() + 5)
    np.testing.assert_array_equal(channel.receive(pair[1], time.monotonic() + 5)["x"], 1)


def test_a_huge_length_prefix_is_refused_without_reading_on(pair):
    pair[0].sendall(struct.pack(">II", 2**32 - 1, 2**32 - 1))
    with pytest.raises(ChannelError, match="larger"):
        channel.receive(pair[1], time.monotonic() + 5)


def test_silence_and_a_slow_drip_end_at_the_deadline(pair):
    pair[0].sendall(struct.pack(">II", 100, 0) + b"x")
    started = time.monotonic()
    with pytest.raises(ChannelTimeout):
        channel.receive(pair[1], started + 0.2)
    assert time.monotonic() - started < 5


def test_a_closed_far_side_is_told_apart(pair):
    os.close(pair[0].detach())
    with pytest.raises(ChannelClosed):
        channel.receive(pair[1], time.monotonic() + 5)


def nested(levels, wrap):
    deep = 0
    for _ in range(levels):
        deep = wrap(deep)
    return deep


@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: (x,), lambda x: {"a": x}])
def test_the_deepest_value_that_is_sent(wrap):
    value = nested(channel.MAX_DEPTH, wrap)
    assert round_trip(value) == value
    with pytest.raises(ChannelError, match="deep"):
        channel.encode(nested(channel.MAX_DEPTH + 1, wrap))


def test_the_deepest_key_that_is_sent():
    key = nested(channel.MAX_DEPTH - 1, lambda x: (x,))
    assert round_trip({key: 0}) == {key: 0}
    with pytest.raises(ChannelError, match="deep"):
        channel.encode({(key,): 0})


def test_the_deepest_bytes_that_are_read():
    levels = 2 * channel.MAX_DEPTH
    for begin, end in ((b"\x91", b""), (b"\x81\xa5tuple\x91", b"")):
        assert channel.decode(begin * levels + b"\xc0" + end, b"") is not None
        with pytest.raises(ChannelError, match="deep"):
            channel.decode(begin * (levels + 1) + b"\xc0" + end, b"")


def test_the_most_array_bytes_that_are_sent_and_read(pair, monkeypatch):
    monkeypatch.setattr(channel, "MAX_ARRAYS", 64)
    deadline = time.monotonic() + 20
    assert len(round_trip([np.zeros(4), np.zeros(4)])) == 2
    with pytest.raises(ChannelError, match="MiB"):
        channel.encode([np.zeros(4), np.zeros(4), np.zeros(1, np.uint8)])
    for size in (3, 4, 5):
        channel.send(pair[0], np.zeros(size), deadline)
    assert [len(channel.receive(pair[1], deadline, max_arrays=32)) for _ in range(2)] == [3, 4]
    with pytest.raises(ChannelError, match="larger"):
        channel.receive(pair[1], deadline, max_arrays=32)


def test_the_longest_structure_and_text(monkeypatch):
    text = "x" * channel.MAX_TEXT
    assert round_trip(text) == text and round_trip(text + "y") == text
    assert round_trip("a\ud800") == "a?"
    size = len(channel.encode(["x" * 50])) - channel.HEADER.size
    monkeypatch.setattr(channel, "MAX_STRUCTURE", size)
    assert round_trip(["x" * 50]) == ["x" * 50]
    with pytest.raises(ChannelError, match="outside arrays"):
        channel.encode(["x" * 51])


@pytest.mark.parametrize("number, sent", [
    (-(2**63), True), (-(2**63) - 1, False), (2**64 - 1, True), (2**64, False)])
def test_the_numbers_that_are_sent(number, sent):
    assert round_trip(number) == (number if sent else Opaque("int of more than 64 bits"))


def test_what_is_made_plain_arrives_as_an_array_and_the_rest_as_a_name():
    np.testing.assert_array_equal(round_trip(torch.arange(3)), np.arange(3))
    back = round_trip(np.ones(2, np.longdouble))
    assert back.dtype == np.float64 and back.tolist() == [1, 1]
    assert round_trip(Opaque("thing")) == Opaque("thing")
    assert round_trip(type("a" * 101, (), {})()) == Opaque("a" * 100)


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_long_row_of_floats_travels_as_an_array(kind):
    for length in (channel.LONG, channel.LONG + 1):
        row = kind(0.5 + i for i in range(length))
        inside, outside = round_trip(row, layouts=True), round_trip(row)
        assert inside == row and type(inside) is kind and type(inside[0]) is float
        assert isinstance(outside, np.ndarray) == (length > channel.LONG)
        assert list(outside) == list(row)
        for other in (kind([*row[:-1], 1]), kind([*row, "x"]), kind([*row, True])):
            assert round_trip(other) == other  # what is of several kinds keeps them
        assert round_trip({tuple(row): 1}) == {tuple(row): 1}  # a key cannot be an array


def test_arrays_have_at_most_so_many_dimensions():
    shape = [1] * channel.MAX_DEPTH
    named = {"array": ["d", shape, 0, "C"]}
    assert channel.decode(msgspec.msgpack.encode(named), bytes(8)).shape == tuple(shape)
    shape.append(1)
    with pytest.raises(ChannelError, match="not a numeric array"):
        channel.decode(msgspec.msgpack.encode(named), bytes(8))
