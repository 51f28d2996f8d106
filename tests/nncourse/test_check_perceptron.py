"""What the visible checks of hw1 say of single items, gates and digits."""

import numpy as np
import pytest

from autograder.graders.hw1_perceptron import reference
from nncourse import check


@pytest.mark.parametrize("name, item, change, says", [
    ("train_perceptron", 2, sum, "mistakes should be a list"),
    ("train_perceptron", 2, lambda m: None, "mistakes should be a list"),
    ("train_perceptron", 2, lambda m: [], "mistakes should be a list"),
    ("train_perceptron", 1, lambda b: None, "b is None"),
    ("train_perceptron", 1, lambda b: np.array([b]), "b should be a single number"),
    ("perceptron_update", 1, lambda b: None, "the new b is None"),
    ("perceptron_update", 1, lambda b: np.array([b]), "the new b should be a single number"),
    ("train_classes", 1, lambda b: b[:, np.newaxis], "b should have shape"),
    ("train_classes", 2, sum, "mistakes should be a list"),
    ("train_classes", 2, lambda m: [], "mistakes should be a list"),
])
def test_one_item_of_the_wrong_kind_is_told_in_words(name, item, change, says):
    def answer(*args):
        items = list(getattr(reference, name)(*args))
        items[item] = change(items[item])
        return items

    with pytest.raises(check.CheckFailed, match=says):
        getattr(check, name)(answer)


@pytest.mark.parametrize("b", [None, "0.5", [0.5, 0.5]])
def test_a_gates_bias_of_the_wrong_kind_is_told_in_words(b):
    with pytest.raises(check.CheckFailed, match="b of NOT"):
        check.gate(lambda name: (np.array([-1.0]), b))


def test_digits_are_judged_by_their_share(capsys):
    X, y = np.zeros((10, 4)), np.arange(10)
    check.classify_digits(lambda X_train, y_train, X_test: y, X, y, X, y)
    assert "100.0% of 10 new images" in capsys.readouterr().out
    for answer, says in [(np.zeros(10), "10%"), (np.full(10, 11), "0 to 9"), (y[:5], "shape")]:
        with pytest.raises(check.CheckFailed, match=says):
            check.classify_digits(lambda *args, a=answer: a, X, y, X, y)
