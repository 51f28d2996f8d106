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

import dateutil.parser

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.names import climbs, listed, visible
from autograder.term.claims import Claim, Collected, Found, disputed_claims, match_option
from autograder.term.course import Course
from autograder.term.metadata import read_yaml
from autograder.term.roster import Matcher, read_rows
from autograder.term.term import utc
from autograder.term.uploads import File, files_in

# Canvas (lib/content_zipper.rb): name, LATE if it is, the student's and the file's number
CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>[0-9]{1,20})_"
                    r"(?P<number>[0-9]{1,20})_(?P<file>.+)", re.DOTALL)
# Moodle (mod/assign/locallib.php): folders, or the same in front of a file's name; it puts spaces
# for the underscores of a name
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<user>[0-9]{1,20})_assignsubmission_"
                    r"(?:file|onlinetext)_?.*", re.DOTALL)
EXCHANGE = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+)(\+.*)?",
                      re.DOTALL)
SUBMISSION = re.compile(r"submission_\d+")  # Gradescope's folders
GRADESCOPE, STAMP = "submission_metadata.yml", "timestamp.txt"
TIMES = {"ids": ("student_id", "SIS Login ID", "ID number", "Email address", "Email"),
         "names": ("student_id", "Identifier", "Full name"),
         "when": ("submitted", "Last modified (submission)", "Submission Time", "Submitted")}
# Gradescope's table holds the output of every test: some 20 kB for each student
MAX_METADATA = notebook.MAX_BYTES
MAX_TEAM = 30  # who hand in one submission together
MAX_TIME = 100  # bytes of a time: the longest that is known, Moodle's in words, has 45
MAX_NOBODYS = 20


