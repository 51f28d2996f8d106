"""Visible checks of hw3_gradient_descent, parts 1 to 5, by numbers that can be followed by hand."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    CheckFailed,
    Raised,
    agree,
    as_numbers,
    as_plain,
    close,
    items,
    require,
    visible_check,
)


def _square(w):
    return float(np.sum(np.square(w)))


def _slope_of_square(w):
    return 2 * np.asarray(w)


def ask(what: str, function: Callable, *args):
    """What the function returns; where it raises something, on which input."""
    try:
        return function(*args)
    except Raised as error:
        raise CheckFailed(f"{what}: {error}") from error


def read_only(array: np.ndarray) -> np.ndarray:
    """The array, which nobody can write to any more."""
    array.flags.writeable = False
    return array


@visible_check
def gradient_descent(function: Callable) -> None:
    """Check a parabola, on which every step halves the distance to the minimum."""

    def run(what, w0, lr, steps):
        path, costs = items(ask(what, function, _square, _slope_of_square, w0, lr, steps), 2,
                            "gradient_descent")
        return (as_numbers(path, (steps + 1, *w0.shape), f"{what}: the path, with its start,"),
                as_numbers(costs, (steps + 1,), f"{what}: the costs along it"))

    w0 = np.array([40.0, -20.0, 10.0])
    path, costs = run("3 steps from a vector", w0, 0.25, 3)
    agree(path[0], w0, "The first row of the path is the start w0 (later steps leave it alone).")
    agree(path[1], w0 / 2, "f is the sum of all squares, so that the gradient is 2w; with "
          "lr = 0.25 the first step leads from (40, -20, 10) to (20, -10, 5).")
    agree(path[2], w0 / 4, "The second step halves the numbers again, to (10, -5, 2.5): the "
          "gradient is that of the point where it starts.")
    agree(path[3], w0 / 8, "The third step halves the numbers again, to (5, -2.5, 1.25).")
    agree(costs, [2100, 525, 131.25, 32.8125],
          "The costs are 2100, 525, 131.25 and 32.8125: f at each point of the path.")
    w0 = np.array([[1.0, -2.0, 3.0], [4.0, 0.5, -1.0]])
    path, _ = run("1 step from a matrix", w0, 0.25, 1)
    agree(path, [w0, w0 / 2], "Parameters may be a matrix, and each point is one.")
    path, _ = run("2 steps from whole numbers", np.array([3, 1]), 0.25, 2)
    agree(path, [[3, 1], [1.5, 0.5], [0.75, 0.25]],
          "A start of whole numbers: the path holds floats.")
    _, costs = run("3 steps at too large a rate", np.array([1.0, -1.0]), 1.5, 3)
    agree(costs, [2, 8, 32, 128], "f is the sum of all squares and lr = 1.5: each step doubles "
          "the numbers and turns their signs. The cost rises, and all steps are taken.")
    path, _ = run("2 steps from the minimum", np.zeros(2), 0.25, 2)
    agree(path, 0, "At the minimum every step goes nowhere.")
    path, costs = run("no step", np.array([3.0, 4.0]), 0.25, 0)
    agree(path, [[3, 4]], "No step: the path is the start alone.")
    agree(costs, [25], "No step: there is the cost of the start alone.")
    run("a start in single precision that is read-only",
        read_only(np.array([3, 4], np.float32)), 0.25, 2)


@visible_check
def descend_until(function: Callable) -> None:
    """Check the same parabola: the gradient is 10, 5, 2.5, ... long."""

    def run(what, w0, tol, max_steps, lr=0.25):
        w, steps = items(ask(what, function, _slope_of_square, w0, lr, tol, max_steps), 2,
                         "descend_until")
        return (as_numbers(w, w0.shape, f"{what}: w"),
                float(as_numbers(steps, (), f"{what}: the number of steps")))

    def check(what, w0, tol, max_steps, wanted, why, lr=0.25):
        w, steps = run(what, w0, tol, max_steps, lr)
        require(steps == wanted, f"{why} Yours took {steps:g}.")
        agree(w, w0 * (1 - 2 * lr) ** wanted, f"After {wanted} steps, as it should be ({what}), "
               "w is another point.")

    w0 = np.array([4.0, 2.0, -2.0, -1.0])
    check("w0 = (4, 2, -2, -1), tol = 4", w0, 4.0, 50, 2,
          "At (4, 2, -2, -1) the gradient of the sum of squares is (8, 4, -4, -2): 10 long, as 64 "
          "+ 16 + 16 + 4 = 100. With lr = 0.25 each step halves it: 10, 5, 2.5. With tol = 4 it "
          "stops after 2 steps.")
    check("w0 = (-4, 2, 2, 1), tol = 4", np.array([-4.0, 2.0, 2.0, 1.0]), 4.0, 50, 2,
          "The gradient (-8, 4, 4, 2) is 10 long, whatever the signs: 2 steps.")
    check("the same start, tol = 10", w0, 10.0, 50, 0,
          "With tol = 10 the start is good enough: no step. (Equal to tol is short enough.)")
    check("a matrix, tol = 7", np.array([[2.0, 1.0, 2.0], [1.0, 2.0, -2.0]]), 7.0, 50, 1,
          "A matrix whose gradient has the entries 4, 2, 4, 2, 4 and -4. Their squares add up to "
          "72, so that its length is 8.49; tol = 7 takes one step.")
    check("the same vector, tol = 0, max_steps = 3", w0, 0.0, 3, 3,
          "With tol = 0 and max_steps = 3: three steps.")
    check("lr = 1.5, tol = 1, max_steps = 4", w0, 1.0, 4, 4,
          "With lr = 1.5 each step doubles the gradient: it takes all max_steps = 4 steps.", 1.5)
    check("the minimum, tol = 0", np.zeros(2), 0.0, 5, 0,
          "At the minimum the gradient is 0 long, which tol = 0 allows: no step.")
    check("lr = 1/128, tol = 0.09", w0, 0.09, 50, 50,
          "A small learning rate makes small steps, not small gradients: test the gradient, and "
          "take all max_steps = 50 steps here.", 2.0**-7)
    run("a start in single precision that is read-only",
        read_only(np.array([3, 4], np.float32)), 1.0, 9)


@visible_check
def cosine_rates(function: Callable) -> None:
    """Check steps whose cosines are known, and warm-ups."""

    def check(lr, steps, warmup, want, why):
        what = f"lr = {lr:g}, steps = {steps}, warmup = {warmup}"
        got = as_numbers(ask(what, function, lr, steps, warmup), (steps,), f"{what}: the result")
        agree(got, want, f"{what}: {why} Yours are {', '.join(f'{r:.4g}' for r in got)}.")

    half = np.sqrt(0.5)
    check(2.0, 4, 0, [2, 1 + half, 1, 1 - half],
          "the cosines of 0, 45, 90 and 135 degrees give 2, 1.707, 1 and 0.293.")
    check(0.002, 4, 0, [0.002, 0.001 * (1 + half), 0.001, 0.001 * (1 - half)],
          "the same as fractions of a small rate: 0.002, 0.001707, 0.001 and 0.0002929.")
    check(3.0, 6, 3, [1, 2, 3, 3, 2.25, 0.75],
          "the warm-up's rates are 1, 2 and 3; for the three steps that are left, the cosines of "
          "0, 60 and 120 degrees give 3, 2.25 and 0.75.")
    check(4.0, 4, 4, [1, 2, 3, 4], "nothing but a warm-up: 1, 2, 3, 4.")
    check(0.5, 1, 0, [0.5], "a single step has the rate lr.")
    check(0.5, 2, 1, [0.5, 0.5], "a warm-up of one step has the rate lr, and so has the first step "
                                 "after it.")


@visible_check
def numerical_gradient(function: Callable) -> None:
    """Check functions whose central differences are known exactly."""

    def at(what, f, w, h):
        return as_numbers(ask(what, function, f, w, h), w.shape, f"{what}: the gradient")

    def sum_of_squares(what, w, h=0.25):
        agree(at(what, _square, w, h), 2 * w, f"f is the sum of all squares ({what}). Its central "
               "difference is exactly 2w, for every h.")

    sum_of_squares("at a vector", np.array([1.0, -2.0, 4.0]))
    got = at("w^3", lambda v: float(v[0] ** 3), np.array([2.0]), 0.5)
    require(close(got, 12.25),
            "f(w) = w^3 at 2 with h = 0.5: (2.5^3 - 1.5^3) / 1 = 12.25. (The derivative is 12; "
            f"with so large an h the difference is off.) Yours is {got[0]:g}.")
    got = at("w0 w1", lambda v: float(v[0] * v[1]), np.array([3.0, 5.0]), 0.5)
    agree(got, [5, 3], "f(w) = w0 w1 at (3, 5) has the gradient (5, 3): each entry is moved "
          "alone, and put back.")
    for h in (2.0**-13, 1e-5):
        got = at("w^3 at 0", lambda v: float(v[0] ** 3), np.zeros(1), h)
        require(close(got / h**2, 1), f"f(w) = w^3 at 0 with h = {h:g}: (h^3 + h^3) / 2h = h^2 = "
                f"{h**2:g}. Yours is {got[0]:g}: the h that is given is to be used as it is.")
    matrix = np.array([[1.0, -2.0, 5.0], [3.0, 0.5, -4.0]])
    sum_of_squares("at a matrix", matrix)
    sum_of_squares("at an array with three axes", np.arange(1.0, 9.0).reshape(2, 2, 2))
    sum_of_squares("at a matrix that is read-only", read_only(matrix.copy()))
    sum_of_squares("at a matrix in Fortran order", np.asfortranarray(matrix))


@visible_check
def relative_error(function: Callable) -> None:
    """Check a factor of 3, a sign, sizes, equal gradients and zeros."""

    def check(a, n, want, why):
        with np.errstate(all="ignore"):
            value = ask(why, function, a, n)
        got = np.asarray(as_plain(value, "the relative error"))
        if got.dtype.kind == "f" and got.shape == () and not np.isfinite(got):
            raise CheckFailed(f"{why} Yours is {float(got)}.")
        agree(as_numbers(value, (), "the relative error"), want, why)

    a, zero = np.array([[3.0, 0.0], [0.0, 4.0]]), np.zeros((2, 2))
    check(a, 3 * a, 0.5, "Lengths 5 and 15, difference 10: the error is 10 / 20 = 0.5.")
    check(3 * a, a, 0.5, "Lengths 15 and 5, difference 10: the error is 10 / 20 = 0.5.")
    check(a, -a, 1, "Opposite gradients: 10 / 10 = 1.")
    check(a, a.copy(), 0, "Equal gradients: 0.")
    check(np.array([3.0, 4.0]), np.array([-4.0, 3.0]), np.sqrt(0.5),
          "(3, 4) and (-4, 3), both 5 long: the difference (7, 1) is 7.07 long, the error 0.707.")
    check(a, np.array([[3.0, 1.0], [0.0, 4.0]]), 1 / (5 + np.sqrt(26)),
          "Lengths 5 and 5.099, difference 1: about 0.099. An entry that is 0 in one of them is "
          "no catastrophe.")
    check(a, zero, 1, "The second of them is zero: 5 / 5 = 1.")
    check(zero, a, 1, "The first of them is zero: 5 / 5 = 1.")
    for size in (1e-7, 1e7):
        check(size * a, 3 * size * a, 0.5,
              f"Entries near {size:g}, of which one gradient is 3 times the other: 0.5.")
    check(zero, zero, 0, "Two gradients of zeros agree: 0.")
    check(np.ones((2, 3, 2)), -3 * np.ones((2, 3, 2)), 1, "Arrays with three axes: the sum of the "
          "squares of all entries counts.")
