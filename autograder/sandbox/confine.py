"""From a fork of the fork server to a worker inside every layer of a sandbox.

The fork enters the namespaces that bubblewrap has made (setns(2)) and starts there, in a process
namespace of its own,

    keeper (process 1): keeps the namespace, and ends with it when the trusted side closes `life`
    └── worker: executes the notebook, and forks for every hidden test

Each of them has given up what a program started by `bwrap` would have (capabilities(7),
seccomp(2)) before the worker exists, and all but the worker cannot be inspected or written to by
a process of the same user (prctl(2), PR_SET_DUMPABLE).
"""

import contextlib
import ctypes
import fcntl
import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

OWN_PACKAGES = ("autograder", "nncourse")  # that each worker imports anew, from inside
CLONE_NEWUSER, CLONE_NEWPID = 0x10000000, 0x20000000
# mounts, cgroups, host name, IPC, network
NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x40000000
PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP = 4, 8, 22
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
SECCOMP_MODE_FILTER = 2
NS_GET_USERNS = 0xB701  # ioctl_ns(2)
CAPABILITY_VERSION_3 = 0x20080522
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
CONTROL, ANSWER, LIFE = 3, 4, 5  # the descriptors of a fork


class Job(TypedDict):
    """What a fork is told; `ForkServer.fork` says what each of it means."""

    inside: int
    user: int
    become: bool
    seccomp: str
    groups: list[str]
    folders: dict[str, str]


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


def _set_capabilities(granted: Callable[[int], int]) -> None:
    """Make `granted` of the permitted ones permitted and effective, 32 bits at a time."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, each of both halves
    _call("capget", header, sets)
    for half in (0, 3):
        sets[half] = sets[half + 1] = granted(sets[half + 1])
        sets[half + 2] = 0
    _call("capset", header, sets)


def _become(user: int) -> None:
    """Become an unprivileged user who still has root's capabilities."""
    _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _set_capabilities(lambda permitted: permitted)


def _enter_user_namespace(user: int, host: int) -> None:
    """Enter one more user namespace as `user`, in which no further one can be made.

    Parameters
    ----------
    host : the descriptor of a /proc that may be written to
    """
    outside, group = os.getuid(), os.getgid()
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # else its /proc files are root's
    try:
        _call("unshare", CLONE_NEWUSER)
    except OSError:  # where Linux refuses us one, it refuses student code one as well
        return
    for name, text in (("self/setgroups", "deny"), ("self/uid_map", f"{user} {outside} 1"),
                       ("self/gid_map", f"{user} {group} 1"),
                       ("sys/user/max_user_namespaces", "0")):
        file = os.open(name, os.O_WRONLY, dir_fd=host)
        os.write(file, text.encode())
        os.close(file)


def _give_up(seccomp: bytes) -> None:
    """Give up all privileges and the filtered system calls, for good, and hide from others."""
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        _call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    _set_capabilities(lambda permitted: 0)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    instructions = ctypes.create_string_buffer(seccomp, len(seccomp))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    program = Program(len(seccomp) // 8, ctypes.addressof(instructions))
    _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def begin(job: Job) -> None:
    """In a fork: enter the sandbox, start the keeper there, and wait for its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    host = os.open("/proc", os.O_PATH | os.O_DIRECTORY)
    Path("/proc/self/oom_score_adj").write_text("1000")  # a full machine ends us first
    for path in job["groups"]:
        Path(path).write_text(str(os.getpid()))
    seccomp = bytes.fromhex(job["seccomp"])
    process = os.pidfd_open(job["inside"])
    if os.geteuid():  # the user namespace to which its mounts belong
        mounts = os.open(f"/proc/{job['inside']}/ns/mnt", os.O_RDONLY)
        owner = fcntl.ioctl(mounts, NS_GET_USERNS)
        _call("setns", owner, CLONE_NEWUSER)
        os.close(mounts)
        os.close(owner)
    _call("setns", process, NAMESPACES)
    os.close(process)
    _call("unshare", CLONE_NEWPID)  # its children's
    keeper = os.fork()
    if keeper == 0:
        os.close(ANSWER)  # ends with the process that waits for this one
        _keep(job, host, seccomp)
    for number in (host, CONTROL, LIFE):
        os.close(number)
    if job["become"]:
        _become(job["user"])
    _give_up(seccomp)
    os.write(ANSWER, str(keeper).encode())
    os.waitpid(keeper, 0)


def _keep(job: Job, host: int, seccomp: bytes) -> None:
    """As process 1 of the sandbox: start the worker, and end with all others once `life` does."""
    _mount("proc", "/proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2")
    for folder, options in job["folders"].items():
        _mount("tmpfs", folder, MS_REMOUNT | MS_NOSUID | MS_NODEV, options)
    if job["become"]:
        _become(job["user"])
    _enter_user_namespace(job["user"], host)
    os.close(host)
    _give_up(seccomp)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans are collected by Linux
    if os.fork() == 0:
        os.close(LIFE)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _work()
    os.close(CONTROL)
    os.read(LIFE, 1)
    os._exit(0)  # which ends every process of the namespace


def _mount(kind: str, folder: str, flags: int, options: str) -> None:
    """mount(2), for file systems that have no device."""
    _call("mount", kind.encode(), folder.encode(), kind.encode(), ctypes.c_ulong(flags),
          options.encode())


def _work() -> None:
    """As the worker: import our modules anew, from inside the sandbox, and execute the notebook."""
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # as a program just started: /proc/self is its own
    os.setsid()
    os.chdir("/tmp")
    for name in [name for name in sys.modules if name.partition(".")[0] in OWN_PACKAGES]:
        del sys.modules[name]
    importlib.invalidate_caches()
    worker = importlib.import_module("autograder.inside.worker")
    with contextlib.suppress(worker.channel.ChannelClosed):
        worker.main(CONTROL)
    os._exit(0)
