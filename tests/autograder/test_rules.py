"""Single rules that decide whose grade it is and what it is, each tried by itself."""

import contextlib
import os
import random
import re
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
import ta
import toy
from nbgrader.api import Gradebook
from toy_graders.toy import mistakes, reference

from autograder.gradebook import formgrader
from autograder.gradebook.recorder import Recorder
from autograder.grading import judge, sessions
from autograder.grading.grade import grade, longest, run_part
from autograder.grading.made import Made
from autograder.grading.sessions import InProcessCode, SandboxedCode
from autograder.grading.student import MAX_TIMEOUTS, Budget, Student
from autograder.inside import calls, channel
from autograder.sandbox import bubblewrap as wall
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.term.course import Course

QUICK = Limits(cell_seconds=4, call_seconds=2)
RIGHT = toy.as_bytes(toy.source())


def student(reply, known=mistakes.MISTAKES) -> Student:
    """A student whose sandbox answers so."""
    return Student(reply, reference, known, 0, Budget(call_seconds=1, tests_seconds=60))


def test_whoever_is_wrong_is_told_where_to_read(tmp_path, isolation):
    answers = {"x + 1": "part1/toy.html#double", "1 / 0": "part1/toy.html#double", "2 * x": None}
    for answer, read in answers.items():
        raw = toy.as_bytes(toy.source(double=f"def double(x):\n    return {answer}"))
        tests = grade(raw, toy.assignment(tmp_path), isolation)["parts"][0]["tests"]
        assert {test["read"] for test in tests} == {read}


# calls --------------------------------------------------------------------------------------------
def test_a_function_that_has_hung_twice_is_not_called_again():
    asked = []

    def hang(request):
        asked.append(request["call"])
        return {"timeout": True} if request["call"] == "double" else {"value": 1.0, "changed": []}

    hanging = student(hang)
    for _ in range(5):
        with pytest.raises(judge.Verdict) as verdict:
            hanging.call("double", np.ones(3))
        assert verdict.value.outcome == "timeout"
    assert asked == ["double"] * MAX_TIMEOUTS == ["double"] * 2
    hanging.call("split", np.ones(3))  # another one is called
    assert asked[2:] == ["split"]


@pytest.mark.parametrize("reply, outcome, says", [
    ({"missing": True}, "missing", "does not define a function `double`"),
    ({"timeout": True}, "timeout", "`double(x of shape (3,))` ran longer than 1 s"),
    ({"error": {"type": "NotImplementedError", "text": "", "where": []}}, "missing",
     "`double` is not solved yet"),
    ({"error": {"type": "KeyError", "text": "7", "where": []}}, "crash", "raised KeyError: 7"),
    ({"value": 1}, "crash", "it was no reply to a call"),
    ({"value": 1, "changed": [0]}, "wrong", "changed its argument `x` in place"),
    (None, "crash", "it was no reply to a call")])
def test_each_reply_has_its_verdict(reply, outcome, says):
    one = Student(lambda request: reply, reference, {}, 0, Budget(1, 60), told=set())
    with pytest.raises(judge.Verdict) as verdict:
        one.call("double", np.ones(3))
    assert verdict.value.outcome == outcome and says in verdict.value.message


def test_what_is_asked_of_a_notebook():
    asked = []

    def reply(request):
        asked.append(request)
        return {"value": 1, "changed": [], "steps": {"lines": {"f": 2}, "watched": True}}

    one = Student(reply, reference, {}, 7, Budget(3, 60))
    assert one.call("double", 5, stand_ins={"split": 1}, k=2) == 1
    assert one.through("quadratic", "double", (Made("generator", (3,)), 4), 6) == 1
    assert one.steps("double", 5) == (1, {"f": 2})
    same = {"call": "double", "seed": 7, "seconds": 3}
    assert asked == [
        {**same, "args": [5], "made": {}, "kwargs": {"k": 2}, "stand_ins": {"split": 1}},
        {**same, "args": [[3], 4], "made": {0: "generator"}, "kwargs": {},
         "then": ["quadratic", [6]]},
        {**same, "args": [5], "made": {}, "kwargs": {}, "count": True}]


