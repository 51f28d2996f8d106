"""The data channel: what goes in comes out, and what is not a frame costs nothing but itself."""

import contextlib
import math
import os
import socket
import struct
import time

import msgpack
import numpy as np
import pytest

from autograder import channel
from autograder.channel import ChannelClosed, ChannelError, ChannelTimeout, Opaque


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
    with pytest.raises(ChannelError, match="array"):
        channel.encode([0.5] * 200_000)


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
        channel.decode(msgpack.packb(message), b"\0" * 8)


def test_random_bytes_are_refused_or_harmless():
    rng = np.random.default_rng(0)
    for _ in range(2000):
        junk = rng.bytes(int(rng.integers(0, 60)))
        with contextlib.suppress(ChannelError):  # any other exception fails the test
            channel.decode(junk, b"")


def test_deep_nesting_in_bytes_is_refused():
    with pytest.raises(ChannelError):
        channel.decode(b"\x91" * 900 + b"\xc0", b"")


def test_one_array_named_many_times_costs_no_memory():
    body = [{"array": ["d", [1 << 20], 0, "C"]}] * 20_000
    views = channel.decode(msgpack.packb(body), bytes(8 << 20))
    assert len(views) == 20_000 and views[0].base is not None


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
