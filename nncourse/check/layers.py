"""Visible checks of hw5_convnet's layers, by hand-made numbers, properties and differences."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_numbers, close, items, require, visible_check


def _check_conv(function: Callable, name: str) -> None:
    x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
    w = np.array([[[[1.0, 0.0], [0.0, -2.0]]]])
    got = as_numbers(function(x, w, np.array([100.0]), 1, 0), (1, 1, 2, 3),
                     f"{name}(x, w, b, 1, 0)")
    require(close(got[0, 0], [[89, 88, 87], [85, 84, 83]]),
            "The first window of ((1, 2, 3, 4), (5, 6, ...)) is (1, 2; 5, 6); with the filter "
            f"(1, 0; 0, -2) and the bias 100: 1 - 12 + 100 = 89. Yours: {got[0, 0, 0, 0]:g}.")
    got = as_numbers(function(x, w, np.zeros(1), 1, 1), (1, 1, 4, 5), f"{name} with padding 1")
    require(close(got[0, 0, 0], [-2, -4, -6, -8, 0]),
            "With a ring of zeros the first windows hold one number of the image, at the lower "
            "right: -2 times 1, 2, 3, 4, and then none. Your first row is "
            f"({', '.join(f'{v:g}' for v in got[0, 0, 0])}).")
    got = as_numbers(function(x, w, np.zeros(1), 2, 0), (1, 1, 1, 2), f"{name} with stride 2")
    require(close(got[0, 0], [[-11, -13]]), "With stride 2, windows begin in columns 0 and 2: "
                                             "1 - 12 and 3 - 16. A row that does not fit is left.")
    two = np.stack([np.ones((3, 3)), 10 * np.ones((3, 3))])[np.newaxis]  # two channels
    filters = np.ones((3, 2, 2, 3)) * np.array([1.0, 2.0, 3.0])[:, None, None, None]
    got = as_numbers(function(two, filters, np.zeros(3), 1, 0), (1, 3, 2, 1), f"{name} of channels")
    require(close(got[0, :, 0, 0], [66, 132, 198]),
            "Two channels of ones and tens under a filter of 2 by 3 ones: 6 + 60 = 66. All "
            "channels are added up, and filters and images need not be square.")


@visible_check
def conv_forward(function: Callable) -> None:
    """Check windows that can be followed by hand."""
    _check_conv(function, "conv_forward")


@visible_check
def conv_im2col(function: Callable) -> None:
    """The same; loops are looked for in grading only."""
    _check_conv(function, "conv_im2col")
    x = np.arange(8.0).reshape(2, 1, 2, 2)
    filters = np.array([[[[1.0]]], [[[10.0]]]])
    got = as_numbers(function(x, filters, np.zeros(2), 1, 0), (2, 2, 2, 2),
                     "conv_im2col with two filters of one number")
    require(close(got[:, 0], x[:, 0]) and close(got[:, 1], 10 * x[:, 0]),
            "Filters 1 and 10 give the images themselves and ten times them: is the product "
            "reshaped to (N, OH, OW, F) before its axes are moved?")


@visible_check
def conv_backward(function: Callable) -> None:
    """Check gradients that arrive at one place, which can be followed by hand."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 2, 4, 5)), rng.normal(size=(3, 2, 2, 3))

    def run(dout, stride, pad):
        kept = dout.copy(), x.copy(), w.copy()
        dx, dw, db = items(function(dout, x, w, stride, pad), 3, "conv_backward")
        require(all(map(np.array_equal, kept, (dout, x, w))),
                "conv_backward changes its arguments.")
        what = f"stride {stride}, padding {pad}: "
        return (as_numbers(dx, x.shape, what + "dx"), as_numbers(dw, w.shape, what + "dw"),
                as_numbers(db, (3,), what + "db"))

    dout = np.zeros((2, 3, 3, 3))
    dout[1, 2, 0, 1] = 10.0
    dx, dw, db = run(dout, 1, 0)
    require(close(db, [0, 0, 10], 1e-4), "A 10 arrives at filter 2 and nowhere else: db is "
                                          "(0, 0, 10).")
    want = np.zeros(x.shape)
    want[1, :, 0:2, 1:4] = 10 * w[2]
    require(close(dx, want, 1e-4), "A 10 arrives at image 1, filter 2, row 0, column 1: dx is "
                                    "10 times that filter, laid on the window's place there.")
    require(close(dw[2], 10 * x[1, :, 0:2, 1:4], 1e-4) and close(dw[:2], 0),
            "The same 10: dw of filter 2 is 10 times the window, of the others 0.")
    dout[1, 2, 0, 2] = 10.0
    want[1, :, 0:2, 2:5] += 10 * w[2]
    dx, dw, db = run(dout, 1, 0)
    require(close(dx, want, 1e-4), "Two windows overlap: where they do, their shares add up.")
    require(close(db, [0, 0, 20], 1e-4), "db adds up over all places and images.")
    dout = np.zeros((2, 3, 3, 3))
    dout[0, 1, 1, 0] = 1.0
    dx, dw, _ = run(dout, 2, 1)
    want = np.zeros(x.shape)
    want[0, :, 1:3, 0:2] = w[1, :, :, 1:]
    require(close(dx, want, 1e-4),
            "With stride 2 and padding 1, window (1, 0) begins in row 1, and one column of it lies "
            "in the padding, which is cut off.")
    require(close(dw[1, :, :, 1:], x[0, :, 1:3, 0:2], 1e-4) and close(dw[1, :, :, 0], 0),
            "With stride 2 and padding 1, dw of window (1, 0) holds the padding's zeros too.")


