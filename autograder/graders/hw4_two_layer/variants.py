"""Right answers in other styles: each must get full marks."""

import collections
import functools
import itertools
import math
import random
import statistics

import numpy as np

from autograder.graders.hw4_two_layer import reference

NAMES = ("affine_forward", "affine_backward", "relu_forward", "relu_backward",
         "softmax_cross_entropy", "two_layer_loss", "init_params", "predict_two_layer",
         "train_two_layer", "classify_plane")
RIGHT = {name: getattr(reference, name) for name in NAMES}


def _named(*functions):
    return RIGHT | {function.__name__: function for function in functions}


def _loops():
    def affine_forward(X, W, b):
        out = np.zeros((len(X), len(W)))
        for n in range(len(X)):
            for h in range(len(W)):
                out[n, h] = sum(X[n, d] * W[h, d] for d in range(W.shape[1])) + b[h]
        return out

    def affine_backward(dout, X, W):
        dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))
        for n in range(len(X)):
            for h in range(len(W)):
                dX[n] += dout[n, h] * W[h]
                dW[h] += dout[n, h] * X[n]
                db[h] += dout[n, h]
        return dX, dW, db

    def relu_forward(Z):
        return np.array([z if z > 0 else 0.0 for z in Z.ravel()]).reshape(Z.shape)

    def relu_backward(dH, Z):
        flat = [g if z > 0 else 0 for g, z in zip(dH.ravel(), Z.ravel())]
        return np.array(flat, dtype=float).reshape(Z.shape)

    def softmax_cross_entropy(scores, y):
        loss, dscores = 0.0, np.zeros(scores.shape)
        for n, row in enumerate(scores):
            row = row - max(row)
            total = sum(np.exp(s) for s in row)
            loss += np.log(total) - row[y[n]]
            for c, s in enumerate(row):
                dscores[n, c] = (np.exp(s) / total - (c == y[n])) / len(y)
        return loss / len(y), dscores

    return _named(affine_forward, affine_backward, relu_forward, relu_backward,
                  softmax_cross_entropy)


def _einsum():
    def affine_forward(X, W, b):
        return np.einsum("nd,hd->nh", X, W) + b

    def affine_backward(dout, X, W):
        return (np.einsum("nh,hd->nd", dout, W), np.einsum("nh,nd->hd", dout, X),
                np.einsum("nh->h", dout))

    def relu_backward(dH, Z):
        return np.einsum("...,...->...", dH, (Z > 0) * 1.0)

    return _named(affine_forward, affine_backward, relu_backward)


def _masks():
    def relu_forward(Z):
        out = Z.copy()
        out[out < 0] = 0
        return out

    def relu_backward(dH, Z):
        dZ = dH.copy()
        dZ[Z <= 0] = 0
        return dZ

    def softmax_cross_entropy(scores, y):
        N = scores.shape[0]
        shifted = scores - np.max(scores, axis=1, keepdims=True)
        log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        dscores = np.exp(log_probs)
        dscores[np.arange(N), y] -= 1
        dscores /= N
        return -np.sum(log_probs[np.arange(N), y]) / N, dscores

    return _named(relu_forward, relu_backward, softmax_cross_entropy)


def _products():
    def relu_forward(Z):
        return Z * (Z > 0)

    def relu_backward(dH, Z):
        return dH * (np.sign(Z) == 1)

    def softmax_cross_entropy(scores, y):
        Y = np.eye(scores.shape[1])[y]
        top = scores.max(1)[:, None]
        lse = top + np.log(np.exp(scores - top).sum(1))[:, None]
        return np.mean(np.sum(Y * (lse - scores), axis=1)), (np.exp(scores - lse) - Y) / len(Y)

    return _named(relu_forward, relu_backward, softmax_cross_entropy)


def _halves():
    def relu_forward(Z):
        return (Z + np.abs(Z)) / 2

    def relu_backward(dH, Z):
        return np.where(np.maximum(Z, 0) == 0, 0, dH)

    return _named(relu_forward, relu_backward)


