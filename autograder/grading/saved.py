"""What the cells of a file that was handed in show already: whatever the student has put there."""

import base64
import contextlib
from collections.abc import Iterator

from nbformat import NotebookNode

PNG = b"\x89PNG\r\n\x1a\n"  # how such a file begins
MAX_SAID = 1_000  # characters of what a check has said


def pictures(submission: NotebookNode) -> dict[str, list[bytes]]:
    """The PNG pictures of each code cell that has a grade_id. Nobody has looked at them yet."""
    return {name: [picture for output in outputs if (picture := _png(output)) is not None]
            for name, outputs in _outputs(submission)}


def said(submission: NotebookNode) -> dict[str, str]:
    """What each of these cells has printed and, last, raised; no more than MAX_SAID characters."""
    return {name: "".join(map(_text, outputs)).strip()[:MAX_SAID]
            for name, outputs in _outputs(submission)}


def _outputs(submission: NotebookNode) -> Iterator[tuple[str, list[dict]]]:
    """The first cell of each name."""
    seen = set()
    for cell in submission.cells:
        nbgrader = cell.metadata.get("nbgrader")
        name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        if cell.cell_type == "code" and isinstance(name, str) and name not in seen:
            seen.add(name)
            yield name, cell.get("outputs", [])


def _joined(text: object) -> str | None:
    """The text of an output, which may be in lines; None where it is none."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    return text if isinstance(text, str) else None


def _text(output: dict) -> str:
    if output.get("output_type") != "error":
        return _joined(output.get("text")) or ""
    name, text = (_joined(output.get(key)) or "" for key in ("ename", "evalue"))
    return text if name == "CheckFailed" else f"{name}: {text}"


def _png(output: dict) -> bytes | None:
    data = output.get("data")
    encoded = _joined(data.get("image/png")) if isinstance(data, dict) else None
    if encoded is None:
        return None
    with contextlib.suppress(ValueError):  # no base64
        decoded = base64.b64decode(encoded)
        return decoded if decoded.startswith(PNG) else None
    return None
