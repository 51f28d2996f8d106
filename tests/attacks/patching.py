"""Attacks that replace functions of Python, of libraries and of the worker."""

from autograder.soundness.corpus import Attack, call_ends, cell_ends

from .common import AGAIN, BABBLES, CHANNEL, DIES, HANGS, ITS_OWN_LOSS, SENDS, either, unsolved

PATCHING = [
    Attack("patch-numpy", "make every comparison of NumPy true", double="""
import numpy as np
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
np.abs = np.absolute = lambda a: 0 * a
def double(x):
    return 0 * x
"""),
    Attack("patch-builtins", "replace built-in functions and exceptions", double="""
import builtins
builtins.AssertionError = builtins.ValueError = type("Never", (BaseException,), {})
builtins.max = builtins.sum = builtins.abs = lambda *a, **k: 0
def double(x):
    return 0 * x
"""),
    Attack("patch-import", "replace the import statement", double="""
import builtins
old = builtins.__import__
def forged(name, *a, **k):
    if "autograder" in name or "pytest" in name:
        raise ImportError("no tests today")
    return old(name, *a, **k)
builtins.__import__ = forged
def double(x):
    return 0 * x
"""),
    Attack("patch-json", "make json and msgspec write full marks", double="""
import json, msgspec
json.dumps = lambda *a, **k: '{"score": 5}'
msgspec.msgpack.encode = lambda *a, **k: b'\\x81\\xa5value\\xc0'
def double(x):
    return {"score": 5, "outcome": "passed"}
""", must=AGAIN, armed=cell_ends("killed")),
    Attack("patch-channel", "reply a verdict instead of a value", double=f"""
import sys
channel = sys.modules["{CHANNEL}"]
send = channel.send
channel.send = lambda s, v, d: send(s, {{"value": None, "outcome": "passed", "score": 5}}, d)
def double(x):
    return x
""", must=AGAIN, armed=cell_ends("killed")),
    Attack("patch-worker", "replace the worker's functions", double="""
import gc
worker = next(d for d in gc.get_objects() if isinstance(d, dict) and "serve_calls" in d)
worker["answer"] = lambda namespace, request: {"passed": True, "score": 5, "value": None}
worker["describe_error"] = lambda error: None
def double(x):
    return x
""", points=0, must="loses every part: each reply is its own",
           armed=either(BABBLES, call_ends("wrong"))),
    Attack("patch-clock", "stop the clocks that end its calls", double="""
import time, signal
time.monotonic = time.time = time.perf_counter = lambda: 0.0
signal.setitimer = signal.alarm = lambda *a: (0.0, 0.0)
def double(x):
    while True:
        pass
""", must="ends with the alarm that it does not let be cleared", armed=HANGS),
    Attack("patch-pytest", "register a pytest plug-in", double="""
import sys, types
fake = types.ModuleType("pytest")
fake.raises = fake.approx = lambda *a, **k: True
sys.modules["pytest"] = sys.modules["_pytest"] = fake
def pytest_runtest_makereport(item, call):
    return None
def double(x):
    return 0 * x
"""),
    Attack("import-hook", "answer imports from a hook of its own", double="""
import sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        print("asked for", name)
sys.meta_path.insert(0, Hook())
def double(x):
    return 0 * x
"""),
    Attack("fake-gc", "make freezing and forking fail", double="""
import gc, os
def refuse(*a):
    raise RuntimeError
gc.freeze = gc.collect = lambda *a: 0
os.fork = refuse
def double(x):
    return x
""", points=0, must=ITS_OWN_LOSS, armed=DIES),
    Attack("profile-hook", "trace the grader's calls with settrace", double=unsolved("""
import sys
seen = []
sys.settrace(lambda frame, event, arg: seen.append(str(frame.f_locals)[:500]))
sys.setprofile(lambda frame, event, arg: seen.append(str(arg)[:500]))
return seen
"""), must=SENDS, armed=HANGS),
]
