"""Every process of a sandbox is inside every layer, and all memory is counted or refused."""

import dataclasses
import os
import socket
import subprocess
import sys
import time

import psutil
import pytest
import toy
from nbformat.v4 import new_code_cell
from ta import readable_system

from autograder.grading.grade import grade
from autograder.sandbox import bubblewrap as wall
from autograder.sandbox import cgroups, local, protocol
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import Process
from autograder.sandbox.sandbox import Sandbox, SandboxDied
from autograder.soundness import doctor

QUICK = Limits(cell_seconds=20, call_seconds=2, memory_bytes=500 << 20)
INSIDE = Process(number=9, name="python", user=65534, filtered=True, capable=False, may_gain=False,
                 writable=False, ours=True)


@pytest.fixture(params=["control group", "watch"])
def limited_by(request, monkeypatch, bubblewrap):
    """The two ways to limit memory, the first where this machine has it."""
    if request.param == "watch":
        monkeypatch.setattr(cgroups, "parent", lambda: None)
    elif cgroups.parent() is None:
        pytest.skip("no control group is to be had here")
    return request.param


def run(code, limits=QUICK):
    """The report of one cell, and whether memory ran out meanwhile."""
    with Sandbox("bubblewrap", limits) as sandbox:
        (report,) = sandbox.execute([code]).cells
        return report, sandbox._tree.out_of_memory()


# processes ----------------------------------------------------------------------------------------
def test_all_processes_of_a_running_sandbox_are_inside(bubblewrap):
    start = ("import subprocess\nkept = [subprocess.Popen(['sleep', '9'], start_new_session=True)"
             " for _ in range(2)]")
    with Sandbox(bubblewrap, QUICK) as sandbox:
        sandbox.execute([start])
        running = sandbox.processes()
    assert [process.outside() for process in running] == [[]] * len(running)
    assert [process.name for process in running if not process.ours].count("sleep") == 2
    assert sum(process.ours for process in running) == 2
    assert not {os.getuid(), 0} & {process.user for process in running if os.getuid() == 0}


@pytest.mark.parametrize("change", [
    {"user": 0}, {"filtered": False}, {"capable": True}, {"may_gain": True}, {"writable": True}])
def test_a_process_outside_of_one_layer_is_found(change, monkeypatch, bubblewrap):
    assert INSIDE.outside() == []
    outside = dataclasses.replace(INSIDE, **change)
    assert len(outside.outside()) == 1
    monkeypatch.setattr(Sandbox, "processes", lambda self: [INSIDE, outside])
    findings = [f.ok for f in doctor._probe("bubblewrap") if f.what == "bubblewrap: python"]
    assert findings == [True, False]


def test_this_very_process_is_outside():
    (mine,) = [p for p in [doctor.processes.look(os.getpid(), True)] if p]
    assert "its system calls are not filtered" in mine.outside()
    assert "student code may write to its memory" in mine.outside()


def test_all_processes_are_seen_and_whose_they_are(monkeypatch):
    me = os.getpid()
    found = doctor.processes.all_here(frozenset({me}))
    numbers = [process.number for process in found]
    assert numbers == sorted(set(numbers)) and {me, os.getppid()} <= set(numbers)
    assert [process.number for process in found if process.ours] == [me]
    (mine,) = [process for process in found if process.ours]
    assert mine.user == os.getuid() and mine.writable
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert doctor.processes.look(ended.pid, True) is None


def test_doctor_finds_everybody_inside_as_an_ordinary_user(project, bubblewrap):
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    done = subprocess.run(
        [*readable_system(project), "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
         "--inh-caps=-all", "--bounding-set=-all", sys.executable, "-m", "autograder", "doctor"],
        cwd=project, capture_output=True, text=True, check=False,
        env={"HOME": "/tmp/home", "PATH": os.environ["PATH"], "PYTHONPATH": str(project)})
    assert done.stdout.count("inside every layer") == 3, done.stdout + done.stderr
    assert "missing" not in done.stdout


