"""A worker as a process of this machine: its control socket, its death, its memory."""

import contextlib
import functools
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

from autograder.sandbox import cgroups
from autograder.sandbox.limits import Limits
from autograder.sandbox.mounts import environment, project_files, python_path, worker_command
from autograder.sandbox.processes import Process, look

WATCH_SECONDS = 0.25
NOBODY = 65534
CHILDREN_ARE_LISTED = Path(f"/proc/self/task/{os.getpid()}/children").exists()  # by most Linux


class LocalTree:
    """A worker's process tree on this machine.

    Parameters
    ----------
    control : our end of the worker's control socket
    end : ends all processes of the tree and returns once they have ended
    memory_bytes : what all processes may use together
    root : the process whose descendants are watched for it; None where there is none
    with_root : whether that process is one of the tree's itself
    group : a control group that limits it instead
    """

    def __init__(self, control: socket.socket, end: Callable[[], None], memory_bytes: int,
                 root: int | None, with_root: bool = False,
                 group: cgroups.Group | None = None):
        self.control, self.root, self.group = control, root, group
        self._with_root = with_root
        self._end, self._memory_bytes, self._exceeded = end, memory_bytes, False
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None
        if root is not None and group is None:
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
        return self.group.ran_out() if self.group else self._exceeded

    def processes(self) -> list[Process]:
        """All processes of the tree, the keeper of its namespace and who waits for it first."""
        keeper = psutil.Process(self.root)
        numbers = [(keeper.ppid(), True), (keeper.pid, True),
                   *((process.pid, False) for process in _descendants(keeper))]
        return [found for number, ours in numbers if (found := look(number, ours))]

    def close(self) -> None:
        """End all processes of the tree."""
        self._closed.set()
        self._end()
        self.control.close()
        if self._watch:
            self._watch.join()
        if self.group:
            self.group.remove()

    def _watch_memory(self) -> None:
        """Kill processes, the largest first, whenever the tree uses more than it may.

        The kernel limits each process by itself; together only a control group could, and
        those are not to be had on every machine.
        """
        with contextlib.suppress(psutil.Error):  # it has ended already
            root = psutil.Process(self.root)
            while not self._closed.wait(WATCH_SECONDS):
                self._look(root)

    def _look(self, root: psutil.Process) -> None:
        tree = [*([root] if self._with_root else []), *_descendants(root)]
        if sum(map(_resident, tree)) + _buffered(tree) <= self._memory_bytes:
            return
        # a fork's pages are shared at first: look closer, which takes longer
        sizes = {process: _proportional(process) + _buffered([process]) for process in tree}
        used = sum(sizes.values())
        for process in sorted(sizes, key=sizes.__getitem__, reverse=True):
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


def _buffered(processes: list[psutil.Process]) -> int:
    """Bytes that the kernel may hold for their descriptors at most, as if each were a socket."""
    descriptors = 0
    for process in processes:
        with contextlib.suppress(OSError):
            descriptors += len(os.listdir(f"/proc/{process.pid}/fd"))
    return descriptors * _socket_bytes()


@functools.cache
def _socket_bytes() -> int:
    """The most that one socket buffers (socket(7): twice wmem_max)."""
    try:
        return 2 * int(Path("/proc/sys/net/core/wmem_max").read_text())
    except (OSError, ValueError):
        return 2 * 212_992


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

    def end():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        cleanup.close()

    return LocalTree(control, end, limits.memory_bytes, process.pid, with_root=True)
