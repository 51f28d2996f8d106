"""What a person wrote to a student, in Markdown with formulas, as HTML that is harmless.

Whoever can write into the gradebook is trusted with grades, not with what a student's browser runs.
"""

import html
import re

import nh3
import pyromark
from markupsafe import Markup

from autograder.output.formulas import as_mathml
from autograder.text import make_visible

# of one comment; what is beyond a bound is shown as it was typed
MAX_MARKDOWN = 10_000  # characters
MAX_TAGS = 2_000  # opening and closing: each looks at all that it is in
MAX_FORMULAS = 100
MAX_UNBROKEN = 20  # characters of a formula in a line: no browser breaks it, so longer ones scroll
OPTIONS = (pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
           | pyromark.Options.ENABLE_MATH)
TAGS = frozenset((
    "a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul"))
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "span": {"class"}}
SCROLL = 'class="scroll" role="region" aria-label="{}" tabindex="0"'  # as macros.html has it
LESS = "\x02"  # stands for "<" while Markdown is read; `make_visible` leaves none
HEADING = re.compile(r"<(/?)h[1-6]>")
PICTURE = re.compile(r'<img src="[^"]*+" alt="([^"]*+)"[^>]*+>')
NO_LINK = re.compile("<a(?: rel=[^>]*+)?>([^<]*+)</a>")
FORMULA = re.compile(r'<span class="math math-(inline|display)">([^<]*+)</span>(?=(\d?))')


def as_html(comment: str) -> Markup:
    """A comment as HTML without scripts, pictures, and links to anything but websites."""
    text = make_visible(comment.encode("utf-8", "backslashreplace").decode()
                        .replace("\r\n", "\n"))
    if len(text) > MAX_MARKDOWN:
        return _plain(text)
    # without any "<" there is no HTML to find, not even in what Markdown makes of it
    rendered = pyromark.html(text.replace("<", LESS), options=OPTIONS)
    rendered = PICTURE.sub(r"\1", rendered)
    rendered = HEADING.sub(lambda m: "</strong></p>" if m[1] else "<p><strong>", rendered)
    if rendered.count("<") > MAX_TAGS:
        return _plain(text)
    harmless = nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES,
                         attribute_filter=_attribute, url_schemes={"http", "https"},
                         link_rel="noopener noreferrer nofollow")
    harmless = NO_LINK.sub(r"\1", harmless)
    harmless = harmless.replace("<table>", f"<div {SCROLL.format('Table')}><table>")
    harmless = harmless.replace("</table>", "</table></div>")
    harmless = FORMULA.sub(_formula, harmless, count=MAX_FORMULAS)
    return Markup(FORMULA.sub(_dollars, harmless).replace(LESS, "&lt;"))


def _plain(text: str) -> Markup:
    return Markup('<p class="message">{}</p>').format(text)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and not re.match("https?://", value) else value


def _formula(match: re.Match) -> str:
    """A formula as MathML, else as its source."""
    if match[3]:  # a digit follows: $5/$6 are two prices
        return _dollars(match)
    displayed = match[1] == "display"
    drawn = as_mathml(html.unescape(match[2]).replace(LESS, "<"), displayed)
    if drawn and (displayed or len(drawn.striptags()) > MAX_UNBROKEN):
        return f"<span {SCROLL.format('Formula')}>{drawn}</span>"
    return drawn or f"<code>{_dollars(match)}</code>"


def _dollars(match: re.Match) -> str:
    """A formula as it was typed."""
    sign = "$" if match[1] == "inline" else "$$"
    return f"{sign}{match[2]}{sign}"
