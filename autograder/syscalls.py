"""System calls that no homework needs, refused inside the sandbox by a seccomp filter.

The list follows what Docker's default profile and Flatpak refuse: tracing other processes, mounts
and name spaces, keys, kernel modules, and interfaces with a history of privilege escalation.
"""

import errno
import functools
import json
import tempfile
from pathlib import Path

DENIED = (
    # other processes' memory and descriptors
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    # mounts, roots and name spaces
    "mount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig",
    "fsmount", "fspick", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at",
    "name_to_handle_at", "quotactl", "swapon", "swapoff",
    # the kernel and the machine
    "bpf", "perf_event_open", "keyctl", "add_key", "request_key", "userfaultfd", "fanotify_init",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "reboot", "syslog", "acct", "personality",
    "iopl", "ioperm", "modify_ldt", "vhangup", "lookup_dcookie", "memfd_secret",
    "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
)
CLONE_NEWUSER = 0x10000000
TIOCSTI = 0x5412  # types characters into a terminal
LAST_FAMILY = 10  # Linux's AF_INET6; beyond lie netlink, raw packets, the kernel's ciphers, vsock


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

    no = seccomp.ERRNO(errno.EPERM)
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in DENIED:
        rules.add_rule(no, name)
    # the C library falls back to clone, whose flags a filter can read
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(
        no, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER))
    rules.add_rule(no, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, TIOCSTI))
    rules.add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), "socket",
                   seccomp.Arg(0, seccomp.GT, LAST_FAMILY))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def write_profile(path: Path) -> None:
    """Write the same filter as the JSON profile that Docker and Podman read."""
    def rule(names, error=errno.EPERM, **arguments):
        return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": error,
                **({"args": [{"index": 0, **arguments}]} if arguments else {})}

    newuser = {"value": CLONE_NEWUSER, "valueTwo": CLONE_NEWUSER, "op": "SCMP_CMP_MASKED_EQ"}
    path.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        rule(list(DENIED)),
        rule(["clone3"], errno.ENOSYS),
        rule(["clone"], **newuser),
        rule(["ioctl"], index=1, value=0xFFFFFFFF, valueTwo=TIOCSTI, op="SCMP_CMP_MASKED_EQ"),
        rule(["socket"], errno.EAFNOSUPPORT, value=int(LAST_FAMILY), op="SCMP_CMP_GT"),
    ]}))
