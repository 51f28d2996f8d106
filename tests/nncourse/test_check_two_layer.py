"""The visible checks of hw4_two_layer say which entry is wrong, and why."""

import numpy as np
import pytest

from autograder.graders.hw4_two_layer import reference
from nncourse import check


@pytest.mark.parametrize("function, wrong, says", [
    ("affine_forward", lambda X, W, b: (X @ W.T + b) * [1, 2],
     r"Example 0, output 1: 1\*0 \+ 0\*0 \+ 2\*1 \+ -20 = -18\. Yours is -36"),
    ("affine_backward", lambda dout, X, W: (dout @ W, dout.T @ X, dout.mean(axis=0)),
     r"db\[0\] should be -0\.5, yours is -0\.125: each bias is used by all four"),
    ("relu_forward", lambda Z: np.where(Z < -50, -1, np.maximum(0, Z)),
     "-100 should become 0, yours is -1"),
    ("relu_backward", lambda dH, Z: np.where(Z > 0, np.maximum(dH, 0), 0),
     "Z = 0.5 and dH = -8 give -8, yours is 0"),
    ("softmax_cross_entropy", lambda s, y: (reference.softmax_cross_entropy(s, y)[0],
                                            2 * reference.softmax_cross_entropy(s, y)[1]),
     r"Example 0 of 2, true class 2: dscores of class 0 is 1/4 divided by 2, so 0\.125\. Yours is "
     r"0\.25"),
    ("predict_two_layer", lambda params, X: reference.predict_two_layer(
        {**params, "b2": np.zeros(len(params["b2"]))}, X), "9 added to the scores of class 3"),
])
def test_the_first_different_entry_is_told(function, wrong, says):
    with pytest.raises(check.CheckFailed, match=says):
        getattr(check, function)(wrong)


@pytest.mark.parametrize("function, wrong, says", [
    ("affine_forward", lambda X, W, b: X @ W + b,
     r"an array of shape \(4, 3\), an array of shape \(2, 3\), .* raises ValueError"),
    ("relu_forward", lambda Z: np.maximum(0, Z[:, :]), r"shape \(9,\) raises IndexError"),
    ("two_layer_loss", lambda params, X, y=None, reg=0.0: params["V"], "W1 .* raises KeyError"),
])
def test_a_crash_is_told_in_words(function, wrong, says):
    with pytest.raises(check.CheckFailed, match=says):
        getattr(check, function)(wrong)


def without_penalty_in_the_gradient(params, X, y=None, reg=0.0):
    value = reference.two_layer_loss(params, X, y, reg)
    if y is not None:
        value[1]["W2"] = value[1]["W2"] - reg * params["W2"]
    return value


def keeps_what_it_computes(params, X, y=None, reg=0.0):
    value = reference.two_layer_loss(params, X, y, reg)
    params["Z"] = X @ params["W1"].T
    return value


@pytest.mark.parametrize("wrong, says", [
    (without_penalty_in_the_gradient, "With reg = 0 it was right: look at the penalty's term in "
                                      "the gradient of W2"),
    (keeps_what_it_computes, "changes its argument `params`")])
def test_what_is_wrong_with_the_network_is_told(wrong, says):
    with pytest.raises(check.CheckFailed, match=says):
        check.two_layer_loss(wrong)


def training(epoch):
    """A train_two_layer whose epochs are `epoch(params, X, y, reg, batch_size, lr, rng)`."""
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        losses, accuracies = [], []
        for lr in rates:
            params, more = epoch(params, X, y, reg, batch_size, lr, rng)
            losses += more
            accuracies.append(np.mean(reference.predict_two_layer(params, X_val) == y_val))
        return params, losses, accuracies
    return train_two_layer


def stepping(rows_of, labels_of=lambda y, rows: y[rows], step_on=lambda rows, count: rows):
    def epoch(params, X, y, reg, batch_size, lr, rng):
        losses = []
        for rows in rows_of(len(X), batch_size, rng):
            loss, grads = reference.two_layer_loss(params, X[rows], labels_of(y, rows), reg)
            rows = step_on(rows, len(X))
            grads = reference.two_layer_loss(params, X[rows], y[rows], reg)[1]
            params = {name: params[name] - lr * grads[name] for name in params}
            losses.append(loss)
        return params, losses
    return training(epoch)


@pytest.mark.parametrize("wrong, says", [
    (stepping(reference.minibatches, lambda y, rows: y[:len(rows)]),
     "are X and y chosen with the same indices"),
    (stepping(lambda N, m, rng: [rng.integers(0, N, min(m, N - i)) for i in range(0, N, m)]),
     "each of the 6 examples once; yours shows"),
    (stepping(lambda N, m, rng: np.split(np.arange(N), range(m, N, m))), "shuffle them"),
    (stepping(lambda N, m, rng: np.split(np.random.permutation(N), range(m, N, m))),
     "shuffle with rng and nothing else"),
    (stepping(reference.minibatches, step_on=lambda rows, count: np.arange(count)),
     "the gradient of its own batch"),
])
def test_order_and_labels_are_told_before_anything_about_falling_losses(wrong, says):
    with pytest.raises(check.CheckFailed, match=says):
        check.train_two_layer(wrong)


def test_the_spirals_are_those_of_grading_and_the_share_stands_beside_what_is_asked_for(capsys):
    def by_neighbour(X_train, y_train, X_test):
        far = ((X_test[:, None] - X_train[None]) ** 2).sum(axis=2)
        return y_train[far.argmin(axis=1)]

    check.classify_plane(by_neighbour)
    assert "of 450 new points on the spirals are right (90% are asked for)" in (
        capsys.readouterr().out)
    with pytest.raises(check.CheckFailed, match="90% are asked for"):
        check.classify_plane(lambda X, y, X_new: by_neighbour(X, y, X_new) * (X_new[:, 0] > 0))
    with pytest.raises(check.CheckFailed, match="three classes"):
        check.classify_plane(lambda X, y, X_new: 3 + by_neighbour(X, y, X_new))
