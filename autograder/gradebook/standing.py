"""What counts for a student, as the gradebook says it."""

import collections
from dataclasses import dataclass

from autograder.names import listed


@dataclass(frozen=True)
class Standing:
    """One submission in the gradebook: points by graded cell, what lateness costs, the total.

    Parameters
    ----------
    parts, max_parts : points of each graded cell, and how many it is worth
    waiting : cells that a person has still to look at, with the points that somebody gave for an
        earlier file, or None; until then their points count as they stand, zero where nobody gave
        any
    """

    score: float
    max_score: float
    parts: dict[str, float]
    max_parts: dict[str, float]
    comments: dict[str, str]
    hours_late: float
    penalty: float
    waiting: dict[str, float | None]


def put_back(waited: set[tuple[str, str]],
             now: dict[str, Standing]) -> dict[str, dict[str, float]]:
    """Cells by student that a person had graded, and that wait again: another file came.

    Parameters
    ----------
    waited : students and those of their cells that waited before
    """
    found = {}
    for student, standing in now.items():
        again = {cell: points for cell, points in standing.waiting.items()
                 if points is not None and (student, cell) not in waited}
        if again:
            found[student] = again
    return found


def to_know(standings: dict[str, Standing]) -> list[str]:
    """Lines on what the points of a class leave open: who waits, and what lateness took."""
    lines = []
    waiting = {student: s.waiting for student, s in standings.items() if s.waiting}
    if waiting:
        cells = collections.Counter(cell for of_one in waiting.values() for cell in of_one)
        counts = ", ".join(f"{cell} {count}" for cell, count in sorted(cells.items()))
        lines.append(f"{len(waiting)} wait for a person ({counts}): until then these parts count "
                     "as they stand, zero where nobody has given points")
    late = [s.penalty for s in standings.values() if s.penalty]
    if late:
        lines.append(f"lateness took {sum(late):g} points from {len(late)}")
    return lines


def named(students: dict[str, dict[str, float]]) -> str:
    """The cells that wait again, student by student, in one line."""
    return listed([f"{student} ({', '.join(f'{c}, had {p:g}' for c, p in sorted(cells.items()))})"
                   for student, cells in sorted(students.items())])
