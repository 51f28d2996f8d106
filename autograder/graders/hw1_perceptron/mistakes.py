"""Known wrong answers to hw1_perceptron, with what to tell the student who gives them."""

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw1_perceptron import reference

UNIT = "part1/perceptron.html#the-unit"
UPDATE = "part1/perceptron.html#the-update"
ALGORITHM = "part1/perceptron.html#the-algorithm"
STOPS = "part1/perceptron.html#when-it-stops"
GATES = "part1/boolean.html#gates"
XOR = "part1/boolean.html#xor-with-a-hidden-layer"
ARG_MAX = "part1/many_classes.html#scores-and-arg-max"
ONE_EACH = "part1/many_classes.html#training-one-unit-per-class"

MANY = 200  # epochs: as many as training takes, on the inputs that it comes to an end on


def _train(X, y, max_epochs, *, update=reference.perceptron_update, batch=False, start=0.0,
           bias=True, last=True, early=True, at_zero=False, restart=False, stop_at=None,
           signed=False, keep_count=False):
    """The perceptron algorithm with one thing about it wrong."""
    w, b, mistakes, wrong = np.full(X.shape[1], start), 0.0, [], 0
    for _ in range(max_epochs):
        if restart:
            w, b = np.zeros(X.shape[1]), 0.0
        old_w, old_b, wrong = w, b, wrong * keep_count
        for x, target in zip(X, y):
            seen_w, seen_b = (old_w, old_b) if batch else (w, b)
            new_w, new_b = update(seen_w, seen_b, x, target)
            z = np.dot(x, seen_w) + seen_b
            error = target - int(z >= 0 if at_zero else z > 0)
            wrong += int(error if signed else error != 0)
            w, b = w + (new_w - seen_w), b + (new_b - seen_b) * bias
            if stop_at is not None and (error != 0) == stop_at:
                break
        mistakes.append(wrong)
        if wrong == 0 and early:
            break
    return w, b, mistakes if last or mistakes[-1] else mistakes[:-1]


def _update(w, b, x, y, *, factor=1.0, bias=1.0, at_zero=False, seen_bias=1.0, learns=(-1, 1)):
    z = np.dot(x, w) + seen_bias * b
    error = y - float(z >= 0 if at_zero else z > 0)
    step = factor * error * (error in learns)
    return w + step * np.asarray(x), b + bias * step


def _always(w, b, x, y):
    return w + (2.0 * y - 1) * np.asarray(x), b + (2.0 * y - 1)


def _change(w, b, x, y):
    """By how much the right update changes the weights and the bias."""
    new_w, new_b = reference.perceptron_update(w, b, x, y)
    return new_w - w, new_b - b


def _until_right(w, b, x, y):
    for _ in range(1000):
        new_w, new_b = reference.perceptron_update(w, b, x, y)
        if new_b == b:
            break
        w, b = new_w, new_b
    return w, b


def _whole(w, b, x, y):
    w, b = reference.perceptron_update(w, b, x, y)
    return np.trunc(w), np.trunc(b)


def _plus_minus_rule(w, b, x, y):
    """The rule for labels -1 and 1, on labels 0 and 1."""
    step = y if y * (np.dot(x, w) + b) <= 0 else 0
    return w + step * np.asarray(x), b + step


def _pocket(X, y, max_epochs):
    """The weights of the epoch's end at which the fewest examples were wrong."""
    best, found = len(X) + 1, None
    for epochs in range(1, max_epochs + 1):
        w, b, mistakes = reference.train_perceptron(X, y, epochs)
        wrong = int(np.sum((np.asarray(X, float) @ w + b > 0) != y))
        if wrong < best:
            best, found = wrong, (w, b)
        if len(mistakes) < epochs or mistakes[-1] == 0:
            break
    return *found, mistakes


def _averaged(X, y, max_epochs):
    """The mean of the parameters over all steps."""
    w, b, steps = np.zeros(X.shape[1]), 0.0, []
    _, _, mistakes = reference.train_perceptron(X, y, max_epochs)
    for _ in mistakes:
        for x, target in zip(X, y):
            w, b = reference.perceptron_update(w, b, x, target)
            steps.append((w, b))
    return np.mean([w for w, _ in steps], axis=0), np.mean([b for _, b in steps]), mistakes


