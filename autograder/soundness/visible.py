"""Does a student learn what is wrong: from the visible check, and by an example in the feedback?"""

import ast
import contextlib
import functools
import inspect
import io
from collections.abc import Callable, Iterable

from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.examples import Search
from autograder.grading.sessions import InProcessCode
from autograder.inside.calls import OutOfTime, alarm
from autograder.soundness.mutants import namespace_of, solutions

CHECK_SECONDS = 5  # a check that takes longer does not come to its end: this is noticed as well
HIDDEN = "### BEGIN HIDDEN TESTS"


def check_cells(assignment: Assignment) -> dict[str, str]:
    """What a student sees of each graded cell, by its part."""
    return {cell.metadata.nbgrader.grade_id: cell.source.partition(HIDDEN)[0]
            for cell in assignment.source.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}


def notices(assignment: Assignment, part: str, functions: dict[str, Callable],
            cells: Iterable[str] | None = None, seconds: float = CHECK_SECONDS) -> bool:
    """Whether the part's visible check speaks when these functions are the student's.

    Parameters
    ----------
    functions : in the place of the solutions'
    cells : the solution cells; the notebook's own unless given
    seconds : after which it is stopped and counts as noticed
    """
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            with alarm(seconds):
                sources = solutions(assignment).values() if cells is None else cells
                check = check_cells(assignment)[part]
                namespace = namespace_of(assignment, sources)
                for cell in _made_before(assignment, _names(check, ast.Load) - namespace.keys()):
                    exec(cell, namespace)
                exec(check, namespace | functions)
        except (Exception, OutOfTime):
            return True
    return False


def _made_before(assignment: Assignment, names: set[str]) -> list[str]:
    """The notebook's own cells that make these variables, such as the data."""
    return [cell.source for cell in assignment.source.cells
            if cell.cell_type == "code" and cell.metadata.nbgrader.locked
            and not cell.metadata.nbgrader.grade and names & _names(cell.source, ast.Store)]


def _names(code: str, context: type) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


def is_explained(assignment: Assignment, part: str, functions: dict[str, Callable]) -> bool:
    """Whether some input shows a student that these functions are wrong."""
    code = InProcessCode(namespace_of(assignment, solutions(assignment).values()) | functions)
    search = Search(assignment.graders, lambda: code.session(part))
    return search.first(notebook.functions(assignment.source)[part]) is not None


def as_written(wrong: Callable, right: Callable) -> Callable:
    """A named mistake with the solution's arguments, defaults and name, as a student has it."""

    @functools.wraps(right)
    def function(*args, **kwargs):
        bound = inspect.signature(right).bind(*args, **kwargs)
        bound.apply_defaults()
        return wrong(*bound.args)

    return function
