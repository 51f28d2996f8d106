"""What each sample student typed into hw1_perceptron. expected.csv says what each must get.

A student is a function that changes a copy of the released notebook in place.
"""

import copy
from collections.abc import Callable

import nbformat

PARTS = ("unit", "gates", "xor", "update", "train", "predict", "train_classes", "digits")

UNIT = '''\
def unit(X, w, b):
    return (X @ w + b > 0).astype(int)
'''
GATES = '''\
def gate(name):
    if name == "NOT":
        return np.array([-1.0]), 0.5
    if name == "AND":
        return np.array([1.0, 1.0]), -1.5
    if name == "OR":
        return np.array([1.0, 1.0]), -0.5
    if name == "NAND":
        return np.array([-1.0, -1.0]), 1.5
'''
XOR = '''\
def xor(X):
    h1 = unit(X, np.array([1, -1]), -0.5)
    h2 = unit(X, np.array([-1, 1]), -0.5)
    return unit(np.column_stack([h1, h2]), np.array([1, 1]), -0.5)
'''
UPDATE = '''\
def perceptron_update(w, b, x, y):
    yhat = 1 if x @ w + b > 0 else 0
    return w + (y - yhat) * x, b + (y - yhat)
'''
TRAIN = '''\
def train_perceptron(X, y, max_epochs):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for epoch in range(max_epochs):
        count = 0
        for i in range(len(X)):
            yhat = 1 if X[i] @ w + b > 0 else 0
            if yhat != y[i]:
                count += 1
                w, b = perceptron_update(w, b, X[i], y[i])
        mistakes.append(count)
        if count == 0:
            break
    return w, b, mistakes
'''
PREDICT = '''\
def predict_classes(X, W, b):
    return (X @ W.T + b).argmax(axis=1)
'''
TRAIN_CLASSES = '''\
def train_classes(X, y, num_classes, max_epochs):
    W, b, mistakes = np.zeros((num_classes, X.shape[1])), np.zeros(num_classes), []
    for epoch in range(max_epochs):
        count = 0
        for x, label in zip(X, y):
            target = np.zeros(num_classes)
            target[label] = 1
            error = target - (W @ x + b > 0)
            W += np.outer(error, x)
            b += error
            count += int(np.abs(error).sum())
        mistakes.append(count)
        if count == 0:
            break
    return W, b, mistakes
'''
DIGITS = '''\
def classify_digits(X_train, y_train, X_test):
    W, b, _ = train_classes(X_train, y_train, 10, 10)
    return predict_classes(X_test, W, b)
'''
RIGHT = dict(zip(PARTS, (UNIT, GATES, XOR, UPDATE, TRAIN, PREDICT, TRAIN_CLASSES, DIGITS)))


