"""Visible checks of hw2_softmax, by numbers that can be followed by hand and by properties."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import (
    CheckFailed,
    Raised,
    as_numbers,
    first_wrong,
    items,
    kinds,
    require,
    visible_check,
)
from nncourse.values import as_array, describe

WITHIN = 1e-5  # of numbers above 1: this share; answers in single precision come as close
FRACTIONS = np.array([[1, 2, 5], [1, 1, 2], [6, 3, 1], [2, 2, 1]])  # of 8, 4, 10 and 5
SCORES = [f"The scores (log {a}, log {b}, log {c})" for a, b, c in FRACTIONS]
PROBS = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])
LABELS = np.array([1, 2, 1, 0])  # their probabilities: 1/4, 1/8, 1/2, 1/4
# two examples and four classes, of which 1 and 2 do not occur
EXAMPLES, CLASSES = np.array([[2.0, 4.0, -2.0], [6.0, -4.0, 8.0]]), np.array([3, 0])
# for W = 0 and b = 0, where every probability is 1/4
START_DW = np.array([[-2.0, 2.0, -3.25], [1.0, 0.0, 0.75], [1.0, 0.0, 0.75], [0.0, -2.0, 1.75]])
START_DB = np.array([-0.25, 0.25, 0.25, -0.25])
OVERFLOW = ("An exponential has overflowed, all those of a row have become 0, or a logarithm was "
            "taken of 0: what is subtracted from the scores before exp?")


def _ask(function: Callable, *args, about: str):
    """The answer; where the function raises something, on what input."""
    try:
        with np.errstate(all="ignore"):
            return function(*args)
    except Raised as error:
        raise CheckFailed(f"{about}: {error}") from error


def _equal(got: np.ndarray, want, what: str, hint: str = "", within: float = WITHIN) -> None:
    """Require these numbers; CheckFailed shows the first that is another one."""
    place = first_wrong(got, want, within)
    if place is None:
        return
    want = np.broadcast_to(np.asarray(want, float), got.shape)
    where = f" at index ({', '.join(map(str, place))})" if place else ""
    raise CheckFailed(f"{what}{where} should be {want[place]:.6g}, yours is {got[place] + 0:.6g}."
                      f"{_relation(got, want)} {hint}".strip())


def _relation(got: np.ndarray, want: np.ndarray) -> str:
    """What all numbers have in common, where they are a multiple of those wanted."""
    with np.errstate(all="ignore"):
        factor = float(np.vdot(got, want) / max(np.vdot(want, want), 1e-30))
    if not 0.01 < abs(factor) < 1e6:
        return ""
    alone = np.count_nonzero(want) < 2  # one number is a multiple of any: of it, simple ones only
    simple = any(abs(x - round(x)) < WITHIN and round(x) in range(-1, 11)
                 for x in (factor, 1 / factor))
    if np.any(np.abs(got - factor * want) > WITHIN) or alone and (want.size > 1 or not simple):
        return ""
    if abs(factor + 1) < WITHIN:
        return " The sign is wrong." if alone else " All of yours have the wrong sign."
    return (f" That is {factor:.4g} times as much." if alone else
            f" All of yours are {factor:.4g} times as large as they should be.")


def _finite(value, shape: tuple, what: str, hint: str = OVERFLOW) -> np.ndarray:
    """As `as_numbers`, with what to look for where large scores have given nan or inf."""
    try:
        return as_numbers(value, shape, what)
    except CheckFailed as error:
        raise CheckFailed(f"{error} {hint}" if "nan or inf" in str(error) else str(error)) from None


def _kinds(array: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Labels have other types, and nothing else than integers."""
    if array.dtype.kind != "i":
        return kinds(array)
    return [("of type uint8", array.astype(np.uint8)), ("of type int32", array.astype(np.int32)),
            *kinds(array)[2:]]


def _check_kinds(function: Callable, args: tuple, names: str, read: Callable) -> None:
    """The answer, of which `read` makes arrays, does not depend on the kind of any array."""
    want = read(function(*args))
    for number, name in enumerate(names.split()):
        if isinstance(args[number], np.ndarray):
            for kind, same in _kinds(args[number]):
                changed = (*args[:number], same, *args[number + 1:])
                got = read(_ask(function, *changed, about=f"The numbers of {name} {kind}"))
                for mine, before in zip(got, want):
                    _equal(mine, before, f"The same numbers, but those of {name} {kind}. An entry",
                           "The kind of array should make no difference.")


