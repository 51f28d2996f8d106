"""Isolation by bubblewrap: name spaces, a read-only system, an empty temporary folder.

Started by root, the sandbox drops to a user of its own, so that the kernel counts its processes
apart from all others. Started by anybody else it lives in a user name space, where the same
limits hold.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder import syscalls
from autograder.inside import (
    INSIDE,
    Limits,
    environment,
    project_files,
    python_path,
    worker_command,
)
from autograder.local import LocalTree

INSTALL = "apt-get install bubblewrap"
NOBODY = 65534
# the range that systemd gives to services' short-lived users
FIRST_USER, USERS = 61184, 4336
SHARED_MEMORY_BYTES = 64 << 20


def problem() -> str | None:
    """Why bubblewrap cannot isolate on this machine, or None."""
    if sys.platform != "linux":
        return "bubblewrap needs Linux"
    if not shutil.which("bwrap"):
        return f"bubblewrap is not installed: {INSTALL}"
    if syscalls.unavailable():
        return syscalls.unavailable()
    command = [*_spaces(), "--ro-bind", "/", "/", "--", *_user(), "true"]
    probe = subprocess.run(command, capture_output=True, text=True, check=False)
    if probe.returncode:
        lines = probe.stderr.strip().splitlines() or ["no reason given"]
        return f"bubblewrap may not make a sandbox here ({lines[-1]})"
    return None


def start(_isolation: str, limits: Limits, hidden: tuple[Path, ...]) -> LocalTree:
    """A worker isolated by bubblewrap."""
    env = environment(INSIDE, Path("/tmp"))
    filter_fd = syscalls.filter_file()
    options = [*_spaces(), *_mounts(limits, hidden), "--seccomp", str(filter_fd), "--clearenv"]
    for name, value in env.items():
        options += ["--setenv", name, value]
    return LocalTree(
        lambda fd: [*options, "--", *_user(), *worker_command(python_path(), fd)],
        limits.memory_bytes, env, "/", descriptors=(filter_fd,))


def _spaces() -> list[str]:
    command = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
               "--unshare-cgroup-try", "--hostname", "sandbox", "--die-with-parent",
               "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # only what `_user` needs, which gives it away
        return [*command, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
                "--cap-add", "CAP_SETPCAP"]
    return [*command, "--unshare-user", "--disable-userns",
            "--uid", str(NOBODY), "--gid", str(NOBODY)]


def _user() -> list[str]:
    """The command that becomes an unprivileged user inside, before the worker starts."""
    if os.geteuid() != 0:
        return []
    user = str(FIRST_USER + os.getpid() % USERS)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all"]


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
