"""Ten hostile submissions of the toy assignment, with limits short enough to wait for them."""

import sys
from pathlib import Path

import toy
from nbformat.v4 import new_code_cell

from autograder.sandbox.limits import Limits
from autograder.term.course import Course

LIMITS = Limits(cell_seconds=2, call_seconds=1, notebook_seconds=3, overtime_seconds=2,
                tests_seconds=3, memory_bytes=600 << 20)
WRITE = """
import os, signal, sys, time
signal.signal(signal.SIGALRM, signal.SIG_IGN)
frame = sys.modules["autograder.inside.channel"].encode({message})
while True:
    os.write(3, frame)
    time.sleep({pause})
"""
RAN = {"type": "ran", "cell": 0, "outcome": "ok", "stdout": "", "error": None, "images": []}
NEVER = "def double(x):\n    import time\n    time.sleep(600)"
# what each runs in a cell before all others
FIRST_CELLS = {
    "repeats running": WRITE.format(message={"type": "running", "cell": 0}, pause=0.3),
    "repeats a report": WRITE.format(message=RAN, pause=0),
    "sends a byte at a time":
        "import os, time\nwhile True:\n    os.write(3, b'\\0')\n    time.sleep(0.2)",
    "ignores the alarm":
        "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ntime.sleep(600)",
    "stops itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "forty busy processes":
        "import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        while True: pass\ntime.sleep(1)",
    "takes memory": "kept = []\nwhile True:\n    kept.append(bytearray(b'x') * (50 << 20))",
    "prints for ever": "while True:\n    print('x' * 10**6)",
}
# and what its `double` is, where that is hostile as well
DOUBLES = {
    "forty busy processes": NEVER, "takes memory": NEVER, "prints for ever": NEVER,
    "stops the worker":
        "def double(x):\n    import os, signal, time\n    os.kill(os.getppid(), signal.SIGSTOP)\n"
        "    time.sleep(600)",
    "kills everything": "def double(x):\n    import os\n    os.kill(-1, 9)",
}
KINDS = tuple(dict.fromkeys([*FIRST_CELLS, *DOUBLES]))


def make_course(root: Path) -> Course:
    """A course with the toy assignment, whose graders set those limits."""
    toy.write_course(root, own="quick_graders")
    graders = root / "own" / "quick_graders"
    (graders / "toy" / "__init__.py").write_text(
        f"from autograder.sandbox.limits import Limits\n\nLIMITS = {LIMITS}\n")
    sys.path.insert(0, str(graders.parent))
    return Course(root)


def hand_in(course: Course, student: str, kind: str = "") -> None:
    """The submission of an honest student, or of a hostile one of that kind."""
    book = toy.source(double=f"# {student}\n{DOUBLES.get(kind, toy.DOUBLE)}")
    book.cells.insert(1, new_code_cell(FIRST_CELLS.get(kind, "1")))
    toy.submit(course.root, student, toy.as_bytes(book))
