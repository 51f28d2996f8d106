"""Right answers in other styles: each must get full marks."""

import math

import numpy as np

from autograder.graders.hw2_softmax import reference

NAMES = ("coin_log_likelihood", "softmax", "log_softmax", "cross_entropy", "score_gradient",
         "softmax_loss_loops", "softmax_loss", "predict", "train_softmax", "classify_digits")
RIGHT = {name: getattr(reference, name) for name in NAMES}


def _named(*functions):
    return RIGHT | {function.__name__: function for function in functions}


def _plain_python():
    def coin_log_likelihood(heads, tails, p):
        return [heads * math.log(q) + tails * math.log(1 - q) for q in p]

    def softmax(scores):
        rows = []
        for row in scores:
            top = max(row)
            exps = [math.exp(s - top) for s in row]
            rows.append([e / sum(exps) for e in exps])
        return rows

    def log_softmax(scores):
        rows = []
        for row in scores:
            top = max(row)
            rest = math.log(sum(math.exp(s - top) for s in row))
            rows.append([s - top - rest for s in row])
        return rows

    def cross_entropy(log_probs, y):
        total = 0.0
        for row, label in zip(log_probs, y):
            total -= row[int(label)]
        return total / len(y)

    def score_gradient(probs, y):
        return [[(p - (c == label)) / len(y) for c, p in enumerate(row)]
                for row, label in zip(probs, y)]

    def softmax_loss_loops(X, y, W, b, reg):
        N, C, D = len(X), len(W), len(W[0])
        scores = [[sum(X[n][d] * W[c][d] for d in range(D)) + b[c] for c in range(C)]
                  for n in range(N)]
        loss = cross_entropy(log_softmax(scores), y)
        dS = score_gradient(softmax(scores), y)
        dW = [[sum(dS[n][c] * X[n][d] for n in range(N)) + reg * W[c][d] for d in range(D)]
              for c in range(C)]
        db = [sum(dS[n][c] for n in range(N)) for c in range(C)]
        return loss + reg / 2 * sum(w * w for row in W for w in row), dW, db

    def predict(X, W, b):
        classes, confidence = [], []
        for x in X:
            scores = [float(np.dot(x, w) + c) for w, c in zip(W, b)]
            probs = softmax([scores])[0]
            classes.append(scores.index(max(scores)))
            confidence.append(probs[classes[-1]])
        return classes, confidence

    return _named(coin_log_likelihood, softmax, log_softmax, cross_entropy, score_gradient,
                  softmax_loss_loops, predict)


def _one_hot():
    def cross_entropy(log_probs, y):
        Y = np.eye(log_probs.shape[1])[y]
        return -np.sum(Y * log_probs) / len(Y)

    def score_gradient(probs, y):
        Y = (y[:, None] == np.arange(probs.shape[1])).astype(float)
        return (probs - Y) / probs.shape[0]

    def softmax_loss(X, y, W, b, reg):
        scores = np.dot(X, W.transpose()) + b.reshape(1, -1)
        Y = np.zeros_like(scores)
        Y[np.arange(X.shape[0]), y] = 1.0
        top = np.amax(scores, axis=1, keepdims=True)
        lse = top + np.log(np.sum(np.exp(scores - top), axis=1, keepdims=True))
        loss = np.mean(lse[:, 0] - np.sum(scores * Y, axis=1)) + reg * np.sum(np.square(W)) / 2
        dS = (np.exp(scores - lse) - Y) / X.shape[0]
        return loss, np.dot(dS.transpose(), X) + reg * W, np.dot(dS.transpose(), np.ones(len(X)))

    return _named(cross_entropy, score_gradient, softmax_loss)


def _columns():
    """Examples as columns inside, rows outside."""
    def softmax(scores):
        S = np.transpose(scores)
        E = np.exp(S - S.max(axis=0))
        return (E / E.sum(axis=0)).T

    def log_softmax(scores):
        S = np.transpose(scores)
        S = S - S.max(axis=0)
        return (S - np.log(np.exp(S).sum(axis=0))).T

    def softmax_loss(X, y, W, b, reg):
        S = W @ X.T + b[:, None]
        log_p = log_softmax(S.T).T
        loss = -log_p[y, np.arange(X.shape[0])].mean() + reg * (W ** 2).sum() / 2
        dS = np.exp(log_p)
        dS[y, np.arange(X.shape[0])] -= 1
        dS /= X.shape[0]
        return loss, dS @ X + reg * W, dS.sum(axis=1)

    def predict(X, W, b):
        S = W @ X.T + b[:, None]
        winners = S.argmax(axis=0)
        return winners, softmax(S.T)[np.arange(len(winners)), winners]

    return _named(softmax, log_softmax, softmax_loss, predict)


