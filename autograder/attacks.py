"""The engine against an attack corpus: a class of attackers and honest students, graded as usual.

The corpus and the toy assignment that it attacks come with the repository (tests/attacks); this
module builds the course, lets the ordinary commands grade it, and looks at what became of it.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from autograder.errors import AutograderError

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "attacks" / "corpus.py"
SECRET = re.compile(r"CANARY-[a-z]+-[0-9a-f]+")
SURVIVOR = "autograder-survivor"  # stands in the command line of what an attack leaves running
MARK = "ARMED"  # what an attack shows where its hostile act has been tried
OWNED = "owned"  # stands in the names of files that attacks make outside of their sandbox
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue")
PR_SET_CHILD_SUBREAPER = 36
WATCHED = ("source", "submitted", "release")  # folders that grading must not change
ADVICE = "run the tests of the repository, which name what went wrong"


Sign = Callable[[dict], bool]  # whether a submission's result shows that its attack was tried


@dataclass(frozen=True)
class Attack:
    """One submission of the toy assignment (`double`, 3 points, and `split`, 2, which is right).

    In code, @COURSE@, @HOME@, @PORT@, @ABSTRACT@ and @SOCKET@ stand for what a well-informed
    attacker knows: the course's folder, the TA's home, and servers that listen on the host.

    An attack whose code broke before it did anything has proved nothing. Each therefore shows that
    it was tried: a cell prints MARK at its end, a function raises or returns what no slip would.

    Parameters
    ----------
    tries, must : what it attempts, and what must happen instead, in words
    points : what it must get; None where it must be refused with a reason
    double : the code of the first solution cell
    first, last : cells that run before and after all others
    file : from the notebook's bytes to those that are handed in
    place : puts the submission below `submitted/` by hand, given that folder and the bytes
    armed : what shows that it was tried: a text that its cells print or its tests' messages hold,
        or functions of the result, all of which must say so. By default: cells print MARK, which
        `first` and `last` do at their end, and the answer of `double` comes to be judged. A file
        or folder must be another than an ordinary notebook's in any case.
    honest : no attack, and nothing may be lost
    student : the folder's name where it is not the attack's name
    """

    name: str
    tries: str
    must: str = "loses the part that it left unsolved and no more"
    points: float | None = 2
    double: str = "def double(x):\n    return None"
    first: str = ""
    last: str = ""
    file: Callable[[bytes], bytes] | None = None
    place: Callable[[Path, bytes], None] | None = None
    armed: str | Sign | tuple[Sign, ...] | None = None
    honest: bool = False
    student: str | None = None

    @property
    def folder(self) -> str:
        """The folder's name below `submitted/`."""
        return self.student or self.name


@dataclass(frozen=True)
class Row:
    """What became of one attack, or of a promise to the whole class."""

    name: str
    tries: str
    must: str
    happened: str
    held: bool
    armed: bool = True


def shows(text: str) -> Sign:
    """The text stands in what a cell printed or raised, or in a hidden test's message."""
    return lambda result: text in "\n".join(
        [*(f"{cell['stdout']}\n{cell['error']}" for cell in result["cells"]),
         *(test["message"] for test in _tests(result))])


def cell_ends(*outcomes: str) -> Sign:
    """One of the cells ended so: "timeout", "killed", "memory"."""
    return lambda result: any(cell["outcome"] in outcomes for cell in result["cells"])


def call_ends(outcome: str, says: str = "") -> Sign:
    """A hidden test ended so, `says` in its message: "wrong" where an answer came to be judged."""
    return lambda result: any(test["outcome"] == outcome and says in test["message"]
                              for test in _tests(result))


def _tests(result: dict) -> list[dict]:
    return [test for part in result["parts"] for test in part["tests"]]


def load_corpus():
    """The repository's corpus as a module; AutograderError where there is none."""
    if not CORPUS.exists():
        raise AutograderError(f"{CORPUS}: no such file: the attacks come with the repository, "
                              "not with the installed package")
    spec = importlib.util.spec_from_file_location(
        "attack_corpus", CORPUS, submodule_search_locations=[str(CORPUS.parent)])
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_attacks(corpus, workers: int, tell: Callable[[str], None]) -> list[Row]:
    """Grade the corpus in a course of its own and return what became of each attack.

    `tell` is called with a line at each step.
    """
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(_Site(corpus))
        tell(f"grading {len(corpus.ATTACKS)} submissions")
        outcomes = site.grade(workers)
        tell("writing feedback, report and export")
        for command in ("feedback", "report", "export"):
            site.autograder(command, "toy")
        rows = [_judge(attack, outcomes.get(attack.folder), site) for attack in corpus.ATTACKS]
        return [*rows, *site.promises(outcomes)]


