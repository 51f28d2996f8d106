"""What the HTML pages for students and instructors share: templates, style and safety.

Everything that a submission contributed is hostile until shown otherwise. Jinja2 escapes it, the
content-security policy forbids scripts and requests, and text loses what could make it display as
something else.
"""

import base64
import functools
import hashlib
import io
import math
import struct
import warnings

import jinja2
from PIL import Image

from autograder import templating
from autograder.paths import TEMPLATES

MAX_PIXELS = 4_000_000
MAX_CHUNKS = 1_000  # of one picture's file
MAX_CACHED = 200_000  # characters of a picture worth keeping
PIXEL_CHUNKS = frozenset((b"PLTE", b"tRNS", b"IDAT", b"IEND"))
OUTCOMES = {"passed": "passed", "wrong": "wrong", "crash": "error", "timeout": "too slow",
            "missing": "missing", "grader_fault": "not judged"}


def picture_pixels(encoded: str) -> int:
    """The number of pixels that a base64 PNG says it has; 0 where it is none."""
    try:
        start = base64.b64decode(encoded[:32], validate=True)  # of the file's first 24 bytes
        return math.prod(struct.unpack(">16xII", start))
    except (ValueError, struct.error):
        return 0


def safe_png(encoded: str) -> str | None:
    """A picture drawn anew from its pixels as base64 PNG, or None when it is not a plain PNG."""
    if not 0 < picture_pixels(encoded) <= MAX_PIXELS:
        return None
    return _redrawn(encoded) if len(encoded) <= MAX_CACHED else _redrawn.__wrapped__(encoded)


@functools.lru_cache(64)  # right answers draw the same pictures
def _redrawn(encoded: str) -> str | None:
    try:
        data = _only_pixels(base64.b64decode(encoded, validate=True))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
                redrawn = io.BytesIO()
                # the fastest level: others take up to four times as long to save a tenth
                image.convert("RGBA").save(redrawn, "PNG", compress_level=1)
    except (OSError, ValueError, SyntaxError, struct.error, Warning):
        return None
    return base64.b64encode(redrawn.getvalue()).decode()


def _only_pixels(data: bytes) -> bytes:
    """A PNG file without texts, profiles, further frames and a second size: they take time."""
    kept, position = [data[:8]], 8
    for number in range(MAX_CHUNKS):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + length + 12
        if name == b"IHDR" if number == 0 else name in PIXEL_CHUNKS:
            kept.append(data[position:end])
        if name == b"IEND":
            break
        position = end
    return b"".join(kept)


@functools.cache
def _pages() -> jinja2.Environment:
    environment = templating.environment(autoescape=True)
    environment.filters["points"] = lambda number: f"{number:g}"
    style = (TEMPLATES / "style.css").read_text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals.update(
        style=jinja2.utils.markupsafe.Markup(style), words=OUTCOMES,
        policy=f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
               "base-uri 'none'; form-action 'none'")
    return environment


def render(template: str, **values) -> str:
    """A page from one of the templates."""
    return _pages().get_template(template).render(**values)
