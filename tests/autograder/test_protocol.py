"""What a worker may say while it executes a notebook: each bound, on both of its sides."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograder.inside import channel, shell
from autograder.inside.channel import ChannelError
from autograder.sandbox import protocol

PIXELS = np.zeros(3, np.uint8)


def said(message, **changes):
    """What the grader reads of a message with other fields."""
    deadline = time.monotonic() + 20
    ours, theirs = socket.socketpair()
    with ThreadPoolExecutor(1) as pool, ours:
        sending = pool.submit(channel.send, ours, message | changes, deadline)
        with theirs:
            read = protocol.receive(theirs, deadline)
        sending.result()
    return read


def ran(**changes):
    return said(shell.ran(3, "ok", "text", [PIXELS]), **changes)


def test_an_honest_message_is_read():
    message = ran()
    assert (message.cell, message.outcome, message.stdout) == (3, "ok", "text")
    assert message.error is None and message.images[0].tobytes() == bytes(3)
    assert said({"type": "running", "cell": 0}) == protocol.Running(0)
    assert said({"type": "ready", "threads": 0}) == protocol.Ready(0)


@pytest.mark.parametrize("changes", [
    {"cell": (1 << 31) - 1}, {"outcome": "error"}, {"outcome": "timeout"},
    {"stdout": "x" * (shell.MAX_OUTPUT + protocol.CUT)}, {"images": [PIXELS] * shell.MAX_IMAGES},
    {"images": [np.zeros(shell.MAX_IMAGE_BYTES, np.uint8)]}, {"images": []},
], ids=str)
def test_the_last_that_is_allowed(changes):
    message = ran(**changes)
    ((name, value),) = changes.items()
    assert len(getattr(message, name)) == len(value) if name == "images" else (
        getattr(message, name) == value)


@pytest.mark.parametrize("changes", [
    {"cell": -1}, {"cell": 1 << 31}, {"cell": 1.0}, {"cell": True}, {"cell": "1"},
    {"outcome": "fine"}, {"stdout": "x" * (shell.MAX_OUTPUT + protocol.CUT + 1)},
    {"stdout": None}, {"images": [PIXELS] * (shell.MAX_IMAGES + 1)}, {"images": PIXELS},
    {"images": [np.zeros((1, 3), np.uint8)]}, {"images": [np.zeros(3)]}, {"images": ["x"]},
    {"images": [np.zeros(shell.MAX_IMAGE_BYTES + 1, np.uint8)]}, {"score": 1}, {"type": "done"},
    {"error": "text"},
], ids=str)
def test_the_first_that_is_not(changes):
    with pytest.raises(ChannelError):
        ran(**changes)


@pytest.mark.parametrize("message", [
    {"type": "running", "cell": 0, "more": 1}, {"type": "ready", "cell": 0}, {"cell": 0}])
def test_no_kind_of_message_takes_more_or_less_than_its_fields(message):
    with pytest.raises(ChannelError):
        said(message)


def test_text_is_kept_up_to_its_total():
    room = protocol.Room()
    half = "x" * (protocol.NOTEBOOK_TEXT // 2)
    assert room.keep_text(half) == half and room.keep_text(half) == half
    assert not room.left_out
    assert room.keep_text("more") == "" and room.left_out


def test_no_text_needs_no_room():
    room = protocol.Room()
    room.keep_text("x" * protocol.NOTEBOOK_TEXT)
    assert room.keep_text("") == "" and not room.left_out


def test_text_that_fits_only_in_part_is_cut():
    room = protocol.Room()
    text = "y" + "x" * protocol.NOTEBOOK_TEXT
    assert room.keep_text(text) == text[:-1] and room.left_out


def test_pictures_are_kept_up_to_their_number():
    room = protocol.Room()
    assert room.keep_images([PIXELS] * protocol.NOTEBOOK_IMAGES) == [
        bytes(3)] * protocol.NOTEBOOK_IMAGES
    assert not room.left_out
    assert room.keep_images([PIXELS]) == [] and room.left_out


def test_pictures_are_kept_up_to_their_bytes():
    room = protocol.Room()
    half = np.zeros(protocol.NOTEBOOK_BYTES // 2, np.uint8)
    assert len(room.keep_images([half, half])) == 2 and not room.left_out
    assert room.keep_images([PIXELS]) == [] and room.left_out


def test_a_picture_too_large_leaves_room_for_a_smaller_one():
    room = protocol.Room()
    large = np.zeros(protocol.NOTEBOOK_BYTES + 1, np.uint8)
    assert room.keep_images([large, PIXELS]) == [bytes(3)] and room.left_out