@visible_check
def coin_log_likelihood(function: Callable) -> None:
    """Check one toss of each kind, three tosses, thousands of them, and p close to 0 and 1."""
    p = np.array([0.25, 0.5, 0.75])
    got = as_numbers(_ask(function, 1, 0, p, about="One head"), (3,),
                     "coin_log_likelihood(1, 0, p)")
    _equal(np.exp(got), p, "One head. The exponential of your answer",
           "The probability of one head is p itself, and the answer is log p.")
    got = as_numbers(function(0, 1, p), (3,), "coin_log_likelihood(0, 1, p)")
    _equal(np.exp(got), 1 - p, "One tail. The exponential of your answer",
           "The probability of one tail is 1 - p.")
    got = as_numbers(function(2, 1, p), (3,), "coin_log_likelihood(2, 1, p)")
    _equal(np.exp(got), [3 / 64, 1 / 8, 9 / 64], "Two heads and a tail. The exponential of your "
           "answer", "For p = 1/4 the probability is 1/4 * 1/4 * 3/4.")
    got = _finite(_ask(function, 2000, 2000, p[1:2], about="4000 tosses and one value of p"),
                  (1,), "the log-likelihood of 4000 tosses",
                  "The product of so many probabilities is too small for a float; the sum of their "
                  "logarithms is not.")
    _equal(got, -4000 * np.log(2), "4000 tosses of a fair coin: the logarithm",
           "It is -4000 log 2.")
    got = as_numbers(function(1, 0, np.array([1e-30])), (1,), "the log-likelihood at p = 1e-30")
    _equal(got, -30 * np.log(10), "One head, p = 1e-30: the logarithm",
           "Is a small number added to p, or p cut off?")
    got = as_numbers(function(0, 1, np.array([1 - 2.0**-20])), (1,), "the answer at p close to 1")
    _equal(got, -20 * np.log(2), "One tail, 1 - p = 2^-20: the logarithm",
           "Is a small number added to 1 - p, or p cut off?")
    _check_kinds(function, (2, 1, p), "heads tails p",
                 lambda value: [as_numbers(value, (3,), "the log-likelihood")])


def _check_shifts(ask: Callable, name: str) -> None:
    """A number that is added to all scores of a row changes nothing."""
    scores = np.array([[0.0, 1.0, 3.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0], [3.0, 2.0, 0.0]])
    want = ask(scores, f"{name} of small scores")
    for shift in (1000.0, -1000.0, 20000.0, -20000.0):
        _equal(ask(scores + shift, f"{name} of scores around {shift:g}"), want,
               f"{shift:g} is added to all scores: {name}",
               "The same number added to a whole row changes no probability. What is the largest "
               "exponential that you compute?")
    shifts = np.array([[900.0], [-500.0], [0.0], [-9000.0]])
    _equal(ask(scores + shifts, f"{name} of rows that are far apart, by 900, -500, 0 and -9000,"),
           want, f"900, -500, 0 and -9000 are added to the four rows: {name}",
           "Does every row lose its own largest score?")


@visible_check
def softmax(function: Callable) -> None:
    """Check rows whose probabilities are simple fractions, and large scores."""
    def ask(scores, what):
        return _finite(_ask(function, scores, about=what), scores.shape, what)

    got = ask(np.log(FRACTIONS), "softmax of four rows of three scores")
    require(bool(np.all(got >= 0)), "softmax(scores) has negative entries: the exponentials of the "
                                    "scores are positive.")
    _equal(got.sum(axis=1), 1, "The sum of each row should be 1. The sum of the row")
    for row, numbers, scores in zip(got, FRACTIONS, SCORES):
        _equal(row, numbers / numbers.sum(), f"{scores}: the probability",
               f"The exponentials are {numbers[0]}, {numbers[1]} and {numbers[2]}, and their sum "
               f"is {numbers.sum()}.")
    _check_shifts(ask, "softmax")
    _equal(ask(np.array([[8000.0, 8000.0, -8000.0, 0.0], [0.0, 0.0, 0.0, 3000.0]]),
               "softmax of scores that are far apart within a row"),
           [[0.5, 0.5, 0, 0], [0, 0, 0, 1]], "The scores (8000, 8000, -8000, 0) and "
           "(0, 0, 0, 3000): the probability", "What is subtracted from a row before exp?")
    _equal(ask(np.log([[1.0, 3.0]]), "softmax of one example with two classes"), [[0.25, 0.75]],
           "The scores (log 1, log 3): the probability")
    _check_kinds(function, (np.log(FRACTIONS),), "scores",
                 lambda value: [as_numbers(value, (4, 3), "softmax(scores)")])


