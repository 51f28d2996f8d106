"""Right answers in other styles: each must get full marks."""

import functools
import itertools
import operator

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


def _recursion():
    def unit(X, w, b):
        if len(X) == 0:
            return np.zeros(0)
        return np.concatenate([[float(np.dot(X[0], w) > -b)], unit(X[1:], w, b)])

    def epoch(w, b, X, y, count):
        if len(X) == 0:
            return w, b, count
        error = y[0] - (X[0] @ w + b > 0)
        return epoch(w + error * X[0], b + error, X[1:], y[1:], count + (error != 0))

    def train_perceptron(X, y, max_epochs):
        def run(w, b, left):
            w, b, count = epoch(w, b, X, y, 0)
            if count == 0 or left == 1:
                return w, b, [int(count)]
            *rest, mistakes = run(w, b, left - 1)
            return *rest, [int(count), *mistakes]
        return run(np.zeros(X.shape[1]), 0, max_epochs)

    return {"unit": unit, "train_perceptron": train_perceptron}


def _generators():
    def unit(X, w, b):
        return np.fromiter((sum(map(operator.mul, x, w)) + b > 0 for x in X), dtype=bool)

    def steps(X, y, w, b):
        while True:
            wrong = 0
            for x, target in zip(X, y):
                error = float(target) - float(x @ w + b > 0)
                w, b, wrong = w + error * x, b + error, wrong + abs(error)
            yield w, b, wrong

    def train_perceptron(X, y, max_epochs):
        mistakes = []
        for state in itertools.islice(steps(X, y, np.zeros(X.shape[1]), 0.0), max_epochs):
            mistakes.append(state[2])
            if mistakes[-1] == 0:
                break
        return *state[:2], tuple(mistakes)

    return {"unit": unit, "train_perceptron": train_perceptron}


def _callable_objects():
    class Unit:
        __name__ = "unit"

        def __call__(self, X, w, b):
            return np.greater(np.dot(X, w) + b, 0).astype(np.uint8)

    class Trainer:
        __name__ = "train_perceptron"

        def __call__(self, X, y, max_epochs):
            self.w, self.b = np.zeros(X.shape[1]), 0.0
            mistakes = [self.epoch(X, y)]
            while mistakes[-1] and len(mistakes) < max_epochs:
                mistakes.append(self.epoch(X, y))
            return [self.w, self.b, mistakes]

        def epoch(self, X, y):
            return sum([self.learn(x, target) for x, target in zip(X, y)])

        def learn(self, x, target):
            fires = bool(np.vdot(self.w, x) + self.b > 0)
            if fires == bool(target):
                return 0
            sign = -1 if fires else 1
            self.w, self.b = self.w + sign * x, self.b + sign
            return 1

    return {"unit": Unit(), "train_perceptron": Trainer()}


def _partial():
    def scores(X, W, b, choose):
        return choose(np.inner(X, W) + b, axis=-1)

    def step(z, at_zero):
        return np.heaviside(z, at_zero)

    def unit(X, w, b, activation):
        return activation(X @ w + b)

    strict = functools.partial(step, at_zero=0)
    return {"predict_classes": named("predict_classes",
                                     functools.partial(scores, choose=np.argmax)),
            "unit": named("unit", functools.partial(unit, activation=strict))}


def named(name, function):
    """A callable without a name, with one."""
    function.__name__ = name
    return function


def _closures():
    def linear(w, b):
        return lambda X: np.asarray(X) @ w + b

    def unit(X, w, b):
        return (np.sign(linear(w, b)(X)) + 1) // 2

    def perceptron_update(w, b, x, y):
        output = linear(w, b)(x) > 0
        return ((w, b) if output == bool(y) else
                (w - x, b - 1) if output else (w + x, b + 1))

    return {"unit": unit, "perceptron_update": perceptron_update}


def _float32_throughout():
    def train_perceptron(X, y, max_epochs):
        X, y = X.astype(np.float32), np.asarray(y, np.float32)
        w, b, mistakes = np.zeros(X.shape[1], np.float32), np.float32(0), []
        for _ in range(max_epochs):
            wrong = np.float32(0)
            for x, t in zip(X, y):
                error = t - np.float32(x @ w + b > 0)
                w, b, wrong = w + error * x, b + error, wrong + error * error
            mistakes.append(wrong)
            if not wrong:
                break
        return w, b, np.array(mistakes, np.float32)

    def train_classes(X, y, num_classes, max_epochs):
        X, T = X.astype(np.float32), np.eye(num_classes, dtype=np.float32)[y]
        W, b, mistakes = np.zeros((num_classes, X.shape[1]), "f4"), np.zeros(num_classes, "f4"), []
        for _ in range(max_epochs):
            wrong = 0
            for x, t in zip(X, T):
                error = t - (W @ x + b > 0)
                W, b = W + np.outer(error, x).astype("f4"), (b + error).astype("f4")
                wrong += np.abs(error).sum()
            mistakes.append(wrong)
            if not wrong:
                break
        return W, b, mistakes

    def predict_classes(X, W, b):
        return np.argmax(np.float32(X) @ np.float32(W).T + np.float32(b), 1).astype(np.float32)

    return locals()


