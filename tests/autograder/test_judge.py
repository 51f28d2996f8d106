"""Comparison: what counts as equal, and messages without expected values."""

import numpy as np
import pytest

from autograder.grading.judge import Verdict, check_value, dot_atol, loops
from autograder.inside.channel import Opaque


def message(got, want, **kwargs):
    with pytest.raises(Verdict) as caught:
        check_value(got, want, **kwargs)
    assert caught.value.outcome == "wrong"
    return caught.value.message


@pytest.mark.parametrize("got", [
    [1, 0, 1], (1, 0, 1), np.array([1.0, 0.0, 1.0]), np.array([True, False, True]),
    np.array([1, 0, 1], np.uint8), np.array([1, 0, 1], np.float32),
])
def test_the_kind_of_container_and_number_does_not_matter(got):
    check_value(got, np.array([1, 0, 1]))


@pytest.mark.parametrize("got, says", [
    (None, "None"), (Opaque("generator"), "generator"), ("101", "str"),
    (np.array([[1, 0, 1]]), "shape (1, 3)"), (np.array([1, 0]), "shape (2,)"),
    (np.array([1, np.nan, 1]), "not finite"), ([[1], [1, 2]], "list of 2 items"),
    (np.array([1, 0, 2]), "index (2)"), ({"a": 1}, "yours is a dict of 1 item."),
    ([Opaque("thing")], "a list of 1 item."), (Opaque("int of more than 64 bits"), "is an int of"),
    (np.array([1, 0, 2]), "1 of 3 entries is wrong"), (np.zeros(3), "2 of 3 entries are wrong"),
    (np.array([1, np.inf, 1]), "1 of 3 entries is not"), (1j, "yours is a complex"),
    (np.array([1, 0, 1j]), "yours is an array of shape (3,) and dtype complex128"),
])
def test_what_is_wrong_is_said(got, says):
    assert says in message(got, np.array([1, 0, 1]))


def test_what_is_wrong_with_a_number_is_said():
    assert message(np.inf, 1.0).startswith("the result is not finite (nan or inf). Look for")
    assert message(1.7, 1.0) == "the result is not the right number."
    assert message([1], 1.0) == ("the result is to be a single number, yours is an array of shape "
                                 "(1,).")


RIGHT = np.array([[1.0, -2.0, 3.0], [4.0, 6.0, 5.0]])


@pytest.mark.parametrize("got, says", [
    (-RIGHT, "It has the opposite sign."), (2.5 * RIGHT, "It is 2.5 times the right answer."),
    (RIGHT / 6, "It is 0.167 times the right answer."), (0 * RIGHT, "All of it is 0."),
    (RIGHT + 1, "It is off by the same number everywhere."), (RIGHT.T, "its transpose."),
    (RIGHT + np.eye(2, 3), "the first at index (0, 0)."),
    (-RIGHT - np.eye(2, 3), "the first at index (0, 0)."), (RIGHT + [[9, 0, 0], [0, 0, 0]], "0)."),
    (RIGHT**2, "the first at index (0, 1)."), (RIGHT.T + 1, "an array of shape (3, 2)."),
])
def test_what_a_wrong_array_has_to_do_with_the_right_one_is_said(got, says):
    assert message(got, RIGHT).endswith(says)


def test_nothing_is_said_of_few_numbers():
    for other in (-1.0, 0.0, 2.0, 1.7):
        assert message(other, 1.0) == "the result is not the right number."
    assert message(np.array([2.0, -2.0]), np.array([1.0, -1.0])).endswith("index (0).")
    square = RIGHT[:, :2]
    assert message(square.T, square).endswith("It is the transpose of the right answer.")


def test_values_in_another_order_are_seen():
    want = (RIGHT, RIGHT[0], 3.0)
    assert "It is what dW is to be" in message((RIGHT[0], RIGHT, 3.0), want, what=("X", "dW", "l"))
    assert "another order" not in message((RIGHT, RIGHT[1], 3.0), want)


def test_rounding_is_right_unless_the_very_same_number_is_asked_for():
    want = np.array([1e6, 3.0, 0.0])
    other = want + np.array([1e-4, -9e-4, 9e-4])  # below a billionth of the largest
    check_value(other, want)
    assert "2 of 3" in message(other, np.array([1e6, 3.0, 9e-4]), atol=0.0)
    assert message(0.1 + 0.2, 0.3, atol=0.0).endswith(
        "It is off by 6e-17 only: a matter of rounding, or of a small constant.")
    check_value(0.1 + 0.2, 0.3)
    check_value(np.full(3, 1e-12), np.zeros(3))
    assert "3 of 3" in message(np.full(3, 1e-8), np.zeros(3))
    check_value(np.array([np.inf, np.nan, 2.0 + 1e-12]), np.array([np.inf, np.nan, 2.0]))
    assert "off by" not in message(np.array([np.inf, 5.0, 2.0]), np.array([np.inf, np.nan, 2.0]))


@pytest.mark.parametrize("before, most, found", [
    ({"a": 5, "b": 2}, {"a": 24, "b": 2}, False),  # 200 more examples, in tens: 20 more
    ({"a": 5, "b": 2}, {"a": 25, "b": 2}, True), ({"a": 25}, {"a": 5}, False),
    ({}, {"a": 19}, False), ({}, {"a": 20}, True), ({}, {}, False), ({"a": 30}, {}, False),
    ({"a": 149, "b": 1}, {"a": 149, "b": 2}, False), ({"a": 150, "b": 1}, {"a": 150}, True)])
def test_a_line_that_runs_more_often_for_more_examples_is_a_loop(before, most, found):
    for first in ({}, {"a": 1000}):  # warms up
        assert loops([7, 100, 300], [first, before, most]) == found


def test_tuples_are_compared_item_by_item_under_their_names():
    check_value([np.zeros(2), 3], (np.zeros(2), 3.0))
    assert message((np.zeros(2), 4.0), (np.zeros(2), 3.0), what=("w", "b")).startswith("b ")
    assert "w, b" in message(np.zeros(2), (np.zeros(2), 3.0), what=("w", "b"))


def test_no_expected_value_is_in_a_message():
    secret = np.array([0.12345, 6789.5])
    for got in (secret + 1, secret[:1], None, np.full(2, np.nan), 7.0):
        text = message(got, secret)
        assert "12345" not in text and "6789" not in text


def test_the_dot_product_bound_holds_and_is_not_idle():
    rng = np.random.default_rng(0)
    for n in (1, 10, 1000):
        x, y = rng.normal(size=(2, n)).astype(np.float32)
        exact = np.sum(x.astype(np.longdouble) * y)
        computed = np.float32(0)
        for a, b in zip(x, y):
            computed = np.float32(computed + np.float32(a * b))
        scale = float(np.abs(x * y).sum())
        bound = dot_atol(n, scale, np.float32)
        assert abs(computed - exact) <= bound < 1e-3 * scale
