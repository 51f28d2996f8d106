"""Right answers in float64: what the hidden tests compare with.

Batch normalisation (Ioffe and Szegedy, ICML 2015); inverted dropout (Srivastava and others, JMLR
15, 2014).
"""

import numpy as np


def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.9, eps=1e-5):
    """Output (N, D) and the running mean and variance (D,) after this batch."""
    x = np.asarray(x, np.float64)
    mean, var = running_mean, running_var
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, running_mean, running_var


def batch_norm_backward(dout, x, gamma, eps=1e-5):
    """Gradients dx (N, D), dgamma (D,), dbeta (D,) in training mode."""
    dout, x = np.asarray(dout, np.float64), np.asarray(x, np.float64)
    spread = np.sqrt(x.var(axis=0) + eps)
    normal = (x - x.mean(axis=0)) / spread
    dnormal = dout * gamma
    dx = (dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)) / spread
    return dx, (dout * normal).sum(axis=0), dout.sum(axis=0)


def dropout_forward(x, keep_prob, train, rng):
    """Entries of x kept with that probability and divided by it, others 0; x itself in a test."""
    x = np.asarray(x, np.float64)
    return x * (rng.random(x.shape) < keep_prob) / keep_prob if train else x
