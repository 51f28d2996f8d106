"""Known wrong answers to hw5_convnet, with what to tell the student who gives them."""

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw3_gradient_descent.mistakes import BATCHES
from autograder.graders.hw5_convnet import reference

READ_CONV = "part4/convolution.html#images-two-dimensions-channels-several-filters"
READ_BACK = "part4/conv_backward.html#two-dimensions-channels-batches"
READ_ROWS = "part4/conv_backward.html#windows-as-rows-im2col"
READ_POOL = "part4/pooling.html#pooling"
READ_DROP = "part4/deeper.html#dropout"
READ_NORM = "part4/deeper.html#batch-normalisation"
READ_NORM_BACK = "part4/deeper.html#backward-through-mean-and-variance"
READ_AXES = "appendix/numpy.html#reductions"
READ_LOOP = "part2/minibatch.html#the-loop"
READ_TORCH = "appendix/numpy.html#pytorch-as-far-as-we-need-it"


def _conv(x, w, b, stride, pad, *, flip=False, bias=1.0, edge=False, square=False, ceil=False,
          channels=slice(None)):
    """Convolution with one thing about it wrong."""
    big = np.pad(np.asarray(x, np.float64), ((0, 0), (0, 0), (pad, pad), (pad, pad)),
                 mode="edge" if edge and pad else "constant")
    w = np.asarray(w, np.float64)
    if flip:
        w = w[:, :, ::-1, ::-1]
    if ceil:
        extra = [-(big.shape[a] - w.shape[a]) % stride for a in (2, 3)]
        big = np.pad(big, ((0, 0), (0, 0), (0, extra[0]), (0, extra[1])))
    view = reference.windows(big, *w.shape[2:], stride)
    if square:
        view = view[:, :, :min(view.shape[2:4]), :min(view.shape[2:4])]
    out = np.einsum("ncijhw,fchw->nfij", view[:, channels], w[:, channels])
    return out + bias * np.asarray(b)[:, np.newaxis, np.newaxis]


def _conv_with(**wrong):
    return lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, **wrong)


def _back(change):
    """dx, dw, db as they should be, changed by `change(dout, x, w, stride, pad, dx, dw, db)`."""

    def run(dout, x, w, stride, pad):
        right = reference.conv_backward(dout, x, w, stride, pad)
        return change(dout, x, w, stride, pad, *right)

    return run


def _unpadded_by_slice(dout, x, w, stride, pad):
    """`dx[:, :, pad:-pad, pad:-pad]`, which is empty for pad = 0."""
    big = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dbig, dw, db = reference.conv_backward(dout, big, w, stride, 0)
    return dbig[:, :, pad:-pad, pad:-pad], dw, db


def _still_padded(dout, x, w, stride, pad):
    big = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return reference.conv_backward(dout, big, w, stride, 0)


def _stride_ignored(dout, x, w, stride, pad):
    out = np.zeros((*dout.shape[:2], *(np.array(x.shape[2:]) + 2 * pad - w.shape[2:] + 1)))
    out[:, :, :dout.shape[2], :dout.shape[3]] = dout
    return reference.conv_backward(out, x, w, 1, pad)


def _im2col(change):
    def run(x, height, width, stride, pad):
        view = reference.windows(reference.padded(x, pad), height, width, stride)
        return change(view, x.shape[1] * height * width)

    return run


LOOPS = Mistake(
    "loops-over-places",
    "Python visits images or places one by one: more of them run lines more often. One product "
    "of `im2col`'s matrix with the filters as rows does them all.",
    READ_ROWS, lambda *args: _by_loops(*args))


def _by_loops(x, w, b, stride, pad):
    out = []
    for picture in x:
        out.append(reference.conv_forward(picture[np.newaxis], w, b, stride, pad)[0])
    return np.array(out)


def _pool(change):
    def run(x, size, stride):
        return change(reference.windows(np.asarray(x, np.float64), size, size, stride))

    return run


def _pool_back(assign=False, to_all=False, average=False, first_corner=False):
    """Max pooling, backward, with one thing about it wrong."""

    def run(dout, x, size, stride):
        x, dx = np.asarray(x, np.float64), np.zeros(np.shape(x))
        for n, c, i, j in np.ndindex(dout.shape):
            part = (n, c, slice(i * stride, i * stride + size),
                    slice(j * stride, j * stride + size))
            mask = np.ones_like(x[part]) if to_all or average else x[part] == x[part].max()
            if first_corner:
                mask = np.zeros_like(x[part])
                mask[0, 0] = 1
            share = mask * dout[n, c, i, j] / (mask.size if average else 1)
            dx[part] = np.where(mask != 0, share, dx[part]) if assign else dx[part] + share
        return dx

    return run


