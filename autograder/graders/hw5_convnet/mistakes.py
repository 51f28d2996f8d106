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
READ_LOOP = "part2/minibatch.html#the-loop"
READ_TORCH = "appendix/numpy.html#pytorch-as-far-as-we-need-it"
READ_STACK = "part4/pooling.html#the-stack"
READ_GPU = "part4/gpu.html#the-same-loop-here"


def _by_name(mistakes):
    """The mistakes by their names, for tests that find them by a property."""
    return {mistake.name: mistake for mistake in mistakes}


def _conv(x, w, b, stride, pad, *, flip=False, bias=1.0, pads=None, edge=False, square=False,
          ceil=False, places=lambda v: v, factor=1.0, filters=lambda w: w):
    """Convolution with one thing about it wrong."""
    pads = ((pad, pad), (pad, pad)) if pads is None else pads(pad)
    big = np.pad(np.asarray(x, np.float64), ((0, 0), (0, 0), *pads),
                 mode="edge" if edge and pad else "constant")
    w = filters(np.asarray(w, np.float64))
    if flip:
        w = w[:, :, ::-1, ::-1]
    if ceil:
        extra = [-(big.shape[a] - w.shape[a]) % stride for a in (2, 3)]
        big = np.pad(big, ((0, 0), (0, 0), (0, extra[0]), (0, extra[1])))
    view = places(reference.windows(big, *w.shape[2:], stride))
    if square:
        view = view[:, :, :min(view.shape[2:4]), :min(view.shape[2:4])]
    out = np.einsum("ncijhw,fchw->nfij", view, w) * factor
    return out + bias * np.asarray(b)[:, np.newaxis, np.newaxis]


def _conv_with(**wrong):
    return lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad, **wrong)


def _conv_changed(change):
    """The output as it should be, changed by `change(out, x, w)`."""
    return lambda x, w, b, stride, pad: change(
        reference.conv_forward(x, w, b, stride, pad), x, w)


def _strided(x, w, b, stride, pad, rows=1, columns=1):
    """Windows that begin at multiples of other strides, as many as there should be."""
    OH, OW = reference.conv_forward(x, w, b, stride, pad).shape[2:]
    view = reference.windows(reference.padded(x, pad), *w.shape[2:], 1)
    view = view[:, :, ::rows, ::columns][:, :, :OH, :OW]
    out = np.zeros((len(x), len(w), OH, OW))
    some = np.einsum("ncijhw,fchw->nfij", view, w)
    out[:, :, :some.shape[2], :some.shape[3]] = some
    return out + np.asarray(b)[:, np.newaxis, np.newaxis]


