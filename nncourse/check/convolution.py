"""Visible checks of hw5_convnet's convolution and pooling, by numbers, properties, differences."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import agree, as_numbers, close, items, require, visible_check
from nncourse.layouts import layouts, together

DIGITS = ("(The digits of a number say where it stands, counted from 1: 2134 is image 2, channel "
          "1, row 3, column 4.)")


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
    agree(got, [[[[89.5, 88.5, 87.5], [85.5, 84.5, 83.5]]]],
           "The image ((1, 2, 3, 4), (5, 6, 7, 8), ...) under the filter (1, 0; 0, -2) with the "
           "bias 100.5: the first window, (1, 2; 5, 6), gives 1 - 12 + 100.5 = 89.5, the one to "
           "its right (2, 3; 6, 7) gives 88.5.")
    got = as_numbers(function(x, w, np.zeros(1), 1, 1), (1, 1, 4, 5), f"{name} with padding 1")
    agree(got[0, 0, 0], [-2, -4, -6, -8, 0],
           "With a ring of zeros the first windows hold one number of the image, at the lower "
           "right: -2 times 1, 2, 3, 4, and then none.")
    two = np.stack([np.ones((3, 3)), 10 * np.ones((3, 3))])[np.newaxis]  # two channels
    filters = np.ones((3, 2, 2, 3)) * np.array([1.0, 2.0, 3.0])[:, None, None, None]
    got = as_numbers(function(two, filters, np.array([0.0, 0.5, -1]), 1, 0), (1, 3, 2, 1),
                     f"{name} of two channels and three filters")
    agree(got[0, :, 0, 0], [66, 132.5, 197],
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
        agree(got, want, f"Stride {stride}, padding {pad}: each filter is 0 but for a 1, so each "
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
    agree(got[:, 0], x[:, 0], "A filter that is 1 gives the images themselves: are the product's "
                               f"rows reshaped to (N, OH, OW, F) before axes are moved? {DIGITS}")
    agree(got[:, 1], 10 * x[:, 0], "A filter that is 10 gives ten times the images.")
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
    agree(db, [0, 0, 10], "A 10 arrives at filter 2 and nowhere else: db is (0, 0, 10).")
    want = np.zeros(x.shape)
    want[1, :, 0:2, 1:4] = 10 * w[2]
    require(not (close(dx[:, :, 2:], 0) and not close(dx[1, :, 0, 1], want[1, :, 0, 1], 1e-4)
                 and close(dx[1, :, 0, 1], 0)),
            "A 10 arrives at image 1, filter 2, row 0, column 1, and dx is 0 there: windows and "
            "filters whose dout is 0 wrote over it. Add with +=.")
    agree(dx, want, "A 10 arrives at image 1, filter 2, row 0, column 1: dx is 10 times that "
                     "filter, laid on the window's place there, and 0 elsewhere.")
    want = np.zeros(w.shape)
    want[2] = 10 * x[1, :, 0:2, 1:4]
    agree(dw, want, "The same 10: dw of filter 2 is 10 times the window, of the others 0.")
    dout[1, 2, 0, 2] = 10.0
    dout[0, 2, 2, 0] = 1.0
    want = np.zeros(x.shape)
    want[1, :, 0:2, 1:4] = 10 * w[2]
    want[1, :, 0:2, 2:5] += 10 * w[2]
    want[0, :, 2:4, 0:3] = w[2]
    dx, dw, db = run(dout, 1, 0)
    agree(dx, want, "Two windows of an image overlap: where they do, their shares add up.")
    agree(dw[2], 10 * x[1, :, 0:2, 1:4] + 10 * x[1, :, 0:2, 2:5] + x[0, :, 2:4, 0:3],
           "dw adds up over all places and images.")
    agree(db, [0, 0, 21], "10, 10 and 1 arrive at filter 2: db adds up over places and images.")
    dout = np.zeros((2, 3, 3, 3))
    dout[0, 1, 1, 0] = 1.0
    dx, dw, _ = run(dout, 2, 1)
    want = np.zeros(x.shape)
    want[0, :, 1:3, 0:2] = w[1, :, :, 1:]
    agree(dx, want, "With stride 2 and padding 1, window (1, 0) begins in row 1, and one column "
                     "of it lies in the padding, which is cut off.")
    agree(dw[1, :, :, 1:], x[0, :, 1:3, 0:2], "With stride 2 and padding 1, dw of window (1, 0) "
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
    agree(db, [dout[:, f].sum() for f in range(len(w))],
           f"dout {dout.shape}: db[f] adds up all that arrives at filter f.", 1e-3)


@visible_check
def im2col(function: Callable) -> None:
    """Check the rows of small images."""
    x = np.arange(1.0, 25.0).reshape(2, 2, 2, 3)
    got = as_numbers(function(x, 2, 2, 1, 0), (4, 8), "im2col(x, 2, 2, 1, 0)")
    agree(got[0], [1, 2, 4, 5, 7, 8, 10, 11],
           "The first window holds (1, 2; 4, 5) of channel 0 and (7, 8; 10, 11) of channel 1: the "
           "row is 1, 2, 4, 5, 7, 8, 10, 11. Yours is "
           f"{', '.join(f'{v:g}' for v in got[0])}.")
    agree(got[1:, :4], [[2, 3, 5, 6], [13, 14, 16, 17], [14, 15, 17, 18]],
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
        agree(got, want, f"Windows of {height} by {width}, stride {stride}, padding {pad}: rows "
                          "come image by image and, in each, row by row of places; numbers by "
                          f"channel, row and column of the window. {DIGITS}")


@visible_check
def max_pool_forward(function: Callable) -> None:
    """Check windows that touch, overlap or leave numbers out."""
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, -1.0], [-3.0, -2.0, -5.0, -6.0]]]])
    got = as_numbers(function(x, 2, 2), (1, 1, 1, 2), "max_pool_forward(x, 2, 2) of 3 by 4 numbers")
    agree(got, [[[[5, 8]]]], "The windows (1, 5; 3, 4) and (2, 0; 8, -1) give 5 and 8.")
    got = as_numbers(function(x, 2, 1), (1, 1, 2, 3), "max_pool_forward(x, 2, 1)")
    agree(got, [[[[5, 8, 8], [4, 8, 8]]]],
           "With stride 1 windows overlap: 5, 8, 8 and 4, 8, 8.")
    got = as_numbers(function(x[:, :, 2:], 1, 1), (1, 1, 1, 4), "max_pool_forward of size 1")
    agree(got, x[:, :, 2:], "Negative numbers stay as they are: start from them, not 0.")
    both = np.concatenate([x, -x], axis=1)
    got = as_numbers(function(both, 2, 2), (1, 2, 1, 2), "max_pool_forward of two channels")
    agree(got[:, 1], [[[-1, 1]]], "Each channel is pooled for itself.")
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
            agree(got, want, f"Size {size}, stride {stride}: each output is the largest number "
                              f"of its window. {DIGITS}")


@visible_check
def max_pool_backward(function: Callable) -> None:
    """Check where gradients go."""
    x = np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 8.0], [0.0, 6.0, 7.0]]]])
    got = as_numbers(function(np.array([[[[10.0]]]]), x[:, :, :2, :2], 2, 2), (1, 1, 2, 2),
                     "max_pool_backward for one window")
    agree(got, [[[[0, 10], [0, 0]]]], "All of it goes to the largest number, the 5.")
    got = as_numbers(function(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), x, 2, 1), (1, 1, 3, 3),
                     "max_pool_backward with stride 1")
    agree(got, [[[[0, 1, 0], [0, 0, 6], [0, 3, 0]]]],
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
            agree(got, want, f"Size {size}, stride {stride}; x {'grows' if sign > 0 else 'falls'} "
                              f"to the right and downwards{'' if sign > 0 else ', below 0'}: what "
                              f"arrives goes to each window's {'last' if at else 'first'} number.")
