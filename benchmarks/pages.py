"""The longest that a student's page can take: each kind of submission that would make it slow.

Prints the processor's seconds and the megabytes of one page for each kind, and of an honest
notebook to compare.
"""

import base64
import io
import time
import zlib
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from autograder.gradebook.formgrader import safe_code, safe_markdown
from autograder.output.feedback import MAX_CELLS, MAX_NOTEBOOK, MAX_PIXELS, render_feedback
from autograder.output.page import MAX_PIXELS as MAX_PICTURE
from autograder.output.page import _redrawn
from autograder.text import MAX_TEXT

SOURCE = Path(__file__).parents[1] / "source_solutions" / "hw3_gradient_descent"
PIECES = "\n ", "1\n", '"""', "'", "\\", "[(", "é", "\U000e0041", "<'", "a\r"


def page_of(*cells: dict) -> str:
    """The page of a result with these cells."""
    plain = {"grade_id": None, "source": "", "stdout": "", "error": None, "images": [],
             "outcome": "ok", "seconds": 0.0}
    result = {"assignment": "hw1", "isolation": "bubblewrap", "status": "graded", "score": 0.0,
              "max_score": 1.0, "parts": [], "notes": [],
              "cells": [{**plain, **cell, "index": i} for i, cell in enumerate(cells)]}
    return render_feedback(result, student="eve", book_url=None)


def noise(colours: int) -> str:
    """The largest picture that is shown, of as many colours, as base64 PNG."""
    side = int(MAX_PICTURE ** 0.5)
    pixels = np.random.default_rng(0).integers(0, colours, (side, side), dtype=np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels * (255 // max(colours - 1, 1))).quantize(colours).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def cases():
    """(Name, function that makes the page) of each kind."""
    code = [{"source": cell.source}
            for cell in nbformat.read(SOURCE / f"{SOURCE.name}.ipynb", 4).cells]
    yield "honest: the code of hw3", lambda: page_of(*code)
    many = MAX_NOTEBOOK // MAX_TEXT
    for piece in PIECES:
        text = piece * (MAX_TEXT // len(piece))
        yield f"source {piece!r}", lambda text=text: page_of(*[{"source": text}] * many)
        yield f"output {piece!r}", lambda text=text: page_of(*[{"stdout": text}] * many)
        yield f"Markdown {piece!r}", lambda text=text: markdown(text, safe_markdown)
        yield f"code for nbgrader {piece!r}", lambda text=text: markdown(text, safe_code)
    yield "Markdown, lists in lists", lambda: markdown("1. " * 740, safe_markdown)
    yield "20,000 cells", lambda: page_of(*[{"source": "1"}] * 20_000)
    assert MAX_CELLS < 20_000
    for colours in 2, 3, 16, 256:
        pictures = [noise(colours)] * (MAX_PIXELS // MAX_PICTURE)
        yield f"pictures of {colours} colours", lambda p=pictures: page_of({"images": p})
    extra = zlib.compress(bytes(10**6))
    yield "no pictures", lambda: page_of({"images": [base64.b64encode(extra).decode()] * 4000})


def markdown(text: str, show) -> str:
    """A page of nbgrader's with many cells of this text."""
    context = {"resources": {}}
    return "".join(show(context, text) for _ in range(MAX_NOTEBOOK // len(text)))


def main() -> None:
    """Measure each kind, the slowest first."""
    rows = []
    for name, make in cases():
        _redrawn.cache_clear()
        start = time.process_time()
        page = make()
        rows.append((time.process_time() - start, len(page) / 1e6, name))
    for seconds, megabytes, name in sorted(rows, reverse=True):
        print(f"{seconds:6.2f} s {megabytes:6.1f} MB  {name}")


if __name__ == "__main__":
    main()
