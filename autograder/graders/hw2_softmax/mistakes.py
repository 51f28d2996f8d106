"""Known wrong answers to hw2_softmax, with what to tell the student who gives them."""

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
    shifted = scores - scores.max()
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _all_columns(probs, y):
    """`probs[:, y] -= 1` for `probs[np.arange(N), y] -= 1`."""
    changed = np.array(probs, np.float64)
    changed[:, y] -= 1
    return changed / len(y)


def _loss(X, y, W, b, reg, *, log_softmax=reference.log_softmax, softmax=reference.softmax,
          dscores=reference.score_gradient, reg_loss=0.5, reg_grad=1.0, reg_bias=0.0, data=1.0,
          data_grad=1.0, bias=1.0, per_example=False):
    """Loss, dW and db with one thing about them wrong."""
    X, W = np.asarray(X, np.float64), np.asarray(W, np.float64)
    if per_example:  # the penalty inside the mean
        reg = reg / len(X)
    scores = X @ W.T + bias * b
    loss = data * reference.cross_entropy(log_softmax(scores), y)
    loss += reg_loss * reg * np.sum(W * W) + 0.5 * reg_bias * reg * np.sum(b * b)
    D = data_grad * dscores(softmax(scores), y)
    return loss, D.T @ X + reg_grad * reg * W, D.sum(axis=0) + reg_bias * reg * b


def _summed(X, y, W, b, reg, loss=True):
    N = len(X)
    return _loss(X, y, W, b, reg, data=N if loss else 1.0, data_grad=N)


def _changed(change):
    """Loss and gradients as they should be, changed by `change(X, loss, dW, db)`."""
    return lambda X, y, W, b, reg: change(X, *reference.softmax_loss(X, y, W, b, reg))


def _with(**wrong):
    return lambda X, y, W, b, reg: _loss(X, y, W, b, reg, **wrong)


def _with_epsilon(epsilon):
    return _with(log_softmax=lambda s: np.log(reference.softmax(s) + epsilon))


EPSILONS = (1e-15, 1e-12, 1e-10, 1e-8, 1e-7)
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
    Mistake("gradient-sign",
            "Your gradients of the data loss have the wrong sign: probabilities minus one-hot, "
            "not the other way round.",
            GRADIENTS, _with(data_grad=-1.0)),
    Mistake("loss-sign",
            "Your data loss has the wrong sign: it is minus the logarithm of the true class's "
            "probability.",
            CROSS_ENTROPY, _with(data=-1.0)),
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
    Mistake("regularisation-averaged",
            "You divide the regularisation by N. Only the data loss is a mean over the examples; "
            "the penalty on W is added once, after it.",
            REGULARISATION, _with(per_example=True)),
    Mistake("bias-regularised",
            "You regularise the biases too. Here only the weights are: neither the loss nor db "
            "has a term reg * b.",
            REGULARISATION, _with(reg_bias=1.0)),
    Mistake("no-bias",
            "Your scores leave out the biases: they are X W^T + b.",
            DEFINITION, _with(bias=0.0)),
    Mistake("bias-gradient-averaged",
            "Your db is N times too small: scores are divided by N already, so the rows of "
            "their gradient are added up, not averaged.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db / len(X)))),
    Mistake("bias-gradient-missing",
            "Your db is 0: each bias adds to the scores of its class in every example, so its "
            "gradient is the sum of their gradients.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, 0 * db))),
    Mistake("bias-gradient-two-dimensional",
            "Your db has a row for its own: the shape is that of b, (C,). Sum without keepdims.",
            GRADIENTS, _changed(lambda X, loss, dW, db: (loss, dW, db[np.newaxis]))),
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
    Mistake("log-of-softmax",
            "Your loss takes the logarithm of a probability that has underflowed to 0. Compute "
            "the logarithm from the scores instead: log p = s - log-sum-exp(s).",
            LOG_SUM_EXP, _with(log_softmax=_log_of_probs)),
    *(Mistake("epsilon-in-the-logarithm", HIDES, LOG_SUM_EXP, _with_epsilon(epsilon))
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
           bias=1.0, after=False, with_end=False, zigzag=False):
    """Gradient descent with one thing about it wrong."""
    W, b = np.full((num_classes, X.shape[1]), start), np.full(num_classes, start)
    losses = []
    for _ in range(steps):
        loss, dW, db = gradients(X, y, W, b, reg)
        W = W - lr * dW
        if zigzag:
            _, _, db = gradients(X, y, W, b, reg)
        b = b - lr * bias * db
        losses.append(reference.softmax_loss(X, y, W, b, reg)[0] if after else loss)
    if with_end:
        losses.append(reference.softmax_loss(X, y, W, b, reg)[0])
    return W, b, losses


def _train_with(steps=0, lr=1.0, no_reg=False, **wrong):
    return lambda X, y, C, rate, reg, T: _train(X, y, C, lr * rate, 0.0 if no_reg else reg,
                                                T + steps, **wrong)


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
        Mistake("shifted-by-mean",
                "You subtract each row's mean. A score far above the mean still overflows: "
                "subtract the maximum.",
                SHIFT, lambda s: _shifted_softmax(s, s.mean(axis=1, keepdims=True))),
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
        Mistake("not-reduced",
                "You return a loss for each example; their mean is asked for.",
                CROSS_ENTROPY, lambda lp, y: -lp[np.arange(len(y)), y]),
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
        Mistake("indexed-whole-columns",
                "You subtract 1 in whole columns: probs[:, y] selects every row. One entry of "
                "each row is meant: probs[np.arange(N), y].",
                GRADIENTS, _all_columns),
        Mistake("one-subtracted-everywhere",
                "You subtract 1 from every entry; only the true class's entry loses 1.",
                GRADIENTS, lambda p, y: (p - 1) / len(y)),
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
                TRAINING, _train_with(zigzag=True)),
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
    ],
}