def _judge(attack: Attack, outcome: dict | None, site: "_Site") -> Row:
    result = (outcome or {}).get("result")
    problem = (outcome or {}).get("problem")
    if outcome is None:
        happened, held = "passed over in silence", False
    elif attack.points is None:
        happened, held = f"refused: {problem}", problem is not None and "\n" not in problem
    elif problem or result is None:
        happened, held = f"not graded: {problem}", False
    else:
        happened, held = f"{result['score']:g} points", result["score"] == attack.points
        faults = [test["fault"] for test in _tests(result) if "fault" in test]
        if faults:
            happened, held = f"{happened}; {faults[0]}", False
        recorded = site.recorded.get(outcome["student"])
        if recorded != result["score"]:
            happened, held = f"{happened}, but {recorded} in the gradebook", False
    for secret in set(SECRET.findall(json.dumps(outcome))):
        if not (attack.honest and secret == site.honest_code):
            happened, held = f"{happened}; saw {secret.rpartition('-')[0]}", False
    armed = _armed(attack, result, attack.folder in site.odd)
    if not armed:
        happened, held = f"{happened}; did not arm", False
    return Row(attack.name, attack.tries, attack.must, happened.replace(str(site.root), ""), held,
               armed)


def _armed(attack: Attack, result: dict | None, odd: bool) -> bool:
    """Whether the attack was tried; `odd`: what lies in its folder is not an ordinary notebook."""
    if attack.honest:
        return True
    if (attack.file or attack.place) and not odd:
        return False
    signs = attack.armed or _default_signs(attack)
    signs = signs if isinstance(signs, tuple) else (signs,)
    if signs and result is None:
        return False
    return all((shows(sign) if isinstance(sign, str) else sign)(result) for sign in signs)


def _default_signs(attack: Attack) -> tuple[Sign, ...]:
    cells = (shows(MARK),) if attack.first or attack.last else ()
    calls = (call_ends("wrong"),) if attack.double != Attack.double else ()
    return cells + calls


class _Site(contextlib.ExitStack):
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
        self.running, self.here = _children(), _shared_files()
        (self.home / ".secret").write_text(self._secret("home"))
        self._known = {"@COURSE@": str(self.course), "@HOME@": str(self.home), **self._listen()}
        self._make_course()
        self.before = self._snapshot()
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

    def grade(self, workers: int) -> dict[str, dict]:
        """Grade everybody; outcomes by student, none where the command ended early."""
        printed = self.autograder("grade", "toy", "--json", "--workers", str(workers), fine=(0, 1))
        with Gradebook(f"sqlite:///{self.course}/gradebook.db") as gradebook:
            self.recorded = {s.student_id: s.score for s in gradebook.assignment_submissions("toy")}
        outcomes = json.loads(printed)["outcomes"] if printed else []
        return {o["student"]: o for o in outcomes}

    def promises(self, outcomes: dict[str, dict]) -> list[Row]:
        """What must hold for the whole class."""
        scores = {name: o["result"]["score"] for name, o in outcomes.items() if o["result"]}
        gained = [f"{a.name}: {scores[a.folder]:g}" for a in self.corpus.ATTACKS
                  if scores.get(a.folder, 0) > (a.points or 0)]
        others = [a.name for a in self.corpus.ATTACKS if a.honest and not (
            scores.get(a.folder) == self.recorded.get(a.folder) == a.points)]
        leaks = sorted({f"{found.rpartition('-')[0]} in {path.relative_to(self.course)}"
                        for path in self._artefacts()
                        for found in SECRET.findall(path.read_text(errors="replace"))
                        if not self._own(found, path, outcomes)})
        after = self._snapshot()
        changed = sorted(k for k in {*self.before, *after} if self.before.get(k) != after.get(k))
        files = [*map(str, self.scratch.iterdir()), *sorted(_shared_files() - self.here)]
        return [
            _promise("no point is gained without a right answer", "points gained", gained),
            _promise("no command for the class is stopped", "batches stopped", self.stopped),
            _promise("no other student is changed", "other students changed", others),
            _promise("no process outlives its submission", "processes left",
                     _left_running(self.running)),
            _promise("no file is left outside the course", "files left", files),
            _promise("no server on the host is reached", "servers reached", self.visits),
            _promise("no secret is in any page or file that was written", "secrets seen", leaks),
            _promise("nothing outside the results is changed", "files changed", changed),
        ]

    def _artefacts(self) -> list[Path]:
        folders = ("feedback", "reports", "exports", "autograded", ".autograder")
        return [p for f in folders for p in (self.course / f).rglob("*") if p.is_file()]

    def _own(self, secret: str, path: Path, outcomes: dict) -> bool:
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


def _promise(what: str, counted: str, found: list) -> Row:
    seen = f": {', '.join(map(str, found[:3]))}" if found else ""
    return Row("the class", what, f"0 {counted}", f"{len(found)} {counted}{seen}", not found)


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def _left_running(before: set[psutil.Process]) -> list[str]:
    """What runs on though every command has ended."""
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
