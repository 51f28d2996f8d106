"""Training."""

import functools

import numpy as np
import pytest

from autograder.api import Made, Verdict, as_numbers, check_value, fail, matches
from autograder.graders.hw4_two_layer import inputs, reference
from autograder.graders.hw4_two_layer.mistakes import EPOCHS, READ_LOOP
from nncourse.given import stand_ins

WHAT = ("the parameters", "the losses", "the accuracies")
SEED = 7
RATES = 1 / 8, 1 / 16, 1 / 4


def sizes_of(num_examples, batch_size):
    """The sizes of the batches of an epoch."""
    return [min(batch_size, num_examples - i) for i in range(0, num_examples, batch_size)]


def atol_of(run) -> float:
    """How far the run's numbers may be off."""
    params, X, _, _, _, reg, batch_size, rates = run
    steps = len(rates) * len(sizes_of(len(X), batch_size))
    # each step adds its own error and may double those before it, at these small rates
    return min(2.0**steps * max(inputs.loss_atols(params, X, reg).values()), 1e-3)


def ask(student, run, seed=SEED, **others):
    """What the student's function makes of a run."""
    *arguments, rates = run
    return student.call("train_two_layer", *arguments, np.array(rates), Made("generator", (seed,)),
                        **others)


def compare(student, *run_and_part):
    """Compare one part of a run whose answer does not depend on the order of the examples."""
    *run, only = run_and_part
    params, X, y, X_val, y_val, reg, batch_size, rates = run

    def follows(call):
        mine, losses, accuracies = params, [], []
        for lr in rates:
            for size in sizes_of(len(X), batch_size):
                loss, grads = call("two_layer_loss", mine, X[:size], y[:size], reg)
                mine = {name: mine[name] - lr * grads[name] for name in mine}
                losses.append(loss)
            accuracies.append(np.mean(call("predict_two_layer", mine, X_val) == y_val))
        return mine, losses, accuracies

    student.compare("train_two_layer", *run[:-1], np.array(rates), Made("generator", (SEED,)),
                    what=WHAT, only=only, atol=atol_of(run), follows=follows)


def run_of(rng, shape, reg, batch_size, rates):
    """Arguments of a steady run, with all training examples alike.

    Where the parameters move, the accuracies show when and on which examples they were measured.
    """
    while True:
        params, X, y = inputs.network(rng, *shape)
        X, y = np.repeat(X[:1], len(X), axis=0), np.repeat(y[:1], len(y))
        X_val = inputs.network(rng, 16, *shape[1:])[1]
        y_val = inputs.labels(rng, 16, shape[3])
        run = params, X, y, X_val, y_val, reg, batch_size, rates
        if inputs.steady(params, X, y, X_val, reg, sizes_of(len(X), batch_size), rates) and (
                not any(rates) or accuracies_tell(run)):
            return run


def accuracies_tell(run) -> bool:
    """Whether the accuracies show where and when they were measured."""
    params, _, _, X_val, y_val, *_ = run
    after = reference.train_two_layer(*run, np.random.default_rng(0))[2]
    before = np.mean(reference.predict_two_layer(params, X_val) == y_val)
    # all training examples, alike, are right or wrong; half right is half wrong
    return before != after[0] and not {0.0, 0.5, 1.0} & set(after)


def follows_from_own_parameters(student, run, part) -> bool:
    """Whether losses (1) or accuracies (2) are those of the student's own parameters.

    Those after an epoch come from a run that ends there. With one batch an epoch, they are the
    parameters for which the next loss is due.
    """
    params, X, y, X_val, y_val, reg, _, rates = run
    states, got = [params], None
    try:
        for epochs in range(1, len(rates) + 1):
            got = ask(student, (*run[:-1], rates[:epochs]))
            check_value(got, (params, np.zeros(epochs), np.zeros(epochs)), what=WHAT, atol=np.inf)
            states.append({name: np.asarray(got[0][name], np.float64) for name in params})
    except Verdict:
        return False
    if part == 1:
        want = [reference.two_layer_loss(state, X, y, reg)[0] for state in states[:-1]]
    else:
        want = [np.mean(reference.predict_two_layer(state, X_val) == y_val)
                for state in states[1:]]
    return matches(got[part], want, atol_of(run))


def unlike(rng):
    """Six unlike examples for a run whose parameters do not move: params, X, y."""
    return inputs.network(rng, 6, 4, 5, 3)


