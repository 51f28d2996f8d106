"""Small changes of the engine's own modules, and whether the fast tests of each notice them.

Every module that decides a grade, keeps student code inside or says whose a grade is has a sample
of its mutants (soundness/mutants.py) tried, drawn by a seed: one change each, in a copy of the
repository, against the tests that TESTS names. Survivors that are no weaker than the original are
listed in EQUIVALENT with the reason; all others are holes in the tests.

The tests run in a process namespace of their own, for a mutant of the wall may let an attack out.
"""

import argparse
import ast
import contextlib
import copy
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record

from autograder.soundness import mutants
from autograder.soundness.mutants import replaced

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "engine_mutants.json"
LONGEST = 900  # seconds of one file of tests
SLACK = 4  # a mutant that takes so many times as long as the original hangs: it is caught
LARGE = 16  # one more of a whole number from here on changes no promise
SHOWN = 60  # characters of a change that its name shows
# the tests' processes have numbers that no process inside of a sandbox has
LATE_NUMBERS = 'echo 20000 2>/dev/null > /proc/sys/kernel/ns_last_pid; "$0" "$@"; exit $?'
KEPT = 3  # of a list's items, how many are left out in turn

# the fast tests of each module of the engine, the quickest first; without a folder those of
# tests/autograder
TESTS = {
    "atomic": ("store",),
    "lexer": ("lexer",),
    "names": ("names",),
    "templating": ("text", "scaffold", "term"),
    "text": ("text", "pages"),
    "batch/batch": ("faults/reports", "grading", "regrade"),
    "gradebook/formgrader": ("formgrader_filters",),
    "gradebook/recorder": ("export", "faults/reports", "rules", "regrade"),
    "grading/assignment": ("rules", "closure"),
    "grading/closure": ("closure",),
    "grading/follows": ("judge", "follows"),
    "grading/grade": ("faults/reports", "grading", "rules"),
    "grading/judge": ("judge", "odd_values", "rules"),
    "grading/made": ("judge", "odd_values", "rules"),
    "grading/notebook": ("notebook", "faults/fuzz"),
    "grading/pytest_plugin": ("rules", "grading", "hidden_inputs"),
    "grading/sessions": ("judge", "odd_values", "rules"),
    "grading/store": ("store",),
    "grading/student": ("judge", "odd_values", "rules", "examples"),
    "inside/calls": ("judge", "rules", "steps", "grading"),
    "inside/channel": ("channel",),
    "inside/relay": ("sandbox",),
    "inside/worker": ("sandbox", "grading", "forks"),
    "output/export": ("export",),
    "output/feedback": ("feedback", "comments"),
    "output/services": ("single",),
    "sandbox/bubblewrap": ("filter", "sandbox", "wall"),
    "sandbox/cgroups": ("sandbox", "wall"),
    "sandbox/confine": ("filter", "sandbox", "wall"),
    "sandbox/forkserver": ("sandbox", "wall", "forks"),
    "sandbox/isolation": ("sandbox", "wall"),
    "sandbox/limits": ("sandbox", "grading"),
    "sandbox/local": ("sandbox", "wall"),
    "sandbox/mounts": ("sandbox", "grading"),
    "sandbox/processes": ("sandbox", "wall"),
    "sandbox/protocol": ("protocol", "faults/reports"),
    "sandbox/replies": ("replies",),
    "sandbox/sandbox": ("faults/reports", "sandbox"),
    "sandbox/syscalls": ("filter",),
    "term/canvas": ("collect_hostile", "term"),
    "term/claims": ("claims", "collect_hostile", "term", "collect_odd"),
    "term/collect": ("collect_hostile", "term", "collect_odd"),
    "term/course": ("collect_hostile", "term", "rules", "dates"),
    "term/exchange": ("collect_hostile", "term"),
    "term/gradescope": ("collect_hostile", "term"),
    "term/metadata": ("metadata", "collect_hostile", "term"),
    "term/moodle": ("claims", "collect_hostile", "term"),
    "term/people": ("collect_hostile", "term", "dates"),
    "term/platforms": ("collect_hostile", "collect_platforms", "term", "collect_odd"),
    "term/roster": ("roster", "collect_hostile", "term", "lists"),
    "term/term": ("term", "dates"),
    "term/uploads": ("uploads", "collect_hostile", "collect_odd"),
}
# an ordinary user has no sandbox within the one below
DESELECTED = "tests/autograder/test_wall.py::" \
             "test_doctor_finds_everybody_inside_as_an_ordinary_user"
