"""Minibatch descent."""

import numpy as np
import pytest

from autograder.api import Made, Verdict, as_numbers, check_value, fail
from autograder.graders.common import layouts
from autograder.graders.hw3_gradient_descent import inputs
from autograder.graders.hw3_gradient_descent.mistakes import EPOCHS, READ_LOOP
from autograder.graders.hw3_gradient_descent.test_minibatches import (
    batches_of,
    check,
    check_order,
)
from nncourse.given import row_loss, stand_ins

WHAT = ("W", "b", "the losses")
EPS = float(np.finfo(np.float32).eps)
COUNT, EPOCHS_RUN = 6, 5  # distinct examples; epochs in which to look for them


def compare(student, X, y, W, b, reg, batch_size, rates, only, loss="squared_loss"):
    """Compare one item of a run whose answer does not depend on the order of the examples."""
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
    """The same example so many times over: every batch is like any other of its size.

    So the answer shows how the steps are made; who is in a batch is another test's business.
    """
    X, y, W, b = inputs.problem(rng, 1, dim, num_classes)
    return np.repeat(X, count, axis=0), np.repeat(y, count), W, b


def check_items(student, rng, items):
    """Several epochs at one rate, in batches of which the last is smaller, and of one example."""
    for count, batch_size, epochs in [(7, 3, 2), (6, 2, 3), (4, 1, 1)]:
        problem = same_examples(rng, count, 3, 4)
        for only in items:
            compare(student, *problem, 0.0, batch_size, (0.125,) * epochs, only)


def test_weights_and_biases(student, rng):
    """The weights and the biases after some epochs; batches of several sizes."""
    check_items(student, rng, (0, 1))


def test_losses(student, rng):
    """The loss of every batch before its step, with the penalty that is in it."""
    check_items(student, rng, (2,))
    compare(student, *same_examples(rng, 4, 3, 4), 0.5, 4, (0.25,), 2)


def test_rates_and_regularisation(student, rng):
    """A rate for each epoch, which may be 0; `reg`, passed on to the loss."""
    for rates in [(0.5, 0.25, 0.125), (0.0625, 0.0, 0.25, 0.125)]:
        compare(student, *same_examples(rng, 5, 3, 4), 0.0, 2, rates, 0, "row_loss")
    compare(student, *same_examples(rng, 4, 3, 4), 0.5, 4, (0.25,), 0)


@pytest.mark.weight(0.5)
def test_special_inputs(student, rng):
    """Batches larger than all examples; one example; kinds of arrays and of labels."""
    X, y, W, b = same_examples(rng, 6, 4, 3)
    for same_X, same_W in zip(layouts(X), layouts(W)[::-1]):
        compare(student, same_X, y, same_W, b, 0.0, 6, (0.125,), 0)
    for same in inputs.label_kinds(y):
        compare(student, X, same, W, b, 0.0, 6, (0.125,), 0)
    compare(student, X, y, W, b, 0.0, 100, (0.125,), 0)
    compare(student, *same_examples(rng, 1, 3, 2), 0.0, 1, (0.25,), 0)


def distinct_examples():
    """X, y, W, b of examples that `row_loss` tells apart: in a batch, number n has 16^n.

    A loss holds 24 binary digits at most, so that single precision keeps it as it is.
    """
    X = 16.0 ** np.arange(COUNT)[:, np.newaxis]
    return X, np.arange(COUNT) % 2, np.array([[1.0], [-2.0]]), np.array([0.5, -0.5])


