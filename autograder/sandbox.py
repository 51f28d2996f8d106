"""Where student code runs: one isolated process tree per submission, and its limits.

With bubblewrap the tree has its own user, process, network, mount, IPC and host-name spaces; it
sees a read-only system and Python, an empty temporary folder and nothing else, and dies as a
whole with its first process. See docs/security.md for what is promised.
"""

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from autograder import channel
from autograder.errors import AutograderError

INSIDE = Path("/course")  # what the sandbox sees of the project: nncourse, the worker, the channel
WORKER_FILES = ("__init__.py", "channel.py", "worker.py")
TMP_BYTES = 256 << 20
START_SECONDS = 60  # to import IPython and, where an assignment preloads it, torch, on a busy disk
GRACE_SECONDS = 2  # between the alarm inside the sandbox and the kill from outside


@dataclass(frozen=True)
class Limits:
    """What one submission may use; times are wall time unless said otherwise.

    Once a notebook has run for `notebook_seconds`, each further cell gets a second, and none is
    tried again.
    """

    cell_seconds: float = 60
    call_seconds: float = 10
    notebook_seconds: float = 300
    rlimits: dict = field(default_factory=lambda: {
        "RLIMIT_AS": 8 << 30,  # address space: torch reserves far more than it touches
        "RLIMIT_CPU": 900,  # seconds of processor time of one process
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": 128,
        "RLIMIT_CORE": 0,
    })


class SandboxDied(Exception):
    """The sandbox ended or stopped answering; `cell` is the cell it was in, or None."""

    def __init__(self, reason: str, cell: int | None):
        super().__init__(reason)
        self.reason, self.cell = reason, cell


class Sandbox:
    """A process tree that executes one notebook and then forks to answer calls.

    Parameters
    ----------
    isolation : {"bubblewrap", "none"}
        "none" runs the same worker as an ordinary child process, with its limits on time and
        memory but nothing hidden from it.
    hidden : paths that must not be seen even where they lie below a folder of Python's.
    """

    def __init__(self, isolation: str, limits: Limits, hidden: tuple[Path, ...] = ()):
        self.limits = limits
        self._forks = 0
        self._cleanup = contextlib.ExitStack()
        ours, theirs = socket.socketpair()
        command = _worker_command(theirs.fileno())
        environment = _environment(INSIDE, Path("/tmp"))
        if isolation == "bubblewrap":
            command = [*_bubblewrap(hidden, environment), *command]
        else:
            inside = Path(self._cleanup.enter_context(
                tempfile.TemporaryDirectory(prefix="autograder-")))
            for source, name in _project_files():
                (inside / name).parent.mkdir(parents=True, exist_ok=True)
                os.symlink(source, inside / name)
            environment = _environment(inside, inside)
        self.control = self._cleanup.enter_context(ours)
        with theirs:
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=environment,
                cwd="/" if isolation == "bubblewrap" else inside,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self) -> None:
        """End the whole process tree."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, 9)  # bubblewrap's death ends its process space
        self.process.kill()
        self.process.wait()
        self._cleanup.close()

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
                elif message.get("ready"):
                    return reports
                else:
                    raise channel.ChannelError("not a report")
        except channel.ChannelTimeout:
            raise SandboxDied("timeout", current) from None
        except channel.ChannelError:
            raise SandboxDied("killed", current) from None

    @contextlib.contextmanager
    def fork(self):
        """A socket to a fresh child with the state right after the notebook."""
        self._forks += 1
        number, deadline = self._forks, time.monotonic() + GRACE_SECONDS
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                channel.send(self.control, {"fork": number}, deadline)
                socket.send_fds(self.control, [b"f"], [theirs.fileno()])
            try:
                yield ours
            finally:
                with contextlib.suppress(channel.ChannelError):
                    channel.send(self.control, {"reap": number}, time.monotonic() + GRACE_SECONDS)


def _worker_command(control_fd: int) -> list[str]:
    # the folder without links and "..", which lead nowhere inside; python itself may be a link
    python = Path(sys.executable).parent.resolve() / Path(sys.executable).name
    # -s and -P: neither the user's packages nor a numpy.py beside the notebook is ever imported
    return [str(python), "-s", "-P", "-m", "autograder.worker", str(control_fd)]


def _environment(project: Path, home: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8",
        "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(home / "matplotlib"), "IPYTHONDIR": str(home / "ipython"),
        # one thread: children of a process that has used more hang in torch
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise AutograderError(f"the package {name} is not installed: run pip install ./{name}")
    return Path(spec.submodule_search_locations[0]).resolve()


def _project_files() -> list[tuple[Path, Path]]:
    """(file or folder here, its name inside): all of the project that student code may see."""
    engine = Path(__file__).resolve().parent
    files = [(engine / name, Path("autograder") / name) for name in WORKER_FILES]
    return [*files, (_package_folder("nncourse"), Path("nncourse"))]


def _bubblewrap(hidden: tuple[Path, ...], environment: dict[str, str]) -> list[str]:
    command = [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv",
        "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534",
        "--cap-drop", "ALL", "--hostname", "sandbox", "--ro-bind", "/usr", "/usr",
        "--proc", "/proc", "--dev", "/dev",
        # before Python's folders: they may lie below /tmp themselves
        "--size", str(TMP_BYTES), "--tmpfs", "/tmp",
    ]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    python = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix)}
    for prefix in sorted(p for p in python if not p.is_relative_to("/usr")):
        command += ["--ro-bind", str(prefix), str(prefix)]
    visible = [Path("/usr"), *python]
    for path in {Path(__file__).resolve().parent, *(Path(p).resolve() for p in hidden)}:
        if any(path.is_relative_to(v) for v in visible):
            command += ["--tmpfs", str(path)]
    for source, name in _project_files():
        command += ["--ro-bind", str(source), str(INSIDE / name)]
    command += ["--remount-ro", "/", "--chdir", "/tmp"]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [*command, "--"]
