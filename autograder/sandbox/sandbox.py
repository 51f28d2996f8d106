"""Where student code runs: one isolated process tree per submission.

A `Sandbox` speaks with the worker (worker.py) whatever isolates it: bubblewrap, a container of
Docker or Podman, or nothing. See docs/security.md for what is promised.
"""

import contextlib
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from autograder.inside import channel
from autograder.inside.worker import pack_cells
from autograder.sandbox import bubblewrap, container, local, protocol
from autograder.sandbox.cgroups import Group
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import Process

START_SECONDS = 60  # to import IPython and, where an assignment preloads it, torch, on a busy disk
NEXT_SECONDS = 20  # from one cell to the next, which takes a moment
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


class Backend(Protocol):
    """A worker's process tree, whatever isolates it: `LocalTree` or `ContainerTree`."""

    @property
    def control(self) -> socket.socket:
        """Our end of the worker's control socket."""

    @property
    def group(self) -> Group | None:
        """A control group that limits its memory."""

    def open_socket(self, number: int) -> socket.socket:
        """Our end of a new socket whose other end the worker receives."""

    def out_of_memory(self) -> bool:
        """Whether it was ended for its use of memory."""

    def processes(self) -> list[Process]:
        """All its processes, where they are this machine's."""

    def close(self) -> None:
        """End the whole tree."""


Start = Callable[[str, Limits, tuple[Path, ...], tuple[str, ...]], Backend]


class Sandbox:
    """A process tree that executes one notebook and then forks to answer calls.

    Parameters
    ----------
    isolation : {"bubblewrap", "docker", "podman", "user", "none"}
        "none" runs the same worker as an ordinary child process, with its limits on time and
        memory but nothing hidden from it; "user" as another user's.
    hidden : paths that must not be seen even where they lie below a folder of Python's
    modules : libraries that bubblewrap's sandboxes find imported

    `threads` counts those that the notebook's process had started when it came to the last stop,
    as that process tells.
    """

    def __init__(self, isolation: str, limits: Limits, hidden: tuple[Path, ...] = (),
                 modules: tuple[str, ...] = ()):
        starts: dict[str, Start] = {
            "bubblewrap": bubblewrap.start, "docker": container.start, "podman": container.start,
            "user": local.start, "none": local.start}
        self.limits, self.room = limits, protocol.Room()
        self.threads = 0
        self._sockets, self._waits = 0, False
        self._blamed: int | None = None
        self._done: list[CellReport] = []
        self._tree = starts[isolation](isolation, limits, hidden, modules)
        self.control = self._tree.control

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
        return self._tree.group is not None

    def begin(self, cells: list[str], skip: tuple[int, ...] = (),
              stops: tuple[int, ...] = ()) -> None:
        """Send a notebook's cells; `go_on` then runs those that are not in `skip`.

        Parameters
        ----------
        stops : before which cells to wait, in increasing order; it always waits after the last

        Raises
        ------
        SandboxDied
            The worker does not take them.
        """
        limits = self.limits
        self._cells = sorted(set(range(len(cells))) - set(skip))
        self._stops = [*stops, len(cells)]
        self._left = limits.notebook_seconds + limits.overtime_seconds + GRACE_SECONDS
        with self._dying():
            channel.send(self.control, {
                **pack_cells(cells), "skip": np.array(skip, np.int64),
                "stops": np.array(stops, np.int64), "limits": limits.rlimits,
                "cell_seconds": limits.cell_seconds,
                "notebook_seconds": limits.notebook_seconds,
                "overtime_seconds": limits.overtime_seconds}, _soon(START_SECONDS))

    def go_on(self, until: float = math.inf) -> None:
        """Run the cells before the next stop, in order.

        All bounds are kept here, whatever the worker does: on the time of a cell and of all, on
        the number and order of messages, on what they hold.

        Parameters
        ----------
        until : when it has to be there at the latest (a `time.monotonic()` value)

        Raises
        ------
        SandboxDied
            A cell took the process with it or outlasted its deadline; `cell` says which.
        """
        stop = self._stops.pop(0)
        with self._dying():
            if self._waits:
                channel.send(self.control, {"go_on": True}, _soon(GRACE_SECONDS))
            while self._cells and self._cells[0] < stop:
                self._run(self._cells[0], until)
                del self._cells[0]
            ready = protocol.receive(self.control, self._moment(until))
            if not isinstance(ready, protocol.Ready):
                raise channel.ChannelError("another message was due")
        self.threads, self._waits = ready.threads, True

    def _run(self, cell: int, until: float) -> None:
        """Have one cell run, and keep its report."""
        running = protocol.receive(self.control, self._moment(until))
        if running != protocol.Running(cell):
            raise channel.ChannelError("another message was due")
        self._blamed, started = cell, time.monotonic()
        message = protocol.receive(self.control, min(
            _soon(self.limits.cell_seconds + GRACE_SECONDS, until), started + self._left))
        if not isinstance(message, protocol.Ran) or message.cell != cell:
            raise channel.ChannelError("not this cell's report")
        seconds = time.monotonic() - started
        self._left -= seconds
        self._done.append(_cell_report(message, seconds, self.room))

    def _moment(self, until: float) -> float:
        """The deadline of a message for which nothing of the student's has to end."""
        return _soon(NEXT_SECONDS if self._done else START_SECONDS, until)

    @contextlib.contextmanager
    def _dying(self):
        """Turn what a broken control socket says into SandboxDied."""
        try:
            yield
        except channel.ChannelTimeout:
            raise SandboxDied("timeout", self._blamed) from None
        except channel.ChannelError:
            reason = "memory" if self._tree.out_of_memory() else "killed"
            raise SandboxDied(reason, self._blamed) from None

    def reports(self) -> Reports:
        """Those of the cells that have run."""
        return Reports(list(self._done), self.room.left_out)

    def execute(self, cells: list[str], skip: tuple[int, ...] = (),
                until: float = math.inf) -> Reports:
        """Run all cells but those in `skip`; parameters and errors are those of the steps."""
        self.begin(cells, skip)
        self.go_on(until)
        return self.reports()

    @contextlib.contextmanager
    def fork(self):
        """A socket to a fresh child with the state at the stop where the notebook waits."""
        with self._socket("fork") as (number, ours):
            try:
                yield ours
            finally:
                with contextlib.suppress(channel.ChannelError):
                    channel.send(self.control, {"reap": number}, time.monotonic() + GRACE_SECONDS)

    @contextlib.contextmanager
    def itself(self):
        """A socket to the very process that has executed the notebook."""
        with self._socket("serve") as (_, ours):
            yield ours

    @contextlib.contextmanager
    def _socket(self, what: str):
        self._sockets += 1
        number = self._sockets
        channel.send(self.control, {what: number}, time.monotonic() + GRACE_SECONDS)
        with self._tree.open_socket(number) as ours:
            yield number, ours


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
