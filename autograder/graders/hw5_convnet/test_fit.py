"""The training loop."""

import numpy as np

from autograder.graders.hw2_softmax.inputs import label_kinds
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.test_accuracy import problem
from autograder.judge import check_value, fail
from autograder.student import Made


def compare(student, arrays, epochs, lr, batch_size, network="linear_network"):
    """Compare one run of a linear network on examples whose order makes no difference."""
    W, b, images, labels = arrays
    atol = 4.0**epochs * 64 * inputs.EPS * float(np.abs(images).max() ** 2 * images[0].size)
    student.compare("fit", Made(network, (W, b)), images, labels, epochs, lr, batch_size, "cpu",
                    what="the losses", atol=min(atol, 0.01))


def small(rng, *shape):
    """A problem with small weights."""
    W, b, images, labels = problem(rng, *shape)
    return W / 8, b / 8, images / 2, labels


def test_whole_batches(student, rng):
    """All pictures in one batch, several epochs; a single picture."""
    for shape, epochs in [((6, 1, 2, 3), 4), ((5, 2, 2, 4), 3), ((1, 1, 3, 3), 2)]:
        compare(student, small(rng, *shape), epochs, 0.0625, 16)


def test_training_mode(student, rng):
    """A network that comes in eval mode, and learns in train mode only."""
    compare(student, small(rng, 6, 1, 2, 3), 3, 0.0625, 16, "sleepy_network")


def test_batches(student, rng):
    """Pictures that are all alike, in batches of which the last is smaller."""
    for count, batch_size in [(7, 3), (6, 2), (4, 1)]:
        W, b, images, labels = small(rng, 1, 1, 3, 4)
        compare(student, (W, b, np.repeat(images, count, axis=0), np.repeat(labels, count)), 2,
                0.0625, batch_size)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only pictures; labels of several types."""
    W, b, images, labels = small(rng, 6, 1, 2, 3)
    for same in inputs.layouts(images):
        compare(student, (W, b, same, labels), 2, 0.0625, 16)
    for same in label_kinds(labels):
        compare(student, (W, b, images, same), 2, 0.0625, 16)


def test_losses_fall(student, rng):
    """Different pictures in small batches: the loss falls."""
    W, b, images, labels = small(rng, 60, 1, 3, 3)
    labels = np.argmax(images.reshape(60, -1) @ inputs.nonzero_grid(rng, 3, 9).T, axis=1)
    losses = student.call("fit", Made("linear_network", (W, b)), images, labels, 30, 0.25, 10,
                          "cpu")
    check_value(losses, np.zeros(180), what="the losses", atol=np.inf)
    first, last = np.mean(np.reshape(losses, (30, 6))[[0, -1]], axis=1)
    if last > 0.5 * first:
        fail("on 60 pictures in batches of 10, the loss is not halved after 30 epochs.")