@visible_check
def log_softmax(function: Callable) -> None:
    """Check simple fractions, and scores whose probability is rounded to 0."""
    def ask(scores, what):
        return _finite(_ask(function, scores, about=what), scores.shape, what)

    got = ask(np.log(FRACTIONS), "log_softmax of four rows of three scores")
    for row, numbers, scores in zip(np.exp(got), FRACTIONS, SCORES):
        _equal(row, numbers / numbers.sum(), f"{scores}: the exponential of your answer",
               f"It is the probability: {numbers[0]}, {numbers[1]} and {numbers[2]}, each divided "
               f"by {numbers.sum()}.")
    _check_shifts(ask, "log_softmax")
    _equal(ask(np.array([[0.0, 1000.0, -19000.0], [5.0, 5.0, -800.0]]),
               "log_softmax of scores that are far apart within a row"),
           [[-1000, 0, -20000], [-np.log(2), -np.log(2), -805 - np.log(2)]],
           "The scores (0, 1000, -19000) and (5, 5, -800): the logarithm",
           "Is a logarithm taken of a probability that was rounded to 0, or is something added to "
           "it or cut off?")
    _equal(np.exp(ask(np.log([[1.0, 3.0]]), "log_softmax of one example with two classes")),
           [[0.25, 0.75]], "The scores (log 1, log 3): the exponential of your answer")
    _check_kinds(function, (np.log(FRACTIONS),), "scores",
                 lambda value: [as_numbers(value, (4, 3), "log_softmax(scores)")])


@visible_check
def cross_entropy(function: Callable) -> None:
    """Check the mean over four examples with known probabilities, and improbable labels."""
    log_probs = np.log(PROBS)
    got = as_numbers(_ask(function, log_probs, LABELS, about="Four examples"), (),
                     "the loss of four examples")
    _equal(got, 2 * np.log(2), "The true classes have the probabilities 1/4, 1/8, 1/2 and 1/4. "
           "The loss", "The losses are 2, 3, 1 and 2 times log 2, and their mean is 2 log 2.")
    for n, label in [(3, 2), (1, 2), (0, 1)]:
        got = as_numbers(_ask(function, log_probs[n:n + 1], np.array([label]),
                              about="The loss of one example"), (), "the loss of one example")
        _equal(got, -log_probs[n, label], f"One example, whose true class {label} has the "
               f"probability {PROBS[n, label]:g}. The loss", "It is minus its logarithm.")
    got = as_numbers(_ask(function, log_probs[:2], np.array([0, 0]),
                          about="Two examples of class 0"), (), "the loss of two examples")
    _equal(got, 2 * np.log(2), "Two examples of class 0, with the probabilities 1/2 and 1/8. "
           "The loss", "No example has class 1 or 2.")
    far = np.array([[-1000.0, 0.0], [0.0, -30000.0]])
    hint = "log_probs holds logarithms already: nothing is added to them or cut off."
    got = _finite(_ask(function, far, np.array([0, 1]), about="Logarithms of -1000 and -30000"),
                  (), "the loss of true classes with the logarithms -1000 and -30000", hint)
    _equal(got, 15500, "True classes with the logarithms -1000 and -30000. The loss", hint)
    _check_kinds(function, (log_probs, LABELS), "log_probs y",
                 lambda value: [as_numbers(value, (), "the loss")])


