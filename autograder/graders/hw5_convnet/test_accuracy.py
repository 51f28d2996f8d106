"""The share of right predictions."""

import numpy as np

from autograder.api import Made
from autograder.graders.hw5_convnet import inputs


def problem(rng, N, channels, size, classes):
    """Weights (C, D), biases (C,), images (N, channels, size, size), labels (N,).

    The last class is a label where there are enough images, and the right prediction of some.
    """
    D = channels * size**2
    images = inputs.nonzero_grid(rng, N, channels, size, size)
    return (inputs.nonzero_grid(rng, classes, D), inputs.nonzero_grid(rng, classes), images,
            rng.permutation(np.append(rng.integers(classes, size=N - 1), classes - 1)))


def guessed(rng, N, channels, size, classes):
    """The same with labels of which more than a half are the network's predictions."""
    W, b, images, labels = problem(rng, N, channels, size, classes)
    predictions = np.argmax(images.reshape(N, -1) @ W.T + b, axis=1)
    right = rng.permutation(N) < 1 + 0.6 * N
    return W, b, images, np.where(right, predictions, labels)


def compare(student, W, b, images, labels, network="sleepy_network"):
    """Compare one call, with a network that is in eval mode unless it is another."""
    student.compare("accuracy", Made(network, (W, b)), images, labels, "cpu",
                    what="the accuracy", atol=1e-6)


def test_share(student, rng):
    """Several numbers of images, hundreds too; a network in eval mode."""
    for shape in [(7, 1, 3, 4), (300, 1, 2, 5), (130, 2, 2, 3)]:
        compare(student, *guessed(rng, *shape))


def test_one_image(student, rng):
    """A single image, classified correctly and not."""
    W, b, images, labels = guessed(rng, 1, 2, 2, 3)
    for label in (labels, (labels + 1) % 3):
        compare(student, W, b, images, label)


def test_evaluation_mode(student, rng):
    """A network that comes in train mode, where it gives other scores."""
    # of so many images no other mistake has the same share by chance
    for shape in [(29, 1, 3, 4), (41, 2, 2, 3)]:
        compare(student, *guessed(rng, *shape), "moody_network")


def test_kinds_of_labels(student, rng):
    """Kinds of images and labels."""
    W, b, images, labels = guessed(rng, 9, 1, 3, 3)
    for kind in (np.int32, np.uint8):
        compare(student, W, b, images, labels.astype(kind))
    for same in inputs.layouts(images):
        compare(student, W, b, same, labels)
