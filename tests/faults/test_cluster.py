"""Grading on a Dask cluster: the same grades, whatever becomes of its machines."""

import dataclasses
import gc
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import toy
from distributed import Client
from test_faults import assert_undisturbed, written

from autograder.batch.cluster import Cluster
from autograder.errors import AutograderError

TOY = Path(toy.__file__).parent
START_SECONDS = 60


class Machines:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, host: str = "127.0.0.1"):
        self.processes, self.folder = [], folder
        self._start("scheduler", "--host", host, "--port", "0", "--no-dashboard")
        self.address = self._wait_for("Scheduler at:").split()[-1]

    def start_worker(self, *prefix: str) -> subprocess.Popen:
        """One more worker, started by the command in `prefix`."""
        process = self._start("worker", self.address, "--nthreads", "1", "--no-nanny",
                              "--no-dashboard", "--local-directory", str(self.folder),
                              prefix=prefix)
        self._wait_for("Registered to:")
        return process

    def _start(self, *arguments, prefix=()):
        self.log = self.folder / f"{len(self.processes)}.log"
        with open(self.log, "w") as file:
            self.processes.append(subprocess.Popen(
                [*prefix, sys.executable, "-m", "dask", *arguments], cwd=self.folder, stdout=file,
                stderr=file, env=os.environ | {"PYTHONPATH": str(TOY)}))
        return self.processes[-1]

    def _wait_for(self, text):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for line in self.log.read_text().splitlines():
                if text in line:
                    return line
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path):
    yield from started(Machines(tmp_path))


def started(machines):
    yield machines
    machines.stop()
    gc.collect()  # else a client may end while the next one starts, and each waits for the other


@pytest.fixture
def network():
    """The address of this host in a network with one more, and what starts a command there."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("only root can make a network of name spaces, with iproute2's ip")
    name, net = f"grader{os.getpid()}", f"198.18.{os.getpid() % 256}"  # for tests, RFC 2544
    try:
        for line in (f"netns add {name}",
                     f"link add {name} type veth peer name inside netns {name}",
                     f"addr add {net}.1/30 dev {name}", f"link set {name} up",
                     f"-n {name} addr add {net}.2/30 dev inside", f"-n {name} link set inside up"):
            subprocess.run(["ip", *line.split()], check=True, capture_output=True)
        yield f"{net}.1", ["ip", "netns", "exec", name]
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


@pytest.fixture
def hosts(tmp_path, network):
    yield from started(Machines(tmp_path, host=network[0]))


def test_a_killed_worker_of_a_cluster_loses_nothing(fresh, undisturbed, machines, bubblewrap):
    course, workers = fresh(), [machines.start_worker(), machines.start_worker()]
    with subprocess.Popen(course.grade_command("--cluster", machines.address),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as command:
        while command.poll() is None and not written(course):
            time.sleep(0.01)
        workers[0].kill()
        _, said = command.communicate()
    assert (command.returncode, said.count("Traceback")) == (0, 0), said
    kept = written(course)
    assert_undisturbed(course, undisturbed)
    assert kept.items() <= written(course).items()  # graded by the cluster, not again here


def test_a_host_without_our_disk_grades_the_same(
        fresh, undisturbed, hosts, network, tmp_path_factory, bubblewrap):
    course, tests = fresh(), tmp_path_factory.getbasetemp()
    hosts.start_worker(*network[1], "unshare", "--mount", "sh", "-c",
                       f'mount -t tmpfs none "{tests}" && exec "$@"', "sh")
    with Client(hosts.address, set_as_default=False) as client:
        assert not client.submit(os.path.exists, str(course.root)).result()
        assert set(client.submit(os.listdir, "/sys/class/net").result()) == {"inside", "lo"}
    done = course.run(course.grade_command("--cluster", hosts.address))
    assert done.returncode == 0, done.stderr
    assert_undisturbed(course, undisturbed)


def test_a_cluster_that_cannot_grade_is_one_clear_line(fresh, machines, monkeypatch, bubblewrap):
    course = fresh()
    done = course.run(course.grade_command("--cluster", machines.address))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "has no worker" in done.stderr
    monkeypatch.setattr("autograder.batch.cluster.CONNECT_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:1", "no address"):
        with pytest.raises(AutograderError, match=f"{address}: no Dask scheduler answers"):
            Cluster(address)


def test_a_machine_with_other_graders_gives_no_grade(fresh, machines, bubblewrap):
    course, _ = fresh(), machines.start_worker()
    assignment = toy.assignment(course.root)
    job = Cluster(machines.address).job(assignment, bubblewrap, None)
    raw = toy.as_bytes(toy.source())
    assert job(raw)["score"] == 5
    with pytest.raises(AutograderError, match="another version of engine or graders of toy"):
        dataclasses.replace(job, version="of last term")(raw)
