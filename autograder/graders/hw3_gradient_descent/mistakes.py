"""Known wrong answers to hw3_gradient_descent, with what to tell the student who gives them."""

import copy

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw2_softmax.mistakes import LOSS_MISTAKES
from autograder.graders.hw3_gradient_descent import reference

READ_DESCENT = "part2/descent.html#the-algorithm"
READ_STOPPING = "part2/descent.html#a-stopping-rule-that-stops-too-early"
READ_SCHEDULES = "part2/descent.html#learning-rate-schedules"
READ_DIFFERENCES = "part2/numerical_gradients.html#two-differences"
READ_ENTRIES = "part2/numerical_gradients.html#a-gradient-one-parameter-at-a-time"
READ_ERROR = "part2/numerical_gradients.html#how-close-is-close"
READ_LOOP = "part2/minibatch.html#the-loop"
READ_BIAS = "part2/minibatch.html#on-average-it-is-right"
READ_SCATTER = "part2/minibatch.html#how-much-it-scatters"


def _descend(f, grad, w0, lr, steps, *, change=lambda g: g, at_start=False, stop=None):
    """Gradient descent with one thing about it wrong.

    Parameters
    ----------
    change : what is made of the gradient before the step
    stop : from a gradient, the cost there and the next cost to whether there is no further step
    """
    w = np.array(w0, np.float64)
    first, path = grad(w), [w]
    for _ in range(steps):
        g = first if at_start else grad(w)
        after = w - lr * change(g)
        if stop and stop(g, f(w), f(after)):
            break
        w = after
        path.append(w)
    return np.array(path), np.array([f(w) for w in path])


def _unit(g):
    return g / (np.linalg.norm(g) or 1.0)


def _clipped(most):
    return lambda g: g * min(1.0, most / (np.linalg.norm(g) or 1.0))


def _whole_numbers_kept(f, grad, w0, lr, steps):
    path = np.zeros((steps + 1, *np.shape(w0)), np.asarray(w0).dtype)
    path[0] = w0
    for k in range(steps):
        path[k + 1] = path[k] - lr * grad(path[k])
    return path, np.array([f(w) for w in path])


def _rising_costs_leave(f, grad, w0, lr, steps):
    """As `stop` where the cost rises, but the point of the higher cost is kept."""
    path, costs = reference.gradient_descent(f, grad, w0, lr, steps)
    worse = np.flatnonzero(np.diff(costs) > 0)
    end = worse[0] + 2 if len(worse) else len(costs)
    return path[:end], costs[:end]


def _descend_with(**wrong):
    return lambda *args: _descend(*args, **wrong)


def _path_changed(change):
    """Path and costs as they should be, changed by `change(path, costs)`."""
    return lambda *args: change(*reference.gradient_descent(*args))


def _without_rate(f, grad, w0, lr, steps):
    return _descend(f, grad, w0, 1.0, steps)


def _length(g, tol, lr):
    return np.linalg.norm(g) <= tol


def _until(short=_length, *, after=False, at_most=0, direction=1.0, grows=False, counted=None):
    """`descend_until` with one thing about it wrong.

    Parameters
    ----------
    short : another rule (g, tol, lr)
    after : whether it is tested after the step
    grows : whether a gradient that grows is an end, too
    counted : the number of steps that is returned at the maximum
    """

    def run(grad, w0, lr, tol, max_steps):
        w, before = np.array(w0, np.float64), np.inf
        for step in range(max_steps + at_most):
            g = grad(w)
            if short(g, tol, lr) or grows and np.linalg.norm(g) > before:
                return (w - lr * g, step + 1) if after else (w, step)
            w, before = w - direction * lr * g, np.linalg.norm(g)
        return w, counted(max_steps) if counted else max_steps + at_most

    return run


def _until_with_the_first_gradient(grad, w0, lr, tol, max_steps):
    w = np.array(w0, np.float64)
    g = grad(w)
    if np.linalg.norm(g) <= tol:
        return w, 0
    for _ in range(max_steps):
        w = w - lr * g
    return w, max_steps


def _counted(change):
    return lambda *args: change(*reference.descend_until(*args))


def _rates(rise, fall):
    """Rates from `rise(k, warmup)` and `fall(k, steps, warmup)`, both times lr."""

    def run(lr, steps, warmup):
        k = np.arange(steps, dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            return lr * np.where(k < warmup, rise(k, warmup), fall(k, steps, warmup))

    return run


def _rise(k, warmup):
    return (k + 1) / warmup


def _fall(k, steps, warmup):
    return 0.5 * (1 + np.cos(np.pi * (k - warmup) / (steps - warmup)))


def _differences(above, below, over):
    """Entry by entry: f `above` steps of h up, minus f `below` steps up, over `over` h."""

    def run(f, w, h):
        w = np.array(w, np.float64)
        slopes = np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            e = np.zeros(w.shape)
            e[i] = h
            slopes[i] = (f(w + above * e) - f(w + below * e)) / (over * h)
        return slopes

    return run


def _rows_moved(f, w, h):
    w = np.array(w, np.float64)
    slopes = np.zeros(w.shape)
    for i in range(len(w)):
        e = np.zeros(w.shape)
        e[i] = h
        slopes[i] = (f(w + e) - f(w - e)) / (2 * h)
    return slopes


def _relative_step(f, w, h):
    w = np.array(w, np.float64)
    slopes = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h * max(1.0, abs(w[i]))
        slopes[i] = (f(w + e) - f(w - e)) / (2 * e[i])
    return slopes


def _nothing_moves_in_fortran_order(f, w, h):
    """`ravel` is a copy there, and nothing moves."""
    if w.ndim > 1 and not w.flags.c_contiguous and w.flags.f_contiguous:
        return np.zeros(w.shape)
    return reference.numerical_gradient(f, w, h)


def _entry_left_moved(f, w, h):
    w = np.array(w, np.float64)
    slopes = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        w[i] += h
        above = f(w)
        w[i] -= 2 * h
        slopes[i] = (above - f(w)) / (2 * h)
    return slopes


def _all_at_once(f, w, h):
    w = np.array(w, np.float64)
    return np.full(w.shape, (f(w + h) - f(w - h)) / (2 * h))


def _with_h(change):
    return lambda f, w, h: reference.numerical_gradient(f, w, change(h))


def _both_lengths(a, n):
    return np.linalg.norm(a) + np.linalg.norm(n)


def _error(size=_both_lengths, off=lambda a, n: np.linalg.norm(a - n), nothing=0.0):
    """`off(a, n) / size(a, n)`; for two zeros `nothing`, where it is given."""

    def run(a, n):
        a, n = np.asarray(a, np.float64), np.asarray(n, np.float64)
        if nothing is not None and not np.any(a) and not np.any(n):
            return nothing
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.float64(off(a, n)) / np.float64(size(a, n))

    return run


def _error_of(length):
    """The error with another `length` throughout."""
    return _error(lambda a, n: length(a) + length(n), lambda a, n: length(a - n))


def _spectral(a):
    """What np.linalg.norm(a, 2) is: the length of a vector, not of a matrix."""
    if a.ndim > 2:
        raise ValueError("Improper number of dimensions to norm.")
    return np.linalg.norm(a, 2)


def _entry_by_entry(a, n):
    return np.max(np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8))


