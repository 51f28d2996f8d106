"""Known wrong answers to hw2_softmax, with what to tell the student who gives them."""

import math

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw2_softmax import reference

COIN = "part1/likelihood.html#a-model-and-its-likelihood"
LOGARITHM = "part1/likelihood.html#why-the-logarithm-is-not-just-for-convenience"
DEFINITION = "part1/softmax.html#from-scores-to-probabilities"
CROSS_ENTROPY = "part1/softmax.html#from-likelihood-to-cross-entropy"
GRADIENTS = "part1/softmax.html#the-gradients"
TRAINING = "part1/softmax.html#training-on-digits"
SHIFT = "part1/stability.html#overflow-shift-by-the-maximum"
LOG_SUM_EXP = "part1/stability.html#log-sum-exp"
REGULARISATION = "part1/softmax.html#the-same-with-matrices"
ARG_MAX = "part1/many_classes.html#scores-and-arg-max"


def _naive_softmax(scores, axis=1):
    return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)


def _shifted_softmax(scores, shift, axis=1):
    exps = np.exp(scores - shift)
    return exps / exps.sum(axis=axis, keepdims=True)


def _naive_log_softmax(scores):
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def _log_of_probs(scores):
    return np.log(reference.softmax(scores))


def _global_log_softmax(scores):
    return _shifted_log_softmax(scores, scores.max())


def _log_of_probs_shifted_by_all(scores):
    return np.log(_shifted_softmax(scores, scores.max()))


def _shifted_log_softmax(scores, shift):
    shifted = scores - shift
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _other_base(scores, log):
    """s - log-sum-exp with the right exponentials and another logarithm."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - log(np.exp(shifted).sum(axis=1, keepdims=True))


def _all_columns(probs, y):
    """`probs[:, y] -= 1` for `probs[np.arange(N), y] -= 1`."""
    changed = np.array(probs, np.float64)
    changed[:, y] -= 1
    return changed / len(y)


def _one_hot(probs, y):
    return np.eye(probs.shape[1])[y]


def _without_last_class(probs, y):
    """A one-hot matrix, or a loop, that ends before the last class."""
    return (probs - _one_hot(probs, y) * (np.arange(probs.shape[1]) < probs.shape[1] - 1)) / len(y)


def _only_classes(which, probs, y):
    """A loop over some of the classes: the others' columns stay 0."""
    return reference.score_gradient(probs, y) * np.isin(np.arange(probs.shape[1]), which)


def _through_quotient(probs, y):
    """The chain rule with -1 / p of the true class, which is 1 / 0 where p is rounded to 0."""
    dprobs = -_one_hot(probs, y) / probs / len(y)
    return probs * (dprobs - np.sum(dprobs * probs, axis=1, keepdims=True))


# what students subtract from the scores where each row's maximum is meant
SHIFTS = {
    "shifted-by-mean": lambda s: s.mean(axis=1, keepdims=True),
    "shifted-by-minimum": lambda s: s.min(axis=1, keepdims=True),
    "shifted-by-largest-magnitude": lambda s: np.abs(s).max(axis=1, keepdims=True),
    "shifted-by-positive-maxima-only": lambda s: np.maximum(0, s.max(axis=1, keepdims=True)),
    "shifted-by-index-of-maximum": lambda s: s.argmax(axis=1)[:, np.newaxis],
}
SHIFT_MESSAGES = {
    "shifted-by-mean": "You subtract each row's mean. A score far above the mean still overflows: "
                       "subtract the maximum.",
    "shifted-by-minimum": "You subtract each row's smallest score. That makes the others larger, "
                          "and their exponentials overflow: subtract the largest.",
    "shifted-by-largest-magnitude":
        "You subtract the largest absolute value. In a row of negative scores every exponential "
        "then underflows to 0: subtract the row's largest score, with its sign.",
    "shifted-by-positive-maxima-only":
        "You subtract the row's maximum only where it is above 0. Where all scores are far below "
        "0, every exponential underflows to 0: subtract the maximum, whatever its sign.",
    "shifted-by-index-of-maximum":
        "You subtract the index of the largest score (arg max); the score itself is meant (max).",
}


def _loss(X, y, W, b, reg, *, log_softmax=reference.log_softmax, softmax=reference.softmax,
          dscores=reference.score_gradient, cross_entropy=reference.cross_entropy, reg_loss=0.5,
          reg_grad=1.0, reg_bias=(0.0, 0.0), data=1.0, data_grad=1.0, bias=1.0,
          reg_times=lambda num_examples: 1):
    """Loss, dW and db with one thing about them wrong."""
    X, W = np.asarray(X, np.float64), np.asarray(W, np.float64)
    reg = reg * reg_times(len(X))
    scores = X @ W.T + bias * b
    loss = data * cross_entropy(log_softmax(scores), y)
    loss += reg_loss * reg * np.sum(W * W) + 0.5 * reg_bias[0] * reg * np.sum(b * b)
    D = data_grad * dscores(softmax(scores), y)
    return loss, D.T @ X + reg_grad * reg * W, D.sum(axis=0) + reg_bias[1] * reg * b


def _summed(X, y, W, b, reg, loss=True, gradient=True):
    N = len(X)
    return _loss(X, y, W, b, reg, data=N if loss else 1.0, data_grad=N if gradient else 1.0)


def _changed(change):
    """Loss and gradients as they should be, changed by `change(X, loss, dW, db)`."""
    return lambda X, y, W, b, reg: change(X, *reference.softmax_loss(X, y, W, b, reg))


def _with(**wrong):
    return lambda X, y, W, b, reg: _loss(X, y, W, b, reg, **wrong)


def _of_softmax(log_of):
    return _with(log_softmax=lambda s: log_of(reference.softmax(s)))


def _penalised(penalty, gradient):
    """Another penalty than half the sum of squares."""
    def loss(X, y, W, b, reg):
        data, dW, db = reference.softmax_loss(X, y, W, b, 0.0)
        return data + reg * penalty(W), dW + reg * gradient(W), db
    return loss


def _without_last_example(X, y, W, b, reg):
    """A loop over `range(N - 1)`, divided by N."""
    scores = X @ W.T + b
    D = reference.score_gradient(reference.softmax(scores), y)[:-1]
    loss = -reference.log_softmax(scores)[np.arange(len(y)), y][:-1].sum() / len(y)
    return loss + 0.5 * reg * np.sum(W * W), D.T @ X[:-1] + reg * W, D.sum(axis=0)


def _last_example_kept(X, y, W, b, reg):
    """`dW = ...` in the loop where `dW += ...` is meant."""
    loss, _, _ = reference.softmax_loss(X, y, W, b, reg)
    D = reference.score_gradient(reference.softmax(X @ W.T + b), y)[-1:]
    return loss, D.T @ X[-1:] + reg * W, D[0]


def _true_class_out_of_the_sum(log_probs, y):
    """Log-sum-exp over the other classes alone."""
    of_label = log_probs[np.arange(len(y)), y]
    others = np.where(_one_hot(log_probs, y) == 1, -np.inf, log_probs)
    return -np.mean(of_label - np.logaddexp.reduce(others, axis=1))


EPSILONS = (1e-15, 1e-12, 1e-10, 1e-8, 1e-7, float(np.finfo(float).eps), 1e-9, 1e-6, 1e-300)
HIDES = ("You add a small number inside the logarithm. That hides the underflow instead of "
         "avoiding it: the answer is finite and wrong. Take the logarithm before the exponential "
         "is lost: log p = s - log-sum-exp(s).")

