"""A course's folder: its configuration, roster, assignments and submissions."""

import contextlib
import datetime
import functools
import os
import platform
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import AutograderError
from autograder.grading.assignment import Assignment
from autograder.grading.store import Store
from autograder.names import STUDENT_ID, visible
from autograder.term import dates
from autograder.term.roster import read_roster
from autograder.term.term import FILE, Term, read_term, require_known, utc
from autograder.term.term_file import did_you_mean

STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"  # nbgrader's own
MAX_HOLDER = 200  # characters
NOTHING = "nothing to grade"  # of whom nothing was handed in, or nothing that could be taken


@dataclass(frozen=True)
class Submission:
    """One student's notebook, or the one-line reason why it cannot be graded."""

    student: str
    path: Path
    problem: str | None = None


class Course:
    """The folder that holds `nbgrader_config.py`, `submitted/` and the gradebook."""

    def __init__(self, root: Path):
        self.root = root.resolve()
        self.config = _load_config(self.root)
        self.config.CourseDirectory.root = str(self.root)
        self.store = Store(self.root)

    @functools.cached_property
    def term(self) -> Term:
        """What `term.toml` says of this term; AutograderError if it names what is not there."""
        term = read_term(self.root)
        extended = any(one.extensions for one in term.assignments.values())
        # without any assignment it is the course's place that is wrong, as assignment() says
        require_known(term, self.root / FILE, self._assignments() or term.assignments,
                      self._students() if extended else None)
        return term

    def submitted_at(self, student: str, assignment: str) -> datetime.datetime | None:
        """When a submission came, in UTC; None where no `timestamp.txt` says so."""
        return submitted_at(self.path("submitted", student, assignment), self.term.zone)

    @contextlib.contextmanager
    def lock(self, work: str):
        """Let nobody else write to this course meanwhile.

        Parameters
        ----------
        work : what is being done, for whom it keeps waiting

        Raises
        ------
        AutograderError
            Somebody else is at work.
        """
        path = self.store.folder.parent / "lock"
        lock, holder = FileLock(path, timeout=0), path.with_name("lock_holder.txt")
        try:
            path.parent.mkdir(exist_ok=True)
            lock.acquire()
        except Timeout:
            raise AutograderError(f"{path}: another autograder is at work in this course"
                                  f"{_held_by(holder)}: wait until it has ended, then run the "
                                  "command again") from None
        except OSError as error:
            raise AutograderError(f"{path}: cannot be written ({error.strerror}): make room or "
                                  "correct the permissions") from None
        with lock:
            since = datetime.datetime.now().astimezone()
            with contextlib.suppress(OSError):  # the lock itself holds without it
                holder.write_text(f"{work}, process {os.getpid()} on {platform.node()}, since "
                                  f"{since:%d %B %H:%M}")
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    holder.unlink()

    def path(self, step: str, student: str = ".", assignment: str = ".") -> Path:
        """Where nbgrader keeps a step's files ("source", "release", "submitted", ...)."""
        settings = self.config.CourseDirectory
        structure = settings.get("directory_structure", STRUCTURE)
        return Path(self.root, structure.format(
            nbgrader_step=settings.get(f"{step}_directory", step), student_id=student,
            assignment_id=assignment))

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; AutograderError when there is none."""
        source = self.path("source", assignment=name) / f"{name}.ipynb"
        if not STUDENT_ID.fullmatch(name) or not source.exists():
            known = self._assignments()
            if not known:
                raise AutograderError(f"{self.path('source')}: holds no assignment: correct its "
                                      f"place in {self.root / 'nbgrader_config.py'}")
            raise AutograderError(f"no assignment called {name!r}{did_you_mean(name, known)}; "
                                  f"there are: {', '.join(known)}")
        # nbgrader's pre-processor has the same setting, and its default
        package = self.config.Assemble.get("graders", Assignment.package)
        return Assignment(name, source, package, self.term.of(name).points).load()

    def _assignments(self) -> list[str]:
        return sorted(p.parent.name for p in self.path("source").glob("*/*.ipynb"))

    def _students(self) -> set[str] | None:
        """Those on the roster and those whose work is kept, or None without a roster."""
        roster, folder = self.roster(), self.path("submitted")
        if roster is None:
            return None
        return {*roster, *(p.name for p in folder.iterdir())} if folder.is_dir() else {*roster}

    def roster(self) -> dict[str, dict[str, str]] | None:
        """The rows of roster.csv by student id, or None when the course keeps no such file."""
        path = self.root / "roster.csv"
        if not path.exists():
            return None
        return read_roster(path)

    def notebook(self, student: str, assignment: str) -> Path:
        """The file that a student handed in."""
        return self.path("submitted", student, assignment) / f"{assignment}.ipynb"

    def submissions(self, assignment: str) -> list[Submission]:
        """Every student's submission of an assignment, by student id.

        A folder without the notebook, an id that is not on the roster and the like come with
        their `problem`, so that nothing is passed over in silence.
        """
        folder = self.path("submitted")
        if not folder.is_dir() or not any(folder.iterdir()):
            raise AutograderError(f"{folder}: nothing there: put each submission into "
                                  f"{folder.name}/<student id>/{assignment}/")
        roster = self.roster()
        found = []
        for student in sorted(p.name for p in folder.iterdir() if p.is_dir()):
            path = folder / student / assignment / f"{assignment}.ipynb"
            if path.parent.exists():
                found.append(Submission(student, path, self._problem(student, path, roster)))
        return found

    def _problem(self, student: str, path: Path, roster: Container[str] | None) -> str | None:
        where = path.relative_to(self.root)
        if not STUDENT_ID.fullmatch(student):
            return (f"{path.parents[2].name}/{student!r}: is not a student id (letters, digits, "
                    "spaces and . _ @ + ' - only, a letter or digit first): rename the folder")
        if roster is not None and student not in roster:
            return (f"{where}: {student} is not in roster.csv: correct the folder's name or add "
                    "the student")
        if any(p.is_symlink() for p in (path, *path.parents[:2])):
            return f"{where}: is a symbolic link: put the file itself there"
        if path.exists() and not path.is_file():
            return f"{where}: is not an ordinary file: put the notebook there"
        if not path.exists():
            others = [repr(p.name) for p in sorted(path.parent.glob("*.ipynb"))]
            hint = f"; there is {', '.join(others)}: rename it" if others else ""
            return f"{where}: no such file{hint}"
        try:
            self.submitted_at(student, path.stem)
        except AutograderError as error:
            return str(error)
        return None

    def unknown(self, student: str, assignment: str) -> str:
        """The line that says why there is nothing of this student's."""
        roster = self.roster()
        if roster is not None and student not in roster:
            return (f"{visible(student)} is not in {self.root / 'roster.csv'}"
                    f"{did_you_mean(student, roster)}: correct the id, or add the student")
        return (f"{self.path('submitted', student, assignment)}: no such folder: check the "
                "student id")

    def missing(self, submissions: list[Submission]) -> list[str]:
        """Students on the roster who handed nothing in."""
        handed_in = {s.student for s in submissions}
        return sorted(set(self.roster() or {}) - handed_in)


