"""Visible checks of hw5_convnet's layers, by hand-made numbers, properties and differences."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    agree,
    as_numbers,
    close,
    items,
    require,
    visible_check,
)
from nncourse.layouts import layouts, together

DIGITS = ("(The digits of a number say where it stands, counted from 1: 2134 is image 2, channel "
          "1, row 3, column 4.)")


def _agree(got: np.ndarray, want, message: str, within: float = 1e-4) -> None:
    """As `agree`; batch normalisation's eps moves an answer by up to a hundred-thousandth."""
    agree(got, want, message, within)


def _telling(N: int, C: int, H: int, W: int) -> np.ndarray:
    """Images whose numbers say by their digits where they stand."""
    n, c, h, v = np.indices((N, C, H, W)) + 1
    return 1000.0 * n + 100 * c + 10 * h + v


def _number(x: np.ndarray, n: int, c: int, row: int, column: int) -> float:
    """The number at that place of the padded image: 0 in the padding."""
    inside = 0 <= row < x.shape[2] and 0 <= column < x.shape[3]
    return float(x[n, c, row, column]) if inside else 0.0


def _shape(x: np.ndarray, window: tuple[int, int], stride: int, pad: int) -> list[int]:
    """OH and OW by the formula of the notation."""
    return [int(np.floor((size + 2 * pad - field) / stride)) + 1
            for size, field in zip(x.shape[2:], window)]


def _check_conv(function: Callable, name: str) -> None:
    x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
    w = np.array([[[[1.0, 0.0], [0.0, -2.0]]]])
    got = as_numbers(function(x, w, np.array([100.5]), 1, 0), (1, 1, 2, 3),
                     f"{name}(x, w, b, 1, 0) of one image, one channel and one filter")
    _agree(got, [[[[89.5, 88.5, 87.5], [85.5, 84.5, 83.5]]]],
           "The image ((1, 2, 3, 4), (5, 6, 7, 8), ...) under the filter (1, 0; 0, -2) with the "
           "bias 100.5: the first window, (1, 2; 5, 6), gives 1 - 12 + 100.5 = 89.5, the one to "
           "its right (2, 3; 6, 7) gives 88.5.")
    got = as_numbers(function(x, w, np.zeros(1), 1, 1), (1, 1, 4, 5), f"{name} with padding 1")
    _agree(got[0, 0, 0], [-2, -4, -6, -8, 0],
           "With a ring of zeros the first windows hold one number of the image, at the lower "
           "right: -2 times 1, 2, 3, 4, and then none.")
    two = np.stack([np.ones((3, 3)), 10 * np.ones((3, 3))])[np.newaxis]  # two channels
    filters = np.ones((3, 2, 2, 3)) * np.array([1.0, 2.0, 3.0])[:, None, None, None]
    got = as_numbers(function(two, filters, np.array([0.0, 0.5, -1]), 1, 0), (1, 3, 2, 1),
                     f"{name} of two channels and three filters")
    _agree(got[0, :, 0, 0], [66, 132.5, 197],
           "Two channels of ones and tens under a filter of 2 by 3 ones: 6 + 60 = 66; under one "
           "of twos, with the bias 0.5: 132.5. All channels are added up, each filter has its own "
           "bias, and filters and images need not be square.")
    _check_picks(function, name)


def _check_picks(function: Callable, name: str) -> None:
    """Filters that are 0 but for a 1, so that outputs are numbers of the image."""
    x, b = _telling(2, 3, 5, 7), np.array([0.0, 0.25, 0.5, 0.75])
    ones = [(0, 0, 0), (1, 1, 2), (2, 0, 1), (0, 1, 0)]  # channel, row and column in the filter
    w = np.zeros((4, 3, 2, 3))
    for f, place in enumerate(ones):
        w[(f, *place)] = 1.0
    kinds = together(x, w)
    for stride, pad in [(1, 0), (2, 0), (1, 1), (3, 2), (2, 1)]:
        like_x, like_w = next(kinds, (x, w))
        OH, OW = _shape(x, (2, 3), stride, pad)
        got = as_numbers(function(like_x, like_w, b, stride, pad), (2, 4, OH, OW),
                         f"{name} of images (2, 3, 5, 7) and filters (4, 3, 2, 3), stride "
                         f"{stride}, padding {pad},")
        want = np.array([[[[_number(x, n, c, i * stride - pad + h, j * stride - pad + v) + b[f]
                            for j in range(OW)] for i in range(OH)]
                          for f, (c, h, v) in enumerate(ones)] for n in range(2)])
        _agree(got, want, f"Stride {stride}, padding {pad}: each filter is 0 but for a 1, so each "
                          f"output is a number of its image, or 0, plus the bias. {DIGITS}")


