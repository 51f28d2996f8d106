"""Locked cells that a student has changed: the course's text counts, and theirs runs after it.

Jupyter does not let anybody type into a locked cell; Colab and VS Code do, and an import or a
helper that was added there works for the student.
"""

import hashlib

from nbformat import NotebookNode

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"  # nbgrader's marks
CHANGE = "autograder_change"  # in the metadata of a cell with a student's version: what is said
CHANGED = "You changed the locked cell"  # how that begins
MAX_LINES, MAX_LINE = 3, 80  # of code in that sentence


def change(submitted: NotebookNode, original: NotebookNode) -> str | None:
    """What to say to a student who has changed a locked cell of code; None who has not.

    Parameters
    ----------
    submitted, original : the cell as it was handed in, and the source notebook's
    """
    if submitted.cell_type != "code" or _is_as_released(submitted):
        return None  # the course itself may have changed it since
    theirs, ours = _lines(submitted.source), _lines(original.source)
    added = [line for line in theirs if line not in ours]
    gone = [line for line in ours if line not in theirs]
    if not (added or gone):
        return None
    said = f"{CHANGED} `{original.metadata.nbgrader.grade_id}`."
    if gone:
        said += f" This was put back: {_quoted(gone)}."
    if added:
        said += (f" This was kept, and run right after the course's own version: {_quoted(added)}."
                 " Add lines in a cell of your own.")
    return said


def in_short(note: str) -> str:
    """For the TA, a note without the code that it quotes."""
    return note.partition(" This was")[0] if note.startswith(CHANGED) else note


def _lines(code: str) -> dict[str, None]:
    """The lines that say something, in order, each once; hidden tests are left out."""
    found: dict[str, None] = {}
    hidden = False
    for line in map(str.strip, code.splitlines()):
        hidden = line.startswith(BEGIN) or hidden and not line.startswith(END)
        if line and not hidden and not line.startswith("#"):
            found[line] = None
    return found


def _quoted(lines: list[str]) -> str:
    quoted = ", ".join(f"`{line[:MAX_LINE]}`" for line in lines[:MAX_LINES])
    return quoted + (f" and {len(lines) - MAX_LINES} more lines" if len(lines) > MAX_LINES else "")


def _is_as_released(cell: NotebookNode) -> bool:
    """Whether nbgrader's checksum in the cell is still its own (nbgrader.utils.compute_checksum).

    Importing nbgrader for it would take most of a second.
    """
    marks = cell.metadata.nbgrader
    says = [cell.source, cell.cell_type, *(str(bool(marks.get(name)))
                                           for name in ("grade", "solution", "locked"))]
    says.append(str(marks.get("grade_id")))
    if marks.get("grade"):
        says.append(_points(marks.get("points")))
    digest = hashlib.md5("".join(says).encode("utf-8", "replace"), usedforsecurity=False)
    return digest.hexdigest() == marks.get("checksum")


def _points(value) -> str:
    try:
        return str(float(value))
    except (TypeError, ValueError, OverflowError):
        return ""
