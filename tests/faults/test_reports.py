"""Thousands of forged reports on the control socket: each is its own submission's matter.

The sandbox is replaced by a thread that says what a mutation made of an honest worker's messages;
everything behind the socket is the real thing, `grade_class` and the store included.
"""

import contextlib
import copy
import ctypes
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from unittest.mock import ANY

import msgspec
import numpy as np
import psutil
import pytest
import toy
from mutate import places
from thorough import THOROUGH

from autograder.batch.batch import grade_class
from autograder.grading import grade as grading
from autograder.grading import rounds
from autograder.grading.execution import Execution
from autograder.grading.store import Store
from autograder.inside import channel, shell, worker
from autograder.sandbox import protocol, sandbox
from autograder.term.course import Course

REPORTS = 5000 if THOROUGH else 1000
HONEST_EVERY = 25
SILENT_EVERY = 250  # waits for a limit in the end; the others hang up
FLAT = 100 << 20  # bytes by which the grader may grow
QUICK = sandbox.Limits(cell_seconds=0.1, notebook_seconds=1, overtime_seconds=0.5)
# for all who hang up, honest or not: on a machine that is busy, too, the limits are not what ends
# an honest report
PATIENT = sandbox.Limits(cell_seconds=30, notebook_seconds=90, overtime_seconds=30)
PNG = np.frombuffer(b"\x89PNG", np.uint8)
FULL = np.zeros(shell.MAX_IMAGE_BYTES, np.uint8)


def honest(cells: list[int], stops: list[int]) -> list[dict]:
    """What an honest worker says of the cells of these numbers, and at its stops."""
    said = []
    for start, stop in pairwise([0, *stops]):
        for cell in sorted(set(cells) & set(range(start, stop))):
            said += [{"type": "running", "cell": cell},
                     shell.ran(cell, "ok", f"printed by {cell}", [PNG])]
        said.append({"type": "ready", "threads": 0})
    return said


ODD = [None, True, 0, -1, 1, 2**63, 0.0, 1.5, float("nan"), float("inf"), "", "ok", "x" * 30_000,
       [], [[]], {}, {"type": "ready"}, {1: 2}, (), np.zeros(0), np.zeros(3), np.zeros((2, 2)),
       np.array(5), np.zeros(3, np.uint8), np.array([True]), channel.Opaque("thing"),
       [np.zeros(2, np.uint8)] * 9, [np.zeros(3)], [PNG.reshape(2, 2)], ["<script>"], [[1], "x"],
       {"type": 1, "text": "x", "where": []}, {"type": "E", "text": "x", "where": [1, 2]},
       {"type": "E", "text": "x", "where": [["f", -1, "x"]]},
       {"type": "E", "text": "x", "where": [["f", 1, "x", 2]]},
       {"type": "E", "text": "x", "where": np.zeros(3)}]


def changed_value(said, choose):
    messages = [message for message in said if isinstance(message, dict)]
    for _ in range(choose.randint(1, 3)):
        container, key = choose.choice(places(choose.choice(messages)))
        container[key] = copy.deepcopy(choose.choice(ODD))


def changed_keys(said, choose):
    message = choose.choice(said)
    if choose.random() < 0.5:
        del message[choose.choice(list(message))]
    else:
        name = choose.choice(["seconds", "score", "", "x" * 99])
        message[name] = copy.deepcopy(choose.choice(ODD))


def repeated(said, choose):
    said.insert(choose.randrange(len(said) + 1), copy.deepcopy(choose.choice(said)))


def reordered(said, choose):
    choose.shuffle(said)


def flood(said, choose):
    place = choose.randrange(len(said))
    said[place:place] = [said[place]] * choose.choice([2, 50, 400])


def large(said, choose):
    reports = [message for message in said if message["type"] == "ran"]
    for message in choose.sample(reports, min(2, len(reports))):
        message.update(choose.choice([
            {"images": [FULL] * choose.choice([1, 1, 2])}, {"images": [PNG] * 9},
            {"stdout": "x" * choose.choice([20_000, 20_200, 90_000])},
            {"error": {"type": "E" * 201, "text": "x", "where": []}},
            {"error": {"type": "E", "text": "x" * 2001, "where": [["f", 1, "x"]] * 6}}]))


