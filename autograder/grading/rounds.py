"""The rounds in which one submission is tested: what is not passed is tested in other ways, too."""

import collections
from functools import partial

from autograder.grading import judge, notebook, saved
from autograder.grading.assignment import Assignment
from autograder.grading.examples import LOOKS_LIKE, SECONDS, TOTAL_SECONDS, Search
from autograder.grading.execution import Allowance, Execution, Repeated
from autograder.grading.pytest_plugin import Code, HiddenTests, run_hidden_tests
from autograder.grading.result import CellRecord, Counterexample, TestRecord
from autograder.grading.student import Budget
from autograder.sandbox import sandbox
from autograder.sandbox.limits import Limits

ATTEMPTS = 2  # a process's end is believed the second time: the machine may have caused the first
ROUNDS = 3
JUDGED = ("wrong", "crash", "timeout")  # the function is there, and not right
THREADS = ("Your notebook had started threads before {}. They do not come along into the process "
           "of a hidden test, so what was not passed was tested again in processes that had run "
           "your notebook themselves.")


class Rounds:
    """Executes a submission and tests it; all rounds share the time that `limits` gives.

    Parameters
    ----------
    only : the part to test; None for all

    `tests` holds each part's best outcome, the first of equal ones; `examples` of a part that is
    not passed where its function goes wrong; `cells` and `notes` are those of the last execution,
    as a result keeps them; `said` is what cells of the file show.

    Raises
    ------
    notebook.Unreadable
        The submission is no notebook.
    """

    def __init__(self, submission: bytes, assignment: Assignment, isolation: str, limits: Limits,
                 only: str | None = None):
        handed_in = notebook.read(submission)
        assembled = notebook.assemble(handed_in, assignment.source)
        self._graders, self._only = assignment.graders, only
        self._parts = tuple(part.name for part in notebook.parts(assignment.source)
                            if only in (None, part.name))
        self._saved, self._changes = saved.pictures(handed_in), notebook.changes(assembled)
        self.said = saved.said(handed_in)
        self._allowance = Allowance(sandbox.START_SECONDS + limits.notebook_seconds
                                    + limits.overtime_seconds)
        self._budget = Budget(limits.call_seconds, limits.tests_seconds)
        self._functions = notebook.functions(assignment.source)
        self._trying = Budget(SECONDS, TOTAL_SECONDS)
        start = partial(sandbox.Sandbox, isolation, limits,
                        (assignment.source_path.parents[1],), assignment.modules)
        self._left_out = notebook.only_shown(assembled)
        self._whole = partial(Execution, assembled, start, self._allowance, self._parts)
        self._sparing = partial(self._whole, self._left_out)
        self._tested: HiddenTests | None = None
        self.examples: dict[str, Counterexample | None] = {}
        self._doubtful: dict[str, set[str]] = {}
        self.cells: list[CellRecord] = []
        self.notes: list[str] = []
        self._errors = False

    @property
    def tests(self) -> HiddenTests:
        assert self._tested, "nothing has been tested yet"
        return self._tested

    def run(self) -> None:
        """Test all parts; what is not passed, in other ways as well.

        Raises
        ------
        AutograderError, MemoryError
            Of ours: no submission is to blame.
        """
        run = self._without_what_is_only_shown()
        if threaded := [part for part in self._failed() if part in run.threaded]:
            self._changes.append(THREADS.format(", ".join(f"`{name}`" for name in threaded)))
            self._budget.timeouts.clear()
            self._test(Repeated(self._sparing, self._allowance), threaded)
        if self._failed() and self._left_out and self._errors and self._enough():
            with self._whole() as run:  # a cell may have needed what another one only shows
                self._test_here_and_at_the_end(run, self._failed())
        self.notes += self._changes
        self._name_sections()
        self._say_what_is_doubtful()

    def _say_what_is_doubtful(self) -> None:
        for part, named in self._doubtful.items():
            for record in self.tests.outcomes.get(part, []):
                if record["mistake"] in named:
                    record["message"] = LOOKS_LIKE + record["message"]

    def _name_sections(self) -> None:
        """Where a test names no section of the book, that of most mistakes of its part."""
        for part, records in self.tests.outcomes.items():
            sections = collections.Counter(
                mistake.read for function in self._functions.get(part, [])
                for mistake in self.tests.mistakes.get(function, []))
            for record in records:
                if record["outcome"] in JUDGED and sections:
                    record["read"] = record["read"] or sections.most_common(1)[0][0]

    def _without_what_is_only_shown(self) -> Execution:
        for _ in range(ATTEMPTS):
            self._tested = None
            self._budget.timeouts.clear()
            before = self._allowance.seconds, self._budget.tests_seconds
            with self._sparing() as run:
                self._test_here_and_at_the_end(
                    run, None if self._only is None else [self._only])
            self._spent = [was - now for was, now in zip(
                before, (self._allowance.seconds, self._budget.tests_seconds))]
            if not (run.died and self._enough()):
                break
        return run

    def _test_here_and_at_the_end(self, run: Execution, parts: list[str] | None) -> None:
        """Test each part right after its own cell, and after all cells what is not passed."""
        self._test(run, parts)
        self.cells, self.notes = run.finish(self._saved)
        self._errors = any(cell["outcome"] == "error" for cell in self.cells)
        again = [part for part in self._failed() if not run.is_last(part)]
        if again and not run.hopeless:
            run.to_the_end()
            self._test(run, again)
            cells, notes = run.finish(self._saved)
            if not run.hopeless:
                self.cells, self.notes = cells, notes
        if not run.hopeless:
            self._look_for_examples(run)

    def _look_for_examples(self, run: Execution) -> None:
        for part in self._failed():
            search = Search(self._graders, partial(run.session, part), self._trying)
            try:
                self.examples[part] = search.first(self._functions[part])
                self._doubtful[part] = search.doubtful(self._functions[part], {
                    record["mistake"] for record in self.tests.outcomes.get(part, [])
                    if record["mistake"] is not None})
            except judge.Verdict:  # its process ends at once: the tests have said so
                self.examples[part] = None

    def _enough(self) -> bool:
        """Whether there is time for the first round once more."""
        return (self._allowance.seconds >= self._spent[0]
                and self._budget.tests_seconds >= self._spent[1])

    def _test(self, code: Code, parts: list[str] | None) -> None:
        tests = run_hidden_tests(self._graders, code, self._budget, parts)
        if self._tested is None:
            self._tested = tests
        for part, records in tests.outcomes.items():
            if share(records) > share(self.tests.outcomes[part]):
                self.tests.outcomes[part] = records

    def _failed(self) -> list[str]:
        return [part for part in self._parts if share(self.tests.outcomes.get(part, [])) < 1]


def share(records: list[TestRecord]) -> float:
    """The share of a part's points that its tests have earned."""
    total = sum(record["weight"] for record in records)
    passed = sum(record["weight"] for record in records if record["outcome"] == "passed")
    return passed / total if total else 1.0
