"""One submission through the sandbox and the hidden tests."""

import dataclasses
import errno
import importlib.metadata
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
import toy
from nbformat.v4 import new_code_cell

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.grading.execution import Allowance, Execution
from autograder.grading.grade import grade, run_part
from autograder.grading.pytest_plugin import run_hidden_tests
from autograder.grading.result import Counterexample, Result
from autograder.grading.rounds import Rounds
from autograder.grading.student import Budget
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox

QUICK = Limits(cell_seconds=2, call_seconds=1)
PATIENT = Limits()  # where an honest cell draws: a busy machine may take long


def outcomes(result, part="double"):
    (found,) = [p for p in result["parts"] if p["name"] == part]
    return [(t["outcome"], t["mistake"]) for t in found["tests"]]


def test_right_answers_get_all_points(toy_assignment, isolation):
    result = grade(toy.as_bytes(toy.source()), toy_assignment, isolation)
    assert (result["score"], result["max_score"], result["status"]) == (5, 5, "graded")
    assert result["isolation"] == isolation and result["notes"] == []
    assert [c["grade_id"] for c in result["cells"]] == [
        "imports", "double_solution", "split_solution"]


@pytest.mark.parametrize("raw", [
    toy.as_bytes(toy.source()), toy.as_bytes(toy.source(double="def double(x):\n    return x**2")),
    b"no notebook"])
def test_results_have_the_fields_of_their_type(toy_assignment, isolation, raw):
    result = grade(raw, toy_assignment, isolation)
    assert msgspec.convert(result, Result) == result


def test_a_part_that_was_passed_in_the_end_shows_no_example(toy_assignment, monkeypatch):
    example = Counterexample(code="double(3)", yours="9", right="6", before=0)
    run = Rounds.run

    def and_finds(self):
        run(self)
        self.examples["double"] = self.examples["split"] = example

    monkeypatch.setattr(Rounds, "run", and_finds)
    raw = toy.as_bytes(toy.source(split="def split(x):\n    return 0, 0"))
    double, split = grade(raw, toy_assignment, "none")["parts"]
    assert (double["example"], split["example"]) == (None, example)


@pytest.mark.parametrize("error, raised", [
    (AutograderError("no sandbox starts"), "no sandbox starts"),
    (MemoryError("all used"), "all used"),
    (OSError(errno.ENOSPC, "No space left"), "this machine: No space left: make room")])
def test_what_the_machine_lacks_is_no_result(toy_assignment, monkeypatch, error, raised):
    monkeypatch.setattr(Rounds, "run", lambda _: throw(error))
    with pytest.raises((AutograderError, MemoryError), match=raised):
        grade(toy.as_bytes(toy.source()), toy_assignment, "none")


def throw(error):
    raise error


@pytest.mark.parametrize("double, outcome, mistake, says", [
    ("def double(x):\n    return x**2", "wrong", "squared", "you square"),
    ("def double(x):\n    return x + 1", "wrong", None, "5 of 5 entries are wrong"),
    ("def double(x):\n    x *= 2\n    return x", "wrong", "changes-its-arguments", "`x`"),
    ("def double(x):\n    return 1 / 0", "crash", None, "ZeroDivisionError"),
    ("def double(x):\n    raise SystemExit", "crash", None, "SystemExit"),
    ("def double(x):\n    import os\n    os._exit(0)", "crash", None, "ended the whole"),
    ("def double(x):\n    import os, signal\n    os.kill(os.getpid(), 11)", "crash", None,
     "ended the whole"),
    ("def double(x):\n    while True:\n        pass", "timeout", None, "never ends"),
    ("def double(x):\n    while True:\n        try:\n            while True: pass\n"
     "        except BaseException:\n            pass", "timeout", None, "never ends"),
    ("import numpy as np\ndef double(x):\n    return np.zeros(10**7)", "crash", None, "MiB"),
    ("def double(x):\n    return double(x)", "crash", None, "RecursionError"),
    ("def double(x):", "missing", None, "does not define"),
    ("double = 3", "missing", None, "does not define"),
    ("raise SystemExit", "missing", None, "does not define"),
    ("def double(x):\n    raise NotImplementedError()", "missing", None, "is not solved yet"),
])
def test_one_bad_function_costs_its_own_part_only(toy_assignment, isolation, double, outcome,
                                                  mistake, says):
    result = grade(toy.as_bytes(toy.source(double=double)), toy_assignment, isolation, QUICK)
    assert outcomes(result)[0] == (outcome, mistake)
    assert says in result["parts"][0]["tests"][0]["message"]
    assert outcomes(result, "split") == [("passed", None)]
    in_place = mistake == "changes-its-arguments"  # it costs the first test that sees it
    assert result["score"] == (3 if in_place else 2)


