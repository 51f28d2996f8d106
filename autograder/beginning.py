"""A new term: its folder, its roster, and the file that holds its dates."""

import csv
import io
import os
from pathlib import Path

from autograder import notebook
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.pages import render_text
from autograder.roster import COLUMNS, read_roster
from autograder.term import FILE, read_term

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = "nbgrader_config.py"


def begin(root: Path, roster: Path, name: str, timezone: str) -> list[str]:
    """Make `root` a term's folder, or bring its roster up to date; what was done, in lines.

    Nothing that stands there is written over but `roster.csv`, and that only once the new list
    has been read.

    Raises
    ------
    AutograderError
        The list of students cannot be read, or this installation has no assignments.
    """
    root, students = root.resolve(), read_roster(roster)
    done = []
    if not (root / CONFIG).exists():
        if not (PROJECT / CONFIG).exists():
            raise AutograderError(f"{root / CONFIG}: no such file, and the autograder is not "
                                  "installed from a course's folder: name one with --root")
        # inside of the project both may move together; elsewhere the folder may move alone
        up = (Path(os.path.relpath(PROJECT, root)) if root.is_relative_to(PROJECT)
              else PROJECT).as_posix()
        write_atomically(root / CONFIG, render_text("nbgrader_config.py.txt", up=up).encode())
        done.append(f"wrote {root / CONFIG}: the assignments are those of {PROJECT}")
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
