"""The pure function at the heart: submission bytes and an assignment in, a result out."""

import base64
import dataclasses
import functools
import hashlib
import importlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from threadpoolctl import threadpool_limits

from autograder import notebook, sandbox
from autograder.errors import AutograderError
from autograder.pytest_plugin import HiddenTests, run_hidden_tests
from autograder.student import InProcessCode, SandboxedCode
from nncourse import given

SCHEMA = 1
# what a grade depends on; pages, commands and the gradebook only pass it on
DECIDING_MODULES = ("bubblewrap.py", "channel.py", "container.py", "forkserver.py", "grading.py",
                    "inside.py", "judge.py", "local.py", "notebook.py", "pytest_plugin.py",
                    "relay.py", "sandbox.py", "student.py", "syscalls.py", "worker.py")
ATTEMPTS = 2  # a process's end is believed the second time: the machine may have caused the first
MAX_RESTARTS = 4  # cells that may take the whole process with them before the rest is skipped


@dataclass(frozen=True)
class Assignment:
    """An assignment's source notebook and its hidden graders, a package below `package`.

    `points` are those of cells, by grade_id, that differ from the notebook's.
    """

    name: str
    source_path: Path
    package: str = "autograder.graders"
    points: dict[str, float] = field(default_factory=dict)

    @functools.cached_property
    def source(self) -> NotebookNode:
        source = notebook.read_source(self.source_path)
        try:
            notebook.give_points(source, self.points)
        except AutograderError as error:
            raise AutograderError(f"term.toml: assignments.{self.name}.points: {error}") from None
        return source

    @functools.cached_property
    def graders(self):
        try:
            return importlib.import_module(f"{self.package}.{self.name}")
        except ModuleNotFoundError:
            raise AutograderError(f"{self.package}.{self.name}: no hidden graders for this "
                                  "assignment: check the name") from None

    @property
    def limits(self) -> sandbox.Limits:
        """The graders' `LIMITS`, or the engine's own where they set none."""
        return getattr(self.graders, "LIMITS", sandbox.Limits())

    @functools.cached_property
    def modules(self) -> tuple[str, ...]:
        """The libraries that its notebook imports, loaded once for all submissions."""
        return notebook.imported_modules(self.source)

    @functools.cached_property
    def version(self) -> str:
        """A hash of all that decides a grade besides the submission."""
        engine, graders = Path(__file__).parent, Path(self.graders.__path__[0])
        files = [*(engine / name for name in DECIDING_MODULES),
                 *sorted(graders.parent.glob("*.py")), *sorted(graders.glob("*.py")),
                 Path(given.__file__), self.source_path]
        digest = hashlib.sha256(json.dumps(self.points, sort_keys=True).encode())
        for path in files:
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def load(self) -> "Assignment":
        """Read source and graders now, so that what is missing is said before any work starts."""
        if not self.source or not self.version:
            raise AutograderError(f"{self.source_path}: is empty")
        return self

    def key(self, submission: bytes, isolation: str) -> str:
        """The name under which this submission's result is stored."""
        parts = [str(SCHEMA), self.name, self.version, isolation]
        return hashlib.sha256("\n".join(parts).encode() + b"\n" + submission).hexdigest()


