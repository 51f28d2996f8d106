"""One update of the perceptron."""

import numpy as np

from autograder.graders.hw1_perceptron import inputs, reference

WHAT = ("w", "b")
W, B = 0, 1  # the places of the returned values: a wrong bias costs its own test and no more


def examples(rng, fires, dims=(3, 2, 5, 4, 1)):
    """(w, b, x) of units that give 1 (`fires`) or 0, never with a weighted sum near 0.

    In every second one the bias decides: without it the unit would give the other answer.
    """
    found = []
    while len(found) < len(dims):
        dim = dims[len(found)]
        w, x, b = (inputs.nonzero_grid(rng, dim), inputs.nonzero_grid(rng, dim),
                   inputs.nonzero_grid(rng, 1)[0])
        z, decides = x @ w + b, len(found) % 2 == 1
        if abs(z) >= inputs.CLEAR and (z > 0) == fires and (x @ w * z < 0) == decides:
            found.append((w, float(b), x))
    return found


def judge(student, calls, only=W):
    """Compare a value; a mistake has to explain the answers to both labels of each example."""
    inputs.judge(student, "perceptron_update", calls, what=WHAT, only=only, whole=True,
                 more=[(w, b, x, label) for w, b, x, _ in calls for label in (0, 1)])


def right_items(student, rng, fires, label):
    """The items that are right for two ordinary examples, the second one decided by the bias."""
    found = [inputs.right_items(student, reference.perceptron_update, (w, b, x, label),
                                (None, None)) for w, b, x in examples(rng, fires, dims=(4, 3))]
    return set(found[0]).intersection(found[1])


def judge_special(student, rng, calls):
    """Compare a value of special calls, by case (fires, label): the weights at best.

    It is one that is right for ordinary examples of the case; where none is, but is in other cases,
    the case has cost its own test.
    """
    right = {case: sorted(right_items(student, rng, *case)) for case in calls}
    for case, of_case in calls.items():
        if right[case] or not any(right.values()):
            judge(student, of_case, only=inputs.items_to_judge(right[case], [W])[0])


def test_should_have_fired(student, rng):
    """Label 1, prediction 0: the weights after it."""
    judge(student, [(w, b, x, 1) for w, b, x in examples(rng, fires=False)])


def test_should_not_have_fired(student, rng):
    """Label 0, prediction 1: the weights after it."""
    judge(student, [(w, b, x, 0) for w, b, x in examples(rng, fires=True)])


def test_right_predictions_change_nothing(student, rng):
    """A right prediction: nothing changes."""
    calls = [(w, b, x, label) for label in (0, 1) for w, b, x in examples(rng, bool(label))]
    judge(student, calls)
    if all(B in right_items(student, rng, not label, label) for label in (0, 1)):
        judge(student, calls, only=B)


def test_bias(student, rng):
    """The bias after wrong predictions."""
    judge(student, [(w, b, x, label) for label in (0, 1)
                    for w, b, x in examples(rng, not label)], only=B)


def test_zero_start(student, rng):
    """The zero start, where every weighted sum is exactly 0; labels as ints and floats."""
    judge_special(student, rng, {(False, label): [
        (np.zeros(4), 0.0, inputs.nonzero_grid(rng, 4), same) for same in (label, float(label))]
        for label in (0, 1)})


def test_kinds_of_arrays(student, rng):
    """An example as float32, integers, strided or read-only."""
    calls = {}
    for fires, label in [(True, 0), (False, 1)]:
        w, b, x = examples(rng, fires, dims=[4])[0]
        calls[fires, label] = [(w, 8 * b if same.dtype.kind == "i" else b, same, label)
                               for same in inputs.kinds(x)]
    judge_special(student, rng, calls)
