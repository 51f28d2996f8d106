"""The perceptron algorithm."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs, reference
from autograder.graders.hw1_perceptron.mistakes import MISTAKES

WHAT = ("w", "b", "mistakes")
W, B, HISTORY = 0, 1, 2  # the returned values: a wrong one costs its own test and no more
KNOWN = {mistake.name: mistake for mistake in MISTAKES["train_perceptron"]}


def judge(student, calls, only=W, **more):
    """Compare a value; a bias or a history is small, so a mistake has to explain all values."""
    inputs.judge(student, "train_perceptron", calls, what=WHAT, only=only, whole=only != W, **more)


def separable(rng, *shapes):
    """Runs on data that a line separates, of these numbers of examples and inputs."""
    return [(*inputs.labelled(rng, *shape), inputs.EPOCHS) for shape in shapes]


USUAL = separable(np.random.default_rng(0), (16, 3), (20, 4))  # the same for all tests


def test_separable_data(student, rng):
    """The weights, where a line separates the data."""
    judge(student, [*separable(rng, (18, 5), (24, 2), (30, 3)), *USUAL])


def test_bias(student, rng):
    """The bias, where a line separates the data."""
    # of one or two runs, a wrong start may end with the same whole number
    judge(student, separable(rng, (16, 3), (20, 2), (20, 4), (18, 3), (24, 2), (30, 3), (17, 2)),
          only=B)


def test_history(student, rng):
    """The list of mistakes, where a line separates the data."""
    judge(student, separable(rng, (16, 3), (24, 2), (20, 4)), only=HISTORY)


def judge_special(student, calls, **more):
    """Compare a value of special runs that is right after the usual ones: the weights at best."""
    only = inputs.item_to_judge(student, "train_perceptron", USUAL)
    judge(student, calls, only=only, **more)


def test_max_epochs(student, rng):
    """The weights after one epoch; after max_epochs, where no line separates the data."""
    runs = inputs.short_runs(rng, reference.train_perceptron, [0, 1, 1, 0, 1])
    judge_special(student, runs, otherwise=KNOWN["another-order"], seen=lambda: all(
        inputs.of_another_order(student.call("train_perceptron", *run),
                                reference.train_perceptron, *run) for run in runs))
    X = inputs.grid(rng, 25, 3)
    y = rng.integers(0, 2, size=25)
    X[1], y[0], y[1] = X[0], 0, 1  # the same point with both labels
    xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    judge_special(student, [(X, y, 5), (X[::-1].copy(), y[::-1].copy(), 3),
                            (xor, np.array([0, 1, 1, 0]), 7)])


def test_small_data(student, rng):
    """Equal labels, one input, one example; inputs of 0, which leave the weights at the start."""
    zeros = np.zeros((2, 3)), np.zeros(2, np.int64), 10
    calls = [(X, y, inputs.EPOCHS) for X, y in [
        (inputs.nonzero_grid(rng, 6, 2), np.ones(6, np.int64)), inputs.labelled(rng, 6, 1),
        (inputs.nonzero_grid(rng, 6, 2), np.zeros(6, np.int64)),
        (inputs.nonzero_grid(rng, 1, 3), np.array([1]))]]
    judge_special(student, [zeros, *calls], otherwise=KNOWN["does-not-start-at-zero"],
                  seen=lambda: inputs.moved(student.call("train_perceptron", *zeros)))


def test_kinds_of_arrays(student, rng):
    """Labels as floats; float32, integer, strided, Fortran-ordered and read-only data."""
    X, y = inputs.labelled(rng, 20, 2)
    *layouts, integers = [(same, y.astype(np.float64)) for same in inputs.kinds(X)]
    # of larger inputs a bias takes more epochs
    judge_special(student, [*((*data, inputs.EPOCHS) for data in layouts),
                            (*integers, 8 * inputs.EPOCHS)])
