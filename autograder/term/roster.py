"""Who is in the class: `roster.csv`, and the lists that platforms and people give out."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.names import folded, listed, visible
from autograder.term.columns import (
    COLUMNS,
    KEYS,
    KNOWN,
    LAST_FIRST,
    NAMED,
    columns_option,
    find_columns,
    is_ours,
)
from autograder.term.lists import Table, clean, key, read_table
from autograder.term.matcher import plain_name
from autograder.term.nobody import SUMMARY, why_no_student
from autograder.term.student_id import CUT_SHORT, SHORTENED, misfit

MAX_ODD = 20  # lines of a list that are told one by one
EMPTY = frozenset(("", "-", "–", "—", "n/a", "#n/a", "null"))  # what stands for no id


class OddLines(AutograderError):
    """Lines of a list that a person has to correct; `lines` has one for each."""

    def __init__(self, path: Path, lines: list[str]):
        super().__init__(f"{path}, " + listed(lines, "; "))
        self.lines = [f"{path}, {line}" for line in lines[:MAX_ODD]]
        if len(lines) > MAX_ODD:
            self.lines.append(f"{path}: and {len(lines) - MAX_ODD:,} lines more")


@dataclass
class StudentList:
    """The students of a list by id, the column of their ids, and what is good to know of it."""

    students: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    column: str = ""


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file as people make them, each with the number of its first line.

    Any usual encoding, any of , ; | and tab between cells, titles above the heading.

    Raises
    ------
    AutograderError
        Not a table in text, or a quotation mark is not closed.
    """
    table = read_table(path, {*KEYS["student_id"], *NAMED}, {*KNOWN, "submitted"})
    return [(line, dict(zip(reversed(table.headings[:len(cells)]),
                            map(clean, reversed(cells[:len(table.headings)])))))
            for line, cells in table.rows]


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Students by id, from our own roster or a list that a platform gave out.

    Raises
    ------
    AutograderError
        As of `read_list`.
    """
    return read_list(path).students


def read_list(path: Path, columns: Mapping[str, str] | None = None,
              before: Mapping[str, Mapping[str, str]] | None = None) -> StudentList:
    """Students by id, from our own roster or a list that a platform gave out.

    An empty cell in the column of ids is made good by the next column that tells students apart;
    the notes say so.

    Parameters
    ----------
    columns : headings by our column, for a list whose headings nobody knows
    before : the roster until now: who has an id of it in any such column keeps it

    Raises
    ------
    AutograderError
        Not a table, or no column that tells students apart.
    OddLines
        A student without an id, an id that no folder can have, or one that is there twice.
    """
    named = dict(columns or {})
    table = read_table(path, set(map(key, named.values())) or set(KEYS["student_id"]),
                       {*KNOWN, *map(key, named.values())})
    return _Reading(table, named, before or {}).result()


class _Reading:
    """One list on its way to students."""

    def __init__(self, table: Table, named: Mapping[str, str],
                 before: Mapping[str, Mapping[str, str]]):
        self.table, self.places = table, find_columns(table, named)
        self.before = {folded(student): (student, row) for student, row in before.items()}
        keys = set(map(key, table.headings))
        self.known = KNOWN | set(map(key, named.values()))
        self.ours = is_ours(table)
        self.canvas = "ID" in table.headings and bool(
            keys & {"sisloginid", "sisuserid"}
            or "section" in keys and keys & {"student", "lastname"})
        # elsewhere than in Canvas it may be the class's own number
        self.numbered = self.canvas or (
            self.places["student_id"][0] not in self.places["lms_user_id"])
        self.given = "lms_user_id" in named or key("lms_user_id") in keys
        self.found = StudentList(notes=table.notes)
        self.odd: list[str] = []
        self.left_out: dict[str, list[str]] = {}
        self.lines: dict[str, tuple[str, int]] = {}
        self.numbers: dict[str, tuple[str, int]] = {}
        self.columns: dict[int, list[str]] = {}

    def result(self) -> StudentList:
        for line, cells in self.table.rows:
            self._read(line, cells)
        if self.odd:
            raise OddLines(self.table.path, self.odd)
        if not self.found.students:
            raise AutograderError(f"{self.table.path}: has no student: it needs a line for each "
                                  f"below its heading (line {self.table.line})")
        for why, who in self.left_out.items():
            self.found.notes.append(f"left out, {why}: {listed(who)}")
        self._say_columns()
        return self.found

    def _say_columns(self) -> None:
        """Notes on ids that are not all from one column, and on names that were not found."""
        # max takes the first of equals: the most telling
        main = max((place for place in self.places["student_id"] if place in self.columns),
                   key=lambda place: len(self.columns[place]))
        headings = [visible(heading) for heading in self.table.headings]
        self.found.column = headings[main]
        if others := [f"those of {listed(students)} from {headings[place]}"
                      for place, students in self.columns.items() if place != main]:
            self.found.notes.append(f"ids are mixed: they are from the column {headings[main]}, "
                                    f"but {' and '.join(others)}")
        strange = [heading for heading in headings if heading and key(heading) not in self.known]
        if strange and not any(self.places[ours] for ours in ("name", "first_name", "last_name")):
            self.found.notes.append(
                f"no names are known, by which files are told whose they are: if one of "
                f"{listed(strange)} has them, name it: {columns_option('name', strange[0])}")

    def _read(self, line: int, cells: list[str]) -> None:
        row = self._row(cells)
        # what is no address slipped into its column, unless addresses are all that there is
        ids = [(place, value) for number, place in enumerate(self.places["student_id"])
               if (value := self._id(place, cells)).casefold() not in EMPTY
               and not (number and place in self.places["email"] and "@" not in value)]
        name = " ".join(filter(None, (row["first_name"], row["last_name"])))
        where = f"line {line} ({visible(name)})" if name else f"line {line}"
        if not ids and (not any(map(clean, cells)) or self._is_summary(cells, name)):
            return
        role = next((self._cell(place, cells) for place in self.places["role"]), "")
        if why := why_no_student(name, [value for _, value in ids], role, self.ours):
            self.left_out.setdefault(why, []).append(
                visible(name or ids[0][1]) + f" (line {line})")
            return
        if any(map(clean, cells[len(self.table.headings):])):
            self.odd.append(f"{where}: has {len(cells)} cells and the heading "
                            f"{len(self.table.headings)}: put quotation marks around a cell with "
                            "a separator in it")
            return
        if not ids:
            self.odd.append(f"{where}: {self._lacks()}")
            return
        place, student = next((one for one in ids if self._is_known(one, row)), ids[0])
        student, _ = self.before.get(folded(student), (student, {}))  # as its folder has it
        if problem := self._problem(student, row["lms_user_id"]):
            others = [] if self.ours else [
                self.table.headings[p] for p, value in ids
                if p != place and value != student and not misfit(value)]
            hint = (f", or use {columns_option('student_id', others[0])}"
                    if others and misfit(student) else "")
            self.odd.append(f"{where}: {problem}{hint}")
            return
        self.lines[folded(student)] = (student, line)
        if row["lms_user_id"]:
            self.numbers[row["lms_user_id"]] = (student, line)
        self.columns.setdefault(place, []).append(student)
        self.found.students[student] = {"student_id": student, **row}

    def _row(self, cells: list[str]) -> dict[str, str]:
        """Our columns but the id."""
        row = {ours: next((value for place in self.places[ours]
                           if (value := self._cell(place, cells))), "")
               for ours in (*COLUMNS[1:], "name")}
        name = row.pop("name")
        if name and not row["last_name"]:
            place = next(p for p in self.places["name"] if self._cell(p, cells))
            row["first_name"], row["last_name"] = _split(
                name, key(self.table.headings[place]) in map(key, LAST_FIRST))
        elif row["first_name"] and row["last_name"].startswith(row["first_name"] + " "):
            # `Name, Vorname`, and the name is the full one
            row["last_name"] = row["last_name"].removeprefix(row["first_name"]).strip()
        number = row["lms_user_id"]
        if not self.given and not (self.numbered and (
                number.isdecimal() or SHORTENED.fullmatch(number))):
            row["lms_user_id"] = ""
        return row

    def _cell(self, place: int, cells: list[str]) -> str:
        return clean(cells[place]) if place < len(cells) else ""

    def _id(self, place: int, cells: list[str]) -> str:
        """An id as a folder has it: in one Unicode form, without Brightspace's mark."""
        text = re.sub(" +", " ", unicodedata.normalize("NFC", self._cell(place, cells)))
        return text.removeprefix("#") if key(self.table.headings[place]) in (
            "orgdefinedid", "username") else text

    def _is_known(self, one: tuple[int, str], row: Mapping[str, str]) -> bool:
        """Whether it is the id of that person until now, and not just another's equal number."""
        place, value = one
        _, before = self.before.get(folded(value), (value, None))
        if before is None or place == self.places["student_id"][0]:
            return before is not None
        return any(row[ours] and plain_name(row[ours]) == plain_name(before.get(ours, ""))
                   for ours in ("email", "lms_user_id")) or any(
            row[ours] for ours in ("first_name", "last_name")) and all(
            plain_name(row[ours]) == plain_name(before.get(ours, ""))
            for ours in ("first_name", "last_name"))

    def _is_summary(self, cells: list[str], name: str) -> bool:
        """Whether a line without ids is the platform's: of points, dates, averages."""
        raw = next((cells[place] for ours in ("name", "last_name", "first_name")
                    for place in self.places[ours] if place < len(cells) and cells[place]), "")
        # Canvas's two lines stand above all students, in any language
        above = self.canvas and not self.found.students and (not name or raw.startswith("    "))
        return above or key(name) in SUMMARY

    def _lacks(self) -> str:
        headings = [visible(self.table.headings[place]) for place in self.places["student_id"]]
        if self.canvas and len(headings) > 2 and headings[-1] == "ID":
            headings.pop()  # which is Canvas's to give
        if len(headings) == 1:
            return f"has no {headings[0]}: fill it in"
        return ("has neither " + " nor ".join(headings) if len(headings) == 2 else
                "has none of " + ", ".join(headings)) + ": fill one in"

    def _problem(self, student: str, number: str) -> str | None:
        """What is wrong with an id, beside those of the lines before it."""
        if problem := misfit(student):
            return problem
        if SHORTENED.fullmatch(number):
            return f"'{number}' {CUT_SHORT}"
        other, line = self.lines.get(folded(student), (None, 0))
        if other == student:
            return f"{student} is there twice (line {line}): delete one of the lines"
        if other:
            what = "case" if student.casefold() == other.casefold() else "Unicode form"
            return (f"{student} and {other} (line {line}) differ by {what} only and would share "
                    "one folder on macOS and Windows: change one of the ids")
        other, line = self.numbers.get(number, (None, 0))
        if other:
            return f"has the platform's number {number}, as {other} has (line {line}): correct it"
        return None


def _split(name: str, last_first: bool) -> tuple[str, str]:
    """First and last name out of one cell."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return first, last
    words = name.split()
    return ((" ".join(words[1:]), words[0]) if last_first else
            (" ".join(words[:-1]), words[-1]))