def _counted_afterwards(X, y, max_epochs):
    """The mistakes counted with the parameters of each epoch's end."""
    counts = []
    for epochs in range(1, max_epochs + 1):
        w, b, mistakes = reference.train_perceptron(X, y, epochs)
        counts.append(int(np.sum((np.asarray(X, float) @ w + b > 0) != y)))
        if counts[-1] == 0:
            break
    return w, b, counts


def _listed_by_example(X, y, max_epochs):
    """1 or 0 for every example that was visited."""
    w, b, mistakes = reference.train_perceptron(X, y, max_epochs)
    seen_w, seen_b, flags = np.zeros(X.shape[1]), 0.0, []
    for _ in mistakes:
        for x, target in zip(X, y):
            before = seen_b
            seen_w, seen_b = reference.perceptron_update(seen_w, seen_b, x, target)
            flags.append(int(seen_b != before))
    return w, b, flags


def _with_last(answer, change):
    """The answer with its last value, history or bias, changed."""
    *others, last = answer
    return *others, change(last)


def _bias_as_an_array(w, b, mistakes):
    return w, np.array([b]), mistakes


def _classes_in_columns(W, b, mistakes):
    return W.T, b, mistakes


def _biases_as_a_column(W, b, mistakes):
    return W, b[:, np.newaxis], mistakes


def _own_target(scores, label, *, factor=1.0, at_zero=False):
    fires = scores >= 0 if at_zero else scores > 0
    return factor * ((np.arange(len(scores)) == label) - fires.astype(float))


def _train_classes(X, y, num_classes, max_epochs, *, rule=_own_target, count=np.count_nonzero,
                   batch=False, bias=True, last=True, early=True, start=0.0, restart=False,
                   keep=np.asarray, shared=False, done=None):
    """One perceptron per class, with one thing wrong; `rule(scores, label)` is the step (C,)."""
    W, b, mistakes = np.full((num_classes, X.shape[1]), start), np.zeros(num_classes), []
    for _ in range(max_epochs):
        if restart:
            W, b = np.zeros_like(W), np.zeros_like(b)
        old_W, old_b, wrong = W, b, 0
        for x, label in zip(np.asarray(X, float), y):
            step = rule(old_W @ x + old_b if batch else W @ x + b, label)
            wrong += int(count(step))
            W, b = keep(W + np.outer(step, x)), keep(b + (step.sum() if shared else step) * bias)
        mistakes.append(wrong)
        if (done(X, y, W, b) if done else wrong == 0) and early:
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


def _others_only(scores, label):
    return _own_target(scores, label) * (np.arange(len(scores)) != label)


def _all_but_last(scores, label):
    return _own_target(scores, label) * (np.arange(len(scores)) < len(scores) - 1)


def _if_arg_max_is_wrong(scores, label):
    return _own_target(scores, label) * (np.argmax(scores) != label)


def _every_unit(scores, label):
    return np.where(np.arange(len(scores)) == label, 1.0, -1.0)


def _plus_minus(scores, label):
    return np.where(np.arange(len(scores)) == label, 1, -1) - np.where(scores > 0, 1, -1)


def _arg_max_right(X, y, W, b):
    return bool(np.all(reference.predict_classes(X, W, b) == y))


def _per_unit(X, y, num_classes, max_epochs):
    """The history of each unit, not their sum."""
    W, b, mistakes = reference.train_classes(X, y, num_classes, max_epochs)
    each = [reference.train_perceptron(X, (np.asarray(y) == c).astype(int), max_epochs)[2]
            for c in range(num_classes)]
    return W, b, [[m[e] if e < len(m) else 0 for m in each] for e in range(len(mistakes))]


def _joined(X, y, num_classes, max_epochs):
    """The histories of the units, one after another."""
    W, b, _ = reference.train_classes(X, y, num_classes, max_epochs)
    return W, b, [count for c in range(num_classes) for count in reference.train_perceptron(
        X, (np.asarray(y) == c).astype(int), max_epochs)[2]]


def _last_unit(X, y, num_classes, max_epochs):
    """The history of the last unit in the place of the sum of all."""
    W, b, _ = reference.train_classes(X, y, num_classes, max_epochs)
    return W, b, reference.train_perceptron(X, (np.asarray(y) == num_classes - 1).astype(int),
                                            max_epochs)[2]


