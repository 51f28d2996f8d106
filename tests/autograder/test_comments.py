"""Comments by hand: Markdown and formulas are drawn, and nothing in them can do any harm."""

import re
import time

import pytest
from markupsafe import escape
from results_sample import SCRIPTS, faults_of, result

from autograder.gradebook.standing import Standing
from autograder.output.comments import MAX_FORMULAS, MAX_MARKDOWN, as_html
from autograder.output.feedback import render_feedback
from autograder.output.formulas import LENGTHS, MAX_FORMULA, TAGS, WORDS

ATTACKS = [
    *SCRIPTS, "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))", "[a](data:text/html,<script>1</script>)", "<javascript:1>",
    "[a](https://b.c/\"onclick=\"window.__ran=1)", "[a](<https://b.c/\" onfocus='1'>)",
    "[a](https://b.c '\" onclick=\"window.__ran=1')", "[a](vbscript:1)", "[a](//192.0.2.1/x)",
    "![p](data:image/svg+xml,<svg onload=1>)", "![p](http://192.0.2.1/p.png)",
    "![\" onerror=\"1](x 'y')", "[![p](http://192.0.2.1/p.png)](javascript:1)",
    "[a]: javascript:1\n\n[a]", "```\" onclick=\"1\n<b>\n```", "&lt;script&gt;1&lt;/script&gt;",
    "# <script>1</script>", "| <script> |\n|---|\n| <img src=x onerror=1> |",
    "$<script>1</script>$",
    r"$\text{</math><script>window.__ran=1</script>}$", r"$\href{javascript:window.__ran=1}{x}$",
    r"$\class{a\" onclick=\"1}{x}$", r"$\style{background:url(http://192.0.2.1)}{x}$",
    r"$\unicode{x3c}img src=x onerror=1\unicode{x3e}$", r"$\color{red\" onclick=\"1}{x}$",
    r"$\operatorname{<img src=x onerror=window.__ran=1>}$", r"$\mbox{&lt;script&gt;}$",
    r"$\rule{9em\" onclick=\"1}{1em}$", r"$\begin{array}{c\" onclick=\"1}x\end{array}$",
    "`$x$` $`<b>`$", "\x02script>1\x02/script>", "\\<script>1</script>"]
