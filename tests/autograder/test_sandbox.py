"""Limits, deaths and the ways to isolate: what docs/security.md promises about a sandbox."""

import ctypes
import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import toy
from nbformat.v4 import new_code_cell
from toy_graders.toy import reference

from autograder.errors import AutograderError
from autograder.grading import judge
from autograder.grading.grade import grade
from autograder.grading.sessions import SandboxedCode
from autograder.grading.student import Budget, Student
from autograder.inside import relay, worker
from autograder.paths import ENGINE
from autograder.sandbox import bubblewrap as backend
from autograder.sandbox import container, forkserver, isolation
from autograder.sandbox.limits import Limits
from autograder.sandbox.mounts import project_files
from autograder.sandbox.sandbox import Sandbox, SandboxDied

QUICK = Limits(cell_seconds=4, call_seconds=2)


def with_limits(**rlimits):
    return dataclasses.replace(QUICK, cell_seconds=20, rlimits=QUICK.rlimits | rlimits)


def run(kind, cells, limits=QUICK):
    """The reports of the cells."""
    with Sandbox(kind, limits) as sandbox:
        return sandbox.execute(cells).cells


def test_where_bubblewrap_makes_namespaces_a_sandbox_starts():
    """A wall that stands no more would have all other tests of it skipped."""
    pytest.importorskip("pyseccomp", exc_type=(ImportError, RuntimeError))
    probe = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc",
             *([] if os.geteuid() == 0 else ["--unshare-user"]),
             "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "true"]
    if not shutil.which("bwrap") or subprocess.run(probe, check=False).returncode != 0:
        pytest.skip("bubblewrap may not make namespaces here")
    problem = isolation.isolation_problem("bubblewrap")
    if problem and "or newer" in problem:
        pytest.skip(problem)
    assert problem is None


# limits -------------------------------------------------------------------------------------------
def test_processor_time_ends_the_process(isolation):
    with pytest.raises(SandboxDied) as death:
        run(isolation, ["1", "while True:\n    pass"], with_limits(RLIMIT_CPU=3))
    assert (death.value.reason, death.value.cell) == ("killed", 1)


@pytest.mark.parametrize("name, code", [
    ("RLIMIT_AS", "bytearray(1500 << 20)"),
    ("RLIMIT_FSIZE", "open('/tmp/x', 'wb').write(bytes(9 << 20))"),
    ("RLIMIT_NOFILE", "kept = [open('/dev/null') for _ in range(70)]"),
])
def test_a_process_that_takes_too_much_gets_an_error(isolation, name, code):
    limits = with_limits(**{name: {"RLIMIT_AS": 1300 << 20, "RLIMIT_FSIZE": 8 << 20,
                                   "RLIMIT_NOFILE": 64}[name]})
    wrong, right = run(isolation, [code, "1"], limits)
    assert wrong.outcome == "error" and right.outcome == "ok"
    assert wrong.error.startswith(("MemoryError", "OSError"))
    assert run(isolation, [code], with_limits())[0].outcome == "ok"  # it was that limit


def test_a_process_that_crashes_leaves_nothing_of_its_memory(isolation):
    code = "import resource\nprint(*resource.getrlimit(resource.RLIMIT_CORE))"
    (report,) = run(isolation, [code])
    assert report.stdout == "0 0\n"


def test_a_process_alone_gets_an_error_before_all_together_have_too_much():
    assert 1 << 30 <= Limits().rlimits["RLIMIT_AS"] < Limits().memory_bytes


def test_processes_are_counted(bubblewrap):
    code = ("import os, signal\nchildren = []\ntry:\n    while len(children) < 200:\n"
            "        child = os.fork()\n        if child == 0:\n            signal.pause()\n"
            "        children.append(child)\nexcept OSError:\n    pass\n"
            "for child in children:\n    os.kill(child, 9)\nprint(len(children))")
    (report,) = run(bubblewrap, [code], with_limits(RLIMIT_NPROC=20))
    assert 5 < int(report.stdout) < 20


def test_all_processes_together_may_use_so_much_memory(isolation):
    limits = dataclasses.replace(QUICK, cell_seconds=20, memory_bytes=500 << 20)
    code = ("import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n"
            "        kept = bytearray(b'x') * (200 << 20)\n        time.sleep(10)\n"
            "        os._exit(0)\nends = [os.wait()[1] for _ in range(4)]\n"
            "assert any(end == 9 for end in ends), ends")
    started = time.monotonic()
    with Sandbox(isolation, limits) as sandbox:
        (report,) = sandbox.execute([code]).cells
        assert report.outcome == "ok" and sandbox._tree.out_of_memory()
    assert time.monotonic() - started < 20


