"""A new assignment: source notebook and graders that are sound already, to be changed."""

import importlib
import re
from pathlib import Path

import jupytext
import nbformat

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.grading import Assignment
from autograder.pages import render_text

TEMPLATES = Path(__file__).parent / "templates" / "new"
NAME = re.compile(r"[a-z][a-z0-9_]*")


def scaffold(course: Course, name: str) -> list[Path]:
    """Write an assignment with one part below the course's source folder and graders' package.

    Raises
    ------
    AutograderError
        The name is none, or something of that name is there.
    """
    if not NAME.fullmatch(name):
        raise AutograderError(f"{name!r} is no name of an assignment: use small letters, digits "
                              "and _, such as hw6_attention")
    package = course.config.Assemble.get("graders", Assignment.package)
    source = course.path("source", assignment=name) / f"{name}.ipynb"
    graders = Path(importlib.import_module(package).__path__[0]) / name
    for there in (source, graders):
        if there.exists():
            raise AutograderError(f"{there}: is there already: choose another name")
    values = {"name": name, "package": f"{package}.{name}",
              "title": name.replace("_", " ").capitalize()}
    notebook = jupytext.reads(render_text("new/notebook.md", **values), fmt="md:myst")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    files = {source: nbformat.writes(notebook) + "\n"}
    for template in sorted(TEMPLATES.glob("*.txt")):
        files[graders / template.stem] = render_text(f"new/{template.name}", **values)
    for path, text in files.items():
        write_atomically(path, text.encode())
    return list(files)

