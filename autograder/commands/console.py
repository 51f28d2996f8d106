"""What the TA's commands show on the terminal: progress, tables, what changed."""

import collections
import contextlib
from dataclasses import dataclass

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from autograder.batch.batch import Outcome
from autograder.gradebook.standing import Standing
from autograder.grading.execution import STOPPED
from autograder.grading.locked import CHANGED
from autograder.grading.result import Result
from autograder.soundness.corpus import Row
from autograder.term.course import NOTHING

MAX_SHOWN = 5  # kinds of mistakes on the board
MAX_MISTAKES = 2  # in a row of the table
stdout, stderr = Console(), Console(stderr=True)


def problem(line: str) -> None:
    """A line that a person has to read."""
    stderr.print(line, style="red", markup=False, soft_wrap=True)


def notice(line: str) -> None:
    """A line that sums up, below a table."""
    stdout.print(line, markup=False, highlight=False, soft_wrap=True)


def progress() -> Progress:
    """A bar with the time that is left."""
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                    TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
                    console=stderr)


class Board:
    """The progress of a class and, below it, what is failing most so far."""

    def __init__(self, bar: Progress, task, live: Live):
        self.bar, self.task, self.live = bar, task, live
        self.failing: collections.Counter[tuple[str, str]] = collections.Counter()

    def add(self, outcome: Outcome) -> None:
        """Count one submission."""
        if outcome.problem:
            problem(outcome.problem)
        self.bar.advance(self.task)
        for part in outcome.graded["parts"] if outcome.graded else []:
            kinds = {t["mistake"] or t["outcome"] for t in part["tests"]
                     if t["outcome"] != "passed"}
            self.failing.update((part["title"], kind) for kind in kinds)
        table = Table(box=None, padding=(0, 2))
        for heading in ("students", "part", "what fails most so far"):
            table.add_column(heading, justify="right" if heading == "students" else "left")
        for (title, kind), count in self.failing.most_common(MAX_SHOWN):
            table.add_row(str(count), escape(title), escape(kind.replace("_", " ")))
        self.live.update(Group(self.bar, table) if self.failing else self.bar)


@contextlib.contextmanager
def board(description: str, total: int):
    """A `Board` while a class is graded."""
    bar = progress()
    task = bar.add_task(description, total=total)
    with Live(bar, console=stderr, refresh_per_second=4) as live:
        yield Board(bar, task, live)


def changes(before: dict[str, float], result: Result) -> dict[str, list[float]]:
    """The points of parts before and after, by part, where they differ."""
    return {part["name"]: [before[part["name"]], part["score"]] for part in result["parts"]
            if part["name"] in before and abs(before[part["name"]] - part["score"]) > 0.005}


def changed(found: dict[str, dict[str, list[float]]], dry_run: bool) -> None:
    """Say whose points change by how much."""
    if not found:
        if dry_run:
            stdout.print("nobody's points would change")
        return
    table = Table(title="points that would change" if dry_run else "points that changed")
    for heading in ("student", "part", "before", "now"):
        table.add_column(heading, justify="left" if heading in ("student", "part") else "right")
    for student, parts in found.items():
        for part, (before, now) in parts.items():
            table.add_row(escape(student), escape(part), f"{before:g}", f"{now:g}")
    stdout.print(table)
    if dry_run:
        stdout.print("nothing was recorded: the same command without --preview records it")


@dataclass(frozen=True)
class Line:
    """One submission in a class's table."""

    score: str
    remark: str
    graded: bool
    reused: bool


def line(outcome: Outcome) -> Line:
    """What the table says of a submission."""
    graded = outcome.graded
    if graded is None:
        return Line("-", "not graded, see above", False, outcome.reused)
    return Line(f"{graded['score']:g} / {graded['max_score']:g}", _remark(graded), True,
                outcome.reused)


def lines(assignment: str, found: dict[str, Line], missing: list[str], isolation: str,
          standings: dict[str, Standing]) -> None:
    """The class's scores, as they count where the gradebook has them, and a line that sums up."""
    table = Table(title=assignment)
    table.add_column("student")
    table.add_column("score", justify="right")
    table.add_column("remarks")
    for student in sorted(found):
        shown, standing = found[student], standings.get(student)
        if shown.graded and standing:
            table.add_row(escape(student), f"{standing.score:g} / {standing.max_score:g}",
                          ", ".join(filter(None, (shown.remark, *_left_open(standing)))))
        else:
            table.add_row(escape(student), shown.score, shown.remark)
    for student in missing:
        table.add_row(escape(student), "-", NOTHING)
    stdout.print(table)
    reused = sum(shown.reused for shown in found.values())
    problems = sum(not shown.graded for shown in found.values())
    notice(f"{len(found) - problems} graded ({reused} unchanged since last time), "
           f"{problems} with a problem, {len(missing)} missing")
    if isolation == "none":
        stdout.print("graded WITHOUT isolation: every result is marked so")


def _left_open(standing: Standing) -> list[str]:
    """What a total does not say by itself."""
    late = [f"{standing.penalty:g} off: late"] if standing.penalty else []
    return late + [f"{escape(cell)} waits" + ("" if points is None else f" (had {points:g})")
                   for cell, points in standing.waiting.items()]


def _remark(result: Result) -> str:
    tests = [t for part in result["parts"] for t in part["tests"]]
    kinds = {"grader_fault": "grader fault: needs you", "timeout": "too slow",
             "crash": "crashes", "missing": "missing or unsolved"}
    found = [words for kind, words in kinds.items() if any(t["outcome"] == kind for t in tests)]
    mistakes = list(dict.fromkeys(t["mistake"] for t in tests if t["mistake"]))
    found += mistakes[:MAX_MISTAKES] + ["..."] * (len(mistakes) > MAX_MISTAKES)
    if any(cell["outcome"] in STOPPED for cell in result["cells"]):
        found.append("notebook was stopped")
    if any(note.startswith(CHANGED) for note in result["notes"]):
        found.append("changed a locked cell")
    return ", ".join(found)


def attacks(rows: list[Row]) -> None:
    """What the attack corpus tried and what came of it."""
    table = Table()
    for heading in ("who", "tries", "must", "happened", ""):
        table.add_column(heading, overflow="fold")
    for row in rows:
        verdict = ("[green]held[/]" if row.held else "[red]BROKEN[/]" if row.armed
                   else "[red]NOT TRIED[/]")
        table.add_row(*map(escape, (row.name, row.tries, row.must, row.happened)), verdict)
    stdout.print(table)
    stdout.print(f"{sum(row.held for row in rows)} of {len(rows)} held", highlight=False)
