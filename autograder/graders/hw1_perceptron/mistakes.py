"""Known wrong answers to hw1_perceptron, with what to tell the student who gives them."""

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw1_perceptron import reference

UNIT = "part1/perceptron.html#the-unit"
UPDATE = "part1/perceptron.html#the-update"
ALGORITHM = "part1/perceptron.html#the-algorithm"
STOPS = "part1/perceptron.html#when-it-stops"
XOR = "part1/boolean.html#xor-with-a-hidden-layer"
ARG_MAX = "part1/many_classes.html#scores-and-arg-max"
ONE_EACH = "part1/many_classes.html#training-one-unit-per-class"


def _train(X, y, max_epochs, *, update=reference.perceptron_update, batch=False, start=0.0,
           bias=True, last=True, early=True, count_right=False, at_zero=False):
    """The perceptron algorithm with one thing about it wrong."""
    w, b, mistakes = np.full(X.shape[1], start), 0.0, []
    for _ in range(max_epochs):
        old_w, old_b, wrong = w, b, 0
        for x, target in zip(X, y):
            seen_w, seen_b = (old_w, old_b) if batch else (w, b)
            new_w, new_b = update(seen_w, seen_b, x, target)
            z = np.dot(x, seen_w) + seen_b
            wrong += int(z >= 0 if at_zero else z > 0) != target
            w, b = w + (new_w - seen_w), b + (new_b - seen_b) * bias
        mistakes.append(len(X) - wrong if count_right else int(wrong))
        if wrong == 0 and early:
            break
    return w, b, mistakes if last or mistakes[-1] else mistakes[:-1]


def _update(w, b, x, y, *, factor=1.0, bias=1.0, at_zero=False):
    z = np.dot(x, w) + b
    step = factor * (y - float(z >= 0 if at_zero else z > 0))
    return w + step * np.asarray(x), b + bias * step


def _always(w, b, x, y):
    return w + (2.0 * y - 1) * np.asarray(x), b + (2.0 * y - 1)


def _own_target(scores, label, *, factor=1.0, at_zero=False):
    fires = scores >= 0 if at_zero else scores > 0
    return factor * ((np.arange(len(scores)) == label) - fires.astype(float))


def _train_classes(X, y, num_classes, max_epochs, *, rule=_own_target, count=np.count_nonzero,
                   batch=False, bias=True, last=True, early=True):
    """One perceptron per class, with one thing wrong; `rule(scores, label)` is the step (C,)."""
    W, b, mistakes = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
    for _ in range(max_epochs):
        old_W, old_b, wrong = W, b, 0
        for x, label in zip(X, y):
            step = rule(old_W @ x + old_b if batch else W @ x + b, label)
            wrong += int(count(step))
            W, b = W + np.outer(step, x), b + step * bias
        mistakes.append(wrong)
        if wrong == 0 and early:
            break
    return W, b, mistakes if last or mistakes[-1] else mistakes[:-1]


def _winner(scores, label):
    """Only the true class and a wrong arg max learn: the other multi-class perceptron."""
    step = np.zeros(len(scores))
    if np.argmax(scores) != label:
        step[label], step[np.argmax(scores)] = 1, -1
    return step


def _true_class_only(scores, label):
    return _own_target(scores, label) * (np.arange(len(scores)) == label)


def _plus_minus(scores, label):
    return np.where(np.arange(len(scores)) == label, 1, -1) - np.where(scores > 0, 1, -1)