def named_many_times(said, choose):
    """One array, named so often that copies of it would fill the memory."""
    named = [{"array": ["B", [1 << 20], 0, "C"]}] * choose.choice([9, 2000])
    pairs = [["type", "ran"], ["cell", 0], ["outcome", "ok"], ["stdout", ""], ["error", None],
             ["images", named]]
    structure = msgspec.msgpack.encode({"dict": pairs})
    said[0] = channel.HEADER.pack(len(structure), 1 << 20) + structure + bytes(1 << 20)


def damaged(said, choose):
    place = choose.randrange(len(said))
    raw = bytearray(channel.encode(said[place]))
    for _ in range(choose.randint(1, 8)):
        raw[choose.randrange(len(raw))] = choose.randrange(256)
    said[place] = bytes(raw)


def cut(said, choose):
    del said[choose.randrange(len(said)):]
    said.append(choose.choice([b"", b"\0", b"\xff" * 8, choose.randbytes(300)]))


MUTATIONS = (changed_value, changed_value, changed_value, changed_keys, repeated, reordered, flood,
             large, named_many_times, damaged, cut)


def mutated(cells: list[int], stops: list[int], seed: int) -> list:
    """The messages of a worker after one or two mutations that the seed chooses.

    The first one comes before any student code has run, and stays as it is.
    """
    choose = random.Random(seed)
    first, *said = honest(cells, stops)
    for _ in range(choose.randint(1, 2)):
        with contextlib.suppress(TypeError, IndexError, KeyError, ValueError, AttributeError):
            choose.choice(MUTATIONS)(said, choose)  # the second may not fit what the first left
    return [first, *said]


def number_in(text: str) -> int:
    """The number of the student whose notebook this is."""
    return int(re.search(r"# student (\d+)", text)[1])


def falls_silent(number: int) -> bool:
    return number % SILENT_EVERY == 1


class Liar:
    """Stands in for a tree of processes: takes the job, and says what it was told to say."""

    def __init__(self, script):
        self.control, theirs = socket.socketpair()
        self._thread = threading.Thread(target=self._talk, args=(theirs, script), daemon=True)
        self._thread.start()

    def _talk(self, theirs, script):
        with theirs, contextlib.suppress(OSError, channel.ChannelError):
            job = channel.receive(theirs, time.monotonic() + 5)
            cells, skip = worker.unpack_cells(job), set(job["skip"].tolist())
            number = number_in("\n".join(cells))
            run = [cell for cell in range(len(cells)) if cell not in skip]
            for message in script(number, run, [*job["stops"].tolist(), len(cells)]):
                raw = message if isinstance(message, bytes) else channel.encode(message)
                theirs.settimeout(5)
                theirs.sendall(raw)
            if falls_silent(number):
                theirs.recv(1)  # until the grader has had enough

    def out_of_memory(self):
        return False

    def close(self):
        self.control.close()
        self._thread.join()


class Here:
    """A pool of one thread of this process."""

    worker_died, size = BrokenProcessPool, 1

    def executor(self, *_):
        return ThreadPoolExecutor(1)

    def job(self, assignment, isolation, part):
        def grade(raw):
            limits = QUICK if falls_silent(number_in(raw.decode())) else PATIENT
            return grading.grade(raw, assignment, isolation, limits)

        return grade


