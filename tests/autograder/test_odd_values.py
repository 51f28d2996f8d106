"""Whatever a student's function returns is judged: no test fails by it, and no odd value passes."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from thorough import one_in

from autograder.grading import judge
from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.soundness.mutants import solutions

SOURCES = sorted((Path(__file__).parents[2] / "source_solutions").glob("*/*.ipynb"))


def circle():
    """A list that holds itself."""
    found = []
    found.append(found)
    return found


class Pretender:
    """An object that NumPy takes for an array."""

    def __array__(self, *args, **kwargs):
        return np.ones(3)


RAGGED = [1, [2]]
VALUES = {
    "nothing": None, "ragged": [[1], [1, 2]], "ragged items": (RAGGED, RAGGED, RAGGED),
    "nested tuples": ((1,), (2, (3,))), "deep": [[[[[[[1]]]]]]], "itself": circle(),
    "keys": {None: 1, (1,): 2, 1.5: np.ones(2)}, "parameters": {"W1": RAGGED, "b1": "x", "W2": None,
                                                               "b2": {}},
    "a key missing": {"W1": np.zeros((2, 2))}, "ragged and a dict": (RAGGED, {"W1": RAGGED}),
    "text": "abc", "half a pair": "\ud800", "bytes": b"abc", "texts": ["1", "2"],
    "array of texts": np.array(["a", "b"]), "huge": 10**400, "65 bits": 2**64, "63 bits": -2**63,
    "nan": np.nan, "infinite": np.inf, "all nan": np.full((6, 3), np.nan),
    "large": np.full(3, 1e308), "empty": np.zeros(0), "no rows": np.zeros((0, 5)),
    "no size, large": np.zeros((1 << 10, 0, 1 << 10)), "0-d": np.array(1.0), "object": object(),
    "objects": np.array([None, 1], object), "complex": 1j, "complex array": np.ones(3) * 1j,
    "truth": True, "truths": np.array([True, False]), "one": (1,), "two": (1, 2),
    "three": (None, None, None), "a generator": (n for n in range(3)), "a set": {1, 2},
    "dates": np.array(["2026-01-01"], "datetime64[D]"), "a function": len, "a type": int,
    "a module": np, "an exception": ValueError("x"), "pretender": Pretender(),
    "ragged batches": [[1, [2]]], "batches of others": [np.zeros(3), "a"],
    "batches of halves": [[0.5, 1], [True, 2]], "dicts": [{}],
}
SHARE = one_in(8)  # each part gets another share of the values
# training for 2,000 epochs, again for each known mistake: a few values there
FEW = {"hw1_perceptron.train", "hw1_perceptron.train_classes", "hw3_gradient_descent.stopping",
       "hw5_convnet.conv_back", "hw5_convnet.pool_back", "hw5_convnet.network"}
PARTS = [(path, part) for path in SOURCES
         for part in solutions(Assignment(path.stem, path))]


@pytest.mark.parametrize("number, path, part", [(n, *part) for n, part in enumerate(PARTS)],
                         ids=lambda x: getattr(x, "stem", x))
def test_no_odd_value_is_a_graders_fault_or_right(number, path, part):
    course = Assignment(path.stem, path)
    names = importlib.import_module(f"{course.graders.__name__}.variants").RIGHT
    share = one_in(24) if f"{path.stem}.{part}" in FEW else SHARE
    for what, value in list(VALUES.items())[number % share::share]:
        functions = {name: lambda *args, value=value, **kwargs: value for name in names}
        for test in run_part(course, functions, part, 5):
            assert test["outcome"] in ("wrong", "crash"), (what, test)
            assert test["message"]


def test_a_test_that_an_odd_value_stops_is_the_students(toy_assignment, monkeypatch):
    """Where the same test passes with right answers, and only there."""
    def careless(*args, **kwargs):
        raise IndexError

    variants = importlib.import_module("toy_graders.toy.reference")
    functions = {"double": lambda x: [[1], [1, 2]]}
    monkeypatch.setattr(judge, "as_numbers", lambda value: np.asarray(value))
    monkeypatch.setitem(importlib.sys.modules, "toy_graders.toy.variants", type(
        "variants", (), {"VARIANTS": {"reference": {"double": variants.double}}}))
    tests = run_part(toy_assignment, functions, "double", 1)
    assert {t["outcome"] for t in tests} == {"wrong"}
    assert "not what the assignment asks for" in tests[0]["message"]
    monkeypatch.setattr(judge, "as_numbers", careless)
    tests = run_part(toy_assignment, functions, "double", 1)
    assert {t["outcome"] for t in tests} == {"grader_fault"}
