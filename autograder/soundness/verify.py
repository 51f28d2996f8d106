"""Are the graders sound? Wrong answers must lose and be named, right ones must not.

`VARIANTS` are right answers in other styles; named mistakes, and systematic mutants of the
solutions, are wrong ones. All run outside of any sandbox: they are the course's own code. What is
wrong should not only lose points: the visible check should have said so, and the student should be
shown an input on which it is wrong.
"""

import functools
import importlib
import importlib.util
import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.grading.judge import Mistake
from autograder.grading.result import TestRecord
from autograder.soundness.allowances import allowances
from autograder.soundness.announced import hidden_tests, not_announced
from autograder.soundness.mutants import Mutant, mutants, namespace_of, solutions
from autograder.soundness.visible import as_written, is_explained, notices

MOST_ALLOWED = 0.01  # of the largest entry of an answer
VARIANT_SECONDS = 120  # for a visible check: some train on digits
MUTANT_SECONDS = 2  # a mutant that loops for ever is known by then
MOST_SILENT, MOST_UNEXPLAINED = 0.03, 0.05  # of all that loses points


@dataclass(frozen=True)
class Check:
    """One set of functions put through the hidden tests.

    `noticed` and `explained` are of wrong ones: whether the visible check speaks as well, and
    whether an example shows what is wrong.
    """

    what: str
    sound: bool
    detail: str
    noticed: bool | None = None
    explained: bool | None = None


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
    checks += _names_that_do_not_meet(assignment)
    for function in variants.get("reference", {}):
        found = function in named or function in _module(assignment).FREE
        checks.append(Check(f"function {function}", found, "has named mistakes" if found else
                            "has no named mistake: add one to mistakes.py"))
    return checks


def _names_that_do_not_meet(assignment: Assignment) -> list[Check]:
    """Functions that the graders know and no solution cell defines, and parts without any."""
    defined, variants = notebook.functions(assignment.source), _variants(assignment)
    everywhere = {function for functions in defined.values() for function in functions}
    known = {"variants.py": {name for variant in variants.values() for name in variant},
             "mistakes.py": set(_mistakes(assignment)), "examples.py": set(_examples(assignment))}
    checks = [Check(f"function {name}", False, f"is in {file}, and no solution cell defines it: "
                    "correct its name there, or take it out")
              for file, names in known.items() for name in sorted(names - everywhere)]
    for part, functions in defined.items():
        if functions and not variants.get("reference", {}).keys() & set(functions):
            checks.append(Check(f"part {part}", False, f"VARIANTS['reference'] in variants.py has "
                                f"no right answer to {' or '.join(functions)}: add it there and "
                                "to reference.py"))
    return checks


def check_announced(assignment: Assignment) -> list[Check]:
    """The notebook must announce what each hidden test asks for."""
    wrong = not_announced(assignment)
    return [Check(f"test {name}", name not in wrong, wrong.get(name, "is announced"))
            for name in sorted({*hidden_tests(assignment), *wrong})]


def check_tolerances(assignment: Assignment) -> list[Check]:
    """No comparison may allow so much that it compares nothing."""
    right, checks = _variants(assignment)["reference"], []
    for part in solutions(assignment):
        with allowances() as found:
            run_part(assignment, right, part, assignment.limits.call_seconds)
        loose = [f"{what}: {atol:.1g} of {largest:.1g}" for what, atol, largest in found
                 if largest and largest * MOST_ALLOWED < atol < np.inf]
        checks.append(Check(f"comparisons of {part}", not loose,
                            "; ".join(loose) or (
                                f"{len(found)} tell right from wrong" if found else
                                "none, its tests judge in ways of their own")))
    return checks


def check_variants(assignment: Assignment, every: int = 1) -> list[Check]:
    """Every right variant must get full marks, and the visible checks must like it.

    With `every`, one in so many is tried, for tests in a hurry.
    """
    variants, calling, checks = _variants(assignment), _parts_calling(assignment), []
    everything = set(solutions(assignment))
    for name, functions in itertools.islice(variants.items(), 0, None, every):
        changed = [f for f in functions if functions[f] is not variants["reference"][f]]
        parts = set().union(*(calling[f] for f in changed)) if changed else everything
        lost = [f"{part}.{test['name']}: {_why(test)}"
                for part, test in _failures(assignment, functions, parts)]
        lost += [f"the visible check of {part} refuses it" for part in sorted(parts)
                 if notices(assignment, part, functions, seconds=VARIANT_SECONDS)]
        checks.append(Check(f"variant {name!r}", not lost, "; ".join(lost) or "full marks"))
    return checks


