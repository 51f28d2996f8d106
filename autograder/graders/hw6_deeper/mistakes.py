"""Known wrong answers to hw6_deeper, with what to tell the student who gives them."""

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw6_deeper import reference

READ_DROP = "part4/deeper.html#dropout"
READ_NORM = "part4/deeper.html#batch-normalisation"
READ_NORM_BACK = "part4/deeper.html#backward-through-mean-and-variance"
READ_AXES = "appendix/numpy.html#reductions"


def _norm(x, gamma, beta, mean, var, train, momentum=0.9, eps=1e-5, *, always_batch=False,
          always_running=False, swapped=False, replaced=False, eps_outside=False, eps_added=True,
          eps_in_tests=True, eps_kept=False, fixed_eps=False, fixed_momentum=False,
          unbiased=False, unbiased_average=False, no_scale=False, no_shift=False, no_root=False,
          no_centre=False, never_updated=False, moved_in_tests=False, over=0, around_zero=False,
          deviation_kept=False, averages_used=False, shift_scaled=False, rows=False):
    """Batch normalisation with one thing about it wrong."""
    x = np.asarray(x, np.float64)
    eps = 1e-5 if fixed_eps else eps
    momentum = 0.9 if fixed_momentum else momentum
    batch_mean, batch_var = x.mean(axis=over), np.mean(x**2, axis=over) if around_zero else x.var(
        axis=over, ddof=1 if unbiased and len(x) > 1 else 0)
    used_mean, used_var = mean, var
    if train and not always_running or always_batch:
        used_mean, used_var = batch_mean, batch_var
    if train and not never_updated or moved_in_tests:
        more = eps if eps_kept else 0.0
        kept = x.var(axis=0, ddof=1) if unbiased_average else batch_var
        new = (batch_mean + np.zeros_like(mean),
               (np.sqrt(kept) if deviation_kept else kept) + more + np.zeros_like(var))
        share = 0.0 if replaced else 1 - momentum if swapped else momentum
        mean, var = (share * old + (1 - share) * one for old, one in zip((mean, var), new))
        if averages_used:
            used_mean, used_var = mean, var
    if not eps_added or not (eps_in_tests or train):
        eps = 0.0
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        spread = used_var + eps if no_root else np.sqrt(used_var) + eps if eps_outside else \
            np.sqrt(used_var + eps)
        normal = (x - (0 if no_centre else used_mean)) / spread
    scale, shift = 1 if no_scale else gamma, 0 if no_shift else beta
    out = scale * (normal + shift) if shift_scaled else scale * normal + shift
    return (out, mean[np.newaxis], var[np.newaxis]) if rows else (out, mean, var)


def _norm_with(**wrong):
    return lambda *args: _norm(*args, **wrong)