# by module and mutant: why the change is none
EQUIVALENT: dict[str, dict[str, str]] = {
    "grading/assignment": {
        "module: 1 -> 2": "the number of the form of results: another one is no worse",
        "module: path.stem != '__init__' -> path.stem == '__init__'":
            "the modules are found as well where they are named to be started",
    },
    "grading/closure": {
        "_statements: 1 -> 2": "the end of a text without a line's end, one further",
        r"_statements: text.rfind('\n', 0, at) + 1 -> text.rfind('\n', 0, at) - 1":
            "what is looked through begins with the end of the line before, where no import begins",
    },
    "grading/follows": {
        "_degenerate: not mine.size -> mine.size":
            "more answers have to pass with every kind of stand-in, which right ones do",
    },
    "grading/pytest_plugin": {
        "module: Execution | Repeated | InProcessCode -> Execution | Repeated":
            "named in annotations alone",
        "module: ('PYTEST_ADDOPTS', 'PYTEST_PLUGINS') -> ('PYTEST_PLUGINS', 'PYTEST_ADDOPTS')":
            "the order in which two names are taken away",
    },
    "inside/channel": {
        "encode: False -> True #2": "the same bytes, copied once more",
    },
    "sandbox/confine": {
        "_become: 0 -> 1": "of this prctl Linux reads one argument only",
    },
    "sandbox/limits": {
        "Limits: 5 -> 4": "a GiB less of address space: no promise names the number",
    },
    "sandbox/replies": {
        "module: Value | Missing -> Value": "named in annotations alone",
    },
    "term/exchange": {
        "module: (STAMP, 'submission_secret.txt') -> ('submission_secret.txt', STAMP)":
            "the order in which a set is made",
    },
}