@visible_check
def conv_forward(function: Callable) -> None:
    """Check windows that can be followed by hand."""
    _check_conv(function, "conv_forward")


@visible_check
def conv_im2col(function: Callable) -> None:
    """The same; loops are looked for in grading only."""
    x, filters = _telling(2, 1, 2, 3), np.array([[[[1.0]]], [[[10.0]]]])
    got = as_numbers(function(x, filters, np.zeros(2), 1, 0), (2, 2, 2, 3),
                     "conv_im2col of two images and two filters of one number")
    _agree(got[:, 0], x[:, 0], "A filter that is 1 gives the images themselves: are the product's "
                               f"rows reshaped to (N, OH, OW, F) before axes are moved? {DIGITS}")
    _agree(got[:, 1], 10 * x[:, 0], "A filter that is 10 gives ten times the images.")
    _check_conv(function, "conv_im2col")


@visible_check
def conv_backward(function: Callable) -> None:
    """Check gradients that arrive at one place, which can be followed by hand, and sums."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 2, 4, 5)), rng.normal(size=(3, 2, 2, 3))

    def run(dout, stride, pad, x=x, w=w):
        dx, dw, db = items(function(dout, x, w, stride, pad), 3, "conv_backward")
        what = f"stride {stride}, padding {pad}: "
        return (as_numbers(dx, x.shape, what + "dx"), as_numbers(dw, w.shape, what + "dw"),
                as_numbers(db, (len(w),), what + "db"))

    dout = np.zeros((2, 3, 3, 3))
    dout[1, 2, 0, 1] = 10.0
    dx, dw, db = run(dout, 1, 0)
    _agree(db, [0, 0, 10], "A 10 arrives at filter 2 and nowhere else: db is (0, 0, 10).")
    want = np.zeros(x.shape)
    want[1, :, 0:2, 1:4] = 10 * w[2]
    require(not (close(dx[:, :, 2:], 0) and not close(dx[1, :, 0, 1], want[1, :, 0, 1], 1e-4)
                 and close(dx[1, :, 0, 1], 0)),
            "A 10 arrives at image 1, filter 2, row 0, column 1, and dx is 0 there: windows and "
            "filters whose dout is 0 wrote over it. Add with +=.")
    _agree(dx, want, "A 10 arrives at image 1, filter 2, row 0, column 1: dx is 10 times that "
                     "filter, laid on the window's place there, and 0 elsewhere.")
    want = np.zeros(w.shape)
    want[2] = 10 * x[1, :, 0:2, 1:4]
    _agree(dw, want, "The same 10: dw of filter 2 is 10 times the window, of the others 0.")
    dout[1, 2, 0, 2] = 10.0
    dout[0, 2, 2, 0] = 1.0
    want = np.zeros(x.shape)
    want[1, :, 0:2, 1:4] = 10 * w[2]
    want[1, :, 0:2, 2:5] += 10 * w[2]
    want[0, :, 2:4, 0:3] = w[2]
    dx, dw, db = run(dout, 1, 0)
    _agree(dx, want, "Two windows of an image overlap: where they do, their shares add up.")
    _agree(dw[2], 10 * x[1, :, 0:2, 1:4] + 10 * x[1, :, 0:2, 2:5] + x[0, :, 2:4, 0:3],
           "dw adds up over all places and images.")
    _agree(db, [0, 0, 21], "10, 10 and 1 arrive at filter 2: db adds up over places and images.")
    dout = np.zeros((2, 3, 3, 3))
    dout[0, 1, 1, 0] = 1.0
    dx, dw, _ = run(dout, 2, 1)
    want = np.zeros(x.shape)
    want[0, :, 1:3, 0:2] = w[1, :, :, 1:]
    _agree(dx, want, "With stride 2 and padding 1, window (1, 0) begins in row 1, and one column "
                     "of it lies in the padding, which is cut off.")
    _agree(dw[1, :, :, 1:], x[0, :, 1:3, 0:2], "With stride 2 and padding 1, dw of window (1, 0) "
                                              "is the window.")
    require(close(dw[1, :, :, 0], 0), "With stride 2 and padding 1, dw of window (1, 0) holds the "
                                      "padding's zeros too.")
    for (N, C, H, W, F, h, v), stride, pad in [((2, 2, 5, 4, 3, 2, 3), 1, 2),
                                               ((1, 1, 5, 6, 1, 3, 2), 3, 1)]:
        x, w = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, h, v))
        dout = rng.normal(size=(N, F, *_shape(x, (h, v), stride, pad)))
        for same_dout, same_x, same_w in together(dout, x, w):
            _check_sums(same_dout, same_x, same_w, stride, pad, run)


def _check_sums(dout, x, w, stride, pad, run):
    """The output is proportional to x and to w, whatever the shapes and kinds of arrays."""
    dx, dw, db = run(dout, stride, pad, x, w)
    of_x, of_w = np.sum(dx * x), np.sum(dw * w)
    require(close(of_x, of_w, 1e-3),
            f"Images {x.shape}, filters {w.shape}, stride {stride}, padding {pad}: the output "
            "(without bias) is linear in x and in w. So dx times x and dw times w, each added up, "
            f"are equal; yours are {of_x:.4f} and {of_w:.4f}.")
    _agree(db, [dout[:, f].sum() for f in range(len(w))],
           f"dout {dout.shape}: db[f] adds up all that arrives at filter f.", 1e-3)


@visible_check
def im2col(function: Callable) -> None:
    """Check the rows of small images."""
    x = np.arange(1.0, 25.0).reshape(2, 2, 2, 3)
    got = as_numbers(function(x, 2, 2, 1, 0), (4, 8), "im2col(x, 2, 2, 1, 0)")
    _agree(got[0], [1, 2, 4, 5, 7, 8, 10, 11],
           "The first window holds (1, 2; 4, 5) of channel 0 and (7, 8; 10, 11) of channel 1: the "
           "row is 1, 2, 4, 5, 7, 8, 10, 11. Yours is "
           f"{', '.join(f'{v:g}' for v in got[0])}.")
    _agree(got[1:, :4], [[2, 3, 5, 6], [13, 14, 16, 17], [14, 15, 17, 18]],
           "Row 1 is the next window of the same image, row 2 the first of the next image.")
    x = _telling(2, 2, 5, 7)
    kinds = iter(layouts(x))
    for height, width, stride, pad in [(2, 3, 1, 0), (2, 3, 2, 0), (3, 2, 1, 2), (2, 2, 3, 1)]:
        OH, OW = _shape(x, (height, width), stride, pad)
        got = as_numbers(
            function(next(kinds), height, width, stride, pad), (2 * OH * OW, 2 * height * width),
            f"im2col of images (2, 2, 5, 7), height {height}, width {width}, stride {stride}, "
            f"padding {pad},")
        want = [[_number(x, n, c, i * stride - pad + h, j * stride - pad + v)
                 for c in range(2) for h in range(height) for v in range(width)]
                for n in range(2) for i in range(OH) for j in range(OW)]
        _agree(got, want, f"Windows of {height} by {width}, stride {stride}, padding {pad}: rows "
                          "come image by image and, in each, row by row of places; numbers by "
                          f"channel, row and column of the window. {DIGITS}")


@visible_check
def max_pool_forward(function: Callable) -> None:
    """Check windows that touch, overlap or leave numbers out."""
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, -1.0], [-3.0, -2.0, -5.0, -6.0]]]])
    got = as_numbers(function(x, 2, 2), (1, 1, 1, 2), "max_pool_forward(x, 2, 2) of 3 by 4 numbers")
    _agree(got, [[[[5, 8]]]], "The windows (1, 5; 3, 4) and (2, 0; 8, -1) give 5 and 8.")
    got = as_numbers(function(x, 2, 1), (1, 1, 2, 3), "max_pool_forward(x, 2, 1)")
    _agree(got, [[[[5, 8, 8], [4, 8, 8]]]],
           "With stride 1 windows overlap: 5, 8, 8 and 4, 8, 8.")
    got = as_numbers(function(x[:, :, 2:], 1, 1), (1, 1, 1, 4), "max_pool_forward of size 1")
    _agree(got, x[:, :, 2:], "Negative numbers stay as they are: start from them, not 0.")
    both = np.concatenate([x, -x], axis=1)
    got = as_numbers(function(both, 2, 2), (1, 2, 1, 2), "max_pool_forward of two channels")
    _agree(got[:, 1], [[[-1, 1]]], "Each channel is pooled for itself.")
    x = _telling(2, 3, 5, 7)
    for kind, (size, stride) in zip(layouts(x), [(2, 2), (2, 3), (3, 1), (3, 2)]):
        # numbers grow to the right and downwards, so that the last of a window is its largest
        for sign, at in [(1, size - 1), (-1, 0)]:
            OH, OW = _shape(x, (size, size), stride, 0)
            want = [[[[sign * x[n, c, i * stride + at, j * stride + at] for j in range(OW)]
                      for i in range(OH)] for c in range(3)] for n in range(2)]
            got = as_numbers(function(sign * kind, size, stride), (2, 3, OH, OW),
                             f"max_pool_forward of images (2, 3, 5, 7), size {size}, stride "
                             f"{stride},")
            _agree(got, want, f"Size {size}, stride {stride}: each output is the largest number "
                              f"of its window. {DIGITS}")


@visible_check
def max_pool_backward(function: Callable) -> None:
    """Check where gradients go."""
    x = np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 8.0], [0.0, 6.0, 7.0]]]])
    got = as_numbers(function(np.array([[[[10.0]]]]), x[:, :, :2, :2], 2, 2), (1, 1, 2, 2),
                     "max_pool_backward for one window")
    _agree(got, [[[[0, 10], [0, 0]]]], "All of it goes to the largest number, the 5.")
    got = as_numbers(function(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), x, 2, 1), (1, 1, 3, 3),
                     "max_pool_backward with stride 1")
    _agree(got, [[[[0, 1, 0], [0, 0, 6], [0, 3, 0]]]],
           "With stride 1: 1 goes to the 5, 2 and 4 both to the 8, which gets 6, and 3 to the 6.")
    x = _telling(2, 3, 5, 7)
    for kind, (size, stride) in zip(layouts(x), [(2, 2), (2, 3), (3, 1), (3, 2)]):
        dout = 1 + np.arange(6.0 * np.prod(_shape(x, (size, size), stride, 0))).reshape(
            2, 3, *_shape(x, (size, size), stride, 0))
        # numbers grow to the right and downwards, so that the last of a window is its largest
        for sign, at in [(1, size - 1), (-1, 0)]:
            want = np.zeros(x.shape)
            rows, columns = dout.shape[2:]
            want[:, :, at::stride, at::stride][:, :, :rows, :columns] = dout
            got = as_numbers(function(dout, sign * kind, size, stride), x.shape,
                             f"max_pool_backward of images (2, 3, 5, 7), size {size}, stride "
                             f"{stride},")
            _agree(got, want, f"Size {size}, stride {stride}; x {'grows' if sign > 0 else 'falls'} "
                              f"to the right and downwards{'' if sign > 0 else ', below 0'}: what "
                              f"arrives goes to each window's {'last' if at else 'first'} number.")


@visible_check
def batch_norm_forward(function: Callable) -> None:
    """Check a batch whose mean and variance can be read off, and evaluation mode."""
    x = np.array([[1.0, 10.0], [3.0, 30.0]])

    def run(x, gamma, beta, mean, var, train, *rest):
        arrays = [np.array(values, float) for values in (gamma, beta, mean, var)]
        out, mean, var = items(function(x, *arrays, train, *rest), 3, "batch_norm_forward")
        return (as_numbers(out, x.shape, "the output"), as_numbers(mean, (2,), "the running mean"),
                as_numbers(var, (2,), "the running variance"))

    plain = (1, 1), (0, 0), (0, 0), (1, 1)  # gamma, beta, running mean and variance
    out, mean, var = run(x, *plain, True)
    _agree(out, [[-1, -1], [1, 1]],
           "Two examples, each one standard deviation from the mean of its feature: the output is "
           "-1 and 1.")
    _agree(mean, [0.2, 2], "The batch's means are 2 and 20; with momentum 0.9 the running ones, 0 "
                           "before, become 0.1 * 2 = 0.2 and 2.")
    _agree(var, [1, 10.9], "The batch's variances (divided by N) are 1 and 100; with momentum 0.9 "
                           "the running ones, 1 before, become 0.9 + 0.1 = 1 and 0.9 + 10 = 10.9.")
    out, _, _ = run(x, (2, 3), (1, -1), *plain[2:], True)
    _agree(out, [[-1, -4], [3, 2]], "gamma = (2, 3) and beta = (1, -1): -1 becomes 2 * -1 + 1 = -1 "
                                    "and 3 * -1 - 1 = -4.")
    _, mean, var = run(x, *plain, True, 0.25, 3.0)
    _agree(mean, [1.5, 15], "momentum 0.25, means 2 and 20: the running ones become 0.75 * 2 = 1.5 "
                            "and 15.")
    _agree(var, [1, 75.25], "momentum 0.25, eps 3, variances 1 and 100: the running ones become "
                            "0.25 + 0.75 = 1 and 0.25 + 75. eps is no part of them.")
    out, _, _ = run(x, *plain, True, 0.9, 3.0)
    _agree(out[:, 0], [-0.5, 0.5], "With eps = 3 and a variance of 1 the divisor is sqrt(1 + 3).")
    out, _, _ = run(np.array([[2.0, 1.0], [2.0, 3.0]]), *plain, True)
    _agree(out[:, 0], [0, 0], "A feature that is 2 for all examples becomes 0.")
    tests = (2, 1), (0, 1), (1, 0), (4, 9)
    for kind in layouts(x):
        out, mean, var = run(kind, *tests, False)
        _agree(out, [[0, 1 + 10 / 3], [2, 11]],
               "In evaluation mode the running averages count, here means 1 and 0 and variances 4 "
               "and 9: 2 (3 - 1) / 2 = 2 and 30 / 3 + 1 = 11.")
        require(close(mean, [1, 0]) and close(var, [4, 9]),
                "In evaluation mode the running averages stay as they are.")
        run(kind, *plain, True)
    out, _, _ = run(x[:1], *tests, False)
    _agree(out, [[0, 1 + 10 / 3]], "A single example in evaluation mode: (1 - 1) / 2 = 0.")
    out, _, _ = run(x, *plain[:2], (1, 10), (0, 1), False, 0.9, 3.0)
    _agree(out, [[0, 0], [2 / 3**0.5, 10]],
           "In evaluation mode with eps = 3 and a running variance of 0 the divisor is sqrt(3), "
           "with one of 1 it is 2.")


@visible_check
def batch_norm_backward(function: Callable) -> None:
    """Check sums, and dx against differences."""
    rng = np.random.default_rng(1)
    x, dout, gamma = rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), np.array([2.0, -0.5])
    for scale, eps in [(1, ()), (0.001, ()), (1, (0.5,))]:
        _check_norm_backward(function, dout, scale * x, gamma, eps, scale)
    first = as_numbers(items(function(dout, x, gamma), 3, "batch_norm_backward")[0], (5, 2), "dx")
    for arrays in together(dout, x, gamma):
        dx, _, _ = items(function(*arrays), 3, "batch_norm_backward")
        require(close(as_numbers(dx, (5, 2), "dx"), first, 1e-3),
                "The same numbers in single precision, column by column in memory, as a view or "
                "read-only give another dx.")


def _check_norm_backward(function, dout, x, gamma, eps, scale):
    about = f"With eps = {eps[0]:g}: " if eps else "" if scale == 1 else \
        "With a variance smaller than eps: "
    dx, dgamma, dbeta = items(function(dout, x, gamma, *eps), 3, "batch_norm_backward")
    dx = as_numbers(dx, (5, 2), "dx")
    _agree(as_numbers(dbeta, (2,), "dbeta"), dout.sum(axis=0),
           f"{about}dbeta adds up dout over the examples.")

    def normal(x):
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + (eps or (1e-5,))[0])

    _agree(as_numbers(dgamma, (2,), "dgamma"), np.sum(dout * normal(x), axis=0),
           f"{about}dgamma adds up dout times the normalised inputs.", 1e-3)
    require(close(scale * dx.sum(axis=0), 0, 1e-3),
            f"{about}adding the same number to a feature of all examples changes nothing, so each "
            "column of dx adds up to 0.")
    require(bool(eps) or scale != 1 or close(np.sum(dx * x, axis=0), 0, 1e-3),
            "Stretching a feature of all examples changes (nearly) nothing, so each column of dx "
            "times that of x adds up to 0. Does a gradient go through the variance?")
    for place in [(0, 0), (3, 1)]:
        around = []
        for h in (1e-3 * scale, -1e-3 * scale):
            moved = x.copy()
            moved[place] += h
            around.append(np.sum(dout * gamma * normal(moved)))
        slope = (around[0] - around[1]) / (2e-3 * scale)
        require(close(dx[place], slope, 1e-3),
                f"{about}dx at {place} should be {slope:.4g}, the slope of the output times dout; "
                f"yours is {dx[place]:.4g}.")


@visible_check
def dropout_forward(function: Callable) -> None:
    """Check shares and sizes in training, and that evaluation mode changes nothing."""
    x = np.full((200, 100), 3.0)
    x[:, ::2] = -3.0
    rng = np.random.default_rng

    def run(keep_prob, train, seed=0, x=x):
        out = function(x, keep_prob, train, rng(seed))
        return as_numbers(out, x.shape, "the output of dropout_forward")

    require(close(run(0.8, False), x), "In evaluation mode dropout changes nothing.")
    out = run(0.8, True)
    mask = out != 0
    require(not np.all(mask), "In training nothing is dropped: keep each entry with the "
                              "probability keep_prob, set the others to 0.")
    require(bool(np.any(mask)), "In training nothing is kept: the output is 0 everywhere.")
    require(not np.all(mask == mask[0]) and not np.all(mask == mask[:, :1]),
            "Whole rows or columns are dropped together: every entry is drawn for itself.")
    require(bool(np.any(out < 0)), "All negative entries of x have become 0: dropout keeps them "
                                   "like all others.")
    for keep_prob, kept in [(0.8, out), (0.3, run(0.3, True))]:
        share = np.mean(kept != 0)
        require(abs(share - keep_prob) < 0.02,
                f"With keep_prob = {keep_prob}, about {keep_prob:.0%} of the entries are kept; "
                f"yours kept {share:.0%}. keep_prob is the probability to KEEP one, and draws are "
                "uniform.")
    size = np.abs(out[mask]).max()
    require(close(out[mask], x[mask] / 0.8, 1e-4),
            f"What is kept is divided by keep_prob: 3 becomes 3.75, so that the mean stays. Yours "
            f"becomes {size:.4g}.")
    require(close(run(1.0, True), x), "With keep_prob = 1 all entries are kept as they are.")
    require(not np.array_equal(run(0.8, True, 1), out),
            "Another generator, another mask: draw from rng, without a seed of your own.")
    require(np.array_equal(run(0.8, True), out), "The same seed, the same mask: draw from rng.")
    for shape in [(500,), (5, 4, 5, 5)]:
        ones = np.ones(shape)
        for same in layouts(ones):
            kept = run(0.5, True, x=same)
            share = np.mean(kept != 0)
            require(0.3 < share < 0.7 and close(kept[kept != 0], 2),
                    f"x of shape {shape}, all 1, with keep_prob = 0.5: about half of the entries "
                    f"become 2 and the others 0. Yours kept {share:.0%}.")
        require(close(run(0.5, False, x=ones), 1), "In evaluation mode dropout changes nothing.")
