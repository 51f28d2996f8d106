"""Visible checks: each tests one function of an assignment and says in words what is wrong.

They use worked examples and properties, never an answer computed in another way, so reading them
gives nothing away. Passing them is a good sign, not a grade: grading uses more and other inputs.
"""

from nncourse.check.base import CheckFailed
from nncourse.check.descent import (
    cosine_rates,
    descend_until,
    gradient_descent,
    gradient_noise,
    minibatches,
    numerical_gradient,
    relative_error,
    sgd,
)
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
from nncourse.check.softmax import (
    coin_log_likelihood,
    cross_entropy,
    log_softmax,
    predict,
    score_gradient,
    softmax_loss,
    softmax_loss_loops,
    train_softmax,
)
from nncourse.check.softmax import softmax as softmax  # the function, not the module

__all__ = [
    "CheckFailed",
    "classify_digits",
    "coin_log_likelihood",
    "cosine_rates",
    "cross_entropy",
    "descend_until",
    "gate",
    "gradient_descent",
    "gradient_noise",
    "log_softmax",
    "minibatches",
    "numerical_gradient",
    "perceptron_update",
    "predict",
    "predict_classes",
    "relative_error",
    "score_gradient",
    "sgd",
    "softmax",
    "softmax_loss",
    "softmax_loss_loops",
    "train_classes",
    "train_perceptron",
    "train_softmax",
    "unit",
    "xor",
]
