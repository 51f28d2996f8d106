"""Visible checks of hw3_gradient_descent, parts 6, 7 and 9, by numbers to follow by hand."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    CheckFailed,
    agree,
    as_numbers,
    as_plain,
    close,
    items,
    require,
    visible_check,
)
from nncourse.check.descent import ask, read_only
from nncourse.values import as_array, describe


@visible_check
def minibatches(function: Callable) -> None:
    """Check sizes, that every example is there once, and the random order."""

    def epoch(num_examples, batch_size, seed: int | np.random.Generator = 0) -> list[list[int]]:
        what = f"minibatches({num_examples}, {batch_size}, rng)"
        batches = as_plain(ask(what, function, num_examples, batch_size,
                                np.random.default_rng(seed)), what)
        require(isinstance(batches, (list, tuple)),
                f"{what} should return a list of arrays, yours is {describe(batches)}.")
        listed = []
        for batch in batches:
            indices = as_array(batch)
            require(indices is None or indices.size > 0, f"{what}: one of your batches is empty.")
            if indices is None or indices.ndim != 1 or indices.dtype.kind not in "iu":
                raise CheckFailed(f"{what}: every batch should be an array of indices with one "
                                  f"axis; yours has {describe(batch)}.")
            listed.append(indices.tolist())
        return listed

    for num_examples, batch_size, sizes in [(10, 4, [4, 4, 2]), (6, 3, [3, 3]), (3, 5, [3]),
                                            (1, 1, [1]), (30, 13, [13, 13, 4])]:
        batches = epoch(num_examples, batch_size)
        require([len(batch) for batch in batches] == sizes,
                f"{num_examples} examples in batches of {batch_size}: the sizes should be "
                f"{sizes}, yours are {[len(batch) for batch in batches]}.")
        require(sorted(sum(batches, [])) == list(range(num_examples)),
                f"{num_examples} examples: each index from 0 to {num_examples - 1} should come "
                f"exactly once in an epoch. Yours, sorted: {sorted(sum(batches, []))}.")
    first, other, again = (sum(epoch(30, 6, seed), []) for seed in (0, 1, 0))
    require(first != list(range(30)), "30 indices should come in a random order.")
    batches = [sorted(first[i:i + 6]) for i in range(0, 30, 6)]
    require(not any(batch[-1] - batch[0] == 5 for batch in batches),
            "One of your batches holds neighbours only, such as 0 to 5. Shuffle the examples, "
            "then cut; do not shuffle the batches, or each batch in itself.")
    require(first != other, "Another generator should give another order: draw from rng.")
    require(first == again, "Generators with the same seed should give the same order: draw from "
                            "rng only.")
    rng = np.random.default_rng(0)
    require(epoch(30, 6, rng) != epoch(30, 6, rng),
            "Called again with the same generator, it should give another order: draw from rng "
            "itself, not from a copy.")


@visible_check
def gradient_noise(function: Callable) -> None:
    """Check gradients that differ in a few entries, and means that are off."""

    def run(what, G, g):
        bias, variance = items(ask(what, function, G, g), 2, "gradient_noise")
        return (as_numbers(bias, (), f"{what}: the bias"),
                as_numbers(variance, (), f"{what}: the variance"))

    G = np.array([[[1.0, 2.0], [0.0, 0.0]], [[3.0, 2.0], [0.0, 4.0]]])
    mean = np.array([[2.0, 2.0], [0.0, 2.0]])
    bias, variance = run("two gradients", G, mean)
    agree(bias, 0, "The mean of the batch gradients is the full gradient: the bias is 0.")
    agree(variance, 5, "Two gradients, each off their mean by 1 in one entry and by 2 in another: "
          "the squared distances are 1 + 4 = 5 and 5, their mean is 5.")
    bias, variance = run("a mean that is off", G, mean + [[2.0, -2.0], [2.0, 2.0]])
    agree(bias, 4, "The mean is off by 2 in all four entries: 4 + 4 + 4 + 4 = 16, so that the "
          "bias is 4 long.")
    agree(variance, 5, "The variance is about the mean of the batch gradients: it is still 5 "
          "where that mean is off.")
    bias, variance = run("three vectors", np.array([[0.0, 1.0], [0.0, 4.0], [3.0, 4.0]]),
                         np.array([1.0, 3.0]))
    agree(bias, 0, "Three vectors with the mean (1, 3), as the full gradient: the bias is 0.")
    agree(variance, 4, "(0, 1), (0, 4) and (3, 4) about (1, 3): the squared distances are 5, 2 "
          "and 5, their mean is 4.")
    bias, variance = run("a single gradient", G[:1], G[0])
    agree(bias, 0, "A single gradient, equal to the full one: the bias is 0.")
    agree(variance, 0, "A single gradient does not vary: the variance is 0.")
    run("gradients with three axes", np.ones((2, 2, 3, 2)), np.ones((2, 3, 2)))
    run("single precision, read-only", read_only(G.astype(np.float32)), mean)


def _pull(X, y, W, b, reg):
    """A loss whose gradients can be followed by hand: W is pulled towards each batch's mean."""
    rows = np.mean(X, axis=0)
    signs = 2.0 * np.mean(y) - 1
    return float(np.sum(W) + reg), np.zeros_like(W) + rows + reg, np.zeros_like(b) + signs


