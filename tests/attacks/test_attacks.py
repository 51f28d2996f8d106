"""Every attack of the corpus fails, whoever runs the grader."""

import os
import subprocess
import sys

import pytest
from ta import readable_system

ORDINARY_USER = "65534"
# most of the time all wait for a hanging submission to reach its limit
COMMAND = [sys.executable, "-m", "autograder", "verify", "--attacks", "--workers", "6"]


def test_as_this_user(project, bubblewrap):
    assert_harmless(COMMAND, project, {**os.environ, "COLUMNS": "250"})


def test_as_an_ordinary_user(project, bubblewrap):
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    command = [*readable_system(project), "setpriv", f"--reuid={ORDINARY_USER}",
               f"--regid={ORDINARY_USER}", "--clear-groups", "--inh-caps=-all",
               "--bounding-set=-all", *COMMAND]
    assert_harmless(command, project, {"HOME": "/tmp/home", "PATH": os.environ["PATH"],
                                       "PYTHONPATH": str(project), "COLUMNS": "250"})


def assert_harmless(command, project, env):
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True,
                          check=False)
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert done.returncode == 0, "\n".join([*broken, done.stderr[-2000:]])
    held, _, total = done.stdout.splitlines()[-1].split()[:3]
    assert int(held) == int(total) > 150
