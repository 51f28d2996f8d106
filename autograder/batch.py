"""A class's submissions through a pool of workers, into the store and the gradebook."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from autograder.course import Course, Submission
from autograder.errors import AutograderError
from autograder.gradebook import Recorder
from autograder.grading import Assignment, grade

SHARED_POOLS = 2  # how often all are graded together before each gets a pool of its own


@dataclass(frozen=True)
class Outcome:
    """What became of one submission: its result, and the line that a person has to read."""

    student: str
    result: dict | None = None
    problem: str | None = None
    reused: bool = False


def stored_results(course: Course, assignment: Assignment, isolation: str) -> dict[str, dict]:
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


def _end_with_parent() -> None:
    """Let a worker end when the process that gives it work is gone, killed for example."""

    def wait():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def grade_class(course: Course, assignment: Assignment, submissions: list[Submission],
                isolation: str, workers: int, recorder: Recorder | None,
                part: str | None = None) -> Iterator[Outcome]:
    """Yield every submission's outcome as it is there; each is stored and recorded by then.

    Submissions whose result is stored already are not graded again. Whatever goes wrong with one
    submission is its own outcome's `problem` and stops no other.

    Parameters
    ----------
    recorder : None to leave the gradebook as it is
    part : the only part to test; such results are not stored
    """
    recorded = recorder.recorded_students(assignment.name) if recorder else ()

    def finish(student: str, key: str, produce: Callable[[], dict], reused: bool) -> Outcome:
        try:
            result = produce()
            if not reused and part is None:
                course.store.put(key, result)
            if result["status"] != "graded":
                where = f"submitted/{student}/{assignment.name}/{assignment.name}.ipynb"
                return Outcome(student, result, f"{where}: {result['reason']}", reused)
            if recorder and (student not in recorded
                             or recorder.recorded_key(student, assignment.name) != key):
                recorder.record(student, assignment.name)
            return Outcome(student, result, None, reused)
        except AutograderError as error:
            return Outcome(student, None, str(error))
        except MemoryError:
            return Outcome(student, None, f"{student}: this machine has too little memory to grade "
                           "this: try --workers 1, or a larger machine")

    waiting, owners = {}, {}  # by key: the same file from two students is graded once
    for submission in submissions:
        student = submission.student
        try:
            if submission.problem:
                raise AutograderError(submission.problem)
            raw = submission.path.read_bytes()
        except (OSError, AutograderError) as error:
            yield Outcome(student, None, str(error))
            continue
        key = assignment.key(raw, isolation)
        result = course.store.get(key) if part is None else None
        if result is not None:
            yield finish(student, key, lambda result=result: result, True)
        else:
            waiting[key] = raw
            owners.setdefault(key, []).append(student)

    plain = replace(assignment)  # without what it has read: modules do not travel

    def attempt(keys: list[str], size: int) -> Iterator[Outcome]:
        """Grade them in one pool; those whose worker died stay waiting."""
        jobs = [(key, (grade, waiting[key], plain, isolation, None, part)) for key in keys]
        for key, future in _in_pool(jobs, size):
            if not isinstance(future.exception(), BrokenProcessPool):
                del waiting[key]
                for student in owners[key]:
                    yield finish(student, key, future.result, False)

    # a worker that dies takes its pool with it: twice all together, then each by itself
    for _ in range(SHARED_POOLS):
        yield from attempt(list(waiting), workers)
    for key in list(waiting):
        yield from attempt([key], 1)
    for student in (student for key in waiting for student in owners[key]):
        yield Outcome(student, None, f"{student}: the process that graded this submission died "
                      "each time, perhaps for want of memory: run the command again")


def _in_pool(jobs: list[tuple[str, tuple]], size: int) -> Iterator[tuple[str, Future]]:
    """Call each job's function with its arguments; yield (name, future) as they end."""
    if not jobs:
        return
    # a fork of this process would copy its threads' locks; a fork server has none
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading"])
    pool = ProcessPoolExecutor(min(size, len(jobs)), mp_context=context,
                               initializer=_end_with_parent)
    futures = {}
    try:
        with contextlib.suppress(BrokenProcessPool):  # those not taken are asked for again
            for name, job in jobs:
                futures[pool.submit(*job)] = name
        for future in as_completed(futures):
            yield futures[future], future
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
