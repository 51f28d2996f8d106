"""A submission's notebook as it is executed: from stop to stop, whatever its cells do."""

import base64
import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from nbformat import NotebookNode

from autograder.errors import AutograderError
from autograder.grading import judge, notebook
from autograder.grading.result import CellRecord
from autograder.grading.sessions import SandboxedCode
from autograder.sandbox.sandbox import CellReport, Sandbox, SandboxDied

STARTS = 2  # of sandboxes that do not come to a first cell, before the machine is to blame
MAX_RESTARTS = 4  # cells that may take the whole process with them before the rest is skipped
STOPPED = {"timeout": "ran too long and was stopped; everything else was graded",
           "killed": "ended the whole Python process; the notebook was run again without it and "
                     "everything else was graded",
           "memory": "used more memory than a submission may; the notebook was run again without "
                     "it and everything else was graded"}
LEFT_OUT = "left_out"  # the outcome of a cell that was not run, as it decides nothing


@dataclass
class Allowance:
    """Seconds of wall time that all executions of one submission may still take."""

    seconds: float

    @contextlib.contextmanager
    def spend(self):
        """Count the time inside of it; yields when it is over at the latest."""
        started = time.monotonic()
        try:
            yield started + self.seconds
        finally:
            self.seconds -= time.monotonic() - started


