"""Isolation by bubblewrap: namespaces, a read-only system, an empty temporary folder.

Started by root, the sandbox drops to a user of its own, so that the kernel counts its processes
apart from all others. Started by anybody else it lives in a user namespace, where the same
limits hold.

bubblewrap makes the namespaces and mounts, around a program that waits, and is ended as soon as
the worker is in them: that is no program which bubblewrap starts, which would import all libraries
anew, but a fork of a Python that has them (forkserver.py), in a process namespace of its own.
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

from autograder.paths import ENGINE
from autograder.sandbox import cgroups, syscalls
from autograder.sandbox.forkserver import server
from autograder.sandbox.limits import Limits
from autograder.sandbox.local import LocalTree
from autograder.sandbox.mounts import INSIDE, environment, project_files, user_names

INSTALL = "apt-get install bubblewrap"
SETTINGS = Path("/proc/sys")
# a setting, its value that keeps user namespaces from ordinary users, what to do about it
BARRIERS = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1",
     "AppArmor allows user namespaces only to programs that have a profile, as on Ubuntu since "
     "23.10: give bwrap one, as docs/security.md shows under \"Ubuntu and AppArmor\""),
    ("kernel/unprivileged_userns_clone", "0",
     "allow user namespaces: `sudo sysctl kernel.unprivileged_userns_clone=1`"),
    ("user/max_user_namespaces", "0",
     "allow user namespaces: `sudo sysctl user.max_user_namespaces=15000`"))
FIRST_KERNEL = (5, 8)  # setns(2) takes a process from then on
NOBODY = 65534
# the range that systemd gives to services' short-lived users
FIRST_USER, USERS = 61184, 4336
SHARED_MEMORY_BYTES = 64 << 20
MAX_FILES = 16384  # of a temporary folder: an empty one takes none of its bytes, but the kernel's
END_SECONDS = 10  # for Linux to end all processes of a sandbox


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
    command = [*_namespaces(), "--ro-bind", "/", "/", "--", "true"]
    probe = subprocess.run(command, capture_output=True, text=True, check=False)
    if probe.returncode:
        lines = probe.stderr.strip().splitlines() or ["no reason given"]
        return f"bubblewrap may not make a sandbox here ({lines[-1]}){_remedy()}"
    return None


def _remedy() -> str:
    """What an administrator can do where Linux keeps user namespaces from ordinary users."""
    for setting, closed, remedy in BARRIERS:
        with contextlib.suppress(OSError):
            if os.geteuid() != 0 and (SETTINGS / setting).read_text().strip() == closed:
                return f": {remedy}"
    return ""


def start(_isolation: str, limits: Limits, hidden: tuple[Path, ...],
          modules: tuple[str, ...]) -> LocalTree:
    """A worker isolated by bubblewrap: a fork of the fork server, in namespaces made for it."""
    group = cgroups.make(limits.memory_bytes)
    control, theirs = socket.socketpair()
    life, its_life = socket.socketpair()
    fork = None
    with theirs, its_life, _namespaces_held(limits, hidden) as inside:
        if inside:  # else there is no sandbox, and `control` says so
            fork = server(modules).fork(
                theirs, its_life, inside=inside, user=_user(), become=os.geteuid() == 0,
                seccomp=syscalls.compiled().hex(), groups=group.files if group else [],
                folders={"/tmp": _folder(limits.tmp_bytes), "/dev/shm": _folder(
                    SHARED_MEMORY_BYTES)})

    def end():
        life.close()
        if fork:
            with fork.gone, contextlib.suppress(TimeoutError):
                fork.gone.settimeout(END_SECONDS)
                fork.gone.recv(1)

    return LocalTree(control, end, limits.memory_bytes, fork.keeper if fork else None,
                     group=group)


@contextlib.contextmanager
def _namespaces_held(limits: Limits, hidden: tuple[Path, ...]):
    """The number of a process in bubblewrap's namespaces, for now; None where there are none."""
    info, info_end = os.pipe()
    seccomp = _holding(syscalls.compiled())
    named = {path: _holding(text.encode()) for path, text in user_names(_user()).items()}
    names = ["--perms", "0755", "--dir", "/etc"]
    for path, number in named.items():
        names += ["--perms", "0444", "--ro-bind-data", str(number), path]
    holder = subprocess.Popen(
        [*_namespaces(), *names, *_mounts(limits, hidden), "--seccomp", str(seccomp),
         "--info-fd", str(info_end), "--", "cat"],
        pass_fds=[seccomp, info_end, *named.values()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment(INSIDE, Path("/tmp")), start_new_session=True)
    for number in (seccomp, info_end, *named.values()):
        os.close(number)
    assert holder.stdin and holder.stdout  # the two pipes that were asked for
    with open(info) as told, holder:
        with contextlib.suppress(BrokenPipeError):
            holder.stdin.write(b"\n")
            holder.stdin.flush()
        yield json.load(told)["child-pid"] if holder.stdout.read(1) else None
        # it ends with its input; the namespaces stay as long as the worker is in them


def _holding(data: bytes) -> int:
    """The reading end of a pipe that holds so much, which is little."""
    end, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return end


def _namespaces() -> list[str]:
    command = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
               "--unshare-cgroup-try", "--hostname", "sandbox", "--die-with-parent",
               "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        return command
    return [*command, "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]


def _user() -> int:
    """The unprivileged user inside: of its own for each of root's sandboxes at a time."""
    return NOBODY if os.geteuid() else FIRST_USER + os.getpid() % USERS


def _folder(size: int) -> str:
    """The options of a temporary folder, as bubblewrap mounted it, with its files counted."""
    return f"size={size},nr_inodes={MAX_FILES}"


def _mounts(limits: Limits, hidden: tuple[Path, ...]) -> list[str]:
    command = [
        "--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev",
        "--dev-bind", "/dev/null", "/dev/zero",  # a shared map of it is memory that nobody's is
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
    for folder in {ENGINE, *(Path(p).resolve() for p in hidden)}:
        if any(folder.is_relative_to(v) for v in visible):
            command += ["--tmpfs", str(folder)]
    for source, place in project_files():
        command += ["--ro-bind", str(source), str(INSIDE / place)]
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
