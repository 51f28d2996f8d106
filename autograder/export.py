"""Grades as files that other programs read."""

import csv
import io
import json
from pathlib import Path

from autograder.files import write_atomically


def write_grades(folder: Path, assignment: str, results: dict[str, dict],
                 roster: dict[str, dict[str, str]]) -> list[Path]:
    """Write FOLDER/<assignment>.csv and .json and return their paths.

    One row for every student of the roster or with a result. A student without a graded
    submission has no score (an empty cell, null) and a `status` that says why.

    Raises
    ------
    AutograderError
        A file cannot be written.
    """
    names = sorted({part["name"]: None for r in results.values() for part in r["parts"]},
                   key=_order(results))
    rows = [_row(student, assignment, results.get(student), roster.get(student, {}), names)
            for student in sorted(set(results) | set(roster))]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{k: _harmless(v) for k, v in row.items()} for row in rows])
    paths = folder / f"{assignment}.csv", folder / f"{assignment}.json"
    write_atomically(paths[0], text.getvalue().encode())
    write_atomically(paths[1], (json.dumps(rows, indent=1) + "\n").encode())
    return list(paths)


def _order(results: dict):
    """Parts in the order in which the assignment has them."""
    order = {part["name"]: i for r in results.values() for i, part in enumerate(r["parts"])}
    return lambda name: order[name]


def _row(student: str, assignment: str, result: dict | None, person: dict, parts: list) -> dict:
    graded = result is not None and result["status"] == "graded"
    scores = {part["name"]: part["score"] for part in result["parts"]} if graded else {}
    return {
        "student_id": student, "last_name": person.get("last_name", ""),
        "first_name": person.get("first_name", ""), "email": person.get("email", ""),
        "assignment": assignment,
        "score": result["score"] if graded else None,
        "max_score": result["max_score"] if result else None,
        "status": result["status"] if result else "nothing handed in",
        "isolation": result["isolation"] if result else None,
        **{f"part {name}": scores.get(name) for name in parts},
    }


def _harmless(value):
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value
