"""A class's submissions through a pool of workers, into the store and the gradebook."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.errors import AutograderError
from autograder.grading.assignment import Assignment
from autograder.grading.result import Result
from autograder.term.course import Course, Submission

if TYPE_CHECKING:  # it imports nbgrader, for which commands that record nothing need not wait
    from autograder.gradebook.recorder import Recorder

SHARED_ATTEMPTS = 2  # how often all are graded together before each gets a pool of its own
# what a pool says when a worker, or the fork server that is to start one, has died
CANNOT_START = (BrokenProcessPool, OSError, EOFError)
REAPED_SECONDS = 0.5  # for a moment, a process that dies has hung up and still counts as running
PREFETCH = 2  # submissions handed out for each that is being graded, so that no worker waits


@dataclass(frozen=True)
class Outcome:
    """What became of one submission: its result, and the line that a person has to read."""

    student: str
    result: Result | None = None
    problem: str | None = None
    reused: bool = False

    @property
    def graded(self) -> Result | None:
        """The result, where nobody has to read a problem."""
        return self.result if self.problem is None else None


def stored_results(course: Course, assignment: Assignment, isolation: str) -> dict[str, Result]:
    """The results of all current submissions that have been graded, by student id."""
    results = {}
    for submission in course.submissions(assignment.name):
        with contextlib.suppress(OSError):
            if submission.problem is None:
                raw = submission.path.read_bytes()
                result = course.store.get(assignment.key(raw, isolation))
                if result is not None:
                    results[submission.student] = result
    return results


class Machines(Protocol):
    """Where submissions are graded: `local_pool.ThisMachine`, or `cluster.Cluster`.

    `worker_died` is the exception of a job that went down with its worker; `size` the number of
    submissions graded at a time.
    """

    worker_died: type[Exception]
    size: int

    def executor(self, size: int, assignment: Assignment, isolation: str) -> Executor:
        """A pool for at most `size` jobs at a time."""

    def job(self, assignment: Assignment, isolation: str,
            part: str | None) -> Callable[[bytes], Result]:
        """What grades one submission there."""


def grade_class(course: Course, assignment: Assignment, submissions: list[Submission],
                isolation: str, machines: Machines, recorder: "Recorder | None",
                part: str | None = None) -> Iterator[Outcome]:
    """Yield every submission's outcome as it is there; each is stored and recorded by then.

    Submissions whose result is stored already are not graded again. Whatever goes wrong with one
    submission is its own outcome's `problem` and stops no other. However large the class, only
    the submissions at work are in memory.

    Parameters
    ----------
    recorder : None to leave the gradebook as it is
    part : the only part to test; such results are not stored
    """
    recorded = recorder.recorded_students(assignment.name) if recorder else ()

    def finish(student: str, key: str, future: Future[Result], reused: bool) -> Outcome:
        try:
            result = future.result()
            if not reused and part is None:
                course.store.put(key, result)
            if result["status"] != "graded":
                where = f"submitted/{student}/{assignment.name}/{assignment.name}.ipynb"
                fault = (f" ({result['fault']}): report it to the autograder's makers"
                         if "fault" in result else "")
                return Outcome(student, result, f"{where}: {result['reason']}{fault}", reused)
            if recorder and (student not in recorded
                             or recorder.recorded_key(student, assignment.name) != key):
                recorder.record(student, assignment.name)
            return Outcome(student, result, None, reused)
        except AutograderError as error:
            return Outcome(student, None, str(error))
        except MemoryError:
            return Outcome(student, None, f"{student}: this machine has too little memory to grade "
                           "this: try --workers 1, or a larger machine")
        except Exception as error:  # whatever it is, it is no other student's problem
            return Outcome(student, None, f"{student}: the autograder itself failed "
                           f"({type(error).__name__}: {str(error)[:200]!r}): report it to its "
                           "makers")

    # by key: the same file from two students is graded once
    waiting: dict[str, Path] = {}
    owners: dict[str, list[str]] = {}
    for submission in submissions:
        student = submission.student
        try:
            if submission.problem:
                raise AutograderError(submission.problem)
            key = assignment.key(submission.path.read_bytes(), isolation)
        except (OSError, AutograderError) as error:
            yield Outcome(student, None, str(error))
            continue
        result = course.store.get(key) if part is None else None
        if result is not None:
            stored: Future[Result] = Future()
            stored.set_result(result)
            yield finish(student, key, stored, True)
        else:
            waiting[key] = submission.path
            owners.setdefault(key, []).append(student)

    job = machines.job(assignment, isolation, part)

    def read(key: str) -> bytes:
        try:
            raw = waiting[key].read_bytes()
        except OSError as error:
            raise AutograderError(str(error)) from None
        if assignment.key(raw, isolation) != key:
            raise AutograderError(f"{waiting[key]}: was changed meanwhile: run the command again")
        return raw

    def attempt(size: int, keys: list[str]) -> Iterator[Outcome]:
        """Grade them in one pool; those whose worker died stay waiting."""
        pool = machines.executor(size, assignment, isolation)
        for key, future in _in_pool(pool, size, job, read, keys):
            if not isinstance(future.exception(), machines.worker_died):
                del waiting[key]
                for student in owners[key]:
                    yield finish(student, key, future, False)

    # a worker that dies takes its pool with it: twice all together, then each by itself
    for _ in range(SHARED_ATTEMPTS):
        if waiting:
            yield from attempt(min(machines.size, len(waiting)), list(waiting))
    for key in list(waiting):
        yield from attempt(1, [key])
    for student in (student for key in waiting for student in owners[key]):
        yield Outcome(student, None, f"{student}: the process that graded this submission died "
                      "each time, perhaps for want of memory or open files: run the command again")


def _in_pool(pool: Executor, size: int, job: Callable[[bytes], Result],
             read: Callable[[str], bytes], keys: list[str]
             ) -> Iterator[tuple[str, Future[Result]]]:
    """Do the job for each submission, few of them ahead; yield (key, future) as they end."""
    waiting = iter(keys)
    running: dict[Future[Result], str] = {}
    try:
        while True:
            for key in itertools.islice(waiting, size * PREFETCH - len(running)):
                try:
                    running[pool.submit(job, read(key))] = key
                except AutograderError as error:
                    failed: Future[Result] = Future()
                    failed.set_exception(error)
                    yield key, failed
                except CANNOT_START:  # those not taken are asked for again
                    waiting = iter(())
                    time.sleep(REAPED_SECONDS)
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()
        pool.shutdown(wait=True)
