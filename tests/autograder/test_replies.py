"""What a fork may answer to a call: each bound, on both of its sides."""

import numpy as np
import pytest

from autograder.sandbox import replies

RAISED = {"type": "E", "text": "t", "where": []}


@pytest.mark.parametrize("message", [
    None, [], "x", {}, {"value": 1}, {"value": 1, "changed": [True]},
    {"value": 1, "changed": [-1]}, {"value": 1, "changed": [1.0]},
    {"value": 1, "changed": [0] * 1000}, {"value": 1, "changed": np.zeros(1, int)},
    {"value": 1, "changed": [], "more": 1}, {1: 2, "value": 1, "changed": []},
    {"value": 1, "changed": [], "steps": 5}, {"missing": 1}, {"missing": False},
    {"missing": True, "timeout": True}, {"timeout": np.ones(3)}, {"error": 5}, {"error": None},
    {"value": 1, "changed": [], "steps": {"lines": {"a": -1}, "watched": True}},
    {"value": 1, "changed": [], "steps": {"lines": {"a": 2.0}, "watched": True}},
    {"value": 1, "changed": [], "steps": {"lines": {"a": 2}, "watched": 1}},
    {"value": 1, "changed": [], "steps": {
        "lines": {str(n): 1 for n in range(10_000)}, "watched": True}},
    {"error": {"type": "t" * 1000, "text": "", "where": []}},
    {"error": {"type": "t", "text": "t" * 10_000, "where": []}},
    {"error": {"type": "t", "text": "", "where": [["f", 1, "s"]] * 100}},
    {"error": {"type": "t", "text": "", "where": [["f", True, "s"]]}},
    {"error": {"type": "t", "text": "", "where": [["f", 1]]}},
    {"missing": True, "more": 1}, {"timeout": True, "more": 1}, {"timeout": False},
    {"error": RAISED, "more": 1}, {"error": {**RAISED, "more": 1}},
    {"error": {"type": "t", "text": "", "where": [["f", 1, "s", 2]]}},
    {"value": 1, "changed": [], "steps": {"lines": {}, "watched": True, "more": 1}},
    {"value": 1, "changed": [], "steps": {"lines": {}}}, {"changed": []}, {"missing": None},
])
def test_a_reply_of_another_form_is_none(message):
    with pytest.raises(ValueError):
        replies.check(message)


def test_the_replies_of_the_worker_are_replies():
    steps = {"lines": {"<cell 1>:2:f": 3}, "watched": True}
    assert replies.check({"value": 1, "changed": [0, 2], "steps": steps}).steps.lines
    assert replies.check({"value": None, "changed": [], "steps": None}).value is None
    assert replies.check({"missing": True}) and replies.check({"timeout": True})
    error = {"type": "E", "text": "t", "where": [["f", 3, "x = 1"]]}
    assert replies.check({"error": error}).error.where[0].line == 3


def counted(lines):
    return {"value": 1, "changed": [], "steps": {"lines": lines, "watched": True}}


def raised(**changes):
    return {"error": RAISED | changes}


@pytest.mark.parametrize("largest, too_large", [
    ({"value": 1, "changed": [0, 31]}, {"value": 1, "changed": [0, 32]}),
    ({"value": 1, "changed": [0] * 32}, {"value": 1, "changed": [0] * 33}),
    (counted({"x" * 200: 0}), counted({"x" * 201: 0})),
    (counted({"x": 2**40}), counted({"x": 2**40 + 1})),
    (counted({str(n): 1 for n in range(4000)}), counted({str(n): 1 for n in range(4001)})),
    (raised(type="x" * 100), raised(type="x" * 101)),
    (raised(text="x" * 2000), raised(text="x" * 2001)),
    (raised(where=[["f", 1, "s"]] * 5), raised(where=[["f", 1, "s"]] * 6)),
    (raised(where=[["x" * 100, 1, "s"]]), raised(where=[["x" * 101, 1, "s"]])),
    (raised(where=[["f", 2**40, "s"]]), raised(where=[["f", 2**40 + 1, "s"]])),
    (raised(where=[["f", 0, "s"]]), raised(where=[["f", -1, "s"]])),
    (raised(where=[["f", 1, "x" * 300]]), raised(where=[["f", 1, "x" * 301]])),
])
def test_the_largest_of_each_kind(largest, too_large):
    assert replies.check(largest)
    with pytest.raises(ValueError):
        replies.check(too_large)
