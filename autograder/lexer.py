"""Python source cut into tokens, in time that grows as its length whatever a student wrote.

No quantifier gives back what it took and every opening of a string or comment is matched, so the
scan never looks at a character many times. (A general lexer, such as pygments', needs minutes for
some 20,000 characters.)
"""

import itertools
import keyword
import re
from collections.abc import Iterator

TOKEN = re.compile(r"""
    (?P<comment>\#[^\n]*+)
  | (?P<string>[bfrtuBFRTU]{0,2}+(?:
        '''(?:[^'\\]++|\\.?|'(?!''))*+(?:''')?+
      | \"""(?:[^"\\]++|\\.?|"(?!""))*+(?:\""")?+
      | '(?:[^'\\\n]++|\\.?)*+'?+
      | "(?:[^"\\\n]++|\\.?)*+"?+))
  | (?P<number>\.?+\d(?:[eE][+-]\d|[\w.])*+)
  | (?P<word>[^\W\d]\w*+)
  | (?P<space>\s++)
  | (?P<other>.)
""", re.VERBOSE | re.DOTALL)
HIGHLIGHTED = frozenset(("comment", "string", "number", "keyword", "name"))
KEYWORDS = frozenset(keyword.kwlist)


def tokens(source: str) -> Iterator[tuple[str, str]]:
    """The tokens of Python source as (kind, text) pairs; the texts together are the source.

    Kinds: comment, string, number, keyword, name (of what a `def` or `class` defines), word (any
    other name), space and other. What is no Python has tokens as well.
    """
    defining = False
    for match in TOKEN.finditer(source):
        kind, text = match.lastgroup or "other", match.group()
        if kind == "word":
            kind = "keyword" if text in KEYWORDS else "name" if defining else kind
        defining = text in ("def", "class") or (defining and kind == "space")
        yield kind, text


def highlighted(source: str) -> Iterator[tuple[str | None, str]]:
    """The source as (class in style.css or None, text) pairs, as few as there can be."""
    classes = ((kind if kind in HIGHLIGHTED else None, text) for kind, text in tokens(source))
    for kind, run in itertools.groupby(classes, key=lambda pair: pair[0]):
        yield kind, "".join(text for _, text in run)
