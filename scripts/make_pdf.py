"""Print the whole book into ``_build/perceptron_to_convnet.pdf``: ``make pdf``.

Sphinx writes all pages into one, with links inside it, and Chromium prints that: with an outline,
tags for screen readers, page numbers, solutions open, and texts in place of figures to try.
It takes some minutes.
"""

import os
import sys

import build_book
import chromium
from jupyter_book.sphinx import build_sphinx
from playwright.sync_api import sync_playwright
from write_notebooks import SAME_SETTINGS

PDF = build_book.BUILD / "perceptron_to_convnet.pdf"
FOOTER = """<div style="font-size: 8px; width: 100%; text-align: center; font-family: sans-serif">
<span class="pageNumber"></span></div>"""

READY_FOR_PAPER = """() => {
  document.querySelectorAll('.nn-time').forEach((e) => e.remove());  // for the website
  document.querySelectorAll('details').forEach((part) => { part.open = true; });
  document.querySelectorAll('.toggle-hidden').forEach((part) => {
    part.classList.remove('toggle-hidden');
  });
  return document.fonts.ready.then(() => document.fonts.size);
}"""


def main() -> int:
    """Bring the site up to date, write it as one page, and print it."""
    program = chromium.program()
    if program is None:
        print("pdf: no Chromium to print with: sudo apt-get install chromium", file=sys.stderr)
        return 1
    if build_book.main([]):
        return 1
    os.environ.update(build_book.environment())
    out = build_book.WORK / "singlehtml"
    print("pdf: one page", flush=True)
    if build_sphinx(build_book.BOOK, out, builder="singlehtml", really_quiet=True,
                    doctreedir=build_book.WORK / ".doctrees", noconfig=True,
                    path_config=build_book.ROOT / "_config.yml", confoverrides=SAME_SETTINGS):
        print("pdf: the book cannot be written as one page", file=sys.stderr)
        return 1
    print("pdf: printing", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.OPTIONS)
        page = browser.new_page(color_scheme="light")
        page.set_default_timeout(600_000)  # a page of tens of megabytes
        page.goto((out / "index.html").as_uri())
        page.evaluate(READY_FOR_PAPER)
        page.pdf(path=PDF, format="A4", outline=True, tagged=True, print_background=True,
                 display_header_footer=True, header_template="<span></span>",
                 footer_template=FOOTER,
                 margin={"top": "18mm", "bottom": "18mm", "left": "18mm", "right": "18mm"})
        browser.close()
    print(f"pdf: {PDF} ({PDF.stat().st_size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