def test_student_code_sees_no_process_but_its_own(bubblewrap):
    look = ("import os\nprint(sorted(p for p in os.listdir('/proc') if p.isdigit()))\n"
            "for path in ('/proc/1/mem', '/proc/self/mem', '/proc/self/oom_score_adj'):\n"
            "    try:\n        open(path, 'r+b')\n        print('opened', path)\n"
            "    except OSError as error:\n        print(error.errno)")
    report, _ = run(look)
    assert report.stdout.splitlines() == ["['2']", "2", "30", "30"]  # ENOENT, EROFS


# memory -------------------------------------------------------------------------------------------
def test_files_in_temporary_folders_are_counted(limited_by):
    """By their number everywhere; by a control group as memory as well."""
    report, _ = run("for n in range(20_000):\n    open(f'/tmp/{n}', 'w').close()")
    assert report.error.startswith("OSError") and "No space" in report.error
    fill = ("kept = bytearray(b'x') * (300 << 20)\n"
            "for n in range(7):\n    open(f'/tmp/{n}', 'wb').write(bytes(32 << 20))")
    if limited_by == "control group":
        with pytest.raises(SandboxDied, match="memory"):
            run(fill)
    else:
        assert run(fill)[0].outcome == "ok"  # docs/security.md says by how much


def test_buffers_of_sockets_are_counted(limited_by):
    fill = """
import os, socket, time
children = []
for _ in range(30):
    child = os.fork()
    if child == 0:
        kept = []
        try:
            while True:
                kept.append(socket.socketpair())
                kept[-1][0].setblocking(False)
                try:
                    while True:
                        kept[-1][0].send(bytes(65536))
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(8)
        os._exit(0)
    children.append(child)
ends = [os.waitpid(child, 0)[1] for child in children]
print(ends)
"""
    try:
        report, ran_out = run(fill)
    except SandboxDied as death:  # the worker was the largest
        assert death.reason == "memory"
    else:
        assert ran_out and "9" in report.stdout


class Using:
    """A process that uses so much memory: as it seems, and its share of what is shared."""

    def __init__(self, resident, share=None):
        self.resident, self.share, self.killed = resident, share or resident, False

    def kill(self):
        self.killed = True
        if self.resident == 7:
            raise psutil.NoSuchProcess(0)  # it ended meanwhile


@pytest.mark.parametrize("tree, held, killed", [
    ([Using(40), Using(60)], 0, []), ([Using(41), Using(60)], 0, [60]),
    ([Using(60), Using(60), Using(30)], 0, [60]), ([Using(90), Using(80), Using(70)], 0, [90, 80]),
    ([Using(90, 10), Using(80, 10)], 0, []), ([Using(90, 10), Using(80, 95)], 0, [80]),
    ([Using(40), Using(40)], 10, []), ([Using(40), Using(39)], 11, [40]),
    ([Using(101), Using(7, 200)], 0, [7, 101])])
def test_the_largest_are_ended_until_the_others_have_room(monkeypatch, tree, held, killed):
    monkeypatch.setattr(local, "_descendants", lambda root: tree)
    monkeypatch.setattr(local, "_resident", lambda process: process.resident)
    monkeypatch.setattr(local, "_proportional", lambda process: process.share)
    monkeypatch.setattr(local, "_buffered", lambda processes: held * len(processes))
    watched = local.LocalTree(None, None, 100, None)
    watched._look(None)
    assert sorted(p.resident for p in tree if p.killed) == sorted(killed)
    assert watched.out_of_memory() == bool(killed)


def test_the_root_of_a_tree_counts_where_it_is_students_code(monkeypatch):
    root = Using(200)
    monkeypatch.setattr(local, "_resident", lambda process: process.resident)
    monkeypatch.setattr(local, "_proportional", lambda process: process.share)
    monkeypatch.setattr(local, "_buffered", lambda processes: 0)
    monkeypatch.setattr(local, "_descendants", lambda root: [])
    for with_root in (False, True):
        local.LocalTree(None, None, 100, None, with_root)._look(root)
        assert root.killed == with_root