NORMS = [
    Mistake("batch-statistics-in-a-test",
            "In evaluation mode you use the batch's mean and variance; the running averages are "
            "meant.",
            READ_NORM, _norm_with(always_batch=True)),
    Mistake("running-averages-in-training",
            "In training you normalise with the running averages; the batch's own mean and "
            "variance are meant.",
            READ_NORM, _norm_with(always_running=True)),
    Mistake("new-averages-used-in-training",
            "In training you normalise with the new running averages; the batch's own mean and "
            "variance are meant.",
            READ_NORM, _norm_with(averages_used=True)),
    Mistake("momentum-turned-round",
            "momentum is the share of the OLD average: momentum * old + (1 - momentum) * new.",
            READ_NORM, _norm_with(swapped=True)),
    Mistake("momentum-fixed", "You ignore `momentum`: yours is 0.9, whatever it says.",
            READ_NORM, _norm_with(fixed_momentum=True)),
    Mistake("running-averages-replaced",
            "The running averages become those of the last batch: mix old and new.",
            READ_NORM, _norm_with(replaced=True)),
    Mistake("running-averages-not-updated", "In training the running averages do not move.",
            READ_NORM, _norm_with(never_updated=True)),
    Mistake("running-averages-moved-in-a-test",
            "In evaluation mode the running averages move: leave them as they are.",
            READ_NORM, _norm_with(moved_in_tests=True)),
    Mistake("running-averages-two-dimensional",
            "Your running averages have the shape (1, D): (D,) is asked for.",
            READ_AXES, _norm_with(rows=True)),
    Mistake("running-variance-by-one-less",
            "Your running variance is divided by N - 1: it is that of the batch, divided by N.",
            READ_NORM, _norm_with(unbiased_average=True)),
    Mistake("eps-in-the-running-variance",
            "eps is in your running variance: add it inside the root only, to a new name.",
            READ_NORM, _norm_with(eps_kept=True)),
    Mistake("deviation-for-variance",
            "The running average of the variance is kept, not that of its root.",
            READ_NORM, _norm_with(deviation_kept=True)),
    Mistake("eps-outside-the-root",
            "eps stands inside the root: sqrt(variance + eps).",
            READ_NORM, _norm_with(eps_outside=True)),
    *(Mistake("eps-missing",
              "eps is missing in a root: sqrt(variance + eps), in training and in evaluation mode.",
              READ_NORM, _norm_with(**wrong)) for wrong in (
                  {"eps_added": False}, {"eps_in_tests": False})),
    Mistake("eps-fixed", "You ignore `eps`: yours is 1e-5, whatever it says.",
            READ_NORM, _norm_with(fixed_eps=True)),
    Mistake("divided-by-one-less",
            "The variance is a plain mean over the N examples, not divided by N - 1.",
            READ_NORM, _norm_with(unbiased=True)),
    Mistake("mean-of-squares",
            "Your variance is the mean of the squares: subtract the mean first.",
            READ_NORM, _norm_with(around_zero=True)),
    Mistake("mean-not-subtracted", "You do not subtract the mean before you divide.",
            READ_NORM, _norm_with(no_centre=True)),
    Mistake("scale-missing", "gamma is missing.", READ_NORM, _norm_with(no_scale=True)),
    Mistake("shift-missing", "beta is missing.", READ_NORM, _norm_with(no_shift=True)),
    Mistake("shift-scaled",
            "You multiply beta by gamma as well: stretch first, then shift.",
            READ_NORM, _norm_with(shift_scaled=True)),
    Mistake("root-missing",
            "You divide by the variance; the standard deviation is meant.",
            READ_NORM, _norm_with(no_root=True)),
    Mistake("over-all-entries",
            "You take one mean over all entries: each feature has its own, over axis 0.",
            READ_AXES, _norm_with(over=None)),
    Mistake("order-of-results",
            "The output, the running mean and the running variance are asked for, in this order.",
            READ_NORM, lambda *args: (lambda out, mean, var: (out, var, mean))(*_norm(*args))),
]


def _norm_back(dout, x, gamma, eps=1e-5, *, constants=False, mean_only=False, variance_only=False,
               power=0, average=False, raw=False, outside=False, added=True,
               fixed=False, ddof=0, sums=False, spread_missing=False):
    """Gradients of batch normalisation with one thing about them wrong."""
    dout, x = np.asarray(dout, np.float64), np.asarray(x, np.float64)
    eps, N = 1e-5 if fixed else eps if added else 0.0, len(x)
    var = x.var(axis=0, ddof=ddof)
    spread = np.sqrt(var) + eps if outside else np.sqrt(var + eps)
    normal = (x - x.mean(axis=0)) / spread
    g = dout * gamma
    mean = np.sum if sums else np.mean
    through_mean = 0 if constants or variance_only else mean(g, axis=0)
    through_variance = 0 if constants or mean_only else normal * mean(g * normal, axis=0)
    dx = (g - through_mean - through_variance) / (1 if spread_missing else spread)
    dgamma, dbeta = np.sum(dout * (x if raw else normal), axis=0), dout.sum(axis=0)
    if average:
        dgamma, dbeta = dgamma / N, dbeta / N
    return dx * np.asarray(gamma) ** power, dgamma, dbeta


