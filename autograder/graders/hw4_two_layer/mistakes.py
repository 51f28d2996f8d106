"""Known wrong answers to hw4_two_layer, with what to tell the student who gives them."""

import numpy as np

from autograder.api import Mistake
from autograder.graders.hw2_softmax import reference as hw2
from autograder.graders.hw3_gradient_descent.reference import minibatches
from autograder.graders.hw4_two_layer import reference

READ_AFFINE = "part3/two_layer.html#through-the-second-affine-layer"
READ_RELU = "part3/two_layer.html#through-the-relu"
READ_REG = "part3/two_layer.html#the-penalty"
READ_START = "part3/activations.html#how-large-should-weights-be-at-the-start"
READ_LOSS = "part1/softmax.html#from-likelihood-to-cross-entropy"
READ_GRADIENT = "part1/softmax.html#the-gradients"
READ_STABLE = "part1/stability.html#log-sum-exp"
READ_SHIFT = "part1/stability.html#overflow-shift-by-the-maximum"
READ_LOOP = "part2/minibatch.html#the-loop"
READ_ARG_MAX = "part1/many_classes.html#scores-and-arg-max"


def _naive_softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def _all_columns(probs, y):
    changed = np.array(probs, np.float64)
    changed[:, y] -= 1
    return changed / len(y)


def _loss_layer(scores, y, *, softmax=hw2.softmax, log_softmax=hw2.log_softmax, data=1.0,
                data_grad=1.0, dscores=hw2.score_gradient):
    """Loss and gradient with one thing about them wrong."""
    scores = np.asarray(scores, np.float64)
    loss = data * hw2.cross_entropy(log_softmax(scores), y)
    return loss, data_grad * dscores(softmax(scores), y)


def _loss_layer_with(**wrong):
    return lambda scores, y: _loss_layer(scores, y, **wrong)


def _backward(change):
    """dX, dW, db as they should be, changed by `change(dout, dX, dW, db)`."""
    return lambda dout, X, W: change(dout, *reference.affine_backward(dout, X, W))


PARAMS = ("W1", "b1", "W2", "b2")


def _network(params, X, y=None, reg=0.0, *, on=reference.relu_forward, bias1=1.0, bias2=1.0,
             mask=lambda dH, Z: dH * (Z > 0), reg_loss=0.5, reg_grad=1.0, reg_bias=0.0,
             only=("W1", "W2"), grad_only=None, per_example=False, db_mean=False, of_hidden=False,
             layer=reference.softmax_cross_entropy, on_scores=False):
    """The network with one thing about it wrong."""
    W1, b1, W2, b2 = (np.asarray(params[k], np.float64) for k in PARAMS)
    Z = X @ W1.T + bias1 * b1
    hidden = on(Z)
    scores = hidden @ W2.T + bias2 * b2
    if on_scores:
        before, scores = scores, np.maximum(0, scores)
    if y is None:
        return scores
    loss, dS = layer(scores, y)
    if on_scores:
        dS = dS * (before > 0)
    dH = dS @ W2
    dZ = mask(dH, Z)
    share = len(X) if per_example else 1
    weights = {"W1": W1, "W2": W2}
    loss += reg_loss * reg / share * sum(np.sum(weights[k] ** 2) for k in only)
    loss += 0.5 * reg_bias * reg * (np.sum(b1**2) + np.sum(b2**2))
    grads = {"W1": dZ.T @ X, "b1": dZ.sum(axis=0), "W2": dS.T @ hidden, "b2": dS.sum(axis=0)}
    if of_hidden:
        grads["W2"] = dS.T @ Z
    for name in only if grad_only is None else grad_only:
        grads[name] = grads[name] + reg_grad * reg / share * weights[name]
    for name, b in (("b1", b1), ("b2", b2)):
        grads[name] = grads[name] + reg_bias * reg * b
        if db_mean:
            grads[name] = grads[name] / len(X)
    return loss, grads


def _network_with(**wrong):
    return lambda *args: _network(*args, **wrong)


def _grads_changed(change):
    """The network as it should be; loss and gradients changed by `change(X, loss, grads)`."""

    def run(params, X, y=None, reg=0.0):
        if y is None:
            return reference.two_layer_loss(params, X)
        return change(X, *reference.two_layer_loss(params, X, y, reg))

    return run