def test_parts_of_one_call_are_judged_by_one_answer():
    answers, x = [(3.0, 9.0), (3.0, 1.0), (3.0, 1.0), (9.0, 1.0)], np.arange(3.0)  # right: 3 and 1
    one = student(lambda request: {"value": answers.pop(0), "changed": []}, known={})
    one._right = mock.Mock(wraps=one._right)

    def right(only, x):
        with contextlib.suppress(judge.Verdict):
            one.compare("split", x, what=("sum", "mean"), only=only)
            return True

    assert (right(0, x), right(1, x), len(answers)) == (True, None, 3)
    assert (right(1, x.copy()), len(answers)) == (None, 3)  # the same numbers
    float32 = x.astype(np.float32)  # other calls: another type, another layout
    assert (right(0, float32), right(1, float32), len(answers)) == (True, True, 2)
    assert (right(0, np.arange(0, 3, 0.5)[::2]), len(answers)) == (True, 1)
    assert (right(0, x), len(answers)) == (None, 0)  # only the latest answer is kept
    assert one._right.call_count == 4  # as often as the student was asked


@pytest.mark.parametrize("steps", [None, {"lines": {}, "watched": False}])
def test_steps_that_nobody_counted_are_wrong(steps):
    with pytest.raises(judge.Verdict, match="switches off the counting") as verdict:
        student(lambda request: {"value": 1, "changed": [], "steps": steps}).steps("double", 1)
    assert verdict.value.outcome == "wrong"


def test_no_function_is_called_once_the_time_is_used_up():
    def ask(request):
        raise AssertionError("called")

    with pytest.raises(judge.Verdict, match="`double` was not called") as verdict:
        Student(ask, reference, {}, 0, Budget(1, 0)).call("double", 1)
    assert verdict.value.outcome == "timeout"
    with pytest.raises(AssertionError, match="called"):
        Student(ask, reference, {}, 0, Budget(1, 0.1)).call("double", 1)


def test_time_within_time_is_counted_once(monkeypatch):
    now = [10.0]
    monkeypatch.setattr("autograder.grading.student.time",
                        SimpleNamespace(monotonic=lambda: now[0]))
    budget = Budget(1, 60)
    with budget.spend():
        now[0] += 2
        with budget.spend():
            now[0] += 3
        assert budget.tests_seconds == 57
    assert budget.tests_seconds == 55
    with pytest.raises(KeyError), budget.spend():
        now[0] += 1
        raise KeyError
    assert budget.tests_seconds == 54


class Connected:
    """A sandbox whose fork is one end of a pair of sockets, the other end `far`."""

    def __init__(self):
        self.near, self.far = socket.socketpair()

    @contextlib.contextmanager
    def fork(self):
        yield self.near

    itself = fork


REQUEST = {"call": "double", "seconds": 0}


def test_an_answer_may_come_a_moment_after_its_alarm():
    box = Connected()

    def answer_late():
        channel.receive(box.far, time.monotonic() + 20)
        time.sleep(0.05)
        channel.send(box.far, {"value": 1}, time.monotonic() + 20)

    answering = threading.Thread(target=answer_late)
    answering.start()
    with SandboxedCode(box).session() as ask:
        assert ask(REQUEST) == {"value": 1}
    answering.join()


def test_no_answer_is_a_call_that_hangs(monkeypatch):
    monkeypatch.setattr(sessions, "GRACE_SECONDS", 0.05)
    code = SandboxedCode(Connected())
    with code.session() as ask:
        assert ask(REQUEST) == {"timeout": True}
    assert not code.died


@pytest.mark.parametrize("kind", ["session", "itself"])
@pytest.mark.parametrize("end, died, says", [
    (lambda far: far.close(), True, "`double` ended the whole Python process"),
    (lambda far: far.sendall(b"\xff" * 8), False, "`double` did not come back with plain data: fr"),
])
def test_a_fork_that_does_not_answer_as_it_should(kind, end, died, says):
    code = SandboxedCode(box := Connected())
    with pytest.raises(judge.Verdict) as verdict, getattr(code, kind)() as ask:
        end(box.far)
        ask(REQUEST)
    assert (verdict.value.outcome, code.died) == ("crash", died)
    assert verdict.value.message.startswith(says)