def _norm_back_with(**wrong):
    return lambda *args: _norm_back(*args, **wrong)


def _norm_back_changed(change):
    """The three gradients changed by `change(dx, dgamma, dbeta, x, gamma)`."""
    return lambda dout, x, gamma, eps=1e-5: change(
        *reference.batch_norm_backward(dout, x, gamma, eps), x, gamma)


NORMS_BACK = [
    Mistake("statistics-held-constant",
            "You treat mean and variance as constants. They depend on x, and gradients go "
            "through them too.",
            READ_NORM_BACK, _norm_back_with(constants=True)),
    Mistake("variance-held-constant",
            "You treat the variance as a constant: gradients go through it too.",
            READ_NORM_BACK, _norm_back_with(mean_only=True)),
    Mistake("mean-held-constant",
            "You treat the mean as a constant: gradients go through it too, and each column of dx "
            "adds up to 0.",
            READ_NORM_BACK, _norm_back_with(variance_only=True)),
    Mistake("sums-for-means",
            "In your dx the two terms that are subtracted are sums over the batch; means are "
            "meant.",
            READ_NORM_BACK, _norm_back_with(sums=True)),
    Mistake("scale-missing", "gamma is missing in your dx.",
            READ_NORM_BACK, _norm_back_with(power=-1)),
    Mistake("scaled-twice", "gamma is in your dx twice.",
            READ_NORM_BACK, _norm_back_with(power=1)),
    Mistake("spread-missing",
            "Your dx is not divided by the standard deviation, sqrt(variance + eps).",
            READ_NORM_BACK, _norm_back_with(spread_missing=True)),
    Mistake("input-gradient-averaged",
            "You divide dx by N; dout holds the 1/N of the loss already.",
            READ_NORM_BACK, _norm_back_changed(lambda dx, dg, db, x, gamma: (dx / len(x), dg, db))),
    Mistake("parameters-averaged", "Your dgamma and dbeta are means; sums are meant.",
            READ_NORM_BACK, _norm_back_with(average=True)),
    Mistake("not-normalised",
            "Your dgamma multiplies dout by x itself; gamma's factor is the normalised x.",
            READ_NORM_BACK, _norm_back_with(raw=True)),
    Mistake("scale-in-its-own-gradient",
            "gamma is a factor of your dgamma: the derivative of gamma times x is x.",
            READ_NORM_BACK, _norm_back_changed(
                lambda dx, dg, db, x, gamma: (dx, dg * gamma, db))),
    Mistake("scale-in-the-shift-gradient",
            "gamma is a factor of your dbeta: beta is added after the scaling.",
            READ_NORM_BACK, _norm_back_changed(
                lambda dx, dg, db, x, gamma: (dx, dg, db * gamma))),
    Mistake("parameters-two-dimensional",
            "Your dgamma and dbeta have the shape (1, D): (D,) is asked for.",
            READ_AXES, _norm_back_changed(
                lambda dx, dg, db, x, gamma: (dx, dg[np.newaxis], db[np.newaxis]))),
    Mistake("order-of-results", "dx, dgamma, dbeta are asked for, in this order.",
            READ_NORM_BACK, _norm_back_changed(lambda dx, dg, db, x, gamma: (dx, db, dg))),
    Mistake("eps-outside-the-root", "eps stands inside the root: sqrt(variance + eps).",
            READ_NORM_BACK, _norm_back_with(outside=True)),
    Mistake("eps-missing", "eps is missing: sqrt(variance + eps), as in the forward pass.",
            READ_NORM_BACK, _norm_back_with(added=False)),
    Mistake("eps-fixed", "You ignore `eps`: yours is 1e-5, whatever it says.",
            READ_NORM_BACK, _norm_back_with(fixed=True)),
    Mistake("divided-by-one-less",
            "The variance is a plain mean over the N examples, not divided by N - 1.",
            READ_NORM_BACK, _norm_back_with(ddof=1)),
]


