"""Known wrong answers to hw3_gradient_descent, with what to tell the student who gives them."""

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


def _descend(f, grad, w0, lr, steps, *, direction=1.0, at_start=False, normalised=False):
    """Gradient descent with one thing about it wrong."""
    w = np.array(w0, np.float64)
    first, path = grad(w), [w]
    for _ in range(steps):
        g = first if at_start else grad(w)
        w = w - direction * lr * (g / np.linalg.norm(g) if normalised else g)
        path.append(w)
    return np.array(path), np.array([f(w) for w in path])


def _descend_with(**wrong):
    return lambda *args: _descend(*args, **wrong)


def _path_changed(change):
    """Path and costs as they should be, changed by `change(path, costs)`."""
    return lambda *args: change(*reference.gradient_descent(*args))


def _without_rate(f, grad, w0, lr, steps):
    return _descend(f, grad, w0, 1.0, steps)


def _until(short, *, after=False, at_most=0):
    """`descend_until` with another rule `short(g, tol, lr)`, or with the test after the step."""

    def run(grad, w0, lr, tol, max_steps):
        w = np.array(w0, np.float64)
        for step in range(max_steps + at_most):
            g = grad(w)
            if short(g, tol, lr):
                return (w - lr * g, step + 1) if after else (w, step)
            w = w - lr * g
        return w, max_steps + at_most

    return run


def _length(g, tol, lr):
    return np.linalg.norm(g) <= tol


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


def _own_h(f, w, h):
    return reference.numerical_gradient(f, w, 1e-5)


def _error(size, off=np.linalg.norm):
    """`off(a - n) / size(a, n)`, 0 where the size is."""

    def run(a, n):
        a, n = np.asarray(a, np.float64), np.asarray(n, np.float64)
        return off(a - n) / size(a, n) if size(a, n) else 0.0

    return run


def _entry_by_entry(a, n):
    return np.max(np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8))


def _zero_over_zero(a, n):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.linalg.norm(a - n) / np.float64(np.linalg.norm(a) + np.linalg.norm(n))


def _noise(bias=np.linalg.norm, about_gradient=False, spread=lambda V: np.mean(V.sum(axis=1))):
    """Bias and variance with another length, another centre or another mean of the squares."""

    def run(G, g):
        G = np.asarray(G, np.float64).reshape(len(G), -1)
        g = np.ravel(np.asarray(g, np.float64))
        centre = g if about_gradient else G.mean(axis=0)
        return bias(G.mean(axis=0) - g), spread((G - centre) ** 2)

    return run


def _divided_by_one_less(V):
    return V.sum() / (len(V) - 1) if len(V) > 1 else np.nan


def _order(num_examples, rng):
    return rng.permutation(num_examples)


def _cut(order, batch_size):
    return [order[i:i + batch_size] for i in range(0, len(order), batch_size)]


