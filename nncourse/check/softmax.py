"""Visible checks of hw2_softmax's probabilities, by numbers that can be followed by hand."""

from collections.abc import Callable

import numpy as np

from nncourse.check.base import as_numbers, require, visible_check
from nncourse.check.compared import WITHIN, across_kinds, call, checked, equals

FRACTIONS = np.array([[1, 2, 5], [1, 1, 2], [6, 3, 1], [2, 2, 1]])  # of 8, 4, 10 and 5
SCORES = [f"The scores (log {a}, log {b}, log {c})" for a, b, c in FRACTIONS]
PROBS = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])
LABELS = np.array([1, 2, 1, 0])  # their probabilities: 1/4, 1/8, 1/2, 1/4


@visible_check
def coin_log_likelihood(function: Callable) -> None:
    """Check one toss of each kind, three tosses, thousands of them, and p close to 0 and 1."""
    p = np.array([0.25, 0.5, 0.75])
    got = as_numbers(call(function, 1, 0, p, about="One head"), (3,),
                     "coin_log_likelihood(1, 0, p)")
    equals(np.exp(got), p, "One head. The exponential of your answer",
           "The probability of one head is p itself, and the answer is log p.")
    got = as_numbers(function(0, 1, p), (3,), "coin_log_likelihood(0, 1, p)")
    equals(np.exp(got), 1 - p, "One tail. The exponential of your answer",
           "The probability of one tail is 1 - p.")
    got = as_numbers(function(2, 1, p), (3,), "coin_log_likelihood(2, 1, p)")
    equals(np.exp(got), [3 / 64, 1 / 8, 9 / 64], "Two heads and a tail. The exponential of your "
           "answer", "For p = 1/4 the probability is 1/4 * 1/4 * 3/4.")
    got = checked(call(function, 2000, 2000, p[1:2], about="4000 tosses and one value of p"),
                  (1,), "the log-likelihood of 4000 tosses",
                  "The product of so many probabilities is too small for a float; the sum of their "
                  "logarithms is not.")
    equals(got, -4000 * np.log(2), "4000 tosses of a fair coin: the logarithm",
           "It is -4000 log 2.")
    got = as_numbers(function(1, 0, np.array([1e-30])), (1,), "the log-likelihood at p = 1e-30")
    equals(got, -30 * np.log(10), "One head, p = 1e-30: the logarithm",
           "Is a small number added to p, or p cut off?")
    got = as_numbers(function(0, 1, np.array([1 - 2.0**-20])), (1,), "the answer at p close to 1")
    equals(got, -20 * np.log(2), "One tail, 1 - p = 2^-20: the logarithm",
           "Is a small number added to 1 - p, or p cut off?")
    across_kinds(function, (2, 1, p), "heads tails p",
                 lambda value: [as_numbers(value, (3,), "the log-likelihood")])


def _check_shifts(ask: Callable, name: str) -> None:
    """A number that is added to all scores of a row changes nothing."""
    scores = np.array([[0.0, 1.0, 3.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0], [3.0, 2.0, 0.0]])
    want = ask(scores, f"{name} of small scores")
    for shift in (1000.0, -1000.0, 20000.0, -20000.0):
        equals(ask(scores + shift, f"{name} of scores around {shift:g}"), want,
               f"{shift:g} is added to all scores: {name}",
               "The same number added to a whole row changes no probability. What is the largest "
               "exponential that you compute?")
    shifts = np.array([[900.0], [-500.0], [0.0], [-9000.0]])
    equals(ask(scores + shifts, f"{name} of rows that are far apart, by 900, -500, 0 and -9000,"),
           want, f"900, -500, 0 and -9000 are added to the four rows: {name}",
           "Does every row lose its own largest score?")


@visible_check
def softmax(function: Callable) -> None:
    """Check rows whose probabilities are simple fractions, and large scores."""
    def ask(scores, what):
        return checked(call(function, scores, about=what), scores.shape, what)

    got = ask(np.log(FRACTIONS), "softmax of four rows of three scores")
    require(bool(np.all(got >= 0)), "softmax(scores) has negative entries: the exponentials of the "
                                    "scores are positive.")
    equals(got.sum(axis=1), 1, "The sum of each row should be 1. The sum of the row")
    for row, numbers, scores in zip(got, FRACTIONS, SCORES):
        equals(row, numbers / numbers.sum(), f"{scores}: the probability",
               f"The exponentials are {numbers[0]}, {numbers[1]} and {numbers[2]}, and their sum "
               f"is {numbers.sum()}.")
    _check_shifts(ask, "softmax")
    equals(ask(np.array([[8000.0, 8000.0, -8000.0, 0.0], [0.0, 0.0, 0.0, 3000.0]]),
               "softmax of scores that are far apart within a row"),
           [[0.5, 0.5, 0, 0], [0, 0, 0, 1]], "The scores (8000, 8000, -8000, 0) and "
           "(0, 0, 0, 3000): the probability", "What is subtracted from a row before exp?")
    equals(ask(np.log([[1.0, 3.0]]), "softmax of one example with two classes"), [[0.25, 0.75]],
           "The scores (log 1, log 3): the probability")
    across_kinds(function, (np.log(FRACTIONS),), "scores",
                 lambda value: [as_numbers(value, (4, 3), "softmax(scores)")])


