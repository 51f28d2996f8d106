"""The data channel between the trusted side and the sandbox: plain data in bounded frames.

A frame is an 8-byte header (two big-endian lengths), a MessagePack structure and a block of raw
array bytes. There is no pickle, and nothing that arrives can name a class: a frame decodes to None,
bool, int, float, str, list, tuple, dict, `numpy.ndarray` of a numeric dtype, or `Opaque`.

What is sent is first made plain by `nncourse.values`, as the visible checks do it.

Whatever the far side writes, decoding takes memory in proportion to the limits below and ends by
the deadline. This module is mounted into the sandbox, so it imports nothing of the autograder.
"""

import math
import socket
import struct
import time

import msgspec
import numpy as np

from nncourse.values import DTYPES, MAX_DEPTH, Opaque, TooLarge, as_plain

HEADER = struct.Struct(">II")
MAX_STRUCTURE = 1 << 20  # bytes of MessagePack; 1 MiB of empty lists is 60 MB of Python objects
MAX_ARRAYS = 64 << 20  # bytes of array data, each array counted as often as it is named
MAX_TEXT = 100_000  # characters of one string that student code returns
PLAIN = (type(None), bool, int, float, str)
LONG = 32  # floats in a list or tuple beyond which it travels as an array


class ChannelError(Exception):
    """The far side sent something that is not a frame, or nothing before the deadline."""


class ChannelClosed(ChannelError):
    """The far side is gone."""


class ChannelTimeout(ChannelError):
    """The deadline passed."""


def encode(value: object) -> bytes:
    """Return the frame of `value`, of which all that is not plain stays behind but its name.

    Raises
    ------
    ChannelError
        The value is deeper or larger than a frame may be.
    """
    arrays: list[bytes] = []
    size = 0

    def tree(x, is_key=False):
        if isinstance(x, str):  # half a surrogate pair has no UTF-8
            return x[:MAX_TEXT].encode("utf-8", "replace").decode()
        if isinstance(x, (tuple, list)):
            if not is_key and _is_long(x):
                return array(np.array(x), type(x).__name__)
            below = [tree(item, is_key) for item in x]
            return {"tuple": below} if isinstance(x, tuple) else below
        if isinstance(x, dict):
            return {"dict": [[tree(k, is_key=True), tree(v)] for k, v in x.items()]}
        if isinstance(x, Opaque):
            return {"opaque": x.type_name}
        return array(x, _layout(x)) if isinstance(x, np.ndarray) else x

    def array(x, layout):
        nonlocal size
        if size + x.nbytes > MAX_ARRAYS:
            raise ChannelError(f"larger than {MAX_ARRAYS >> 20} MiB")
        arrays.append(x.astype(x.dtype.newbyteorder("<"), copy=False).tobytes())
        size += x.nbytes
        return {"array": [x.dtype.char, list(x.shape), size - x.nbytes, layout]}

    try:
        plain = as_plain(value)
    except TooLarge as error:
        raise ChannelError(str(error)) from None
    structure = msgspec.msgpack.encode(tree(plain))
    if len(structure) > MAX_STRUCTURE:
        raise ChannelError("made of too many numbers outside arrays; return an array instead")
    return b"".join([HEADER.pack(len(structure), size), structure, *arrays])


def _is_long(x: list | tuple) -> bool:
    """Whether x holds many numbers and nothing else: it would not have room in the structure."""
    return len(x) > LONG and all(type(item) is float for item in x)


def _layout(x: np.ndarray) -> str:
    """How the array lies in memory: the receiver rebuilds the same kind ('C', 'F' or 'strided')."""
    order = "C" if x.flags.c_contiguous else "F" if x.flags.f_contiguous else "strided"
    return order if x.flags.writeable else order + " read-only"