@visible_check
def im2col(function: Callable) -> None:
    """Check the rows of a small image."""
    x = np.arange(1.0, 25.0).reshape(2, 2, 2, 3)
    got = as_numbers(function(x, 2, 2, 1, 0), (4, 8), "im2col(x, 2, 2, 1, 0)")
    require(close(got[0], [1, 2, 4, 5, 7, 8, 10, 11]),
            "The first window holds (1, 2; 4, 5) of channel 0 and (7, 8; 10, 11) of channel 1: the "
            "row is 1, 2, 4, 5, 7, 8, 10, 11. Yours is "
            f"{', '.join(f'{v:g}' for v in got[0])}.")
    require(close(got[1, :4], [2, 3, 5, 6]) and close(got[2, :4], [13, 14, 16, 17]),
            "Row 1 is the next window of the same image, row 2 the first of the next image.")
    got = as_numbers(function(x[:1, :1], 2, 2, 2, 1), (4, 4), "im2col with stride 2 and padding 1")
    require(close(got[0], [0, 0, 0, 1]), "With padding, the first window is (0, 0; 0, 1).")


@visible_check
def max_pool_forward(function: Callable) -> None:
    """Check windows that touch and windows that overlap."""
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, -1.0], [-3.0, -2.0, -5.0, -6.0]]]])
    got = as_numbers(function(x, 2, 2), (1, 1, 1, 2), "max_pool_forward(x, 2, 2) of 3 by 4 numbers")
    require(close(got[0, 0], [[5, 8]]), "The windows (1, 5; 3, 4) and (2, 0; 8, -1) give 5 and 8.")
    got = as_numbers(function(x, 2, 1), (1, 1, 2, 3), "max_pool_forward(x, 2, 1)")
    require(close(got[0, 0], [[5, 8, 8], [4, 8, 8]]), "With stride 1 windows overlap: 5, 8, 8 and "
                                                       "4, 8, 8.")
    got = as_numbers(function(x[:, :, 2:], 1, 1), (1, 1, 1, 4), "max_pool_forward of size 1")
    require(close(got, x[:, :, 2:]), "Negative numbers stay as they are: start from them, not 0.")
    both = np.concatenate([x, -x], axis=1)
    got = as_numbers(function(both, 2, 2), (1, 2, 1, 2), "max_pool_forward of two channels")
    require(close(got[0, 1], [[-1, 1]]), "Each channel is pooled for itself.")


@visible_check
def max_pool_backward(function: Callable) -> None:
    """Check where gradients go."""
    x = np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 8.0], [0.0, 6.0, 7.0]]]])
    kept = x.copy()
    got = as_numbers(function(np.array([[[[10.0]]]]), x[:, :, :2, :2], 2, 2), (1, 1, 2, 2),
                     "max_pool_backward for one window")
    require(close(got[0, 0], [[0, 10], [0, 0]]), "All of it goes to the largest number, the 5.")
    got = as_numbers(function(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), x, 2, 1), (1, 1, 3, 3),
                     "max_pool_backward with stride 1")
    require(bool(np.all(x == kept)), "max_pool_backward changes x.")
    require(close(got[0, 0], [[0, 1, 0], [0, 0, 6], [0, 3, 0]]),
            "With stride 1: 1 goes to the 5, 2 and 4 both to the 8, which gets 6, and 3 to the 6.")


