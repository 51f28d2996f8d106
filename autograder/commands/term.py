"""A term: begun, its assignments released, its grades put together."""

from pathlib import Path

import click

from autograder.atomic import write_atomically
from autograder.commands.options import assignment_argument, json_option, say
from autograder.errors import AutograderError
from autograder.gradebook.recorder import Recorder
from autograder.output.export import write_final
from autograder.term import handout
from autograder.term.course import Course
from autograder.term.init_term import begin


@click.command()
@click.option("--roster", type=click.Path(path_type=Path), required=True,
              help="The class: Canvas's gradebook export, Moodle's participants, or a CSV file "
                   "with student_id, first_name, last_name, email.")
@click.option("--name", default="", help="The term's name, such as 'Autumn 2026'.")
@click.option("--timezone", default="UTC", show_default=True,
              help="Of the due dates, such as Europe/Berlin.")
@json_option
@click.pass_obj
def init(root, roster, name, timezone, as_json):
    """Begin a term in the folder --root, or update its roster.

    \b
    Example: autograder --root autumn init --roster canvas.csv --timezone Europe/Berlin
    """
    lines = begin(root, roster, name, timezone)
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
    course = Course(root)
    course.assignment(assignment)
    with course.lock():
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
    course = Course(root)
    recorder, standings = Recorder(course, unsafe=False), {}
    with course.lock():
        for assignment in recorder.assignments():
            recorder.apply_term(assignment)
            standings[assignment] = recorder.standings(assignment)
    if not any(standings.values()):
        raise AutograderError("nothing is graded: run `autograder grade <assignment>` first")
    weights = {name: course.term.of(name).weight for name in standings}
    waiting = sum(s.waits for class_ in standings.values() for s in class_.values())
    paths = write_final(course.root / "exports", standings, weights, course.roster() or {})
    note = (f"{waiting} submissions wait for a person in the formgrader; their points count as "
            "they stand")
    say(as_json, *(f"wrote {path}" for path in paths), *([note] if waiting else []), files=paths,
         waiting=waiting)