def _norm(x, gamma, beta, mean, var, train, momentum=0.9, eps=1e-5, *, always_batch=False,
          swapped=False, replaced=False, eps_outside=False, unbiased=False, no_scale=False,
          no_shift=False, no_root=False, never_updated=False, all_axes=False):
    """Batch normalisation with one thing about it wrong."""
    x = np.asarray(x, np.float64)
    axis = None if all_axes else 0
    used_mean, used_var = mean, var
    if train or always_batch:
        used_mean, used_var = x.mean(axis=axis), x.var(axis=axis)
        if unbiased and len(x) > 1:
            used_var = x.var(axis=0, ddof=1)
    if train and not never_updated:
        new = (used_mean + np.zeros_like(mean), used_var + np.zeros_like(var))
        share = 0.0 if replaced else 1 - momentum if swapped else momentum
        mean, var = (share * old + (1 - share) * one for old, one in zip((mean, var), new))
    spread = used_var + eps if no_root else np.sqrt(used_var) + eps if eps_outside else \
        np.sqrt(used_var + eps)
    normal = (x - used_mean) / spread
    return ((1 if no_scale else gamma) * normal + (0 if no_shift else beta)), mean, var


def _norm_with(**wrong):
    return lambda *args: _norm(*args, **wrong)


def _norm_back(dout, x, gamma, eps=1e-5, *, constants=False, mean_only=False, averaged=False,
               unscaled=False):
    dx, dgamma, dbeta = reference.batch_norm_backward(dout, x, gamma, eps)
    spread = np.sqrt(np.var(x, axis=0) + eps)
    if constants:
        dx = dout * gamma / spread
    if mean_only:
        dx = (dout - np.mean(dout, axis=0)) * gamma / spread
    if unscaled:
        dx = dx / gamma
    if averaged:
        dgamma, dbeta = dgamma / len(x), dbeta / len(x)
    return dx, dgamma, dbeta


def _norm_back_with(**wrong):
    return lambda *args: _norm_back(*args, **wrong)


def _drop(share=lambda p: p, scale=lambda p: 1 / p, in_tests=False, seed=None, rows=False,
          normal=False):
    """Dropout with one thing about it wrong."""

    def run(x, keep_prob, train, rng):
        x = np.asarray(x, np.float64)
        if not train and not in_tests:
            return x
        rng = rng if seed is None else np.random.default_rng(seed)
        shape = (1, *x.shape[1:]) if rows else x.shape
        draws = rng.normal(size=shape) if normal else rng.random(shape)
        return x * (draws < share(keep_prob)) * scale(keep_prob)

    return run


DROPS = {mistake.name: mistake for mistake in (
    Mistake("nothing-dropped", "In training nothing is dropped: the output is the input.",
            READ_DROP, lambda x, keep_prob, train, rng: np.array(x, np.float64)),
    Mistake("not-divided",
            "What is kept is not divided by `keep_prob`: the mean of the outputs shrinks.",
            READ_DROP, _drop(scale=lambda p: 1.0)),
    Mistake("probability-to-drop",
            "`keep_prob` is the probability to KEEP an entry; you drop with it.",
            READ_DROP, _drop(share=lambda p: 1 - p)),
    Mistake("multiplied", "You multiply what is kept by `keep_prob`; divide by it.",
            READ_DROP, _drop(scale=lambda p: p)),
    Mistake("one-mask-for-all",
            "All examples lose the same entries: every entry is to be drawn for itself.",
            READ_DROP, _drop(rows=True)),
    Mistake("another-share",
            "The share of kept entries is not `keep_prob`. Are the draws uniform, from 0 to 1?",
            READ_DROP, _drop(normal=True)),
    Mistake("own-seed",
            "Different generators give the same mask. Draw from `rng`, without a seed of your own.",
            READ_LOOP, _drop(seed=0)),
)}