class Execution:
    """A notebook in a sandbox, whose cells run as far as the tests have come.

    Cells that end the process are left out, and the notebook is started again.

    Parameters
    ----------
    assembled : as `notebook.assemble` makes it
    start : makes a fresh sandbox
    allowance : for executing, shared with other executions of this submission
    stops : the parts to test right after their own cells; all others are, after the last cell
    left_out : cells not to run in their places, by their index in the notebook; `to_the_end` has
        them run after all others

    `died` says whether one of its processes has ended before it was told to; `threaded` holds the
    parts at whose stop the notebook had threads, which no fork has; `hopeless` says that no cell
    is run any more.
    """

    def __init__(self, assembled: NotebookNode, start: Callable[[], Sandbox], allowance: Allowance,
                 stops: tuple[str, ...] = (), left_out: frozenset[int] = frozenset()):
        self._cells, self._start, self._allowance = assembled.cells, start, allowance
        code, places = notebook.code_to_run(assembled), notebook.places(assembled)
        later = sorted(left_out)
        self._numbers = [*code, *later]
        self._code = [*code.values(), *(code[index] for index in later)]
        self._left_out = {self._numbers.index(index) for index in later}
        self._stops = {part: places[part] for part in stops}
        self._end = len(code)  # so many cells are run, until `to_the_end` is called
        self._started: Sandbox | None = None
        self._pending: list[int] = []
        self._fatal: dict[int, CellReport] = {}
        self._suspected: set[int] = set()
        self.died, self.hopeless = False, False
        self.threaded: set[str] = set()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._close()

    @property
    def _box(self) -> Sandbox:
        assert self._started, "`_advance` has not been called"
        return self._started

    def _close(self) -> None:
        if self._started:
            self._started.close()
        self._started = None

    def place(self, part: str) -> int:
        """How many cells come before a part's tests; they are to run in the order of places."""
        return self._stops.get(part, self._end)

    def is_last(self, part: str) -> bool:
        """Whether nothing is left to run after this part's tests."""
        return self.place(part) == len(self._code)

    def to_the_end(self) -> None:
        """From now on, test all parts when all has run, what was left out at first as well."""
        self._stops, self._end = {}, len(self._code)

    def _advance(self, place: int) -> None:
        """Run the cells before `place`.

        Raises
        ------
        AutograderError
            No sandbox starts.
        """
        failed_starts = 0
        while self._started is None or self._pending and self._pending[0] <= place:
            try:
                with self._allowance.spend() as until:
                    self._go_on(place, until)
            except SandboxDied as death:
                ended = {report.cell for report in self._box.reports().cells}
                seconds = self._box.limits.cell_seconds
                self._close()
                if death.cell is None:
                    failed_starts += 1
                    if failed_starts == STARTS:
                        raise AutograderError(
                            "the sandbox did not start: run `autograder doctor`") from None
                elif death.cell in self._suspected or death.cell not in ended:
                    self._fatal[death.cell] = CellReport(death.cell, death.reason, seconds)
                    self.died |= death.reason != "timeout"
                else:  # after its end: a thread that it left has done so, or the machine
                    self._suspected.add(death.cell)

    def _go_on(self, place: int, until: float) -> None:
        if self._started is None:
            self.hopeless = len(self._fatal) > MAX_RESTARTS or self._allowance.seconds <= 0
            skip = {*self._fatal, *self._left_out}
            if self.hopeless:
                skip = set(range(len(self._code)))
            stops = {*self._stops.values(), self._end, len(self._code)}
            self._pending = sorted(stop for stop in stops if stop >= place)
            self._started = self._start()
            self._box.begin(self._code, tuple(sorted(skip)), tuple(self._pending[:-1]))
        self._box.go_on(math.inf if self.hopeless else until)
        del self._pending[0]

    def session(self, part: str):
        """Yield a function from a request to the reply of a fresh fork, a decoded message.

        Raises
        ------
        judge.Verdict
            The process has ended.
        """
        return self._session(part, SandboxedCode.session)

    def itself(self, part: str):
        """As `session`, with the process that has executed the notebook, and all its threads."""
        return self._session(part, SandboxedCode.itself)

    @contextlib.contextmanager
    def _session(self, part, connect):
        self._advance(self.place(part))
        if self._box.threads:
            self.threaded.add(part)
        code = SandboxedCode(self._box)
        try:
            with connect(code) as ask:
                yield ask
        finally:
            self.died |= code.died

    def finish(self, saved: dict[str, list[bytes]]) -> tuple[list[CellRecord], list[str]]:
        """Run the cells that are left; all as a result keeps them, and what to say of them.

        Parameters
        ----------
        saved : pictures in the file that was handed in, by grade_id: where a cell was left out,
            they stand for what it would have drawn
        """
        self._advance(self._end)
        room = self._box.room
        found = [*self._box.reports().cells, *self._fatal.values()]
        if self._end < len(self._code):
            for number in self._left_out:
                name = self._name(number)
                drawn = saved.get(name, []) if name is not None else []
                found.append(CellReport(number, LEFT_OUT, 0.0, images=tuple(room.keep_images(
                    [np.frombuffer(png, np.uint8) for png in drawn]))))
        cells = [self._record(report) for report in found]
        cells.sort(key=lambda cell: cell["index"])
        notes = [note for cell in cells for note in _notes(cell)]
        if room.left_out:
            notes.append("The notebook printed or drew more than is kept: some of it is not "
                         "shown.")
        if self.hopeless:
            notes.append("Too many cells ended the whole Python process or ran too long; what "
                         "came after them was graded without running any cell.")
        return cells, notes

    def _name(self, number: int) -> str | None:
        return self._cells[self._numbers[number]].metadata.get("nbgrader", {}).get("grade_id")

    def _record(self, report: CellReport) -> CellRecord:
        index = self._numbers[report.cell]
        return {
            "index": index,
            "grade_id": self._name(report.cell),
            "source": self._cells[index].source,
            "stdout": report.stdout,
            "error": report.error,
            "images": [base64.b64encode(image).decode() for image in report.images],
            "outcome": report.outcome,
            "seconds": report.seconds,
        }


class Repeated:
    """A notebook that is executed anew for each session, which takes longer but loses no thread.

    Parameters
    ----------
    execution : makes an Execution that has not begun
    allowance : for executing
    """

    def __init__(self, execution: Callable[[], Execution], allowance: Allowance):
        self._execution, self._allowance = execution, allowance

    def place(self, part: str) -> int:
        """As that of an Execution: here any order will do."""
        return 0

    @contextlib.contextmanager
    def session(self, part: str):
        """As that of an Execution."""
        if self._allowance.seconds <= 0:
            raise judge.Verdict("timeout", "Your notebook was not run again for this test: its "
                                "time was used up.")
        with self._execution() as execution, execution.itself(part) as ask:
            yield ask


def _notes(cell: CellRecord) -> list[str]:
    """What a student should know about a cell that was stopped."""
    return [f"Cell {cell['index'] + 1} {STOPPED[cell['outcome']]}."
            ] if cell["outcome"] in STOPPED else []