def _start(scale1=lambda D, H, C: np.sqrt(2 / D), scale2=lambda D, H, C: np.sqrt(2 / H), *,
           bias=0.0, uniform=False, alike=False, mean=0.0, transposed=False, seed=None):
    """Starting parameters with one thing about them wrong."""

    def run(D, H, C, rng):
        rng = rng if seed is None else np.random.default_rng(seed)

        def draw(rows, columns, scale):
            if uniform:
                return rng.uniform(-scale * np.sqrt(3), scale * np.sqrt(3), size=(rows, columns))
            W = rng.normal(mean * scale, scale, size=(rows, columns))
            return np.repeat(W[:1], rows, axis=0) if alike else W

        W1, W2 = draw(H, D, scale1(D, H, C)), draw(C, H, scale2(D, H, C))
        return {"W1": W1.T if transposed else W1, "b1": np.full(H, bias),
                "W2": W2.T if transposed else W2, "b2": np.full(C, bias)}

    return run


def _constant(value):
    return lambda D, H, C: value


STARTS = {mistake.name: mistake for mistake in (
    Mistake("zeros",
            "Your weights are all 0. Then all hidden units compute the same and get the same "
            "gradient, for ever: the start has to be random.",
            READ_START, _start(_constant(0.0), _constant(0.0))),
    Mistake("all-units-alike",
            "All your hidden units start with the same weights. They get the same gradients, and "
            "stay alike for ever.",
            READ_START, _start(alike=True)),
    Mistake("transposed",
            "Your weight matrices are transposed: a row for each unit, W1 (H, D) and W2 (C, H).",
            READ_AFFINE, _start(transposed=True)),
    Mistake("biases-not-zero",
            "Your biases do not start at 0.",
            READ_AFFINE, _start(bias=0.01)),
    Mistake("not-centred",
            "The mean of your weights is not 0.",
            READ_START, _start(mean=0.2)),
    Mistake("uniform",
            "Your weights are spread evenly over an interval; normal ones are asked for.",
            READ_START, _start(uniform=True)),
    Mistake("standard-deviation-one",
            "Your weights have the standard deviation 1: multiply them by the root of 2 over the "
            "number of inputs.",
            READ_START, _start(_constant(1.0), _constant(1.0))),
    Mistake("variance-for-standard-deviation",
            "2 over the number of inputs is the variance; the standard deviation is its root.",
            READ_START, _start(lambda D, H, C: 2 / D, lambda D, H, C: 2 / H)),
    Mistake("outputs-for-inputs",
            "You divide by the number of outputs of a layer; the number of its inputs is meant.",
            READ_START, _start(lambda D, H, C: np.sqrt(2 / H), lambda D, H, C: np.sqrt(2 / C))),
    Mistake("two-left-out",
            "Your weights are too small by a factor of root 2: ReLU passes on half of the "
            "variance, which the factor 2 makes up for.",
            READ_START, _start(lambda D, H, C: np.sqrt(1 / D), lambda D, H, C: np.sqrt(1 / H))),
    Mistake("a-hundredth",
            "Your weights have the standard deviation 0.01, whatever the number of inputs. It is "
            "to be the root of 2 over that number.",
            READ_START, _start(_constant(0.01), _constant(0.01))),
    Mistake("own-seed",
            "Different generators give the same weights. Draw from `rng`, without a seed of your "
            "own.",
            READ_LOOP, _start(seed=0)),
)}


