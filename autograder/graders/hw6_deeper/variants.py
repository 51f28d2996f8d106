"""Right answers in other styles: each must get full marks."""

import functools

import numpy as np
import torch

from autograder.graders.hw5_convnet.variants import (
    Callable,
    as_list_of_arrays,
    as_tensors,
    changed,
    in_fortran_order,
    listed,
)
from autograder.graders.hw6_deeper import reference

NAMES = ("batch_norm_forward", "batch_norm_backward", "dropout_forward")
RIGHT = {name: getattr(reference, name) for name in NAMES}


def _named(*functions):
    return RIGHT | {function.__name__: function for function in functions}


def _step_by_step():
    """Batch normalisation backward through every node of the graph."""
    def batch_norm_backward(dout, x, gamma, eps=1e-5):
        N = len(x)
        mu = np.sum(x, axis=0) / N
        centred = x - mu
        var = np.sum(centred**2, axis=0) / N
        root = np.sqrt(var + eps)
        inverse = 1 / root
        dnormal = dout * gamma
        dinverse = np.sum(dnormal * centred, axis=0)
        dcentred = dnormal * inverse
        dvar = -0.5 * dinverse / root**3
        dcentred = dcentred + 2 * centred * dvar / N
        dx = dcentred - np.sum(dcentred, axis=0) / N
        return dx, np.sum(dout * centred * inverse, axis=0), np.sum(dout, axis=0)

    def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.9,
                           eps=1e-5):
        if not train:
            scale = gamma / np.sqrt(running_var + eps)
            return scale * x + (beta - scale * running_mean), running_mean, running_var
        mu = x.mean(0)
        var = ((x - mu) ** 2).mean(0)
        out = (x - mu) * (var + eps) ** -0.5 * gamma + beta
        return (out, running_mean + (1 - momentum) * (mu - running_mean),
                running_var + (1 - momentum) * (var - running_var))

    return _named(batch_norm_backward, batch_norm_forward)


def _other_masks():
    def dropout_forward(x, keep_prob, train, rng):
        if not train:
            return x.copy()
        mask = rng.binomial(1, keep_prob, size=x.shape) / keep_prob
        return x * mask

    return _named(dropout_forward)


def _single_precision():
    """Every number in single precision, the variance by the short formula too."""
    def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.9,
                           eps=1e-5):
        x, gamma, beta, mean, var = (np.float32(a) for a in (
            x, gamma, beta, running_mean, running_var))
        m, v, eps = mean, var, np.float32(eps)
        if train:
            m = x.mean(0)
            v = ((x - m) ** 2).mean(0)
            mean = np.float32(momentum) * mean + np.float32(1 - momentum) * m
            var = np.float32(momentum) * var + np.float32(1 - momentum) * v
        return (x - m) / np.sqrt(v + eps) * gamma + beta, mean, var

    def batch_norm_backward(dout, x, gamma, eps=1e-5):
        dout, x, gamma, eps = (np.float32(a) for a in (dout, x, gamma, eps))
        s = np.sqrt(x.var(0) + eps)
        h = (x - x.mean(0)) / s
        g = dout * gamma
        return (g - g.mean(0) - h * (g * h).mean(0)) / s, (dout * h).sum(0), dout.sum(0)

    return _named(batch_norm_forward, batch_norm_backward)


def _autograd():
    """Gradients by PyTorch; tensors come back."""
    def batch_norm_backward(dout, x, gamma, eps=1e-5):
        x, gamma, beta = leaves = [
            torch.tensor(np.array(a, float), requires_grad=True)
            for a in (x, gamma, np.zeros(len(gamma)))]
        out = torch.nn.functional.batch_norm(x, None, None, gamma, beta, True, eps=eps)
        return list(torch.autograd.grad(out, leaves, torch.tensor(np.array(dout, float))))

    return _named(batch_norm_backward)


def _feature_by_feature():
    """The Jacobian of each feature."""
    def batch_norm_backward(dout, x, gamma, eps=1e-5):
        N, columns = len(x), []
        for d, scale in enumerate(gamma):
            centred = x[:, d].astype(float) - x[:, d].mean()
            s = (np.mean(centred**2) + eps) ** 0.5
            jacobian = (np.eye(N) - 1 / N) / s - np.outer(centred, centred) / (N * s**3)
            columns.append(scale * jacobian @ dout[:, d])
        normal = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
        return np.column_stack(columns), np.einsum("nd,nd->d", dout, normal), sum(dout)

    return _named(batch_norm_backward)


def _mask(draw):
    """Dropout with a mask drawn in another way."""
    def dropout_forward(x, keep_prob, train, rng):
        if not train:
            return x
        return np.where(draw(x, keep_prob, rng), x, 0) / keep_prob

    return _named(dropout_forward)


def _one_by_one(x, keep_prob, rng):
    return np.array([rng.random() < keep_prob for _ in range(x.size)]).reshape(x.shape)


VARIANTS = {
    "reference": RIGHT, "step by step": _step_by_step(), "other masks": _other_masks(),
    "single precision": _single_precision(), "autograd": _autograd(),
    "feature by feature": _feature_by_feature(), "mask entry by entry": _mask(_one_by_one),
    "mask from above": _mask(lambda x, keep_prob, rng: rng.random(x.shape) >= 1 - keep_prob),
    "mask by choice": _mask(lambda x, keep_prob, rng: rng.choice(
        [True, False], size=x.shape, p=[keep_prob, 1 - keep_prob])),
    "nested lists": changed(RIGHT, listed), "lists of arrays": changed(RIGHT, as_list_of_arrays),
    "tensors": changed(RIGHT, as_tensors), "column by column": changed(RIGHT, in_fortran_order),
    "callable objects": {name: Callable(function) for name, function in RIGHT.items()},
    "partial": {name: functools.partial(function) for name, function in RIGHT.items()},
}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = set()
EQUIVALENT = {
    "dropout_forward: `rng.uniform(size=x.shape) < keep_prob` to "
    "`rng.uniform(size=x.shape) <= keep_prob`": "equality has the probability 0",
    "dropout_forward: `np.array(x, dtype=float)` to `x`": "the same numbers",
}