def _one_function():
    """The network without the layers' functions, mask from the hidden units."""
    def two_layer_loss(params, X, y=None, reg=0.0):
        W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
        hidden = np.maximum(0, X.dot(W1.T) + b1)
        scores = hidden.dot(W2.T) + b2
        if y is None:
            return scores
        N = X.shape[0]
        scores = scores - scores.max(axis=1).reshape(-1, 1)
        sums = np.exp(scores).sum(axis=1).reshape(N, 1)
        loss = (np.log(sums)[:, 0] - scores[range(N), y]).sum() / N
        loss += 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
        d = np.exp(scores) / sums
        d[range(N), y] -= 1
        d /= N
        grads = {"W2": d.T.dot(hidden) + reg * W2, "b2": np.sum(d, axis=0)}
        back = d.dot(W2)
        back[hidden == 0] = 0
        grads["W1"] = back.T.dot(X) + reg * W1
        grads["b1"] = np.sum(back, axis=0)
        return loss, grads

    return _named(two_layer_loss)


def _columns():
    """Examples as columns inside."""
    def two_layer_loss(params, X, y=None, reg=0.0):
        A = X.T
        Z = params["W1"] @ A + params["b1"][:, None]
        H = np.where(Z > 0, Z, 0)
        S = params["W2"] @ H + params["b2"][:, None]
        if y is None:
            return S.T
        loss, dS = reference.softmax_cross_entropy(S.T, y)
        dS = dS.T
        dZ = (params["W2"].T @ dS) * (Z > 0)
        for name in ("W1", "W2"):
            loss = loss + reg * np.linalg.norm(params[name]) ** 2 / 2
        return loss, {"W1": dZ @ A.T + reg * params["W1"], "b1": dZ.sum(1),
                      "W2": dS @ H.T + reg * params["W2"], "b2": dS.sum(1)}

    return _named(two_layer_loss)


def _appended_one():
    def affine_forward(X, W, b):
        return np.column_stack([X, np.ones(len(X))]) @ np.column_stack([W, b]).T

    def affine_backward(dout, X, W):
        dTheta = dout.T @ np.column_stack([X, np.ones(len(X))])
        return dout @ W, dTheta[:, :-1], dTheta[:, -1]

    return _named(affine_forward, affine_backward)


def _single_precision():
    def affine_forward(X, W, b):
        return np.float32(X) @ np.float32(W).T + np.float32(b)

    def affine_backward(dout, X, W):
        dout, X, W = np.float32(dout), np.float32(X), np.float32(W)
        return dout @ W, dout.T @ X, dout.sum(axis=0)

    def softmax_cross_entropy(scores, y):
        s = np.float32(scores) - np.float32(scores).max(axis=1, keepdims=True)
        logs = s - np.log(np.exp(s).sum(axis=1, keepdims=True, dtype=np.float32))
        Y = np.eye(s.shape[1], dtype=np.float32)[y]
        return -np.mean(np.sum(logs * Y, axis=1)), (np.exp(logs) - Y) / np.float32(len(y))

    def two_layer_loss(params, X, y=None, reg=0.0):
        W1, W2 = np.float32(params["W1"]), np.float32(params["W2"])
        Z = affine_forward(X, W1, params["b1"])
        H = np.maximum(Z, 0)
        S = affine_forward(H, W2, params["b2"])
        if y is None:
            return S
        loss, dS = softmax_cross_entropy(S, y)
        dH, dW2, db2 = affine_backward(dS, H, W2)
        _, dW1, db1 = affine_backward(dH * (Z > 0), X, W1)
        loss = loss + np.float32(0.5 * reg) * (np.sum(W1 * W1) + np.sum(W2 * W2))
        return loss, {"W1": dW1 + np.float32(reg) * W1, "b1": db1,
                      "W2": dW2 + np.float32(reg) * W2, "b2": db2}

    return _named(affine_forward, affine_backward, softmax_cross_entropy, two_layer_loss)


