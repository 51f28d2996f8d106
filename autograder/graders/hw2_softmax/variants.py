"""Right answers in other styles: each must get full marks."""

import functools
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


def _nested_functions():
    """Functions in functions, recursion and `nonlocal`."""
    def coin_log_likelihood(heads, tails, p):
        total = 0

        def add(times, logarithm):
            nonlocal total
            total = total + times * logarithm

        add(heads, np.log(p))
        add(tails, np.log(1.0 - p))
        return total

    def softmax(scores):
        def one(row):
            shifted = row - max(row)
            return np.exp(shifted) / sum(np.exp(shifted))

        def rows(k):
            return [] if k == len(scores) else [one(scores[k]), *rows(k + 1)]
        return np.vstack(rows(0))

    def cross_entropy(log_probs, y):
        def total(k):
            return 0.0 if k == len(y) else total(k + 1) - log_probs[k][y[k]]
        return total(0) / len(y)

    def train_softmax(X, y, num_classes, lr, reg, steps):
        losses = []

        def descend(W, b, left):
            if left == 0:
                return W, b
            loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
            losses.append(loss)
            return descend(W - lr * dW, b - lr * db, left - 1)
        return (*descend(np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), steps), losses)

    return _named(coin_log_likelihood, softmax, cross_entropy, train_softmax)


def _generators():
    def softmax(scores):
        def rows():
            for row in scores:
                exps = np.exp(row - np.amax(row))
                yield exps / exps.sum()
        return np.array(list(rows()))

    def cross_entropy(log_probs, y):
        return sum(-row[label] for row, label in zip(log_probs, y)) / len(log_probs)

    def softmax_loss_loops(X, y, W, b, reg):
        def shares():
            for x, label in zip(X, y):
                s = W @ x + b
                g = np.exp(s - np.logaddexp.reduce(s))
                loss = np.logaddexp.reduce(s) - s[label]
                g[label] -= 1
                yield loss, np.outer(g, x), g
        losses, dWs, dbs = zip(*shares())
        return (np.mean(losses) + 0.5 * reg * (W**2).sum(), np.mean(dWs, axis=0) + reg * W,
                np.mean(dbs, axis=0))

    def train_softmax(X, y, num_classes, lr, reg, steps):
        def run():
            W, b = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes)
            for _ in range(steps):
                loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
                W, b = W - lr * dW, b - lr * db
                yield loss, W, b
        losses, weights, biases = zip(*run())
        return weights[-1], biases[-1], losses

    return _named(softmax, cross_entropy, softmax_loss_loops, train_softmax)


class _Callable:
    """An object that is called like a function."""

    def __init__(self, name, *steps):
        self.__name__, self.steps = name, steps

    def __call__(self, *args):
        value = self.steps[0](*args)
        for step in self.steps[1:]:
            value = step(value)
        return value


def _objects():
    def shift(scores):
        return scores - np.max(scores, axis=-1, keepdims=True)

    softmax = _Callable("softmax", shift, np.exp,
                        lambda exps: exps / np.sum(exps, axis=-1, keepdims=True))
    log_softmax = _Callable("log_softmax", shift, lambda z: z - np.log(
        np.sum(np.exp(z), axis=-1, keepdims=True)))
    score_gradient = functools.partial(
        lambda one, probs, y: (probs - one * np.eye(probs.shape[1])[y]) / len(y), 1.0)
    score_gradient.__name__ = "score_gradient"
    cross_entropy = _Callable("cross_entropy", lambda log_probs, y: np.choose(y, log_probs.T),
                              np.mean, np.negative)
    return _named(softmax, log_softmax, score_gradient, cross_entropy)


def _lists_everywhere():
    def as_lists(function):
        @functools.wraps(function)
        def run(*args):
            value = function(*args)
            if isinstance(value, tuple):
                return [np.asarray(item).tolist() for item in value]
            return np.asarray(value).tolist()
        return run

    return RIGHT | {name: as_lists(RIGHT[name]) for name in NAMES}


