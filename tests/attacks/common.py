"""What the modules of the corpus share: the toy assignment, words, and ways to build an attack."""

import importlib
import json
import sys
from pathlib import Path

import nbformat

from autograder.soundness.corpus import call_ends, shows

TARGET = Path(__file__).resolve().parents[1] / "autograder"
sys.path.insert(0, str(TARGET))
TOY = importlib.import_module("toy")

CHANNEL = "autograder.inside.channel"  # the module that attacks find in their own process

SENDS = "is told that this is no data; the part is lost"
BURNS = "is stopped at its limit; the rest is graded"
REFUSED = "is refused with a reason; the class goes on"
NOTHING = "gets nothing but its own solved part"
ITS_OWN_LOSS = "ends its own processes, which costs itself"
AGAIN = "is run again without that cell"

# how calls end that do not come back with a value
HANGS = call_ends("timeout")
DIES = call_ends("crash", "ended")
BABBLES = call_ends("crash", "did not come back")


def either(*signs):
    """One of these shows."""
    signs = [shows(sign) if isinstance(sign, str) else sign for sign in signs]
    return lambda result: any(sign(result) for sign in signs)


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