def _train(params, X, y, X_val, y_val, reg, batch_size, rates, rng, *, cut=minibatches,
           once=False, labels_left=False, first_rate=False, no_reg=False, first_batch=False,
           per_epoch=False, on_training=False, frozen=(), momentum=0.0, before=False):
    """Training with one thing about it wrong."""
    losses, accuracies = [], []
    kept = cut(len(X), batch_size, rng) if once else None
    velocity = {name: 0.0 for name in params}

    def accuracy():
        inputs, labels = (X, y) if on_training else (X_val, y_val)
        return np.mean(reference.predict_two_layer(params, inputs) == labels)

    for lr in rates:
        if before:
            accuracies.append(accuracy())
        lr, seen = rates[0] if first_rate else lr, []
        for rows in (kept or cut(len(X), batch_size, rng))[:1 if first_batch else None]:
            labels = y[:len(rows)] if labels_left else y[rows]
            loss, grads = reference.two_layer_loss(params, X[rows], labels, 0.0 if no_reg else reg)
            velocity = {name: momentum * velocity[name] + grads[name] for name in params}
            params = {name: params[name] - (name not in frozen) * lr * velocity[name]
                      for name in params}
            seen.append(loss)
        losses += [np.mean(seen)] if per_epoch else seen
        if not before:
            accuracies.append(accuracy())
    return params, losses, accuracies


def _train_with(**wrong):
    return lambda *args: _train(*args, **wrong)


def _in_order(N, m, rng):
    return [np.arange(N)[i:i + m] for i in range(0, N, m)]


def _drawn_anew(N, m, rng):
    return [rng.integers(0, N, size=min(m, N - i)) for i in range(0, N, m)]


EPOCHS = {mistake.name: mistake for mistake in (
    Mistake("labels-not-chosen-along",
            "The labels do not belong to the examples: choose the rows of `y` with the same "
            "indices as those of `X`.",
            READ_LOOP, _train_with(labels_left=True)),
    Mistake("not-every-example-once",
            "In an epoch, some examples come twice and others not at all.",
            READ_LOOP, _train_with(cut=_drawn_anew)),
    Mistake("not-shuffled",
            "The batches follow the original order of the examples.",
            READ_LOOP, _train_with(cut=_in_order)),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _train_with(once=True)),
)}

OVERFLOW = ("Your exponentials overflow: subtract each row's largest score before exp; that "
            "changes no probability.")
UNDERFLOW = ("Your loss takes the logarithm of a probability that has underflowed to 0. Compute "
             "the logarithm from the scores: log p = s - log-sum-exp(s).")