def grade(submission: bytes, assignment: Assignment, isolation: str,
          limits: sandbox.Limits | None = None, part: str | None = None) -> dict:
    """Grade one submitted notebook.

    Parameters
    ----------
    isolation : {"bubblewrap", "docker", "podman", "user", "none"}
    limits : those of the assignment unless given
    part : the only part to test; None for all

    Returns
    -------
    The result as plain data (docs/results.md lists its fields). An unreadable file is a result
    too, with status "unreadable" and the reason.
    """
    started = time.monotonic()
    limits = limits or assignment.limits
    result = {"schema": SCHEMA, "assignment": assignment.name, "engine": assignment.version,
              "isolation": isolation, "status": "graded", "reason": None, "parts": [],
              "cells": [], "notes": []}
    try:
        assembled = notebook.assemble(notebook.read(submission), assignment.source)
    except notebook.Unreadable as error:
        result.update(status="unreadable", reason=str(error))
        tests = None
    else:
        hidden = (assignment.source_path.parents[1],)
        for _ in range(ATTEMPTS):
            with _Execution(assembled, isolation, limits, hidden,
                            assignment.modules) as execution:
                code = SandboxedCode(execution.sandbox)
                tests = run_hidden_tests(assignment.graders, code, limits, part)
            if not (execution.died or code.died):
                break
        result.update(cells=execution.cells, notes=execution.notes)
    result["parts"] = _score_parts(assignment, tests, part)
    result["score"] = sum(part["score"] for part in result["parts"])
    result["max_score"] = sum(part["max_score"] for part in result["parts"])
    result["seconds"] = round(time.monotonic() - started, 3)
    return json.loads(json.dumps(result))


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


class _Execution:
    """The submission's cells executed in a sandbox, around cells that kill it."""

    def __init__(self, assembled: NotebookNode, isolation: str, limits: sandbox.Limits,
                 hidden: tuple[Path, ...], modules: tuple[str, ...]):
        self.notes: list[str] = []
        failed_starts = 0
        code = notebook.code_to_run(assembled)
        numbers = list(code)
        fatal: dict[int, dict] = {}
        end = time.monotonic() + sandbox.START_SECONDS + limits.notebook_seconds
        while True:
            hopeless = len(fatal) > MAX_RESTARTS or time.monotonic() > end
            skip = tuple(range(len(numbers))) if hopeless else tuple(fatal)
            self.sandbox = sandbox.Sandbox(isolation, limits, hidden, modules)
            try:
                reports = self.sandbox.execute([code[i] for i in numbers], skip)
                break
            except sandbox.SandboxDied as death:
                self.sandbox.close()
                if death.cell is None:
                    failed_starts += 1
                    if failed_starts == ATTEMPTS:
                        raise AutograderError(
                            "the sandbox did not start: run `autograder doctor`") from None
                    continue
                fatal[death.cell] = {"ran": death.cell, "outcome": death.reason, "stdout": "",
                                     "error": None, "images": [],
                                     "seconds": limits.cell_seconds}
        self.died = any(cell["outcome"] != "timeout" for cell in fatal.values())
        self.cells = []
        for report in sorted([*reports, *fatal.values()], key=lambda r: r["ran"]):
            index = numbers[report["ran"]]
            self.cells.append(_cell_record(index, assembled.cells[index], report))
            self.notes += _notes(self.cells[-1])
        if hopeless:
            self.notes.append("Too many cells ended the whole Python process or ran too long; "
                              "the notebook was graded without running any cell.")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sandbox.close()


def _cell_record(index: int, cell: NotebookNode, report: dict) -> dict:
    """A cell's report as the result keeps it, with types as documented whatever was sent."""
    error = report.get("error")
    if isinstance(error, dict):
        where = error.get("where") or [["", 0, ""]]
        error = f"{error.get('type')}: {error.get('text')}"
        if isinstance(where[-1], list) and len(where[-1]) == 3 and where[-1][2]:
            error += f"\n  line {where[-1][1]}: {where[-1][2]}"
    images = report.get("images") or []
    return {
        "index": index,
        "grade_id": cell.metadata.get("nbgrader", {}).get("grade_id"),
        "source": cell.source,
        "stdout": str(report.get("stdout") or ""),
        "error": str(error) if error else None,
        "images": [base64.b64encode(bytes(i)).decode() for i in images if hasattr(i, "tobytes")],
        "outcome": str(report.get("outcome")),
        "seconds": round(float(report["seconds"]), 3)
        if isinstance(report.get("seconds"), float) else 0.0,
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