SCROLL = {"class": "scroll", "role": "region", "tabindex": "0"}
HTML = {"a", "blockquote", "br", "code", "del", "div", "em", "hr", "li", "ol", "p", "pre", "span",
        "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
GIVEN = re.compile(r' ([a-z-]+)="([^"<>]*)"')


def page_of(comment: str) -> str:
    standing = Standing(5.0, 6.0, {"unit": 2.0, "essay": 3.0}, {"unit": 3.0, "essay": 3.0},
                        {"essay": comment}, 0.0, 0.0, {})
    return render_feedback(result(), student="ada", book_url=None, standing=standing)


@pytest.mark.parametrize("comment, shown", [
    ("**Good**, *but* `a<b`", "<p><strong>Good</strong>, <em>but</em> <code>a&lt;b</code></p>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("```python\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>"),
    ("# Why?", "<p><strong>Why?</strong></p>"),  # the page has headings of its own
    ("[sum](https://b.c/?a=1&b)", '<p><a href="https://b.c/?a=1&amp;b" rel='),
    ("[sum](ftp://b.c) [top](#a) [x](/y)", "<p>sum top x</p>"),
    ("![a plot](http://b.c/p.png)", "<p>a plot</p>"),
    ("A <b>!", "<p>A &lt;b&gt;!</p>"),
    ("one\r\ntwo", "<p>one\ntwo</p>"),
    ("costs $5 and $6", "<p>costs $5 and $6</p>"),
    ("costs $5/$6, or $7", "<p>costs $5/$6, or $7</p>"),
    ("only one $x", "<p>only one $x</p>"), (r"\$x\$", "<p>$x$</p>"),
    ("`$x$`", "<p><code>$x$</code></p>"),
    ("half \ud800 a pair \u202e", "<p>half \\ud800 a pair \\u202e</p>")])
def test_markdown_is_drawn(comment, shown):
    assert str(as_html(comment)).startswith(shown)


@pytest.mark.parametrize("latex, shown", [
    ("x_i", "<msub><mi>x</mi><mi>i</mi></msub>"),
    (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
    ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    (r"\mathbf{w}\mathbb{R}\boldsymbol{\theta}\bm{w}", "<mi>𝐰</mi><mi>ℝ</mi><mrow><mi>𝜽</mi>"),
    (r"\mathrm{ab}", '<mi mathvariant="normal">a</mi><mi mathvariant="normal">b</mi>'),
    (r"\hspace{-99em}x", "<mspace></mspace><mi>x</mi>"),  # draws over nothing
    (r"\color{red}x", "<mstyle><mi>x</mi></mstyle>")])
def test_a_formula_becomes_mathml(latex, shown):
    html = str(as_html(f"As ${latex}$."))
    assert html.startswith('<p>As <math display="inline"><mrow>') and shown in html


def test_a_formula_of_several_lines_has_lines_of_its_own():
    html = str(as_html("$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$"))
    assert '<math display="block">' in html and html.count("<mtr>") == 2


@pytest.mark.parametrize("latex", [
    r"\foo{x}", r"\frac", r"\begin{foo}x", "{x", r"\newcommand{\a}{\b\b}\a", r"\def\a{x}\a",
    r"\DeclareMathOperator{\a}{x}\a", "a & b", "x" * (MAX_FORMULA + 1), r"\unicode{x202e}",
    r"\left(x", "x^" * 200])
def test_a_formula_that_is_not_understood_shows_its_source(latex):
    html = str(as_html(f"As $${latex}$$."))
    assert f"$${escape(latex)}$$" in html and "<math" not in html


def test_formulas_are_counted():
    html = str(as_html("$x$ " * (MAX_FORMULAS + 3)))
    assert html.count("<math") == MAX_FORMULAS and html.count("$x$") == 3


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_known_elements_and_attributes_is_left(attack):
    html = str(as_html(attack))
    known = HTML | TAGS
    for name, attributes in re.findall(r"</?([^\s>/]*)([^>]*)>", html):
        assert name in known, html
        assert not GIVEN.sub("", attributes), html
        for given, value in GIVEN.findall(attributes):
            if name == "a":
                assert given == "rel" or given == "href" and value.startswith("https://b.c"), html
            elif name in ("div", "span"):
                assert SCROLL.get(given, value) == value in (*SCROLL.values(), "Table", "Formula")
            else:
                assert name in TAGS and given in WORDS | LENGTHS | {"mathvariant"}, html
    assert "\x02" not in html


@pytest.mark.parametrize("comment", [
    "- " * 50_000, "- a\n  " * 20_000, "\n".join("  " * i + "- a" for i in range(100)),
    "\n".join(" " * i + "1. a" for i in range(130)), "> " * 5_000, "> " * 900, "*a_" * 3_333,
    "[a](" * 2_500, "![" * 5_000, "$" * 10_000, "$x$ " * 2_500, "`" * 10_000, "|a" * 5_000,
    ("$" + "{" * 240 + "}" * 240 + "$ ") * 20, ("$" + r"\sqrt{" * 60 + "x" + "}" * 60 + "$ ") * 20,
    ("$" + r"\left(" * 80 + "$ ") * 20, "**" * 5_000, "&lt;" * 2_500, "a\n===\n" * 1_600,
    "\ud800" * 10_000, "<" * 10_000, "# " * 5_000, "[a]: b\n" * 1_400])
def test_any_comment_takes_bounded_time_and_room(comment):
    begin = time.process_time()
    html = as_html(comment)
    assert time.process_time() - begin < 3  # all take less than 0.3 s
    assert len(html) < 200_000


def test_what_is_too_long_is_shown_as_it_was_typed():
    html = str(as_html("**a** <b>" * MAX_MARKDOWN))
    assert html.startswith('<p class="message">**a** &lt;b&gt;**a**') and "more characters" in html


def test_a_comments_attacks_do_nothing_in_a_browser(browser, tmp_path):
    (tmp_path / "page.html").write_text(page_of("\n\n".join(ATTACKS)))
    page, requests, said = browser.new_page(), [], []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("dialog", lambda d: (said.append(d.message), d.dismiss()))
    page.goto((tmp_path / "page.html").as_uri())
    for address in page.locator("a").evaluate_all("links => links.map(a => a.href)"):
        assert address.startswith("https://b.c")
    for selector in "script", "iframe", "img", "[onclick]", "[onerror]", "[style]", "form":
        assert page.locator(selector).count() == 0, selector
    assert page.evaluate("window.__ran") is None
    assert said == [] and len(requests) == 1
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_a_long_formula_and_a_wide_table_fit(browser, tmp_path, width, scheme):
    row = "| " + " | ".join(["a long word"] * 12) + " |"
    comment = (f"Here, $x_1$ is [this](https://b.c):\n\n${'+'.join(['x_i'] * 90)}$ and\n\n"
               f"$${'+'.join(['x_i'] * 90)}$$\n\n{'> ' * 90}deep\n\n{'- ' * 90}deep\n\n"
               f"{row}\n|{'---|' * 12}\n{row}\n\n> {'a' * 300}\n\n```\n{'b' * 300}\n```")
    (tmp_path / "page.html").write_text(page_of(comment))
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator("math").count() == 3 and faults_of(page) == []
    page.close()
