"""The untrusted side: runs inside the sandbox, executes the notebook, answers calls from forks.

Control messages (one socket for the life of the sandbox):

1. receives a job: the limits, the code of all cells, which of them to leave out, and the stops:
   before which cells it is to wait;
2. sends `running` and then `ran` for each cell (protocol.py has their types), and `ready` at each
   stop and at the end;
3. there, receives `{"fork": n}` with the descriptor of a fresh socket: a child process with the
   state right then answers calls on it (`answer`), until `{"reap": n}` ends it; or `{"serve": n}`
   with one: this very process does, until that socket is closed; or `{"go_on": true}`.

Nothing here is trusted once student code has run; the far side keeps the deadlines and bounds.
"""

import contextlib
import gc
import math
import os
import signal
import socket
import sys
import time
from pathlib import Path

import numpy as np

from autograder.inside import channel
from autograder.inside.calls import answer
from autograder.inside.shell import Notebook, ran

FOREVER = math.inf
FORK_SECONDS = 2  # in which there must be room for one more process
MIN_CELL_SECONDS = 1  # for cells that come after the notebook's time is used up


def pack_cells(cells: list[str]) -> dict[str, np.ndarray]:
    """The code of cells as arrays, for which a frame has more room than for texts."""
    encoded = [cell.encode() for cell in cells]
    return {"code": np.frombuffer(b"".join(encoded), np.uint8),
            "lengths": np.array([len(cell) for cell in encoded], np.int64)}


def unpack_cells(packed: dict[str, np.ndarray]) -> list[str]:
    """The code of the cells again."""
    code, ends = packed["code"].tobytes(), np.cumsum(packed["lengths"]).tolist()
    return [code[start:end].decode() for start, end in zip([0, *ends], ends)]


def serve_calls(namespace: dict, sock: socket.socket) -> None:
    """Answer calls until the far side closes the socket."""
    with sock, contextlib.suppress(channel.ChannelClosed):
        while True:
            request = receive(sock, layouts=True)
            channel.send(sock, answer(namespace, request), time.monotonic() + 60)


def receive(sock: socket.socket, layouts: bool = False) -> dict:
    """A message of the trusted side, which is always a dictionary."""
    message = channel.receive(sock, FOREVER, layouts=layouts)
    assert isinstance(message, dict)
    return message


@contextlib.contextmanager
def one_thread():
    """Set torch to one thread, for a fork: there, it would wait for those that did not come along.

    https://github.com/pytorch/pytorch/issues/17199
    """
    before = 1
    with contextlib.suppress(Exception):  # nobody has imported it, or whatever was made of it
        before = sys.modules["torch"].get_num_threads()
        if before > 1:
            sys.modules["torch"].set_num_threads(1)
    yield
    with contextlib.suppress(Exception):
        if before > 1:
            sys.modules["torch"].set_num_threads(before)


def start_pools_again(namespace: dict) -> None:
    """Give the notebook's pools workers again, in a child that has none of its parent's threads.

    Others that hold threads cannot be started again: the far side then asks for `serve`.
    """
    executors = classes("concurrent.futures.thread", "ThreadPoolExecutor")
    pools = classes("multiprocessing.pool", "Pool", "ThreadPool")
    for value in list(namespace.values()) if executors or pools else []:
        with contextlib.suppress(Exception):  # whatever the student has made of them
            if type(value) in executors and not value._shutdown:
                value.__init__(value._max_workers, value._thread_name_prefix, value._initializer,
                               value._initargs)
            elif type(value) in pools and value._state == "RUN":
                value.__init__(value._processes, value._initializer, value._initargs)


def classes(module: str, *names: str) -> tuple[type, ...]:
    """Classes of a module, none where nobody has imported it."""
    return tuple(getattr(sys.modules[module], name) for name in names if module in sys.modules)


def other_threads() -> int:
    """How many threads this process has besides the one that executes the notebook."""
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task")) - 1
    return 0


def fork(namespace: dict, control: socket.socket, sock: socket.socket) -> int:
    """Start a child in its own process group that serves `sock`; return its process id."""
    with one_thread():
        pid = fork_when_there_is_room()
        if pid == 0:
            try:
                gc.freeze()  # it shares this memory instead of copying it at a first collection
                os.setpgid(0, 0)
                control.close()
                start_pools_again(namespace)
                serve_calls(namespace, sock)
            finally:
                os._exit(0)
    sock.close()
    return pid


def fork_when_there_is_room() -> int:
    """os.fork, within FORK_SECONDS."""
    deadline = time.monotonic() + FORK_SECONDS
    while True:
        try:
            return os.fork()
        except BlockingIOError:  # processes that were killed still count for a moment
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def reap(pid: int) -> None:
    """Kill the child's process group and collect it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def set_limits(limits: dict[str, int]) -> None:
    """Lower this process's hard limits; an unprivileged process cannot raise them again."""
    import resource  # not on Windows, where only the trusted side runs

    for name, value in limits.items():
        hardest = resource.getrlimit(getattr(resource, name))[1]
        value = value if hardest == resource.RLIM_INFINITY else min(value, hardest)
        resource.setrlimit(getattr(resource, name), (value, value))
    with contextlib.suppress(OSError):  # where the sandbox did not do so before
        Path("/proc/self/oom_score_adj").write_text("1000")  # a full machine ends us first


def execute(notebook: Notebook, job: dict, control: socket.socket) -> None:
    """Run the job's cells, and wait at each of its stops and at the end."""
    cells, skip, done = unpack_cells(job), set(job["skip"].tolist()), 0
    left = job["notebook_seconds"]
    for stop in [*job["stops"].tolist(), len(cells)]:
        for index in sorted(set(range(done, stop)) - skip):
            channel.send(control, {"type": "running", "cell": index}, FOREVER)
            started = time.monotonic()
            if left > -job["overtime_seconds"]:
                report = notebook.run(index, cells[index], max(
                    MIN_CELL_SECONDS, min(job["cell_seconds"], left)))
            else:
                report = ran(index, "timeout")
            left -= time.monotonic() - started
            channel.send(control, report, FOREVER)
        done = stop
        channel.send(control, {"type": "ready", "threads": other_threads()}, FOREVER)
        wait(notebook.namespace, control)


def wait(namespace: dict, control: socket.socket) -> None:
    """Do as the control socket says until it says to go on."""
    children: dict[int, int] = {}
    while True:
        message = receive(control)
        if "go_on" in message:
            return
        if "reap" in message:
            reap(children.pop(message["reap"]))
            continue
        control.settimeout(None)
        _, (fd,), _, _ = socket.recv_fds(control, 1, 1)
        sock = socket.socket(fileno=fd)
        if "fork" in message:
            children[message["fork"]] = fork(namespace, control, sock)
        else:
            serve_calls(namespace, sock)


def main(control_fd: int) -> None:
    """Run the notebook that the control socket sends, and answer until the socket closes."""
    control = socket.socket(fileno=control_fd)
    job = receive(control)
    set_limits(job["limits"])
    execute(Notebook(), job, control)


if __name__ == "__main__":
    with contextlib.suppress(channel.ChannelClosed):
        main(int(sys.argv[1]))
