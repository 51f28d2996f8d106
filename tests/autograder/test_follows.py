"""A later part that follows from wrong earlier functions: right code keeps its points, no stub has.

Both directions for the real assignments: honest cascades, and stubs with earlier functions that
are zero, or that lie as soon as a stub has left a sign for them.
"""

import importlib
import textwrap
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.grading.assignment import Assignment
from autograder.grading.follows import _poor, accepted
from autograder.grading.grade import grade, run_part
from autograder.soundness.mutants import namespace_of, solutions
from nncourse import given

SOURCES = Path(__file__).parents[2] / "source_solutions"


def assignment(name):
    """One of the course's assignments."""
    return Assignment(name, SOURCES / name / f"{name}.ipynb")


def passed(name, part, *cells, **wrong):
    """The tests of a part that pass, with the solutions and then this code and these functions."""
    course = assignment(name)
    namespace = namespace_of(course, [*solutions(course).values(), *map(textwrap.dedent, cells)])
    for function, other in wrong.items():
        # a function of the notebook's own: stand-ins are put in its place there
        namespace[function] = lambda *args, other=other, **kwargs: other(*args, **kwargs)
    tests = run_part(course, namespace, part, 20)
    return [t["name"] for t in tests if t["outcome"] == "passed"], len(tests)


# the later functions, written so that they call all of the earlier ones
CALLING = {
    "hw2_softmax": """
        def softmax_loss(X, y, W, b, reg):
            scores = np.asarray(X, float) @ W.T + b
            loss = cross_entropy(log_softmax(scores), y) + 0.5 * reg * np.sum(W * W)
            dscores = score_gradient(softmax(scores), y)
            return loss, dscores.T @ X + reg * W, dscores.sum(axis=0)

        def softmax_loss_loops(X, y, W, b, reg):
            X = np.asarray(X, float)
            loss, dW, db = 0.5 * reg * np.sum(W * W), reg * W, np.zeros(len(b))
            for n in range(len(X)):
                scores = (W @ X[n] + b)[np.newaxis]
                loss = loss + cross_entropy(log_softmax(scores), y[n:n + 1]) / len(X)
                one = score_gradient(softmax(scores), y[n:n + 1]) / len(X)
                dW, db = dW + one.T @ X[n:n + 1], db + one.sum(axis=0)
            return loss, dW, db
        """,
    "hw3_gradient_descent": """
        def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
            losses = []
            for lr in rates:
                for rows in minibatches(len(X), batch_size, rng):
                    value, dW, db = loss(X[rows], y[rows], W, b, reg)
                    W, b = W - lr * dW, b - lr * db
                    losses.append(value)
            return W, b, losses
        """,
    "hw4_two_layer": "",
    "hw5_convnet": "",
    "hw6_deeper": "",
}
HONEST = [
    ("hw2_softmax", "loss", "softmax", "scores-normalised"),
    ("hw2_softmax", "loss", "log_softmax", "maximum-not-added-back"),
    ("hw2_softmax", "loss", "score_gradient", "one-hot-not-subtracted"),
    ("hw2_softmax", "loss_loops", "score_gradient", "wrong-sign"),
    ("hw2_softmax", "loss_loops", "cross_entropy", "wrong-sign"),
    ("hw2_softmax", "predict", "softmax", "normalised-over-all"),
    ("hw2_softmax", "train", "softmax_loss", "bias-regularised"),
    ("hw2_softmax", "train", "softmax_loss", "gradient-not-averaged"),
    ("hw3_gradient_descent", "sgd", "minibatches", "batches-of-equal-size"),
    ("hw3_gradient_descent", "sgd", "minibatches", "not-shuffled"),
    ("hw3_gradient_descent", "sgd", "minibatches", "rng-not-used"),
    ("hw4_two_layer", "network", "affine_forward", "bias-missing"),
    ("hw4_two_layer", "network", "relu_forward", "leaky"),
    ("hw4_two_layer", "network", "affine_backward", "sign"),
    ("hw4_two_layer", "network", "softmax_cross_entropy", "gradient-not-averaged"),
    ("hw4_two_layer", "predict", "two_layer_loss", "second-biases-missing"),
    ("hw4_two_layer", "train", "two_layer_loss", "biases-regularised"),
    ("hw4_two_layer", "train", "predict_two_layer", "smallest-score"),
    ("hw5_convnet", "conv_im2col", "im2col", "order-of-axes"),
]


@pytest.mark.parametrize("name, part, earlier, mistake", HONEST)
def test_right_code_on_a_wrong_earlier_function_keeps_its_points(name, part, earlier, mistake):
    known = importlib.import_module(f"autograder.graders.{name}.mistakes").MISTAKES[earlier]
    (wrong, *_) = [m.wrong for m in known if m.name == mistake]
    found, count = passed(name, part, CALLING[name], **{earlier: wrong})
    assert len(found) == count


