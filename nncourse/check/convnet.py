"""Visible checks of hw5_convnet's networks in PyTorch, by hand-made numbers and small data."""

import time
from collections.abc import Callable

import numpy as np

from nncourse import given
from nncourse.check.base import as_numbers, close, require, visible_check
from nncourse.check.digits import graded_form
from nncourse.data.placed import ACCURACY, placed

ENDS = {
    "softmax": "The network ends in a softmax: return the scores.",
    "log_softmax": "The network ends in a log-softmax: return the scores.",
    "sign": "All scores have the same sign, whatever the parameters: is there an activation after "
            "the last layer? Return the scores as they are.",
}


@visible_check
def make_convnet(function: Callable) -> str:
    """Check what the network is made of, and a few images."""
    for channels, size, classes, count in [(1, 8, 10, 3), (3, 16, 4, 3), (3, 32, 10, 1),
                                           (3, 32, 10, 3)]:
        called = f"make_convnet({channels}, {size}, {classes})"
        shape = (count, channels, size, size)
        images = np.random.default_rng(0).normal(size=shape)
        found = given.network_report(function(channels, size, classes), images)
        error = found.get("error", "")
        hint = " Is a size or a number of channels written down that should be an argument?"
        require(not error, f"{called}: {error}.{hint if 'raises' in error else ''}")
        as_numbers(found["scores"], (count, classes),
                   f"{called}, images of shape {images.shape}: the array of scores")
        require(found["convolutions"] >= min(2, found["convolved"]),
                f"{called}: PyTorch does not find your convolutions. Layers in a Python list are "
                "not part of the network: use nn.Sequential or nn.ModuleList.")
        require(found["convolutions"] >= 2,
                f"{called}: at least two nn.Conv2d layers are asked for, there are "
                f"{found['convolutions']}.")
        require(found["shrinks"], f"{called}: the images keep their size. Pool, or use a stride.")
        require(found["activated"], f"{called}: there is no activation between the convolutions. "
                                    "(Max pooling is none.)")
        require(not found["ends"], f"{called}: {ENDS.get(found['ends'])}")
        require(not found["without_gradient"],
                f"{called}: no gradient reaches {', '.join(found['without_gradient'][:3])}. Is the "
                "layer used?")
        require(found["steady"],
                f"{called}: in eval mode an image's scores depend on chance or on the other "
                "images. The layers nn.Dropout and nn.BatchNorm2d know the mode.")
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
    """Check four images, one and many, with networks in either mode."""
    import torch

    W, b, images = _images()
    before = torch.is_grad_enabled()

    def run(images, labels, make=given.sleepy_network):
        got = function(make(W, b), images, np.array(labels), "cpu")
        return float(as_numbers(got, (), "the accuracy"))

    for labels, want in [([0, 1, 2, 2], 1.0), ([0, 1, 2, 0], 0.75), ([1, 0, 0, 2], 0.25)]:
        got, right = run(images, labels), int(4 * want)
        hints = {100 * want: "A share is asked for, not per cent.",
                 right: "A share is asked for: divide by the number of images.",
                 1 - want: "This is the share of wrong ones."}
        hint = next((text for value, text in hints.items() if close(got, value)), "")
        require(close(got, want), f"The predictions are (0, 1, 2, 2), the labels {tuple(labels)}: "
                                  f"{want:g}. Yours is {got:g}. {hint}".rstrip())
        got = run(images, labels, given.moody_network)
        require(close(got, want),
                f"A network that comes in training mode, where it gives other scores: {want:g} is "
                f"wanted, yours is {got:g}. Call model.eval() first.")
    after = torch.is_grad_enabled()
    torch.set_grad_enabled(before)
    require(after or not before,
            "After your function has run, PyTorch records no gradients any more, and nothing can "
            "be trained. Switch them off for these lines only: `with torch.no_grad():`")
    for label, want in [(0, 1.0), (1, 0.0)]:
        got = run(images[:1], [label])
        require(close(got, want), f"A single image: {want:g}. Yours is {got:g}.")
    # 150 images, the first 100 of them right
    classes = np.where(np.arange(150) < 100, np.resize([0, 1, 2, 2], 150),
                       np.resize([2, 2, 1, 1], 150))
    for same in (np.resize(images, (150, 1, 2, 2)),
                 np.resize(images, (150, 1, 2, 2)).astype(np.float32)):
        for kind in (np.int64, np.uint8):
            got = run(same, classes.astype(kind))
            require(close(got, 2 / 3), "150 images, of which the first 100 are classified "
                                       f"correctly: 0.6667. Yours is {got:.4f}. (Batches may be of "
                                       "unequal size.)")