LOSS_MISTAKES = [
    Mistake("summed-not-averaged",
            "Your loss and gradients are N times too large: the loss is the mean over the "
            "batch, so divide by the number of examples.",
            CROSS_ENTROPY, _summed),
    Mistake("gradient-not-averaged",
            "Your loss is a mean, but your gradients are those of the sum: divide them by the "
            "number of examples.",
            GRADIENTS, lambda *args: _summed(*args, loss=False)),
    Mistake("one-hot-not-subtracted",
            "Your gradient uses the probabilities alone. With respect to the scores it is the "
            "probabilities minus 1 at the true class.",
            GRADIENTS, _with(dscores=lambda p, y: p / len(y))),
    Mistake("indexed-whole-columns",
            "You subtract 1 in whole columns: probs[:, y] selects every row. One entry of each "
            "row is meant: probs[np.arange(N), y].",
            GRADIENTS, _with(dscores=_all_columns)),
    Mistake("probabilities-left-out",
            "Your gradient holds the true class alone, with -1. Every class's probability belongs "
            "to it: with respect to the scores it is the probabilities minus one-hot.",
            GRADIENTS, _with(dscores=lambda p, y: -_one_hot(p, y) / len(y))),
    Mistake("true-class-only",
            "Your gradient leaves the other classes out: only the true class's row of dW and entry "
            "of db get a share of an example. Every class gets its probability's.",
            GRADIENTS, _with(dscores=lambda p, y: (p - 1) * _one_hot(p, y) / len(y))),
    Mistake("true-class-subtracted-twice",
            "You subtract the true class twice: its entry is p - 1, not p - 2.",
            GRADIENTS, _with(dscores=lambda p, y: (p - 2 * _one_hot(p, y)) / len(y))),
    Mistake("true-class-subtracted-for-every-class",
            "You subtract the true class C times, once for each class. Is the line that subtracts "
            "it inside the loop over the classes? It belongs to each example once.",
            GRADIENTS, _with(dscores=lambda p, y: (p - p.shape[1] * _one_hot(p, y)) / len(y))),
    Mistake("last-class-forgotten",
            "The last class, C - 1, never counts as a true class. Does the one-hot matrix have a "
            "column for it, and does every loop over the classes reach it?",
            GRADIENTS, _with(dscores=_without_last_class)),
    Mistake("last-class-forgotten",
            "The last class, C - 1, gets no gradient. Does every loop over the classes reach it?",
            GRADIENTS, _with(dscores=lambda p, y: _only_classes(range(p.shape[1] - 1), p, y))),
    Mistake("absent-classes-left-out",
            "A class that no example has gets no gradient. Its score raises the sum of the "
            "exponentials, so its probability counts: go through all C classes, not through those "
            "in y.",
            GRADIENTS, _with(dscores=lambda p, y: _only_classes(y, p, y))),
    Mistake("labels-from-one",
            "You take y - 1 for the true class. Labels count from 0, as indices do.",
            CROSS_ENTROPY, lambda X, y, W, b, reg: reference.softmax_loss(
                X, np.asarray(y, int) - 1, W, b, reg)),
    Mistake("divided-by-classes",
            "You divide your gradients by the number of classes C; the mean is over the N "
            "examples.",
            GRADIENTS, _with(dscores=lambda p, y: (p - _one_hot(p, y)) / p.shape[1])),
    Mistake("gradient-averaged-twice",
            "Your gradients are N times too small: they are divided by the number of examples "
            "twice.",
            GRADIENTS, _with(dscores=lambda p, y: reference.score_gradient(p, y) / len(y))),
    Mistake("gradient-sign",
            "Your gradients of the data loss have the wrong sign: probabilities minus one-hot, "
            "not the other way round.",
            GRADIENTS, _with(data_grad=-1.0)),
    Mistake("loss-sign",
            "Your data loss has the wrong sign: it is minus the logarithm of the true class's "
            "probability.",
            CROSS_ENTROPY, _with(data=-1.0)),
    Mistake("logarithm-of-another-base",
            "Your logarithm has another base: np.log is the natural one, whose derivative is 1/x.",
            CROSS_ENTROPY, _with(log_softmax=lambda s: reference.log_softmax(s) / np.log(10))),
    Mistake("logarithm-of-another-base",
            "Your logarithm has another base: np.log is the natural one, whose derivative is 1/x.",
            CROSS_ENTROPY, _with(log_softmax=lambda s: reference.log_softmax(s) / np.log(2))),
    Mistake("softmax-twice",
            "You apply softmax twice: the second time to probabilities. It is meant for scores.",
            DEFINITION, _with(log_softmax=lambda s: reference.log_softmax(reference.softmax(s)))),
    Mistake("softmax-twice",
            "You apply softmax twice: the second time to probabilities. It is meant for scores.",
            DEFINITION, _with(log_softmax=lambda s: reference.log_softmax(reference.softmax(s)),
                              softmax=lambda s: reference.softmax(reference.softmax(s)))),
    Mistake("largest-probability-for-the-labels",
            "Your loss takes the largest probability of each row. The true class's is meant, "
            "whatever class the scores prefer.",
            CROSS_ENTROPY, _with(cross_entropy=lambda lp, y: -lp.max(axis=1).mean())),
    Mistake("true-class-left-out-of-the-sum",
            "Your sum of exponentials leaves the true class out. Softmax's sum has all classes.",
            DEFINITION, _with(cross_entropy=_true_class_out_of_the_sum)),
    Mistake("loss-not-averaged",
            "Your gradients are those of a mean, but your loss is a sum: divide it by the number "
            "of examples.",
            CROSS_ENTROPY, lambda *args: _summed(*args, gradient=False)),
    Mistake("loss-in-an-array",
            "Your loss is an array with one entry: a number is asked for.",
            CROSS_ENTROPY, _changed(lambda X, loss, dW, db: (np.array([loss]), dW, db))),
    Mistake("last-example-left-out",
            "Your loop ends before the last example: range(N) reaches it.",
            CROSS_ENTROPY, _without_last_example),
    Mistake("assigned-not-added",
            "Your gradients are the last example's alone: add every example's share, with +=.",
            GRADIENTS, _last_example_kept),
    Mistake("not-multiplied-by-x",
            "Each example's share of dW is still to be multiplied by its x: the scores' gradient "
            "alone is the share of db.",
            GRADIENTS, lambda X, y, W, b, reg: (lambda loss, dW, db: (
                loss, db[:, np.newaxis] + reg * W, db))(*reference.softmax_loss(X, y, W, b, reg))),
    Mistake("regularisation-missing",
            "reg changes nothing in your answer: the loss has the term 0.5 * reg * sum(W^2) and "
            "dW the term reg * W.",
            REGULARISATION, _with(reg_loss=0.0, reg_grad=0.0)),
    Mistake("regularisation-missing-in-loss",
            "Your dW is regularised, but the term 0.5 * reg * sum(W^2) is missing in your loss.",
            REGULARISATION, _with(reg_loss=0.0)),
    Mistake("regularisation-missing-in-gradient",
            "Your loss is regularised, but the term reg * W is missing in your dW.",
            REGULARISATION, _with(reg_grad=0.0)),
    Mistake("regularisation-without-half",
            "Your regularisation is reg * sum(W^2) with the gradient 2 * reg * W. That fits "
            "together, but here both have a factor one half: 0.5 * reg * sum(W^2) and reg * W.",
            REGULARISATION, _with(reg_loss=1.0, reg_grad=2.0)),
    Mistake("loss-without-half",
            "The regularisation in your loss and in your dW differ by 2: the loss needs "
            "0.5 * reg * sum(W^2), whose gradient is reg * W.",
            REGULARISATION, _with(reg_loss=1.0)),
    Mistake("gradient-with-two",
            "The regularisation in your loss and in your dW differ by 2: the gradient of "
            "0.5 * reg * sum(W^2) is reg * W.",
            REGULARISATION, _with(reg_grad=2.0)),
    Mistake("regularisation-subtracted",
            "You subtract the regularisation from dW: it is added, + reg * W.",
            REGULARISATION, _with(reg_grad=-1.0)),
    Mistake("regularisation-averaged",
            "You divide the regularisation by N. Only the data loss is a mean over the examples; "
            "the penalty on W is added once, after it.",
            REGULARISATION, _with(reg_times=lambda N: 1 / N)),
    Mistake("regularisation-for-every-example",
            "You add the regularisation once for every example. It is added once, after the mean "
            "over the examples.",
            REGULARISATION, _with(reg_times=lambda N: N)),
    Mistake("absolute-values-penalised",
            "Your penalty has the absolute values of the weights; their squares are meant.",
            REGULARISATION, _penalised(lambda W: 0.5 * np.abs(W).sum(), np.sign)),
    Mistake("absolute-values-penalised",
            "Your penalty has the absolute values of the weights; their squares are meant.",
            REGULARISATION, _penalised(lambda W: 0.5 * np.abs(W).sum(), lambda W: W)),
    Mistake("norm-not-squared",
            "Your penalty has the norm of W, a square root; the sum of squares is meant.",
            REGULARISATION, _penalised(lambda W: 0.5 * np.linalg.norm(W), lambda W: W)),
    Mistake("bias-regularised",
            "You regularise the biases too. Here only the weights are: neither the loss nor db "
            "has a term reg * b.",
            REGULARISATION, _with(reg_bias=(1.0, 1.0))),
    Mistake("bias-gradient-regularised",
            "Your db has a term reg * b. The biases are not regularised: db is the sum of the "
            "scores' gradients alone.",
            REGULARISATION, _with(reg_bias=(0.0, 1.0))),
    Mistake("bias-penalised-in-the-loss",
            "Your loss penalises the biases too; only the weights are regularised.",
            REGULARISATION, _with(reg_bias=(1.0, 0.0))),
    Mistake("no-bias",
            "Your scores leave out the biases: they are X W^T + b.",
            DEFINITION, _with(bias=0.0)),
    Mistake("bias-gradient-averaged",
            "Your db is N times too small: scores are divided by N already, so the rows of "
            "their gradient are added up, not averaged.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db / len(X)))),
    Mistake("bias-gradient-not-averaged",
            "Your db is N times too large, though dW is right: divide it by the number of "
            "examples too.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db * len(X)))),
    Mistake("weight-gradient-not-averaged",
            "The examples' share of your dW is N times too large, though db is right: divide it by "
            "the number of examples.",
            GRADIENTS, lambda X, y, W, b, reg: (lambda loss, dW, db: (
                loss, len(X) * (dW - reg * W) + reg * W, db))(
                    *reference.softmax_loss(X, y, W, b, reg))),
    Mistake("bias-gradient-missing",
            "Your db is 0: each bias adds to the scores of its class in every example, so its "
            "gradient is the sum of their gradients.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, 0 * db))),
    Mistake("bias-gradient-two-dimensional",
            "Your db has a row for its own: the shape is that of b, (C,). Sum without keepdims.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db[np.newaxis]))),
    Mistake("bias-gradient-two-dimensional",
            "Your db is a column: the shape is that of b, (C,). Sum without keepdims.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db[:, np.newaxis]))),
    Mistake("weight-gradient-transposed",
            "Your dW is transposed: a gradient has the shape of what it belongs to, (C, D).",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW.T, db))),
    Mistake("overflow",
            "Your exponentials overflow: exp of a score above 709 is infinite, and the answer "
            "becomes nan or inf. Subtract each row's largest score first; that changes no "
            "probability.",
            SHIFT, _with(log_softmax=lambda s: np.log(_naive_softmax(s)),
                         softmax=_naive_softmax)),
    Mistake("overflow",
            "Your exponentials overflow: exp of a score above 709 is infinite, and the answer "
            "becomes nan or inf. Subtract each row's largest score first; that changes no "
            "probability.",
            SHIFT, _with(log_softmax=_naive_log_softmax, softmax=_naive_softmax)),
    Mistake("shifted-by-overall-maximum",
            "You subtract the largest score of the whole batch. In a row far below it every "
            "exponential underflows, and 0/0 is nan: each row needs its own maximum.",
            SHIFT, _with(log_softmax=_log_of_probs_shifted_by_all,
                         softmax=lambda s: _shifted_softmax(s, s.max()))),
    Mistake("shifted-by-overall-maximum",
            "You subtract the largest score of the whole batch. In a row far below it every "
            "exponential underflows, and 0/0 is nan: each row needs its own maximum.",
            SHIFT, _with(log_softmax=_global_log_softmax,
                         softmax=lambda s: _shifted_softmax(s, s.max()))),
    Mistake("log-of-softmax",
            "Your loss takes the logarithm of a probability that has underflowed to 0. Compute "
            "the logarithm from the scores instead: log p = s - log-sum-exp(s).",
            LOG_SUM_EXP, _with(log_softmax=_log_of_probs)),
    Mistake("one-hot-times-log-of-softmax",
            "You multiply one-hot labels by log p. Where a probability is rounded to 0, 0 times "
            "minus infinity is nan. Compute log p from the scores: s - log-sum-exp(s).",
            LOG_SUM_EXP, _with(log_softmax=_log_of_probs, cross_entropy=lambda lp, y: -np.sum(
                _one_hot(lp, y) * lp) / len(y))),
    Mistake("gradient-through-a-quotient",
            "Your gradient divides by the true class's probability, which may be rounded to 0. "
            "Simplify the chain rule on paper: probabilities minus one-hot divides by nothing.",
            GRADIENTS, _with(dscores=_through_quotient)),
    *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP,
              _of_softmax(lambda p, epsilon=epsilon: np.log(p + epsilon)))
      for epsilon in EPSILONS),
    *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP,
              _of_softmax(lambda p, epsilon=epsilon: np.log(np.maximum(p, epsilon))))
      for epsilon in EPSILONS),
]

