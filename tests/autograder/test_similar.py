"""Similar pairs: copies with other names are found, what everybody writes is not."""

import pytest
import toy
from results_sample import cell, result

from autograder.output import similar
from autograder.output.similar import MAX_CODE, pairs, similar_pairs

UNUSUAL = """
def train(X, y, epochs):
    best, history = None, []
    for epoch in range(epochs):
        order = sorted(range(len(X)), key=lambda i: (X[i] ** 2).sum() - y[i] * epoch)
        mistakes = [i for i in order[::-1] if (X[i].sum() > epoch % 3) != bool(y[i])]
        history.append(len(mistakes) / max(1, len(order)))
        if best is None or history[-1] < best[0]:
            best = (history[-1], epoch, tuple(mistakes[:5]))
    return best, history
"""
OTHER = """
def train(X, y, epochs):
    w = np.zeros(X.shape[1])
    while epochs:
        epochs -= 1
        wrong = (X @ w > 0) != y
        if not wrong.any():
            return w
        w += ((2 * y - 1)[:, None] * X)[wrong].sum(axis=0)
    raise RuntimeError("no line separates these examples, or not within so many epochs")
"""
USUAL = """
def unit(X, w, b):
    weighted_sums = X @ w + b
    outputs = (weighted_sums > 0).astype(int)
    assert outputs.shape == (len(X),), "one output for each of the examples that came in"
    return outputs
"""


@pytest.fixture
def code():
    renamed = UNUSUAL.replace("history", "log").replace("mistakes", "bad").replace("best", "top")
    return {"ada": UNUSUAL + USUAL, "bob": USUAL + renamed, "eve": OTHER + USUAL,
            **{f"s{i}": USUAL + f"x = {i}\n" for i in range(8)}}


def test_a_copy_with_other_names_is_found_and_usual_code_is_not(code):
    (pair,) = pairs(code, "")
    assert (pair["a"], pair["b"]) == ("ada", "bob") and pair["share"] > 0.8
    assert pairs(code, "") == pairs(dict(reversed(code.items())), "")


def test_what_was_given_to_all_is_left_out(code):
    assert pairs(code, UNUSUAL) == []


@pytest.mark.parametrize("codes", [{}, {"ada": UNUSUAL}, {"ada": "", "bob": ""},
                                   {"ada": "def (", "bob": "\x00"}])
def test_little_or_odd_code_has_no_pairs(codes):
    assert pairs(codes, "") == []


def test_long_code_is_cut_before_it_is_read_and_its_student_named(monkeypatch):
    lengths = []

    def counting(source):
        lengths.append(len(source))
        return ()

    monkeypatch.setattr(similar, "tokens", counting)
    results = {"ada": result(cells=[cell(source=UNUSUAL)]),
               "eve": result(cells=[cell(source="\n " * MAX_CODE)])}
    assert similar_pairs(results, toy.source()) == {"pairs": [], "cut": ["eve"]}
    assert max(lengths) == MAX_CODE


def test_a_copy_is_found_in_front_of_padding(code):
    code["bob"] += "\n " * MAX_CODE
    assert [(pair["a"], pair["b"]) for pair in pairs(code, "")] == [("ada", "bob")]