@pytest.mark.parametrize("error", [channel.ChannelClosed, channel.ChannelTimeout, OSError])
def test_a_notebook_that_is_gone_before_a_test_has_died(error):
    @contextlib.contextmanager
    def gone():
        raise error
        yield

    code = SandboxedCode(SimpleNamespace(fork=gone))
    with pytest.raises(judge.Verdict, match="ended before this test") as verdict, code.session():
        pass
    assert verdict.value.outcome == "crash" and code.died


# a later function that asks an earlier one, of the course and of a student
def later(log_softmax, x):
    return 3 * np.sin(log_softmax(x))


def right_log_softmax(scores):
    return scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))


COURSE = SimpleNamespace(__name__="course.reference", log_softmax=right_log_softmax,
                         later=lambda x: later(right_log_softmax, x))


@pytest.mark.parametrize("honest", [True, False])
def test_what_follows_from_a_wrong_earlier_function_is_right_and_a_stub_of_it_is_not(honest):
    x = np.arange(12.0).reshape(3, 4) % 5
    mine = {"log_softmax": lambda scores: scores / 7}
    stub = later(mine["log_softmax"], x)
    mine["later"] = lambda x: later(mine["log_softmax"], x) if honest else stub
    code = InProcessCode(mine)
    with code.session("") as ask:
        one = Student(ask, COURSE, {}, 0, Budget(1, 60), lambda: code.session(""))

        def follows(call):
            return later(lambda scores: call("log_softmax", scores), x)

        for ask_of in (lambda: one.compare("later", x, follows=follows),
                       lambda: one.check_attempt("later", (x,), stub, what="it", atol=None,
                                                 follows=follows)):
            if honest:
                ask_of()
            else:
                with pytest.raises(judge.Verdict):
                    ask_of()
        with pytest.raises(judge.Verdict):
            one.compare("later", x)


def test_every_wait_counts_in_the_longest_time_of_a_submission():
    """By hand: two starts, the notebook, its overtime, the tests, the search, five rounds' ends."""
    none = Limits(call_seconds=0, notebook_seconds=0, overtime_seconds=0, tests_seconds=0)
    assert longest(none) == 2 * 60 + (12 + 4) + 5 * 2 * 2


def in_place(x):
    x *= 2
    return x


def there_and_back(x):
    x += 1
    x -= 1
    return 2 * x


def asked_of(function, *arrays, told=frozenset()) -> tuple[list, set]:
    """What each call comes to, of a student who may have been told already."""
    told, said = set(told), []
    with InProcessCode({"double": function}).session("") as ask:
        one = Student(ask, reference, mistakes.MISTAKES, 0, Budget(1, 60), told=told)
        for x in arrays:
            try:
                said.append(one.compare("double", x))
            except judge.Verdict as verdict:
                said.append(verdict.mistake or verdict.outcome)
    return said, told


def read_only(*numbers) -> np.ndarray:
    x = np.array(numbers)
    x.flags.writeable = False
    return x


def test_a_changed_argument_costs_one_test_and_the_values_are_judged_in_the_others():
    changes = "changes-its-arguments"
    assert asked_of(in_place, np.ones(3), np.ones(2), read_only(1.0)) == (
        [changes, None, None], {"double"})
    assert asked_of(in_place, read_only(1.0), np.ones(2)) == ([changes, None], {"double"})
    assert asked_of(in_place, read_only(1.0), told={"double"}) == ([None], {"double"})
    assert asked_of(there_and_back, read_only(1.0), np.ones(1), read_only(1.0)) == (
        [changes, None, None], {"double"})
    wrong = asked_of(lambda x: in_place(x) + 1, np.ones(3), np.ones(3))[0]
    assert wrong == [changes, "wrong"]


def test_an_item_of_few_numbers_names_no_mistake():
    first_missing = judge.Mistake("first-missing", "", "", lambda x: (np.sum(x[1:]), np.mean(x)))
    halved = judge.Mistake("halved", "", "", lambda x: (0.5 * np.sum(x), np.max(x)))
    with InProcessCode({"split": lambda x: (np.sum(x[1:]), np.max(x))}).session("") as ask:
        one = Student(ask, reference, {"split": [first_missing, halved]}, 0, Budget(1, 60))
        for only in (None, 0, 1):
            with pytest.raises(judge.Verdict) as verdict:
                one.compare("split", np.array([1.0, 2.0, 4.0]), only=only)
            assert verdict.value.mistake is None


