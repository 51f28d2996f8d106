"""Small public inputs of hw4_two_layer: on the first that goes wrong a student is shown why.

Written by hand, the smallest first: shapes, then signs, ties and zeros, then large numbers and
kinds of arrays.
"""

from collections.abc import Callable

import numpy as np

from autograder.api import Example, Made, as_numbers
from autograder.graders.hw4_two_layer import reference
from nncourse.layouts import together

GENERATOR = Made("generator", (0,))


def _array(*rows) -> np.ndarray:
    return np.array(rows, dtype=float)


# X (N, D), W (H, D), b (H,), dout (N, H), from single numbers to sizes that are all different
LAYERS = [
    (_array([2]), _array([3]), _array(1), _array([5])),
    (_array([1, -2]), _array([3, 0.5]), _array(0.5), _array([2])),
    (_array([2]), _array([3], [-1]), _array(1, -2), _array([1, -2])),
    (_array([2], [-1], [0.5]), _array([3]), _array(1), _array([1], [-2], [3])),
    (_array([1, -2], [0.5, 3]), _array([3, 0.5], [-1, 2]), _array(1, -2),
     _array([1, 3], [-2, 0.5])),
    (_array([1, -2, 0], [0.5, 3, 1]), _array([3, 0.5, 1], [-1, 2, 1], [2, 0, 1], [1, 1, -1]),
     _array(1, -2, 0.5, 3), _array([1, 3, 0, 2], [-2, 0.5, 1, -1])),
    (_array([1, -2], [0.5, 3], [2, 1]), _array([3, 0.5], [-1, 2]), _array(1, -2),
     _array([1, 3], [-2, 0.5], [4, 1])),
]


def affine_forward():
    """Single numbers first, then sizes that are all different."""
    for X, W, b, _ in LAYERS:
        yield X, W, b
    yield from together(*LAYERS[4][:3])


def affine_backward():
    """Single numbers first, then sizes that are all different."""
    for X, W, _, dout in LAYERS:
        yield dout, X, W
    X, W, _, dout = LAYERS[4]
    yield from together(dout, X, W)


def relu_forward():
    """Single numbers, then several, then other numbers of axes."""
    for z in (2, -2, 0, 0.5, 1000):
        yield (_array(z),)
    Z = _array([1, -2, 0], [-0.5, 3, 0.5])
    for shape in [(6,), (2, 3), (1, 6), (6, 1), (1, 2, 3), (1, 2, 1, 3)]:
        yield (Z.reshape(shape),)
    yield from together(Z)


def relu_backward():
    """Single numbers, then several, then other numbers of axes."""
    for g, z in [(3, 2), (3, -2), (-3, 2), (-3, -2), (3, 0), (-3, 0)]:
        yield _array(g), _array(z)
    dH, Z = _array([1, -2, 3], [-1, 0.5, -4]), _array([2, -1, 0], [0.5, -3, 2])
    for shape in [(6,), (2, 3), (1, 6), (6, 1), (1, 2, 3), (1, 2, 1, 3)]:
        yield dH.reshape(shape), Z.reshape(shape)
    yield from together(dH, Z)


def softmax_cross_entropy():
    """One example, two, absent classes, then scores that are large or far apart."""
    for scores, y in [
            (_array([0, 0]), [0]), (_array([0, 0]), [1]), (_array([1, -1]), [0]),
            (_array([0, 1, 2]), [2]), (_array([0, 1, 2]), [0]),
            (_array([1, 0], [0, 2]), [0, 1]), (_array([1, 0], [0, 2]), [1, 1]),
            (_array([1, 0, -1], [0, 2, 1], [1, 1, 0]), [0, 1, 2]),
            (_array([1, 0, -1], [0, 2, 1], [1, 1, 0]), [2, 0, 2]),
            (_array([1, 0, -1], [0, 2, 1], [1, 1, 0]), [1, 0, 0]),
            (_array([0, 0, 0, 0], [1, 2, 3, 4]), [0, 1]),
            (_array([0, 50]), [0]), (_array([0, 1000]), [0]), (_array([0, 1000]), [1]),
            (_array([-1000, -1001]), [1]), (_array([0, 30000], [-30000, 0]), [0, 1]),
            (_array([0, 1], [5000, 5001]), [0, 1]), (_array([0, 1000, 2000], [1, 0, 1]), [0, 2])]:
        yield scores, np.array(y)
    scores, y = _array([1, 0, -1], [0, 2, 1]), np.array([0, 2])
    for (same,) in together(scores):
        yield same, y
    yield scores, y.astype(np.uint8)


def _params(W1, b1, W2, b2) -> dict:
    return {"W1": _array(*W1), "b1": _array(*b1), "W2": _array(*W2), "b2": _array(*b2)}


