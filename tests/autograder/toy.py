"""Builds notebooks for the toy assignment of `toy_graders`."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.assignment import Assignment

DOUBLE = "def double(x):\n    return 2 * x"
SPLIT = "def split(x):\n    return np.sum(x), np.mean(x)"


def meta(grade_id, **flags):
    """nbgrader's metadata of a cell."""
    flags = {"grade": False, "locked": False, "solution": False, "task": False, **flags}
    return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **flags}}


def source(double=DOUBLE, split=SPLIT):
    """The source notebook: imports (locked), two solutions, two graded tests."""
    cells = [
        new_markdown_cell("# Toy", metadata=meta("intro", locked=True)),
        new_code_cell("import numpy as np", metadata=meta("imports", locked=True)),
        new_code_cell(double, metadata=meta("double_solution", solution=True)),
        new_code_cell("print('visible')", metadata=meta("double", grade=True, locked=True,
                                                         points=3)),
        new_code_cell(split, metadata=meta("split_solution", solution=True)),
        new_code_cell("print('visible')", metadata=meta("split", grade=True, locked=True,
                                                         points=2)),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"toy-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(metadata={"kernelspec": kernel}, cells=cells)


def as_bytes(notebook) -> bytes:
    """The notebook as a file's bytes."""
    return nbformat.writes(notebook).encode()


def assignment(folder: Path, notebook=None) -> Assignment:
    """The toy assignment, its source notebook written below `folder`."""
    path = folder / "source" / "toy" / "toy.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(notebook or source()))
    return Assignment("toy", path, package="toy_graders")


def write_course(root: Path, notebook=None, own: str | None = None) -> None:
    """A course with the toy assignment, not released yet.

    If `own` is given, its graders are a copy of that name in `root/own`, which a test may change.
    """
    assignment(root, notebook)
    graders = Path(__file__).parent / "toy_graders"
    if own:
        graders = Path(shutil.copytree(graders, root / "own" / own))
    configure(root, graders.name, graders.parent)


def configure(root: Path, package: str, folder: Path) -> None:
    """Say in the course's configuration that the graders are this package of that folder."""
    (root / "nbgrader_config.py").write_text(
        "import sys\nfrom autograder.gradebook.plugin import configure\nc = get_config()\n"
        f"sys.path.insert(0, {str(folder)!r})\nconfigure(c, graders={package!r})\n")


def submit(root: Path, student: str, raw: bytes) -> None:
    """Put a student's notebook where the course expects it."""
    path = root / "submitted" / student / "toy" / "toy.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
