"""The TA's command: `python -m autograder`, also installed as `autograder`."""

import json
import os
import sys
from pathlib import Path

import click
from rich.console import Console
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

from autograder import export as exporting
from autograder.attacks import Row, load_corpus, run_attacks
from autograder.batch import Outcome, grade_class, stored_results
from autograder.course import Course
from autograder.doctor import examine
from autograder.errors import AutograderError
from autograder.feedback import render_feedback
from autograder.files import write_atomically
from autograder.gradebook import Recorder
from autograder.isolation import choose_isolation
from autograder.report import render_report
from autograder.verify import check_mistakes, check_mutants, check_variants

stdout, stderr = Console(), Console(stderr=True)


class OneLineErrors(click.Group):
    """A group whose AutograderErrors end in one line and exit code 2."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("stopped: everything graded so far is kept; run the command again to "
                       "continue", err=True)
            sys.exit(130)


assignment_argument = click.argument("assignment")
workers_option = click.option(
    "--workers", type=click.IntRange(1), default=os.cpu_count(), show_default=True,
    help="Submissions graded at a time.")
unsafe_option = click.option(
    "--unsafe", is_flag=True,
    help="Grade without isolation where bubblewrap cannot run: students' code can then read and "
         "change everything that you can. Every such result is marked.")


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), default=Path("."), show_default=True,
              help="The course's folder: the one with nbgrader_config.py.")
@click.pass_context
def main(ctx, root):
    """Release assignments, grade them in isolation, hand back feedback and grades."""
    ctx.obj = root


@main.command()
@assignment_argument
@click.pass_obj
def release(root, assignment):
    """Make the students' version of an assignment."""
    course = Course(root)
    course.assignment(assignment)
    with course.lock():
        Recorder(course, unsafe=False).release(assignment)
    click.echo(f"released {course.path('release', assignment=assignment).resolve()}")


@main.command()
@assignment_argument
@workers_option
@click.option("--student", help="Grade this student only.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@unsafe_option
@click.pass_obj
def grade(root, assignment, workers, student, as_json, unsafe):
    """Grade what was submitted and is not graded yet.

    Ends with 0 when every submission was graded, 1 when some were not (a line each says why).
    """
    course = Course(root)
    chosen = course.assignment(assignment)
    isolation = choose_isolation(unsafe)
    recorder = Recorder(course, unsafe)
    submissions = course.submissions(assignment)
    missing = course.missing(submissions)
    if student:
        submissions = [s for s in submissions if s.student == student]
        missing = [s for s in missing if s == student]
        if not submissions and not missing:
            raise AutograderError(f"{course.path('submitted', student, assignment)}: no such "
                                  "folder: check the student id")
    outcomes = {}
    with course.lock():
        recorder.require_released(assignment)
        recorder.add_students()
        with _progress() as progress:
            task = progress.add_task(f"grading {assignment}", total=len(submissions))
            for outcome in grade_class(course, chosen, submissions, isolation, workers, recorder):
                outcomes[outcome.student] = outcome
                if outcome.problem:
                    progress.console.print(outcome.problem, style="red", markup=False,
                                           soft_wrap=True)
                progress.advance(task)
    outcomes = dict(sorted(outcomes.items()))
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "isolation": isolation,
                               "missing": missing,
                               "outcomes": [vars(o) for o in outcomes.values()]}))
    else:
        _print_table(assignment, outcomes, missing, isolation)
    sys.exit(1 if any(o.problem for o in outcomes.values()) else 0)


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                    TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
                    console=stderr)


def _print_table(assignment: str, outcomes: dict[str, Outcome], missing: list[str],
                 isolation: str) -> None:
    table = Table(title=assignment)
    table.add_column("student")
    table.add_column("score", justify="right")
    table.add_column("remarks")
    for student, outcome in outcomes.items():
        result = outcome.result
        graded = result and not outcome.problem
        score = f"{result['score']:g} / {result['max_score']:g}" if graded else "-"
        table.add_row(student, score, _remark(outcome))
    for student in missing:
        table.add_row(student, "-", "nothing handed in")
    stdout.print(table)
    reused = sum(o.reused for o in outcomes.values())
    problems = sum(o.problem is not None for o in outcomes.values())
    click.echo(f"{len(outcomes) - problems} graded ({reused} unchanged since last time), "
               f"{problems} with a problem, {len(missing)} missing")
    if isolation == "none":
        click.echo("graded WITHOUT isolation: every result is marked so")


