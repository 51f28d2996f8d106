"""What is wrong with the book, a line each, for whoever has to correct it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

TROUBLE = ("WARNING: ", "ERROR: ", "Error: ")  # in lines that may say what is wrong
MAX_LINES = 30  # of one build
_WRAPPERS = ("RuntimeError: ", "nbclient.", "myst_nb.")  # they carry the error that counts
_FAILED = re.compile(r"^(?P<page>[^:]+): ERROR: (?P<what>.*failed: .*)")  # by execute_chapters.py


def problems(trouble: list[str], step: str) -> list[str]:
    """All that went wrong, from the suspicious lines of a build's output.

    Parameters
    ----------
    step : what was being done when it ended
    """
    if any("No module named 'jupyter_" in line for line in trouble):
        return ["Jupyter Book is not installed: pip install -r requirements.txt"]
    cells = {found["page"]: f"{found['page']}: {found['what']}"
             for line in trouble if (found := _FAILED.match(line))}
    warnings = [line for line in trouble
                if ("WARNING: " in line or "ERROR: " in line) and not _FAILED.match(line)
                and not (line.partition(":")[0] in cells and "mystnb.exec" in line)]
    found = [*cells.values(), *warnings]
    errors = [line for line in trouble if "Error: " in line and not line.startswith(_WRAPPERS)]
    if errors and not any(errors[-1] in line for line in found):  # it ended the build
        found.append(f"{errors[-1]} (during: {step or 'start'})")
    found = list(dict.fromkeys(found)) or [f"jupyter-book failed (during: {step or 'start'})"]
    more = len(found) - MAX_LINES
    return found[:MAX_LINES] + ([f"and {more} more"] if more > 0 else [])


class PageFaults(HTMLParser):
    """Collects the images of a page that have no description."""

    def __init__(self):
        super().__init__()
        self.undescribed = []

    def handle_starttag(self, tag, attrs):
        """Called by the parser for every tag that opens."""
        attrs = dict(attrs)
        is_logo = "logo__image" in (attrs.get("class") or "")
        if tag == "img" and not is_logo and not (attrs.get("alt") or "").strip():
            self.undescribed.append(attrs.get("src", "an image")[:60])
        if tag == "svg" and attrs.get("class") == "nn-figure" and not attrs.get("aria-label"):
            self.undescribed.append("a figure")


def pages_of(folder: Path) -> list[Path]:
    """The pages of a site, without those that lie among its static files."""
    return [p for p in sorted(folder.rglob("*.html")) if "_static" not in p.parts]


def faults_of(pages: Iterable[Path], site: Path) -> list[str]:
    """The faults of pages that a strict build lets through, a line each."""
    lines = []
    for page in pages:
        text, name = page.read_text(encoding="utf-8"), page.relative_to(site)
        lines += [f"{name} contains '{mark}': {fault}" for mark, fault in (
            ("Traceback", "a cell or a formatter raised an exception"),
            ("katex-error", "a formula could not be rendered")) if mark in text]
        faults = PageFaults()
        faults.feed(text)
        lines += [f"{name}: no alt text for {what}" for what in faults.undescribed]
    return lines
