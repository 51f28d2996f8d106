"""Nothing is tested that the notebook does not announce.

A grader package says in its `announced.py` which sentence announces each hidden test: `ANNOUNCED`
maps "part.test_name" to the sentence. It stands in the notebook's text, or in what is handed out of
a solution cell.
"""

import ast
import importlib
from pathlib import Path

from autograder.grading.assignment import Assignment

SOLUTION = "### BEGIN SOLUTION"


def hidden_tests(assignment: Assignment) -> list[str]:
    """All of them, as "part.test_name"."""
    return [f"{path.stem.removeprefix('test_')}.{node.name}"
            for path in sorted(Path(assignment.graders.__path__[0]).glob("test_*.py"))
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def not_announced(assignment: Assignment) -> dict[str, str]:
    """What is wrong with the announcement of a test, by its name."""
    try:
        said = importlib.import_module(f"{assignment.graders.__name__}.announced").ANNOUNCED
    except ModuleNotFoundError:
        said = {}
    text = _folded("\n".join(cell.source.partition(SOLUTION)[0]
                             for cell in assignment.source.cells))
    tests = hidden_tests(assignment)
    wrong = dict.fromkeys(said.keys() - set(tests), "announced.py names it, and there is no such "
                                                    "test: take it out")
    for test in tests:
        if not said.get(test, "").strip():
            wrong[test] = "announced.py has no sentence for it: give the notebook's"
        elif _folded(said[test]) not in text:
            wrong[test] = "its sentence in announced.py is not in the notebook: correct either"
    return wrong


def _folded(text: str) -> str:
    return " ".join(text.split())
