"""Gradescope's table of submissions as texts, and its bounds."""

import pytest

from autograder.term import metadata
from autograder.term.metadata import MAX_NESTING, read_yaml


@pytest.mark.parametrize("text, value", [
    ("a: 1\nb: [x, 2020-01-01, null, true]", {"a": "1", "b": ["x", "2020-01-01", "null", "true"]}),
    ("text", "text"), ("[]", []), ("{}", {}), ("a:\n  b: {c: d}\n  e: f", {"a": {
        "b": {"c": "d"}, "e": "f"}}), ("- &x [1]\n- *x\n- &y z\n- *y", [["1"], ["1"], "z", "z"]),
    (":name: Ada\n':sid': x", {":name": "Ada", ":sid": "x"}),
    ("a: &m {x: 1}\nb: {<<: *m}", {"a": {"x": "1"}, "b": {"<<": {"x": "1"}}}),
])
def test_every_value_is_text(text, value):
    assert read_yaml(text) == value


def test_the_deepest_that_is_read():
    deep = read_yaml("[" * (MAX_NESTING - 1) + "]" * (MAX_NESTING - 1))
    for _ in range(MAX_NESTING - 2):
        (deep,) = deep
    assert deep == []
    with pytest.raises(ValueError, match="too deep"):
        read_yaml("[" * MAX_NESTING + "]" * MAX_NESTING)


def test_the_longest_that_is_read(monkeypatch):
    items = [str(number) for number in range(10)]
    text = f"[{','.join(items)}]"  # begins and ends of stream, document and list: six more events
    monkeypatch.setattr(metadata, "MAX_EVENTS", 15)
    assert read_yaml(text) == items
    monkeypatch.setattr(metadata, "MAX_EVENTS", 14)
    with pytest.raises(ValueError, match="too long"):
        read_yaml(text)


@pytest.mark.parametrize("text", ["a: [", "*unknown", "{[1]: 2}", "", "'"])
def test_what_is_no_such_table_fails(text):
    with pytest.raises(Exception):  # noqa: B017 - the reader of the table takes them all
        read_yaml(text)