def cell(notebook, grade_id: str):
    """The cell of that name."""
    return next(c for c in notebook.cells
                if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def typed(**changes: str) -> Callable:
    """A student whose answers are right but for the given parts."""

    def change(notebook):
        for part, source in {**RIGHT, **changes}.items():
            cell(notebook, f"{part}_solution").source = source

    return change


def insert_code(notebook, before: str, source: str) -> None:
    """Put a code cell of the student's own before the cell of that name."""
    position = notebook.cells.index(cell(notebook, before))
    added = nbformat.v4.new_code_cell(source)
    added.id = f"added-{len(notebook.cells)}"
    notebook.cells.insert(position, added)


grace = typed(
    unit='''\
def unit(X, w, b):
    result = []
    for row in X:
        total = b
        for j in range(len(w)):
            total = total + row[j] * w[j]
        result.append(1 if total > 0 else 0)
    return result
''',
    xor='''\
def xor(X):
    answers = []
    for x1, x2 in X:
        either = 1 if x1 + x2 - 0.5 > 0 else 0
        both = 1 if x1 + x2 - 1.5 > 0 else 0
        answers.append(1 if either - both - 0.5 > 0 else 0)
    return answers
''',
    predict='''\
def predict_classes(X, W, b):
    classes = []
    for row in X:
        best, best_score = 0, None
        for c in range(len(W)):
            score = float((row * W[c]).sum() + b[c])
            if best_score is None or score > best_score:
                best, best_score = c, score
        classes.append(best)
    return np.array(classes)
''',
    train_classes='''\
def train_classes(X, y, num_classes, max_epochs):
    # one after the other, then add up the mistakes
    W, b, histories = [], [], []
    for c in range(num_classes):
        w_c, b_c, m = train_perceptron(X, [1 if label == c else 0 for label in y], max_epochs)
        W.append(w_c)
        b.append(b_c)
        histories.append(m)
    longest = max(len(m) for m in histories)
    mistakes = [sum(m[e] for m in histories if e < len(m)) for e in range(longest)]
    return np.array(W), np.array(b), mistakes
''')


def alan(notebook):
    typed(
        unit="def unit(X, w, b):\n    return np.heaviside(ones(X) @ np.append(w, b), 0)\n",
        update='''\
def perceptron_update(w, b, x, y):
    theta = np.append(w, float(b))
    x1 = np.append(x, 1.0)
    theta += (y - np.heaviside(theta @ x1, 0)) * x1
    return theta[:-1], theta[-1]
''')(notebook)
    insert_code(notebook, "unit_solution",
                "def ones(X):\n    return np.hstack([X, np.ones((len(X), 1))])")


def emmy(notebook):
    typed(unit='''\
import sys
import warnings

def unit(X, w, b):
    warnings.warn("slow but sure")
    print("unit called with", X.shape, file=sys.stderr)
    return np.where(X @ w + b > 0, 1.0, 0.0)
''', predict='''\
def predict_classes(X, W, b):
    scores = np.einsum("nd,cd->nc", X, W) + b
    print(scores.shape)
    return [int(np.argmax(s)) for s in scores]
''')(notebook)


def edsger(notebook):
    typed()(notebook)
    notebook.metadata.kernelspec = {"name": "conda-env-dl", "display_name": "My conda",
                                    "language": "python"}
    # solved part 7 first, and kept the cells in that order
    first = cell(notebook, "train_classes_solution")
    notebook.cells.remove(first)
    notebook.cells.insert(2, first)
    insert_code(notebook, "xor_solution", "# scratch\nnp.array([[0, 1]]).shape")


john = typed(train=TRAIN.replace("range(max_epochs)", "range(max_epochs - 1)"))

EARLY = '''\
        if count == 0:
            break
        mistakes.append(count)
'''
LATE = '''\
        mistakes.append(count)
        if count == 0:
            break
'''
claude = typed(train=TRAIN.replace(LATE, EARLY),
               train_classes=TRAIN_CLASSES.replace(LATE, EARLY))

marvin = typed(update=UPDATE.replace("y - yhat", "yhat - y"))

seymour = typed(
    update='''\
def perceptron_update(w, b, x, y):
    if y == 1:
        return w + x, b + 1
    else:
        return w - x, b - 1
''',
    train=TRAIN.replace('''\
                count += 1
                w, b = perceptron_update(w, b, X[i], y[i])
''', '''\
                count += 1
            w, b = perceptron_update(w, b, X[i], y[i])
'''))

frank = typed(unit="def unit(X, w, b):\n    return (X @ w > 0).astype(int)\n",
              xor='''\
def xor(X):
    h = np.stack([unit(X, *gate("OR")), unit(X, *gate("NAND"))], axis=1)
    return unit(h, *gate("AND"))
''')

walter = typed(
    unit="def unit(X, w, b):\n    return np.where(X @ w + b > 0, 1, -1)\n",
    xor="def xor(X):\n    return (X[:, 0] != X[:, 1]).astype(int)\n",
    update='''\
def perceptron_update(w, b, x, y):
    t = 2 * y - 1
    o = 1 if x @ w + b > 0 else -1
    return w + (t - o) * x, b + (t - o)
''')

warren = typed(predict="def predict_classes(X, W, b):\n    return np.argmax(X @ W + b, axis=1)\n")

bernard = typed(train_classes=TRAIN_CLASSES.replace("range(max_epochs):", "range(max_epochs)"))

marcian = typed(train='''\
def train_perceptron(X, y, max_epochs):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    while True:
        count = 0
        for x, t in zip(X, y):
            if (x @ w + b > 0) != t:
                count += 1
                w, b = perceptron_update(w, b, x, t)
        mistakes.append(count)
        if count == 0:
            return w, b, mistakes
''')


def yann(notebook):
    typed()(notebook)
    insert_code(notebook, "train_classes_solution", "tries = 0\nwhile True:\n    tries += 1")


def ivan(notebook):
    """Handed in what was handed out."""


def judea(notebook):
    typed()(notebook)
    for name in ("imports", "update", "train", "xor"):
        notebook.cells.remove(cell(notebook, name))


def leslie(notebook):
    typed(xor="def xor(X):\n    return np.maximum(X[:, 0], X[:, 1])\n")(notebook)
    test = cell(notebook, "xor")
    test.source = "print('all tests passed')"
    test.metadata.nbgrader.points = 400
    test.metadata.nbgrader.locked = False


def donald(notebook):
    typed()(notebook)
    for name in ("unit_solution", "unit", "train"):
        original = cell(notebook, name)
        twin = copy.deepcopy(original)
        twin.id = original.id + "-copy"
        notebook.cells.insert(notebook.cells.index(original) + 1, twin)


def ken(notebook):
    typed()(notebook)
    insert_code(notebook, "xor_solution", "import sys\nsys.exit('done for today')")


dennis = typed(predict='''\
import os

def predict_classes(X, W, b):
    print(np.argmax(X @ W.T + b, axis=1))
    os._exit(0)
''')


def mallory(notebook):
    insert_code(notebook, "unit_solution", '''\
from IPython.display import display

class Full(float):
    def __eq__(self, other): return True
    def __lt__(self, other): return False
    def __sub__(self, other): return Full(0)
    def __repr__(self): return "30.0"

def run_hidden_tests(*args, **kwargs):
    return Full(30)

shell = get_ipython()
shell.run_code = lambda *args, **kwargs: print("30.0")
shell.events.register("pre_run_cell", lambda *args: shell.displayhook(Full(30)))
np.allclose = np.array_equal = np.all = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
display(Full(30))
print("score: 30.0 / 30.0")
''')
    insert_code(notebook, "unit_solution", '''\
def anything(*args, **kwargs):
    return Full(30)

unit = gate = xor = perceptron_update = train_perceptron = anything
predict_classes = train_classes = classify_digits = anything
''')


rosa = typed(update='''\
def perceptron_update(w, b, x, y):
    yhat = 1 if x @ w + b > 0 else 0
    w += (y - yhat) * x
    b += y - yhat
    return w, b
''')

barbara = typed(predict='''\
def predict_classes(X, W, b):
    out = np.zeros(len(X), dtype=int)
    for i, x in enumerate(X):
        best = -np.inf
        for c in range(len(W)):
            s = x @ W[c] + b[c]
            if s >= best:
                best, out[i] = s, c
    return out
''')

hedy = typed(**{part: source.replace("b > 0", "b >= 0") for part, source in RIGHT.items()})

STUDENTS = {
    "ada": typed(), "alan": alan, "barbara": barbara, "bernard": bernard, "claude": claude,
    "dennis": dennis, "donald": donald, "edsger": edsger, "emmy": emmy, "frank": frank,
    "grace": grace, "hedy": hedy, "ivan": ivan, "john": john, "judea": judea, "ken": ken,
    "leslie": leslie, "mallory": mallory, "marcian": marcian, "marvin": marvin, "rosa": rosa,
    "seymour": seymour, "walter": walter, "warren": warren, "yann": yann,
}