def test_nothing_above_the_graders_folder_has_a_say(tmp_path, monkeypatch):
    shutil.copytree(Path(toy.__file__).parent / "toy_graders", tmp_path / "above" / "own_graders")
    (tmp_path / "above" / "conftest.py").write_text("raise SystemExit('not ours')")
    monkeypatch.syspath_prepend(tmp_path / "above")
    assignment = dataclasses.replace(toy.assignment(tmp_path), package="own_graders")
    records = run_part(assignment, {"double": lambda x: 2 * x}, "double", 1)
    assert {record["outcome"] for record in records} == {"passed"}
    assert not list(tmp_path.rglob(".pytest_cache"))


@pytest.mark.parametrize(("name", "value"), [
    ("PYTEST_ADDOPTS", "-x"), ("PYTEST_ADDOPTS", "-k strides"), ("PYTEST_ADDOPTS", "--no-such"),
    ("PYTEST_PLUGINS", "no_such_plugin")])
def test_a_graders_own_options_for_pytest_have_no_say(tmp_path, monkeypatch, name, value):
    def double(x):
        return x

    before = run_part(toy.assignment(tmp_path), {"double": double}, "double", 1)
    monkeypatch.setenv(name, value)
    assert run_part(toy.assignment(tmp_path), {"double": double}, "double", 1) == before
    assert len(before) > 1 and os.environ[name] == value


def test_partial_credit_by_weight(toy_assignment, isolation):
    code = ("def double(x):\n    if not x.flags.c_contiguous:\n"
            "        raise ValueError('strides')\n    return 2 * x")
    result = grade(toy.as_bytes(toy.source(double=code)), toy_assignment, isolation)
    assert outcomes(result) == [("passed", None), ("crash", None)]
    assert result["parts"][0]["score"] == 2


@pytest.mark.parametrize("cell, outcome", [
    ("while True: pass", "timeout"), ("import os; os._exit(3)", "killed"),
    ("1/0", "error"), ("import sys; sys.exit()", "error"),
])
def test_a_bad_cell_does_not_take_the_rest_along(toy_assignment, isolation, cell, outcome):
    student = toy.source()
    student.cells.insert(2, new_code_cell(cell))
    result = grade(toy.as_bytes(student), toy_assignment, isolation, QUICK)
    assert result["score"] == 5
    (record,) = [c for c in result["cells"] if c["index"] == 2]
    assert record["outcome"] == outcome
    assert bool(result["notes"]) == (outcome in ("timeout", "killed"))


def test_many_killing_cells_end_in_a_note(toy_assignment, isolation):
    student = toy.source()
    student.cells[2:2] = [new_code_cell("import os; os._exit(1)") for _ in range(6)]
    result = grade(toy.as_bytes(student), toy_assignment, isolation, QUICK)
    assert result["score"] == 0 and "without running any cell" in result["notes"][-1]


