"""Grades as files that other programs read."""

import csv
import io
import itertools
import json
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from autograder.atomic import write_atomically
from autograder.gradebook.standing import Standing
from autograder.grading.result import Result
from autograder.names import safe_path
from autograder.term.course import NOTHING

WAITS = "waits for a person"
# characters at which some spreadsheet begins a cell, characters that some pass over there, and what
# makes a formula: = + - @ and what Unicode calls equal to them, besides the minus sign
SEPARATORS = ",;|\t\r\n"
PASSED_OVER = (
    "\\s\"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff")
STARTS = {"\u2212", *(c for c in map(chr, range(0x10000))
                      if unicodedata.normalize("NFKC", c) in set("=+-@"))}
CELL_BEGINS = re.compile(f"(?:^|[{SEPARATORS}])[{SEPARATORS}{PASSED_OVER}]*")

Roster = dict[str, dict[str, str]]  # rows by student id
Row = dict[str, str | float | None]  # of grades, by heading


def write_grades(folder: Path, assignment: str, results: dict[str, Result], roster: Roster,
                 standings: dict[str, Standing] | None = None,
                 graded_only: bool = False) -> list[Path]:
    """Write the grades below FOLDER and return the files' paths.

    `<assignment>.csv` and `.json` have one row for every student of the roster or with a result.
    A student without a graded submission has no score (an empty cell, null) and a `status` that
    says why.

    With `standings` the score is what counts: points by hand and late work included.

    `canvas/<assignment>.csv` is for the import of Canvas's gradebook, `moodle/<assignment>.csv` for
    Moodle's grade import, which asks what tells students apart (ID number or e-mail address). Of
    these two, `graded_only` leaves out students who wait for a person.

    Raises
    ------
    AutograderError
        A file cannot be written.
    """
    by_student = _plain(assignment, results, roster, standings or {})
    rows = list(by_student.values())
    # a student without points is left out: an empty cell would erase what stands there
    passed_on = {student: row for student, row in by_student.items() if row["score"] is not None
                 and not (graded_only and row["status"] == WAITS)}
    files = {f"{assignment}.csv": _csv_text(list(rows[0]) if rows else [],
                                            [list(row.values()) for row in rows]),
             f"{assignment}.json": json.dumps(rows, indent=1) + "\n",
             f"canvas/{assignment}.csv": _canvas(assignment, passed_on, roster),
             f"moodle/{assignment}.csv": _moodle(assignment, list(passed_on.values()))}
    return _write(folder, files)


def write_final(folder: Path, standings: dict[str, dict[str, Standing]],
                weights: dict[str, float], roster: Roster,
                not_due: Collection[str] = ()) -> list[Path]:
    """Write `final.csv` and `.json`: each assignment's points and the weighted share in percent.

    What was not handed in counts as zero points; in `percent_so_far` assignments that are not due
    yet are left out.

    Parameters
    ----------
    standings : by assignment, then by student id
    weights : of each assignment
    not_due : assignments whose due date is still to come
    """
    rows = []
    for student in sorted(set(roster).union(*standings.values())):
        own = {name: class_.get(student) for name, class_ in standings.items()}
        row: Row = {
            **_person(student, roster), **{n: s.score if s else None for n, s in own.items()},
            "percent": _percent(own, weights),
            "percent_so_far": _percent({name: standing for name, standing in own.items()
                                        if name not in not_due}, weights)}
        row["waits"] = any(s[student].waiting for s in standings.values() if student in s)
        rows.append(row)
    return _write(folder, {
        "final.csv": _csv_text(list(rows[0]) if rows else [], [list(r.values()) for r in rows]),
        "final.json": json.dumps(rows, indent=1) + "\n"})


def _percent(own: dict[str, Standing | None], weights: dict[str, float]) -> float:
    """A student's weighted share of the points of these assignments."""
    reached = sum(weights[name] * standing.score / standing.max_score
                  for name, standing in own.items() if standing and standing.max_score)
    return round(100 * reached / (sum(weights[name] for name in own) or 1), 2)


def pack_feedback(assignment: str, pages: dict[str, bytes], names: dict[str, str]) -> bytes:
    """A zip of pages, each named as the platform named its student's notebook.

    Canvas and Moodle read the student's number out of that name; a page whose notebook came from
    neither is at `<student>/<assignment>.html`, and so is one whose name would be another's or is
    not safe to unpack.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, name in _page_names(assignment, sorted(pages), names).items():
            archive.writestr(name, pages[student])
    return packed.getvalue()


def _page_names(assignment: str, students: list[str], names: dict[str, str]) -> dict[str, str]:
    """A name for each student's page: relative, of this student only, on every file system."""
    owners = {_folded(student): student for student in students}
    chosen: dict[str, str] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for student in students:
        given = safe_path(names.get(student, ""))
        own: Iterator[PurePosixPath] = (safe_path(f"{student}{suffix}/{assignment}.html")
               for suffix in itertools.chain([""], map("-{}".format, itertools.count(2))))
        # a platform's name says nothing of another student's folder
        if given.parts and all(owners.get(_folded(part), student) == student
                               for part in (*given.parts[:-1], given.stem)):
            own = itertools.chain([given.with_suffix(".html")], own)
        name = next(path for path in own if _folded(path) not in files | folders
                    and not files & set(map(_folded, path.parents)))
        files.add(_folded(name))
        folders.update(map(_folded, name.parents))
        chosen[student] = str(name)
    return chosen


