"""A worker as a process of this machine: its control socket, its death, its memory."""

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import psutil

from autograder.inside import Limits, environment, project_files, python_path, worker_command

WATCH_SECONDS = 0.25
NOBODY = 65534


class LocalTree:
    """The process tree that `command` starts, with a socket pair to its first process.

    Parameters
    ----------
    command : a function from the number of the control socket's descriptor to a command line
    descriptors : others that the command needs; closed here once it runs
    cleanup : entered contexts that end with the tree
    user : whose the tree is; None: ours
    """

    def __init__(self, command, memory_bytes: int, env: dict[str, str], cwd: str | Path,
                 descriptors: tuple[int, ...] = (), cleanup: contextlib.ExitStack | None = None,
                 user: int | None = None):
        self._cleanup = cleanup or contextlib.ExitStack()
        ours, theirs = socket.socketpair()
        self.control = self._cleanup.enter_context(ours)
        with theirs:
            self.process = subprocess.Popen(
                command(theirs.fileno()), pass_fds=[theirs.fileno(), *descriptors], env=env,
                cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, user=user, group=user,
                extra_groups=None if user is None else [])
        for descriptor in descriptors:
            os.close(descriptor)
        self._memory_bytes, self._exceeded = memory_bytes, False
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._watch_memory, daemon=True)
        self._watch.start()

    def open_socket(self, number: int) -> socket.socket:
        """Our end of a new socket whose other end the worker has received."""
        ours, theirs = socket.socketpair()
        with theirs, contextlib.suppress(OSError):  # a worker that is gone: ours says so
            socket.send_fds(self.control, [b"f"], [theirs.fileno()])
        return ours

    def out_of_memory(self) -> bool:
        """Whether a process of this tree was killed because all used too much together."""
        return self._exceeded

    def close(self) -> None:
        self._closed.set()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, 9)  # bubblewrap's death ends its process space
        self.process.kill()
        self.process.wait()
        self._watch.join()
        self._cleanup.close()

    def _watch_memory(self) -> None:
        """Kill processes, the largest first, whenever the tree uses more than it may.

        The kernel limits each process by itself; together only a control group could, and
        those are not to be had on every machine.
        """
        while not self._closed.wait(WATCH_SECONDS):
            tree = []
            with contextlib.suppress(psutil.Error):
                tree = psutil.Process(self.process.pid).children(recursive=True)
            sizes = {process: _resident(process) for process in tree}
            if sum(sizes.values()) <= self._memory_bytes:
                continue
            # a fork's pages are shared at first: look closer, which takes longer
            sizes = {process: _proportional(process) for process in tree}
            used = sum(sizes.values())
            for process in sorted(sizes, key=sizes.get, reverse=True):
                if used <= self._memory_bytes:
                    break
                self._exceeded = True
                used -= sizes[process]
                with contextlib.suppress(psutil.Error):
                    process.kill()


def _resident(process: psutil.Process) -> int:
    """Bytes of memory that the process uses, shared ones counted in full."""
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _proportional(process: psutil.Process) -> int:
    """The same, each shared page divided by the number of its users where the system tells."""
    try:
        memory = process.memory_full_info()
        return getattr(memory, "pss", memory.uss)
    except psutil.Error:
        return _resident(process)


def start(isolation: str, limits: Limits, _hidden: tuple[Path, ...]) -> LocalTree:
    """The worker as an ordinary process that can do whatever this one can.

    With isolation "user", for root only, it is another user's, who reads and writes only what
    everybody may.
    """
    cleanup = contextlib.ExitStack()
    inside = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="autograder-")))
    for source, name in project_files():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(source, inside / name)
    user = NOBODY if isolation == "user" else None
    if user is not None:
        for path in (inside, *inside.rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)
    return LocalTree(lambda fd: worker_command(python_path(), fd), limits.memory_bytes,
                     environment(inside, inside), inside, cleanup=cleanup, user=user)