@visible_check
def fit(function: Callable) -> None:
    """Check the steps of a linear network by hand, counts and orders."""
    W, b, images = _images()
    labels = np.array([0, 1, 2, 2])

    def run(epochs, lr, batch_size, images=images, labels=labels, network=None):
        network = given.linear_network(0 * W, b) if network is None else network
        value = function(network, images, labels, epochs, lr, batch_size, "cpu")
        count = epochs * int(np.ceil(len(images) / batch_size))
        return network, as_numbers(
            value, (count,), f"epochs={epochs}, {len(images)} images, batch_size={batch_size}: the "
                             "list of losses, one for each batch,")

    network, losses = run(1, 0.5, 4)
    require(close(losses[0], np.log(3), 1e-4),
            "All weights are 0, so the loss before the first step is log 3 = 1.0986. Yours: "
            f"{losses[0]:.4f}.")
    _check_orders(run)
    first = network[1].weight.detach().numpy()
    require(bool(np.any(first)), "The network that is given does not move. In order: gradients "
                                 "back to zero, backward(), step().")
    require(close(first[0], [0.5 * (2 * 2 / 3 + 1 / 3) / 4, 0.5 * (-1 / 3 + 2 / 3) / 4, -0.125, 0],
                   1e-4),
            "After one step with lr = 0.5 the first row of weights is (0.2083, 0.0417, -0.125, 0). "
            f"Yours is ({_listed(first[0])}). (Plain SGD, mean loss of the batch, cross_entropy of "
            "the scores.)")
    run(3, 0.5, 100)
    require(close(run(2, 0.0, 4)[1], np.log(3), 1e-4), "With lr = 0 the loss stays log 3.")
    three = np.repeat(images[:1], 3, axis=0), np.zeros(3, int)
    _, losses = run(2, 0.0, 2, *three)
    require(close(losses, np.log(3), 1e-4), "3 equal images in batches of 2, lr = 0: the mean "
                                            "loss of each batch is log 3, also of the batch of 1. "
                                            f"Yours are {_listed(losses)}.")
    _check_two_labels(run, images)
    _check_plain(run, images)
    asleep = given.sleepy_network(*_confident(-2, images[0]))
    _, losses = run(1, 0.5, 1, images[:1], np.array([0]), asleep)
    require(close(losses[0], np.log(2 + np.exp(2)) - 2, 1e-3),
            "The network came in eval mode: call model.train() first, and train this network, not "
            "a copy.")


def _listed(numbers) -> str:
    return ", ".join(f"{number:.4f}" for number in numbers)


def _confident(margin, image):
    """Weights and biases by which class 0 leads the two others by that margin."""
    W = np.zeros((3, image.size))
    W[0] = margin * image.ravel() / np.sum(image**2)
    return W, np.zeros(3)


