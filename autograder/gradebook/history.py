"""What each student's earlier files reached, which the gradebook forgets with the next one.

Only points and times that this side has found are kept, nothing that a notebook says of itself.
"""

import contextlib
import datetime
import hashlib
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading.result import Result

MAX_KEPT = 20  # of one student's files, the last ones


class Graded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that was handed in, with the points that the hidden tests gave it.

    Parameters
    ----------
    submission : the SHA-256 of the file
    submitted : when it came, in UTC and without a zone, or None
    parts : points and how many there are, by graded cell
    """

    submission: str
    submitted: datetime.datetime | None
    score: float
    max_score: float
    parts: dict[str, tuple[float, float]]

    def came(self, zone: datetime.tzinfo) -> datetime.datetime | None:
        """When it came, in that zone."""
        return self.submitted and self.submitted.replace(tzinfo=datetime.UTC).astimezone(zone)


class History:
    """One short file for each student and assignment."""

    def __init__(self, root: Path):
        self.folder = root / ".autograder" / "history"

    def _path(self, assignment: str, student: str) -> Path:
        return self.folder / assignment / f"{student}.json"

    def of(self, assignment: str, student: str) -> list[Graded]:
        """All that is kept, the latest last. A damaged file is put beside itself, and is none.

        Raises
        ------
        AutograderError
            The file may not be read, or not be put aside.
        """
        path = self._path(assignment, student)
        try:
            return msgspec.json.decode(path.read_bytes(), type=list[Graded])
        except FileNotFoundError:
            return []
        except (msgspec.DecodeError, RecursionError):
            pass
        except OSError as error:
            raise AutograderError(f"{path}: cannot be read ({error.strerror}): correct the "
                                  "permissions") from None
        try:
            path.replace(path.with_suffix(".damaged"))
        except OSError as error:
            raise AutograderError(f"{path}: is damaged, and cannot be put aside ("
                                  f"{error.strerror}): correct the permissions") from None
        return []

    def damaged(self, assignment: str) -> list[Path]:
        """What was put aside, until somebody deletes it."""
        return sorted((self.folder / assignment).glob("*.damaged"))

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
        kept.append(Graded(submission, submitted, result["score"], result["max_score"],
                           {part["name"]: (part["score"], part["max_score"])
                            for part in result["parts"]}))
        self._write(assignment, student, kept)

    def correct_time(self, assignment: str, student: str, current: Path,
                     submitted: datetime.datetime | None) -> None:
        """Note a time that became known, or was corrected, after the file was graded."""
        kept = self.of(assignment, student)
        if kept and kept[-1].submitted != submitted and kept[-1].submission == digest(current):
            kept[-1] = msgspec.structs.replace(kept[-1], submitted=submitted)
            self._write(assignment, student, kept)

    def _write(self, assignment: str, student: str, kept: list[Graded]) -> None:
        write_atomically(self._path(assignment, student), msgspec.json.encode(kept[-MAX_KEPT:]))


def digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where it cannot be read."""
    with contextlib.suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return None