def losses_of(student, network, batch_size, epochs, seed, **others):
    """The losses of a run at a rate of 0: a row for each epoch."""
    params, X, y = network
    given = ask(student, (params, X, y, X, y, 0.0, batch_size, np.zeros(epochs)), seed, **others)
    count = epochs * len(sizes_of(len(X), batch_size))
    numbers = as_numbers(given[1]) if isinstance(given, (tuple, list)) and len(given) == 3 else None
    if numbers is not None and numbers.size == epochs < count:
        if np.allclose(numbers, reference.two_layer_loss(params, X, y)[0], rtol=1e-4):
            EPOCHS["losses-by-epoch"].fail()
        fail(f"{epochs} epochs of {count // epochs} batches should give {count} losses; yours are "
             f"{epochs}.", read=READ_LOOP)
    if numbers is None or numbers.size != count:
        check_value(given, (params, np.zeros(count), np.zeros(epochs)), what=WHAT, only=1,
                    atol=np.inf)
    return np.reshape(numbers, (epochs, -1)).astype(np.float64)  # another shape costs test_losses


def holds(student, fit) -> bool:
    """Whether `fit(student, loss)` for the right loss, or for the own one where that is wrong.

    Its mistake has cost its own part. Then it has to fit with a stand-in in its place as well.
    """
    def own(*args):
        value = other.call("two_layer_loss", *args)
        check_value(value, reference.two_layer_loss(*args), atol=np.inf)
        return value

    if fit(student, reference.two_layer_loss):
        return True
    names = {"two_layer_loss": 0}
    try:
        with student.afresh() as other:
            if not fit(other, own):
                return False
        with student.afresh() as other:
            return fit(other, stand_ins(names)["two_layer_loss"], stand_ins=names)
    except Verdict:
        return False


def of_each(network, loss) -> np.ndarray:
    """The loss of each example alone."""
    params, X, y = network
    return np.array([loss(params, X[n:n + 1], y[n:n + 1], 0.0)[0] for n in range(len(X))])


@pytest.mark.weight(2)
def test_parameters(student, rng):
    """The parameters in the end, also where each step depends on the order of the batches."""
    for shape, reg, batch_size in [((6, 4, 5, 3), 0.5, 3), ((5, 2, 7, 4), 0.0, 5)]:
        compare(student, *run_of(rng, shape, reg, batch_size, RATES), 0)
    check_steps_one_by_one(student, rng)


def check_steps_one_by_one(student, rng):
    """Each step goes along the gradient of the example whose loss was recorded."""
    lr, reg, y = 1 / 8, 0.25, np.array([2, 2])
    params, X, _ = inputs.network(rng, 2, 3, 6, 3)
    atol = 8 * max(inputs.loss_atols(params, X, reg).values())

    def fit(student, loss, **others):
        got = ask(student, (params, X, y, X, y, reg, 1, [lr]), **others)
        if not matches(got, (params, np.zeros(2), np.zeros(1)), np.inf):
            return True  # each of the three has its own test

        def of(n, params):
            return loss(params, X[n:n + 1], y[:1], reg)

        def step(params, n):
            grads = of(n, params)[1]
            return {name: params[name] - lr * grads[name] for name in params}

        first = [n for n in (0, 1) if abs(got[1][0] - of(n, params)[0]) <= atol]
        if len(first) != 1:
            return True  # another loss is recorded, or the own one is wrong: its own test
        ways = [step(step(params, first[0]), second) for second in (0, 1)]  # one may come twice
        return any(matches(got[0], way, atol) for way in ways)

    if not holds(student, fit):
        EPOCHS["steps-of-other-examples"].fail()


def test_losses(student, rng):
    """The loss of every batch before its step, the penalty included."""
    run = run_of(rng, (6, 4, 5, 3), 0.5, 6, RATES)
    if not follows_from_own_parameters(student, run, 1):
        compare(student, *run, 1)
    run = run_of(rng, (6, 3, 4, 3), 0.5, 2, RATES)
    if matches(ask(student, run), (run[0], np.zeros(9), np.zeros(3)), np.inf, 1):
        run = (*run[:-1], (0.0, 0.0, 0.0))  # so that a wrong step makes no difference
    compare(student, *run, 1)


def test_accuracies(student, rng):
    """The validation accuracy after every epoch."""
    for shape, reg, batch_size in [((6, 4, 5, 3), 0.25, 6), ((6, 3, 6, 4), 0.0, 3)]:
        run = run_of(rng, shape, reg, batch_size, RATES)
        if not follows_from_own_parameters(student, run, 2):
            compare(student, *run, 2)


