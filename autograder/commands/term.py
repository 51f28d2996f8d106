"""A term: begun, its assignments released, its grades put together."""

import datetime
import sys
from pathlib import Path

import click

from autograder.atomic import write_atomically
from autograder.commands import console
from autograder.commands.options import assignment_argument, json_option, say
from autograder.errors import AutograderError
from autograder.gradebook.standing import to_know
from autograder.output.export import write_final
from autograder.term import handout
from autograder.term.columns import parsed_columns
from autograder.term.course import Course
from autograder.term.init_term import begin
from autograder.term.roster import OddLines


@click.command()
@click.argument("students", required=False, type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path),
              help="The class, if it is not named as STUDENTS: what Canvas, Moodle, Blackboard, "
                   "Brightspace, Gradescope, Google or GitHub Classroom export, or a CSV file with "
                   "student_id, first_name, last_name, email.")
@click.option("--columns", multiple=True, metavar="OURS=THEIRS",
              help="The heading of one of its columns, such as student_id=\"Matrikelnummer\"; can "
                   "be given several times.")
@click.option("--name", help="The term's name, such as 'Autumn 2026'.")
@click.option("--timezone", help="Of the due dates, such as Europe/Berlin; UTC if not given.")
@json_option
@click.pass_obj
def init(root, students, roster, columns, name, timezone, as_json):
    """Begin a term in the folder --root, or update its roster.

    Exits with 1 if lines of the list need attention; then nothing is written.

    \b
    Example: autograder --root autumn init --roster canvas.csv --timezone Europe/Berlin
    """
    if (students is None) == (roster is None):
        raise AutograderError("name one list of students: autograder init students.csv")
    try:
        lines = begin(root, students or roster, name, timezone, parsed_columns(columns))
    except OddLines as error:
        for line in error.lines:
            console.problem(line)
        sys.exit(1)
    say(as_json, *lines, done=lines)


@click.command()
@assignment_argument
@json_option
@click.pass_obj
def release(root, assignment, as_json):
    """Make the students' version of an assignment, and its zip.

    The zip holds the library besides.

    \b
    Example: autograder release hw1_perceptron
    """
    from autograder.gradebook.recorder import Recorder  # imports nbgrader, which takes a second

    course = Course(root)
    course.assignment(assignment)
    with course.lock(f"release {assignment}"):
        recorder = Recorder(course, unsafe=False)
        recorder.release(assignment)
        recorder.apply_term(assignment)
    folder = course.path("release", assignment=assignment).resolve()
    raw = (folder / f"{assignment}.ipynb").read_bytes()
    archive = course.root / "releases" / f"{assignment}.zip"
    write_atomically(archive, handout.pack(assignment, raw))
    say(as_json, f"released {folder}", f"wrote {archive}", released=folder, zip=archive)


@click.command()
@json_option
@click.pass_obj
def final(root, as_json):
    """Write all points of the term, and weighted totals.

    \b
    Example: autograder final
    """
    from autograder.gradebook.recorder import Recorder  # imports nbgrader, which takes a second

    course = Course(root)
    recorder, standings = Recorder(course, unsafe=False), {}
    with course.lock("final"):
        for assignment in recorder.assignments():
            recorder.apply_term(assignment)
            standings[assignment] = recorder.standings(assignment)
    if not any(standings.values()):
        raise AutograderError("nothing is graded: run `autograder grade <assignment>` first")
    weights = {name: course.term.of(name).weight for name in standings}
    waiting = sum(bool(s.waiting) for class_ in standings.values() for s in class_.values())
    not_due = course.term.not_due(datetime.datetime.now(datetime.UTC), standings)
    paths = write_final(course.root / "exports", standings, weights, course.roster() or {},
                        not_due)
    notes = [f"{name}: {line}" for name, class_ in standings.items() for line in to_know(class_)]
    if not_due:
        notes.append(f"not due yet, and left out of percent_so_far: {', '.join(sorted(not_due))}")
    say(as_json, *(f"wrote {path}" for path in paths), *notes, files=paths, waiting=waiting,
        not_due=sorted(not_due))
