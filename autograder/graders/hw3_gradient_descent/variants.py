"""Right answers in other styles: each must get full marks."""

import collections
import functools
import itertools
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
        moved, slopes = np.array(w, order="C"), np.zeros(np.shape(w))
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


def _recursive():
    def gradient_descent(f, grad, w0, lr, steps):
        w = np.asarray(w0, dtype=float)
        if steps == 0:
            return w[np.newaxis], np.array([f(w)])
        path, costs = gradient_descent(f, grad, w - lr * grad(w), lr, steps - 1)
        return np.concatenate([w[np.newaxis], path]), np.concatenate([[f(w)], costs])

    def descend_until(grad, w0, lr, tol, max_steps):
        g = grad(w0)
        if max_steps == 0 or np.linalg.norm(g) <= tol:
            return w0, 0
        w, steps = descend_until(grad, w0 - lr * g, lr, tol, max_steps - 1)
        return w, steps + 1

    def minibatches(num_examples, batch_size, rng):
        def cut(order):
            return [order[:batch_size]] + cut(order[batch_size:]) if len(order) else []
        return cut(rng.permutation(num_examples))

    def relative_error(a, n):
        def squares(x):
            return float(x) ** 2 if np.ndim(x) == 0 else sum(squares(part) for part in x)
        both = squares(a) ** 0.5 + squares(n) ** 0.5
        return squares(np.subtract(a, n)) ** 0.5 / both if both else 0.0

    return _named(gradient_descent, descend_until, minibatches, relative_error)


def _iterators():
    def gradient_descent(f, grad, w0, lr, steps):
        path = list(itertools.accumulate(range(steps), lambda w, _: w - lr * grad(w),
                                         initial=np.array(w0, float)))
        return np.stack(path), [*map(f, path)]

    def cosine_rates(lr, steps, warmup):
        rise = (lr * (k + 1) / warmup for k in range(warmup))
        fall = (lr * (1 + math.cos(math.pi * k / (steps - warmup))) / 2
                for k in range(steps - warmup))
        return np.fromiter(itertools.chain(rise, fall), float)

    def minibatches(num_examples, batch_size, rng):
        order = iter(rng.permutation(num_examples).tolist())
        return list(iter(lambda: list(itertools.islice(order, batch_size)), []))

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []
        plan = ((rate, rows) for rate in rates
                for rows in reference.minibatches(len(X), batch_size, rng))
        for rate, rows in plan:
            value, *gradients = loss(np.take(X, rows, axis=0), np.take(y, rows), W, b, reg)
            losses.append(value)
            W, b = (p - rate * g for p, g in zip((W, b), gradients))
        return W, b, losses

    return _named(gradient_descent, cosine_rates, minibatches, sgd)


class _Callable:
    """A callable object instead of a function."""

    def __init__(self, name, run):
        self.__name__, self._run = name, run

    def __call__(self, *args, **kwargs):
        return self._run(*args, **kwargs)


def _callable_objects():
    return _named(*(_Callable(name, RIGHT[name]) for name in NAMES))


def _partial():
    def made(name):
        function = functools.partial(RIGHT[name])
        function.__name__ = name
        return function

    return _named(*map(made, NAMES))


def _closures():
    def stepper(grad, lr):
        def step(w):
            return w - lr * grad(w)
        return step

    def gradient_descent(f, grad, w0, lr, steps):
        step, w = stepper(grad, lr), np.array(w0, float)
        path = [w] + [w := step(w) for _ in range(steps)]
        return np.array(path), np.array(list(map(f, path)))

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []

        def step(rate, rows):
            nonlocal W, b
            value, dW, db = loss(X[rows], y[rows], W, b, reg)
            W, b = W - rate * dW, b - rate * db
            losses.append(value)

        for rate in rates:
            for rows in reference.minibatches(len(X), batch_size, rng):
                step(rate, rows)
        return W, b, losses

    return _named(gradient_descent, sgd)