def _single_precision_throughout():
    """All of it in float32, with losses that are float32 too."""
    def cut(x):
        return np.asarray(x, np.float32)

    def coin_log_likelihood(heads, tails, p):
        return np.float32(heads) * np.log(cut(p)) + np.float32(tails) * np.log1p(-cut(p))

    def softmax_loss(X, y, W, b, reg):
        Z = cut(X) @ cut(W).T + cut(b)
        Z = Z - Z.max(axis=1, keepdims=True)
        log_p = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
        loss = -log_p[np.arange(len(Z)), y].mean() + cut(0.5 * reg) * np.sum(cut(W)**2)
        G = np.exp(log_p)
        G[np.arange(len(Z)), y] -= 1
        G /= np.float32(len(Z))
        return loss, G.T @ cut(X) + cut(reg) * cut(W), G.sum(axis=0)

    def softmax_loss_loops(X, y, W, b, reg):
        return softmax_loss(X, y, W, b, reg)

    def predict(X, W, b):
        Z = cut(X) @ cut(W).T + cut(b)
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return Z.argmax(axis=1).astype(np.int32), 1 / E.sum(axis=1)

    def train_softmax(X, y, num_classes, lr, reg, steps):
        W = np.zeros((num_classes, X.shape[1]), np.float32)
        b, losses = np.zeros(num_classes, np.float32), np.zeros(steps, np.float32)
        for step in range(steps):
            losses[step], dW, db = softmax_loss(X, y, W, b, reg)
            W -= np.float32(lr) * dW
            b -= np.float32(lr) * db
        return W, b, losses

    return _named(coin_log_likelihood, softmax_loss, softmax_loss_loops, predict, train_softmax)


def _mixed_products():
    """Kronecker products, tensordot, vdot and inner, products spelled out."""
    def softmax_loss(X, y, W, b, reg):
        S = np.tensordot(X, W, axes=(1, 1)) + np.broadcast_to(b, (len(X), len(b)))
        P = reference.softmax(S)
        Y = np.equal.outer(np.asarray(y, int), np.arange(len(b)))
        loss = -np.sum(reference.log_softmax(S), where=Y) / len(X) + reg * np.vdot(W, W) / 2
        G = np.subtract(P, Y) / len(X)
        dW = (G[:, :, np.newaxis] * X[:, np.newaxis, :]).sum(axis=0)
        return loss, np.add(dW, np.multiply(reg, W)), np.add.reduce(G)

    def softmax_loss_loops(X, y, W, b, reg):
        total = 0.0
        dW, db = np.zeros(W.shape), np.zeros(len(b))
        for n in range(len(X)):
            s = np.squeeze(np.matmul(W, X[n, :, None]), axis=1) + b
            p = reference.softmax(s.reshape(1, -1)).ravel()
            total -= reference.log_softmax(s.reshape(1, -1))[0, y[n]]
            p[y[n]] -= 1
            dW += np.kron(p[:, None], X[n][None, :])
            db += p
        return (total / len(X) + 0.5 * reg * np.linalg.norm(W)**2, dW / len(X) + reg * W,
                db / len(X))

    def predict(X, W, b):
        S = np.inner(X, W) + b
        order = np.argsort(-S, axis=1, kind="stable")
        P = reference.softmax(S)
        return order[:, 0], np.take_along_axis(P, order, axis=1)[:, 0]

    return _named(softmax_loss, softmax_loss_loops, predict)