@visible_check
def score_gradient(function: Callable) -> None:
    """Check signs, sums and size of the gradient."""
    got = as_numbers(_ask(function, PROBS, LABELS, about="Four examples"), (4, 3),
                     "score_gradient(probs, y) for four rows")
    wanted = np.array([[0.5, -0.75, 0.25], [0.125, 0.75, -0.875], [0.25, -0.5, 0.25],
                       [-0.75, 0.25, 0.5]]) / 4
    _equal(got, wanted, "Four examples, N = 4: the gradient", _about_gradient(got, wanted))
    probs = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    hint = "They are taken as they are: nothing is divided by them, and they are not cut off."
    got = _finite(_ask(function, probs, np.array([1, 2]), about="Probabilities of 0 and 1"),
                  (2, 3), "the gradient for probabilities of 0 and 1", hint)
    _equal(got, [[0.5, -0.5, 0], [0, 0.5, -0.5]], "Probabilities of 0 and 1: the gradient", hint,
           within=1e-7)
    for labels in ([0, 2], [1, 0]):
        what = f"Two examples of the classes {labels[0]} and {labels[1]}"
        got = as_numbers(_ask(function, PROBS[:2], np.array(labels), about=what), (2, 3), what)
        (absent,) = {0, 1, 2} - set(labels)
        _equal(got[:, absent], PROBS[:2, absent] / 2, f"{what}: column {absent} of the gradient",
               f"No example has class {absent}, but its score counts in the sums too.")
    got = as_numbers(_ask(function, PROBS[:1], np.array([2]), about="One example"), (1, 3),
                     "the gradient of one example")
    _equal(got, [[0.5, 0.25, -0.75]], "One example of the last class: the gradient")
    _check_kinds(function, (PROBS, LABELS), "probs y",
                 lambda value: [as_numbers(value, (4, 3), "the gradient")])


def _about_gradient(got, wanted) -> str:
    """The property of the gradient that is violated."""
    if not np.array_equal(got < 0, wanted < 0):
        return "Of each row only the true class's entry is negative: its score should go up."
    if np.any(np.abs(got.sum(axis=1)) > WITHIN):
        return "The entries of each row should add up to 0."
    return "The loss is a mean over the examples, so the gradient is divided by N."


def _check_loss(function: Callable, name: str) -> None:
    def ask(X, y, W, b, reg, about=""):
        value = _ask(function, X, y, W, b, reg, about=about or "A batch of two examples")
        loss, dW, db = items(value, 3, f"{name}(X, y, W, b, reg)")
        about = about and f"{about}: "
        return (_finite(loss, (), f"{about}the loss"), _finite(dW, W.shape, f"{about}dW"),
                _finite(db, b.shape, f"{about}db"))

    loss, dW, db = ask(EXAMPLES, CLASSES, np.zeros((4, 3)), np.zeros(4), 0.0)
    start = "W and b are 0, so all four probabilities are 1/4."
    _equal(loss, np.log(4), f"{start} The loss", "It is log 4.")
    _equal(db, START_DB, f"{start} db", "The true classes are 3 and 0: each entry of db is the "
           "mean of 1/4 - 1 where its class is true and 1/4 where it is not.")
    _equal(dW, START_DW, f"{start} dW", "Row 3 is the mean of (1/4 - 1) x_0 and 1/4 x_1, row 0 "
           "that of 1/4 x_0 and (1/4 - 1) x_1.")

    W, b = np.log([[4.0, 1.0], [1.0, 3.0], [1.0, 2.0]]), np.log([1.0, 1.0, 3.0])
    loss, dW, db = ask(np.eye(2), np.array([2, 0]), W, b, 0.0)
    told = ("The exponentials of the scores are (4, 1, 3) and (1, 3, 6), the true classes 2 and 0. "
            "The biases count in the scores.")
    _equal(loss, np.log(80 / 3) / 2, f"{told} The loss", "It is the mean of log 8/3 and log 10.")
    _equal(dW, [[0.25, -0.45], [0.0625, 0.15], [-0.3125, 0.3]], f"{told} dW")
    _equal(db, [-0.2, 0.2125, -0.0125], f"{told} db")
    _check_penalty(ask)

    scores = np.array([[1000.0, 2000.0, 0.0, 2000.0], [-5000.0, -5000.0, -5000.0, -9000.0],
                       [3000.0, 0.0, 0.0, 3000.0]])
    loss, dW, _ = ask(np.eye(3), np.array([0, 1, 3]), scores.T, np.zeros(4), 0.0,
                      "Scores of 1,000 and more")
    _equal(loss, (1000 + 2 * np.log(2) + np.log(3)) / 3, "Scores of 1,000 and more, true classes "
           "with the probabilities 0, 1/3 and 1/2. The loss", "The first one's share is "
           "1000 + log 2: is the logarithm taken of a probability that was rounded to 0?")
    _equal(dW, np.array([[-3, 1, 1.5], [1.5, -2, 0], [0, 1, 0], [1.5, 0, -1.5]]) / 9,
           "Scores of 1,000 and more. dW", "Is each row's own maximum subtracted before exp?")

    W, b = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0]]), np.array([0.5, -1.0])
    both = ask(EXAMPLES, np.array([1, 0]), W, b, 0.0)
    ones = [ask(EXAMPLES[n:n + 1], np.array([1 - n]), W, b, 0.0, "One example") for n in (0, 1)]
    for what, got, first, second in zip(("the loss", "dW", "db"), both, *ones):
        _equal(got, (first + second) / 2, f"A batch of two, after a batch of each alone: {what}",
               "It is the mean of what each gives alone.")
    _check_kinds(function, (EXAMPLES, np.array([1, 0]), W, b, 0.5), "X y W b reg", lambda value: [
        as_numbers(part, np.shape(right), what) for what, part, right in zip(
            ("the loss", "dW", "db"), items(value, 3, name), both)])


