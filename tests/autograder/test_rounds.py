"""What runs for the student runs for the grader, and only what counts is run."""

import base64
import dataclasses
import json
import shutil
import time

import pytest
import ta
import toy
from nbformat.v4 import new_code_cell, new_output

from autograder.errors import AutograderError
from autograder.grading import notebook, rounds
from autograder.grading.grade import grade, without_times
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox, SandboxDied

PNG = b"\x89PNG\r\n\x1a\n"
# honest cells draw and import, which takes long on a busy machine; calls that hang, a limit
PATIENT = Limits(call_seconds=2)
SHOW = "def show():\n    print('drawn by the course')\n\n\nshow()"


@pytest.fixture
def graded(tmp_path, isolation):
    """A function that grades a notebook against the toy assignment with these cells of its own."""
    def run(handed_in, source=None, **limits):
        return grade(toy.as_bytes(handed_in), toy.assignment(tmp_path, source), isolation,
                     dataclasses.replace(PATIENT, **limits))

    return run


def with_cells(source, *, after: str, code: str, **metadata):
    """The notebook with one more cell behind the one that is called `after`."""
    names = [cell.metadata.nbgrader.grade_id for cell in source.cells
             if "nbgrader" in cell.metadata]
    source.cells.insert(names.index(after) + 1, new_code_cell(code, metadata=metadata))
    return source


# the state right after a part's own cell ----------------------------------------------------------
@pytest.mark.parametrize("again", ["factor = 3", "def helper(x):\n    return x", "np = None",
                                   "double = double(np.arange(3))", "del double", "%reset -f"])
def test_a_name_that_is_used_again_later_costs_nothing(graded, again):
    first = ("factor = 2\ndef helper(x):\n    return np.add(x, x)\n"
             "def double(x):\n    return factor * helper(x) / 2")
    student = with_cells(toy.source(double=first), after="double", code=again)
    parts = {part["name"]: part["score"] for part in graded(student)["parts"]}
    assert parts["double"] == 3


def test_a_cell_of_the_course_that_takes_a_students_name_costs_nothing(graded):
    course = with_cells(toy.source(), after="split", code="helper = 7",
                        **toy.meta("picture", locked=True))
    student = with_cells(toy.source(
        double="def helper(x):\n    return x\ndef double(x):\n    return helper(2 * x)"),
        after="split", code="helper = 7", **toy.meta("picture", locked=True))
    assert graded(student, course)["score"] == 5


def test_a_name_that_is_defined_only_later_counts_as_well(graded):
    student = with_cells(toy.source(double="# below"), after="split", code=toy.DOUBLE)
    result = graded(student)
    assert (result["score"], result["notes"]) == (5, [])


def test_the_better_of_both_states_counts_part_by_part(graded):
    student = with_cells(toy.source(double="# below"), after="split",
                         code=f"{toy.DOUBLE}\ndel split")
    assert graded(student)["score"] == 5


def test_test_cells_may_stand_in_any_order(graded):
    student = toy.source()
    student.cells = [student.cells[i] for i in (0, 1, 4, 5, 2, 3)]
    assert graded(student)["score"] == 5


def test_parts_that_were_tested_are_not_lost_when_time_is_up(graded):
    forever = toy.source()
    for _ in range(4):
        forever = with_cells(forever, after="double", code="import time\ntime.sleep(60)")
    result = graded(forever, notebook_seconds=2, overtime_seconds=1)
    assert result["parts"][0]["score"] == 3
    assert [cell["outcome"] for cell in result["cells"]].count("timeout") >= 4


# what decides nothing -----------------------------------------------------------------------------
def picture_of(cell) -> list[bytes]:
    return [base64.b64decode(image) for image in cell["images"]]


def course_with_show(code=SHOW):
    return with_cells(toy.source(), after="double", code=code,
                      **toy.meta("look", locked=True))


def test_a_cell_for_the_eyes_is_not_run_where_all_is_passed(graded):
    student = course_with_show("this text does not count")
    student.cells[4].outputs = [
        new_output("stream", text="printed"), new_output("display_data", {
            "image/png": base64.b64encode(PNG).decode()}),
        new_output("display_data", {"image/png": "no picture"})]
    result = graded(student, course_with_show())
    (look,) = [cell for cell in result["cells"] if cell["grade_id"] == "look"]
    assert (look["outcome"], look["stdout"], look["source"]) == ("left_out", "", SHOW)
    assert picture_of(look) == [PNG] and result["score"] == 5


def test_it_is_run_where_a_part_is_not_passed(graded):
    student = course_with_show()
    student.cells[2].source = "def double(x):\n    return x"
    result = graded(student, course_with_show())
    (look,) = [cell for cell in result["cells"] if cell["grade_id"] == "look"]
    assert (look["outcome"], look["stdout"]) == ("ok", "drawn by the course\n")


def test_a_cell_that_needs_one_for_the_eyes_costs_nothing(graded):
    """It fails at first; so the whole notebook is run, in its order."""
    show = "def show():\n    open('weights', 'w').write('2')\n\n\nshow()"
    student = course_with_show(show)
    student.cells[5].source = f"factor = float(open('weights').read())\n{toy.SPLIT}"
    result = graded(student, course_with_show(show))
    assert result["score"] == 5 and {cell["outcome"] for cell in result["cells"]} == {"ok"}


