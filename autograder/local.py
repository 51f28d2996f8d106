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
CHILDREN_ARE_LISTED = Path(f"/proc/self/task/{os.getpid()}/children").exists()  # by most Linux


class LocalTree:
    """A worker's process tree on this machine.

    Parameters
    ----------
    process : leads a session; the whole tree ends with it
    control : our end of the worker's control socket
    memory_bytes : what all processes may use together
    cleanup : entered contexts that end with the tree
    parent : the worker's, where that is not `process`
    """

    def __init__(self, process: subprocess.Popen, control: socket.socket, memory_bytes: int,
                 cleanup: contextlib.ExitStack, parent: int | None = None):
        self.process, self.control, self._cleanup = process, control, cleanup
        cleanup.enter_context(control)
        self._memory_bytes, self._exceeded = memory_bytes, False
        self._roots = []
        for number in {process.pid, parent or process.pid}:
            with contextlib.suppress(psutil.Error):  # it has ended already
                self._roots.append(psutil.Process(number))
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
            tree = [process for root in self._roots for process in _descendants(root)]
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


def _descendants(root: psutil.Process) -> list[psutil.Process]:
    """All processes below it; none where it has ended."""
    if not CHILDREN_ARE_LISTED:
        with contextlib.suppress(psutil.Error):
            return root.children(recursive=True)  # looks at every process of the machine
        return []
    if not root.is_running():
        return []
    found = []
    for path in Path(f"/proc/{root.pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for number in path.read_text().split():
                with contextlib.suppress(psutil.Error):
                    child = psutil.Process(int(number))
                    found += [child, *_descendants(child)]
    return found


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


def start(isolation: str, limits: Limits, _hidden: tuple[Path, ...],
          _modules: tuple[str, ...]) -> LocalTree:
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
    control, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            worker_command(python_path(), theirs.fileno()), pass_fds=[theirs.fileno()],
            env=environment(inside, inside), cwd=inside, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            user=user, group=user, extra_groups=None if user is None else [])
    return LocalTree(process, control, limits.memory_bytes, cleanup)
