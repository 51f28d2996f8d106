"""The untrusted side: runs inside the sandbox, executes the notebook, answers calls from forks.

Control messages (one socket for the life of the sandbox):

1. receives a job: the limits, the code of all cells and which of them to leave out;
2. sends `running` and then `ran` for each cell, and `ready` (protocol.py has their types);
3. receives `{"fork": n}` with the descriptor of a fresh socket: a child process with the state
   right after the notebook answers calls on it (`answer`), until `{"reap": n}` ends it.

Nothing here is trusted once student code has run; the far side keeps the deadlines and bounds.
"""

import base64
import contextlib
import gc
import io
import math
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from autograder.inside import channel
from autograder.inside.calls import OutOfTime, alarm, answer, describe_error

FOREVER = math.inf
MAX_OUTPUT = 20_000  # characters of printed output kept per cell
MAX_IMAGES = 8  # pictures kept per cell, ...
MAX_IMAGE_BYTES = 4 << 20  # ... and their bytes
FORK_SECONDS = 2  # in which there must be room for one more process
MIN_CELL_SECONDS = 1  # for cells that come after the notebook's time is used up


class BoundedText(io.StringIO):
    """A text stream that keeps the first MAX_OUTPUT characters and counts the rest away."""

    def write(self, text):
        room = MAX_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
            if len(text) >= room:
                super().write("\n[more output was cut]")
        return len(text)


def make_shell():
    """An IPython shell that keeps no history and hands over what cells display.

    Returns the shell and the list to which it appends display data (dicts by MIME type).
    """
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    displayed = []

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **kwargs):
            displayed.append(data)

        def clear_output(self, wait=False):
            displayed.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            displayed.append(format_dict)
            print(format_dict.get("text/plain", ""))

    class Shell(InteractiveShell):
        display_pub_class = Type(Publisher)
        displayhook_class = Type(Hook)

        def enable_gui(self, gui=None):
            pass  # there is no window to drive

        def showtraceback(self, *args, **kwargs):
            pass  # the report holds the error

        def showsyntaxerror(self, *args, **kwargs):
            pass

    config = Config()
    config.HistoryManager.enabled = False
    return Shell.instance(config=config), displayed


class Notebook:
    """The student's notebook in an IPython shell, its output captured."""

    def __init__(self):
        self.shell, self.displayed = make_shell()
        self.namespace = self.shell.user_ns

    def run(self, index: int, source: str, seconds: float) -> dict:
        """Execute one cell and return what it printed, drew and raised."""
        self.displayed.clear()
        self.shell.compile.get_code_name = lambda *args: f"<cell {index}>"
        printed = BoundedText()
        error = None
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                with alarm(seconds):
                    result = self.shell.run_cell(source, store_history=False)
                error = result.error_before_exec or result.error_in_exec
                images = self.images()
            except BaseException as escaped:
                error, images = escaped, []
        outcome = "ok" if error is None else "error"
        if isinstance(error, OutOfTime):
            outcome = "timeout"
        return ran(index, outcome, printed.getvalue(), images,
                   describe_error(error) if outcome == "error" else None)

    def images(self) -> list:
        """The PNG pictures that the cell displayed, as uint8 arrays."""
        pngs = [data.get("image/png") for data in self.displayed if isinstance(data, dict)]
        pngs = [base64.b64decode(png) if isinstance(png, str) else png for png in pngs if png]
        kept, room = [], MAX_IMAGE_BYTES
        for png in pngs[:MAX_IMAGES]:
            if len(png) <= room:
                room -= len(png)
                kept.append(np.frombuffer(png, np.uint8))
        return kept


def ran(index: int, outcome: str, stdout: str = "", images: Iterable[np.ndarray] = (),
        error: dict | None = None) -> dict:
    """The message that a cell has ended."""
    return {"type": "ran", "cell": index, "outcome": outcome, "stdout": stdout,
            "images": list(images), "error": error}


def pack_cells(cells: list[str]) -> dict:
    """The code of cells as arrays, for which a frame has more room than for texts."""
    encoded = [cell.encode() for cell in cells]
    return {"code": np.frombuffer(b"".join(encoded), np.uint8),
            "lengths": np.array([len(cell) for cell in encoded], np.int64)}


def unpack_cells(packed: dict) -> list[str]:
    """The code of the cells again."""
    code, ends = packed["code"].tobytes(), np.cumsum(packed["lengths"]).tolist()
    return [code[start:end].decode() for start, end in zip([0, *ends], ends)]


def serve_calls(namespace: dict, sock: socket.socket) -> None:
    """Answer calls in a forked child until the far side closes the socket."""
    while True:
        request = channel.receive(sock, FOREVER, layouts=True)
        channel.send(sock, answer(namespace, request), time.monotonic() + 60)


def fork(namespace: dict, control: socket.socket, sock: socket.socket) -> int:
    """Start a child in its own process group that serves `sock`; return its process id."""
    deadline = time.monotonic() + FORK_SECONDS
    while True:
        try:
            pid = os.fork()
            break
        except BlockingIOError:  # processes that were killed still count for a moment
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    if pid:
        sock.close()
        return pid
    try:
        os.setpgid(0, 0)
        control.close()
        serve_calls(namespace, sock)
    finally:
        os._exit(0)


def reap(pid: int) -> None:
    """Kill the child's process group and collect it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def set_limits(limits: dict) -> None:
    """Lower this process's hard limits; an unprivileged process cannot raise them again."""
    import resource  # not on Windows, where only the trusted side runs

    for name, value in limits.items():
        hardest = resource.getrlimit(getattr(resource, name))[1]
        value = value if hardest == resource.RLIM_INFINITY else min(value, hardest)
        resource.setrlimit(getattr(resource, name), (value, value))
    with contextlib.suppress(OSError):  # where the sandbox did not do so before
        Path("/proc/self/oom_score_adj").write_text("1000")  # a full machine ends us first


def main(control_fd: int) -> None:
    """Run the notebook that the control socket sends, then fork on request until it closes."""
    control = socket.socket(fileno=control_fd)
    job = channel.receive(control, FOREVER)
    set_limits(job["limits"])
    notebook, skip = Notebook(), set(job["skip"].tolist())
    end = time.monotonic() + job["notebook_seconds"]
    for index, source in enumerate(unpack_cells(job)):
        if index in skip:
            continue
        channel.send(control, {"type": "running", "cell": index}, FOREVER)
        left = end - time.monotonic()
        if left > -job["overtime_seconds"]:
            report = notebook.run(index, source, max(MIN_CELL_SECONDS,
                                                     min(job["cell_seconds"], left)))
        else:
            report = ran(index, "timeout")
        channel.send(control, report, FOREVER)
    gc.collect()
    gc.freeze()  # children then share this memory instead of copying it at their first collection
    channel.send(control, {"type": "ready"}, FOREVER)

    children = {}
    while True:
        message = channel.receive(control, FOREVER)
        if "fork" in message:
            control.settimeout(None)
            _, (fd,), _, _ = socket.recv_fds(control, 1, 1)
            children[message["fork"]] = fork(notebook.namespace, control, socket.socket(fileno=fd))
        elif "reap" in message:
            reap(children.pop(message["reap"]))


if __name__ == "__main__":
    with contextlib.suppress(channel.ChannelClosed):
        main(int(sys.argv[1]))
