"""A student's page: what was right, which mistake it was, where to read, and their own notebook."""

import collections
import functools
import itertools

from pygments.lexers import PythonLexer
from pygments.token import Token

from autograder.gradebook import Standing
from autograder.pages import clean, render, safe_png

MAX_PICTURES = 40  # of one notebook: each is drawn anew, which takes time
MAX_NOTEBOOK = 8_000_000  # characters of all cells together, pictures included
HIGHLIGHTED = (  # the first kind that holds a token names its class in style.css
    (Token.Comment, "comment"),
    (Token.Literal.String, "string"),
    (Token.Literal.Number, "number"),
    (Token.Keyword, "keyword"),
    (Token.Operator.Word, "keyword"),
    (Token.Name.Function, "name"),
    (Token.Name.Class, "name"),
)


def render_feedback(result: dict, *, student: str, book_url: str | None,
                    standing: Standing | None = None) -> str:
    """One self-contained HTML page without scripts or requests.

    Parameters
    ----------
    result : as docs/results.md describes it
    book_url : address of the built book that sections are linked to; None names them only
    standing : what the gradebook adds: points and comments by hand, late work
    """
    shown = clean({k: v for k, v in result.items() if k != "cells"})
    cells = _shown_cells(result["cells"])
    page = render("feedback.html", result=shown, cells=cells,
                  standing=standing, by_hand=_by_hand(result, standing),
                  left_out=len(result["cells"]) - len(cells), student=clean(student),
                  book_url=book_url.rstrip("/") if book_url else None,
                  outcomes=collections.Counter(test["outcome"] for part in result["parts"]
                                               for test in part["tests"]))
    return page.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair has no UTF-8


def _by_hand(result: dict, standing: Standing | None) -> list[dict]:
    """Cells that a person graded, changed or commented on."""
    if standing is None:
        return []
    found = {part["name"]: part for part in result["parts"]}
    scores = {name: score for name, score in standing.parts.items()
              if name not in found or abs(score - found[name]["score"]) > 0.005}
    return [{"title": clean(found[name]["title"] if name in found else name.replace("_", " ")),
             "score": scores.get(name), "comment": clean(standing.comments.get(name, ""))}
            for name in dict.fromkeys([*scores, *standing.comments])]


def _shown_cells(cells: list[dict]) -> list[dict]:
    """The cells as the page shows them, up to the bounds on text and pictures."""
    shown, room, pictures_left = [], MAX_NOTEBOOK, MAX_PICTURES
    for cell in cells:
        texts = clean({"source": cell["source"].replace("\r\n", "\n"),
                       "stdout": _overwritten(cell["stdout"]), "error": cell["error"] or ""})
        encoded = cell["images"][:pictures_left]
        room -= sum(map(len, [*texts.values(), *encoded]))
        if room < 0:
            break
        pictures_left -= len(encoded)
        shown.append({
            "number": cell["index"] + 1, "grade_id": clean(cell["grade_id"]),
            "tokens": _tokens(texts["source"]), "stdout": texts["stdout"], "error": texts["error"],
            "stopped": cell["outcome"] in ("timeout", "killed", "memory"),
            "seconds": cell["seconds"],
            "images": [png for png in map(safe_png, encoded) if png],
            "pictures_left_out": len(cell["images"]) - len(encoded),
        })
    return shown


def _overwritten(output: str) -> str:
    """Output as a terminal shows it: of a progress bar, which rewrites its line, the last state."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in output.split("\n"))


@functools.lru_cache(1024)  # locked cells are the same in every notebook
def _tokens(source: str) -> list[tuple[str | None, str]]:
    """Python source as (class, text) pairs; the texts together are the source."""
    lexed = PythonLexer(stripnl=False, ensurenl=False).get_tokens(source)
    named = ((next((name for kind, name in HIGHLIGHTED if token in kind), None), text)
             for token, text in lexed)
    return [(name, "".join(text for _, text in run))
            for name, run in itertools.groupby(named, key=lambda pair: pair[0])]
