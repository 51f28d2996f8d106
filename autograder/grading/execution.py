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
    left_out : cells not to run, by their index in the notebook

    `died` says whether one of its processes has ended before it was told to; `threaded` holds the
    parts at whose stop the notebook had threads, which no fork has; `hopeless` says that no cell
    is run any more.
    """

    def __init__(self, assembled: NotebookNode, start: Callable[[], Sandbox], allowance: Allowance,
                 stops: tuple[str, ...] = (), left_out: frozenset[int] = frozenset()):
        self._cells, self._start, self._allowance = assembled.cells, start, allowance
        code, places = notebook.code_to_run(assembled), notebook.places(assembled)
        self._numbers, self._code = list(code), list(code.values())
        self._left_out = {self._numbers.index(index) for index in left_out}
        self._stops = {part: places[part] for part in stops}
        self._box: Sandbox | None = None
        self._pending: list[int] = []
        self._at = 0  # so many cells have run
        self._fatal: dict[int, CellReport] = {}
        self._suspected: set[int] = set()
        self.died, self.hopeless = False, False
        self.threaded: set[str] = set()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._close()

    def _close(self) -> None:
        if self._box:
            self._box.close()
        self._box = None

    def place(self, part: str) -> int:
        """How many cells come before a part's tests; they are to run in the order of places."""
        return self._stops.get(part, len(self._code))

    def is_at(self, part: str) -> bool:
        """Whether the notebook waits where this part is tested."""
        return self.place(part) == self._at

    def stay_at_the_end(self) -> None:
        """From now on, test all parts after the last cell."""
        self._stops = {}

    def _advance(self, place: int) -> None:
        """Run the cells before `place`.

        Raises
        ------
        AutograderError
            No sandbox starts.
        """
        failed_starts = 0
        while self._box is None or self._pending and self._pending[0] <= place:
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
        if self._box is None:
            self.hopeless = len(self._fatal) > MAX_RESTARTS or self._allowance.seconds <= 0
            skip = {*self._fatal, *self._left_out}
            if self.hopeless:
                skip = set(range(len(self._code)))
            stops = {stop for stop in self._stops.values() if stop >= place}
            self._pending = sorted(stops | {len(self._code)})
            self._box = self._start()
            self._box.begin(self._code, tuple(sorted(skip)), tuple(self._pending[:-1]))
        self._box.go_on(math.inf if self.hopeless else until)
        self._at = self._pending.pop(0)

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

    def finish(self, saved: dict[str, list[bytes]]) -> tuple[list[dict], list[str]]:
        """Run the cells that are left; all as a result keeps them, and what to say of them.

        Parameters
        ----------
        saved : pictures in the file that was handed in, by grade_id: where a cell was left out,
            they stand for what it would have drawn
        """
        self._advance(len(self._code))
        reports = self._box.reports()
        room = self._box.room
        for number in self._left_out:
            pictures = [np.frombuffer(png, np.uint8) for png in saved.get(self._name(number), [])]
            reports.cells.append(CellReport(number, LEFT_OUT, 0.0,
                                            images=tuple(room.keep_images(pictures))))
        reports.cells += self._fatal.values()
        cells = [self._record(report) for report in sorted(reports.cells, key=lambda r: r.cell)]
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

    def _record(self, report: CellReport) -> dict:
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


def _notes(cell: dict) -> list[str]:
    """What a student should know about a cell that was stopped."""
    return [f"Cell {cell['index'] + 1} {STOPPED[cell['outcome']]}."
            ] if cell["outcome"] in STOPPED else []