def test_a_function_that_needs_a_cell_for_the_eyes_costs_nothing(graded):
    show = "def show():\n    open('weights', 'w').write('2')\n\n\nshow()"
    student = course_with_show(show)
    student.cells[2].source = "def double(x):\n    return float(open('weights').read()) * x"
    assert graded(student, course_with_show(show))["score"] == 5


@pytest.mark.parametrize("code", [
    "show()", "def show():\n    pass", f"{SHOW}\nx = 1", "def show(x=[]):\n    pass\nshow()",
    "def show():\n    pass\nother()", "@cache\ndef show():\n    pass\nshow()",
    "%matplotlib inline\ndef show():\n    pass\nshow()", "def show():\n    pass\nx = show()"])
def test_whatever_could_leave_a_name_behind_is_run(code):
    assert not notebook.only_shown(course_with_show(code))


def test_a_students_own_cell_of_that_form_is_run():
    assert not notebook.only_shown(with_cells(toy.source(), after="double", code=SHOW))


# threads ------------------------------------------------------------------------------------------
POOLS = {
    "executor": "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)",
    "thread pool": "from multiprocessing.pool import ThreadPool\npool = ThreadPool(2)",
    "processes": "import multiprocessing\n"
                 "pool = multiprocessing.get_context('fork').Pool(2)",
    "in a list": "from multiprocessing.pool import ThreadPool\npools = [ThreadPool(2)]\n"
                 "class pool:\n    def map(f, x): return pools[0].map(f, x)",
    "own thread": "import queue, threading\nasked, told = queue.Queue(), queue.Queue()\n"
                  "def work():\n    while True:\n        f, x = asked.get()\n"
                  "        told.put([f(v) for v in x])\n"
                  "threading.Thread(target=work, daemon=True).start()\n"
                  "class pool:\n    def map(f, x):\n        asked.put((f, x))\n"
                  "        return told.get()",
}


@pytest.mark.parametrize("pool", POOLS.values(), ids=POOLS)
def test_a_pool_that_works_in_jupyter_costs_nothing(graded, pool):
    code = (f"def twice(v):\n    return 2 * v\n{pool}\n"
            "def double(x):\n    return np.array(list(pool.map(twice, list(x))))\n"
            "double(np.arange(3.0))")
    result = graded(toy.source(double=code))
    assert result["score"] == 5 and result["cells"][1]["outcome"] == "ok"


def test_torch_with_more_threads_costs_nothing(graded):
    code = ("import torch\ntorch.set_num_threads(2)\na = torch.ones(700, 700)\n(a @ a).exp()\n"
            "def double(x):\n    b = torch.ones(700, 700)\n    (b @ b).exp().sum()\n"
            "    return (2 * torch.as_tensor(np.array(x))).numpy()")
    student = with_cells(toy.source(double=code), after="double",
                         code="assert torch.get_num_threads() == 2")
    result = graded(student)
    assert result["score"] == 5 and result["cells"][2]["error"] is None
    assert result["notes"] == []  # no fork has hung


def test_threads_are_named_where_they_matter(graded):
    code = ("import threading, time\nthreading.Thread(target=time.sleep, args=[99]).start()\n"
            f"{toy.DOUBLE}")
    assert graded(toy.source(double=code))["notes"] == []
    wrong = graded(toy.source(double=code.replace("2 * x", "x")))
    assert wrong["score"] == 2 and "had started threads before `double`" in wrong["notes"][0]


def test_a_function_that_hangs_in_its_own_process_too_is_stopped(graded):
    code = (f"{POOLS['own thread']}\ndef double(x):\n    return told.get()")
    result = graded(toy.source(double=code), call_seconds=0.5)
    assert result["score"] == 2
    assert {test["outcome"] for test in result["parts"][0]["tests"]} == {"timeout"}


# locked cells -------------------------------------------------------------------------------------
def test_what_is_added_to_a_locked_cell_is_kept_and_said(graded):
    student = toy.source(double="def double(x):\n    return math.floor(2) * helper(x)",
                         split="def split(x):\n    return both(x)")
    student.cells[1].source += "\nimport math"
    student.cells[3].source += "\ndef helper(x):\n    return x"
    student.cells[5].source = "def both(x):\n    return np.sum(x), np.mean(x)"
    result = graded(student)
    assert result["score"] == 5
    notes = "\n".join(result["notes"])
    assert "locked cell `imports`" in notes and "`import math`" in notes
    assert "locked cell `split`. This was put back: `print('visible')`" in notes
    assert [cell["grade_id"] for cell in result["cells"]] == [
        "imports", None, "double_solution", None, "split_solution", None]


def test_the_courses_own_version_counts_first(graded):
    course, student = toy.source(), toy.source(split="def split(x):\n    return size, size")
    course.cells[1].source = "import numpy as np\nsize = 3"
    student.cells[1].source = "import numpy as np\nsize = 3\nprint(size)\nsize = 4"
    result = graded(student, course)
    assert [cell["stdout"] for cell in result["cells"][:2]] == ["", "3\n"]


