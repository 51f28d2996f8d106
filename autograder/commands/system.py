"""What this machine lacks."""

import sys

import click

from autograder.commands.options import json_option, say
from autograder.soundness.doctor import examine


@click.command()
@json_option
@click.pass_obj
def doctor(root, as_json):
    """Say what this machine and this course lack.

    \b
    Example: autograder doctor
    """
    findings = examine(root)
    say(as_json, *(f"{'ok     ' if f.ok else 'missing'}  {f.what}: {f.detail}" for f in findings),
         findings=[vars(finding) for finding in findings])
    sys.exit(0 if all(f.ok for f in findings) else 1)
