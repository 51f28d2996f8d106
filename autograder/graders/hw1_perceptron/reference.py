"""Right answers in float64: what the hidden tests compare with.

Rosenblatt's perceptron (Psychological Review 65, 1958) with outputs 0 and 1 and a strict
threshold, as in lecture B's "The Perceptron Algorithm".
"""

import numpy as np


def unit(X, w, b):
    """Outputs (N,) of one unit: 1 where x . w + b > 0."""
    return (np.asarray(X, np.float64) @ np.asarray(w, np.float64) + b > 0).astype(np.int64)


def xor(X):
    """Whether exactly one of the two inputs is 1, for each row of X (N, 2)."""
    return (np.asarray(X)[:, 0] != np.asarray(X)[:, 1]).astype(np.int64)


def perceptron_update(w, b, x, y):
    """The parameters after one example: w + (y - yhat) x, b + (y - yhat)."""
    step = float(y) - float(np.dot(x, w) + b > 0)
    return np.asarray(w, np.float64) + step * np.asarray(x, np.float64), b + step


def train_perceptron(X, y, max_epochs):
    """Weights (D,), bias and the mistakes of each epoch run, from a zero start."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for x, target in zip(X, y):
            new_w, new_b = perceptron_update(w, b, x, target)
            wrong += int(new_b != b)
            w, b = new_w, new_b
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


def predict_classes(X, W, b):
    """The class (N,) with the largest weighted sum; the first of equals."""
    return np.argmax(np.asarray(X, np.float64) @ np.asarray(W, np.float64).T + b, axis=1)


def train_classes(X, y, num_classes, max_epochs):
    """W (C, D), b (C,) and wrong unit decisions per epoch: each unit learns its own class."""
    W, b, mistakes = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
    for _ in range(max_epochs):
        wrong = 0
        for x, label in zip(np.asarray(X, np.float64), y):
            step = (np.arange(num_classes) == label) - (W @ x + b > 0).astype(np.float64)
            wrong += int(np.count_nonzero(step))
            W, b = W + np.outer(step, x), b + step
        mistakes.append(wrong)
        if wrong == 0:
            break
    return W, b, mistakes


def classify_digits(X_train, y_train, X_test):
    """Predicted digits (N_test,) of one perceptron per class, ten epochs."""
    W, b, _ = train_classes(X_train, y_train, 10, 10)
    return predict_classes(X_test, W, b)


def gate(name):
    """Weights and bias of a gate; many others are as right."""
    return {"NOT": (np.array([-1.0]), 0.5), "AND": (np.array([1.0, 1.0]), -1.5),
            "OR": (np.array([1.0, 1.0]), -0.5), "NAND": (np.array([-1.0, -1.0]), 1.5)}[name]
