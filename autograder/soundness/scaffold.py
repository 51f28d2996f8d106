"""A new assignment: source notebook and graders that are sound already, to be changed."""

import importlib
import importlib.metadata
import re
from pathlib import Path

import jupytext
import nbformat

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading.assignment import Assignment
from autograder.paths import TEMPLATES
from autograder.templating import render_text
from autograder.term.course import Course

NAME = re.compile(r"[a-z][a-z0-9_]*")


def scaffold(course: Course, name: str) -> list[Path]:
    """Write an assignment with one part below the course's source folder and graders' package.

    Raises
    ------
    AutograderError
        The name is none, something of that name is there, or the graders' package is an installed
        one.
    """
    if not NAME.fullmatch(name):
        raise AutograderError(f"{name!r} is no name of an assignment: use small letters, digits "
                              "and _, such as hw7_attention")
    package = course.config.Assemble.get("graders", Assignment.package)
    source = course.path("source", assignment=name) / f"{name}.ipynb"
    graders = Path(importlib.import_module(package).__path__[0]) / name
    if _is_installed(graders.parent):
        raise AutograderError(f"{graders.parent}: the next installation would delete what is "
                              "written there: keep graders in an importable package of your own, "
                              "such as our_graders, and write configure(c, graders='our_graders') "
                              f"in {course.root / 'nbgrader_config.py'}")
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
    for template in sorted((TEMPLATES / "new").glob("*.txt")):
        files[graders / template.stem] = render_text(f"new/{template.name}", **values)
    for path, text in files.items():
        write_atomically(path, text.encode())
    return list(files)


def _is_installed(folder: Path) -> bool:
    """Whether a package manager has put this package there, and would take it away again."""
    top = next(path for path in folder.parents if not (path / "__init__.py").exists())
    names = {file.parts[0] for distribution in importlib.metadata.distributions(path=[str(top)])
             for file in distribution.files or () if file.suffix == ".py"}
    return folder.relative_to(top).parts[0] in names