def _check_two_labels(run, images):
    """The same image with two labels: a step for one raises the loss of the other."""
    _, losses = run(1, 0.5, 1, np.repeat(images[:1], 2, axis=0), np.array([0, 1]))
    push = 0.5 * 5 / 3  # by which the first step lowers the other scores; its own rises by twice
    require(close(losses[0], np.log(3), 1e-4),
            "The same image twice, with the labels 0 and 1, in batches of one: the first loss is "
            f"log 3 = 1.0986. Yours: {losses[0]:.4f}.")
    second = np.log(np.exp(2 * push) + 2 * np.exp(-push)) + push
    require(not close(losses[1], np.log(3), 1e-4),
            "The same image twice, with the labels 0 and 1: no step is taken between the two "
            "batches. Each batch takes its own step.")
    require(close(losses[1], second, 1e-3),
            "The same image twice, with the labels 0 and 1, in batches of one, lr = 0.5: after a "
            f"step for one of them the loss of the other is {second:.4f}. Yours is "
            f"{losses[1]:.4f}. A step, and its loss, are of one batch.")


def _check_plain(run, images):
    """A label that is far behind: plain SGD gains the same in every step."""
    W, b = _confident(-40, images[0])
    _, losses = run(4, 0.25, 8, images[:1], np.array([0]), given.linear_network(W, b))
    # the score of class 0 rises by 0.25 * 5 a step, those of the others by half of it the less
    want = [np.log(2) + 40 - 1.875 * step for step in range(4)]
    require(close(losses[0], want[0], 1e-4),
            f"An image whose label is 40 behind: the loss is 40.6931. Yours: {losses[0]:.4f}.")
    said = ("An image whose label is 40 behind, lr = 0.25: each step of plain SGD lowers the loss "
            "by 1.875. ")
    gained = -np.diff(losses)
    require(close(gained[0], 1.875, 5e-4), said + f"Your first step lowers it by {gained[0]:.4f}: "
                                                  "no weight decay, no Adam, no clipping.")
    require(close(gained, 1.875, 5e-4), said + f"Your steps lower it by {_listed(gained)}. "
            "Are the gradients set back to zero in every step? No momentum, no weight decay.")
    W, b = _confident(9, images[0])  # the loss is small: all epochs are run all the same
    run(3, 0.0625, 8, images[:1], np.array([0]), given.linear_network(W, b))


def _check_orders(run):
    """Six images of different losses, one by one, with lr = 0."""
    images = np.zeros((6, 1, 2, 2))
    images[:, 0, 0, 0] = np.arange(6)
    labels = np.array([0, 1, 0, 1, 1, 0])
    W = np.array([[1.0, 0, 0, 0], [0, 0, 0, 0]])
    own = np.sort(np.log(1 + np.exp(images[:, 0, 0, 0] * np.where(labels == 0, -1, 1))))
    _, losses = run(6, 0.0, 1, images, labels, given.linear_network(W, np.zeros(2)))
    epochs = np.reshape(losses, (6, 6))
    require(close(np.sort(epochs, axis=1), own, 1e-4),
            "6 images one by one, lr = 0: in every epoch each image's loss should occur once. Is "
            "every image in one batch of an epoch, with its own label?")
    orders = epochs.round(4).tolist()
    require(any(order != orders[0] for order in orders),
            "Every epoch has the same order: shuffle anew at the start of each.")


@visible_check
def classify_images(function: Callable) -> str:
    """Say how many images of the graded form are classified correctly."""
    X, y, X_test, y_test = graded_form()
    X, X_test = (placed(digits, np.random.default_rng(seed)) for seed, digits in
                 enumerate((X, X_test)))
    started = time.perf_counter()
    value = function(X, y, X_test, "cpu")
    seconds = time.perf_counter() - started
    got = as_numbers(value, (len(X_test),), "the predictions")
    require(set(got) <= set(range(10)), "predictions should be classes from 0 to 9.")
    right = np.mean(got == y_test)
    require(right >= ACCURACY, f"of {len(y_test)} new images, made as those of grading, "
                               f"{right:.1%} are right; {ACCURACY:.0%} are wanted. Convolutions "
                               "and pooling, longer training, another learning rate?")
    return (f"{right:.1%} of {len(y_test)} new images, made as those of grading, are right "
            f"({ACCURACY:.0%} are wanted), in {seconds:.1f} s")
