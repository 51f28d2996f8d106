"""The training loop."""

import itertools

import numpy as np
import pytest

from autograder.api import Made, check_value, fail, matches
from autograder.graders.hw2_softmax.inputs import label_kinds
from autograder.graders.hw5_convnet import inputs
from autograder.graders.hw5_convnet.mistakes import EPOCHS, READ_LOOP, STEPS, STOPPED
from autograder.graders.hw5_convnet.reference import descend
from autograder.graders.hw5_convnet.test_accuracy import problem
from nncourse.given import linear_network

ATOL = 1e-3
LR = 0.0625


def compare(student, arrays, epochs, lr=LR, batch_size=16, network="linear_network", atol=None):
    """Compare one run of a linear network on examples whose order makes no difference."""
    W, b, images, labels = arrays
    bound = 4.0**epochs * 64 * inputs.EPS * float(np.abs(images).max() ** 2 * images[0].size)
    student.compare("fit", Made(network, (W, b)), images, labels, epochs, lr, batch_size, "cpu",
                    what="the losses", atol=atol or min(bound, ATOL))


def small(rng, *shape):
    """A problem with small weights."""
    W, b, images, labels = problem(rng, *shape)
    return W / 8, b / 8, images / 2, labels


def alike(rng, count, margin):
    """So many equal images of the last of three classes, whose score leads by `margin`."""
    image = inputs.nonzero_grid(rng, 1, 1, 2, 2) / 2
    row = 0.5 * margin / np.sum(image**2) * image.ravel()
    return (np.array([-row, 0 * row, row]), np.zeros(3), np.repeat(image, count, axis=0),
            np.full(count, 2))


def test_whole_batches(student, rng):
    """All images in one batch; a single image."""
    for shape in [(6, 1, 2, 3), (5, 2, 2, 4), (8, 1, 3, 3)]:
        compare(student, small(rng, *shape), 2)
    compare(student, small(rng, 1, 1, 3, 3), 2)


def test_training_mode(student, rng):
    """A network that comes in eval mode, and learns in train mode only."""
    compare(student, small(rng, 6, 1, 2, 3), 2, network="sleepy_network")


def test_batches(student, rng):
    """Images that are all alike, in batches of which the last is smaller."""
    for count, batch_size, epochs, lr in [(4, 3, 1, LR), (7, 3, 2, 0.0), (6, 2, 2, 0.0)]:
        W, b, images, labels = small(rng, 1, 1, 3, 4)
        images, labels = np.repeat(images, count, axis=0), np.repeat(labels, count)
        compare(student, (W, b, images, labels), epochs, lr, batch_size)


@pytest.mark.weight(2)
def test_plain_descent(student, rng):
    """Several steps on an image that is classified wrongly: no momentum, no weight decay."""
    # the gradient hardly changes, so that gradients that add up are seen, and large weights decay
    for count, margin in [(1, -24), (3, -32)]:
        compare(student, alike(rng, count, margin), 4, 0.25, atol=5e-4)


def test_to_the_end(student, rng):
    """All epochs are run, however small the loss is."""
    W, b, images, labels = arrays = alike(rng, 2, 10)
    losses = student.call("fit", Made("linear_network", (W, b)), images, labels, 5, 0.0, 16, "cpu")
    if np.shape(losses) != (5,):
        compare(student, alike(rng, 2, -10), 5, 0.0)  # where the loss is large, all are run
        STOPPED.fail()
    compare(student, arrays, 5, 0.0, atol=1e-5)


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
    possible = np.all((sums > -0.5) & (sums < batch_size * 8.0**5 + 1))
    if not possible or not matches(sums, np.rint(sums), 1e-3):
        fail("6 images: the losses are not the mean cross-entropies of batches of them.",
             read=READ_LOOP)
    return np.rint(sums).astype(np.int64)[..., np.newaxis] >> 3 * np.arange(6) & 7


def test_every_picture_once_in_a_new_order(student, rng):
    """In every epoch each image once, with its own label, in a new random order."""
    counts = pictures_seen(student, 1, 5)
    if np.any(counts.sum(axis=2) > 1):
        fail("6 images in batches of 1, with lr = 0: one batch seems to hold several images.",
             read=READ_LOOP)
    if np.count_nonzero(counts.sum(axis=(1, 2))) < 2:
        fail("6 images, lr = 0: the losses are not those of a network that stays as it is.")
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
        fail("6 images in batches of 4: the losses of an epoch are not those of batches in which "
             "every image comes once.", read=READ_LOOP)


def follows(student, rng, epochs, runs):
    """The `runs` from which the losses of two images, one by one, follow in some order."""
    W, b, images, labels = small(rng, 2, 1, 2, 3)
    arguments = images, labels, epochs, 0.25, 1
    losses = student.call("fit", Made("linear_network", (W, b)), *arguments, "cpu")
    check_value(losses, np.zeros(2 * epochs), what="the losses", atol=np.inf)
    found = set()
    for orders in itertools.product([(0, 1), (1, 0)], repeat=epochs):
        for run in runs:
            epoch = iter(orders)
            value = run(linear_network(W, b), *arguments,
                        cut=lambda N, m, rng, epoch=epoch: [[n] for n in next(epoch)])
            if matches(losses, value, ATOL):
                found.add(run)
    return found


def test_every_batch_moves_the_network(student, rng):
    """Two different images one by one: each step uses the image whose loss is recorded."""
    if all(follows(student, rng, 1, [descend]) for _ in range(3)):
        return
    found = follows(student, rng, 2, [mistake.wrong for mistake in STEPS])
    if len(found) == 1:
        next(mistake for mistake in STEPS if mistake.wrong in found).fail()
    fail("2 images in batches of 1: from no order of the images do these losses follow. Each step "
         "has to use the batch whose loss is recorded.", read=READ_LOOP)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only images; labels of several types."""
    W, b, images, labels = small(rng, 6, 1, 2, 3)
    for same in inputs.layouts(images):
        compare(student, (W, b, same, labels), 1)
    for same in label_kinds(labels):
        compare(student, (W, b, images, same), 1)
