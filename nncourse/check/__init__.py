"""Visible checks: each tests one function of an assignment and says in words what is wrong.

They use worked examples and properties, never an answer computed in another way, so reading them
gives nothing away. Passing them is a good sign, not a grade: grading uses more and other inputs.
"""

from nncourse.check.base import CheckFailed
from nncourse.check.perceptron import (
    classify_digits,
    gate,
    perceptron_update,
    predict_classes,
    train_classes,
    train_perceptron,
    unit,
    xor,
)

__all__ = [
    "CheckFailed",
    "classify_digits",
    "gate",
    "perceptron_update",
    "predict_classes",
    "train_classes",
    "train_perceptron",
    "unit",
    "xor",
]
