"""Training one unit per class."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs, reference
from autograder.graders.hw1_perceptron.mistakes import MISTAKES

WHAT = ("W", "b", "mistakes")
W, B, HISTORY = 0, 1, 2  # the returned values: a wrong one costs its own test and no more
KNOWN = {mistake.name: mistake for mistake in MISTAKES["train_classes"]}


def judge(student, calls, only=W, **more):
    """Compare a value; biases or a history are small, so a mistake has to explain all values."""
    inputs.judge(student, "train_classes", calls, what=WHAT, only=only, whole=only != W, **more)


def clusters(rng, per_class, num_classes):
    """A run on clusters that lines separate."""
    return *inputs.clusters(rng, per_class, num_classes), num_classes, inputs.EPOCHS


USUAL = [clusters(rng, 5, 4) for rng in map(np.random.default_rng, (0, 1))]  # for all tests


def test_separable_clusters(student, rng):
    """The weights: three to five clusters, each cut off by a line of its own."""
    judge(student, [clusters(rng, 6, 3), clusters(rng, 6, 5), *USUAL])


def test_biases(student, rng):
    """The biases, for four clusters and for five."""
    judge(student, [clusters(rng, 5, 4), clusters(rng, 4, 5)], only=B)


def test_history(student, rng):
    """The list of wrong decisions, for four clusters and for five."""
    judge(student, [clusters(rng, 5, 4), clusters(rng, 4, 5)], only=HISTORY)


def judge_special(student, calls, **more):
    """Compare a value of special runs that is right after the usual ones: the weights at best."""
    only = inputs.item_to_judge(student, "train_classes", USUAL)
    judge(student, calls, only=only, **more)


def test_max_epochs(student, rng):
    """The weights after one epoch; after max_epochs, where lines do not separate the data."""
    runs = inputs.short_runs(rng, reference.train_classes, [0, 1, 1, 2, 2], 3)
    judge_special(student, runs, otherwise=KNOWN["another-order"], seen=lambda: all(
        inputs.of_another_order(student.call("train_classes", *run), reference.train_classes, *run)
        for run in runs))
    X, y = inputs.grid(rng, 24, 4), rng.permutation(np.arange(24) % 4)
    X[1], y[0], y[1] = X[0], 0, 3  # the same point in two classes
    judge_special(student, [(X, y, 4, 3), (X[::-1].copy(), y[::-1].copy(), 4, 2)])


def test_absent_classes(student, rng):
    """A class in the middle, and the last class, without an example; a single example."""
    X, y = inputs.clusters(rng, 5, 3)
    judge_special(student, [(X, y + (y == 2), 4, inputs.EPOCHS), (X, y, 4, inputs.EPOCHS),
                            (X[:1], y[:1], 3, inputs.EPOCHS)])


def test_two_classes_and_kinds_of_arrays(student, rng):
    """Two classes, one input; float32, integer, strided, Fortran-ordered and read-only data."""
    zeros = np.zeros((2, 3)), np.array([1, 0]), 2, 10
    X, y = inputs.clusters(rng, 5, 3)
    runs = [*((same, np.minimum(y, 1), 2, inputs.EPOCHS) for same in inputs.kinds(X)),
            (*inputs.labelled(rng, 6, 1), 2, inputs.EPOCHS)]
    judge_special(student, runs, otherwise=KNOWN["does-not-start-at-zero"],
                  seen=lambda: inputs.moved(student.call("train_classes", *zeros)))
