"""Which isolation this machine offers, and what a person may choose."""

import functools
import os

from autograder.errors import AutograderError
from autograder.sandbox import bubblewrap, container
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox, SandboxDied

KINDS = ("bubblewrap", "docker", "podman")  # in the order in which they are preferred


@functools.cache
def isolation_problem(kind: str) -> str | None:
    """Why `kind` cannot isolate here, proved by starting a sandbox; None when it can."""
    problem = bubblewrap.problem() if kind == "bubblewrap" else container.problem(kind)
    if problem:
        return problem
    with Sandbox(kind, Limits()) as sandbox:
        try:
            sandbox.execute(["import numpy, nncourse"])
        except SandboxDied:
            return f"Python does not start inside {kind}"
    return None


def isolation_in_a_container() -> str:
    """The isolation for one submission in a container of its own, as Gradescope starts one.

    Where name spaces are not to be had there, root can still let the student's code run as
    another user, from whom the graders' files are hidden by their permissions.

    Raises
    ------
    AutograderError
        No isolation works and we are not root.
    """
    try:
        return choose_isolation(unsafe=False)
    except AutograderError:
        if os.geteuid() != 0:
            raise
        return "user"


def choose_isolation(unsafe: bool) -> str:
    """Return the first of KINDS that works, or "none" where none does and `unsafe` was typed.

    Raises
    ------
    AutograderError
        No isolation is to be had and nobody asked to go without.
    """
    for kind in KINDS:
        if isolation_problem(kind) is None:
            return kind
    if unsafe:
        return "none"
    problems = "; ".join(filter(None, map(isolation_problem, KINDS)))
    raise AutograderError(f"{problems}. Without isolation, students' code could read and change "
                          "everything that you can; to grade all the same, add --unsafe")
