"""A student's page: what was right, which mistake it was, where to read, and their own notebook."""

import collections
from collections.abc import Sequence

from autograder.gradebook.history import Graded
from autograder.gradebook.standing import Standing
from autograder.grading.examples import LOOKS_LIKE, as_code
from autograder.grading.execution import LEFT_OUT, STOPPED
from autograder.grading.result import CellRecord, Result, TestRecord, without_cells
from autograder.lexer import highlighted
from autograder.output.comments import as_html
from autograder.output.page import picture_pixels, render, safe_png
from autograder.term.term import Term
from autograder.text import make_visible

# of one page; the largest homework needs at most a third of any
MAX_CELLS = 500
MAX_NOTEBOOK = 1_000_000  # characters of all cells together
MAX_HIGHLIGHTED = 100_000  # characters of source: what comes after is plain text
MAX_PICTURES = 40  # each is drawn anew, which takes time
MAX_PIXELS = 12_000_000
MAX_ENCODED = 4_000_000  # characters of pictures
MAX_MESSAGE = 2_000  # characters of one message
MAX_NOTES = 20


class _Lost(TestRecord):
    """A test, and the titles of all that were lost for the same reason."""

    titles: list[str]


def render_feedback(result: Result, *, student: str, book_url: str | None,
                    standing: Standing | None = None, name: str = "",
                    titles: dict[str, str] | None = None, earlier: Sequence[Graded] = (),
                    term: Term = Term()) -> str:
    """One self-contained HTML page without scripts or requests.

    Parameters
    ----------
    result : as docs/results.md describes it
    book_url : address of the built book that sections are linked to; None names them only
    standing : what the gradebook adds: points and comments by hand, late work
    name : the student's, where the roster has it
    titles : the notebook's headings of parts that a person grades, by grade_id
    earlier : what the student's files before this one had reached, the latest last
    term : whose zone the times have
    """
    shown = make_visible(without_cells(result), MAX_MESSAGE)
    parts = [{**part, "tests": _each_mistake_once(part["tests"]),
              "example": part["example"] and as_code(part["example"])} for part in shown["parts"]]
    cells = _shown_cells(result["cells"])
    page = render("feedback.html", result={**shown, "parts": parts}, cells=cells,
                  standing=standing, by_hand=_by_hand(result, standing, titles or {}),
                  max_notes=MAX_NOTES, looks_like=LOOKS_LIKE,
                  earlier=_earlier(earlier, term), past=_past(parts, earlier),
                  zone=term.timezone, open_points=sum(standing.max_parts[name] for name, earlier
                                  in standing.waiting.items() if earlier is None)
                  if standing else 0,
                  left_out=len(result["cells"]) - len(cells), student=make_visible(student),
                  name=make_visible(name),
                  book_url=book_url.rstrip("/") if book_url else None,
                  outcomes=collections.Counter(test["outcome"] for part in result["parts"]
                                               for test in part["tests"]))
    return page.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair has no UTF-8


def _earlier(earlier: Sequence[Graded], term: Term) -> list[dict[str, object]]:
    """The earlier files for the heads of columns, the latest first, as the table has them."""
    return [{"number": number, "day": came and f"{came.day} {came:%b}",
             "time": came and f"{came:%H:%M}", "score": graded.score,
             "max_score": graded.max_score}
            for number, graded in reversed(list(enumerate(earlier, 1)))
            for came in (graded.came(term.zone),)]


def _past(parts: list[dict], earlier: Sequence[Graded]) -> list[dict[str, object]]:
    """Each part's points now and in the earlier files, the latest first."""
    now = {part["name"]: part for part in parts}
    names = dict.fromkeys([*now, *(name for graded in reversed(earlier) for name in graded.parts)])
    return [{"title": now[name]["title"] if name in now else make_visible(name.replace("_", " ")),
             "points": [(now[name]["score"], now[name]["max_score"]) if name in now else None,
                        *(graded.parts.get(name) for graded in reversed(earlier))]}
            for name in names] if earlier else []


def _each_mistake_once(tests: list[TestRecord]) -> list[_Lost]:
    """One entry for all that were lost for the same reason, and one for each that was passed."""
    once: dict[tuple[str, str | int], _Lost] = {}
    for number, test in enumerate(tests):
        reason = test["mistake"] or test["message"] or number
        key = (test["outcome"], number if test["outcome"] == "passed" else reason)
        once.setdefault(key, {**test, "titles": []})["titles"].append(test["title"])
    return list(once.values())


def _by_hand(result: Result, standing: Standing | None,
             titles: dict[str, str]) -> list[dict[str, object]]:
    """Cells that a person graded, changed or commented on, or has still to read."""
    if standing is None:
        return []
    found = {part["name"]: part for part in result["parts"]}
    scores = {name: score for name, score in standing.parts.items()
              if name not in found or abs(score - found[name]["score"]) > 0.005}
    return [{"title": make_visible(found[name]["title"] if name in found
                                   else titles.get(name, name.replace("_", " "))),
             "score": scores.get(name), "max_score": standing.max_parts.get(name),
             "waits": name in standing.waiting, "earlier": standing.waiting.get(name),
             "comment": as_html(standing.comments.get(name, ""))}
            for name in dict.fromkeys([*scores, *standing.waiting, *standing.comments])]


def _shown_cells(cells: list[CellRecord]) -> list[dict[str, object]]:
    """The cells as the page shows them, up to the bounds on text and pictures."""
    shown: list[dict[str, object]] = []
    room, highlightable, gallery = MAX_NOTEBOOK, MAX_HIGHLIGHTED, _Gallery()
    for cell in cells[:MAX_CELLS]:
        texts = make_visible({"source": cell["source"].replace("\r\n", "\n"),
                       "stdout": _overwritten(cell["stdout"]), "error": cell["error"] or ""})
        room -= sum(map(len, texts.values()))
        if room < 0:
            break
        source = texts["source"]
        highlightable -= len(source)
        images, left_out = gallery.admit(cell["images"])
        shown.append({
            "number": cell["index"] + 1, "grade_id": make_visible(cell["grade_id"]),
            "tokens": list(highlighted(source)) if highlightable >= 0 else [(None, source)],
            "stdout": texts["stdout"], "error": texts["error"],
            "stopped": cell["outcome"] in STOPPED,
            "left_out": cell["outcome"] == LEFT_OUT,
            "seconds": cell["seconds"], "images": images, "pictures_left_out": left_out,
        })
    return shown


class _Gallery:
    """The pictures of one page, up to their bounds.

    What is no picture counts as well: to find that out takes time.
    """

    def __init__(self):
        self.room = {"pictures": MAX_PICTURES, "characters": MAX_ENCODED, "pixels": MAX_PIXELS}

    def admit(self, encoded: list[str]) -> tuple[list[str], int]:
        """These pictures drawn anew, and how many of them the page has no room for."""
        drawn, left_out = [], 0
        for number, picture in enumerate(encoded):
            cost = {"pictures": 1, "characters": len(picture), "pixels": picture_pixels(picture)}
            if any(cost[what] > self.room[what] for what in cost):
                left_out = len(encoded) - number
                break
            for what in cost:
                self.room[what] -= cost[what]
            drawn.append(safe_png(picture))
        return list(filter(None, drawn)), left_out


def _overwritten(output: str) -> str:
    """Output as a terminal shows it: of a progress bar, which rewrites its line, the last state."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in output.split("\n"))