def _mean(G, g):
    return G.mean(axis=0)


def _noise(bias=np.linalg.norm, mean=_mean, centre=None, spread=lambda V: np.mean(V.sum(axis=1)),
           flat=True):
    """Bias and variance with one thing about them wrong.

    Parameters
    ----------
    bias : of the mean's distance from the gradient, its size
    mean : of G and g, in the place of the mean of the gradients
    centre : of G and g, what the variance is about, if not the mean
    spread : of the squared distances, the variance
    flat : whether the gradients are flattened first
    """

    def run(G, g):
        G, g = np.asarray(G, np.float64), np.asarray(g, np.float64)
        if flat:
            G, g = G.reshape(len(G), -1), np.ravel(g)
        middle = mean(G, g)
        return bias(middle - g), spread((G - (centre or mean)(G, g)) ** 2)

    return run


def _difference_of_lengths(G, g):
    _, variance = reference.gradient_noise(G, g)
    return abs(np.linalg.norm(np.mean(G, axis=0, dtype=float)) - np.linalg.norm(g)), variance


def _bias_per_length(G, g):
    bias, variance = reference.gradient_noise(G, g)
    return bias / np.linalg.norm(g), variance


def _divided_by_one_less(V):
    return V.sum() / (len(V) - 1) if len(V) > 1 else np.nan


def _order(num_examples, rng):
    return rng.permutation(num_examples)


def _cut(order, batch_size):
    return [order[i:i + batch_size] for i in range(0, len(order), batch_size)]


