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
    """A loss whose gradients do not depend on W and b: the mean score of the true classes."""

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
    """What a PyTorch network is made of, and what it makes of `images` (N, channels, S, S)."""
    import torch

    if not isinstance(network, torch.nn.Module):
        return {"error": f"a {type(network).__name__} came back, and no torch.nn.Module"}
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