@visible_check
def batch_norm_forward(function: Callable) -> None:
    """Check a batch whose mean and variance can be read off, and a test."""
    x, one, zero = np.array([[1.0, 10.0], [3.0, 30.0]]), np.ones(2), np.zeros(2)
    kept = x.copy()
    out, mean, var = items(function(x, one, zero, zero, one, True), 3, "batch_norm_forward")
    require(bool(np.all(x == kept)), "batch_norm_forward changes x.")
    out = as_numbers(out, (2, 2), "the output")
    require(close(out, [[-1, -1], [1, 1]], 1e-4),
            "Two examples, each one standard deviation from the mean of its feature: the output is "
            f"-1 and 1. Yours is {out[0, 0]:.3f} and {out[1, 0]:.3f}.")
    require(close(as_numbers(mean, (2,), "the running mean"), [0.2, 2], 1e-4)
            and close(as_numbers(var, (2,), "the running variance"), [1, 10.9], 1e-4),
            "The batch's means are 2 and 20, its variances 1 and 100; with momentum 0.9 the "
            "running ones become 0.1 * 2 = 0.2 and 2, and 0.9 + 0.1 = 1 and 0.9 + 10 = 10.9.")
    out, _, _ = items(function(x, 2 * one, one, zero, one, True), 3, "batch_norm_forward")
    require(close(as_numbers(out, (2, 2), "the output"), [[-1, -1], [3, 3]], 1e-4),
            "gamma = 2 and beta = 1 make -1 and 1 into -1 and 3.")
    out, mean, var = items(function(x, one, zero, one, 4 * one, False), 3, "batch_norm_forward")
    require(close(as_numbers(out, (2, 2), "the output"), [[0, 4.5], [1, 14.5]], 1e-3),
            "In a test the running averages count, here mean 1 and variance 4: (1 - 1) / 2 = 0 and "
            "(3 - 1) / 2 = 1.")
    require(close(mean, 1) and close(var, 4), "In a test the running averages stay.")
    out, _, _ = items(function(x, one, zero, zero, one, True, 0.9, 3.0), 3, "batch_norm_forward")
    require(close(as_numbers(out, (2, 2), "the output")[:, 0], [-0.5, 0.5], 1e-4),
            "With eps = 3 and a variance of 1 the divisor is sqrt(1 + 3) = 2.")


@visible_check
def batch_norm_backward(function: Callable) -> None:
    """Check sums, and dx against differences."""
    rng = np.random.default_rng(1)
    x, dout, gamma = rng.normal(size=(5, 2)), rng.normal(size=(5, 2)), np.array([2.0, -0.5])
    dx, dgamma, dbeta = items(function(dout, x, gamma), 3, "batch_norm_backward")
    dx = as_numbers(dx, (5, 2), "dx")
    require(close(as_numbers(dbeta, (2,), "dbeta"), dout.sum(axis=0), 1e-4),
            "dbeta should add up dout over the examples.")
    normal = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)
    require(close(as_numbers(dgamma, (2,), "dgamma"), np.sum(dout * normal, axis=0), 1e-3),
            "dgamma should add up dout times the normalised inputs.")
    require(close(dx.sum(axis=0), 0, 1e-4),
            "Adding the same number to a feature of all examples changes nothing, so each column "
            "of dx adds up to 0.")
    require(close(np.sum(dx * x, axis=0), 0, 1e-3),
            "Stretching a feature of all examples changes (nearly) nothing, so each column of dx "
            "times that of x adds up to 0. Does a gradient go through the variance?")
    for place in [(0, 0), (3, 1)]:
        around = []
        for h in (1e-3, -1e-3):
            moved = x.copy()
            moved[place] += h
            spread = np.sqrt(moved.var(axis=0) + 1e-5)
            around.append(np.sum(dout * gamma * (moved - moved.mean(axis=0)) / spread))
        slope = (around[0] - around[1]) / 2e-3
        require(abs(slope - dx[place]) < 1e-3,
                f"dx at {place} should be {slope:.3f}, the slope of the output times dout; yours "
                f"is {dx[place]:.3f}.")


@visible_check
def dropout_forward(function: Callable) -> None:
    """Check shares and sizes in training, and that a test changes nothing."""
    x = np.full((200, 100), 3.0)
    x[:, 0] = -3.0
    kept = x.copy()
    rng = np.random.default_rng

    def run(keep_prob, train, seed=0):
        out = function(x, keep_prob, train, rng(seed))
        return as_numbers(out, x.shape, "the output of dropout_forward")

    require(close(run(0.8, False), x), "In a test dropout changes nothing.")
    out = run(0.8, True)
    require(bool(np.all(x == kept)), "dropout_forward changes x.")
    share = np.mean(out != 0)
    require(abs(share - 0.8) < 0.02, "With keep_prob = 0.8, about 80% of the entries are kept; "
                                     f"yours kept {share:.0%}.")
    share = np.mean(run(0.3, True) != 0)
    require(abs(share - 0.3) < 0.02, "With keep_prob = 0.3, about 30% of the entries are kept; "
                                     f"yours kept {share:.0%}. Are the draws uniform?")
    require(close(np.abs(out[out != 0]), 3 / 0.8, 1e-4),
            "What is kept is divided by keep_prob: 3 becomes 3.75, so that the mean stays.")
    mask = out != 0
    require(not np.all(mask == mask[0]) and not np.all(mask == mask[:, :1]),
            "Every entry is drawn for itself, not a row or a column at a time.")
    require(not np.array_equal(run(0.8, True, 1), out), "Another generator, another mask.")
    require(np.array_equal(run(0.8, True), out), "The same seed, the same mask: draw from rng.")
