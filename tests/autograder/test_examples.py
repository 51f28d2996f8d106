"""Where a function goes wrong: the smallest public input, tried twice, and nothing hidden in it."""

import ast
import itertools
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import ta
import toy
from toy_graders import toy as graders

from autograder.api import Example, Made
from autograder.grading import examples
from autograder.grading.examples import MAX_TRIES, MOST, Search, as_code
from autograder.grading.grade import grade
from autograder.grading.result import without_examples
from autograder.grading.sessions import InProcessCode

PACKAGES = sorted((ta.PROJECT / "autograder" / "graders").glob("hw*"))


def search(**functions) -> Search:
    """For a student with these functions."""
    return Search(graders, lambda: InProcessCode(functions).session(""))


def lines(**functions) -> list[str]:
    """What such a student reads of the first function."""
    return as_code(search(**functions).first([*functions])).splitlines()


@pytest.fixture
def tries(monkeypatch):
    """Puts other inputs in the place of those for `double`."""
    def put(*inputs):
        monkeypatch.setitem(examples.importlib.import_module(
            "toy_graders.toy.examples").EXAMPLES, "double", lambda: iter(inputs))
    return put


# what is shown -----------------------------------------------------------------------------------
@pytest.mark.parametrize("double, shown", [
    (lambda x: x, ["double(np.array([2.0]))", "# yours:  [2]", "# wanted: [4]",
                   "# 1 smaller input came out right"]),
    (lambda x: 2 * x[0] + 0 * x, ["double(np.array([1.0, 3.0]))", "# yours:  [2, 2]",
                                  "# wanted: [2, 6]", "# 2 smaller inputs came out right"]),
    (lambda x: None, ["double(np.array([0.0]))", "# yours:  None (is a return statement missing?)",
                      "# wanted: [0]"]),
    (lambda x: [2.0, 2.0], ["double(np.array([0.0]))", "# yours:  [2, 2]", "# wanted: [0]"]),
    (lambda x: np.zeros(1000), ["double(np.array([0.0]))", "# yours:  an array of shape (1000,) "
                                "and dtype float64", "# wanted: an array of shape (1,) and dtype "
                                "float64"]),
    (lambda x: 1 / 0, ["double(np.array([0.0]))", "# yours:  raised ZeroDivisionError: division "
                       "by zero", "# wanted: an answer"]),
    (lambda x: x.__imul__(2), ["double(np.array([2.0]))",
                               "# yours:  its argument is another one afterwards",
                               "# wanted: its argument as it was",
                               "# 1 smaller input came out right"]),
])
def test_the_first_input_that_goes_wrong_is_shown_as_lines_to_paste(double, shown):
    assert lines(double=double) == shown


def test_of_several_values_the_first_wrong_one_is_shown():
    assert lines(split=lambda x: (x.sum(), x.max())) == [
        "split(np.array([1.0, 2.0]))", "# yours:  value 2 of 2: 2", "# wanted: value 2 of 2: 1.5",
        "# 1 smaller input came out right"]


def test_what_is_pasted_is_python_and_the_same_input(tries):
    inputs = [np.array([[1.5, np.inf], [-2.0, 0.25]]), np.array([1, 2], np.int32),
              np.array([True, False]), np.zeros((0, 3)), np.array([1.0], np.float32), 3, -0.5]
    for value in inputs:
        tries((value,))
        (code, *_) = lines(double=lambda x: "none")
        seen = []
        eval(code, {"np": np, "double": seen.append})
        np.testing.assert_array_equal(seen[0], value)
        assert np.asarray(seen[0]).dtype == np.asarray(value).dtype
        assert np.shape(seen[0]) == np.shape(value)


def test_lists_of_arrays_are_shown_whole_where_they_are_short(tries):
    tries(Example((3,), lambda got: False, "each of 0 to 2 once"))
    assert lines(double=lambda n: [np.arange(2), (np.array([2]), 0.5)])[1] == (
        "# yours:  [[0, 1], ([2], 0.5)]")
    assert lines(double=lambda n: [np.zeros(k) for k in range(1, 30)])[1] == (
        "# yours:  a list of 29 items")
    nested = "x"
    for _ in range(5):  # a million things in all, twenty in each list
        nested = [nested] * 19
    assert examples._shown(nested) == "a list of 19 items"


def test_a_long_call_gets_a_line_for_each_array(tries):
    tries((np.arange(20.0).reshape(4, 5),))
    shown = lines(double=lambda x: 3 * x)
    assert shown[0].startswith("x = np.array([[0.0, 1.0,") and shown[1] == "double(x)"


def test_generators_are_typed_as_students_type_them(tries):
    tries(Example((Made("generator", (7,)),), lambda got: got == 1, "a one"))
    assert lines(double=lambda rng: rng.integers(5, 6)) == [
        "double(np.random.default_rng(7))", "# yours:  5", "# wanted: a one"]