@pytest.mark.parametrize("code", ["import numpy as np", "  import numpy as np  ",
                                  "# mine\nimport numpy as np\n\n"])
def test_comments_and_spaces_change_nothing(graded, code):
    student = toy.source()
    student.cells[1].source = code
    assert graded(student)["notes"] == []


def as_released(cell) -> None:
    """Give the cell nbgrader's checksum, as nbgrader itself computes it."""
    from nbgrader.utils import compute_checksum
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)


def test_a_cell_that_the_course_has_changed_since_is_replaced_in_silence(graded):
    student = toy.source()
    for number in (1, 3):
        student.cells[number].source = "import numpy as np\nold = 1"
        as_released(student.cells[number])
    result = graded(student)
    assert result["notes"] == [] and len(result["cells"]) == 3
    student.cells[1].source += "\nmine = 2"
    result = graded(student)
    assert "`mine = 2`" in result["notes"][0] and len(result["cells"]) == 4


def test_no_hidden_test_is_quoted(graded):
    course = toy.source()
    course.cells[3].source += "\n### BEGIN HIDDEN TESTS\nsecret()\n### END HIDDEN TESTS"
    student = toy.source()
    student.cells[3].source = "1"
    assert "secret" not in graded(student, course)["notes"][0]
    assert graded(course, course)["notes"] == []


@pytest.mark.parametrize("text", ["\n", " \n", "### BEGIN HIDDEN TESTS\n", "x = 1\n"])
def test_a_large_locked_cell_is_compared_line_by_line(text):
    """Doubling the text doubles the work; in a pattern that looks ahead it would be fourfold."""
    source = toy.source()
    source.cells[1].source = text * (notebook.MAX_CODE // len(text))
    started = time.process_time()
    notebook.assemble(source, toy.source())
    assert time.process_time() - started < 20  # quadratic, it would be hours


# every way of grading -----------------------------------------------------------------------------
def test_one_notebook_gets_the_same_by_every_way_of_grading(tmp_path, isolation, unsafe):
    """By the class, by nbgrader's own command, and alone, as on Gradescope and GitHub."""
    student = course_with_show()
    student.cells[1].source += "\nimport math"
    student.cells[2].source = (
        "def same(v):\n    return v\ndef double(x):\n    return math.floor(2) * same(x)")
    student.cells[5].source = f"{toy.SPLIT}\nsame = 3"
    toy.write_course(tmp_path, course_with_show())
    toy.submit(tmp_path, "ada", toy.as_bytes(student))
    ta.autograder(tmp_path, "release", "toy")
    (tmp_path / "one.ipynb").write_bytes(toy.as_bytes(student))
    alone = json.loads(ta.autograder(tmp_path, "grade-one", "toy", "one.ipynb", *unsafe).stdout)
    by_class = json.loads(ta.autograder(tmp_path, "grade", "toy", "--json", *unsafe).stdout)
    (outcome,) = by_class["outcomes"]
    assert alone["score"] == 5 and len(alone["notes"]) == 1
    assert without_times(outcome["result"]) == without_times(alone)
    scores = ta.gradebook_scores(tmp_path, "toy")
    assert scores == {"ada": {part["name"]: part["score"] for part in alone["parts"]}}
    shutil.rmtree(tmp_path / ".autograder")
    shutil.rmtree(tmp_path / "autograded")
    (tmp_path / "gradebook.db").unlink()
    flag = ["--Assemble.unsafe=True"] if isolation == "none" else []
    ta.autograder(tmp_path, "release", "toy")
    ta.run("-m", "nbgrader", "autograde", "toy", "--create", *flag, cwd=tmp_path)
    assert ta.gradebook_scores(tmp_path, "toy") == scores
    assert "import math" in (tmp_path / "autograded" / "ada" / "toy" / "toy.ipynb").read_text()


# trouble ------------------------------------------------------------------------------------------
def test_a_machine_without_sandboxes_is_no_students_fault(toy_assignment, monkeypatch):
    def dies(self, *_):
        raise rounds.sandbox.SandboxDied("killed", None)

    monkeypatch.setattr(Sandbox, "begin", dies)
    with pytest.raises(AutograderError, match="doctor"):
        grade(toy.as_bytes(toy.source()), toy_assignment, "none")


def test_a_process_that_ends_between_two_cells_is_believed_the_second_time(graded, monkeypatch):
    stops = []

    class Dies(Sandbox):
        def go_on(self, *args):
            super().go_on(*args)
            stops.append(self)
            if len(stops) <= times:
                self.control.close()
                raise SandboxDied("killed", 0)

    monkeypatch.setattr(rounds.sandbox, "Sandbox", Dies)
    times = 1
    result = graded(toy.source())
    assert (result["score"], result["notes"]) == (5, []) and len(set(map(id, stops))) == 2
    stops.clear()
    times = 2
    result = graded(toy.source())
    assert result["score"] == 5 and len(set(map(id, stops))) == 4  # twice, without it, once more
