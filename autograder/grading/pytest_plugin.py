"""Runs an assignment's hidden tests with pytest and collects outcomes instead of printing them."""

import collections
import contextlib
import functools
import hashlib
import importlib
import inspect
import io
import math
import os
import zlib
from collections.abc import Collection
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from autograder.errors import AutograderError
from autograder.grading import judge
from autograder.grading.execution import Execution, Repeated
from autograder.grading.result import TestRecord
from autograder.grading.sessions import InProcessCode
from autograder.grading.student import Ask, Budget, Student

# parts of pytest whose work nobody would see here: registering them takes longer than most tests,
# and what the last one looks for costs a garbage collection after each
NEEDLESS = ("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath",
            "logging", "pastebin", "setuponly", "setupplan", "stepwise", "subtests",
            "threadexception", "unittest", "unraisableexception")

SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # of whoever grades: they change no grade

Code = Execution | Repeated | InProcessCode


class Process:
    """The process in which the tests of a part are carried out, as long as they all pass.

    A fork of a notebook's process takes longer than most tests. What fails is tested in a fresh
    one, so no test fails for what another one has left behind.

    `used` says whether a test has been carried out in it, and a fresh one is to be had.
    """

    def __init__(self, code: Code):
        self._code, self._part, self.used = code, "", False
        self._open = contextlib.ExitStack()

    def ask(self, part: str) -> Ask:
        """From a request to the reply of this part's process, which is started where none is."""
        if part != self._part:
            self.close()
            self._ask = self._open.enter_context(self._code.session(part))
            self._part, self.used = part, False
        return self._ask

    def keep(self) -> None:
        """Leave it to the next test of this part."""
        self.used = not isinstance(self._code, InProcessCode)

    def close(self) -> None:
        """End it; the next test gets a fresh one."""
        self._part = ""
        self._open.close()


