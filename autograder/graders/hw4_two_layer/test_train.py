"""Training."""

import numpy as np

from autograder.api import Made, Verdict, check_value
from autograder.graders.hw4_two_layer import inputs, reference
from autograder.graders.hw4_two_layer.mistakes import EPOCHS
from nncourse.given import stand_ins

WHAT = ("the parameters", "the losses", "the accuracies")


def compare(student, params, X, y, X_val, y_val, reg, batch_size, rates, only=None):
    """Compare one run whose answer does not depend on the order of the examples."""
    sizes = [min(batch_size, len(X) - i) for i in range(0, len(X), batch_size)]
    arguments = (params, X, y, X_val, y_val, reg, batch_size, np.array(rates))
    steps = len(rates) * len(sizes)

    def follows(call):
        mine, losses, accuracies = params, [], []
        for lr in rates:
            for size in sizes:
                loss, grads = call("two_layer_loss", mine, X[:size], y[:size], reg)
                mine = {name: mine[name] - lr * grads[name] for name in mine}
                losses.append(loss)
            accuracies.append(np.mean(call("predict_two_layer", mine, X_val) == y_val))
        return mine, losses, accuracies

    # each step adds its own error and may double those before it, at these small rates
    atol = 2.0**steps * inputs.loss_atol(params, X, reg)
    student.compare("train_two_layer", *arguments, Made("generator", (7,)), what=WHAT, only=only,
                    atol=min(atol, 0.01), follows=follows)


def run_of(rng, shape, alike, reg, batch_size, rates, telling=False):
    """Arguments of a steady run, with all examples alike or not.

    A `telling` one changes the validation accuracy, which is not that of the training examples.
    """
    while True:
        params, X, y = inputs.network(rng, *shape)
        if alike:
            X, y = np.repeat(X[:1], len(X), axis=0), np.repeat(y[:1], len(y))
        X_val = inputs.network(rng, 7, *shape[1:])[1]
        y_val = inputs.labels(rng, 7, shape[3])
        small = {name: value / 4 for name, value in params.items()}
        sizes = [min(batch_size, len(X) - i) for i in range(0, len(X), batch_size)]
        if not inputs.steady(small, X, y, X_val, reg, sizes, rates):
            continue
        run = small, X, y, X_val, y_val, reg, batch_size, rates
        if not telling or accuracies_tell(run):
            return run


def accuracies_tell(run) -> bool:
    """Whether the accuracies show where and when they were measured."""
    _, X, y, X_val, y_val, *_ = run
    one = reference.train_two_layer(*run, np.random.default_rng(0))[2]
    before = [np.mean(reference.predict_two_layer(run[0], X_val) == y_val), *one[:-1]]
    of_training = np.mean(reference.predict_two_layer(run[0], X) == y)
    return not np.array_equal(before, one) and of_training not in one


RUNS = [((6, 4, 5, 3), False, 0.5, 6, (1 / 16, 1 / 32)),
        ((5, 2, 7, 4), False, 0.0, 100, (1 / 16,)),
        ((1, 3, 4, 2), False, 0.25, 1, (1 / 16,) * 3),
        ((7, 3, 4, 3), True, 0.25, 3, (1 / 16, 1 / 64)),
        ((4, 2, 3, 4), True, 0.0, 2, (1 / 32, 1 / 16))]


def check_item(student, rng, only):
    """Whole batches, and batches of examples that are all alike, the last one smaller."""
    for number, run in enumerate(RUNS):
        compare(student, *run_of(rng, *run, telling=number == 0), only)


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
    seed, atol = int(rng.integers(1000)), 8 * inputs.loss_atol(params, X, 0.0)

    def run(student, **others):
        given = student.call("train_two_layer", params, X, y, X, y, 0.0, 1, np.zeros(5),
                             Made("generator", (seed,)), **others)
        check_value(given, (params, np.zeros(30), np.zeros(5)), what=WHAT, only=1, atol=np.inf)
        return np.reshape(given[1], (5, 6)).astype(np.float64)

    def each(loss, labels=y):
        return np.array([loss(params, X[n:n + 1], labels[n:n + 1])[0] for n in range(6)])

    def are(epochs, losses):
        return all(np.allclose(np.sort(epoch), np.sort(losses), rtol=0, atol=atol)
                   for epoch in epochs)

    def with_another_loss():
        """The same with the stand-in's losses, if they were the own `two_layer_loss`'s before."""
        def own(*args):
            value = other.call("two_layer_loss", *args)
            check_value(value, reference.two_layer_loss(*args), only=0, atol=np.inf)
            return value

        try:
            with student.afresh() as other:
                follows = are(epochs, each(own))
            if follows:
                with student.afresh() as other:
                    return run(other, stand_ins={"two_layer_loss": 0}), each(
                        stand_ins({"two_layer_loss": 0})["two_layer_loss"])
        except Verdict:
            pass
        return epochs, of_examples

    epochs, of_examples = run(student), each(reference.two_layer_loss)
    if not are(epochs, of_examples):
        if are(epochs, each(reference.two_layer_loss, np.repeat(y[:1], 6))):
            EPOCHS["labels-not-chosen-along"].fail()
        epochs, of_examples = with_another_loss()  # its mistake has cost its own part
    if not are(epochs, of_examples):
        EPOCHS["not-every-example-once"].fail()
    if np.allclose(epochs, of_examples, rtol=0, atol=atol):
        EPOCHS["not-shuffled"].fail()
    if np.allclose(epochs, epochs[0], rtol=0, atol=atol):
        EPOCHS["same-order-in-every-epoch"].fail()
