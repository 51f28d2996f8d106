"""Training."""

import numpy as np

from autograder.graders.hw4_two_layer import inputs, reference
from autograder.graders.hw4_two_layer.mistakes import EPOCHS
from autograder.judge import check_value
from autograder.student import Made

WHAT = ("the parameters", "the losses", "the accuracies")


def compare(student, params, X, y, X_val, y_val, reg, batch_size, rates, only=None):
    """Compare one run whose answer does not depend on the order of the examples."""
    sizes = [min(batch_size, len(X) - i) for i in range(0, len(X), batch_size)]
    arguments = (params, X, y, X_val, y_val, reg, batch_size, np.array(rates))
    steps = len(rates) * len(sizes)

    def follows():
        mine, losses, accuracies = params, [], []
        for lr in rates:
            for size in sizes:
                loss, grads = student.call("two_layer_loss", mine, X[:size], y[:size], reg)
                mine = {name: mine[name] - lr * grads[name] for name in mine}
                losses.append(loss)
            answers = student.call("predict_two_layer", mine, X_val)
            accuracies.append(np.mean(np.asarray(answers) == y_val))
        return mine, losses, accuracies

    # each step adds its own error and may double those before it, at these small rates
    atol = 2.0**steps * inputs.loss_atol(params, X, reg)
    student.compare("train_two_layer", *arguments, Made("generator", (7,)), what=WHAT, only=only,
                    atol=min(atol, 0.01), follows=follows)


def run_of(rng, shape, alike, reg, batch_size, rates):
    """Arguments of a steady run, with all examples alike or not."""
    while True:
        params, X, y = inputs.network(rng, *shape)
        if alike:
            X, y = np.repeat(X[:1], len(X), axis=0), np.repeat(y[:1], len(y))
        X_val = inputs.network(rng, 7, *shape[1:])[1]
        y_val = inputs.labels(rng, 7, shape[3])
        small = {name: value / 4 for name, value in params.items()}
        sizes = [min(batch_size, len(X) - i) for i in range(0, len(X), batch_size)]
        if inputs.steady(small, X, y, X_val, reg, sizes, rates):
            return small, X, y, X_val, y_val, reg, batch_size, rates


RUNS = [((6, 4, 5, 3), False, 0.5, 6, (1 / 16, 1 / 32)),
        ((5, 2, 7, 4), False, 0.0, 100, (1 / 16,)),
        ((1, 3, 4, 2), False, 0.25, 1, (1 / 16,) * 3),
        ((7, 3, 4, 3), True, 0.25, 3, (1 / 16, 1 / 64)),
        ((4, 2, 3, 4), True, 0.0, 2, (1 / 32, 1 / 16))]


def check_item(student, rng, only):
    """Whole batches, and batches of examples that are all alike, the last one smaller."""
    for shape, alike, reg, batch_size, rates in RUNS:
        compare(student, *run_of(rng, shape, alike, reg, batch_size, rates), only)


def test_parameters(student, rng):
    """The parameters in the end."""
    check_item(student, rng, 0)


def test_losses(student, rng):
    """The loss of every batch before its step."""
    check_item(student, rng, 1)


def test_accuracies(student, rng):
    """The validation accuracy after every epoch."""
    check_item(student, rng, 2)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; labels of several types."""
    params, X, y, X_val, y_val, *rest = run_of(rng, (6, 4, 5, 3), False, 0.5, 6, (1 / 16,))
    for same, same_X in zip(inputs.param_kinds(params), inputs.layouts(X)[::-1]):
        compare(student, same, same_X, y, X_val, y_val, *rest)
    for same_y in inputs.label_kinds(y):
        compare(student, params, X, same_y, X_val, y_val, *rest)


def test_minibatches_of_every_epoch(student, rng):
    """At a rate of 0, the losses of an epoch: each example once, in another order every time."""
    params, X, y = inputs.network(rng, 6, 4, 5, 3)
    given = student.call("train_two_layer", params, X, y, X, y, 0.0, 1, np.zeros(5),
                         Made("generator", (int(rng.integers(1000)),)))
    check_value(given, (params, np.zeros(30), np.zeros(5)), what=WHAT, only=1, atol=np.inf)
    epochs = np.reshape(given[1], (5, 6)).astype(np.float64)

    def each(loss):
        return np.array([loss(params, X[n:n + 1], y[n:n + 1])[0] for n in range(6)])

    of_examples = each(reference.two_layer_loss)
    with_labels_left = np.array([[reference.two_layer_loss(params, X[n:n + 1], y[:1])[0]]
                                 for n in range(6)])
    atol = 8 * inputs.loss_atol(params, X, 0.0)

    def are(epoch, losses):
        return np.allclose(np.sort(epoch), np.sort(np.ravel(losses)), rtol=0, atol=atol)

    if not all(are(epoch, of_examples) for epoch in epochs):
        try:
            own = each(lambda *args: student.call("two_layer_loss", *args))
        except (TypeError, IndexError):
            own = of_examples
        if all(are(epoch, own) for epoch in epochs):
            return  # that mistake has cost its own part
        if all(are(epoch, with_labels_left) for epoch in epochs):
            EPOCHS["labels-not-chosen-along"].found()
        EPOCHS["not-every-example-once"].found()
    if np.allclose(epochs, of_examples, rtol=0, atol=atol):
        EPOCHS["not-shuffled"].found()
    if np.allclose(epochs, epochs[0], rtol=0, atol=atol):
        EPOCHS["same-order-in-every-epoch"].found()