def _check_penalty(ask: Callable) -> None:
    """What reg adds to the loss and to dW, and that the biases are left alone."""
    W = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    b = np.array([1.0, -1.0, 0.5, 2.0])
    loss, dW, db = ask(EXAMPLES, CLASSES, W, b, 0.0)
    more_loss, more_dW, more_db = ask(EXAMPLES, CLASSES, W, b, 0.5)
    _equal(more_loss - loss, 2.5, "reg = 0.5, the squares of the weights add up to 10. What reg "
           "adds to the loss", "It is half of 0.5 * 10, however many examples there are, and the "
           "biases have no part in it.")
    _equal(more_dW - dW, 0.5 * W, "reg = 0.5. What reg adds to dW", "It is 0.5 W.")
    _equal(more_db - db, 0, "reg = 0.5. What reg adds to db", "The biases are not regularised.")


@visible_check
def softmax_loss_loops(function: Callable) -> None:
    """Check loss and gradients where they can be followed by hand."""
    _check_loss(function, "softmax_loss_loops")


@visible_check
def softmax_loss(function: Callable) -> None:
    """The same; loops are looked for in grading only."""
    _check_loss(function, "softmax_loss")


@visible_check
def predict(function: Callable) -> None:
    """Check the choice among three classes whose scores can be read off."""
    W, X = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.log([
        [6.0, 1.0], [1.0, 3.0], [1.0, 1.0], [0.5, 1.0], [2.0, 2.0]])
    none, some = np.zeros(3), np.log([1.0, 1.0, 4.0])

    def check(X, b, classes, confidence, what, hint=""):
        value = _ask(function, X, W, b, about=what)
        got, sure = items(value, 2, "predict(X, W, b)")
        _equal(_finite(got, (len(X),), "the classes"), classes, f"{what}: the class", hint)
        _equal(_finite(sure, (len(X),), f"{what}: the confidence"), confidence,
               f"{what}: the confidence", "It is the probability of the predicted class.")

    check(X[:2], none, [0, 1], [0.75, 0.6], "The scores (log 6, 0, 0) and (0, log 3, 0)",
          "It is the index of the largest score.")
    check(X, none, [0, 1, 0, 1, 0], [0.75, 0.6, 1 / 3, 0.4, 0.4],
          "The scores (log 6, 0, 0), (0, log 3, 0), (0, 0, 0), (log 1/2, 0, 0), (log 2, log 2, 0)",
          "Of equal scores the first wins.")
    check(X[:2], some, [0, 2], [6 / 11, 0.5],
          "With the bias log 4 for class 2, the scores (log 6, 0, log 4) and (0, log 3, log 4)",
          "Are the biases in the scores?")
    check(1000 * X, none, [0, 1, 0, 1, 0], [1, 1, 1 / 3, 0.5, 0.5],
          "The same without biases, and the scores a thousand times as large",
          "They are in the same order. Is the class taken from numbers that have overflowed?")
    check(X[1:2], some, [2], [0.5], "One example, with the scores (0, log 3, log 4)")
    _check_kinds(function, (X, W, some), "X W b", lambda value: [
        as_numbers(part, (5,), what) for what, part in zip(
            ("the classes", "the confidence"), items(value, 2, "predict(X, W, b)"))])


