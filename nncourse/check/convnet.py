"""Visible checks of hw5_convnet's networks in PyTorch, by hand-made numbers and small data."""

from collections.abc import Callable

import numpy as np

from nncourse import given
from nncourse.check.base import as_history, as_numbers, close, require, visible_check


@visible_check
def make_convnet(function: Callable) -> str:
    """Check what the network is made of, and a few images."""
    for channels, size, classes in [(1, 8, 10), (3, 32, 10)]:
        network = function(channels, size, classes)
        images = np.random.default_rng(0).normal(size=(4, channels, size, size))
        found = given.network_report(network, images)
        require("error" not in found, f"make_convnet: {found.get('error')}.")
        as_numbers(found["scores"], (4, classes),
                   f"4 images and {classes} classes: the array of scores")
        require(found["kinds"].count("Conv2d") >= 2, "At least two nn.Conv2d layers are asked for.")
        require(found["shrinks"], "The images keep their size: pool, or use a stride.")
        require(not found["linear"], "The network is linear: is there an activation?")
        require(not found["without_gradient"],
                f"No gradient reaches {', '.join(found['without_gradient'][:3])}.")
    require(1000 <= found["parameters"] <= 500_000,
            f"{found['parameters']:,} parameters; between 1,000 and 500,000 are asked for.")
    return f"looks right; {found['parameters']:,} parameters for images of 3 x 32 x 32"


def _images():
    images = np.array([[[[2.0, 0.0], [0.0, 0.0]]], [[[0.0, 1.0], [0.0, 0.0]]],
                       [[[0.0, 0.0], [3.0, 0.0]]], [[[-1.0, -2.0], [0.0, 0.0]]]])
    W = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.5]])
    return W, np.zeros(3), images


@visible_check
def accuracy(function: Callable) -> None:
    """Check four images, with a network that answers wrongly in training mode."""
    W, b, images = _images()
    for labels, want in [([0, 1, 2, 2], 1.0), ([0, 1, 2, 0], 0.75), ([1, 0, 0, 2], 0.25)]:
        network = given.moody_network(W, b).train()
        got = as_numbers(function(network, images, np.array(labels), "cpu"), (), "the accuracy")
        require(close(got, want), f"Of four predictions (0, 1, 2, 2), {int(4 * want)} are right: "
                                   f"{want:g}. Yours is {float(got):g}. (The network of this check "
                                   "answers wrongly unless model.eval() was called.)")


@visible_check
def fit(function: Callable) -> None:
    """Check the first step of a linear network by hand, counts, and that the loss falls."""
    W, b, images = _images()
    labels = np.array([0, 1, 2, 2])

    def run(epochs, lr, batch_size, images=images, labels=labels):
        network = given.linear_network(0 * W, b)
        losses = as_history(function(network, images, labels, epochs, lr, batch_size, "cpu"),
                            "losses")
        return network, losses

    network, losses = run(1, 0.5, 4)
    require(len(losses) == 1 and close(losses[0], np.log(3), 1e-4),
            "All weights are 0, so the loss before the first step is log 3 = 1.0986. Yours: "
            f"{losses[:2]}.")
    first = network[1].weight.detach().numpy()
    require(close(first[0], [0.5 * (2 * 2 / 3 + 1 / 3) / 4, 0.5 * (-1 / 3 + 2 / 3) / 4, -0.125, 0],
                   1e-4),
            "After one step with lr = 0.5 the first row of weights is (0.2083, 0.0417, -0.125, 0). "
            f"Yours is {first[0].round(4).tolist()}. (Plain SGD, mean loss of the batch.)")
    _, losses = run(3, 0.5, 4)
    require(len(losses) == 3, f"3 epochs of one batch: 3 losses. Yours has {len(losses)}.")
    require(close(run(2, 0.0, 4)[1], np.log(3), 1e-4), "With lr = 0 the loss stays log 3.")
    alike = np.repeat(images[:1], 3, axis=0), np.zeros(3, int)
    _, losses = run(2, 0.5, 2, *alike)
    require(len(losses) == 4, "3 images in batches of 2, 2 epochs: 4 losses, of batches of 2, 1, "
                              f"2 and 1. Yours has {len(losses)}.")
    z, by_hand = np.zeros(3), []
    for _ in range(4):  # the scores of one image, whose squared length is 4, with bias 5
        p = np.exp(z) / np.exp(z).sum()
        by_hand.append(-np.log(p[0]))
        z = z - 0.5 * 5 * (p - np.array([1.0, 0, 0]))
    require(close(losses, by_hand, 1e-4),
            "Three times the same image, lr = 0.5: the losses are "
            f"{', '.join(f'{v:.4f}' for v in by_hand)}. Yours are "
            f"{', '.join(f'{v:.4f}' for v in losses)}. Are the gradients set back to zero?")


@visible_check
def classify_images(function: Callable) -> str:
    """Check images of horizontal and vertical bars in noise."""
    rng = np.random.default_rng(0)

    def bars(count):
        y, x = np.arange(count) % 2, rng.normal(0, 0.3, size=(count, 1, 8, 8))
        for image, label in zip(x[:, 0], y):
            place = rng.integers(8)
            image[(place, slice(None)) if label else (slice(None), place)] += 1
        return x, y

    (X, y), (X_new, y_new) = bars(200), bars(100)
    got = as_numbers(function(X, y, X_new, "cpu"), (100,), "classify_images(...)")
    right = np.mean(got == y_new)
    require(right > 0.8, f"Images of horizontal and vertical bars: {right:.0%} of the new ones "
                         "are right. Train longer, or with another rate?")
    return f"{right:.0%} of the new images of bars are right"
