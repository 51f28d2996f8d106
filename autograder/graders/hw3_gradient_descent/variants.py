"""Right answers in other styles: each must get full marks."""

import math

import numpy as np

from autograder.graders.hw2_softmax.variants import VARIANTS as OF_HW2
from autograder.graders.hw3_gradient_descent import reference

NAMES = ("gradient_descent", "descend_until", "cosine_rates", "numerical_gradient",
         "relative_error", "minibatches", "gradient_noise", "softmax_loss", "sgd",
         "classify_digits")
RIGHT = {name: getattr(reference, name) for name in NAMES}


def _named(*functions, **others):
    return RIGHT | {function.__name__: function for function in functions} | others


def _filled_arrays():
    def gradient_descent(f, grad, w0, lr, steps):
        path = np.zeros((steps + 1,) + np.shape(w0))
        costs = np.empty(steps + 1)
        path[0], costs[0] = w0, f(w0)
        for k in range(1, steps + 1):
            path[k] = path[k - 1] - lr * grad(path[k - 1])
            costs[k] = f(path[k])
        return path, costs

    def cosine_rates(lr, steps, warmup):
        rates = np.zeros(steps)
        rates[:warmup] = np.linspace(0, lr, warmup + 1)[1:]
        rest = steps - warmup
        rates[warmup:] = lr * (np.cos(np.linspace(0, np.pi, rest + 1)[:-1]) + 1) / 2
        return rates

    def numerical_gradient(f, w, h):
        moved, slopes = np.array(w), np.zeros_like(w)
        flat, out = moved.reshape(-1), slopes.reshape(-1)
        for i in range(flat.size):
            kept = flat[i]
            flat[i] = kept + h
            above = f(moved)
            flat[i] = kept - h
            out[i] = (above - f(moved)) / 2 / h
            flat[i] = kept
        return out.reshape(np.shape(w))

    def gradient_noise(batch_gradients, gradient):
        total = np.zeros(np.shape(gradient))
        for g in batch_gradients:
            total += g
        mean, spread = total / len(batch_gradients), 0.0
        for g in batch_gradients:
            spread += np.linalg.norm(g - mean) ** 2
        return np.sqrt(((mean - gradient) ** 2).sum()), spread / len(batch_gradients)

    return _named(gradient_descent, cosine_rates, numerical_gradient, gradient_noise)


def _lists():
    def gradient_descent(f, grad, w0, lr, steps):
        path, costs = [np.array(w0, dtype=float)], [f(w0)]
        while len(costs) <= steps:
            path.append(path[-1] - lr * grad(path[-1]))
            costs.append(f(path[-1]))
        return path, costs

    def cosine_rates(lr, steps, warmup):
        rates = []
        for k in range(steps):
            if k < warmup:
                rates.append(lr * (k + 1) / warmup)
            else:
                rates.append(lr / 2 + lr / 2 * math.cos(math.pi * (k - warmup) / (steps - warmup)))
        return rates

    def relative_error(a, n):
        above = math.sqrt(sum(float(d) ** 2 for d in np.ravel(a - n)))
        below = sum(math.sqrt(sum(float(d) ** 2 for d in np.ravel(v))) for v in (a, n))
        return above / below if below > 0 else 0

    def minibatches(num_examples, batch_size, rng):
        order = list(range(num_examples))
        rng.shuffle(order)
        batches = []
        while order:
            batches.append(order[:batch_size])
            order = order[batch_size:]
        return batches

    return _named(gradient_descent, cosine_rates, relative_error, minibatches)


def _while_loops():
    def descend_until(grad, w0, lr, tol, max_steps):
        w, steps = np.copy(w0) * 1.0, 0
        g = grad(w)
        while math.sqrt(float(np.sum(g * g))) > tol and steps < max_steps:
            w -= lr * g
            g = grad(w)
            steps += 1
        return w, steps

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        W, b, losses, epoch = W.copy(), b.copy(), [], 0
        while epoch < len(rates):
            batches = reference.minibatches(X.shape[0], batch_size, rng)
            while batches:
                rows = batches.pop(0)
                value, gW, gb = loss(X[rows, :], y[rows], W, b, reg)
                losses.append(float(value))
                W = W - rates[epoch] * gW
                b = b - rates[epoch] * gb
            epoch += 1
        return [W, b, losses]

    return _named(descend_until, sgd)


