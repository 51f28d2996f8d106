"""Text that others wrote, as data that shows what it holds."""

import re
from typing import TypeVar, overload

T = TypeVar("T")

MAX_TEXT = 20_000  # characters of one output
# control characters but tab and newline, and what reorders or hides text
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
                         "\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def _escape(match: re.Match) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


@overload
def make_visible(value: str, limit: int = ...) -> str: ...
@overload
def make_visible(value: T, limit: int = ...) -> T: ...
def make_visible(value: object, limit: int = MAX_TEXT) -> object:
    """The same data with odd characters of its texts shown as escapes, and length bounded."""
    if isinstance(value, str):
        if len(value) > limit:
            value = value[:limit] + f"\n[{len(value) - limit} more characters were cut]"
        return UNPRINTABLE.sub(_escape, value)
    if isinstance(value, list):
        return [make_visible(item, limit) for item in value]
    if isinstance(value, dict):
        return {key: make_visible(item, limit) for key, item in value.items()}
    return value
