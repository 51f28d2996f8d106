"""The pure function at the heart: submission bytes and an assignment in, a result out."""

import base64
import contextlib
import dataclasses
import errno
import math
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from threadpoolctl import threadpool_limits

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.grading.assignment import SCHEMA, Assignment
from autograder.grading.pytest_plugin import HiddenTests, run_hidden_tests
from autograder.grading.sessions import InProcessCode, SandboxedCode
from autograder.sandbox import sandbox
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import CellReport, Sandbox, SandboxDied

ATTEMPTS = 2  # a process's end is believed the second time: the machine may have caused the first
MAX_RESTARTS = 4  # cells that may take the whole process with them before the rest is skipped
# what the machine lacks, and no submission can be blamed for
OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
                  errno.EAGAIN, errno.EIO, errno.EROFS}


def grade(submission: bytes, assignment: Assignment, isolation: str,
          limits: Limits | None = None, part: str | None = None) -> dict:
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
    result = {"schema": SCHEMA, "assignment": assignment.name, "engine": assignment.version,
              "isolation": isolation, "status": "graded", "reason": None, "parts": [],
              "cells": [], "notes": []}
    tests = None
    try:
        tests = _run(result, submission, assignment, limits or assignment.limits, part)
    except notebook.Unreadable as error:
        result.update(status="unreadable", reason=str(error))
    except (AutograderError, MemoryError):
        raise
    except Exception as error:  # whatever it was: of this submission only, and not for ever
        if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
            raise AutograderError(f"this machine: {error.strerror}: make room, then run the "
                                  "command again") from None
        result.update(status="failed", reason="the autograder itself failed on this file",
                      fault=_where(error), cells=[], notes=[])
    result["parts"] = _score_parts(assignment, tests, part)
    result["score"] = sum(part["score"] for part in result["parts"])
    result["max_score"] = sum(part["max_score"] for part in result["parts"])
    result["seconds"] = round(time.monotonic() - started, 3)
    return result


def _where(error: Exception) -> str:
    """What was raised and where, without its text, which may quote a hidden test."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join([type(error).__name__, *(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))])


def _run(result: dict, submission: bytes, assignment: Assignment, limits: Limits,
         part: str | None) -> HiddenTests:
    """Execute the notebook and test it, once more where a process of it has ended.

    Both attempts share the time that `limits` gives: there is no second one where less is left
    than the first took.
    """
    assembled = notebook.assemble(notebook.read(submission), assignment.source)
    until = time.monotonic() + (sandbox.START_SECONDS + limits.notebook_seconds
                                + limits.overtime_seconds)
    for _ in range(ATTEMPTS):
        started = time.monotonic()
        with _executed(assembled, isolation=result["isolation"], limits=limits, until=until,
                       hidden=(assignment.source_path.parents[1],),
                       modules=assignment.modules) as execution:
            executed = time.monotonic()
            code = SandboxedCode(execution.sandbox)
            tests = run_hidden_tests(assignment.graders, code, limits, part)
        result.update(cells=execution.cells, notes=execution.notes)
        left = tests.budget.tests_seconds
        if (not (execution.died or code.died) or until - executed < executed - started
                or left < limits.tests_seconds - left):
            break
        limits = dataclasses.replace(limits, tests_seconds=left)
    return tests


def longest(limits: Limits) -> float:
    """The most seconds that one submission can take, whatever it does.

    Besides what `limits` names: a sandbox that starts at the last moment, one more for a notebook
    that is graded without its cells, and what is waited after each deadline inside.
    """
    return (2 * sandbox.START_SECONDS + limits.notebook_seconds + limits.overtime_seconds
            + limits.tests_seconds + ATTEMPTS * (limits.call_seconds + 2 * sandbox.GRACE_SECONDS))


def without_times(result: dict) -> dict:
    """A result without its times. (A picture of measured times, in a cell, differs as well.)"""
    cells = [{k: v for k, v in cell.items() if k != "seconds"} for cell in result["cells"]]
    return {**result, "seconds": None, "cells": cells}


def run_part(assignment: Assignment, namespace: dict[str, Callable], part: str,
             call_seconds: float) -> list[dict]:
    """Run one part's hidden tests on trusted functions in this process; their records."""
    limits = dataclasses.replace(assignment.limits, call_seconds=call_seconds)
    with threadpool_limits(1):
        tests = run_hidden_tests(assignment.graders, InProcessCode(namespace), limits, part)
    return tests.outcomes[part]


