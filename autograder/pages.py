"""What the HTML pages for students and instructors share: templates, style and safety.

Everything that a submission contributed is hostile until shown otherwise. Jinja2 escapes it, the
content-security policy forbids scripts and requests, and text loses what could make it display as
something else.
"""

import base64
import binascii
import functools
import hashlib
import io
import re
import warnings
from pathlib import Path

import bleach
import jinja2
from nbconvert.filters import markdown2html
from PIL import Image

MAX_TEXT = 20_000  # characters of one output
MAX_PIXELS = 4_000_000
# control characters but tab and newline, and what reorders or hides text
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
                         "\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
MARKDOWN_TAGS = frozenset((
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"))
OUTCOMES = {"passed": "passed", "wrong": "wrong", "crash": "error", "timeout": "too slow",
            "missing": "missing", "grader_fault": "not judged"}


def _visible(match: re.Match) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clean(value: object) -> object:
    """The same data with text that shows what it holds: odd characters visible, length bounded."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            value = value[:MAX_TEXT] + f"\n[{len(value) - MAX_TEXT} more characters were cut]"
        return UNPRINTABLE.sub(_visible, value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


@functools.lru_cache(256)  # right answers draw the same pictures
def safe_png(encoded: str) -> str | None:
    """A picture drawn anew from its pixels as base64 PNG, or None when it is not a plain PNG."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of pictures that unpack to huge sizes
            with Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)),
                            formats=["PNG"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                redrawn = io.BytesIO()
                image.convert("RGBA").save(redrawn, "PNG")
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Warning):
        return None
    return base64.b64encode(redrawn.getvalue()).decode()


def safe_markdown(source: str) -> str:
    """Markdown as HTML that runs nothing and asks nothing of the network by itself."""
    return bleach.clean(markdown2html(source), tags=MARKDOWN_TAGS, attributes=_harmless,
                        protocols={"http", "https", "mailto", "data"})


def _harmless(_tag: str, name: str, value: str) -> bool:
    if name == "href":
        return value.startswith(("http://", "https://", "mailto:", "#"))
    if name == "src":
        return value.startswith("data:image/")
    return name in ("alt", "class", "title")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["points"] = lambda number: f"{number:g}"
    style = (Path(__file__).parent / "templates" / "style.css").read_text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals.update(
        style=jinja2.utils.markupsafe.Markup(style), words=OUTCOMES,
        policy=f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
               "base-uri 'none'; form-action 'none'")
    return environment


def render_text(template: str, **values) -> str:
    """A text file from one of the templates, nothing escaped."""
    return _environment().overlay(autoescape=False).get_template(template).render(**values)


def render(template: str, **values) -> str:
    """A page from one of the templates."""
    return _environment().get_template(template).render(**values)
