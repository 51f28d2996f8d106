"""Filters for nbgrader's own pages, which show what students wrote: safe, and in bounded time.

`plugin.configure` puts them in the place of nbconvert's. What is beyond a bound is shown
as plain text.
"""

import html
import re

import jinja2
import nh3
import pyromark

from autograder.lexer import highlighted
from autograder.text import MAX_TEXT, make_visible

# characters, of one page where not said otherwise; the largest homework needs a third of it
MAX_MARKUP = 100_000
MAX_CODE = 100_000
MAX_PLAIN = 500_000
MAX_TAGS = 3_000  # of one cell, opening and closing: each looks at all that it is in
MAX_ENVIRONMENTS = 100  # of LaTeX in one cell: each looks for its end in all that follows
MARKDOWN = (pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
            | pyromark.Options.ENABLE_MATH)
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
FORMULA = re.compile('<span class="math math-(inline|display)">([^<]*+)</span>')
TAGS = frozenset((
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"))
ATTRIBUTES = {"*": {"class", "title"}, "a": {"href"}, "img": {"alt", "src"}}
STYLES = {"comment": "c1", "string": "s", "number": "mi", "keyword": "k", "name": "nf"}  # pygments'


@jinja2.pass_context
def safe_markdown(context: jinja2.runtime.Context, source: str) -> str:
    """Markdown as HTML that runs nothing and asks nothing of the network by itself."""
    if not _has_room(context, source) or source.count("\\begin{") > MAX_ENVIRONMENTS:
        return _plain(context, source)
    # of LaTeX, which Markdown would change; `make_visible` leaves no \x02 but these
    environments = []

    def keep(match: re.Match) -> str:
        environments.append(html.escape(match.group()))
        return f"\x02{len(environments) - 1}\x02"

    rendered = pyromark.html(ENVIRONMENT.sub(keep, make_visible(source)), options=MARKDOWN)
    formulas = FORMULA.sub(_dollars, _harmless(context, rendered, source))
    return re.sub("\x02(\\d+)\x02", lambda match: environments[int(match[1])], formulas)


@jinja2.pass_context
def safe_html(context: jinja2.runtime.Context, source: str) -> str:
    """A raw cell's HTML, with what is harmless of it."""
    if not _has_room(context, source):
        return _plain(context, source)
    return _harmless(context, make_visible(source), source)


@jinja2.pass_context
def safe_code(context: jinja2.runtime.Context, source: str, metadata: object = None) -> str:
    """Python with the classes of nbconvert's style."""
    if not _takes_room(context, "code", MAX_CODE, min(len(source), MAX_TEXT)):
        return _plain(context, source)
    spans = (f'<span class="{STYLES[kind]}">{html.escape(text)}</span>' if kind
             else html.escape(text) for kind, text in highlighted(make_visible(source)))
    return f'<div class="highlight"><pre>{"".join(spans)}</pre></div>'


def safe_output(text: str) -> str:
    """What a cell printed, without the colours of a terminal."""
    return html.escape(make_visible(text))


def _has_room(context: jinja2.runtime.Context, source: str) -> bool:
    return (len(source) <= MAX_TEXT
            and _takes_room(context, "markup", MAX_MARKUP, len(source)))


def _takes_room(context: jinja2.runtime.Context, what: str, limit: int, size: int) -> bool:
    """Take of the page's room; `resources` is the one object that each page has for itself."""
    rooms = context["resources"].setdefault("autograder_room", {})
    rooms[what] = rooms.get(what, limit) - size
    return rooms[what] >= 0


def _dollars(match: re.Match) -> str:
    """A formula as MathJax looks for it."""
    sign = "$" if match[1] == "inline" else "$$"
    return f"{sign}{match[2]}{sign}"


def _plain(context: jinja2.runtime.Context, source: str) -> str:
    if not _takes_room(context, "plain", MAX_PLAIN, min(len(source), MAX_TEXT)):
        return "<pre>[not shown: the notebook is too long]</pre>"
    return f"<pre>{html.escape(make_visible(source))}</pre>"


def _harmless(context: jinja2.runtime.Context, rendered: str, source: str) -> str:
    """What is harmless of HTML; its source as text where it is too much."""
    if rendered.count("<") > MAX_TAGS:
        return _plain(context, source)
    return nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_attribute,
                     url_schemes={"http", "https", "mailto", "data"})


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href" and not value.startswith(("http://", "https://", "mailto:", "#")):
        return None
    return None if name == "src" and not value.startswith("data:image/") else value
