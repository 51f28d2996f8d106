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


def _one_hot(scores, y):
    return np.eye(scores.shape[1])[y]


def _from_far_below(scores):
    """Logarithms with one shift for the whole batch: rows far below it underflow."""
    shifted = scores - np.max(scores)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _quotients_far_below(scores):
    """As `_from_far_below`, but probabilities: 0 / 0 in such rows."""
    return _naive_softmax(scores - np.max(scores))


def _clipped(limit, log_softmax):
    """The loss layer on scores that are cut off."""
    return lambda s, y: _loss_layer(np.clip(s, -limit, limit), y, log_softmax=log_softmax)


def _one_hot_times_logs(scores, y):
    """0 times the logarithm of 0 is nan."""
    probs = hw2.softmax(scores)
    return (-np.sum(_one_hot(scores, y) * np.log(probs)) / len(y), hw2.score_gradient(probs, y))


def _through_the_quotient(scores, y):
    """The gradient by way of 1 / p: 0 / 0 where p has underflowed."""
    probs = hw2.softmax(scores)
    true = probs[np.arange(len(y)), y][:, np.newaxis]
    dscores = -(true / true) * (_one_hot(scores, y) - probs) / len(y)
    return hw2.cross_entropy(hw2.log_softmax(scores), y), dscores


def _last_class_left_out(probs, y):
    Y = np.eye(probs.shape[1])[y]
    Y[:, -1] = 0
    return (probs - Y) / len(y)


def _backward(change):
    """dX, dW, db as they should be, changed by `change(dout, dX, dW, db)`."""
    return lambda dout, X, W: change(dout, *reference.affine_backward(dout, X, W))


PARAMS = ("W1", "b1", "W2", "b2")


def _network(params, X, y=None, reg=0.0, *, on=reference.relu_forward, bias1=1.0, bias2=1.0,
             mask=lambda dH, Z: dH * (Z > 0), reg_loss=0.5, reg_grad=1.0, reg_bias=0.0,
             only=("W1", "W2"), grad_only=None, per_example=False, db_mean=False, of_hidden=False,
             layer=reference.softmax_cross_entropy, on_scores=False, penalty=np.square,
             loss_only=None):
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
    penalised = only if loss_only is None else loss_only
    loss += reg_loss * reg / share * sum(np.sum(penalty(weights[k])) for k in penalised)
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


MASKS = (lambda dH, Z: dH * (Z > 0), lambda dH, Z: np.where(Z > 0, dH, 0.0))  # nan times 0 is nan


def _squeezed(params, X, y=None, reg=0.0):
    if y is None:
        return np.squeeze(reference.two_layer_loss(params, X))
    loss, grads = reference.two_layer_loss(params, X, y, reg)
    return loss, {name: np.squeeze(grad) for name, grad in grads.items()}


def _network_with(**wrong):
    return lambda *args: _network(*args, **wrong)


def _place_of_the_largest(params, X):
    """For one example it is `squeezed` as well: then it is not named."""
    assert len(X) > 1
    return np.argmax(reference.two_layer_loss(params, X))


def _predicted(**wrong):
    return lambda params, X: np.argmax(_network(params, X, **wrong), axis=1)


def _grads_changed(change):
    """The network as it should be; loss and gradients changed by `change(X, loss, grads)`."""

    def run(params, X, y=None, reg=0.0):
        if y is None:
            return reference.two_layer_loss(params, X)
        return change(X, *reference.two_layer_loss(params, X, y, reg))

    return run


def _start(scale1=lambda D, H, C: np.sqrt(2 / D), scale2=lambda D, H, C: np.sqrt(2 / H), *,
           bias=0.0, alike=False, alike_columns=False, mean=0.0, transposed=False, seed=None,
           second_seed=None, draws=None):
    """Starting parameters with one thing about them wrong."""

    def run(D, H, C, rng):
        rng = rng if seed is None else np.random.default_rng(seed)

        def draw(rng, rows, columns, scale):
            W = scale * (draws or np.random.Generator.standard_normal)(rng, size=(rows, columns))
            W = np.repeat(W[:1], rows, axis=0) if alike else W
            return mean * scale + (np.repeat(W[:, :1], columns, axis=1) if alike_columns else W)

        W1 = draw(rng, H, D, scale1(D, H, C))
        W2 = draw(rng if second_seed is None else np.random.default_rng(second_seed), C, H,
                  scale2(D, H, C))
        return {"W1": W1.T if transposed else W1, "b1": np.full(H, bias),
                "W2": W2.T if transposed else W2, "b2": np.full(C, bias)}

    return run


def _constant(value):
    return lambda D, H, C: value


