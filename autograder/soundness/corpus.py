"""What an attack of the corpus is, and what shows that it was tried.

The corpus and the toy assignment that it attacks come with the repository (tests/attacks).
"""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.result import Result, TestRecord
from autograder.paths import CORPUS

SURVIVOR = "autograder-survivor"  # stands in the command line of what an attack leaves running
MARK = "ARMED"  # what an attack shows where its hostile act has been tried

Sign = Callable[[Result], bool]  # whether a submission's result shows that its attack was tried


@dataclass(frozen=True)
class Attack:
    """One submission of the toy assignment (`double`, 3 points, and `split`, 2, which is right).

    In code, @COURSE@, @HOME@, @PORT@, @ABSTRACT@ and @SOCKET@ stand for what a well-informed
    attacker knows: the course's folder, the TA's home, and servers that listen on the host.

    An attack whose code broke before it did anything has proved nothing. Each therefore shows that
    it was tried: a cell prints MARK at its end, a function raises or returns what no slip would.

    Parameters
    ----------
    tries, must : what it attempts, and what must happen instead, in words
    points : what it must get; None where it must be refused with a reason
    double : the code of the first solution cell
    first, last : cells that run before and after all others
    file : from the notebook's bytes to those that are handed in
    place : puts the submission below `submitted/` by hand, given that folder and the bytes
    armed : what shows that it was tried: a text that its cells print or its tests' messages hold,
        or functions of the result, all of which must say so. By default: cells print MARK, which
        `first` and `last` do at their end, and the answer of `double` comes to be judged. A file
        or folder must be another than an ordinary notebook's in any case.
    honest : no attack, and nothing may be lost
    student : the folder's name where it is not the attack's name
    """

    name: str
    tries: str
    must: str = "loses the part that it left unsolved and no more"
    points: float | None = 2
    double: str = "def double(x):\n    return None"
    first: str = ""
    last: str = ""
    file: Callable[[bytes], bytes] | None = None
    place: Callable[[Path, bytes], None] | None = None
    armed: str | Sign | tuple[Sign, ...] | None = None
    honest: bool = False
    student: str | None = None

    @property
    def folder(self) -> str:
        """The folder's name below `submitted/`."""
        return self.student or self.name


@dataclass(frozen=True)
class Row:
    """What became of one attack, or of a promise to the whole class."""

    name: str
    tries: str
    must: str
    happened: str
    held: bool
    armed: bool = True


def shows(text: str) -> Sign:
    """The text stands in what a cell printed or raised, or in a hidden test's message."""
    return lambda result: text in "\n".join(
        [*(f"{cell['stdout']}\n{cell['error']}" for cell in result["cells"]),
         *(test["message"] for test in tests_of(result))])


def cell_ends(*outcomes: str) -> Sign:
    """One of the cells ended so: "timeout", "killed", "memory"."""
    return lambda result: any(cell["outcome"] in outcomes for cell in result["cells"])


def call_ends(outcome: str, says: str = "") -> Sign:
    """A hidden test ended so, `says` in its message: "wrong" where an answer came to be judged."""
    return lambda result: any(test["outcome"] == outcome and says in test["message"]
                              for test in tests_of(result))


def tests_of(result: Result) -> list[TestRecord]:
    """The hidden tests' records in a result."""
    return [test for part in result["parts"] for test in part["tests"]]


def was_tried(attack: Attack, result: Result | None, odd: bool) -> bool:
    """Whether the attack was tried; `odd`: what lies in its folder is not an ordinary notebook."""
    if attack.honest:
        return True
    if (attack.file or attack.place) and not odd:
        return False
    armed = attack.armed or _default_signs(attack)
    signs = armed if isinstance(armed, tuple) else (armed,)
    if result is None:
        return not signs
    return all((shows(sign) if isinstance(sign, str) else sign)(result) for sign in signs)


def _default_signs(attack: Attack) -> tuple[Sign, ...]:
    cells = (shows(MARK),) if attack.first or attack.last else ()
    calls = (call_ends("wrong"),) if attack.double != Attack.double else ()
    return cells + calls


def load_corpus():
    """The repository's corpus as a module; AutograderError where there is none."""
    spec = importlib.util.spec_from_file_location(
        "attack_corpus", CORPUS, submodule_search_locations=[str(CORPUS.parent)])
    if not (CORPUS.exists() and spec and spec.loader):
        raise AutograderError(f"{CORPUS}: no such file: the attacks come with the repository, "
                              "not with the installed package")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
