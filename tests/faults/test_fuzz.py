"""Thousands of damaged notebooks and messages: each ends in a grade or in a clear reason."""

import contextlib
import json
import socket
import threading
import time
import tracemalloc

import mutate
import nbformat
import numpy as np
import pytest
import toy
from thorough import THOROUGH
from toy_graders.toy import mistakes, reference

from autograder.grading import judge, notebook
from autograder.grading.sessions import SandboxedCode
from autograder.grading.student import Budget, Student
from autograder.inside import channel

NOTEBOOKS = 2000 if THOROUGH else 25  # through the engine and the gradebook a second each
SEEDS = range(2000)


@pytest.mark.filterwarnings("ignore")  # nbformat's, of what is damaged
def test_every_damaged_notebook_is_read_or_refused(toy_assignment):
    raw, source = toy.as_bytes(toy.source()), toy_assignment.source
    refused = 0
    for seed in SEEDS:
        try:
            book = notebook.read(mutate.notebook(raw, seed))
        except notebook.Unreadable as reason:
            refused += 1
            assert str(reason) and "\n" not in str(reason)
            continue
        assembled = notebook.assemble(book, source)
        nbformat.validate(assembled)
        assert notebook.parts(assembled) != [] and sorted(
            notebook.parts(assembled), key=str) == sorted(notebook.parts(source), key=str)
        assert all(isinstance(code, str) for code in notebook.code_to_run(assembled).values())
    assert len(SEEDS) // 10 < refused < len(SEEDS) * 9 // 10


def test_a_class_of_damaged_notebooks_is_graded(fresh):
    course = fresh()
    raw = toy.as_bytes(toy.source())
    for seed in range(NOTEBOOKS):
        toy.submit(course.root, f"fuzz{seed}", mutate.notebook(raw, seed))
    done = course.run(course.grade_command("--json"))
    outcomes = {o["student"]: o for o in json.loads(done.stdout)["outcomes"]}
    assert len(outcomes) == len(list((course.root / "submitted").iterdir())) > NOTEBOOKS
    scores = course.scores()
    for student, outcome in outcomes.items():
        if outcome["problem"]:
            assert "\n" not in outcome["problem"] and student not in scores
            assert outcome["result"]["status"] == "unreadable"
        else:
            recorded = sum(points for _, points, _, _ in scores[student])
            assert outcome["result"]["score"] == recorded
            assert 0 <= recorded <= 5
    again = course.run(course.grade_command("--json"))
    assert all(o["reused"] for o in json.loads(again.stdout)["outcomes"])


class OneMessage:
    """A sandbox whose forks answer whatever they are asked with the same bytes."""

    def __init__(self, data: bytes):
        self.data = data

    @contextlib.contextmanager
    def fork(self):
        ours, theirs = socket.socketpair()

        def reply():
            with theirs, contextlib.suppress(channel.ChannelError, OSError):
                channel.receive(theirs, time.monotonic() + 5)
                theirs.sendall(self.data)

        sender = threading.Thread(target=reply)
        sender.start()
        with ours:
            yield ours
        sender.join()


def test_every_damaged_message_costs_the_student_and_nobody_else():
    x = np.arange(3.0)
    right = 2 * x
    replies = [{"value": right, "changed": []}, {"value": (1.0, [2, {"a": right}]), "changed": [0]},
               {"error": {"type": "ValueError", "text": "no", "where": [["f", 1, "x"]]}},
               {"missing": True}, {"timeout": True}, {"value": np.ones((2, 3), int), "changed": []}]
    passed = 0
    tracemalloc.start()
    for seed in SEEDS:
        code = SandboxedCode(OneMessage(mutate.message(replies, seed)))
        try:
            with code.session() as ask:
                Student(ask, reference, mistakes.MISTAKES, 0, Budget(0.1, 10)).compare("double", x)
            passed += 1
        except judge.Verdict as verdict:
            assert verdict.message and verdict.outcome in ("wrong", "crash", "timeout", "missing")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20
    assert 0 < passed < len(SEEDS) // 4  # the undamaged right answer among them


def test_a_right_answer_is_needed_to_pass():
    """No bytes but those of the right value pass: mutations of a wrong reply never do."""
    replies = [{"value": np.zeros(3), "changed": []}, {"value": None, "changed": []}]
    for seed in SEEDS[:500]:
        code = SandboxedCode(OneMessage(mutate.message(replies, seed)))
        with pytest.raises(judge.Verdict), code.session() as ask:
            Student(ask, reference, mistakes.MISTAKES, 0, Budget(0.1, 10)).compare(
                "double", np.arange(3.0))