class HiddenTests:
    """A pytest plug-in for one submission: fixtures for the tests, a record of their outcomes.

    `outcomes` maps a part's name to its tests' records in the order in which they ran; `titles`
    maps it to the part's title.
    """

    def __init__(self, graders: ModuleType, code: Code, budget: Budget):
        self.code, self.budget, self.graders = code, budget, graders
        self.reference = importlib.import_module(graders.__name__ + ".reference")
        self.mistakes = importlib.import_module(graders.__name__ + ".mistakes").MISTAKES
        self.outcomes: dict[str, list[TestRecord]] = {}
        self.titles: dict[str, str] = {}
        self._told: dict[str, set[str]] = collections.defaultdict(set)
        self.problem: Exception | None = None  # of ours: no submission is to blame
        self.process = Process(code)

    @pytest.fixture
    def student(self, request):
        """The student's notebook, in the state in which this part is judged."""
        return self._student(request.node, self.code, self.process.ask(_part_of(request.node)),
                             self.budget)

    @pytest.fixture
    def rng(self, request):
        """A generator of hidden inputs: every student meets the same, and nobody can draw them.

        Its seed is made from the hidden files, which no sandbox ever sees.
        """
        return np.random.default_rng(self._secret_seed(request.node))

    def _student(self, node, code: Code, ask: Ask, budget: Budget) -> Student:
        part = _part_of(node)
        return Student(ask, self.reference, self.mistakes, _public_seed(node), budget,
                       functools.partial(code.session, part), self._told[part])

    def _secret_seed(self, node) -> int:
        file = self.reference.__file__
        assert file, "a grader package lies in files"
        digest = hashlib.sha256(Path(file).read_bytes())
        digest.update(hashlib.sha256(node.path.read_bytes()).digest() + node.name.encode())
        return int.from_bytes(digest.digest())

    def pytest_configure(self, config):
        config.addinivalue_line("markers", "weight(k): this test's share of its part's points")

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: self.code.place(_part_of(item)))

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        """What fails in a process where other tests were carried out is tested in a fresh one."""
        part = _part_of(pyfuncitem)
        told, timeouts = set(self._told[part]), self.budget.timeouts.copy()
        try:
            try:
                done = yield
            except Exception:
                if not self.process.used:
                    raise
                self.process.close()
                self._told[part], self.budget.timeouts = told, timeouts
                self._call(pyfuncitem, self._student(pyfuncitem, self.code,
                                                     self.process.ask(part), self.budget))
                done = True
        except Exception:
            self.process.close()
            raise
        self.process.keep()
        return done

    def _call(self, item, student: Student) -> None:
        """Carry out a test that pytest has made ready, with this student."""
        fresh = {"student": student, "rng": np.random.default_rng(self._secret_seed(item))}
        names = inspect.signature(item.function).parameters
        item.function(**{name: fresh.get(name, item.funcargs.get(name)) for name in names})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if call.when == "call" or call.excinfo:
            self._record(item, call.excinfo)
        return report

    def _record(self, item, excinfo):
        part = _part_of(item)
        self.titles[part] = _title(item.module)
        weight = item.get_closest_marker("weight")
        record: TestRecord = {
            "name": item.name, "title": _title(item.function),
            "weight": float(weight.args[0]) if weight else 1.0,
            "outcome": "passed", "message": "", "mistake": None, "read": None}
        if excinfo and isinstance(excinfo.value, judge.Verdict):
            verdict = excinfo.value
            record.update({"outcome": verdict.outcome, "message": verdict.message,
                           "mistake": verdict.mistake, "read": verdict.read})
        elif excinfo and isinstance(excinfo.value, (MemoryError, AutograderError)):
            self.problem = excinfo.value
            item.session.shouldstop = "nothing can be tested"
        elif excinfo and self._passes_with_right_answers(item):
            record.update({"outcome": "wrong", "message": "What your code returned here cannot be "
                           "compared with a right answer: its type, shape or contents are not "
                           "what the assignment asks for."})
        elif excinfo:
            # the text may hold expected values: it goes to the TA's log, not into the result
            record.update({"outcome": "grader_fault", "message": "This test could not be carried "
                           "out; your instructors see it and will look into it.",
                           "fault": f"{excinfo.typename} in {item.nodeid}"})
        self.outcomes.setdefault(part, []).append(record)

    def _passes_with_right_answers(self, item) -> bool:
        """Whether the test itself is sound: then an odd value of the student's has stopped it."""
        try:
            variants = importlib.import_module(self.graders.__name__ + ".variants").VARIANTS
            code = InProcessCode(variants["reference"])
            with code.session(_part_of(item)) as ask:
                self._call(item, self._student(item, code, ask, Budget(
                    self.budget.call_seconds, math.inf)))
        except Exception:
            return False
        return True


@contextlib.contextmanager
def _without_settings():
    """Without the environment's own options for pytest, which might choose tests, or end early."""
    set_by_user = {name: os.environ.pop(name) for name in SETTINGS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(set_by_user)


def _part_of(item: pytest.Item) -> str:
    return item.path.stem.removeprefix("test_")


def _title(thing) -> str:
    return (inspect.getdoc(thing) or thing.__name__).splitlines()[0].rstrip(".")


def _public_seed(node) -> int:
    """The seed of generators inside the sandbox, where all of the request can be read."""
    return zlib.crc32(f"{node.path.parent.name}/{node.path.name}::{node.name}".encode())


def run_hidden_tests(graders: ModuleType, code: Code, budget: Budget,
                     parts: Collection[str] | None = None) -> HiddenTests:
    """Run the tests of the graders' package, or of some parts, against `code`.

    Raises
    ------
    AutograderError, MemoryError
        Of ours: no submission is to blame.
    """
    plugin = HiddenTests(graders, code, budget)
    folder = graders.__path__[0]
    which = [folder] if parts is None else [f"{folder}/test_{part}.py" for part in parts]
    with (contextlib.closing(plugin.process), _without_settings(),
          contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())):
        pytest.main(
            # without a confcutdir pytest lists every folder above and runs a conftest.py there
            [*which, "-c", "/dev/null", "--rootdir", folder, "--confcutdir", folder, "--tb=no",
             "--capture=no", "-W", "ignore", "--disable-plugin-autoload",
             *(f"-pno:{name}" for name in NEEDLESS)],
            plugins=[plugin])
    if plugin.problem:
        raise plugin.problem
    return plugin
