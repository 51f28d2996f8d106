"""A new term: its folder, its roster, and the file that holds its dates."""

import csv
import io
import os
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.paths import PROJECT
from autograder.templating import render_text
from autograder.term.course import Course
from autograder.term.roster import COLUMNS, read_roster
from autograder.term.term import FILE, read_term

CONFIG = "nbgrader_config.py"
IGNORED = b"# names, work and grades of students: nothing of it belongs into a repository\n*\n"


def begin(root: Path, roster: Path, name: str, timezone: str) -> list[str]:
    """Make `root` a term's folder, or bring its roster up to date; what was done, in lines.

    Nothing that stands there is written over but `roster.csv`, and that only once the new list
    has been read.

    Raises
    ------
    AutograderError
        The list of students cannot be read, or there is no course to take assignments from.
    """
    root, students = root.resolve(), read_roster(roster)
    done = []
    if not (root / CONFIG).exists():
        home = _home(root)
        # inside of the course both may move together; elsewhere the folder may move alone
        up = (Path(os.path.relpath(home, root)) if root.is_relative_to(home) else home).as_posix()
        source = os.path.relpath(Course(home).path("source"), home)
        write_atomically(root / CONFIG, render_text(
            "nbgrader_config.py.txt", up=up, source=Path(source).as_posix()).encode())
        done.append(f"wrote {root / CONFIG}: the assignments are those of {home}")
        if not (root / ".gitignore").exists():
            write_atomically(root / ".gitignore", IGNORED)
    course = Course(root)
    before = course.roster() or {}
    if not (root / FILE).exists():
        assignments = {path.stem: notebook.points(notebook.read_source(path))
                       for path in sorted(course.path("source").glob("*/*.ipynb"))}
        text = render_text("term.toml", name=name, timezone=timezone, assignments=assignments)
        write_atomically(root / FILE, text.encode())
        done.append(f"wrote {root / FILE}: enter the due dates there")
    read_term(root)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    for student, row in students.items():  # a list without addresses erases none
        known = {key: value for key, value in row.items() if value}
        writer.writerow(before.get(student, {}) | known)
    write_atomically(root / "roster.csv", table.getvalue().encode())
    new, gone = students.keys() - before.keys(), before.keys() - students.keys()
    done.append(f"wrote {root / 'roster.csv'}: {len(students)} students, {len(new)} of them new")
    if gone:
        done.append(f"no longer listed, their work is kept: {', '.join(sorted(gone))}")
    return done


def _home(root: Path) -> Path:
    """The course whose assignments a new term uses: the one we stand in, or the checkout's."""
    here = Path.cwd()
    # where a term is kept apart from its course, the course is meant
    for folder in (PROJECT, here) if (here / FILE).exists() else (here, PROJECT):
        if (folder / CONFIG).is_file():
            return folder
    raise AutograderError(
        f"{root / CONFIG}: no such file, and here is no course to take the assignments from: run "
        f"this in a course's folder (with {CONFIG} and the source notebooks), or name it with "
        "--root")
