"""Every rule of the filter on system calls: from inside, in the compiled filter, in the profile."""

import errno
import json
import struct
import subprocess
import sys

import pytest

from autograder.sandbox import syscalls
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox

seccomp = pytest.importorskip("pyseccomp", exc_type=(ImportError, RuntimeError))

# what must never be allowed, written out: a name that finds its way into the data is noticed here
NEVER = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd
    move_pages migrate_pages mount umount2 mount_setattr move_mount open_tree fsopen fsconfig
    fsmount fspick pivot_root chroot unshare setns open_by_handle_at name_to_handle_at quotactl
    quotactl_fd swapon swapoff memfd_create memfd_secret shmget shmat shmctl shmdt semget semop
    semtimedop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive
    mq_notify mq_getsetattr inotify_init inotify_init1 fanotify_init io_setup io_submit vmsplice
    bpf perf_event_open keyctl add_key request_key userfaultfd io_uring_setup io_uring_enter
    io_uring_register init_module finit_module delete_module kexec_load kexec_file_load reboot
    syslog acct personality iopl ioperm modify_ldt vhangup lookup_dcookie seccomp sethostname
    setdomainname settimeofday clock_settime clock_adjtime adjtimex clone3
    landlock_create_ruleset landlock_add_rule remap_file_pages mincore mbind set_mempolicy
    sync syncfs sync_file_range membarrier
"""
REFUSED = NEVER.split()
CONDITIONAL = ("clone", "fcntl", "ioctl", "mmap", "socket", "socketpair")
NO, UNKNOWN, NO_FAMILY = errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT
HIGH = 1 << 40  # bits that the kernel does not look at in an int
# numbers of system calls on x86-64 and AArch64 end below; Linux 6.18 has 470
NUMBERS = range(1000)
# (system call, arguments, error that it ends with; None where it is let through)
USES = [
    *((name, (), UNKNOWN) for name in REFUSED),
    ("clone", (0x10000000,), UNKNOWN), ("clone", (0x10000000 | 0x11,), UNKNOWN),
    *(("clone", (1 << bit | 0x11,), UNKNOWN) for bit in (17, 25, 26, 27, 28, 29, 30)),
    ("clone", (0x7E020000,), UNKNOWN), ("clone", (0x11,), None), ("clone", (0x3D0F00,), None),
    *(("ioctl", (0, request | high), UNKNOWN) for request in (0x5412, 0x541C, 0x40049409, 0x1261)
      for high in (0, HIGH)),
    *(("ioctl", (0, request), None) for request in (0x5401, 0x5413, 0x541B, 0x5421, 0x802C542A)),
    ("mmap", (0, 4096, 3, 0x21), NO), ("mmap", (0, 4096, 3, 0x23), NO),
    ("mmap", (0, 4096, 3, 0x4021), NO), ("mmap", (0, 4096, 3, 0x40021), NO),
    ("mmap", (0, 4096, 3, 0x40022), UNKNOWN), ("mmap", (0, 4096, 3, 0x40001), UNKNOWN),
    *(("mmap", (0, 4096, 3, flags), None) for flags in (0x22, 0x01, 0x02, 0x4022, 0x20022, 0x812)),
    *(("fcntl", (0, command | high), NO) for command in (6, 7, 37, 38)
      for high in (0, HIGH)),
    *(("fcntl", (0, command), UNKNOWN) for command in (8, 1024, 1026, 1031, 1033)),
    *(("fcntl", (0, command), None) for command in (0, 1, 2, 3, 4, 5, 36, 1030, 1032, 1034)),
    *((call, (family, 1), None if family == 1 else NO_FAMILY)
      for call in ("socket", "socketpair") for family in range(46)),
    ("socket", (16 | HIGH, 3), NO_FAMILY), ("socket", (1 | HIGH, 3), NO_FAMILY),
    *((name, (), None) for name in ("read", "openat", "execve", "futex", "kill", "wait4")),
]
ARCHITECTURES = {"X86_64": 0xC000003E, "AARCH64": 0xC00000B7}  # as <linux/audit.h> numbers them


def number(name: str) -> int:
    """The system call's number here; negative where this architecture has none."""
    return seccomp.resolve_syscall(seccomp.system_arch(), name)


HERE = [use for use in USES if number(use[0]) >= 0]


def compiled(rules=syscalls.RULES, allowed=syscalls.ALLOWED) -> list[tuple]:
    """The instructions of a filter with these rules."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(syscalls, "RULES", rules)
        patched.setattr(syscalls, "ALLOWED", allowed)
        return list(struct.iter_unpack("HBBI", syscalls.compiled.__wrapped__()))


def judge(filter_: list[tuple], call: str | int, arguments: tuple = ()) -> int | None:
    """What the filter says of a call, as the kernel computes it (bpf(4), seccomp(2))."""
    machine = next(value for key, value in ARCHITECTURES.items()
                   if getattr(seccomp.Arch, key) == seccomp.system_arch())
    called = number(call) if isinstance(call, str) else call
    data = struct.pack("<iIQ6Q", called, machine, 0, *arguments, *[0] * (6 - len(arguments)))
    place, value = 0, 0
    while True:
        code, true, false, k = filter_[place]
        place += 1
        if code == 0x20:  # load
            (value,) = struct.unpack_from("<I", data, k)
        elif code == 0x54:  # and
            value &= k
        elif code == 0x05:  # jump
            place += k
        elif code in (0x15, 0x25, 0x35, 0x45):
            holds = {0x15: value == k, 0x25: value > k, 0x35: value >= k, 0x45: bool(value & k)}
            place += true if holds[code] else false
        else:
            assert code == 0x06  # return
            assert k == 0x7FFF0000 or k >> 16 == 5  # let through, or an error
            return None if k == 0x7FFF0000 else k & 0xFFFF


def judged_by_profile(profile: dict, name: str, arguments: tuple) -> int | None:
    """What a container's engine makes of the profile: the first rule that fits."""
    values = [*arguments, *[0] * (6 - len(arguments))]
    fits = {"SCMP_CMP_MASKED_EQ": lambda is_, rule: is_ & rule["value"] == rule["valueTwo"],
            "SCMP_CMP_GT": lambda is_, rule: is_ > rule["value"],
            "SCMP_CMP_LT": lambda is_, rule: is_ < rule["value"]}
    for rule in profile["syscalls"]:
        if name in rule["names"] and all(fits[a["op"]](values[a["index"]], a)
                                         for a in rule.get("args", [])):
            return None if rule["action"] == "SCMP_ACT_ALLOW" else rule["errnoRet"]
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    return profile["defaultErrnoRet"]


