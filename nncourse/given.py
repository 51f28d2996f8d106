"""Functions that an assignment hands to your functions: things to minimise, from plain numbers.

A graded call cannot send a function, so it sends a name of this module and the numbers from which
the function is made, here and in grading alike.
"""

from collections.abc import Callable

import numpy as np


def quadratic(A: np.ndarray, b: np.ndarray) -> Callable:
    """f(w) = 0.5 w^T A w - b^T w; A (P, P) symmetric, b (P,), w of any shape with P entries."""

    def f(w):
        v = np.ravel(w)
        return 0.5 * v @ A @ v - b @ v

    return f


def quadratic_gradient(A: np.ndarray, b: np.ndarray) -> Callable:
    """The gradient of `quadratic(A, b)`, A w - b, in the shape of w."""

    def grad(w):
        return np.reshape(A @ np.ravel(w) - b, np.shape(w))

    return grad


def cubic(a: np.ndarray) -> Callable:
    """f(w) = sum of a w^3, for a and w of the same shape."""

    def f(w):
        return np.sum(a * w**3)

    return f


def linear_loss() -> Callable:
    """A loss whose gradients do not depend on W and b: the mean score of the true classes.

    It takes and returns what the one of `squared_loss` does.
    """

    def loss(X, y, W, b, reg):
        Y = np.eye(len(W))[y]  # (N, C)
        return np.mean(np.sum(X * W[y], axis=1) + b[y]), Y.T @ X / len(X), Y.mean(axis=0)

    return loss


def squared_loss() -> Callable:
    """Half the mean squared distance of the scores X W^T + b from one-hot labels, plus L2.

    The loss takes X (N, D), y (N,), W (C, D), b (C,) and reg, and returns its value, dW and db.
    """

    def loss(X, y, W, b, reg):
        off = X @ W.T + b - np.eye(len(W))[y]  # (N, C)
        value = 0.5 * np.sum(off**2) / len(X) + 0.5 * reg * np.sum(W**2)
        return value, off.T @ X / len(X) + reg * W, off.mean(axis=0)

    return loss


def generator(seed: int) -> np.random.Generator:
    """NumPy's random generator, started with `seed`."""
    return np.random.default_rng(seed)


def linear_network(W: np.ndarray, b: np.ndarray):
    """A PyTorch network without hidden layers: pictures as rows, times W (C, D), plus b (C,)."""
    import torch

    layer = torch.nn.Linear(W.shape[1], W.shape[0])
    with torch.no_grad():
        layer.weight.copy_(torch.as_tensor(np.array(W)))
        layer.bias.copy_(torch.as_tensor(np.array(b)))
    return torch.nn.Sequential(torch.nn.Flatten(), layer)


