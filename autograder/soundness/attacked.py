"""A course to be attacked: a class of attackers and honest students, and secrets all around."""

import contextlib
import ctypes
import hashlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TypedDict

import psutil

from autograder.errors import AutograderError
from autograder.gradebook.recorder import Recorder
from autograder.grading.result import Result
from autograder.soundness.corpus import MARK, SURVIVOR, Attack
from autograder.term.course import Course

SECRET = re.compile(r"CANARY-[a-z]+-[0-9a-f]+")
OWNED = "owned"  # stands in the names of files that attacks make outside of their sandbox
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue")
PR_SET_CHILD_SUBREAPER = 36
WATCHED = ("source", "submitted", "release")  # folders that grading must not change
ADVICE = "run the tests of the repository, which name what went wrong"


class Outcome(TypedDict):
    """What `autograder grade --json` says of one submission."""

    student: str
    result: Result | None
    problem: str | None
    reused: bool


class Site(contextlib.ExitStack):
    """A course with secrets in all places, servers on the host, and a TA who grades."""

    def __init__(self, corpus):
        super().__init__()
        self.corpus, self.recorded, self.visits = corpus, {}, []
        self.odd, self.stopped = set(), []
        self._secrets = {}
        self.honest_code = self._secret("other")  # what another student must never see

    def __enter__(self):
        super().__enter__()
        self.root = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="attacked-")))
        self.course, self.home = self.root / "course", self.root / "home"
        self.home.mkdir()
        self.scratch = self.root / "tmp"
        self.scratch.mkdir()
        if sys.platform == "linux":  # what outlives its parent becomes a child of this process
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._running, self._here = _children(), _shared_files()
        (self.home / ".secret").write_text(self._secret("home"))
        self._known = {"@COURSE@": str(self.course), "@HOME@": str(self.home), **self._listen()}
        self._make_course()
        self._before = self._snapshot()
        return self

    def _secret(self, where: str) -> str:
        return self._secrets.setdefault(where, f"CANARY-{where}-{secrets.token_hex(8)}")

    def _listen(self) -> dict[str, str]:
        """Servers that no submission may reach: TCP, an abstract and an ordinary socket."""
        tcp, abstract, path = (socket.socket(f) for f in
                               (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX))
        name, file = f"attacked-{secrets.token_hex(4)}", str(self.root / "socket")
        tcp.bind(("127.0.0.1", 0))
        abstract.bind("\0" + name)
        path.bind(file)
        for server in (tcp, abstract, path):
            self.enter_context(server)
            server.listen()
            threading.Thread(target=self._count_visits, args=(server,), daemon=True).start()
        return {"@PORT@": str(tcp.getsockname()[1]), "@ABSTRACT@": name, "@SOCKET@": file}

    def _count_visits(self, server):
        with contextlib.suppress(OSError):
            while True:
                self.visits.append(server.accept())

    def _make_course(self):
        toy = self.corpus.TOY
        self.course.mkdir()
        toy.write_course(
            self.course, toy.source(double=f"{toy.DOUBLE}\n# {self._secret('source')}"))
        self.autograder("release", "toy")
        if self.stopped:
            raise AutograderError(f"{self.stopped[0]}: {ADVICE}")
        for attack in self.corpus.ATTACKS:
            self._hand_in(attack)

    def _hand_in(self, attack: Attack):
        toy = self.corpus.TOY

        def fill(code):
            for sign, known in self._known.items():
                code = code.replace(sign, known)
            return code

        double = toy.DOUBLE if attack.honest and attack.points == 5 else fill(attack.double)
        if attack.honest:
            double += f"\n# {self.honest_code}"
        notebook = toy.source(double=double)
        cells = [toy.new_code_cell(f"{fill(code)}\nprint({MARK!r})") if code else None
                 for code in (attack.first, attack.last)]
        notebook.cells = [c for c in (cells[0], *notebook.cells, cells[1]) if c]
        plain = toy.as_bytes(notebook)
        raw = attack.file(plain) if attack.file else plain
        submitted = self.course / "submitted"
        if attack.place:
            attack.place(submitted, raw)
        else:
            toy.submit(self.course, attack.name, raw)
        if attack.student or _is_odd(submitted / attack.folder, plain):
            self.odd.add(attack.folder)

    def autograder(self, *arguments: str, fine=(0,)) -> str:
        """Run a TA's command in the course, with secrets in its environment."""
        # no startup file, temporary folder or cache of another user
        env = os.environ | {"HOME": str(self.home), "TMPDIR": str(self.scratch),
                            "TA_TOKEN": self._secret("environment")}
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "--root", str(self.course), *arguments],
            cwd=self.root, env=env, capture_output=True, text=True, check=False)
        if done.returncode not in fine:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            self.stopped.append(f"{arguments[0]}: {said[-1][-300:]}")
        return done.stdout

    def grade(self, workers: int) -> dict[str, Outcome]:
        """Grade everybody; outcomes by student, none where the command ended early."""
        printed = self.autograder("grade", "toy", "--json", "--workers", str(workers), fine=(0, 1))
        points = Recorder(Course(self.course), unsafe=False).automatic_points("toy")
        self.recorded = {student: sum(cells.values()) for student, cells in points.items()}
        outcomes = json.loads(printed)["outcomes"] if printed else []
        return {o["student"]: o for o in outcomes}

    def leaks(self, outcomes: dict[str, Outcome]) -> list[str]:
        """Secrets in what the commands wrote, but in an honest student's own."""
        return sorted({f"{found.rpartition('-')[0]} in {path.relative_to(self.course)}"
                       for path in self._artefacts()
                       for found in SECRET.findall(path.read_text(errors="replace"))
                       if not self._own(found, path, outcomes)})

    def changed_files(self) -> list[str]:
        """Files that grading should have left alone."""
        before, after = self._before, self._snapshot()
        return sorted(k for k in {*before, *after} if before.get(k) != after.get(k))

    def left_files(self) -> list[str]:
        """Files outside of the course."""
        return [*map(str, self.scratch.iterdir()), *sorted(_shared_files() - self._here)]

    def left_running(self) -> list[str]:
        """What runs on though every command has ended."""
        return _left_running(self._running)

    def _artefacts(self) -> list[Path]:
        folders = ("feedback", "reports", "exports", "autograded", ".autograder")
        return [p for f in folders for p in (self.course / f).rglob("*") if p.is_file()]

    def _own(self, secret: str, path: Path, outcomes: dict[str, Outcome]) -> bool:
        """Whether it stands there by right: an honest student's own code on their own page."""
        if secret != self.honest_code:
            return False
        honest = {a.name for a in self.corpus.ATTACKS if a.honest}
        if path.is_relative_to(self.course / ".autograder"):
            stored = json.loads(path.read_bytes())
            return any(outcomes[student]["result"] == stored for student in honest)
        return bool(honest & {path.stem, *path.relative_to(self.course).parts})

    def _snapshot(self) -> dict[str, str]:
        """Hashes of all files that grading must leave alone."""
        folders = [self.course / f for f in WATCHED] + [self.home]
        files = [p for f in folders for p in f.rglob("*")
                 if p.is_file() and not p.is_symlink() and ".cache" not in p.parts]
        return {str(p.relative_to(self.root)): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in files}


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _left_running(before: set[psutil.Process]) -> list[str]:
    marked = {p for p in psutil.process_iter(["cmdline"])
              if any(SURVIVOR in word for word in p.info["cmdline"] or ())}
    left = []
    for process in (_children() - before) | marked:
        with contextlib.suppress(psutil.Error):  # it has ended meanwhile
            if process.status() != psutil.STATUS_ZOMBIE:
                left.append(f"{process.name()} ({process.pid})")
    return sorted(left)


def _shared_files() -> set[str]:
    """What lies in folders of all users under a name that attacks give."""
    return {str(path) for folder in map(Path, SHARED_FOLDERS) if folder.is_dir()
            for path in folder.iterdir() if OWNED in path.name}


def _is_odd(home: Path, plain: bytes) -> bool:
    """Whether anything but an ordinary notebook with these bytes lies in a student's folder."""
    if home.is_symlink() or [p.name for p in home.iterdir()] != ["toy"]:
        return True
    folder, notebook = home / "toy", home / "toy" / "toy.ipynb"
    return (folder.is_symlink() or [p.name for p in folder.iterdir()] != [notebook.name]
            or notebook.is_symlink() or not notebook.is_file() or notebook.read_bytes() != plain)
