"""Print the whole book into ``_build/perceptron_to_convnet.pdf``: ``make pdf``.

Sphinx writes all pages into one, bound as a book by ``book/_ext/nnprint.py``, and Chromium prints
that twice: after the first time it is known on which page everything is. It takes some minutes.
"""

import os
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import autograder  # noqa: F401  # before what imports jsonschema: decision 30

# isort: split
import build_book
import chromium
import offers
import pikepdf
import serving
from playwright.sync_api import Page, sync_playwright
from write_pages import read_and_write

PDF = build_book.BUILD / "perceptron_to_convnet.pdf"
MINUTES = 30  # the longest that Chromium may take for one step

#: Links to the website's files lead nowhere on paper. Room is left for the numbers of pages.
READY_FOR_PAPER = """async () => {
  for (const link of document.querySelectorAll('a[href]')) {
    if (!/^(#|https?:|mailto:)/.test(link.getAttribute('href'))) link.removeAttribute('href');
  }
  for (const mark of document.querySelectorAll('.headerlink')) mark.remove();
  for (const part of document.querySelectorAll('details')) part.open = true;
  for (const page of document.querySelectorAll('.nn-page')) page.textContent = '000';
  await document.fonts.ready;
}"""

#: Whether the figures to try show their first state; one of them loads pictures to train on.
FIGURES_ARE_THERE = """() => [...document.querySelectorAll('.nn-widget [role="status"]')]
  .every((status) => !status.textContent.startsWith('Loading'))"""

NUMBER_PAGES = """(numbers) => {
  for (const page of document.querySelectorAll('.nn-page')) {
    page.textContent = numbers[page.dataset.target];
  }
}"""

#: As bookmarks call them: Chromium's own leave out spaces at ends of lines, and formulas.
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => {
  const shown = heading.cloneNode(true);
  shown.querySelectorAll('.katex-html, annotation').forEach((part) => part.remove());
  return shown.textContent.trim();
})"""

FACTS = """() => Object.fromEntries([...document.querySelectorAll('meta[name]')]
  .map((fact) => [fact.name, fact.content]))"""


def main() -> int:
    """Bring the site up to date, write it as one page, and print that."""
    program = chromium.program()
    if program is None:
        print("pdf: no Chromium to print with: sudo apt-get install chromium", file=sys.stderr)
        return 1
    if build_book.main([]):
        return 1
    os.environ.update(build_book.environment())
    out = build_book.WORK / "singlehtml"
    say(1, "all chapters on one page")
    if read_and_write("singlehtml", out, really_quiet=True):
        print("pdf: the book cannot be written as one page", file=sys.stderr)
        return 1
    with (serving.listen(out) as server, sync_playwright() as playwright,
          TemporaryDirectory(dir=build_book.BUILD) as folder):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=program, args=chromium.OPTIONS)
        page = browser.new_page(color_scheme="light")
        page.set_default_timeout(MINUTES * 60_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        count = print_book(page, Path(folder) / "book.pdf")
        browser.close()
        server.shutdown()
    print(f"pdf: {PDF} ({count} pages, {PDF.stat().st_size / 1e6:.1f} MB)")
    offers.offer(PDF, "The whole course as a PDF", build_book.SITE)
    return 0


def say(step: int, what: str) -> None:
    """Tell that a step of the work begins."""
    print(f"pdf: {time.strftime('%H:%M:%S')} step {step} of 3, {what}", flush=True)


def print_book(page: Page, printed: Path) -> int:
    """Print a page into PDF, by way of the file `printed`; return the number of sheets."""
    page.wait_for_function(FIGURES_ARE_THERE)
    page.evaluate(READY_FOR_PAPER)
    say(2, "printing, to learn on which page everything is")
    to_paper(page, printed, draft=True)
    with pikepdf.open(printed) as draft:
        numbers = page_numbers(draft)
    page.evaluate(NUMBER_PAGES, numbers)
    say(3, "printing with the numbers of pages")
    to_paper(page, printed)
    with pikepdf.open(printed) as book:
        name_bookmarks(book, page.evaluate(HEADINGS))
        describe(book, page.title(), page.evaluate(FACTS))
        book.save(PDF, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(book.pages)


def to_paper(page: Page, path: Path, draft: bool = False) -> None:
    """Print; a draft has the same pages, and neither bookmarks nor tags for screen readers."""
    page.pdf(path=path, prefer_css_page_size=True, print_background=True, outline=not draft,
             tagged=not draft)


def page_numbers(book: pikepdf.Pdf) -> dict[str, int]:
    """The pages, counted from 1, of all places that links lead to, by their anchors."""
    number = {page.objgen: count for count, page in enumerate(book.pages, start=1)}
    return {name.removeprefix("/"): number[place[0].objgen]
            for name, place in book.Root.get("/Dests", {}).items()}


def name_bookmarks(book: pikepdf.Pdf, headings: Iterable[str]) -> None:
    """Call the bookmarks as the headings are, one for each."""
    with book.open_outline() as outline:
        for item, heading in zip(bookmarks(outline.root), headings, strict=True):
            item.title = heading


def bookmarks(items: Iterable[pikepdf.OutlineItem]) -> Iterable[pikepdf.OutlineItem]:
    """All of them in reading order."""
    for item in items:
        yield item
        yield from bookmarks(item.children)


def describe(book: pikepdf.Pdf, title: str, facts: dict[str, str]) -> None:
    """Say what it is, and when it was made, as the page does."""
    book.docinfo["/Title"] = title
    for name in ("author", "subject", "keywords"):
        book.docinfo[f"/{name.title()}"] = facts[name]
    for name in ("/CreationDate", "/ModDate"):
        book.docinfo[name] = facts["date"]


if __name__ == "__main__":
    sys.exit(main())