def _folded(name: str | PurePosixPath) -> str:
    """Equal for names that some file system takes for the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(name)).casefold())


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        write_atomically(folder / name, text.encode())
    return [folder / name for name in files]


def _person(student: str, roster: Roster) -> dict[str, str]:
    row = roster.get(student, {})
    return {"student_id": student,
            **{key: row.get(key, "") for key in ("last_name", "first_name", "email")}}


def _plain(assignment: str, results: dict[str, Result], roster: Roster,
           standings: dict[str, Standing]) -> dict[str, Row]:
    parts = dict.fromkeys(part["name"] for r in results.values() for part in r["parts"])
    parts |= dict.fromkeys(name for s in standings.values() for name in s.parts)
    return {student: {**_person(student, roster), "assignment": assignment,
                      **_row(results.get(student), standings.get(student), parts)}
            for student in sorted(set(results) | set(roster))}


def _row(result: Result | None, standing: Standing | None, parts: dict[str, None]) -> Row:
    graded = result if result and result["status"] == "graded" else None
    scores = {part["name"]: part["score"] for part in graded["parts"]} if graded else {}
    scores |= standing.parts if standing and graded else {}
    counts = standing if standing and graded else None
    status = result["status"] if result else NOTHING
    return {
        "score": _points(counts.score if counts else graded["score"]) if graded else None,
        "max_score": counts.max_score if counts else result and result["max_score"],
        "status": WAITS if counts and counts.waiting else status,
        "isolation": result["isolation"] if result else None,
        "autograded": _points(graded["score"]) if graded else None,
        "hours_late": counts.hours_late if counts else None,
        "late_penalty": counts.penalty if counts else None,
        **{f"part {name}": scores.get(name) for name in parts},
    }


def _canvas(assignment: str, rows: dict[str, Row], roster: Roster) -> str:
    """The columns that Canvas's importer asks for (lib/gradebook_importer.rb in its source).

    Canvas finds a student by its own id, else by SIS user id, else by login, and a column's
    assignment by its title.
    """
    heading = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment]
    top = [["    Points Possible", "", "", "", "", row["max_score"]] for row in rows.values()][:1]
    lines = []
    for student, row in rows.items():
        known = roster.get(student, {})
        number = known.get("lms_user_id", "")
        names = ", ".join(filter(None, (known.get("last_name"), known.get("first_name"))))
        # the id tells Canvas enough, and a login in the wrong column would mislead it
        ids = [number, "", ""] if number else ["", student, student]
        lines.append([names or student, *ids, known.get("section", ""), row["score"]])
    return _csv_text(heading, [*top, *lines])


def _moodle(assignment: str, rows: list[Row]) -> str:
    """A column of points under Moodle's own headings of persons."""
    heading = ["ID number", "First name", "Last name", "Email address", assignment]
    keys = ("student_id", "first_name", "last_name", "email", "score")
    return _csv_text(heading, [[row[key] for key in keys] for row in rows])


def _points(score: float) -> float:
    """A sum of parts' points without the last digits of binary arithmetic."""
    return round(score, 2)


def _csv_text(heading: list[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # ends lines in \r\n, so that a \r inside of a cell is quoted
    writer.writerows([[_harmless(cell) for cell in row] for row in [heading, *rows]])
    return text.getvalue()


def _harmless(value):
    """Text with an apostrophe in front of all that a spreadsheet would run as a formula.

    By OWASP's advice on CSV injection (https://owasp.org/www-community/attacks/CSV_Injection): not
    only the beginning of the text counts, but whatever follows a separator of any country's
    spreadsheets, with or without quotes, spaces and characters that are not seen between.
    """
    if not isinstance(value, str):
        return value
    value = CELL_BEGINS.sub(_guarded, value)
    return f"'{value}" if value.startswith(("\t", "\r", "\n")) else value


def _guarded(begin: re.Match[str]) -> str:
    """The beginning of a cell, with an apostrophe where a formula follows it."""
    text = begin.group()
    if begin.string[begin.end():begin.end() + 1] not in STARTS:
        return text
    at = max(map(text.rfind, SEPARATORS)) + 1
    return ("'" if at and not begin.start() else "") + text[:at] + "'" + text[at:]