def submitted_at(folder: Path, zone: datetime.tzinfo) -> datetime.datetime | None:
    """When what is in the folder came, in UTC; None where no `timestamp.txt` says so."""
    path = folder / "timestamp.txt"
    try:
        with open(path, "rb") as file:
            text = file.read(2 * dates.MAX_LENGTH).decode("utf-8-sig", "replace").strip()
        return utc(dates.read(text, zone))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AutograderError(f"{path}: cannot be read ({error.strerror}): correct the "
                              "permissions") from None
    except dates.Unclear as error:
        raise AutograderError(f"{path}: {error}, or delete the file if the time is not known"
                              ) from None


def _held_by(holder: Path) -> str:
    """Who has the lock, in brackets, as far as it can be told."""
    with contextlib.suppress(OSError):
        return f" ({visible(holder.read_text(errors='replace')[:MAX_HOLDER])})"
    return ""


def _load_config(root: Path) -> Config:
    path = root / "nbgrader_config.py"
    if not path.is_file():
        raise AutograderError(f"{path}: no such file: name the course's folder with --root")
    try:
        return PyFileConfigLoader(path.name, path=str(root)).load_config()
    except Exception as error:  # the file is Python: anything can be wrong with it
        raise AutograderError(f"{path}: {type(error).__name__}: {error}") from None
