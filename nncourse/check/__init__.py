"""Visible checks: each tests one function of an assignment and says in words what is wrong.

They use worked examples and properties, never an answer computed in another way, so reading them
gives nothing away. Passing them is a good sign, not a grade: grading uses more and other inputs.
"""

from nncourse.check.base import CheckFailed
from nncourse.check.convnet import accuracy, classify_images, fit, make_convnet
from nncourse.check.convolution import (
    conv_backward,
    conv_forward,
    conv_im2col,
    im2col,
    max_pool_backward,
    max_pool_forward,
)
from nncourse.check.dense import (
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    softmax_cross_entropy,
)
from nncourse.check.descent import (
    cosine_rates,
    descend_until,
    gradient_descent,
    numerical_gradient,
    relative_error,
)
from nncourse.check.digits import classify_digits
from nncourse.check.minibatch import gradient_noise, minibatches, sgd
from nncourse.check.normalisation import batch_norm_backward, batch_norm_forward, dropout_forward
from nncourse.check.perceptron import (
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
    score_gradient,
)
from nncourse.check.softmax import softmax as softmax  # the function, not the module
from nncourse.check.softmax_training import (
    predict,
    softmax_loss,
    softmax_loss_loops,
    train_softmax,
)
from nncourse.check.two_layer import init_params, predict_two_layer, two_layer_loss
from nncourse.check.two_layer_training import classify_plane, train_two_layer

__all__ = [
    "CheckFailed",
    "accuracy",
    "affine_backward",
    "affine_forward",
    "batch_norm_backward",
    "batch_norm_forward",
    "classify_digits",
    "classify_images",
    "classify_plane",
    "coin_log_likelihood",
    "conv_backward",
    "conv_forward",
    "conv_im2col",
    "cosine_rates",
    "cross_entropy",
    "descend_until",
    "dropout_forward",
    "fit",
    "gate",
    "gradient_descent",
    "gradient_noise",
    "im2col",
    "init_params",
    "log_softmax",
    "make_convnet",
    "max_pool_backward",
    "max_pool_forward",
    "minibatches",
    "numerical_gradient",
    "perceptron_update",
    "predict",
    "predict_classes",
    "predict_two_layer",
    "relative_error",
    "relu_backward",
    "relu_forward",
    "score_gradient",
    "sgd",
    "softmax",
    "softmax_cross_entropy",
    "softmax_loss",
    "softmax_loss_loops",
    "train_classes",
    "train_perceptron",
    "train_softmax",
    "train_two_layer",
    "two_layer_loss",
    "unit",
    "xor",
]
