"""A Python that has imported the libraries already: each sandbox's worker is a fork of it.

Importing IPython, matplotlib and torch takes longer than most notebooks do. One server per
command imports them once. For each submission it forks, and the fork becomes the worker inside
the sandbox (confine.py). The server never sees students' code, a hidden test or a solution, so a
fork of it has nothing to tell.
"""

import atexit
import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from autograder.paths import PROJECT
from autograder.sandbox.confine import ANSWER, CONTROL, LIFE, Job, begin
from autograder.sandbox.mounts import INSIDE, environment, python_path

# what each worker imports before the first cell
BASE_MODULES = ("autograder.inside.worker", "IPython.core.application",
                "IPython.core.completerlib", "IPython.core.interactiveshell",
                "IPython.core.logger", "IPython.core.magics", "IPython.core.oinspect",
                "IPython.extensions.storemagic")
# what a library imports at its first use: a second, each time
LAZY_IMPORTS = {"torch": "torch._dynamo"}
ANSWER_SECONDS = 60  # to import all of it, on a busy disk
MAX_JOB = 1 << 16  # bytes of a message

MADV_COLLAPSE, LARGE_PAGE = 25, 2 << 20
# spans of addresses in proc_pid_maps(5) that hold this process's own data and belong to no file
DATA = re.compile(r"^(\w+)-(\w+) rw-p \S+ \S+ 0 *(?:\[heap\])?$", re.MULTILINE)


class ForkServer:
    """The server's process, as the trusted side sees it.

    Parameters
    ----------
    jobs : the socket that takes jobs; any number of processes may share it
    process : the server's, for the one that has started it
    """

    def __init__(self, jobs: socket.socket, process: subprocess.Popen | None = None):
        self.jobs, self._process = jobs, process
        jobs.settimeout(ANSWER_SECONDS)

    @classmethod
    def start(cls, modules: tuple[str, ...]) -> "ForkServer":
        """A new server, which ends with the last process that has its socket."""
        # each message arrives whole, whoever else sends at the same time
        jobs, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [python_path(), "-s", "-m", "autograder.sandbox.forkserver", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], cwd=PROJECT,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, env=environment(INSIDE, Path("/tmp")))
        with contextlib.suppress(OSError):
            jobs.send(json.dumps(modules).encode())
        return cls(jobs, process)

    def fork(self, control: socket.socket, life: socket.socket,
             **job: Unpack[Job]) -> "Fork | None":
        """Start a worker on `control`, whose processes all end once the far end of `life` does.

        Parameters
        ----------
        job : `inside`, a process in whose namespaces it is to be; `user`, the number that it
            has inside; `become`, whether it has that outside as well; `seccomp`, its compiled
            filter in hexadecimal digits; `groups`, files of control groups that take its number;
            `folders`, the options with which temporary folders are mounted anew

        Returns
        -------
        None if the server does not answer, and is given up.
        """
        answer, theirs = socket.socketpair()
        answer.settimeout(ANSWER_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            with theirs:
                socket.send_fds(self.jobs, [json.dumps(job).encode()],
                                [control.fileno(), theirs.fileno(), life.fileno()])
            return Fork(int(answer.recv(MAX_JOB)), answer)
        answer.close()
        self.close()
        return None

    @property
    def number(self) -> int | None:
        """The number of its process, where this one has started it."""
        return self._process.pid if self._process else None

    def running(self) -> bool:
        """Whether the server is there to be asked, as far as this process knows."""
        return self.jobs.fileno() >= 0 and (self._process is None or self._process.poll() is None)

    def close(self) -> None:
        """Have no more to do with it, and end it if this process started it; its workers live."""
        self.jobs.close()
        if self._process:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Fork:
    """A running worker: the number of its keeper, and a socket that ends when all have ended."""

    keeper: int
    gone: socket.socket


_servers: dict[tuple[str, ...], ForkServer] = {}


def server(modules: tuple[str, ...]) -> ForkServer:
    """This process's server that has imported `modules`, started where there is none."""
    if modules not in _servers or not _servers[modules].running():
        _servers[modules] = ForkServer.start(modules)
        atexit.register(_servers[modules].close)
    return _servers[modules]


def share(modules: tuple[str, ...], jobs: socket.socket) -> None:
    """Use the server behind this socket, which another process has started."""
    _servers[modules] = ForkServer(jobs)


def with_later(modules: Iterable[str]) -> list[str]:
    """The modules, and what their libraries import only when they are used."""
    packages = {name.partition(".")[0] for name in modules}
    return [*modules, *(later for package, later in LAZY_IMPORTS.items() if package in packages)]


def _use_large_pages() -> None:
    """Move this process's data to large pages, where Linux has them (madvise(2), from 6.1 on).

    A fork copies an entry for each page and clears it at its end, 60,000 of a Python with torch;
    Linux does so for a large page's entries together, even where writes have split it.
    """
    madvise = ctypes.CDLL(None).madvise
    for span in DATA.findall(Path("/proc/self/maps").read_text()):
        start, end = (int(address, 16) // LARGE_PAGE * LARGE_PAGE for address in span)
        start += LARGE_PAGE  # the first may begin before the span
        if start < end:
            madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_COLLAPSE)


def main(fd: int) -> None:
    """Import what the first message names, then fork once per message while somebody may ask."""
    jobs = socket.socket(fileno=fd)
    modules = json.loads(jobs.recv(MAX_JOB))
    os.chdir("/")
    settings = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MPLCONFIGDIR"] = folder  # where matplotlib lists fonts as it is imported
        for name in (*BASE_MODULES, *with_later(modules)):
            with contextlib.suppress(Exception):  # the student's own import says what is missing
                importlib.import_module(name)
    os.environ.update(settings)
    del sys.path[0]  # where this module lies
    gc.collect()
    gc.freeze()  # no collection in a fork need look at all of it
    _use_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        message, descriptors, _, _ = socket.recv_fds(jobs, MAX_JOB, 3)
        if not message:  # nobody is left who could ask
            return
        if os.fork() == 0:
            try:
                for number, descriptor in zip((CONTROL, ANSWER, LIFE), _apart(descriptors)):
                    os.dup2(descriptor, number)
                os.closerange(LIFE + 1, os.sysconf("SC_OPEN_MAX"))
                begin(json.loads(message))
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _apart(descriptors: list[int]) -> list[int]:
    """The same files under numbers that none of ours has."""
    return [fcntl.fcntl(descriptor, fcntl.F_DUPFD, LIFE + 1) for descriptor in descriptors]


if __name__ == "__main__":
    main(int(sys.argv[1]))
