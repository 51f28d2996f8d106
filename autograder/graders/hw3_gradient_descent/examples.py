"""Small public inputs, the smallest first, on one of which a student's wrong function shows."""

import numpy as np

from autograder.api import Example, Made
from autograder.graders.hw2_softmax.examples import EXAMPLES as OF_HW2

VECTORS = [[3.0], [1.0, -2.0], [3.0, 4.0], [-4.0, 2.0, 1.0]]
MATRIX = [[1.0, 2.0], [-2.0, 1.0]]
GENERATOR = Made("generator", (0,))


def _bowl(curvatures, minimum, names=("quadratic", "quadratic_gradient")):
    """f(w) with these curvatures and this minimum, and its gradient."""
    A = np.diag(np.array(curvatures, float))
    return tuple(Made(name, (A, A @ np.array(minimum, float))) for name in names)


def _round(w0, names=("quadratic", "quadratic_gradient")):
    """The sum of squares of as many numbers as `w0` has."""
    return _bowl([2.0] * np.size(w0), [0.0] * np.size(w0), names)


def _gradient_descent():
    for w0 in VECTORS[:2]:
        yield *_round(w0), np.array(w0), 0.25, 1
    yield *_bowl([1.0, 4.0], [1.0, 0.5]), np.array([3.0, -1.0]), 0.125, 1
    yield *_round([0, 0]), np.array([3.0, -1.0]), 0.25, 2
    yield *_bowl([1.0, 4.0], [1.0, 0.5]), np.array([3.0, -1.0]), 0.125, 3
    yield *_round([0, 0]), np.array([3.0, -1.0]), 0.25, 0
    yield *_round([0, 0]), np.array([[3.0], [-1.0]]), 0.25, 1
    yield *_round([0, 0]), np.array([[3.0, -1.0]]), 0.25, 2
    yield *_round([0, 0]), np.array([3, 1]), 0.25, 2
    yield *_round([0, 0]), np.array([3.0, 1.0], np.float32), 0.25, 2
    yield *_round([0, 0]), np.zeros(2), 0.25, 2
    yield *_round([0, 0]), np.array([1.0, -1.0]), 1.5, 3
    yield *_round([0, 0]), np.array([40.0, -30.0]), 0.25, 2


def _descend_until():
    gradient = ("quadratic_gradient",)
    for w0, tol, most in [(VECTORS[0], 4.0, 9), (VECTORS[1], 3.0, 9), (VECTORS[2], 6.0, 9),
                          (VECTORS[2], 10.0, 9), (VECTORS[2], 10.5, 9), (VECTORS[2], 0.0, 3),
                          (VECTORS[2], 0.0, 1), (VECTORS[3], 2.0, 9), ([0.0, 0.0], 0.0, 3)]:
        yield *_round(w0, gradient), np.array(w0), 0.25, tol, most
    yield *_round([0, 0], gradient), np.array([[3.0], [-4.0]]), 0.25, 6.0, 9
    yield *_round(range(4), gradient), np.array(MATRIX), 0.25, 5.0, 9
    yield *_round(range(4), gradient), np.array([[2.0, 1.0], [0.0, 1.0]]), 0.25, 4.8, 9
    yield *_round([0, 0], gradient), np.array([3.0, 4.0]), 0.0625, 1.0, 20
    yield *_round([0, 0], gradient), np.array([3.0, -4.0]), 1.5, 1.0, 4
    yield *_bowl([1.0, 4.0], [1.0, 0.5], gradient), np.array([3.0, -1.0]), 0.125, 0.5, 30
    yield *_round([0, 0], gradient), np.array([3.0, 4.0], np.float32), 0.25, 1.0, 9


def _cosine_rates():
    for lr in (1.0, 0.5, 2.0):
        yield from [(lr, 1, 0), (lr, 2, 0), (lr, 3, 0), (lr, 1, 1), (lr, 2, 1), (lr, 4, 2),
                    (lr, 6, 2), (lr, 4, 4)]