CONVOLUTIONS = [
    Mistake("filter-flipped",
            "You turn the filter round. In mathematics that is convolution; in networks the "
            "filter is used as it is (cross-correlation).",
            READ_CONV, _conv_with(flip=True)),
    Mistake("filter-transposed",
            "You exchange rows and columns of the filter: entry (h, v) of it belongs to row h, "
            "column v of the window.",
            READ_CONV, _conv_with(filters=lambda w: w.transpose(0, 1, 3, 2))),
    Mistake("bias-missing", "The biases are missing.", READ_CONV, _conv_with(bias=0.0)),
    Mistake("bias-for-each-number",
            "You add the bias once for each number of the window. Add it once, after the sum.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad,
                                                          bias=w[0].size)),
    Mistake("bias-for-each-channel",
            "You add the bias once for each channel. Add it once, after the sum.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad,
                                                          bias=w.shape[1])),
    Mistake("bias-subtracted", "You subtract the bias; add it.", READ_CONV, _conv_with(bias=-1.0)),
    Mistake("averaged",
            "You take the mean over the window; the sum of the products is asked for.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, stride, pad,
                                                          factor=1 / w[0].size)),
    Mistake("padded-with-the-edge", "You pad with the image's edge; zeros are asked for.",
            READ_CONV, _conv_with(edge=True)),
    Mistake("padded-on-one-side",
            "Where there is padding your output is too small: `pad` zeros belong on all four "
            "sides, so that H + 2 pad rows count.",
            READ_CONV, _conv_with(pads=lambda p: ((p, 0), (p, 0)))),
    Mistake("padding-at-the-end-only",
            "You pad below and on the right only: `pad` zeros belong on all four sides.",
            READ_CONV, _conv_with(pads=lambda p: ((0, p), (0, p)))),
    Mistake("padded-rows-only",
            "You pad above and below, but not on the left and right.",
            READ_CONV, _conv_with(pads=lambda p: ((p, p), (0, 0)))),
    Mistake("padding-doubled", "You pad twice: `pad` zeros on each side are asked for.",
            READ_CONV, _conv_with(pads=lambda p: ((2 * p, 2 * p), (2 * p, 2 * p)))),
    Mistake("padding-at-most-one", "You pad by 1 at most: `pad` may be 2.",
            READ_CONV, _conv_with(pads=lambda p: ((min(p, 1),) * 2,) * 2)),
    Mistake("height-for-width",
            "You use the same number of places for both directions: images and filters "
            "need not be square.",
            READ_CONV, _conv_with(square=True)),
    Mistake("rows-and-columns-exchanged",
            "Rows and columns of your output are exchanged: i goes down, j to the right.",
            READ_CONV, _conv_changed(lambda out, x, w: out.transpose(0, 1, 3, 2))),
    Mistake("rounded-up",
            "Where the stride does not divide, you make a place too many: windows lie inside "
            "the padded image.",
            READ_CONV, _conv_with(ceil=True)),
    Mistake("last-place-missing",
            "A row and a column of places are missing at the end: look at the formula for "
            "OH and OW.",
            READ_CONV, _conv_changed(lambda out, x, w: out[:, :, :-1, :-1])),
    Mistake("first-channel-only", "You use the first channel only: add up all channels.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x[:, :1], w[:, :1], b, stride, pad)),
    Mistake("last-channel-only",
            "Only the last channel is left in your output: add the channels up, `+=`.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x[:, -1:], w[:, -1:], b, stride, pad)),
    Mistake("first-image-only",
            "All your outputs are those of the first image: use image n for output n.",
            READ_CONV, _conv_changed(lambda out, x, w: np.repeat(out[:1], len(out), axis=0))),
    Mistake("first-filter-only",
            "All your outputs are those of the first filter: use filter f for output f.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(
                x, np.repeat(w[:1], len(w), axis=0), b, stride, pad)),
    Mistake("stride-ignored", "You ignore the stride.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, 1, pad)),
    Mistake("windows-not-moved-by-the-stride",
            "Your output has the right shape, but its windows begin at i and j: they begin at "
            "i times the stride, j times the stride.",
            READ_CONV, _strided),
    Mistake("stride-for-rows-only",
            "You use the stride for rows only: columns have it as well.",
            READ_CONV, lambda x, w, b, stride, pad: _strided(x, w, b, stride, pad, rows=stride)),
    Mistake("padding-ignored", "You ignore the padding.",
            READ_CONV, lambda x, w, b, stride, pad: _conv(x, w, b, stride, 0)),
    Mistake("squeezed",
            "An axis of length 1 is gone from your output: it has four axes, also for one image "
            "or one filter.",
            READ_CONV, _conv_changed(lambda out, x, w: np.squeeze(out))),
    Mistake("cut-to-integers",
            "Your output holds whole numbers only: make it an array of floats.",
            READ_CONV, _conv_changed(lambda out, x, w: out.astype(int))),
    Mistake("rectified", "Negative outputs are 0: ReLU is a layer of its own, not part of this.",
            READ_CONV, _conv_changed(lambda out, x, w: np.maximum(out, 0))),
]


def _back(change):
    """dx, dw, db as they should be, changed by `change(dx, dw, db, dout, x)`."""

    def run(dout, x, w, stride, pad):
        return change(*reference.conv_backward(dout, x, w, stride, pad), dout, x)

    return run


def _back_part(place, change):
    """One of the three gradients changed by `change(gradient, dout, x)`."""

    def changed(dx, dw, db, dout, x):
        values = [dx, dw, db]
        values[place] = change(values[place], dout, x)
        return tuple(values)

    return _back(changed)


def _padded_dx(cut):
    """dx of the padded image, cut by `cut(dx, pad)`."""

    def run(dout, x, w, stride, pad):
        dbig, dw, db = reference.conv_backward(dout, reference.padded(x, pad), w, stride, 0)
        return cut(dbig, pad), dw, db

    return run


def _other_windows(dout, x, w, stride, pad):
    """Windows that begin at i and j, whatever the stride."""
    out = np.zeros((*dout.shape[:2], *(np.array(x.shape[2:]) + 2 * pad - w.shape[2:] + 1)))
    out[:, :, :dout.shape[2], :dout.shape[3]] = dout
    return reference.conv_backward(out, x, w, 1, pad)


def _one_by_one(dout, x, w, stride, pad):
    """(where in the padded image, filter, dout there) for every output."""
    for n, f, i, j in np.ndindex(dout.shape):
        yield (n, slice(None), slice(i * stride, i * stride + w.shape[2]),
               slice(j * stride, j * stride + w.shape[3])), f, dout[n, f, i, j]


def _overwritten_dx(dout, x, w, stride, pad):
    _, dw, db = reference.conv_backward(dout, x, w, stride, pad)
    dbig = np.zeros_like(reference.padded(x, pad))
    for window, f, arrives in _one_by_one(dout, x, w, stride, pad):
        dbig[window] = arrives * w[f]
    return dbig[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]], dw, db


def _overwritten_dw(dout, x, w, stride, pad):
    dx, _, db = reference.conv_backward(dout, x, w, stride, pad)
    big, dw = reference.padded(x, pad), np.zeros(w.shape)
    for window, f, arrives in _one_by_one(dout, x, w, stride, pad):
        dw[f] = arrives * big[window]
    return dx, dw, db


def _by_other_filters(change):
    """dx from changed filters or gradients, `change(dout, w)`."""

    def run(dout, x, w, stride, pad):
        _, dw, db = reference.conv_backward(dout, x, w, stride, pad)
        dout, w = change(dout, w)
        return reference.conv_backward(dout, x, w, stride, pad)[0], dw, db

    return run