def _reduced():
    def descend_until(grad, w0, lr, tol, max_steps):
        def move(state, _):
            w, steps, done = state
            g = grad(w)
            done = done or np.sqrt(np.vdot(g, g)) <= tol
            return (w, steps, True) if done else (w - lr * g, steps + 1, False)
        return functools.reduce(move, range(max_steps), (np.array(w0, float), 0, False))[:2]

    def gradient_noise(batch_gradients, gradient):
        M = len(batch_gradients)
        mean = functools.reduce(np.add, batch_gradients) / M
        squares = [np.vdot(g - mean, g - mean) for g in batch_gradients]
        return math.sqrt(np.vdot(mean - gradient, mean - gradient)), math.fsum(squares) / M

    def relative_error(a, n):
        lengths = [np.hypot.reduce(np.ravel(v), initial=0.0) for v in (a - n, a, n)]
        return lengths[0] / (lengths[1] + lengths[2]) if any(lengths[1:]) else 0

    return _named(descend_until, gradient_noise, relative_error)


def _squares_compared():
    def descend_until(grad, w0, lr, tol, max_steps):
        w, left = w0, max_steps
        while left:
            g = np.asarray(grad(w)).reshape(-1)
            if g @ g <= tol * tol:
                break
            w, left = w - lr * g.reshape(np.shape(w0)), left - 1
        return w, max_steps - left

    def gradient_noise(batch_gradients, gradient):
        G = np.asarray(batch_gradients, float).reshape(len(batch_gradients), -1)
        mean = G.mean(0)
        return ((mean - np.ravel(gradient)) ** 2).sum() ** 0.5, (
            (G ** 2).sum() / len(G) - (mean ** 2).sum())

    return _named(descend_until, gradient_noise)


def _covariances():
    def gradient_noise(batch_gradients, gradient):
        columns = np.reshape(batch_gradients, (len(batch_gradients), -1)).T
        covariance = np.atleast_2d(np.cov(columns, bias=True))
        return np.linalg.norm(columns.mean(axis=1) - np.ravel(gradient)), np.trace(covariance)

    def relative_error(a, n):
        return float(np.nan_to_num(np.linalg.norm(np.ravel(a) - np.ravel(n)) / np.float64(
            np.linalg.norm(a) + np.linalg.norm(n))))

    return _named(gradient_noise, relative_error)


def _squared_cosine():
    def cosine_rates(lr, steps, warmup):
        k = np.arange(steps, dtype=float)
        angle = np.pi / 2 * (k - warmup) / (steps - warmup or 1)
        return np.where(k < warmup, lr * (k + 1) / (warmup or 1), lr * np.cos(angle) ** 2)

    def descend_until(grad, w0, lr, tol, max_steps):
        w = np.array(w0, float)
        for step in range(max_steps):
            if math.hypot(*np.ravel(grad(w))) <= tol:
                return [w, step]
            w = w - lr * grad(w)
        return [w, max_steps]

    return _named(cosine_rates, descend_until)


def _turning_pointer():
    def cosine_rates(lr, steps, warmup):
        rates = [lr * k / warmup for k in range(1, warmup + 1)]
        pointer, turn = 1 + 0j, np.exp(1j * np.pi / max(steps - warmup, 1))
        while len(rates) < steps:
            rates.append(lr * (1 + pointer.real) / 2)
            pointer *= turn
        return tuple(rates)

    def numerical_gradient(f, w, h):
        def slope(place):
            def moved(by):
                v = w.copy()
                v[place] += by
                return f(v)
            return (moved(h) - moved(-h)) / (2 * h)
        return np.array([slope(place) for place in np.ndindex(*w.shape)]).reshape(w.shape)

    return _named(cosine_rates, numerical_gradient)