ONE = _params([[1]], [1], [[2], [-1]], [0, 1])
NETWORKS = [
    (ONE, _array([1]), [0]), (ONE, _array([1]), [1]), (ONE, _array([-2]), [0]),
    (ONE, _array([1], [0.5]), [0, 1]),
    (_params([[1], [-1], [0.5]], [0.5, 1, -1], [[1, -1, 2], [0.5, 1, -1]], [0, 0.5]),
     _array([1], [-2]), [1, 0]),
    (_params([[1, -1], [0.5, 1]], [1, -0.5], [[1, -1], [0.5, 2], [-1, 1]], [0, 1, -0.5]),
     _array([1, 2], [-1, 0.5], [2, -1]), [0, 1, 2]),
    (_params([[1, -1], [0.5, 1]], [1, -0.5], [[1, -1], [0.5, 2], [-1, 1]], [0, 1, -0.5]),
     _array([1, 2], [-1, 0.5]), [2, 0]),
]


def two_layer_loss():
    """Scores, then loss and gradients without and with a penalty, then the special cases."""
    for params, X, _ in NETWORKS:
        yield params, X
    for params, X, y in NETWORKS:
        yield params, X, np.array(y)
        yield params, X, np.array(y), 0.5
    level = _params([[0], [1]], [0, -9], [[1, 2], [-1, 1]], [0, 0])
    yield level, _array([1], [2]), np.array([0, 1])
    for X, y in [(_array([1000]), [0]), (_array([1000]), [1]), (_array([-1000], [1000]), [0, 0]),
                 (_array([1], [9000]), [0, 1]), (_array([9000], [2000]), [1, 0])]:
        yield ONE, X, np.array(y)
    both = _params([[1], [0]], [0, 1], [[1, 1], [1, -1]], [0, 0.5])  # rows far apart
    yield both, _array([1], [9000]), np.array([0, 1])
    params, X, y = NETWORKS[5]
    for *arrays, same_X in together(*params.values(), X):
        yield dict(zip(params, arrays)), same_X, np.array(y), 0.5
    yield params, X, np.array(y, np.uint8), 0.5


def predict_two_layer():
    """One example, several, ties, biases that matter, large scores."""
    plain = _params([[1], [-1]], [0, 0], [[1, 0], [0, 1], [-1, 2]], [0, 0, 0])
    first = _params([[1], [-1]], [3, 0], [[1, 0], [0, 1], [-1, 2]], [0, 2, 0])
    second = _params([[1], [-1]], [0, 0], [[1, 0], [0, 1], [-1, 2]], [0, 0, 5])
    equal = _params([[1]], [0], [[-1], [1], [1]], [0, 0, 0])
    large = _params([[1], [-1]], [0, 0], [[1000, 0], [2000, 0], [0, 3000]], [0, 0, 0])
    far = _params([[1]], [0], [[-1000], [-999]], [0, 0])
    for params, rows in [(plain, [[2]]), (plain, [[-2]]), (plain, [[2], [-2], [1]]),
                         (first, [[-2]]), (first, [[-2], [1], [-5]]), (second, [[2]]),
                         (second, [[2], [9], [-1]]), (equal, [[2]]), (equal, [[2], [-1]]),
                         (large, [[2]]), (large, [[2], [-3]]), (far, [[1], [9]])]:
        yield params, _array(*rows)
    X = _array([2], [-2], [1])
    for *arrays, same_X in together(*plain.values(), X):
        yield dict(zip(plain, arrays)), same_X


def _starts(D: int, H: int, C: int) -> Callable:
    """Whether four arrays of the right shapes came back, with weights of about the right size."""
    shapes = {"W1": ((H, D), D), "b1": ((H,), 0), "W2": ((C, H), H), "b2": ((C,), 0)}

    def right(got):
        if not isinstance(got, dict) or set(got) != set(shapes):
            return False
        for name, (shape, inputs) in shapes.items():
            array = as_numbers(got[name])
            if array is None or array.shape != shape or inputs and not array.any():
                return False
            if not inputs and array.any() or array.size > 1000 and not _normal(array, inputs):
                return False
        return True
    return right


def _normal(W, inputs) -> bool:
    """Mean 0, the right standard deviation, and 68% within one of it, all within 5% or so."""
    return (abs(W.std() * np.sqrt(inputs / 2) - 1) < 0.05 and abs(W.mean()) < 0.1 * W.std()
            and abs(np.mean(np.abs(W) < W.std()) - 0.683) < 0.04
            and np.ptp(W, axis=0).all() and np.ptp(W, axis=1).all())


def init_params():
    """Small sizes for the shapes, large ones for the standard deviations."""
    for D, H, C in [(1, 1, 2), (2, 1, 2), (3, 4, 2)]:
        yield Example((D, H, C, GENERATOR), right=_starts(D, H, C),
                      wanted=f"W1 of shape ({H}, {D}), W2 ({C}, {H}), both not 0, and biases 0, of "
                             f"shapes ({H},) and ({C},)")
    yield Example((200, 50, 100, GENERATOR), right=_starts(200, 50, 100),
                  wanted="W1 (50, 200) and W2 (100, 50) of normal numbers with mean 0 and the "
                         "standard deviations 0.1 and 0.2")


