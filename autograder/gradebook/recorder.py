"""The one writer of nbgrader's gradebook."""

import collections
import contextlib
import functools
import json
import logging
import re
import shutil
import signal
import threading
import warnings
from collections.abc import Iterable

import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.api import (
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload, undefer

from autograder.errors import AutograderError
from autograder.gradebook.history import History
from autograder.gradebook.standing import Standing
from autograder.grading.assignment import Assignment
from autograder.grading.notebook import points
from autograder.term.course import Course
from autograder.term.term import utc

# nbgrader opens the gradebook nine times for each notebook, with an engine each time that would
# have to compile every statement again
nbgrader.api.create_engine = functools.cache(nbgrader.api.create_engine)

REMEDIES = (
    ("not a database|malformed", "put a copy back, or move it away, then release and grade again: "
     "stored results are used, points given by hand are only in the gradebook"),
    ("no such column|no such table|has no column", "another version of nbgrader made it: copy it, "
     "then run `nbgrader db upgrade` in the course's folder; nothing is lost"),
    ("locked|busy", "see that nobody else has it open, then run the command again; nothing graded "
     "is lost"),
    ("full", "make room, then run the command again; nothing graded is lost"),
    ("readonly|read-only", "see that you may write to the file and its folder; nothing graded is "
     "lost"),
    ("unable to open|disk I/O", "see that its disk is there, and that you may write to its folder; "
     "nothing graded is lost"))
PERSON = ("first_name", "last_name", "email", "lms_user_id")  # what nbgrader keeps of a student


def newest_version() -> str | None:
    """The version of nbgrader's tables, which a new gradebook notes."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


# nbgrader itself starts the program `alembic` to ask, which takes seconds
nbgrader.api.get_alembic_version = newest_version


class Recorder:
    """Puts results into the gradebook by running nbgrader's autograding with our plug-in."""

    def __init__(self, course: Course, unsafe: bool):
        course.config.Assemble.unsafe = unsafe
        self.course, self.directory = course, CourseDirectory(config=course.config)
        self.history = History(course.root)
        self.api = NbGraderAPI(coursedir=self.directory, config=course.config)
        self.api.log.setLevel(logging.ERROR)
        self.api.log.propagate = False
        # where nbgrader's database code writes tracebacks of errors that it raises as well
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)

    def add_students(self) -> None:
        """Bring the roster's students into the gradebook."""
        with self._gradebook() as gradebook:
            known = {student.id: student for student in gradebook.students}
            rows = {student: {k: row[k] for k in PERSON}
                    for student, row in (self.course.roster() or {}).items()}
            changed = [student for student, row in rows.items() if student not in known
                       or any(getattr(known[student], k) != v for k, v in row.items())]
            for student in changed:
                gradebook.update_or_create_student(student, **rows[student])

    def require_released(self, assignment: Assignment) -> None:
        """Raise AutograderError unless the gradebook has the assignment with the same points."""
        name = assignment.name
        with self._gradebook() as gradebook:
            try:
                notebooks = gradebook.find_assignment(name).notebooks
            except MissingEntry:
                raise AutograderError(f"{name} is not in the gradebook: run `autograder "
                                      f"release {name}` first") from None
            released = {cell.name: cell.max_score for notebook in notebooks
                        for cell in (*notebook.grade_cells, *notebook.task_cells)}
        if released != points(assignment.source):
            raise AutograderError(f"{name}: its points were changed after its release: run "
                                  f"`autograder release {name}` again")

    def recorded_students(self, assignment: str) -> set[str]:
        """Students whose submission the gradebook holds."""
        with self._gradebook() as gradebook:
            return {s.student_id for s in gradebook.assignment_submissions(assignment)}

    def recorded_key(self, student: str, assignment: str) -> str | None:
        """The key of the result whose points the gradebook has for the student."""
        marks = self._marks(student, assignment)
        return marks.get("result") if marks.get("recorded") else None

    def _marks(self, student: str, assignment: str) -> dict:
        """What our plug-in noted in the student's autograded notebook."""
        path = self.course.path("autograded", student, assignment) / f"{assignment}.ipynb"
        try:
            return dict(json.loads(path.read_bytes())["metadata"]["autograder"])
        except (OSError, ValueError, LookupError, TypeError):
            return {}

    def record(self, student: str, assignment: str) -> None:
        """Write one student's stored result into the gradebook and the autograded folder.

        Cells to which a person gave points wait for a person again, unless the file is the same.
        """
        before = self._marks(student, assignment).get("submission")
        reviewed = self._reviewed(student, assignment) if before else []
        with _quiet(), _uninterrupted():
            outcome = self.api.autograde(assignment, student, force=True, create=True)
            if not outcome["success"]:
                shutil.rmtree(self.course.path("autograded", student, assignment),
                              ignore_errors=True)
                raise AutograderError(f"{student}: nbgrader could not record the grade: "
                                      f"{_reason(outcome)}")
            if reviewed and before == self._marks(student, assignment).get("submission"):
                with self._gradebook() as gradebook:  # the same file: nobody need look again
                    for name in reviewed:
                        gradebook.find_grade(name, assignment, assignment,
                                             student).needs_manual_grade = False
                    gradebook.db.commit()

    def _reviewed(self, student: str, assignment: str) -> list[str]:
        """Cells whose points a person gave, and that wait for nobody."""
        with self._gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            return [grade.cell.name for notebook in submission.notebooks
                    for grade in notebook.grades
                    if grade.manual_score is not None and not grade.needs_manual_grade]

    def automatic_points(self, assignment: str) -> dict[str, dict[str, float]]:
        """The points that the hidden tests gave: by student, then by graded cell."""
        found: dict[str, dict[str, float]] = collections.defaultdict(dict)
        for student, cell, score in self._grades(assignment, Grade.auto_score):
            if score is not None:
                found[student][cell] = score
        return found

    def waiting(self, assignment: str) -> set[tuple[str, str]]:
        """Students and those of their cells at which a person has still to look."""
        return {(student, cell) for student, cell, waits
                in self._grades(assignment, Grade.needs_manual_grade) if waits}

    def _grades(self, assignment: str, column) -> list:
        """Student, cell and a column of every grade, without the objects that take longer."""
        with self._gradebook() as gradebook:
            return gradebook.db.execute(
                select(SubmittedAssignment.student_id, BaseCell.name, column)
                .join(SubmittedAssignment.assignment).join(SubmittedAssignment.notebooks)
                .join(SubmittedNotebook.grades).join(Grade.cell)
                .where(nbgrader.api.Assignment.name == assignment)).all()

    def assignments(self) -> list[str]:
        """The names of all released assignments."""
        with self._gradebook() as gradebook:
            return sorted(assignment.name for assignment in gradebook.assignments)

    def apply_term(self, assignment: str) -> None:
        """Bring due date, extensions, times and late penalties up to date with the term."""
        term, conditions = self.course.term, self.course.term.of(assignment)
        due = utc(conditions.due) if conditions.due else None
        with self._gradebook() as gradebook:
            gradebook.update_or_create_assignment(assignment, duedate=due)
            for submission in _submissions(gradebook, assignment):
                student = submission.student_id
                try:
                    submission.timestamp = self.course.submitted_at(student, assignment)
                except AutograderError:
                    pass  # grading has said so
                else:
                    self.history.correct_time(assignment, student,
                                              self.course.notebook(student, assignment),
                                              submission.timestamp)
                submission.extension = (utc(conditions.extensions[student]) - due
                                        if due and student in conditions.extensions else None)
                for notebook in submission.notebooks:
                    notebook.late_submission_penalty = term.penalty(
                        assignment, student, notebook.score, submission.timestamp) or None
            gradebook.db.commit()

    def standings(self, assignment: str) -> dict[str, Standing]:
        """What counts for each student, from the gradebook: hand grading and lateness included."""
        standings = {}
        with self._gradebook() as gradebook:
            for submission in _submissions(
                    gradebook, assignment,
                    (undefer(SubmittedAssignment.score), undefer(SubmittedAssignment.max_score)),
                    (selectinload(SubmittedNotebook.grades).options(undefer(Grade.max_score)),
                     selectinload(SubmittedNotebook.comments))):
                grades = [g for notebook in submission.notebooks for g in notebook.grades]
                penalty = sum(n.late_submission_penalty or 0 for n in submission.notebooks)
                standings[submission.student_id] = Standing(
                    score=round(submission.score - penalty, 2), max_score=submission.max_score,
                    parts={grade.cell.name: grade.score for grade in grades},
                    max_parts={grade.cell.name: grade.max_score for grade in grades},
                    comments={comment.cell.name: comment.comment
                              for notebook in submission.notebooks
                              for comment in notebook.comments if comment.comment},
                    hours_late=round(submission.total_seconds_late / 3600, 2), penalty=penalty,
                    waiting={grade.cell.name: grade.manual_score for grade in grades
                             if grade.needs_manual_grade})
        return standings

    def release(self, assignment: str) -> None:
        """Make the students' version with nbgrader and enter the assignment into the gradebook."""
        with _quiet():
            outcome = self.api.generate_assignment(assignment, force=True, create=True)
        if not outcome["success"]:
            raise AutograderError(f"{assignment}: nbgrader could not release it: "
                                  f"{_reason(outcome)}")

    @contextlib.contextmanager
    def _gradebook(self):
        url, name = self.directory.db_url, self.directory.course_id
        try:
            with Gradebook(url, name) as gradebook:
                yield gradebook
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__)
            raise AutograderError(
                f"{url.removeprefix('sqlite:///')}: {cause}: {_remedy(cause)}") from None


