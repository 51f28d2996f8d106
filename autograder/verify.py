"""Are the graders sound? Wrong answers must lose and be named, right ones must not.

`VARIANTS` are right answers in other styles; named mistakes, and systematic mutants of the
solutions, are wrong ones. All run outside of any sandbox: they are the course's own code.
"""

import functools
import importlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from autograder.grading import Assignment, grade_functions, run_part
from autograder.mutants import Mutant, mutants, namespace_of, solutions

MUTANT_SECONDS = 2  # a mutant that loops for ever is known by then


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


def check_mutants(assignment: Assignment, workers: int = 1) -> Iterator[Check]:
    """Every mutant of the solutions must lose points, unless it is listed as equivalent."""
    listed = _module(assignment)
    found = list(mutants(assignment))
    gone = set(listed.EQUIVALENT) - {mutant.name for mutant in found}
    for name in sorted(gone):
        yield Check(f"mutant {name}", False, "is listed as equivalent and does not exist")
    run = functools.partial(_loses, assignment.name, assignment.source_path, assignment.package)
    with ProcessPoolExecutor(workers) as pool:
        for mutant, lost in zip(found, pool.map(run, found)):
            reason = listed.EQUIVALENT.get(mutant.name)
            if lost:
                yield Check(f"mutant {mutant.name}", reason is None,
                            "listed as equivalent, but loses" if reason else "loses")
            else:
                reason = reason or listed.FREE.get(mutant.function)
                yield Check(f"mutant {mutant.name}", reason is not None,
                            f"equivalent: {reason}" if reason else "loses nothing")


def _loses(name, source_path, package, mutant: Mutant) -> bool:
    assignment = _read_once(name, source_path, package)
    try:
        namespace = namespace_of((solutions(assignment) | {mutant.part: mutant.source}).values())
    except Exception:  # a cell that fails defines no function: its part is lost
        return True
    tests = run_part(assignment, namespace, mutant.part, MUTANT_SECONDS)
    return any(test["outcome"] != "passed" for test in tests)


_read_once = functools.cache(Assignment)


def _module(assignment: Assignment):
    return importlib.import_module(f"{assignment.graders.__name__}.variants")


def _variants(assignment: Assignment) -> dict[str, dict]:
    return _module(assignment).VARIANTS


def _failures(result: dict) -> list[tuple[str, dict]]:
    return [(part["name"], test) for part in result["parts"] for test in part["tests"]
            if test["outcome"] != "passed"]