def _lists_of_layers():
    """A class of layers inside, which keep what they need."""
    class Affine:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, X):
            self.X = X
            return X @ self.W.T + self.b

        def backward(self, dout):
            self.dW, self.db = dout.T @ self.X, dout.sum(0)
            return dout @ self.W

    class Rectifier:
        def forward(self, Z):
            self.on = Z > 0
            return Z * self.on

        def backward(self, dH):
            return dH * self.on

    def two_layer_loss(params, X, y=None, reg=0.0):
        layers = [Affine(params["W1"], params["b1"]), Rectifier(),
                  Affine(params["W2"], params["b2"])]
        for layer in layers:
            X = layer.forward(X)
        if y is None:
            return X
        loss, d = reference.softmax_cross_entropy(X, y)
        for layer in reversed(layers):
            d = layer.backward(d)
        loss += reg / 2 * sum((params[k] ** 2).sum() for k in ("W1", "W2"))
        return [loss, {"b2": layers[2].db, "W2": layers[2].dW + reg * params["W2"],
                       "b1": layers[0].db, "W1": layers[0].dW + reg * params["W1"]}]

    return _named(two_layer_loss)


def _library_log_sum_exp():
    def softmax_cross_entropy(scores, y):
        lse = np.logaddexp.reduce(scores, axis=1)
        true = np.take_along_axis(scores, y.astype(int)[:, None], axis=1)[:, 0]
        dscores = np.exp(scores - lse[:, None])
        np.add.at(dscores, (np.arange(len(y)), y), -1)
        return np.average(lse - true), dscores / len(y)

    def predict_two_layer(params, X):
        return [int(np.argmax(row)) for row in reference.two_layer_loss(params, X)]

    return _named(softmax_cross_entropy, predict_two_layer)


def _in_place_training():
    """A copy of the parameters, moved in place; its own shuffling."""
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        params = {name: np.array(value, dtype=float) for name, value in params.items()}
        losses, accuracies = [], []
        for epoch in range(len(rates)):
            order = np.arange(len(y))
            rng.shuffle(order)
            for first in range(0, len(order), batch_size):
                rows = order[first:first + batch_size]
                loss, grads = reference.two_layer_loss(params, X[rows], y[rows], reg)
                losses.append(float(loss))
                for name in grads:
                    params[name] -= rates[epoch] * grads[name]
            hits = reference.predict_two_layer(params, X_val) == y_val
            accuracies.append(hits.sum() / len(hits))
        return params, np.array(losses), np.array(accuracies)

    def init_params(num_features, num_hidden, num_classes, rng):
        W1 = rng.standard_normal((num_hidden, num_features)) * (2 / num_features) ** 0.5
        W2 = rng.standard_normal((num_classes, num_hidden)) * (2 / num_hidden) ** 0.5
        return dict(W1=W1, b1=np.zeros(num_hidden), W2=W2, b2=np.zeros(num_classes))

    return _named(train_two_layer, init_params)


def _other_draws():
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        losses, accuracies = [], []
        for lr in rates:
            order = rng.choice(len(X), len(X), replace=False)
            print("rate", lr)
            for rows in np.array_split(order, range(batch_size, len(X), batch_size)):
                value, g = reference.two_layer_loss(params, X[rows], y[rows], reg)
                params = {"W1": params["W1"] - lr * g["W1"], "b1": params["b1"] - lr * g["b1"],
                          "W2": params["W2"] - lr * g["W2"], "b2": params["b2"] - lr * g["b2"]}
                losses = losses + [value]
            accuracies = accuracies + [
                (reference.predict_two_layer(params, X_val) == y_val).mean()]
        return params, losses, accuracies

    def init_params(num_features, num_hidden, num_classes, rng):
        return {"b2": np.zeros(num_classes), "b1": np.zeros(num_hidden),
                "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_classes, num_hidden)),
                "W1": rng.normal(0, np.sqrt(2 / num_features), (num_features, num_hidden)).T}

    return _named(train_two_layer, init_params)