def test_a_cell_that_uses_too_much_memory_is_told_so(toy_assignment, isolation):
    book = toy.source()
    book.cells.insert(0, new_code_cell(
        "import time\nkept = bytearray(b'x') * (900 << 20)\ntime.sleep(3)"))
    limits = dataclasses.replace(QUICK, cell_seconds=20, memory_bytes=500 << 20)
    result = grade(toy.as_bytes(book), toy_assignment, isolation, limits)
    assert result["cells"][0]["outcome"] == "memory" and result["score"] == 5
    assert "more memory than a submission may" in result["notes"][0]


def test_the_time_of_all_calls_together_is_bounded(toy_assignment, isolation):
    slow = "import time\ndef double(x):\n    time.sleep(0.4)\n    return 2 * x"
    limits = dataclasses.replace(QUICK, tests_seconds=0.3)
    result = grade(toy.as_bytes(toy.source(double=slow)), toy_assignment, isolation, limits)
    tests = [test for part in result["parts"] for test in part["tests"]]
    assert [test["outcome"] for test in tests] == ["passed", "timeout", "timeout"]
    assert "was used up by the calls before" in tests[-1]["message"]


def test_comparing_an_answer_takes_the_submissions_time(monkeypatch):
    compare = judge.check_value

    def slow(*args, **kwargs):
        time.sleep(0.1)
        compare(*args, **kwargs)

    monkeypatch.setattr(judge, "check_value", slow)
    x = np.arange(3.0)
    student = Student(lambda request: {"value": 2 * x, "changed": []}, reference, {}, 0,
                      Budget(call_seconds=1, tests_seconds=0.05))
    student.compare("double", x)
    with pytest.raises(judge.Verdict, match="was used up"):
        student.compare("double", x)


# deaths -------------------------------------------------------------------------------------------
def test_a_sandbox_that_the_machine_ends_once_costs_nothing(toy_assignment, isolation, monkeypatch):
    started = []

    class DiesAtFirst(Sandbox):
        def go_on(self, *args):
            started.append(self)
            super().go_on(*args)
            if len(started) == 1:
                self.control.close()
                self._done.pop()
                raise SandboxDied("killed", 1)

    monkeypatch.setattr("autograder.sandbox.sandbox.Sandbox", DiesAtFirst)
    result = grade(toy.as_bytes(toy.source()), toy_assignment, isolation)
    assert (result["score"], result["notes"]) == (5, [])
    # died, run without that cell, graded again as a whole; each goes on more than once
    assert len(set(map(id, started))) == 3


def test_a_fork_that_the_machine_ends_once_costs_nothing(toy_assignment, isolation, monkeypatch):
    killed = []
    ask = SandboxedCode._ask

    def interrupted(self, sock, request):
        if not killed:
            killed.append(sock.shutdown(socket.SHUT_RDWR))
        return ask(self, sock, request)

    monkeypatch.setattr(SandboxedCode, "_ask", interrupted)
    assert grade(toy.as_bytes(toy.source()), toy_assignment, isolation)["score"] == 5
    assert killed


# kinds --------------------------------------------------------------------------------------------
def test_no_isolation_is_refused_with_every_reason(monkeypatch):
    monkeypatch.setattr(isolation, "isolation_problem", lambda kind: f"no {kind}")
    with pytest.raises(AutograderError) as refusal:
        isolation.choose_isolation(unsafe=False)
    assert all(f"no {kind}" in str(refusal.value) for kind in isolation.KINDS)
    assert "--unsafe" in str(refusal.value) and "\n" not in str(refusal.value)
    assert isolation.choose_isolation(unsafe=True) == "none"


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("working, chosen", [
    (("bubblewrap", "docker", "podman"), "bubblewrap"), (("docker", "podman"), "docker"),
    (("podman",), "podman")])
def test_the_first_isolation_that_works_is_taken_however_it_is_asked_for(monkeypatch, working,
                                                                         chosen, unsafe):
    monkeypatch.setattr(isolation, "isolation_problem",
                        lambda kind: None if kind in working else f"no {kind}")
    assert isolation.choose_isolation(unsafe) == chosen == isolation.isolation_in_a_container()


