"""Counting lines: who loops over the examples is found out, who does not is left alone."""

import textwrap
from pathlib import Path

import pytest

from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part

ROOT = Path(__file__).parents[2]
SOFTMAX = Assignment("hw2_softmax", ROOT / "source_solutions/hw2_softmax/hw2_softmax.ipynb")

HELPERS = """
import functools, os, sys, threading, _thread, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np
switch = sys.settrace

def logs(S):
    S = S - S.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))

def whole(X, y, W, b, reg):
    L, N = logs(X @ W.T + b), len(X)
    G = np.exp(L)
    G[np.arange(N), y] -= 1
    loss = -L[np.arange(N), y].mean() + reg / 2 * np.sum(W * W)
    return loss, G.T @ X / N + reg * W, G.sum(axis=0) / N

def slow(X, y, W, b, reg):
    loss, dW, db = reg / 2 * np.sum(W * W), reg * W, 0 * b
    for n in range(len(X)):
        one = whole(X[n:n + 1], y[n:n + 1], W, b, 0.0)
        loss, dW, db = loss + one[0] / len(X), dW + one[1] / len(X), db + one[2] / len(X)
    return loss, dW, db
"""

# what comes before `return whole(X, y, W, b, reg)`, or all of it
VECTORISED = {
    "nothing": "",
    "prints": "print(X @ W.T, y, X, f'{y}', repr(X[:, 0]))",
    "einsum": "S = np.einsum('nd,cd->nc', X, W, optimize=True) + b",
    "an import": "import statistics, decimal, xml.dom.minidom, email.message",
    "loops over classes": "for c in range(len(W)):\n    for w in W[c]:\n        w + 1",
    "classes in a comprehension": "G = np.array([X @ w + c for w, c in zip(W, b)]).T",
    "a fixed number of passes": "for _ in range(300):\n    pass",
    "take_along_axis": "L = logs(X @ W.T + b)\n"
                       "loss = -np.take_along_axis(L, y[:, None].astype(int), axis=1).mean()",
    "add.at": "G = np.zeros((len(X), len(W)))\nnp.add.at(G, (np.arange(len(y)), y), 1)",
    "logaddexp": "lse = np.logaddexp.reduce(X @ W.T + b, axis=1)",
    "bincount and unique": "np.bincount(y.astype(int)), np.unique(y, return_counts=True)",
    "float32": "X, W = X.astype(np.float32), W.astype(np.float32)",
    "a cache": "f = functools.lru_cache(lambda n: np.eye(n))\nf(len(W))[y]",
    "a helper class": "class Scores:\n    def __init__(self): self.S = X @ W.T + b\nScores().S",
    "sorting and splitting": "np.array_split(X[np.argsort(y)], 5), np.vsplit(X, [1])",
    "a thread of one's own": "t = threading.Thread(target=whole, args=(X, y, W, b, reg))\n"
                             "t.start(); t.join()",
    "warnings": "import warnings\nwarnings.warn(str(len(X)))\nW.reshape(len(W), -2)",
    "while": "k = 0\nwhile k < 400:\n    k += 1",
}
LOOPS = {
    "plain": "return slow(X, y, W, b, reg)",
    "on one line": "G = [x.sum() for x in X]",
    "generator": "sum(float(x[0]) for x in X)",
    "while": "n = 0\nwhile n < len(X): n += 1",
    "map": "list(map(lambda x: x.sum(), X))",
    "vectorize": "np.vectorize(lambda k: k + 1)(y)",
    "apply_along_axis": "np.apply_along_axis(lambda x: x.sum(), 1, X)",
    "recursion": "def go(n): return 0 if n >= len(X) else X[n].sum() + go(n + 2)\ngo(0)",
    "four at a time": "for n in range(0, len(X), 4):\n    X[n:n + 4].sum()",
    "constant padding": "for _ in range(9000): pass\nreturn slow(X, y, W, b, reg)",
    "shrinking padding": "for _ in range(9000 - 7 * len(X)): pass\nreturn slow(X, y, W, b, reg)",
    "padded to a fixed number": "[X[n].sum() if n < len(X) else 0 for n in range(2000)]",
    "in a thread": "t = threading.Thread(target=slow, args=(X, y, W, b, reg))\nt.start(); t.join()",
    "in a pool": "with ThreadPoolExecutor(2) as pool:\n"
                 "    return pool.submit(slow, X, y, W, b, reg).result()",
}
UNSEEN = {
    "switched off": "sys.settrace(None)\nreturn slow(X, y, W, b, reg)",
    "switched off and on": "t = sys.gettrace()\nsys.settrace(None)\nr = slow(X, y, W, b, reg)\n"
                           "sys.settrace(t)\nreturn r",
    "by a name of before": "t = sys.gettrace()\nswitch(None)\nslow(X, y, W, b, reg)\nswitch(t)",
    "for this frame": "sys._getframe().f_trace = None\nfor x in X: x + 1",
    "a raw thread": "out = []\n_thread.start_new_thread(lambda: out.append(1), ())\n"
                    "while not out: time.sleep(0.001)",
    "another process": "pid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)",
}


def loop_test(body):
    """The outcome of the test on loops, and the names of the other tests that fail."""
    namespace = {}
    source = (HELPERS + "def softmax_loss(X, y, W, b, reg):\n"
              + textwrap.indent(body + "\nreturn whole(X, y, W, b, reg)", "    "))
    exec(compile(source, "<cell 1>", "exec"), namespace)
    tests = {t["name"]: t for t in run_part(SOFTMAX, namespace, "loss", 20)}
    found = tests.pop("test_no_loop_over_examples")
    return found, [name for name, test in tests.items() if test["outcome"] != "passed"]


@pytest.mark.parametrize("style", VECTORISED)
def test_a_vectorised_answer_is_none_with_a_loop(style):
    found, others = loop_test(VECTORISED[style])
    assert (found["outcome"], others) == ("passed", []), found["message"]


@pytest.mark.parametrize("style", LOOPS)
def test_a_loop_over_the_examples_is_found(style):
    found, others = loop_test(LOOPS[style])
    assert (found["mistake"], others) == ("loops-over-examples", [])


@pytest.mark.parametrize("style", UNSEEN)
def test_what_is_not_watched_fails_with_a_sentence(style):
    found, _ = loop_test(UNSEEN[style])
    assert found["outcome"] == "wrong" and "switches off the counting" in found["message"]


@pytest.mark.parametrize("body, outcome", [
    ("loss, dW, db = whole(X, y, W, b, reg)\nreturn loss, dW, db + reg * b", "passed"),
    ("loss, dW, db = whole(X, y, W, b, reg)\nreturn 3 * loss, dW, 0 * db", "passed"),
    ("loss, dW, db = slow(X, y, W, b, reg)\nreturn loss, dW, db + reg * b", "wrong"),
    ("return 0.0, 0 * W, 0 * b", "wrong"),
    ("return 1.0, 1 * W, 1 * b", "wrong"),
    ("return whole(X, y, W, b, reg) if len(X) < 100 else (0.0, 0 * W, 0 * b)", "wrong"),
])
def test_a_mistake_elsewhere_costs_no_point_here_and_a_stub_earns_none(body, outcome):
    assert loop_test(body)[0]["outcome"] == outcome