def _scores(network, images):
    """Scores of `linear_network`, in numpy: its weights and biases are read from it."""
    layer = network[1] if hasattr(network, "__getitem__") else network.inner[1]
    W, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    return np.asarray(images, np.float64).reshape(len(images), -1) @ W.T + b


def _fit(network, images, labels, epochs, lr, batch_size, device, **wrong):
    return reference.descend(network, images, labels, epochs, lr, batch_size, **wrong)


def _fit_with(**wrong):
    return lambda *args: _fit(*args, **wrong)


def _always(which):
    """The same batch again and again."""
    def cut(N, m, rng):
        batches = BATCHES["not-shuffled"].wrong(N, m, rng)
        return [batches[which]] * len(batches)

    return cut


def _once_shuffled(N, m, rng):
    return reference.minibatches(N, m, np.random.default_rng(1))


EPOCHS = {mistake.name: mistake for mistake in (
    *(Mistake("one-batch-for-ever",
              "Every step of an epoch uses the same batch. Go through all images, batch by "
              "batch.",
              READ_LOOP, _fit_with(cut=_always(which))) for which in (-1, 0)),
    Mistake("labels-not-chosen-along",
            "The labels do not belong to the images: choose them with the same indices.",
            READ_LOOP, _fit_with(labels_left=True)),
    Mistake("not-every-picture-once",
            "In an epoch, some images come twice and others not at all.",
            READ_LOOP, _fit_with(cut=BATCHES["with-replacement"].wrong)),
    Mistake("not-shuffled",
            "The batches follow the original order of the images: shuffle them in every epoch.",
            READ_LOOP, _fit_with(cut=BATCHES["not-shuffled"].wrong)),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _fit_with(cut=_once_shuffled)),
)}

