"""The processes of this machine that grade.

Each imports this module, and with it the engine, but neither nbgrader nor the gradebook.
"""

import multiprocessing
import os
import signal
import socket
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace

from autograder.grading.assignment import Assignment
from autograder.grading.grade import grade
from autograder.grading.result import Result
from autograder.sandbox import forkserver


class ThisMachine:
    """Processes of this machine."""

    worker_died: type[Exception] = BrokenProcessPool

    def __init__(self, workers: int):
        self.size = workers

    def executor(self, size: int, assignment: Assignment, isolation: str) -> ProcessPoolExecutor:
        """A pool of processes, forks of one that has imported engine and graders."""
        # a fork of this process would copy its threads' locks; a fork server has none
        context = multiprocessing.get_context("forkserver")
        graders = assignment.graders.__name__
        context.set_forkserver_preload([__name__, f"{graders}.mistakes", f"{graders}.reference"])
        shared: tuple[()] | tuple[tuple[str, ...], socket.socket] = ()
        if isolation == "bubblewrap":  # all share one Python that has the notebook's libraries
            shared = (assignment.modules, forkserver.server(assignment.modules).jobs)
        return ProcessPoolExecutor(size, mp_context=context, initializer=_begin, initargs=shared)

    def job(self, assignment: Assignment, isolation: str, part: str | None) -> "Job":
        """What grades one submission."""
        return Job(replace(assignment), isolation, part)  # without what it has read


@dataclass(frozen=True)
class Job:
    """Grades submissions of one assignment; travels to a worker."""

    assignment: Assignment
    isolation: str
    part: str | None

    def __call__(self, submission: bytes) -> Result:
        return grade(submission, self.assignment, self.isolation, part=self.part)


def _begin(*shared) -> None:
    """Let a worker use the shared fork server, and end when the process that gives it work ends.

    Ctrl-C reaches the workers as well: they have nothing to say about it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if shared:
        forkserver.share(*shared)

    def end():
        parent = multiprocessing.parent_process()
        assert parent  # a worker is some process's child
        parent.join()
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()
