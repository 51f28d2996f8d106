"""What the visible checks of hw1 say of single items, gates and digits."""

import numpy as np
import pytest

from autograder.graders.hw1_perceptron import reference
from nncourse import check
from nncourse.check.digits import graded_form
from nncourse.data.standins import small_digits


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


@pytest.mark.parametrize("b", [np.array([0.5]), np.array([[0.5]]), np.float32(0.5)])
def test_a_gates_bias_may_be_an_array_of_one_number(b):
    def gate(name):
        w, right = reference.gate(name)
        return w, right * 2 * b

    check.gate(gate)


def test_the_first_different_row_is_told():
    with pytest.raises(check.CheckFailed, match=r"0 XOR 1 is 1: exactly .* Yours is -1"):
        check.xor(lambda X: X[:, 0].astype(float) - X[:, 1])
    with pytest.raises(check.CheckFailed, match=r"the sum is 1 - 2 \+ 1 = 0, so the output is 0"):
        check.unit(lambda X, w, b: X @ w + b >= 0)


def test_a_crash_is_told_with_the_kind_of_input():
    def xor(X):
        return np.bitwise_xor(*X.T)  # not for floats

    with pytest.raises(check.CheckFailed, match="With six rows: xor with .* raises TypeError"):
        check.xor(xor)


def test_the_visit_that_goes_wrong_is_told():
    def skips_the_third(X, y, max_epochs):
        keep = np.arange(len(y)) != 3
        return reference.train_perceptron(X[keep], y[keep], max_epochs)

    with pytest.raises(check.CheckFailed, match=r"at the last one\. Its sum is 0\.75 \+ 1 = 1\.75"):
        check.train_perceptron(skips_the_third)


NOTEBOOK = np.zeros((10, 4)), np.arange(10)  # stands for the notebook's own data


def test_digits_are_judged_on_the_graded_form(capsys):
    def least_squares(X_train, y_train, X_test):
        if X_test.shape[1] == 4:
            return np.arange(10)
        W = np.linalg.lstsq(X_train, np.eye(10)[y_train], rcond=None)[0]
        return np.argmax(X_test @ W, axis=1)

    check.classify_digits(least_squares, *NOTEBOOK, *NOTEBOOK, wanted=0.8)
    said = capsys.readouterr().out
    assert "100.0% of 10 new images" in said and "(80% are wanted)" in said
    with pytest.raises(check.CheckFailed, match=r"8 by 8 .* 9\d\.\d% are right; 99% are wanted"):
        check.classify_digits(least_squares, *NOTEBOOK, *NOTEBOOK, wanted=0.99)


@pytest.mark.parametrize("answer, says", [
    (np.zeros(10), "10%"), (np.full(10, 11), "0 to 9"), (np.arange(5), "shape")])
def test_digits_of_the_wrong_form_are_told_in_words(answer, says):
    with pytest.raises(check.CheckFailed, match=says):
        check.classify_digits(lambda *args: answer, *NOTEBOOK, *NOTEBOOK, wanted=0.8)


def test_images_of_the_graded_form_mix_two_of_a_class_and_permute_the_labels():
    X_train, y_train, X_test, y_test = graded_form()
    pixels, _ = small_digits()
    assert X_train.shape == (1200, 64) and X_test.shape == (597, 64)
    assert X_train.min() >= 0 and X_train.max() <= 1
    assert set(y_train) == set(y_test) == set(range(10))
    distances = ((X_test[:50, None] - pixels[None] / 16) ** 2).sum(axis=2)
    assert distances.min() > 0.01