STARTING = (
    Mistake("zeros",
            "Your weights are all 0. Then all hidden units compute the same and get the same "
            "gradient, for ever: the start has to be random.",
            READ_START, _start(_constant(0.0), _constant(0.0))),
    Mistake("all-units-alike",
            "All your hidden units start with the same weights. They get the same gradients, and "
            "stay alike for ever.",
            READ_START, _start(alike=True)),
    Mistake("all-units-alike",
            "Your weights repeat themselves in a row or in a column of a matrix: draw every entry "
            "for itself.",
            READ_START, _start(alike_columns=True)),
    Mistake("transposed",
            "Your weight matrices are transposed: a row for each unit, W1 (H, D) and W2 (C, H).",
            READ_AFFINE, _start(transposed=True)),
    Mistake("biases-not-zero",
            "Your biases do not start at 0.",
            READ_AFFINE, _start(bias=0.01)),
    Mistake("not-centred",
            "The mean of your weights is not 0.",
            READ_START, _start(mean=0.2)),
    Mistake("not-centred",
            "The mean of your weights is not 0.",
            READ_START, _start(draws=np.random.Generator.random)),
    *(Mistake("not-normal",
              "Your weights are not normally distributed: draw them from a normal distribution, "
              "not from a uniform or another one.",
              READ_START, _start(draws=draws)) for draws in (
          lambda rng, size: rng.uniform(-np.sqrt(3), np.sqrt(3), size),
          lambda rng, size: rng.uniform(-1, 1, size),
          lambda rng, size: rng.choice([-1.0, 1.0], size),
          lambda rng, size: rng.laplace(0, np.sqrt(0.5), size))),
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
    Mistake("a-tenth",
            "Your weights have the standard deviation 0.1, whatever the number of inputs. It is "
            "to be the root of 2 over that number.",
            READ_START, _start(_constant(0.1), _constant(0.1))),
    Mistake("inputs-and-outputs",
            "You divide by the inputs and outputs of a layer together, as Glorot does; for He's "
            "start it is the number of inputs alone.",
            READ_START, _start(lambda D, H, C: np.sqrt(2 / (D + H)),
                               lambda D, H, C: np.sqrt(2 / (H + C)))),
    Mistake("root-of-two-only",
            "You take the root of 2 only: it is the root of the whole quotient, 2 over the number "
            "of inputs.",
            READ_START, _start(lambda D, H, C: np.sqrt(2) / D, lambda D, H, C: np.sqrt(2) / H)),
    Mistake("first-inputs-for-both",
            "You divide by D in both layers. The inputs of the second layer are the H hidden "
            "units.",
            READ_START, _start(scale2=lambda D, H, C: np.sqrt(2 / D))),
    Mistake("divided-by-the-deviation",
            "You divide by the root of 2 over the number of inputs; multiply by it.",
            READ_START, _start(lambda D, H, C: np.sqrt(D / 2), lambda D, H, C: np.sqrt(H / 2))),
    *(Mistake("not-from-the-generator",
              "Two different generators give the same weights. Draw all of them from `rng`: not "
              "from `np.random`, and not from a generator of your own.",
              READ_LOOP, _start(**seeds))
      for seeds in ({"seed": 0}, {"second_seed": 0})),
)
STARTS = {mistake.name: mistake for mistake in STARTING}


def _train(params, X, y, X_val, y_val, reg, batch_size, rates, rng, *, cut=minibatches,
           once=False, labels_left=False, labels_apart=False, rate_of=lambda rates, epoch, step:
           rates[epoch], no_reg=False, first_batch=False, per_epoch=None, on_training=False,
           frozen=(), momentum=0.0, before=False, data_loss=False, after_step=False,
           of_sum=False, decay=False, uphill=1.0, scaled=False, per_example=False,
           of_all=(), of_accuracy=lambda accuracy, count: accuracy, start_returned=False,
           own_seed=None):
    """Training with one thing about it wrong."""
    losses, accuracies, start = [], [], params
    rng = rng if own_seed is None else np.random.default_rng(own_seed)
    if labels_apart:
        y = y[rng.permutation(len(y))]
    kept = cut(len(X), batch_size, rng) if once else None
    velocity = {name: 0.0 for name in params}

    def accuracy():
        inputs, labels = (X, y) if on_training else (X_val, y_val)
        right = np.mean(reference.predict_two_layer(params, inputs) == labels)
        return of_accuracy(right, len(labels))

    for epoch in range(len(rates)):
        if before:
            accuracies.append(accuracy())
        seen = []
        batches = (kept or cut(len(X), batch_size, rng))[:1 if first_batch else None]
        for step, rows in enumerate(batches):
            lr, all_rows = rate_of(rates, epoch, step), np.arange(len(X))
            if scaled:
                lr = lr * len(rows) / batch_size
            labels = y[:len(rows)] if labels_left else y[rows]
            loss, grads = reference.two_layer_loss(params, X[rows], labels, 0.0 if no_reg else reg)
            whole = reference.two_layer_loss(params, X[all_rows], y[all_rows], reg)
            loss = whole[0] if "loss" in of_all else loss
            grads = whole[1] if "step" in of_all else grads
            if data_loss:
                loss = reference.two_layer_loss(params, X[rows], labels, 0.0)[0]
            velocity = {name: momentum * velocity[name] + grads[name] for name in params}
            if decay:
                velocity = {name: velocity[name] + (name[0] == "W") * reg * params[name]
                            for name in params}
            over = len(rows) if per_example else 1
            params = {name: params[name] - uphill * lr / over * (name not in frozen) * step_of
                      for name, step_of in velocity.items()}
            if after_step:
                loss = reference.two_layer_loss(params, X[rows], labels, reg)[0]
            seen.append(loss * len(rows) if of_sum else loss)
        losses += per_epoch(seen) if per_epoch else seen
        if not before:
            accuracies.append(accuracy())
    return start if start_returned else params, losses, accuracies