def _half(X, y, W, b, reg):
    """A loss of which every step at rate 1 halves W and takes half of W from b."""
    return float(np.sum(W) + np.sum(b)), W / 2, np.ravel(W) / 2


@visible_check
def sgd(function: Callable) -> None:
    """Check the number of steps, the rates, and who is in a batch."""
    X, y = np.full((4, 1), 3.75), np.array([0, 0, 1, 1])
    W, b = np.array([[1.0], [2.0]]), np.array([4.0, -2.0])

    def run(what, batch_size, rates, reg=0.0, seed=0, loss=_pull, X=X, W=W):
        W1, b1, losses = items(ask(what, function, loss, X, y, W, b, reg, batch_size,
                                    np.array(rates), np.random.default_rng(seed)), 3, "sgd")
        losses = as_array(losses)
        if losses is None or losses.ndim != 1:
            raise CheckFailed(f"{what}: losses should be a list of numbers, one for each batch.")
        return (as_numbers(W1, (2, 1), f"{what}: W"), as_numbers(b1, (2,), f"{what}: b"),
                as_numbers(losses, losses.shape, f"{what}: losses"))

    def count(losses, wanted, why):
        require(len(losses) == wanted, f"{why} Yours has {len(losses)}.")

    W1, b1, _ = run("one epoch at the rate 0", 2, [0.0])
    agree(W1, W, "With the rate 0 nothing moves: W is the one that was given.")
    agree(b1, b, "With the rate 0 nothing moves: b is the one that was given.")
    one = "4 examples, a batch of 4, one rate"
    W1, b1, losses = run(one, 4, [0.5])
    count(losses, 1, f"{one}: one step, so one loss.")
    agree(losses, 3, f"{one}: the `loss` that is given is 3 before the step, 3 - 3.75 after it.")
    agree(W1, W - 0.5 * 3.75, "Here the gradient of both weights is the mean of the examples, "
          "3.75; with the rate 0.5, W becomes 1 - 1.875 and 2 - 1.875.")
    _, b1, _ = run(one, 4, [0.25], loss=lambda *args: (0.0, 0 * W, np.array([1.0, -2.0])))
    agree(b1, [3.75, -1.5], "The biases take a step as the weights do: from (4, -2), with the "
          "gradient (1, -2) and the rate 0.25, to (3.75, -1.5).")
    halves = "4 examples in batches of 2, the rate 1 for two epochs, both gradients half of W"
    W1, b1, losses = run(halves, 2, [1.0, 1.0], loss=_half)
    count(losses, 4, f"{halves}: 2 epochs of 2 steps, a loss for each step.")
    agree(W1, W / 16, f"{halves}: each step halves W, four steps make a sixteenth of it.")
    agree(b1, b - W[:, 0] * 15 / 16, f"{halves}: b loses 8/16, 4/16, 2/16 and 1/16 of W. Both "
          "gradients are those before the step: call `loss` once, then move both.")
    agree(losses, [5, 2, 0.5, -0.25], f"{halves}: this loss is the sum of all parameters, before "
          "the steps 5, 2, 0.5 and -0.25.")
    W1, b1, losses = run("three rates", 1, [1.0, 0.5, 0.0])
    count(losses, 12, "4 examples one by one, three rates: 3 epochs of 4 steps, so 12 losses.")
    agree(W1, W - 15 * 1.5, "In each epoch four gradients of 3.75 add up to 15: with the rates 1, "
          "0.5 and 0, W falls by 15, by 7.5 and by 0.")
    agree(losses[-4:], 3 - 2 * 22.5, "With the rate 0 in the third epoch nothing moves, and all "
          "its losses are the same.")
    W1, _, losses = run("4 examples in batches of 3", 3, [1.0, 0.5], X=np.full((4, 1), 2.0))
    count(losses, 4, "4 examples in batches of 3, two rates: two steps an epoch, the second on one "
                     "example, so 4 losses.")
    agree(W1, W - 6, "All four examples are 2, so that each step of the first epoch lowers W by "
          "2, and each of the second by half as much, the smaller batch's like the others.")
    _check_batches(run)
    W1, b1, losses = run("batches larger than the data set", 100, [1.0], reg=2.0)
    agree(losses, 5, "With reg = 2 this loss is 3 + 2: record it as `loss` returns it, and pass "
          "reg on.")
    require(close(W1, W - 5.75), "With reg = 2, this loss has the gradient 3.75 + 2, in which reg "
            f"is counted already. W should fall by 5.75, yours fell by {W[0, 0] - W1[0, 0]:g}: "
            "pass reg on to the loss, and add nothing.")
    agree(b1, b, "With reg = 2 and as many labels 1 as 0, the gradient of the biases is 0.")
    run("single precision, read-only", 2, [0.5], X=read_only(X.astype(np.float32)),
        W=read_only(W.astype(np.float32)))