def _arg_max_errors(X, y, num_classes, max_epochs):
    """Counts the examples for which the arg max is wrong when they are visited."""
    W, b, mistakes = reference.train_classes(X, y, num_classes, max_epochs)
    counts, seen_W, seen_b = [], np.zeros_like(W), np.zeros_like(b)
    for _ in mistakes:
        counts.append(0)
        for x, label in zip(np.asarray(X, float), y):
            scores = seen_W @ x + seen_b
            counts[-1] += int(np.argmax(scores) != label)
            step = _own_target(scores, label)
            seen_W, seen_b = seen_W + np.outer(step, x), seen_b + step
    return W, b, counts


def _first_rows_only(X, y, num_classes, max_epochs):
    """As many units as there are classes among the labels."""
    return reference.train_classes(X, np.searchsorted(np.unique(y), y), len(np.unique(y)),
                                   max_epochs)


def _gate(change, *names):
    """The right gates, but for those in `names` changed by `change(w, b)`."""
    def wrong(name):
        w, b = reference.gate(name)
        return change(w, b) if name in names else (w, b)
    return wrong


def _other_gate(**others):
    """The right gates, but for some that are confused with others."""
    return lambda name: reference.gate(others.get(name, name))


def _best_from_zero(X, W, b):
    answers = []
    for scores in X @ W.T + b:
        best, answer = 0, 0
        for c, score in enumerate(scores):
            if score > best:
                best, answer = score, c
        answers.append(answer)
    return np.array(answers)