@visible_check
def log_softmax(function: Callable) -> None:
    """Check simple fractions, and scores whose probability is rounded to 0."""
    def ask(scores, what):
        return checked(call(function, scores, about=what), scores.shape, what)

    got = ask(np.log(FRACTIONS), "log_softmax of four rows of three scores")
    for row, numbers, scores in zip(np.exp(got), FRACTIONS, SCORES):
        equals(row, numbers / numbers.sum(), f"{scores}: the exponential of your answer",
               f"It is the probability: {numbers[0]}, {numbers[1]} and {numbers[2]}, each divided "
               f"by {numbers.sum()}.")
    _check_shifts(ask, "log_softmax")
    equals(ask(np.array([[0.0, 1000.0, -19000.0], [5.0, 5.0, -800.0]]),
               "log_softmax of scores that are far apart within a row"),
           [[-1000, 0, -20000], [-np.log(2), -np.log(2), -805 - np.log(2)]],
           "The scores (0, 1000, -19000) and (5, 5, -800): the logarithm",
           "Is a logarithm taken of a probability that was rounded to 0, or is something added to "
           "it or cut off?")
    equals(np.exp(ask(np.log([[1.0, 3.0]]), "log_softmax of one example with two classes")),
           [[0.25, 0.75]], "The scores (log 1, log 3): the exponential of your answer")
    across_kinds(function, (np.log(FRACTIONS),), "scores",
                 lambda value: [as_numbers(value, (4, 3), "log_softmax(scores)")])


@visible_check
def cross_entropy(function: Callable) -> None:
    """Check the mean over four examples with known probabilities, and improbable labels."""
    log_probs = np.log(PROBS)
    got = as_numbers(call(function, log_probs, LABELS, about="Four examples"), (),
                     "the loss of four examples")
    equals(got, 2 * np.log(2), "The true classes have the probabilities 1/4, 1/8, 1/2 and 1/4. "
           "The loss", "The losses are 2, 3, 1 and 2 times log 2, and their mean is 2 log 2.")
    for n, label in [(3, 2), (1, 2), (0, 1)]:
        got = as_numbers(call(function, log_probs[n:n + 1], np.array([label]),
                              about="The loss of one example"), (), "the loss of one example")
        equals(got, -log_probs[n, label], f"One example, whose true class {label} has the "
               f"probability {PROBS[n, label]:g}. The loss", "It is minus its logarithm.")
    got = as_numbers(call(function, log_probs[:2], np.array([0, 0]),
                          about="Two examples of class 0"), (), "the loss of two examples")
    equals(got, 2 * np.log(2), "Two examples of class 0, with the probabilities 1/2 and 1/8. "
           "The loss", "No example has class 1 or 2.")
    far = np.array([[-1000.0, 0.0], [0.0, -30000.0]])
    hint = "log_probs holds logarithms already: nothing is added to them or cut off."
    got = checked(call(function, far, np.array([0, 1]), about="Logarithms of -1000 and -30000"),
                  (), "the loss of true classes with the logarithms -1000 and -30000", hint)
    equals(got, 15500, "True classes with the logarithms -1000 and -30000. The loss", hint)
    across_kinds(function, (log_probs, LABELS), "log_probs y",
                 lambda value: [as_numbers(value, (), "the loss")])


@visible_check
def score_gradient(function: Callable) -> None:
    """Check signs, sums and size of the gradient."""
    got = as_numbers(call(function, PROBS, LABELS, about="Four examples"), (4, 3),
                     "score_gradient(probs, y) for four rows")
    wanted = np.array([[0.5, -0.75, 0.25], [0.125, 0.75, -0.875], [0.25, -0.5, 0.25],
                       [-0.75, 0.25, 0.5]]) / 4
    equals(got, wanted, "Four examples, N = 4: the gradient", _about_gradient(got, wanted))
    probs = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    hint = "They are taken as they are: nothing is divided by them, and they are not cut off."
    got = checked(call(function, probs, np.array([1, 2]), about="Probabilities of 0 and 1"),
                  (2, 3), "the gradient for probabilities of 0 and 1", hint)
    equals(got, [[0.5, -0.5, 0], [0, 0.5, -0.5]], "Probabilities of 0 and 1: the gradient", hint,
           within=1e-7)
    for labels in ([0, 2], [1, 0]):
        what = f"Two examples of the classes {labels[0]} and {labels[1]}"
        got = as_numbers(call(function, PROBS[:2], np.array(labels), about=what), (2, 3), what)
        (absent,) = {0, 1, 2} - set(labels)
        equals(got[:, absent], PROBS[:2, absent] / 2, f"{what}: column {absent} of the gradient",
               f"No example has class {absent}, but its score counts in the sums too.")
    got = as_numbers(call(function, PROBS[:1], np.array([2]), about="One example"), (1, 3),
                     "the gradient of one example")
    equals(got, [[0.5, 0.25, -0.75]], "One example of the last class: the gradient")
    across_kinds(function, (PROBS, LABELS), "probs y",
                 lambda value: [as_numbers(value, (4, 3), "the gradient")])


def _about_gradient(got, wanted) -> str:
    """The property of the gradient that is violated."""
    if not np.array_equal(got < 0, wanted < 0):
        return "Of each row only the true class's entry is negative: its score should go up."
    if np.any(np.abs(got.sum(axis=1)) > WITHIN):
        return "The entries of each row should add up to 0."
    return "The loss is a mean over the examples, so the gradient is divided by N."
