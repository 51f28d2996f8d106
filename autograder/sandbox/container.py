"""Isolation by a container of Docker or Podman, where bubblewrap cannot run.

The image holds Python and the packages of requirements.txt (autograder/Containerfile); the
worker's few files are mounted into it read-only.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
from pathlib import Path

from autograder.inside.relay import Relay
from autograder.sandbox import syscalls
from autograder.sandbox.limits import Limits
from autograder.sandbox.local import NOBODY
from autograder.sandbox.mounts import INSIDE, environment, project_files
from autograder.sandbox.processes import Process

IMAGE = os.environ.get("AUTOGRADER_IMAGE", "autograder-sandbox")
BUILD = "build --tag autograder-sandbox --file autograder/Containerfile ."
OUT_OF_MEMORY = 137  # the exit status of a container that the kernel's memory limit ended
ENGINE_TIMEOUT_SECONDS = 10  # for a command of Docker's or Podman's


def problem(engine: str) -> str | None:
    """Why `engine`, "docker" or "podman", cannot isolate on this machine, or None."""
    if sys.platform == "win32":
        return f"{engine} is used from Linux and macOS only: on Windows, grade inside WSL 2"
    if not shutil.which(engine):
        return f"{engine} is not installed"
    try:
        probe = subprocess.run([engine, "image", "inspect", IMAGE], capture_output=True,
                               text=True, check=False, timeout=ENGINE_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return f"{engine} does not answer: is its service running?"
    if probe.returncode:
        return f"{engine} has no image {IMAGE}: run `{engine} {BUILD}` in the course's repository"
    return None


def start(engine: str, limits: Limits, _hidden: tuple[Path, ...],
          _modules: tuple[str, ...]) -> "ContainerTree":
    """A worker in a container of its own."""
    return ContainerTree(engine, limits)


class ContainerTree:
    """A container whose first process relays the worker's sockets over its pipes."""

    group = None  # Docker or Podman limits its memory

    def __init__(self, engine: str, limits: Limits):
        self._engine, self._name = engine, f"autograder-{uuid.uuid4().hex}"
        self._cleanup = contextlib.ExitStack()
        folder = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory()))
        self.process = subprocess.Popen(
            [engine, "run", *self._options(limits, folder / "seccomp.json"), IMAGE,
             "python", "-s", "-P", "-m", "autograder.inside.relay"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin and stdout  # the two pipes that were asked for
        self._pipes = (stdin, stdout)
        self.control, theirs = socket.socketpair()
        self._cleanup.enter_context(self.control)
        self._relay = Relay(stdout.fileno(), stdin.fileno(), theirs)
        self._pump = threading.Thread(target=self._relay.run, daemon=True)
        self._pump.start()

    def _options(self, limits: Limits, profile: Path) -> list[str]:
        syscalls.write_profile(profile)
        options = [
            "--rm", "--interactive", "--name", self._name, "--hostname", "sandbox",
            "--network", "none", "--read-only", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "--security-opt", f"seccomp={profile}",
            "--user", f"{NOBODY}:{NOBODY}", "--workdir", "/tmp",
            "--tmpfs", f"/tmp:rw,size={limits.tmp_bytes},mode=1777", "--shm-size", "64m",
            "--memory", str(limits.memory_bytes), "--memory-swap", str(limits.memory_bytes),
            "--pids-limit", str(limits.rlimits["RLIMIT_NPROC"]),
            # the worker lowers them further; some engines may not raise them above our own
            "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
        ]
        for source, place in project_files():
            options += ["--volume", f"{source}:{INSIDE / place}:ro"]
        for name, value in environment(INSIDE, Path("/tmp")).items():
            options += ["--env", f"{name}={value}"]
        return options

    def open_socket(self, number: int) -> socket.socket:
        """Our end of a new socket whose other end the worker receives."""
        ours, theirs = socket.socketpair()
        self._relay.open(number, theirs)
        return ours

    def processes(self) -> list[Process]:
        """None: they are Docker's or Podman's, not this machine's."""
        return []

    def out_of_memory(self) -> bool:
        """Whether the kernel ended the container for its use of memory."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(ENGINE_TIMEOUT_SECONDS) == OUT_OF_MEMORY
        return False

    def close(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([self._engine, "kill", self._name], check=False,
                           timeout=ENGINE_TIMEOUT_SECONDS, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        self.process.kill()
        self.process.wait()
        self._pump.join()
        for pipe in self._pipes:
            pipe.close()
        self._cleanup.close()
