"""One unit."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs


def judge(student, calls):
    """Compare the outputs; a sum of 0 more tells 0 and -1 apart."""
    inputs.judge(student, "unit", calls, what="the output",
                 more=[(np.zeros((1, 2)), np.ones(2), 0.0)])


def test_random_inputs(student, rng):
    """Random inputs of several shapes and scales."""
    calls = []
    for num_examples, dim, scale in [(9, 3, 1), (40, 2, 1024), (12, 4, 16)]:
        X, w, b = inputs.clear_cases(rng, num_examples, dim)
        calls.append((scale * X, w, scale * b))
    judge(student, calls)


def cases_with_sums(rng, z):
    """(X, w, b) of examples whose weighted sums are the multiples of 1/8 in `z`."""
    X = inputs.grid(rng, len(z), 3)
    X[:, 0] = 2 * X[:, 1] - 0.5 * X[:, 2] + 3 + z
    return X, np.array([1.0, -2.0, 0.5]), -3.0


def test_sums_near_0(student, rng):
    """Weighted sums between -1 and 1, and very small ones."""
    # -4 and -8 lie where a bias left out or subtracted gives an answer of its own
    sums = np.array([1, 4, 5, 6, 8, 9, -1, -4, -6, -8, -32, -64])
    X, w, b = cases_with_sums(rng, rng.permutation(sums) / 8)
    judge(student, [(X, w, b), (X / 2**30, w, b / 2**30)])


def test_exactly_at_the_threshold(student, rng):
    """A weighted sum of exactly 0."""
    judge(student, [cases_with_sums(rng, np.array([0, -2, 0, 2, 0, -4, -8]))])


def test_one_example_or_one_input(student, rng):
    """N = 1 and D = 1."""
    judge(student, [inputs.clear_cases(rng, *shape) for shape in [(6, 1), (1, 5), (1, 1)]])


def test_kinds_of_arrays(student, rng):
    """float32, integers, strided, Fortran-ordered and read-only inputs."""
    X, w, b = inputs.clear_cases(rng, 9, 4)
    *layouts, integers = inputs.kinds(X)
    judge(student, [*((same, w, b) for same in layouts), (integers, w, 8 * b)])
