"""Submissions out of what learning platforms hand over, into `submitted/`."""

import datetime
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import dateutil.parser
import yaml

from autograder import notebook
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.roster import Matcher, read_rows
from autograder.term import utc

# Canvas (lib/content_zipper.rb): name, LATE if it is, the student's and the file's number
CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)")
# Moodle (mod/assign/locallib.php): folders, or the same in front of a file's name
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<user>\d+)_assignsubmission_(?:file|onlinetext)_?.*")
EXCHANGE = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+)(\+.*)?")
GRADESCOPE = "submission_metadata.yml"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S UTC"
TIMES = {"who": ("student_id", "Identifier", "SIS Login ID", "Email address", "Email", "Full name"),
         "when": ("submitted", "Last modified (submission)", "Submission Time", "Submitted")}
PASSED_OVER = ("__MACOSX", ".ipynb_checkpoints")


@dataclass(frozen=True)
class File:
    """One file of what a platform handed over."""

    path: PurePosixPath
    read: Callable[[], bytes]
    size: int


@dataclass
class Found:
    """One file of one student; `number` grows with each upload where a platform says it."""

    student: str
    file: File
    time: datetime.datetime | None = None
    number: int = 0
    late: bool = False
    assignment: str | None = None
    raw: bytes = b""


@dataclass
class Collected:
    """What became of everything: a line for each student, and one for all that needs a person."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def files_in(path: Path) -> Iterator[File]:
    """All files of a zip or a folder, those that only systems write passed over."""
    if path.is_dir():
        found = ((PurePosixPath(p.relative_to(path).as_posix()), p.read_bytes, p.stat().st_size)
                 for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink())
    else:
        try:
            archive = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise AutograderError(f"{path}: no such file or folder") from None
        except (OSError, zipfile.BadZipFile):
            raise AutograderError(f"{path}: is no folder and no zip: download it again, or unpack "
                                  "it and name the folder") from None
        found = ((PurePosixPath(i.filename), lambda i=i: archive.read(i), i.file_size)
                 for i in archive.infolist() if not i.is_dir())
    for name, read, size in found:
        if not (set(name.parts) & set(PASSED_OVER) or name.name.startswith(".")):
            yield File(name, read, size)


def collect(course: Course, assignment: str, paths: list[Path], *, times: Path | None = None,
            matches: dict[str, str] | None = None) -> Collected:
    """Put each student's last notebook to `submitted/<student>/<assignment>/`, with its time.

    The last one is the one with the latest time; where no times are known, the one that the
    platform numbered last, else the only one, else the one with the assignment's name. A notebook
    that it replaces is kept below `replaced/`.

    Parameters
    ----------
    paths : zips or folders as Canvas, Moodle, Gradescope or nbgrader's exchange give them, or
        folders and files named by student id
    times : a CSV file with times: Moodle's grading worksheet, or columns student_id and submitted
    matches : student ids by the name that a problem's line quoted

    Raises
    ------
    AutograderError
        One of the files cannot be read, or there is no roster.
    """
    roster = course.roster()
    if roster is None:
        raise AutograderError(f"{course.root / 'roster.csv'}: no such file: make it with "
                              "`autograder init`, so that files can be told whose they are")
    for name, student in (matches or {}).items():
        if student not in roster:
            raise AutograderError(f"--match {name}={student}: {student} is not in roster.csv")
    reader = _Reader(course, assignment, Matcher(roster), matches or {},
                     times and read_rows(times))
    done = Collected()
    found: dict[str, list[Found]] = {}
    for path in paths:
        for one in reader.read(path, done):
            found.setdefault(one.student, []).append(one)
    kinds, names = Kinds(course), handed_over(course, assignment)
    for student in sorted(found):
        if taken := _take(course, assignment, found.pop(student), kinds, done):
            names[student] = str(taken.file.path)
    write_atomically(_names_path(course, assignment), json.dumps(names, indent=1).encode())
    return done


def handed_over(course: Course, assignment: str) -> dict[str, str]:
    """The name that each student's notebook had on the platform it was collected from."""
    try:
        return json.loads(_names_path(course, assignment).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}


def _names_path(course: Course, assignment: str) -> Path:
    return course.store.folder.parent / "collected" / f"{assignment}.json"