def test_each_example_once(student, rng):
    """At a rate of 0 and one example a batch, the losses of an epoch are the examples' losses."""
    network = params, X, y = unlike(rng)
    atol, seed = 8 * inputs.loss_atols(params, X, 0.0)[0], int(rng.integers(1000))

    def fit(student, loss, **others):
        epochs = losses_of(student, network, 1, 3, seed, **others)
        return np.allclose(np.sort(epochs, axis=1), np.sort(of_each(network, loss)), rtol=0,
                           atol=atol)

    if holds(student, fit):
        return
    epochs = losses_of(student, network, 1, 3, seed)
    table = np.array([[reference.two_layer_loss(params, X[n:n + 1], np.array([c]))[0]
                       for c in range(3)] for n in range(6)])  # of each example with each label
    off = np.abs(epochs.ravel()[:, np.newaxis, np.newaxis] - table)
    its_own = off[:, np.arange(6), y].min(axis=1) <= atol
    if np.all(off.min(axis=(1, 2)) <= atol) and not its_own.all():
        EPOCHS["labels-not-chosen-along"].fail()
    if np.allclose(epochs, reference.two_layer_loss(params, X, y)[0], rtol=0, atol=atol):
        EPOCHS["all-examples-in-every-step"].fail()
    if its_own.all():
        EPOCHS["not-every-example-once"].fail()
    fail("At a rate of 0 and with one example in a batch, the losses of an epoch should be those "
         "of the examples, each once. Yours are others.", read=READ_LOOP)


def test_order(student, rng):
    """Another order in every epoch, from the generator and from nothing else."""
    network = unlike(rng)
    seed = int(rng.integers(1000))

    def runs(student, **others):
        return [losses_of(student, network, 1, 5, s, **others) for s in (seed, seed, seed + 1)]

    one, again, other = runs(student)
    if np.ptp(one) < 1e-6:  # the own loss is the same for all examples
        with student.afresh() as fresh:
            one, again, other = runs(fresh, stand_ins={"two_layer_loss": 0})
    if np.ptp(one) < 1e-6:
        mean = reference.two_layer_loss(*network)[0]
        EPOCHS["all-examples-in-every-step" if np.allclose(one, mean, rtol=1e-4) else
               "not-every-example-once"].fail()
    if not np.array_equal(one, again):
        fail("With the same generator you shuffle differently when called again: draw from `rng` "
             "and from nothing else.", read=READ_LOOP)
    params, X, _ = network
    as_given = of_each(network, reference.two_layer_loss)
    if np.allclose(one, as_given, rtol=0, atol=8 * inputs.loss_atols(params, X, 0.0)[0]):
        EPOCHS["not-shuffled"].fail()
    if np.array_equal(one, other):
        EPOCHS["not-from-the-generator"].fail()
    if np.ptp(one, axis=0).max() < 1e-6:
        EPOCHS["same-order-in-every-epoch"].fail()


def parameters_hold(student, run) -> bool:
    """Whether the parameters after this run are right; else they have cost their own test."""
    try:
        compare(student, *run, 0)
    except Verdict:
        return False
    return True


def test_odd_batch_sizes(student, rng):
    """A smaller last batch, a batch larger than the data set, a single example."""
    plain = run_of(rng, (6, 4, 5, 3), 0.5, 3, RATES)
    odd = [run_of(rng, *case) for case in [((7, 4, 5, 3), 0.25, 3, RATES),
                                           ((5, 2, 7, 4), 0.0, 100, RATES[:1]),
                                           ((1, 3, 4, 3), 0.25, 1, RATES)]]
    if not parameters_hold(student, plain):
        odd = []  # losses and accuracies follow from them
    inputs.judge_where_right(functools.partial(compare, student), plain, odd, range(3))
    network = params, X, _ = unlike(rng)
    atol = 8 * inputs.loss_atols(params, X, 0.0)[0]

    def fit_in(batch_size, student, loss, **others):
        epochs = losses_of(student, network, batch_size, 3, SEED, **others)
        means = epochs @ sizes_of(6, batch_size) / 6
        return np.allclose(means, of_each(network, loss).mean(), rtol=0, atol=atol)

    # whoever does not go through all examples once has lost another test
    if holds(student, functools.partial(fit_in, 3)) and not holds(
            student, functools.partial(fit_in, 4)):
        fail("With 6 examples in batches of 4, your second batch of an epoch does not hold the 2 "
             "examples that are left.", read=READ_LOOP)


def test_kinds_of_arrays(student, rng):
    """Single precision, other memory layouts, read-only arrays; labels of several types."""
    run = run_of(rng, (6, 4, 5, 3), 0.5, 6, RATES[:1])
    params, X, y, X_val, y_val, *rest = run
    numbers = zip(inputs.param_kinds(params), inputs.layouts(X)[::-1], inputs.layouts(X_val))
    special = [(*same[:2], y, same[2], y_val, *rest) for same in numbers]
    special += [(params, X, same_y, X_val, same_val, *rest) for same_y, same_val in zip(
        inputs.label_kinds(y), inputs.label_kinds(y_val)[::-1])]
    inputs.judge_where_right(functools.partial(compare, student), run, special, range(3))
