"""Minibatch descent."""

import numpy as np

from autograder.graders.common import layouts
from autograder.graders.hw3_gradient_descent import inputs
from autograder.graders.hw3_gradient_descent.mistakes import EPOCHS, READ_LOOP
from autograder.graders.hw3_gradient_descent.test_minibatches import batches_of, check
from autograder.judge import Verdict, check_value, fail
from autograder.student import Made

WHAT = ("W", "b", "the losses")
EPS = float(np.finfo(np.float32).eps)


def compare(student, X, y, W, b, reg, batch_size, rates, only=None, loss="squared_loss"):
    """Compare one run whose answer does not depend on the order of the examples."""
    arguments = (X, y, W, b, reg, batch_size, np.array(rates))
    steps = len(rates) * -(-len(X) // batch_size)
    size = max(map(np.max, map(np.abs, (X, W, b)))) + 1

    def follows():
        w, c, losses = W, b, []
        for epoch, lr in enumerate(rates):
            for rows in batches_of(student, len(X), batch_size, epoch):
                value, dW, db = Made(loss).make()(X[rows], y[rows], w, c, reg)
                w, c = w - lr * dW, c - lr * db
                losses.append(value)
        return w, c, losses

    # numbers of that size, a few of them in every sum, at rates that do not amplify
    atol = 4 * steps * EPS * (W.size + len(X) + 8) * float(size) ** 2
    student.compare("sgd", Made(loss), *arguments, Made("generator", (7,)), what=WHAT, only=only,
                    atol=atol, follows=follows)


def same_examples(rng, count, dim, num_classes):
    """The same example so many times over: every batch is like any other of its size."""
    X, y, W, b = inputs.problem(rng, 1, dim, num_classes)
    return np.repeat(X, count, axis=0), np.repeat(y, count), W, b


def check_item(student, rng, only):
    """All examples in one batch; the same example in batches of which the last is smaller."""
    for shape, reg, rates in [((6, 4, 3), 0.5, (0.125, 0.0625)), ((1, 3, 2), 0.0, (0.25,)),
                              ((5, 2, 4), 0.25, (0.125,) * 4)]:
        problem = inputs.problem(rng, *shape)
        for batch_size in (shape[0], 100):
            compare(student, *problem, reg, batch_size, rates, only)
    for count, batch_size in [(7, 3), (6, 2), (4, 1)]:
        compare(student, *same_examples(rng, count, 3, 4), 0.25, batch_size, (0.125, 0.03125), only)


def test_weights(student, rng):
    """The weights; batches of several sizes."""
    check_item(student, rng, 0)


def test_biases(student, rng):
    """The biases."""
    check_item(student, rng, 1)


def test_losses(student, rng):
    """The loss of every batch before its step."""
    check_item(student, rng, 2)


def test_kinds_of_arrays(student, rng):
    """Single precision, strided and read-only arrays; labels of several types."""
    X, y, W, b = inputs.problem(rng, 6, 4, 3)
    for same_X, same_W in zip(layouts(X), layouts(W)[::-1]):
        compare(student, same_X, y, same_W, b, 0.5, 6, (0.125, 0.0625))
    for same in inputs.label_kinds(y):
        compare(student, X, same, W, b, 0.5, 6, (0.125, 0.0625))


def epochs_seen(student, num_examples, batch_size, num_epochs, seed):
    """Which examples each batch held, read from the losses at a learning rate of 0.

    Example n has the score 2^n for class 0 and 2^(n + num_examples) for class 1, which is the
    label of every second one; the sum over a batch then tells its examples and their labels.
    """
    X = 2.0 ** np.arange(num_examples)[:, np.newaxis]
    y = np.arange(num_examples) % 2
    W, b = np.array([[1.0], [2.0**num_examples]]), np.zeros(2)
    given = student.call("sgd", Made("linear_loss"), X, y, W, b, 0.0, batch_size,
                         np.zeros(num_epochs), Made("generator", (seed,)))
    per_epoch = -(-num_examples // batch_size)
    losses = np.zeros(num_epochs * per_epoch)
    check_value(given, (W, b, losses), what=WHAT, only=2, atol=np.inf)
    sizes = [min(batch_size, num_examples - i) for i in range(0, num_examples, batch_size)]
    codes = np.rint(np.reshape(given[2], (num_epochs, per_epoch)) * sizes).astype(np.int64)
    return [[[n for n in range(num_examples) if code >> int(n + num_examples * y[n]) & 1]
             for code in epoch] for epoch in codes.tolist()], codes, sizes


def test_every_epoch_shuffles_anew(student, rng):
    """Each example once in every epoch, with its own label, in a new random order."""
    num_examples, batch_size, seed = 12, 5, int(rng.integers(1000))
    try:
        check(student, num_examples, batch_size, seed)
    except Verdict:  # that mistake has cost its own part
        return
    epochs, codes, sizes = epochs_seen(student, num_examples, batch_size, 4, seed)
    own = [1 << (n + num_examples * (n % 2)) for n in range(num_examples)]
    for epoch, sums in zip(epochs, codes.tolist()):
        held = [sum(own[n] for n in batch) for batch in epoch]
        if held == sums and sorted(sum(epoch, [])) == list(range(num_examples)):
            continue
        if held != sums and bin(sum(sums)).count("1") <= num_examples:
            EPOCHS["labels-not-chosen-along"].found()
        EPOCHS["batches-with-replacement"].found()
    if epochs[0] == [list(range(i, min(i + batch_size, num_examples)))
                     for i in range(0, num_examples, batch_size)]:
        EPOCHS["batches-not-shuffled"].found()
    if all(epoch == epochs[0] for epoch in epochs):
        EPOCHS["same-order-in-every-epoch"].found()
    if [len(batch) for batch in epochs[0]] != sizes:
        fail("the batches of an epoch do not have the sizes of `minibatches`.", read=READ_LOOP)
