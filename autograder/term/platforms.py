"""Whose each file is, and when it came, by what each platform writes around it.

Students choose the bytes of their files, the names of files and folders in what they upload, and
on most platforms the name that they go by. Whose a file is, when it came and which one is the last
is read from what the platform wrote only: the outermost folder or file of each submission, a table
beside them, a table given with --times. A name of a person decides where nobody else has taken it.
"""

import collections
import dataclasses
import datetime
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.errors import AutograderError
from autograder.names import climbs, listed, visible
from autograder.term import canvas, exchange, gradescope, moodle
from autograder.term.claims import Claim, Collected, Found, disputed_claims, match_option
from autograder.term.course import Course
from autograder.term.people import MAX_TIME, People
from autograder.term.roster import Matcher, read_rows
from autograder.term.uploads import File, files_in

STAMP = "timestamp.txt"
TIMES = {"ids": ("student_id", "SIS Login ID", "ID number", "Email address", "Email"),
         "names": ("student_id", "Identifier", "Full name"),
         "when": ("submitted", "Last modified (submission)", "Submission Time", "Submitted")}
MAX_NOBODYS = 20


class Reader:
    """Finds whose each file is, by the layout it came in."""

    def __init__(self, course: Course, assignment: str, matcher: Matcher,
                 matches: dict[str, str], done: Collected):
        self.assignment, self.done = assignment, done
        self.people = People(course, matcher, matches)
        self.times: dict[str, datetime.datetime] = {}

    def read_times(self, path: Path) -> None:
        """Take times, and Moodle's numbers of students, from a table."""
        rows = collections.defaultdict(list)
        for line, row in read_rows(path):
            def cells(kind, row=row):
                return [row[heading] for heading in TIMES[kind] if row.get(heading)]

            sure = self.people.matcher.by_id(*cells("ids"))
            student = sure or self.people.matcher.by_name(*cells("names"), *cells("ids"))
            number = re.search(r"\d+$", row.get("Identifier", ""))
            if student:
                claim = Claim(student, ("row", number.group() if number else str(line)),
                              bool(sure))
                rows[student].append((claim, number, next(iter(cells("when")), "-"), line))
        for student, theirs in rows.items():
            disputed = disputed_claims([claim for claim, *_ in theirs])
            if disputed:
                self.done.problem(f"{path.name}: several lines have only the name of {student}: "
                                  "their times are left out; add a column student_id")
            for claim, number, when, line in theirs:
                if claim in disputed:
                    continue
                if number:
                    self.people.participants[number.group()] = claim
                if when != "-":
                    try:
                        self.times[student] = self.people.time(when)
                    except AutograderError as error:
                        raise AutograderError(f"{path}, line {line}: {error}") from None

    def read_all(self, paths: list[Path]) -> Iterator[Found]:
        """Yield every file with its student; what is nobody's becomes a problem.

        A path may be one student's, too. What lies beside it is then another student's, and its
        contents say nothing about whose it is.
        """
        where = [path.absolute() for path in paths]
        beside = {path.parent for path in where if self._known(_title(path))}
        for path in where:
            try:
                yield from self._read(path, whole=path.parent in beside)
            except AutograderError as error:
                if len(paths) == 1:
                    raise
                self.done.problem(str(error))

    def _read(self, path: Path, whole: bool) -> Iterator[Found]:
        files = self._files(path, _title(path) if whole else None)
        around = () if whole else self._around(files)
        units: dict[PurePosixPath, list[File]] = {}
        for file in files:
            parts = file.path.parts
            inside = parts[:len(around)] == around
            unit = PurePosixPath(*parts[:len(around) + 1]) if inside else file.path
            units.setdefault(unit, []).append(file)
        tables = () if whole else units.pop(PurePosixPath(*around, gradescope.TABLE), ())
        owners = self._owners(path, tables) if tables else {}
        if owners is None:
            return
        nobodys = []
        for unit, inside in units.items():
            folder = any(file.path != unit for file in inside)
            try:
                claims = (owners.get(unit.name, [self.people.matched(("gradescope", unit.name))])
                          if tables else [self._claim(unit.name, folder)])
                for claim in claims:
                    if claim.student is None:
                        option = match_option(visible(claim.person[1]))
                        nobodys.append(f"{visible(unit)}: no student of roster.csv is found for "
                                       f"it: run again with {option}")
                    elif claim.assignment in (None, self.assignment):
                        yield from self._found(claim, unit, inside)
            except AutograderError as error:
                self.done.problem(f"{visible(path.name)}: {visible(unit)}: {error}")
        for line in nobodys[:MAX_NOBODYS]:
            self.done.problem(f"{visible(path.name)}: {line}"
                              + (", or rename it if it holds a whole class" if whole else ""))
        if len(nobodys) > MAX_NOBODYS:
            self.done.problem(f"{visible(path.name)}: no student of roster.csv is found for "
                              f"{len(nobodys) - MAX_NOBODYS:,} more: see that the roster is this "
                              "class's")

    def _files(self, path: Path, above: str | None) -> list[File]:
        files, odd = [], []
        for file in files_in(path):
            if climbs(str(file.path)) or not file.path.parts:
                odd.append(visible(file.path))
            else:
                files.append(dataclasses.replace(file, path=PurePosixPath(above, file.path))
                             if above else file)
        if odd:
            self.done.problem(f"{visible(path.name)}: {listed(odd)}: passed over, as no platform "
                              "writes such names: look who made this file")
        return files

    def _known(self, name: str) -> bool:
        """Whether a folder or file is one student's, by its name."""
        return bool(moodle.is_one(name) or gradescope.is_folder(name)
                    or exchange.NAME.fullmatch(name) or self._claim(name, folder=True).student)

    def _around(self, files: list[File]) -> tuple[str, ...]:
        """The folders around all submissions: each is alone where it is, and no student's."""
        around = ()
        while True:
            inside = [file.path.parts[len(around):] for file in files
                      if file.path.parts[:len(around)] == around]
            folders = {parts[0] for parts in inside if len(parts) > 1}
            beside = {parts[0] for parts in inside if len(parts) == 1}
            if (len(folders) != 1 or gradescope.TABLE in beside
                    or any(name.endswith(".ipynb") for name in beside)
                    or any(map(self._known, folders | beside))):
                return around
            around += tuple(folders)

    def _found(self, claim: Claim, unit: PurePosixPath, files: list[File]) -> Iterator[Found]:
        """The files of one submission, each with its time."""
        # only folders that are named by student id hold times: nbgrader's, and ours
        folders = (unit, unit / self.assignment) if unit.name in self.people.matcher.roster else ()
        stamps = {file.path.parent: file for file in files
                  if file.path.name == STAMP and file.path.parent in folders}
        times = {}
        if (known := claim.time or self.times.get(claim.student)) is None:
            times = {place: self._stamped(file) for place, file in stamps.items()}
        for file in files:
            # the exchange has the time in the folder's name as well
            if file not in stamps.values() and not (claim.person[0] == "exchange"
                                                    and file.path == unit / STAMP):
                yield Found(claim, file, known or times.get(file.path.parent))

    def _stamped(self, file: File) -> datetime.datetime:
        try:
            return self.people.time(file.read(MAX_TIME).decode("utf-8", "replace").strip())
        except AutograderError as error:
            raise AutograderError(f"{STAMP}: {error}; delete the file if the time is not known"
                                  ) from None

    def _owners(self, path: Path, tables: list[File]) -> dict[str, list[Claim]] | None:
        """Who submitted what when, by Gradescope's folders; None where nothing can be told."""
        where = f"{visible(path.name)}: {visible(tables[0].path)}"
        try:
            owners, odd = gradescope.owners(tables, self.people)
        except AutograderError as error:
            self.done.problem(f"{where}: {error}: export the submissions again")
            return None
        if odd:
            self.done.problem(f"{where}: {listed(odd)}: submitters or time are not as Gradescope "
                              "writes them: export the submissions again")
        return owners

    def _claim(self, name: str, folder: bool) -> Claim:
        """Whose a submission is, by the name of its outermost folder or file."""
        for platform in (exchange, moodle, canvas):
            if found := platform.NAME.fullmatch(name):
                return platform.claim(found, self.people)
        if gradescope.is_folder(name) or moodle.is_one(name):
            return self.people.matched(("name", name))
        stem = name if folder else PurePosixPath(name).stem
        claim = self.people.named(("name", stem))
        if not claim.sure and not folder and (student := self.people.matcher.within(name)):
            return Claim(student, ("name", stem), sure=True)
        return claim


def _title(path: Path) -> str:
    """The name of a folder, or of a zip without its suffix."""
    return path.stem if path.suffix.lower() == ".zip" else path.name