def _of_rows(value: Callable) -> Callable:
    """A loss with this value, and with the rows' mean as the gradient of the weights."""
    def loss(X, y, W, b, reg):
        return float(value(X[:, 0], y)), np.zeros_like(W) + np.mean(X, axis=0), np.zeros_like(b)

    return loss


def _check_batches(run: Callable) -> None:
    """Who is in a batch, and in which order: `run` as in the check of sgd."""
    places, labels = 10 ** np.arange(4), np.array([0, 0, 1, 1])
    X = places[:, np.newaxis] * 1.0  # the sum of a batch says who is in it, by its digits
    mean = _of_rows(lambda x, y: np.mean(x))

    def batches(seed):
        _, _, losses = run("8 epochs of two batches", 2, [1.0] * 8, seed=seed, loss=mean, X=X)
        require(not np.all(losses == np.mean(X)),
                "You record the loss of all examples. Call `loss` with the rows of the batch, and "
                "take the value and the gradients from that call.")
        return np.rint(2 * losses).astype(int)[:, np.newaxis] // places % 10

    held = batches(0)
    epochs = held.reshape(8, 2, 4)
    for epoch in epochs.sum(axis=1):
        require(bool(np.all(epoch == 1)),
                "In every epoch each example should be in exactly one batch. The examples are 1, "
                "10, 100 and 1000, in batches of 2, and the loss is a batch's mean; by your "
                f"losses, one of your epochs has {np.repeat(places, epoch).tolist()}.")
    _, _, losses = run("the same batches", 2, [1.0] * 8, loss=_of_rows(lambda x, y: np.mean(x * y)),
                       X=X)
    require(close(2 * losses, held @ (places * labels)),
            "A batch should hold the labels of its own examples: choose the rows of y with the "
            "same indices as those of X.")
    require(any(np.any(epoch != epochs[0]) for epoch in epochs),
            "Eight epochs in the same order: shuffle anew for every epoch.")
    require(bool(np.any(batches(1) != held)),
            "Another generator should give another order: draw from the rng that is given, and "
            "from nothing else.")
    require(bool(np.all(batches(0) == held)),
            "Generators with the same seed should give the same order: draw from rng only.")
    W = np.array([[1.0], [2.0]])
    W1, _, losses = run("a batch of 3 and one of 1", 3, [1.0], loss=mean, X=X, W=W)
    agree(W1, W - np.sum(losses),
          "This loss is the mean of a batch, and so is its gradient: with the rate 1, W falls by "
          "the losses that are recorded. Take both from one call of `loss` in each step.")
