"""A course's folder: its configuration, roster, assignments and submissions."""

import contextlib
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import AutograderError
from autograder.grading import Assignment
from autograder.store import Store

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
ROSTER_COLUMNS = ("student_id", "first_name", "last_name", "email")


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
        self.directory = CourseDirectory(config=self.config)
        self.store = Store(self.root)

    @contextlib.contextmanager
    def lock(self):
        """Let nobody else write to this course meanwhile; AutograderError when somebody does."""
        path = self.store.folder.parent / "lock"
        lock = FileLock(path, timeout=0)
        try:
            path.parent.mkdir(exist_ok=True)
            lock.acquire()
        except Timeout:
            raise AutograderError(f"{path}: another autograder is at work in this course: wait "
                                  "until it has ended, then run the command again") from None
        except OSError as error:
            raise AutograderError(f"{path}: cannot be written ({error.strerror}): make room or "
                                  "correct the permissions") from None
        with lock:
            yield

    def path(self, step: str, student: str = ".", assignment: str = ".") -> Path:
        """Where nbgrader keeps a step's files ("source", "release", "submitted", ...)."""
        folder = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(folder, student, assignment))

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name; AutograderError when there is none."""
        source = self.path("source", assignment=name) / f"{name}.ipynb"
        if not STUDENT_ID.fullmatch(name) or not source.exists():
            known = sorted(p.parent.name for p in self.path("source").glob("*/*.ipynb"))
            raise AutograderError(f"no assignment called {name!r}; there are: {', '.join(known)}")
        # nbgrader's pre-processor has the same setting, and its default
        package = self.config.Assemble.get("graders", Assignment.package)
        return Assignment(name, source, package).load()

    def roster(self) -> dict[str, dict[str, str]] | None:
        """The rows of roster.csv by student id, or None when the course keeps no such file."""
        path = self.root / "roster.csv"
        if not path.exists():
            return None
        try:
            with open(path, newline="", encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise AutograderError(f"{path}: cannot be read as CSV ({error})") from None
        if not rows or "student_id" not in rows[0]:
            raise AutograderError(f"{path}: needs a heading line with the column student_id "
                                  "and a line for each student")
        return {row["student_id"].strip(): {c: (row.get(c) or "").strip()
                                            for c in ROSTER_COLUMNS} for row in rows}

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

    def _problem(self, student: str, path: Path, roster: dict | None) -> str | None:
        where = path.relative_to(self.root)
        if not STUDENT_ID.fullmatch(student):
            return (f"{path.parents[2].name}/{student!r}: is not a student id (letters, digits and "
                    ". _ @ - only): rename the folder")
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
        return None

    def missing(self, submissions: list[Submission]) -> list[str]:
        """Students on the roster who handed nothing in."""
        handed_in = {s.student for s in submissions}
        return sorted(set(self.roster() or {}) - handed_in)


def _load_config(root: Path) -> Config:
    path = root / "nbgrader_config.py"
    if not path.is_file():
        raise AutograderError(f"{path}: no such file: name the course's folder with --root")
    try:
        return PyFileConfigLoader(path.name, path=str(root)).load_config()
    except Exception as error:  # the file is Python: anything can be wrong with it
        raise AutograderError(f"{path}: {type(error).__name__}: {error}") from None
