"""Grades as files that other programs read."""

import csv
import io
import json
import zipfile
from pathlib import Path, PurePosixPath

from autograder.course import NOTHING
from autograder.files import write_atomically
from autograder.gradebook import Standing


def write_grades(folder: Path, assignment: str, results: dict[str, dict],
                 roster: dict[str, dict[str, str]],
                 standings: dict[str, Standing] | None = None) -> list[Path]:
    """Write the grades below FOLDER and return the files' paths.

    `<assignment>.csv` and `.json` have one row for every student of the roster or with a result.
    A student without a graded submission has no score (an empty cell, null) and a `status` that
    says why.

    With `standings` the score is what counts: points by hand and late work included.

    `canvas/<assignment>.csv` is for the import of Canvas's gradebook, `moodle/<assignment>.csv` for
    Moodle's grade import, which asks what tells students apart (ID number or e-mail address).

    Raises
    ------
    AutograderError
        A file cannot be written.
    """
    rows = _plain(assignment, results, roster, standings or {})
    files = {f"{assignment}.csv": _csv_text(list(rows[0]) if rows else [],
                                            [list(row.values()) for row in rows]),
             f"{assignment}.json": json.dumps(rows, indent=1) + "\n",
             f"canvas/{assignment}.csv": _canvas(assignment, rows, roster),
             f"moodle/{assignment}.csv": _moodle(assignment, rows)}
    return _write(folder, files)


def write_final(folder: Path, standings: dict[str, dict[str, Standing]],
                weights: dict[str, float], roster: dict[str, dict[str, str]]) -> list[Path]:
    """Write `final.csv` and `.json`: each assignment's points and the weighted share in percent.

    What was not handed in counts as zero points.

    Parameters
    ----------
    standings : by assignment, then by student id
    weights : of each assignment
    """
    rows = []
    for student in sorted(set(roster).union(*standings.values())):
        row, reached = _person(student, roster), 0.0
        for assignment, class_ in standings.items():
            standing = class_.get(student)
            row[assignment] = standing and standing.score
            if standing and standing.max_score:
                reached += weights[assignment] * standing.score / standing.max_score
        row["percent"] = round(100 * reached / (sum(weights.values()) or 1), 2)
        row["waits"] = any(s[student].waits for s in standings.values() if student in s)
        rows.append(row)
    return _write(folder, {
        "final.csv": _csv_text(list(rows[0]) if rows else [], [list(r.values()) for r in rows]),
        "final.json": json.dumps(rows, indent=1) + "\n"})


def pack_feedback(assignment: str, pages: dict[str, bytes], names: dict[str, str]) -> bytes:
    """A zip of pages, each named as the platform named its student's notebook.

    Canvas and Moodle read the student's number out of that name; a page whose notebook came from
    neither is at `<student>/<assignment>.html`.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in sorted(pages.items()):
            name = PurePosixPath(names.get(student, f"{student}/{assignment}.ipynb"))
            archive.writestr(str(name.with_suffix(".html")), page)
    return packed.getvalue()


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in files]


def _person(student: str, roster: dict) -> dict:
    row = roster.get(student, {})
    return {"student_id": student,
            **{key: row.get(key, "") for key in ("last_name", "first_name", "email")}}


def _plain(assignment: str, results: dict, roster: dict, standings: dict) -> list[dict]:
    parts = dict.fromkeys(part["name"] for r in results.values() for part in r["parts"])
    parts |= dict.fromkeys(name for s in standings.values() for name in s.parts)
    return [{**_person(student, roster), "assignment": assignment,
             **_row(results.get(student), standings.get(student), parts)}
            for student in sorted(set(results) | set(roster))]


def _row(result: dict | None, standing: Standing | None, parts: dict) -> dict:
    graded = result is not None and result["status"] == "graded"
    scores = {part["name"]: part["score"] for part in result["parts"]} if graded else {}
    scores |= standing.parts if standing and graded else {}
    counts = standing if standing and graded else None
    status = result["status"] if result else NOTHING
    return {
        "score": _points(counts.score if counts else result["score"]) if graded else None,
        "max_score": counts.max_score if counts else result and result["max_score"],
        "status": "waits for a person" if counts and counts.waits else status,
        "isolation": result["isolation"] if result else None,
        "autograded": _points(result["score"]) if graded else None,
        "hours_late": counts.hours_late if counts else None,
        "late_penalty": counts.penalty if counts else None,
        **{f"part {name}": scores.get(name) for name in parts},
    }


def _canvas(assignment: str, rows: list[dict], roster: dict) -> str:
    """The columns that Canvas's importer asks for (lib/gradebook_importer.rb in its source).

    Canvas finds a student by its own id, else by SIS user id, else by login, and a column's
    assignment by its title.
    Students without a graded submission are left out: an empty cell would erase what Canvas has.
    """
    graded = [row for row in rows if row["score"] is not None]
    heading = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    top = [["    Points Possible", "", "", "", "", row["max_score"]] for row in graded][:1]
    lines = []
    for row in graded:
        student = row["student_id"]
        number = roster.get(student, {}).get("lms_user_id", "")
        names = ", ".join(filter(None, (row["last_name"], row["first_name"])))
        # the id tells Canvas enough, and a login in the wrong column would mislead it
        ids = [number, "", ""] if number else ["", student, student]
        lines.append([names or student, *ids, "", row["score"]])
    return _csv_text(heading, [*top, *lines])


def _moodle(assignment: str, rows: list[dict]) -> str:
    """A column of points under Moodle's own headings of persons; only graded students."""
    heading = ["ID number", "First name", "Last name", "Email address", assignment]
    keys = ("student_id", "first_name", "last_name", "email", "score")
    return _csv_text(heading, [[row[key] for key in keys] for row in rows
                               if row["score"] is not None])


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
