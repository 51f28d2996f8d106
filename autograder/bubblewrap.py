"""Isolation by bubblewrap: name spaces, a read-only system, an empty temporary folder.

Started by root, the sandbox drops to a user of its own, so that the kernel counts its processes
apart from all others. Started by anybody else it lives in a user name space, where the same
limits hold.

bubblewrap makes the name spaces; the worker in them is no program that it starts, which would
import all libraries anew, but a fork of a Python that has them (forkserver.py).
"""

import contextlib
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from autograder import syscalls
from autograder.forkserver import server
from autograder.inside import INSIDE, Limits, environment, project_files
from autograder.local import LocalTree

INSTALL = "apt-get install bubblewrap"
FIRST_KERNEL = (5, 8)  # setns(2) takes a process from then on
NOBODY = 65534
# the range that systemd gives to services' short-lived users
FIRST_USER, USERS = 61184, 4336
SHARED_MEMORY_BYTES = 64 << 20


def problem() -> str | None:
    """Why bubblewrap cannot isolate on this machine, or None."""
    if sys.platform != "linux":
        return "bubblewrap needs Linux"
    if tuple(map(int, re.findall(r"\d+", platform.release())[:2])) < FIRST_KERNEL:
        return f"bubblewrap's sandboxes need Linux {'.'.join(map(str, FIRST_KERNEL))} or newer"
    if not shutil.which("bwrap"):
        return f"bubblewrap is not installed: {INSTALL}"
    if syscalls.unavailable():
        return syscalls.unavailable()
    command = [*_spaces(), "--ro-bind", "/", "/", "--", *_drop_to(), "true"]
    probe = subprocess.run(command, capture_output=True, text=True, check=False)
    if probe.returncode:
        lines = probe.stderr.strip().splitlines() or ["no reason given"]
        return f"bubblewrap may not make a sandbox here ({lines[-1]})"
    return None


def start(_isolation: str, limits: Limits, hidden: tuple[Path, ...],
          modules: tuple[str, ...]) -> LocalTree:
    """A worker isolated by bubblewrap: a fork of the fork server, in name spaces made for it."""
    cleanup = contextlib.ExitStack()
    info, info_end = os.pipe()
    # a program that only waits: it keeps the name spaces, and everything inside ends with it
    holder = subprocess.Popen(
        [*_spaces(), *_mounts(limits, hidden), "--info-fd", str(info_end), "--", *_drop_to(),
         "cat"],
        pass_fds=[info_end], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment(INSIDE, Path("/tmp")), start_new_session=True)
    cleanup.enter_context(holder.stdin)
    cleanup.enter_context(holder.stdout)
    os.close(info_end)
    control, theirs = socket.socketpair()
    parent = None
    with theirs, open(info) as told:
        with contextlib.suppress(BrokenPipeError):
            holder.stdin.write(b"\n")
            holder.stdin.flush()
        if holder.stdout.read(1):  # else there is no sandbox, and `control` says so
            inside = json.load(told)["child-pid"]
            parent = server(modules).fork(theirs, inside, _user(), syscalls.compiled())
    return LocalTree(holder, control, limits.memory_bytes, cleanup, parent)


def _spaces() -> list[str]:
    command = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
               "--unshare-cgroup-try", "--hostname", "sandbox", "--die-with-parent",
               "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # only what `_user` needs, which gives it away
        return [*command, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
                "--cap-add", "CAP_SETPCAP"]
    return [*command, "--unshare-user", "--disable-userns",
            "--uid", str(NOBODY), "--gid", str(NOBODY)]


def _user() -> int | None:
    """The unprivileged user that a sandbox of root's has; others' are made with their own."""
    return None if os.geteuid() else FIRST_USER + os.getpid() % USERS


def _drop_to() -> list[str]:
    """The command that becomes this user."""
    user = _user()
    return [] if user is None else ["setpriv", f"--reuid={user}", f"--regid={user}",
                                    "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]


def _mounts(limits: Limits, hidden: tuple[Path, ...]) -> list[str]:
    command = [
        "--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev",
        "--perms", "1777", "--size", str(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm",
        "--remount-ro", "/dev",
        # before Python's folders: they may lie below /tmp themselves
        "--perms", "1777", "--size", str(limits.tmp_bytes), "--tmpfs", "/tmp",
    ]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    python = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix)}
    prefixes = sorted(p for p in python if not p.is_relative_to("/usr"))
    command += _open_folders([*prefixes, *(INSIDE / name for _, name in project_files())])
    for prefix in prefixes:
        command += ["--ro-bind", str(prefix), str(prefix)]
    visible = [Path("/usr"), *python]
    for path in {Path(__file__).resolve().parent, *(Path(p).resolve() for p in hidden)}:
        if any(path.is_relative_to(v) for v in visible):
            command += ["--tmpfs", str(path)]
    for source, name in project_files():
        command += ["--ro-bind", str(source), str(INSIDE / name)]
    return [*command, "--remount-ro", "/", "--chdir", "/tmp"]


def _open_folders(paths: list[Path]) -> list[str]:
    """Make the folders above `paths`, which bubblewrap would close to the user inside."""
    made = {Path("/"), Path("/tmp")}
    command = []
    for path in paths:
        for folder in reversed(path.parents):
            if folder not in made:
                command += ["--perms", "0755", "--dir", str(folder)]
                made.add(folder)
    return command
