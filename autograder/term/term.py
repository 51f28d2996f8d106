"""A term: due dates, points, late work, extensions and the website, all from `term.toml`."""

import datetime
import zoneinfo
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.names import visible
from autograder.term import term_file

FILE = "term.toml"
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """What late work costs.

    Parameters
    ----------
    grace_minutes : so late is not late
    per_day : share of the points reached, for each day begun after the due date
    last_day : days after the due date until when points can be reached; None: for ever

    Days are those of the calendar: each ends at the due date's time of day, in the term's zone.
    The day on which the clocks change has 23 or 25 hours.
    """

    grace_minutes: float = 0
    per_day: float = 0
    last_day: float | None = None

    def penalty(self, score: float, due: datetime.datetime, came: datetime.datetime) -> float:
        """Points taken off `score` for work that came then; `due` has the term's zone."""
        if utc(came) <= utc(due) + datetime.timedelta(minutes=self.grace_minutes):
            return 0.0
        if self.last_day is not None and utc(came) > utc(_later(due, self.last_day)):
            return score
        local = came.astimezone(due.tzinfo)
        days = max(1, (local.replace(tzinfo=None) - due.replace(tzinfo=None)) // DAY)
        if utc(came) > utc(_later(due, days)):
            days += 1
        return round(score * min(1.0, self.per_day * days), 2)


@dataclass(frozen=True)
class Conditions:
    """One assignment's due date, extensions by student id, and weight in the final grade.

    `points` are those of graded cells, by grade_id, that differ from the source notebook's.
    """

    due: datetime.datetime | None = None
    extensions: dict[str, datetime.datetime] = field(default_factory=dict)
    weight: float = 1.0
    points: dict[str, float] = field(default_factory=dict)

    def due_for(self, student: str) -> datetime.datetime | None:
        """When this student's work is due."""
        return self.extensions.get(student, self.due)


@dataclass(frozen=True)
class Term:
    """What `term.toml` says; times have the term's time zone.

    `examples`: students see an input on which their function goes wrong, with the right answer.
    """

    name: str = ""
    timezone: str = "UTC"
    book: str | None = None
    examples: bool = True
    late: Late = Late()
    assignments: dict[str, Conditions] = field(default_factory=dict)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    def due_in_words(self, assignment: str) -> str | None:
        """Such as "Monday 12 October 2026, 23:59 (Europe/Berlin)"; None without a date."""
        due = self.of(assignment).due
        return f"{due:%A} {due.day} {due:%B %Y, %H:%M} ({self.timezone})" if due else None

    def penalty(self, assignment: str, student: str, score: float,
                submitted: datetime.datetime | None) -> float:
        """Points taken off `score` for handing in at this time (aware, or in UTC)."""
        due = self.of(assignment).due_for(student)
        if due is None or submitted is None:
            return 0.0
        return self.late.penalty(score, due, utc(submitted).replace(tzinfo=datetime.UTC))

    def not_due(self, now: datetime.datetime, assignments: Iterable[str]) -> set[str]:
        """Those of the assignments whose due date is still to come."""
        return {name for name in assignments
                if (due := self.of(name).due) and utc(due) > utc(now)}

    def of(self, assignment: str) -> Conditions:
        """What holds for an assignment, also where the term does not name it."""
        return self.assignments.get(assignment, Conditions())


def utc(time: datetime.datetime) -> datetime.datetime:
    """The same time as nbgrader keeps it: in UTC, without saying so."""
    return time.astimezone(datetime.UTC).replace(tzinfo=None) if time.tzinfo else time


def _later(due: datetime.datetime, days: float) -> datetime.datetime:
    """The same time of day some days of the calendar later."""
    return _local(due.replace(tzinfo=None) + days * DAY, due.tzinfo)


def _local(time: datetime.datetime, zone: datetime.tzinfo | None) -> datetime.datetime:
    """A time in a zone; one that comes twice or not at all as the clocks change is the later one.

    It is always the end of something that a student has, so that none has less by it.
    """
    return max((time.replace(tzinfo=zone, fold=fold) for fold in (0, 1)), key=utc)


def read_term(folder: Path) -> Term:
    """The term of a course's folder, an empty one without the file.

    Raises
    ------
    AutograderError
        The file is not TOML, or says something that no term has.
    """
    path = folder / FILE
    return as_term(term_file.load(path), path) if path.exists() else Term()


def as_term(found: dict, path: Path) -> Term:
    """The term of what stands in the file.

    Raises
    ------
    AutograderError
        An extension has no due date, or ends before it.
    """
    zone, assignments = zoneinfo.ZoneInfo(found["timezone"]), {}
    for name, said in found.get("assignments", {}).items():
        where = f"{path}: assignments.{visible(name)}"
        due, given = said.get("due"), said.get("extensions", {})
        if given and not due:
            raise AutograderError(f"{where}: has extensions without a due date: add due = "
                                  f"{term_file.TIME}")
        for student, end in given.items():
            if end < due:
                raise AutograderError(f"{where}.extensions: {visible(student)}: {end.isoformat()} "
                                      f"is before the due date, {due.isoformat()}: correct it")
        times = {"due": due and _local(due, zone),
                 "extensions": {s: _local(end, zone) for s, end in given.items()}}
        assignments[name] = Conditions(**said | times)
    return Term(**found | {"late": Late(**found.get("late", {})), "assignments": assignments})


def require_known(term: Term, path: Path, assignments: Collection[str],
                  students: Collection[str] | None) -> None:
    """See that what the term names is there.

    Parameters
    ----------
    assignments : all that the course has
    students : all that the course has; None where nobody has said who they are

    Raises
    ------
    AutograderError
        There is no such assignment, or an extension is nobody's.
    """
    for name, conditions in term.assignments.items():
        if name not in assignments:
            raise AutograderError(
                f"{path}: there is no assignment '{visible(name)}'"
                f"{term_file.did_you_mean(name, assignments)}; there are: "
                f"{', '.join(sorted(assignments))}")
        for student in conditions.extensions:
            if students is not None and student not in students:
                raise AutograderError(
                    f"{path}: assignments.{name}.extensions: {visible(student)} is not in "
                    f"roster.csv{term_file.did_you_mean(student, students)}: correct or delete it")