def _lists_throughout():
    def perceptron_update(w, b, x, y):
        error = int(y) - int(sum(a * c for a, c in zip(w, x)) + b > 0)
        return [float(a + error * c) for a, c in zip(w, x)], float(b + error)

    def train_perceptron(X, y, max_epochs):
        w, b, mistakes = [0.0] * len(X[0]), 0.0, []
        for _ in range(max_epochs):
            before = []
            for x, target in zip(X.tolist(), list(y)):
                fires = sum(a * c for a, c in zip(w, x)) + b > 0
                before.append(fires != target)
                w, b = perceptron_update(w, b, x, target)
            mistakes.append(before.count(True))
            if not any(before):
                break
        return w, b, mistakes

    def train_classes(X, y, num_classes, max_epochs):
        W, b, mistakes = [[0] * X.shape[1] for _ in range(num_classes)], [0] * num_classes, []
        while len(mistakes) < max_epochs and (not mistakes or mistakes[-1] != 0):
            mistakes.append(0)
            for x, label in zip(X.tolist(), y.tolist()):
                for c in range(num_classes):
                    old = b[c]
                    W[c], b[c] = perceptron_update(W[c], b[c], x, label == c)
                    mistakes[-1] += old != b[c]
        return W, b, mistakes

    def predict_classes(X, W, b):
        def score(x, c):
            return sum(p * q for p, q in zip(x, W[c])) + b[c]
        return [max(range(len(W)), key=lambda c: (score(x, c), -c)) for x in X]

    def xor(X):
        return ["01".index(str(int(a + b) % 2)) for a, b in X]

    return locals()


def _in_place_on_copies():
    def perceptron_update(w, b, x, y):
        w = np.array(w, dtype=float)
        error = y - (w.dot(x) + b > 0)
        w += error * x
        b += error
        return w, b

    def train_perceptron(X, y, max_epochs):
        w, b, mistakes = np.zeros(X.shape[1]), np.zeros(()), np.zeros(max_epochs, int)
        for epoch in range(max_epochs):
            for i in range(X.shape[0]):
                error = y[i] - float(X[i] @ w + b > 0)
                w += error * X[i]
                b += error
                mistakes[epoch] += error != 0
            if mistakes[epoch] == 0:
                break
        return w, b, mistakes[:epoch + 1]

    def train_classes(X, y, num_classes, max_epochs):
        W, b, mistakes = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
        for _ in range(max_epochs):
            count = 0
            for x, label in zip(X, y):
                fires = W @ x + b > 0
                missed, false = ~fires[label], fires.copy()
                false[label] = False
                if missed:
                    W[label] += x
                    b[label] += 1
                W[false] -= x
                b[false] -= 1
                count += missed + false.sum()
            mistakes.append(count)
            if count == 0:
                break
        return W, b, mistakes

    return locals()


def _appended_one_for_classes():
    def train_classes(X, y, num_classes, max_epochs):
        X1 = np.c_[X, np.ones(len(X))]
        theta, mistakes = np.zeros((X1.shape[1], num_classes)), []
        targets = (y[:, None] == np.arange(num_classes)) * 1
        for _ in range(max_epochs):
            errors = []
            for x, t in zip(X1, targets):
                errors.append(t - (x @ theta > 0))
                theta = theta + x[:, None] * errors[-1]
            mistakes.append(np.count_nonzero(errors))
            if mistakes[-1] == 0:
                break
        return theta[:-1].T, theta[-1], mistakes

    def predict_classes(X, W, b):
        return (np.c_[X, np.ones(len(X))] @ np.c_[W, b].T).argmax(1)

    return locals()


def _other_algebra():
    def unit(X, w, b):
        return np.clip(np.ceil(X @ w + b), 0, 1)

    def xor(X):
        a, b = np.asarray(X, float).T
        return a + b - 2 * a * b

    def perceptron_update(w, b, x, y):
        z = np.add.reduce(np.multiply(w, x)) + b
        miss = (y > 0.5) * (z <= 0) * 1.0 - (y < 0.5) * (z > 0) * 1.0
        return w + np.multiply(x, miss), b + miss

    def predict_classes(X, W, b):
        scores = np.tensordot(X, W, axes=(1, 1)) + b[np.newaxis]
        return np.argmin(-scores, axis=1)

    return locals()


