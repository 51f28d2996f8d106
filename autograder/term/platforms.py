"""Whose each file is, and when it came, by what each platform writes around it.

Students choose the bytes of their files, the names of files and folders in what they upload, and
on most platforms the name that they go by. Whose a file is, when it came and which one is the last
is read from what the platform wrote only: the outermost folder or file of each submission, a table
beside them, a table given with --times. A name of a person decides where nobody else has taken it.
"""

import collections
import datetime
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from autograder.errors import AutograderError
from autograder.names import listed, visible
from autograder.term import (
    blackboard,
    brightspace,
    canvas,
    drive,
    exchange,
    github,
    gradescope,
    moodle,
    times,
)
from autograder.term.claims import HAND, Claim, Collected, Found
from autograder.term.course import Course
from autograder.term.matcher import Matcher
from autograder.term.matches import TOLD, TWO, Matches
from autograder.term.people import MAX_TIME, People
from autograder.term.units import Source, Unit, read_source, title
from autograder.term.uploads import File, is_zip, stem

STAMP = exchange.STAMP
SHORT = 4  # characters of a number that stands in many a name of a file

Reading = Callable[[], Claim]  # whose it is, if one platform has written the name
Parts = TypeVar("Parts")  # of a name


class Reader:
    """Finds whose each file is, by the layout it came in.

    Parameters
    ----------
    matches : student ids by the name that --match gave
    student : whose everything is
    classroom : GitHub Classroom's table of students
    """

    def __init__(self, course: Course, assignment: str, matcher: Matcher,
                 matches: dict[str, str], done: Collected, *, student: str | None = None,
                 classroom: Path | None = None):
        self.assignment, self.done = assignment, done
        self._root, self._student = course.root, student
        self._conditions = course.term.of(assignment)
        self.people = People(course, matcher)
        self._matches = Matches(matches, matcher, done)
        self.times: dict[str, datetime.datetime] = {}
        self._attempts = blackboard.Attempts(self.people)
        self._classroom = github.read_table(classroom) if classroom else None
        self._platforms = {
            "nbgrader's exchange": self._reader(
                lambda name, _: exchange.NAME.fullmatch(name), exchange.claim),
            "Moodle": self._reader(lambda name, _: moodle.NAME.fullmatch(name), moodle.claim),
            "Blackboard": self._reader(
                lambda name, _: blackboard.NAME.fullmatch(name), self._attempts.claim),
            "Brightspace": self._reader(brightspace.find, brightspace.claim),
            "Canvas": self._reader(lambda name, _: canvas.NAME.fullmatch(name), canvas.claim),
            "GitHub Classroom": self._repository,
            "Google Drive": self._reader(lambda name, _: drive.NAME.fullmatch(name), drive.claim)}

    def _reader(self, find: Callable[[str, bool], Parts | None],
                claim: Callable[[Parts, People], Claim]) -> Callable[[str, bool], Reading | None]:
        """How one platform's names are read: what finds their parts, and whose it is by them."""
        def read(name: str, folder: bool) -> Reading | None:
            parts = find(name, folder)
            return partial(claim, parts, self.people) if parts else None
        return read

    def read_times(self, path: Path) -> None:
        """Take times, and Moodle's numbers of students, from a table."""
        table = times.read_times(path, self.people)
        self.times |= table.times
        self.people.participants |= table.participants
        for line in table.problems:
            self.done.problem(line)
        for line in table.notes + times.far_from_due(table.times, self._conditions):
            self.done.note(line)

    def read_all(self, paths: list[Path]) -> Iterator[Found]:
        """Yield every file with its student; what is nobody's becomes a problem.

        A path may be one student's, too. What lies beside it is then another student's, and its
        contents say nothing about whose it is.
        """
        where = [path.absolute() for path in paths]
        self._find_classroom(where)
        beside = {path.parent for path in where
                  if (path.is_dir() or is_zip(path)) and self._known(title(path), folder=True)}
        sources = []
        for path in where:
            try:
                sources.append(read_source(
                    path, path.parent in beside and (path.is_dir() or is_zip(path)), self._known))
            except AutograderError as error:
                if len(paths) == 1:
                    raise
                self.done.problem(str(error))
        claims = [(unit, claim) for group in _groups(sources) for unit, claim in
                  self._claimed(group)]
        if self._student:
            claims = self._all_of_one(claims)
        if self._classroom and any(claim.person[0] == "github" and claim.student
                                   for _, claim in claims):
            self.done.note(f"{self._classroom.path}: read for whose each repository is")
        nobodys = [unit.name for unit, claim in claims
                   if unit.folder and claim.student is None and claim.person[0] == "name"]
        if len(nobodys) > 1 and self._classroom is None and "-" in os.path.commonprefix(nobodys):
            self.done.note(f"{visible(nobodys[0])}, ...: are these GitHub Classroom's? give its "
                           f"table with --github {github.TABLE}")
        for unit, claim in self._matches.settled(claims):
            if claim.assignment in (None, self.assignment):
                try:
                    yield from self._found(claim, unit)
                except AutograderError as error:
                    self._problem(unit, error)

    def _all_of_one(self, claims: list[tuple[Unit, Claim]]) -> list[tuple[Unit, Claim]]:
        """All for one student, whose it is by --student."""
        owners = sorted({claim.student for _, claim in claims if claim.student})
        if len(owners) > 1:
            raise AutograderError(f"--student {self._student}: this is the work of several "
                                  f"students, {listed(owners)}: leave --student out")
        return [(unit, Claim(self._student, (HAND, unit.name), sure=True))
                for unit in dict.fromkeys(unit for unit, _ in claims)]

    def _problem(self, unit: Unit, error: AutograderError) -> None:
        self.done.problem(f"{visible(unit.source.name)}: {visible(unit.path)}: {error}")

    def _find_classroom(self, where: list[Path]) -> None:
        """Take the table of GitHub Classroom that lies beside the repositories."""
        places = [path.parent for path in where] + [path for path in where if path.is_dir()]
        table = next((place / github.TABLE for place in [*places, self._root]
                      if (place / github.TABLE).is_file()), None)
        roster = self.people.matcher.roster.items()
        accounts = [{"identifier": student, **row} for student, row in roster
                    if row.get("github_username")]
        if self._classroom is None and table:
            self._classroom = github.read_table(table)
        elif self._classroom is None and accounts:
            self._classroom = github.Repositories(self._root / "roster.csv", accounts)

    def _claimed(self, sources: list[Source]) -> Iterator[tuple[Unit, Claim]]:
        """Whose each unit is of what one platform handed over."""
        self._attempts.survey(file for source in sources for unit in source.units
                              for file in unit.files[:1] if not unit.folder)
        if self._classroom:
            self._classroom.survey(title(Path(unit.name)) for source in sources
                                   for unit in source.units)
        readings = collections.Counter(platform for source in sources for unit in source.units
                                       for platform in self._readings(unit.name, unit.folder))
        for source in sources:
            self._say_what_is_odd(source)
            owners = self._owners(source) if source.tables else {}
            for unit in source.units:
                try:
                    if source.tables:
                        for claim in owners.get(unit.name, [Claim(None, ("gradescope", ""))]):
                            yield unit, claim
                    else:
                        yield unit, self._claim(unit.name, unit.folder, readings)
                except AutograderError as error:
                    self._problem(unit, error)

    def _say_what_is_odd(self, source: Source) -> None:
        """What is missing in a zip or folder, and what should not be in it."""
        name = visible(source.path.name)
        folders = [unit.name for unit in source.units if gradescope.is_folder(unit.name)]
        if source.odd:
            self.done.problem(f"{name}: {listed(source.odd)}: passed over, as no platform writes "
                              "such names: look who made this file")
        if source.empty and not source.whole:
            self.done.note(f"{name}: {listed(source.empty)}: nothing in it but what systems write "
                           "for themselves")
        if not (source.units or source.odd or source.empty):
            self.done.problem(f"{name}: holds no submission: download it again")
        if folders and not source.tables and not source.whole:
            self.done.note(f"{name}: {gradescope.TABLE} is missing beside {folders[0]}: export "
                           "the submissions again, or say whose each is")

    def _owners(self, source: Source) -> dict[str, list[Claim]]:
        """Who submitted what when, by Gradescope's folders; none where nothing can be told."""
        where = f"{visible(source.path.name)}: {visible(source.tables[0].path)}"
        try:
            owners, odd = gradescope.owners(source.tables, self.people)
        except AutograderError as error:
            self.done.problem(f"{where}: {error}: export the submissions again")
            return {unit.name: [Claim(None, (TOLD, ""))] for unit in source.units}
        self.done.note(f"{where}: read for whose each submission is")
        if odd:
            self.done.problem(f"{where}: {listed(odd)}: submitters or time are not as Gradescope "
                              "writes them: export the submissions again")
        return owners

    def _known(self, name: str, folder: bool) -> bool:
        """Whether a folder or file is one student's, by its name."""
        readings = self._readings(name, folder)
        sure = readings.keys() & {"nbgrader's exchange", "Blackboard", "Brightspace"}
        try:
            return bool(sure or moodle.is_one(name) or gradescope.is_folder(name)
                        or self._claim(name, folder, readings).student)
        except AutograderError:
            return True

    def _readings(self, name: str, folder: bool) -> dict[str, Reading]:
        """Whose a name is by each platform that could have written it."""
        return {platform: reading for platform, read in self._platforms.items()
                if (reading := read(name, folder))}

    def _claim(self, name: str, folder: bool, common: Iterable[str]) -> Claim:
        """Whose a submission is, by the name of its outermost folder or file.

        `common` says how many of all names each platform could have written: what students write
        at a name's end may look like another platform's, but not in most of the names.
        """
        common, readings = collections.Counter(common), self._readings(name, folder)
        most = max((common[platform] for platform in readings), default=0)
        claims = [reading() for platform, reading in readings.items() if common[platform] == most]
        if len({claim.student for claim in claims if claim.student}) > 1:
            return Claim(None, (TWO, ""))
        if claims:
            return next((claim for claim in claims if claim.student), claims[0])
        if gradescope.is_folder(name) or moodle.is_one(name):
            return Claim(None, ("name", ""))
        alone = name if folder else stem(name)
        claim = self.people.named(("name", alone))
        if not claim.sure and not folder and (student := self._within(alone)):
            return Claim(student, ("name", alone), sure=True)
        return claim

    def _within(self, name: str) -> str | None:
        """The only student whose id is a word of a file's name, and no number such as of a page."""
        student = self.people.matcher.within(name)
        return None if student and student.isdecimal() and len(student) < SHORT else student

    def _repository(self, name: str, folder: bool) -> Reading | None:
        table = self._classroom
        found = table.find(name if folder else title(Path(name))) if table else None
        return partial(table.claim, found, self.people) if table and found else None

    def _found(self, claim: Claim, unit: Unit) -> Iterator[Found]:
        """The files of one submission, each with its time."""
        # only folders that are named by student id hold times: nbgrader's, and ours
        ours = unit.name in self.people.matcher.roster
        folders = (unit.path, unit.path / self.assignment) if ours else ()
        written = {file: file.path.parent for file in unit.files
                   if file.path.name in exchange.WRITTEN and (file.path.parent in folders or (
                       claim.person[0] == "exchange" and file.path.parent == unit.path))}
        known, stamped = claim.time or self.times.get(claim.owner), {}
        if known is None and claim.unread:
            raise AutograderError(f"{claim.unread}; or give the times with --times")
        if known is None:
            stamped = {place: self._stamped(file) for file, place in written.items()
                       if file.path.name == STAMP}
        for file in unit.files:
            if file not in written:
                yield Found(claim, file, known or stamped.get(file.path.parent))

    def _stamped(self, file: File) -> datetime.datetime:
        try:
            return self.people.time(file.read(MAX_TIME).decode("utf-8", "replace").strip())
        except AutograderError as error:
            raise AutograderError(f"{STAMP}: {error}; delete the file if the time is not known"
                                  ) from None


def _groups(sources: list[Source]) -> list[list[Source]]:
    """What came from one platform: a source, or all that lie beside each other, one a student."""
    groups: dict[Path, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.path.parent if source.whole else source.path, []).append(source)
    return list(groups.values())
