"""Submissions out of what learning platforms hand over, into `submitted/`."""

import datetime
import json
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.names import listed, safe_path, visible
from autograder.term.claims import Collected, Found, disputed_claims, match_option
from autograder.term.course import Course
from autograder.term.platforms import STAMP, Reader
from autograder.term.roster import Matcher

TIME_FORMAT = "%Y-%m-%d %H:%M:%S UTC"
MAX_NOTEBOOKS, MAX_UNPACKED = 100, 4 * notebook.MAX_BYTES  # of one student


def collect(course: Course, assignment: str, paths: list[Path], *, times: Path | None = None,
            matches: dict[str, str] | None = None) -> Collected:
    """Put each student's last notebook to `submitted/<student>/<assignment>/`, with its time.

    The last one is the one with the latest time; where no times are known, the one that the
    platform numbered last, else the only one, else the one with the assignment's name. A notebook
    that it replaces is kept below `replaced/`.

    Parameters
    ----------
    paths : zips or folders as Canvas, Moodle, Gradescope or nbgrader's exchange give them, or
        folders and files named by student id
    times : a CSV file with times: Moodle's grading worksheet, or columns student_id and submitted
    matches : student ids by the name that a problem's line quoted

    Raises
    ------
    AutograderError
        The only one of the files, or the table of times, cannot be read, or there is no roster.
    """
    roster = course.roster()
    if roster is None:
        raise AutograderError(f"{course.root / 'roster.csv'}: no such file: make it with "
                              "`autograder init`, so that files can be told whose they are")
    for name, student in (matches or {}).items():
        if student not in roster:
            raise AutograderError(f"--match {name}={student}: {student} is not in roster.csv")
    done = Collected()
    reader = Reader(course, assignment, Matcher(roster), matches or {}, done)
    if times:
        reader.read_times(times)
    found: dict[str, list[Found]] = {}
    for one in reader.read_all(paths):
        found.setdefault(one.claim.student, []).append(one)
    kinds, names = Kinds(course), handed_over(course, assignment)
    for student in sorted(found):
        theirs = _undisputed(student, found.pop(student), done)
        if theirs and (taken := _take(course, assignment, theirs, kinds, done)):
            names[student] = str(safe_path(str(taken.file.path)))
    write_atomically(_names_path(course, assignment), json.dumps(names, indent=1).encode())
    return done


