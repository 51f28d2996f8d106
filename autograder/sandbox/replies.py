"""What a fork may answer to a call: one schema for each form of reply, checked before use.

The process that answers is the student's, so nothing about a reply is taken on trust: exact types,
no unknown fields, and bounds on every count and length.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from autograder.inside.calls import MAX_ERROR, MAX_LINES, MAX_NAME, MAX_SOURCE, MAX_WHERE

MAX_ARGUMENTS = 32
MAX_COUNT = 2**40

Count = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
Name = Annotated[str, Meta(max_length=MAX_NAME)]


class Steps(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often each line of Python ran, and whether all of the call was watched."""

    lines: Annotated[dict[Annotated[str, Meta(max_length=2 * MAX_NAME)], Count],
                     Meta(max_length=MAX_LINES)]
    watched: bool


class Value(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A call that came to its end: what it returned and which arguments it changed."""

    value: Any
    changed: Annotated[list[Annotated[int, Meta(ge=0, lt=MAX_ARGUMENTS)]],
                       Meta(max_length=MAX_ARGUMENTS)]
    steps: Steps | None = None


class Missing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """No such function."""

    missing: bool


class Timeout(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The call was stopped by the alarm inside the sandbox."""

    timeout: bool


class Where(msgspec.Struct, forbid_unknown_fields=True, frozen=True, array_like=True):
    """A line of the notebook that an exception went through."""

    function: Name
    line: Count
    source: Annotated[str, Meta(max_length=MAX_SOURCE)]


class Raised(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An exception: its type, its text and the lines that it went through."""

    type: Name
    text: Annotated[str, Meta(max_length=MAX_ERROR)]
    where: Annotated[list[Where], Meta(max_length=MAX_WHERE)]


class Error(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A call that ended in an exception."""

    error: Raised


Reply = Value | Missing | Timeout | Error
FORMS = {"value": Value, "missing": Missing, "timeout": Timeout, "error": Error}


def check(message: object) -> Reply:
    """Return a decoded message as the reply that it is.

    Raises
    ------
    ValueError
        It is none.
    """
    if not isinstance(message, dict):
        raise ValueError("not a reply")
    named = [form for name, form in FORMS.items() if name in message]
    if len(named) != 1:
        raise ValueError("not a reply")
    reply = msgspec.convert(message, named[0], strict=True)  # its error is a ValueError
    if reply in (Missing(False), Timeout(False)):
        raise ValueError("not a reply")
    return reply
