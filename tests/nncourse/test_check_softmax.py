"""Checks of hw2_softmax: slips that are in no table of known mistakes are told in words, too."""

import numpy as np
import pytest

from autograder.graders.hw2_softmax import reference
from nncourse import check


def softmax(scores):
    scores -= scores.max(axis=1, keepdims=True)
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def log_softmax(scores):
    top = np.squeeze(scores.max(axis=1, keepdims=True))
    return scores - top[:, np.newaxis] - np.log(np.exp(scores - top[:, np.newaxis]).sum(
        axis=1, keepdims=True))


def cross_entropy(log_probs, y):
    log_probs[np.arange(len(y)), y] *= -1
    return log_probs[np.arange(len(y)), y].mean()


def score_gradient(probs, y):
    return (probs - np.eye(y.max() + 1)[y]) / len(y)


def softmax_loss(X, y, W, b, reg):
    scores = X @ W + b
    return scores, W, b


def predict(X, W, b):
    return np.argmax(X @ W.T + b, axis=1)


def train_softmax(X, y, num_classes, lr, reg, steps):
    W, b, losses = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
    for _ in range(steps):
        loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
        losses.append(loss)
        W, b = W - lr * dW - 0.001 * W, b - lr * db
    return W, b, losses


@pytest.mark.parametrize("function, words", [
    (softmax, "changes its argument `scores`"),
    (log_softmax, "one example with two classes: log_softmax with .* raises"),
    (cross_entropy, "changes its argument `log_probs`"),
    (score_gradient, "classes 1 and 0: score_gradient with .* raises"),
    (softmax_loss, r"shape \(2, 3\), an array of shape \(2,\), an array of shape \(4, 3\)"),
    (predict, "should return 2 values"),
    (train_softmax, "two steps: W at index"),
], ids=lambda x: getattr(x, "__name__", ""))
def test_a_slip_is_told_in_words(function, words):
    with pytest.raises(check.CheckFailed, match=words):
        getattr(check, function.__name__)(function)


@pytest.mark.parametrize("factor, words", [
    (4.0, "All of yours are 4 times as large"), (-1.0, "All of yours have the wrong sign")])
def test_what_all_entries_have_in_common_is_said(factor, words):
    with pytest.raises(check.CheckFailed, match=words):
        check.score_gradient(lambda probs, y: factor * reference.score_gradient(probs, y))


def test_the_first_entry_that_differs_is_shown():
    def softmax(scores):
        probs = reference.softmax(scores)
        probs[:1, 1] += 0.25
        probs[:1, 2] -= 0.25
        return probs

    with pytest.raises(check.CheckFailed, match=r"index \(1\) should be 0.25, yours is 0.5"):
        check.softmax(softmax)


def test_an_error_in_the_function_is_shown_with_its_line():
    def predict(X, W, b):
        return np.argmax(X @ W + b, axis=1), b  # as it stands here

    with pytest.raises(check.CheckFailed, match="in the line `return np.argmax"):
        check.predict(predict)