class _Reader:
    """Finds whose each file is, by the layout it came in."""

    def __init__(self, course, assignment, matcher, matches, times):
        self.course, self.assignment, self.matcher, self.matches = (
            course, assignment, matcher, matches)
        self.participants, self.times = {}, {}
        for row in times or []:
            who, when = (next((row[h] for h in TIMES[key] if row.get(h)), "")
                         for key in ("who", "when"))
            student = matcher.by_name(who, *(row.get(h, "") for h in (
                "ID number", "Email address", "Full name")))
            number = re.search(r"\d+$", row.get("Identifier", ""))
            if student and number:
                self.participants[number.group()] = student
            if student and when not in ("", "-"):
                self.times[student] = self._time(when)

    def _time(self, text) -> datetime.datetime:
        try:
            time = (text if isinstance(text, datetime.datetime)
                    else dateutil.parser.parse(str(text)))
        except (ValueError, OverflowError):
            raise AutograderError(f"{text!r} is no time such as 2026-10-12 23:59: correct it"
                                  ) from None
        return utc(time if time.tzinfo else time.replace(tzinfo=self.course.term.zone))

    def read(self, path: Path, done: Collected) -> Iterator[Found]:
        """Yield every file with its student; what is nobody's becomes a problem."""
        files = list(files_in(path))
        metadata = {f.path.parent: self._gradescope(f, done) for f in files
                    if f.path.name == GRADESCOPE}
        stamps = {f.path.parent: f for f in files if f.path.name == "timestamp.txt"}
        for file in files:
            if file.path.name in (GRADESCOPE, "timestamp.txt"):
                continue
            owners = [owner for top, folders in metadata.items()
                      if file.path.is_relative_to(top)
                      and (inside := file.path.relative_to(top).parts) and len(inside) > 1
                      for owner in folders.get(inside[0], [])]
            try:
                stamp = stamps.get(file.path.parent)
                stamped = stamp and self._time(stamp.read().decode("utf-8", "replace").strip())
                found = ([Found(student, file, time) for student, time in owners]
                         or [self._owner(file)])
            except AutograderError as error:
                done.problems.append(f"{path.name}: {file.path}: {error}")
                continue
            for one in found:
                if one.student is None:
                    done.problems.append(
                        f"{path.name}: {file.path}: no student of roster.csv is found for it: "
                        f"run again with --match '{self._quoted(file.path)}=<student id>'")
                elif one.assignment in (None, self.assignment):
                    one.time = one.time or stamped or self.times.get(one.student)
                    yield one

    @staticmethod
    def _quoted(path: PurePosixPath) -> str:
        """The name for --match: of the platform's folder or file, as far as it tells a person."""
        for part in path.parts:
            if found := MOODLE.fullmatch(part) or CANVAS.fullmatch(part):
                return found["name"]
        return path.parts[0] if len(path.parts) > 1 else path.stem

    def _owner(self, file: File) -> Found:
        parts, name = file.path.parts, file.path.name
        given = self.matches.get(self._quoted(file.path))
        for part in parts:
            if found := EXCHANGE.fullmatch(part):
                return Found(given or self.matcher.by_name(found["student"]), file,
                             self._time(found["time"]), assignment=found["assignment"])
            if found := MOODLE.fullmatch(part):
                return Found(given or self.participants.get(found["user"])
                             or self.matcher.by_name(found["name"]), file)
        if found := CANVAS.fullmatch(name):
            student = (given or self.matcher.by_number(found["user"])
                       or self.matcher.by_name(found["name"]))
            if student:
                return Found(student, file, None, int(found["number"]), bool(found["late"]))
        student = given or next((p for p in parts[:-1] if p in self.matcher.roster), None)
        return Found(student or self.matcher.within(name)
                     or self.matcher.by_name(file.path.stem, *parts[:-1]), file)

    def _gradescope(self, file: File, done: Collected) -> dict[str, list[tuple]]:
        """Students and times by folder."""
        try:
            text = file.read().decode()
            table = yaml.safe_load(re.sub(r"!ruby/\S+", "", text))
            owners = {}
            for folder, entry in table.items():
                time = entry.get(":created_at")
                owners[folder] = []
                for who in entry[":submitters"]:
                    keys = [str(who.get(f":{key}") or "") for key in ("sid", "email", "name")]
                    owners[folder].append((self.matches.get(keys[-1])
                                           or self.matcher.by_name(*keys),
                                           self._time(time) if time else None))
            return owners
        except (AutograderError, UnicodeDecodeError, yaml.YAMLError, AttributeError, KeyError,
                TypeError):
            done.problems.append(f"{file.path}: is not as Gradescope writes it: its submissions "
                                 "are matched by their names only")
            return {}