def moody_network(W: np.ndarray, b: np.ndarray):
    """As `linear_network`, but in training mode all scores have the wrong sign."""
    import torch

    class Moody(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = linear_network(W, b)

        def forward(self, images):
            scores = self.inner(images)
            return -scores if self.training else scores

    return Moody()


def sleepy_network(W: np.ndarray, b: np.ndarray):
    """A `moody_network` that comes in eval mode."""
    return moody_network(W, b).eval()


def network_report(network, images: np.ndarray) -> dict:
    """What a PyTorch network is made of, and what it makes of `images` (N, channels, S, S).

    Returns
    -------
    The `kinds` of its modules, the number of `parameters` and the names of those
    `without_gradient`, its `scores` (N, C), and whether it `shrinks` the pictures, is `linear` and
    is `steady`, giving a picture the same scores again and alone. For what is no network, an
    `error` only.
    """
    import torch

    if not isinstance(network, torch.nn.Module):
        return {"error": f"no torch.nn.Module came back, but a {type(network).__name__!r}"}
    x = torch.as_tensor(images, dtype=torch.float32)
    sides = []
    for module in network.modules():
        module.register_forward_hook(
            lambda _module, _inputs, out: sides.append(out.shape[-1]) if out.ndim == 4 else None)
    silent = []
    if len(x) > 1:
        scores = network.train()(x)
        torch.nn.functional.cross_entropy(scores, torch.arange(len(x)) % scores.shape[1]).backward()
        silent = [name for name, parameter in network.named_parameters()
                  if parameter.grad is None or not parameter.grad.any()]
    network.eval()
    with torch.no_grad():
        scores, again, alone = network(x), network(x), network(x[:1])
        bent = network(2 * x) - 2 * scores + network(0 * x)  # 0 for a linear network with biases
    return {
        "kinds": [type(module).__name__ for module in network.modules()],
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "without_gradient": silent, "scores": scores,
        "shrinks": bool(sides) and min(sides) < x.shape[-1],
        "linear": bool(torch.allclose(bent, torch.zeros_like(bent), atol=1e-4)),
        "steady": bool(torch.allclose(scores, again)
                       and torch.allclose(scores[:1], alone, atol=1e-4)),
    }


# Other functions in the place of an assignment's own. Grading puts one there to see whether a later
# part really calls it: the later part's answer must then be another, and which one is known. Their
# numbers mean nothing. They are smooth, bounded, and work on each example for itself, so that it
# makes no difference whether a batch is passed as a whole or row by row. There are several kinds.


def _bounded(x) -> np.ndarray:
    return np.arctan(np.asarray(x, dtype=np.float64))


def _ramp(x) -> np.ndarray:
    """The place of each entry, in the shape of x."""
    return np.arange(np.size(x)).reshape(np.shape(x))


def _wave(x, y) -> np.ndarray:
    """A number for each entry of x (N, C), from the entry, its column and the row's label."""
    x = _bounded(x)
    return np.sin(3 * x + np.arange(x.shape[1]) + np.asarray(y)[:, np.newaxis])


def _level(X, y) -> float:
    """One number for a batch, whatever the order of its examples."""
    return float(np.mean(np.sin(_bounded(X).sum(axis=1) + np.asarray(y))))


def _other_log_softmax(kind):
    # grows with the score, so that the largest probability remains that of the largest score
    return lambda scores: 0.25 * _bounded(scores) - 1 - 0.25 * kind


def _other_softmax(kind):
    return lambda scores: np.exp(_other_log_softmax(kind)(scores))


def _other_cross_entropy(kind):
    return lambda log_probs, y: float(np.mean(_wave(log_probs, y)) + 2 + kind)


def _other_score_gradient(kind):
    return lambda probs, y: (_wave(probs, y) + 0.25 * kind) / len(y)


def _other_softmax_loss(kind):
    def softmax_loss(X, y, W, b, reg):
        level = _level(X, y) + 0.1 * reg + kind
        return (2 + level + float(np.mean(np.sin(_bounded(W)))),
                np.cos(_bounded(W) + _ramp(W) + level), np.sin(_bounded(b) + _ramp(b) + level))

    return softmax_loss


def _other_minibatches(kind):
    def minibatches(num_examples, batch_size, rng):
        batches = [np.arange(start, min(start + batch_size, num_examples))
                   for start in range(0, num_examples, batch_size)]
        return batches + batches[:1] * (1 + kind)

    return minibatches


def _other_two_layer_loss(kind):
    def two_layer_loss(params, X, y=None, reg=0.0):
        sizes = _bounded(X).sum(axis=1)
        if y is None:
            b2, spread = _bounded(params["b2"]), float(np.mean(np.cos(_bounded(params["W1"]))))
            return np.sin((1 + np.arange(len(b2))) * (sizes[:, np.newaxis] + kind) + b2 + spread)
        level = _level(X, y) + 0.1 * reg + kind
        return (2 + level + sum(float(np.mean(np.sin(_bounded(v)))) for v in params.values()),
                {name: np.cos(_bounded(v) + _ramp(v) + level) for name, v in params.items()})

    return two_layer_loss


def _other_predict_two_layer(kind):
    return lambda params, X: np.argmax(_other_two_layer_loss(kind)(params, X), axis=1)


def _other_affine_forward(kind):
    def affine_forward(X, W, b):
        rows = np.cos(_bounded(X).sum(axis=1) + kind)[:, np.newaxis]
        return rows * (1 + np.sin(_bounded(W).sum(axis=1))) + _bounded(b)

    return affine_forward


def _other_affine_backward(kind):
    def affine_backward(dout, X, W):
        dout, X, W = _bounded(dout), _bounded(X), _bounded(W)
        rows = np.sin(3 * dout).sum(axis=1) + kind
        return (np.cos(X + rows[:, np.newaxis]) + W.mean(),
                np.sin(W + np.mean(rows) + X.mean()), np.mean(np.cos(3 * dout + kind), axis=0))

    return affine_backward


def _other_relu_forward(kind):
    # positive where Z is, so that it makes no difference which of the two a mask is taken from
    return lambda Z: np.where(np.asarray(Z) > 0, (2 + kind) * _bounded(Z), 0.0)


def _other_relu_backward(kind):
    return lambda dH, Z: np.asarray(dH, np.float64) * np.cos(_bounded(Z) + kind)


def _other_softmax_cross_entropy(kind):
    def softmax_cross_entropy(scores, y):
        waves = _wave(scores, y)
        return float(np.mean(waves) + 2 + kind), (waves + 0.25 * kind) / len(y)

    return softmax_cross_entropy


def _other_im2col(kind):
    def im2col(x, height, width, stride, pad):
        rows, columns = ((side + 2 * pad - field) // stride + 1
                         for side, field in zip(x.shape[2:], (height, width)))
        return np.resize(np.sin(_bounded(x) + kind), (len(x) * rows * columns,
                                                      x.shape[1] * height * width))

    return im2col


# who may be computed by way of whom: where one is replaced, the other is, and they agree
TOGETHER = {"softmax": ("log_softmax",), "log_softmax": ("softmax",),
            "two_layer_loss": ("predict_two_layer",)}


def stand_ins(names: dict[str, int]) -> dict[str, Callable]:
    """Other functions for these names, of the kind that is given with each."""
    kinds = {other: kind for name, kind in names.items()
             for other in (name, *TOGETHER.get(name, ()))}
    return {name: globals()[f"_other_{name}"](kind) for name, kind in kinds.items()}
