"""The loss of assignment 2, again."""

import pytest

from autograder.graders.hw2_softmax.loss_tests import (
    check_big_scores,
    check_item,
    check_kinds_of_arrays,
    check_small_batches,
)

NAME = "softmax_loss"


@pytest.mark.weight(2)
def test_loss(student, rng):
    """The loss, without and with regularisation."""
    check_item(student, rng, NAME, 0)


@pytest.mark.weight(2)
def test_gradients(student, rng):
    """dW and db, without and with regularisation."""
    for only in (1, 2):
        check_item(student, rng, NAME, only)


def test_small_batches(student, rng):
    """A class that no example has; one example."""
    check_small_batches(student, rng, NAME)


def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs; labels of other integer types."""
    check_kinds_of_arrays(student, rng, NAME)


@pytest.mark.weight(2)
def test_big_scores(student, rng):
    """Scores of 1,000 and more."""
    check_big_scores(student, rng, NAME)