def _momentum_on_the_plane():
    """Training of its own for the spirals: momentum is nobody's business there."""
    def classify_plane(X_train, y_train, X_test):
        rng = np.random.default_rng(1)
        params = reference.init_params(2, 100, int(np.max(y_train)) + 1, rng)
        velocity = {name: 0.0 for name in params}
        for _ in range(1500):
            _, grads = reference.two_layer_loss(params, X_train, y_train, 1e-4)
            for name in params:
                velocity[name] = 0.9 * velocity[name] + grads[name]
                params[name] = params[name] - 0.1 * velocity[name]
        return reference.predict_two_layer(params, X_test).tolist()

    return _named(classify_plane)


def _recursion():
    def affine_forward(X, W, b):
        if len(X) == 1:
            return (W @ X[0] + b)[None]
        half = len(X) // 2
        return np.concatenate([affine_forward(X[:half], W, b), affine_forward(X[half:], W, b)])

    def affine_backward(dout, X, W):
        if len(X) == 1:
            return dout @ W, np.outer(dout[0], X[0]), dout[0]
        (dX, dW, db), (dX2, dW2, db2) = (affine_backward(dout[:1], X[:1], W),
                                         affine_backward(dout[1:], X[1:], W))
        return np.vstack([dX, dX2]), dW + dW2, db + db2

    def relu_forward(Z):
        if np.ndim(Z) == 0:
            return max(0.0, float(Z))
        return np.array([relu_forward(z) for z in Z])

    def relu_backward(dH, Z):
        if np.ndim(Z) == 0:
            return float(dH) if Z > 0 else 0.0
        return np.array([relu_backward(g, z) for g, z in zip(dH, Z)])

    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        if len(rates) == 0:
            return params, [], []
        losses, order = [], rng.permutation(len(X))
        while len(order):
            now, order = order[:batch_size], order[batch_size:]
            loss, grads = reference.two_layer_loss(params, X[now], y[now], reg)
            losses.append(loss)
            params = {k: params[k] - rates[0] * grads[k] for k in params}
        right = float(np.mean(reference.predict_two_layer(params, X_val) == y_val))
        params, more, later = train_two_layer(params, X, y, X_val, y_val, reg, batch_size,
                                              rates[1:], rng)
        return params, losses + more, [right, *later]

    return _named(affine_forward, affine_backward, relu_forward, relu_backward, train_two_layer)


def _nested_lists():
    """Lists come back, and numbers of Python."""
    def listed(function):
        @functools.wraps(function)
        def run(*args, **kwargs):
            return as_lists(function(*args, **kwargs))
        return run

    def as_lists(value):
        if isinstance(value, dict):
            return {key: as_lists(item) for key, item in value.items()}
        if isinstance(value, (tuple, list)):
            return [as_lists(item) for item in value]
        return np.asarray(value).tolist()

    return RIGHT | {name: listed(RIGHT[name]) for name in NAMES if name != "classify_plane"}


def _callable_objects():
    class Layer:
        def __init__(self, name):
            self.__name__, self.calls = name, 0

        def __call__(self, *args, **kwargs):
            self.calls += 1
            return RIGHT[self.__name__](*args, **kwargs)

    return RIGHT | {name: Layer(name) for name in NAMES if name != "classify_plane"}


def _partial():
    def kept(function):
        return functools.update_wrapper(functools.partial(function), function)

    def two_layer_loss(strength, params, X, y=None, reg=0.0):
        return reference.two_layer_loss(params, X, y, strength * reg)

    network = functools.update_wrapper(functools.partial(two_layer_loss, 1.0), two_layer_loss)
    return RIGHT | {name: kept(RIGHT[name]) for name in ("affine_forward", "relu_backward",
                                                         "predict_two_layer", "init_params")} | {
        "two_layer_loss": network}