START = _params([[1, -1], [0.5, 1]], [1, -0.5], [[1, -1], [0.5, 2], [-1, 1]], [0, 1, -0.5])
X_VAL = _array([1, 2], [-1, 0.5], [2, -1], [0, 1], [-2, -1])
Y_VAL = np.array([2, 2, 0, 2, 1])
X_FIVE, Y_FIVE = _array([1, 2], [-1, 0.5], [2, -1], [0, 1], [3, 3]), np.array([0, 1, 2, 2, 1])


def _losses(X=X_FIVE, y=Y_FIVE) -> np.ndarray:
    return np.array([reference.two_layer_loss(START, X[n:n + 1], y[n:n + 1])[0]
                     for n in range(len(X))])


def _each_once(epochs) -> Callable:
    """Whether an epoch's losses are those of the examples, in an order that changes."""
    def right(got):
        losses = as_numbers(got[1]) if isinstance(got, (tuple, list)) and len(got) == 3 else None
        if losses is None or losses.shape != (epochs * 5,):
            return False
        rows = losses.reshape(epochs, 5)
        as_given = np.allclose(rows, _losses(), atol=1e-4)
        return np.allclose(np.sort(rows), np.sort(_losses()), atol=1e-4) and not (
            as_given or np.allclose(rows, rows[0], atol=1e-6))
    return right


def _one_after_the_other(X, y, lr) -> Callable:
    """Whether the parameters are those of a step for one of two examples, then for the other."""
    def right(got):
        if not isinstance(got, (tuple, list)) or len(got) != 3 or not isinstance(got[0], dict):
            return False
        for order in ([0, 1], [1, 0]):
            params = START
            for n in order:
                grads = reference.two_layer_loss(params, X[n:n + 1], y[n:n + 1], 0.0)[1]
                params = {name: params[name] - lr * grads[name] for name in params}
            arrays = {name: as_numbers(got[0].get(name)) for name in params}
            if all(arrays[name] is not None and arrays[name].shape == params[name].shape
                   and np.allclose(arrays[name], params[name], atol=1e-4) for name in params):
                return True
        return False
    return right


def train_two_layer():
    """One example, equal ones, the whole batch; then the order of several examples."""
    one, two = (X_VAL[:1], np.array([2])), (np.repeat(X_VAL[:1], 2, axis=0), np.array([2, 2]))
    three = np.repeat(X_VAL[:1], 3, axis=0), np.array([2, 2, 2])
    for (X, y), reg, size, rates in [
            (one, 0.0, 1, [0.0]), (one, 0.0, 1, [0.5]), (one, 0.5, 1, [0.5]),
            (one, 0.0, 1, [0.5, 0.25]), (one, 0.0, 1, [0.25, 0.5, 1]), (one, 0.5, 3, [0.25, 0.125]),
            (two, 0.0, 2, [0.5]), (two, 0.0, 1, [0.5]), (two, 0.5, 1, [0.25, 0.125]),
            (two, 0.0, 5, [0.5]), (three, 0.0, 2, [0.5]), (three, 0.5, 2, [0.25, 0.125])]:
        yield START, X, y, X_VAL, Y_VAL, reg, size, np.array(rates), GENERATOR
    yield Example((START, X_FIVE, Y_FIVE, X_VAL, Y_VAL, 0.0, 1, np.zeros(3), GENERATOR),
                  right=_each_once(3),
                  wanted="in every epoch the losses of the five examples, each once, in another "
                         "order each time")
    X, y = X_VAL[[0, 2]], np.array([2, 2])
    yield Example((START, X, y, X_VAL, Y_VAL, 0.0, 1, np.array([0.5]), GENERATOR),
                  right=_one_after_the_other(X, y, 0.5),
                  wanted="the parameters after a step for one example and then for the other")
    X, y = three
    for *arrays, same_X in together(*START.values(), X):
        yield (dict(zip(START, arrays)), same_X, y.astype(np.uint8), X_VAL, Y_VAL, 0.5, 3,
               np.array([0.25]), GENERATOR)


def classify_plane():
    """Few points: a class for each new one."""
    X, y = _array([1, 0], [-1, 1], [-1, -1]), np.array([0, 1, 2])
    X_new = _array([2, 0], [-1, 2])

    def right(got):
        numbers = as_numbers(got)
        return numbers is not None and numbers.shape == (2,) and set(numbers.tolist()) <= {0, 1, 2}

    yield Example((X, y, X_new), right=right, wanted="two classes, each 0, 1 or 2")


EXAMPLES = {function.__name__: function for function in (
    affine_forward, affine_backward, relu_forward, relu_backward, softmax_cross_entropy,
    two_layer_loss, init_params, predict_two_layer, train_two_layer, classify_plane)}