def handed_over(course: Course, assignment: str) -> dict[str, str]:
    """The name that each student's notebook had on the platform it was collected from."""
    try:
        names = json.loads(_names_path(course, assignment).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return {student: name for student, name in names.items()
            if isinstance(name, str)} if isinstance(names, dict) else {}


def _names_path(course: Course, assignment: str) -> Path:
    return course.store.folder.parent / "collected" / f"{assignment}.json"


def _undisputed(student: str, found: list[Found], done: Collected) -> list[Found]:
    disputed = disputed_claims([one.claim for one in found])
    if disputed:
        options = sorted({match_option(claim.full_name) for claim in disputed})
        done.problem(f"{student}: several people on the platform have this student's name: say "
                     f"whose each is with {listed(options, ' ')}")
    return [one for one in found if one.claim not in disputed]


class Kinds:
    """Which assignment a notebook belongs to, by its cells."""

    def __init__(self, course: Course):
        self.cells = {path.stem: _grade_ids(notebook.read_source(path))
                      for path in sorted(course.path("source").glob("*/*.ipynb"))}

    def of(self, raw: bytes) -> str | None:
        """The assignment with most cells in common; None with none, or for what is no notebook."""
        try:
            cells = _grade_ids(notebook.read(raw))
        except notebook.Unreadable:
            return None
        shared = {name: len(cells & known) for name, known in self.cells.items()}
        best = max(shared, key=shared.get, default=None)
        return best if best and shared[best] else None


def _grade_ids(nb) -> set:
    found = (cell.metadata.nbgrader.get("grade_id") for cell in nb.cells
             if isinstance(cell.metadata.get("nbgrader"), dict))
    return {name for name in found if isinstance(name, str)}


def _take(course: Course, assignment: str, found: list[Found], kinds: Kinds,
          done: Collected) -> Found | None:
    """Choose one student's notebook, put it in its place and return it."""
    student, candidates, others = found[0].claim.student, [], []
    notebooks = [one for one in found if _is_notebook(one)]
    room = MAX_UNPACKED
    for one in notebooks[:MAX_NOTEBOOKS]:
        try:
            one.raw = one.file.read(notebook.MAX_BYTES)
        except AutograderError as error:
            others.append(f"{one.name} {error}")
            continue
        room -= len(one.raw)
        kind = kinds.of(one.raw) if room >= 0 else None
        if kind in (assignment, None):
            candidates.append((kind == assignment, one))
        else:
            others.append(f"{one.name} is a notebook of {kind}")
        if room < 0:
            break
    if room < 0 or len(notebooks) > MAX_NOTEBOOKS:
        done.problem(f"{student}: more than {MAX_NOTEBOOKS} notebooks, or "
                     f"{MAX_UNPACKED >> 20} MiB of them: ask the student for the one that counts")
        return None
    others += [f"{one.name} is no notebook" for one in found if not _is_notebook(one)]
    # a notebook without known cells counts only where none has them
    best = [one for known, one in candidates if known] or [one for _, one in candidates]
    if not best:
        done.problem(f"{student}: no notebook of {assignment}: {listed(others, '; ')}: ask the "
                     "student for it")
        return None
    best.sort(key=lambda one: (one.time or datetime.datetime.min, one.claim.number,
                               one.file.path.stem == assignment))
    last = best[-1]
    ties = [one for one in best
            if (one.time, one.claim.number) == (last.time, last.claim.number)]
    if (len({one.raw for one in ties}) > 1
            and sum(one.file.path.stem == assignment for one in ties) != 1):
        names = listed([visible(one.file.path) for one in ties])
        done.problem(f"{student}: nothing tells which of {names} is the last: delete the others "
                     "and collect again")
        return None
    left = [f"{one.name} is an earlier one" for one in best[:-1]] + others
    if left:
        done.note(f"{student}: took {last.name}; {listed(left, '; ')}")
    if last.claim.late and last.time is None:
        done.note(f"{student}: late, says Canvas, but not by how much: add the time with --times")
    return last if _place(course, assignment, last, done) else None


def _is_notebook(one: Found) -> bool:
    return one.file.path.suffix.lower() == ".ipynb"


def _place(course: Course, assignment: str, one: Found, done: Collected) -> bool:
    """Write the notebook and its time, and keep what was there before; False if it is older."""
    folder = course.path("submitted", one.claim.student, assignment)
    path, stamp = folder / f"{assignment}.ipynb", folder / STAMP
    before = path.read_bytes() if path.is_file() else None
    if before is not None:
        try:
            there = course.submitted_at(one.claim.student, assignment)
        except AutograderError as error:
            done.problem(str(error))
            return False
        if there and one.time and one.time < there:
            done.unchanged.append(one.claim.student)
            done.note(f"{one.claim.student}: {one.name} is older than what is there")
            return False
        if before != one.raw:
            kept = course.root / "replaced" / one.claim.student / assignment
            write_atomically(kept / f"{len(list(kept.glob('*.ipynb'))) + 1}.ipynb", before)
    if before != one.raw:
        write_atomically(path, one.raw)
    (done.new if before is None else done.unchanged if before == one.raw
     else done.replaced).append(one.claim.student)
    if one.time:
        write_atomically(stamp, one.time.strftime(TIME_FORMAT).encode() + b"\n")
    elif before != one.raw and stamp.exists():
        stamp.unlink()  # the time of another notebook
    return True