def test_a_difference_too_small_to_be_seen_is_none(tries):
    tries((np.array([1.0, 1000.0]),))
    assert search(double=lambda x: 2 * x + 1e-3).first(["double"]) is None
    assert lines(double=lambda x: 2 * x + np.array([0.0, 1.0]))[1:] == [
        "# yours:  [2, 2001]", "# wanted: [2, 2000]"]
    tries((np.array([1.0, 1e-9]),))
    assert lines(double=lambda x: 2.001 * x)[1:] == [
        "# yours:  [2.001, 2.001e-09]", "# wanted: [2, 2e-09]"]


# where it is found ------------------------------------------------------------------------------
def test_right_functions_and_those_that_nobody_wrote_have_none():
    assert search(double=lambda x: 2 * x).first(["double"]) is None
    assert search().first(["double"]) is None
    assert search(double=lambda x: x).first(["helper"]) is None


def test_what_does_not_happen_again_is_not_shown(tries):
    tries(*[(np.array([1.0]),)] * 40)
    calls = itertools.count()

    def double(x):
        return np.array([float(next(calls))])

    assert search(double=double).first(["double"]) is None
    assert next(calls) == 2 * MAX_TRIES + 1  # one of its answers was right


def test_no_more_than_so_many_inputs_are_tried(tries):
    asked = []
    tries(*[(np.array([1.0]),)] * (MOST + 40))
    search(double=lambda x: asked.append(1) or 2 * x).first(["double"])
    assert len(asked) == MOST


def test_a_result_of_odd_form_is_wrong_and_no_fault(tries):
    tries(Example((np.array([1.0]),), lambda got: got["a"][0] > 0, "a dict"))
    assert lines(double=lambda x: x) == ["double(np.array([1.0]))", "# yours:  [1]",
                                         "# wanted: a dict"]


# names -------------------------------------------------------------------------------------------
def test_a_name_stands_where_the_function_does_what_the_mistake_does_everywhere():
    assert search(double=lambda x: x**2).doubtful(["double"], {"squared", "of another"}) == set()


def test_a_name_is_doubted_where_another_input_speaks_against_it():
    assert search(double=lambda x: np.where(x > 2, x, x**2)).doubtful(
        ["double"], {"squared", "of another"}) == {"squared"}


def test_a_doubt_is_said_once_however_often_a_notebook_is_run(tmp_path, isolation):
    """A cell with an error and one that is only shown: the notebook is run a second time."""
    wrong = toy.source(double="def double(x):\n    return x**2 if len(x) > 2 else x")
    wrong.cells.insert(1, nbformat.v4.new_code_cell(
        "def shown():\n    print(1)\n\n\nshown()", metadata=toy.meta("shown", locked=True)))
    assignment = toy.assignment(tmp_path, wrong)
    wrong.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    tests = grade(toy.as_bytes(wrong), assignment, isolation)["parts"][0]["tests"]
    (said,) = {test["message"] for test in tests if test["mistake"] == "squared"}
    assert said == examples.LOOKS_LIKE + "you square where you should double"


# in a result -------------------------------------------------------------------------------------
def test_a_result_holds_an_example_for_each_part_that_lost_points(tmp_path, isolation):
    wrong = toy.source(double="def double(x):\n    return x if len(x) > 1 else 2 * x")
    result = grade(toy.as_bytes(wrong), toy.assignment(tmp_path), isolation)
    double, split = result["parts"]
    assert double["example"] == {"code": "double(np.array([1.0, 3.0]))", "yours": "[1, 3]",
                                 "right": "[2, 6]", "before": 2}
    assert split["example"] is None
    assert [part["example"] for part in without_examples(result)["parts"]] == [None, None]


@pytest.mark.parametrize("double", [
    "import os\ndef double(x):\n    os._exit(1)", "def double(x):\n    while True: pass",
    "raise ValueError", "def double(x):\n    raise NotImplementedError()"])
def test_functions_that_end_the_process_or_never_end_do_no_harm(tmp_path, isolation, double):
    result = grade(toy.as_bytes(toy.source(double=double)), toy.assignment(tmp_path), isolation)
    assert result["status"] == "graded"
    found = result["parts"][0]["example"]
    assert found and found["yours"] if "_exit" in double or "while" in double else found is None
    if "while" in double:
        assert found["yours"] == "it had not come to an end after 4 s"


# nothing hidden ---------------------------------------------------------------------------------
@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_the_inputs_have_nothing_to_do_with_the_hidden_ones(package: Path):
    """They are made without any random number, from nothing that a hidden test uses."""
    tree = ast.parse((package / "examples.py").read_text())
    imported = {alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
                for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))
                for alias in node.names}
    allowed = re.compile(r"numpy|torch|itertools|collections\.abc\..*|autograder\.api\..*|"
                         r"nncourse\.(given|layouts)(\..*)?|"
                         r"autograder\.graders\.hw\w+\.(reference|examples)(\..*)?")
    assert not [name for name in imported if not allowed.fullmatch(name)]
    assert not [node for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and node.attr in ("random", "default_rng")]
