"""Both directions for every assignment: no right answer loses, every known wrong one does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from thorough import one_in

from autograder.grading.assignment import Assignment
from autograder.soundness.verify import (
    check_announced,
    check_mistakes,
    check_mutants,
    check_shares,
    check_tolerances,
    check_variants,
)

# `autograder verify` has all
EVERY_MUTANT, EVERY_MISTAKE, EVERY_VARIANT = one_in(20), one_in(20), one_in(4)
SOURCES = sorted((Path(__file__).parents[2] / "source_solutions").glob("*/*.ipynb"))


@pytest.fixture(scope="module", params=SOURCES, ids=lambda path: path.stem)
def assignment(request):
    """Every assignment of the course."""
    return Assignment(request.param.stem, request.param)


def test_right_answers_in_any_style_get_full_marks(assignment):
    checks = check_variants(assignment, every=EVERY_VARIANT)
    assert len(checks) >= 8 // EVERY_VARIANT
    assert not [c for c in checks if not c.sound]


@pytest.fixture(scope="module")
def wrong(assignment):
    """What became of wrong functions: named mistakes and mutants."""
    return (check_mistakes(assignment, every=EVERY_MISTAKE),
            list(check_mutants(assignment, every=EVERY_MUTANT)))


def test_every_named_mistake_loses_points_and_is_named(assignment, wrong):
    checks, _ = wrong
    assert len(checks) >= (40 if assignment.name == "hw6_deeper" else 140) // EVERY_MISTAKE
    assert not [c for c in checks if not c.sound]


def test_every_small_change_of_the_solutions_loses_points(assignment, wrong):
    _, checks = wrong
    assert len(checks) >= (30 if assignment.name == "hw6_deeper" else 80) // EVERY_MUTANT
    assert not [c for c in checks if not c.sound]
    assert sum(c.detail == "loses" for c in checks) > 0.85 * len(checks)  # few are equivalent


AFTER_THREADS = """
import sys
from pathlib import Path

import torch

from autograder.grading.assignment import Assignment
from autograder.soundness.verify import check_mutants

torch.rand(1_000_000).exp()  # this starts its threads
source = Path(sys.argv[1])
print([check.sound for check in check_mutants(Assignment(source.stem, source), every=334)])
"""


def test_mutants_are_tried_where_torch_has_threads(project):
    """The second one trains a network: a fork would wait for threads that it does not have."""
    (source,) = [path for path in SOURCES if path.stem == "hw5_convnet"]
    done = subprocess.run([sys.executable, "-c", AFTER_THREADS, str(source)], cwd=project,
                          env={**os.environ, "OMP_NUM_THREADS": "2"}, capture_output=True,
                          text=True, timeout=200, check=False)
    assert done.stdout == "[True, True]\n", done.stderr


def test_a_student_hears_of_what_is_wrong(wrong):
    """From the visible check, and by an example in the feedback."""
    assert not [share for share in check_shares(wrong[0] + wrong[1]) if not share.sound]


def test_all_that_is_tested_is_announced_and_compared(assignment):
    assert not [c for c in check_announced(assignment) if not c.sound]
    assert not [c for c in check_tolerances(assignment) if not c.sound]


def test_points_are_shared_by_tests_of_every_part(assignment):
    tests = {p.stem.removeprefix("test_")
             for p in Path(assignment.graders.__path__[0]).glob("test_*.py")}
    assert tests == {cell.metadata.nbgrader.grade_id for cell in assignment.source.cells
                     if cell.metadata.get("nbgrader", {}).get("grade")}
