"""Right answers in other styles: each must get full marks."""

import numpy as np

from autograder.graders.hw1_perceptron import reference


def _loops():
    def unit(X, w, b):
        outputs = []
        for row in X:
            z = b
            for value, weight in zip(row, w):
                z += value * weight
            outputs.append(1 if z > 0 else 0)
        return outputs

    def xor(X):
        return [int(bool(a) != bool(b)) for a, b in X]

    def perceptron_update(w, b, x, y):
        z = sum(wi * xi for wi, xi in zip(w, x)) + b
        if y == 1 and z <= 0:
            return [wi + xi for wi, xi in zip(w, x)], b + 1
        if y == 0 and z > 0:
            return [wi - xi for wi, xi in zip(w, x)], b - 1
        return list(w), b

    def train_perceptron(X, y, max_epochs):
        w, b, mistakes = [0] * X.shape[1], 0, []
        epoch, clean = 0, False
        while epoch < max_epochs and not clean:
            count = 0
            for i in range(len(X)):
                output = unit(X[i:i + 1], w, b)[0]
                if output != y[i]:
                    w, b = perceptron_update(w, b, X[i], y[i])
                    count += 1
            mistakes.append(count)
            clean = count == 0
            epoch += 1
        return w, b, mistakes

    def predict_classes(X, W, b):
        answers = []
        for row in X:
            scores = [float(np.dot(row, W[c]) + b[c]) for c in range(len(W))]
            answers.append(scores.index(max(scores)))
        return answers

    def train_classes(X, y, num_classes, max_epochs):
        W, b, mistakes = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
        for _ in range(max_epochs):
            count = 0
            for i in range(len(X)):
                for c in range(num_classes):
                    target, output = int(y[i] == c), int(X[i] @ W[c] + b[c] > 0)
                    if target != output:
                        W[c] += (target - output) * X[i]
                        b[c] += target - output
                        count += 1
            mistakes.append(count)
            if not count:
                break
        return W, b, mistakes

    return locals()


def _homogeneous():
    def with_one(X):
        return np.hstack([X, np.ones((len(X), 1))])

    def unit(X, w, b):
        return np.heaviside(with_one(X) @ np.append(w, b), 0)

    def xor(X):
        X = np.asarray(X, dtype=float)
        hidden = np.stack([unit(X, np.array([1.0, -1.0]), -0.5),
                           unit(X, np.array([-1.0, 1.0]), -0.5)], axis=1)
        return unit(hidden, np.array([1.0, 1.0]), -0.5)

    def perceptron_update(w, b, x, y):
        theta, x1 = np.append(w, b).astype(float), np.append(x, 1.0)
        theta += (y - np.heaviside(theta @ x1, 0)) * x1
        return theta[:-1], theta[-1]

    def train_perceptron(X, y, max_epochs):
        theta, mistakes = np.zeros(X.shape[1] + 1), []
        for _ in range(max_epochs):
            errors = 0
            for x1, t in zip(with_one(X), y):
                delta = t - (theta @ x1 > 0)
                if delta:
                    theta = theta + delta * x1
                    errors += 1
            mistakes += [errors]
            if errors == 0:
                return theta[:-1], theta[-1], np.array(mistakes)
        return theta[:-1], theta[-1], np.array(mistakes)

    def train_classes(X, y, num_classes, max_epochs):
        columns = [train_perceptron_for(X, y == c, max_epochs) for c in range(num_classes)]
        W = np.array([w for w, _, _ in columns])
        b = np.array([bias for _, bias, _ in columns])
        longest = max(len(m) for _, _, m in columns)
        total = [sum(m[e] if e < len(m) else 0 for _, _, m in columns) for e in range(longest)]
        return W, b, total

    def train_perceptron_for(X, target, max_epochs):
        return train_perceptron(X, target.astype(int), max_epochs)

    return {"unit": unit, "xor": xor, "perceptron_update": perceptron_update,
            "train_perceptron": train_perceptron, "train_classes": train_classes}


def _booleans():
    def unit(X, w, b):
        return X @ w > -b

    def xor(X):
        return np.logical_xor(X[:, 0], X[:, 1])

    def perceptron_update(w, b, x, y):
        error = np.sign(int(y) - int(np.inner(w, x) + b > 0))
        return np.add(w, error * x), b + error

    return locals()


def _relu_xor():
    return {"xor": lambda X: np.maximum(X.sum(1), 0) - 2 * np.maximum(X.sum(1) - 1, 0)}


def _in_float32():
    def unit(X, w, b):
        z = X.astype(np.float32) @ np.asarray(w, np.float32) + np.float32(b)
        return (z > 0).astype(np.float32)

    def perceptron_update(w, b, x, y):
        w, x = np.float32(w), np.float32(x)
        error = np.float32(y) - np.float32(w @ x + np.float32(b) > 0)
        return w + error * x, np.float32(b) + error

    return locals()


def _einsum():
    return {
        "predict_classes": lambda X, W, b: np.einsum("nd,cd->nc", X, W).__add__(b).argmax(-1),
        "unit": lambda X, w, b: np.where(np.einsum("nd,d->n", X, w) + b > 0, 1, 0),
    }


def _columns():
    def predict_classes(X, W, b):
        return (W @ X.T + b[:, None]).argmax(axis=0).reshape(-1)

    def xor(X):
        return np.abs(X[:, 0] * 1.0 - X[:, 1])

    return locals()


def _other_classifier():
    def classify_digits(X_train, y_train, X_test):
        means = np.array([X_train[y_train == d].mean(axis=0) for d in range(10)])
        return ((X_test[:, None] - means) ** 2).sum(-1).argmin(1)

    return locals()


def gate(name):
    """Weights and bias of one gate."""
    return {"NOT": (np.array([-1.0]), 0.5), "AND": (np.array([1.0, 1.0]), -1.5),
            "OR": (np.array([1.0, 1.0]), -0.5), "NAND": (np.array([-1.0, -1.0]), 1.5)}[name]


def gate_otherwise(name):
    """The same gates with other numbers, as lists and integers."""
    return {"NOT": ([-3], 2), "AND": ([5, 5], -9), "OR": ([2, 2], np.array(-1)),
            "NAND": ([-2, -2], 3.0)}[name]


RIGHT = {**{name: getattr(reference, name) for name in (
    "unit", "xor", "perceptron_update", "train_perceptron", "predict_classes", "train_classes",
    "classify_digits")}, "gate": gate}

VARIANTS = {
    "reference": RIGHT,
    "loops and lists": RIGHT | _loops(),
    "appended one": RIGHT | _homogeneous(),
    "booleans": RIGHT | _booleans(),
    "ReLU units for XOR": RIGHT | _relu_xor(),
    "float32 inside": RIGHT | _in_float32(),
    "einsum": RIGHT | _einsum(),
    "classes in rows": RIGHT | _columns(),
    "another classifier of digits": RIGHT | _other_classifier(),
    "other gates": RIGHT | {"gate": gate_otherwise},
}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_digits": "its numbers are the student's choice: what reaches the accuracy is right",
    "gate": "many weights make the same gate",
}
EQUIVALENT = {}