class Reader:
    """Finds whose each file is, by the layout it came in."""

    def __init__(self, course: Course, assignment: str, matcher: Matcher,
                 matches: dict[str, str], done: Collected):
        self.course, self.assignment, self.matcher, self.done = course, assignment, matcher, done
        self.matches = {visible(name): student for name, student in matches.items()}
        self.participants: dict[str, Claim] = {}
        self.times: dict[str, datetime.datetime] = {}

    def read_times(self, path: Path) -> None:
        """Take times, and Moodle's numbers of students, from a table."""
        rows = collections.defaultdict(list)
        for line, row in read_rows(path):
            def cells(kind, row=row):
                return [row[heading] for heading in TIMES[kind] if row.get(heading)]

            sure = self.matcher.by_id(*cells("ids"))
            student = sure or self.matcher.by_name(*cells("names"), *cells("ids"))
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
                    self.participants[number.group()] = claim
                if when != "-":
                    try:
                        self.times[student] = self._time(when)
                    except AutograderError as error:
                        raise AutograderError(f"{path}, line {line}: {error}") from None

    def _time(self, text: str) -> datetime.datetime:
        try:
            if len(text) > MAX_TIME:
                raise ValueError
            time = dateutil.parser.parse(text)
            return utc(time if time.tzinfo else time.replace(tzinfo=self.course.term.zone))
        except Exception:  # dateutil raises several kinds of errors, and so do years 1 and 9999
            raise AutograderError(f"'{visible(text)}' is no time such as 2026-10-12 23:59: "
                                  "correct it") from None

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
        tables = () if whole else units.pop(PurePosixPath(*around, GRADESCOPE), ())
        owners = self._gradescope(path, tables) if tables else {}
        if owners is None:
            return
        nobodys = []
        for unit, inside in units.items():
            folder = any(file.path != unit for file in inside)
            try:
                claims = (owners.get(unit.name, [self._matched(("gradescope", unit.name))])
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
        return bool("_assignsubmission_" in name or SUBMISSION.fullmatch(name)
                    or EXCHANGE.fullmatch(name) or self._claim(name, folder=True).student)

    def _around(self, files: list[File]) -> tuple[str, ...]:
        """The folders around all submissions: each is alone where it is, and no student's."""
        around = ()
        while True:
            inside = [file.path.parts[len(around):] for file in files
                      if file.path.parts[:len(around)] == around]
            folders = {parts[0] for parts in inside if len(parts) > 1}
            beside = {parts[0] for parts in inside if len(parts) == 1}
            if (len(folders) != 1 or GRADESCOPE in beside
                    or any(name.endswith(".ipynb") for name in beside)
                    or any(map(self._known, folders | beside))):
                return around
            around += tuple(folders)

    def _found(self, claim: Claim, unit: PurePosixPath, files: list[File]) -> Iterator[Found]:
        """The files of one submission, each with its time."""
        # only folders that are named by student id hold times: nbgrader's, and ours
        folders = (unit, unit / self.assignment) if unit.name in self.matcher.roster else ()
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
            return self._time(file.read(MAX_TIME).decode("utf-8", "replace").strip())
        except AutograderError as error:
            raise AutograderError(f"{STAMP}: {error}; delete the file if the time is not known"
                                  ) from None

    def _claim(self, name: str, folder: bool) -> Claim:
        """Whose a submission is, by the name of its outermost folder or file."""
        if found := EXCHANGE.fullmatch(name):
            claim = self._named(("exchange", found["student"]))
            return dataclasses.replace(claim, assignment=found["assignment"],
                                       time=self._time(found["time"]) if claim.student else None)
        if found := MOODLE.fullmatch(name):
            person = ("moodle", found["name"], found["user"])
            row = self.participants.get(found["user"])
            if row and row.sure:
                return Claim(row.student, person, sure=True)
            claim = self._named(person, by_id=False)
            return Claim(row.student, person) if row and not claim.sure else claim
        if found := CANVAS.fullmatch(name):
            return self._canvas(found)
        if "_assignsubmission_" in name or SUBMISSION.fullmatch(name):
            return self._matched(("name", name))
        stem = name if folder else PurePosixPath(name).stem
        claim = self._named(("name", stem))
        if not claim.sure and not folder and (student := self.matcher.within(name)):
            return Claim(student, ("name", stem), sure=True)
        return claim

    def _canvas(self, found: re.Match) -> Claim:
        person = ("canvas", found["name"], found["user"])
        if student := self.matcher.by_number(found["user"]):
            claim = Claim(student, person, sure=True)
        else:
            claim = self._matched(person)
        if claim.student is None and (student := self.matcher.by_name(found["name"])):
            # whom the roster knows by another number it is not
            known = self.matcher.roster[student].get("lms_user_id")
            claim = Claim(None if known else student, person)
        return dataclasses.replace(claim, number=int(found["number"]), late=bool(found["late"]))

    def _matched(self, person: tuple[str, ...]) -> Claim:
        """Whose it is by --match: surely so if the name there is nobody else's."""
        claim = Claim(None, person)
        full = self.matches.get(claim.full_name)
        return dataclasses.replace(claim, student=full or self.matches.get(visible(person[1])),
                                   sure=full is not None)

    def _named(self, person: tuple[str, ...], by_id: bool = True) -> Claim:
        """Whose it is by --match, an id, or a name."""
        claim = self._matched(person)
        if claim.student is None:
            sure = self.matcher.by_id(person[1]) if by_id else None
            claim = Claim(sure or self.matcher.by_name(person[1]), person, bool(sure))
        return claim

    def _gradescope(self, path: Path, files: list[File]) -> dict[str, list[Claim]] | None:
        """Who submitted what when, by folder; None where nothing can be told."""
        owners, odd = {}, []
        where = f"{visible(path.name)}: {visible(files[0].path)}"
        try:
            if len(files) > 1:
                raise ValueError("it is there twice")
            entries = list(read_yaml(files[0].read(MAX_METADATA).decode()).items())
        except Exception as error:  # of a kind that nobody listed, too
            self.done.problem(f"{where}: is not as Gradescope writes it ({visible(error)}): "
                              "export the submissions again")
            return None
        for folder, entry in entries:
            try:
                time = _text(entry.get(":created_at", ""))
                time = self._time(time) if time else None
                team = entry[":submitters"]
                if len(team) > MAX_TEAM:  # by an alias it costs nothing to name many
                    raise ValueError
                owners[folder] = [dataclasses.replace(self._submitter(who), time=time)
                                  for who in team]
            except Exception:
                owners[folder] = []
                odd.append(visible(folder))
        if odd:
            self.done.problem(f"{where}: {listed(odd)}: submitters or time are not as Gradescope "
                              "writes them: export the submissions again")
        return owners

    def _submitter(self, who: dict) -> Claim:
        sid, email, name = (_text(who.get(key, "")) for key in (":sid", ":email", ":name"))
        person = ("gradescope", name, sid or email)
        if student := self.matcher.by_id(sid, email):
            return Claim(student, person, sure=True)
        claim = self._matched(person)
        return claim if claim.student else Claim(self.matcher.by_name(sid, email, name), person)


def _title(path: Path) -> str:
    """The name of a folder, or of a zip without its suffix."""
    return path.stem if path.suffix.lower() == ".zip" else path.name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return "" if value in ("null", "~") else value