@pytest.fixture
def make_class(tmp_path, monkeypatch):
    """A function that makes a class of so many, whose workers say what `script` tells each.

    `script` takes the number of a student, those of the cells to run, and of those at which to
    stop.

    Hidden tests are left out: what a report says has no part in them.
    """
    def make(count, script):
        toy.write_course(tmp_path)
        notebook = toy.as_bytes(toy.source(double=f"# student 0\n{toy.DOUBLE}"))
        for number in range(count):
            toy.submit(tmp_path, f"s{number}",
                       notebook.replace(b"# student 0", b"# student %d" % number))
        course = Course(tmp_path)
        return course, course.assignment("toy"), course.submissions("toy")

    def start(_isolation, _limits, _hidden, _modules):
        return Liar(scripts[0])

    scripts = []

    def with_script(count, script):
        scripts[:] = [script]
        return make(count, script)

    monkeypatch.setattr(sandbox.bubblewrap, "start", start)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no disk is waited for
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(sandbox, "START_SECONDS", 20)
    tests = grading.HiddenTests.__new__(grading.HiddenTests)
    passed = {"name": "t", "title": "T", "weight": 1.0, "outcome": "passed", "message": "",
              "mistake": None, "read": None}
    tests.mistakes = {}
    tests.outcomes, tests.titles = {"double": [passed], "split": [passed]}, {
        "double": "Double", "split": "Split"}

    def stop_at_each(_graders, code, *_):
        for part in tests.outcomes:
            code._advance(code.place(part))
        return tests

    monkeypatch.setattr(rounds, "run_hidden_tests", stop_at_each)
    return with_script


def run(course, assignment, submissions):
    return grade_class(course, assignment, submissions, "bubblewrap", Here(), None)


def test_no_forged_report_touches_the_class_in_a_process_of_its_own(project):
    """What other tests have left in a heap moves by more than is to be measured."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"{__file__}::{forged_reports.__name__}", "-o",
         f"python_functions={forged_reports.__name__}"],
        cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def forged_reports(make_class):
    def script(number, cells, stops):
        if number % HONEST_EVERY == 0:
            return honest(cells, stops)
        return mutated(cells, stops, number)

    parts = make_class(REPORTS, script)
    process, sizes, kinds, kept = psutil.Process(), [], set(), {}
    trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)  # glibc has it
    for count, outcome in enumerate(run(*parts)):
        assert outcome.problem is None and outcome.result["status"] == "graded", outcome
        result = outcome.result
        number = int(outcome.student[1:])
        assert result["score"] == 5
        assert sum(len(c["stdout"]) + len(c["error"] or "") for c in result["cells"]) \
            <= protocol.NOTEBOOK_TEXT
        assert sum(len(i) for c in result["cells"] for i in c["images"]) \
            <= 4 / 3 * protocol.NOTEBOOK_BYTES + 4 * protocol.NOTEBOOK_IMAGES
        kinds.add(tuple(c["outcome"] for c in result["cells"]))
        if number % HONEST_EVERY == 0:
            kept[number] = [(c["stdout"], c["outcome"], len(c["images"])) for c in result["cells"]]
        if count % 20 == 10:
            trim(0)  # what the heap keeps for later, other tests' remains too, is no growth
            sizes.append(process.memory_info().rss)
    quarter = len(sizes) // 4
    assert len(kinds) > 3  # the mutations do reach it
    assert kept == {n: [(f"printed by {c}", "ok", 1) for c in range(3)]
                    for n in range(0, REPORTS, HONEST_EVERY)}
    # those who lie live in this process as well, and some of them say megabytes at a time: in the
    # first quarter it grows to what the largest of them need
    early, late = map(statistics.median, (sizes[quarter:2 * quarter], sizes[-quarter:]))
    assert late - early < FLAT / 4, [size >> 20 for size in sizes]
    assert max(sizes) - early < FLAT, [size >> 20 for size in sizes]
    course, assignment, submissions = parts
    assert all(o.reused and o.problem is None for o in run(course, assignment, submissions[:300]))


def test_what_nobody_foresaw_is_one_submissions_line_and_is_stored(make_class, monkeypatch):
    parts = make_class(6, lambda _, *job: honest(*job))
    record = Execution._record

    def fails(self, report):
        if any("# student 3\n" in cell.source for cell in self._cells):
            raise KeyError("a hidden value")
        return record(self, report)

    monkeypatch.setattr(Execution, "_record", fails)
    for reused in (False, True):
        outcomes = {o.student: o for o in run(*parts)}
        assert [s for s, o in sorted(outcomes.items()) if o.problem] == ["s3"]
        failed = outcomes["s3"]
        assert "KeyError < test_reports.py:" in failed.problem and "\n" not in failed.problem
        assert "hidden value" not in str(failed.result)
        assert (failed.result["status"], failed.result["score"]) == ("failed", 0)
        assert {o.reused for o in outcomes.values()} == {reused}


def test_cells_that_take_their_time_one_by_one_have_a_total(make_class):
    """The receiver counts it, whatever the worker's own clock says."""
    def slow(_, cells, stops):
        for message in honest(cells, stops):
            if message["type"] == "ran":
                time.sleep(0.6)
            yield message

    _, assignment, (submission,) = make_class(1, slow)
    total = sandbox.Limits(cell_seconds=5, notebook_seconds=0.5, overtime_seconds=0.4)
    result = grading.grade(submission.path.read_bytes(), assignment, "bubblewrap", total)
    assert "timeout" in {cell["outcome"] for cell in result["cells"]}