BACK = [
    Mistake("empty-without-padding",
            "Your dx is empty where nothing is padded: `pad:-pad` is `0:0` then. Write "
            "`pad:pad + H`.",
            READ_BACK, _padded_dx(lambda dx, p: dx[:, :, p:-p, p:-p])),
    Mistake("one-cut-off",
            "You cut one row and column off dx on each side, whatever the padding: cut `pad`.",
            READ_BACK, _padded_dx(lambda dx, p: dx[:, :, 1:-1, 1:-1])),
    Mistake("cut-at-the-wrong-place",
            "You cut dx at its end only: the image begins at row `pad`, column `pad` of the "
            "padded one.",
            READ_BACK, _padded_dx(lambda dx, p: dx[:, :, :dx.shape[2] - 2 * p,
                                                   :dx.shape[3] - 2 * p])),
    Mistake("padding-left-on",
            "Your dx still has the padding: cut it off, dx has the shape of x.",
            READ_BACK, _padded_dx(lambda dx, p: dx)),
    Mistake("stride-ignored",
            "You ignore the stride: window i begins at i times the stride.",
            READ_BACK, _other_windows),
    Mistake("overwritten",
            "In dx the contributions of windows that overlap, and of the filters, overwrite each "
            "other: add them up, `+=`.",
            READ_BACK, _overwritten_dx),
    Mistake("weights-overwritten",
            "In dw only the last place is left: add up over places and images, `+=`.",
            READ_BACK, _overwritten_dw),
    Mistake("one-filter-only",
            "Only the last filter reaches your dx: every filter sends its share back, add them.",
            READ_BACK, _by_other_filters(lambda dout, w: (
                dout * (np.arange(len(w)) == len(w) - 1)[:, np.newaxis, np.newaxis], w))),
    Mistake("bias-gradient-averaged",
            "Your db is a mean: a bias is used at every place of every image, and their "
            "gradients add up.",
            READ_BACK, _back_part(2, lambda db, dout, x: db / (dout.size / dout.shape[1]))),
    Mistake("bias-gradient-averaged-over-images",
            "You average db over the images: sum over them as over the places.",
            READ_BACK, _back_part(2, lambda db, dout, x: db / len(x))),
    Mistake("bias-gradient-not-summed",
            "Your db is not summed over images and places: its shape is (F,).",
            READ_BACK, _back_part(2, lambda db, dout, x: dout)),
    Mistake("bias-gradient-by-picture", "Your db has a row for each image: add them up.",
            READ_BACK, _back_part(2, lambda db, dout, x: dout.sum(axis=(2, 3)))),
    Mistake("bias-gradient-by-place", "Your db is summed over the images only: over places too.",
            READ_BACK, _back_part(2, lambda db, dout, x: dout.sum(axis=0))),
    Mistake("bias-gradient-over-filters",
            "Your db is one number for all filters: each filter has its own bias, keep axis 1.",
            READ_BACK, _back_part(2, lambda db, dout, x: dout.sum())),
    Mistake("bias-gradient-two-dimensional",
            "Your db has two axes or more: its shape is (F,), as that of b.",
            READ_BACK, _back_part(2, lambda db, dout, x: db[np.newaxis])),
    Mistake("weight-gradient-averaged", "You divide dw by N; dout holds the 1/N of the loss.",
            READ_BACK, _back_part(1, lambda dw, dout, x: dw / len(x))),
    Mistake("all-averaged",
            "You divide all three gradients by N; dout holds the 1/N of the loss already.",
            READ_BACK, _back(lambda dx, dw, db, dout, x: (
                dx / len(x), dw / len(x), db / len(x)))),
    Mistake("weight-gradient-flipped",
            "Your dw is turned round: entry (h, v) of it belongs to row h, column v of the window.",
            READ_BACK, _back_part(1, lambda dw, dout, x: dw[:, :, ::-1, ::-1])),
    Mistake("filter-flipped",
            "Your dx uses the filters turned round. Each output spreads over its window with "
            "the filter as it is.",
            READ_BACK, _by_other_filters(lambda dout, w: (dout, w[:, :, ::-1, ::-1]))),
    Mistake("rows-and-columns-exchanged",
            "You exchange i and j: dout[n, f, i, j] belongs to the window in row i, column j.",
            READ_BACK, lambda dout, x, w, stride, pad: reference.conv_backward(
                dout.transpose(0, 1, 3, 2), x, w, stride, pad)),
    Mistake("order-of-results", "dx, dw, db are asked for, in this order.",
            READ_BACK, _back(lambda dx, dw, db, dout, x: (dw, db, dx))),
    Mistake("wrong-sign", "Your gradients have the wrong sign.",
            READ_BACK, _back(lambda dx, dw, db, dout, x: (-dx, -dw, -db))),
]


def _im2col(change, pads=lambda p: ((p, p), (p, p)), mode="constant"):
    """The matrix from windows that are changed by `change(view, numbers in a row)`."""

    def run(x, height, width, stride, pad):
        big = np.pad(x, ((0, 0), (0, 0), *pads(pad)), mode=mode if pad else "constant")
        view = reference.windows(big, height, width, stride)
        return change(view, x.shape[1] * height * width)

    return run


def _rows(v, k):
    return v.transpose(0, 2, 3, 1, 4, 5).reshape(-1, k)


def _places_of(x, height, width, stride, pad, rows=1, columns=1):
    """As many windows as there should be, at multiples of other strides."""
    places = [(side + 2 * pad - field) // stride + 1
              for side, field in zip(x.shape[2:], (height, width))]
    view = reference.windows(reference.padded(x, pad), height, width, 1)
    view = view[:, :, ::rows, ::columns][:, :, :places[0], :places[1]]
    return _rows(view, x.shape[1] * height * width)