def _numerical_gradient():
    f, square = _round([0, 0], ("quadratic",)), _round([0], ("quadratic",))
    yield *square, np.array([3.0]), 0.5
    yield *f, np.array([3.0, -1.0]), 0.5
    yield Made("cubic", (np.array([1.0]),)), np.array([2.0]), 0.5
    yield Made("cubic", (np.array([1.0, -2.0]),)), np.array([2.0, 0.5]), 0.25
    yield Made("cubic", (np.array([1.0]),)), np.zeros(1), 0.25
    yield Made("cubic", (np.array([1.0]),)), np.zeros(1), 1e-5
    yield Made("quadratic", (np.array([[2.0, 1.0], [1.0, 4.0]]), np.array([1.0, -1.0]))), \
        np.array([3.0, -1.0]), 0.125
    yield *f, np.array([[3.0], [-1.0]]), 0.5
    yield *f, np.array([[3.0, -1.0]]), 0.5
    yield *f, np.array([[[3.0], [-1.0]]]), 0.5
    yield *_round(range(4), ("quadratic",)), np.array(MATRIX), 0.5
    yield *_round(range(4), ("quadratic",)), np.asfortranarray(MATRIX), 0.5


def _relative_error():
    a = np.array([3.0, 4.0])
    for one, other in [([1.0], [3.0]), ([3.0], [1.0]), ([1.0], [-1.0]), ([2.0], [2.0]),
                       ([1.0], [0.0]), ([0.0], [1.0]), ([0.0], [0.0]), ([3.0, 4.0], [0.0, 0.0]),
                       ([3.0, 4.0], [3.0, 5.0]), ([3.0, 4.0], [-4.0, 3.0]),
                       ([1.0, -1.0, 2.0], [2.0, 1.0, 0.0])]:
        yield np.array(one), np.array(other)
    yield 1e-7 * a, 3e-7 * a
    yield 1e6 * a, 3e6 * a
    yield np.array(MATRIX), np.array([[1.0, 0.0], [0.0, 1.0]])
    yield np.ones((1, 2, 2)), np.array([[MATRIX[0], MATRIX[1]]])
    yield np.array([3, 4], np.float32), np.array([1, 0], np.float32)


def _minibatches():
    """Sizes first; then an order that is random, and which generator decides it."""
    seen = {}

    def epoch(num_examples, batch_size, made=GENERATOR, unlike=None, wanted="", name=None):
        full, rest = divmod(num_examples, batch_size)
        sizes = [batch_size] * full + [rest] * (rest > 0)

        def right(batches):
            order = [int(index) for batch in batches for index in batch]
            seen[name] = order
            apart = num_examples < 20 or all(np.ptp(batch) >= batch_size for batch in batches)
            return ([len(batch) for batch in batches] == sizes and apart
                    and sorted(order) == list(range(num_examples))
                    and (num_examples < 20 or order != sorted(order))
                    and (unlike is None or order != seen.get(unlike)))

        return Example((num_examples, batch_size, made), right, wanted or (
            f"each of 0 to {num_examples - 1} once, in batches of the sizes {sizes}"
            if num_examples > 1 else "one batch, which holds 0"))

    for num_examples, batch_size in [(1, 1), (2, 1), (2, 2), (1, 3), (3, 2), (4, 2), (5, 2), (5, 3),
                                     (7, 3)]:
        yield epoch(num_examples, batch_size)
    yield epoch(24, 12, name="first", wanted="a random order of 0 to 23, in two batches of 12")
    yield epoch(24, 12, Made("generator", (1,)), "first",
                "another order than np.random.default_rng(0) gives")
    lasting = Made("lasting_generator", (0,))
    yield epoch(24, 12, lasting, name="call", wanted="a random order of 0 to 23")
    yield epoch(24, 12, lasting, "call",
                "another order than the same call gave before: run it twice")