def test_each_descriptor_counts_as_all_that_a_socket_may_hold():
    me = psutil.Process()
    before = local._buffered([me])
    pairs = [socket.socketpair() for _ in range(20)]
    assert local._buffered([me]) - before == 40 * local._socket_bytes()
    assert local._buffered([me, me]) - local._buffered([me]) >= 40 * local._socket_bytes()
    for one, other in pairs:
        one.close()
        other.close()
    assert local._socket_bytes() >= 1 << 16
    ended = psutil.Popen(["true"])
    ended.wait()
    assert local._buffered([ended]) == 0 == local._resident(ended) == local._proportional(ended)
    assert local._resident(me) > 1 << 20 and local._proportional(me) > 1 << 20


@pytest.mark.parametrize("code", [
    "import mmap\nmmap.mmap(-1, 4096)",
    "import mmap, os\nmmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "import os\nos.memfd_create('x')",
    "import fcntl\nfcntl.lockf(open('/tmp/x', 'w'), fcntl.LOCK_EX, 1)",
])
def test_memory_that_no_process_shows_is_refused(code, bubblewrap):
    assert run(code)[0].outcome == "error"


def test_what_libraries_need_is_not_refused(bubblewrap):
    pool = ("import multiprocessing as mp\ndef square(x):\n    return x * x\n"
            "with mp.Pool(2) as pool:\n    print(pool.map(square, [2, 3]))")
    shared = "from multiprocessing import Array\nprint(Array('d', 2)[:])"
    loader = ("import torch\nfrom torch.utils.data import DataLoader\n"
              "print(sum(len(x) for x in DataLoader(torch.zeros(6, 2), 2, num_workers=2)))")
    threads = "torch.set_num_threads(2)\nprint((torch.ones(300, 300) @ torch.ones(300))[0].item())"
    with Sandbox("bubblewrap", Limits()) as sandbox:
        reports = sandbox.execute([pool, shared, loader, threads]).cells
    assert [report.stdout for report in reports] == [
        "[4, 9]\n", "[0.0, 0.0]\n", "6\n", "300.0\n"], reports


