"""A student's page: what was right, which mistake it was, where to read, and their own notebook."""

from autograder.pages import clean, render, safe_png


def render_feedback(result: dict, *, student: str, book_url: str | None) -> str:
    """One self-contained HTML page without scripts or requests.

    Parameters
    ----------
    result : as docs/results.md describes it
    book_url : address of the built book that sections are linked to; None names them only
    """
    cells = []
    for cell in result["cells"]:
        pictures = [png for png in map(safe_png, cell["images"]) if png]
        cells.append({**clean({k: v for k, v in cell.items() if k != "images"}),
                      "images": pictures})
    shown = clean({k: v for k, v in result.items() if k != "cells"})
    return render("feedback.html", result=shown, cells=cells, student=clean(student),
                  book_url=book_url.rstrip("/") if book_url else None)
