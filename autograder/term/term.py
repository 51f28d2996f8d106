"""A term: due dates, points, late work, extensions and the website, all from `term.toml`."""

import datetime
import math
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema

from autograder.errors import AutograderError

FILE = "term.toml"
_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "local date and time", lambda _, value: isinstance(value, datetime.datetime)
    and value.tzinfo is None)
_TIME = {"type": "local date and time"}
_Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_TYPES)
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["timezone"],
    "properties": {
        "name": {"type": "string"}, "timezone": {"type": "string"}, "book": {"type": "string"},
        "late": {"type": "object", "additionalProperties": False, "properties": {
            "grace_minutes": {"type": "number", "minimum": 0},
            "per_day": {"type": "number", "minimum": 0, "maximum": 1},
            "last_day": {"type": "number", "minimum": 0}}},
        "assignments": {"type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": False, "properties": {
                "due": _TIME, "weight": {"type": "number", "minimum": 0},
                "points": {"type": "object",
                           "additionalProperties": {"type": "number", "minimum": 0}},
                "extensions": {"type": "object", "additionalProperties": _TIME}}}}}}


@dataclass(frozen=True)
class Late:
    """What late work costs.

    Parameters
    ----------
    grace_minutes : so late is not late
    per_day : share of the points reached, for each day begun after the due date
    last_day : days after the due date until when points can be reached; None: for ever
    """

    grace_minutes: float = 0
    per_day: float = 0
    last_day: float | None = None

    def penalty(self, score: float, seconds: float) -> float:
        """Points taken off `score` for work that came so many seconds after its due date."""
        if seconds <= 60 * self.grace_minutes:
            return 0.0
        days = seconds / 86400
        if self.last_day is not None and days > self.last_day:
            return score
        return round(score * min(1.0, self.per_day * math.ceil(days)), 2)


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
    """What `term.toml` says; times have the term's time zone."""

    name: str = ""
    timezone: str = "UTC"
    book: str | None = None
    late: Late = Late()
    assignments: dict[str, Conditions] = field(default_factory=dict)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    def due_in_words(self, assignment: str) -> str | None:
        """Such as "Monday 12 October 2026, 23:59 (Europe/Berlin)"; None without a date."""
        due = self.of(assignment).due
        return due and f"{due:%A} {due.day} {due:%B %Y, %H:%M} ({self.timezone})"

    def penalty(self, assignment: str, student: str, score: float,
                submitted: datetime.datetime | None) -> float:
        """Points taken off `score` for handing in at this time (aware, or in UTC)."""
        due = self.of(assignment).due_for(student)
        if due is None or submitted is None:
            return 0.0
        return self.late.penalty(score, (utc(submitted) - utc(due)).total_seconds())

    def of(self, assignment: str) -> Conditions:
        """What holds for an assignment, also where the term does not name it."""
        return self.assignments.get(assignment, Conditions())


def utc(time: datetime.datetime) -> datetime.datetime:
    """The same time as nbgrader keeps it: in UTC, without saying so."""
    return time.astimezone(datetime.UTC).replace(tzinfo=None) if time.tzinfo else time


def read_term(folder: Path) -> Term:
    """The term of a course's folder, an empty one without the file.

    Raises
    ------
    AutograderError
        The file is not TOML, or says something that no term has.
    """
    path = folder / FILE
    if not path.exists():
        return Term()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AutograderError(f"{path}: cannot be read as TOML ({error})") from None
    problem = jsonschema.exceptions.best_match(_Validator(SCHEMA).iter_errors(found))
    if problem:
        where = ".".join(map(str, problem.absolute_path))
        what = problem.message
        if problem.validator == "type":
            what = (f"{problem.instance!s} is no {problem.validator_value}"
                    + (", such as 2026-10-12T23:59:00" if problem.schema is _TIME else ""))
        raise AutograderError(f"{path}: {f'{where}: ' if where else ''}{what}")
    try:
        zone = zoneinfo.ZoneInfo(found["timezone"])
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise AutograderError(f"{path}: timezone: {found['timezone']!r} is not one, such as "
                              "Europe/Berlin") from None
    assignments = {}
    for name, said in found.pop("assignments", {}).items():
        due, given = said.get("due"), said.get("extensions", {})
        if given and not due:
            raise AutograderError(f"{path}: assignments.{name}: extensions without a due date")
        times = {"due": due and due.replace(tzinfo=zone),
                 "extensions": {s: t.replace(tzinfo=zone) for s, t in given.items()}}
        assignments[name] = Conditions(**said | times)
    return Term(**{**found, "late": Late(**found.get("late", {})), "assignments": assignments})