def _squeezed(answer):
    return answer[0] if len(answer) == 1 else answer


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

        Mistake("sum-rounded",
                "Your unit gives 0 for sums up to 0.5: is the sum rounded, or compared with 0.5? "
                "The output is 1 wherever the sum is greater than 0.",
                UNIT, lambda X, w, b: (np.round(X @ w + b) > 0).astype(int)),
        Mistake("sum-cut-to-an-integer",
                "Your unit gives 0 for sums between 0 and 1: is the sum made an integer, or "
                "compared with 1? The output is 1 wherever the sum is greater than 0.",
                UNIT, lambda X, w, b: ((X @ w + b).astype(int) > 0).astype(int)),
        Mistake("bias-for-every-input",
                "You add the bias once for every input. It is added once, to the whole sum.",
                UNIT, lambda X, w, b: (np.sum(X * w + b, axis=1) > 0).astype(int)),
        Mistake("sigmoid-for-threshold",
                "You return a sigmoid of the weighted sum. This unit has a threshold: its output "
                "is 0 or 1.",
                UNIT, lambda X, w, b: 1 / (1 + np.exp(-np.clip(X @ w + b, -500, 500)))),
        Mistake("relu-for-threshold",
                "You return the weighted sum where it is positive. The output there is 1.",
                UNIT, lambda X, w, b: np.maximum(X @ w + b, 0)),
        Mistake("sign-for-threshold",
                "You return the sign of the weighted sum: -1, 0 or 1. The outputs are 0 and 1.",
                UNIT, lambda X, w, b: np.sign(X @ w + b)),
        Mistake("output-as-a-column",
                "Your outputs stand in a column, of shape (N, 1): the answer has shape (N,).",
                UNIT, lambda X, w, b: reference.unit(X, w, b)[:, np.newaxis]),
        Mistake("one-example-without-its-axis",
                "For one example you return a single number; the answer has shape (N,) for N = 1 "
                "too.",
                UNIT, lambda X, w, b: _squeezed(reference.unit(X, w, b))),
        Mistake("indices-of-those-that-fire",
                "You return which examples make the unit fire. The answer is a 0 or a 1 for "
                "every example.",
                UNIT, lambda X, w, b: np.flatnonzero(X @ w + b > 0)),
    ],
    "gate": [
        Mistake("gate-on-the-threshold",
                "Your gate has a weighted sum of exactly 0 where the output should be 1. The "
                "threshold is strict: leave some room on both sides.",
                GATES, lambda name: {"AND": (np.array([1, 1]), -2), "NAND": (np.array([-1, -1]), 1)
                                     }.get(name) or reference.gate(name)),
        Mistake("gate-negated",
                "Your gate does exactly the opposite: all signs are to be changed.",
                GATES, _gate(lambda w, b: (-w, -b), "NOT", "NAND")),
        Mistake("and-or-exchanged",
                "Your gate does the work of another one: AND and OR are exchanged, or their biases "
                "are.",
                GATES, _other_gate(AND="OR", OR="AND")),
        Mistake("bias-before-weights",
                "You return the bias first. The order is w, b.",
                GATES, lambda name: reference.gate(name)[::-1]),
        Mistake("threshold-for-bias",
                "With the opposite bias your gate would be right: what you return is the threshold "
                "that the weighted inputs have to exceed. As a bias it is added, so its sign "
                "changes.",
                GATES, _gate(lambda w, b: (w, -b), "NOT", "AND", "OR", "NAND")),
        Mistake("table-for-weights",
                "You return the gate's outputs. What is asked for are the weights and the bias of "
                "a unit that computes them.",
                GATES, lambda name: np.array({"NOT": [1, 0], "AND": [0, 0, 0, 1],
                                              "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}[name])),
        Mistake("weights-without-bias",
                "You return the weights alone. A gate is a unit: return w, b.",
                GATES, lambda name: reference.gate(name)[0]),
        Mistake("two-weights-for-not",
                "NOT has one input, so its w has one entry.",
                GATES, _gate(lambda w, b: (np.array([-1.0, -1.0]), 0.5), "NOT")),
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

        Mistake("nor-for-xor", "You compute NOR: XOR is 1 where exactly one input is 1.",
                XOR, lambda X: 1 - np.asarray(X).max(axis=1)),
        Mistake("sum-for-xor",
                "You return how many inputs are 1. With two of them, XOR is 0.",
                XOR, lambda X: np.asarray(X).sum(axis=1)),
        Mistake("difference-for-xor",
                "You return the first input minus the second: -1 where only the second is 1. XOR "
                "is 1 there.",
                XOR, lambda X: np.asarray(X)[:, 0] - np.asarray(X)[:, 1].astype(float)),
        Mistake("one-side-of-xor",
                "Your output is 1 where only the first input is 1. XOR is 1 where only the second "
                "is, too.",
                XOR, lambda X: (np.asarray(X)[:, 0] > np.asarray(X)[:, 1]).astype(int)),
        Mistake("other-side-of-xor",
                "Your output is 1 where only the second input is 1. XOR is 1 where only the first "
                "is, too.",
                XOR, lambda X: (np.asarray(X)[:, 0] < np.asarray(X)[:, 1]).astype(int)),
        Mistake("always-one", "Your output is 1 for every row: XOR is 0 where both inputs agree.",
                XOR, lambda X: np.ones(len(X), int)),
        Mistake("xor-as-a-column",
                "Your outputs stand in a column, of shape (N, 1): the answer has shape (N,).",
                XOR, lambda X: reference.xor(X)[:, np.newaxis]),
        Mistake("hidden-outputs-returned",
                "You return the outputs of the hidden units, two for each row. One more unit has "
                "to put them together.",
                XOR, lambda X: np.stack([np.asarray(X).max(axis=1),
                                         1 - np.asarray(X).min(axis=1)], axis=1)),
        Mistake("one-row-without-its-axis",
                "For one row you return a single number; the answer has shape (N,) for N = 1 too.",
                XOR, lambda X: _squeezed(reference.xor(X))),
        Mistake("table-whatever-the-rows",
                "You return the four outputs of the table, whatever the rows of `X` are. They may "
                "come in any order and number.",
                XOR, lambda X: np.array([0, 1, 1, 0])),
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

        Mistake("prediction-without-bias",
                "Your prediction leaves out the bias: the unit fires where w . x + b is greater "
                "than 0.",
                UNIT, lambda w, b, x, y: _update(w, b, x, y, seen_bias=0.0)),
        Mistake("label-0-never-learns",
                "Examples with label 0 change nothing in your update. If the unit fires for one of "
                "them, its sum has to go down.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, learns=(1,))),
        Mistake("label-1-never-learns",
                "Examples with label 1 change nothing in your update. If the unit does not fire "
                "for one of them, its sum has to go up.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, learns=(-1,))),
        Mistake("step-up-for-both",
                "Your update adds x whatever the mistake is. If the unit fired and should not "
                "have, x is subtracted: y - yhat is -1 there.",
                UPDATE, lambda w, b, x, y: (w + np.abs(_change(w, b, x, y)[1]) * x,
                                            b + np.abs(_change(w, b, x, y)[1]))),
        Mistake("bias-moves-the-other-way",
                "Your bias goes the wrong way, though the weights go the right one: b becomes "
                "b + (y - yhat).",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, bias=-1.0)),
        Mistake("sum-for-prediction",
                "You subtract the weighted sum from the label. The prediction is the unit's "
                "output, 0 or 1.",
                UPDATE, lambda w, b, x, y: (w + (y - (np.dot(x, w) + b)) * np.asarray(x),
                                            b + (y - (np.dot(x, w) + b)))),
        Mistake("step-without-x",
                "All weights move by y - yhat. Each moves by (y - yhat) times its own input.",
                UPDATE, lambda w, b, x, y: (w + _change(w, b, x, y)[1],
                                            b + _change(w, b, x, y)[1])),
        Mistake("change-returned",
                "You return the change of the parameters; add it to `w` and `b`.",
                UPDATE, _change),
        Mistake("learning-rate",
                "Your step is a tenth of what it should be: there is no learning rate here.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, factor=0.1)),
        Mistake("step-of-a-hundredth",
                "Your step is a hundredth of what it should be: there is no learning rate here.",
                UPDATE, lambda w, b, x, y: _update(w, b, x, y, factor=0.01)),
        Mistake("weights-cut-to-integers",
                "Your new weights are whole numbers: fractions are lost where an array of ints "
                "takes them in, or at a cast.",
                UPDATE, _whole),
        Mistake("only-the-bias-learns",
                "Your bias learns and your weights do not: w becomes w + (y - yhat) x.",
                UPDATE, lambda w, b, x, y: (np.asarray(w, float),
                                            b + _change(w, b, x, y)[1])),
        Mistake("bias-as-an-array",
                "Your bias comes back as an array. `b` is a single number.",
                UPDATE, lambda w, b, x, y: _with_last(
                    reference.perceptron_update(w, b, x, y), lambda b: np.array([b]))),
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
        Mistake("max-epochs-ignored",
                "Your training goes on until there is no mistake, however many epochs that takes: "
                "stop after `max_epochs`.",
                STOPS, lambda X, y, m: reference.train_perceptron(X, y, MANY)),
        Mistake("never-stops-early",
                "Your list goes on after an epoch without a mistake. Nothing can change any more: "
                "stop there, with that epoch's 0 as the last entry.",
                STOPS, lambda X, y, m: _train(X, y, m, early=False)),
        Mistake("batch-update",
                "You judge all examples of an epoch by the parameters from its start. The "
                "perceptron learns at once: the next example meets the new parameters.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, batch=True)),
        Mistake("counts-right-ones",
                "Your list counts the examples that were right; it should count the mistakes.",
                ALGORITHM, lambda X, y, m: _with_last(
                    reference.train_perceptron(X, y, m), lambda h: [len(X) - k for k in h])),
        Mistake("bias-not-updated",
                "Your weights learn and your bias stays 0: without it the line must pass "
                "through the origin.",
                UPDATE, lambda X, y, m: _train(X, y, m, bias=False)),
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

        Mistake("does-not-start-at-zero",
                "Your weights do not start at 0: inputs of 0 leave them elsewhere. The assignment "
                "asks for zeros.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, start=0.01)),
        Mistake("another-order",
                "Your weights are those of another order of the examples. Visit them in the order "
                "given, each once in an epoch, without shuffling.",
                ALGORITHM, lambda X, y, m: reference.train_perceptron(X[::-1], y[::-1], m)),
        Mistake("restarts-every-epoch",
                "Every epoch of yours starts from zeros again. The start belongs before the loop "
                "over the epochs.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, restart=True)),
        Mistake("epoch-ends-at-a-mistake",
                "Your epoch ends at its first mistake. It visits all examples, and updates after "
                "each.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, stop_at=True)),
        Mistake("epoch-ends-at-a-right-one",
                "Your epoch ends at the first example that is right. Only a whole epoch without a "
                "mistake ends training.",
                STOPS, lambda X, y, m: _train(X, y, m, stop_at=False)),
        Mistake("until-each-is-right",
                "You update with the same example until it is right. Each is visited once in an "
                "epoch: one update, then the next example.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, update=_until_right)),
        Mistake("last-example-skipped",
                "You never visit the last example: an epoch visits all of them.",
                ALGORITHM, lambda X, y, m: reference.train_perceptron(X[:-1], y[:-1], m)),
        Mistake("first-example-skipped",
                "You never visit the first example: an epoch visits all of them.",
                ALGORITHM, lambda X, y, m: reference.train_perceptron(X[1:], y[1:], m)),
        Mistake("weights-cut-to-integers",
                "Your weights are whole numbers: fractions are lost where an array of ints takes "
                "them in. Start from floats.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, update=_whole)),
        Mistake("rule-for-plus-minus-one",
                "You use the rule for labels -1 and 1. Labels are 0 and 1 here, and with it an "
                "example of label 0 never learns.",
                UPDATE, lambda X, y, m: _train(X, y, m, update=_plus_minus_rule)),
        Mistake("prediction-without-bias",
                "Your predictions leave out the bias: the unit fires where w . x + b is greater "
                "than 0.",
                UNIT, lambda X, y, m: _train(
                    X, y, m, update=lambda w, b, x, t: _update(w, b, x, t, seen_bias=0.0))),
        Mistake("step-without-x",
                "All weights move by y - yhat. Each moves by (y - yhat) times its own input.",
                UPDATE, lambda X, y, m: _train(X, y, m, update=lambda w, b, x, t: (
                    w + _change(w, b, x, t)[1], b + _change(w, b, x, t)[1]))),
        Mistake("best-epoch-returned",
                "You return the parameters of the epoch with the fewest mistakes. The assignment "
                "asks for those at the end of training.",
                ALGORITHM, _pocket),
        Mistake("averaged-weights",
                "You return the average of the parameters over all steps. The assignment asks for "
                "those at the end of training.",
                ALGORITHM, _averaged),
        Mistake("mistakes-cancel",
                "You add up y - yhat, so that a mistake of one kind cancels one of the other. "
                "Count 1 for each mistake.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, signed=True)),
        Mistake("history-as-shares",
                "Your list holds the share of mistakes in each epoch; it should hold their number.",
                ALGORITHM, lambda X, y, m: _with_last(
                    reference.train_perceptron(X, y, m), lambda h: [k / len(X) for k in h])),
        Mistake("history-of-all-epochs-so-far",
                "Your list adds up the mistakes of all epochs so far. Begin each epoch's count at "
                "0.",
                ALGORITHM, lambda X, y, m: _with_last(
                    reference.train_perceptron(X, y, m), lambda h: np.cumsum(h).tolist())),
        Mistake("count-not-set-back",
                "You never set the count back to 0: it adds up over the epochs, so that training "
                "does not end by itself.",
                ALGORITHM, lambda X, y, m: _train(X, y, m, keep_count=True)),
        Mistake("counted-after-the-epoch",
                "You count the mistakes with the parameters of the epoch's end. Count each example "
                "when it is visited, before its update.",
                ALGORITHM, _counted_afterwards),
        Mistake("number-for-history",
                "You return the number of all mistakes. Return a list with one entry for every "
                "epoch.",
                ALGORITHM, lambda X, y, m: _with_last(reference.train_perceptron(X, y, m), sum)),
        Mistake("epochs-for-history",
                "You return the number of epochs. Return a list with the mistakes of every epoch.",
                ALGORITHM, lambda X, y, m: _with_last(reference.train_perceptron(X, y, m), len)),
        Mistake("last-count-for-history",
                "You return the mistakes of the last epoch alone. Return a list with one entry for "
                "every epoch.",
                ALGORITHM, lambda X, y, m: _with_last(
                    reference.train_perceptron(X, y, m), lambda h: h[-1])),
        Mistake("history-of-examples",
                "Your list has an entry for every example that was visited; it should have one for "
                "every epoch.",
                ALGORITHM, _listed_by_example),
        Mistake("bias-as-an-array",
                "Your bias comes back as an array. `b` is a single number.",
                ALGORITHM, lambda X, y, m: _bias_as_an_array(
                    *reference.train_perceptron(X, y, m))),
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

        Mistake("one-based", "Your classes count from 1; they are 0 to C - 1.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T + b, axis=1) + 1),
        Mistake("max-for-arg-max",
                "You return the largest score; the class is its index.",
                ARG_MAX, lambda X, W, b: np.max(X @ W.T + b, axis=1)),
        Mistake("classes-as-a-column",
                "Your classes stand in a column, of shape (N, 1): the answer has shape (N,).",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T + b, axis=1)[:, np.newaxis]),
        Mistake("one-hot-returned",
                "You return a row of 0s with a 1 at the class; the class is the index of the 1.",
                ARG_MAX, lambda X, W, b: np.eye(len(W))[np.argmax(X @ W.T + b, axis=1)]),
        Mistake("search-starts-at-zero",
                "Your search for the largest score starts at 0, so that a score below 0 never "
                "wins. Where every score is negative, the largest one wins all the same.",
                ARG_MAX, _best_from_zero),
        Mistake("scores-rounded",
                "Your scores are rounded, or made integers, before the largest is looked for: "
                "those that are near each other become equal.",
                ARG_MAX, lambda X, W, b: np.argmax(np.round(X @ W.T + b), axis=1)),
        Mistake("scores-rounded",
                "Your scores are rounded, or made integers, before the largest is looked for: "
                "those that are near each other become equal.",
                ARG_MAX, lambda X, W, b: np.argmax((X @ W.T + b).astype(int), axis=1)),
        Mistake("largest-in-absolute-value",
                "You take the score that is farthest from 0. The largest one wins, and a negative "
                "score is small.",
                ARG_MAX, lambda X, W, b: np.argmax(np.abs(X @ W.T + b), axis=1)),
        Mistake("bias-subtracted", "You subtract the biases: the scores are X W^T + b.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T - b, axis=1)),
        Mistake("arg-max-of-everything",
                "You take one arg max over all scores together. Every example has an answer of its "
                "own: the largest score in its row.",
                ARG_MAX, lambda X, W, b: np.argmax(X @ W.T + b)),
        Mistake("ranking-returned",
                "You return all classes in the order of their scores; the answer is the one class "
                "with the largest.",
                ARG_MAX, lambda X, W, b: np.argsort(-(X @ W.T + b), axis=1, kind="stable")),
        Mistake("one-example-without-its-axis",
                "For one example you return a single number; the answer has shape (N,) for N = 1 "
                "too.",
                ARG_MAX, lambda X, W, b: _squeezed(reference.predict_classes(X, W, b))),
        Mistake("none-if-no-unit-fires",
                "Where no unit fires you answer -1. No threshold is applied: the largest score "
                "wins, though it is negative.",
                ARG_MAX, lambda X, W, b: np.where((X @ W.T + b).max(axis=1) > 0,
                                                  np.argmax(X @ W.T + b, axis=1), -1)),
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
        Mistake("max-epochs-ignored",
                "Your training goes on until no unit is wrong, however many epochs that takes: "
                "stop after `max_epochs`.",
                STOPS, lambda X, y, c, m: reference.train_classes(X, y, c, MANY)),
        Mistake("never-stops-early",
                "Your list goes on after an epoch in which every unit was right. Nothing can "
                "change any more: stop there, with that epoch's 0 as the last entry.",
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

        Mistake("updates-when-right",
                "Your units learn from every example. A unit whose own output was right stays as "
                "it is.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_every_unit)),
        Mistake("true-class-never-learns",
                "The unit of the example's own class never learns in yours. Its target is 1: if it "
                "does not fire, its sum has to go up.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_others_only)),
        Mistake("last-class-not-trained",
                "Your last unit never learns: there are C units, 0 to C - 1.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, rule=_all_but_last)),
        Mistake("learns-if-arg-max-is-wrong",
                "Your units learn only where the arg max is wrong. Each learns whenever its own "
                "output is wrong.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m,
                                                            rule=_if_arg_max_is_wrong)),
        Mistake("stops-when-arg-max-is-right",
                "You stop as soon as the arg max is right for every example. Stop after an epoch "
                "in which every unit was right.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, done=_arg_max_right)),
        Mistake("classes-counted-from-one",
                "Your unit c answers for the class c - 1. Classes count from 0.",
                ONE_EACH, lambda X, y, c, m: reference.train_classes(X, y + 1, c, m)),
        Mistake("does-not-start-at-zero",
                "Your weights do not start at 0: inputs of 0 leave them elsewhere. The assignment "
                "asks for zeros.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, start=0.01)),
        Mistake("another-order",
                "Your weights are those of another order of the examples. Visit them in the order "
                "given, each once in an epoch, without shuffling.",
                ONE_EACH, lambda X, y, c, m: reference.train_classes(X[::-1], y[::-1], c, m)),
        Mistake("restarts-every-epoch",
                "Every epoch of yours starts from zeros again. The start belongs before the loop "
                "over the epochs.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, restart=True)),
        Mistake("last-example-skipped",
                "You never visit the last example: an epoch visits all of them.",
                ONE_EACH, lambda X, y, c, m: reference.train_classes(X[:-1], y[:-1], c, m)),
        Mistake("weights-cut-to-integers",
                "Your weights are whole numbers: fractions are lost where an array of ints takes "
                "them in. Start from floats.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, keep=np.trunc)),
        Mistake("one-bias-for-all",
                "All your units share one bias. `b` has an entry for every class, which moves when "
                "that class's unit is wrong.",
                ONE_EACH, lambda X, y, c, m: _train_classes(X, y, c, m, shared=True)),
        Mistake("units-for-present-classes-only",
                "You have a unit only for the classes that occur in `y`. There are `num_classes` "
                "units: a class may have no example.",
                ONE_EACH, _first_rows_only),
        Mistake("history-as-shares",
                "Your list holds the share of wrong decisions in each epoch; it should hold their "
                "number.",
                ONE_EACH, lambda X, y, c, m: _with_last(
                    reference.train_classes(X, y, c, m), lambda h: [k / len(X) for k in h])),
        Mistake("history-as-shares",
                "Your list holds means over the units or over all decisions; it should hold the "
                "number of wrong decisions.",
                ONE_EACH, lambda X, y, c, m: _with_last(
                    reference.train_classes(X, y, c, m), lambda h: [k / c for k in h])),
        Mistake("history-as-shares",
                "Your list holds means over the units or over all decisions; it should hold the "
                "number of wrong decisions.",
                ONE_EACH, lambda X, y, c, m: _with_last(
                    reference.train_classes(X, y, c, m), lambda h: [k / c / len(X) for k in h])),
        Mistake("histories-one-after-another",
                "Your list has the epochs of one unit after those of another. The units train side "
                "by side: add up their mistakes of the same epoch.",
                ONE_EACH, _joined),
        Mistake("biases-as-a-column",
                "Your biases stand in a column, of shape (C, 1): `b` has shape (C,).",
                ONE_EACH, lambda X, y, c, m: _biases_as_a_column(
                    *reference.train_classes(X, y, c, m))),
        Mistake("history-of-all-epochs-so-far",
                "Your list adds up the wrong decisions of all epochs so far. Begin each epoch's "
                "count at 0.",
                ONE_EACH, lambda X, y, c, m: _with_last(
                    reference.train_classes(X, y, c, m), lambda h: np.cumsum(h).tolist())),
        Mistake("history-of-each-unit",
                "Your list holds a count for each unit. Add them up: one number for every epoch.",
                ONE_EACH, _per_unit),
        Mistake("history-of-the-last-unit",
                "Your list holds the mistakes of the last unit alone; it should count the wrong "
                "decisions of all units.",
                ONE_EACH, _last_unit),
        Mistake("counts-arg-max-errors",
                "Your list counts the examples for which the arg max was wrong; it should count "
                "every unit's wrong decision.",
                ONE_EACH, _arg_max_errors),
        Mistake("number-for-history",
                "You return the number of all wrong decisions. Return a list with one entry for "
                "every epoch.",
                ONE_EACH, lambda X, y, c, m: _with_last(
                    reference.train_classes(X, y, c, m), sum)),
        Mistake("classes-in-columns",
                "Your `W` has a column for each class. It has a row for each: shape (C, D).",
                ONE_EACH, lambda X, y, c, m: _classes_in_columns(
                    *reference.train_classes(X, y, c, m))),
    ],
}