def test_the_notebooks_time_is_bounded_whatever_the_number_of_slow_cells(toy_assignment, isolation):
    student = toy.source()
    student.cells[2:2] = [new_code_cell("while True: pass") for _ in range(6)]
    limits = Limits(cell_seconds=2, call_seconds=1, notebook_seconds=3)
    result = grade(toy.as_bytes(student), toy_assignment, isolation, limits)
    assert result["score"] == 5
    spent = [c["seconds"] for c in result["cells"] if c["outcome"] == "timeout"]
    assert len(spent) == 6 and sum(s > 1.5 for s in spent) == 1


def test_warnings_prints_and_plots_cost_nothing(toy_assignment, isolation):
    student = toy.source(double="import warnings, sys\ndef double(x):\n    warnings.warn('w')\n"
                                "    print('x' * 10**6)\n    print('e', file=sys.stderr)\n"
                                "    return 2 * x")
    student.cells.append(new_code_cell(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        "print('y' * 10**6)"))
    result = grade(toy.as_bytes(student), toy_assignment, isolation, PATIENT)
    assert result["score"] == 5
    plot = result["cells"][-1]
    assert len(plot["images"]) == 1 and plot["images"][0].startswith("iVBOR")
    assert len(plot["stdout"]) < 25_000


@pytest.mark.parametrize(("call", "does", "costs"), [
    (3, "calls[-1] = None", 0), (3, "os._exit(0)", 0), (3, "time.sleep(9)", 0),
    (2, "x[...] = 0", 1)])
def test_no_test_fails_for_what_another_one_has_left_behind(toy_assignment, isolation, call, does,
                                                            costs):
    # the first test calls it once, the second one twice
    code = ("import os, time\ncalls = []\ndef double(x):\n    calls.append(1)\n"
            f"    y = 2 * np.array(x)\n    if len(calls) == {call}: {does}\n"
            "    return y if calls[-1] else 0")
    wrong = [] if not costs else [("wrong", "changes-its-arguments")]
    result = grade(toy.as_bytes(toy.source(double=code)), toy_assignment, isolation, QUICK)
    assert [found for found in outcomes(result) if found[0] != "passed"] == wrong


def test_a_call_that_hangs_twice_for_one_test_is_counted_once(toy_assignment, isolation):
    """So that other tests still call a function that hangs for one kind of input."""
    code = toy.DOUBLE.replace("return", "while len(x) == 3: pass\n    return")  # the third call
    assembled = notebook.assemble(toy.source(double=code), toy_assignment.source)
    budget = Budget(QUICK.call_seconds, QUICK.tests_seconds)
    with Execution(assembled, lambda: Sandbox(isolation, QUICK), Allowance(30)) as run:
        tests = run_hidden_tests(toy_assignment.graders, run, budget, ["double"])
    assert [test["outcome"] for test in tests.outcomes["double"]] == ["passed", "timeout"]
    assert budget.timeouts == {"double": 1}


@pytest.mark.parametrize(("double", "forks"), [
    (toy.DOUBLE, 2),  # one for each part
    # both tests fail, each in a process of its own, and after the last cell again
    ("def double(x):\n    return 0 * x", 2 + 2 + 1)])
def test_tests_that_pass_share_a_process(toy_assignment, isolation, monkeypatch, double, forks):
    started, fork = [], Sandbox.fork

    def counted(self):
        started.append(1)
        return fork(self)

    monkeypatch.setattr(Sandbox, "fork", counted)
    monkeypatch.setattr(Rounds, "_look_for_examples", lambda self, run: None)
    grade(toy.as_bytes(toy.source(double=double)), toy_assignment, isolation)
    assert len(started) == forks


def test_the_same_bytes_get_the_same_result(toy_assignment, isolation):
    raw = toy.as_bytes(toy.source(double="import numpy as np\ndef double(x):\n"
                                         "    return 2 * x + (np.random.rand() > 0.5)"))
    first, second = (grade(raw, toy_assignment, isolation) for _ in range(2))
    assert first["parts"] == second["parts"]