def _remedy(cause: str) -> str:
    """What helps against an error of SQLite's, by its text (https://www.sqlite.org/rescode.html).
    """
    return next((remedy for said, remedy in REMEDIES if re.search(said, cause)),
                "nothing graded is lost; if it happens again, report it with this line")


def _submissions(gradebook: Gradebook, assignment: str, submission: Iterable = (),
                 notebooks: Iterable = ()) -> Iterable[SubmittedAssignment]:
    """All submissions with their notebooks' points, in few queries for each hundred of them.

    Parameters
    ----------
    submission, notebooks : what to load at once with each of them besides
    """
    return gradebook.db.scalars(
        select(SubmittedAssignment).join(SubmittedAssignment.assignment)
        .where(nbgrader.api.Assignment.name == assignment)
        .options(*submission, selectinload(SubmittedAssignment.notebooks).options(
            undefer(SubmittedNotebook.score), *notebooks))
        .execution_options(yield_per=100))


@contextlib.contextmanager
def _uninterrupted():
    """Let Ctrl-C wait a moment: nbgrader would take it for a notebook that cannot be graded."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = []
    before = signal.signal(signal.SIGINT, lambda *_: waiting.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if waiting:
            signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def _quiet():
    """Keep the warnings of nbgrader's libraries off the terminal; its errors come back as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _reason(outcome: dict) -> str:
    """The line of nbgrader's log that names the cause, not the advice to read the log."""
    text = f"{outcome.get('log', '')}\n{outcome.get('error', '')}"
    causes = [line.strip() for line in text.splitlines()
              if re.match(r"\s*[\w.]*(Error|Exception|Entry): ", line)
              and "Please see the" not in line]
    return causes[-1] if causes else "no reason given"