def _in_place():
    """Parameters of its own, moved with -=, in the precision that was given."""
    def gradient_descent(f, grad, w0, lr, steps):
        w = np.array(w0, dtype=np.float64)
        path, costs = [w.copy()], [f(w)]
        for _ in range(steps):
            w -= lr * grad(w)
            path.append(w.copy())
            costs.append(f(w))
        return np.stack(path), np.asarray(costs)

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        W, b = np.array(W, dtype=float), np.array(b, dtype=float)
        losses = []
        for rate in rates:
            order = np.arange(len(y))
            rng.shuffle(order)
            for first in range(0, len(y), batch_size):
                rows = order[first:first + batch_size]
                value, dW, db = loss(X[rows], y[rows], W, b, reg)
                W -= rate * dW
                b -= rate * db
                losses.append(value)
        return W, b, np.array(losses)

    return _named(gradient_descent, sgd)


def _other_draws():
    """Other ways to a random order."""
    def minibatches(num_examples, batch_size, rng):
        order = np.argsort(rng.random(num_examples))
        return np.split(order, range(batch_size, num_examples, batch_size))

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []
        for rate in rates:
            for rows in minibatches(len(X), batch_size, rng):
                value, dW, db = loss(X[rows], y[rows], W, b, reg)
                W, b = W - rate * dW, b - rate * db
                losses += [value]
        return W, b, losses

    return _named(minibatches, sgd)


def _without_replacement():
    def minibatches(num_examples, batch_size, rng):
        left = rng.choice(num_examples, size=num_examples, replace=False)
        return tuple(left[i * batch_size:(i + 1) * batch_size]
                     for i in range(math.ceil(num_examples / batch_size)))

    def gradient_noise(batch_gradients, gradient):
        mean = np.mean(batch_gradients, axis=0)
        variance = np.var(np.reshape(batch_gradients, (len(batch_gradients), -1)), axis=0).sum()
        return np.linalg.norm((mean - gradient).ravel()), variance

    return _named(minibatches, gradient_noise)


def _single_precision():
    def gradient_descent(f, grad, w0, lr, steps):
        w = np.asarray(w0, np.float32)
        path = [w]
        for _ in range(steps):
            w = (w - np.float32(lr) * grad(w)).astype(np.float32)
            path.append(w)
        return np.array(path), np.array([f(w) for w in path], np.float32)

    def relative_error(a, n):
        a, n = np.float32(a), np.float32(n)
        both = sum(np.linalg.norm(gradient) for gradient in (a, n))
        return np.float32(np.linalg.norm(a - n) / both) if both > 0 else np.float32(0)

    def cosine_rates(lr, steps, warmup):
        return np.float32(reference.cosine_rates(lr, steps, warmup))

    def gradient_noise(batch_gradients, gradient):
        G = np.float32(batch_gradients).reshape(len(batch_gradients), -1)
        mean = G.mean(axis=0, dtype=np.float32)
        return (np.linalg.norm(mean - np.float32(gradient).ravel()),
                np.mean(np.sum((G - mean) ** 2, axis=1, dtype=np.float32), dtype=np.float32))

    return _named(gradient_descent, relative_error, cosine_rates, gradient_noise)


def _helper_classes():
    class Descent:
        def __init__(self, grad, lr):
            self.grad, self.lr = grad, lr

        def step(self, w):
            return w - self.lr * self.grad(w)

    def gradient_descent(f, grad, w0, lr, steps):
        descent, path = Descent(grad, lr), [np.array(w0, float)]
        for _ in range(steps):
            path.append(descent.step(path[-1]))
        return np.array(path), [float(f(w)) for w in path]

    def descend_until(grad, w0, lr, tol, max_steps):
        descent, w = Descent(grad, lr), np.array(w0, float)
        for taken in range(max_steps + 1):
            if np.linalg.norm(grad(w)) <= tol or taken == max_steps:
                return w, taken
            w = descent.step(w)

    return _named(gradient_descent, descend_until)