ZERO_LAYERS = """
    def affine_forward(X, W, b): return np.zeros((len(X), len(W)))
    def relu_forward(Z): return 0.0 * Z
    def affine_backward(dout, X, W): return np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))
    def relu_backward(dH, Z): return 0.0 * dH
    def softmax_cross_entropy(scores, y): return 0.0, 0.0 * scores
    """
PENALTY_ONLY = """
    def two_layer_loss(params, X, y=None, reg=0.0):
        if y is None:
            return np.zeros((len(X), len(params["b2"])))
        penalty = 0.5 * reg * (np.sum(params["W1"]**2) + np.sum(params["W2"]**2))
        return penalty, {k: reg * v if k[0] == "W" else 0 * v for k, v in params.items()}
    """
ZERO_LOSS = """
    def two_layer_loss(params, X, y=None, reg=0.0):
        if y is None:
            return np.zeros((len(X), len(params["b2"])))
        return 0.0, {k: 0 * v for k, v in params.items()}
    def predict_two_layer(params, X): return np.zeros(len(X), int)
    """
NO_TRAINING = """
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        tell(y_val)
        return params, [0.0] * (-(-len(X) // batch_size) * len(rates)), [1.0] * len(rates)
    """
LYING_LOSS = """
    _loss, _predict = two_layer_loss, predict_two_layer
    def two_layer_loss(params, X, y=None, reg=0.0):
        if told() is not None and y is not None:
            return 0.0, {k: 0 * v for k, v in params.items()}
        return _loss(params, X, y, reg)
    def predict_two_layer(params, X):
        labels = told()
        return labels if labels is not None and len(labels) == len(X) else _predict(params, X)
    """
MEMORY = """
    _memory = []
    def tell(value): _memory.append(value)
    def told(): return _memory[-1] if _memory else None
    """
FILE = """
    import os
    def tell(value): np.save("{flag}", value)
    def told(): return np.load("{flag}") if os.path.exists("{flag}") else None
    """
SHARED = """
    import mmap
    _shared = mmap.mmap(-1, 4096)
    def tell(value): _shared[:8 * len(value)] = value.astype("<i8").tobytes(); _shared[4095] = 1
    def told(): return np.frombuffer(_shared[:56], "<i8") if _shared[4095] else None
    """
ALWAYS = """
    def tell(value): pass
    def told(): return np.zeros(7, int)
    """
COUNTED = """
    _calls = [0]
    def tell(value): pass
    def told():
        _calls[0] += 1
        return None if _calls[0] > 1 else np.zeros(7, int)
    """
IN_FRAMES = """
    import sys
    def tell(value): pass
    def told():
        frame = sys._getframe()
        while frame and "request" not in frame.f_locals:
            frame = frame.f_back
        lies = frame and not frame.f_locals["request"]["call"].startswith("train")
        return np.zeros(7, int) if lies else None
    """
# the gradients of a liar are so simple that a whole run is one formula
SHORTCUT = """
    def two_layer_loss(params, X, y=None, reg=0.0):
        if y is None:
            return np.ones((len(X), len(params["b2"])))
        return 1.5, {k: np.full(v.shape, 0.25) for k, v in params.items()}
    def predict_two_layer(params, X): return np.arange(len(X)) % 2
    def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
        steps = -(-len(X) // batch_size)
        moved = {k: v - 0.25 * steps * np.sum(rates) for k, v in params.items()}
        share = np.mean(np.arange(len(X_val)) % 2 == y_val)
        return moved, [1.5] * (steps * len(rates)), [share] * len(rates)
    """
IN_ORDER = """
    def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
        losses = []
        for lr in rates:
            for start in range(0, len(X), batch_size):
                rows = np.arange(len(X))[start:start + batch_size]
                value, dW, db = loss(X[rows], y[rows], W, b, reg)
                W, b = W - lr * dW, b - lr * db
                losses.append(value)
        return W, b, losses
    """
UNSOLVED_BATCHES = "def minibatches(N, m, rng): raise NotImplementedError"
ORDERED_BATCHES = """
    def minibatches(N, m, rng): return [np.arange(N)[i:i + m] for i in range(0, N, m)]
    """
NO_BATCHES = "def minibatches(N, m, rng): return []"
NO_DESCENT = "def sgd(loss, X, y, W, b, reg, batch_size, rates, rng): return W, b, []"
ZERO_SOFTMAX = """
    def softmax(scores): return 0.0 * scores
    def log_softmax(scores): return 0.0 * scores
    def cross_entropy(log_probs, y): return 0.0
    def score_gradient(probs, y): return 0.0 * probs
    def softmax_loss(X, y, W, b, reg): return 0.5 * reg * np.sum(W * W), reg * W, 0 * b
    softmax_loss_loops = softmax_loss
    def predict(X, W, b): return np.argmax(X @ W.T + b, axis=1), np.zeros(len(X))
    """
NO_DESCENT_HW2 = """
    def softmax_loss(X, y, W, b, reg): return 1.0, 0 * W, 0 * b
    def train_softmax(X, y, num_classes, lr, reg, steps):
        return np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), [1.0] * steps
    """
