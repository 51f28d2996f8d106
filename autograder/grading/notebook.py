"""Notebooks as data: read a submission, and put the instructor's cells back around its code.

The source notebook decides what is locked, what is graded and for how many points; a submission
contributes the code of its solution cells and of cells that the student added, nothing else.
"""

import ast
import contextlib
import functools
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import AutograderError
from autograder.grading import locked

MAX_BYTES = 32 << 20
SECTION = re.compile(r"## (.+?)(?: \(.*\))?$", re.MULTILINE)
MAX_CODE = 4 << 20  # characters of all code cells together


class Unreadable(Exception):
    """The bytes are not a notebook; the text is the reason, for the student and the TA."""


@dataclass(frozen=True)
class Part:
    """One autograded cell of the source notebook: its grade_id, its points, its section."""

    name: str
    points: float
    title: str | None


def read(raw: bytes) -> NotebookNode:
    """Parse a notebook of any version from 3 on.

    Raises
    ------
    Unreadable
        Too large, not JSON, or not the structure of a notebook.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES >> 20} MiB: clear its outputs")
    if not raw.strip():
        raise Unreadable("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ids and fields that `assemble` makes anew
            notebook = nbformat.reads(raw.decode("utf-8-sig"), as_version=4)
        for cell in notebook.cells:
            # half a surrogate pair has no UTF-8
            cell.source = "".join(cell.source).encode("utf-8", "replace").decode()
            cell.metadata.get("nbgrader")
        size = sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "code")
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8 text") from None
    except (json.JSONDecodeError, nbformat.reader.NotJSONError):
        raise Unreadable("the file is not valid JSON: it was cut short or edited") from None
    except MemoryError:
        raise  # says nothing about the file
    except Exception:  # nbformat raises all kinds of errors on a file of the wrong structure
        raise Unreadable("the file does not have the structure of a notebook") from None
    if size > MAX_CODE:
        raise Unreadable(f"its cells hold more than {MAX_CODE >> 20} MiB of code: put data into "
                         "files")
    return notebook


def read_source(path: Path) -> NotebookNode:
    """Parse an instructor's source notebook, or say in one line what is wrong with it."""
    try:
        return read(path.read_bytes())
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such assignment: check the name") from None
    except Unreadable as error:
        raise AutograderError(f"{path}: {error}") from None


def parts(source: NotebookNode) -> list[Part]:
    """The autograded cells of a source notebook, in order."""
    above = titles(source)
    return [Part(name := _name(cell), float(cell.metadata.nbgrader.points), above.get(name))
            for cell in source.cells if is_autograded(cell)]


def titles(source: NotebookNode) -> dict[str, str]:
    """The heading of the section of each graded cell that has one, by grade_id."""
    found, heading = {}, None
    for cell in source.cells:
        if cell.cell_type == "markdown" and (match := SECTION.match(cell.source)):
            heading = match[1]
        if heading and (_flag(cell, "grade") or _flag(cell, "task")):
            found[_name(cell)] = heading
    return found


def functions(source: NotebookNode) -> dict[str, list[str]]:
    """The functions that the solution cell of each part defines, by the part's name."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    for cell in source.cells:
        if _flag(cell, "solution") and cell.cell_type == "code":
            waiting = [node.name for node in _statements(cell.source)
                       if isinstance(node, ast.FunctionDef)]
        elif is_autograded(cell):
            found[_name(cell)] = waiting
    return found


def points(source: NotebookNode) -> dict[str, float]:
    """The points of all graded cells by grade_id, those that a person grades included."""
    return {_name(cell): float(cell.metadata.nbgrader.points)
            for cell in source.cells if _flag(cell, "grade") or _flag(cell, "task")}


def give_points(source: NotebookNode, given: dict[str, float]) -> None:
    """Give the source notebook's cells other points.

    Raises
    ------
    AutograderError
        It has no graded cell of that name.
    """
    if unknown := given.keys() - points(source).keys():
        raise AutograderError(f"no graded cell is called {min(unknown)!r}; there are: "
                              f"{', '.join(points(source))}")
    for cell in source.cells:
        if (name := _grade_id(cell)) in given:
            cell.metadata.nbgrader.points = given[name]


def is_autograded(cell: NotebookNode) -> bool:
    """Whether the cell is a test cell, whose score comes from the hidden tests."""
    return cell.cell_type == "code" and _flag(cell, "grade") and not _flag(cell, "solution")


def _flag(cell: NotebookNode, name: str) -> bool:
    """One of nbgrader's marks of a cell; importing nbgrader for it would take most of a second."""
    return bool(cell.metadata.get("nbgrader", {}).get(name))


def _is_locked(cell: NotebookNode) -> bool:
    """Whether the source's text counts, whatever was handed in."""
    return not _flag(cell, "solution") and (_flag(cell, "grade") or _flag(cell, "locked"))