def test_the_filter_lets_through_what_is_written_here_and_nothing_else():
    instructions = compiled()
    assert {use: judge(instructions, *use[:2]) for use in HERE} == {use: use[2] for use in HERE}


def test_every_number_that_the_data_does_not_name_is_refused():
    """Also those of system calls that a later Linux has."""
    instructions = compiled()
    let_through = {call for call in NUMBERS if judge(instructions, call) is None}
    named = {number(name) for name in (*syscalls.ALLOWED, *CONDITIONAL)}
    assert let_through - {number(name) for name in CONDITIONAL} == (
        named & set(NUMBERS)) - {number(name) for name in CONDITIONAL}
    assert {judge(instructions, call) for call in set(NUMBERS) - named} == {UNKNOWN}


def test_the_data_is_in_order():
    assert list(syscalls.ALLOWED) == sorted(set(syscalls.ALLOWED))
    assert not set(syscalls.ALLOWED) & {*REFUSED, *CONDITIONAL}
    assert {rule.name for rule in syscalls.RULES} == set(CONDITIONAL)
    numbers = [seccomp.resolve_syscall(getattr(seccomp.Arch, machine), name)
               for name in syscalls.ALLOWED for machine in ARCHITECTURES]
    assert all(max(pair) >= 0 for pair in zip(numbers[::2], numbers[1::2], strict=True))


def test_rules_of_one_call_exclude_each_other():
    """Libseccomp promises no order among them."""
    def holds(rule, value):
        return value != rule.value if rule.other else value & rule.mask == rule.value

    values = [*range(0x6000), *(1 << bit for bit in range(64)), *syscalls.TERMINALS,
              *(rule.value | bits for rule in syscalls.RULES
                for bits in (0, 0x20, 0x40000, 0x40020, HIGH))]
    for name in CONDITIONAL:
        rules = [rule for rule in syscalls.RULES if rule.name == name]
        assert all(len({rule.error for rule in rules if holds(rule, value)}) <= 1
                   for value in values)


def test_the_profile_for_containers_refuses_the_same(tmp_path):
    syscalls.write_profile(tmp_path / "profile.json")
    profile = json.loads((tmp_path / "profile.json").read_text())
    assert {use: judged_by_profile(profile, *use[:2]) for use in USES} == {
        use: use[2] for use in USES}


@pytest.mark.parametrize("rule", [
    rule for rule in syscalls.RULES if rule.name != "ioctl" and number(rule.name) >= 0],
    ids=lambda rule: f"{rule.name}-{rule.value}-{rule.error}")
def test_no_rule_can_go_unnoticed(rule):
    without = compiled(tuple(other for other in syscalls.RULES if other is not rule))
    assert any(judge(without, *use[:2]) != use[2] for use in HERE)


@pytest.mark.parametrize("rule", [rule for rule in syscalls.RULES if rule.name in (
    "clone", "mmap") and not rule.error], ids=lambda rule: f"{rule.name}-{rule.mask}")
def test_no_rule_can_lose_its_condition(rule):
    rules = tuple(other for other in syscalls.RULES if other.name != rule.name)
    instructions = compiled(rules, (*syscalls.ALLOWED, rule.name))
    assert any(judge(instructions, *use[:2]) != use[2] for use in HERE)


# prints what each of the calls on its command line ends with
CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for number, arguments in {calls}:
    ctypes.set_errno(0)
    done = libc.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments))
    if number == {clone} and done == 0:
        os._exit(0)
    print(0 if done >= 0 else ctypes.get_errno())
"""


def code_of(uses) -> str:
    calls = [(number(name), arguments) for name, arguments, _ in uses]
    return CALL.format(calls=calls, clone=number("clone"))


def test_from_inside(bubblewrap):
    refused = [use for use in HERE if use[2]]
    with Sandbox(bubblewrap, Limits(cell_seconds=20)) as sandbox:
        (report,) = sandbox.execute([code_of(refused)]).cells
    assert report.error is None
    assert dict(zip(refused, map(int, report.stdout.split()), strict=True)) == {
        use: use[2] for use in refused}


def test_outside_of_the_filter_they_end_otherwise():
    """What proves that it is the filter which answers inside."""
    tried = [use for use in HERE if use[2] and use[0] in ("ioctl", "mmap", "fcntl")]
    tried += [("socket", (1 << 4, 3), NO_FAMILY), ("memfd_create", (), UNKNOWN)]
    done = subprocess.run([sys.executable, "-c", code_of(tried)], capture_output=True, text=True,
                          check=True, stdin=subprocess.DEVNULL)
    answers = dict(zip(tried, map(int, done.stdout.split()), strict=True))
    assert not {use for use in tried if answers[use] == use[2]}