def _over_classes():
    """Loops over the classes, whole arrays over the examples."""
    def softmax(scores):
        top = np.full(len(scores), -np.inf)
        for c in range(scores.shape[1]):
            top = np.maximum(top, scores[:, c])
        exps = [np.exp(scores[:, c] - top) for c in range(scores.shape[1])]
        return np.stack([e / sum(exps) for e in exps], axis=1)

    def cross_entropy(log_probs, y):
        return -sum(np.sum(log_probs[y == c, c]) for c in range(log_probs.shape[1])) / len(y)

    def score_gradient(probs, y):
        out = np.empty(probs.shape)
        for c in range(probs.shape[1]):
            out[:, c] = (probs[:, c] - (y == c)) / len(y)
        return out

    def softmax_loss(X, y, W, b, reg):
        S = np.stack([X @ w + beta for w, beta in zip(W, b)], axis=1)
        G = score_gradient(softmax(S), y)
        dW = np.array([X.T @ G[:, c] for c in range(len(W))]) + reg * W
        loss = cross_entropy(reference.log_softmax(S), y) + 0.5 * reg * sum(w @ w for w in W)
        return loss, dW, np.array([np.sum(G[:, c]) for c in range(len(W))])

    def predict(X, W, b):
        S = X @ W.T + b
        best, classes = S[:, 0], np.zeros(len(X), int)
        for c in range(1, len(W)):
            classes[S[:, c] > best] = c
            best = np.maximum(best, S[:, c])
        return classes, 1 / sum(np.exp(S[:, c] - best) for c in range(len(W)))

    return _named(softmax, cross_entropy, score_gradient, softmax_loss, predict)


def _all_in_one_place():
    """No function calls another; temporaries are overwritten in place."""
    def log_softmax(scores):
        out = np.empty(scores.shape)
        np.subtract(scores, scores.max(axis=1)[:, None], out=out)
        out -= np.log(np.sum(np.exp(out), axis=1))[:, None]
        return out

    def softmax_loss(X, y, W, b, reg):
        N = X.shape[0]
        S = (X @ W.T + b).astype(float)
        S -= S.max(axis=1).reshape(N, 1)
        E = np.exp(S)
        Z = E.sum(axis=1)
        loss = (np.log(Z) - S[np.arange(N), y]).sum() / N + reg / 2 * (W.ravel() @ W.ravel())
        E /= Z[:, None] * N
        np.subtract.at(E, (np.arange(N), y), 1 / N)
        return loss, E.T.dot(X) + reg * W, np.ones(N) @ E

    def softmax_loss_loops(X, y, W, b, reg):
        N, C = len(X), len(W)
        loss, dW, db = 0, np.zeros_like(W, dtype=float), np.zeros_like(b, dtype=float)
        for i in range(N):
            f = [float(W[c] @ X[i] + b[c]) for c in range(C)]
            top = max(f)
            Z = sum(math.exp(v - top) for v in f)
            loss += math.log(Z) + top - f[y[i]]
            for c in range(C):
                g = math.exp(f[c] - top) / Z
                if c == y[i]:
                    g -= 1
                for d in range(len(X[i])):
                    dW[c, d] += g * X[i, d] / N
                db[c] += g / N
        for c in range(C):
            for d in range(W.shape[1]):
                dW[c, d] += reg * W[c, d]
        return loss / N + 0.5 * reg * sum(float(w) * float(w) for w in W.flat), dW, db

    return _named(log_softmax, softmax_loss, softmax_loss_loops)


def _stepwise_derivatives():
    """The chain rule through softmax, by its Jacobian and with the logarithm's derivative."""
    def score_gradient(probs, y):
        out = []
        for p, label in zip(np.asarray(probs, float), y):
            jacobian = np.diag(p) - np.outer(p, p)  # dp / ds
            # -1 / p of the true class times its row, with p cancelled
            out.append(-jacobian[label] / p[label] if p[label] else p - np.eye(len(p))[label])
        return np.array(out) / len(y)

    def softmax_loss(X, y, W, b, reg):
        S = X @ W.T + b
        # the derivative of log-sum-exp minus that of the true score
        P = np.exp(S - np.logaddexp.reduce(S, axis=1, keepdims=True))
        dW, db = P.T @ X / len(X), P.mean(axis=0)
        T = np.zeros((len(b), len(X)))
        T[y, np.arange(len(X))] = 1 / len(X)
        loss = np.mean(np.logaddexp.reduce(S, axis=1)) - np.sum(T.T * S)
        return loss + 0.5 * reg * np.sum(np.abs(W)**2), dW - T @ X + reg * W, db - T.sum(axis=1)

    return _named(score_gradient, softmax_loss)


