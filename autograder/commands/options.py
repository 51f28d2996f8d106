"""What several commands share: their arguments, and how they say what was done."""

import json
import os

import click

assignment_argument = click.argument("assignment")
json_option = click.option("--json", "as_json", is_flag=True,
                           help="Print what was done as JSON instead.")
workers_option = click.option(
    "--workers", type=click.IntRange(1), default=os.cpu_count(), show_default=True,
    help="Submissions graded at a time.")
unsafe_option = click.option(
    "--unsafe", is_flag=True,
    help="Grade without isolation where nothing can give it: students' code can then read and "
         "change everything that you can. Every such result is marked.")


def say(as_json: bool, *lines: str, **done) -> None:
    """What was done: lines for a person, or all of it for a program."""
    click.echo(json.dumps(done, default=str) if as_json else "\n".join(lines))
