"""How much each comparison of the hidden tests allows for, beside what it compares."""

import contextlib
from collections.abc import Iterator
from unittest import mock

import numpy as np

from autograder.grading import judge


@contextlib.contextmanager
def allowances() -> Iterator[list[tuple[str, float, float]]]:
    """Yield a list that fills with what was compared, its atol and its largest entry.

    An atol of infinity says that only the form is judged.
    """
    found: list[tuple[str, float, float]] = []

    def compare(got, want, what, atol, compared=judge._check_array):
        largest = float(np.max(np.abs(want), where=np.isfinite(want), initial=0.0))
        found.append((what, judge.DEFAULT_RTOL * largest if atol is None else atol, largest))
        compared(got, want, what, atol)

    with mock.patch.object(judge, "_check_array", compare):
        yield found
