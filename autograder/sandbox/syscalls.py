"""System calls that no homework needs, refused inside the sandbox by a seccomp filter.

The list follows what Docker's default profile and Flatpak refuse: tracing other processes, mounts
and namespaces, keys, kernel modules, and interfaces with a history of privilege escalation. It
also refuses what holds memory that no process maps, which a watch over processes cannot count.
"""

import errno
import functools
import json
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

DENIED = (
    # other processes' memory and descriptors
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease",
    "kcmp", "pidfd_getfd", "move_pages", "migrate_pages",
    # mounts, roots and namespaces
    "mount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig",
    "fsmount", "fspick", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at",
    "name_to_handle_at", "quotactl", "quotactl_fd", "swapon", "swapoff",
    # memory that belongs to no process: System V and POSIX objects, files without a file system
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "shmdt", "semget", "semop",
    "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink",
    "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr", "inotify_init",
    "inotify_init1", "fanotify_init", "io_setup", "io_submit", "vmsplice",
    # the kernel and the machine
    "bpf", "perf_event_open", "keyctl", "add_key", "request_key", "userfaultfd",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "reboot", "syslog", "acct", "personality",
    "iopl", "ioperm", "modify_ldt", "vhangup", "lookup_dcookie", "seccomp",
    "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
)
CLONE_NEWUSER = 0x10000000
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type characters into a terminal
MAP_SHARED, MAP_SHARED_VALIDATE, MAP_ANONYMOUS, MAP_HUGETLB = 0x01, 0x03, 0x20, 0x40000
MAP_KIND = 0x0F | MAP_ANONYMOUS
# locks of byte ranges: each is memory of the kernel, and nothing limits their number
LOCKS = {"F_SETLK": 6, "F_SETLKW": 7, "F_OFD_SETLK": 37, "F_OFD_SETLKW": 38}
WORD = 0xFFFFFFFF


@dataclass(frozen=True)
class Rule:
    """A refusal with `error` of the call `name`; where `mask` is set, of some of its uses only.

    Those are the ones whose argument number `index`, its bits outside `mask` left out, is `value`;
    or, with `other`, is anything else.
    """

    name: str
    error: int = errno.EPERM
    index: int = 0
    mask: int = 0
    value: int = 0
    other: bool = False


RULES = (
    *(Rule(name) for name in DENIED),
    # the C library falls back to clone, whose flags a filter can read
    Rule("clone3", errno.ENOSYS),
    Rule("clone", mask=CLONE_NEWUSER, value=CLONE_NEWUSER),
    Rule("ioctl", index=1, mask=WORD, value=TIOCSTI),
    Rule("ioctl", index=1, mask=WORD, value=TIOCLINUX),
    # memory that stays while no process shows it as its own (madvise(2), MADV_DONTNEED)
    Rule("mmap", index=3, mask=MAP_KIND, value=MAP_SHARED | MAP_ANONYMOUS),
    Rule("mmap", index=3, mask=MAP_KIND, value=MAP_SHARED_VALIDATE | MAP_ANONYMOUS),
    Rule("mmap", index=3, mask=MAP_HUGETLB, value=MAP_HUGETLB),
    *(Rule("fcntl", index=1, mask=WORD, value=command) for command in LOCKS.values()),
    # no other family: there is no network, and TCP's buffers are memory that nobody maps
    Rule("socket", errno.EAFNOSUPPORT, mask=WORD, value=int(socket.AF_UNIX), other=True),
    Rule("socketpair", errno.EAFNOSUPPORT, mask=WORD, value=int(socket.AF_UNIX), other=True),
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

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for rule in RULES:
        action = seccomp.ERRNO(rule.error)
        if not rule.mask:
            rules.add_rule(action, rule.name)
        elif not rule.other:
            rules.add_rule(action, rule.name,
                           seccomp.Arg(rule.index, seccomp.MASKED_EQ, rule.mask, rule.value))
        else:
            for operator in (seccomp.GT, seccomp.LT):
                rules.add_rule(action, rule.name, seccomp.Arg(rule.index, operator, rule.value))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def write_profile(path: Path) -> None:
    """Write the same filter as the JSON profile that Docker and Podman read."""
    path.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": [rule.name], "action": "SCMP_ACT_ERRNO", "errnoRet": rule.error,
         **({"args": [arguments]} if arguments else {})}
        for rule in RULES for arguments in _profile_arguments(rule)]}))


def _profile_arguments(rule: Rule) -> list[dict[str, object]]:
    if not rule.mask:
        return [{}]
    if rule.other:
        return [{"index": rule.index, "value": rule.value, "op": operator}
                for operator in ("SCMP_CMP_GT", "SCMP_CMP_LT")]
    return [{"index": rule.index, "value": rule.mask, "valueTwo": rule.value,
             "op": "SCMP_CMP_MASKED_EQ"}]