def _piecewise():
    def cosine_rates(lr, steps, warmup):
        k = np.arange(steps) * 1.0
        return np.piecewise(k, [k < warmup], [
            lambda k: lr * (k + 1) / warmup,
            lambda k: lr / 2 * (1 + np.cos(np.pi * (k - warmup) / (steps - warmup)))])

    def numerical_gradient(f, w, h):
        slopes = np.zeros_like(w)
        it = np.nditer(w, flags=["multi_index"])
        for _ in it:
            v = np.copy(w)
            v[it.multi_index] = w[it.multi_index] + h
            above = f(v)
            v[it.multi_index] = w[it.multi_index] - h
            slopes[it.multi_index] = (above - f(v)) / (2 * h)
        return slopes

    return _named(cosine_rates, numerical_gradient)


def _moved_and_put_back():
    def numerical_gradient(f, w, h):
        moved, slopes = w.flatten(), []
        for i in range(moved.size):
            moved[i] += h
            above = f(moved.reshape(w.shape))
            moved[i] -= 2 * h
            below = f(moved.reshape(w.shape))
            moved[i] += h
            slopes.append(0.5 * (above - below) / h)
        return np.reshape(slopes, w.shape)

    return _named(numerical_gradient)


def _mean_of_two_differences():
    def numerical_gradient(f, w, h):
        here, slopes = f(w), np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            unit = np.zeros(w.shape)
            unit[place] = 1
            forward = (f(w + h * unit) - here) / h
            backward = (here - f(w - h * unit)) / h
            slopes[place] = (forward + backward) / 2
        return slopes

    def gradient_descent(f, grad, w0, lr, steps):
        path = np.asarray(w0, float)[np.newaxis]
        for _ in range(steps):
            path = np.vstack([path, (path[-1] - lr * grad(path[-1]))[np.newaxis]])
        return path, [f(path[k]) for k in range(len(path))]

    return _named(numerical_gradient, gradient_descent)


def _drawn_one_by_one():
    def minibatches(num_examples, batch_size, rng):
        left, batches = list(range(num_examples)), []
        while left:
            batches.append([])
            while left and len(batches[-1]) < batch_size:
                batches[-1].append(left.pop(rng.integers(len(left))))
        return batches

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []
        for rate in rates:
            order = rng.choice(len(X), len(X), replace=False)
            shuffled_X, shuffled_y = X[order], y[order]
            for k in range(math.ceil(len(X) / batch_size)):
                part = slice(k * batch_size, (k + 1) * batch_size)
                value, dW, db = loss(shuffled_X[part], shuffled_y[part], W, b, reg)
                losses = losses + [value]
                W, b = np.subtract(W, rate * dW), np.subtract(b, rate * db)
        return W, b, losses

    return _named(minibatches, sgd)


def _swapped():
    def minibatches(num_examples, batch_size, rng):
        order = np.arange(num_examples)
        for i in range(num_examples - 1, 0, -1):
            j = rng.integers(i + 1)
            order[[i, j]] = order[[j, i]]
        number = (num_examples + batch_size - 1) // batch_size
        return [order[k * batch_size:(k + 1) * batch_size].astype(np.int32) for k in range(number)]

    return _named(minibatches)


def _permuted():
    def minibatches(num_examples, batch_size, rng):
        order, batches, start = rng.permuted(np.arange(num_examples)), [], 0
        while True:
            batches += [order[start:start + batch_size]]
            start += batch_size
            if start >= num_examples:
                return batches

    return _named(minibatches)