def _pairwise_differences():
    """p_c = 1 / sum_k exp(s_k - s_c), and its logarithm."""
    def softmax(scores):
        D = scores[:, np.newaxis, :] - scores[:, :, np.newaxis]  # (N, C, C), s_k - s_c
        return 1 / np.exp(np.minimum(D, 700.0)).sum(axis=2)

    def log_softmax(scores):
        D = scores[:, np.newaxis, :] - scores[:, :, np.newaxis]
        return -np.logaddexp.reduce(D, axis=2)

    def predict(X, W, b):
        S = X @ W.T + b
        winners = [max(range(len(row)), key=row.__getitem__) for row in S.tolist()]
        return winners, [float(np.exp(row[c] - np.logaddexp.reduce(row)))
                         for row, c in zip(S, winners)]

    return _named(softmax, log_softmax, predict)


def _sums_by_library():
    """np.average, np.dot with ones, np.frompyfunc, np.add.at, np.bincount, functools.reduce."""
    def coin_log_likelihood(heads, tails, p):
        return functools.reduce(np.add, [np.multiply(n, np.log(q))
                                         for n, q in ((heads, p), (tails, 1 - p))])

    def cross_entropy(log_probs, y):
        flat = np.asarray(log_probs).reshape(-1)
        return np.average(-flat[np.arange(len(y)) * log_probs.shape[1] + y])

    def score_gradient(probs, y):
        out = np.divide(probs, len(y), dtype=float)
        np.add.at(out, (np.arange(len(y)), y), -1 / len(y))
        return out

    def train_softmax(X, y, num_classes, lr, reg, steps):
        def step(state, _):
            W, b, losses = state
            loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
            return W - lr * dW, b - lr * db, (*losses, loss)
        return functools.reduce(step, range(steps), (
            np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), ()))

    return _named(coin_log_likelihood, cross_entropy, score_gradient, train_softmax)


def _floats_of_python():
    """Scalars as Python's floats, ints of NumPy, losses as 0-d arrays."""
    def coin_log_likelihood(heads, tails, p):
        return tuple(float(heads * np.log(q) + tails * np.log1p(-q)) for q in np.ravel(p))

    def cross_entropy(log_probs, y):
        return np.array(-log_probs[np.arange(len(y)), y].mean())

    def softmax_loss(X, y, W, b, reg):
        loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
        return [float(loss), dW.tolist(), tuple(db)]

    def train_softmax(X, y, num_classes, lr, reg, steps):
        W, b, losses = reference.train_softmax(X, y, num_classes, lr, reg, steps)
        return W, list(b), [np.array(value) for value in losses]

    def predict(X, W, b):
        classes, confidence = reference.predict(X, W, b)
        return classes.astype(float), tuple(confidence)

    return _named(coin_log_likelihood, cross_entropy, softmax_loss, train_softmax, predict)


def _masks():
    def cross_entropy(log_probs, y):
        chosen = np.arange(log_probs.shape[1]) == np.asarray(y).reshape(-1, 1)
        return -log_probs[chosen].sum() / chosen.shape[0]

    def score_gradient(probs, y):
        chosen = np.arange(probs.shape[1]) == np.asarray(y).reshape(-1, 1)
        return np.where(chosen, probs - 1.0, probs) / probs.shape[0]

    def softmax_loss(X, y, W, b, reg):
        S = X @ W.T + b
        chosen = np.arange(len(b)) == np.asarray(y).reshape(-1, 1)
        margins = S - np.where(chosen, S, 0.0).sum(axis=1, keepdims=True)  # 0 at the true class
        top = margins.max(axis=1, keepdims=True)
        E = np.exp(margins - top)
        loss = np.mean(top[:, 0] + np.log(E.sum(axis=1))) + 0.5 * reg * np.sum(W * W)
        G = (E / E.sum(axis=1, keepdims=True) - chosen) / len(X)
        return loss, G.T @ X + reg * W, G.sum(0)

    return _named(cross_entropy, score_gradient, softmax_loss)


