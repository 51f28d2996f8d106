"""Grading: a class, or one notebook."""

import json
import sys
from pathlib import Path

import click

from autograder.atomic import write_atomically
from autograder.batch.batch import grade_class
from autograder.commands import console
from autograder.commands.options import (
    assignment_argument,
    json_option,
    unsafe_option,
    workers_option,
)
from autograder.errors import AutograderError
from autograder.gradebook.standing import named, put_back, to_know
from autograder.grading import notebook
from autograder.output.services import FORMS, grade_path
from autograder.sandbox.isolation import choose_isolation, isolation_in_a_container
from autograder.term.course import Course


@click.command()
@assignment_argument
@workers_option
@click.option("--student", help="Grade this student only.")
@click.option("--cell", "part",
              help="Test this part only, named by its cell's grade_id, and record nothing.")
@click.option("--preview", is_flag=True,
              help="Show whose points would change by how much; the gradebook stays as it is.")
@click.option("--cluster", metavar="ADDRESS",
              help="Grade on the workers of this Dask scheduler, such as tcp://192.0.2.1:8786.")
@json_option
@unsafe_option
@click.pass_obj
def grade(root, assignment, workers, student, part, preview, cluster, as_json, unsafe):
    """Grade what was submitted and is not graded yet.

    Ctrl-C is safe: the same command goes on. Ends with 0 when every submission was graded, 1 when
    some were not (a line each says why).

    \b
    Example: autograder grade hw1_perceptron --preview
    """
    # pytest and nbgrader take a second to import, for which no other command should wait
    from autograder.batch.cluster import Cluster
    from autograder.batch.local_pool import ThisMachine
    from autograder.gradebook.recorder import Recorder

    course = Course(root)
    chosen = course.assignment(assignment)
    isolation = choose_isolation(unsafe)
    recorder = Recorder(course, unsafe)
    submissions = course.submissions(assignment)
    missing = course.missing(submissions)
    parts = [p.name for p in notebook.parts(chosen.source)]
    if part and part not in parts:
        raise AutograderError(f"{assignment} has no part {part!r}; there are: {', '.join(parts)}")
    if student:
        submissions = [s for s in submissions if s.student == student]
        missing = [s for s in missing if s == student]
        if not submissions and not missing:
            raise AutograderError(course.unknown(student, assignment))
    machines = Cluster(cluster) if cluster else ThisMachine(workers)
    dry_run, lines, outcomes, changes = preview or part is not None, {}, [], {}
    waited, standings = set(), {}
    with course.lock(f"grade {assignment}"):
        recorder.require_released(chosen)
        if not dry_run:
            recorder.add_students()
            waited = recorder.waiting(assignment)
        before = recorder.automatic_points(assignment)
        with console.board(f"grading {assignment}", len(submissions)) as board:
            for outcome in grade_class(course, chosen, submissions, isolation, machines,
                                       None if dry_run else recorder, part):
                board.add(outcome)
                name = outcome.student
                if outcome.graded and name in before and (
                        changed := console.changes(before[name], outcome.graded)):
                    changes[name] = changed
                lines[name] = console.line(outcome)
                if as_json:  # all results of a class would fill the memory
                    outcomes.append(vars(outcome))
        if not dry_run:
            recorder.apply_term(assignment)
            standings = recorder.standings(assignment)
    again = put_back(waited, standings)
    changes = dict(sorted(changes.items()))
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "isolation": isolation,
                               "missing": missing, "changes": changes, "put_back": again,
                               "waiting": {s: sorted(standing.waiting) for s, standing
                                           in sorted(standings.items()) if standing.waiting},
                               "outcomes": sorted(outcomes, key=lambda o: o["student"])}))
    else:
        console.lines(assignment, lines, missing, isolation, standings)
        console.changed(changes, dry_run)
        if again:
            console.notice("handed in anew after a person had given points, so these wait again: "
                           + named(again))
        for line in to_know(standings):
            console.notice(line)
    sys.exit(0 if all(line.graded for line in lines.values()) else 1)


@click.command("grade-one")
@assignment_argument
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "form", type=click.Choice(sorted(FORMS)), default="result",
              show_default=True, help="What to write: docs/results.md, Gradescope's results.json, "
                                      "or GitHub Classroom's.")
@click.option("--out", type=click.Path(path_type=Path), help="A file to write to, not the screen.")
@unsafe_option
@click.pass_obj
def grade_one(root, assignment, path, form, out, unsafe):
    """Grade one notebook and write the result as JSON.

    A folder stands for the one notebook in it. Needs no roster and no gradebook: for Gradescope,
    GitHub Classroom and a first look.

    \b
    Example: autograder grade-one hw1_perceptron my.ipynb
    """
    course = Course(root)
    isolation = "none" if unsafe else isolation_in_a_container()
    formed = FORMS[form](grade_path(course, assignment, path, isolation))
    text = formed if isinstance(formed, str) else json.dumps(formed)
    if out:
        write_atomically(out, text.encode())
    else:
        click.echo(text)
