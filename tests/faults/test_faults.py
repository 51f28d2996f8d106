"""Whatever is killed, full, locked or broken: the next run ends as if nothing had happened."""

import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import psutil
import pytest
import toy
from thorough import THOROUGH

from autograder.gradebook import recorder
from autograder.grading.grade import grade

KILLS = 50 if THOROUGH else 3
TALKATIVE = os.environ | {"PYTHONFAULTHANDLER": "1"}
HANGS = 200  # seconds after which a command has come to no end
VICTIMS = ("the grader", "a worker", "a sandbox")


def assert_undisturbed(course, undisturbed):
    results, scores = undisturbed
    assert course.results() == results
    assert course.scores() == scores


def written(course) -> dict:
    """When each stored result was written."""
    stored = (course.root / ".autograder" / "results").rglob("*.json")
    return {path: path.stat().st_mtime_ns for path in stored}


def victims(grader: psutil.Process, kind: str) -> list[psutil.Process]:
    """The running processes of that kind below the command `grader`."""
    if kind == "the grader":
        return [grader]
    sign = "autograder.sandbox.forkserver" if kind == "a sandbox" else "multiprocessing.forkserver"
    found, below = [], []
    with contextlib.suppress(psutil.Error):  # it has ended meanwhile
        below = grader.children(recursive=True)
    for process in below:
        try:
            if any(sign in word for word in process.cmdline()) and "bwrap" not in process.name():
                found.append(process)
        except psutil.Error:
            continue
    return found


def kill_one(command: subprocess.Popen, kind: str, wait: float, choose: random.Random) -> bool:
    """Kill a process of that kind so many seconds after the first is there; False without one."""
    grader, first = psutil.Process(command.pid), None
    while command.poll() is None:
        found = victims(grader, kind)
        if found:
            first = first or time.monotonic()
            if time.monotonic() >= first + wait:
                choose.choice(found).kill()
                return True
        time.sleep(0.01)
    return False


