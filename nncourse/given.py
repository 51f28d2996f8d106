"""Functions that an assignment hands to your functions: things to minimise, from plain numbers.

A graded call cannot send a function, so it sends a name of this module and the numbers from which
the function is made, here and in grading alike.
"""

import functools
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


def row_loss() -> Callable:
    """Something like a loss, whose value tells which rows it was given, whatever W, b and reg are.

    The value is the mean of the first numbers of the rows, counted twice where the label is 1. The
    gradients are not its own: they hold each class's mean row, and pull to 0. It takes and returns
    what the one of `squared_loss` does.
    """

    def loss(X, y, W, b, reg):
        Y = np.eye(len(W))[y]  # (N, C)
        return (np.mean(X[:, 0] * np.where(np.equal(y, 1), 2, 1)), Y.T @ X / len(X) + np.tanh(W),
                Y.mean(axis=0) + np.tanh(b))

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


@functools.cache
def lasting_generator(seed: int) -> np.random.Generator:
    """A generator that goes on where the call before left it."""
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
    """As `linear_network`, but in training mode all scores have the wrong sign.

    A copy of it doubles all scores: who trains a copy has not trained this one.
    """
    import torch

    class Moody(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = linear_network(W, b)

        def forward(self, images):
            scores = self.inner(images)
            return -scores if self.training else scores

        def __deepcopy__(self, memo):
            return moody_network(2 * W, 2 * b).train(self.training)

    return Moody()


def sleepy_network(W: np.ndarray, b: np.ndarray):
    """A `moody_network` that comes in eval mode."""
    return moody_network(W, b).eval()


def network_report(network, images: np.ndarray) -> dict:
    """What a PyTorch network is made of, and what it makes of `images` (N, channels, S, S).

    Returns
    -------
    The number of `convolutions` (`nn.Conv2d` of any kind), how often it has `convolved`, the
    number of `parameters` and the names of those `without_gradient`, its `scores` (N, C), whether
    it `shrinks` the images, is `activated` between
    convolutions and is `steady`, giving an image the same scores again and alone, and what `ends`
    it: "", "softmax", "log_softmax" or "sign". For what is no network, an `error` only.
    """
    import torch

    if not isinstance(network, torch.nn.Module):
        return {"error": f"no torch.nn.Module came back, but a {type(network).__name__!r}"}
    if isinstance(network, torch.jit.ScriptModule):
        return {"error": "torch.jit hides the layers: return the network itself"}
    x = torch.as_tensor(images, dtype=torch.float32)
    network.eval()
    try:
        with torch.no_grad():
            scores, again, alone = network(x), network(x), network(x[:1])
    except Exception as error:  # its own layers may raise anything
        return {"error": f"called with images of shape {tuple(x.shape)}, the network raises "
                         f"{type(error).__name__}: {error}"}
    found = {"convolutions": len(_convolutions(network)), "scores": scores,
             "parameters": sum(parameter.numel() for parameter in network.parameters()),
             "steady": bool(torch.allclose(scores, again)
                            and torch.allclose(scores[:1], alone, rtol=1e-3, atol=1e-4))}
    with torch.no_grad():
        found |= {**_ways(network, x), "activated": _activated(network, x)}
    # nothing may hang on a layer that starts at 0, or that chance has put so
    others = [_shaken(network, seed) for seed in range(3)]
    with torch.no_grad():
        found["ends"] = _ending([other(x * scale) for other in others for scale in (1, 10)])
    return found | {"without_gradient": _without_gradient(others[0], x)}


def _convolutions(network) -> list:
    import torch

    return [module for module in network.modules() if isinstance(module, torch.nn.Conv2d)]


def _shaken(network, seed: int):
    """A copy with other parameters, in eval mode."""
    import copy

    import torch

    other, generator = copy.deepcopy(network).eval(), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in other.parameters():
            size = 0.05 + parameter.std() if parameter.numel() > 1 else 0.05
            parameter += size * torch.randn(parameter.shape, generator=generator)
    return other


def _watch(network, x, watch) -> None:
    """Run the network; `watch(name, args, call)` stands between it and every function of torch."""
    from torch.overrides import TorchFunctionMode

    class Watching(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            return watch(getattr(func, "__name__", ""), args, lambda: func(*args, **(kwargs or {})))

    with Watching():
        network(x)


def _ways(network, x) -> dict:
    """Whether the network `shrinks` the images, and how often it has `convolved`.

    Pooling, a stride or a mean over places makes fewer numbers of an image. A convolution without
    padding has fewer places as well: this alone is not counted.
    """
    import torch

    found = {"shrinks": any(max(layer.stride) > 1 for layer in _convolutions(network)),
             "convolved": 0}

    def watch(name, args, call):
        out = call()
        found["convolved"] += name == "conv2d"
        before = args[0] if args else None
        if isinstance(before, torch.Tensor) and isinstance(out, torch.Tensor) \
                and before.ndim == 4 and "conv" not in name and 0 < out.numel() < before.numel():
            found["shrinks"] = True
        return out

    _watch(network, x, watch)
    return found


def _activated(network, x) -> bool:
    """Whether a convolution's input is no linear function of the images.

    Max pooling, which is not linear either, is replaced by averages. A function f is linear up to
    a constant if f(x + y) - f(x) - f(y) + f(0) = 0; f(2 x) says nothing, as a ReLU without bias
    doubles as well.
    """
    import torch

    def inputs_of(images):
        seen = []
        hooks = [layer.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
                 for layer in _convolutions(network)]

        def watch(name, args, call):
            out = call()
            if "max_pool" in name and isinstance(out, torch.Tensor):
                height, width = out.shape[-2:]
                out = torch.nn.functional.adaptive_avg_pool2d(args[0], (height, width))
            return out

        try:
            _watch(network, images, watch)
        finally:
            for hook in hooks:
                hook.remove()
        return seen

    y = x.flip(0, 3) + 0.5
    for both, one, other, none in zip(*map(inputs_of, (x + y, x, y, 0 * x))):
        if (both - one - other + none).abs().max() > 1e-3 * (one - none).abs().max():
            return True
    return False


def _ending(scores) -> str:
    """What no scores of a network without activation at its end are, whatever its parameters."""
    import torch

    def near_one(sums):
        return all(torch.allclose(total, torch.ones_like(total), atol=1e-4) for total in sums)

    if near_one(s.sum(dim=-1) for s in scores) and all((s >= 0).all() for s in scores):
        return "softmax"
    if near_one(s.exp().sum(dim=-1) for s in scores):
        return "log_softmax"
    return "sign" if any(all((sign * s >= 0).all() for s in scores) for sign in (1, -1)) else ""


def _without_gradient(network, x) -> list[str]:
    """The parameters that move no score, neither in eval mode nor in a batch of training."""
    import torch

    for training in (False, True)[:len(x)]:
        scores = network.train(training)(x)
        labels = torch.arange(len(x)) % scores.shape[-1]
        torch.nn.functional.cross_entropy(scores.reshape(len(x), -1), labels).backward()
    return [name for name, parameter in network.named_parameters()
            if parameter.grad is None or not parameter.grad.any()]


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