MISTAKES = {
    "conv_forward": [
        Mistake("filter-flipped",
                "You turn the filter round. In mathematics that is convolution; in networks the "
                "filter is used as it is (cross-correlation).",
                READ_CONV, _conv_with(flip=True)),
        Mistake("bias-missing", "The biases are missing.", READ_CONV, _conv_with(bias=0.0)),
        Mistake("padded-with-the-edge", "You pad with the image's edge; zeros are asked for.",
                READ_CONV, _conv_with(edge=True)),
        Mistake("height-for-width",
                "You use the same number of places for both directions: images and filters "
                "need not be square.",
                READ_CONV, _conv_with(square=True)),
        Mistake("rounded-up",
                "Where the stride does not divide, you make a place too many: windows lie inside "
                "the padded image.",
                READ_CONV, _conv_with(ceil=True)),
        Mistake("first-channel-only", "You use the first channel only: add up all channels.",
                READ_CONV, _conv_with(channels=slice(0, 1))),
        Mistake("stride-ignored", "You ignore the stride.",
                READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, 1, pad)),
        Mistake("padding-ignored", "You ignore the padding.",
                READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, stride, 0)),
    ],
    "conv_backward": [
        Mistake("empty-without-padding",
                "Your dx is empty where nothing is padded: `pad:-pad` is `0:0` then. Write "
                "`pad:pad + H`.",
                READ_BACK, _unpadded_by_slice),
        Mistake("padding-left-on",
                "Your dx still has the padding: cut it off, dx has the shape of x.",
                READ_BACK, _still_padded),
        Mistake("stride-ignored",
                "You ignore the stride: window i begins at i times the stride.",
                READ_BACK, _stride_ignored),
        Mistake("bias-gradient-averaged",
                "Your db is a mean: a bias is used at every place of every image, and their "
                "gradients add up.",
                READ_BACK, _back(lambda dout, x, w, s, p, dx, dw, db: (
                    dx, dw, db / (dout.size / dout.shape[1])))),
        Mistake("bias-gradient-not-summed",
                "Your db is not summed over images and places: its shape is (F,).",
                READ_BACK, _back(lambda dout, x, w, s, p, dx, dw, db: (dx, dw, dout))),
        Mistake("bias-gradient-by-picture", "Your db has a row for each image: add them up.",
                READ_BACK,
                _back(lambda dout, x, w, s, p, dx, dw, db: (dx, dw, dout.sum(axis=(2, 3))))),
        Mistake("weight-gradient-averaged", "You divide dw by N; dout holds the 1/N of the loss.",
                READ_BACK,
                _back(lambda dout, x, w, s, p, dx, dw, db: (dx, dw / (len(x) + 1), db))),
        Mistake("filter-flipped",
                "Your dx uses the filters turned round. Each output spreads over its window with "
                "the filter as it is.",
                READ_BACK, _back(lambda dout, x, w, s, p, dx, dw, db: (
                    reference.conv_backward(dout, x, w[:, :, ::-1, ::-1], s, p)[0], dw, db))),
        Mistake("order-of-results", "dx, dw, db are asked for, in this order.",
                READ_BACK, _back(lambda dout, x, w, s, p, dx, dw, db: (dw, db, dx))),
    ],
    "im2col": [
        Mistake("transposed",
                "Your matrix is transposed: a row for each window.",
                READ_ROWS, lambda *args: reference.im2col(*args).T),
        Mistake("order-of-axes",
                "The order of the numbers within a row is wrong: channel first, then row and "
                "column of the window, as in w.reshape(F, -1).",
                READ_ROWS, _im2col(
                    lambda v, k: v.transpose(0, 2, 3, 4, 5, 1).reshape(-1, k))),
        Mistake("order-of-rows",
                "The rows come in another order: image by image, and in each its places row "
                "by row.",
                READ_ROWS, _im2col(
                    lambda v, k: v.transpose(2, 3, 0, 1, 4, 5).reshape(-1, k))),
        Mistake("reshaped-without-transposing",
                "You reshape without moving the axes first: numbers of different windows end up "
                "in one row.",
                READ_ROWS, _im2col(lambda v, k: v.reshape(-1, k))),
    ],
    "conv_im2col": [
        Mistake("channels-last",
                "The output's axes are (N, OH, OW, F): move the filters to axis 1.",
                READ_ROWS, lambda *args: reference.conv_forward(*args).transpose(0, 2, 3, 1)),
        Mistake("reshaped-without-transposing",
                "You reshape the product to (N, F, OH, OW) directly. Its rows are places: reshape "
                "to (N, OH, OW, F), then move the axes.",
                READ_ROWS, lambda *args: reference.conv_forward(*args).transpose(
                    0, 2, 3, 1).reshape(reference.conv_forward(*args).shape)),
        Mistake("bias-missing", "The biases are missing.", READ_ROWS, _conv_with(bias=0.0)),
        LOOPS,
    ],
    "max_pool_forward": [
        Mistake("average", "You average; the largest number of each window is asked for.",
                READ_POOL, _pool(lambda v: v.mean(axis=(4, 5)))),
        Mistake("smallest", "You take the smallest number of each window.",
                READ_POOL, _pool(lambda v: v.min(axis=(4, 5)))),
        Mistake("not-below-zero",
                "Windows with negative numbers only give 0: start from the numbers themselves, "
                "not from 0.",
                READ_POOL, _pool(lambda v: np.maximum(0, v.max(axis=(4, 5))))),
        Mistake("over-channels", "You take the maximum over the channels too.",
                READ_POOL, _pool(lambda v: np.broadcast_to(
                    v.max(axis=(1, 4, 5))[:, np.newaxis], v.shape[:4]))),
        Mistake("stride-ignored", "You ignore the stride: windows begin every `stride` numbers.",
                READ_POOL, lambda x, size, stride: reference.max_pool_forward(x, size, size)),
    ],
    "max_pool_backward": [
        Mistake("assigned-not-added",
                "Where windows overlap, a number may be the largest of several: add what arrives, "
                "`+=`, and do not overwrite it.",
                READ_POOL, _pool_back(assign=True)),
        Mistake("to-all", "The gradient goes to the whole window: only to its largest number.",
                READ_POOL, _pool_back(to_all=True)),
        Mistake("averaged", "You spread the gradient evenly, as for average pooling.",
                READ_POOL, _pool_back(average=True)),
        Mistake("to-the-corner", "The gradient goes to each window's first number.",
                READ_POOL, _pool_back(first_corner=True)),
    ],
    "batch_norm_forward": [
        Mistake("batch-statistics-in-a-test",
                "In a test you use the batch's mean and variance; the running averages are meant.",
                READ_NORM, _norm_with(always_batch=True)),
        Mistake("momentum-turned-round",
                "momentum is the share of the OLD average: momentum * old + (1 - momentum) * new.",
                READ_NORM, _norm_with(swapped=True)),
        Mistake("running-averages-replaced",
                "The running averages become those of the last batch: mix old and new.",
                READ_NORM, _norm_with(replaced=True)),
        Mistake("running-averages-not-updated", "In training the running averages do not move.",
                READ_NORM, _norm_with(never_updated=True)),
        Mistake("eps-outside-the-root",
                "eps stands inside the root: sqrt(variance + eps).",
                READ_NORM, _norm_with(eps_outside=True)),
        Mistake("divided-by-one-less",
                "The variance is a plain mean over the N examples, not divided by N - 1.",
                READ_NORM, _norm_with(unbiased=True)),
        Mistake("scale-missing", "gamma is missing.", READ_NORM, _norm_with(no_scale=True)),
        Mistake("shift-missing", "beta is missing.", READ_NORM, _norm_with(no_shift=True)),
        Mistake("root-missing",
                "You divide by the variance; the standard deviation is meant.",
                READ_NORM, _norm_with(no_root=True)),
        Mistake("over-all-entries",
                "You take one mean over all entries: each feature has its own, over axis 0.",
                READ_AXES, _norm_with(all_axes=True)),
    ],
    "batch_norm_backward": [
        Mistake("statistics-held-constant",
                "You treat mean and variance as constants. They depend on x, and gradients go "
                "through them too.",
                READ_NORM_BACK, _norm_back_with(constants=True)),
        Mistake("variance-held-constant",
                "You treat the variance as a constant: gradients go through it too.",
                READ_NORM_BACK, _norm_back_with(mean_only=True)),
        Mistake("scale-missing", "gamma is missing in your dx.",
                READ_NORM_BACK, _norm_back_with(unscaled=True)),
        Mistake("parameters-averaged", "Your dgamma and dbeta are means; sums are meant.",
                READ_NORM_BACK, _norm_back_with(averaged=True)),
    ],
    "dropout_forward": [
        *DROPS.values(),
        Mistake("dropped-in-a-test", "In a test you drop as well: there, nothing is dropped.",
                READ_DROP, _drop(in_tests=True)),
    ],
    "accuracy": [
        Mistake("training-mode",
                "The network is in training mode while you measure: call `model.eval()` first.",
                READ_TORCH, lambda network, images, labels, device: np.mean(
                    np.argmax(_scores(network, images) * (-1 if network.training else 1), axis=1)
                    == labels)),
        Mistake("wrong-ones", "You return the error rate.",
                READ_TORCH, lambda network, images, labels, device: np.mean(
                    np.argmax(_scores(network, images), axis=1) != labels)),
        Mistake("count", "You return how many are right; the share is asked for.",
                READ_TORCH, lambda network, images, labels, device: float(np.sum(
                    np.argmax(_scores(network, images), axis=1) == labels)) + 1e-9),
        Mistake("per-cent", "You return per cent; a number from 0 to 1 is asked for.",
                READ_TORCH, lambda network, images, labels, device: 100 * np.mean(
                    np.argmax(_scores(network, images), axis=1) == labels) + 1e-9),
    ],
    "fit": [
        Mistake("gradients-not-reset",
                "Gradients add up over the steps: set them back before every `backward()`.",
                READ_TORCH, _fit_with(accumulate=True)),
        Mistake("eval-mode",
                "The network is in eval mode while it learns: call `model.train()` first.",
                READ_TORCH, _fit_with(asleep=True)),
        Mistake("no-step", "The parameters do not move: is `optimizer.step()` called?",
                READ_TORCH, _fit_with(frozen=True)),
        Mistake("losses-by-epoch", "You record a loss for each epoch; one for each batch is asked "
                "for.", READ_LOOP, _fit_with(per_epoch=True)),
        Mistake("last-batch-left-out",
                "The images that do not fill a whole batch are left out.",
                READ_LOOP, _fit_with(cut=BATCHES["last-batch-dropped"].wrong)),
        Mistake("momentum", "Plain `torch.optim.SGD` is asked for, without momentum.",
                READ_TORCH, _fit_with(momentum=0.9)),
        Mistake("one-epoch", "You train for one epoch, whatever `epochs` says.",
                READ_LOOP, _fit_with(one_epoch=True)),
        Mistake("summed-not-averaged", "Your loss is a sum over the batch; the mean is asked for.",
                READ_TORCH, _fit_with(summed=True)),
        *EPOCHS.values(),
    ],
}