def _plain_python():
    """No arrays inside."""
    def softmax_cross_entropy(scores, y):
        losses, rows = [], []
        for row, label in zip(np.asarray(scores).tolist(), np.asarray(y).tolist()):
            top = max(row)
            total = math.fsum(math.exp(s - top) for s in row)
            losses.append(math.log(total) + top - row[label])
            rows.append([(math.exp(s - top) / total - (c == label)) / len(y)
                         for c, s in enumerate(row)])
        return math.fsum(losses) / len(losses), rows

    def predict_two_layer(params, X):
        W1, b1, W2, b2 = (params[k].tolist() for k in ("W1", "b1", "W2", "b2"))
        classes = []
        for x in X.tolist():
            hidden = [max(0.0, sum(w * v for w, v in zip(row, x)) + b) for row, b in zip(W1, b1)]
            scores = [sum(w * h for w, h in zip(row, hidden)) + b for row, b in zip(W2, b2)]
            classes.append(scores.index(max(scores)))
        return classes

    def init_params(num_features, num_hidden, num_classes, rng):
        other = random.Random(int(rng.integers(2**60)))

        def draw(rows, columns):
            return [[other.gauss(0, math.sqrt(2 / columns)) for _ in range(columns)]
                    for _ in range(rows)]

        return {"W1": draw(num_hidden, num_features), "b1": [0] * num_hidden,
                "W2": draw(num_classes, num_hidden), "b2": [0] * num_classes}

    return _named(softmax_cross_entropy, predict_two_layer, init_params)