MISTAKES = {
    "affine_forward": [
        Mistake("bias-missing", "The biases are missing: X W^T + b.",
                READ_AFFINE, lambda X, W, b: X @ W.T),
        Mistake("bias-subtracted", "You subtract the biases; they are added.",
                READ_AFFINE, lambda X, W, b: X @ W.T - b),
        Mistake("output-transposed",
                "Your output is transposed: a row for each example, (N, H).",
                READ_AFFINE, lambda X, W, b: (X @ W.T + b).T),
        Mistake("rectified", "You apply ReLU as well; that is the next layer.",
                READ_AFFINE, lambda X, W, b: np.maximum(0, X @ W.T + b)),
    ],
    "affine_backward": [
        Mistake("weight-gradient-transposed",
                "Your dW is transposed: a gradient has the shape of what it belongs to, (H, D).",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW.T, db))),
        Mistake("bias-gradient-averaged",
                "Your db is the mean over the examples. Every example adds to a bias's gradient: "
                "it is the sum.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, db / len(dout)))),
        Mistake("weight-gradient-averaged",
                "You divide dW by N. Where a mean is taken, in the loss, dout is divided already.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW / len(dout), db))),
        Mistake("both-averaged",
                "You divide dW and db by N. Where a mean is taken, in the loss, dout is divided "
                "already.",
                READ_AFFINE,
                _backward(lambda dout, dX, dW, db: (dX, dW / len(dout), db / len(dout)))),
        Mistake("bias-gradient-not-summed",
                "Your db has a row for each example: the bias is used by all of them, so their "
                "gradients add up.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, dout))),
        Mistake("bias-gradient-two-dimensional",
                "Your db has a row of its own: its shape is that of b, (H,). Sum without keepdims.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, db[np.newaxis]))),
        Mistake("bias-gradient-over-units",
                "Your db is summed over the wrong axis: over the examples, axis 0.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, dout.sum(axis=1)))),
        Mistake("order-of-results",
                "You return the gradients in another order: dX, dW, db are asked for.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dW, db, dX))),
        Mistake("sign", "Your gradients have the wrong sign.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (-dX, -dW, -db))),
    ],
    "relu_forward": [
        Mistake("absolute-value", "Negative entries become 0, not positive.",
                READ_RELU, np.abs),
        Mistake("sign-turned", "You keep the negative entries: max(0, z), not min.",
                READ_RELU, lambda Z: np.minimum(0, Z)),
        Mistake("leaky", "Negative entries become exactly 0: yours let a part of them through.",
                READ_RELU, lambda Z: np.where(Z > 0, Z, 0.01 * Z)),
        Mistake("step", "You return where Z is positive; the values themselves are passed on.",
                READ_RELU, lambda Z: (Z > 0).astype(float)),
    ],
    "relu_backward": [
        Mistake("mask-from-the-gradient",
                "You look where the gradient is positive. The forward pass decides: where Z was "
                "positive.",
                READ_RELU, lambda dH, Z: np.maximum(0, dH)),
        Mistake("passed-on-at-zero",
                "At exactly 0 the gradient is 0 here: Z > 0, not Z >= 0.",
                READ_RELU, lambda dH, Z: np.where(Z >= 0, dH, 0.0)),
        Mistake("mask-only",
                "You return the derivative of ReLU. Multiply it by the gradient that arrives: the "
                "chain rule.",
                READ_RELU, lambda dH, Z: (Z > 0).astype(float)),
        Mistake("nothing-switched-off",
                "The gradient passes unchanged. Where Z is not positive, nothing passes.",
                READ_RELU, lambda dH, Z: np.array(dH, np.float64)),
        Mistake("times-the-input",
                "You multiply the gradient by ReLU's output. Its derivative is 1 or 0.",
                READ_RELU, lambda dH, Z: dH * np.maximum(0, Z)),
        Mistake("mask-turned-round",
                "You let the gradient through where Z is negative.",
                READ_RELU, lambda dH, Z: np.where(Z > 0, 0.0, dH)),
    ],
    "softmax_cross_entropy": [
        Mistake("summed-not-averaged",
                "Your loss and gradient are N times too large: the loss is a mean over the batch.",
                READ_LOSS, lambda s, y: _loss_layer(s, y, data=len(y), data_grad=len(y))),
        Mistake("gradient-not-averaged",
                "Your loss is a mean, but your gradient is that of the sum: divide by N.",
                READ_GRADIENT, lambda s, y: _loss_layer(s, y, data_grad=len(y))),
        Mistake("one-hot-not-subtracted",
                "Your gradient is the probabilities alone: subtract 1 at the true class.",
                READ_GRADIENT, _loss_layer_with(dscores=lambda p, y: p / len(y))),
        Mistake("indexed-whole-columns",
                "You subtract 1 in whole columns: probs[:, y] selects every row. One entry of each "
                "row is meant: probs[np.arange(N), y].",
                READ_GRADIENT, _loss_layer_with(dscores=_all_columns)),
        Mistake("gradient-sign",
                "Your gradient has the wrong sign: probabilities minus one-hot.",
                READ_GRADIENT, _loss_layer_with(data_grad=-1.0)),
        Mistake("loss-sign",
                "Your loss has the wrong sign: minus the logarithm of the probability.",
                READ_LOSS, _loss_layer_with(data=-1.0)),
        Mistake("overflow", OVERFLOW, READ_SHIFT, _loss_layer_with(
            softmax=_naive_softmax, log_softmax=lambda s: np.log(_naive_softmax(s)))),
        Mistake("overflow", OVERFLOW, READ_SHIFT, _loss_layer_with(
            softmax=_naive_softmax,
            log_softmax=lambda s: s - np.log(np.exp(s).sum(axis=1, keepdims=True)))),
        Mistake("log-of-softmax", UNDERFLOW, READ_STABLE, _loss_layer_with(
            log_softmax=lambda s: np.log(hw2.softmax(s)))),
        *(Mistake("epsilon-in-the-logarithm",
                  "You add a small number inside the logarithm. That hides the underflow: the "
                  "answer is finite and wrong.", READ_STABLE,
                  _loss_layer_with(log_softmax=lambda s, e=e: np.log(hw2.softmax(s) + e)))
          for e in (1e-15, 1e-12, 1e-10, 1e-8, 1e-7)),
    ],
    "two_layer_loss": [
        Mistake("no-activation",
                "Your network has no ReLU between its layers: without it two layers are one.",
                READ_RELU, _network_with(on=lambda Z: Z, mask=lambda dH, Z: dH)),
        Mistake("activation-not-differentiated",
                "On the way back you leave out ReLU: where Z is not positive, no gradient passes.",
                READ_RELU, _network_with(mask=lambda dH, Z: dH)),
        Mistake("mask-from-the-gradient",
                "On the way back you look where the gradient is positive. Z decides.",
                READ_RELU, _network_with(mask=lambda dH, Z: np.maximum(0, dH))),
        Mistake("passed-on-at-zero",
                "At a pre-activation of exactly 0 the gradient is 0 here: Z > 0, not Z >= 0.",
                READ_RELU, _network_with(mask=lambda dH, Z: dH * (Z >= 0))),
        Mistake("activation-on-the-scores",
                "You apply ReLU to the scores as well. Scores may be negative: the last layer has "
                "no activation.",
                READ_RELU, _network_with(on_scores=True)),
        Mistake("first-biases-missing", "The biases b1 are missing in the hidden layer.",
                READ_AFFINE, _network_with(bias1=0.0)),
        Mistake("second-biases-missing", "The biases b2 are missing in the scores.",
                READ_AFFINE, _network_with(bias2=0.0)),
        Mistake("pre-activation-for-hidden",
                "Your gradient of W2 uses the pre-activations. Its inputs are the hidden units' "
                "outputs, after ReLU.",
                READ_AFFINE, _network_with(of_hidden=True)),
        Mistake("summed-not-averaged",
                "Your data loss and its gradients are N times too large: a mean over the batch is "
                "meant.",
                READ_LOSS, _network_with(layer=lambda s, y: _loss_layer(
                    s, y, data=len(y), data_grad=len(y)))),
        Mistake("gradients-not-averaged",
                "Your loss is a mean, but your gradients are those of the sum: divide dscores by "
                "N.",
                READ_GRADIENT, _network_with(layer=lambda s, y: _loss_layer(
                    s, y, data_grad=len(y)))),
        Mistake("one-hot-not-subtracted",
                "dscores is the probabilities alone: subtract 1 at the true class.",
                READ_GRADIENT, _network_with(layer=_loss_layer_with(
                    dscores=lambda p, y: p / len(y)))),
        Mistake("overflow", OVERFLOW, READ_SHIFT, _network_with(layer=_loss_layer_with(
            softmax=_naive_softmax, log_softmax=lambda s: np.log(_naive_softmax(s))))),
        Mistake("log-of-softmax", UNDERFLOW, READ_STABLE, _network_with(layer=_loss_layer_with(
            log_softmax=lambda s: np.log(hw2.softmax(s))))),
        Mistake("regularisation-missing",
                "reg changes nothing: the loss has a term 0.5 reg sum(W^2) for each weight matrix, "
                "and its gradient the term reg W.",
                READ_REG, _network_with(only=())),
        Mistake("regularisation-missing-in-loss",
                "Your gradients are regularised, but the penalty is missing in your loss.",
                READ_REG, _network_with(reg_loss=0.0)),
        Mistake("regularisation-missing-in-gradients",
                "Your loss is regularised, but the terms reg W are missing in your gradients.",
                READ_REG, _network_with(reg_grad=0.0)),
        Mistake("one-matrix-regularised",
                "You regularise one of the two weight matrices only.",
                READ_REG, _network_with(only=("W1",))),
        Mistake("one-matrix-regularised",
                "You regularise one of the two weight matrices only.",
                READ_REG, _network_with(only=("W2",))),
        Mistake("regularisation-without-half",
                "Your penalty is reg sum(W^2), with the gradient 2 reg W. That fits together, but "
                "here both have a factor one half.",
                READ_REG, _network_with(reg_loss=1.0, reg_grad=2.0)),
        Mistake("loss-without-half",
                "The penalty in your loss and in your gradients differ by 2: 0.5 reg sum(W^2) has "
                "the gradient reg W.",
                READ_REG, _network_with(reg_loss=1.0)),
        Mistake("gradients-with-two",
                "The penalty in your loss and in your gradients differ by 2: the gradient of "
                "0.5 reg sum(W^2) is reg W.",
                READ_REG, _network_with(reg_grad=2.0)),
        Mistake("regularisation-averaged",
                "You divide the penalty by N. Only the data loss is a mean over the examples.",
                READ_REG, _network_with(per_example=True)),
        Mistake("biases-regularised", "You regularise the biases too; here only the weights are.",
                READ_REG, _network_with(reg_bias=1.0)),
        Mistake("bias-gradients-averaged",
                "Your bias gradients are N times too small: dscores is divided by N already, so "
                "they are sums.",
                READ_AFFINE, _network_with(db_mean=True)),
        Mistake("bias-gradients-missing",
                "Your gradients have no entries for the biases.",
                READ_AFFINE, _grads_changed(
                    lambda X, loss, g: (loss, {k: g[k] for k in ("W1", "W2")}))),
        Mistake("bias-gradients-two-dimensional",
                "Your bias gradients have a row of their own: (H,) and (C,) are meant. Sum without "
                "keepdims.",
                READ_AFFINE, _grads_changed(lambda X, loss, g: (loss, {
                    k: v[np.newaxis] if v.ndim == 1 else v for k, v in g.items()}))),
        Mistake("weight-gradients-transposed",
                "Your weight gradients are transposed: each has the shape of its matrix.",
                READ_AFFINE, _grads_changed(
                    lambda X, loss, g: (loss, {k: v.T for k, v in g.items()}))),
    ],
    "init_params": list(STARTS.values()),
    "predict_two_layer": [
        Mistake("best-example-for-each-class",
                "You take the arg max over the examples: for each row, over the classes, axis 1.",
                READ_ARG_MAX, lambda p, X: np.argmax(reference.two_layer_loss(p, X), axis=0)),
        Mistake("smallest-score", "You predict the class with the smallest score.",
                READ_ARG_MAX, lambda p, X: np.argmin(reference.two_layer_loss(p, X), axis=1)),
        Mistake("hidden-unit",
                "You return the strongest hidden unit; the class with the largest score is meant.",
                READ_ARG_MAX, lambda p, X: np.argmax(np.maximum(0, X @ p["W1"].T + p["b1"]), 1)),
        Mistake("last-of-equals",
                "Of equal scores you take the last class; the first is asked for.",
                READ_ARG_MAX, lambda p, X: len(p["b2"]) - 1 - np.argmax(
                    reference.two_layer_loss(p, X)[:, ::-1], axis=1)),
        Mistake("scores-returned",
                "You return the scores; the class of each example is asked for.",
                READ_ARG_MAX, lambda p, X: reference.two_layer_loss(p, X)),
    ],
    "train_two_layer": [
        Mistake("one-batch-an-epoch",
                "You take one batch in every epoch. An epoch goes through all of them.",
                READ_LOOP, _train_with(first_batch=True)),
        Mistake("losses-by-epoch",
                "You record a loss for each epoch; one for each batch is asked for.",
                READ_LOOP, _train_with(per_epoch=True)),
        Mistake("first-rate-only",
                "You use the first learning rate throughout: `rates` has one for each epoch.",
                READ_LOOP, _train_with(first_rate=True)),
        Mistake("regularisation-not-passed-on",
                "`reg` makes no difference: pass it on to the loss.",
                READ_REG, _train_with(no_reg=True)),
        Mistake("biases-not-trained", "The biases do not move.",
                READ_LOOP, _train_with(frozen=("b1", "b2"))),
        Mistake("first-layer-not-trained", "The first layer does not move.",
                READ_LOOP, _train_with(frozen=("W1", "b1"))),
        Mistake("momentum",
                "Your steps depend on those before: plain descent is asked for, without momentum.",
                READ_LOOP, _train_with(momentum=0.9)),
        Mistake("accuracy-on-the-training-examples",
                "Your accuracies are those of the training examples; those of the validation "
                "examples are asked for.",
                READ_LOOP, _train_with(on_training=True)),
        Mistake("accuracy-before-the-epoch",
                "You measure the accuracy before each epoch; after it is asked for.",
                READ_LOOP, _train_with(before=True)),
        *EPOCHS.values(),
    ],
}