MISTAKES = {
    "unit": [
        Mistake("fires-at-zero",
                "At a weighted sum of exactly 0 your unit gives 1. The course's threshold is "
                "strict: the output is 1 only where the sum is greater than 0.",
                UNIT, lambda X, w, b: (X @ w + b >= 0).astype(int)),
        Mistake("no-bias",
                "Your unit leaves out the bias: the sum is x . w + b.",
                UNIT, lambda X, w, b: (X @ w > 0).astype(int)),
        Mistake("bias-subtracted",
                "Your unit subtracts the bias. As a bias it is added; as a threshold it would "
                "stand on the other side with its sign changed.",
                UNIT, lambda X, w, b: (X @ w - b > 0).astype(int)),
        Mistake("minus-one-for-zero",
                "Your unit gives -1 where the course gives 0: outputs are 0 and 1.",
                UNIT, lambda X, w, b: np.where(X @ w + b > 0, 1, -1)),
        Mistake("sum-not-thresholded",
                "You return the weighted sum itself; the unit's output is whether it is "
                "greater than 0.",
                UNIT, lambda X, w, b: X @ w + b),
        Mistake("outputs-swapped",
                "Your outputs are the other way round: 1 belongs to sums greater than 0.",
                UNIT, lambda X, w, b: (X @ w + b <= 0).astype(int)),
    ],
    "xor": [
        Mistake("or-for-xor", "You compute OR: XOR is 0 where both inputs are 1.",
                XOR, lambda X: np.asarray(X).max(axis=1)),
        Mistake("and-for-xor", "You compute AND: XOR is 1 where exactly one input is 1.",
                XOR, lambda X: np.asarray(X).min(axis=1)),
        Mistake("nand-for-xor", "You compute NAND: XOR is 0 where both inputs are 0.",
                XOR, lambda X: 1 - np.asarray(X).min(axis=1)),
        Mistake("xnor-for-xor", "Your answer is exactly the opposite of XOR.",
                XOR, lambda X: 1 - reference.xor(X)),
    ],
    "perceptron_update": [
        Mistake("wrong-sign",
                "Your update goes the wrong way: the example's weighted sum moves away from its "
                "label. The step is (y - yhat) x, not (yhat - y) x.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, factor=-1.0)),
        Mistake("updates-when-right",
                "You also change the parameters when the prediction is right. Then y - yhat is 0 "
                "and nothing moves.",
                UPDATE, _always),
        Mistake("fires-at-zero",
                "At a weighted sum of exactly 0 you predict 1; the course's threshold is strict, "
                "so the prediction there is 0.",
                UNIT, lambda w, b, x, y: _update(w, b, x, y, at_zero=True)),
        Mistake("bias-not-updated",
                "Your weights learn and your bias does not: b becomes b + (y - yhat).",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, bias=0.0)),
        Mistake("step-doubled",
                "Your step is twice as large as it should be. That happens with labels -1 and +1 "
                "inside; labels and predictions are 0 and 1 here.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, factor=2.0)),
        Mistake("step-halved",
                "Your step is half as large as it should be: there is no learning rate here.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, factor=0.5)),
    ],
    "train_perceptron": [
        Mistake("last-epoch-not-recorded",
                "The epoch without a mistake is missing from your list: it was run too, and its "
                "0 is how one sees that training ended by itself.",
                STOPS, lambda X, y, m: _train(X, y, m, last=False)),
        Mistake("one-epoch-short",
                "You run one epoch fewer than max_epochs allows.",
                STOPS, lambda X, y, m: _train(X, y, m - 1)),
        Mistake("one-epoch-long",
                "You run one epoch more than max_epochs allows.",
                STOPS, lambda X, y, m: _train(X, y, m + 1)),
        Mistake("never-stops-early",
                "You go on after an epoch without a mistake. Nothing can change any more: stop.",
                STOPS, lambda X, y, m: _train(X, y, m, early=False)),
        Mistake("batch-update",
                "You judge all examples of an epoch by the parameters from its start. The "
                "perceptron learns at once: the next example meets the new parameters.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, batch=True)),
        Mistake("counts-right-ones",
                "Your list counts the examples that were right; it should count the mistakes.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, count_right=True)),
        Mistake("bias-not-updated",
                "Your weights learn and your bias stays 0: without it the line must pass "
                "through the origin.",
                UPDATE, lambda X, y, m: _train(X, y, m, bias=False)),
        Mistake("starts-at-one",
                "You start from weights of 1; the assignment asks for zeros.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, start=1.0)),
        Mistake("wrong-sign",
                "Your update goes the wrong way, so the mistakes never end.",
                UPDATE, lambda X, y, m: _train(
                    X, y, m, update=lambda w, b, x, t: _update(w, b, x, t, factor=-1.0))),
        Mistake("step-doubled",
                "Your steps are twice as large as they should be: labels and predictions are 0 "
                "and 1 here, not -1 and +1.",
                UPDATE, lambda X, y, m: _train(
                    X, y, m, update=lambda w, b, x, t: _update(w, b, x, t, factor=2.0))),
        Mistake("step-halved",
                "Your steps are half as large as they should be: there is no learning rate here.",
                UPDATE, lambda X, y, m: _train(
                    X, y, m, update=lambda w, b, x, t: _update(w, b, x, t, factor=0.5))),
        Mistake("updates-when-right",
                "You also change the parameters on examples that were right.",
                UPDATE, lambda X, y, m: _train(X, y, m, update=_always)),
        Mistake("fires-at-zero",
                "At a weighted sum of exactly 0 you predict 1; the threshold is strict. From the "
                "zero start every sum is 0, so this matters at once.",
                UNIT, lambda X, y, m: _train(
                    X, y, m, at_zero=True,
                    update=lambda w, b, x, t: _update(w, b, x, t, at_zero=True))),
    ],
    "predict_classes": [
        Mistake("arg-min", "You pick the class with the smallest sum; the largest one wins.",
                ARG_MAX, lambda X, W, b: np.argmin(X @ W.T + b, axis=1)),
        Mistake("wrong-axis",
                "You take the arg max over the examples. It is taken over the classes: one "
                "answer for each example.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T + b, axis=0)),
        Mistake("no-bias", "Your scores leave out the biases: they are X W^T + b.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T, axis=1)),
        Mistake("thresholded-scores",
                "You compare the units' 0/1 outputs. Where several fire, or none, only the "
                "weighted sums before the threshold can tell which class is best.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T + b > 0, axis=1)),
        Mistake("scores-returned",
                "You return the scores; the class is the index of the largest one.",
                ARG_MAX, lambda X, W, b: X @ W.T + b),
        Mistake("last-of-equals",
                "Where two scores are equal you take the later class; the assignment asks for "
                "the earlier one.",
                ARG_MAX, lambda X, W, b: len(W) - 1 - np.argmax((X @ W.T + b)[:, ::-1], axis=1)),
    ],
    "train_classes": [
        Mistake("winner-rule",
                "You update only when the arg max is wrong, and only two classes then. Here "
                "every class has a perceptron of its own that learns from its own 0/1 target.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_winner)),
        Mistake("true-class-only",
                "Only the true class's unit learns. The others must learn too that this is not "
                "their class: their target is 0.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_true_class_only)),
        Mistake("step-doubled",
                "Your steps are twice as large as they should be: targets and outputs are 0 and "
                "1, not -1 and +1.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_plus_minus)),
        Mistake("counts-examples",
                "Your list counts examples on which some unit was wrong; it should count every "
                "unit's wrong decision.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, count=np.any)),
        Mistake("last-epoch-not-recorded",
                "The epoch without a mistake is missing from your list: it was run too.",
                STOPS, lambda X, y, c, m: _train_classes(X, y, c, m, last=False)),
        Mistake("one-epoch-short", "You run one epoch fewer than max_epochs allows.",
                STOPS, lambda X, y, c, m: _train_classes(X, y, c, m - 1)),
        Mistake("one-epoch-long", "You run one epoch more than max_epochs allows.",
                STOPS, lambda X, y, c, m: _train_classes(X, y, c, m + 1)),
        Mistake("never-stops-early",
                "You go on after an epoch in which every unit was right. Nothing can change any "
                "more: stop.",
                STOPS, lambda X, y, c, m: _train_classes(X, y, c, m, early=False)),
        Mistake("batch-update",
                "You judge all examples of an epoch by the parameters from its start. The "
                "perceptron learns at once: the next example meets the new parameters.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, batch=True)),
        Mistake("bias-not-updated",
                "Your weights learn and your biases stay 0: a unit's bias changes with its "
                "weights.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, bias=False)),
        Mistake("wrong-sign",
                "Your update goes the wrong way, so the mistakes never end.",
                ONE_EACH, lambda X, y, c, m: _train_classes(
                    X, y, c, m, rule=lambda s, k: _own_target(s, k, factor=-1.0))),
        Mistake("step-halved",
                "Your steps are half as large as they should be: there is no learning rate here.",
                ONE_EACH, lambda X, y, c, m: _train_classes(
                    X, y, c, m, rule=lambda s, k: _own_target(s, k, factor=0.5))),
        Mistake("fires-at-zero",
                "At a weighted sum of exactly 0 your units give 1; the threshold is strict. From "
                "the zero start every sum is 0, so this matters at once.",
                UNIT, lambda X, y, c, m: _train_classes(
                    X, y, c, m, rule=lambda s, k: _own_target(s, k, at_zero=True))),
    ],
}
