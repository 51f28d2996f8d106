"""Names that other people chose: shown so that they cannot mislead, and made safe to write."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

MAX_SHOWN = 120  # characters of one quoted name or text
MAX_LISTED = 5  # of many names
MAX_PART, MAX_DEPTH = 150, 8  # bytes of a name and folders of a path that we write
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = frozenset(("CON", "PRN", "AUX", "NUL", *(
    device + number for device in ("COM", "LPT") for number in "0123456789¹²³")))
# letters and marks that are not seen
HIDDEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
MARKS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M")
# what may name a student's folder: every system can write it, no shell takes it for an option and
# no pattern of glob or spreadsheet's formula is in it
STUDENT_ID = re.compile(rf"(?!.*[{HIDDEN}])[^\W_][\w{MARKS} .@+'-]*(?<![. ])")


def visible(text: object, limit: int = MAX_SHOWN) -> str:
    """The text in one line of bounded length; what does not print is shown as its escape."""
    text = str(text)
    if len(text) > limit:
        text = f"{text[:limit // 2]}...{text[-limit // 3:]}"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def full_name(row: Mapping[str, str]) -> str:
    """First and last name of a row of the roster, as far as it has them."""
    return " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))


def listed(items: Sequence[str], separator: str = ", ") -> str:
    """The first few of the items, and how many more there are."""
    more = len(items) - MAX_LISTED
    return separator.join(items[:MAX_LISTED]) + (f"{separator}and {more:,} more" if more > 0
                                                 else "")


def folded(text: object) -> str:
    """Equal for names that some file system takes for the same: case and Unicode form are gone."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(text)).casefold())


def is_reserved(name: str) -> bool:
    """Whether Windows takes the name for a device's, with or without an extension."""
    return name.partition(".")[0].rstrip().upper() in RESERVED


def climbs(name: str) -> bool:
    """Whether a path leads out of the folder that it is in, on any system."""
    return (name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)
            or re.match(r"[A-Za-z]:[/\\]", name) is not None)


def safe_path(text: str) -> PurePosixPath:
    """The path as every system can write it: relative, without `..` and odd characters.

    An underscore is never put in place of another character: Canvas and Moodle count them. The
    path is empty (`.`) where nothing is left.
    """
    parts = [part for part in map(_safe_part, re.split(r"[/\\]", text)) if part]
    if len(parts) > MAX_DEPTH:
        parts = [*parts[:MAX_DEPTH - 1], parts[-1]]
    return PurePosixPath(*parts)


def _safe_part(part: str) -> str:
    part = "".join(" " if c.isspace() else c if c.isprintable() and c not in '<>:"|?*' else "-"
                   for c in part)
    part = part.encode()[:MAX_PART].decode(errors="ignore").rstrip(". ")
    return f"-{part}" if is_reserved(part) else part