def test_an_unreadable_file_is_a_result(toy_assignment, isolation):
    result = grade(b"{", toy_assignment, isolation)
    assert (result["status"], result["score"], result["max_score"]) == ("unreadable", 0, 5)
    assert "JSON" in result["reason"]


def test_trusted_functions_are_graded_in_this_process(toy_assignment):
    functions = {"double": lambda x: x**2, "split": lambda x: (x.sum(), x.mean())}
    first, second = (run_part(toy_assignment, functions, part.name, 5)
                     for part in notebook.parts(toy_assignment.source))
    assert (first[0]["outcome"], first[0]["mistake"]) == ("wrong", "squared")
    assert [test["outcome"] for test in second] == ["passed"] * len(second)


def test_the_key_changes_with_all_that_decides_a_grade(toy_assignment, tmp_path):
    raw = toy.as_bytes(toy.source())
    key = toy_assignment.key(raw, "bubblewrap")
    assert key == toy.assignment(tmp_path).key(raw, "bubblewrap")
    assert key != toy_assignment.key(raw, "none")
    assert key != toy_assignment.key(raw + b" ", "bubblewrap")
    toy_assignment.source_path.write_bytes(toy.as_bytes(toy.source(double="pass")))
    changed = type(toy_assignment)("toy", toy_assignment.source_path, package="toy_graders")
    assert key != changed.key(raw, "bubblewrap")


HOSTILE = {
    "the network": "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)",
    "the grader's code": "from autograder.grading import grade",
    "the source notebook": "print(open({source!r}).read())",
    "the system": "open('/usr/forged', 'w')",
    "another process": "import os\nos.kill({pid}, 0)",
    "a user namespace": "import ctypes\nif ctypes.CDLL(None).unshare(0x10000000):\n"
                        "    raise PermissionError",
    "more memory": "x = bytearray(64 << 30)",
    "hundreds of open files": "files = [open('/dev/null') for _ in range(300)]",
    "a huge file": "open('/tmp/big', 'wb').write(bytes(80 << 20))",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_student_code_does_not_get(what, toy_assignment, bubblewrap):
    code = HOSTILE[what].format(source=str(toy_assignment.source_path), pid=os.getpid())
    with Sandbox(bubblewrap, QUICK) as sandbox:
        (report,) = sandbox.execute([code]).cells
    assert report.outcome == "error", report


def test_the_environment_of_the_ta_is_not_there(bubblewrap, monkeypatch):
    monkeypatch.setenv("CANVAS_TOKEN", "secret")
    with Sandbox(bubblewrap, QUICK) as sandbox:
        (report,) = sandbox.execute(["import os\nprint(dict(os.environ))"]).cells
    assert "secret" not in report.stdout


SLEEPS = f"31.{os.getpid():07}"  # seconds that nobody else on this machine sleeps


def test_children_that_outlive_the_notebook_are_gone_with_the_sandbox(bubblewrap):
    start = (f"import subprocess\np = subprocess.Popen(['sleep', '{SLEEPS}'], "
             "start_new_session=True)\nprint(p.pid)")
    with Sandbox(bubblewrap, QUICK) as sandbox:
        (report,) = sandbox.execute([start]).cells
        assert report.outcome == "ok"
        _wait_until(_sleepers)  # a program that starts has no command line for a moment
    _wait_until(lambda: not _sleepers())


def _wait_until(holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _sleepers():
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                if SLEEPS.encode() in file.read():
                    found.append(process)
        except OSError:
            continue
    return found


def test_processes_that_grade_start_without_nbgrader():
    """Each would import Jupyter's server and the gradebook with it."""
    # multiprocessing imports the installed command's module in each of them
    (command,) = importlib.metadata.entry_points(group="console_scripts", name="autograder")
    code = (f"import sys, {command.module}, autograder.batch.local_pool; "
            "print(*{'nbgrader', 'sqlalchemy'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