def _defensive():
    """Inputs cast and copied, assertions, harmless small numbers, keyword arguments."""
    def softmax(scores):
        scores = np.array(scores, dtype=np.float64, copy=True, order="C")
        assert scores.ndim == 2
        exps = np.exp(np.clip(scores - scores.max(axis=1, keepdims=True), -700, 0))
        return exps / np.maximum(exps.sum(axis=1, keepdims=True), 1e-12)

    def log_softmax(scores):
        scores = np.array(scores, dtype=np.float64)
        m = np.max(scores, axis=-1, keepdims=True)
        return scores - (m + np.log(np.sum(np.exp(scores - m), axis=-1, keepdims=True) + 1e-300))

    def score_gradient(probs, y):
        probs, y = np.array(probs, dtype=np.float64), np.array(y, dtype=np.int64).ravel()
        assert len(probs) == len(y)
        probs[np.arange(y.size), y] -= 1.0
        return probs * (1.0 / y.size)

    def train_softmax(X, y, num_classes, lr=1.0, reg=0.0, steps=100):
        X, y = np.ascontiguousarray(X, dtype=np.float64), np.asarray(y).astype(int)
        W, b, losses = np.zeros([num_classes, X.shape[1]]), np.zeros([num_classes]), []
        while len(losses) < steps:
            loss, dW, db = reference.softmax_loss(X=X, y=y, W=W, b=b, reg=reg)
            W, b, losses = W - lr * dW, b - lr * db, losses + [loss]
        return W, b, losses

    return _named(softmax, log_softmax, score_gradient, train_softmax)


def _penalty_as_decay():
    """The penalty beside the data: weights shrink, and the loss gets it back."""
    def train_softmax(X, y, num_classes, lr, reg, steps):
        W, b, losses = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
        for _ in range(steps):
            loss, dW, db = reference.softmax_loss(X, y, W, b, 0.0)
            losses.append(loss + reg * np.sum(W**2) / 2)
            W = (1 - lr * reg) * W - lr * dW
            b = b + (-lr) * db
        return W, b, losses

    def classify_digits(X_train, y_train, X_test):
        # standardised pixels, weight decay, a smaller rate
        centre, scale = X_train.mean(axis=0), X_train.std(axis=0) + 0.1
        W, b, _ = train_softmax((X_train - centre) / scale, y_train, 10, 0.1, 0.01, 200)
        return np.argmax((X_test - centre) / scale @ W.T + b, axis=1)

    return _named(train_softmax, classify_digits)


def _vectorised_by_numpy():
    """apply_along_axis, vectorize, memory views of rows."""
    def coin_log_likelihood(heads, tails, p):
        return np.vectorize(lambda q: heads * math.log(q) + tails * math.log1p(-q))(p)

    def softmax(scores):
        return np.apply_along_axis(
            lambda row: np.exp(row - row.max()) / np.exp(row - row.max()).sum(), 1, scores)

    def log_softmax(scores):
        return np.apply_along_axis(lambda row: row - np.logaddexp.reduce(row), 1, scores)

    def predict(X, W, b):
        P = softmax(np.asarray(X, float) @ np.asarray(W, float).T + b)
        S = np.asarray(X, float) @ np.asarray(W, float).T + b
        return np.apply_along_axis(np.argmax, 1, S), np.amax(P, axis=1)

    return _named(coin_log_likelihood, softmax, log_softmax, predict)


