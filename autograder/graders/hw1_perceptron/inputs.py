"""Random inputs on which every correct computation gives the same bits.

All entries are multiples of 1/8 of moderate size. Their products and sums are then exact in
float32 and float64 alike, in any order of summation: a unit at z = 0 is at 0 for everyone, and
answers are compared without tolerance.
"""

import itertools
from collections.abc import Callable

import numpy as np

from autograder.api import Mistake, Verdict, as_numbers, check_value, fail, matches
from autograder.graders.common import grid, items_to_judge, layouts, nonzero_grid, right_items
from autograder.graders.hw1_perceptron import reference
from autograder.graders.hw1_perceptron.mistakes import MISTAKES

__all__ = ["clear_cases", "clusters", "grid", "item_to_judge", "items_to_judge", "judge", "kinds",
           "labelled", "layouts", "moved", "nonzero_grid", "of_another_order", "right_items",
           "short_runs"]

EPOCHS = 40  # more than training needs on the separable inputs
CLEAR = 1.25  # a sum this far from 0 is so when rounded, too: sums near 0 have tests of their own


def kinds(X: np.ndarray) -> list[np.ndarray]:
    """X as float32, in Fortran order, strided, read-only; and 8 times as much as integers."""
    return [*layouts(X), (8 * X).astype(np.int64)]


def clear_cases(rng: np.random.Generator, num_examples: int, dim: int):
    """X (N, D), w (D,), b of a unit with no example near its boundary.

    Leaving the bias out and subtracting it give other answers, and with several examples two.
    """
    while True:
        X, w, b = grid(rng, 4 * num_examples, dim), nonzero_grid(rng, dim), nonzero_grid(rng, 1)[0]
        X = X[np.abs(X @ w + b) >= CLEAR][:num_examples]
        right, *wrong = [tuple(X @ w + bias > 0) for bias in (b, 0, -b)]
        if (len(X) == num_examples and right not in wrong
                and (num_examples == 1 or wrong[0] != wrong[1])):
            return X, w, float(b)


def labelled(rng: np.random.Generator, num_examples: int, dim: int):
    """X (N, D) and 0/1 labels that a line separates; training takes several epochs, not many."""
    while True:
        X, w, b = grid(rng, 4 * num_examples, dim), nonzero_grid(rng, dim), nonzero_grid(rng, 1)
        X = X[np.abs(X @ w + b) > 1.0][:num_examples]
        y = (X @ w + b > 0).astype(np.int64)
        if len(y) == num_examples and num_examples < 4 * min(y.sum(), (1 - y).sum()):
            epochs = len(reference.train_perceptron(X, y, EPOCHS)[2])
            if 4 <= epochs < EPOCHS / 2:
                return X, y


def clusters(rng: np.random.Generator, per_class: int, num_classes: int):
    """X (N, 2) in one cluster a class on a circle, and labels (N,), in a random order."""
    angles = 2 * np.pi * np.arange(num_classes) / num_classes
    centres = np.round(40 * np.stack([np.cos(angles), np.sin(angles)], axis=1)) / 8
    while True:
        y = rng.permutation(np.repeat(np.arange(num_classes), per_class))
        X = centres[y] + grid(rng, len(y), 2, high=10)
        if 3 <= len(reference.train_classes(X, y, num_classes, EPOCHS)[2]) < EPOCHS / 2:
            return X, y


def short_runs(rng: np.random.Generator, train: Callable, labels: list[int],
               *more) -> list[tuple]:
    """Four runs of one epoch over five examples, on which training would end only later."""
    runs = []
    while len(runs) < 4:
        X, y = nonzero_grid(rng, 5, 3), rng.permutation(labels)
        if 4 <= len(train(X, y, *more, EPOCHS)[2]) < EPOCHS:
            runs.append((X, y, *more, 1))
    return runs


def judge(student, function: str, calls: list[tuple], *, what: str | tuple, only: int | None = None,
          whole: bool = False, more: list[tuple] = (), otherwise: Mistake | None = None,
          seen: Callable[[], bool] = bool) -> None:
    """Compare the answers to `calls`; a known mistake is named if it explains all of them.

    On a single small input several mistakes may give the same by chance.

    Parameters
    ----------
    only : the returned value that is judged
    whole : a mistake has to explain all returned values, as the judged one holds few numbers
    more : further calls that it has to explain
    otherwise, seen : the mistake to name where no known answer explains, and `seen` says so
    """
    try:
        for args in calls:
            student.compare(function, *args, what=what, only=only)
    except Verdict as verdict:
        names = [None, *(mistake.name for mistake in MISTAKES[function])]
        if verdict.outcome != "wrong" or verdict.mistake not in names:
            raise
        found = _explain(student, function, [*calls, *more], None if whole else only)
        if verdict.mistake in found:
            raise
        if len(found) == 1:
            next(iter(found.values())).fail()
        if not found and otherwise and seen():
            otherwise.fail()
        if verdict.mistake is None:
            raise
        _compare_unnamed(student, function, calls, what, only)


def item_to_judge(student, function: str, runs: list[tuple]) -> int:
    """The item by which special runs are judged: the first that is right after all these runs.

    The weights, where nothing is. Wrong ones have cost the test of the weights, which must have
    these runs, too.
    """
    right = set.intersection(*(set(right_items(student, getattr(reference, function), run,
                                               [None] * 3)) for run in runs))
    return items_to_judge(sorted(right), [0])[0]


def _explain(student, function, calls, only) -> dict[str, Mistake]:
    """The known mistakes that give the student's answer to every call."""
    answers = [_answer(student.call, function, *args) for args in calls]
    return {mistake.name: mistake for mistake in MISTAKES[function]
            if all(matches(got, _answer(mistake.wrong, *args), None, only)
                   for got, args in zip(answers, calls))}


def _answer(ask, *args):
    try:
        return ask(*args)
    except Exception as error:  # a mistake may crash where the student's function does
        return type(error).__name__


def _compare_unnamed(student, function, calls, what, only):
    for args in calls:
        try:
            check_value(student.call(function, *args), getattr(reference, function)(*args),
                        what=what, only=only)
        except Verdict as verdict:
            fail(f"`{function}`: {verdict.message}")


def moved(got: object) -> bool:
    """Whether the weights are numbers other than 0, though every input was 0."""
    weights = as_numbers(got[0]) if isinstance(got, (tuple, list)) and got else None
    return weights is not None and bool(np.any(weights != 0))


def of_another_order(got: object, train: Callable, X, y, *rest) -> bool:
    """Whether the weights are those of another order of the examples."""
    return any(matches(got, train(X[list(order)], y[list(order)], *rest), None, 0)
               for order in itertools.permutations(range(len(y))))
