"""The untrusted side: runs inside the sandbox, executes the notebook, answers calls from forks.

Control messages (one socket for the life of the sandbox):

1. receives `{"cells": [source, ...], "skip": [index, ...], ...}` and the limits;
2. sends `{"running": i}` and then `{"ran": i, ...}` for each cell, and `{"ready": True}`;
3. receives `{"fork": n}` with the descriptor of a fresh socket: a child process with the state
   right after the notebook answers calls on it (`answer`), until `{"reap": n}` ends it.

Nothing here is trusted once student code has run; the far side holds the deadlines.
"""

import base64
import contextlib
import gc
import io
import math
import os
import random
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

import numpy as np
import numpy.random  # otherwise every fork would import it

from autograder import channel
from nncourse import given

FOREVER = math.inf
MAX_OUTPUT = 20_000  # characters of printed output kept per cell
MAX_IMAGES = 8  # pictures kept per cell
MIN_CELL_SECONDS = 1  # for cells that come after the notebook's time is used up


class OutOfTime(BaseException):
    """Raised in student code by the alarm; not an Exception, so `except Exception` lets it by."""


@contextlib.contextmanager
def alarm(seconds: float):
    """Raise OutOfTime in the main thread when `seconds` of wall time have passed."""

    def ring(_signal, _frame):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class BoundedText(io.StringIO):
    """A text stream that keeps the first MAX_OUTPUT characters and counts the rest away."""

    def write(self, text):
        room = MAX_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
            if len(text) >= room:
                super().write("\n[more output was cut]")
        return len(text)


def describe_error(error: BaseException) -> dict:
    """An exception as data: its type, text and the lines of the notebook that it went through."""
    try:
        text = str(error)
    except Exception:
        text = "(the exception has no text)"
    where = [
        [frame.name, frame.lineno or 0, frame.line or ""]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ]
    if isinstance(error, SyntaxError):
        text, where = str(error.msg), [["", error.lineno or 0, (error.text or "").strip()]]
    return {"type": type(error).__name__, "text": text[:2000], "where": where[-5:]}


class StepCounter:
    """Counts the lines of Python that run inside of it, calls and passes of loops among them."""

    def __enter__(self):
        self.count, self._before = 0, sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *exc):
        sys.settrace(self._before)

    def _trace(self, _frame, _event, _arg):
        self.count += 1
        return self._trace


def _contents(argument) -> dict:
    """Copies of the arrays in an argument: the one that it is, or those of a dict by their keys."""
    named = argument if isinstance(argument, dict) else {None: argument}
    return {k: np.array(v) for k, v in named.items() if isinstance(v, np.ndarray)}


def _same(old: dict, new: dict) -> bool:
    return old.keys() == new.keys() and all(
        np.array_equal(old[k], new[k], equal_nan=True) for k in old)


def answer(namespace: dict, request: dict) -> dict:
    """Perform one call of a student's function and return the reply as plain data."""
    function = namespace.get(request["call"])
    if not callable(function):
        return {"missing": True}
    args, kwargs = request["args"], request["kwargs"]
    for i, name in request["made"].items():
        args[i] = getattr(given, name)(*args[i])
    before = [_contents(a) for a in args]
    seed = request["seed"]
    random.seed(seed)
    np.random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
    steps = StepCounter() if request.get("count") else contextlib.nullcontext()
    try:
        with alarm(request["seconds"]):
            with steps:
                value = function(*args, **kwargs)
                if "then" in request:
                    report, more = request["then"]
                    value = getattr(given, report)(value, *more)
            changed = [i for i, old in enumerate(before) if not _same(old, _contents(args[i]))]
            channel.encode(value)
    except OutOfTime:
        return {"timeout": True}
    except channel.ChannelError as error:
        return {"error": {"type": "ValueError", "text": f"the returned value is {error}",
                          "where": []}}
    except BaseException as error:
        return {"error": describe_error(error)}
    return {"value": value, "changed": changed, "steps": getattr(steps, "count", None)}


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
        started = time.monotonic()
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
        return {
            "ran": index, "outcome": outcome, "seconds": time.monotonic() - started,
            "error": describe_error(error) if outcome == "error" else None,
            "stdout": printed.getvalue(), "images": images,
        }

    def images(self) -> list:
        """The PNG pictures that the cell displayed, as uint8 arrays."""
        pngs = [data.get("image/png") for data in self.displayed if isinstance(data, dict)]
        pngs = [base64.b64decode(png) if isinstance(png, str) else png for png in pngs if png]
        return [np.frombuffer(png, np.uint8) for png in pngs[:MAX_IMAGES]]


def serve_calls(namespace: dict, sock: socket.socket) -> None:
    """Answer calls in a forked child until the far side closes the socket."""
    while True:
        request = channel.receive(sock, FOREVER, layouts=True)
        channel.send(sock, answer(namespace, request), time.monotonic() + 60)


def fork(namespace: dict, control: socket.socket, sock: socket.socket) -> int:
    """Start a child in its own process group that serves `sock`; return its process id."""
    pid = os.fork()
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
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # a full machine ends us first


def main(control_fd: int) -> None:
    """Run the notebook that the control socket sends, then fork on request until it closes."""
    control = socket.socket(fileno=control_fd)
    job = channel.receive(control, FOREVER)
    set_limits(job["limits"])
    notebook = Notebook()
    end = time.monotonic() + job["notebook_seconds"]
    for index, source in enumerate(job["cells"]):
        if index in job["skip"]:
            continue
        channel.send(control, {"running": index}, FOREVER)
        seconds = max(MIN_CELL_SECONDS, min(job["cell_seconds"], end - time.monotonic()))
        channel.send(control, notebook.run(index, source, seconds), FOREVER)
    gc.collect()
    gc.freeze()  # children then share this memory instead of copying it at their first collection
    channel.send(control, {"ready": True}, FOREVER)

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
