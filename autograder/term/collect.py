"""Submissions out of what learning platforms hand over, into `submitted/`."""

import json
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.names import listed, safe_path
from autograder.term import times as tables
from autograder.term.choice import Choice, Kinds, choose
from autograder.term.claims import (
    MAX_NAMED,
    Collected,
    Found,
    disputed_claims,
    match_option,
    no_notebooks,
)
from autograder.term.course import Course
from autograder.term.matcher import Matcher
from autograder.term.platforms import STAMP, Reader

TIME_FORMAT = "%Y-%m-%d %H:%M:%S UTC"


def collect(course: Course, assignment: str, paths: list[Path], *, times: Path | None = None,
            matches: dict[str, str] | None = None, student: str | None = None,
            classroom: Path | None = None) -> Collected:
    """Put each student's last notebook to `submitted/<student>/<assignment>/`, with its time.

    A notebook that it replaces is kept below `replaced/`.

    Parameters
    ----------
    paths : zips or folders as Canvas, Moodle, Gradescope, Brightspace, Blackboard, Google
        Classroom, GitHub Classroom or nbgrader's exchange give them, or folders and files named
        by student id
    times : a CSV file with times: Moodle's grading worksheet, or columns student_id and submitted
    matches : student ids by the name that a problem's line quoted
    student : whose everything is
    classroom : GitHub Classroom's table of students, where it does not lie beside the repositories

    Raises
    ------
    AutograderError
        The only one of the files, or a table, cannot be read, or there is no roster.
    """
    roster = course.roster()
    if roster is None:
        raise AutograderError(f"{course.root / 'roster.csv'}: no such file: make it with "
                              "`autograder init`, so that files can be told whose they are")
    for name, matched in (matches or {}).items():
        if matched not in roster:
            raise AutograderError(f"--match {name}={matched}: {matched} is not in roster.csv")
    if student is not None and student not in roster:
        raise AutograderError(f"--student {student}: is not in roster.csv")
    done = Collected()
    reader = Reader(course, assignment, Matcher(roster), matches or {}, done, student=student,
                    classroom=classroom)
    if times:
        reader.read_times(times)
    found: dict[str, list[Found]] = {}
    for one in reader.read_all(paths):
        found.setdefault(one.claim.owner, []).append(one)
    kinds, names = Kinds(course), handed_over(course, assignment)
    choices: dict[str, Choice] = {}
    for owner in sorted(found):
        theirs = _undisputed(owner, found.pop(owner), done)
        if theirs:
            choice = choices[owner] = choose(theirs, assignment, kinds)
            if choice.problem:
                done.problem(choice.problem)
            elif choice.taken and _place(course, assignment, choice.taken, done):
                one = choice.taken
                names[owner] = str(safe_path(str(one.upload or one.file.path)))
            if choice.taken:
                choice.taken.raw = b""
    _say_what_is_left(choices, done)
    came = {owner: course.submitted_at(owner, assignment)
            for owner in [*done.new, *done.replaced, *done.unchanged]}
    conditions = course.term.of(assignment)
    known = {owner: time for owner, time in came.items() if time}
    for line in tables.unknown(came, conditions) + (
            [] if times else tables.far_from_due(known, conditions)):
        done.note(line)
    write_atomically(_names_path(course, assignment), json.dumps(names, indent=1).encode())
    return done


def _say_what_is_left(choices: dict[str, Choice], done: Collected) -> None:
    """A line for each student with files that were not taken; many of one kind are one line."""
    taken = [(owner, choice, choice.taken) for owner, choice in choices.items() if choice.taken]
    plain = [name for _, choice, _ in taken for name in choice.plain]
    few = len(plain) <= MAX_NAMED
    for owner, choice, one in taken:
        left = choice.left + (no_notebooks(choice.plain) if few else [])
        if left:
            done.note(f"{owner}: took {one.name}; {listed(left, '; ')}")
        if one.claim.late and one.time is None:
            done.note(f"{owner}: late, says Canvas, but not by how much: add the time with --times")
    if not few:
        for line in no_notebooks(plain):
            done.note(f"beside the notebooks: {line}")


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


def _place(course: Course, assignment: str, one: Found, done: Collected) -> bool:
    """Write the notebook and its time, and keep what was there before; False if it is older."""
    student = one.claim.owner
    folder = course.path("submitted", student, assignment)
    path, stamp = folder / f"{assignment}.ipynb", folder / STAMP
    before = path.read_bytes() if path.is_file() else None
    if before is not None:
        try:
            there = course.submitted_at(student, assignment)
        except AutograderError as error:
            done.problem(str(error))
            return False
        if there and one.time and one.time < there:
            done.unchanged.append(student)
            done.note(f"{student}: {one.name} is older than what is there")
            return False
        if before != one.raw:
            kept = course.root / "replaced" / student / assignment
            write_atomically(kept / f"{len(list(kept.glob('*.ipynb'))) + 1}.ipynb", before)
    if before != one.raw:
        write_atomically(path, one.raw)
    (done.new if before is None else done.unchanged if before == one.raw
     else done.replaced).append(student)
    if one.time:
        write_atomically(stamp, one.time.strftime(TIME_FORMAT).encode() + b"\n")
    elif before != one.raw and stamp.exists():
        stamp.unlink()  # the time of another notebook
    return True