def test_a_read_only_array_that_is_not_an_argument_is_the_students_own_error():
    def double(x):
        view = np.broadcast_to(x, (2, *x.shape))
        view[0] = 1
        return x

    assert asked_of(double, np.ones(3), read_only(1.0)) == (["crash", "crash"], set())


def answered(function, *args, **request):
    """What the inside of a sandbox replies to a call of this function."""
    namespace = {"f": function, "softmax": abs, "log_softmax": abs, "number": 3}
    before = dict(namespace)
    reply = calls.answer(namespace, {"call": "f", "args": list(args), "kwargs": {}, "made": {},
                                     "seed": 0, "seconds": 5, **request})
    assert namespace == before
    return reply


def test_a_call_inside_gets_what_was_asked():
    assert answered(lambda *a, **k: [*a, k], 1, "x", kwargs={"y": 2}) == {
        "value": [1, "x", {"y": 2}], "changed": [], "steps": None}
    made = answered(lambda rng, n: [rng.integers(9, size=n), n], [3], 2, made={0: "generator"})
    assert list(made["value"][0]) == list(np.random.default_rng(3).integers(9, size=2))
    assert answered(lambda: 3, then=["generator", []])["value"] == channel.Opaque("Generator")
    assert answered(lambda x: x + 1, 1, count=True)["steps"]["watched"] is True


@pytest.mark.parametrize("request_", [
    {"call": "g"}, {"call": "number"}, {"stand_ins": {"relu_forward": 0}}])
def test_what_is_no_function_of_the_notebooks_is_missing(request_):
    assert answered(lambda: 1, **request_) == {"missing": True}


def test_other_functions_are_in_the_place_of_the_notebooks_own_for_one_call():
    namespace = {"softmax": abs, "log_softmax": abs, "f": lambda x: namespace["softmax"](x)}
    request = {"call": "f", "args": [np.ones((1, 2))], "kwargs": {}, "made": {}, "seed": 0,
               "seconds": 5}
    own = calls.answer(namespace, request)["value"]
    other = calls.answer(namespace, {**request, "stand_ins": {"softmax": 0}})["value"]
    assert np.all(own == 1) and not np.any(other == 1)
    assert np.all(calls.answer(namespace, request)["value"] == 1)


def put(argument, key, value):
    argument[key] = value


@pytest.mark.parametrize("change, changed", [
    (lambda a, b, c: None, []), (lambda a, b, c: put(a, 0, 5), [0]),
    (lambda a, b, c: put(b, 1, 5), [1]), (lambda a, b, c: put(c["W"], 0, 5), [2]),
    (lambda a, b, c: put(c, "b", np.zeros(1)), [2]), (lambda a, b, c: c.pop("W"), [2]),
    (lambda a, b, c: (put(a, 0, 5), put(b, 0, 5)), [0, 1]), (lambda a, b, c: put(a, 1, 5), [0]),
    (lambda a, b, c: put(c, "text", "y"), [])])
def test_arguments_that_a_call_changed_are_told(change, changed):
    reply = answered(change, np.array([1.0, np.nan]), np.zeros(2), {"W": np.ones(2), "text": "x"})
    assert reply["changed"] == changed


def raising(error):
    def function():
        raise error

    return function


class Mute(Exception):
    def __str__(self):
        raise ValueError


def test_an_exception_is_told_with_its_lines_of_the_notebook():
    space, code = {}, "def deep(n):\n    if n == 0:\n        1 / 0\n    deep(n - 1)"
    exec(compile(code, "<cell 3>", "exec"), space)
    found = answered(lambda: space["deep"](9))["error"]
    assert (found["type"], found["text"]) == ("ZeroDivisionError", "division by zero")
    assert [line[:2] for line in found["where"]] == [["deep", 4]] * 4 + [["deep", 3]]
    assert answered(raising(Mute()))["error"] == {
        "type": "Mute", "text": "(the exception has no text)", "where": []}
    found = answered(raising(ValueError("x" * 3000)))["error"]
    assert found["text"] == "x" * calls.MAX_ERROR
    found = answered(lambda: compile("a = 1\nb = = 2", "<cell 1>", "exec"))["error"]
    assert (found["type"], found["text"]) == ("SyntaxError", "invalid syntax")
    assert found["where"] == [["", 2, "b = = 2"]]
    assert answered(raising(SystemExit(3)))["error"]["type"] == "SystemExit"


