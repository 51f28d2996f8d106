"""The command `autograder`: its group, and which commands there are."""

import sys
from pathlib import Path

import click

from autograder.commands import authoring, collect, grade, results, services, system, term
from autograder.errors import AutograderError, of_this_machine


class OneLineErrors(click.Group):
    """A group whose AutograderErrors end in one line and exit code 2."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except OSError as error:
            if (problem := of_this_machine(error)) is None:
                raise
            click.echo(f"error: {problem}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("stopped: everything graded so far is kept; run the command again to "
                       "continue", err=True)
            sys.exit(130)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perceptron-to-convnet-autograder", message="%(version)s")
@click.option("--root", type=click.Path(path_type=Path), default=Path("."), show_default=True,
              help="The course's folder: the one with nbgrader_config.py.")
@click.pass_context
def main(ctx, root):
    """Release assignments, grade them in isolation, hand back feedback and grades."""
    ctx.obj = root


for command in (term.init, collect.collect, term.release, grade.grade, results.feedback,
                results.report, results.export, term.final, authoring.verify, grade.grade_one,
                services.gradescope, authoring.new, system.doctor):
    main.add_command(command)
