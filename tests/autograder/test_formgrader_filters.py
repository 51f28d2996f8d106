"""The filters of nbgrader's own pages: what they keep, what they drop, and their bounds."""

import re

import jinja2
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from results_sample import SCRIPTS
from traitlets.config import Config

from autograder.gradebook import formgrader
from autograder.gradebook.formgrader import (
    MAX_CODE,
    MAX_ENVIRONMENTS,
    MAX_MARKUP,
    MAX_PLAIN,
    MAX_TEXT,
    safe_code,
    safe_html,
    safe_markdown,
    safe_output,
)

FILTERS = {"markdown2html": "safe_markdown", "highlight_code": "safe_code",
           "clean_html": "safe_html", "ansi2html": "safe_output"}


@pytest.fixture
def page():
    """The part of a page's context that the filters use."""
    return {"resources": {}}


@pytest.mark.parametrize("source, expected", [
    ("# A\n\n- *b*", "<h1>A</h1>\n<ul>\n<li><em>b</em></li>\n</ul>"), ("`c`", "<code>c</code>"),
    ("|a|\n|-|\n|1|", "<td>1</td>"),
    ("as $w_1 < w_2$ and\n$$\na \\\\ b_1 *c*\n$$", "as $w_1 &lt; w_2$ and\n$$\na \\\\ b_1 *c*\n$$"),
    ("\\begin{align*}a_1 &= *b* \\\\ c\\end{align*}",
     "<p>\\begin{align*}a_1 &amp;= *b* \\\\ c\\end{align*}</p>"),
    ("$\\begin{a}<b>\\end{a}$", "$\\begin{a}&lt;b&gt;\\end{a}$"),
    ("![drawn](attachment:image.png)", '<img alt="drawn">'),
    ("![p](data:image/png;base64,eA==)", 'src="data:image/png;base64,eA=="'),
    ("[a](https://a.b) ", 'href="https://a.b"'),
    ("```python\nx = 1\n```", "x = 1\n</code></pre>")])
def test_markdown_and_formulas_are_kept(page, source, expected):
    assert expected in safe_markdown(page, source)


@pytest.mark.parametrize("source", [
    *SCRIPTS, "[a](JavaScript:x)", "[a](data:text/html,x)", "[a](//a.b)", "![a](http://a.b/c.png)",
    "<img src='data:text/html,x'>", "<a href='\\begin{a}'>x</a>\\end{a}", "<p style='x' id='y'>",
    "$</span><script>x</script>$", "\\begin{a}<script>x</script>\\end{a}",
    "<b title='\\begin{a}\"><script>\\end{a}'>", "<svg><a xlink:href='javascript:x'>", "\u202e"])
@pytest.mark.parametrize("render", [safe_markdown, safe_html])
def test_nothing_runs_and_nothing_is_asked_for(page, render, source):
    shown = render(page, source)
    assert "\u202e" not in shown
    tags = "".join(re.findall("<[^>]*>", shown))
    for bad in ("<script", "<style", "<iframe", "<svg", "<meta", " on", " style=", " id=",
                'href="j', 'href="d', 'href="/', 'src="h', 'src="data:t'):
        assert bad not in tags


@pytest.mark.parametrize("source", [
    "a" * (MAX_TEXT + 1), "\\begin{a}" * (MAX_ENVIRONMENTS + 1), "1. " * 3000, "> - " * 3000,
    "<div>" * 3001])
def test_too_much_markdown_is_plain_text(page, source):
    assert safe_markdown(page, source).startswith("<pre>")


def test_a_link_that_is_named_often_is_written_out_only_so_often(page):
    assert len(safe_markdown(page, f"[a]: /{'b' * 9000}\n\n" + "[a]" * 2000)) < 20 * MAX_TEXT


def test_a_page_has_room_for_so_much_and_the_next_one_has_its_own(page):
    text, code = "*a*" + " b" * 5000, "x = 1\n" * 1000
    marked = ["<em>" in safe_markdown(page, text) for _ in range(20)]
    assert sum(marked) == marked.index(False) == MAX_MARKUP // len(text)
    coloured = ["<span" in safe_code(page, code) for _ in range(30)]
    assert sum(coloured) == coloured.index(False) == MAX_CODE // len(code)
    assert "<em>" in safe_markdown({"resources": {}}, text)
    shown = [safe_markdown(page, "b" * MAX_TEXT) for _ in range(100)]
    assert sum("bbb" in text for text in shown) <= MAX_PLAIN // MAX_TEXT
    assert "the notebook is too long" in shown[-1]


def test_each_bound_is_the_last_that_is_shown(page, monkeypatch):
    for name, last in (("MAX_CODE", 6), ("MAX_MARKUP", 5), ("MAX_PLAIN", 4)):
        monkeypatch.setattr(formgrader, name, last)
    assert "<span" in safe_code(page, "x = 12"[:6])
    assert safe_code(page, "a") == "<pre>a</pre>"  # one of the four
    assert "<em>" in safe_markdown(page, "*abc*")
    assert safe_html(page, "bcd") == "<pre>bcd</pre>"  # the other three
    assert "not shown" in safe_html(page, "e")


def test_the_most_tags_and_environments(page, monkeypatch):
    monkeypatch.setattr(formgrader, "MAX_TAGS", 2)
    monkeypatch.setattr(formgrader, "MAX_ENVIRONMENTS", 1)
    assert safe_html(page, "<b>a</b>") == "<b>a</b>"
    assert safe_html(page, "<b>a</b><") == "<pre>&lt;b&gt;a&lt;/b&gt;&lt;</pre>"
    one = "\\begin{a}*b*\\end{a}"
    assert safe_markdown(page, one) == f"<p>{one}</p>\n"
    assert safe_markdown(page, one + one) == f"<pre>{one}{one}</pre>"


def test_code_and_output_are_escaped(page):
    assert safe_code(page, "x = '<b>'") == (
        '<div class="highlight"><pre>x = <span class="s">&#x27;&lt;b&gt;&#x27;</span></pre></div>')
    assert safe_output("\x1b[31m<b>") == "\\u001b[31m&lt;b&gt;"


def test_nbconvert_takes_all_of_them_and_counts_by_the_page():
    filters = {name: f"{formgrader.__name__}.{own}" for name, own in FILTERS.items()}
    exporter = HTMLExporter(config=Config(HTMLExporter={"filters": filters,
                                                        "template_name": "classic"}))
    text = "*a*" + " b" * 9000
    notebook = new_notebook(cells=[
        new_code_cell("def f(): pass", outputs=[new_output("stream", text="\x1b[1mc")]),
        new_raw_cell("<b onclick='x'>raw</b>"), *(new_markdown_cell(text) for _ in range(9))])
    for _ in range(2):
        page, _ = exporter.from_notebook_node(notebook)
        assert '<span class="k">def</span>' in page and "\\u001b[1mc" in page
        assert page.count("<em>a</em>") == MAX_MARKUP // len(text)
        assert "<b>raw</b>" in page


def test_filters_ask_for_the_pages_context():
    environment = jinja2.Environment()
    environment.filters["md"] = safe_markdown
    assert "<em>" in environment.from_string("{{ '*a*' | md }}").render(resources={})