def test_what_is_too_large_or_takes_too_long_is_told():
    found = answered(lambda: np.zeros(channel.MAX_ARRAYS // 8 + 1))["error"]
    assert found["type"] == "ValueError" and found["text"].startswith("the returned value is large")
    handler = signal.getsignal(signal.SIGALRM)
    for caught in (Exception, KeyError):
        def loops(caught=caught):
            while True:
                with contextlib.suppress(caught):
                    while True:
                        pass

        assert answered(loops, seconds=0.05) == {"timeout": True}
    assert signal.getsignal(signal.SIGALRM) == handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_who_counts_steps_puts_back_what_watched_before():
    def trace(*_):
        return None

    def profile(*_):
        pass

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        with calls.StepCounter() as steps:
            pass
        found = sys.gettrace(), sys.getprofile()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    assert found == (trace, profile) and steps.watched
    assert threading.gettrace() is None and threading.getprofile() is None


def drawn(seed: int) -> list[float]:
    """What a student's function draws from each generator in a call with that seed."""
    torch = sys.modules["torch"]

    def draw():
        return [random.random(), float(np.random.rand()), float(torch.rand(1))]

    reply = calls.answer({"draw": draw}, {"call": "draw", "args": [], "kwargs": {}, "made": {},
                                          "seed": seed, "seconds": 5})
    return reply["value"]


def test_every_generator_is_seeded_before_each_call():
    torch = pytest.importorskip("torch")
    found = []
    for state in (1, 2):  # whatever was drawn before
        random.seed(state)
        np.random.seed(state)
        torch.manual_seed(state)
        found.append(drawn(seed=7))
    assert found[0] == found[1]
    assert all(one != other for one, other in zip(found[0], drawn(seed=8), strict=True))


def test_a_result_does_not_depend_on_what_a_cell_drew(toy_assignment, isolation):
    """Each run of the cell leaves the generators in another state, and says so in its output."""
    raw = toy.as_bytes(toy.source(double=(
        "import os, random\nimport numpy as np\nstart = int.from_bytes(os.urandom(4))\n"
        "np.random.seed(start)\nrandom.seed(start)\nprint(np.random.rand())\n"
        "def double(x):\n    raise ValueError((random.random(), np.random.rand()))")))
    first, second = (grade(raw, toy_assignment, isolation, QUICK) for _ in range(2))
    assert first["cells"][1]["stdout"] != second["cells"][1]["stdout"]
    assert first["parts"] == second["parts"]
    assert re.search(r"ValueError: \(0\.\d+, 0\.\d+\)", first["parts"][0]["tests"][0]["message"])


def inputs(assignment) -> list[np.ndarray]:
    """What `double` is called with by its hidden tests, in their order."""
    seen = []

    def double(x):
        seen.append(np.array(x))
        return 2 * x

    run_part(assignment, {"double": double}, "double", 5)
    return seen


def test_each_test_draws_inputs_of_its_own_and_the_same_for_everybody(toy_assignment):
    first, second = inputs(toy_assignment), inputs(toy_assignment)
    assert all(map(np.array_equal, first, second))
    assert first[0][0] != first[1][0]  # the first number that each of the two tests draws


def test_a_known_mistake_is_not_named_where_it_gives_the_right_answer():
    """An answer just outside of the tolerance is near to a mistake that is just inside of it."""
    x, atol = np.array([0.0, 2.0]), 1e-3
    drift = judge.Mistake("drift", "you drift", "", lambda x: 2 * x + 0.9 * atol)
    answer = {"value": 2 * x + 1.5 * atol, "changed": []}
    with pytest.raises(judge.Verdict) as verdict:
        student(lambda request: answer, {"double": [drift]}).compare("double", x, atol=atol)
    assert (verdict.value.outcome, verdict.value.mistake) == ("wrong", None)


def test_a_known_mistake_that_gives_the_right_answer_earns_it():
    x = np.array([0.0, 2.0])  # where squares are doubles
    squared = {"value": x**2, "changed": []}
    student(lambda request: squared).compare("double", x)


# files --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", ["student", "assignment", "notebook"])
def test_a_link_is_not_graded_whoever_it_leads_to(tmp_path, level):
    toy.write_course(tmp_path)
    toy.submit(tmp_path, "ada", RIGHT)
    honest = tmp_path / "submitted" / "ada"
    link = tmp_path / "submitted" / "eve"
    if level == "student":
        link.symlink_to(honest)
    elif level == "assignment":
        link.mkdir()
        (link / "toy").symlink_to(honest / "toy")
    else:
        (link / "toy").mkdir(parents=True)
        (link / "toy" / "toy.ipynb").symlink_to(honest / "toy" / "toy.ipynb")
    problems = {s.student: s.problem for s in Course(tmp_path).submissions("toy")}
    assert problems["ada"] is None
    assert problems["eve"] is not None and "link" in problems["eve"]


# dates --------------------------------------------------------------------------------------------
def test_the_gradebook_has_each_students_extension_and_lateness(tmp_path, unsafe):
    toy.write_course(tmp_path)
    (tmp_path / "term.toml").write_text(
        'timezone = "UTC"\nlate = { per_day = 0.11 }\n[assignments.toy]\n'
        'due = 2026-10-12T12:00:00\nextensions = { ada = 2026-10-15T12:00:00 }\n')
    for name in ("ada", "bob"):
        toy.submit(tmp_path, name, RIGHT)
        (tmp_path / "submitted" / name / "toy" / "timestamp.txt").write_text(
            "2026-10-14 12:20:00 UTC")
    ta.autograder(tmp_path, "release", "toy")
    ta.autograder(tmp_path, "grade", "toy", *unsafe)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        found = {s.student_id: s for s in gradebook.assignment_submissions("toy")}
        assert {name: (s.extension and s.extension.days, s.total_seconds_late)
                for name, s in found.items()} == {"ada": (3, 0), "bob": (None, 2 * 86400 + 1200)}
        assert [n.late_submission_penalty for n in found["ada"].notebooks] == [None]
        assert found["bob"].notebooks[0].late_submission_penalty > 0
    standings = Recorder(Course(tmp_path), False).standings("toy")
    assert {name: (s.score, s.max_score, s.penalty, s.hours_late)
            for name, s in standings.items()} == {
        "ada": (5, 5, 0, 0), "bob": (3.35, 5, 1.65, 48.33)}


# pages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address, kept", [
    ("https://example.org/a", True), ("http://example.org", True), ("mailto:a@example.org", True),
    ("#section", True), ("javascript:alert(1)", False), ("JaVaScRiPt:alert(1)", False),
    ("data:text/html,x", False), ("vbscript:x", False), ("file:///etc/passwd", False),
    ("//example.org/a", False), ("/formgrader/delete", False), ("other.html", False),
])
def test_links_on_the_formgraders_pages_lead_to_other_pages_only(address, kept):
    shown = formgrader.safe_markdown(
        {"resources": {}}, f'[text]({address}) and <a href="{address}">text</a>')
    assert ("href" in shown) == kept, shown