def test_the_gradebook_hears_of_what_it_does_not_have_yet(make_class):
    course, assignment, submissions = make_class(3, lambda _, *job: honest(*job))

    class Book:
        """It has what s0 handed in, something else of s1, and nothing of s2."""

        keys = {"s0": ANY, "s1": "another file's"}
        heard = []

        def recorded_students(self, _):
            return set(self.keys)

        def recorded_key(self, student, _):
            return self.keys[student]

        def record(self, student, _):
            self.heard.append(student)

    assert all(o.problem is None for o in grade_class(
        course, assignment, submissions, "bubblewrap", Here(), Book()))
    assert sorted(Book.heard) == ["s1", "s2"]


def test_whole_results_alone_are_stored_and_once(make_class, monkeypatch):
    course, assignment, submissions = make_class(2, lambda _, *job: honest(*job))
    stored, put = [], Store.put
    monkeypatch.setattr(Store, "put", lambda store, *row: (stored.append(row), put(store, *row)))
    for part, count in (("double", 0), (None, 2), (None, 2), ("double", 2)):
        assert all(o.problem is None for o in grade_class(
            course, assignment, submissions, "bubblewrap", Here(), None, part))
        assert len(stored) == count


@pytest.mark.parametrize("happens, says", [
    (lambda path: path.unlink(), "No such file"),
    (lambda path: path.write_bytes(path.read_bytes() + b" "), "changed meanwhile")])
@pytest.mark.parametrize("when", ["before", "while others are graded"])
def test_a_file_that_goes_away_is_one_submissions_line(make_class, happens, says, when):
    course, assignment, submissions = make_class(3, lambda _, *job: honest(*job))
    path = submissions[1].path

    class Meanwhile(Here):
        def job(self, *arguments):
            if when != "before":
                happens(path)
            return super().job(*arguments)

    if when == "before":
        happens(path)
    found = {o.student: o.problem for o in grade_class(
        course, assignment, submissions, "bubblewrap", Meanwhile(), None)}
    problem = found.pop(submissions[1].student)
    assert found == {submissions[0].student: None, submissions[2].student: None}
    if when == "before" and path.exists():  # then the other text is the one that is graded
        assert problem is None
    else:
        assert says in problem and "\n" not in problem


def test_what_the_machine_lacks_is_not_stored(make_class, monkeypatch):
    parts = make_class(2, lambda _, *job: honest(*job))
    record, full = Execution._record, [True]

    def no_room(*arguments):
        if full:
            raise OSError(28, "No space left on device")
        return record(*arguments)

    monkeypatch.setattr(Execution, "_record", no_room)
    assert all("No space left" in o.problem and o.result is None for o in run(*parts))
    full.clear()
    assert all(o.problem is None and not o.reused for o in run(*parts))


@pytest.mark.parametrize("said", [
    lambda said: said[:1] * 10**6, lambda said: said[:1], lambda said: said[:2],
    lambda said: said[:-1], lambda said: said[:2] * 10**5])
def test_a_worker_that_never_ends_ends_at_its_limits(make_class, said):
    # the second one falls silent instead of hanging up
    parts = make_class(2, lambda _, *job: said(honest(*job)) if job[0] else honest(*job))
    started = time.monotonic()
    for outcome in run(*parts):
        assert outcome.problem is None and outcome.result["notes"]
    # the notebook's second, its overtime and some starts, all made short above
    assert time.monotonic() - started < 60
