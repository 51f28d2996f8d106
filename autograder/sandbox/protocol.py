"""What a worker may say while it executes a notebook: a type for each message, with its bounds.

The worker keeps to them; whoever has taken its place need not. So each message is checked here
before anything else looks at it, and what a whole notebook may print and draw is counted here.
"""

from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from autograder.inside import channel
from autograder.inside.shell import MAX_IMAGE_BYTES, MAX_IMAGES, MAX_OUTPUT
from autograder.sandbox.replies import Raised

NOTEBOOK_TEXT = 2_000_000  # characters that all cells of a notebook may print
NOTEBOOK_IMAGES = 60  # pictures of all cells, ...
NOTEBOOK_BYTES = 6 << 20  # ... and their bytes
CUT = 100  # characters with which the worker says that it cut an output

Index = Annotated[int, Meta(ge=0, lt=1 << 31)]


class Running(Struct, forbid_unknown_fields=True, tag="running"):
    """Cell number `cell` of those that were sent begins."""

    cell: Index


class Ran(Struct, forbid_unknown_fields=True, tag="ran"):
    """That cell has ended; `images` are the bytes of PNG files."""

    cell: Index
    outcome: Literal["ok", "error", "timeout"]
    stdout: Annotated[str, Meta(max_length=MAX_OUTPUT + CUT)]
    error: Raised | None
    images: Annotated[list[np.ndarray], Meta(max_length=MAX_IMAGES)]


class Ready(Struct, forbid_unknown_fields=True, tag="ready"):
    """The cells before a stop have ended, and calls can be asked for.

    A fork has none of the `threads` that the process has started.
    """

    threads: Index


Message = Running | Ran | Ready


def receive(sock, deadline: float) -> Message:
    """Read one message from a worker's control socket.

    Raises
    ------
    ChannelError
        What arrived is not one of them, or nothing did by `deadline`.
    """
    value = channel.receive(sock, deadline, max_arrays=MAX_IMAGE_BYTES)
    try:
        return msgspec.convert(value, Message, strict=True, dec_hook=_image)
    except (msgspec.ValidationError, RecursionError, ValueError):
        raise channel.ChannelError("not a message of a worker") from None


def _image(kind: type, value: object) -> np.ndarray:
    if (kind is np.ndarray and isinstance(value, np.ndarray) and value.dtype == np.uint8
            and value.ndim == 1):
        return value
    raise ValueError("not the bytes of a picture")


class Room:
    """What a notebook may still print and draw; `left_out` says that it was more."""

    def __init__(self):
        self.text, self.images, self.bytes = NOTEBOOK_TEXT, NOTEBOOK_IMAGES, NOTEBOOK_BYTES
        self.left_out = False

    def keep_text(self, text: str) -> str:
        """As much of the text as there is room for."""
        kept = text[:self.text]
        self.text -= len(kept)
        self.left_out |= len(kept) < len(text)
        return kept

    def keep_images(self, images: list[np.ndarray]) -> list[bytes]:
        """As many of the pictures as there is room for."""
        kept = []
        for image in images:
            if self.images and image.size <= self.bytes:
                self.images -= 1
                self.bytes -= image.size
                kept.append(image.tobytes())
            else:
                self.left_out = True
        return kept