LOOPS = Mistake(
    "loops-over-examples",
    "Python visits the examples one by one: more of them run lines more often. Here whole arrays "
    "are asked for: X @ W.T holds all scores.",
    GRADIENTS, lambda *args: _by_loops(*args))


def _by_loops(X, y, W, b, reg):
    loss, dW, db = 0.5 * reg * np.sum(W * W), reg * W, 0 * b
    for n in range(len(X)):
        one_loss, one_dW, one_db = reference.softmax_loss(X[n:n + 1], y[n:n + 1], W, b, 0.0)
        loss, dW, db = loss + one_loss / len(X), dW + one_dW / len(X), db + one_db / len(X)
    return loss, dW, db


def _train(X, y, num_classes, lr, reg, steps, *, gradients=reference.softmax_loss, start=0.0,
           bias=1.0, after=False, with_end=False, zigzag="", momentum=0.0, rates=lambda t: 1.0,
           decay=0.0, once=False, one_example=False, recorded=reference.softmax_loss):
    """Gradient descent with one thing about it wrong."""
    W, b = np.full((num_classes, X.shape[1]), start), np.full(num_classes, start)
    losses, moving = [], [0.0, 0.0]
    for t in range(steps):
        rows = [t % len(X)] if one_example else slice(None)
        at = (0 * W, 0 * b) if once else (W, b)
        _, dW, db = gradients(X[rows], y[rows], *at, reg)
        loss = recorded(X[rows], y[rows], *at, reg)[0]
        moving = [momentum * m + g for m, g in zip(moving, (dW, db))]
        if zigzag == "biases":
            b = b - lr * db
            _, dW, _ = gradients(X, y, W, b, reg)
            W = W - lr * dW
        else:
            W = W - lr * rates(t) * moving[0] - decay * reg * W
            if zigzag:
                moving[1] = gradients(X, y, W, b, reg)[2]
            b = b - lr * rates(t) * bias * moving[1]
        losses.append(recorded(X, y, W, b, reg)[0] if after else loss)
    if with_end:
        losses.append(recorded(X, y, W, b, reg)[0])
    return W, b, losses