def decode(structure: bytes, arrays: bytes, *, layouts: bool = False) -> object:
    """Return the value of a frame's two parts.

    Arrays are read-only views of `arrays`, and so are long lists and tuples of floats; with
    `layouts` (inside the sandbox) these are lists again, and arrays get the memory layout they had.

    Raises
    ------
    ChannelError
        They are not what `encode` makes.
    """

    named = 0

    def value(x, depth):
        if depth > 2 * MAX_DEPTH:
            raise ChannelError("nested too deep")
        if isinstance(x, list):
            return [value(item, depth + 1) for item in x]
        if not isinstance(x, dict):
            if type(x) not in PLAIN:  # bytes, dates and extensions of MessagePack
                raise ChannelError(f"unknown type {type(x).__name__}")
            return x
        ((tag, body),) = x.items()
        if tag == "tuple":
            return tuple(value(item, depth + 1) for item in body)
        if tag == "dict":
            return {value(k, depth + 1): value(v, depth + 1) for k, v in body}
        if tag == "array":
            return _array(*body)
        if tag == "opaque" and isinstance(body, str):
            return Opaque(body)
        raise ChannelError(f"unknown tag {tag!r}")

    def _array(char, shape, offset, layout):
        nonlocal named
        if char not in DTYPES or len(shape) > MAX_DEPTH:
            raise ChannelError("not a numeric array")
        dtype = np.dtype(char).newbyteorder("<")
        count = 1
        for length in shape:
            if type(length) is not int or not 0 <= length <= MAX_ARRAYS:
                raise ChannelError("impossible shape")
            count *= length
        named += count * dtype.itemsize
        if named > len(arrays):
            raise ChannelError("arrays larger than the frame")
        x = np.frombuffer(arrays, dtype, count, offset).reshape(shape)
        x = x.view(dtype.newbyteorder("="))
        return _lay_out(x, layout) if layouts else x

    try:
        return value(msgspec.msgpack.decode(structure), 0)
    except ChannelError:
        raise
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError,
            msgspec.MsgspecError):
        raise ChannelError("not a message") from None


def _lay_out(x: np.ndarray, layout: str) -> np.ndarray | list | tuple:
    """Rebuild the memory layout that `_layout` named, or the list or tuple that it was."""
    if layout in ("list", "tuple"):
        return x.tolist() if layout == "list" else tuple(x.tolist())
    order, _, read_only = layout.partition(" ")
    if order == "F":
        x = np.array(x, order="F")
    elif order == "strided" and x.ndim:
        x = np.repeat(x, 2, axis=-1)[..., ::2]
    else:
        x = np.array(x)
    x.flags.writeable = not read_only
    return x


def _seconds_until(deadline: float) -> float | None:
    """A socket timeout; None, which waits for ever, for an infinite deadline."""
    if deadline == math.inf:
        return None
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def send(sock: socket.socket, value: object, deadline: float) -> None:
    """Write one frame by `deadline` (a `time.monotonic()` value)."""
    _send_bytes(sock, encode(value), deadline)


def _send_bytes(sock, data, deadline):
    try:
        sock.settimeout(_seconds_until(deadline))
        sock.sendall(data)
    except TimeoutError:
        raise ChannelTimeout("the far side does not read") from None
    except OSError:
        raise ChannelClosed("the far side is gone") from None


def receive(sock: socket.socket, deadline: float, *, layouts: bool = False,
            max_arrays: int = MAX_ARRAYS) -> object:
    """Read one frame by `deadline` (a `time.monotonic()` value).

    Parameters
    ----------
    layouts : as in `decode`
    max_arrays : bytes of array data that the frame may hold

    Raises
    ------
    ChannelError
        What arrived is no such frame, or nothing did.
    """
    header = _receive_bytes(sock, HEADER.size, deadline)
    structure_size, arrays_size = HEADER.unpack(header)
    if structure_size > MAX_STRUCTURE or arrays_size > max_arrays:
        raise ChannelError("frame larger than allowed")
    structure = _receive_bytes(sock, structure_size, deadline)
    return decode(structure, _receive_bytes(sock, arrays_size, deadline), layouts=layouts)


def _receive_bytes(sock, size, deadline):
    data = bytearray()
    while len(data) < size:
        try:
            sock.settimeout(_seconds_until(deadline))
            chunk = sock.recv(min(size - len(data), 1 << 20))
        except TimeoutError:
            raise ChannelTimeout("no complete message before the deadline") from None
        except OSError:
            raise ChannelClosed("the far side is gone") from None
        if not chunk:
            raise ChannelClosed("the far side is gone")
        data += chunk
    return bytes(data)
