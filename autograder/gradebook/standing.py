"""What counts for a student, as the gradebook says it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """One submission in the gradebook: points by graded cell, what lateness costs, the total.

    `waits` says that a person has still to look at a cell: its points count as they stand, zero
    where nobody gave any.
    """

    score: float
    max_score: float
    parts: dict[str, float]
    comments: dict[str, str]
    hours_late: float
    penalty: float
    waits: bool
