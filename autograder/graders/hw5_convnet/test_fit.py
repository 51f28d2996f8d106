"""The training loop."""

import itertools

import numpy as np

from autograder.api import Made, check_value, fail, matches
from autograder.graders.hw2_softmax.inputs import label_kinds
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import EPOCHS
from autograder.graders.hw5_convnet.reference import descend
from autograder.graders.hw5_convnet.test_accuracy import problem
from nncourse.given import linear_network

ATOL = 1e-3


def compare(student, arrays, epochs, lr, batch_size, network="linear_network"):
    """Compare one run of a linear network on examples whose order makes no difference."""
    W, b, images, labels = arrays
    atol = 4.0**epochs * 64 * inputs.EPS * float(np.abs(images).max() ** 2 * images[0].size)
    student.compare("fit", Made(network, (W, b)), images, labels, epochs, lr, batch_size, "cpu",
                    what="the losses", atol=min(atol, ATOL))


def small(rng, *shape, epochs=2):
    """A problem with small weights, on which momentum is not gradients that add up for ever."""
    while True:
        W, b, images, labels = problem(rng, *shape)
        network = linear_network(W / 8, b / 8)
        accumulated, pushed = (
            np.array(descend(network, images / 2, labels, epochs, 0.0625, 16, **wrong))
            for wrong in ({"accumulate": True}, {"momentum": 0.9}))
        if epochs < 3 or np.abs(accumulated - pushed).max() > 4 * ATOL:
            return W / 8, b / 8, images / 2, labels


def test_whole_batches(student, rng):
    """All pictures in one batch, several epochs; a single picture."""
    for shape, epochs in [((6, 1, 2, 3), 4), ((5, 2, 2, 4), 3), ((1, 1, 3, 3), 2)]:
        compare(student, small(rng, *shape, epochs=epochs), epochs, 0.0625, 16)


def test_training_mode(student, rng):
    """A network that comes in eval mode, and learns in train mode only."""
    compare(student, small(rng, 6, 1, 2, 3, epochs=3), 3, 0.0625, 16, "sleepy_network")


def test_batches(student, rng):
    """Pictures that are all alike, in batches of which the last is smaller."""
    for count, batch_size in [(7, 3), (6, 2), (4, 1)]:
        W, b, images, labels = small(rng, 1, 1, 3, 4)
        compare(student, (W, b, np.repeat(images, count, axis=0), np.repeat(labels, count)), 2,
                0.0625, batch_size)


def distinct_pictures(num_pictures):
    """W, b, images, labels; the losses of a batch add up to a number that tells whose they are.

    Picture n has the loss 64 * 8^n with its own label and none with the other, exactly in float32.
    """
    labels = np.array([1, 0, 0, 1, 0, 1])[:num_pictures]
    images = np.zeros((num_pictures, 1, 2, 2))
    images[:, 0, 0, 0] = 64.0 * 8.0 ** np.arange(num_pictures) * (2 * labels - 1)
    W = np.zeros((2, 4))
    W[0, 0] = 1.0
    return W, np.zeros(2), images, labels


def pictures_seen(student, batch_size, num_epochs):
    """How often each of six pictures was in each batch: (epochs, batches, 6)."""
    W, b, images, labels = distinct_pictures(6)
    sizes = [min(batch_size, 6 - i) for i in range(0, 6, batch_size)]
    losses = student.call("fit", Made("linear_network", (W, b)), images, labels, num_epochs, 0.0,
                          batch_size, "cpu")
    check_value(losses, np.zeros(num_epochs * len(sizes)), what="the losses", atol=np.inf)
    sums = np.reshape(losses, (num_epochs, len(sizes))).astype(np.float64) * sizes / 64
    return np.rint(np.clip(sums, 0, 8.0**8)).astype(np.int64)[..., np.newaxis] >> (
        3 * np.arange(6)) & 7


def test_every_picture_once_in_a_new_order(student, rng):
    """In every epoch each picture once, with its own label, in a new random order."""
    counts = pictures_seen(student, 1, 5)
    if np.any(counts.sum(axis=(1, 2)) < 6) and np.any(counts.sum(axis=2) == 0):
        EPOCHS["labels-not-chosen-along"].fail()
    if np.all(counts == counts[:, :1]):
        EPOCHS["one-batch-for-ever"].fail()
    if np.any(counts.sum(axis=1) != 1):
        EPOCHS["not-every-picture-once"].fail()
    orders = counts.argmax(axis=2)  # (epochs, 6)
    if np.all(orders == np.arange(6)):
        EPOCHS["not-shuffled"].fail()
    if np.all(orders == orders[0]):
        EPOCHS["same-order-in-every-epoch"].fail()
    if np.any(pictures_seen(student, 4, 3).sum(axis=1) != 1):
        fail("6 pictures in batches of 4: the losses of an epoch are not those of batches in "
             "which every picture comes once.")


def test_every_batch_moves_the_network(student, rng):
    """Three different pictures one by one: each step uses the picture whose loss is recorded."""
    W, b, images, labels = small(rng, 3, 1, 2, 3)
    losses = student.call("fit", Made("linear_network", (W, b)), images, labels, 2, 0.25, 1, "cpu")
    check_value(losses, np.zeros(6), what="the losses", atol=np.inf)
    for orders in itertools.product(itertools.permutations(range(3)), repeat=2):
        epochs = iter(orders)
        right = descend(linear_network(W, b), images, labels, 2, 0.25, 1,
                        cut=lambda N, m, rng, epochs=epochs: [[n] for n in next(epochs)])
        if matches(losses, right, 1e-3):
            return
    fail("3 pictures in batches of 1: from no order of the pictures do these losses follow. Each "
         "step has to use the batch whose loss is recorded.")


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
