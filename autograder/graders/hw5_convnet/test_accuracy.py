"""The share of right predictions."""

import numpy as np

from autograder.api import Made
from autograder.graders.hw5_convnet import inputs


def problem(rng, N, channels, size, classes):
    """Weights (C, D), biases (C,), images (N, channels, size, size), labels (N,)."""
    D = channels * size**2
    images = inputs.nonzero_grid(rng, N, channels, size, size)
    return (inputs.nonzero_grid(rng, classes, D), inputs.nonzero_grid(rng, classes), images,
            rng.integers(classes, size=N))


def compare(student, W, b, images, labels, network="moody_network"):
    """Compare one call; a moody network gives other answers unless it is in eval mode."""
    student.compare("accuracy", Made(network, (W, b)), images, labels, "cpu",
                    what="the accuracy", atol=1e-6)


def test_share(student, rng):
    """Several numbers of pictures, more than a batch of them; a single one."""
    for shape in [(7, 1, 3, 4), (1, 2, 2, 3), (300, 1, 2, 5)]:
        compare(student, *problem(rng, *shape))


def test_kinds_of_labels(student, rng):
    """Kinds of labels, with a network that is in eval mode already."""
    W, b, images, labels = problem(rng, 9, 1, 3, 3)
    for kind in (np.int32, np.uint8):
        compare(student, W, b, images, labels.astype(kind), "sleepy_network")
