"""Bad input, full disks and killed runs: a clear line for each, and nothing lost."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import ta
from click.testing import CliRunner
from ta import autograder

from autograder.commands.main import main

ASSIGNMENT = "hw1_perceptron"


def gradebook_scores(course):
    return ta.gradebook_scores(course, ASSIGNMENT)


def test_bad_submissions_end_in_a_line_each_and_stop_no_other(make_course, unsafe):
    course = make_course({"ada", "grace"})
    submitted = course / "submitted"
    (submitted / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text('{"cells": [')
    (submitted / "nobody" / ASSIGNMENT).mkdir(parents=True)
    shutil.copytree(submitted / "grace", submitted / "-not a student id")
    (submitted / "alan" / ASSIGNMENT).mkdir(parents=True, exist_ok=True)
    done = autograder(course, "grade", ASSIGNMENT, *unsafe, fine=(1,))
    lines = done.stderr.splitlines()
    for words in ("ada", "not valid JSON"), ("nobody", "not in roster.csv"), (
            "-not a student id", "rename the folder"), ("alan", "no such file"):
        assert sum(all(w in line for w in words) for line in lines) == 1, (words, lines)
    assert "Traceback" not in done.stderr + done.stdout
    assert set(gradebook_scores(course)) == {"grace"}


def refused(course, *arguments) -> str:
    """The one line of a command that ends before it grades: no process of its own is needed."""
    done = CliRunner().invoke(main, ["--root", str(course), *arguments])
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit), done.exception
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("arguments, says", [
    (["grade", "hw99"], "no assignment called 'hw99'"),
    (["grade", ASSIGNMENT, "--student", "nemo"], "nemo is not in"),
    (["feedback", ASSIGNMENT], "nothing is graded"),
    (["--root", "nowhere", "grade", ASSIGNMENT], "no such file: name the course's folder"),
])
def test_wrong_input_is_one_clear_line(make_course, unsafe, arguments, says):
    line = refused(make_course({"grace"}), *arguments, *unsafe)
    assert line.startswith("error: ") and says in line


def test_a_course_without_submissions_is_one_clear_line(make_course, unsafe):
    line = refused(make_course(set()), "grade", ASSIGNMENT, *unsafe)
    assert "put each submission into" in line


def test_an_unreleased_assignment_is_one_clear_line(make_course, unsafe):
    course = make_course({"grace"})
    (course / "gradebook.db").unlink()
    assert "release" in refused(course, "grade", ASSIGNMENT, *unsafe)


def test_a_full_disk_loses_nothing_that_fits(make_course, bubblewrap):
    course = make_course({"ada", "grace"})
    store = course / ".autograder"
    store.mkdir(exist_ok=True)
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "4096", "--tmpfs", str(store)]
    done = autograder(course, "grade", ASSIGNMENT, fine=(1,), prefix=small)
    lines = [line for line in done.stderr.splitlines() if "cannot be written" in line]
    assert len(lines) == 2 and "No space left" in lines[0]
    assert "Traceback" not in done.stderr + done.stdout
    done = autograder(course, "grade", ASSIGNMENT)  # room again: the same command finishes
    assert set(gradebook_scores(course)) == {"ada", "grace"}


@pytest.mark.parametrize("spare", [30, 90])
def test_a_full_disk_under_the_whole_course_ends_in_lines(make_course, bubblewrap, spare):
    course = make_course({"ada", "grace"})
    taken = sum(-(-path.stat().st_size // 4096) * 4 for pattern in (
        "*.py", "*.csv", "*.db", "submitted/**/*.*") for path in course.glob(pattern))
    small = course / "small"
    small.mkdir()
    command = (f"cp {course}/*.py {course}/*.csv {course}/*.db {small} && "
               f"cp -r {course}/submitted {small} && cd {small} && "
               f"{sys.executable} -m autograder grade {ASSIGNMENT}")
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", "--size", str((taken + spare) * 1024), "--tmpfs", small,
         "sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr + done.stdout
    assert not done.stderr.startswith("cp:")  # the files themselves fit
    assert any(word in done.stderr for word in ("No space left", "disk is full", "disk I/O"))


def test_a_killed_run_continues_where_it_was(make_course, unsafe):
    course = make_course({"ada", "grace", "alan"})
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--workers", "1", *unsafe]
    with subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not list(_stored(course)):
            time.sleep(0.01)
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert helpers
    _, alive = psutil.wait_procs(helpers, timeout=20)
    assert not alive  # neither workers nor sandboxes outlive the command
    kept = set(_stored(course))
    assert kept
    done = autograder(course, "grade", ASSIGNMENT, "--json", *unsafe)
    reused = [o["student"] for o in json.loads(done.stdout)["outcomes"] if o["reused"]]
    assert len(reused) >= len(kept)
    assert set(gradebook_scores(course)) == {"ada", "grace", "alan"}


def _stored(course: Path):
    return (course / ".autograder" / "results").rglob("*.json")


def test_without_isolation_grading_refuses(make_course, monkeypatch):
    course = make_course({"grace"})
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(scripts))  # no bwrap there
    done = autograder(course, "grade", ASSIGNMENT, fine=(2,))
    assert "--unsafe" in done.stderr
    done = autograder(course, "grade", ASSIGNMENT, "--unsafe", "--json")
    (outcome,) = json.loads(done.stdout)["outcomes"]
    assert outcome["result"]["isolation"] == "none"


def test_doctor_says_what_is_there(make_course):
    done = autograder(make_course({"grace"}), "doctor", fine=(0, 1))
    assert "isolation" in done.stdout and ASSIGNMENT in done.stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_explains_itself(name):
    command = main.commands[name]
    assert f"Example: autograder {'--root autumn ' if name == 'init' else ''}{name}" in command.help
    options = {option for parameter in command.params for option in parameter.opts}
    assert name == "grade-one" or "--json" in options  # which writes nothing but JSON
    text = CliRunner().invoke(main, [name, "--help"])
    assert text.exit_code == 0 and "Example:" in text.output
