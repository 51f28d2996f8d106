"""For who writes assignments: a new one, and whether its graders are sound."""

import sys
from functools import partial

import click

from autograder.commands import console
from autograder.commands.options import json_option, say, workers_option
from autograder.errors import AutograderError
from autograder.sandbox.isolation import choose_isolation
from autograder.term.course import Course


@click.command()
@click.argument("name")
@json_option
@click.pass_obj
def new(root, name, as_json):
    """Write a small, sound assignment to be changed into yours.

    \b
    Example: autograder new hw7_attention
    """
    from autograder.soundness.scaffold import scaffold  # imports jupytext

    paths = scaffold(Course(root), name)
    say(as_json, *(f"wrote {path}" for path in paths),
         f"now change them: docs/instructors.md says what is in which file; `autograder verify "
         f"{name}` says what is missing, `autograder release {name}` makes the students' version",
         files=paths)


@click.command()
@click.argument("assignment", required=False)
@click.option("--attacks", is_flag=True,
              help="Grade the attack corpus instead, in a course of its own.")
@workers_option
@json_option
@click.pass_obj
def verify(root, assignment, attacks, workers, as_json):
    """Check hidden graders or, with --attacks, the isolation.

    Right answers must pass, known mistakes must be named, and every small change of the solutions
    must lose points; no attack may gain anything.

    \b
    Example: autograder verify hw1_perceptron
    """
    # pytest and nbgrader take a second to import, for which no other command should wait
    from autograder.soundness import verify as verifying
    from autograder.soundness.attacks import run_attacks
    from autograder.soundness.corpus import load_corpus

    if attacks:
        choose_isolation(unsafe=False)
        rows = run_attacks(load_corpus(), workers, lambda line: click.echo(line, err=True))
        if as_json:
            say(as_json, attacks=[vars(row) for row in rows])
        else:
            console.attacks(rows)
        sys.exit(0 if all(row.held for row in rows) else 1)
    if assignment is None:
        raise AutograderError("name an assignment to verify, or add --attacks")
    chosen = Course(root).assignment(assignment)
    kinds: dict[str, list[verifying.Check]] = {}
    for kind, look in (("pieces of the assignment", verifying.check_pieces),
                       ("hidden tests", verifying.check_announced),
                       ("parts' comparisons", verifying.check_tolerances),
                       ("right answers in other styles", verifying.check_variants),
                       ("named mistakes", verifying.check_mistakes),
                       ("mutants of the solutions",
                        partial(verifying.check_mutants, workers=workers))):
        kinds[kind] = []
        for check in look(chosen):
            kinds[kind].append(check)
            if not as_json:
                click.echo(f"{'sound  ' if check.sound else 'UNSOUND'}  {check.what}: "
                           f"{check.detail}")
        if kind.startswith("pieces") and not all(check.sound for check in kinds[kind]):
            shares = []  # what is missing would only fail again
            if not as_json:
                click.echo("correct these first: the rest is judged after that")
            break
    else:
        shares = verifying.check_shares([check for checks in kinds.values() for check in checks])
    say(as_json, *(f"{sum(check.sound for check in checks)} of {len(checks)} {kind} are judged as "
                    "they should be" for kind, checks in kinds.items()),
         *(f"{'sound  ' if share.sound else 'UNSOUND'}  {share.what}: {share.detail}"
           for share in shares),
         **{kind: [vars(check) for check in checks] for kind, checks in kinds.items()},
         shares=[vars(share) for share in shares])
    sys.exit(0 if all(c.sound for checks in [*kinds.values(), shares] for c in checks) else 1)
