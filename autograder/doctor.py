"""What a machine and a course need for grading, each looked at rather than assumed."""

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.isolation import bubblewrap_problem
from autograder.sandbox import Limits, Sandbox, SandboxDied

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
for path in ("/probe", "/usr/probe", "/course/probe"):
    try:
        open(path, "w")
    except OSError:
        continue
    raise AssertionError(path)
""",
    "unprivileged": """
import os
assert os.getuid() == 65534
with open("/proc/self/status") as file:
    assert "CapEff:\\t0000000000000000" in file.read()
""",
    "no environment": "import os\nassert not {'USER', 'LOGNAME', 'SHELL'} & set(os.environ)",
    "graders hidden": """
import importlib.util
assert importlib.util.find_spec("autograder.grading") is None
""",
}


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
    problem = bubblewrap_problem()
    if problem:
        return [Finding("isolation", False, problem)]
    findings = [Finding("isolation", True, "bubblewrap starts a sandbox here")]
    with Sandbox("bubblewrap", Limits()) as sandbox:
        try:
            reports = sandbox.execute(list(PROBES.values()))
        except SandboxDied as death:
            return [*findings, Finding("probes", False, f"the sandbox ended ({death.reason})")]
    for name, report in zip(PROBES, reports):
        ok = report["outcome"] == "ok"
        findings.append(Finding(f"sandbox: {name}", ok, "held" if ok else "did NOT hold"))
    return findings


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