def _sorting():
    def predict_classes(X, W, b):
        return np.argsort(-(X @ W.T + b), axis=1, kind="stable")[:, 0]

    def xor(X):
        return [len(set(row)) - 1 for row in np.asarray(X).tolist()]

    return locals()


def _running_best():
    def predict_classes(X, W, b):
        best = np.full(len(X), -np.inf)
        classes = np.zeros(len(X), int)
        for c in range(len(W)):
            scores = X @ W[c] + b[c]
            classes[scores > best] = c
            best = np.maximum(best, scores)
        return classes

    def xor(X):
        result = np.zeros(len(X))
        for i in range(len(X)):
            match tuple(X[i]):
                case (0, 1) | (1, 0):
                    result[i] = 1
        return result

    return locals()


def _comparing_first_where():
    def predict_classes(X, W, b):
        scores = X @ W.T + b
        return [int(np.where(row == row.max())[0][0]) for row in scores]

    def unit(X, w, b):
        z = np.asarray(np.matmul(X, w)) + b
        z[z > 0] = 1
        z[z <= 0] = 0
        return z

    return locals()


def _bits():
    def xor(X):
        return np.bitwise_xor(*np.asarray(X).astype(int).T)

    def unit(X, w, b):
        return np.invert(X @ w + b <= 0)

    return locals()


def _modulo():
    return {"xor": lambda X: X.sum(axis=1) % 2}


def _nand_only():
    def nand(a, b):
        return np.where(-2 * a - 2 * b + 3 > 0, 1, 0)

    def xor(X):
        a, b = X[:, 0], X[:, 1]
        c = nand(a, b)
        return nand(nand(a, c), nand(b, c))

    return {"xor": xor}


def _hidden_matrix():
    def xor(X):
        hidden = (X @ np.array([[1, 1], [1, 1]]) + np.array([-0.5, -1.5]) > 0).astype(float)
        return (hidden @ np.array([1, -1]) - 0.5 > 0).astype(float)

    return {"xor": xor}


def _one_epoch_each():
    def train_perceptron(X, y, max_epochs):
        def epoch(state):
            w, b = state
            wrong = [0]
            for x, t in zip(X, y):
                new = reference.perceptron_update(w, b, x, t)
                wrong[0] += new[1] != b
                w, b = new
            return (w, b), wrong[0]

        state, mistakes = (np.zeros(X.shape[1]), 0.0), []
        for _ in range(max_epochs):
            state, count = epoch(state)
            mistakes.append(np.int64(count))
            if not count:
                break
        return (*state, mistakes)

    return {"train_perceptron": train_perceptron}


def _flat_loop():
    def train_perceptron(X, y, max_epochs):
        w, b, mistakes = np.zeros(X.shape[1]), 0, []
        for step in range(max_epochs * len(X)):
            i = step % len(X)
            if i == 0:
                if mistakes and mistakes[-1] == 0:
                    break
                mistakes.append(0)
            error = int(y[i]) - int(w @ X[i] > -b)
            if error:
                w, b = w + error * X[i], b + error
                mistakes[-1] += 1
        return w, b, mistakes

    return {"train_perceptron": train_perceptron}


def _only_when_wrong():
    def perceptron_update(w, b, x, y):
        prediction = 0
        if np.sum(w * x) + b > 0:
            prediction = 1
        if prediction == y:
            return w, b
        elif y == 1:
            return w + x, b + 1
        else:
            return w - x, b - 1

    return {"perceptron_update": perceptron_update}


def _one_class_after_another():
    def train_classes(X, y, num_classes, max_epochs):
        results = [reference.train_perceptron(X, np.where(y == c, 1, 0), max_epochs)
                   for c in range(num_classes)]
        counts = itertools.zip_longest(*(mistakes for _, _, mistakes in results), fillvalue=0)
        return (np.vstack([w for w, _, _ in results]), np.hstack([b for _, b, _ in results]),
                list(map(sum, counts)))

    return {"train_classes": train_classes}


def _with_its_own_updates():
    def train_classes(X, y, num_classes, max_epochs):
        units = {c: (np.zeros(X.shape[1]), 0.0) for c in range(num_classes)}
        history = []
        for _ in range(max_epochs):
            history.append(0)
            for x, label in zip(X, y):
                for c, (w, b) in units.items():
                    units[c] = reference.perceptron_update(w, b, x, float(label == c))
                    history[-1] += int(units[c][1] != b)
            if history[-1] == 0:
                break
        return [units[c][0] for c in units], [units[c][1] for c in units], history

    return {"train_classes": train_classes}