def _remark(outcome: Outcome) -> str:
    if outcome.problem:
        return "not graded, see above"
    tests = [t for part in outcome.result["parts"] for t in part["tests"]]
    kinds = {"grader_fault": "grader fault: needs you", "timeout": "too slow",
             "crash": "crashes", "missing": "function missing"}
    found = [words for kind, words in kinds.items() if any(t["outcome"] == kind for t in tests)]
    return ", ".join([*found, *(["notebook was stopped"] if outcome.result["notes"] else [])])


def _graded(root: Path, assignment: str, unsafe: bool):
    course = Course(root)
    results = stored_results(course, course.assignment(assignment), choose_isolation(unsafe))
    if not results:
        raise AutograderError(f"{assignment}: nothing is graded: run `autograder grade "
                              f"{assignment}` first")
    return course, results


@main.command()
@assignment_argument
@click.option("--book-url", default=None,
              help="Address of the built book, for links from messages to sections.")
@unsafe_option
@click.pass_obj
def feedback(root, assignment, book_url, unsafe):
    """Write a page for every graded student."""
    course, results = _graded(root, assignment, unsafe)
    for student, result in results.items():
        page = render_feedback(result, student=student, book_url=book_url)
        path = course.path("feedback", student) / f"{assignment}.html"
        write_atomically(path, page.encode())
    click.echo(f"wrote {len(results)} pages to {course.path('feedback', '.')}")


@main.command()
@assignment_argument
@unsafe_option
@click.pass_obj
def report(root, assignment, unsafe):
    """Write the instructor's page: the class's scores and its mistakes."""
    course, results = _graded(root, assignment, unsafe)
    roster = sorted(course.roster() or results)
    path = course.root / "reports" / f"{assignment}.html"
    write_atomically(path, render_report(assignment, results, roster).encode())
    click.echo(f"wrote {path}")


@main.command()
@assignment_argument
@unsafe_option
@click.pass_obj
def export(root, assignment, unsafe):
    """Write the grades as CSV and as JSON."""
    course, results = _graded(root, assignment, unsafe)
    for path in exporting.write_grades(course.root / "exports", assignment, results,
                                       course.roster() or {}):
        click.echo(f"wrote {path}")


@main.command()
@click.argument("assignment", required=False)
@click.option("--attacks", is_flag=True,
              help="Grade the attack corpus instead, in a course of its own.")
@workers_option
@click.pass_obj
def verify(root, assignment, attacks, workers):
    """Check an assignment's hidden graders, or, with --attacks, the isolation.

    Right answers must pass, known mistakes must be named, and every small change of the solutions
    must lose points; no attack may gain anything.
    """
    if attacks:
        choose_isolation(unsafe=False)
        rows = run_attacks(load_corpus(), workers, lambda line: click.echo(line, err=True))
        _print_attacks(rows)
        sys.exit(0 if all(row.held for row in rows) else 1)
    if assignment is None:
        raise AutograderError("name an assignment to verify, or add --attacks")
    chosen, kinds = Course(root).assignment(assignment), {}
    for kind, checks in (("right answers in other styles", check_variants(chosen)),
                         ("named mistakes", check_mistakes(chosen)),
                         ("mutants of the solutions", check_mutants(chosen, workers))):
        kinds[kind] = []
        for check in checks:
            kinds[kind].append(check)
            click.echo(f"{'sound  ' if check.sound else 'UNSOUND'}  {check.what}: {check.detail}")
    for kind, checks in kinds.items():
        click.echo(f"{sum(check.sound for check in checks)} of {len(checks)} {kind} are judged "
                   "as they should be")
    sys.exit(0 if all(c.sound for checks in kinds.values() for c in checks) else 1)


def _print_attacks(rows: list[Row]) -> None:
    table = Table()
    for heading in ("who", "tries", "must", "happened", ""):
        table.add_column(heading, overflow="fold")
    for row in rows:
        verdict = "[green]held[/]" if row.held else "[red]BROKEN[/]"
        table.add_row(*map(escape, (row.name, row.tries, row.must, row.happened)), verdict)
    stdout.print(table)
    click.echo(f"{sum(row.held for row in rows)} of {len(rows)} held")


@main.command()
@click.pass_obj
def doctor(root):
    """Say what this machine and this course lack."""
    findings = examine(root)
    for finding in findings:
        click.echo(f"{'ok     ' if finding.ok else 'missing'}  {finding.what}: {finding.detail}")
    sys.exit(0 if all(f.ok for f in findings) else 1)
