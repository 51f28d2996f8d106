"""The processes of a running sandbox, each with what keeps it inside.

This module is also sent into containers, whose processes cannot be seen from here; so it imports
nothing of ours.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

FILTERED = "2"  # proc_pid_status(5), Seccomp: SECCOMP_MODE_FILTER


@dataclass(frozen=True)
class Process:
    """One process; `ours` where it never runs student code.

    `writable` says whether another process of its user may write to its memory (prctl(2),
    PR_SET_DUMPABLE).
    """

    number: int
    name: str
    user: int
    filtered: bool
    capable: bool
    may_gain: bool
    writable: bool
    ours: bool

    def outside(self) -> list[str]:
        """The layers that it is not inside of, in words."""
        return [what for what, holds in (
            ("it is root", self.user == 0),
            ("its system calls are not filtered", not self.filtered),
            ("it has capabilities", self.capable),
            ("it may gain privileges", self.may_gain),
            ("student code may write to its memory", self.ours and self.writable)) if holds]

    def __str__(self):
        where = ", ".join(self.outside()) or "inside every layer"
        return (f"process {self.number} ({self.name}), user {self.user}, "
                f"{'ours' if self.ours else 'student code'}: {where}")


def look(number: int, ours: bool) -> Process | None:
    """What Linux says of a process; None where it has ended."""
    with contextlib.suppress(OSError):
        folder = Path(f"/proc/{number}")
        status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines()
                      if ":\t" in line)
        user = int(status["Uid"].split()[0])
        return Process(
            number, status["Name"], user, status["Seccomp"] == FILTERED,
            any(int(status[name], 16) for name in status if name.startswith("Cap")),
            status["NoNewPrivs"] != "1", os.stat(folder / "environ").st_uid == user, ours)
    return None


def all_here(ours: frozenset[int]) -> list[Process]:
    """All processes that can be seen; `ours` are the numbers of those without student code."""
    numbers = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
    return [found for number in numbers if (found := look(number, number in ours))]
