"""The book on paper, as `make pdf` prints it."""

import importlib
import re
from itertools import pairwise

import pikepdf
import pytest

FIRST = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# Sums with $x$

```{code-cell} ipython3
:tags: [hide-input]

print(6 * 7)
```

## Exercises

```{exercise} By hand (easy)
:label: ex-sum
How much is six times seven?
```

```{solution} ex-sum
Forty-two.
```

### In a book
"""
SECOND = "# Differences\n\n## Exercises\n\nAs in [one](#ex-sum) of [the others](first.md).\n"
HOME = """# The course

What it is.

## The path

::::{grid} 1
:::{grid-item}
[Sums](first.md)
:::
::::

## Who it is for

You.
"""
TOC = """format: jb-book
root: index
parts:
  - caption: "Part I: Numbers"
    numbered: true
    chapters: [{file: first}, {file: second}]
"""
BOOKMARKS = [
    (0, "Contents"), (0, "Part I: Numbers"), (1, "About this course"), (2, "Who it is for"),
    (1, "1. Sums with x"), (2, "1.1. Exercises"), (3, "1.1.1. In a book"),
    (1, "2. Differences"), (2, "2.1. Exercises"), (0, "Solutions"), (1, "1. Sums with x")]

LINES = """() => [...document.querySelectorAll('p:has(> .nn-page)')].map((line) =>
  [line.querySelector('.nn-page').dataset.target, line.querySelector('.nn-page').textContent])"""
LEADS_NOWHERE = """() => [...document.querySelectorAll('a[href^="#"]')]
  .map((link) => decodeURIComponent(link.hash.slice(1)))
  .filter((name) => document.querySelectorAll(`[id="${name}"]`).length !== 1)"""
SIZES = """() => [...document.querySelectorAll(
  'h1, section:not(.nn-solutions *) > :is(h2, h3, h4)')]
  .map((heading) => [heading.localName, parseFloat(getComputedStyle(heading).fontSize)])"""


class Paper:
    """The tests' browser in place of another one, and what it saw before it was closed."""

    def __init__(self, browser):
        self.browser, self.chromium = browser, self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def launch(self, **_):
        return self

    def new_page(self, **options):
        self.page = self.browser.new_page(**options)
        return self.page

    def close(self):
        self.page.emulate_media(media="print")
        self.text = self.page.inner_text("article")
        self.lines, self.nowhere, self.sizes = map(
            self.page.evaluate, (LINES, LEADS_NOWHERE, SIZES))
        self.page.close()


@pytest.fixture
def printed(builder, browser, monkeypatch):
    """A small book's PDF, and what was on its one page."""
    for name, text in (("index", HOME), ("first", FIRST), ("second", SECOND)):
        (builder.BOOK / f"{name}.md").write_text(text)
    (builder.ROOT / "_toc.yml").write_text(TOC)
    make_pdf, write_pages = map(importlib.import_module, ("make_pdf", "write_pages"))
    monkeypatch.setattr(make_pdf, "build_book", builder)
    monkeypatch.setattr(write_pages, "ROOT", builder.ROOT)
    monkeypatch.setattr(make_pdf, "PDF", builder.BUILD / "book.pdf")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    paper = Paper(browser)
    monkeypatch.setattr(make_pdf, "sync_playwright", lambda: paper)
    for name, value in builder.environment().items():
        monkeypatch.setenv(name, value)  # as it does itself: undone when the test ends
    assert make_pdf.main() == 0
    with pikepdf.open(make_pdf.PDF) as book:
        yield book, paper


def test_the_book_is_printed(printed):
    book, paper = printed
    made = importlib.import_module("make_pdf")

    def bookmarks(items, depth=0):
        for item in items:
            yield depth, item.title
            yield from bookmarks(item.children, depth + 1)

    with book.open_outline() as outline:
        assert list(bookmarks(outline.root)) == BOOKMARKS
    assert "authors" in str(book.docinfo["/Author"]) and "/Subject" in book.docinfo
    assert str(book.docinfo["/CreationDate"]) == "D:20231114221320Z"
    assert book.Root.Lang == "en"

    # title, contents, part, three chapters, solutions: each on a page of its own
    assert len(book.pages) == 7
    where = made.page_numbers(book)
    assert [where[f"document-{name}"] for name in ("index", "first", "second")] == [4, 5, 6]
    assert len(paper.lines) > len(BOOKMARKS)
    assert all(int(number) == where[target] for target, number in paper.lines)
    assert paper.nowhere == []

    assert "42" in paper.text and "print(6 * 7)" not in paper.text  # code that only draws is folded
    assert re.search(r"seven\?\s+Solution on page\s+7", paper.text)
    assert paper.text.index("Forty-two.") > paper.text.index("2. Differences\n")
    assert "Version" in paper.text and "14 November 2023" in paper.text
    sizes = [max(size for name, size in paper.sizes if name == level)
             for level in ("h1", "h2", "h3", "h4")]
    assert all(above > below for above, below in pairwise(sizes)), sizes