def _grade_id(cell: NotebookNode) -> str | None:
    metadata = cell.metadata.get("nbgrader")
    return metadata.get("grade_id") if isinstance(metadata, dict) else None


def _name(cell: NotebookNode) -> str:
    """The grade_id of a cell that the source notebook grades."""
    return cell.metadata.nbgrader.get("grade_id")


def assemble(submission: NotebookNode, source: NotebookNode) -> NotebookNode:
    """Return the source notebook's frame filled with the submission's code.

    Locked cells (tests among them) have the source's text wherever the student left or moved
    them; one that the student has changed is followed by theirs, as an ordinary cell; missing ones
    are put back behind the cell that they follow in the source; copies of them are dropped. A
    copied solution cell stays, as an ordinary cell. Cells keep the student's order.
    """
    known = {name: cell for cell in source.cells if (name := _grade_id(cell))}
    cells: list[NotebookNode] = []
    seen: set[str] = set()
    for cell in submission.cells:
        name = _grade_id(cell)
        original = known.get(name) if isinstance(name, str) else None
        if name is None or original is None:
            cells.append(_plain(cell))
        elif name not in seen:
            seen.add(name)
            filled = nbformat.from_dict(original)
            if not _is_locked(original):
                filled.source = cell.source
            cells.append(filled)
            said = locked.change(cell, original) if _is_locked(original) else None
            if said:
                cells.append(_plain(cell))
                cells[-1].metadata[locked.CHANGE] = said
        elif not _is_locked(original):
            cells.append(_plain(cell))
    _put_back_missing(cells, source, seen)
    return nbformat.v4.new_notebook(
        cells=_unique_ids(cells), metadata=nbformat.from_dict(source.metadata),
        nbformat_minor=source.nbformat_minor)


def _plain(cell: NotebookNode) -> NotebookNode:
    """The cell's text in a new cell: no metadata, outputs or attachments come along."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(cell.cell_type, nbformat.v4.new_raw_cell)(cell.source)


def _put_back_missing(cells: list[NotebookNode], source: NotebookNode, seen: set[str]) -> None:
    previous = None
    for original in source.cells:
        name = _grade_id(original)
        if name is None:
            continue
        if name not in seen and (_is_locked(original) or _flag(original, "grade")):
            position = next((i + 1 for i, c in enumerate(cells) if _grade_id(c) == previous), 0)
            missing = nbformat.from_dict(original)
            if not _is_locked(original):
                missing.source = ""
            cells.insert(position, missing)
            seen.add(name)
        if name in seen:
            previous = name


def _unique_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return cells


def code_to_run(notebook: NotebookNode) -> dict[int, str]:
    """The code cells that are executed, by their index: all but the tests and the empty."""
    return {
        i: cell.source for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and not is_autograded(cell)
    }


def places(notebook: NotebookNode) -> dict[str, int]:
    """How many cells of `code_to_run` come before the state in which each part is judged.

    That is the state right after its test cell, where nbgrader's own tests stand, and after what
    a student has added to that cell.
    """
    code, cells = code_to_run(notebook), notebook.cells
    found = {}
    for i, cell in enumerate(cells):
        if is_autograded(cell):
            end = i + 1 + (i + 1 < len(cells) and locked.CHANGE in cells[i + 1].metadata)
            found[_name(cell)] = sum(index < end for index in code)
    return found


def only_shown(notebook: NotebookNode) -> frozenset[int]:
    """The course's own cells that draw or train for the student's eyes only, by their index.

    Such a cell defines one function and calls it, so that it leaves nothing else behind.
    """
    return frozenset(i for i, cell in enumerate(notebook.cells)
                     if cell.cell_type == "code" and _is_locked(cell) and not _flag(cell, "grade")
                     and _defines_and_calls(cell.source))


@functools.lru_cache(256)
def _defines_and_calls(code: str) -> bool:
    match _statements(code):
        case [ast.FunctionDef(name=name, args=args, decorator_list=[]),
              ast.Expr(ast.Call(func=ast.Name(id=called), args=[], keywords=[]))]:
            return name == called and not (args.defaults or args.kw_defaults)
    return False


def _statements(code: str) -> list[ast.stmt]:
    """Those of a course's cell; none where it is not all Python: a line magic."""
    with contextlib.suppress(SyntaxError):
        return ast.parse(code).body
    return []


def changes(notebook: NotebookNode) -> list[str]:
    """What to say of locked cells that the student has changed."""
    return [cell.metadata[locked.CHANGE] for cell in notebook.cells
            if locked.CHANGE in cell.metadata]


def imported_modules(source: NotebookNode) -> tuple[str, ...]:
    """The modules that a source notebook imports; some names are those of things in them."""
    names: set[str] = set()
    for code in code_to_run(source).values():
        for node in (found for statement in _statements(code) for found in ast.walk(statement)):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(sorted(names))
