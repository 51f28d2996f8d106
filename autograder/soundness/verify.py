"""Are the graders sound? Wrong answers must lose and be named, right ones must not.

`VARIANTS` are right answers in other styles; named mistakes, and systematic mutants of the
solutions, are wrong ones. All run outside of any sandbox: they are the course's own code.
"""

import functools
import importlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.soundness.mutants import Mutant, mutants, namespace_of, solutions

MUTANT_SECONDS = 2  # a mutant that loops for ever is known by then


@dataclass(frozen=True)
class Check:
    """One set of functions put through the hidden tests."""

    what: str
    sound: bool
    detail: str


def check_pieces(assignment: Assignment) -> list[Check]:
    """What an assignment needs must be there: tests, references, mistakes, variants, marks."""
    folder = Path(assignment.graders.__path__[0])
    absent = [name for name in ("reference", "mistakes", "variants")
              if not (folder / f"{name}.py").exists()]
    checks = [Check(f"{folder.name}/{name}.py", False, "is missing") for name in absent]
    for part, cell in solutions(assignment).items():
        test = folder / f"test_{part}.py"
        found = test.exists() and "def test_" in test.read_text()
        checks.append(Check(f"part {part}", found, f"{test.name} has " + (
            "tests" if found else "no test: write one")))
        if "### BEGIN SOLUTION" not in cell:
            checks.append(Check(f"part {part}", False, "the cell before its test has no ### BEGIN "
                                "SOLUTION: students would get the answer, or nothing to write"))
    if absent:
        return checks
    variants, named = _variants(assignment), _mistakes(assignment)
    if len(variants) < 2:
        checks.append(Check("variants.py", False, "has no right answer in another style"))
    for function in variants.get("reference", {}):
        found = function in named or function in _module(assignment).FREE
        checks.append(Check(f"function {function}", found, "has named mistakes" if found else
                            "has no named mistake: add one to mistakes.py"))
    return checks


def check_variants(assignment: Assignment) -> list[Check]:
    """Every right variant must get full marks."""
    variants, calling, checks = _variants(assignment), _parts_calling(assignment), []
    for name, functions in variants.items():
        changed = [f for f in functions if functions[f] is not variants["reference"][f]]
        parts = set().union(*(calling[f] for f in changed or functions))
        lost = _failures(assignment, functions, parts)
        detail = "; ".join(f"{part}.{t['name']}: {t['message']}" for part, t in lost)
        checks.append(Check(f"variant {name!r}", not lost, detail or "full marks"))
    return checks


def check_mistakes(assignment: Assignment) -> list[Check]:
    """Every named mistake must lose points where its function is tested, and be named there.

    No test may take it for another: a wrong diagnosis sends a student the wrong way.
    """
    mistakes = _mistakes(assignment)
    right, calling = _variants(assignment)["reference"], _parts_calling(assignment)
    checks = []
    for function, known in mistakes.items():
        for mistake in known:
            lost = _failures(assignment, right | {function: mistake.wrong}, calling[function])
            parts = {part for part, _ in lost}
            names = {test["mistake"] for _, test in lost} - {None}
            sound = len(parts) == 1 and names == {mistake.name}
            detail = f"lost in {', '.join(sorted(parts)) or 'no part'}"
            if names != {mistake.name}:
                detail += f", called {', '.join(sorted(names)) or 'nothing'}"
            checks.append(Check(f"{function}: {mistake.name}", sound, detail))
    return checks


def _parts_calling(assignment: Assignment) -> dict[str, set[str]]:
    """The parts whose tests call each function, as seen with right answers.

    A wrong function cannot change the outcome of any other part.
    """
    right = _variants(assignment)["reference"]
    calling = {name: set() for name in right}

    def noted(name, part):
        def function(*args, **kwargs):
            calling[name].add(part)
            return right[name](*args, **kwargs)
        return function

    for part in solutions(assignment):
        run_part(assignment, {name: noted(name, part) for name in right}, part,
                 assignment.limits.call_seconds)
    return calling


def check_mutants(assignment: Assignment, workers: int = 1, every: int = 1) -> Iterator[Check]:
    """Every mutant of the solutions must lose points, unless it is listed as equivalent.

    With `every`, one in so many is tried, for tests in a hurry.
    """
    listed = _module(assignment)
    found = [mutant for mutant in mutants(assignment) if mutant.function not in listed.FREE]
    gone = set(listed.EQUIVALENT) - {mutant.name for mutant in found}
    for name in sorted(gone):
        yield Check(f"mutant {name}", False, "is listed as equivalent and does not exist")
    found = found[::every]
    run = functools.partial(_loses, assignment.name, assignment.source_path, assignment.package)
    with ProcessPoolExecutor(workers) as pool:
        for mutant, lost in zip(found, pool.map(run, found)):
            reason = listed.EQUIVALENT.get(mutant.name)
            if lost:
                yield Check(f"mutant {mutant.name}", reason is None,
                            "listed as equivalent, but loses" if reason else "loses")
            else:
                yield Check(f"mutant {mutant.name}", reason is not None,
                            f"equivalent: {reason}" if reason else "loses nothing")


def _loses(name, source_path, package, mutant: Mutant) -> bool:
    assignment = _read_once(name, source_path, package)
    try:
        cells = solutions(assignment) | {mutant.part: mutant.source}
        namespace = namespace_of(assignment, cells.values())
    except Exception:  # a cell that fails defines no function: its part is lost
        return True
    tests = run_part(assignment, namespace, mutant.part, MUTANT_SECONDS)
    return any(test["outcome"] != "passed" for test in tests)


_read_once = functools.cache(Assignment)


def _module(assignment: Assignment):
    return importlib.import_module(f"{assignment.graders.__name__}.variants")


def _mistakes(assignment: Assignment) -> dict[str, list]:
    return importlib.import_module(f"{assignment.graders.__name__}.mistakes").MISTAKES


def _variants(assignment: Assignment) -> dict[str, dict]:
    return _module(assignment).VARIANTS


def _failures(assignment: Assignment, functions: dict, parts: set[str]) -> list[tuple[str, dict]]:
    return [(part, test) for part in sorted(parts)
            for test in run_part(assignment, functions, part, assignment.limits.call_seconds)
            if test["outcome"] != "passed"]
