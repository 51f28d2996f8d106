"""Right answers in other styles: each must get full marks."""

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


VARIANTS = {"reference": RIGHT, "loops": _loops(), "einsum": _einsum(), "masks": _masks(),
            "products": _products(), "halves": _halves(), "one function": _one_function(),
            "columns": _columns(), "appended one": _appended_one(),
            "single precision": _single_precision(), "lists of layers": _lists_of_layers(),
            "library log-sum-exp": _library_log_sum_exp(),
            "in-place training": _in_place_training(), "other draws": _other_draws(),
            "momentum on the plane": _momentum_on_the_plane()}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_plane": "its numbers are the student's choice: what reaches the accuracy is right",
}
EQUIVALENT = {
    "relu_backward: `np.asarray(Z)` to `Z`": "a comparison with an array gives an array",
    "two_layer_loss: `('W1', 'W2')` to `('W2', 'W1')`": "the order of the two layers in a sum",
}