def _array_without_axes():
    def perceptron_update(w, b, x, y):
        error = np.int8(y) - np.int8(np.einsum("i,i->", w, np.asarray(x, float)) + b > 0)
        return np.stack([w, error * x]).sum(axis=0), np.array(b + error)

    return {"perceptron_update": perceptron_update}


def _nearest_neighbours():
    def classify_digits(X_train, y_train, X_test):
        distances = ((X_test[:, None] - X_train[None]) ** 2).sum(axis=2)
        return y_train[distances.argmin(axis=1)]

    return {"classify_digits": classify_digits}


def _averaged_perceptron():
    def classify_digits(X_train, y_train, X_test):
        X1 = np.c_[X_train, np.ones(len(X_train))]
        W, total = np.zeros((10, X1.shape[1])), 0
        for _ in range(5):
            for x, label in zip(X1, y_train):
                W = W + np.outer((np.arange(10) == label) - 1.0 * (W @ x > 0), x)
                total = total + W
        return [int(c) for c in np.argmax(np.c_[X_test, np.ones(len(X_test))] @ total.T, axis=1)]

    return {"classify_digits": classify_digits}


def _least_squares():
    def classify_digits(X_train, y_train, X_test):
        A, B = (np.c_[X, np.ones(len(X))] for X in (X_train, X_test))
        W = np.linalg.solve(A.T @ A + np.eye(A.shape[1]), A.T @ np.eye(10)[y_train])
        return np.argmax(B @ W, axis=1).astype(float)

    return {"classify_digits": classify_digits}


def gate_with_small_room(name):
    """Gates whose sums come close to the threshold, the bias as an array of one number."""
    w, b = gate_otherwise(name)
    return np.array(w) / 100, np.array([float(b)]) / 100


def gate_by_rule(name):
    """Gates from each other: NAND is AND with all signs changed and the threshold moved."""
    if name == "NOT":
        return np.full(1, -2), 1
    if name == "NAND":
        w, b = gate_by_rule("AND")
        return -w, -b
    return np.full(2, 2, np.float32), {"AND": -3, "OR": -1}[name]


def gate_otherwise(name):
    """The same gates with other numbers, as lists and integers."""
    return {"NOT": ([-3], 2), "AND": ([5, 5], -9), "OR": ([2, 2], np.array(-1)),
            "NAND": ([-2, -2], 3.0)}[name]


RIGHT = {name: getattr(reference, name) for name in (
    "unit", "gate", "xor", "perceptron_update", "train_perceptron", "predict_classes",
    "train_classes", "classify_digits")}

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
    "gates with small room": RIGHT | {"gate": gate_with_small_room},
    "gates by a rule": RIGHT | {"gate": gate_by_rule},
    "recursion": RIGHT | _recursion(),
    "generators": RIGHT | _generators(),
    "callable objects": RIGHT | _callable_objects(),
    "partial": RIGHT | _partial(),
    "closures": RIGHT | _closures(),
    "float32 throughout": RIGHT | _float32_throughout(),
    "lists throughout": RIGHT | _lists_throughout(),
    "in place on copies": RIGHT | _in_place_on_copies(),
    "classes with an appended one": RIGHT | _appended_one_for_classes(),
    "other algebra": RIGHT | _other_algebra(),
    "sorting": RIGHT | _sorting(),
    "the best so far": RIGHT | _running_best(),
    "first where": RIGHT | _comparing_first_where(),
    "bits": RIGHT | _bits(),
    "modulo": RIGHT | _modulo(),
    "NAND only": RIGHT | _nand_only(),
    "a hidden matrix": RIGHT | _hidden_matrix(),
    "an inner function for an epoch": RIGHT | _one_epoch_each(),
    "one flat loop": RIGHT | _flat_loop(),
    "only when wrong": RIGHT | _only_when_wrong(),
    "one class after another": RIGHT | _one_class_after_another(),
    "units in a dict": RIGHT | _with_its_own_updates(),
    "bias as an array without axes": RIGHT | _array_without_axes(),
    "nearest neighbours": RIGHT | _nearest_neighbours(),
    "averaged perceptron": RIGHT | _averaged_perceptron(),
    "least squares": RIGHT | _least_squares(),
}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_digits": "its numbers are the student's choice: what reaches the accuracy is right",
    "gate": "many weights make the same gate",
}
EQUIVALENT = {}