@visible_check
def train_softmax(function: Callable) -> None:
    """Check the first steps by hand, what reg changes, and that the loss falls."""
    def ask(X, y, C, lr, reg, steps, about):
        value = _ask(function, X, y, C, lr, reg, steps, about=about)
        W, b, losses = items(value, 3, "train_softmax")
        asked = f"{steps} step{'s' * (steps > 1)}: losses should be a list with one number for each"
        numbers = as_array(losses)
        if numbers is None or numbers.ndim != 1:
            raise CheckFailed(f"{asked}; yours is {describe(losses)}.")
        require(len(numbers) == steps, f"{asked}, the loss before it; yours has {len(numbers)}.")
        losses = as_numbers(losses, (steps,), "losses")
        return as_numbers(W, (C, X.shape[1]), "W"), as_numbers(b, (C,), "b"), losses

    W, b, losses = ask(EXAMPLES, CLASSES, 4, 0.1, 0.0, 1, "One step")
    _equal(losses, [np.log(4)], "Four classes: the first loss",
           "It is that of W = 0 and b = 0, log 4.")
    hint = ("After one step with lr = 0.1 it is -0.1 times the gradient at W = 0, b = 0, where all "
            "four probabilities are 1/4.")
    _equal(W, -0.1 * START_DW, "One step: W", hint)
    _equal(b, -0.1 * START_DB, "One step: b", hint)

    W, b, losses = ask(np.array([[1.0, 0.0]]), np.array([1]), 2, np.log(3), 0.0, 2, "One example")
    told = "One example x = (1, 0) of class 1, lr = log 3, two steps"
    _equal(losses, [np.log(2), np.log(10 / 9)], f"{told}: the loss before each step",
           "Class 1 has the probability 1/2, and after the first step 9/10.")
    hint = "The first step moves each by half of log 3, the second by a tenth."
    _equal(W, 0.6 * np.log(3) * np.array([[-1, 0], [1, 0]]), f"{told}: W", hint)
    _equal(b, [-0.6 * np.log(3), 0.6 * np.log(3)], f"{told}: b", hint)

    first, _, _ = ask(EXAMPLES, CLASSES, 4, 0.1, 0.5, 1, "One step with reg = 0.5")
    plain, plain_b, before = ask(EXAMPLES, CLASSES, 4, 0.1, 0.0, 2, "Two steps")
    more, more_b, after = ask(EXAMPLES, CLASSES, 4, 0.1, 0.5, 2, "Two steps with reg = 0.5")
    _equal(more - plain, -0.05 * first, "Two steps with lr = 0.1: what reg = 0.5 changes in W",
           "The second step's dW has the term 0.5 W, once, and is multiplied by lr.")
    _equal(more_b - plain_b, 0, "Two steps: what reg = 0.5 changes in b",
           "The biases are not regularised.")
    _equal(after - before, [0, 0.25 * np.sum(first * first)],
           "Two steps: what reg = 0.5 adds to the losses", "They have the regularisation in them.")

    _, _, losses = ask(EXAMPLES, CLASSES, 4, 0.02, 0.1, 30, "30 steps")
    require(bool(np.all(np.diff(losses) < 0)), "30 steps with lr = 0.02: the loss should fall in "
                                               "every step here.")
    ask(EXAMPLES, np.array([0, 1]), 4, 0.1, 0.5, 2, "The classes 2 and 3 have no example")
    _check_kinds(function, (EXAMPLES, CLASSES, 4, 0.1, 0.5, 3), "X y num_classes lr reg steps",
                 lambda value: [as_numbers(part, shape, what) for what, part, shape in zip(
                     ("W", "b", "losses"), items(value, 3, "train_softmax"),
                     ((4, 3), (4,), (3,)))])