def _drop(share=lambda p: p, scale=lambda p: 1 / p, in_tests=None, seed=None, axes=None,
          normal=False, rectified=False):
    """Dropout with one thing about it wrong."""

    def run(x, keep_prob, train, rng):
        x = np.asarray(x, np.float64)
        if not train and in_tests is None:
            return x
        if not train and in_tests != "dropped":
            return x * in_tests(keep_prob)
        rng = rng if seed is None else np.random.default_rng(*seed)
        shape = [1 if axes == a else size for a, size in enumerate(x.shape)]
        draws = rng.normal(size=shape) if normal else rng.random(shape)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            out = x * (draws < share(keep_prob)) * scale(keep_prob)
        return np.maximum(out, 0) if rectified else out

    return run


_DROPS = [
    Mistake("nothing-dropped", "In training nothing is dropped: the output is the input.",
            READ_DROP, lambda x, keep_prob, train, rng: np.array(x, np.float64)),
    Mistake("everything-dropped", "In training nothing is kept: your mask is 0 everywhere.",
            READ_DROP, _drop(share=lambda p: 0.0)),
    Mistake("scaled-only",
            "In training you multiply all entries by a number and drop none: draw for each entry "
            "whether it is kept.",
            READ_DROP, _drop(share=lambda p: 2.0, scale=lambda p: p)),
    Mistake("not-divided",
            "What is kept is not divided by `keep_prob`: the mean of the outputs shrinks.",
            READ_DROP, _drop(scale=lambda p: 1.0)),
    *(Mistake("probability-to-drop",
              "`keep_prob` is the probability to KEEP an entry; you drop with it.",
              READ_DROP, _drop(share=lambda p: 1 - p, scale=scale)) for scale in (
                  lambda p: 1 / p, lambda p: 1 / (1 - p) if p < 1 else np.inf)),
    Mistake("multiplied", "You multiply what is kept by `keep_prob`; divide by it.",
            READ_DROP, _drop(scale=lambda p: p)),
    Mistake("divided-by-the-other",
            "You divide what is kept by 1 - keep_prob; divide by `keep_prob`.",
            READ_DROP, _drop(scale=lambda p: 1 / (1 - p) if p < 1 else np.inf)),
    Mistake("one-mask-for-all",
            "All examples lose the same entries: every entry is to be drawn for itself.",
            READ_DROP, _drop(axes=0)),
    Mistake("whole-examples",
            "Examples are kept or dropped as a whole: every entry is to be drawn for itself.",
            READ_DROP, _drop(axes=1)),
    Mistake("another-share",
            "The share of kept entries is not `keep_prob`. Are the draws uniform, from 0 to 1?",
            READ_DROP, _drop(normal=True)),
    Mistake("negative-numbers-lost",
            "Negative entries of x always become 0: dropout keeps them like all others.",
            READ_DROP, _drop(rectified=True)),
    Mistake("own-seed",
            "Different generators give the same mask. Draw from `rng`: not from `np.random`, and "
            "without a seed of your own.",
            READ_DROP, _drop(seed=(0,))),
    Mistake("not-from-rng",
            "The same generator, started anew, gives another mask. Draw from `rng` and from "
            "nothing else.",
            READ_DROP, _drop(seed=())),
]
DROPS = {mistake.name: mistake for mistake in _DROPS}  # for tests that find one by a property

MISTAKES = {
    "batch_norm_forward": NORMS, "batch_norm_backward": NORMS_BACK,
    "dropout_forward": [
        *_DROPS,
        Mistake("dropped-in-a-test", "In evaluation mode you drop as well: there, nothing is "
                "dropped.", READ_DROP, _drop(in_tests="dropped")),
        Mistake("scaled-in-a-test",
                "In evaluation mode you multiply by `keep_prob`. The division in training has done "
                "this already: the output is the input.",
                READ_DROP, _drop(in_tests=lambda p: p)),
    ],
}
