"""Training."""

import pytest

from autograder.graders.hw2_softmax import inputs

WHAT = ("W", "b", "losses")


def compare(student, arguments, only):
    """Compare W, b or the losses of one run."""
    student.compare("train_softmax", *arguments, what=WHAT, only=only,
                    atol=inputs.train_atols(*arguments)[only],
                    follows=lambda call: inputs.own_run(call, *arguments))


def check_item(student, rng, only):
    """One returned value of several runs."""
    for shape, reg, steps in [((6, 4, 3), 0.5, 3), ((9, 2, 5), 0.0, 6), ((8, 5, 2), 0.25, 1)]:
        compare(student, inputs.telling_run(rng, *shape, reg=reg, steps=steps), only)


def check_cases(student, rng, cases):
    """What is right in an ordinary run is right in these cases as well."""
    ordinary = inputs.telling_run(rng, 7, 4, 3, reg=0.5, steps=4)
    items = inputs.right_items(lambda only: compare(student, ordinary, only), 3)
    for case in cases:
        for only in items:
            compare(student, case, only)


@pytest.mark.weight(2)
def test_weights(student, rng):
    """The weights after several steps and after one."""
    check_item(student, rng, 0)


@pytest.mark.weight(2)
def test_biases(student, rng):
    """The biases after several steps and after one."""
    check_item(student, rng, 1)


@pytest.mark.weight(2)
def test_losses(student, rng):
    """The recorded losses."""
    check_item(student, rng, 2)


def test_small_batches(student, rng):
    """A class that no example has; one example."""
    check_cases(student, rng, [
        inputs.telling_run(rng, 8, 3, 5, reg=0.25, steps=4, draw_labels=inputs.some_labels),
        inputs.telling_run(rng, 6, 2, 4, reg=0.25, steps=3, draw_labels=inputs.without_last),
        inputs.telling_run(rng, 1, 3, 3, reg=0.25, steps=4)])


def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs; labels of other integer types."""
    X, y, *rest = inputs.telling_run(rng, 7, 3, 4, reg=0.25, steps=3)
    check_cases(student, rng, [*((same, y, *rest) for same in inputs.layouts(X)),
                               *((X, same, *rest) for same in inputs.label_kinds(y))])
