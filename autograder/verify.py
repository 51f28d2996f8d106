"""Are the graders sound? Wrong answers must lose and be named, right ones must not.

Every named mistake of an assignment doubles as a mutant; `VARIANTS` are right answers in other
styles. Both run in this process: they are the course's own code.
"""

import importlib
from dataclasses import dataclass

from autograder.grading import Assignment, grade_functions


@dataclass(frozen=True)
class Check:
    """One set of functions put through the hidden tests."""

    what: str
    sound: bool
    detail: str


def check_variants(assignment: Assignment) -> list[Check]:
    """Every right variant must get full marks."""
    checks = []
    for name, functions in _variants(assignment).items():
        lost = _failures(grade_functions(assignment, functions))
        detail = "; ".join(f"{part}.{t['name']}: {t['message']}" for part, t in lost)
        checks.append(Check(f"variant {name!r}", not lost, detail or "full marks"))
    return checks


def check_mistakes(assignment: Assignment) -> list[Check]:
    """Every named mistake must lose points where its function is tested, and be named there.

    No test may take it for another: a wrong diagnosis sends a student the wrong way.
    """
    mistakes = importlib.import_module(f"{assignment.graders.__name__}.mistakes").MISTAKES
    right = _variants(assignment)["reference"]
    checks = []
    for function, known in mistakes.items():
        for mistake in known:
            result = grade_functions(assignment, right | {function: mistake.wrong})
            lost = _failures(result)
            parts = {part for part, _ in lost}
            names = {test["mistake"] for _, test in lost} - {None}
            sound = len(parts) == 1 and names == {mistake.name}
            detail = f"lost in {', '.join(sorted(parts)) or 'no part'}"
            if names != {mistake.name}:
                detail += f", called {', '.join(sorted(names)) or 'nothing'}"
            checks.append(Check(f"{function}: {mistake.name}", sound, detail))
    return checks


def _variants(assignment: Assignment) -> dict[str, dict]:
    return importlib.import_module(f"{assignment.graders.__name__}.variants").VARIANTS


def _failures(result: dict) -> list[tuple[str, dict]]:
    return [(part["name"], test) for part in result["parts"] for test in part["tests"]
            if test["outcome"] != "passed"]
