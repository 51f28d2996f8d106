"""Where student code runs: one isolated process tree per submission.

A `Sandbox` speaks with the worker (worker.py) whatever isolates it: bubblewrap, a container of
Docker or Podman, or nothing. See docs/security.md for what is promised.
"""

import contextlib
import math
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.inside import channel
from autograder.inside.worker import pack_cells
from autograder.sandbox import bubblewrap, container, local, protocol
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import Process

START_SECONDS = 60  # to import IPython and, where an assignment preloads it, torch, on a busy disk
GRACE_SECONDS = 2  # between the alarm inside the sandbox and the kill from outside


class SandboxDied(Exception):
    """The sandbox ended or stopped answering; `cell` is the last that it ran, None if it ran none.

    `reason` is "timeout", "memory" or "killed".
    """

    def __init__(self, reason: str, cell: int | None):
        super().__init__(reason)
        self.reason, self.cell = reason, cell


@dataclass
class CellReport:
    """What became of one cell: `outcome` is "ok", "error", "timeout", "killed" or "memory".

    `images` are the bytes of PNG files, `seconds` wall time as seen from outside.
    """

    cell: int
    outcome: str
    seconds: float
    stdout: str = ""
    error: str | None = None
    images: tuple[bytes, ...] = ()


@dataclass
class Reports:
    """Those of all cells that ran; `left_out` says that they printed or drew more than is kept."""

    cells: list[CellReport]
    left_out: bool


class Sandbox:
    """A process tree that executes one notebook and then forks to answer calls.

    Parameters
    ----------
    isolation : {"bubblewrap", "docker", "podman", "user", "none"}
        "none" runs the same worker as an ordinary child process, with its limits on time and
        memory but nothing hidden from it; "user" as another user's.
    hidden : paths that must not be seen even where they lie below a folder of Python's
    modules : libraries that bubblewrap's sandboxes find imported
    """

    def __init__(self, isolation: str, limits: Limits, hidden: tuple[Path, ...] = (),
                 modules: tuple[str, ...] = ()):
        start = {"bubblewrap": bubblewrap.start, "docker": container.start,
                 "podman": container.start, "user": local.start,
                 "none": local.start}[isolation]
        self.limits = limits
        self._forks = 0
        self._tree = start(isolation, limits, hidden, modules)
        self.control: socket.socket = self._tree.control

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self) -> None:
        """End the whole process tree."""
        self._tree.close()

    def processes(self) -> list[Process]:
        """All its processes, where they are this machine's."""
        return self._tree.processes()

    @property
    def in_control_group(self) -> bool:
        """Whether a control group limits its memory, and not a watch."""
        return getattr(self._tree, "group", None) is not None

    def execute(self, cells: list[str], skip: tuple[int, ...] = (),
                until: float = math.inf) -> Reports:
        """Run the cells in order, those in `skip` left out.

        All bounds are kept here, whatever the worker does: on the time of a cell and of all, on
        the number and order of messages, on what they hold.

        Parameters
        ----------
        until : when the notebook's time is over at the latest (a `time.monotonic()` value)

        Raises
        ------
        SandboxDied
            A cell took the process with it or outlasted its deadline; `cell` says which.
        """
        limits, room, done = self.limits, protocol.Room(), []
        blamed = None
        try:
            channel.send(self.control, {
                **pack_cells(cells), "skip": np.array(skip, np.int64), "limits": limits.rlimits,
                "cell_seconds": limits.cell_seconds,
                "notebook_seconds": limits.notebook_seconds,
                "overtime_seconds": limits.overtime_seconds}, _soon(START_SECONDS))
            for cell in sorted(set(range(len(cells))) - set(skip)):
                self._expect(protocol.Running(cell), _soon(START_SECONDS, until))
                if not done:
                    until = min(until, _soon(limits.notebook_seconds + limits.overtime_seconds
                                             + GRACE_SECONDS))
                blamed, started = cell, time.monotonic()
                message = protocol.receive(
                    self.control, _soon(limits.cell_seconds + GRACE_SECONDS, until))
                if not isinstance(message, protocol.Ran) or message.cell != cell:
                    raise channel.ChannelError("not this cell's report")
                done.append(_cell_report(message, time.monotonic() - started, room))
            self._expect(protocol.Ready(), _soon(START_SECONDS, until))
        except channel.ChannelTimeout:
            raise SandboxDied("timeout", blamed) from None
        except channel.ChannelError:
            reason = "memory" if self._tree.out_of_memory() else "killed"
            raise SandboxDied(reason, blamed) from None
        return Reports(done, room.left_out)

    def _expect(self, message: protocol.Message, deadline: float) -> None:
        if protocol.receive(self.control, deadline) != message:
            raise channel.ChannelError("another message was due")

    @contextlib.contextmanager
    def fork(self):
        """A socket to a fresh child with the state right after the notebook."""
        self._forks += 1
        number, deadline = self._forks, time.monotonic() + GRACE_SECONDS
        channel.send(self.control, {"fork": number}, deadline)
        with self._tree.open_socket(number) as ours:
            try:
                yield ours
            finally:
                with contextlib.suppress(channel.ChannelError):
                    channel.send(self.control, {"reap": number}, time.monotonic() + GRACE_SECONDS)


def _soon(seconds: float, until: float = math.inf) -> float:
    """A deadline in so many seconds, and no later than `until`."""
    return min(time.monotonic() + seconds, until)


def _cell_report(message: protocol.Ran, seconds: float, room: protocol.Room) -> CellReport:
    error = None
    if message.error:
        error = f"{message.error.type}: {message.error.text}"
        if message.error.where and message.error.where[-1].source:
            error += "\n  line {0.line}: {0.source}".format(message.error.where[-1])
        error = room.keep_text(error)
    stdout, images = room.keep_text(message.stdout), room.keep_images(message.images)
    return CellReport(message.cell, message.outcome, round(seconds, 3), stdout, error,
                      tuple(images))
