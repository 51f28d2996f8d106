"""A course on disk and the TA's commands, typed in it, for the tests that need both."""

import atexit
import csv
import functools
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook

PROJECT = Path(__file__).resolve().parents[1]


def run(*command, cwd, fine=(0,), prefix=()):
    """Run a command of this Python and return it; fail with its output on an unexpected end."""
    done = subprocess.run([*prefix, sys.executable, *command], cwd=cwd, capture_output=True,
                          text=True, timeout=900, check=False)
    assert done.returncode in fine, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done


def autograder(course, *arguments, fine=(0,), prefix=()):
    """Run an autograder command in the course's folder; forked, unless it is part of another."""
    if prefix:
        return run("-m", "autograder", *arguments, cwd=course, fine=fine, prefix=prefix)
    with tempfile.NamedTemporaryFile("r+") as out, tempfile.NamedTemporaryFile("r+") as err:
        forking = _forking()
        forking.stdin.write(json.dumps({
            "folder": str(Path(course).resolve()), "arguments": [str(a) for a in arguments],
            "environment": dict(os.environ), "files": [os.devnull, out.name, err.name]}) + "\n")
        forking.stdin.flush()
        code = int(forking.stdout.readline())
        assert code in fine, f"{code}: {out.read()}\n{err.read()}"
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


@functools.cache
def _forking() -> subprocess.Popen:
    """A process that has imported what the commands need, and forks for each."""
    process = subprocess.Popen([sys.executable, str(PROJECT / "tests" / "forking.py")],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.kill)
    return process


def make_course(root: Path, assignment: str, students=None) -> Path:
    """A course in `root`, its assignment released, with the sample students (all by default)."""
    only = [] if students is None else ["--students", *students]
    run("samples/make_samples.py", str(root), "--course", "--assignment", assignment, *only,
        cwd=PROJECT)
    autograder(root, "release", assignment)
    return root


def expected_scores(assignment: str) -> dict[str, dict[str, float]]:
    """The reasoned table: points by student and part, and in total."""
    with open(PROJECT / "samples" / assignment / "expected.csv", newline="") as file:
        rows = {row.pop("student"): row for row in csv.DictReader(file)}
    return {student: {part: float(points) for part, points in row.items() if part != "why"}
            for student, row in rows.items()}


def reported_scores(report: dict) -> dict[str, dict[str, float]]:
    """The same from the JSON of `autograder grade --json`."""
    return {o["student"]: {**{p["name"]: p["score"] for p in o["result"]["parts"]},
                           "total": round(o["result"]["score"], 2)}
            for o in report["outcomes"]}


def gradebook_scores(course: Path, assignment: str) -> dict[str, dict[str, float]]:
    """Points by student and part from the gradebook; hand-graded parts are left out."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            submission.student_id: {
                grade.cell.name: grade.auto_score
                for notebook in submission.notebooks for grade in notebook.grades
                if grade.auto_score is not None}
            for submission in gradebook.assignment_submissions(assignment)}


def readable_system(project: Path) -> list[str]:
    """This system, with Python and the project readable for everybody and a fresh /tmp."""
    command = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev",
               "--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--dir", "/tmp/home"]
    opened = {Path("/tmp")}
    for path in sorted({Path(p).resolve() for p in (project, sys.prefix, sys.base_prefix)}):
        for folder in reversed(path.parents):
            if opened & set(folder.parents):
                command += ["--perms", "0755", "--dir", str(folder)]
            elif not folder.stat().st_mode & stat.S_IXOTH:
                command += ["--perms", "0755", "--tmpfs", str(folder)]
                opened.add(folder)
        if opened & set(path.parents):
            command += ["--ro-bind", str(path), str(path)]
    return [*command, "--"]
