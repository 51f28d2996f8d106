"""Loss and gradients, example by example."""

import pytest

from autograder.graders.hw2_softmax.loss_tests import (
    check_big_scores,
    check_item,
    check_kinds_of_arrays,
    check_small_batches,
)

NAME = "softmax_loss_loops"


@pytest.mark.weight(3)
def test_loss(student, rng):
    """The loss, without and with regularisation."""
    check_item(student, rng, NAME, 0)


@pytest.mark.weight(3)
def test_weight_gradient(student, rng):
    """dW, without and with regularisation."""
    check_item(student, rng, NAME, 1)


@pytest.mark.weight(3)
def test_bias_gradient(student, rng):
    """db, without and with regularisation."""
    check_item(student, rng, NAME, 2)


@pytest.mark.weight(3)
def test_small_batches(student, rng):
    """A class that no example has; one example."""
    check_small_batches(student, rng, NAME)


@pytest.mark.weight(3)
def test_kinds_of_arrays(student, rng):
    """float32, Fortran order, strided and read-only inputs; labels of other integer types."""
    check_kinds_of_arrays(student, rng, NAME)


@pytest.mark.weight(5)
def test_big_scores(student, rng):
    """Scores of 1,000 and more."""
    check_big_scores(student, rng, NAME)