def _products_of_tensors():
    def relative_error(a, n):
        length = [np.sqrt(np.vdot(v, v)) for v in (a - n, a, n)]
        return length[0] / max(length[1] + length[2], 1e-300)

    def gradient_noise(batch_gradients, gradient):
        axes = tuple(range(1, np.ndim(batch_gradients)))
        mean = np.einsum("m...->...", batch_gradients) / len(batch_gradients)
        off = batch_gradients - mean[np.newaxis]
        return np.sqrt(np.sum(np.square(mean - gradient))), np.mean(np.sum(off * off, axis=axes))

    def numerical_gradient(f, w, h):
        steps = h * np.eye(w.size).reshape(-1, *w.shape)
        return np.array([f(w + e) - f(w - e) for e in steps]).reshape(w.shape) / (2 * h)

    return _named(relative_error, gradient_noise, numerical_gradient)


def _prints_and_pictures():
    """As students leave them: prints, a plot, names of their own."""
    def descend_until(grad, w0, lr, tol, max_steps):
        here, count = np.array(w0, dtype=float), 0
        for i in range(max_steps):
            slope = grad(here)
            how_steep = np.linalg.norm(slope)
            print("step", i, "slope", how_steep)
            if how_steep <= tol:
                print("done")
                break
            here = here - lr * slope
            count = count + 1
        return here, count

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        print(X.shape, y.shape)
        result = reference.sgd(loss, X, y, W, b, reg, batch_size, rates, rng)
        print("last loss", result[2][-1])
        return result

    return _named(descend_until, sgd)


def _constant_rate():
    def classify_digits(X_train, y_train, X_test):
        W, b = np.zeros((10, X_train.shape[1])), np.zeros(10)
        W, b, _ = reference.sgd(reference.softmax_loss, X_train, y_train, W, b, 1e-3, 32,
                                [0.3] * 30, np.random.default_rng(5))
        return np.argmax(X_test @ W.T + b, axis=1)

    return _named(classify_digits)


VARIANTS = {
    "reference": RIGHT, "filled arrays": _filled_arrays(), "lists": _lists(),
    "while loops": _while_loops(), "in place": _in_place(), "other draws": _other_draws(),
    "without replacement": _without_replacement(), "single precision": _single_precision(),
    "helper classes": _helper_classes(), "products of tensors": _products_of_tensors(),
    "prints": _prints_and_pictures(), "constant rate": _constant_rate(),
    **{f"loss of hw2, {style}": RIGHT | {"softmax_loss": functions["softmax_loss"]}
       for style, functions in OF_HW2.items() if style in ("one-hot", "columns", "appended one")},
}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "classify_digits": "its numbers are the student's choice: what reaches the accuracy is right",
}
_LATER = "the first difference makes an array of floats"
_LIST = "a list of the same numbers"
_EMPTY = "divides an empty array, or an angle of 0"
_NORM = "np.linalg.norm without an axis flattens by itself"
EQUIVALENT = {
    "gradient_descent: `np.asarray(w0, dtype=float)` to `w0`": _LATER,
    "gradient_descent: `np.array(visited)` to `visited`": _LIST,
    "gradient_descent: `np.array([f(point) for point in visited])` to "
    "`[f(point) for point in visited]`": _LIST,
    "descend_until: `np.asarray(w0, dtype=float)` to `w0`": _LATER,
    "cosine_rates: `1` to `0`": _EMPTY,
    "cosine_rates: `1` to `2` (2)": _EMPTY,
    "cosine_rates: `1` to `0` (2)": _EMPTY,
    "relative_error: `np.ravel(a)` to `a`": _NORM,
    "relative_error: `np.ravel(n)` to `n`": _NORM,
    "relative_error: `np.ravel(a - n)` to `a - n`": _NORM,
    "gradient_noise: `np.ravel(center - gradient)` to `center - gradient`": _NORM,
}
