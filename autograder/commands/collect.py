"""Submissions, from what a platform hands over."""

import sys
from pathlib import Path

import click

from autograder.commands import console
from autograder.commands.options import assignment_argument, json_option, say
from autograder.errors import AutograderError
from autograder.term import collect as collecting
from autograder.term.course import Course


@click.command()
@assignment_argument
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--times", type=click.Path(path_type=Path),
              help="When each came: Moodle's grading worksheet, or a CSV file with student_id "
                   "and submitted.")
@click.option("--match", "matches", multiple=True, metavar="NAME=STUDENT",
              help="Whose a file is that nobody was found for; can be given several times.")
@click.option("--student", help="Whose all of it is, such as a notebook that came by e-mail.")
@click.option("--github", "classroom", type=click.Path(path_type=Path),
              help="GitHub Classroom's classroom_roster.csv, where it does not lie beside the "
                   "repositories.")
@json_option
@click.pass_obj
def collect(root, assignment, paths, times, matches, student, classroom, as_json):
    """Put each student's last notebook in its place.

    Takes zips and folders: what Canvas, Moodle, Gradescope, Brightspace, Blackboard, Google
    Classroom, GitHub Classroom and nbgrader's exchange hand over, and folders or files named by
    student id. Exits with 1 if any file needs attention; each gets one line.

    \b
    Example: autograder collect hw1_perceptron submissions.zip
    """
    course = Course(root)
    course.assignment(assignment)
    pairs = [match.rpartition("=") for match in matches]  # a file's name may have the sign, too
    if not all(name and matched for name, _, matched in pairs):
        raise AutograderError("--match: write it as 'NAME=STUDENT', the name as quoted before")
    with course.lock(f"collect {assignment}"):
        done = collecting.collect(course, assignment, list(paths), times=times,
                                  matches={name: matched for name, _, matched in pairs},
                                  student=student, classroom=classroom)
    for line in done.problems:
        console.problem(line)
    say(as_json, *done.notes, f"{len(done.new)} new, {len(done.replaced)} replaced, "
         f"{len(done.unchanged)} unchanged, {len(done.problems)} with a problem",
         assignment=assignment, **vars(done))
    sys.exit(1 if done.problems else 0)
