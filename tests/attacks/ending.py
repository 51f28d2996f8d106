"""Attacks that end processes, ignore their end, or leave something running."""

from nbformat.v4 import new_code_cell

from autograder.soundness.corpus import SURVIVOR, Attack, call_ends, cell_ends

from .common import BABBLES, BURNS, DIES, HANGS, ITS_OWN_LOSS, SENDS, either, notebook, unsolved

LEFT_BEHIND = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "{SURVIVOR}"],
                 start_new_session=True)
"""
ENDING = [
    Attack("exit-in-call", "exit with status 0 inside a call", must=SENDS,
           double=unsolved("import os\nos._exit(0)"), armed=DIES),
    Attack("system-exit", "raise SystemExit in cells and calls", must=SENDS,
           first="raise SystemExit(0)", double=unsolved("raise SystemExit(0)"),
           armed=(cell_ends("error"), call_ends("crash", "SystemExit"))),
    Attack("at-exit", "act when the interpreter ends", must=SENDS, double=unsolved("""
import atexit, sys
atexit.register(lambda: print("late"))
sys.exit(0)
"""), armed="SystemExit"),
    Attack("kill-parent", "kill the process that forked it", must=ITS_OWN_LOSS,
           double=unsolved("import os\nos.kill(os.getppid(), 9)\nreturn x")),
    Attack("kill-everything", "kill every process that it may", must=ITS_OWN_LOSS,
           double=unsolved("import os\nos.kill(-1, 9)\nreturn x"), armed=DIES),
    Attack("kill-numbers", "kill processes by number", must=ITS_OWN_LOSS,
           double=unsolved("""
import os
for pid in range(1, 5000):
    for kill in (os.kill, os.killpg):
        try:
            kill(pid, 9)
        except OSError:
            pass
return x
"""), armed=DIES),
    Attack("stop-itself", "stop without ending", must=BURNS,
           double=unsolved("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nreturn x"),
           armed=HANGS),
    Attack("ignore-signals", "ignore every signal and run on", must=BURNS, double=unsolved("""
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""), armed=HANGS),
    Attack("swallow-all", "catch everything and run on", must=BURNS, double=unsolved("""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""), armed=HANGS),
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
"""), armed=BABBLES),
    Attack("segfault", "crash the interpreter", must=SENDS,
           double=unsolved("import ctypes\nreturn ctypes.string_at(0)"), armed=DIES),
    Attack("recursion", "recurse without an end, and without a limit", must=SENDS, double="""
import sys
sys.setrecursionlimit(10**9)
def double(x):
    return double(x)
""", armed=either(DIES, HANGS)),
    Attack("killing-cells", "end the process in six cells",
           must="is told; what comes after these cells is not run",
           file=notebook(lambda b: b.cells.extend(
               new_code_cell(f"import os; os._exit({n})") for n in range(6))),
           armed=cell_ends("killed")),
]
