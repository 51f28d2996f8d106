"""Grading by services that run it for each submission."""

import click

from autograder.atomic import write_atomically
from autograder.commands.options import assignment_argument, json_option, say
from autograder.output.services import gradescope_zip
from autograder.term.course import Course


@click.command()
@assignment_argument
@json_option
@click.pass_obj
def gradescope(root, assignment, as_json):
    """Write the autograder's zip for Gradescope.

    It holds the hidden graders: upload it, and give it to nobody.

    \b
    Example: autograder gradescope hw1_perceptron
    """
    course = Course(root)
    archive = course.root / "exports" / "gradescope" / f"{assignment}.zip"
    write_atomically(archive, gradescope_zip(course.assignment(assignment), course.term.examples))
    say(as_json, f"wrote {archive}: upload it as the assignment's autograder, base image Ubuntu "
         "24.04", zip=archive)