def _train_with(**wrong):
    return lambda *args: _train(*args, **wrong)


def _in_order(N, m, rng):
    return [np.arange(N)[i:i + m] for i in range(0, N, m)]


def _drawn_anew(N, m, rng):
    return [rng.integers(0, N, size=min(m, N - i)) for i in range(0, N, m)]


def _chosen_for_each_step(N, m, rng):
    return [rng.choice(N, size=min(m, N), replace=False) for _ in range(0, N, m)]


def _first_rows(N, m, rng):
    return [np.arange(min(m, N)) for _ in range(0, N, m)]


def _full_ones(N, m, rng):
    return [rows for rows in minibatches(N, m, rng) if len(rows) == m]


def _up_to_the_end(N, m, rng):
    """The last batch is filled up with examples of the one before."""
    order = rng.permutation(N)
    return [order[max(0, min(i, N - m)):i + m] for i in range(0, N, m)]


def _batches_shuffled(N, m, rng):
    batches = _in_order(N, m, rng)
    return [batches[i] for i in rng.permutation(len(batches))]


EPOCHAL = (
    *(Mistake("labels-not-chosen-along",
              "The labels do not belong to the examples: choose the rows of `y` with the same "
              "indices as those of `X`.",
              READ_LOOP, _train_with(**wrong))
      for wrong in ({"labels_left": True}, {"labels_apart": True})),
    *(Mistake("not-every-example-once",
              "In an epoch, some examples come twice and others not at all. Shuffle all of them, "
              "then cut the order into batches.",
              READ_LOOP, _train_with(cut=cut)) for cut in (
                  _drawn_anew, _chosen_for_each_step, _first_rows)),
    *(Mistake("all-examples-in-every-step",
              "All batches of an epoch have the same loss, at a rate of 0 as well: compute it for "
              "the examples of the batch, not for all of them.",
              READ_LOOP, _train_with(of_all=what)) for what in (("loss",), ("loss", "step"))),
    Mistake("steps-of-other-examples",
            "The steps do not go along the gradients of the batches whose losses you record: use "
            "loss and gradients of the same call.",
            READ_LOOP, _train_with(of_all=("step",))),
    Mistake("not-shuffled",
            "The batches follow the original order of the examples.",
            READ_LOOP, _train_with(cut=_in_order)),
    Mistake("same-order-in-every-epoch",
            "Every epoch has the same batches. Shuffle anew at the start of each epoch.",
            READ_LOOP, _train_with(once=True)),
    Mistake("not-from-the-generator",
            "Two different generators give the same order of the examples. Shuffle with `rng`: not "
            "with `np.random`, and not with a generator of your own.",
            READ_LOOP, _train_with(own_seed=0)),
    Mistake("one-batch-an-epoch",
            "You take one batch in every epoch. An epoch goes through all of them.",
            READ_LOOP, _train_with(first_batch=True)),
    *(Mistake("losses-by-epoch",
              "You record a loss for each epoch; one for each batch is asked for.",
              READ_LOOP, _train_with(per_epoch=of)) for of in (
          lambda seen: [np.mean(seen)], lambda seen: seen[-1:])),
)
EPOCHS = {mistake.name: mistake for mistake in EPOCHAL}

OVERFLOW = ("Your exponentials overflow: subtract each row's largest score before exp; that "
            "changes no probability.")
FAR_BELOW = ("You subtract the largest score of the whole batch. In rows far below it all "
             "exponentials become 0, and 0/0 is nan: subtract each row's own maximum.")
UNDERFLOW = ("Your loss takes the logarithm of a probability that has underflowed to 0. Compute "
             "the logarithm from the scores: log p = s - log-sum-exp(s).")
ZERO_LOG = ("0 times the logarithm of 0 is nan: take the logarithm for the true class only, and "
            "compute it from the scores: log p = s - log-sum-exp(s).")
QUOTIENT = ("Your gradient divides by the probability of the true class, which may have "
            "underflowed to 0: 0/0 is nan. Simplified, it is the probabilities minus one-hot.")

EPSILON = ("You keep the probabilities away from 0 inside the logarithm, by a small number or by "
           "clipping. That hides the underflow: the answer is finite and wrong.")

KEPT_AWAY = [lambda p, e=e: p + e for e in (
    1e-300, 1e-20, 1e-16, np.finfo(float).eps, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)]
CLIPPED = ("You clip the scores. That keeps exp finite, and the answer is wrong: subtract each "
           "row's maximum.")