def _losses_in_single_precision():
    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = np.zeros(len(rates) * -(-len(X) // batch_size), np.float32)
        k = 0
        for rate in rates:
            for rows in reference.minibatches(len(X), batch_size, rng):
                losses[k], dW, db = loss(X[rows], y[rows], W, b, reg)
                W, b, k = W - rate * dW, b - rate * db, k + 1
        return W, b, losses

    return _named(sgd)


def _training_in_single_precision():
    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        X, W, b = (np.asarray(v, np.float32) for v in (X, W, b))
        losses = []
        for rate in np.asarray(rates, np.float32):
            for rows in reference.minibatches(len(X), batch_size, rng):
                value, dW, db = loss(X[rows], y[rows], W, b, np.float32(reg))
                W, b = np.float32(W - rate * dW), np.float32(b - rate * db)
                losses.append(np.float32(value))
        return W, b, losses

    return _named(sgd)


def _extended_precision():
    def gradient_descent(f, grad, w0, lr, steps):
        path = [np.array(w0, np.longdouble)]
        for _ in range(steps):
            path.append(path[-1] - np.longdouble(lr) * grad(path[-1]))
        return np.array(path), np.array([f(w) for w in path])

    def cosine_rates(lr, steps, warmup):
        return reference.cosine_rates(np.longdouble(lr), steps, warmup)

    return _named(gradient_descent, cosine_rates)


def _one_matrix():
    """Weights and biases in one array, and the loss of all examples watched beside."""
    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        both, losses = np.column_stack([W, b]), []
        for rate in rates:
            for rows in reference.minibatches(len(X), batch_size, rng):
                value, dW, db = loss(X[rows], y[rows], both[:, :-1], both[:, -1], reg)
                both = both - rate * np.column_stack([dW, db])
                losses.append(value)
            loss(X, y, both[:, :-1], both[:, -1], reg)
        return both[:, :-1], both[:, -1], losses

    return _named(sgd)


def _trainers():
    class Trainer:
        def __init__(self, loss, W, b, reg):
            self.loss, self.W, self.b, self.reg, self.history = loss, 1 * W, 1 * b, reg, []

        def step(self, X, y, rate):
            value, dW, db = self.loss(X, y, self.W, self.b, self.reg)
            self.W = self.W - rate * dW
            self.b = self.b - rate * db
            self.history.append(float(value))

    Result = collections.namedtuple("Result", "W b losses")

    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        trainer = Trainer(loss, W, b, reg)
        for rate in list(rates):
            [trainer.step(X[rows], y[rows], rate)
             for rows in reference.minibatches(y.shape[0], batch_size, rng)]
        return Result(trainer.W, trainer.b, trainer.history)

    return _named(sgd)


def _more_arguments():
    def gradient_descent(f, grad, w0, lr, steps, momentum=0.0, verbose=False):
        w, v = np.array(w0, float), np.zeros(np.shape(w0))
        path = [w]
        for _ in range(steps):
            v = momentum * v + grad(w)
            w = w - lr * v
            path.append(w)
        return np.asarray(path), np.asarray([f(w) for w in path])

    def minibatches(num_examples, batch_size=32, rng=None, *, shuffle=True):
        order = rng.permutation(num_examples) if shuffle else np.arange(num_examples)
        return [order[i:min(i + batch_size, num_examples)]
                for i in range(0, num_examples, batch_size)]

    return _named(gradient_descent, minibatches)


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
    "recursion": _recursive(), "iterators": _iterators(), "callable objects": _callable_objects(),
    "partial": _partial(), "closures": _closures(), "reduce": _reduced(),
    "squares compared": _squares_compared(), "covariances": _covariances(),
    "squared cosine": _squared_cosine(), "turning pointer": _turning_pointer(),
    "piecewise": _piecewise(), "moved and put back": _moved_and_put_back(),
    "mean of two differences": _mean_of_two_differences(),
    "drawn one by one": _drawn_one_by_one(), "swapped": _swapped(), "permuted": _permuted(),
    "losses in single precision": _losses_in_single_precision(),
    "training in single precision": _training_in_single_precision(),
    "extended precision": _extended_precision(), "one matrix": _one_matrix(),
    "trainers": _trainers(), "more arguments": _more_arguments(),
    **{f"loss of hw2, {style}": RIGHT | {"softmax_loss": functions["softmax_loss"]}
       for style, functions in OF_HW2.items()
       if functions["softmax_loss"] is not reference.softmax_loss},
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
