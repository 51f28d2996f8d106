"""Attacks by what a function returns or raises."""

from autograder.soundness.corpus import Attack, call_ends

from .common import HANGS, SENDS, either, unsolved

EVIL = [
    Attack("equal-to-all", "return an object that equals everything", must=SENDS, double="""
class Equal:
    __array_priority__ = 1e9
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array__(self, *a, **k): raise SystemExit
    def __bool__(self): return True
    def __float__(self): return 1.0
    def __len__(self): return 5
def double(x):
    return Equal()
""", armed="SystemExit"),
    Attack("array-subclass", "return an array whose arithmetic always fits", must=SENDS, double="""
import numpy as np
class Forged(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape)
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __reduce__(self): return (print, ("owned",))
    @property
    def shape(self): return (5,)
def double(x):
    return np.zeros(len(x)).view(Forged)
"""),
    Attack("number-subclass", "return numbers and texts of classes of its own", must=SENDS,
           double="""
class Number(float):
    def __sub__(self, other): return 0.0
    def __eq__(self, other): return True
    def __float__(self): raise SystemExit
class Text(str):
    def __str__(self): raise SystemExit
def double(x):
    return Number(3) if len(x) == 5 else Text("3")
""", armed=call_ends("wrong", "a single number")),
    Attack("pickle-bomb", "return an object that runs a command when unpickled", must=SENDS,
           double="""
import os
class Bomb:
    def __reduce__(self): return (os.system, ("touch @HOME@/owned",))
    def __getstate__(self): os.system("touch @HOME@/owned"); return {}
def double(x):
    return Bomb()
"""),
    Attack("pretend-torch", "pretend to be a tensor", must=SENDS, double="""
class Tensor:
    __module__ = "torch"
    def detach(self): return self
    def cpu(self): return self
    def numpy(self): raise SystemExit(0)
def double(x):
    return Tensor()
""", armed=call_ends("wrong", "a Tensor")),
    Attack("endless-iterator", "return an iterator without an end", must=SENDS,
           double=unsolved("import itertools\nreturn itertools.count()")),
    Attack("endless-list", "return a list that grows while it is read", must=SENDS, double="""
class Endless(list):
    def __iter__(self):
        while True:
            yield 1
    def __len__(self): return 1 << 60
def double(x):
    return Endless()
""", armed=call_ends("wrong", "of shape (0,)")),
    Attack("huge-shape", "return an array of 80 GB that takes no memory", must=SENDS,
           double=unsolved("import numpy as np\nreturn np.broadcast_to(0.0, (10**5, 10**5))"),
           armed=call_ends("crash", "ValueError")),
    Attack("object-array", "return an array of objects", must=SENDS, double=unsolved(
        "import numpy as np\nreturn np.array([x, None, double], dtype=object)")),
    Attack("deep-nesting", "return 100,000 lists within each other", must=SENDS, double=unsolved(
        "deep = []\nfor _ in range(100_000):\n    deep = [deep]\nreturn deep"),
           armed=call_ends("crash", "ValueError")),
    Attack("self-containing", "return a list that contains itself", must=SENDS,
           double=unsolved("loop = []\nloop.append(loop)\nreturn loop"),
           armed=call_ends("crash", "ValueError")),
    Attack("wide-list", "return a million small objects", must=SENDS,
           double=unsolved("return [[]] * 10**6"), armed=either(HANGS, call_ends("wrong"))),
    Attack("huge-numbers", "return a number of 10,000 digits and a text of 100 MB", must=SENDS,
           double=unsolved("return 10**10_000 if len(x) == 5 else 'x' * 10**8")),
    Attack("not-a-number", "return nan and infinities", must=SENDS,
           double=unsolved("return x * float('nan') if len(x) == 5 else x + float('inf')")),
    Attack("wrong-dtype", "return texts, dates and records as arrays", must=SENDS,
           double=unsolved("""
import numpy as np
return (np.array(["2"] * 5) if len(x) == 5 else np.zeros(3, "M8[s]"),
        np.zeros(2, [("a", "f8")]))
""")),
    Attack("evil-error", "raise an error whose text never ends", must=SENDS, double="""
class Evil(Exception):
    def __str__(self): return "long" * 10**7
    def __repr__(self): raise SystemExit
Evil.__name__ = "<img src=x onerror=alert(1)>" * 100
def double(x):
    raise Evil()
""", armed="longlong"),
    Attack("evil-dict", "return dicts with keys that no table takes", must=SENDS, double=unsolved(
        "return {(1, 2): x, float('nan'): 1, None: {True: 1, 1: 2}, b'x': 3}")),
]