def said_until_its_end(command: subprocess.Popen) -> str:
    """What it says on stderr; one that hangs is ended, and says where (PYTHONFAULTHANDLER)."""
    try:
        return command.communicate(timeout=HANGS)[1]
    except subprocess.TimeoutExpired:
        command.send_signal(signal.SIGABRT)
        pytest.fail(f"it hangs: {command.communicate(timeout=HANGS)[1]}")


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_process_changes_nothing(fresh, undisturbed, number):
    """One process at a random instant, of a random kind."""
    choose = random.Random(number)
    wait, killed = choose.uniform(0.2, 3), False
    while not killed:
        course = fresh()
        with subprocess.Popen(course.grade_command(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, env=TALKATIVE) as command:
            killed = kill_one(command, VICTIMS[number % len(VICTIMS)], wait, choose)
            said = said_until_its_end(command)
        wait /= 2  # a fast machine had ended before
    assert "Traceback" not in said
    kept = written(course)
    assert_undisturbed(course, undisturbed)
    assert kept.items() <= written(course).items()  # what was graded was not graded again


@pytest.mark.parametrize("wait", [0, 0.1, 0.3])
def test_a_fork_server_that_dies_before_it_has_forked_is_started_again(fresh, undisturbed, wait):
    course = fresh()
    with subprocess.Popen(course.grade_command(), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, env=TALKATIVE) as command:
        assert kill_one(command, "a worker", wait, random.Random(0))
        said = said_until_its_end(command)
    assert command.returncode == 0, said
    assert (course.results(), course.scores()) == undisturbed


@pytest.mark.parametrize("step", ["nbgrader.preprocessors.OverwriteKernelspec",
                                  "autograder.gradebook.preprocessors.InsertResults",
                                  "nbgrader.preprocessors.AssignLatePenalties"])
def test_killed_while_nbgrader_records(unrecorded, undisturbed, step):
    """Ended before that step: in nbgrader's first pass, between its passes, with points saved."""
    ends = (f"import os, {step.rpartition('.')[0]}; from autograder import __main__; "
            f"{step}.preprocess = lambda *_: os._exit(7); __main__.main()")
    done = unrecorded.run([sys.executable, "-c", ends, *unrecorded.grade_command()[3:]])
    assert done.returncode == 7
    assert_undisturbed(unrecorded, undisturbed)


def test_nothing_is_left_running(fresh):
    course = fresh()
    with subprocess.Popen(course.grade_command(), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as command:
        grader = psutil.Process(command.pid)
        while not victims(grader, "a sandbox"):
            assert command.poll() is None
            time.sleep(0.01)
        below = grader.children(recursive=True)
        grader.kill()
    _, alive = psutil.wait_procs(below, timeout=20)
    assert not alive


def test_two_graders_at_once(fresh, undisturbed):
    course = fresh()
    commands = [subprocess.Popen(course.grade_command(), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [command.communicate()[1] for command in commands]
    assert sorted(command.returncode for command in commands) == [0, 2]
    assert sum("another autograder is at work" in text for text in said) == 1
    assert_undisturbed(course, undisturbed)


def test_a_locked_gradebook(unrecorded, undisturbed):
    with sqlite3.connect(unrecorded.root / "gradebook.db", isolation_level=None) as other:
        other.execute("begin exclusive")
        done = unrecorded.run(unrecorded.grade_command())
        other.execute("rollback")
    assert done.returncode == 2 and "locked" in done.stderr
    assert_undisturbed(unrecorded, undisturbed)


def test_a_gradebook_that_is_none(unrecorded, undisturbed):
    gradebook = unrecorded.root / "gradebook.db"
    kept = gradebook.read_bytes()
    gradebook.write_bytes(b"not a database " * 1000)
    done = unrecorded.run(unrecorded.grade_command())
    assert done.returncode == 2 and "gradebook.db" in done.stderr
    assert done.stderr.count("\n") == 1
    gradebook.write_bytes(kept)
    assert_undisturbed(unrecorded, undisturbed)


def test_a_gradebook_of_an_older_nbgrader(unrecorded, undisturbed):
    gradebook = unrecorded.root / "gradebook.db"
    kept = gradebook.read_bytes()
    with contextlib.closing(sqlite3.connect(gradebook)) as old:
        old.execute("alter table student drop column lms_user_id")
    done = unrecorded.run(unrecorded.grade_command())
    assert done.returncode == 2 and "nbgrader db upgrade" in done.stderr
    assert done.stderr.count("\n") == 1
    gradebook.write_bytes(kept)
    assert_undisturbed(unrecorded, undisturbed)


@pytest.mark.parametrize(("cause", "remedy"), [
    ("database or disk is full", "make room"), ("database is locked", "nobody else"),
    ("attempt to write a readonly database", "may write"),
    ("unable to open database file", "its disk is there"), ("disk I/O error", "its disk is there"),
    ("no such table: grade", "db upgrade"), ("file is not a database", "put a copy back"),
    ("database disk image is malformed", "put a copy back"),
    ("UNIQUE constraint failed: student.id", "report it")])
def test_each_error_of_the_gradebook_has_its_remedy(cause, remedy):
    assert remedy in recorder._remedy(cause)


def test_a_damaged_result_is_made_again(unrecorded, undisturbed):
    stored = sorted((unrecorded.root / ".autograder" / "results").rglob("*.json"))
    damage = [b"", stored[1].read_bytes()[:100], b"[]", b"\xff", b'{"schema": 1}', b"null",
              b"0"]
    for path, data in zip(stored, damage, strict=True):
        path.write_bytes(data)
    assert_undisturbed(unrecorded, undisturbed)


def test_a_read_only_course(unrecorded, undisturbed, bubblewrap):
    sealed = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", unrecorded.root, unrecorded.root]
    done = unrecorded.run(unrecorded.grade_command(), prefix=sealed)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert str(unrecorded.root) in done.stderr
    assert_undisturbed(unrecorded, undisturbed)


def test_ctrl_c_says_one_thing_and_loses_nothing(fresh, undisturbed):
    course = fresh()
    with subprocess.Popen(course.grade_command(), stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, start_new_session=True) as command:
        deadline = time.monotonic() + 120
        while not list(course.root.glob("autograded/*/*/*.ipynb")):  # some are recorded already
            assert command.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        for _ in range(9):  # somebody is in a hurry
            os.killpg(command.pid, signal.SIGINT)
            time.sleep(0.05)
        said, _ = command.communicate(timeout=60)
    last = said.splitlines()[-1]
    assert command.returncode == 130 and "stopped: everything graded so far is kept" in last
    assert "Traceback" not in said and "could not record" not in said
    assert course.run(course.grade_command()).returncode == 0
    assert_undisturbed(course, undisturbed)


def test_little_memory(fresh, undisturbed):
    """The grader itself runs out of memory, somewhere between its start and its end.

    Python's pool of processes can then wait for ever, until somebody ends it.
    """
    course, megabytes = fresh(), 200
    while not grade_with_little(course, megabytes << 20):
        megabytes += megabytes // 3  # how much is enough depends on the machine
        assert megabytes < 8_000
    assert megabytes > 200  # the first was too little, so something was disturbed
    assert_undisturbed(course, undisturbed)


def grade_with_little(course, memory: int) -> bool:
    """Whether the command comes to its end with so many bytes of address space."""
    with subprocess.Popen(course.grade_command(), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, start_new_session=True,
                          preexec_fn=lambda: resource.setrlimit(
                              resource.RLIMIT_AS, (memory, memory))) as command:
        try:
            return command.wait(timeout=20) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(command.pid, signal.SIGKILL)


def test_few_open_files_end_in_one_line(fresh, undisturbed):
    """Whoever meets the limit: the command before it has begun, or each submission."""
    course = fresh()
    for files in (10, 14, 18, 22):
        done = course.run(course.grade_command(), prefix=["prlimit", f"--nofile={files}"])
        said = [line for line in done.stderr.splitlines() if "Too many open files" in line]
        assert done.returncode in (1, 2) and set(said) & {
            "error: this machine: Too many open files: allow more (ulimit -n), then run the "
            "command again", "this machine: Too many open files: allow more (ulimit -n), then "
            "run the command again"}, done.stderr
    assert_undisturbed(course, undisturbed)


def test_lack_of_memory_is_no_students_fault(toy_assignment, isolation, monkeypatch):
    def too_large(*args, **kwargs):
        raise MemoryError
    raw = toy.as_bytes(toy.source())
    for place in ("autograder.grading.notebook.nbformat.reads",
                  "autograder.grading.judge.check_value"):
        with monkeypatch.context() as patched, pytest.raises(MemoryError):
            patched.setattr(place, too_large)
            grade(raw, toy_assignment, isolation)


def test_a_clock_that_jumps(fresh, undisturbed, tmp_path):
    """Every reading of the wall clock is hours or years away from the last."""
    (tmp_path / "jumps").mkdir()
    (tmp_path / "jumps" / "sitecustomize.py").write_text(
        "import itertools, time\n"
        "real, jumps = time.time, itertools.cycle([0, 1e8, -1e8, 3600, -7200])\n"
        "time.time = lambda: real() + next(jumps)\n")
    course = fresh()
    path = os.pathsep.join(filter(None, [str(tmp_path / "jumps"), os.environ.get("PYTHONPATH")]))
    look = "import time; first = time.time(); print(time.time() - first)"
    assert float(course.run([sys.executable, "-c", look], PYTHONPATH=path).stdout) > 1e7
    assert course.run(course.grade_command(), PYTHONPATH=path).returncode == 0
    assert course.scores() == undisturbed[1]
    assert_undisturbed(course, undisturbed)
