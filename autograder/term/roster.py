"""Who is in the class: `roster.csv`, and the lists that Canvas and Moodle give out."""

import csv
import io
import re
import unicodedata
from pathlib import Path

from autograder.errors import AutograderError
from autograder.names import is_reserved, visible

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
MAX_ID = 100  # characters: names of folders and files are made of it
COLUMNS = ("student_id", "first_name", "last_name", "email", "lms_user_id")
# headings of lists that others write, by our column, the most telling first
HEADINGS = {
    "student_id": ("student_id", "SIS Login ID", "Username", "ID number", "SIS User ID", "SID",
                   "Email address", "Email"),
    "first_name": ("first_name", "First name", "First Name"),
    "last_name": ("last_name", "Last name", "Surname", "Last Name"),
    "name": ("Student", "Full name", "Name"),
    "email": ("email", "Email address", "Email"),
    "lms_user_id": ("lms_user_id", "ID"),
}
COLUMNS_READ = frozenset(heading for theirs in HEADINGS.values() for heading in theirs)


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file as people make them, each with the number of its first line.

    Any encoding mark, commas, semicolons or tabs.

    Raises
    ------
    AutograderError
        Not a CSV file in UTF-8, or a quotation mark is not closed.
    """
    begin = 1
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.reader(io.StringIO(text, newline=""), strict=True,
                            delimiter=max(",;\t", key=first.count))
        rows, headings = [], None
        for cells in reader:
            if cells and headings is None:
                headings = [cell.strip() for cell in cells]
            elif cells:
                _require_whole_lines(cells, headings, reader.dialect.delimiter)
                rows.append((begin, dict(zip(headings, map(str.strip, cells)))))
            begin = reader.line_num + 1
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such file") from None
    except csv.Error as error:
        raise AutograderError(f"{path}, line {begin}: cannot be read as CSV ({error}): see that "
                              "every quotation mark in it is closed") from None
    except (OSError, UnicodeDecodeError) as error:
        raise AutograderError(f"{path}: cannot be read as CSV ({error}): save it as CSV in UTF-8"
                              ) from None
    return rows


def _require_whole_lines(cells: list[str], headings: list[str], delimiter: str) -> None:
    """Raise csv.Error where a quotation mark seems to hold the lines of other students."""
    for heading, cell in zip([*headings, *[""] * len(cells)], cells):
        lines = cell.splitlines()[1:]
        if lines and (heading in COLUMNS_READ or len(cells) != len(headings) or any(
                line.count(delimiter) >= len(headings) - 1 for line in lines)):
            raise csv.Error("a quotation mark holds several lines")


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Students by id, from our own roster or a list from Canvas or Moodle.

    Canvas: the gradebook's export; Moodle: the list of participants or a grading worksheet.

    Raises
    ------
    AutograderError
        Not CSV, no column that tells students apart, an id that is no folder's name, or twice.
    """
    rows = read_rows(path)
    columns = {ours: next((h for h in theirs if rows and h in rows[0][1]), None)
               for ours, theirs in HEADINGS.items()}
    if not columns["student_id"]:
        raise AutograderError(f"{path}: needs a heading line with one of the columns "
                              f"{', '.join(HEADINGS['student_id'])}, and a line for each student")
    roster, lines = {}, {}
    for number, row in rows:
        found = {ours: row.get(theirs, "") if theirs else "" for ours, theirs in columns.items()}
        student, name = found["student_id"], found.pop("name")
        if not student and (not name or "Points Possible" in name or name == "Student, Test"):
            continue  # Canvas's second line, its test student, an empty line
        if problem := _problem(student, lines):
            raise AutograderError(f"{path}, line {number}: {problem}")
        lines[student.casefold()] = (student, number)
        if name and not found["last_name"]:
            last, comma, first = name.partition(", ")
            first, last = (first, last) if comma else (name.rpartition(" ")[0],
                                                       name.rpartition(" ")[2])
            found |= {"first_name": first, "last_name": last}
        roster[student] = found
    if not roster:
        raise AutograderError(f"{path}: has no student")
    return roster


def _problem(student: str, lines: dict[str, tuple[str, int]]) -> str | None:
    """What is wrong with an id, beside those of the lines before it."""
    if not STUDENT_ID.fullmatch(student):
        return (f"'{visible(student)}' is not a student id (letters, digits and . _ @ - only): "
                "correct the line")
    if len(student) > MAX_ID:
        return (f"'{visible(student)}' is longer than {MAX_ID} characters: use a shorter id, or "
                "see that the line has its commas")
    if student.endswith("."):
        return (f"'{student}' ends in a dot, which no folder's name can do on Windows: delete "
                "the dot")
    if is_reserved(student):
        return (f"'{student}' names a device on Windows, so that no folder can have it: use "
                f"another id, such as {student.replace('.', '-')}-1")
    other, number = lines.get(student.casefold(), (None, 0))
    if other == student:
        return f"{student} is there twice: delete one of the lines"
    if other:
        return (f"{student} and {other} (line {number}) differ by case only and would share one "
                "folder on macOS and Windows: change one of the ids")
    return None


def plain_name(text: str) -> str:
    """A name as it can be compared: letters and digits only, accents and case away."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())


class Matcher:
    """Finds the student of the roster whom a platform's file names.

    Ids and addresses are the platform's. Names are what people call themselves: who takes another
    student's name is found by it as well.
    """

    def __init__(self, roster: dict[str, dict[str, str]]):
        self.roster = roster
        self._names: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        for student, row in roster.items():
            first, last = row.get("first_name", ""), row.get("last_name", "")
            for key in (student, row.get("email", ""), first + last, last + first):
                self._names.setdefault(plain_name(key), set()).add(student)
            for key in (student, row.get("email", "")):
                self._ids.setdefault(key.casefold(), set()).add(student)
            self._numbers.setdefault(row.get("lms_user_id", ""), set()).add(student)
        for keys in (self._names, self._ids, self._numbers):
            keys.pop("", None)

    def by_number(self, number: str) -> str | None:
        """The only student with this id on the platform."""
        return _only(self._numbers.get(number, ()))

    def by_id(self, *texts: str) -> str | None:
        """The only student whose id or address one of these is."""
        return next(filter(None, (_only(self._ids.get((text or "").casefold(), ()))
                                  for text in texts)), None)

    def by_name(self, *names: str) -> str | None:
        """The only student whom one of these names, ids or addresses fits."""
        return next(filter(None, (_only(self._names.get(plain_name(name or ""), ()))
                                  for name in names)), None)

    def within(self, text: str) -> str | None:
        """The only student whose id stands in a text as a word of its own."""
        words = {word for word in re.split(r"[^A-Za-z0-9.@-]+|\.ipynb$", text) if word}
        return _only(words & self.roster.keys())


def _only(students) -> str | None:
    return next(iter(students)) if len(students) == 1 else None