# what is hidden -----------------------------------------------------------------------------------
def test_graders_below_pythons_folder_stay_hidden(bubblewrap, project, monkeypatch):
    """As where the engine is installed one level below the prefix, which every sandbox sees."""
    if not Path(sys.prefix).is_relative_to(project):
        pytest.skip("Python lies elsewhere: the next test is about the same")
    monkeypatch.setattr(sys, "prefix", str(project))
    solutions = project / "source_solutions"
    look = ("import os\nprint(*(len(os.listdir(folder)) if os.path.isdir(folder) else -1 "
            f"for folder in {[str(project / n) for n in ('autograder', 'source_solutions')]}),"
            f" os.path.exists({str(project / 'Makefile')!r}))")
    with Sandbox(bubblewrap, QUICK, hidden=(solutions,)) as sandbox:
        (report,) = sandbox.execute([look]).cells
    assert report.stdout.split() == ["0", "0", "True"], report
    assert os.listdir(project / "autograder") and os.listdir(solutions)


def test_what_is_hidden_is_mounted_over_after_pythons_folder(project, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(project))
    command = wall._mounts(QUICK, (project / "source_solutions",))
    shown = command.index(str(project))
    assert command[shown - 1:shown + 2] == ["--ro-bind", str(project), str(project)]
    for folder in ("autograder", "source_solutions"):
        place = command.index(str(project / folder))
        assert place > shown and command[place - 1] == "--tmpfs"