def test_in_a_container_without_isolation_root_has_another_user_for_it(monkeypatch):
    monkeypatch.setattr(isolation, "isolation_problem", lambda kind: f"no {kind}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert isolation.isolation_in_a_container() == "user"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(AutograderError, match="no bubblewrap"):
        isolation.isolation_in_a_container()


@pytest.mark.parametrize("problem, found", [("no bwrap", "no bwrap"), (None, None), (
    SandboxDied("killed", None), "Python does not start inside bubblewrap")])
def test_what_keeps_bubblewrap_from_isolating_is_found(monkeypatch, problem, found):
    class Box:
        def __init__(self, kind, limits):
            assert kind == "bubblewrap"

        def execute(self, cells):
            if problem:
                raise problem

        __enter__, __exit__ = lambda self: self, lambda *_: None

    monkeypatch.setattr(isolation, "Sandbox", Box)
    monkeypatch.setattr(backend, "problem", lambda: problem if isinstance(problem, str) else None)
    assert isolation.isolation_problem.__wrapped__("bubblewrap") == found


@pytest.mark.parametrize("setting, value, says", [
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor allows .*docs/security.md"),
    ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=15000"),
    ("user/max_user_namespaces", "9999", "Permission denied[)]$")])
def test_what_keeps_bubblewrap_from_its_namespaces_is_said(monkeypatch, tmp_path, setting, value,
                                                           says):
    stub = tmp_path / "bin" / "bwrap"
    stub.parent.mkdir()
    stub.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    stub.chmod(0o755)
    (tmp_path / setting).parent.mkdir()
    (tmp_path / setting).write_text(value + "\n")
    monkeypatch.setenv("PATH", str(stub.parent), prepend=os.pathsep)
    monkeypatch.setattr(backend, "SETTINGS", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert re.search(says, backend.problem())
    monkeypatch.setattr(os, "geteuid", lambda: 0)  # for root it is something else
    assert backend.problem().endswith("(bwrap: setting up uid map: Permission denied)")


# the fork server ----------------------------------------------------------------------------------
def inside(cells, modules=("numpy", "email.mime")):
    """What the cells print in a sandbox of bubblewrap's."""
    with Sandbox("bubblewrap", QUICK, (), modules) as sandbox:
        reports = sandbox.execute(cells).cells
    assert [report.error for report in reports] == [None] * len(cells)
    return [report.stdout for report in reports]


def test_libraries_are_there_before_the_notebook_asks(bubblewrap):
    code = "import sys\nprint('email.mime' in sys.modules)"
    assert inside([code]) == ["True\n"]
    assert inside([code], modules=("no_such_module",)) == ["False\n"]


def test_so_is_what_torch_imports_only_when_it_is_used(bubblewrap):
    code = "import sys, torch\nprint('torch._dynamo' in sys.modules)"
    assert inside([code], modules=("torch",)) == ["True\n"]


def test_libraries_lie_in_large_pages(bubblewrap):
    memory = np.ones(2 * forkserver.LARGE_PAGE, np.uint8)
    place = memory.ctypes.data + -memory.ctypes.data % forkserver.LARGE_PAGE
    if ctypes.CDLL(None).madvise(ctypes.c_void_p(place), ctypes.c_size_t(forkserver.LARGE_PAGE),
                                 forkserver.MADV_COLLAPSE) != 0:
        pytest.skip("this kernel has none to give")
    modules = ("numpy", "json")
    inside(["pass"], modules)
    text = Path(f"/proc/{forkserver.server(modules).number}/smaps_rollup").read_text()
    assert int(re.search(r"AnonHugePages: +(\d+)", text)[1]) > 0


def test_only_spans_of_a_process_own_data_move_to_large_pages():
    spans = "\n".join([
        "5581a000-5583b000 rw-p 00000000 00:00 0                          [heap]",
        "7f0000000000-7f0000400000 rw-p 00000000 00:00 0 ",
        "7f0000400000-7f0000600000 r--p 00000000 00:00 0 ",
        "7f0000600000-7f0000601000 rw-p 00033000 fe:00 338944             /usr/lib/libc.so.6",
        "7f0000601000-7f0000701000 rw-s 00000000 00:01 1034               /dev/shm/shared",
        "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  [stack]"])
    assert forkserver.DATA.findall(spans) == [
        ("5581a000", "5583b000"), ("7f0000000000", "7f0000400000")]


def test_of_the_engine_a_sandbox_holds_what_is_inside_and_nothing_else(bubblewrap):
    look = ("import os\nfor folder, below, files in os.walk('/course/autograder'):\n"
            "    below[:] = [name for name in below if name != '__pycache__']\n"
            "    print(*(os.path.join(folder, name) for name in files), sep='\\n')")
    there = [ENGINE / "__init__.py", *(ENGINE / "inside").glob("*.py")]
    assert set(inside([look])[0].split()) == {
        f"/course/autograder/{path.relative_to(ENGINE)}" for path in there}


def test_all_is_mounted_with_every_restriction(bubblewrap):
    mounts = {}  # of several at one place the last is seen
    for line in inside(["print(open('/proc/self/mounts').read(), end='')"])[0].splitlines():
        place, _, options = line.split()[1:4]
        mounts[place] = options.split(",")
    assert all("nosuid" in options for options in mounts.values())
    devices = {place for place in mounts if place.startswith("/dev/") and place != "/dev/shm"}
    assert devices == {place for place, options in mounts.items() if "nodev" not in options}
    assert {place for place, options in mounts.items() if "rw" in options} == {
        *devices, "/tmp", "/dev/shm"}
    assert "noexec" in mounts["/proc"]
    assert {"hidepid=2", "hidepid=invisible"} & set(mounts["/proc"])
    assert {"nr_inodes=16384", f"size={QUICK.tmp_bytes >> 10}k"} <= set(mounts["/tmp"])
    assert {"nr_inodes=16384", "size=65536k"} <= set(mounts["/dev/shm"])
    assert {"/usr", "/course/nncourse", "/course/autograder/inside"} <= mounts.keys()


def test_a_sandbox_has_its_own_names_folder_and_session(bubblewrap):
    look = ("import os, pwd, grp, socket\nme = pwd.getpwuid(os.getuid())\n"
            "group = grp.getgrgid(os.getgid())\n"
            "print(os.getcwd(), socket.gethostname(), me.pw_name, group.gr_name, me.pw_dir,"
            " os.getsid(0) == os.getpid(), open('/proc/self/oom_score_adj').read(),"
            " oct(os.stat('/tmp').st_mode), oct(os.stat('/dev/shm').st_mode))")
    assert inside([look])[0].split() == ["/tmp", "sandbox", "student", "student", "/tmp", "True",
                                         "1000", "0o41777", "0o41777"]


def test_no_submission_meets_what_another_left(bubblewrap):
    leave = ("import builtins, os, numpy\nnumpy.left = builtins.left = os.environ['LEFT'] = 'me'\n"
             "numpy.mean = None\nopen('/tmp/left', 'w').close()\nprint(numpy.left)")
    look = ("import builtins, os, numpy\nprint(hasattr(numpy, 'left'), hasattr(builtins, 'left'),"
            " 'LEFT' in os.environ, numpy.mean([4.0]), os.path.exists('/tmp/left'))")
    assert inside([leave]) == ["me\n"]
    assert inside([look]) == ["False False False 4.0 False\n"]


def test_a_worker_holds_no_privilege_and_no_descriptor_of_its_server(bubblewrap):
    status, descriptors, modules = inside([
        "print(open('/proc/self/status').read())",
        "import os\nprint(*sorted(os.listdir('/proc/self/fd')))",
        "import sys\nprint(*{m.__file__ for m in sys.modules.values()"
        " if getattr(m, '__file__', None) and not __import__('os').path.exists(m.__file__)})"])
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert {fields[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} \
        == {"0" * 16}
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert "0" not in fields["Uid"].split() + fields["Gid"].split() + fields["Groups"].split()
    assert descriptors.split() == ["0", "1", "2", "3", "4"]  # 3: the control socket, 4: this look
    assert modules.split() == []  # nothing that was loaded lies outside


SERVER = """
import json, os, socket, sys
jobs = socket.socket(fileno=int(sys.argv[1]))
told = json.loads(jobs.recv(1000))
jobs.send(json.dumps({
    "modules": told, "alone": os.getsid(0) == os.getpid(), "folder": os.getcwd(),
    "user's": not sys.flags.no_user_site, "secret": "CANVAS_TOKEN" in os.environ,
    "streams": [os.readlink(f"/proc/self/fd/{n}") for n in range(3)]}).encode())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_a_server_is_this_projects_silent_and_alone(monkeypatch, tmp_path):
    """Wherever the command is run."""
    place = tmp_path / "project" / "autograder" / "sandbox" / "forkserver.py"
    place.parent.mkdir(parents=True)
    place.write_text(SERVER)
    monkeypatch.setattr(forkserver, "PROJECT", tmp_path / "project")
    monkeypatch.setenv("CANVAS_TOKEN", "secret")
    server = forkserver.ForkServer.start(("numpy",))
    server.jobs.settimeout(20)
    try:
        assert json.loads(server.jobs.recv(forkserver.MAX_JOB)) == {
            "modules": ["numpy"], "alone": True, "folder": str(tmp_path / "project"),
            "user's": False, "secret": False, "streams": ["/dev/null"] * 3}
    finally:
        server.close()


def test_a_server_that_was_killed_is_started_again(bubblewrap, toy_assignment):
    server = forkserver.server(toy_assignment.modules)
    server._process.kill()
    server._process.wait()
    result = grade(toy.as_bytes(toy.source()), toy_assignment, "bubblewrap")
    assert (result["score"], result["notes"]) == (5, [])
    assert forkserver.server(toy_assignment.modules) is not server


def test_a_server_that_stops_answering_is_replaced(bubblewrap, monkeypatch):
    server = forkserver.server(("numpy",))
    os.kill(server._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(forkserver, "ANSWER_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert server.fork(theirs, theirs, inside=os.getpid()) is None
    assert forkserver.server(("numpy",)) is not server


# kinds of isolation -------------------------------------------------------------------------------
@pytest.mark.parametrize("engine", ["docker", "podman"])
def test_a_container_isolates_as_well(engine, toy_assignment):
    if isolation.isolation_problem(engine):
        pytest.skip(isolation.isolation_problem(engine))
    result = grade(toy.as_bytes(toy.source()), toy_assignment, engine)
    assert (result["score"], result["isolation"]) == (5, engine)
    hostile = toy.source(double="import os\nos.kill(-1, 9)")
    assert grade(toy.as_bytes(hostile), toy_assignment, engine)["score"] == 2


def test_a_worker_without_isolation_imports_nothing_that_lies_around():
    (report,) = run("none", ["import os, sys\nprint(sys.flags.safe_path, sys.flags.no_user_site, "
                             "os.getsid(0) == os.getpid())"])
    assert report.stdout.split() == ["True", "1", "True"], report


def test_a_container_is_started_with_every_restriction(monkeypatch, tmp_path):
    """What Docker would be told, where there is no Docker to tell."""
    program = tmp_path / "docker"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/told\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    tree = container.start("docker", QUICK, (), ())
    tree.process.wait()
    tree.close()
    told = (tmp_path / "told").read_text().splitlines()
    pairs = set(zip(told, told[1:]))
    assert {("--network", "none"), ("--cap-drop", "ALL"), ("--user", "65534:65534"),
            ("--security-opt", "no-new-privileges"), ("--memory", str(QUICK.memory_bytes)),
            ("--pids-limit", "64")} <= pairs
    assert "--read-only" in told
    assert " -s -P -m autograder.inside.relay " in " ".join([*told, ""])
    volumes = [after for flag, after in pairs if flag == "--volume"]
    assert len(volumes) == len(project_files()) and all(v.endswith(":ro") for v in volumes)
    assert told[-2] == "kill" and told[-1].startswith("autograder-")


def test_the_relay_carries_a_whole_submission(toy_assignment, isolation, monkeypatch, project):
    """The container's protocol, its far end an ordinary process of this machine."""
    monkeypatch.setitem(sys.modules["autograder.sandbox.sandbox"].__dict__, "local", RelayedWorkers)
    for code, score in ((toy.DOUBLE, 5), ("def double(x):\n    import os; os._exit(0)", 2),
                        ("import os, sys\nfor n in range(3, 99):\n    try: os.write(n, b'x' * 99)\n"
                         "    except OSError: pass", 2)):
        result = grade(toy.as_bytes(toy.source(double=code)), toy_assignment, "none", QUICK)
        assert result["score"] == score, result["parts"]


@pytest.fixture
def far_end():
    """A relay's thread, the pipe that it reads, the one that it writes, and its control socket."""
    into, out = os.pipe(), os.pipe()
    near, control = socket.socketpair()
    opened = []

    def on_open(number):
        opened.append(socket.socketpair())
        return opened[-1][0]

    running = threading.Thread(target=relay.Relay(into[0], out[1], near, on_open).run, daemon=True)
    running.start()
    yield SimpleNamespace(thread=running, write=into[1], read=out[0], control=control,
                          opened=opened)
    os.close(into[1])
    running.join()
    for number in (into[0], *out):
        os.close(number)
    for sock in [control, *(end for pair in opened for end in pair)]:
        sock.close()


def frame(number, data=b"", length=None):
    return relay.HEADER.pack(number, len(data) if length is None else length) + data


def frame_of(end):
    """The next frame that a relay writes."""
    number, length = relay.HEADER.unpack(os.read(end.read, relay.HEADER.size))
    return number, os.read(end.read, length) if 0 < length < relay.OPEN else length


def test_a_relay_carries_each_sockets_bytes(far_end):
    os.write(far_end.write, frame(0, b"job") + frame(7, length=relay.OPEN) + frame(7, b"ask"))
    assert far_end.control.recv(9) == b"job"
    far_end.control.send(b"said")
    assert frame_of(far_end) == (0, b"said")
    far_end.opened[0][1].settimeout(20)
    assert far_end.opened[0][1].recv(9) == b"ask"
    far_end.opened[0][1].send(b"reply")
    assert frame_of(far_end) == (7, b"reply")
    far_end.opened[0][1].close()
    assert frame_of(far_end) == (7, 0)  # closed there as well
    os.write(far_end.write, frame(7, b"late") + frame(9, b"nobody's") + frame(0, b"on"))
    assert far_end.control.recv(9) == b"on"
    assert far_end.thread.is_alive()


@pytest.mark.parametrize("said", [
    frame(0), frame(0, length=relay.OPEN), frame(3, length=relay.OPEN) * 2,
    frame(0, length=relay.CHUNK + 1)])
def test_a_relay_ends_with_its_control_socket_and_at_what_is_no_frame(far_end, said):
    os.write(far_end.write, said)
    far_end.thread.join(20)
    assert not far_end.thread.is_alive()
    far_end.control.settimeout(20)
    assert far_end.control.recv(1) == b""  # whoever waits there learns of it


def test_the_most_that_a_frame_holds_is_carried(far_end):
    whole = os.urandom(relay.CHUNK)
    writing = threading.Thread(target=os.write, args=(far_end.write, frame(0, whole)))
    writing.start()  # more than the pipe holds
    came = b""
    while len(came) < len(whole):
        came += far_end.control.recv(relay.CHUNK)
    writing.join()
    assert came == whole


def test_a_frame_may_come_in_pieces(far_end):
    whole = frame(0, b"abcd") + frame(0, b"next")
    for start in range(0, len(whole), 5):
        os.write(far_end.write, whole[start:start + 5])
        time.sleep(0.02)
    came = b""
    while len(came) < 8:
        came += far_end.control.recv(9)
    assert came == b"abcdnext"


@pytest.mark.skipif(sys.platform != "linux", reason="containers run Linux")
def test_a_worker_cannot_write_to_the_memory_of_its_relay():
    code = ("import ctypes\nfrom types import SimpleNamespace as Made\n"
            "from autograder.inside import relay\n"
            "dumpable = lambda: print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
            "relay.Relay = lambda *_: Made(run=dumpable)\ndumpable()\n"
            "relay.subprocess.Popen = lambda *_, **__: None\nrelay.main()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]


class RelayedWorkers:
    """Stands in for `local`: starts workers behind a relay, as a container does."""

    @staticmethod
    def start(_isolation, limits, _hidden, _modules):
        return RelayedTree()


class RelayedTree:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder.inside.relay"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
        self.control, theirs = socket.socketpair()
        self._relay = relay.Relay(self.process.stdout.fileno(), self.process.stdin.fileno(), theirs)
        self._pump = threading.Thread(target=self._relay.run)
        self._pump.start()

    open_socket = container.ContainerTree.open_socket

    def out_of_memory(self):
        return False

    def close(self):
        os.killpg(self.process.pid, 9)
        self.process.wait()
        self._pump.join()
        for end in (self.process.stdin, self.process.stdout, self.control):
            end.close()


def test_torch_has_one_thread_for_a_fork_and_its_own_again_afterwards(monkeypatch):
    said = []
    torch = SimpleNamespace(get_num_threads=lambda: 4, set_num_threads=said.append)
    monkeypatch.setitem(sys.modules, "torch", torch)
    with worker.one_thread():
        assert said == [1]
    assert said == [1, 4]
