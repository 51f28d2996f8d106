"""Which of a student's files is the notebook that counts."""

import collections
import datetime
from dataclasses import dataclass, field

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.names import listed, visible
from autograder.term.claims import HAND, Found, no_notebooks
from autograder.term.course import Course
from autograder.term.uploads import stem, unzip

MAX_NOTEBOOKS, MAX_UNPACKED = 100, 4 * notebook.MAX_BYTES  # of one student
MAX_ZIP = 2 * notebook.MAX_BYTES
MAX_NESTED = 2  # zips in each other
MAX_LOOKED = 1000  # files of a student that are not called notebooks
SHORTEST = 30  # characters of a cell that is known by its text
UNKNOWN = "is a notebook of something else: no cell of it is known here"
ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


class Kinds:
    """Which assignment a notebook belongs to, by its cells: their names, or their text.

    Some programs take away the names that nbgrader gives to cells.
    """

    def __init__(self, course: Course):
        self.cells = {path.stem: _marks(notebook.read_source(path))
                      for path in sorted(course.path("source").glob("*/*.ipynb"))}

    def of(self, raw: bytes, assignment: str) -> str | None:
        """The assignment with most cells in common, or None; Unreadable for no notebook."""
        cells = _marks(notebook.read(raw))
        shared = {name: (len(cells & known), name == assignment)
                  for name, known in self.cells.items()}
        best = max(shared, key=shared.__getitem__, default=None)
        return best if best and shared[best][0] else None


def _marks(nb) -> set:
    found = set()
    for cell in nb.cells:
        mine = cell.metadata.get("nbgrader")
        if isinstance(mine, dict) and isinstance(mine.get("grade_id"), str):
            found.add(mine["grade_id"])
        # imports are the same in many a course
        text = "\n".join(line.strip() for line in cell.source.splitlines()
                         if not line.lstrip().startswith(("import ", "from ", "%", "!", "#")))
        if len(text.strip()) >= SHORTEST:
            found.add(("text", text.strip()))
    return found


class TooMuch(Exception):
    """More than is looked at for one student."""


@dataclass
class Choice:
    """What was chosen of one student's files, and what of them was not.

    `left` needs to be named, `plain` are files that are no notebooks; `problem` says why nothing
    was chosen.
    """

    taken: Found | None = None
    left: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    problem: str | None = None


def choose(found: list[Found], assignment: str, kinds: Kinds) -> Choice:
    """Choose one student's last notebook of an assignment.

    The last one is the one with the latest time; where no times are known, the one that the
    platform numbered last, else the only one, else the one with the assignment's name.
    """
    student, choice = found[0].claim.student, Choice()
    try:
        best = _candidates(found, assignment, kinds, choice)
    except TooMuch:
        choice.problem = (f"{student}: more than {MAX_NOTEBOOKS} notebooks, or "
                          f"{MAX_UNPACKED >> 20} MiB of them: ask the student for the one that "
                          "counts")
        return choice
    if not best:
        reasons = listed([*choice.left, *no_notebooks(choice.plain)], "; ")
        or_so = (f", or collect it with --student {student} if it is the right one"
                 if any(line.endswith(UNKNOWN) for line in choice.left) else "")
        choice.problem = (f"{student}: no notebook of {assignment}: {reasons}: ask the student "
                          f"for it{or_so}")
        return choice
    best.sort(key=lambda one: (one.time or datetime.datetime.min, one.claim.number,
                               _is_named(one, assignment)))
    last = best[-1]
    ties = [one for one in best
            if (one.time, one.claim.number) == (last.time, last.claim.number)]
    if len({one.raw for one in ties}) > 1 and sum(_is_named(one, assignment) for one in ties) != 1:
        names = listed([visible(one.file.path) for one in ties])
        choice.problem = (f"{student}: nothing tells which of {names} is the last: collect the one "
                          f"that counts by itself, with --student {student}")
        return choice
    choice.taken = last
    same_time = {id(one) for one in ties}
    choice.left = [f"{one.name} " + (
        "is the same" if one.raw == last.raw else "is an earlier one" if id(one) not in same_time
        else f"is taken for an earlier one, as it is not called {assignment}")
                   for one in best[:-1]] + choice.left
    return choice


def _is_named(one: Found, assignment: str) -> bool:
    return stem(one.file.path.name) == assignment


def _candidates(found: list[Found], assignment: str, kinds: Kinds, choice: Choice) -> list[Found]:
    """The notebooks of the assignment, those in zips too; if there is none, unreadable files."""
    queue = collections.deque((one, 0) for one in sorted(
        found, key=lambda one: not one.file.is_named_notebook))  # those first that are called so
    known, unreadable = [], []
    opened, looked, room = 0, 0, MAX_UNPACKED
    while queue:
        one, depth = queue.popleft()
        named, looked = one.file.is_named_notebook, looked + 1
        packed = looked <= MAX_LOOKED and one.file.is_zip
        if not (packed or named or looked <= MAX_LOOKED and one.file.may_be_notebook):
            if one.file.path.suffix.lower() in ARCHIVES:
                choice.left.append(f"{one.name} is an archive, but no zip")
            else:
                choice.plain.append(one.name)
            continue
        opened += 1
        if opened > MAX_NOTEBOOKS:
            raise TooMuch
        try:
            one.raw = one.file.read(MAX_ZIP if packed else notebook.MAX_BYTES)
            if (room := room - len(one.raw)) < 0:
                raise TooMuch
            if packed and depth == MAX_NESTED:
                raise AutograderError("is a zip in a zip in a zip")
            if packed and not (inside := unzip(one.raw, one.file.path)):
                raise AutograderError("is an empty zip")
            if packed:
                queue.extend((Found(one.claim, file, one.time, upload=one.upload or one.file.path),
                              depth + 1) for file in inside)
                continue
        except AutograderError as error:
            choice.left.append(f"{one.name} {error}")
            continue
        try:
            kind = kinds.of(one.raw, assignment)
        except notebook.Unreadable as error:
            if named:
                unreadable.append((one, str(error)))
            else:
                choice.plain.append(one.name)
            continue
        # what a person says is this student's work may have lost all names and texts of cells
        if kind == assignment or (kind is None and one.claim.person[0] == HAND):
            known.append(one)
        elif kind is None:
            choice.left.append(f"{one.name} {UNKNOWN}")
        else:
            choice.left.append(f"{one.name} is a notebook of {kind}")
    if known or choice.left:
        choice.left += [f"{one.name} cannot be read ({reason})" for one, reason in unreadable]
        return known
    return [one for one, _ in unreadable]