LOGARITHMS = (hw2.log_softmax, lambda s: np.log(hw2.softmax(s)))

OVERALL = (  # shifts by the overall maximum: logarithms, quotients, quotients with logarithms
    {"softmax": lambda s: np.exp(_from_far_below(s)), "log_softmax": _from_far_below},
    {"softmax": _quotients_far_below, "log_softmax": lambda s: np.log(_quotients_far_below(s))},
    {"softmax": _quotients_far_below, "log_softmax": _from_far_below})

MISTAKES = {
    "affine_forward": [
        Mistake("bias-missing", "The biases are missing: X W^T + b.",
                READ_AFFINE, lambda X, W, b: X @ W.T),
        Mistake("bias-subtracted", "You subtract the biases; they are added.",
                READ_AFFINE, lambda X, W, b: X @ W.T - b),
        Mistake("output-transposed",
                "Your output is transposed: a row for each example, (N, H).",
                READ_AFFINE, lambda X, W, b: (X @ W.T + b).T),
        Mistake("bias-twice", "You add the biases twice.",
                READ_AFFINE, lambda X, W, b: X @ W.T + 2 * b),
        Mistake("weights-not-transposed",
                "You multiply by W, not by its transpose: a row of W holds the weights of an "
                "output.",
                READ_AFFINE, lambda X, W, b: X @ W + b),
        Mistake("rounded",
                "Your outputs are whole numbers: the array that you fill has an integer type.",
                READ_AFFINE, lambda X, W, b: (X @ W.T + b).astype(int)),
        Mistake("squeezed",
                "An axis of length 1 is gone. The output has the shape (N, H), also where N or H "
                "is 1.",
                READ_AFFINE, lambda X, W, b: np.squeeze(X @ W.T + b)),
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
        *(Mistake("order-of-results",
                  "You return the gradients in another order: dX, dW, db are asked for.",
                  READ_AFFINE, _backward(order)) for order in (
              lambda dout, dX, dW, db: (dW, db, dX), lambda dout, dX, dW, db: (dW, dX, db),
              lambda dout, dX, dW, db: (dX, db, dW))),
        Mistake("all-averaged",
                "You divide all three gradients by N. Where a mean is taken, in the loss, dout is "
                "divided already.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: tuple(
                    d / len(dout) for d in (dX, dW, db)))),
        Mistake("input-gradient-averaged",
                "You divide dX by N: each row is the gradient of one example already.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX / len(dout), dW, db))),
        Mistake("input-gradient-transposed",
                "Your dX is transposed: a gradient has the shape of what it belongs to, (N, D).",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX.T, dW, db))),
        Mistake("weights-transposed",
                "You multiply dout by the transpose of W: dX adds up over the outputs, which are "
                "the rows of W.",
                READ_AFFINE, lambda dout, X, W: (dout @ W.T, dout.T @ X, dout.sum(axis=0))),
        Mistake("upstream-left-out",
                "Your dX does not depend on dout: multiply the weights by the gradient that "
                "arrives, the chain rule.",
                READ_AFFINE, lambda dout, X, W: (
                    np.ones(dout.shape) @ W, dout.T @ X, dout.sum(axis=0))),
        Mistake("upstream-left-out",
                "Your dW does not depend on dout: multiply the inputs by the gradient that "
                "arrives, the chain rule.",
                READ_AFFINE, lambda dout, X, W: (
                    dout @ W, np.ones(dout.shape).T @ X, dout.sum(axis=0))),
        Mistake("bias-gradient-left-out",
                "The gradient of the biases is missing: dX, dW, db are asked for.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW))),
        Mistake("bias-gradient-of-ones",
                "Your db counts the examples. Add up their rows of dout.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (
                    dX, dW, np.full(len(db), float(len(dout)))))),
        Mistake("bias-gradient-one-number",
                "Your db is one number: add up dout over the examples, for each output alone.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, db.sum()))),
        Mistake("bias-gradient-a-column",
                "Your db is a column, (H, 1): its shape is that of b, (H,).",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: (dX, dW, db[:, np.newaxis]))),
        Mistake("squeezed",
                "An axis of length 1 is gone. Gradients have the shapes (N, D), (H, D) and (H,), "
                "also where a size is 1.",
                READ_AFFINE, _backward(lambda dout, dX, dW, db: tuple(
                    map(np.squeeze, (dX, dW, db))))),
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
        Mistake("clipped-above", "Positive entries stay as they are, however large.",
                READ_RELU, lambda Z: np.clip(Z, 0, 1)),
        Mistake("shifted", "You subtract 1: positive entries stay as they are.",
                READ_RELU, lambda Z: np.maximum(0, np.array(Z) - 1)),
        Mistake("maximum-over-an-axis",
                "You take the largest entry along an axis. Each entry is compared with 0: "
                "`np.maximum`, not `np.max`.",
                READ_RELU, lambda Z: np.max(Z, axis=0)),
        Mistake("one-maximum",
                "You return one number, the largest. Each entry is compared with 0: `np.maximum`, "
                "not `np.max`.",
                READ_RELU, lambda Z: max(0, np.max(Z))),
        Mistake("positive-entries-only",
                "You return the positive entries alone. The others stay in their places, as 0.",
                READ_RELU, lambda Z: np.array(Z)[np.array(Z) > 0]),
        Mistake("flattened", "Your output has one axis; keep the shape of Z.",
                READ_RELU, lambda Z: np.maximum(0, Z).ravel()),
        Mistake("squeezed", "An axis of length 1 is gone: keep the shape of Z.",
                READ_RELU, lambda Z: np.squeeze(np.maximum(0, Z))),
        Mistake("rounded",
                "Your outputs are whole numbers: the array that you fill has an integer type.",
                READ_RELU, lambda Z: np.maximum(0, Z).astype(int)),
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
        *(Mistake("nothing-switched-off",
                  "The gradient passes where Z is negative, too. Where Z is not positive, nothing "
                  "passes.",
                  READ_RELU, wrong) for wrong in (
              lambda dH, Z: np.array(dH, np.float64), lambda dH, Z: dH * (np.array(Z) != 0))),
        Mistake("times-the-input",
                "You multiply the gradient by ReLU's output. Its derivative is 1 or 0.",
                READ_RELU, lambda dH, Z: dH * np.maximum(0, Z)),
        Mistake("times-z",
                "You multiply the gradient by Z. ReLU's derivative is 1 or 0.",
                READ_RELU, lambda dH, Z: dH * Z),
        Mistake("times-the-sign",
                "You multiply the gradient by the sign of Z: -1 where Z is negative, instead of 0.",
                READ_RELU, lambda dH, Z: dH * np.sign(Z)),
        Mistake("negative-gradients-cut",
                "You cut off negative gradients as well. Z alone decides what passes.",
                READ_RELU, lambda dH, Z: np.maximum(0, dH) * (Z > 0)),
        Mistake("half-at-zero",
                "At exactly 0 you let half of the gradient pass; here it is 0.",
                READ_RELU, lambda dH, Z: dH * np.heaviside(Z, 0.5)),
        Mistake("leaky",
                "Where Z is negative, exactly nothing passes: yours lets a part through.",
                READ_RELU, lambda dH, Z: np.where(Z > 0, dH, 0.01 * dH)),
        Mistake("arguments-exchanged",
                "You have exchanged the arguments: dH, the gradient, comes first, and then Z.",
                READ_RELU, lambda dH, Z: np.where(dH > 0, Z, 0.0)),
        Mistake("positive-places-only",
                "You return the gradient at the positive places alone. The others stay in their "
                "places, as 0.",
                READ_RELU, lambda dH, Z: np.array(dH)[np.array(Z) > 0]),
        Mistake("flattened", "Your gradient has one axis; keep the shape of Z.",
                READ_RELU, lambda dH, Z: (dH * (Z > 0)).ravel()),
        Mistake("squeezed", "An axis of length 1 is gone: keep the shape of Z.",
                READ_RELU, lambda dH, Z: np.squeeze(dH * (Z > 0))),
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
        *(Mistake("shifted-by-overall-maximum", FAR_BELOW, READ_SHIFT, _loss_layer_with(**wrong))
          for wrong in OVERALL),
        Mistake("log-of-softmax", UNDERFLOW, READ_STABLE, _loss_layer_with(
            log_softmax=lambda s: np.log(hw2.softmax(s)))),
        Mistake("zero-times-log-of-zero", ZERO_LOG, READ_STABLE, _one_hot_times_logs),
        Mistake("gradient-through-the-quotient", QUOTIENT, READ_GRADIENT, _through_the_quotient),
        Mistake("loss-not-averaged",
                "Your loss is a sum, but your gradient is that of the mean: the loss is a mean "
                "over the batch.",
                READ_LOSS, lambda s, y: _loss_layer(s, y, data=len(y))),
        Mistake("averaged-over-classes-too",
                "You divide by the number of classes as well: the mean is over the examples only.",
                READ_LOSS, lambda s, y: _loss_layer(
                    s, y, data=1 / s.shape[1], data_grad=1 / s.shape[1])),
        Mistake("loss-averaged-over-classes-too",
                "Your loss is divided by the number of classes as well: the mean is over the "
                "examples only.",
                READ_LOSS, lambda s, y: _loss_layer(s, y, data=1 / s.shape[1])),
        Mistake("gradient-divided-twice",
                "You divide the gradient by N twice.",
                READ_GRADIENT, lambda s, y: _loss_layer(s, y, data_grad=1 / len(y))),
        Mistake("one-hot-not-divided",
                "You subtract 1 after the division by N: both terms are divided.",
                READ_GRADIENT, _loss_layer_with(dscores=lambda p, y: p / len(y) - _one_hot(p, y))),
        Mistake("probabilities-not-divided",
                "You divide only the 1 by N: the probabilities, too.",
                READ_GRADIENT, _loss_layer_with(dscores=lambda p, y: p - _one_hot(p, y) / len(y))),
        Mistake("last-class-left-out",
                "Where the true class is the last one, you subtract nothing: count from 0 to "
                "C - 1.",
                READ_GRADIENT, _loss_layer_with(dscores=_last_class_left_out)),
        Mistake("labels-from-one",
                "You look at the class before the true one: labels count from 0.",
                READ_LOSS, lambda s, y: _loss_layer(s, np.asarray(y, int) - 1)),
        Mistake("largest-for-the-true-class",
                "You take the class with the largest score for the true class: the label decides.",
                READ_LOSS, lambda s, y: _loss_layer(s, np.argmax(s, axis=1))),
        Mistake("softmax-over-the-examples",
                "Your softmax goes over the examples: the sums are over the classes, axis 1.",
                READ_GRADIENT, _loss_layer_with(
                    softmax=lambda s: hw2.softmax(s.T).T,
                    log_softmax=lambda s: hw2.log_softmax(s.T).T)),
        Mistake("softmax-over-the-batch",
                "Your probabilities add up to 1 over the whole batch: the sums are over the "
                "classes of one example, axis 1.",
                READ_GRADIENT, _loss_layer_with(
                    softmax=lambda s: hw2.softmax(s.reshape(1, -1)).reshape(s.shape),
                    log_softmax=lambda s: hw2.log_softmax(s.reshape(1, -1)).reshape(s.shape))),
        Mistake("softmax-twice",
                "You take softmax of numbers that are probabilities already.",
                READ_LOSS, _loss_layer_with(
                    softmax=lambda s: hw2.softmax(hw2.softmax(s)),
                    log_softmax=lambda s: hw2.log_softmax(hw2.softmax(s)))),
        *(Mistake("other-logarithm",
                  "Your loss has the wrong logarithm: the natural one, to base e, is meant.",
                  READ_LOSS, _loss_layer_with(data=1 / np.log(base))) for base in (2, 10)),
        Mistake("logarithm-left-out",
                "Your loss is minus the probability; minus its logarithm is meant.",
                READ_LOSS, lambda s, y: (-np.mean(hw2.softmax(s)[np.arange(len(y)), y]),
                                         _loss_layer(s, y)[1])),
        Mistake("loss-for-each-example",
                "You return a loss for each example; their mean is asked for.",
                READ_LOSS, lambda s, y: (-hw2.log_softmax(s)[np.arange(len(y)), y],
                                         _loss_layer(s, y)[1])),
        Mistake("order-of-results", "You return the gradient first: the loss comes first.",
                READ_LOSS, lambda s, y: _loss_layer(s, y)[::-1]),
        Mistake("probabilities-returned",
                "Your second value is the probabilities; the gradient is asked for.",
                READ_GRADIENT, _loss_layer_with(dscores=lambda p, y: p)),
        *(Mistake("scores-clipped", CLIPPED, READ_SHIFT, _clipped(limit, logs))
          for limit in (50, 100, 500, 700) for logs in LOGARITHMS),
        *(Mistake("epsilon-in-the-logarithm", EPSILON, READ_STABLE, _loss_layer_with(
            log_softmax=lambda s, away=away: np.log(away(hw2.softmax(s))))) for away in KEPT_AWAY),
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
        *(Mistake("overflow", OVERFLOW, READ_SHIFT, _network_with(mask=mask, layer=_loss_layer_with(
            softmax=_naive_softmax, log_softmax=lambda s: np.log(_naive_softmax(s)))))
          for mask in MASKS),
        *(Mistake("overflow", OVERFLOW, READ_SHIFT, _network_with(mask=mask, layer=_loss_layer_with(
            softmax=_naive_softmax,
            log_softmax=lambda s: s - np.log(np.exp(s).sum(axis=1, keepdims=True)))))
          for mask in MASKS),
        *(Mistake("shifted-by-overall-maximum", FAR_BELOW, READ_SHIFT, _network_with(
            mask=mask, layer=_loss_layer_with(**OVERALL[0]))) for mask in MASKS),
        *(Mistake("scores-clipped", CLIPPED, READ_SHIFT, _network_with(
            layer=_clipped(limit, logs))) for limit in (50, 100, 500, 700) for logs in LOGARITHMS),
        Mistake("log-of-softmax", UNDERFLOW, READ_STABLE, _network_with(layer=_loss_layer_with(
            log_softmax=lambda s: np.log(hw2.softmax(s))))),
        Mistake("zero-times-log-of-zero", ZERO_LOG, READ_STABLE,
                _network_with(layer=_one_hot_times_logs)),
        *(Mistake("gradient-through-the-quotient", QUOTIENT, READ_GRADIENT,
                  _network_with(mask=mask, layer=_through_the_quotient)) for mask in MASKS),
        *(Mistake("epsilon-in-the-logarithm", EPSILON, READ_STABLE, _network_with(
            layer=_loss_layer_with(log_softmax=lambda s, away=away: np.log(away(hw2.softmax(s))))))
          for away in KEPT_AWAY),
        Mistake("last-class-left-out",
                "Where the true class is the last one, you subtract nothing: count from 0 to "
                "C - 1.",
                READ_GRADIENT, _network_with(layer=_loss_layer_with(
                    dscores=_last_class_left_out))),
        Mistake("gradients-sign",
                "Your gradients of the data loss have the wrong sign: probabilities minus one-hot.",
                READ_GRADIENT, _network_with(layer=_loss_layer_with(data_grad=-1.0))),
        Mistake("gradients-divided-twice",
                "You divide by N twice: `dscores` holds the 1/N already.",
                READ_GRADIENT, _network_with(layer=lambda s, y: _loss_layer(
                    s, y, data_grad=1 / len(y)))),
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
        *(Mistake("regularisation-missing-in-one-gradient",
                  f"The term reg {name} is missing in the gradient of {name}.",
                  READ_REG, _network_with(grad_only=({"W1", "W2"} - {name})))
          for name in ("W1", "W2")),
        *(Mistake("one-penalty-missing-in-loss",
                  f"The squared weights of {name} are missing in your loss.",
                  READ_REG, _network_with(loss_only=({"W1", "W2"} - {name})))
          for name in ("W1", "W2")),
        Mistake("absolute-weights",
                "Your penalty adds up the absolute weights; their squares are meant.",
                READ_REG, _network_with(penalty=np.abs)),
        Mistake("penalty-averaged-over-weights",
                "Your penalty is the mean of the squared weights; their sum is meant.",
                READ_REG, _network_with(penalty=lambda W: W**2 / W.size)),
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
        Mistake("keys-with-d",
                "The keys of your gradients are to be those of params: \"W1\", not \"dW1\".",
                READ_AFFINE, _grads_changed(
                    lambda X, loss, g: (loss, {"d" + k: v for k, v in g.items()}))),
        Mistake("gradients-as-a-list",
                "You return the gradients one by one; a dict with the keys of params is asked for.",
                READ_AFFINE, _grads_changed(
                    lambda X, loss, g: (loss, g["W1"], g["b1"], g["W2"], g["b2"]))),
        Mistake("gradients-exchanged",
                "The gradients of b1 and W1 stand under each other's names.",
                READ_AFFINE, _grads_changed(lambda X, loss, g: (
                    loss, {**g, "b1": g["W1"], "W1": g["b1"]}))),
        Mistake("labels-ignored",
                "You return the scores, with labels as well: then loss and gradients are asked "
                "for.",
                READ_LOSS, lambda params, X, y=None, reg=0.0: reference.two_layer_loss(params, X)),
        Mistake("probabilities-returned",
                "Without labels you return probabilities; the scores are asked for.",
                READ_ARG_MAX, lambda params, X, y=None, reg=0.0: (
                    hw2.softmax(reference.two_layer_loss(params, X)) if y is None
                    else reference.two_layer_loss(params, X, y, reg))),
        Mistake("squeezed",
                "An axis of length 1 is gone. Scores and gradients keep their shapes, also where "
                "N, D or H is 1.",
                READ_AFFINE, _squeezed),
        Mistake("weight-gradients-transposed",
                "Your weight gradients are transposed: each has the shape of its matrix.",
                READ_AFFINE, _grads_changed(
                    lambda X, loss, g: (loss, {k: v.T for k, v in g.items()}))),
    ],
    "init_params": list(STARTING),
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
        Mistake("first-biases-missing", "The biases b1 are missing in the hidden layer.",
                READ_AFFINE, _predicted(bias1=0.0)),
        Mistake("second-biases-missing", "The biases b2 are missing in the scores.",
                READ_AFFINE, _predicted(bias2=0.0)),
        Mistake("biases-missing", "The biases of both layers are missing.",
                READ_AFFINE, _predicted(bias1=0.0, bias2=0.0)),
        Mistake("no-activation",
                "Your network has no ReLU between its layers when it predicts.",
                READ_RELU, _predicted(on=lambda Z: Z)),
        Mistake("overflow", OVERFLOW, READ_SHIFT, lambda p, X: np.argmax(
            _naive_softmax(reference.two_layer_loss(p, X)), axis=1)),
        Mistake("shifted-by-overall-maximum", FAR_BELOW, READ_SHIFT, lambda p, X: np.argmax(
            np.exp(_from_far_below(reference.two_layer_loss(p, X))), axis=1)),
        Mistake("classes-from-one", "Your classes count from 1; they count from 0.",
                READ_ARG_MAX, lambda p, X: 1 + np.argmax(reference.two_layer_loss(p, X), axis=1)),
        Mistake("largest-score-returned",
                "You return the largest score; the class that has it is asked for: arg max.",
                READ_ARG_MAX, lambda p, X: np.max(reference.two_layer_loss(p, X), axis=1)),
        Mistake("one-class-for-all",
                "You return one number, the place of the largest of all scores: for each row, over "
                "the classes, axis 1.",
                READ_ARG_MAX, _place_of_the_largest),
        Mistake("a-column",
                "Your classes are a column, (N, 1): a number for each example, (N,), is asked for.",
                READ_ARG_MAX, lambda p, X: np.argmax(
                    reference.two_layer_loss(p, X), axis=1)[:, np.newaxis]),
        Mistake("one-hot-returned",
                "You return a row for each example; the number of its class is asked for.",
                READ_ARG_MAX, lambda p, X: np.eye(len(p["b2"]))[
                    np.argmax(reference.two_layer_loss(p, X), axis=1)]),
        Mistake("squeezed",
                "For a single example, an array with one class is asked for, not a number.",
                READ_ARG_MAX, lambda p, X: np.squeeze(
                    np.argmax(reference.two_layer_loss(p, X), axis=1))),
    ],
    "train_two_layer": [
        Mistake("first-rate-only",
                "You use the first learning rate throughout: `rates` has one for each epoch.",
                READ_LOOP, _train_with(rate_of=lambda rates, epoch, step: rates[0])),
        Mistake("rates-by-step",
                "You take another rate for each batch: `rates` has one for each epoch, for all its "
                "batches.",
                READ_LOOP, _train_with(rate_of=lambda rates, epoch, step: rates[
                    min(step, len(rates) - 1)])),
        Mistake("rate-of-the-epoch-before",
                "Your rates come one epoch late: epoch k uses `rates[k]`.",
                READ_LOOP, _train_with(rate_of=lambda rates, epoch, step: rates[
                    max(0, epoch - 1)])),
        Mistake("uphill", "You add the gradients: the loss grows. Subtract them.",
                READ_LOOP, _train_with(uphill=-1.0)),
        Mistake("regularisation-not-passed-on",
                "`reg` makes no difference: pass it on to the loss.",
                READ_REG, _train_with(no_reg=True)),
        Mistake("regularised-twice",
                "You add reg W to the gradients again: those of `two_layer_loss` have it already.",
                READ_REG, _train_with(decay=True)),
        Mistake("divided-again",
                "You divide the gradients by the size of the batch: they are those of a mean "
                "already.",
                READ_LOOP, _train_with(per_example=True)),
        Mistake("small-batch-scaled",
                "Your steps depend on the size of the batch. Each takes the same rate, also with a "
                "smaller last batch.",
                READ_LOOP, _train_with(scaled=True)),
        Mistake("last-batch-dropped",
                "You leave out the last batch where it is smaller: an epoch holds every example.",
                READ_LOOP, _train_with(cut=_full_ones)),
        Mistake("biases-not-trained", "The biases do not move.",
                READ_LOOP, _train_with(frozen=("b1", "b2"))),
        Mistake("first-layer-not-trained", "The first layer does not move.",
                READ_LOOP, _train_with(frozen=("W1", "b1"))),
        Mistake("second-layer-not-trained", "The second layer does not move.",
                READ_LOOP, _train_with(frozen=("W2", "b2"))),
        Mistake("start-returned",
                "You return the parameters that you were given, not the trained ones.",
                READ_LOOP, _train_with(start_returned=True)),
        Mistake("momentum",
                "Your steps depend on those before: plain descent is asked for, without momentum.",
                READ_LOOP, _train_with(momentum=0.9)),
        Mistake("penalty-not-recorded",
                "You record the data loss alone. The loss that `two_layer_loss` returns, with the "
                "penalty, is asked for.",
                READ_REG, _train_with(data_loss=True)),
        Mistake("loss-after-the-step",
                "You record the loss after the step; the one before it is asked for.",
                READ_LOOP, _train_with(after_step=True)),
        Mistake("loss-summed",
                "You multiply the losses by the size of the batch; record them as they are.",
                READ_LOOP, _train_with(of_sum=True)),
        Mistake("losses-as-batches-of-epochs",
                "Your losses are a list for each epoch. One list for all batches is asked for.",
                READ_LOOP, _train_with(per_epoch=lambda seen: [seen])),
        Mistake("accuracy-on-the-training-examples",
                "Your accuracies are those of the training examples; those of the validation "
                "examples are asked for.",
                READ_LOOP, _train_with(on_training=True)),
        Mistake("accuracy-before-the-epoch",
                "You measure the accuracy before each epoch; after it is asked for.",
                READ_LOOP, _train_with(before=True)),
        Mistake("accuracy-in-per-cent",
                "Your accuracies are per cent; numbers from 0 to 1 are asked for.",
                READ_LOOP, _train_with(of_accuracy=lambda right, count: 100 * right)),
        Mistake("accuracy-counted",
                "Your accuracies are numbers of examples: divide by how many there are.",
                READ_LOOP, _train_with(of_accuracy=lambda right, count: count * right)),
        Mistake("error-rate",
                "You record how many are wrong; the accuracy is the share of those that are right.",
                READ_LOOP, _train_with(of_accuracy=lambda right, count: 1 - right)),
        *EPOCHAL,
    ],
}
