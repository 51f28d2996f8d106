"""Training."""

import numpy as np

from autograder.graders.hw2_softmax import inputs

WHAT = ("W", "b", "losses")


def compare(student, X, y, num_classes, reg, steps, only=None):
    """Compare one run at a learning rate that suits its data."""
    arguments = (X, y, num_classes, inputs.safe_lr(X, reg), reg, steps)
    student.compare("train_softmax", *arguments, what=WHAT, only=only,
                    atol=inputs.train_atol(*arguments),
                    follows=lambda call: inputs.own_run(call, *arguments))


def check_item(student, rng, only):
    """One returned value of several runs."""
    for shape, reg, steps in [((6, 4, 3), 0.5, 3), ((9, 2, 5), 0.0, 6), ((8, 5, 2), 0.25, 1)]:
        X, y, _, _ = inputs.problem(rng, *shape)
        compare(student, X, y, shape[2], reg, steps, only)


def test_weights(student, rng):
    """The weights after one step and after several."""
    check_item(student, rng, 0)


def test_biases(student, rng):
    """The biases after one step and after several."""
    check_item(student, rng, 1)


def test_losses(student, rng):
    """The recorded losses."""
    check_item(student, rng, 2)


def test_small_data_and_kinds_of_arrays(student, rng):
    """One example; a class that no example has; float32, strided and read-only inputs."""
    compare(student, inputs.nonzero_grid(rng, 1, 3), np.array([1]), 3, 0.25, 4)
    X, y, _, _ = inputs.problem(rng, 7, 3, 4)
    for same in inputs.layouts(X):
        compare(student, same, y, 4, 0.25, 3)
    for same in inputs.label_kinds(y):
        compare(student, X, same, 4, 0.25, 3)
