"""A new term: its folder, its roster, and the file that holds its dates."""

import csv
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.names import full_name, listed, visible
from autograder.paths import PROJECT
from autograder.templating import render_text
from autograder.term import term_file
from autograder.term.columns import COLUMNS
from autograder.term.course import Course
from autograder.term.lists import guarded
from autograder.term.roster import read_list, read_roster
from autograder.term.term import FILE, Term, as_term, read_term
from autograder.term.term_file import wrong_zone

CONFIG, ROSTER = "nbgrader_config.py", "roster.csv"
IGNORED = b"# names, work and grades of students: nothing of it belongs into a repository\n*\n"


def begin(root: Path, roster: Path, name: str | None, timezone: str | None,
          columns: Mapping[str, str] | None = None) -> list[str]:
    """Make `root` a term's folder, or bring its roster up to date; what was done, in lines.

    Nothing that stands there is written over but `roster.csv`. Nothing is written before all that
    is to be has been read and seen to be right.

    Parameters
    ----------
    roster, columns : a list of students, and its headings by our column where nobody knows them

    Raises
    ------
    AutograderError
        The list of students cannot be read, there is no course to take assignments from, or the
        term has another name or time zone already.
    """
    _require_right(name, timezone)
    root = root.resolve()
    before = read_roster(root / ROSTER) if (root / ROSTER).exists() else {}
    found = read_list(roster, columns, before)
    students, done = found.students, found.notes
    if before and not before.keys() & students.keys():
        raise AutograderError(
            f"{roster}: has none of the {len(before)} students of {root / ROSTER}: is it another "
            "class's list, which belongs in a folder of its own? If its ids are in another "
            'column, name it: --columns student_id="its heading". To begin anew, delete that file')
    files = {}
    if (root / CONFIG).exists():
        course = Course(root)
    else:
        home = _home(root)
        course = Course(home)
        # inside of the course both may move together; elsewhere the folder may move alone
        up = (Path(os.path.relpath(home, root)) if root.is_relative_to(home) else home).as_posix()
        source = os.path.relpath(course.path("source"), home)
        files[CONFIG] = render_text(
            "nbgrader_config.py.txt", up=up, source=Path(source).as_posix(),
            course_id=_course_id(course, name or root.name)).encode()
        done.append(f"wrote {root / CONFIG}: the assignments are those of {home}")
        if not (root / ".gitignore").exists():
            files[".gitignore"] = IGNORED
    if (root / FILE).exists():
        _require_same(root / FILE, read_term(root), name, timezone)
    else:
        files[FILE] = _new_term(course, root / FILE, name or "", timezone or "UTC")
        done.append(f"wrote {root / FILE}: enter the due dates there")
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    for student, row in students.items():  # a list without addresses erases none
        known = before.get(student, {}) | {key: value for key, value in row.items() if value}
        writer.writerow({key: guarded(value) for key, value in known.items()})
    files[ROSTER] = table.getvalue().encode()
    for file, data in files.items():
        write_atomically(root / file, data)
    new, gone = students.keys() - before.keys(), before.keys() - students.keys()
    done.append(f"wrote {root / ROSTER}: {len(students)} students by their "
                f"{visible(found.column)}, {len(new)} of them new")
    was, now = ({student: visible(full_name(row)) for student, row in rows.items()}
                for rows in (before, students))
    if renamed := [f"{student} ({was[student]}, now {now[student]})"
                   for student, row in students.items()
                   if row["last_name"] and was.get(student, "") not in ("", now[student])]:
        done.append(f"changed names: {listed(renamed)}")
    if gone:
        done.append(f"no longer listed, their work is kept: {', '.join(sorted(gone))}")
    try:
        Course(root).term  # noqa: B018 - such as an extension of who is no longer listed
    except AutograderError as error:
        done.append(str(error))
    return done


def _require_right(name: str | None, timezone: str | None) -> None:
    if name and not name.isprintable():
        raise AutograderError(f"--name: '{visible(name)}' has characters that do not print: leave "
                              "them out")
    if timezone is not None and (wrong := wrong_zone(timezone)):
        raise AutograderError(f"--timezone: {wrong}")


def _require_same(path: Path, term: Term, name: str | None, timezone: str | None) -> None:
    """See that no option says what would not be heard: the file is the instructor's by now."""
    for option, given, there in (("--name", name, term.name),
                                 ("--timezone", timezone, term.timezone)):
        if given is not None and given != there:
            raise AutograderError(f'{path}: has {option[2:]} = "{visible(there)}": change it there '
                                  f"if it is to be another, and leave {option} out")


def _course_id(course: Course, term: str) -> str:
    """What nbgrader's exchange calls this term: with the course's own id all terms would meet."""
    words = re.sub(r"\W+", "-", term).strip("-").lower()
    return "-".join(filter(None, (course.config.CourseDirectory.get("course_id"), words)))


def _new_term(course: Course, path: Path, name: str, timezone: str) -> bytes:
    """The file of a term on this course's assignments."""
    assignments = {_key(source.stem): notebook.points(notebook.read_source(source))
                   for source in sorted(course.path("source").glob("*/*.ipynb"))}
    text = render_text(FILE, name=name.replace("\\", r"\\").replace('"', r"\""),
                       timezone=timezone, assignments=assignments)
    as_term(term_file.parse(text, path), path)
    return text.encode()


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


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