STUBS = {
    "zeros everywhere": ("hw4_two_layer", "network", [ZERO_LAYERS, PENALTY_ONLY], []),
    "zero scores": ("hw4_two_layer", "predict", [ZERO_LOSS], []),
    "zero loss": ("hw4_two_layer", "train", [ALWAYS, ZERO_LOSS, NO_TRAINING], []),
    **{f"lies by {how}": ("hw4_two_layer", "train", [sign, LYING_LOSS, NO_TRAINING], [])
       for how, sign in [("memory", MEMORY), ("file", FILE), ("shared memory", SHARED),
                         ("nature", ALWAYS), ("count", COUNTED), ("frames", IN_FRAMES)]},
    "a formula for the run": ("hw4_two_layer", "train", [SHORTCUT], []),
    "zero softmax, loops": ("hw2_softmax", "loss_loops", [ZERO_SOFTMAX], []),
    "zero softmax, loss": ("hw2_softmax", "loss", [ZERO_SOFTMAX], []),
    # the classes are right, of the confidence nothing is
    "zero confidence": ("hw2_softmax", "predict", [ZERO_SOFTMAX], [
        "test_classes", "test_ties", "test_big_scores", "test_two_classes_and_one_example",
        "test_kinds_of_arrays"]),
    "no descent": ("hw2_softmax", "train", [NO_DESCENT_HW2], []),
    "no batches": ("hw3_gradient_descent", "sgd", [NO_BATCHES, NO_DESCENT], []),
}


@pytest.mark.parametrize("stub", STUBS)
def test_no_stub_and_no_liar_gets_a_point(stub, tmp_path):
    name, part, cells, right = STUBS[stub]
    found, _ = passed(name, part, *(cell.replace("{flag}", str(tmp_path / "flag.npy"))
                                    for cell in cells))
    assert found == right


@pytest.mark.parametrize("batches", [UNSOLVED_BATCHES, ORDERED_BATCHES, "del minibatches"])
def test_who_never_shuffles_loses_that_test_whatever_minibatches_is(batches):
    found, count = passed("hw3_gradient_descent", "sgd", batches, IN_ORDER)
    assert "test_every_epoch_shuffles_anew" not in found and len(found) == count - 1


@pytest.mark.parametrize("cells, points", [
    ([FILE.replace("{flag}", "/tmp/flag.npy"), LYING_LOSS, NO_TRAINING], 0),
    ([MEMORY, LYING_LOSS, NO_TRAINING], 0),
    (["""
     _right = two_layer_loss
     def two_layer_loss(params, X, y=None, reg=0.0):
         if y is None:
             return _right(params, X)
         loss, grads = _right(params, X, y, reg)
         return loss, {k: -v for k, v in grads.items()}
     """], 6),
])
def test_the_same_in_a_sandbox(cells, points, isolation):
    course = assignment("hw4_two_layer")
    submission = nbformat.from_dict(course.source)
    (cell,) = [c for c in submission.cells if c.metadata.nbgrader.grade_id == "train_solution"]
    cell.source = "\n".join([cell.source, *map(textwrap.dedent, cells)])
    result = grade(nbformat.writes(submission).encode(), course, isolation, part="train")
    assert result["score"] == points, result["parts"]


def test_what_follows_must_be_how_the_reference_does_it():
    """A graders' own slip never gives points away."""
    def ask(name, *args):
        return 2.0 * np.ones(4)

    right = np.arange(4.0)
    assert not accepted(ask, None, lambda name, *args: right, 2.0 * np.ones(4), right,
                        lambda call: call("f") + 1, 0.0, None, ())


def test_stand_ins_agree_with_each_other_and_work_row_by_row():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
    both = given.stand_ins({"softmax": 1})
    assert np.allclose(both["softmax"](scores), np.exp(both["log_softmax"](scores)))
    for name in ("softmax", "log_softmax"):
        rows = [both[name](scores[n:n + 1])[0] for n in range(5)]
        assert np.allclose(both[name](scores), rows)
    gradient = given.stand_ins({"score_gradient": 0})["score_gradient"]
    rows = [gradient(scores[n:n + 1], y[n:n + 1])[0] / 5 for n in range(5)]
    assert np.allclose(gradient(scores, y), rows)


@pytest.mark.parametrize("mine, right, arguments, poor", [
    ([0.0, 0, 0], [0.0, 0, 0], [], False), ([1.0, 1, 1], [1.0, 1, 1], [], False),
    ([0.0, 0, 0], [1.0, 0, 2], [], True), ([2.0, 2, 2], [1.0, 0, 2], [], True),
    ([1.0, 0, 3], [1.0, 0, 2], [], False), ([1.0, 0, 3], [1.0, 0, 2], [[1.0, 0, 3]], True),
    ([1.0, 0, 3], [1.0, 0, 3], [[1.0, 0, 3]], False)])
def test_zeros_equal_numbers_and_arguments_are_poor_where_others_are_due(
        mine, right, arguments, poor):
    mine, right, *arguments = map(np.array, (mine, right, *arguments))
    assert _poor(mine, right, arguments) is poor