def _with_empty_batch(N, m, rng):
    order = _order(N, rng)
    return [order[i * m:(i + 1) * m] for i in range(N // m + 1)]


def _of_equal_size(N, m, rng):
    return np.array_split(_order(N, rng), -(-N // m))


def _order_of_batches_only(N, m, rng):
    batches = _cut(np.arange(N), m)
    return [batches[i] for i in _order(len(batches), rng)]


BATCHES = {mistake.name: mistake for mistake in (
    Mistake("with-replacement",
            "Some indices come twice in an epoch. Shuffle all of them once and cut the result "
            "into pieces; drawing each batch anew leaves examples out.",
            READ_LOOP, lambda N, m, rng: [rng.integers(0, N, size=min(m, N - i))
                                          for i in range(0, N, m)]),
    Mistake("last-batch-dropped",
            "The examples that do not fill a whole batch are left out. They form a last, smaller "
            "batch.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, rng)[:N // m * m], m)),
    Mistake("empty-batch",
            "There is an empty batch, whose mean would be nan. When the batch size divides the "
            "number of examples, nothing is left for a last batch.",
            READ_LOOP, _with_empty_batch),
    Mistake("batches-of-equal-size",
            "Your batches have nearly equal sizes. All are to have `batch_size` entries, except "
            "the last, which takes what is left.",
            READ_LOOP, _of_equal_size),
    Mistake("not-shuffled",
            "The indices come in their original order. Shuffle them, or batches of sorted data "
            "hold one class only.",
            READ_LOOP, lambda N, m, rng: _cut(np.arange(N), m)),
    Mistake("order-of-batches-only",
            "You shuffle the batches and not the examples: neighbours always stay together.",
            READ_LOOP, _order_of_batches_only),
    Mistake("own-seed",
            "Different generators give the same order. Draw from `rng` and from nothing else, "
            "without a seed of your own: every epoch is to have another order.",
            READ_LOOP, lambda N, m, rng: _cut(_order(N, np.random.default_rng(0)), m)),
    Mistake("counted-from-one",
            "Your indices run from 1. The first example has the index 0, and the index N is out "
            "of range.",
            READ_LOOP, lambda N, m, rng: _cut(1 + _order(N, rng), m)),
)}


def _sgd(loss, X, y, W, b, reg, batch_size, rates, rng, *, cut=reference.minibatches, bias=1.0,
         zeros=False, first_rate=False, no_reg=False, first_batch=False, whole=False,
         labels_left=False, once=False, per_epoch=False, gradient_of_first=False):
    """Minibatch descent with one thing about it wrong."""
    if zeros:
        W, b = np.zeros_like(W), np.zeros_like(b)
    losses, kept = [], cut(len(X), batch_size, rng) if once else None
    for lr in rates:
        lr, seen = rates[0] if first_rate else lr, []
        for rows in kept or cut(len(X), batch_size, rng)[:1 if first_batch else None]:
            labels = y[:len(rows)] if labels_left else y[rows]
            batch = (X, y) if whole else (X[rows], labels)
            value, dW, db = loss(*batch, W, b, 0.0 if no_reg else reg)
            W, b = W - lr * dW, b - lr * bias * db
            seen.append(value)
        losses += [np.mean(seen)] if per_epoch else seen
    return W, b, losses


def _sgd_with(**wrong):
    return lambda *args: _sgd(*args, **wrong)


EPOCHS = {mistake.name: mistake for mistake in (
    Mistake("labels-not-chosen-along",
            "The labels do not belong to the examples: choose the rows of `y` with the same "
            "indices as those of `X`.",
            READ_LOOP, _sgd_with(labels_left=True)),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _sgd_with(once=True)),
    Mistake("batches-not-shuffled",
            "The batches follow the original order of the examples.",
            READ_LOOP, _sgd_with(cut=BATCHES["not-shuffled"].wrong)),
    Mistake("batches-with-replacement",
            "Some examples come twice in an epoch and others not at all.",
            READ_LOOP, _sgd_with(cut=BATCHES["with-replacement"].wrong)),
    Mistake("whole-set-in-every-step",
            "Every step uses all examples: pass the rows of the batch to the loss.",
            READ_LOOP, _sgd_with(whole=True)),
    Mistake("started-from-zero",
            "You start from zeros: begin with the W and b that are given.",
            READ_LOOP, _sgd_with(zeros=True)),
)}

MISTAKES = {
    "gradient_descent": [
        Mistake("uphill",
                "You add the gradient; it points uphill. Descent subtracts it.",
                READ_DESCENT, _descend_with(direction=-1.0)),
        *(Mistake("point-missing",
                  "A point is missing: `steps` steps visit steps + 1 points, of which the start w0 "
                  "is the first and the end of the last step is the last.",
                  READ_DESCENT, _path_changed(change))
          for change in (lambda path, costs: (path[1:], costs[1:]),
                         lambda path, costs: (path[:-1], costs[:-1]))),
        Mistake("costs-without-the-end",
                "The cost of the last point is missing: there is one cost for each point.",
                READ_DESCENT, _path_changed(lambda path, costs: (path, costs[:-1]))),
        Mistake("one-array-kept-many-times",
                "All rows of your path are the last point. The list holds one array many times, "
                "which `-=` has changed: append a copy, or write w = w - ...",
                READ_DESCENT,
                _path_changed(lambda path, costs: (np.repeat(path[-1:], len(path), 0), costs))),
        Mistake("rate-left-out",
                "The learning rate makes no difference: the step is lr times the gradient.",
                READ_DESCENT, _without_rate),
        Mistake("gradient-of-the-start",
                "Every step uses the gradient at the start. Compute it anew where you stand.",
                READ_DESCENT, _descend_with(at_start=True)),
        Mistake("gradient-normalised",
                "All your steps have the length lr. The gradient is not divided by its length: "
                "where it is short, steps are short.",
                READ_DESCENT, _descend_with(normalised=True)),
    ],
    "descend_until": [
        Mistake("tested-after-the-step",
                "You take one step too many: look at the gradient before you step, not after it.",
                READ_STOPPING, _until(_length, after=True)),
        Mistake("largest-entry-tested",
                "You test the largest entry of the gradient. Its length is asked for: the root of "
                "the sum of all squares.",
                READ_STOPPING, _until(lambda g, tol, lr: np.max(np.abs(g)) <= tol)),
        Mistake("mean-square-tested",
                "You test the root of the mean square. The length of the gradient is the root of "
                "the sum of all squares.",
                READ_STOPPING, _until(lambda g, tol, lr: np.sqrt(np.mean(g**2)) <= tol)),
        Mistake("length-of-the-step-tested",
                "You test how far a step goes. With a small learning rate every step is short, "
                "everywhere: test the gradient itself.",
                READ_STOPPING, _until(lambda g, tol, lr: lr * np.linalg.norm(g) <= tol)),
        Mistake("square-tested",
                "You compare the square of the length with the tolerance: take the root.",
                READ_STOPPING, _until(lambda g, tol, lr: np.sum(g**2) <= tol)),
        Mistake("equal-is-not-enough",
                "A gradient exactly as long as the tolerance is short enough: `<=`, not `<`.",
                READ_STOPPING, _until(lambda g, tol, lr: np.linalg.norm(g) < tol)),
        Mistake("points-counted",
                "Your number of steps is one too large: steps are counted, not points.",
                READ_STOPPING, _counted(lambda w, steps: (w, steps + 1))),
        Mistake("one-step-beyond-the-maximum",
                "You take max_steps + 1 steps where no gradient is short enough.",
                READ_STOPPING, _until(_length, at_most=1)),
    ],
    "cosine_rates": [
        Mistake("warm-up-from-zero",
                "Your first rate is 0, a step that goes nowhere. Step k of the warm-up has the "
                "rate lr (k + 1) / warmup.",
                READ_SCHEDULES, _rates(lambda k, w: k / w, _fall)),
        Mistake("warm-up-left-out",
                "There is no warm-up: in the first `warmup` steps the rate rises in a line.",
                READ_SCHEDULES,
                lambda lr, T, w: 0.5 * lr * (1 + np.cos(np.pi * np.arange(T) / T))),
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
        Mistake("cosine-rises",
                "Your cosine rises from 0 to lr; it should fall from lr towards 0.",
                READ_SCHEDULES, _rates(_rise, lambda k, T, w: 1 - _fall(k, T, w))),
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
        Mistake("half-steps",
                "You look h/2 to each side. That is a central difference as well, but with "
                "another h: here it is h to each side.",
                READ_DIFFERENCES, _differences(0.5, -0.5, 1)),
        Mistake("sign",
                "Your gradient has the wrong sign: the value at w + h comes first.",
                READ_DIFFERENCES, _differences(-1, 1, 2)),
        Mistake("entry-left-moved",
                "An entry that you have moved is not put back before the next one is moved.",
                READ_ENTRIES, _entry_left_moved),
        Mistake("all-entries-at-once",
                "You move all entries together. That gives one slope, in one direction: each "
                "entry has to be moved alone.",
                READ_ENTRIES, _all_at_once),
        Mistake("flat",
                "Your gradient is flat; a gradient has the shape of what it belongs to.",
                READ_ENTRIES, lambda *args: reference.numerical_gradient(*args).ravel()),
        Mistake("h-ignored",
                "The step `h` that is given makes no difference to your answer.",
                READ_DIFFERENCES, _own_h),
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
        Mistake("length-of-the-sum",
                "You divide by the length of the sum a + n, which is 0 for opposite gradients. "
                "The sum of the two lengths is meant.",
                READ_ERROR, _error(lambda a, n: np.linalg.norm(a + n))),
        Mistake("squared",
                "Your lengths are squared: take the roots of the sums of squares.",
                READ_ERROR, _error(lambda a, n: np.sum(a * a) + np.sum(n * n),
                                   lambda d: np.sum(d * d))),
        Mistake("zero-over-zero",
                "For two gradients of zeros you compute 0/0. They agree: the error is 0.",
                READ_ERROR, _zero_over_zero),
    ],
    "minibatches": list(BATCHES.values()),
    "gradient_noise": [
        Mistake("about-the-full-gradient",
                "You measure the squared distance from the full gradient. The variance is about "
                "the mean of the batch gradients; what remains is the bias.",
                READ_SCATTER, _noise(about_gradient=True)),
        Mistake("divided-by-one-less",
                "You divide by M - 1. Here it is a plain mean over the M gradients; for M = 1 the "
                "variance is 0.",
                READ_SCATTER, _noise(spread=_divided_by_one_less)),
        Mistake("mean-over-entries",
                "You average over the entries too. The squared length of a vector is the sum of "
                "its squares.",
                READ_SCATTER, _noise(spread=np.mean)),
        Mistake("standard-deviation",
                "You return the root of the variance; the mean squared distance is asked for.",
                READ_SCATTER, _noise(spread=lambda V: np.sqrt(np.mean(V.sum(axis=1))))),
        Mistake("summed",
                "You add up the squared distances of all batches; their mean is asked for.",
                READ_SCATTER, _noise(spread=np.sum)),
        Mistake("bias-squared",
                "You return the squared length of the bias; its length is asked for.",
                READ_BIAS, _noise(bias=lambda d: np.sum(d * d))),
        Mistake("bias-averaged",
                "You return the mean of the bias's entries, where opposite signs cancel. Its "
                "length is asked for.",
                READ_BIAS, _noise(bias=np.mean)),
    ],
    "softmax_loss": LOSS_MISTAKES,
    "sgd": [
        Mistake("one-batch-an-epoch",
                "You take one batch in every epoch. An epoch goes through all of them.",
                READ_LOOP, _sgd_with(first_batch=True)),
        Mistake("losses-by-epoch",
                "You record a loss for each epoch; one for each batch is asked for.",
                READ_LOOP, _sgd_with(per_epoch=True)),
        Mistake("first-rate-only",
                "You use the first learning rate throughout: `rates` has one for each epoch.",
                READ_SCHEDULES, _sgd_with(first_rate=True)),
        Mistake("regularisation-not-passed-on",
                "`reg` makes no difference: pass it on to the loss.",
                READ_LOOP, _sgd_with(no_reg=True)),
        Mistake("biases-not-trained",
                "The biases do not move: they take a step as the weights do.",
                READ_LOOP, _sgd_with(bias=0.0)),
        Mistake("last-batch-left-out",
                "The examples that do not fill a whole batch are left out.",
                READ_LOOP, _sgd_with(cut=BATCHES["last-batch-dropped"].wrong)),
        *EPOCHS.values(),
    ],
}
