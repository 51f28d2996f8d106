"""A class's submissions through a pool of workers, into the store and the gradebook."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from autograder.course import Course, Submission
from autograder.errors import AutograderError
from autograder.gradebook import Recorder
from autograder.grading import Assignment, grade


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
                isolation: str, workers: int, recorder: Recorder) -> Iterator[Outcome]:
    """Yield every submission's outcome as it is there; each is stored and recorded by then.

    Submissions whose result is stored already are not graded again. Whatever goes wrong with one
    submission is its own outcome's `problem` and stops no other.
    """
    recorded = recorder.recorded_students(assignment.name)

    def finish(student: str, key: str, produce: Callable[[], dict], reused: bool) -> Outcome:
        try:
            result = produce()
            if not reused:
                course.store.put(key, result)
            if result["status"] != "graded":
                where = f"submitted/{student}/{assignment.name}/{assignment.name}.ipynb"
                return Outcome(student, result, f"{where}: {result['reason']}", reused)
            if student not in recorded or recorder.recorded_key(student, assignment.name) != key:
                recorder.record(student, assignment.name)
            return Outcome(student, result, None, reused)
        except AutograderError as error:
            return Outcome(student, None, str(error))
        except BrokenProcessPool:
            return Outcome(student, None, f"{student}: a worker process died before this result "
                           "was stored: run the command again to grade the rest")

    waiting = {}
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
        result = course.store.get(key)
        if result is not None:
            yield finish(student, key, lambda result=result: result, True)
        else:
            waiting[student] = (key, raw)
    if not waiting:
        return
    # a fork of this process would copy its threads' locks; a fork server has none
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading"])
    pool = ProcessPoolExecutor(min(workers, len(waiting)), mp_context=context,
                               initializer=_end_with_parent)
    try:
        plain = replace(assignment)  # without what it has read: modules do not travel
        futures = {pool.submit(grade, raw, plain, isolation): (student, key)
                   for student, (key, raw) in waiting.items()}
        for future in as_completed(futures):
            student, key = futures[future]
            yield finish(student, key, future.result, False)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
