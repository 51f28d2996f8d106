"""Minibatch descent."""

import numpy as np

from autograder.api import Made, Verdict, check_value
from autograder.graders.common import layouts
from autograder.graders.hw3_gradient_descent import inputs
from autograder.graders.hw3_gradient_descent.mistakes import EPOCHS
from autograder.graders.hw3_gradient_descent.test_minibatches import (
    batches_of,
    check,
    check_order,
)
from nncourse.given import linear_loss, stand_ins

WHAT = ("W", "b", "the losses")
EPS = float(np.finfo(np.float32).eps)


def compare(student, X, y, W, b, reg, batch_size, rates, only=None, loss="squared_loss"):
    """Compare one run whose answer does not depend on the order of the examples."""
    arguments = (X, y, W, b, reg, batch_size, np.array(rates))
    steps = len(rates) * -(-len(X) // batch_size)
    size = max(map(np.max, map(np.abs, (X, W, b)))) + 1

    def follows(call):
        w, c, losses = W, b, []
        for epoch, lr in enumerate(rates):
            for rows in batches_of(call, len(X), batch_size, epoch):
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


def distinct_examples(num_examples):
    """X, y, W, b of examples whose losses add up to a number that tells which they are.

    Example n has the score 16^n for class 0 and 16^(n + num_examples) for class 1, and the label 1
    where n is odd.
    """
    X = 16.0 ** np.arange(num_examples)[:, np.newaxis]
    W, b = np.array([[1.0], [16.0**num_examples]]), np.zeros(2)
    return X, np.arange(num_examples) % 2, W, b


def epochs_seen(student, num_examples, batch_size, num_epochs, seed):
    """How often each example was in each batch, with which label, at a learning rate of 0.

    The sum of the `distinct_examples`' scores in a batch, to the base 16, counts (n, label): the
    result has the shape (num_epochs, batches, 2, num_examples).
    """
    X, y, W, b = distinct_examples(num_examples)
    given = student.call("sgd", Made("linear_loss"), X, y, W, b, 0.0, batch_size,
                         np.zeros(num_epochs), Made("generator", (seed,)))
    sizes = [min(batch_size, num_examples - i) for i in range(0, num_examples, batch_size)]
    check_value(given, (W, b, np.zeros(num_epochs * len(sizes))), what=WHAT, only=2, atol=np.inf)
    losses = np.reshape(given[2], (num_epochs, len(sizes)))
    if np.all(losses == 0):
        EPOCHS["started-from-zero"].fail()
    if np.all(losses == np.mean(X[:, 0] * W[y, 0])):
        EPOCHS["whole-set-in-every-step"].fail()
    sums = np.rint(losses * sizes).astype(np.int64)
    places = 4 * np.arange(2 * num_examples).reshape(2, num_examples)
    return sums[..., np.newaxis, np.newaxis] >> places & 15


def takes_batches_from_minibatches(student) -> bool:
    """Whether other batches in the place of `minibatches`'s own are those that `sgd` goes through.

    Then a mistake of `minibatches` has cost its own part.
    """
    X, y, W, b = distinct_examples(6)
    for kind, batch_size in [(0, 4), (1, 1)]:
        batches = stand_ins({"minibatches": kind})["minibatches"](6, batch_size, None)
        losses = [linear_loss()(X[rows], y[rows], W, b, 0.0)[0] for rows in batches]
        try:
            with student.afresh() as other:
                given = other.call("sgd", Made("linear_loss"), X, y, W, b, 0.0, batch_size,
                                   np.zeros(3), Made("generator", (7,)),
                                   stand_ins={"minibatches": kind})
            check_value(given, (W, b, np.array(3 * losses)), only=2, atol=1e-3 * min(losses))
        except Verdict:
            return False
    return True


def minibatches_are_right(student, seed) -> bool:
    """Whether the student's own `minibatches` passes its tests for the sizes used here."""
    try:
        with student.afresh() as other:
            check(other, 6, 4, seed)
            check_order(other, seed)
    except Verdict:
        return False
    return True


def test_every_epoch_shuffles_anew(student, rng):
    """Each example once in every epoch, with its own label, in a new random order."""
    seed, y = int(rng.integers(1000)), np.arange(6) % 2
    if not minibatches_are_right(student, seed) and takes_batches_from_minibatches(student):
        return compare(student, *inputs.problem(rng, 6, 4, 3), 0.5, 6, (0.125, 0.0625))
    for batch_size in (4, 1):
        counts = epochs_seen(student, 6, batch_size, 5, seed)
        if np.any(counts[:, :, 1 - y, np.arange(6)]):
            EPOCHS["labels-not-chosen-along"].fail()
        if np.any(counts.sum(axis=(1, 2)) != 1):
            EPOCHS["batches-with-replacement"].fail()
    orders = counts.sum(axis=2).argmax(axis=2)  # of the batches of one, (epochs, 6)
    if np.all(orders == np.arange(6)):
        EPOCHS["batches-not-shuffled"].fail()
    if np.all(orders == orders[0]):
        EPOCHS["same-order-in-every-epoch"].fail()