def _one_example_at_a_time():
    def two_layer_loss(params, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (np.array(params[k], float) for k in ("W1", "b1", "W2", "b2"))
        if y is None:
            return np.array([W2 @ np.maximum(W1 @ x + b1, 0) + b2 for x in X])
        total, grads = 0.0, {"W1": reg * W1, "b1": 0 * b1, "W2": reg * W2, "b2": 0 * b2}
        for x, label in zip(X, y):
            z = W1 @ x + b1
            a = np.maximum(z, 0)
            s = W2 @ a + b2
            p = np.exp(s - s.max())
            total += np.log(p.sum()) + s.max() - s[label]
            d = p / p.sum()
            d[label] -= 1
            d = d / len(X)
            back = (d @ W2) * (z > 0)
            for name, step in (("W2", np.outer(d, a)), ("b2", d), ("W1", np.outer(back, x)),
                               ("b1", back)):
                grads[name] = grads[name] + step
        squares = sum((params[k].astype(float) ** 2).sum() for k in ("W1", "W2"))
        return total / len(X) + reg * squares / 2, grads

    return _named(two_layer_loss)


def _tape():
    """Reverse mode by closures on a tape."""
    def two_layer_loss(params, X, y=None, reg=0.0):
        tape, grads = [], {}

        def affine(A, k):
            W, b = params["W" + k], params["b" + k]

            def back(d):
                grads["W" + k], grads["b" + k] = d.T @ A + reg * W, d.sum(0)
                return d @ W
            tape.append(back)
            return A @ W.T + b

        def rectify(A):
            tape.append(lambda d: np.where(A > 0, d, 0))
            return np.fmax(A, 0)

        scores = affine(rectify(affine(X, "1")), "2")
        if y is None:
            return scores
        loss, d = reference.softmax_cross_entropy(scores, y)
        while tape:
            d = tape.pop()(d)
        return loss + 0.5 * reg * sum(np.vdot(params[k], params[k]) for k in ("W1", "W2")), grads

    return _named(two_layer_loss)


def _biases_in_the_matrix():
    def two_layer_loss(params, X, y=None, reg=0.0):
        T1 = np.c_[params["W1"], params["b1"]].astype(float)
        T2 = np.c_[params["W2"], params["b2"]].astype(float)
        A0 = np.c_[X, np.ones(len(X))]
        A1 = np.c_[np.clip(A0 @ T1.T, 0, None), np.ones(len(X))]
        scores = A1 @ T2.T
        if y is None:
            return scores
        loss, d = reference.softmax_cross_entropy(scores, y)
        weights = [T * (np.arange(T.shape[1]) < T.shape[1] - 1) for T in (T1, T2)]
        G2 = d.T @ A1 + reg * weights[1]
        G1 = ((d @ T2)[:, :-1] * (A1[:, :-1] > 0)).T @ A0 + reg * weights[0]
        loss += reg / 2 * sum(np.trace(T @ T.T) for T in weights)
        return loss, collections.OrderedDict(W2=G2[:, :-1], b2=G2[:, -1], W1=G1[:, :-1],
                                             b1=G1[:, -1])

    return _named(two_layer_loss)


def _numpy_corners():
    def relu_forward(Z):
        return np.clip(Z, 0, None)

    def relu_backward(dH, Z):
        return np.multiply(dH, np.heaviside(Z, 0.0))

    def affine_forward(X, W, b):
        return np.tensordot(X, W, axes=(1, 1)) + b[None, :]

    def affine_backward(dout, X, W):
        return (np.inner(dout, W.T), np.matmul(X.T, dout).T, np.ones(len(dout)) @ dout)

    def softmax_cross_entropy(scores, y):
        lifted = scores[:, None, :] - scores[:, :, None]  # s_k - s_c
        with np.errstate(over="ignore"):
            probs = 1 / np.exp(lifted).sum(axis=2)
        top = scores.max(axis=1)
        losses = top - scores[range(len(y)), y] + np.log(
            np.exp(scores - top[:, None]).sum(axis=1))
        Y = (np.arange(scores.shape[1]) == np.asarray(y)[:, None]).astype(float)
        return losses.mean(), (probs - Y) / len(y)

    def predict_two_layer(params, X):
        scores = reference.two_layer_loss(params, X)
        return np.argsort(-scores, axis=1, kind="stable")[:, 0].astype(np.uint8)

    return _named(relu_forward, relu_backward, affine_forward, affine_backward,
                  softmax_cross_entropy, predict_two_layer)


def _in_place_on_copies():
    def relu_forward(Z):
        out = np.array(Z, dtype=float)
        np.maximum(out, 0, out=out)
        return out

    def relu_backward(dH, Z):
        d = np.array(dH, dtype=float, order="C")
        np.putmask(d, np.less_equal(Z, 0), 0)
        return d

    def softmax_cross_entropy(scores, y):
        s = np.array(scores, dtype=float)
        s -= s.max(axis=1, keepdims=True)
        loss = -s[np.arange(len(s)), y].sum()
        np.exp(s, out=s)
        sums = s.sum(axis=1, keepdims=True)
        loss += np.log(sums).sum()
        s /= sums
        np.subtract.at(s, (np.arange(len(s)), np.asarray(y, int)), 1)
        s /= len(s)
        return loss / len(s), s

    return _named(relu_forward, relu_backward, softmax_cross_entropy)


def _generators():
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        state = {"params": dict(params)}

        def steps(lr):
            order = iter(rng.permutation(len(X)).tolist())
            while rows := list(itertools.islice(order, batch_size)):
                loss, grads = reference.two_layer_loss(state["params"], X[rows], y[rows], reg)
                state["params"] = {k: v - lr * grads[k] for k, v in state["params"].items()}
                yield loss

        losses, accuracies = [], []
        for lr in rates:
            losses.extend(steps(lr))
            hits = [a == b for a, b in zip(reference.predict_two_layer(state["params"], X_val),
                                           y_val)]
            accuracies.append(sum(hits) / len(hits))
        return state["params"], losses, tuple(accuracies)

    def init_params(num_features, num_hidden, num_classes, rng):
        normal = statistics.NormalDist()

        def draw(rows, columns):
            uniform = rng.random((rows, columns)) * (1 - 1e-12) + 1e-13
            return np.sqrt(2 / columns) * np.vectorize(normal.inv_cdf)(uniform)

        return {"W1": draw(num_hidden, num_features), "b1": np.zeros(num_hidden),
                "W2": draw(num_classes, num_hidden), "b2": np.zeros(num_classes)}

    return _named(train_two_layer, init_params)


def _child_generators():
    """Generators of their own, seeded from the given one."""
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        own = np.random.RandomState(rng.integers(2**31))
        losses, accuracies = np.zeros(0), np.zeros(0)
        for lr in rates:
            rows = sorted(range(len(X)), key=lambda n: own.rand())
            for k in range(-(-len(X) // batch_size)):
                now = rows[k * batch_size:(k + 1) * batch_size]
                loss, grads = reference.two_layer_loss(params, X[now], y[now], reg)
                losses = np.append(losses, loss)
                params = {name: params[name] - lr * grads[name] for name in grads}
            accuracies = np.append(accuracies, np.count_nonzero(
                reference.predict_two_layer(params, X_val) == y_val) / len(y_val))
        return params, losses, accuracies

    def init_params(num_features, num_hidden, num_classes, rng):
        own = np.random.default_rng(rng.integers(2**63))
        sizes = (num_hidden, num_features), (num_classes, num_hidden)
        long = own.standard_normal(sum(map(math.prod, sizes)))
        first = long[:math.prod(sizes[0])].reshape(sizes[0])
        second = long[math.prod(sizes[0]):].reshape(sizes[1])
        return {"W1": first * np.sqrt(2 / num_features), "W2": second * np.sqrt(2 / num_hidden),
                "b1": np.zeros(num_hidden, np.float32), "b2": np.zeros(num_classes, int)}

    return _named(train_two_layer, init_params)


def _single_precision_throughout():
    """Parameters, losses and accuracies in float32."""
    network = _single_precision()["two_layer_loss"]

    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        params = {name: value.astype(np.float32) for name, value in params.items()}
        X, X_val = X.astype(np.float32), X_val.astype(np.float32)
        losses, accuracies = [], []
        for lr in np.asarray(rates, np.float32):
            order = np.argsort(rng.random(len(X)))
            for first in range(0, len(X), batch_size):
                rows = order[first:first + batch_size]
                loss, grads = network(params, X[rows], y[rows], reg)
                losses.append(np.float32(loss))
                params = {name: params[name] - lr * grads[name] for name in params}
            right = np.argmax(network(params, X_val), axis=1) == y_val
            accuracies.append(np.mean(right, dtype=np.float32))
        return params, np.array(losses), np.array(accuracies)

    def init_params(num_features, num_hidden, num_classes, rng):
        def draw(rows, columns):
            return rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(
                np.sqrt(2 / columns))

        return {"W1": draw(num_hidden, num_features), "b1": np.zeros(num_hidden, np.float32),
                "W2": draw(num_classes, num_hidden), "b2": np.zeros(num_classes, np.float32)}

    def predict_two_layer(params, X):
        return np.argmax(network(params, X), axis=1)

    return _named(train_two_layer, init_params, predict_two_layer)


def _one_long_vector():
    """All parameters in one vector while training, examples shuffled as copies."""
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        shapes = {name: np.shape(value) for name, value in params.items()}
        theta = np.concatenate([np.ravel(params[name]) for name in shapes]).astype(float)

        def unpacked():
            cuts = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
            return {name: piece.reshape(shapes[name])
                    for name, piece in zip(shapes, np.split(theta, cuts))}

        losses, accuracies = [], []
        for epoch in range(len(rates)):
            order = list(range(len(X)))
            rng.shuffle(order)
            X_now, y_now = X[order].copy(), y[order].copy()
            for k in range(math.ceil(len(X) / batch_size)):
                rows = slice(k * batch_size, min((k + 1) * batch_size, len(X)))
                loss, grads = reference.two_layer_loss(unpacked(), X_now[rows], y_now[rows], reg)
                losses.append(loss)
                theta = theta - rates[epoch] * np.concatenate(
                    [np.ravel(grads[name]) for name in shapes])
            guesses = np.array([reference.predict_two_layer(unpacked(), x[None])[0]
                                for x in X_val])
            accuracies.append(1 - np.mean(guesses != y_val))
        return unpacked(), losses, accuracies

    return _named(train_two_layer)


def _all_runs_of_the_network():
    """Training and prediction that compute the network themselves."""
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        W1, b1, W2, b2 = (np.array(params[k], float) for k in ("W1", "b1", "W2", "b2"))
        losses, accuracies = [], []
        for lr in rates:
            left = np.arange(len(X))
            while left.size:
                rows = rng.choice(left, size=min(batch_size, left.size), replace=False)
                left = np.setdiff1d(left, rows)
                A0 = X[rows]
                A1 = np.maximum(A0 @ W1.T + b1, 0)
                loss, d = reference.softmax_cross_entropy(A1 @ W2.T + b2, y[rows])
                losses.append(loss + 0.5 * reg * ((W1**2).sum() + (W2**2).sum()))
                back = d @ W2 * (A1 > 0)
                W2, b2 = W2 - lr * (d.T @ A1 + reg * W2), b2 - lr * d.sum(0)
                W1, b1 = W1 - lr * (back.T @ A0 + reg * W1), b1 - lr * back.sum(0)
            scores = np.maximum(X_val @ W1.T + b1, 0) @ W2.T + b2
            accuracies.append(np.mean(scores.argmax(1) == y_val))
        return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, losses, accuracies

    def predict_two_layer(params, X):
        scores = np.maximum(X @ params["W1"].T + params["b1"], 0) @ params["W2"].T + params["b2"]
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs = shifted / shifted.sum(axis=1, keepdims=True)
        return [max(range(len(p)), key=p.__getitem__) for p in probs]

    return _named(train_two_layer, predict_two_layer)


def _standardised_plane():
    """Points scaled, labels as they come in a list."""
    def classify_plane(X_train, y_train, X_test):
        rng = np.random.default_rng(7)
        mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
        X, X_new = (X_train - mean) / spread, (X_test - mean) / spread
        classes = np.unique(y_train)
        start = reference.init_params(2, 80, len(classes), rng)
        net, _, _ = reference.train_two_layer(start, X, np.searchsorted(classes, y_train), X[:1],
                                              y_train[:1], 0.0, 32, np.full(120, 0.4), rng)
        return list(classes[reference.predict_two_layer(net, X_new)])

    return _named(classify_plane)


VARIANTS = {"reference": RIGHT, "loops": _loops(), "einsum": _einsum(), "masks": _masks(),
            "products": _products(), "halves": _halves(), "one function": _one_function(),
            "columns": _columns(), "appended one": _appended_one(),
            "single precision": _single_precision(), "lists of layers": _lists_of_layers(),
            "library log-sum-exp": _library_log_sum_exp(),
            "in-place training": _in_place_training(), "other draws": _other_draws(),
            "momentum on the plane": _momentum_on_the_plane(), "recursion": _recursion(),
            "nested lists": _nested_lists(), "callable objects": _callable_objects(),
            "partial": _partial(), "plain Python": _plain_python(),
            "one example at a time": _one_example_at_a_time(), "tape": _tape(),
            "biases in the matrix": _biases_in_the_matrix(), "NumPy's corners": _numpy_corners(),
            "in place on copies": _in_place_on_copies(), "generators": _generators(),
            "child generators": _child_generators(),
            "single precision throughout": _single_precision_throughout(),
            "one long vector": _one_long_vector(),
            "network of its own": _all_runs_of_the_network(),
            "standardised plane": _standardised_plane()}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_plane": "its numbers are the student's choice: what reaches the accuracy is right",
}
EQUIVALENT = {
    "relu_backward: `np.asarray(Z)` to `Z`": "a comparison with an array gives an array",
    "two_layer_loss: `('W1', 'W2')` to `('W2', 'W1')`": "the order of the two layers in a sum",
}
