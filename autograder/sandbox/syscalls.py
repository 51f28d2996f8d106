"""The system calls that a sandbox may make; a seccomp filter refuses every other one.

What may be called whatever the arguments is a list, `allowed_calls.py`: the part of Docker's
default profile that homework needs. It has no tracing, mounts, namespaces, keys or kernel modules,
none of the interfaces with a history of privilege escalation, and nothing that holds memory that no
process maps, which a watch over processes cannot count. A call of a later Linux is refused until
somebody has read what it does. To a program a refused call looks like one that Linux lacks, so that
the C library falls back to another (as in Podman's profile).
"""

import errno
import functools
import json
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.allowed_calls import ALLOWED

WHOLE = 0xFFFFFFFFFFFFFFFF
WORD = 0xFFFFFFFF  # of an argument that Linux reads as an int
NEW_NAMESPACES = 0x7E020000  # all CLONE_NEW* of <linux/sched.h>
MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, MAP_ANONYMOUS = 0x01, 0x02, 0x03, 0x20
MAP_TYPE, MAP_HUGETLB = 0x0F, 0x40000
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_OFD_GETLK, F_DUPFD_CLOEXEC, F_GETPIPE_SZ,
# F_GET_SEALS
DESCRIPTORS = (0, 1, 2, 3, 4, 5, 36, 1030, 1032, 1034)
# F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW: each lock of a range of bytes is memory of the
# kernel, and nothing limits their number
LOCKS = (6, 7, 37, 38)
# of terminals and pipes, but for those that type into a terminal (TIOCSTI, TIOCLINUX):
# TCGETS to TCSETAF, TCSBRK, TCXONC, TCFLSH, TIOCSCTTY, TIOCGPGRP, TIOCSPGRP, TIOCOUTQ, TIOCGWINSZ,
# TIOCSWINSZ, FIONREAD, FIONBIO, TIOCNOTTY, TIOCGSID, TCGETS2 to TCSETSF2, TIOCGPTN, TIOCSPTLCK,
# TIOCGPTPEER, FIONCLEX, FIOCLEX
TERMINALS = (*range(0x5401, 0x540C), 0x540E, 0x540F, 0x5410, 0x5411, 0x5413, 0x5414, 0x541B, 0x5421,
             0x5422, 0x5429, 0x802C542A, 0x402C542B, 0x402C542C, 0x402C542D, 0x80045430, 0x40045431,
             0x5441, 0x5450, 0x5451)


@dataclass(frozen=True)
class Rule:
    """What becomes of some uses of the call `name`: allowed, or refused with `error`.

    They are those whose argument number `index`, its bits outside `mask` left out, is `value`; or,
    with `other`, whose whole argument is anything else.
    """

    name: str
    index: int
    mask: int
    value: int
    error: int = 0
    other: bool = False

    def conditions(self) -> list[tuple[str, tuple[int, ...]]]:
        """libseccomp's comparisons of the argument, any of which may hold, with their operands."""
        if self.other:
            return [("GT", (self.value,)), ("LT", (self.value,))]
        return [("MASKED_EQ", (self.mask, self.value))]


# Those of one call exclude each other: libseccomp promises no order. Uses that no rule names are
# refused as any other call; where programs look at the error, it is the one that they expect.
RULES = (
    # the C library falls back to clone from clone3, whose flags a filter cannot read
    Rule("clone", 0, NEW_NAMESPACES, 0),
    *(Rule("fcntl", 1, WORD, command) for command in DESCRIPTORS),
    *(Rule("fcntl", 1, WORD, command, errno.EPERM) for command in LOCKS),
    *(Rule("ioctl", 1, WORD, request) for request in TERMINALS),
    # memory that is shared and in no file stays while no process shows it as its own (madvise(2),
    # MADV_DONTNEED)
    Rule("mmap", 3, MAP_HUGETLB | MAP_ANONYMOUS, 0),
    Rule("mmap", 3, MAP_HUGETLB | MAP_ANONYMOUS | MAP_TYPE, MAP_ANONYMOUS | MAP_PRIVATE),
    Rule("mmap", 3, MAP_ANONYMOUS | MAP_TYPE, MAP_ANONYMOUS | MAP_SHARED, errno.EPERM),
    Rule("mmap", 3, MAP_ANONYMOUS | MAP_TYPE, MAP_ANONYMOUS | MAP_SHARED_VALIDATE, errno.EPERM),
    # no other family: there is no network, and TCP's buffers are memory that nobody maps
    *(Rule(name, 0, WHOLE, int(socket.AF_UNIX)) for name in ("socket", "socketpair")),
    *(Rule(name, 0, WHOLE, int(socket.AF_UNIX), errno.EAFNOSUPPORT, other=True)
      for name in ("socket", "socketpair")),
)


def unavailable() -> str | None:
    """Why no filter can be made here, or None."""
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, RuntimeError, OSError):
        return "libseccomp is not installed: apt-get install libseccomp2, pip install pyseccomp"
    return None


@functools.cache
def compiled() -> bytes:
    """The filter as the instructions that the kernel reads, eight bytes each."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
    for name in ALLOWED:
        rules.add_rule(seccomp.ALLOW, name)
    for rule in RULES:
        action = seccomp.ERRNO(rule.error) if rule.error else seccomp.ALLOW
        for operator, operands in rule.conditions():
            rules.add_rule(action, rule.name,
                           seccomp.Arg(rule.index, getattr(seccomp, operator), *operands))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def write_profile(path: Path) -> None:
    """Write the same filter as the JSON profile that Docker and Podman read."""
    path.write_text(json.dumps({
        "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": errno.ENOSYS,
        "syscalls": [{"names": ALLOWED, "action": "SCMP_ACT_ALLOW"},
                     *(_profile_rule(rule, *condition)
                       for rule in RULES for condition in rule.conditions())]}))


def _profile_rule(rule: Rule, operator: str, operands: tuple[int, ...]) -> dict[str, object]:
    argument = {"index": rule.index, "op": f"SCMP_CMP_{operator}",
                **dict(zip(("value", "valueTwo"), operands, strict=False))}
    action = {"action": "SCMP_ACT_ERRNO", "errnoRet": rule.error} if rule.error else {
        "action": "SCMP_ACT_ALLOW"}
    return {"names": [rule.name], **action, "args": [argument]}
