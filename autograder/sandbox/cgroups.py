"""Control groups, where this machine lets us make one: a limit on memory that the kernel keeps.

A group counts all memory of its processes, files in temporary folders and the kernel's own buffers
for them included (cgroups(7); Documentation/admin-guide/cgroup-v2.rst in Linux's source). Root
has one nearly everywhere; others where a part of the hierarchy was delegated to them, as
`systemd-run --user --scope` does. Elsewhere a watch looks at the processes (local.py).
"""

import contextlib
import functools
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNTS, OWN = Path("/proc/self/mountinfo"), Path("/proc/self/cgroup")
PREFIX = "autograder"
EMPTY_SECONDS = 5  # for a group whose processes have ended to say so
# version of the hierarchy: the files that hold limits on memory, on memory and swap, and events
FILES = {
    1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control"),
    2: ("memory.max", "memory.swap.max", "memory.events"),
}
_numbers = itertools.count()


@dataclass(frozen=True)
class Group:
    """One sandbox's group: the folder that stands for it, in that version of the hierarchy."""

    folder: Path
    version: int

    @property
    def files(self) -> list[str]:
        """Where the number of a process is written to put it into the group."""
        return [str(self.folder / "cgroup.procs")]

    def ran_out(self) -> bool:
        """Whether the kernel has ended one of its processes for want of memory."""
        try:
            lines = (self.folder / FILES[self.version][2]).read_text().splitlines()
        except OSError:
            return False
        return any(int(number) > 0 for name, _, number in (line.partition(" ") for line in lines)
                   if name == "oom_kill")

    def remove(self) -> None:
        """Remove the group once it is empty."""
        deadline = time.monotonic() + EMPTY_SECONDS
        while True:
            try:
                self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                if time.monotonic() > deadline:
                    return
                time.sleep(0.01)


def make(memory_bytes: int) -> Group | None:
    """A new group whose processes may use so much memory together; None where there is none."""
    place = parent()
    if place is None:
        return None
    folder, version = place
    group = Group(folder / f"{PREFIX}-{os.getpid()}-{next(_numbers)}", version)
    limit, swap, _ = FILES[version]
    try:
        group.folder.mkdir()
        (group.folder / limit).write_text(str(memory_bytes))
        with contextlib.suppress(OSError):  # a machine may count no swap
            (group.folder / swap).write_text("0" if version == 2 else str(memory_bytes))
    except OSError:
        group.remove()
        return None
    return group


@functools.cache
def parent() -> tuple[Path, int] | None:
    """The folder below which we may make groups that limit memory, and its version; or None."""
    place = next((place for place in _candidates() if _works(*place)), None)
    if place:  # what a killed grader has left
        for folder in place[0].glob(f"{PREFIX}-*"):
            owner = folder.name.split("-")[1]
            if owner.isdigit() and not Path("/proc", owner).exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()
    return place


def _candidates() -> Iterator[tuple[Path, int]]:
    """Our own groups and those above them, in each hierarchy that may limit memory."""
    try:
        mounts = [line.split(" - ") for line in MOUNTS.read_text().splitlines()]
        own = [line.split(":", 2) for line in OWN.read_text().splitlines()]
    except OSError:
        return
    for left, right in mounts:
        root, point = left.split()[3:5]
        kind, _, options = right.split()[:3]
        if kind == "cgroup2":
            version, mine = 2, [path for _, names, path in own if names == ""]
        elif kind == "cgroup" and "memory" in options.split(","):
            version, mine = 1, [path for _, names, path in own if "memory" in names.split(",")]
        else:
            continue
        for path in mine:
            with contextlib.suppress(ValueError):  # of another namespace
                inside = Path(path).relative_to(root)
                for folder in (Path(point, inside), *Path(point, inside).parents):
                    if folder.is_relative_to(point):
                        yield folder, version


def _works(folder: Path, version: int) -> bool:
    """Whether a group below the folder can limit memory, seen by making one."""
    group = Group(folder / f"{PREFIX}-{os.getpid()}-probe", version)
    try:
        group.folder.mkdir()
    except OSError:
        return False
    found = (group.folder / FILES[version][0]).exists()
    group.remove()
    return found
