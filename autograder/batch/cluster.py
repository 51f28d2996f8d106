"""A class graded on many machines by Dask: submissions go out as bytes, results come back as data.

The machines share no disk. Each has this project installed, graders included, in the same version
(what decides a grade is compared before it gives one) and the same kind of isolation.
"""

import functools
import socket
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.assignment import Assignment
from autograder.grading.grade import grade
from autograder.grading.result import Result
from autograder.sandbox.isolation import KINDS, isolation_problem

CONNECT_SECONDS = 20


class Cluster:
    """The workers of a Dask scheduler, for `batch.grade_class`.

    Parameters
    ----------
    address : the scheduler's, such as tcp://192.0.2.1:8786

    Raises
    ------
    AutograderError
        Nothing answers there, or the scheduler has no worker.
    """

    def __init__(self, address: str):
        try:
            from distributed import Client, KilledWorker
        except ModuleNotFoundError:
            raise AutograderError("--cluster needs Dask: run pip install distributed") from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError):
            raise AutograderError(f"{address}: no Dask scheduler answers: start one with `dask "
                                  "scheduler`, and `dask worker ADDRESS` on each machine") from None
        self.worker_died: type[Exception] = KilledWorker
        self.size = sum(self._client.nthreads().values())
        if not self.size:
            raise AutograderError(f"{address}: this scheduler has no worker: start some with `dask "
                                  f"worker {address} --nthreads 1`")

    def executor(self, size: int, assignment: Assignment, isolation: str) -> Executor:
        """A pool of the cluster's workers."""
        return self._client.get_executor(pure=False)

    def job(self, assignment: Assignment, isolation: str,
            part: str | None) -> Callable[[bytes], Result]:
        """What grades one submission on a machine of the cluster."""
        if isolation not in KINDS:
            raise AutograderError("--cluster needs isolation on every machine: leave out --unsafe")
        plain = replace(assignment)
        return RemoteJob(plain, assignment.source_path.read_bytes(), assignment.version,
                         isolation, part)


@dataclass(frozen=True)
class RemoteJob:
    """Grades submissions of one assignment on a machine that has only the installed project.

    `source` are the bytes of the source notebook; `version` is the assignment's at home.
    """

    assignment: Assignment
    source: bytes
    version: str
    isolation: str
    part: str | None

    def __call__(self, submission: bytes) -> Result:
        assignment = replace(self.assignment, source_path=_placed(
            self.assignment.name, self.source))
        if assignment.version != self.version:
            raise AutograderError(
                f"{socket.gethostname()}: has another version of engine or graders of "
                f"{assignment.name}, or of Python or a library that they use: install the "
                "same there")
        problem = isolation_problem(self.isolation)
        if problem:
            raise AutograderError(f"{socket.gethostname()}: {problem}")
        return grade(submission, assignment, self.isolation, part=self.part)


@functools.cache
def _placed(name: str, source: bytes) -> Path:
    """The source notebook as a file of this machine, as long as this process lives."""
    folder = Path(_temporary().name) / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_bytes(source)
    return folder / f"{name}.ipynb"


@functools.cache
def _temporary() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="autograder-")
