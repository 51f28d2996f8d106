"""Formulas of people's comments as MathML, which browsers draw without a script or a font."""

import contextlib
import html
import re
import types
import unicodedata
from typing import cast
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter
from markupsafe import Markup, escape

from autograder.text import make_visible

MAX_FORMULA = 500  # characters
TAGS = frozenset((
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow",
    "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover"))
WORDS = frozenset((
    "accent", "accentunder", "columnalign", "display", "displaystyle", "fence", "form", "largeop",
    "linethickness", "movablelimits", "notation", "scriptlevel", "separator", "stretchy"))
LENGTHS = frozenset(("depth", "height", "lspace", "maxsize", "minsize", "rspace", "width"))
# a formula must not draw over what stands around it
LENGTH = re.compile(r"[0-3]?(\.\d{1,3})?(em|ex)|-0?\.\d{1,3}(em|ex)|0")
UNKNOWN = re.compile(r"&|\\.")  # a command that latex2mathml leaves as it is
ENVIRONMENTS = re.compile(r"\\(begin|end)\{(?:aligned|gathered)\}")
VARIANTS = {"bold": "BOLD", "bold-italic": "BOLD ITALIC", "bold-sans-serif": "SANS-SERIF BOLD",
            "bold-script": "BOLD SCRIPT", "double-struck": "DOUBLE-STRUCK", "fraktur": "FRAKTUR",
            "italic": "ITALIC", "monospace": "MONOSPACE", "sans-serif": "SANS-SERIF",
            "script": "SCRIPT"}


def as_mathml(latex: str, display: bool) -> Markup | None:
    """The formula as MathML, or None where it is too long or cannot be understood.

    latex2mathml's own text would let markup of the formula through; so its tree is written here,
    and only what is known of it.
    """
    if len(latex) > MAX_FORMULA:
        return None
    converter = Converter(display="block" if display else "inline")
    # it may define none: macros of macros take any time and memory
    converter.macros = cast(dict, types.MappingProxyType({}))
    try:
        tree = converter.convert_to_element(ENVIRONMENTS.sub(r"\\\1{split}", latex))
        return Markup(_written(tree))
    except Exception:  # whatever it makes of wrong LaTeX, the source is shown
        return None


def _written(element: Element) -> str:
    """An element and all in it; ValueError where something is unknown."""
    if element.tag not in TAGS:
        raise ValueError(element.tag)
    text = make_visible(html.unescape(element.text or ""))
    if UNKNOWN.match(text):
        raise ValueError(text)
    attributes = {name: value for name, value in element.attrib.items()
                  if name in WORDS and re.fullmatch(r"[\w. -]{1,40}", value)
                  or name in LENGTHS and LENGTH.fullmatch(value)}
    variant = element.get("mathvariant", "")
    if variant == "normal" and element.tag == "mi":
        attributes["mathvariant"] = variant
    elif variant in VARIANTS:  # browsers know `normal` only
        text = "".join(_styled(letter, VARIANTS[variant]) for letter in text)
    # as an operator, a function's name would stand apart from its argument
    tag = "mi" if element.tag == "mo" and text.isalpha() and not element.keys() else element.tag
    inside = str(escape(text)) + "".join(map(_written, element))
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{given}>{inside}</{tag}>"


def _styled(letter: str, style: str) -> str:
    """The letter of Unicode that looks so; the plain one where there is none."""
    name = re.sub("LATIN |GREEK |LETTER ", "", unicodedata.name(letter, ""))
    for full in f"MATHEMATICAL {style} {name}", f"{style} {name}":
        with contextlib.suppress(KeyError):
            return unicodedata.lookup(full)
    return letter
