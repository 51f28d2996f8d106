"""Small public inputs of hw5_convnet: on the first that goes wrong a student is shown why.

Written by hand, the smallest first: shapes, then paddings and strides, then kinds of arrays.
"""

import numpy as np

from autograder.api import Example, Made
from autograder.graders.hw5_convnet import reference
from nncourse.layouts import together

# shapes of images and filters, stride, padding
CONVOLUTIONS = [
    ((1, 1, 1, 1), (1, 1, 1, 1), 1, 0), ((1, 1, 1, 2), (1, 1, 1, 2), 1, 0),
    ((1, 1, 2, 2), (1, 1, 2, 2), 1, 0), ((1, 1, 3, 3), (1, 1, 2, 2), 1, 0),
    ((2, 1, 1, 2), (1, 1, 1, 1), 1, 0), ((1, 2, 1, 2), (1, 2, 1, 1), 1, 0),
    ((1, 1, 1, 2), (2, 1, 1, 1), 1, 0), ((2, 1, 2, 2), (2, 1, 1, 1), 1, 0),
    ((1, 1, 2, 3), (1, 1, 1, 2), 1, 0), ((1, 1, 3, 2), (1, 1, 2, 1), 1, 0),
    ((1, 1, 1, 1), (1, 1, 1, 1), 1, 1), ((1, 1, 2, 2), (1, 1, 2, 2), 1, 1),
    ((1, 1, 1, 1), (1, 1, 1, 1), 1, 2), ((1, 1, 3, 3), (1, 1, 1, 1), 2, 0),
    ((1, 1, 1, 4), (1, 1, 1, 1), 2, 0), ((1, 1, 3, 4), (1, 1, 1, 2), 3, 0),
    ((1, 1, 2, 2), (1, 1, 3, 3), 1, 1), ((1, 1, 3, 3), (1, 1, 2, 2), 2, 1),
    ((2, 2, 1, 3), (2, 2, 1, 2), 1, 0), ((2, 2, 2, 1), (2, 2, 2, 1), 1, 1),
    ((1, 2, 2, 2), (3, 2, 1, 2), 1, 0), ((1, 3, 2, 2), (2, 3, 2, 1), 1, 1),
    ((1, 1, 3, 4), (1, 1, 2, 2), 1, 0), ((2, 1, 2, 3), (3, 1, 2, 2), 2, 2),
]
# shape of the images, size, stride
POOLINGS = [
    ((1, 1, 1, 1), 1, 1), ((1, 1, 2, 2), 2, 2), ((1, 1, 2, 2), 1, 1), ((1, 1, 3, 3), 2, 1),
    ((1, 1, 3, 3), 2, 2), ((1, 1, 3, 3), 1, 2), ((2, 1, 2, 2), 2, 2), ((1, 2, 2, 2), 2, 2),
    ((1, 1, 2, 4), 2, 2), ((1, 1, 2, 5), 2, 2), ((1, 1, 3, 4), 2, 1), ((1, 1, 2, 5), 2, 3),
    ((2, 2, 1, 3), 1, 2),
]
NUMBERS = [1, -2, 0.5, 3, -1, 2.5, 4, -3, 1.5, -0.5, 2, -4]
SWAPPED = [4, 1, 7, 2, 9, 3, 8, 5, 12, 6, 11, 10]  # the largest of a window is here and there


def _few(*shape: int, of=tuple(NUMBERS)) -> np.ndarray:
    return np.resize(np.array(of, float), shape)


def _ramp(*shape: int) -> np.ndarray:
    return 1.0 + np.arange(np.prod(shape)).reshape(shape)


def conv_forward():
    """One number first; then windows, channels, images, filters, paddings and strides."""
    for image, filters, stride, pad in CONVOLUTIONS:
        yield _ramp(*image), _few(*filters), _few(filters[0], of=(10, 0.5, -1)), stride, pad
    arrays = _ramp(1, 1, 2, 3), _few(2, 1, 2, 2), _few(2)
    for same in together(*arrays):
        yield *same, 1, 0


def conv_backward():
    """The same shapes; what arrives differs from place to place."""
    for image, filters, stride, pad in CONVOLUTIONS:
        x, w = _ramp(*image), _few(*filters)
        shape = reference.conv_forward(x, w, np.zeros(len(w)), stride, pad).shape
        yield _few(*shape, of=(1, 2, -1, 3, 0.5)), x, w, stride, pad
    arrays = _few(1, 2, 1, 2), _ramp(1, 1, 2, 3), _few(2, 1, 2, 2)
    for same in together(*arrays):
        yield *same, 1, 0


def im2col():
    """The same shapes."""
    for image, filters, stride, pad in CONVOLUTIONS:
        yield _ramp(*image), *filters[2:], stride, pad
    for (same,) in together(_ramp(2, 1, 2, 3)):
        yield same, 1, 2, 1, 0


def max_pool_forward():
    """Windows of one number, windows that touch, overlap and leave numbers out; below 0."""
    for shape, size, stride in POOLINGS:
        yield _few(*shape, of=SWAPPED), size, stride
    for shape, size, stride in POOLINGS[1:4]:
        yield -_few(*shape, of=SWAPPED), size, stride
    yield _few(1, 1, 2, 4), 2, 2
    for (same,) in together(_few(1, 2, 2, 3, of=SWAPPED)):
        yield same, 2, 1


