"""What each student's earlier files reached, which the gradebook forgets with the next one.

Only points and times that this side has found are kept, nothing that a notebook says of itself.
"""

import contextlib
import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.grading.result import Result

MAX_KEPT = 20  # of one student's files, the last ones


@dataclass(frozen=True)
class Graded:
    """One file that was handed in, with the points that the hidden tests gave it.

    Parameters
    ----------
    submission : the SHA-256 of the file
    submitted : when it came, in UTC, or None
    parts : points and how many there are, by graded cell
    """

    submission: str
    submitted: str | None
    score: float
    max_score: float
    parts: dict[str, tuple[float, float]]

    def came(self, zone: datetime.tzinfo) -> datetime.datetime | None:
        """When it came, in that zone."""
        if self.submitted is None:
            return None
        came = datetime.datetime.fromisoformat(self.submitted)
        return came.replace(tzinfo=datetime.UTC).astimezone(zone)


class History:
    """One short file for each student and assignment."""

    def __init__(self, root: Path):
        self.folder = root / ".autograder" / "history"

    def _path(self, assignment: str, student: str) -> Path:
        return self.folder / assignment / f"{student}.json"

    def of(self, assignment: str, student: str) -> list[Graded]:
        """All that is kept, the latest last; nothing where the file is missing or damaged."""
        try:
            kept = [Graded(**row) for row in json.loads(
                self._path(assignment, student).read_bytes())]
            for row in kept:
                row.came(datetime.UTC)
            return kept
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def earlier(self, assignment: str, student: str, current: Path) -> list[Graded]:
        """What was graded before the file that is there now."""
        kept = self.of(assignment, student)
        return kept[:-1] if kept and kept[-1].submission == digest(current) else kept

    def add(self, assignment: str, student: str, submission: str,
            submitted: datetime.datetime | None, result: Result) -> None:
        """Keep what a file has reached.

        The file that came last takes its own place again: it was graded anew, not handed in.
        """
        kept = self.of(assignment, student)
        if kept and kept[-1].submission == submission:
            del kept[-1]
        kept.append(Graded(submission, submitted.isoformat() if submitted else None,
                           result["score"], result["max_score"],
                           {part["name"]: (part["score"], part["max_score"])
                            for part in result["parts"]}))
        self._write(assignment, student, kept)

    def correct_time(self, assignment: str, student: str, current: Path,
                     submitted: datetime.datetime | None) -> None:
        """Note a time that became known, or was corrected, after the file was graded."""
        kept, known = self.of(assignment, student), submitted.isoformat() if submitted else None
        if kept and kept[-1].submitted != known and kept[-1].submission == digest(current):
            kept[-1] = replace(kept[-1], submitted=known)
            self._write(assignment, student, kept)

    def _write(self, assignment: str, student: str, kept: list[Graded]) -> None:
        write_atomically(self._path(assignment, student), json.dumps(
            [asdict(row) for row in kept[-MAX_KEPT:]]).encode())


def digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where it cannot be read."""
    with contextlib.suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return None
