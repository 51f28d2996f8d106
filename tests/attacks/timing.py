"""Attacks by the order and the time of calls."""

from nbformat.v4 import new_code_cell

from autograder.soundness.corpus import Attack, cell_ends

from .common import BURNS, NOTHING, SENDS, notebook, unsolved

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
               new_code_cell("import time; time.sleep(3600)") for _ in range(8))),
           armed=cell_ends("timeout")),
]
