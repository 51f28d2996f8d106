"""A table of times: Moodle's grading worksheet, Gradescope's grades, or one that a person made."""

import collections
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.names import listed, visible
from autograder.term import dates
from autograder.term.claims import Claim, disputed_claims
from autograder.term.columns import GITHUB, KEYS
from autograder.term.lists import key
from autograder.term.people import People
from autograder.term.roster import read_rows
from autograder.term.term import Conditions, utc

# a number of the platform's could be another student's id, and an account has a name of its
# owner's choice
IDS = [one for one in KEYS["student_id"] if one not in {"id", "identifier", *map(key, GITHUB)}]
NAMES = KEYS["name"]
# the most telling first, in the languages whose dates are read
WHEN = {key(heading): heading for heading in (
    "Last modified (submission)", "Zuletzt geändert (Abgabe)", "Submission Time", "Submitted at",
    "submitted")}
IDENTIFIERS = ("identifier", "id")
PARTICIPANT = re.compile(r"(?:participant|teilnehmer[^0-9\s]*) ?(?P<number>[0-9]+)", re.IGNORECASE)
NO_TIME = ("", "-")  # Moodle writes a dash for who handed nothing in
LONG_AFTER, LONG_BEFORE = datetime.timedelta(days=30), datetime.timedelta(days=60)


@dataclass
class Table:
    """What a table says: times in UTC by student, students by Moodle's number of a participant.

    `problems` need a person; `notes` are good to know.
    """

    times: dict[str, datetime.datetime] = field(default_factory=dict)
    participants: dict[str, Claim] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    line: int
    claim: Claim
    number: str | None
    who: str
    when: str


def read_times(path: Path, people: People) -> Table:
    """The times of a table.

    Raises
    ------
    AutograderError
        It is no CSV file, has no column of students or of times, or one of its times is unclear.
    """
    rows = _read(path, people)
    table = Table()
    timed = [row for row in rows if row.when not in NO_TIME]
    times = dict(zip((row.line for row in timed), dates.read_all(
        [(f"{path}, line {row.line} ({row.who})", row.when) for row in timed], people.zone)))
    lines: dict[str, int] = {}
    students: dict[str, list[_Row]] = collections.defaultdict(list)
    nobodys = []
    for row in rows:
        if row.claim.student is not None:
            students[row.claim.student].append(row)
        elif row.line in times:
            nobodys.append(f"{row.who} (line {row.line})")
    for student, theirs in students.items():
        disputed = disputed_claims([row.claim for row in theirs])
        if disputed:
            table.problems.append(f"{path.name}: several lines have only the name of {student}: "
                                  "their times are left out; add a column student_id")
        for row in theirs:
            if row.claim in disputed:
                continue
            if row.number:
                table.participants[row.number] = row.claim
            if row.line not in times:
                continue
            time = utc(times[row.line])
            if table.times.setdefault(student, time) != time:
                raise AutograderError(f"{path}, line {row.line}: {student} has another time in "
                                      f"line {lines[student]}: delete one of the lines")
            lines.setdefault(student, row.line)
    if nobodys:
        table.notes.append(f"{path.name}: not in roster.csv, so their times are left out: "
                           f"{listed(nobodys)}")
    return table


def _read(path: Path, people: People) -> list[_Row]:
    found = [(line, {key(heading): cell for heading, cell in row.items()})
             for line, row in read_rows(path)]
    if not found:
        raise AutograderError(f"{path}: needs a heading line with student_id and submitted, and a "
                              "line for each student")
    headings = {heading for _, row in found for heading in row}
    if not headings & {*IDS, *NAMES, *KEYS["last_name"]}:
        raise AutograderError(f"{path}: has no column that tells students apart, such as "
                              "student_id: add one")
    there = [heading for heading in WHEN if heading in headings]
    if not there:
        raise AutograderError(f"{path}: has no column of times: "
                              f"{', '.join(reversed(WHEN.values()))}")
    when = next((heading for heading in there if any(row.get(heading) for _, row in found)),
                there[0])
    rows = []
    for line, row in found:
        def cells(headings, row=row):
            return [row[heading] for heading in headings if row.get(heading)]

        ids = cells(IDS)
        names = [*cells(NAMES), " ".join(cells(KEYS["first_name"])[:1]
                                         + cells(KEYS["last_name"])[:1])]
        participant = next(filter(None, map(PARTICIPANT.fullmatch, cells(IDENTIFIERS))), None)
        number = participant and participant["number"]
        sure = people.matcher.by_id(*ids)
        student = sure or people.matcher.by_name(*names, *ids)
        who = student or visible(next(filter(None, [*ids, *names]), "nobody"))
        rows.append(_Row(line, Claim(student, ("row", number or str(line)), bool(sure)), number,
                         who, row.get(when, "")))
    return rows


def far_from_due(came: Mapping[str, datetime.datetime], conditions: Conditions) -> list[str]:
    """Lines for a person about times, in UTC by student, that are hardly right."""
    due = conditions.due
    if due is None:
        return []
    after = [time - utc(conditions.extensions.get(student, due)) for student, time in came.items()]
    late = sum(one > LONG_AFTER for one in after)
    early = sum(one < -LONG_BEFORE for one in after)
    return [f"{many} of {len(came)} came more than {limit.days} days {side} the due date: is the "
            "time column right?"
            for many, limit, side in ((late, LONG_AFTER, "after"), (early, LONG_BEFORE, "before"))
            if many]


def unknown(came: Mapping[str, datetime.datetime | None], conditions: Conditions) -> list[str]:
    """A line for a person about whom nobody can charge for lateness, as no time is known."""
    missing = sum(time is None for time in came.values())
    if conditions.due is None or not missing:
        return []
    if missing == len(came):
        return [f"no time is known for any of the {missing}: nobody is charged for lateness; give "
                "the times with --times"]
    return [f"no time is known for {missing} of {len(came)}: they are not charged for lateness; "
            "give the times with --times"]