def check_mistakes(assignment: Assignment, every: int = 1) -> list[Check]:
    """Every named mistake must lose points where its function is tested, and be named there.

    No test may take it for another: a wrong diagnosis sends a student the wrong way. With `every`,
    one in so many of a function's is tried, for tests in a hurry.
    """
    mistakes = _mistakes(assignment)
    right, calling = _variants(assignment)["reference"], _parts_calling(assignment)
    checks = []
    for function, known in mistakes.items():
        for mistake in known[::every]:
            lost = _failures(assignment, right | {function: mistake.wrong}, calling[function])
            parts = {part for part, _ in lost}
            names = {name for _, test in lost if (name := test["mistake"]) is not None}
            sound = len(parts) == 1 and names == {mistake.name}
            detail = f"lost in {', '.join(sorted(parts)) or 'no part'}"
            if names != {mistake.name}:
                detail += f", called {', '.join(sorted(names)) or 'nothing'}"
            wrong = {function: as_written(mistake.wrong, right[function])}
            checks.append(Check(
                f"{function}: {mistake.name}", sound, detail,
                any(notices(assignment, part, wrong) for part in parts),
                any(is_explained(assignment, part, wrong) for part in parts)))
    return checks


def check_shares(checks: Iterable[Check]) -> list[Check]:
    """How many of the wrong functions a student hears of: from the check, and by an example."""
    wrong = [check for check in checks if check.noticed is not None]
    return [_share("not noticed by the visible check", MOST_SILENT,
                   [check.what for check in wrong if not check.noticed], len(wrong),
                   "add a line to the check that tells them from the right answer"),
            _share("without an example that shows it", MOST_UNEXPLAINED,
                   [check.what for check in wrong if not check.explained], len(wrong),
                   "add inputs to examples.py on which they are wrong")]


def _share(what, most, names, count, remedy):
    share = len(names) / max(1, count)
    detail = f"{len(names)} of {count} ({share:.1%}; at most {most:.0%} may be)"
    if names:
        detail += f": {'; '.join(names)}"
    return Check(what, share <= most, detail if share <= most else f"{detail}: {remedy}")


def _parts_calling(assignment: Assignment) -> dict[str, set[str]]:
    """The parts whose tests call each function, as seen with right answers.

    A wrong function cannot change the outcome of any other part.
    """
    right = _variants(assignment)["reference"]
    calling: dict[str, set[str]] = {name: set() for name in right}

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
    # a fork of this process would wait for torch's threads, which do not come along
    with ProcessPoolExecutor(workers, multiprocessing.get_context("forkserver"),
                             _one_thread) as pool:
        for mutant, (lost, noticed, explained) in zip(found, pool.map(run, found)):
            reason = listed.EQUIVALENT.get(mutant.name)
            if lost:
                yield Check(f"mutant {mutant.name}", reason is None,
                            "listed as equivalent, but loses" if reason else "loses",
                            noticed, explained)
            else:
                yield Check(f"mutant {mutant.name}", reason is not None,
                            f"equivalent: {reason}" if reason else "loses nothing")


def _one_thread() -> None:
    """Leave the other processors to the other workers; torch has not been imported yet."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _loses(name, source_path, package, mutant: Mutant) -> tuple[bool, bool, bool]:
    """Whether a mutant loses points, the visible check notices, and an example shows it."""
    assignment = _read_once(name, source_path, package)
    try:
        cells = solutions(assignment) | {mutant.part: mutant.source}
        namespace = namespace_of(assignment, cells.values())
    except Exception:  # a cell that fails defines no function, and says so itself
        return True, True, True
    tests = run_part(assignment, namespace, mutant.part, MUTANT_SECONDS)
    if all(test["outcome"] == "passed" for test in tests):
        return False, False, False
    return (True, notices(assignment, mutant.part, {}, cells.values()),
            is_explained(assignment, mutant.part, namespace))


_read_once = functools.cache(Assignment)


def _module(assignment: Assignment):
    return importlib.import_module(f"{assignment.graders.__name__}.variants")


def _mistakes(assignment: Assignment) -> dict[str, list[Mistake]]:
    return importlib.import_module(f"{assignment.graders.__name__}.mistakes").MISTAKES


def _examples(assignment: Assignment) -> dict[str, Callable]:
    name = f"{assignment.graders.__name__}.examples"
    return importlib.import_module(name).EXAMPLES if importlib.util.find_spec(name) else {}


def _variants(assignment: Assignment) -> dict[str, dict[str, Callable]]:
    return _module(assignment).VARIANTS


def _why(test: TestRecord) -> str:
    """What went wrong: of a test that failed itself, what its author needs to know."""
    if "fault" in test:
        return f"the test itself failed, {test['fault']}: correct it"
    return test["message"]


def _failures(assignment: Assignment, functions: dict[str, Callable],
              parts: set[str]) -> list[tuple[str, TestRecord]]:
    return [(part, test) for part in sorted(parts)
            for test in run_part(assignment, functions, part, assignment.limits.call_seconds)
            if test["outcome"] != "passed"]
