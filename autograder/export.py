"""Grades as files that other programs read."""

import csv
import io
import json
from pathlib import Path

from autograder.files import write_atomically


def write_grades(folder: Path, assignment: str, results: dict[str, dict],
                 roster: dict[str, dict[str, str]]) -> list[Path]:
    """Write the grades below FOLDER and return the files' paths.

    `<assignment>.csv` and `.json` have one row for every student of the roster or with a result.
    A student without a graded submission has no score (an empty cell, null) and a `status` that
    says why. Moodle's grade import reads this CSV: it asks which column names the students
    (`email` or `student_id`) and which one holds the points (`score`).

    `canvas/<assignment>.csv` is for the import of Canvas's gradebook.

    Raises
    ------
    AutograderError
        A file cannot be written.
    """
    rows = _plain(assignment, results, roster)
    files = {f"{assignment}.csv": _csv_text(list(rows[0]) if rows else [],
                                            [list(row.values()) for row in rows]),
             f"{assignment}.json": json.dumps(rows, indent=1) + "\n",
             f"canvas/{assignment}.csv": _canvas(assignment, results, roster)}
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in files]


def _plain(assignment: str, results: dict, roster: dict) -> list[dict]:
    parts = list(dict.fromkeys(part["name"] for r in results.values() for part in r["parts"]))
    return [_row(student, assignment, results.get(student), roster.get(student, {}), parts)
            for student in sorted(set(results) | set(roster))]


def _row(student: str, assignment: str, result: dict | None, person: dict, parts: list) -> dict:
    graded = result is not None and result["status"] == "graded"
    scores = {part["name"]: part["score"] for part in result["parts"]} if graded else {}
    return {
        "student_id": student, "last_name": person.get("last_name", ""),
        "first_name": person.get("first_name", ""), "email": person.get("email", ""),
        "assignment": assignment,
        "score": _points(result["score"]) if graded else None,
        "max_score": result["max_score"] if result else None,
        "status": result["status"] if result else "nothing handed in",
        "isolation": result["isolation"] if result else None,
        **{f"part {name}": scores.get(name) for name in parts},
    }


def _canvas(assignment: str, results: dict, roster: dict) -> str:
    """The columns that Canvas's importer asks for (lib/gradebook_importer.rb in its source).

    Canvas finds a student by SIS user id, else by login, and a column's assignment by its title.
    Students without a graded submission are left out: an empty cell would erase what Canvas has.
    """
    graded = {s: r for s, r in sorted(results.items()) if r["status"] == "graded"}
    heading = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    top = [["    Points Possible", "", "", "", "", r["max_score"]] for r in graded.values()][:1]
    rows = []
    for student, result in graded.items():
        person = roster.get(student, {})
        names = filter(None, (person.get("last_name"), person.get("first_name")))
        rows.append([", ".join(names) or student, "", student, student, "",
                     _points(result["score"])])
    return _csv_text(heading, [*top, *rows])


def _points(score: float) -> float:
    """A sum of parts' points without the last digits of binary arithmetic."""
    return round(score, 2)


def _csv_text(heading: list[str], rows: list[list]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # ends lines in \r\n, so that a \r inside of a cell is quoted
    writer.writerows([[_harmless(cell) for cell in row] for row in [heading, *rows]])
    return text.getvalue()


def _harmless(value):
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return "'" + value
    return value
