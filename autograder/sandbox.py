"""Where student code runs: one isolated process tree per submission.

A `Sandbox` speaks with the worker (worker.py) whatever isolates it: bubblewrap, a container of
Docker or Podman, or nothing. See docs/security.md for what is promised.
"""

import contextlib
import socket
import time
from pathlib import Path

from autograder import bubblewrap, channel, container, local
from autograder.inside import Limits

START_SECONDS = 60  # to import IPython and, where an assignment preloads it, torch, on a busy disk
GRACE_SECONDS = 2  # between the alarm inside the sandbox and the kill from outside


class SandboxDied(Exception):
    """The sandbox ended or stopped answering; `cell` is the last that it ran, None if it ran none.

    `reason` is "timeout", "memory" or "killed".
    """

    def __init__(self, reason: str, cell: int | None):
        super().__init__(reason)
        self.reason, self.cell = reason, cell


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

    def execute(self, cells: list[str], skip: tuple[int, ...] = ()) -> list[dict]:
        """Run the cells in order and return one report per cell that ran.

        Raises
        ------
        SandboxDied
            A cell took the process with it or outlasted its deadline; `cell` says which.
        """
        limits = self.limits
        deadline = time.monotonic() + START_SECONDS
        reports, current = [], None

        def cell_to_blame():
            return reports[-1]["ran"] if current is None and reports else current

        try:
            channel.send(self.control, {
                "cells": cells, "skip": list(skip), "limits": limits.rlimits,
                "cell_seconds": limits.cell_seconds,
                "notebook_seconds": limits.notebook_seconds}, deadline)
            while True:
                message = channel.receive(self.control, deadline)
                if not isinstance(message, dict):
                    raise channel.ChannelError("not a report")
                deadline = time.monotonic() + limits.cell_seconds + GRACE_SECONDS
                if message.get("running") in range(len(cells)):
                    current = message["running"]
                elif message.get("ran") == current and current is not None:
                    reports.append(message)
                    current = None
                elif message.get("ready") and len(reports) == len(cells) - len(set(skip)):
                    return reports
                else:
                    raise channel.ChannelError("not a report")
        except channel.ChannelTimeout:
            raise SandboxDied("timeout", cell_to_blame()) from None
        except channel.ChannelError:
            reason = "memory" if self._tree.out_of_memory() else "killed"
            raise SandboxDied(reason, cell_to_blame()) from None

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