def _two_sided():
    """Log-odds and sorted rows: other ways to the same numbers."""
    def coin_log_likelihood(heads, tails, p):
        # log(1 - p) for every flip, and the log-odds for every head
        return (heads + tails) * np.log1p(-p) + heads * (np.log(p) - np.log1p(-p))

    def softmax(scores):
        # from the smallest to the largest term, and back into place
        order = np.argsort(scores, axis=1)
        E = np.exp(np.take_along_axis(scores, order, 1) - np.max(scores, axis=1, keepdims=True))
        out = np.empty(E.shape)
        np.put_along_axis(out, order, E / E.cumsum(axis=1)[:, -1:], axis=1)
        return out

    def cross_entropy(log_probs, y):
        return np.trace(-log_probs[:, y]) / len(y)

    def score_gradient(probs, y):
        out = probs / len(y)
        for c in set(np.asarray(y).tolist()):
            out[y == c, c] -= 1 / len(y)
        return out

    return _named(coin_log_likelihood, softmax, cross_entropy, score_gradient)


def _cached_and_renamed():
    """Other names for arguments, memoised helpers, early returns, star arguments."""
    eye = functools.lru_cache(maxsize=None)(np.eye)

    def cross_entropy(lp, labels, /):
        return -(eye(lp.shape[1])[labels] * np.where(np.isneginf(lp), 0.0, lp)).sum(1).mean()

    def score_gradient(*arguments):
        p, t = arguments
        return np.true_divide(p - eye(len(p[0]))[t], float(len(t)))

    def softmax_loss(*arguments):
        X, y, W, b, reg = arguments
        S = X @ W.T + b
        G = score_gradient(reference.softmax(S), y)
        loss = cross_entropy(reference.log_softmax(S), y)
        if not reg:
            return loss, G.T @ X, G.sum(axis=0)
        return loss + reg / 2 * np.square(W).sum(), G.T @ X + reg * W, G.sum(axis=0)

    def softmax_loss_loops(X, y, W, b, reg):
        # the mean of batches of one
        parts = [softmax_loss(X[n:n + 1], y[n:n + 1], W, b, reg) for n in range(len(X))]
        return tuple(sum(values) / len(parts) for values in zip(*parts))

    return _named(cross_entropy, score_gradient, softmax_loss, softmax_loss_loops)


