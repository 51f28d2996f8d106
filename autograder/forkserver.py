"""A Python that has imported the libraries already: each sandbox's worker is a fork of it.

Importing IPython, matplotlib and torch takes longer than most notebooks do. One server per
command imports them once. For each submission it forks; the fork enters the name spaces
that bubblewrap has made ready (setns(2)), gives up what `bwrap` and `setpriv` would have dropped
before a program's start (capabilities(7), seccomp(2)), and becomes the worker. The server never
sees students' code, a hidden test or a solution, so a fork of it has nothing to tell.
"""

import atexit
import contextlib
import ctypes
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
from pathlib import Path

from autograder.inside import INSIDE, environment, python_path

# what each worker imports before the first cell
ALWAYS = ("autograder.worker", "IPython.core.completerlib", "IPython.core.interactiveshell",
          "IPython.core.magics")
LATER = {"torch": "torch._dynamo"}  # what a library imports at its first use: a second, each time
OURS = ("autograder", "nncourse")  # these each worker imports anew, from inside the sandbox
ANSWER_SECONDS = 60  # to import all of it, on a busy disk
MAX_JOB = 1 << 16  # bytes of a message

CLONE_NEWUSER = 0x10000000
# mounts, cgroups, host name, IPC, processes, network
NAME_SPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 22, 24, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
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
                [python_path(), "-s", "-m", "autograder.forkserver", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], cwd=Path(__file__).resolve().parents[1],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, env=environment(INSIDE, Path("/tmp")))
        with contextlib.suppress(OSError):
            jobs.send(json.dumps(modules).encode())
        return cls(jobs, process)

    def fork(self, control: socket.socket, inside: int, user: int | None,
             seccomp: bytes) -> int | None:
        """Start a worker on `control` in the name spaces of the process `inside`.

        Parameters
        ----------
        user : who the worker becomes; None where the name spaces say it
        seccomp : the compiled filter of its system calls

        Returns
        -------
        The number of its parent, which lives as long as it does; None if the server does not
        answer, and is given up.
        """
        job = json.dumps({"inside": inside, "user": user, "seccomp": seccomp.hex()}).encode()
        answer, theirs = socket.socketpair()
        answer.settimeout(ANSWER_SECONDS)
        with answer, contextlib.suppress(OSError, ValueError):
            with theirs:
                socket.send_fds(self.jobs, [job], [control.fileno(), theirs.fileno()])
            return int(answer.recv(MAX_JOB))
        self.close()
        return None

    def running(self) -> bool:
        """Whether the server is there to be asked, as far as this process knows."""
        return self.jobs.fileno() >= 0 and (self._process is None or self._process.poll() is None)

    def close(self) -> None:
        """Have no more to do with it, and end it if this process started it; its workers live."""
        self.jobs.close()
        if self._process:
            self._process.kill()
            self._process.wait()


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
    return [*modules, *(later for package, later in LATER.items() if package in packages)]


def _call(name: str, *arguments) -> None:
    """Call the C library.

    Raises
    ------
    OSError
        With the call's name, where it refuses.
    """
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _enter(inside: int) -> None:
    """Move this process, or for process numbers its children, to where `inside` is."""
    process = os.pidfd_open(inside)
    _call("setns", process, NAME_SPACES | (CLONE_NEWUSER if os.geteuid() else 0))
    os.close(process)


def _drop(user: int | None, seccomp: bytes) -> None:
    """Give up all privileges and the filtered system calls, for good."""
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        _call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # as a program just started: /proc/self is its own
    instructions = ctypes.create_string_buffer(seccomp, len(seccomp))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    program = Program(len(seccomp) // 8, ctypes.addressof(instructions))
    _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _become_worker(job: dict, control: int) -> None:
    """In a fork: enter the sandbox and, as a child in its space of processes, work."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(control, 3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    _enter(job["inside"])
    child = os.fork()
    if child:
        os.close(3)
        os.waitpid(child, 0)
        return
    os.setsid()
    os.chdir("/tmp")
    _drop(job["user"], bytes.fromhex(job["seccomp"]))
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    importlib.invalidate_caches()
    worker = importlib.import_module("autograder.worker")
    with contextlib.suppress(worker.channel.ChannelClosed):
        worker.main(3)


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
        for name in (*ALWAYS, *with_later(modules)):
            with contextlib.suppress(Exception):  # the student's own import says what is missing
                importlib.import_module(name)
    os.environ.update(settings)
    del sys.path[0]  # where this module lies
    gc.collect()
    gc.freeze()  # no collection in a fork need look at all of it
    _use_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        message, descriptors, _, _ = socket.recv_fds(jobs, MAX_JOB, 2)
        if not message:  # nobody is left who could ask
            return
        control, answer = descriptors
        pid = os.fork()
        if pid == 0:
            try:
                _become_worker(json.loads(message), control)
            finally:
                os._exit(0)
        with contextlib.suppress(OSError):  # who asked is gone
            os.write(answer, str(pid).encode())
        os.close(control)
        os.close(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