@dataclass
class _Execution:
    """A submission's cells as they were executed, and the sandbox that waits for calls.

    `died` says whether a cell has ended the process, or the machine has.
    """

    sandbox: Sandbox
    cells: list[dict]
    notes: list[str]
    died: bool


@contextlib.contextmanager
def _executed(assembled: NotebookNode, isolation: str, limits: Limits, until: float,
              hidden: tuple[Path, ...], modules: tuple[str, ...]) -> Iterator[_Execution]:
    """Execute the cells, again without those that end the process, and keep the sandbox open."""
    code = notebook.code_to_run(assembled)
    numbers = list(code)
    fatal: dict[int, CellReport] = {}
    failed_starts = 0
    while True:
        hopeless = len(fatal) > MAX_RESTARTS or time.monotonic() > until
        skip = tuple(range(len(numbers))) if hopeless else tuple(fatal)
        with sandbox.Sandbox(isolation, limits, hidden, modules) as box:
            try:
                reports = box.execute([code[i] for i in numbers], skip,
                                      math.inf if hopeless else until)
            except SandboxDied as death:
                if death.cell is None:
                    failed_starts += 1
                    if failed_starts == ATTEMPTS:
                        raise AutograderError(
                            "the sandbox did not start: run `autograder doctor`") from None
                else:
                    fatal[death.cell] = CellReport(death.cell, death.reason, limits.cell_seconds)
                continue
            cells = [_cell_record(numbers[report.cell], assembled.cells, report) for report in
                     sorted([*reports.cells, *fatal.values()], key=lambda r: r.cell)]
            notes = [note for cell in cells for note in _notes(cell)]
            if reports.left_out:
                notes.append("The notebook printed or drew more than is kept: some of it is not "
                             "shown.")
            if hopeless:
                notes.append("Too many cells ended the whole Python process or ran too long; "
                             "the notebook was graded without running any cell.")
            died = any(report.outcome != "timeout" for report in fatal.values())
            yield _Execution(box, cells, notes, died)
            return


def _cell_record(index: int, cells: list[NotebookNode], report: CellReport) -> dict:
    """A cell's report as the result keeps it."""
    return {
        "index": index,
        "grade_id": cells[index].metadata.get("nbgrader", {}).get("grade_id"),
        "source": cells[index].source,
        "stdout": report.stdout,
        "error": report.error,
        "images": [base64.b64encode(image).decode() for image in report.images],
        "outcome": report.outcome,
        "seconds": report.seconds,
    }


def _notes(cell: dict) -> list[str]:
    """What a student should know about a cell that was stopped."""
    if cell["outcome"] == "timeout":
        return [f"Cell {cell['index'] + 1} ran too long and was stopped; everything else was "
                "graded."]
    why = {"killed": "ended the whole Python process",
           "memory": "used more memory than a submission may"}.get(cell["outcome"])
    if why:
        return [f"Cell {cell['index'] + 1} {why}; the notebook was run again without it and "
                "everything else was graded."]
    return []


def _score_parts(assignment: Assignment, tests: HiddenTests | None,
                 only: str | None) -> list[dict]:
    scored = []
    for part in notebook.parts(assignment.source):
        if only not in (None, part.name):
            continue
        records = tests.outcomes.get(part.name, []) if tests else []
        if tests and not records:
            raise AutograderError(f"{assignment.name}/test_{part.name}.py: no hidden tests for "
                                  f"the graded cell `{part.name}`")
        total = sum(r["weight"] for r in records)
        passed = sum(r["weight"] for r in records if r["outcome"] == "passed")
        scored.append({
            "name": part.name,
            "title": tests.titles[part.name] if tests else part.name,
            "score": round(part.points * passed / total, 2) if records else 0.0,
            "max_score": part.points,
            "tests": records,
        })
    return scored
