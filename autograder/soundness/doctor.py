"""What a machine and a course need for grading, each looked at rather than assumed."""

import importlib.util
import inspect
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.sandbox import processes
from autograder.sandbox.isolation import KINDS, isolation_problem
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import Process
from autograder.sandbox.sandbox import Sandbox, SandboxDied
from autograder.term.course import Course

MIN_FREE_BYTES = 1 << 30

# run inside the sandbox: each fails unless a promise of docs/security.md holds
PROBES = {
    "no network": """
with open("/proc/net/dev") as file:
    assert [line.split(":")[0].strip() for line in file.readlines()[2:]] == ["lo"]
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError:
    pass
else:
    raise AssertionError
""",
    "system is read-only": """
for path in ("/probe", "/usr/probe", "/course/probe", "/dev/probe", "/proc/self/comm"):
    try:
        open(path, "w")
    except OSError:
        continue
    raise AssertionError(path)
""",
    "unprivileged": """
import os
assert os.getuid() != 0
with open("/proc/self/status") as file:
    assert all(int(line.split()[1], 16) == 0 for line in file if line.startswith("Cap"))
""",
    "no environment": "import os\nassert not {'USER', 'LOGNAME', 'SHELL'} & set(os.environ)",
    "system calls are filtered": """
import ctypes, errno, fcntl, os, socket
libc = ctypes.CDLL(None, use_errno=True)
new_user, shared, anonymous = 0x10000000, 0x01, 0x20
def refused(call):
    assert call() == -1 and ctypes.get_errno() == errno.ENOSYS
refused(lambda: libc.unshare(new_user))
refused(lambda: libc.ptrace(0, 0, 0, 0))
refused(lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))
refused(lambda: libc.ioctl(0, ctypes.c_ulong(0x5412), b"x"))
if os.uname().machine == "x86_64":
    refused(lambda: libc.syscall(56, new_user | 17, 0, 0, 0, 0))  # clone
    refused(lambda: libc.syscall(435, 0, 0))  # clone3
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_VSOCK, socket.AF_NETLINK,
               socket.AF_PACKET):
    try:
        socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        continue
    raise AssertionError(family)
""",
    "no memory without a process": """
import ctypes, errno, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
for call in (lambda: libc.memfd_create(b"x", 0), lambda: libc.shmget(0, 4096, 0o1600),
             lambda: libc.msgget(0, 0o1600), lambda: libc.semget(0, 1, 0o1600)):
    assert call() == -1 and ctypes.get_errno() == errno.ENOSYS
for file in (-1, os.open("/dev/zero", os.O_RDWR)):
    try:
        mmap.mmap(file, 4096)
    except (OSError, ValueError):
        continue
    raise AssertionError(file)
""",
    "no further user namespace": """
with open("/proc/sys/user/max_user_namespaces") as file:
    assert file.read().strip() == "0"
""",
    "other processes are closed": """
import os
for number in filter(str.isdigit, os.listdir("/proc")):
    if int(number) != os.getpid():
        for name, mode in (("mem", "r+b"), ("environ", "rb"), ("maps", "rb")):
            try:
                open(f"/proc/{number}/{name}", mode).read(1)
            except OSError:
                continue
            raise AssertionError(number, name)
""",
    "processes are counted": """
import os, signal
children = []
try:
    while len(children) < 500:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
assert len(children) < 500
""",
    "files are bounded": """
import os
try:
    for number in range(64):
        with open(f"/tmp/{number}", "wb") as file:
            file.write(bytes(32 << 20))
except OSError:
    pass
else:
    raise AssertionError
finally:
    for name in os.listdir("/tmp"):
        if name.isdigit():
            os.unlink("/tmp/" + name)
""",
    "graders hidden": """
import importlib.util
for hidden in ("grading", "graders", "sandbox", "api"):
    assert importlib.util.find_spec("autograder." + hidden) is None
""",
}
# promises that a container keeps in another way
NOT_IN = {"no further user namespace": ("docker", "podman")}
# the same list of processes from inside a container, whose first process is ours
LISTING = f"""{inspect.getsource(processes)}
import json
print(json.dumps([vars(process) for process in all_here(frozenset({{1}}))]))
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    detail: str


def examine(root: Path) -> list[Finding]:
    """Look at everything that grading in `root` needs."""
    return [_python(), *_packages(), *_isolation(), _disk(root), _course(root)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _packages() -> list[Finding]:
    names = ["nbgrader", "nncourse", "numpy", "matplotlib"]
    absent = [n for n in names if importlib.util.find_spec(n) is None]
    detail = f"pip install {' '.join(absent)}" if absent else ", ".join(names)
    return [Finding("packages", not absent, detail)]


def _isolation() -> list[Finding]:
    problems = {kind: isolation_problem(kind) for kind in KINDS}
    working = [kind for kind, problem in problems.items() if problem is None]
    if not working:
        return [Finding(kind, False, problem) for kind, problem in problems.items() if problem]
    return [Finding("isolation", True, f"{' and '.join(working)} can isolate here"),
            *(finding for kind in working for finding in _probe(kind))]


def _probe(kind: str) -> list[Finding]:
    """The promises looked at from inside, and each process of a running sandbox."""
    probes = {name: code for name, code in PROBES.items() if kind not in NOT_IN.get(name, ())}
    with Sandbox(kind, Limits()) as sandbox:
        try:
            reports = sandbox.execute([*probes.values(), LISTING]).cells
        except SandboxDied as death:
            return [Finding(kind, False, f"the sandbox ended while probed ({death.reason})")]
        running = (sandbox.processes() if kind == "bubblewrap"
                   else [Process(**fields) for fields in json.loads(reports[-1].stdout)])
        memory = ("its control group" if sandbox.in_control_group
                  else "a watch (no control group is to be had here)")
    held = {name: report.outcome == "ok" for name, report in zip(probes, reports)}
    return [*(Finding(f"{kind}: {name}", ok, "held" if ok else "did NOT hold")
              for name, ok in held.items()),
            *(Finding(f"{kind}: {found.name}", not found.outside(), str(found))
              for found in running),
            Finding(f"{kind}: memory", True, f"limited by {memory}" if kind == "bubblewrap"
                    else f"limited by {kind}")]


def _disk(root: Path) -> Finding:
    folder = root if root.exists() else Path(".")
    free = shutil.disk_usage(folder).free
    return Finding("disk", free >= MIN_FREE_BYTES, f"{free / 2**30:.1f} GiB free in {folder}")


def _course(root: Path) -> Finding:
    try:
        course = Course(root)
    except AutograderError as error:
        return Finding("course", False, str(error))
    names = sorted(p.parent.name for p in course.path("source").glob("*/*.ipynb"))
    return Finding("course", bool(names), f"{course.root}: {', '.join(names) or 'no assignments'}")