class Kinds:
    """Which assignment a notebook belongs to, by its cells."""

    def __init__(self, course: Course):
        self.cells = {path.stem: _grade_ids(notebook.read_source(path))
                      for path in sorted(course.path("source").glob("*/*.ipynb"))}

    def of(self, raw: bytes) -> str | None:
        """The assignment with most cells in common; None with none, or for what is no notebook."""
        try:
            cells = _grade_ids(notebook.read(raw))
        except notebook.Unreadable:
            return None
        shared = {name: len(cells & known) for name, known in self.cells.items()}
        best = max(shared, key=shared.get, default=None)
        return best if best and shared[best] else None


def _grade_ids(nb) -> set:
    return {cell.metadata.nbgrader.get("grade_id") for cell in nb.cells
            if isinstance(cell.metadata.get("nbgrader"), dict)}


def _take(course: Course, assignment: str, found: list[Found], kinds: Kinds,
          done: Collected) -> Found | None:
    """Choose one student's notebook, put it in its place and return it."""
    student, candidates, others = found[0].student, [], []
    for one in found:
        if one.file.path.suffix.lower() != ".ipynb":
            others.append(f"{one.file.path.name} is no notebook")
        elif one.file.size > notebook.MAX_BYTES:
            others.append(f"{one.file.path.name} is larger than {notebook.MAX_BYTES >> 20} MiB")
        else:
            try:
                one.raw = one.file.read()
            except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
                others.append(f"{one.file.path.name} cannot be unpacked ({error})")
                continue
            kind = kinds.of(one.raw)
            if kind in (assignment, None):
                candidates.append((kind == assignment, one))
            else:
                others.append(f"{one.file.path.name} is a notebook of {kind}")
    # a notebook without known cells counts only where none has them
    best = [one for known, one in candidates if known] or [one for _, one in candidates]
    if not best:
        done.problems.append(f"{student}: no notebook of {assignment}: {'; '.join(others)}: ask "
                             "the student for it")
        return None
    best.sort(key=lambda one: (one.time or datetime.datetime.min, one.number,
                               one.file.path.stem == assignment))
    last = best[-1]
    ties = [one for one in best if (one.time, one.number) == (last.time, last.number)]
    if (len({one.raw for one in ties}) > 1
            and sum(one.file.path.stem == assignment for one in ties) != 1):
        names = ", ".join(str(one.file.path) for one in ties)
        done.problems.append(f"{student}: nothing tells which of {names} is the last: delete the "
                             "others and collect again")
        return None
    left = [f"{one.file.path.name} is an earlier one" for one in best[:-1]] + others
    if left:
        done.notes.append(f"{student}: took {last.file.path.name}; {'; '.join(left)}")
    if last.late and last.time is None:
        done.notes.append(f"{student}: late, says Canvas, but not by how much: add the time with "
                          "--times")
    return last if _place(course, assignment, last, done) else None


def _place(course: Course, assignment: str, one: Found, done: Collected) -> bool:
    """Write the notebook and its time, and keep what was there before; False if it is older."""
    folder = course.path("submitted", one.student, assignment)
    path, stamp = folder / f"{assignment}.ipynb", folder / "timestamp.txt"
    before = path.read_bytes() if path.is_file() else None
    if before is not None:
        try:
            there = course.submitted_at(one.student, assignment)
        except AutograderError as error:
            done.problems.append(str(error))
            return False
        if there and one.time and one.time < there:
            done.unchanged.append(one.student)
            done.notes.append(f"{one.student}: {one.file.path.name} is older than what is there")
            return False
        if before != one.raw:
            kept = course.root / "replaced" / one.student / assignment
            write_atomically(kept / f"{len(list(kept.glob('*.ipynb'))) + 1}.ipynb", before)
    if before != one.raw:
        write_atomically(path, one.raw)
    (done.new if before is None else done.unchanged if before == one.raw
     else done.replaced).append(one.student)
    if one.time:
        write_atomically(stamp, one.time.strftime(TIME_FORMAT).encode() + b"\n")
    elif before != one.raw and stamp.exists():
        stamp.unlink()  # the time of another notebook
    return True
