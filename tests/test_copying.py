"""What code copied from the chapters that an assignment names earns there."""

import warnings
from pathlib import Path

import copying
import pytest
from thorough import one_in

from autograder.grading.assignment import Assignment

SOURCES = sorted((Path(__file__).parents[1] / "source_solutions").glob("*/*.ipynb"))
MOST = 0.25  # of the points that tests give


@pytest.mark.parametrize("source", SOURCES[1::one_in(3)], ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_copying_from_the_book_earns_little(source):
    assignment = Assignment(source.stem, source)
    with warnings.catch_warnings(action="ignore"):
        book = {f"{chapter.stem}.{name}": function for chapter in copying.linked(assignment)
                for name, function in copying.functions_of(chapter).items()}
        found = copying.earned(assignment, book)
    assert len(book) >= 10
    points, most = (sum(row[place] for row in found.values()) for place in (0, 1))
    assert points <= MOST * most, {part: row for part, row in found.items() if row[0]}


def test_a_copy_is_found_in_every_adapted_form():
    """Else the test above could not fail."""
    source = next(path for path in SOURCES if path.stem == "hw2_softmax")
    assignment = Assignment(source.stem, source)
    right = copying.namespace_of(assignment, copying.solutions(assignment).values())
    assert isinstance(right, dict)

    def turned(y, X, b, W):  # other arguments in another order, more values in another order
        loss, dW, db = right["softmax_loss"](X, y, W, b, 0.0)
        return db, loss, dW

    def joined(Theta, Z, y, reg):
        loss, dW, db = right["softmax_loss"](Z[:, :-1], y, Theta[:, :-1], Theta[:, -1], reg)
        return loss, copying.np.column_stack([dW, db])

    for copied, least in [(turned, 0.1), (joined, 1.0)]:
        ((score, _, _),) = copying.copies(assignment, "softmax_loss", right["softmax_loss"],
                                          {"copied": copied})
        assert score >= least