def _long_doubles():
    def softmax(scores):
        E = np.exp(np.asarray(scores, np.longdouble)
                   - np.asarray(scores, np.longdouble).max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def log_softmax(scores):
        S = np.asarray(scores, np.longdouble)
        return S - np.logaddexp.reduce(S, axis=1)[:, np.newaxis]

    def softmax_loss(X, y, W, b, reg):
        S = X.astype(np.longdouble) @ W.astype(np.longdouble).T + b
        loss = reference.cross_entropy(log_softmax(S), y)
        G = reference.score_gradient(softmax(S), y)
        return loss + 0.5 * reg * np.sum(W * W), G.T @ X + reg * W, G.sum(axis=0)

    return _named(softmax, log_softmax, softmax_loss)


def _other_exponentials():
    """Powers of 2 and of e, logarithms to base 2 and near 1."""
    def coin_log_likelihood(heads, tails, p):
        return np.log(2) * (heads * np.log2(p) + tails * np.log2(1 - p))

    def softmax(scores):
        E = np.exp2((scores - scores.max(1, keepdims=True)) / np.log(2))
        return E / E.sum(1, keepdims=True)

    def log_softmax(scores):
        top = scores.max(1, keepdims=True)
        rest = np.power(np.e, scores - top).sum(1, keepdims=True) - 1  # one term is 1
        return (scores - top) - np.log1p(np.maximum(rest, 0))

    def predict(X, W, b):
        L = log_softmax(X @ W.T + b)
        return np.argmax(X @ W.T + b, axis=1), np.exp(L.max(axis=1))

    return _named(coin_log_likelihood, softmax, log_softmax, predict)


def _in_pieces():
    """Examples in pieces of three, each piece in whole arrays; ever the same arrays for results."""
    def pieces(count):
        return [slice(start, start + 3) for start in range(0, count, 3)]

    def softmax_loss_loops(X, y, W, b, reg):
        loss, dW, db = 0.5 * reg * np.sum(W * W), reg * np.asarray(W, float), np.zeros(len(b))
        for rows in pieces(len(X)):
            share = len(X[rows]) / len(X)
            one_loss, one_dW, one_db = reference.softmax_loss(X[rows], y[rows], W, b, 0.0)
            loss, dW, db = loss + share * one_loss, dW + share * one_dW, db + share * one_db
        return loss, dW, db

    def predict(X, W, b):
        classes, confidence = np.zeros(len(X), np.uint8), np.zeros(len(X))
        for rows in pieces(len(X)):
            classes[rows], confidence[rows] = reference.predict(X[rows], W, b)
        return classes, confidence

    def train_softmax(X, y, num_classes, lr, reg, steps):
        parameters = {"W": np.zeros((num_classes, len(X[0]))), "b": np.zeros(num_classes)}
        losses = {}
        for step in range(steps):
            losses[step], *gradients = softmax_loss_loops(
                X, y, parameters["W"], parameters["b"], reg)
            for name, gradient in zip(parameters, gradients):
                parameters[name] = parameters[name] - lr * gradient
        return parameters["W"], parameters["b"], list(losses.values())

    return _named(softmax_loss_loops, predict, train_softmax)


class _Model:
    """Parameters as attributes, methods in the place of functions."""

    def __init__(self, X, y, num_classes, reg):
        self.X, self.y, self.reg = X, y, reg
        self.W, self.b = np.zeros((num_classes, X.shape[-1])), np.zeros((num_classes,))
        self.losses = []

    def step(self, lr):
        loss, dW, db = reference.softmax_loss(self.X, self.y, self.W, self.b, self.reg)
        self.losses.append(loss)
        self.W, self.b = self.W + lr * -dW, self.b + lr * -db


def _methods():
    def train_softmax(X, y, num_classes, lr, reg, steps):
        model = _Model(X, y, num_classes, reg)
        for _ in range(steps):
            model.step(lr)
        return model.W, model.b, model.losses

    def classify_digits(X_train, y_train, X_test):
        W, b, _ = train_softmax(X_train, y_train, 10, 0.3, 1e-4, 400)
        return np.array([int(np.argmax(W @ x + b)) for x in X_test])

    return _named(train_softmax, classify_digits)


VARIANTS = {"reference": RIGHT, "plain Python": _plain_python(), "one-hot": _one_hot(),
            "columns": _columns(), "library log-sum-exp": _library_log_sum_exp(),
            "single precision": _single_precision(), "appended one": _appended_one(),
            "sums of products": _sums_of_products(), "in place": _in_place(),
            "nested functions": _nested_functions(), "generators": _generators(),
            "objects": _objects(), "lists everywhere": _lists_everywhere(),
            "single precision throughout": _single_precision_throughout(),
            "mixed products": _mixed_products(), "over classes": _over_classes(),
            "all in one place": _all_in_one_place(), "derivatives": _stepwise_derivatives(),
            "pairwise differences": _pairwise_differences(), "sums": _sums_by_library(),
            "Python's floats": _floats_of_python(), "masks": _masks(), "defensive": _defensive(),
            "penalty as decay": _penalty_as_decay(), "NumPy's loops": _vectorised_by_numpy(),
            "two-sided": _two_sided(), "cached and renamed": _cached_and_renamed(),
            "long doubles": _long_doubles(), "other exponentials": _other_exponentials(),
            "in pieces": _in_pieces(), "methods": _methods()}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_digits": "its numbers are the student's choice: what reaches the accuracy is right",
}
EQUIVALENT = {}