def _train_with(steps=0, lr=1.0, no_reg=False, **wrong):
    return lambda X, y, C, rate, reg, T: _train(X, y, C, lr * rate, 0.0 if no_reg else reg,
                                                T + steps, **wrong)


def _without_penalty(X, y, W, b, reg):
    return reference.softmax_loss(X, y, W, b, 0.0)


def _reg_twice(X, y, W, b, reg):
    loss, dW, db = reference.softmax_loss(X, y, W, b, reg)
    return loss, dW + reg * W, db


def _trained(change):
    """A right run, what it returns changed by `change(W, b, losses)`."""
    return lambda *args: change(*reference.train_softmax(*args))


def _predicted(change):
    """From right scores and probabilities to what is returned."""
    def predict(X, W, b):
        scores = np.asarray(X, np.float64) @ W.T + b
        return change(scores, reference.softmax(scores))
    return predict


MISTAKES = {
    "coin_log_likelihood": [
        Mistake("logarithm-of-the-product",
                "You compute the likelihood first and its logarithm last. The product of thousands "
                "of probabilities underflows to 0, and log 0 is minus infinity: add logarithms "
                "instead.",
                LOGARITHM, lambda h, t, p: np.log(p ** h * (1 - p) ** t)),
        Mistake("likelihood-returned",
                "You return the likelihood; its logarithm is asked for.",
                LOGARITHM, lambda h, t, p: p ** h * (1 - p) ** t),
        Mistake("heads-and-tails-swapped",
                "You have heads and tails the wrong way round: p is the probability of heads.",
                COIN, lambda h, t, p: t * np.log(p) + h * np.log(1 - p)),
        Mistake("negative-log-likelihood",
                "Your sign is wrong: the log-likelihood is asked for, not the loss. Logarithms of "
                "probabilities are negative.",
                LOGARITHM, lambda h, t, p: -h * np.log(p) - t * np.log(1 - p)),
        Mistake("averaged",
                "You divide by the number of flips: the log-likelihood of all flips is a sum.",
                LOGARITHM, lambda h, t, p: (h * np.log(p) + t * np.log(1 - p)) / (h + t)),
        Mistake("tails-left-out",
                "You count the heads only: every tail has the probability 1 - p and counts too.",
                COIN, lambda h, t, p: h * np.log(p)),
        Mistake("tails-subtracted",
                "You subtract the tails' part: both parts are added, heads * log p and "
                "tails * log(1 - p).",
                LOGARITHM, lambda h, t, p: h * np.log(p) - t * np.log(1 - p)),
        Mistake("one-minus-the-logarithm",
                "For the tails you take 1 - log p; the logarithm of 1 - p is meant.",
                COIN, lambda h, t, p: h * np.log(p) + t * (1 - np.log(p))),
        Mistake("all-flips-for-tails",
                "You count every flip as a tail: the exponent of 1 - p is the number of tails.",
                COIN, lambda h, t, p: h * np.log(p) + (h + t) * np.log(1 - p)),
        Mistake("logarithm-of-another-base",
                "Your logarithm has another base: np.log is the natural one.",
                LOGARITHM, lambda h, t, p: h * np.log2(p) + t * np.log2(1 - p)),
        Mistake("logarithm-of-another-base",
                "Your logarithm has another base: np.log is the natural one.",
                LOGARITHM, lambda h, t, p: h * np.log10(p) + t * np.log10(1 - p)),
        Mistake("binomial-coefficient",
                "You count the orders in which the flips may come (the binomial coefficient). The "
                "flips were seen in one order; the product has one factor for each flip alone.",
                COIN, lambda h, t, p: (h * np.log(p) + t * np.log(1 - p)
                                       + math.log(math.comb(h + t, h)))),
        Mistake("summed-over-p",
                "You add up over the values of p; each of them has a log-likelihood of its own.",
                COIN, lambda h, t, p: np.sum(h * np.log(p) + t * np.log(1 - p))),
        *(Mistake("epsilon-in-the-logarithm",
                  "You add a small number to p, or cut p off near 0 and 1. For a p close to 0 or 1 "
                  "the answer is then wrong: p is never 0 or 1, so no logarithm needs it.",
                  LOGARITHM, lambda h, t, p, epsilon=epsilon: (
                      h * np.log(p + epsilon) + t * np.log(1 - p + epsilon)))
          for epsilon in EPSILONS[:-1]),
        *(Mistake("epsilon-in-the-logarithm",
                  "You add a small number to p, or cut p off near 0 and 1. For a p close to 0 or 1 "
                  "the answer is then wrong: p is never 0 or 1, so no logarithm needs it.",
                  LOGARITHM, lambda h, t, p, epsilon=epsilon: reference.coin_log_likelihood(
                      h, t, np.clip(p, epsilon, 1 - epsilon)))
          for epsilon in (*EPSILONS[:-1], 0.01, 0.001)),
    ],
    "softmax": [
        Mistake("overflow",
                "Your exponentials overflow: exp of a score above 709 is infinite, and below "
                "-745 it is 0, so that a row becomes inf/inf or 0/0. Subtract each row's largest "
                "score first; that changes no probability.",
                SHIFT, _naive_softmax),
        Mistake("shifted-by-overall-maximum",
                "You subtract the largest score of the whole batch. In a row far below it every "
                "exponential underflows, and 0/0 is nan: each row needs its own maximum.",
                SHIFT, lambda s: _shifted_softmax(s, s.max())),
        Mistake("shifted-by-column-maximum",
                "You subtract the maximum of each column. That changes the probabilities: only a "
                "number that is the same for a whole row cancels. Take the maximum over axis 1.",
                SHIFT, lambda s: _shifted_softmax(s, s.max(axis=0))),
        *(Mistake(name, SHIFT_MESSAGES[name], SHIFT,
                  lambda s, shift=shift: _shifted_softmax(s, shift(s)))
          for name, shift in SHIFTS.items()),
        Mistake("shifted-in-the-numerator-only",
                "You subtract the maximum above the fraction line and not below it. Take the "
                "exponentials of the shifted scores once, and divide them by their own sum.",
                SHIFT, lambda s: (np.exp(s - s.max(axis=1, keepdims=True))
                                  / np.exp(s).sum(axis=1, keepdims=True))),
        *(Mistake("scores-clipped",
                  "You cut the scores off. Large scores then look equal, and their probabilities "
                  "are wrong: subtract each row's largest score instead.",
                  SHIFT, lambda s, most=most: _naive_softmax(np.clip(s, -most, most)))
          for most in (20.0, 50.0, 100.0, 500.0, 700.0)),
        *(Mistake("nan-replaced",
                  "You replace nan by a number after the exponentials have overflowed. The answer "
                  "looks clean and is wrong: subtract each row's largest score first.",
                  SHIFT, wrong)
          for wrong in (lambda s: np.nan_to_num(_naive_softmax(s)),
                        lambda s: (lambda e: e / e.sum(axis=1, keepdims=True))(
                            np.nan_to_num(np.exp(s))))),
        Mistake("softmax-twice",
                "You apply softmax twice: the second time to probabilities. It is meant for "
                "scores.",
                DEFINITION, lambda s: reference.softmax(reference.softmax(s))),
        Mistake("sigmoid",
                "You return the sigmoid of each score: the rows do not add up to 1. Divide the "
                "exponentials by their sum over the row.",
                DEFINITION, lambda s: 1 / (1 + np.exp(-s))),
        Mistake("minus-in-the-exponent",
                "The sign in your exponent is wrong: the largest score gets the smallest "
                "probability.",
                DEFINITION, lambda s: reference.softmax(-s)),
        Mistake("squeezed",
                "For one example your answer has lost an axis: its shape is (1, C), as that of the "
                "scores.",
                DEFINITION, lambda s: np.squeeze(reference.softmax(s))),
        Mistake("wrong-axis",
                "Your columns add up to 1. A row is one example, and its probabilities over the "
                "classes add up to 1: sum over axis 1.",
                DEFINITION, lambda s: _shifted_softmax(s, s.max(axis=0), axis=0)),
        Mistake("normalised-over-all",
                "You divide by the sum of the whole array: each row has to add up to 1.",
                DEFINITION, lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()),
        Mistake("not-normalised",
                "Your rows do not add up to 1: divide the exponentials by their sum.",
                DEFINITION, lambda s: np.exp(s - s.max(axis=1, keepdims=True))),
        Mistake("scores-normalised",
                "You divide the scores by their sum; their exponentials are meant.",
                DEFINITION, lambda s: s / s.sum(axis=1, keepdims=True)),
        Mistake("logarithms-returned",
                "You return logarithms of probabilities; the probabilities are asked for.",
                DEFINITION, reference.log_softmax),
    ],
    "log_softmax": [
        Mistake("log-of-softmax",
                "You take the logarithm of the probabilities. One that is smaller than about "
                "1e-308 is 0, and its logarithm infinite. Compute the logarithm from the scores: "
                "s - log-sum-exp(s).",
                LOG_SUM_EXP, _log_of_probs),
        Mistake("overflow",
                "Your exponentials overflow or vanish: the maximum of each row has to be taken out "
                "before exp, in log-sum-exp as well.",
                LOG_SUM_EXP, _naive_log_softmax),
        Mistake("overflow",
                "Your exponentials overflow or vanish: the maximum of each row has to be taken out "
                "before exp, in log-sum-exp as well.",
                LOG_SUM_EXP, lambda s: np.log(_naive_softmax(s))),
        *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP,
                  lambda s, epsilon=epsilon: np.log(reference.softmax(s) + epsilon))
          for epsilon in EPSILONS),
        *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP,
                  lambda s, epsilon=epsilon: np.log(np.maximum(reference.softmax(s), epsilon)))
          for epsilon in EPSILONS),
        *(Mistake(name, SHIFT_MESSAGES[name], SHIFT,
                  lambda s, shift=shift: _shifted_log_softmax(s, shift(s)))
          for name, shift in SHIFTS.items()),
        *(Mistake("scores-clipped",
                  "You cut large or small numbers off. Your answer is finite and wrong: "
                  "s - log-sum-exp(s) needs no limit, once the row's maximum is taken out.",
                  LOG_SUM_EXP, wrong)
          for wrong in (*(lambda s, most=most: _naive_log_softmax(np.clip(s, -most, most))
                          for most in (50.0, 100.0, 500.0, 700.0)),
                        *(lambda s, least=least: np.maximum(reference.log_softmax(s), least)
                          for least in (-50.0, -100.0, -500.0, -700.0, -1000.0)))),
        *(Mistake("infinity-replaced",
                  "You replace an infinite or undefined logarithm by a number. The true one is "
                  "harmless: compute it from the scores, s - log-sum-exp(s).",
                  LOG_SUM_EXP, wrong)
          for wrong in (lambda s: np.nan_to_num(_log_of_probs(s)),
                        lambda s: np.nan_to_num(_naive_log_softmax(s)),
                        lambda s: np.nan_to_num(np.log(_naive_softmax(s))),
                        lambda s: np.where(reference.softmax(s) > 0, _log_of_probs(s), 0.0))),
        Mistake("maximum-subtracted-twice",
                "You subtract the maximum twice. Either the scores lose it, or log-sum-exp gets it "
                "back: (s - m) - log(sum(exp(s - m))).",
                LOG_SUM_EXP, lambda s: (reference.log_softmax(s)
                                        - s.max(axis=1, keepdims=True))),
        Mistake("logarithm-of-the-sum-missing",
                "You subtract the sum of the exponentials; its logarithm is meant.",
                LOG_SUM_EXP, lambda s: (lambda z: z - np.exp(z).sum(axis=1, keepdims=True))(
                    s - s.max(axis=1, keepdims=True))),
        *(Mistake("logarithm-of-another-base",
                  "Your logarithm has another base: np.log is the natural one, that of exp.",
                  LOG_SUM_EXP, wrong)
          for wrong in (lambda s: _other_base(s, np.log2), lambda s: _other_base(s, np.log10),
                        lambda s: np.log2(reference.softmax(s)),
                        lambda s: np.log10(reference.softmax(s)))),
        Mistake("normalised-over-all",
                "You sum over the whole array; each row has a log-sum-exp of its own.",
                DEFINITION, lambda s: s - s.max() - np.log(np.exp(s - s.max()).sum())),
        Mistake("squeezed",
                "For one example your answer has lost an axis: its shape is (1, C), as that of the "
                "scores.",
                DEFINITION, lambda s: np.squeeze(reference.log_softmax(s))),
        Mistake("maximum-not-added-back",
                "Your log-sum-exp misses the maximum that you took out: it is "
                "m + log(sum(exp(s - m))), or subtract m from the scores on both sides.",
                LOG_SUM_EXP, lambda s: s - np.log(
                    np.exp(s - s.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))),
        Mistake("shifted-by-overall-maximum",
                "You subtract the largest score of the whole batch. In a row far below it every "
                "exponential underflows, and log 0 is infinite: each row needs its own maximum.",
                SHIFT, _global_log_softmax),
        Mistake("wrong-sign",
                "Your sign is wrong: logarithms of probabilities are negative, or 0.",
                LOG_SUM_EXP, lambda s: -reference.log_softmax(s)),
        Mistake("wrong-axis",
                "Your columns are distributions. A row is one example: sum over axis 1.",
                DEFINITION, lambda s: reference.log_softmax(s.T).T),
        Mistake("no-logarithm",
                "You return the probabilities; their logarithms are asked for.",
                LOG_SUM_EXP, reference.softmax),
        Mistake("log-sum-exp-returned",
                "You return the log-sum-exp of each row; it is still to be subtracted from the "
                "scores.",
                LOG_SUM_EXP, lambda s: s.max(axis=1, keepdims=True) + np.log(
                    np.exp(s - s.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))),
    ],
    "cross_entropy": [
        Mistake("summed-not-averaged",
                "Your loss is N times too large: it is the mean over the batch.",
                CROSS_ENTROPY, lambda lp, y: -lp[np.arange(len(y)), y].sum()),
        Mistake("wrong-sign",
                "Your sign is wrong: the loss is minus the log-likelihood, so never negative.",
                CROSS_ENTROPY, lambda lp, y: lp[np.arange(len(y)), y].mean()),
        Mistake("averaged-over-classes-too",
                "Your loss is C times too small: you average over the classes as well. Only the "
                "true class's entry of each row counts.",
                CROSS_ENTROPY, lambda lp, y: -lp[np.arange(len(y)), y].mean() / lp.shape[1]),
        Mistake("indexed-whole-columns",
                "You select whole columns: log_probs[:, y] takes every row for every label. One "
                "entry of each row is meant: log_probs[np.arange(N), y].",
                CROSS_ENTROPY, lambda lp, y: -lp[:, y].mean()),
        Mistake("indexed-whole-columns",
                "You select whole columns: log_probs[:, y] takes every row for every label. One "
                "entry of each row is meant: log_probs[np.arange(N), y].",
                CROSS_ENTROPY, lambda lp, y: -lp[:, y].sum() / len(y)),
        Mistake("logarithm-twice",
                "You take the logarithm again: log_probs are logarithms already.",
                CROSS_ENTROPY, lambda lp, y: -np.log(-lp[np.arange(len(y)), y]).mean()),
        Mistake("entropy-of-the-prediction",
                "You weigh the logarithms with the predicted probabilities. The weights are the "
                "labels': 1 for the true class, 0 for the others.",
                CROSS_ENTROPY, lambda lp, y: -np.mean(np.sum(np.exp(lp) * lp, axis=1))),
        Mistake("logarithm-twice",
                "You take the logarithm again: log_probs are logarithms already.",
                CROSS_ENTROPY, lambda lp, y: -np.log(lp[np.arange(len(y)), y]).mean()),
        Mistake("through-the-probabilities",
                "You go back to probabilities and take their logarithm again. A probability that "
                "is rounded to 0 is lost on the way: log_probs holds what you need.",
                LOG_SUM_EXP, lambda lp, y: -np.log(np.exp(lp[np.arange(len(y)), y])).mean()),
        *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP,
                  lambda lp, y, log_of=log_of: -log_of(np.exp(lp[np.arange(len(y)), y])).mean())
          for epsilon in EPSILONS for log_of in (
              lambda p, epsilon=epsilon: np.log(p + epsilon),
              lambda p, epsilon=epsilon: np.log(np.maximum(p, epsilon)))),
        *(Mistake("logarithms-clipped",
                  "You cut logarithms off below. An improbable true class is just what costs much: "
                  "take its logarithm as it is.",
                  CROSS_ENTROPY, lambda lp, y, least=least: reference.cross_entropy(
                      np.maximum(lp, least), y))
          for least in (-10.0, -20.0, -30.0, -50.0, -100.0, -500.0, -700.0, -1000.0)),
        Mistake("largest-probability-for-the-labels",
                "You take each row's largest logarithm. The true class's is meant, whatever class "
                "is the most probable.",
                CROSS_ENTROPY, lambda lp, y: -lp.max(axis=1).mean()),
        Mistake("all-classes-count",
                "You add up the logarithms of all classes. Only the true class's entry of each row "
                "counts.",
                CROSS_ENTROPY, lambda lp, y: -lp.sum() / len(y)),
        Mistake("all-classes-count",
                "You average the logarithms of all classes. Only the true class's entry of each "
                "row counts.",
                CROSS_ENTROPY, lambda lp, y: -lp.mean()),
        Mistake("labels-from-one",
                "You take y - 1 for the true class. Labels count from 0, as indices do.",
                CROSS_ENTROPY, lambda lp, y: reference.cross_entropy(lp, np.asarray(y, int) - 1)),
        Mistake("probabilities-averaged",
                "You return the mean of minus the probabilities; their logarithms are meant, which "
                "log_probs holds already.",
                CROSS_ENTROPY, lambda lp, y: -np.exp(lp[np.arange(len(y)), y]).mean()),
        Mistake("logarithm-of-the-mean",
                "You average the probabilities first and take the logarithm of the mean; the mean "
                "of the logarithms is asked for.",
                CROSS_ENTROPY, lambda lp, y: -np.log(np.exp(lp[np.arange(len(y)), y]).mean())),
        Mistake("not-reduced",
                "You return a loss for each example; their mean is asked for.",
                CROSS_ENTROPY, lambda lp, y: -lp[np.arange(len(y)), y]),
        Mistake("mean-in-an-array",
                "Your mean is an array with one entry: a number is asked for.",
                CROSS_ENTROPY, lambda lp, y: np.array([reference.cross_entropy(lp, y)])),
    ],
    "score_gradient": [
        Mistake("not-divided-by-n",
                "Your gradient is N times too large: the loss is a mean, so divide by the number "
                "of examples.",
                GRADIENTS, lambda p, y: len(y) * reference.score_gradient(p, y)),
        Mistake("divided-by-classes-too",
                "Your gradient is C times too small: divide by the number of examples only.",
                GRADIENTS, lambda p, y: reference.score_gradient(p, y) / p.shape[1]),
        Mistake("wrong-sign",
                "Your signs are wrong: it is the probabilities minus one-hot, negative at the true "
                "class, whose score should go up.",
                GRADIENTS, lambda p, y: -reference.score_gradient(p, y)),
        Mistake("one-hot-not-subtracted",
                "You return the probabilities over N: at the true class 1 is subtracted first.",
                GRADIENTS, lambda p, y: p / len(y)),
        *(Mistake("one-subtracted-in-every-row",
                  "You subtract 1 from more than the true class's entry of each row. Does "
                  "probs[:, y] mean whole columns, or has your one-hot matrix too few? One entry "
                  "of each row is meant: probs[np.arange(N), y].",
                  GRADIENTS, wrong)
          for wrong in (_all_columns, lambda p, y: (p - 1) / len(y))),
        Mistake("one-hot-not-divided",
                "You divide the probabilities by N, and subtract 1 after that. The difference is "
                "divided: mind the brackets.",
                GRADIENTS, lambda p, y: p / len(y) - _one_hot(p, y)),
        Mistake("probabilities-not-divided",
                "You divide the 1 that is subtracted by N, and not the probabilities. The "
                "difference is divided: mind the brackets.",
                GRADIENTS, lambda p, y: p - _one_hot(p, y) / len(y)),
        Mistake("one-hot-added",
                "You add 1 at the true class; there 1 is subtracted.",
                GRADIENTS, lambda p, y: (p + _one_hot(p, y)) / len(y)),
        Mistake("divided-by-classes",
                "You divide by the number of classes C; the mean is over the N examples.",
                GRADIENTS, lambda p, y: (p - _one_hot(p, y)) / p.shape[1]),
        Mistake("divided-twice",
                "Your gradient is N times too small: you divide by the number of examples twice.",
                GRADIENTS, lambda p, y: reference.score_gradient(p, y) / len(y)),
        Mistake("last-class-forgotten",
                "The last class, C - 1, never counts as a true class. Does the one-hot matrix have "
                "a column for it, and does every loop over the classes reach it?",
                GRADIENTS, _without_last_class),
        Mistake("last-class-forgotten",
                "The last class, C - 1, gets no gradient. Does every loop over the classes reach "
                "it?",
                GRADIENTS, lambda p, y: _only_classes(range(p.shape[1] - 1), p, y)),
        Mistake("absent-classes-left-out",
                "A class that no example has gets no gradient. Its score raises the sum of the "
                "exponentials, so its entries are p/N: go through all C classes, not through those "
                "in y.",
                GRADIENTS, lambda p, y: _only_classes(y, p, y)),
        Mistake("labels-from-one",
                "You take y - 1 for the true class. Labels count from 0, as indices do.",
                GRADIENTS, lambda p, y: reference.score_gradient(p, np.asarray(y, int) - 1)),
        Mistake("predicted-class-for-true",
                "You subtract 1 at each row's largest probability. The true class's entry is "
                "meant, whatever class is the most probable.",
                GRADIENTS, lambda p, y: reference.score_gradient(p, p.argmax(axis=1))),
        Mistake("probability-differentiated",
                "You differentiate the true class's probability. The loss has its logarithm with a "
                "minus sign: the factor -1/p is missing, and with it the result is simpler.",
                GRADIENTS, lambda p, y: p[np.arange(len(y)), y][:, np.newaxis] * (
                    _one_hot(p, y) - p) / len(y)),
        Mistake("gradient-through-a-quotient",
                "You divide by the true class's probability, which may be rounded to 0. Simplify "
                "the chain rule on paper: probabilities minus one-hot divides by nothing.",
                GRADIENTS, _through_quotient),
        *(Mistake("probabilities-clipped",
                  "You cut the probabilities off near 0 and 1. Nothing is divided by them here: "
                  "take them as they are.",
                  GRADIENTS, lambda p, y, least=least: reference.score_gradient(
                      np.clip(p, least, 1 - least), y))
          for least in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
        Mistake("summed-over-examples",
                "You add up over the examples. Every score has an entry of its own: the shape is "
                "(N, C).",
                GRADIENTS, lambda p, y: reference.score_gradient(p, y).sum(axis=0)),
        Mistake("transposed",
                "Your gradient is transposed: it has the shape of the scores, (N, C).",
                GRADIENTS, lambda p, y: reference.score_gradient(p, y).T),
        Mistake("gradient-of-the-probabilities",
                "You return the derivative with respect to the probabilities, -1/p at the true "
                "class. The chain rule through softmax is still missing; in the end it is simpler.",
                GRADIENTS, lambda p, y: -np.eye(p.shape[1])[y] / p / len(y)),
        Mistake("true-class-only",
                "Your gradient is 0 for the other classes. Their scores raise the sum of the "
                "exponentials, so their gradient is p/N.",
                GRADIENTS, lambda p, y: (p - 1) * np.eye(p.shape[1])[y] / len(y)),
    ],
    "softmax_loss_loops": LOSS_MISTAKES,
    "softmax_loss": [*LOSS_MISTAKES, LOOPS],
    "predict": [
        Mistake("arg-min", "You pick the least probable class.",
                ARG_MAX, lambda X, W, b: (np.argmin(X @ W.T + b, axis=1),
                                          reference.softmax(X @ W.T + b).min(axis=1))),
        Mistake("no-bias", "Your scores leave out the biases: they are X W^T + b.",
                ARG_MAX, lambda X, W, b: reference.predict(X, W, 0 * b)),
        Mistake("overflow",
                "Your exponentials overflow: large scores become nan, and arg max takes the first "
                "nan. Use the scores for the class and a stable softmax for the confidence.",
                SHIFT, lambda X, W, b: (_naive_softmax(X @ W.T + b).argmax(axis=1),
                                        _naive_softmax(X @ W.T + b).max(axis=1))),
        Mistake("overflow",
                "Your exponentials overflow: use the stable softmax for the confidence.",
                SHIFT, lambda X, W, b: (np.argmax(X @ W.T + b, axis=1),
                                        _naive_softmax(X @ W.T + b).max(axis=1))),
        Mistake("shifted-by-overall-maximum",
                "You subtract the largest score of the whole batch. In a row far below it every "
                "exponential underflows, and 0/0 is nan: each row needs its own maximum.",
                SHIFT, _predicted(lambda s, p: (s.argmax(axis=1),
                                                _shifted_softmax(s, s.max()).max(axis=1)))),
        *(Mistake("no-bias-in-the-confidence",
                  "Your classes come from scores with the biases, your confidence from scores "
                  "without: both have the same scores, X W^T + b.",
                  DEFINITION, wrong)
          for wrong in (
              lambda X, W, b: (reference.predict(X, W, b)[0], reference.predict(X, W, 0 * b)[1]),
              lambda X, W, b: (lambda c: (c, reference.softmax(X @ W.T)[np.arange(len(X)), c]))(
                  reference.predict(X, W, b)[0]))),
        Mistake("classes-from-one",
                "Your classes count from 1; they are indices, from 0 to C - 1.",
                ARG_MAX, _predicted(lambda s, p: (s.argmax(axis=1) + 1, p.max(axis=1)))),
        Mistake("arg-max-over-examples",
                "You take the arg max over the examples: each row needs its own, over axis 1.",
                ARG_MAX, _predicted(lambda s, p: (s.argmax(axis=0), p.max(axis=0)))),
        Mistake("values-exchanged",
                "You return the confidence first; the classes come first.",
                ARG_MAX, _predicted(lambda s, p: (p.max(axis=1), s.argmax(axis=1)))),
        Mistake("columns-returned",
                "You return columns of shape (N, 1): the shape of both is (N,). Take the maximum "
                "without keepdims.",
                ARG_MAX, _predicted(lambda s, p: (s.argmax(axis=1)[:, np.newaxis],
                                                  p.max(axis=1)[:, np.newaxis]))),
        Mistake("confidence-as-a-column",
                "Your confidence has the shape (N, 1): (N,) is asked for. Take the maximum without "
                "keepdims.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1),
                                                     p.max(axis=1, keepdims=True)))),
        Mistake("confidence-in-per-cent",
                "Your confidence is in per cent; a probability from 0 to 1 is asked for.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1), 100 * p.max(axis=1)))),
        Mistake("logarithm-for-confidence",
                "Your confidence is the logarithm of the probability; the probability is asked "
                "for.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1),
                                                     reference.log_softmax(s).max(axis=1)))),
        Mistake("sigmoid-for-confidence",
                "Your confidence is the sigmoid of the largest score. With several classes the "
                "probability is softmax's, in which the other scores count too.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1),
                                                     1 / (1 + np.exp(-s.max(axis=1)))))),
        Mistake("scores-normalised",
                "Your confidence is the largest score, divided by the sum of the scores; their "
                "exponentials are meant.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1),
                                                     s.max(axis=1) / s.sum(axis=1)))),
        Mistake("softmax-twice",
                "Your confidence comes from softmax of probabilities: apply it to the scores, "
                "once.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1),
                                                     reference.softmax(p).max(axis=1)))),
        Mistake("margin-for-confidence",
                "Your confidence is the lead over the second class; the probability of the "
                "predicted class is asked for.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1), np.sort(p, axis=1)[:, -1]
                                                     - np.sort(p, axis=1)[:, -2]))),
        Mistake("confidence-averaged",
                "Your confidence is one number; each example has one of its own.",
                DEFINITION, _predicted(lambda s, p: (s.argmax(axis=1), p.max(axis=1).mean()))),
        Mistake("squeezed",
                "For one example you return numbers; arrays of shape (1,) are asked for.",
                ARG_MAX, _predicted(lambda s, p: (np.squeeze(s.argmax(axis=1)),
                                                  np.squeeze(p.max(axis=1))))),
        Mistake("last-of-equals",
                "Where two scores are equal you take the later class; the assignment asks for "
                "the earlier one.",
                ARG_MAX, lambda X, W, b: (
                    len(W) - 1 - np.argmax((X @ W.T + b)[:, ::-1], axis=1),
                    reference.predict(X, W, b)[1])),
        Mistake("score-for-confidence",
                "Your confidence is the largest score; the class's probability is asked for.",
                DEFINITION, lambda X, W, b: (np.argmax(X @ W.T + b, axis=1),
                                             np.max(X @ W.T + b, axis=1))),
        Mistake("all-probabilities",
                "Your confidence holds the probabilities of all classes; one number for each "
                "example is asked for, that of the predicted class.",
                DEFINITION, lambda X, W, b: (np.argmax(X @ W.T + b, axis=1),
                                             reference.softmax(X @ W.T + b))),
        Mistake("softmax-over-examples",
                "Your probabilities add up to 1 over the examples, not over the classes: "
                "normalise each row.",
                DEFINITION, lambda X, W, b: (
                    reference.softmax((X @ W.T + b).T).T.argmax(axis=1),
                    reference.softmax((X @ W.T + b).T).T.max(axis=1))),
    ],
    "train_softmax": [
        Mistake("ascent",
                "You step along the gradient, so the loss grows: step against it, W - lr * dW.",
                TRAINING, _train_with(lr=-1.0)),
        Mistake("one-step-short", "You take one step fewer than asked for.",
                TRAINING, _train_with(steps=-1)),
        Mistake("one-step-long", "You take one step more than asked for.",
                TRAINING, _train_with(steps=1)),
        Mistake("loss-after-the-step",
                "You record the loss after each step; the loss before it is asked for, so that the "
                "first one is that of the zero start.",
                TRAINING, _train_with(after=True)),
        Mistake("final-loss-recorded",
                "Your list has one loss too many: one for each step is asked for, taken before "
                "the step.",
                TRAINING, _train_with(with_end=True)),
        Mistake("bias-not-updated", "Your weights learn and your biases stay 0.",
                TRAINING, _train_with(bias=0.0)),
        Mistake("weights-first",
                "You compute the bias's gradient after the weights have moved. Both gradients "
                "belong to the same W and b: compute them first, then update both.",
                TRAINING, _train_with(zigzag="weights")),
        Mistake("reg-not-passed-on",
                "reg changes nothing in your training: pass it on to the loss.",
                REGULARISATION, _train_with(no_reg=True)),
        Mistake("starts-at-one", "You start from ones; the assignment asks for zeros.",
                TRAINING, _train_with(start=1.0)),
        Mistake("learning-rate-ignored",
                "Your steps are the gradient itself: it is still to be multiplied by lr.",
                TRAINING, lambda X, y, C, lr, reg, T: _train(X, y, C, 1.0, reg, T)),
        Mistake("gradient-not-averaged",
                "Your steps are N times too large: the loss is a mean over the examples.",
                TRAINING, _train_with(gradients=lambda *args: _summed(*args, loss=False))),
        Mistake("learning-rate-divided-by-n",
                "Your steps are N times too small: the gradient is that of a mean already.",
                TRAINING, lambda X, y, C, lr, reg, T: _train(X, y, C, lr / len(X), reg, T)),
        Mistake("bias-ascent",
                "Your biases step along their gradient: b - lr * db is meant, as for W.",
                TRAINING, _train_with(bias=-1.0)),
        Mistake("biases-first",
                "You compute the weights' gradient after the biases have moved. Both gradients "
                "belong to the same W and b: compute them first, then update both.",
                TRAINING, _train_with(zigzag="biases")),
        Mistake("gradient-computed-once",
                "You compute the gradients once, before the loop. They change with W and b: "
                "compute them anew in every step.",
                TRAINING, _train_with(once=True)),
        Mistake("decay-without-learning-rate",
                "Your weights lose reg * W in every step; it is a part of dW, and multiplied by lr "
                "with it.",
                REGULARISATION, _train_with(gradients=_without_penalty, decay=1.0)),
        Mistake("regularised-twice",
                "You add reg * W to the gradient, which has it already.",
                REGULARISATION, _train_with(gradients=_reg_twice)),
        Mistake("bias-regularised",
                "You regularise the biases too. Here only the weights are.",
                REGULARISATION, _train_with(gradients=_with(reg_bias=(0.0, 1.0)))),
        Mistake("losses-without-regularisation",
                "Your steps are right, but the losses that you record leave out the "
                "regularisation.",
                REGULARISATION, _train_with(recorded=_without_penalty)),
        Mistake("first-loss-left-out",
                "The loss of the zero start is missing in your list: it is the first.",
                TRAINING, _trained(lambda W, b, losses: (W, b, losses[1:]))),
        Mistake("last-loss-only",
                "You return one loss; a list with the loss before each step is asked for.",
                TRAINING, _trained(lambda W, b, losses: (W, b, losses[-1]))),
        Mistake("losses-accumulated",
                "Your losses add up from step to step: record each by itself.",
                TRAINING, _trained(lambda W, b, losses: (W, b, np.cumsum(losses)))),
        Mistake("weights-transposed",
                "Your W is transposed: its shape is (C, D), a row for each class.",
                TRAINING, _trained(lambda W, b, losses: (W.T, b, losses))),
        Mistake("biases-two-dimensional",
                "Your b has the shape (1, C): (C,) is asked for.",
                TRAINING, _trained(lambda W, b, losses: (W, b[np.newaxis], losses))),
        Mistake("classes-counted-in-the-labels",
                "You count the classes in y. A class may have no example: the number of rows of W "
                "is num_classes.",
                TRAINING, lambda X, y, C, lr, reg, T: _train(X, y, int(np.max(y)) + 1, lr, reg, T)),
        Mistake("momentum",
                "Your steps have momentum: each one here is lr times the gradient alone.",
                TRAINING, _train_with(momentum=0.9)),
        Mistake("learning-rate-falls",
                "Your learning rate falls from step to step: here lr stays the same.",
                TRAINING, _train_with(rates=lambda t: 1 / (t + 1))),
        Mistake("one-example-a-step",
                "Each of your steps uses one example. Here every step uses all examples.",
                TRAINING, _train_with(one_example=True)),
    ],
}
