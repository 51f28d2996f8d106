"""A mistake loses the points of the tests that are about it, a special one those of one test."""

import copy
import functools
import importlib
from pathlib import Path

import numpy as np
import pytest
from thorough import one_in

from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.soundness.mutants import namespace_of, solutions

PROJECT = Path(__file__).parents[2]
SOURCES = sorted((PROJECT / "source_solutions").glob("*/*.ipynb"))
EVERY_MISTAKE = one_in(50)
# the size that counts the classes, where labels belong to them: of an argument's axis
CLASSES = {
    "cross_entropy": lambda log_probs, y: log_probs.shape[1],
    "score_gradient": lambda probs, y: probs.shape[1],
    "softmax_loss": lambda X, y, W, *_: len(W),
    "softmax_loss_loops": lambda X, y, W, *_: len(W),
    "softmax_loss_layer": lambda scores, y: scores.shape[1],
    "two_layer_loss": lambda params, *_: len(params["b2"]),
}
BIASES = {  # where they stand in what comes back
    "softmax_loss": (2,), "softmax_loss_loops": (2,), "sgd": (1,), "affine_backward": (2,),
    "init_params": ("b1", "b2"), "conv_backward": (2,),
}
IMAGES = {"conv_forward", "conv_backward", "im2col", "conv_im2col", "max_pool_forward",
          "max_pool_backward"}


def arrays(args) -> list[np.ndarray]:
    return [x for x in args if isinstance(x, np.ndarray)]


def changes_an_argument(right, *args):
    given = copy.deepcopy(right(*args))
    for x in arrays(args):
        if x.size and x.dtype.kind == "f" and x.flags.writeable:
            x.flat[0] += 1
            break
    return given


def needs_two_examples(right, *args):
    if args and isinstance(args[0], np.ndarray) and args[0].ndim >= 2 and len(args[0]) == 1:
        raise ValueError("one example")
    return right(*args)


def needs_squares(right, *args):
    if any(x.ndim == 4 and x.shape[2] != x.shape[3] for x in arrays(args)):
        raise ValueError("not square")
    return right(*args)


def needs_rows_in_order(right, *args):
    if not all(x.flags.c_contiguous for x in arrays(args)):
        raise ValueError("column by column")
    return right(*args)


def needs_the_last_class(right, *args):
    labels = [x for x in arrays(args) if x.ndim == 1 and x.dtype.kind in "iu" and x.size]
    if labels and CLASSES[right.__name__](*args) - 1 not in labels[-1]:
        raise IndexError("the last class is absent")
    return right(*args)


def has_biases_in_a_row(right, *args):
    given = copy.deepcopy(right(*args))
    given = list(given) if isinstance(given, tuple) else given
    for place in BIASES[right.__name__]:
        given[place] = np.asarray(given[place])[np.newaxis]
    return tuple(given) if isinstance(given, list) else given


MISTAKES = (changes_an_argument, needs_two_examples, needs_squares, needs_rows_in_order,
            needs_the_last_class, has_biases_in_a_row)
FITTING = {needs_the_last_class: CLASSES, has_biases_in_a_row: BIASES, needs_squares: IMAGES}


def cases(assignment):
    """(part, the names it is tested with, a function of its cell) for all of the assignment."""
    cells = solutions(assignment)
    namespace = namespace_of(assignment, cells.values())
    for part, source in cells.items():
        for name in namespace:
            if f"def {name}(" in source:
                yield part, namespace, name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_one_mistake_costs_one_test(path):
    assignment, lost = Assignment(path.stem, path), {}
    for part, right, name in cases(assignment):
        for mistake in MISTAKES:
            if name not in FITTING.get(mistake, right):
                continue
            wrong = functools.wraps(right[name])(functools.partial(mistake, right[name]))
            tests = run_part(assignment, right | {name: wrong}, part, 30)
            failed = [test["name"] for test in tests if test["outcome"] != "passed"]
            if failed:
                lost[part, mistake.__name__] = failed
    assert len(lost) > 6  # most of them are noticed at all
    assert {case: tests for case, tests in lost.items() if len(tests) > 1} == {}


# what zeros are right in: biases begin at 0, and an answer for every example has the right shape
RIGHT_WITH_ZEROS = {
    "hw4_two_layer": {"init": ["test_shapes_and_biases", "test_from_the_generator"],
                      "spirals": ["test_an_answer_for_every_point"]},
    "hw5_convnet": {"digits": ["test_an_answer_for_every_picture"]}}


def zeros_for(answer):
    """The answer with zeros for all of its numbers; a network is no answer."""
    if isinstance(answer, dict):
        return {key: zeros_for(value) for key, value in answer.items()}
    if isinstance(answer, tuple | list):
        return type(answer)(map(zeros_for, answer))
    return np.zeros_like(answer) if isinstance(answer, np.ndarray) else type(answer)(0)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_zeros_earn_nothing(path):
    """Also where a test passes over what is wrong for ordinary arguments."""
    assignment, earned = Assignment(path.stem, path), {}
    for part, right, name in cases(assignment):
        if name == "make_convnet":
            continue
        wrong = functools.wraps(right[name])(
            lambda *args, right=right[name]: zeros_for(right(*args)))
        tests = run_part(assignment, right | {name: wrong}, part, 30)
        earned[part] = [test["name"] for test in tests if test["outcome"] == "passed"]
    assert len(earned) >= 3
    assert {part: tests for part, tests in earned.items() if tests} == RIGHT_WITH_ZEROS.get(
        path.stem, {})


def test_named_mistakes_cost_the_tests_about_them(monkeypatch):
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    measured = importlib.import_module("mistake_shares")
    rows = [row for path in SOURCES
            for row in measured.shares(Assignment(path.stem, path), every=EVERY_MISTAKE)]
    assert len(rows) >= 1200 // EVERY_MISTAKE
    assert all(row["tests"] for row in rows)
    besides = [row for row in rows if row["besides"]]
    assert len(besides) <= (1 - measured.ENOUGH) * len(rows), besides


def test_what_a_mistake_is_about(monkeypatch):
    """Everything, a value, or what one sentence announces."""
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    about = importlib.import_module("mistake_shares").about
    announced = {"loss": "a", "gradient": "b", "one": "sizes", "absent": "sizes", "big": "big"}
    weights = dict.fromkeys(announced, 1.0) | {"big": 1.5}
    values = {"loss", "gradient"}
    for lost, expected in [({"loss", "gradient", "big"}, set(announced)), ({"loss"}, {"loss"}),
                           ({"loss", "big"}, {"loss"}), ({"one"}, {"one", "absent"}),
                           ({"big", "one"}, {"big"}),
                           ({"big", "one", "absent"}, {"one", "absent"})]:
        assert about(lost, values, announced, weights) == expected