COLUMNS = [
    Mistake("transposed",
            "Your matrix is transposed: a row for each window.",
            READ_ROWS, lambda *args: reference.im2col(*args).T),
    Mistake("order-of-axes",
            "The order of the numbers within a row is wrong: channel first, then row and "
            "column of the window, as in w.reshape(F, -1).",
            READ_ROWS, _im2col(lambda v, k: v.transpose(0, 2, 3, 4, 5, 1).reshape(-1, k))),
    Mistake("windows-column-by-column",
            "Within a row the window's numbers come column by column: row by row is asked for.",
            READ_ROWS, _im2col(lambda v, k: v.transpose(0, 2, 3, 1, 5, 4).reshape(-1, k))),
    Mistake("places-column-by-column",
            "The places come column by column: row by row is asked for, so that the next row of "
            "the matrix is the window to the right.",
            READ_ROWS, _im2col(lambda v, k: v.transpose(0, 3, 2, 1, 4, 5).reshape(-1, k))),
    Mistake("order-of-rows",
            "The rows come in another order: image by image, and in each its places row "
            "by row.",
            READ_ROWS, _im2col(lambda v, k: v.transpose(2, 3, 0, 1, 4, 5).reshape(-1, k))),
    Mistake("reshaped-without-transposing",
            "You reshape without moving the axes first: numbers of different windows end up "
            "in one row.",
            READ_ROWS, _im2col(lambda v, k: v.reshape(-1, k))),
    Mistake("height-and-width-exchanged",
            "You exchange height and width of the window: it has `height` rows and `width` "
            "columns.",
            READ_ROWS, lambda x, height, width, stride, pad: reference.im2col(
                x, width, height, stride, pad)),
    Mistake("stride-ignored", "You ignore the stride: window i begins at i times the stride.",
            READ_ROWS, lambda x, height, width, stride, pad: reference.im2col(
                x, height, width, 1, pad)),
    Mistake("windows-not-moved-by-the-stride",
            "There are as many windows as there should be, but they begin at i and j: they begin "
            "at i times the stride, j times the stride.",
            READ_ROWS, _places_of),
    Mistake("stride-for-rows-only", "You use the stride for rows only: columns have it as well.",
            READ_ROWS, lambda x, height, width, stride, pad: _places_of(
                x, height, width, stride, pad, rows=stride)),
    Mistake("padding-ignored", "You ignore the padding.",
            READ_ROWS, lambda x, height, width, stride, pad: reference.im2col(
                x, height, width, stride, 0)),
    Mistake("padded-with-the-edge", "You pad with the image's edge; zeros are asked for.",
            READ_ROWS, _im2col(_rows, mode="edge")),
    Mistake("padded-on-one-side",
            "You pad above and on the left only: `pad` zeros belong on all four sides.",
            READ_ROWS, _im2col(_rows, pads=lambda p: ((p, 0), (p, 0)))),
    Mistake("padding-at-most-one", "You pad by 1 at most: `pad` may be 2.",
            READ_ROWS, _im2col(_rows, pads=lambda p: ((min(p, 1),) * 2,) * 2)),
    Mistake("first-image-only", "Your matrix holds the first image only: rows for all images.",
            READ_ROWS, lambda x, *rest: reference.im2col(x[:1], *rest)),
    Mistake("first-channel-only",
            "Your rows hold the first channel only: all channels of a window stand in its row.",
            READ_ROWS, lambda x, *rest: reference.im2col(x[:, :1], *rest)),
]

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


def _wrongly_reshaped(axes, order):
    """The product's rows reshaped to axes in another order, `axes` of N, OH, OW, F, and moved."""
    return _conv_changed(lambda out, x, w: out.transpose(0, 2, 3, 1).reshape(
        [out.shape[a] for a in axes]).transpose(order))


PRODUCTS = [
    Mistake("channels-last",
            "The output's axes are (N, OH, OW, F): move the filters to axis 1.",
            READ_ROWS, _conv_changed(lambda out, x, w: out.transpose(0, 2, 3, 1))),
    Mistake("left-as-a-matrix",
            "You return the product as it is: reshape its rows to images and places.",
            READ_ROWS, _conv_changed(
                lambda out, x, w: out.transpose(0, 2, 3, 1).reshape(-1, len(w)))),
    Mistake("reshaped-without-transposing",
            "You reshape the product to (N, F, OH, OW) directly. Its rows are places: reshape "
            "to (N, OH, OW, F), then move the axes.",
            READ_ROWS, _wrongly_reshaped((0, 1, 2, 3), (0, 1, 2, 3))),
    Mistake("images-last",
            "The product's rows come image by image: reshape them to (N, OH, OW, F), not to "
            "(OH, OW, N, F).",
            READ_ROWS, _wrongly_reshaped((2, 3, 0, 1), (2, 3, 0, 1))),
    Mistake("transposed-and-reshaped",
            "You reshape the transposed product to (N, F, OH, OW) directly. Its columns are images "
            "and places: reshape to (F, N, OH, OW), then move the axes.",
            READ_ROWS, _conv_changed(lambda out, x, w: out.transpose(1, 0, 2, 3).reshape(
                out.shape))),
    Mistake("rows-and-columns-exchanged",
            "Rows and columns of your output are exchanged: the places come row by row.",
            READ_ROWS, _conv_changed(lambda out, x, w: out.transpose(0, 1, 3, 2))),
    Mistake("filters-reshaped-not-transposed",
            "`w.reshape(-1, F)` mixes the filters: write `w.reshape(F, -1)` and transpose it.",
            READ_ROWS, _conv_with(filters=lambda w: w.reshape(-1, len(w)).T.reshape(w.shape))),
    Mistake("filter-flipped", "You turn the filters round: they are used as they are.",
            READ_ROWS, _conv_with(flip=True)),
    Mistake("bias-missing", "The biases are missing.", READ_ROWS, _conv_with(bias=0.0)),
    Mistake("squeezed",
            "An axis of length 1 is gone from your output: it has four axes, also for one image "
            "or one filter.",
            READ_ROWS, _conv_changed(lambda out, x, w: np.squeeze(out))),
    LOOPS,
]


def _pool(change):
    """The maximum of the windows (N, C, OH, OW, size, size), changed."""
    def run(x, size, stride):
        return change(reference.windows(np.asarray(x, np.float64), size, size, stride))

    return run


def _pooled(x, size, step, stride):
    """As many windows as there should be, which begin at multiples of `step`."""
    out = reference.max_pool_forward(x, size, step)
    places = reference.max_pool_forward(x, size, stride).shape[2:]
    return out[:, :, :places[0], :places[1]]


