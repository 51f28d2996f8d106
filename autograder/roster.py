"""Who is in the class: `roster.csv`, and the lists that Canvas and Moodle give out."""

import csv
import io
import re
import unicodedata
from pathlib import Path

from autograder.errors import AutograderError

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
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


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as people make them: any encoding mark, commas or semicolons."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        rows = list(csv.DictReader(io.StringIO(text, newline=""),
                                   delimiter=max(",;\t", key=first.count)))
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AutograderError(f"{path}: cannot be read as CSV ({error}): save it as CSV in UTF-8"
                              ) from None
    return [{(k or "").strip(): v.strip() for k, v in row.items() if isinstance(v, str)}
            for row in rows]


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Students by id, from our own roster or a list from Canvas or Moodle.

    Canvas: the gradebook's export; Moodle: the list of participants or a grading worksheet.

    Raises
    ------
    AutograderError
        Not CSV, no column that tells students apart, an id that is no folder's name, or twice.
    """
    rows = read_rows(path)
    columns = {ours: next((h for h in theirs if rows and h in rows[0]), None)
               for ours, theirs in HEADINGS.items()}
    if not columns["student_id"]:
        raise AutograderError(f"{path}: needs a heading line with one of the columns "
                              f"{', '.join(HEADINGS['student_id'])}, and a line for each student")
    roster = {}
    for number, row in enumerate(rows, start=2):
        found = {ours: row.get(theirs, "") if theirs else "" for ours, theirs in columns.items()}
        student, name = found["student_id"], found.pop("name")
        if not student and (not name or "Points Possible" in name or name == "Student, Test"):
            continue  # Canvas's second line, its test student, an empty line
        if not STUDENT_ID.fullmatch(student):
            raise AutograderError(f"{path}, line {number}: {student!r} is not a student id "
                                  "(letters, digits and . _ @ - only): correct the line")
        if student in roster:
            raise AutograderError(f"{path}, line {number}: {student} is there twice: delete one "
                                  "of the lines")
        if name and not found["last_name"]:
            last, comma, first = name.partition(", ")
            first, last = (first, last) if comma else (name.rpartition(" ")[0],
                                                       name.rpartition(" ")[2])
            found |= {"first_name": first, "last_name": last}
        roster[student] = found
    if not roster:
        raise AutograderError(f"{path}: has no student")
    return roster


def plain_name(text: str) -> str:
    """A name as it can be compared: letters and digits only, accents and case away."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())


class Matcher:
    """Finds the student of the roster whom a platform's file names."""

    def __init__(self, roster: dict[str, dict[str, str]]):
        self.roster = roster
        self._keys: dict[str, set[str]] = {}
        for student, row in roster.items():
            first, last = row.get("first_name", ""), row.get("last_name", "")
            for key in (student, row.get("email", ""), first + last, last + first):
                if plain_name(key):
                    self._keys.setdefault(plain_name(key), set()).add(student)
        self._numbers = {row["lms_user_id"]: student for student, row in roster.items()
                         if row.get("lms_user_id")}

    def by_number(self, number: str) -> str | None:
        """The student with this id on the platform."""
        return self._numbers.get(number)

    def by_name(self, *names: str) -> str | None:
        """The only student whom one of these names, ids or addresses fits."""
        for name in names:
            students = self._keys.get(plain_name(name or ""), ())
            if len(students) == 1:
                return next(iter(students))
        return None

    def within(self, text: str) -> str | None:
        """The only student whose id stands in a text as a word of its own."""
        words = {word for word in re.split(r"[^A-Za-z0-9.@-]+|\.ipynb$", text) if word}
        found = words & self.roster.keys()
        return next(iter(found)) if len(found) == 1 else None