def _gradient_noise():
    for batches, gradient in [([[1.0]], [1.0]), ([[1.0], [3.0]], [2.0]), ([[1.0], [3.0]], [5.0]),
                              ([[1.0], [2.0], [6.0]], [1.0]), ([[1.0, 2.0]], [4.0, 6.0]),
                              ([[1.0, 0.0], [3.0, 4.0]], [2.0, 2.0]),
                              ([[1.0, 0.0], [3.0, 4.0]], [-1.0, 6.0]),
                              ([[0.0, 1.0], [0.0, 4.0], [3.0, 4.0]], [1.0, 1.0]),
                              ([[2.0, 1.0], [2.0, 1.0]], [2.0, 1.0])]:
        yield np.array(batches), np.array(gradient)
    G = np.array([MATRIX, [[3.0, 2.0], [0.0, 5.0]]])
    yield G, np.array([[0.0, 1.0], [-2.0, 5.0]])
    yield G.astype(np.float32), np.zeros((2, 2), np.float32)
    yield np.ones((2, 1, 2, 1)), np.zeros((1, 2, 1))


def _sgd():
    """Equal examples, of which the order does not matter; then different ones."""
    W, b = np.array([[1.0], [-2.0]]), np.array([0.5, 0.0])

    def run(count, reg, batch_size, rates, loss="squared_loss", W=W, b=b, label=1, **kinds):
        return (Made(loss), np.full((count, 1), 2.0, kinds.get("X", float)), np.full(count, label),
                W, b, reg, batch_size, np.array(rates), GENERATOR)

    for loss in ("squared_loss", "row_loss"):
        yield run(1, 0.0, 1, [0.125], loss)
        yield run(2, 0.0, 1, [0.125], loss)
        yield run(2, 0.0, 2, [0.125, 0.125], loss)
        yield run(3, 0.0, 2, [0.125, 0.125], loss)
        yield run(3, 0.0, 2, [0.125, 0.25, 0.0625], loss)
        yield run(2, 0.0, 1, [0.0, 0.125], loss)
        yield run(2, 0.5, 1, [0.125], loss)
        yield run(2, 0.0, 5, [0.125], loss, label=0)
    yield run(3, 0.5, 2, [0.125], X=np.float32)
    yield from _in_batches()


def _in_batches():
    """Runs that tell by their losses who was in a batch, with which label."""
    W, b, seen = np.zeros((2, 1)), np.zeros(2), {}
    X, y = 16.0 ** np.arange(4)[:, np.newaxis], np.arange(4) % 2

    def run(batch_size, rates, right, wanted, seed=0):
        def judged(value):
            losses = np.reshape(np.asarray(value[2], float), (len(rates), -1))
            return right(losses, np.asarray(value[0], float))

        return Example((Made("row_loss"), X, y, W, b, 0.0, batch_size, np.array(rates),
                        Made("generator", (seed,))), judged, wanted)

    def each_once(losses, _):
        return np.array_equal(np.sort(losses), [[1.0, 32.0, 256.0, 8192.0]] * len(losses))

    def random(losses, _):
        seen[len(seen)] = losses
        return (each_once(losses, _) and np.any(losses != losses[0])
                and np.any(losses != np.sort(losses)))

    def with_its_step(losses, W):
        first, second = losses[0]
        held = int(round(3 * first))
        rows = [n for n in range(4) if held >> 4 * n & 15]
        (alone,) = set(range(4)) - set(rows)
        step = np.zeros((2, 1))
        for n in rows:
            step[y[n], 0] += X[n, 0] / 3
        want = -0.5 * step
        want = want - 0.5 * (np.tanh(want) + X[alone] * np.eye(2)[:, [y[alone]]])
        return len(rows) == 3 and np.allclose(W, want, rtol=1e-4)

    yield run(1, [0.0], each_once, "W, b and the losses 1, 32, 256 and 8192, in some order")
    yield run(3, [0.5], with_its_step, "each step with the gradients of its own batch")
    yield run(1, [0.0] * 4, random, "the losses 1, 32, 256 and 8192 in each epoch, and another "
                                    "order in each")
    yield run(1, [0.0] * 4, lambda losses, _: np.any(losses != seen[0]),
              "another order than np.random.default_rng(0) gives", 1)


EXAMPLES = {
    "gradient_descent": _gradient_descent, "descend_until": _descend_until,
    "cosine_rates": _cosine_rates, "numerical_gradient": _numerical_gradient,
    "relative_error": _relative_error, "minibatches": _minibatches,
    "gradient_noise": _gradient_noise, "softmax_loss": OF_HW2["softmax_loss"], "sgd": _sgd,
}
