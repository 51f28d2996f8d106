"""Which isolation this machine offers, and what a person may choose."""

import functools
import shutil
import subprocess
import sys

from autograder.errors import AutograderError
from autograder.sandbox import Limits, Sandbox, SandboxDied

INSTALL = "apt-get install bubblewrap"


@functools.cache
def bubblewrap_problem() -> str | None:
    """Why bubblewrap cannot isolate here, proved by starting a sandbox; None when it can."""
    if sys.platform != "linux":
        return "bubblewrap needs Linux"
    if not shutil.which("bwrap"):
        return f"bubblewrap is not installed: {INSTALL}"
    probe = subprocess.run(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"],
                           capture_output=True, text=True, check=False)
    if probe.returncode:
        lines = probe.stderr.strip().splitlines() or ["no reason given"]
        return f"bubblewrap may not make a sandbox here ({lines[-1]})"
    with Sandbox("bubblewrap", Limits()) as sandbox:
        try:
            sandbox.execute(["import numpy, nncourse"])
        except SandboxDied:
            return "Python does not start inside bubblewrap"
    return None


def choose_isolation(unsafe: bool) -> str:
    """Return "bubblewrap", or "none" where it cannot run and the person typed --unsafe.

    Raises
    ------
    AutograderError
        No isolation is to be had and nobody asked to go without.
    """
    problem = bubblewrap_problem()
    if problem is None:
        return "bubblewrap"
    if unsafe:
        return "none"
    raise AutograderError(f"{problem}. Without isolation, students' code could read and change "
                          "everything that you can; to grade all the same, add --unsafe")
