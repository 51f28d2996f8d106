"""Write the sample class's notebooks: make_samples.py FOLDER [--assignment NAME] [--course].

With --course, FOLDER becomes a course of its own: configuration, roster, and the notebooks below
`submitted`; `autograder release` and `autograder grade` work there.
"""

import argparse
import importlib.util
from pathlib import Path

import autograder  # noqa: F401  # before what imports jsonschema: decision 30

# isort: split
import nbformat

from autograder.term.init_term import begin

HERE = Path(__file__).resolve().parent


def type_in(notebook, answers: dict[str, str]) -> None:
    """Put an answer into the solution cell of each part."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    for part, source in answers.items():
        cells[f"{part}_solution"].source = source


def make_samples(assignment: str, folder: Path, only: list[str] | None = None) -> list[Path]:
    """Write FOLDER/<student>/<assignment>/<assignment>.ipynb for every sample student.

    With `only`, for these students.

    Files that are right already are left alone, so that nothing is graded anew for their sake.
    """
    spec = importlib.util.spec_from_file_location("students", HERE / assignment / "students.py")
    students = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(students)
    released = HERE.parent / "assignments" / assignment / f"{assignment}.ipynb"
    paths = []
    for student, change in students.STUDENTS.items():
        if only is not None and student not in only:
            continue
        notebook = nbformat.read(released, as_version=4)
        if callable(change):
            change(notebook)
        else:
            type_in(notebook, students.RIGHT | change)
        path = folder / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = nbformat.writes(notebook) + "\n"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        paths.append(path)
    return paths


def make_course(assignment: str, folder: Path, only: list[str] | None = None) -> list[Path]:
    """Write a course's configuration and roster, and sample submissions of one assignment."""
    begin(folder, HERE / "roster.csv", name="", timezone="UTC")
    return make_samples(assignment, folder / "submitted", only)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assignment", default="hw1_perceptron")
    parser.add_argument("--course", action="store_true", help="with configuration and roster")
    parser.add_argument("--students", nargs="*", help="only these")
    arguments = parser.parse_args()
    make = make_course if arguments.course else make_samples
    written = make(arguments.assignment, arguments.folder, arguments.students)
    print(f"{len(written)} sample submissions are in {arguments.folder}")