def _pooled_up(x, size, stride):
    """Windows at the end that are not whole count as well."""
    extra = [-(side - size) % stride for side in x.shape[2:]]
    big = np.pad(np.asarray(x, np.float64), ((0, 0), (0, 0), (0, extra[0]), (0, extra[1])),
                 constant_values=-np.inf)
    return reference.max_pool_forward(big, size, stride)


POOLS = [
    Mistake("average", "You average; the largest number of each window is asked for.",
            READ_POOL, _pool(lambda v: v.mean(axis=(4, 5)))),
    Mistake("smallest", "You take the smallest number of each window.",
            READ_POOL, _pool(lambda v: v.min(axis=(4, 5)))),
    Mistake("sum", "You add up each window; its largest number is asked for.",
            READ_POOL, _pool(lambda v: v.sum(axis=(4, 5)))),
    Mistake("first-number", "You take each window's first number, not its largest.",
            READ_POOL, _pool(lambda v: v[..., 0, 0])),
    Mistake("places-of-the-largest",
            "You return where in its window the largest number is; the number itself is meant.",
            READ_POOL, _pool(lambda v: v.reshape(*v.shape[:4], -1).argmax(axis=4))),
    Mistake("not-below-zero",
            "Windows with negative numbers only give 0: start from the numbers themselves, "
            "not from 0.",
            READ_POOL, _pool(lambda v: np.maximum(0, v.max(axis=(4, 5))))),
    Mistake("largest-in-size",
            "You take the number of the largest absolute value: -3 is less than 1.",
            READ_POOL, _pool(lambda v: np.abs(v).max(axis=(4, 5)))),
    Mistake("over-channels", "You take the maximum over the channels too.",
            READ_POOL, _pool(lambda v: np.broadcast_to(
                v.max(axis=(1, 4, 5))[:, np.newaxis], v.shape[:4]))),
    Mistake("over-images", "You take the maximum over the images too.",
            READ_POOL, _pool(lambda v: np.broadcast_to(v.max(axis=(0, 4, 5)), v.shape[:4]))),
    Mistake("one-row-of-the-window",
            "Your maximum is over one axis of the window: over its rows and its columns.",
            READ_POOL, _pool(lambda v: v[..., 0, :].max(axis=4))),
    Mistake("size-for-stride", "You ignore the stride: windows begin every `stride` numbers.",
            READ_POOL, lambda x, size, stride: reference.max_pool_forward(x, size, size)),
    Mistake("windows-not-moved-by-the-stride",
            "Your output has the right shape, but its windows begin at i and j: they begin at "
            "i times the stride, j times the stride.",
            READ_POOL, lambda x, size, stride: _pooled(x, size, 1, stride)),
    Mistake("rounded-up",
            "You make a place too many where the stride does not divide: windows that are not "
            "whole are left out.",
            READ_POOL, _pooled_up),
    Mistake("rows-and-columns-exchanged",
            "Rows and columns of your output are exchanged: i goes down, j to the right.",
            READ_POOL, lambda *args: reference.max_pool_forward(*args).transpose(0, 1, 3, 2)),
    Mistake("squeezed",
            "An axis of length 1 is gone from your output: it has four axes, also for one image "
            "or one channel.",
            READ_POOL, lambda *args: np.squeeze(reference.max_pool_forward(*args))),
]


def _pool_back(assign=False, share=None, moved=None):
    """Max pooling, backward, with one thing about it wrong.

    `share(window, arrives)` is what a window gets; windows begin at multiples of `moved(size,
    stride)`.
    """

    def run(dout, x, size, stride):
        x, dx = np.asarray(x, np.float64), np.zeros(np.shape(x))
        step = moved(size, stride) if moved else stride
        for n, c, i, j in np.ndindex(dout.shape):
            part = (n, c, slice(i * step, i * step + size), slice(j * step, j * step + size))
            mask = x[part] == x[part].max()
            given = share(x[part], dout[n, c, i, j]) if share else mask * dout[n, c, i, j]
            dx[part] = np.where(given != 0, given, dx[part]) if assign == "where" else \
                given if assign else dx[part] + given
        return dx

    return run


def _corner(window, arrives):
    given = np.zeros_like(window)
    given[0, 0] = arrives
    return given


POOLS_BACK = [
    Mistake("assigned-not-added",
            "Where windows overlap, a number may be the largest of several: add what arrives, "
            "`+=`, and do not overwrite it.",
            READ_POOL, _pool_back(assign="where")),
    Mistake("windows-overwritten",
            "A window's zeros overwrite what its neighbour gave where they overlap: add to dx, "
            "`+=`.",
            READ_POOL, _pool_back(assign=True)),
    Mistake("to-all", "The gradient goes to the whole window: only to its largest number.",
            READ_POOL, _pool_back(share=lambda x, g: np.full_like(x, g))),
    Mistake("averaged", "You spread the gradient evenly, as for average pooling.",
            READ_POOL, _pool_back(share=lambda x, g: np.full_like(x, g / x.size))),
    Mistake("to-the-corner", "The gradient goes to each window's first number.",
            READ_POOL, _pool_back(share=_corner)),
    Mistake("to-the-smallest", "The gradient goes to each window's smallest number.",
            READ_POOL, _pool_back(share=lambda x, g: g * (x == x.min()))),
    Mistake("gradient-missing",
            "Where the largest number stands you put 1: put what arrives there, `dout`.",
            READ_POOL, _pool_back(share=lambda x, g: 1.0 * (x == x.max()))),
    Mistake("number-for-gradient",
            "You put the largest number itself into dx: put what arrives there, `dout`.",
            READ_POOL, _pool_back(share=lambda x, g: x * (x == x.max()))),
    Mistake("multiplied-by-the-number",
            "You multiply `dout` by the largest number: its derivative is 1.",
            READ_POOL, _pool_back(share=lambda x, g: g * x * (x == x.max()))),
    Mistake("largest-above-zero-only",
            "Nothing is passed on where all numbers are negative: the largest of them gets it.",
            READ_POOL, _pool_back(share=lambda x, g: g * (x == max(0, x.max())))),
    Mistake("windows-not-moved-by-the-stride",
            "Your windows begin at i and j: they begin at i times the stride, j times the stride.",
            READ_POOL, _pool_back(moved=lambda size, stride: 1)),
    Mistake("rows-and-columns-exchanged",
            "You exchange i and j: dout[n, c, i, j] belongs to the window in row i, column j.",
            READ_POOL, lambda dout, *rest: reference.max_pool_backward(
                dout.transpose(0, 1, 3, 2), *rest)),
]


