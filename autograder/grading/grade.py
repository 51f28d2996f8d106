"""The pure function at the heart: submission bytes and an assignment in, a result out."""

import time
import traceback
from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits

from autograder.errors import AutograderError, of_this_machine
from autograder.grading import examples, notebook
from autograder.grading.assignment import SCHEMA, Assignment
from autograder.grading.pytest_plugin import HiddenTests, run_hidden_tests
from autograder.grading.result import Counterexample, PartRecord, Result, TestRecord
from autograder.grading.rounds import ATTEMPTS, ROUNDS, Rounds, share
from autograder.grading.sessions import InProcessCode
from autograder.grading.student import Budget
from autograder.sandbox import sandbox
from autograder.sandbox.limits import Limits


def grade(submission: bytes, assignment: Assignment, isolation: str,
          limits: Limits | None = None, part: str | None = None) -> Result:
    """Grade one submitted notebook.

    Parameters
    ----------
    isolation : {"bubblewrap", "docker", "podman", "user", "none"}
    limits : those of the assignment unless given
    part : the only part to test; None for all

    Returns
    -------
    The result as plain data (docs/results.md lists its fields). An unreadable file is a result
    too, with status "unreadable" and the reason; so is one on which the engine itself failed, with
    status "failed".

    Raises
    ------
    AutograderError, MemoryError
        This machine or this installation cannot grade: no submission is to blame.
    """
    started = time.monotonic()
    result: Result = {
        "schema": SCHEMA, "assignment": assignment.name, "engine": assignment.version,
        "isolation": isolation, "status": "graded", "reason": None, "parts": [], "cells": [],
        "notes": [], "score": 0.0, "max_score": 0.0, "seconds": 0.0}
    tests: HiddenTests | None = None
    said: dict[str, str] = {}
    found: dict[str, Counterexample | None] = {}
    try:
        rounds = Rounds(submission, assignment, isolation, limits or assignment.limits, part)
        rounds.run()
        tests, said, found = rounds.tests, rounds.said, rounds.examples
        result.update({"cells": rounds.cells, "notes": rounds.notes})
    except notebook.Unreadable as error:
        result.update({"status": "unreadable", "reason": str(error)})
    except (AutograderError, MemoryError):
        raise
    except Exception as error:  # whatever it was: of this submission only, and not for ever
        if problem := of_this_machine(error):
            raise problem from None
        result.update({"status": "failed", "reason": "the autograder itself failed on this file",
                       "fault": _where(error), "cells": [], "notes": []})
    result["parts"] = _score_parts(assignment, tests, said, found, part)
    result["score"] = sum(scored["score"] for scored in result["parts"])
    result["max_score"] = sum(scored["max_score"] for scored in result["parts"])
    result["seconds"] = round(time.monotonic() - started, 3)
    return result


def _where(error: Exception) -> str:
    """What was raised and where, without its text, which may quote a hidden test."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join([type(error).__name__, *(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))])


def longest(limits: Limits) -> float:
    """The most seconds that one submission can take, whatever it does.

    Besides what `limits` names: a sandbox that starts at the last moment, one more for a notebook
    that is graded without its cells, and what is waited after each deadline inside.
    """
    return (2 * sandbox.START_SECONDS + limits.notebook_seconds + limits.overtime_seconds
            + limits.tests_seconds + examples.TOTAL_SECONDS + examples.SECONDS
            + (ATTEMPTS + ROUNDS) * (limits.call_seconds + 2 * sandbox.GRACE_SECONDS))


def without_times(result: Result) -> dict[str, object]:
    """A result without its times. (A picture of measured times, in a cell, differs as well.)"""
    cells = [{k: v for k, v in cell.items() if k != "seconds"} for cell in result["cells"]]
    return {**result, "seconds": None, "cells": cells}


def run_part(assignment: Assignment, namespace: dict[str, Callable], part: str,
             call_seconds: float) -> list[TestRecord]:
    """Run one part's hidden tests on trusted functions in this process; their records."""
    budget = Budget(call_seconds, assignment.limits.tests_seconds)
    with threadpool_limits(1):
        tests = run_hidden_tests(assignment.graders, InProcessCode(namespace), budget, [part])
    return tests.outcomes[part]


def _score_parts(assignment: Assignment, tests: HiddenTests | None, said: dict[str, str],
                 found: dict[str, Counterexample | None], only: str | None) -> list[PartRecord]:
    scored: list[PartRecord] = []
    for part in notebook.parts(assignment.source):
        if only not in (None, part.name):
            continue
        records = tests.outcomes.get(part.name, []) if tests else []
        if tests and not records:
            raise AutograderError(f"{assignment.name}/test_{part.name}.py: no hidden tests for "
                                  f"the graded cell `{part.name}`")
        scored.append({
            "name": part.name,
            "title": part.title or (tests.titles[part.name] if tests else part.name),
            "score": round(part.points * share(records), 2) if records else 0.0,
            "max_score": part.points,
            "check": said.get(part.name, ""),
            "example": found.get(part.name) if share(records) < 1 else None,
            "tests": records,
        })
    return scored