def _library_log_sum_exp():
    def log_softmax(scores):
        return scores - np.logaddexp.reduce(scores, axis=1)[:, None]

    def softmax(scores):
        return np.exp(log_softmax(scores))

    def coin_log_likelihood(heads, tails, p):
        return heads * np.log(p) + tails * np.log1p(-p)

    def cross_entropy(log_probs, y):
        return -np.take_along_axis(log_probs, y[:, None].astype(int), axis=1).mean()

    return _named(log_softmax, softmax, coin_log_likelihood, cross_entropy)


def _single_precision():
    def cast(function, *kinds):
        def run(*args):
            cut = [np.asarray(a, np.float32) if kind else a for a, kind in zip(args, kinds)]
            value = function(*cut)
            return np.asarray(value, np.float32)
        return run

    def softmax(scores):
        E = np.exp(np.float32(scores) - np.float32(scores).max(1, keepdims=True))
        return E / E.sum(1, keepdims=True, dtype=np.float32)

    def log_softmax(scores):
        shifted = np.float32(scores) - np.float32(scores).max(1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(1, keepdims=True, dtype=np.float32))

    return RIGHT | {"softmax": softmax, "log_softmax": log_softmax,
                    "score_gradient": cast(reference.score_gradient, True, False),
                    "cross_entropy": cast(reference.cross_entropy, True, False)}


def _appended_one():
    def softmax_loss(X, y, W, b, reg):
        theta = np.column_stack([W, b])  # (C, D+1)
        Z = np.column_stack([X, np.ones(len(X))])
        S = Z @ theta.T
        P = reference.softmax(S)
        loss = -reference.log_softmax(S)[range(len(y)), y].mean()
        P[range(len(y)), y] -= 1
        d = P.T @ Z / len(y)
        d[:, :-1] += reg * W
        return loss + reg / 2 * np.linalg.norm(W) ** 2, d[:, :-1], d[:, -1]

    def train_softmax(X, y, num_classes, lr, reg, steps):
        theta, losses = np.zeros((num_classes, X.shape[1] + 1)), []
        for _ in range(steps):
            loss, dW, db = softmax_loss(X, y, theta[:, :-1], theta[:, -1], reg)
            losses.append(loss)
            theta = theta - lr * np.column_stack([dW, db])
        return theta[:, :-1], theta[:, -1], np.array(losses)

    return _named(softmax_loss, train_softmax)


def _sums_of_products():
    def softmax_loss(X, y, W, b, reg):
        S = np.einsum("nd,cd->nc", X, W) + b
        loss = reference.cross_entropy(reference.log_softmax(S), y)
        G = reference.score_gradient(reference.softmax(S), y)
        dW = np.einsum("nc,nd->cd", G, X) + reg * W
        return np.float64(loss + 0.5 * reg * np.einsum("cd,cd->", W, W)), dW, G.sum(0)

    def softmax_loss_loops(X, y, W, b, reg):
        loss, dW, db = 0.0, reg * np.array(W), np.zeros(len(b))
        for n in range(len(X)):
            s = np.array([W[c] @ X[n] + b[c] for c in range(len(W))])
            loss += (np.logaddexp.reduce(s) - s[y[n]]) / len(X)
            g = reference.softmax(s[None])[0]
            for c in range(len(W)):
                part = (g[c] - (1 if c == y[n] else 0)) / len(X)
                dW[c] = dW[c] + part * X[n]
                db[c] += part
        return loss + 0.5 * reg * (W * W).sum(), dW, db

    return _named(softmax_loss, softmax_loss_loops)


def _in_place():
    """Arrays of its own, worked on in place; parameters moved with -=."""
    def softmax(scores):
        out = np.array(scores, dtype=float)
        out -= out.max(axis=1)[:, np.newaxis]
        np.exp(out, out=out)
        out /= out.sum(axis=1)[:, np.newaxis]
        return out

    def score_gradient(probs, y):
        out = np.array(probs, dtype=float)
        for n, label in enumerate(y):
            out[n, label] -= 1
        out /= len(out)
        return out

    def train_softmax(X, y, num_classes, lr, reg, steps):
        W, b = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes)
        losses = np.empty(steps)
        for step in range(steps):
            losses[step], dW, db = reference.softmax_loss(X, y, W, b, reg)
            W -= lr * dW
            b -= lr * db
        return W, b, losses

    def classify_digits(X_train, y_train, X_test):
        W, b, _ = train_softmax(X_train, y_train, 10, 0.5, 0.0, 300)
        return predict(X_test, W, b)[0].tolist()

    def predict(X, W, b):
        probs = softmax(X @ W.T + b)
        return (X @ W.T + b).argmax(1), np.max(probs, 1)

    return _named(softmax, score_gradient, train_softmax, classify_digits, predict)


VARIANTS = {"reference": RIGHT, "plain Python": _plain_python(), "one-hot": _one_hot(),
            "columns": _columns(), "library log-sum-exp": _library_log_sum_exp(),
            "single precision": _single_precision(), "appended one": _appended_one(),
            "sums of products": _sums_of_products(), "in place": _in_place()}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_digits": "its numbers are the student's choice: what reaches the accuracy is right",
}
EQUIVALENT = {}
