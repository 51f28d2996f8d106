"""Right answers in float64: what the hidden tests compare with.

Convolution as cross-correlation with zero padding and stride (LeCun, Bottou, Bengio and Haffner,
Proceedings of the IEEE 86, 1998), as one product of matrices (Chellapilla, Puri and Simard, 2006).
The PyTorch network is one of many: any that learns is right.
"""

import numpy as np

from autograder.graders.hw2_softmax.reference import softmax_loss
from autograder.graders.hw3_gradient_descent.reference import minibatches


def windows(x, height, width, stride):
    """All windows of x (N, C, H, W) as a view (N, C, OH, OW, height, width)."""
    view = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def padded(x, pad):
    """x (N, C, H, W) in float64 with `pad` zeros on all four sides of every picture."""
    x = np.asarray(x, np.float64)
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def conv_forward(x, w, b, stride, pad):
    """Output (N, F, OH, OW) for x (N, C, H, W), w (F, C, HH, WW), b (F,)."""
    w = np.asarray(w, np.float64)
    view = windows(padded(x, pad), *w.shape[2:], stride)
    return np.einsum("ncijhw,fchw->nfij", view, w) + np.asarray(b)[:, np.newaxis, np.newaxis]


def conv_backward(dout, x, w, stride, pad):
    """Gradients dx, dw, db of the shapes of x, w, b from dout (N, F, OH, OW)."""
    dout, w = np.asarray(dout, np.float64), np.asarray(w, np.float64)
    big = padded(x, pad)
    height, width = w.shape[2:]
    dw = np.einsum("nfij,ncijhw->fchw", dout, windows(big, height, width, stride))
    dbig = np.zeros_like(big)
    OH, OW = dout.shape[2:]
    for h in range(height):
        for v in range(width):
            places = (slice(None), slice(None), slice(h, h + stride * OH, stride),
                      slice(v, v + stride * OW, stride))
            dbig[places] += np.einsum("nfij,fc->ncij", dout, w[:, :, h, v])
    H, W = np.shape(x)[2:]
    return dbig[:, :, pad:pad + H, pad:pad + W], dw, dout.sum(axis=(0, 2, 3))


def im2col(x, height, width, stride, pad):
    """A row (C * height * width) for every picture and place: (N * OH * OW, C * height * width)."""
    view = windows(padded(x, pad), height, width, stride)
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * height * width)


conv_im2col = conv_forward


def max_pool_forward(x, size, stride):
    """The largest number of every window, (N, C, OH, OW)."""
    return windows(np.asarray(x, np.float64), size, size, stride).max(axis=(4, 5))


def max_pool_backward(dout, x, size, stride):
    """Gradient of x's shape: what arrives goes to each window's largest number."""
    dout, x = np.asarray(dout, np.float64), np.asarray(x, np.float64)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = (n, c, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size))
        where = np.unravel_index(np.argmax(x[part]), x[part].shape)
        dx[part][where] += dout[n, c, i, j]
    return dx


def make_convnet(num_channels, image_size, num_classes):
    """Two convolutions, pooling after each, a linear layer."""
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(num_channels, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * (image_size // 4) ** 2, num_classes))


def accuracy(model, images, labels, device):
    """Share of right arg maxes of a `nncourse.given.moody_network`, computed in numpy."""
    layer = (model.inner if hasattr(model, "inner") else model)[1]
    W, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    scores = np.asarray(images, np.float64).reshape(len(images), -1) @ W.T + b
    return float(np.mean(np.argmax(scores, axis=1) == labels))


def descend(network, images, labels, epochs, lr, batch_size, cut=minibatches):
    """Losses of minibatch descent of a `nncourse.given.linear_network`, computed in numpy.

    A `sleepy_network` in train mode is one with the opposite signs. `cut(N, batch_size, rng)`
    gives the batches of an epoch.
    """
    layer, sign = (network.inner[1], -1) if hasattr(network, "inner") else (network[1], 1)
    W, b = (sign * array.detach().numpy().astype(np.float64)
            for array in (layer.weight, layer.bias))
    X = np.asarray(images, np.float64).reshape(len(images), -1)
    labels, rng, losses = np.asarray(labels), np.random.default_rng(0), []
    for _ in range(epochs):
        for rows in cut(len(X), batch_size, rng):
            loss, dW, db = softmax_loss(X[rows], labels[rows], W, b, 0.0)
            W, b = W - lr * dW, b - lr * db
            losses.append(loss)
    return losses


def fit(model, images, labels, epochs, lr, batch_size, device):
    """The loss of every batch, before its step."""
    return descend(model, images, labels, epochs, lr, batch_size)