def more(node: ast.AST):
    """What an engine has besides formulas: refusals, options, lists."""
    if isinstance(node, ast.Raise):
        yield None
    elif isinstance(node, ast.Return) and not (
            node.value is None or isinstance(node.value, ast.Constant)):
        yield replaced(node, value=ast.Constant(None))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield replaced(node, value=not node.value)
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        other = ast.NotIn() if isinstance(node.ops[0], ast.In) else ast.In()
        yield replaced(node, ops=[other])
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            yield replaced(node, keywords=[k for k in node.keywords if k is not keyword])
    elif isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load):
        for number in range(0, len(node.elts), max(1, len(node.elts) // KEPT)):
            yield replaced(node, elts=node.elts[:number] + node.elts[number + 1:])


def is_telling(change: str) -> bool:
    """Whether a mutant may change what anything does.

    Left out are one more of a large number, twice as many seconds of a pause or a limit, another
    order of types, and annotations; texts are never changed.
    """
    texts = [text.strip("`") for text in change.split("` to `")]
    if texts[0] == texts[-1]:
        return False
    try:
        before, *after = [ast.parse(text, mode="eval").body for text in texts]
    except SyntaxError:  # a statement
        return True
    if isinstance(before, ast.BinOp) and isinstance(before.op, ast.BitOr):
        return not any(isinstance(side, ast.Constant) or ast.unparse(side).islower()
                       for side in (before.left, before.right))
    if isinstance(before, ast.Tuple) and len(after[0].elts) == len(before.elts):
        return not all(ast.unparse(item).split(".")[-1][:1].isupper() for item in before.elts)
    return not (isinstance(before, ast.Constant) and (
        type(before.value) is float or abs(before.value) >= LARGE))


class Bare(ast.NodeTransformer):
    """Takes away what does nothing: annotations, unless a Struct checks them, indentation, and
    that a dataclass forbids what nobody does."""

    def visit_ClassDef(self, node):
        return node if any(ast.unparse(base) == "Struct" for base in node.bases) else (
            self.generic_visit(node))

    def visit_arg(self, node):
        return ast.arg(node.arg)

    def visit_AnnAssign(self, node):
        return self.generic_visit(replaced(node, annotation=ast.Constant(None)))

    def visit_FunctionDef(self, node):
        return self.generic_visit(replaced(node, returns=None))

    def visit_keyword(self, node):
        return None if node.arg in ("indent", "frozen") else self.generic_visit(node)


def is_more_than_form(before: ast.stmt, after: ast.stmt) -> bool:
    """Whether a statement differs from another in what does something."""
    first, second = (ast.dump(Bare().visit(copy.deepcopy(node))) for node in (before, after))
    return first != second


def short(change: str) -> str:
    """What was changed, on one line: of long texts the start, and where they begin to differ."""
    texts = [text.strip("`") for text in " ".join(change.split()).split("` to `")]
    if len(texts) == 2 and max(map(len, texts)) > SHOWN:
        start = max(0, len(os.path.commonprefix(texts)) - SHOWN // 4)
        texts = [f"{text[:SHOWN // 4]} ... {text[start:start + SHOWN]}" if start else text[:SHOWN]
                 for text in texts]
    return " -> ".join(texts)


class Mutants:
    """All changes of a module, by what was changed where."""

    def __init__(self, module: str):
        self._tree = ast.parse((ROOT / "autograder" / f"{module}.py").read_text())
        self._found = {}
        for place, statement in enumerate(self._tree.body):
            if isinstance(statement, (ast.Import, ast.ImportFrom)) or _is_text(statement):
                continue
            name = getattr(statement, "name", "module")
            for change, mutated in mutants.changes(ast.Module([statement], []), more):
                if is_telling(change) and is_more_than_form(statement, mutated.body[0]):
                    self._add(f"{name}: {short(change)}", (place, mutated.body))

    def _add(self, name: str, changed: tuple[int, list]):
        number = sum(other.partition(" #")[0] == name for other in self._found)
        self._found[f"{name} #{number + 1}" if number else name] = changed

    def __len__(self):
        return len(self._found)

    def sample(self, count: int, seed: int, module: str) -> list[str]:
        """So many of them; each has its place in a shuffle whatever others there are."""
        return sorted(self._found, key=lambda name: random.Random(
            f"{seed} {module} {name}").random())[:count]

    def text(self, name: str) -> str:
        """The whole module with this change."""
        place, changed = self._found[name]
        body = [*self._tree.body[:place], *changed, *self._tree.body[place + 1:]]
        return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def path_of(name: str) -> Path:
    """The file of these tests, from the root of the repository."""
    folder, _, test = name.rpartition("/")
    return Path("tests") / (folder or "autograder") / f"test_{test}.py"


class Copy:
    """A copy of the repository, in which one module at a time is another."""

    def __init__(self, folder: Path):
        self.folder = folder
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                                capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file() and not name.startswith("book/"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def passes(self, tests: tuple[str, ...], seconds: float) -> bool:
        """Whether the tests pass within this time."""
        files = [str(path_of(name)) for name in tests]
        box = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc",
               "--unshare-pid", "--die-with-parent", "--chdir", str(self.folder), "--tmpfs", "/tmp",
               "--ro-bind", sys.prefix, sys.prefix,  # which may lie below /tmp
               "--bind", str(self.folder), str(self.folder), "--cap-add", "ALL"]
        tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                 "--deselect", DESELECTED, *files]
        command = [*box, "sh", "-c", LATE_NUMBERS, *tests]
        env = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(self.folder),
                            "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, start_new_session=True) as running:
            try:
                return running.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                return False
            finally:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGKILL)

    def try_mutant(self, module: str, text: str, seconds: float) -> bool:
        """Whether the tests notice the module's other text."""
        path = self.folder / "autograder" / f"{module}.py"
        original = path.read_text()
        path.write_text(text)
        try:
            return not self.passes(TESTS[module], seconds)
        finally:
            path.write_text(original)


def measure(modules: list[str], count: int, seed: int, copies: "Queue[Copy]"):
    """(module, its sample's results) for each: how many were caught, the names of the others."""
    def on_a_copy(act, *arguments):
        copy = copies.get()
        try:
            return act(copy, *arguments)
        finally:
            copies.put(copy)

    def undisturbed(name):
        for _ in range(2):  # a busy machine is no mutant
            started = time.monotonic()
            if on_a_copy(Copy.passes, (name,), LONGEST):
                return time.monotonic() - started
        sys.exit(f"{path_of(name)} fails without any change")

    with ThreadPoolExecutor(copies.qsize()) as pool:
        files = sorted({name for module in modules for name in TESTS[module]})
        seconds = dict(zip(files, pool.map(undisturbed, files)))
        for module in modules:
            every = Mutants(module)
            sample = every.sample(count, seed, module)
            caught = list(pool.map(lambda name, module=module, every=every: on_a_copy(
                Copy.try_mutant, module, every.text(name),
                SLACK * sum(seconds[test] for test in TESTS[module])), sample))
            survivors = [name for name, noticed in zip(sample, caught) if not noticed]
            equal = {n: why for n, why in EQUIVALENT.get(module, {}).items() if n in survivors}
            row = {"seed": seed, "mutants": len(every), "tried": len(sample), "caught": sum(caught),
                   "equivalent": equal, "missed": [n for n in survivors if n not in equal]}
            print(f"{module:22} {sum(caught):3} of {len(sample) - len(equal):3} caught, "
                  f"{len(every)} in all", *(f"\n    missed  {n}" for n in row["missed"]),
                  *(f"\n    is none {n}" for n in equal), flush=True)
            yield module, row


def known(arguments: argparse.Namespace) -> dict:
    """What earlier runs recorded of modules that are not tried this time."""
    if not arguments.out.exists():
        return {}
    found = json.loads(arguments.out.read_text())["results"]["modules"]
    return {module: row for module, row in found.items() if module not in arguments.modules}


def write(arguments: argparse.Namespace, found: dict) -> tuple[int, int]:
    """Record what is known so far; returns how many were caught, of how many."""
    tried = sum(row["tried"] - len(row["equivalent"]) for row in found.values())
    caught = sum(row["caught"] for row in found.values())
    with contextlib.redirect_stdout(None):
        record.write(arguments.out, {"caught": caught, "tried": tried,
                                     "share": round(caught / tried, 3),
                                     "modules": {m: found[m] for m in TESTS if m in found}},
                     packages=("pytest",), generated="changes drawn with each module's seed")
    return caught, tried


def main() -> None:
    """Try the samples, print and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=8, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--modules", nargs="*", choices=TESTS, default=list(TESTS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engine-mutants-", dir="/var/tmp") as folder:
        copies = Queue()
        for number in range(arguments.workers):
            copies.put(Copy(Path(folder) / str(number)))
        found = known(arguments)
        for module, row in measure(arguments.modules, arguments.count, arguments.seed, copies):
            found[module] = row
            caught, tried = write(arguments, found)
    print(f"{caught} of {tried} caught ({caught / tried:.0%})")
    sys.exit(0 if caught >= 0.9 * tried else 1)


if __name__ == "__main__":
    main()