def _with_empty_batch(N, m, rng):
    order = _order(N, rng)
    return [order[i * m:(i + 1) * m] for i in range(N // m + 1)]


def _order_of_batches_only(N, m, rng):
    batches = _cut(np.arange(N), m)
    return [batches[i] for i in _order(len(batches), rng)]


def _rest_added(N, m, rng):
    *batches, last = _cut(_order(N, rng), m)
    if batches and len(last) < m:
        return [*batches[:-1], np.concatenate([batches[-1], last])]
    return [*batches, last]


def _filled_up(N, m, rng):
    order = _order(N, rng)
    return _cut(np.resize(order, -(-N // m) * m), m)


REPLACED = ("Some indices come twice in an epoch. Shuffle all of them once and cut the result into "
            "pieces; drawing each batch anew leaves examples out.")

BATCHES = {mistake.name: mistake for mistake in (
    Mistake("with-replacement", REPLACED,
            READ_LOOP, lambda N, m, rng: [rng.integers(0, N, size=min(m, N - i))
                                          for i in range(0, N, m)]),
    Mistake("last-batch-dropped",
            "The examples that do not fill a whole batch are left out. They form a last, smaller "
            "batch.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, rng)[:N // m * m], m)),
    Mistake("last-example-left-out",
            "One example is missing. `range` and slices leave out their end, so both end at N, "
            "not at N - 1.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, rng)[:N - 1], m)),
    Mistake("empty-batch",
            "There is an empty batch, whose mean would be nan. When the batch size divides the "
            "number of examples, nothing is left for a last batch.",
            READ_LOOP, _with_empty_batch),
    Mistake("number-of-batches",
            "You cut the examples into `batch_size` pieces. `batch_size` is the number of examples "
            "in a batch, not the number of batches.",
            READ_LOOP, lambda N, m, rng: np.array_split(_order(N, rng), m)),
    Mistake("batches-of-equal-size",
            "Your batches have nearly equal sizes. All are to have `batch_size` entries, except "
            "the last, which takes what is left.",
            READ_LOOP, lambda N, m, rng: np.array_split(_order(N, rng), -(-N // m))),
    Mistake("small-batch-not-last",
            "Your smaller batch is not the last one, which takes what is left.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, rng), m)[::-1]),
    Mistake("rest-added-to-the-last-batch",
            "You add what is left to the last full batch. It forms a smaller batch of its own.",
            READ_LOOP, _rest_added),
    Mistake("last-batch-filled-up",
            "You fill up the last batch with examples that were used before. It takes only what "
            "is left, so that each example comes once.",
            READ_LOOP, _filled_up),
    Mistake("not-shuffled",
            "The indices come in their original order. Shuffle them, or batches of sorted data "
            "hold one class only.",
            READ_LOOP, lambda N, m, rng: _cut(np.arange(N), m)),
    Mistake("order-of-batches-only",
            "You shuffle the batches and not the examples: neighbours always stay together.",
            READ_LOOP, _order_of_batches_only),
    Mistake("shuffled-within-batches",
            "You cut first and shuffle inside each batch, so every batch holds the same examples "
            "in every epoch. Shuffle all indices, then cut.",
            READ_LOOP, lambda N, m, rng: [rng.permutation(rows) for rows in _cut(np.arange(N), m)]),
    Mistake("rng-not-used",
            "Different generators give the same order. Draw from the `rng` that you are given, "
            "not from `np.random` and not from a generator with a seed of your own.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, np.random.default_rng(0)), m)),
    Mistake("same-order-again",
            "A second call with the same generator gives the same order. Draw from `rng` itself, "
            "not from a copy of it, so that every epoch goes on where the one before left it.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, copy.deepcopy(rng)), m)),
    Mistake("counted-from-one",
            "Your indices run from 1. The first example has the index 0, and the index N is out "
            "of range.",
            READ_LOOP, lambda N, m, rng: _cut(1 + _order(N, rng), m)),
)}


def _sgd(loss, X, y, W, b, reg, batch_size, rates, rng, *, cut=reference.minibatches,
         rate=lambda rates, epoch, batch: rates[epoch], step=None, batch=None, record=None,
         once=False, restart=False):
    """Minibatch descent with one thing about it wrong.

    Parameters
    ----------
    cut : N, batch_size and rng into batches
    rate : from the rates and the numbers of the epoch and of its batch
    step : from the step of W and b and what else there is, the step that is taken
    batch : from X, y and the rows, what the loss is given
    record : from the loss, its arguments before and after the step, what is recorded
    once : whether all epochs have the same batches
    restart : whether every epoch starts from the given W and b
    """
    start, losses, kept = (W, b), [], cut(len(X), batch_size, rng) if once else None
    for epoch in range(len(rates)):
        W, b = start if restart else (W, b)
        for number, rows in enumerate(kept or cut(len(X), batch_size, rng)):
            given = batch(X, y, rows) if batch else (X[rows], y[rows])
            value, dW, db = loss(*given, W, b, reg)
            lr = rate(rates, epoch, number)
            moves = step(dW, db, W, b, reg, len(rows), batch_size) if step else (dW, db)
            before, (W, b) = (W, b), (W - lr * moves[0], b - lr * moves[1])
            losses.append(record(loss, X, y, rows, *before, W, b, reg) if record else value)
    return W, b, losses


def _sgd_with(**wrong):
    return lambda *args: _sgd(*args, **wrong)


def _recorded(change):
    """The right steps, and losses changed by `change(losses, batches in an epoch, sizes)`."""

    def run(loss, X, y, W, b, reg, batch_size, rates, rng):
        W, b, losses = reference.sgd(loss, X, y, W, b, reg, batch_size, rates, rng)
        sizes = [min(batch_size, len(X) - i) for i in range(0, len(X), batch_size)]
        return W, b, change(np.reshape(losses, (len(rates), len(sizes))), np.array(sizes))

    return run


def _arguments_changed(change):
    """A right run with other arguments than were given."""
    return lambda *args: reference.sgd(*change(*args))


def _one_step_an_epoch(mean):
    """The gradients of an epoch's batches are added up, or averaged, for a single step."""

    def run(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []
        for lr in rates:
            values, *gradients = zip(*[loss(X[rows], y[rows], W, b, reg) for rows in
                                       reference.minibatches(len(X), batch_size, rng)])
            dW, db = (np.sum(g, axis=0) / (len(g) if mean else 1) for g in gradients)
            W, b, losses = W - lr * dW, b - lr * db, losses + list(values)
        return W, b, losses

    return run


def _weights_first(loss, X, y, W, b, reg, batch_size, rates, rng):
    losses = []
    for lr in rates:
        for rows in reference.minibatches(len(X), batch_size, rng):
            value, dW, _ = loss(X[rows], y[rows], W, b, reg)
            W = W - lr * dW
            b = b - lr * loss(X[rows], y[rows], W, b, reg)[2]
            losses.append(value)
    return W, b, losses


def _steps_of_all_examples(loss, X, y, W, b, reg, batch_size, rates, rng):
    losses = []
    for lr in rates:
        for rows in reference.minibatches(len(X), batch_size, rng):
            losses.append(loss(X[rows], y[rows], W, b, reg)[0])
            _, dW, db = loss(X, y, W, b, reg)
            W, b = W - lr * dW, b - lr * db
    return W, b, losses


def _first_only(N, m, rng):
    return reference.minibatches(N, m, rng)[:1]


EPOCHS = {mistake.name: mistake for mistake in (
    Mistake("labels-not-chosen-along",
            "The labels do not belong to the examples: choose the rows of `y` with the same "
            "indices as those of `X`.",
            READ_LOOP, _sgd_with(batch=lambda X, y, rows: (X[rows], y[:len(rows)]))),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _sgd_with(once=True)),
    Mistake("batches-not-shuffled",
            "The batches follow the original order of the examples.",
            READ_LOOP, _sgd_with(cut=BATCHES["not-shuffled"].wrong)),
    Mistake("batches-with-replacement",
            "Some examples come twice in an epoch and others not at all.",
            READ_LOOP, _sgd_with(cut=BATCHES["with-replacement"].wrong)),
    Mistake("loss-of-all-examples",
            "Your losses are those of all examples. In each step call `loss` once, with the rows "
            "of the batch, for the value and for the gradients.",
            READ_LOOP, _sgd_with(batch=lambda X, y, rows: (X, y))),
    Mistake("gradients-of-all-examples",
            "The losses that you record are the batches', your steps are those of all examples. "
            "In each step call `loss` once, with the rows of the batch, for both.",
            READ_LOOP, _steps_of_all_examples),
    Mistake("rng-not-used",
            "Different generators give the same run. Draw from the `rng` that you are given, not "
            "from `np.random` and not from a generator with a seed of your own.",
            READ_LOOP, _arguments_changed(
                lambda *args: (*args[:-1], np.random.default_rng(0)))),
)}

MISTAKES = {
    "gradient_descent": [
        Mistake("uphill",
                "You add the gradient; it points uphill. Descent subtracts it.",
                READ_DESCENT, _descend_with(change=lambda g: -g)),
        *(Mistake("point-missing",
                  "A point is missing: `steps` steps visit steps + 1 points, of which the start w0 "
                  "is the first and the end of the last step is the last.",
                  READ_DESCENT, _path_changed(change))
          for change in (lambda path, costs: (path[1:], costs[1:]),
                         lambda path, costs: (path[:-1], costs[:-1]))),
        Mistake("one-step-too-many",
                "You take one step too many: `steps` steps visit steps + 1 points.",
                READ_DESCENT,
                lambda f, grad, w0, lr, steps: _descend(f, grad, w0, lr, steps + 1)),
        Mistake("end-only",
                "You return the last point and its cost. All points are asked for, from the start "
                "on, and the cost at each.",
                READ_DESCENT, _path_changed(lambda path, costs: (path[-1], costs[-1]))),
        Mistake("costs-without-the-end",
                "The cost of the last point is missing: there is one cost for each point.",
                READ_DESCENT, _path_changed(lambda path, costs: (path, costs[:-1]))),
        Mistake("costs-without-the-start",
                "The cost of the start is missing: there is one cost for each point.",
                READ_DESCENT, _path_changed(lambda path, costs: (path, costs[1:]))),
        Mistake("cost-of-the-start-only",
                "All your costs are that of the start: call f at each point of the path.",
                READ_DESCENT,
                _path_changed(lambda path, costs: (path, np.full_like(costs, costs[0])))),
        Mistake("one-array-kept-many-times",
                "All rows of your path are the last point. The list holds one array many times, "
                "which `-=` has changed: append a copy, or write w = w - ...",
                READ_DESCENT,
                _path_changed(lambda path, costs: (np.repeat(path[-1:], len(path), 0), costs))),
        Mistake("rate-left-out",
                "The learning rate makes no difference: the step is lr times the gradient.",
                READ_DESCENT, lambda f, grad, w0, lr, steps: _descend(f, grad, w0, 1.0, steps)),
        Mistake("gradient-of-the-start",
                "Every step uses the gradient at the start. Compute it anew where you stand.",
                READ_DESCENT, _descend_with(at_start=True)),
        Mistake("gradient-normalised",
                "All your steps have the length lr. The gradient is not divided by its length: "
                "where it is short, steps are short.",
                READ_DESCENT, _descend_with(change=_unit)),
        *(Mistake("gradient-clipped",
                  "You shorten long gradients. The step is lr times the gradient, however long "
                  "that is.",
                  READ_DESCENT, _descend_with(change=change))
          for change in (_clipped(1.0), _clipped(5.0), _clipped(10.0),
                         lambda g: np.clip(g, -1, 1))),
        Mistake("stops-at-a-short-gradient",
                "You stop where the gradient is short. Here all `steps` steps are taken; when to "
                "stop is part 2.",
                READ_DESCENT,
                _descend_with(stop=lambda g, cost, after: np.linalg.norm(g) < 1e-6)),
        *(Mistake("stops-when-the-cost-rises",
                  "You stop where the cost rises. All `steps` steps are taken, whatever the cost "
                  "does: with too large a rate, one wants to see it.",
                  READ_DESCENT, wrong)
          for wrong in (_descend_with(stop=lambda g, cost, after: after > cost),
                        _rising_costs_leave)),
        Mistake("path-flattened",
                "Your path is flat: each of its points has the shape of w0.",
                READ_DESCENT,
                _path_changed(lambda path, costs: (path.reshape(len(path), -1), costs))),
        Mistake("path-of-whole-numbers",
                "From a start of whole numbers your path is cut to whole numbers. Make it an array "
                "of floats.",
                READ_DESCENT, _whole_numbers_kept),
    ],
    "descend_until": [
        Mistake("tested-after-the-step",
                "You take one step too many: look at the gradient before you step, not after it.",
                READ_STOPPING, _until(after=True)),
        Mistake("largest-entry-tested",
                "You test the largest entry of the gradient. Its length is asked for: the root of "
                "the sum of all squares.",
                READ_STOPPING, _until(lambda g, tol, lr: np.max(np.abs(g)) <= tol)),
        Mistake("sum-of-absolute-entries-tested",
                "You add up the sizes of the entries. The length is the root of the sum of their "
                "squares.",
                READ_STOPPING, _until(lambda g, tol, lr: np.sum(np.abs(g)) <= tol)),
        *(Mistake("mean-tested",
                  "You test a mean over the entries. The length of the gradient is the root of the "
                  "sum of all squares.",
                  READ_STOPPING, _until(rule))
          for rule in (lambda g, tol, lr: np.sqrt(np.mean(g**2)) <= tol,
                       lambda g, tol, lr: np.mean(np.abs(g)) <= tol)),
        *(Mistake("signs-not-removed",
                  "A large negative entry counts as small in your test. The length is the root of "
                  "the sum of all squares.",
                  READ_STOPPING, _until(rule))
          for rule in (lambda g, tol, lr: np.max(g) <= tol, lambda g, tol, lr: np.sum(g) <= tol)),
        Mistake("length-of-the-step-tested",
                "You test how far a step goes. With a small learning rate every step is short, "
                "everywhere: test the gradient itself.",
                READ_STOPPING, _until(lambda g, tol, lr: lr * np.linalg.norm(g) <= tol)),
        Mistake("square-tested",
                "You compare the square of the length with the tolerance: take the root.",
                READ_STOPPING, _until(lambda g, tol, lr: np.sum(g**2) <= tol)),
        *(Mistake("length-of-a-matrix",
                  "For a matrix your length is another one than for a vector. Here it is always "
                  "the root of the sum of the squares of all entries (for a matrix, "
                  "np.linalg.norm(g, 2) and an `axis` give other numbers).",
                  READ_STOPPING, _until(rule))
          for rule in (lambda g, tol, lr: np.linalg.norm(g, 2) <= tol,
                       lambda g, tol, lr: np.max(np.linalg.norm(g, axis=-1)) <= tol)),
        Mistake("equal-is-not-enough",
                "A gradient exactly as long as the tolerance is short enough: `<=`, not `<`.",
                READ_STOPPING, _until(lambda g, tol, lr: np.linalg.norm(g) < tol)),
        Mistake("points-counted",
                "Your number of steps is one too large: steps are counted, not points.",
                READ_STOPPING, _counted(lambda w, steps: (w, steps + 1))),
        *(Mistake("one-step-not-counted",
                  "Your number of steps is one too small. Indices count from 0: after the step "
                  "with the index k, k + 1 steps are taken.",
                  READ_STOPPING, wrong)
          for wrong in (_counted(lambda w, steps: (w, max(steps - 1, 0))),
                        _until(counted=lambda most: most - 1))),
        Mistake("one-step-beyond-the-maximum",
                "You take max_steps + 1 steps where no gradient is short enough.",
                READ_STOPPING, _until(at_most=1)),
        Mistake("one-step-short-of-the-maximum",
                "You take max_steps - 1 steps where no gradient is short enough.",
                READ_STOPPING, _until(at_most=-1)),
        Mistake("stops-where-the-gradient-grows",
                "You stop where the gradient grows. Nothing but its length and `max_steps` ends "
                "the descent.",
                READ_STOPPING, _until(grows=True)),
        Mistake("uphill",
                "You add the gradient; it points uphill. Descent subtracts it.",
                READ_DESCENT, _until(direction=-1.0)),
        Mistake("gradient-of-the-start",
                "You compute the gradient once, at the start. Compute it anew after each step.",
                READ_DESCENT, _until_with_the_first_gradient),
        Mistake("flattened",
                "Your w is flat: it has the shape of w0.",
                READ_STOPPING, _counted(lambda w, steps: (w.ravel(), steps))),
    ],
    "cosine_rates": [
        *(Mistake("warm-up-from-zero",
                  "Your first rate is 0, a step that goes nowhere. Step k of the warm-up has the "
                  "rate lr (k + 1) / warmup.",
                  READ_SCHEDULES, _rates(rise, _fall))
          for rise in (lambda k, w: k / w, lambda k, w: k / max(w - 1, 1))),
        Mistake("warm-up-ends-too-low",
                "Your warm-up does not reach lr: its last step has the rate lr.",
                READ_SCHEDULES, _rates(lambda k, w: (k + 1) / (w + 1), _fall)),
        Mistake("warm-up-left-out",
                "There is no warm-up: in the first `warmup` steps the rate rises in a line.",
                READ_SCHEDULES,
                lambda lr, T, w: 0.5 * lr * (1 + np.cos(np.pi * np.arange(T) / T))),
        Mistake("warm-up-not-among-the-steps",
                "You put the warm-up before `steps` further steps. It is the first of the `steps`.",
                READ_SCHEDULES, lambda lr, T, w: np.concatenate(
                    [lr * (np.arange(w) + 1) / max(w, 1), reference.cosine_rates(lr, T, 0)])),
        Mistake("warm-up-one-step-longer",
                "Your warm-up has a step too many: step `warmup` belongs to the cosine already.",
                READ_SCHEDULES, lambda lr, T, w: np.where(
                    np.arange(T) <= w, lr * (np.arange(T) + 1) / max(w, 1),
                    reference.cosine_rates(lr, T, w)) if w else reference.cosine_rates(lr, T, w)),
        Mistake("warm-up-times-cosine",
                "You multiply the cosine by the warm-up. In the warm-up the rate is "
                "lr (k + 1) / warmup and nothing else; the cosine begins after it.",
                READ_SCHEDULES, lambda lr, T, w: reference.cosine_rates(lr, T, 0) * np.minimum(
                    1, (np.arange(T) + 1) / max(w, 1))),
        Mistake("cosine-from-step-zero",
                "After the warm-up the cosine starts in the middle: it begins at lr with step "
                "`warmup`, so count from there.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos(np.pi * k / T)))),
        Mistake("cosine-over-all-steps",
                "Your cosine is stretched over all steps: the steps after the warm-up are "
                "steps - warmup.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos(np.pi * (k - w) / T)))),
        Mistake("half-left-out",
                "Your rates begin at 2 lr: the factor one half is missing.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: 2 * _fall(k, T, w))),
        Mistake("last-rate-zero",
                "Your last rate is 0, a wasted step. The cosine would reach 0 at step `steps`, "
                "which comes after the last.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos(
                    np.pi * (k - w) / np.maximum(T - w - 1, 1))))),
        Mistake("one-step-ahead",
                "Your cosine is one step ahead, so that its first rate is below lr already: k is "
                "`warmup` there, and the angle 0.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: _fall(k + 1, T, w))),
        Mistake("one-rate-too-many",
                "You return steps + 1 rates. The cosine would reach 0 at step `steps`, which comes "
                "after the last.",
                READ_SCHEDULES,
                lambda lr, T, w: np.append(reference.cosine_rates(lr, T, w), 0.0)),
        Mistake("cosine-rises",
                "Your cosine rises from 0 to lr; it should fall from lr towards 0.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: 1 - _fall(k, T, w))),
        *(Mistake("brackets",
                  "Your angle misses brackets: k - warmup as a whole is divided by steps - warmup "
                  "as a whole.",
                  READ_SCHEDULES, _rates(_rise, angle))
          for angle in (lambda k, T, w: 0.5 * (1 + np.cos(np.pi * k - w / (T - w))),
                        lambda k, T, w: 0.5 * (1 + np.cos(np.pi * (k - w) / T - w)))),
        Mistake("pi-left-out",
                "Your angle ends near 1. Half a cosine goes from the angle 0 to pi.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos((k - w) / (T - w))))),
        Mistake("degrees",
                "NumPy's cosine takes radians: half a turn is pi, not 180.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos(180 * (k - w) / (T - w))))),
        Mistake("sine",
                "You take the sine, which begins at 0. The cosine begins at 1.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.sin(np.pi * (k - w) / (T - w))))),
        Mistake("whole-cosine",
                "Your rate falls and rises again: half a cosine goes from the angle 0 to pi, not "
                "to 2 pi.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: 0.5 * (1 + np.cos(2 * np.pi * (k - w) / (T - w))))),
        Mistake("quarter-of-a-cosine",
                "You take a quarter of a cosine, from 1 to 0. Half a cosine goes from 1 to -1, and "
                "(1 + cos) / 2 from 1 to 0.",
                READ_SCHEDULES,
                _rates(_rise, lambda k, T, w: np.cos(0.5 * np.pi * (k - w) / (T - w)))),
        Mistake("straight-line",
                "After the warm-up your rate falls in a straight line; along half a cosine is "
                "asked for.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: 1 - (k - w) / (T - w))),
        Mistake("rate-left-out",
                "Your largest rate is 1, whatever lr is: multiply by lr.",
                READ_SCHEDULES, lambda lr, T, w: reference.cosine_rates(1.0, T, w)),
        Mistake("cut-to-whole-numbers",
                "Your rates are whole numbers: an array of ints cuts off what follows the point. "
                "Make it an array of floats.",
                READ_SCHEDULES, lambda lr, T, w: reference.cosine_rates(lr, T, w).astype(int)),
        *(Mistake("whole-number-division",
                  "`//` divides whole numbers and drops the rest. Divide with `/`.",
                  READ_SCHEDULES, _rates(rise, fall))
          for rise, fall in ((lambda k, w: (k + 1) // w, _fall),
                             (_rise, lambda k, T, w: 0.5 * (1 + np.cos(
                                 np.pi * ((k - w) // (T - w))))))),
    ],
    "numerical_gradient": [
        Mistake("forward-difference",
                "You take a forward difference, (f(w + h) - f(w)) / h. The central one looks to "
                "both sides and is far more exact.",
                READ_DIFFERENCES, _differences(1, 0, 1)),
        Mistake("backward-difference",
                "You take a backward difference, (f(w) - f(w - h)) / h. The central one looks to "
                "both sides and is far more exact.",
                READ_DIFFERENCES, _differences(0, -1, 1)),
        Mistake("divided-by-h",
                "Your gradient is twice too large: w + h and w - h are 2h apart.",
                READ_DIFFERENCES, _differences(1, -1, 1)),
        Mistake("not-divided",
                "Your answer is the difference of the two values: divide it by 2h.",
                READ_DIFFERENCES, lambda f, w, h: 2 * h * reference.numerical_gradient(f, w, h)),
        Mistake("times-h",
                "You multiply by h where you should divide: a / 2 * h is (a / 2) * h, so 2 * h "
                "needs brackets.",
                READ_DIFFERENCES, lambda f, w, h: h * h * reference.numerical_gradient(f, w, h)),
        Mistake("half-steps",
                "You look h/2 to each side. That is a central difference as well, but with "
                "another h: here it is h to each side.",
                READ_DIFFERENCES, _differences(0.5, -0.5, 1)),
        Mistake("double-steps",
                "You look 2h to each side; here it is h to each side.",
                READ_DIFFERENCES, _differences(2, -2, 4)),
        Mistake("sign",
                "Your gradient has the wrong sign: the value at w + h comes first.",
                READ_DIFFERENCES, _differences(-1, 1, 2)),
        Mistake("moved-back-only",
                "Your second value is f(w), not f(w - h): from w + h, moving back by h leads to w, "
                "and 2h is needed.",
                READ_DIFFERENCES, _differences(1, 0, 2)),
        *(Mistake("nothing-moves",
                  "Your two values of f are the same. Do w + h and w - h share one array, or do "
                  "you move a copy (`ravel` and `reshape` make one at times) and call f without "
                  "it?",
                  READ_ENTRIES, wrong)
          for wrong in (lambda f, w, h: np.zeros(np.shape(w)), _nothing_moves_in_fortran_order)),
        Mistake("entry-left-moved",
                "An entry that you have moved is not put back before the next one is moved.",
                READ_ENTRIES, _entry_left_moved),
        Mistake("all-entries-at-once",
                "You move all entries together. That gives one slope, in one direction: each "
                "entry has to be moved alone.",
                READ_ENTRIES, _all_at_once),
        Mistake("whole-rows-moved",
                "You move a whole row of a matrix. Each single entry has to be moved alone, "
                "however many axes there are: np.ndindex(w.shape) visits them.",
                READ_ENTRIES, _rows_moved),
        Mistake("flat",
                "Your gradient is flat; a gradient has the shape of what it belongs to.",
                READ_ENTRIES, lambda *args: reference.numerical_gradient(*args).ravel()),
        *(Mistake("another-h",
                  "Your step is not the `h` that is given. Use it as it is: no number of your own, "
                  "no least value, no factor.",
                  READ_DIFFERENCES, wrong)
          for wrong in (*(_with_h(lambda h, own=own: own) for own in (1e-3, 1e-4, 1e-5, 1e-6)),
                        *(_with_h(lambda h, least=least: max(h, least)) for least in (1e-3, 1e-4)),
                        _relative_step)),
    ],
    "relative_error": [
        Mistake("absolute-error",
                "You return the absolute error. Whether 1e-6 is much depends on the size of the "
                "gradients: divide by the sum of their lengths.",
                READ_ERROR, _error(lambda a, n: 1.0)),
        Mistake("entry-by-entry",
                "You compare entry by entry and take the worst. There, entries near 0 weigh as "
                "much as large ones: take the lengths of the whole arrays.",
                READ_ERROR, _entry_by_entry),
        *(Mistake("divided-by-one-length",
                  "You divide by the length of one of the two only. The sum of both is meant, so "
                  "that neither is privileged and the error is at most 1.",
                  READ_ERROR, _error(size))
          for size in (lambda a, n: np.linalg.norm(a), lambda a, n: np.linalg.norm(n),
                       lambda a, n: max(np.linalg.norm(a), np.linalg.norm(n)))),
        Mistake("twice-too-large",
                "Your error is twice too large, so it reaches 2: divide by the sum of the two "
                "lengths, not by their mean.",
                READ_ERROR, _error(off=lambda a, n: 2 * np.linalg.norm(a - n))),
        Mistake("length-of-the-sum",
                "You divide by the length of the sum a + n, which is 0 for opposite gradients. "
                "The sum of the two lengths is meant.",
                READ_ERROR, _error(lambda a, n: np.linalg.norm(a + n))),
        Mistake("root-of-both-squares",
                "You divide by the root of all squares together. The two lengths are added after "
                "the roots are taken.",
                READ_ERROR, _error(lambda a, n: np.sqrt(np.sum(a * a) + np.sum(n * n)))),
        Mistake("squared",
                "Your lengths are squared: take the roots of the sums of squares.",
                READ_ERROR, _error(lambda a, n: np.sum(a * a) + np.sum(n * n),
                                   lambda a, n: np.sum((a - n) ** 2))),
        Mistake("squares-below",
                "Below the line you add squared lengths: take their roots.",
                READ_ERROR, _error(lambda a, n: np.sum(a * a) + np.sum(n * n))),
        Mistake("brackets",
                "You divide by |a| and then add |n|: the sum of the two lengths needs brackets.",
                READ_ERROR, _error(lambda a, n: 1.0, lambda a, n: (
                    np.linalg.norm(a - n) / np.float64(np.linalg.norm(a)) + np.linalg.norm(n)))),
        Mistake("difference-of-lengths",
                "You subtract the lengths. Gradients of equal length may point anywhere: take the "
                "length of the difference.",
                READ_ERROR, _error(off=lambda a, n: abs(np.linalg.norm(a) - np.linalg.norm(n)))),
        Mistake("sums-of-absolute-entries",
                "Your lengths are sums of absolute entries; the root of the sum of squares is "
                "meant.",
                READ_ERROR, _error_of(lambda v: np.sum(np.abs(v)))),
        Mistake("largest-entries",
                "Your lengths are the largest entries; the root of the sum of all squares is "
                "meant.",
                READ_ERROR, _error_of(lambda v: np.max(np.abs(v)))),
        Mistake("signs-cancel",
                "You add up entries, where opposite signs cancel: the root of the sum of squares "
                "is meant.",
                READ_ERROR, _error_of(lambda v: np.abs(np.sum(v)))),
        Mistake("length-of-a-matrix",
                "For a matrix your length is another one than for a vector (np.linalg.norm(a, 2) "
                "is). Here it is always the root of the sum of the squares of all entries.",
                READ_ERROR, _error_of(_spectral)),
        *(Mistake("small-number-below",
                  "You add a small number below the line. For gradients as small as that number it "
                  "changes the error: treat two zeros as a case of their own.",
                  READ_ERROR, _error(lambda a, n, small=small: _both_lengths(a, n) + small))
          for small in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9)),
        Mistake("zero-if-either-is-zero",
                "You return 0 where one of the two is zero. Then they differ as much as they can: "
                "only two zeros agree.",
                READ_ERROR, lambda a, n: reference.relative_error(a, n)
                if np.any(a) and np.any(n) else 0.0),
        Mistake("zeros-disagree",
                "For two gradients of zeros you return 1. They agree: the error is 0.",
                READ_ERROR, _error(nothing=1.0)),
        Mistake("zero-over-zero",
                "For two gradients of zeros you compute 0/0. They agree: the error is 0.",
                READ_ERROR, _error(nothing=None)),
    ],
    "minibatches": list(BATCHES.values()),
    "gradient_noise": [
        Mistake("about-the-full-gradient",
                "You measure the squared distance from the full gradient. The variance is about "
                "the mean of the batch gradients; what remains is the bias.",
                READ_SCATTER, _noise(centre=lambda G, g: g)),
        Mistake("not-about-the-mean",
                "You average the squared lengths of the gradients themselves: subtract their mean "
                "first.",
                READ_SCATTER, _noise(centre=lambda G, g: 0 * g)),
        Mistake("divided-by-one-less",
                "You divide by M - 1. Here it is a plain mean over the M gradients; for M = 1 the "
                "variance is 0.",
                READ_SCATTER, _noise(spread=_divided_by_one_less)),
        Mistake("mean-over-entries",
                "You average over the entries too. The squared length of a vector is the sum of "
                "its squares.",
                READ_SCATTER, _noise(spread=np.mean)),
        Mistake("variance-by-entry",
                "You return a variance for each entry. Their sum, a single number, is asked for.",
                READ_SCATTER, _noise(spread=lambda V: V.mean(axis=0), flat=False)),
        Mistake("variance-by-row",
                "You return a variance for each row of a gradient. Their sum, a single number, is "
                "asked for.",
                READ_SCATTER, _noise(spread=lambda V: V.sum(axis=-1).mean(axis=0), flat=False)),
        Mistake("standard-deviation",
                "You return the root of the variance; the mean squared distance is asked for.",
                READ_SCATTER, _noise(spread=lambda V: np.sqrt(np.mean(V.sum(axis=1))))),
        Mistake("distances-not-squared",
                "You average the distances; their squares are to be averaged.",
                READ_SCATTER, _noise(spread=lambda V: np.mean(np.sqrt(V.sum(axis=1))))),
        Mistake("summed",
                "You add up the squared distances of all batches; their mean is asked for.",
                READ_SCATTER, _noise(spread=np.sum)),
        Mistake("mean-of-all-numbers",
                "You take the mean of all numbers of all gradients. The mean of the gradients has "
                "their shape: take it over axis 0 only.",
                READ_BIAS, _noise(mean=lambda G, g: G.mean())),
        Mistake("variance-of-all-numbers",
                "You take the variance of all numbers of all gradients (np.var without an axis). "
                "Each entry varies about its own mean, and their variances are added up.",
                READ_SCATTER, lambda G, g: (reference.gradient_noise(G, g)[0], np.var(G))),
        Mistake("sum-for-the-mean",
                "You add up the gradients and do not divide by M: their mean is asked for.",
                READ_BIAS, _noise(mean=lambda G, g: G.sum(axis=0))),
        Mistake("bias-squared",
                "You return the squared length of the bias; its length is asked for.",
                READ_BIAS, _noise(bias=lambda d: np.sum(d * d))),
        Mistake("bias-averaged",
                "You return the mean of the bias's entries, where opposite signs cancel. Its "
                "length is asked for.",
                READ_BIAS, _noise(bias=np.mean)),
        Mistake("bias-summed",
                "You add up the absolute entries of the bias. Its length is the root of the sum of "
                "their squares.",
                READ_BIAS, _noise(bias=lambda d: np.sum(np.abs(d)))),
        Mistake("bias-by-entry",
                "You return the bias of each entry. Its length, a single number, is asked for.",
                READ_BIAS, _noise(bias=lambda d: d, flat=False,
                                  spread=lambda V: np.sum(V) / len(V))),
        Mistake("length-of-a-matrix",
                "For a matrix your length is another one than for a vector (np.linalg.norm(d, 2) "
                "is). Here it is always the root of the sum of the squares of all entries.",
                READ_BIAS, _noise(bias=_spectral, flat=False, spread=lambda V: np.sum(V) / len(V))),
        Mistake("difference-of-lengths",
                "You subtract lengths. Gradients of equal length may point anywhere: take the "
                "length of the difference.",
                READ_BIAS, _difference_of_lengths),
        Mistake("bias-relative",
                "You divide the bias by the length of the gradient; its length as it is is asked "
                "for.",
                READ_BIAS, _bias_per_length),
    ],
    "softmax_loss": LOSS_MISTAKES,
    "sgd": [
        *(Mistake("one-batch-an-epoch",
                  "You take one step in every epoch. An epoch goes through all its batches, of "
                  "`batch_size` examples each.",
                  READ_LOOP, wrong)
          for wrong in (_sgd_with(cut=_first_only), _arguments_changed(
              lambda loss, X, y, W, b, reg, size, *rest:
              (loss, X, y, W, b, reg, len(X), *rest)))),
        *(Mistake("one-step-an-epoch",
                  "You take one step in every epoch, with the gradients of all its batches. Each "
                  "batch is followed by its own step.",
                  READ_LOOP, _one_step_an_epoch(mean)) for mean in (True, False)),
        *(Mistake("losses-by-epoch",
                  "You record a loss for each epoch; one for each batch is asked for.",
                  READ_LOOP, _recorded(change))
          for change in (lambda losses, sizes: losses.mean(axis=1),
                         lambda losses, sizes: losses[:, -1],
                         lambda losses, sizes: losses.sum(axis=1))),
        Mistake("losses-added-up",
                "Each of your losses holds those before it: record the batch's own.",
                READ_LOOP, _recorded(lambda losses, sizes: np.cumsum(losses))),
        Mistake("losses-times-the-size",
                "You multiply the losses by the number of examples in the batch: record what "
                "`loss` returns.",
                READ_LOOP, _recorded(lambda losses, sizes: (losses * sizes).ravel())),
        Mistake("loss-after-the-step",
                "You record the loss after the step; the one before it is asked for, that the "
                "gradients belong to.",
                READ_LOOP, _sgd_with(record=lambda loss, X, y, rows, V, c, W, b, reg: loss(
                    X[rows], y[rows], W, b, reg)[0])),
        Mistake("regularisation-added-to-the-losses",
                "You add the penalty to the losses. What `loss` returns holds it already.",
                READ_LOOP, _sgd_with(record=lambda loss, X, y, rows, V, c, W, b, reg: loss(
                    X[rows], y[rows], V, c, reg)[0] + 0.5 * reg * np.sum(V * V))),
        Mistake("first-rate-only",
                "You use the first learning rate throughout: `rates` has one for each epoch.",
                READ_SCHEDULES, _sgd_with(rate=lambda rates, epoch, batch: rates[0])),
        *(Mistake("rate-of-another-epoch",
                  "Your epochs use each other's rates: epoch k has the rate rates[k], counted "
                  "from 0.",
                  READ_SCHEDULES, _sgd_with(rate=rate))
          for rate in (lambda rates, epoch, batch: rates[epoch - 1],
                       lambda rates, epoch, batch: rates[max(epoch - 1, 0)],
                       lambda rates, epoch, batch: rates[min(epoch + 1, len(rates) - 1)])),
        Mistake("rate-by-batch",
                "You change the rate from batch to batch. It is the same in all steps of an epoch.",
                READ_SCHEDULES, _sgd_with(rate=lambda rates, epoch, batch: rates[
                    batch % len(rates)])),
        Mistake("one-epoch-short",
                "You run an epoch too few: one for each of the rates.",
                READ_LOOP, _arguments_changed(
                    lambda loss, X, y, W, b, reg, size, rates, rng:
                    (loss, X, y, W, b, reg, size, rates[:-1], rng))),
        Mistake("regularisation-not-passed-on",
                "`reg` makes no difference: pass it on to the loss.",
                READ_LOOP, _arguments_changed(
                    lambda loss, X, y, W, b, reg, *rest: (loss, X, y, W, b, 0.0, *rest))),
        Mistake("regularisation-twice",
                "You add reg * W to the gradient. What `loss` returns holds it already.",
                READ_LOOP, _sgd_with(
                    step=lambda dW, db, W, b, reg, count, size: (dW + reg * W, db))),
        Mistake("biases-not-trained",
                "The biases do not move: they take a step as the weights do.",
                READ_LOOP, _sgd_with(step=lambda dW, db, *_: (dW, 0 * db))),
        Mistake("weights-not-trained",
                "The weights do not move: they take a step as the biases do.",
                READ_LOOP, _sgd_with(step=lambda dW, db, *_: (0 * dW, db))),
        Mistake("uphill",
                "You add the gradients, and they point uphill: subtract them.",
                READ_LOOP, _sgd_with(step=lambda dW, db, *_: (-dW, -db))),
        Mistake("divided-by-the-batch",
                "You divide the gradients by the size of the batch. They are those of a mean "
                "already.",
                READ_LOOP, _sgd_with(
                    step=lambda dW, db, W, b, reg, count, size: (dW / count, db / count))),
        Mistake("smaller-batch-smaller-step",
                "In the last, smaller batch you take a smaller step. Each batch's step is the rate "
                "times its gradient.",
                READ_LOOP, _sgd_with(step=lambda dW, db, W, b, reg, count, size: (
                    dW * count / size, db * count / size))),
        Mistake("biases-after-the-weights",
                "You compute the biases' gradient after the weights have moved. Both belong to the "
                "same W and b: call `loss` once, then move both.",
                READ_LOOP, _weights_first),
        Mistake("last-batch-left-out",
                "The examples that do not fill a whole batch are left out.",
                READ_LOOP, _sgd_with(cut=BATCHES["last-batch-dropped"].wrong)),
        Mistake("started-from-zero",
                "You start from zeros: begin with the W and b that are given.",
                READ_LOOP, _arguments_changed(
                    lambda loss, X, y, W, b, *rest: (loss, X, y, 0 * W, 0 * b, *rest))),
        Mistake("started-anew-in-every-epoch",
                "Every epoch starts from the given W and b. Each goes on from where the one before "
                "it ended.",
                READ_LOOP, _sgd_with(restart=True)),
        Mistake("own-loss",
                "You call your own `softmax_loss`. The loss to use is the argument `loss`.",
                READ_LOOP, _arguments_changed(
                    lambda loss, *rest: (reference.softmax_loss, *rest))),
        *EPOCHS.values(),
    ],
}