def _scores(model, images):
    """What the network gives for the images, in the mode that it is in."""
    import torch

    with torch.no_grad():
        return model(torch.tensor(np.array(images), dtype=torch.float32)).numpy()


def _right_ones(model, images, labels):
    return np.argmax(_scores(model.eval(), images), axis=1) == labels


def _measured(change):
    """The accuracy from which predictions are right, changed by `change(right)`."""
    return lambda model, images, labels, device: float(change(_right_ones(model, images, labels)))


def _mean_of_batch_means(right):
    return np.mean([np.mean(right[i:i + 64]) for i in range(0, len(right), 64)])


ACCURACIES = [
    Mistake("training-mode",
            "The network is in training mode while you measure: call `model.eval()` first.",
            READ_GPU, lambda model, images, labels, device: float(np.mean(
                np.argmax(_scores(model, images), axis=1) == labels))),
    Mistake("wrong-ones", "You return the error rate.", READ_GPU, _measured(
        lambda right: np.mean(~right))),
    Mistake("count", "You return how many are right; the share is asked for.",
            READ_GPU, _measured(lambda right: np.sum(right) + 1e-9 * len(right))),
    Mistake("per-cent", "You return per cent; a number from 0 to 1 is asked for.",
            READ_GPU, _measured(lambda right: 100 * np.mean(right) + 1e-9)),
    Mistake("mean-of-batch-means",
            "You average the accuracies of batches: the last is smaller and counts too much. "
            "Count what is right, and divide once.",
            READ_GPU, _measured(_mean_of_batch_means)),
    Mistake("first-images-only",
            "You look at the first 64 images only: all of them count.",
            READ_GPU, _measured(lambda right: np.mean(right[:64]))),
    Mistake("last-batch-left-out",
            "The images that do not fill a whole batch are left out.",
            READ_GPU, _measured(lambda right: np.mean(
                right[:len(right) // 64 * 64] if len(right) > 64 else right))),
    Mistake("divided-by-whole-batches",
            "You divide by the number of batches times their size: the last batch may be smaller. "
            "Divide by the number of images.",
            READ_GPU, _measured(lambda right: np.sum(right) / (
                len(right) if len(right) < 64 else 64 * -(-len(right) // 64)))),
    Mistake("largest-of-all-scores",
            "Your arg max is over all scores of all images: there is one for each image, over "
            "axis 1.",
            READ_GPU, lambda model, images, labels, device: float(np.mean(
                np.argmax(_scores(model.eval(), images)) == labels))),
    Mistake("two-best",
            "You count an image as right when its label is among the two best classes.",
            READ_GPU, lambda model, images, labels, device: float(np.mean(np.any(np.argsort(
                _scores(model.eval(), images), axis=1)[:, -2:] == labels[:, np.newaxis], axis=1)))),
]


def _torch_order(N, m, rng):
    """Shuffled batches, by PyTorch's own generator."""
    import torch

    return torch.randperm(N).split(m)


def _train(model, images, labels, epochs, lr, batch_size, device="cpu", *, cut=_torch_order,
           accumulate=False, frozen=False, asleep=False, per_epoch=None, one_epoch=False,
           fewer=0, sign=1, scale=None, after=False, squashed=None, squared=False, plain=True,
           first_rate=None, whole=False, all_recorded=False, once_an_epoch=False,
           labels_left=False, early=None, copied=False, clipped=False, **options):
    """A training loop with one thing about it wrong; `options` are the optimizer's."""
    import copy

    import torch
    from torch.nn import functional

    model = copy.deepcopy(model) if copied else model
    x = torch.tensor(np.array(images), dtype=torch.float32)
    y = torch.tensor(np.array(labels).astype(np.int64))
    kind = torch.optim.SGD if plain else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=first_rate or sign * lr, **options) if sign > 0 else \
        torch.optim.SGD(model.parameters(), lr=lr, maximize=True)
    if not asleep:
        model.train()

    def loss_of(rows, targets):
        scores = model(x[rows])
        scores = scores if squashed is None else squashed(scores)
        if squared:
            return functional.mse_loss(scores, functional.one_hot(
                targets, scores.shape[1]).float())
        loss = functional.cross_entropy(scores, targets)
        return loss if scale is None else loss * scale(len(rows), batch_size)

    losses = []
    for _ in range(1 if one_epoch else epochs - fewer):
        seen = []
        for rows in cut(len(x), batch_size, np.random.default_rng(0)):
            rows = torch.as_tensor(np.array(rows))
            loss = loss_of(rows, y[:len(rows)] if labels_left else y[rows])
            if whole:
                loss = loss_of(torch.arange(len(x)), y)
            told = loss_of(torch.arange(len(x)), y) if all_recorded else loss
            if not (accumulate or once_an_epoch):
                optimizer.zero_grad()
            loss.backward()
            if clipped:
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            if not (frozen or once_an_epoch):
                optimizer.step()
            seen.append((loss_of(rows, y[rows]) if after else told).item())
        if once_an_epoch:
            optimizer.step()
            optimizer.zero_grad()
        losses += [per_epoch(seen)] if per_epoch else seen
        if early is not None and losses[-1] < early:
            break
    return losses


def _train_with(**wrong):
    return lambda *args, **kwargs: _train(*args, **{**wrong, **kwargs})


def _softmax(scores):
    return scores.softmax(dim=1)


def _always(which):
    """The same batch again and again."""
    def cut(N, m, rng):
        batches = BATCHES["not-shuffled"].wrong(N, m, rng)
        return [batches[which]] * len(batches)

    return cut


def _once_shuffled(N, m, rng):
    return reference.minibatches(N, m, np.random.default_rng(1))


def _with_replacement(N, m, rng):
    return BATCHES["with-replacement"].wrong(N, m, np.random.default_rng())


_EPOCHS = [
    *(Mistake("one-batch-for-ever",
              "Every step of an epoch uses the same batch. Go through all images, batch by "
              "batch.",
              READ_LOOP, _train_with(cut=_always(which))) for which in (-1, 0)),
    Mistake("labels-not-chosen-along",
            "The labels do not belong to the images: choose them with the same indices.",
            READ_LOOP, _train_with(labels_left=True)),
    Mistake("not-every-picture-once",
            "In an epoch, some images come twice and others not at all.",
            READ_LOOP, _train_with(cut=_with_replacement)),
    Mistake("not-shuffled",
            "The batches follow the original order of the images: shuffle them in every epoch.",
            READ_LOOP, _train_with(cut=BATCHES["not-shuffled"].wrong)),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _train_with(cut=_once_shuffled)),
]
EPOCHS = _by_name(_EPOCHS)

STOPPED = Mistake("stopped-early", "You stop when the loss is small: run all `epochs`.",
                  READ_LOOP, _train_with(early=0.05))

STEPS = [
    Mistake("whole-set-in-every-step",
            "Every step uses all images: a step uses the images of its batch.",
            READ_LOOP, _train_with(whole=True)),
    Mistake("loss-of-all-images",
            "You record the loss of all images; the loss of the batch is asked for.",
            READ_LOOP, _train_with(all_recorded=True)),
    Mistake("one-step-an-epoch",
            "You take one step for each epoch: `step()` belongs into the loop over batches.",
            READ_LOOP, _train_with(once_an_epoch=True)),
]

FITS = [
    Mistake("gradients-not-reset",
            "Gradients add up over the steps: set them back before every `backward()`.",
            READ_TORCH, _train_with(accumulate=True)),
    Mistake("eval-mode",
            "The network is in eval mode while it learns: call `model.train()` first.",
            READ_TORCH, _train_with(asleep=True)),
    Mistake("no-step",
            "The parameters do not move. Each batch takes, in this order: gradients back to zero, "
            "`backward()`, `step()`.",
            READ_TORCH, _train_with(frozen=True)),
    Mistake("uphill", "The loss rises: the steps go along the gradient, not against it.",
            READ_TORCH, _train_with(sign=-1)),
    Mistake("loss-after-the-step",
            "You record the loss after the step; the loss before it is asked for.",
            READ_LOOP, _train_with(after=True)),
    Mistake("losses-by-epoch", "You record a loss for each epoch; one for each batch is asked "
            "for.", READ_LOOP, _train_with(per_epoch=np.mean)),
    Mistake("last-loss-of-the-epoch",
            "You record the last loss of each epoch; one for each batch is asked for.",
            READ_LOOP, _train_with(per_epoch=lambda seen: seen[-1])),
    Mistake("last-batch-left-out",
            "The images that do not fill a whole batch are left out.",
            READ_LOOP, _train_with(cut=lambda N, m, rng: BATCHES["last-batch-dropped"].wrong(
                N, m, np.random.default_rng()))),
    Mistake("momentum", "Plain `torch.optim.SGD` is asked for, without momentum.",
            READ_TORCH, _train_with(momentum=0.9)),
    *(Mistake("weight-decay", "Plain `torch.optim.SGD` is asked for, without weight decay.",
              READ_TORCH, _train_with(weight_decay=decay)) for decay in (1e-3, 5e-4)),
    Mistake("adam", "Plain `torch.optim.SGD` is asked for; you use Adam.",
            READ_TORCH, _train_with(plain=False)),
    Mistake("gradients-clipped", "You cut long gradients: plain `torch.optim.SGD` is asked for.",
            READ_TORCH, _train_with(clipped=True)),
    Mistake("rate-ignored", "You ignore `lr`: your learning rate is 0.1, whatever it says.",
            READ_TORCH, _train_with(first_rate=0.1)),
    Mistake("one-epoch", "You train for one epoch, whatever `epochs` says.",
            READ_LOOP, _train_with(one_epoch=True)),
    Mistake("an-epoch-too-few", "You train for one epoch less than `epochs` says.",
            READ_LOOP, _train_with(fewer=1)),
    Mistake("an-epoch-too-many", "You train for one epoch more than `epochs` says.",
            READ_LOOP, _train_with(fewer=-1)),
    STOPPED,
    Mistake("summed-not-averaged", "Your loss is a sum over the batch; the mean is asked for.",
            READ_TORCH, _train_with(scale=lambda size, batch_size: size)),
    Mistake("divided-by-batch-size",
            "You divide a smaller last batch by `batch_size`: the mean is over its own images.",
            READ_TORCH, _train_with(scale=lambda size, batch_size: size / batch_size)),
    Mistake("softmax-before-the-loss",
            "You apply softmax before `cross_entropy`, which expects scores: it has the softmax "
            "inside.",
            READ_TORCH, _train_with(squashed=_softmax)),
    Mistake("squared-error", "Your loss is a squared error; the cross-entropy is asked for.",
            READ_TORCH, _train_with(squared=True)),
    Mistake("copy-trained",
            "You train a copy of the network: train the one that you are given, in place.",
            READ_TORCH, _train_with(copied=True)),
    *_EPOCHS, *STEPS,
]


def _network(channels, size, classes, *, pools=2, convolutions=2, activations=(True, True),
             end=None, width=16, unused=False, averaged=False, batch_statistics=False,
             fixed_size=None, fixed_channels=None):
    """A network of plain layers with one thing about it wrong."""
    from torch import nn

    layers, now, side = [], fixed_channels or channels, fixed_size or size
    for number, active in enumerate(activations[:convolutions]):
        more = width * (1 + number)
        layers.append(nn.Conv2d(now, more, 3, padding=1))
        if batch_statistics:
            layers.append(nn.BatchNorm2d(more, track_running_stats=False))
        if active:
            layers.append(nn.ReLU())
        if number < pools:
            layers.append(nn.MaxPool2d(2))
            side //= 2
        now = more
    if averaged:
        layers.append(nn.AdaptiveAvgPool2d(1))
        side = 1
    layers += [nn.Flatten(), nn.Linear(now * side**2, classes)]
    network = nn.Sequential(*layers, *([end] if end else []))
    if unused:
        network[0].spare = nn.Linear(4, 4)
    return network


def _network_with(**wrong):
    return lambda *args: _network(*args, **wrong)


def _ending(name, **options):
    def make(*args):
        from torch import nn

        return _network(*args, end=getattr(nn, name)(**options))

    return make


def _written(forward, listed=False):
    """A class whose forward pass is `forward(network, x)`."""

    def make(channels, size, classes):
        from torch import nn

        class Network(nn.Module):
            def __init__(self):
                super().__init__()
                layers = [nn.Conv2d(channels, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                          nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
                self.layers = layers if listed else nn.ModuleList(layers)
                self.out = nn.Linear(32 * (size // 4) ** 2, classes)

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return forward(self, x)

        return Network()

    return make


def _dropped(network, x):
    from torch.nn import functional

    return network.out(functional.dropout(x, 0.5))


_NETWORKS = [
    Mistake("one-convolution", "At least two `nn.Conv2d` layers are asked for.",
            READ_STACK, _network_with(convolutions=1)),
    Mistake("layers-in-a-plain-list",
            "PyTorch does not find your convolutions: layers in a Python list are not part of the "
            "network. Use `nn.Sequential` or `nn.ModuleList`.",
            READ_TORCH, _written(lambda network, x: network.out(x), listed=True)),
    Mistake("size-kept",
            "The images keep their size: pool, or use a stride.",
            READ_STACK, _network_with(pools=0, width=2)),
    *(Mistake("no-activation",
              "There is no activation between your convolutions: without one, two are no more "
              "than one. Put a ReLU after each. (Max pooling is none.)",
              READ_STACK, _network_with(activations=(False, last))) for last in (False, True)),
    Mistake("softmax-at-the-end",
            "Your network ends in a softmax: return the scores, `cross_entropy` has the softmax "
            "inside.",
            READ_TORCH, _ending("Softmax", dim=1)),
    Mistake("log-softmax-at-the-end",
            "Your network ends in a log-softmax: return the scores, `cross_entropy` has it inside.",
            READ_TORCH, _ending("LogSoftmax", dim=1)),
    *(Mistake("sign-at-the-end",
              "All your scores have the same sign, whatever the parameters: is there an "
              "activation after the last layer? Return its numbers as they are.",
              READ_TORCH, _ending(kind)) for kind in ("ReLU", "Sigmoid")),
    Mistake("too-small", "Between 1,000 and 500,000 parameters are asked for, yours has fewer.",
            READ_STACK, _network_with(width=2, averaged=True)),
    Mistake("too-large", "Between 1,000 and 500,000 parameters are asked for, yours has more.",
            READ_STACK, _network_with(width=192)),
    Mistake("layer-not-used", "A layer of your network has no effect: is it used in `forward`?",
            READ_TORCH, _network_with(unused=True)),
    *(Mistake("not-steady",
              "In eval mode, an image's scores depend on chance or on the other images. Use the "
              "layers `nn.Dropout` and `nn.BatchNorm2d`, which know the mode.",
              READ_DROP, make) for make in (
                  _written(_dropped), _network_with(batch_statistics=True))),
    Mistake("ten-classes-always",
            "Your network has 10 scores, whatever `num_classes` says.",
            READ_TORCH, lambda channels, size, classes: _network(channels, size, 10)),
    Mistake("single-image-squeezed",
            "For a single image the scores have one axis: their shape is (1, num_classes).",
            READ_TORCH, _written(lambda network, x: network.out(x).squeeze())),
    Mistake("size-fixed",
            "A layer's size is written for one size of images: compute it from `image_size`.",
            READ_STACK, _network_with(fixed_size=32)),
    Mistake("channels-fixed",
            "The first convolution's channels are a fixed number: they are `num_channels`.",
            READ_STACK, _network_with(fixed_channels=3)),
]
NETWORKS = _by_name(_NETWORKS)

MISTAKES = {
    "conv_forward": CONVOLUTIONS, "conv_backward": BACK, "im2col": COLUMNS,
    "conv_im2col": PRODUCTS, "max_pool_forward": POOLS, "max_pool_backward": POOLS_BACK,
    "make_convnet": _NETWORKS, "accuracy": ACCURACIES, "fit": FITS,
}