def run(student, batch_size, rates, seed):
    """A run on the `distinct_examples`: W, and the losses as an array with a row for each epoch."""
    given = student.call("sgd", Made("row_loss"), *distinct_examples(), 0.0, batch_size,
                         np.array(rates), Made("generator", (seed,)))
    X, y, W, b = distinct_examples()
    batches = -(-COUNT // batch_size)
    check_value(given, (W, b, 0.0), what=WHAT, only=0, atol=np.inf)
    array = as_numbers(given[2])
    if array is not None and array.ndim == 1 and array.size != len(rates) * batches:
        fail(f"{COUNT} examples in batches of {batch_size}, epochs: {len(rates)}. So "
             f"{len(rates) * batches} losses are due, one for each batch, and yours are "
             f"{array.size}.", read=READ_LOOP)
    check_value(given[2], np.zeros(len(rates) * batches), what=WHAT[2], atol=np.inf)
    losses = np.reshape(array.astype(float), (len(rates), batches))
    if np.all(losses == row_loss()(X, y, W, b, 0.0)[0]):
        EPOCHS["loss-of-all-examples"].fail()
    return np.asarray(given[0], float), losses


def numbers_and_labels(losses):
    """Which example each batch of one held, and with which label (0 or 1)."""
    exponents = np.log2(np.maximum(losses, 1e-9))
    numbers, labels = np.divmod(exponents, 4)
    if np.any((labels != 0) & (labels != 1) | (numbers < 0) | (numbers >= COUNT)):
        fail("sgd, called with a loss of the course's own and batches of one example: what you "
             "record is not what that loss gives. Call `loss` with the rows of the batch, their "
             "labels, W, b and `reg`, and record the value that it returns.", read=READ_LOOP)
    return numbers.astype(int), labels.astype(int)


def steps_are_right(student, rng) -> bool:
    """Whether the weights are right where it makes no difference who is in a batch."""
    try:
        check_items(student, rng, (0,))
    except Verdict:
        return False
    return True


def takes_batches_from_minibatches(student) -> bool:
    """Whether other batches in the place of `minibatches`'s own are those that `sgd` goes through.

    Then a mistake of `minibatches` has cost its own part.
    """
    X, y, W, b = distinct_examples()
    for kind, batch_size in [(0, 4), (1, 1)]:
        batches = stand_ins({"minibatches": kind})["minibatches"](COUNT, batch_size, None)
        losses = [row_loss()(X[rows], y[rows], W, b, 0.0)[0] for rows in batches]
        try:
            with student.afresh() as other:
                given = other.call("sgd", Made("row_loss"), X, y, W, b, 0.0, batch_size,
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
            check(other, COUNT, 4, seed)
            check_order(other, seed)
    except Verdict:
        return False
    return True


def has_paid_already(student, rng, seed) -> bool:
    """Whether batches are wrong because `minibatches` is: then a whole batch is looked at."""
    if minibatches_are_right(student, seed) or not takes_batches_from_minibatches(student):
        return False
    compare(student, *inputs.problem(rng, COUNT, 4, 3), 0.0, COUNT, (0.125,), 0)
    return True


@pytest.mark.weight(1.5)
def test_every_example_once_with_its_label(student, rng):
    """Each example once in every epoch, with its own label, and with the step of its own batch."""
    seed = int(rng.integers(1000))
    if has_paid_already(student, rng, seed):
        return
    X, y, W, b = distinct_examples()
    numbers, labels = numbers_and_labels(run(student, 1, [0.0] * EPOCHS_RUN, seed)[1])
    if np.any(labels != y[numbers]):
        EPOCHS["labels-not-chosen-along"].fail()
    if np.any(np.sort(numbers) != np.arange(COUNT)):
        EPOCHS["batches-with-replacement"].fail()
    got, (losses,) = run(student, 4, [0.25], seed)
    want = whole = W
    for loss, size in zip(losses, (4, 2)):  # how often the batch held each, twice with label 1
        held = int(np.rint(loss * size)) >> 4 * np.arange(COUNT) & 15
        rows = np.flatnonzero(held == 1 + y)
        if len(rows) != size or np.any(held[held != 1 + y]):
            fail(f"{COUNT} examples in batches of 4: the first loss is to be that of four of "
                 "them, the second that of the other two.", read=READ_LOOP)
        want = want - 0.25 * row_loss()(X[rows], y[rows], want, b, 0.0)[1]
        whole = whole - 0.25 * row_loss()(X, y, whole, b, 0.0)[1]
    atol = 1e-5 * float(np.abs(want).max())
    if not np.allclose(got, want, atol=atol, rtol=0) and steps_are_right(student, rng):
        if np.allclose(got, whole, atol=atol, rtol=0):
            EPOCHS["gradients-of-all-examples"].fail()
        check_value(got, want, what="W", atol=atol)


def test_every_epoch_shuffles_anew(student, rng):
    """A new random order in every epoch, from `rng` and from nothing else."""
    seed = int(rng.integers(1000))
    if has_paid_already(student, rng, seed):
        return
    runs = [numbers_and_labels(run(student, 1, [0.0] * EPOCHS_RUN, s)[1])[0]
            for s in (seed, seed + 1, seed)]
    if np.all(runs[0] == np.arange(COUNT)):
        EPOCHS["batches-not-shuffled"].fail()
    if np.all(runs[0] == runs[0][0]):
        EPOCHS["same-order-in-every-epoch"].fail()
    if np.all(runs[0] == runs[1]):
        EPOCHS["rng-not-used"].fail()
    if np.any(runs[0] != runs[2]):
        fail("Two generators with the same seed give different runs: draw from `rng` and from "
             "nothing else, or nobody can repeat your run.", read=READ_LOOP)