def test_groups_are_looked_for_in_both_versions(tmp_path, monkeypatch):
    mounts, own = tmp_path / "mountinfo", tmp_path / "cgroup"
    monkeypatch.setattr(cgroups, "MOUNTS", mounts)
    monkeypatch.setattr(cgroups, "OWN", own)
    mounts.write_text("30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
    own.write_text("0::/user.slice/app.slice/run.scope\n")
    assert [(str(folder), version) for folder, version in cgroups._candidates()] == [
        ("/sys/fs/cgroup/user.slice/app.slice/run.scope", 2),
        ("/sys/fs/cgroup/user.slice/app.slice", 2), ("/sys/fs/cgroup/user.slice", 2),
        ("/sys/fs/cgroup", 2)]
    mounts.write_text("31 1 0:27 / /sys/fs/cgroup/memory rw - cgroup none rw,memory\n"
                      "32 1 0:28 / /sys/fs/cgroup/cpu rw - cgroup none rw,cpu\n")
    own.write_text("4:memory:/a\n1:cpu:/b\n")
    assert [(str(folder), version) for folder, version in cgroups._candidates()] == [
        ("/sys/fs/cgroup/memory/a", 1), ("/sys/fs/cgroup/memory", 1)]
    mounts.unlink()
    assert list(cgroups._candidates()) == []


def test_a_version_2_group_limits_memory_and_swap(tmp_path, monkeypatch):
    """Its files, where the kernel here has another version."""
    monkeypatch.setattr(cgroups, "parent", lambda: (tmp_path, 2))
    group = cgroups.make(1 << 30)
    assert (group.folder / "memory.max").read_text() == str(1 << 30)
    assert (group.folder / "memory.swap.max").read_text() == "0"
    (group.folder / "memory.events").write_text("oom 3\noom_kill 0\n")
    assert not group.ran_out()
    (group.folder / "memory.events").write_text("oom 3\noom_kill 1\n")
    assert group.ran_out()


def test_groups_of_a_grader_that_was_killed_are_removed(bubblewrap):
    if cgroups.parent() is None:
        pytest.skip("no control group is to be had here")
    left = cgroups.parent()[0] / f"{cgroups.PREFIX}-99999999-0"
    left.mkdir()
    cgroups.parent.cache_clear()
    assert cgroups.parent() and not left.exists()


def test_no_group_is_left_behind(limited_by):
    with Sandbox("bubblewrap", QUICK) as sandbox:
        sandbox.execute(["1"])
        group = sandbox._tree.group
        assert (group is not None) == sandbox.in_control_group == (limited_by == "control group")
    assert group is None or not group.folder.exists()


# totals -------------------------------------------------------------------------------------------
def test_what_a_notebook_prints_and_draws_is_bounded_as_a_whole(toy_assignment, isolation):
    book = toy.source()
    book.cells += [new_code_cell("print('x' * 19_000)") for _ in range(120)]
    book.cells += [new_code_cell("import numpy as np\nfrom PIL import Image\n"
                                 "Image.fromarray(np.random.default_rng(0).integers("
                                 "0, 255, (700, 1000, 3), np.uint8))") for _ in range(8)]
    result = grade(toy.as_bytes(book), toy_assignment, isolation, Limits())
    assert result["score"] == 5
    text = sum(len(cell["stdout"]) for cell in result["cells"])
    assert 0.9 * protocol.NOTEBOOK_TEXT < text <= protocol.NOTEBOOK_TEXT
    pictures = sum(len(image) for cell in result["cells"] for image in cell["images"])
    assert 0 < pictures <= 4 / 3 * protocol.NOTEBOOK_BYTES
    assert any("more than is kept" in note for note in result["notes"])


def test_hundreds_of_slow_cells_end_with_the_overtime(toy_assignment, isolation):
    book = toy.source()
    book.cells += [new_code_cell("while True: pass") for _ in range(300)]
    limits = Limits(cell_seconds=1, notebook_seconds=1, overtime_seconds=2)
    started = time.monotonic()
    result = grade(toy.as_bytes(book), toy_assignment, isolation, limits)
    assert (result["score"], result["status"]) == (5, "graded")
    assert time.monotonic() - started < 60  # and not 300


def test_the_code_of_a_cell_arrives_whole(toy_assignment, isolation):
    book = toy.source(double=f"data = '{'x' * 300_000}'\n{toy.DOUBLE}\nassert len(data) == 300_000")
    result = grade(toy.as_bytes(book), toy_assignment, isolation)
    assert result["score"] == 5 and result["cells"][1]["outcome"] == "ok"
    book.cells.append(new_code_cell("# " + "x" * (5 << 20)))
    assert "more than 4 MiB of code" in grade(toy.as_bytes(book), toy_assignment,
                                              isolation)["reason"]


def test_bubblewrap_itself_is_filtered_and_gone_before_student_code_runs(bubblewrap, monkeypatch):
    seen = []
    popen = wall.subprocess.Popen

    def noted(command, *args, **kwargs):
        seen.append((command, popen(command, *args, **kwargs)))
        return seen[-1][1]

    monkeypatch.setattr(wall.subprocess, "Popen", noted)
    with Sandbox(bubblewrap, QUICK) as sandbox:
        started = [(command, process) for command, process in seen if command[0] == "bwrap"]
        assert started and all("--seccomp" in command for command, _ in started)
        assert all(process.poll() is not None for _, process in started)
        assert sandbox.execute(["1"]).cells[0].outcome == "ok"