def max_pool_backward():
    """The same; what arrives differs from place to place."""
    for sign, poolings in [(1, POOLINGS), (-1, POOLINGS[1:4])]:
        for shape, size, stride in poolings:
            x = sign * _few(*shape, of=SWAPPED)
            out = reference.max_pool_forward(x, size, stride).shape
            yield _few(*out, of=(1, 2, -3, 4, 0.5)), x, size, stride
    for dout, x in together(_few(1, 2, 1, 2), _few(1, 2, 2, 3, of=SWAPPED)):
        yield dout, x, 2, 1


def make_convnet():
    """What is asked of the network's form, of its layers and of its scores."""
    def asked(right, wanted, channels=1, size=8, classes=10, count=3):
        images = np.sin(1.0 + np.arange(count * channels * size**2)).reshape(
            count, channels, size, size)
        return Example((channels, size, classes), lambda found: "error" not in found and right(
            found), wanted, "network_report", (images,))

    for channels, size, classes, count in [(1, 8, 10, 3), (1, 8, 4, 3), (3, 16, 10, 1),
                                           (3, 32, 10, 1)]:
        yield asked(lambda found, shape=(count, classes): found["scores"].shape == shape,
                    f"a network that gives scores of shape ({count}, {classes}) for images of "
                    f"shape ({count}, {channels}, {size}, {size})", channels, size, classes, count)
    for right, wanted in [
            (lambda found: found["convolutions"] >= 2, "at least two nn.Conv2d layers"),
            (lambda found: found["shrinks"], "pooling, or a stride"),
            (lambda found: found["activated"], "an activation between the convolutions"),
            (lambda found: not found["ends"], "scores, without an activation at the end"),
            (lambda found: not found["without_gradient"], "a gradient for each parameter"),
            (lambda found: found["steady"], "the same scores again, and for an image alone")]:
        yield asked(right, wanted)
    yield asked(lambda found: 1000 <= found["parameters"] <= 500_000,
                "between 1,000 and 500,000 parameters", 3, 32, count=1)


def accuracy():
    """One image, two and three classes; a network that comes in train mode; more than a batch."""
    W, b = np.array([[1.0], [-1.0]]), np.zeros(2)
    three = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0.5, 0.5, 1.0, 0]]), np.zeros(3)
    images = np.array([[[[2.0, 1.0], [0.0, 0.0]]], [[[0.0, 1.0], [0.0, 0.0]]],
                       [[[0.0, 0.0], [3.0, 0.0]]]])
    for kind in ("sleepy_network", "moody_network"):
        network = Made(kind, (W, b))
        yield network, np.array([[[[2.0]]]]), np.array([0]), "cpu"
        yield network, np.array([[[[2.0]]]]), np.array([1]), "cpu"
        yield network, np.array([[[[2.0]]], [[[-1.0]]], [[[3.0]]]]), np.array([0, 1, 1]), "cpu"
        yield Made(kind, three), images, np.array([0, 1, 0]), "cpu"
        yield Made(kind, three), images, np.array([0, 0, 2]), "cpu"
    yield Made("sleepy_network", three), images, np.array([0, 0, 2], np.uint8), "cpu"
    # 66 images, of which the last two are wrong
    labels = np.where(np.arange(66) < 64, 0, 1)
    yield Made("sleepy_network", (W, b)), np.ones((66, 1, 1, 1)), labels, "cpu"


def fit():
    """One image first, batches of equal images, then orders at a learning rate of 0."""
    W, b = np.zeros((2, 1)), np.zeros(2)
    one, label = np.array([[[[2.0]]]]), np.array([1])
    network = Made("linear_network", (W, b))
    for epochs in (1, 2, 3):
        yield network, one, label, epochs, 0.25, 1, "cpu"
    yield Made("linear_network", (np.array([[0.0], [4.0]]), b)), one, label, 2, 0.25, 1, "cpu"
    yield Made("linear_network", (np.array([[64.0], [-64.0]]), b)), one, label, 4, 0.5, 1, "cpu"
    yield Made("sleepy_network", (np.array([[1.0], [-1.0]]), b)), one, label, 2, 0.25, 1, "cpu"
    yield network, np.repeat(one, 3, axis=0), np.repeat(label, 3), 2, 0.0, 2, "cpu"
    yield network, np.repeat(one, 3, axis=0), np.repeat(label, 3), 1, 0.25, 2, "cpu"
    for images in (one, np.concatenate([one, -one])):
        yield network, images, np.array([1, 0])[:len(images)], 2, 0.25, 8, "cpu"
    yield network, np.concatenate([one, one]), np.array([1, 0]), 1, 0.5, 1, "cpu"
    yield from _orders()


def _orders():
    """Images with losses of their own, with lr = 0: each once in an epoch, in another order."""
    images = np.arange(6.0).reshape(6, 1, 1, 1)
    own = np.log(1 + np.exp(-np.arange(6.0) * np.array([1, -1, 1, -1, -1, 1])))
    network = Made("linear_network", (np.array([[1.0], [0.0]]), np.zeros(2)))

    def right(losses):
        epochs = np.reshape(losses, (6, 6))
        return np.allclose(np.sort(epochs, axis=1), np.sort(own), atol=1e-4) and any(
            not np.allclose(epoch, epochs[0], atol=1e-4) for epoch in epochs)

    yield Example((network, images, np.array([0, 1, 0, 1, 1, 0]), 6, 0.0, 1, "cpu"), right,
                  f"in each epoch {', '.join(f'{loss:.3f}' for loss in np.sort(own))} once, in "
                  "another order")


EXAMPLES = {
    "conv_forward": conv_forward, "conv_backward": conv_backward, "im2col": im2col,
    "conv_im2col": conv_forward, "max_pool_forward": max_pool_forward,
    "max_pool_backward": max_pool_backward, "make_convnet": make_convnet,
    "accuracy": accuracy, "fit": fit,
}
