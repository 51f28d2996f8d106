"""A new assignment: what is written is sound, and what is missing is said."""

import importlib
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import ta
import toy

from autograder.errors import AutograderError
from autograder.grading.grade import grade
from autograder.grading.judge import check_value
from autograder.soundness.scaffold import scaffold
from autograder.soundness.verify import (
    Check,
    check_announced,
    check_mistakes,
    check_mutants,
    check_pieces,
    check_shares,
    check_tolerances,
    check_variants,
)
from autograder.term.course import Course

NAME = "hw7_attention"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course whose graders lie in a package of its own."""
    package = f"graders_{tmp_path.name}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("")
    toy.configure(tmp_path, package, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return Course(tmp_path)


@pytest.fixture
def assignment(course):
    scaffold(course, NAME)
    importlib.invalidate_caches()
    return course.assignment(NAME)


def forget(assignment):
    """Let changed files of the graders be read again."""
    for name in [name for name in sys.modules if name.startswith(assignment.graders.__name__)]:
        del sys.modules[name]


def test_a_new_assignment_is_sound_from_the_start(assignment):
    found = []
    for checks in (check_pieces, check_announced, check_tolerances, check_variants, check_mistakes,
                   check_mutants):
        found += (some := list(checks(assignment)))
        assert some and [check for check in some if not check.sound] == []
    assert [share for share in check_shares(found) if not share.sound] == []


def test_what_is_silent_or_unexplained_is_counted():
    wrong = [Check(f"m{n}", True, "", noticed=n != 3, explained=n > 9) for n in range(100)]
    silent, unexplained = check_shares([Check("variant", True, ""), *wrong])
    assert silent.sound and silent.detail.startswith("1 of 100 (1.0%") and "m3" in silent.detail
    assert not unexplained.sound and unexplained.detail.startswith("10 of 100 (10.0%")


def test_a_comparison_that_allows_for_everything_is_found(course, assignment):
    path = Path(assignment.graders.__path__[0]) / "test_mean_square.py"
    path.write_text(path.read_text().replace('what="the mean square")',
                                             'what="the mean square", atol=0.1)', 1))
    (check,) = check_tolerances(course.assignment(NAME))
    assert not check.sound and "the mean square: 0.1 of" in check.detail


def test_each_hidden_test_is_announced_in_the_notebooks_own_words(course, assignment):
    path = Path(assignment.graders.__path__[0]) / "announced.py"
    text = path.read_text()
    for old, new, says in [("a single number", "a single digit", "is not in the notebook"),
                           (".test_random_numbers", ".test_gone", "no such test"),
                           ("There may be a single number.", " ", "has no sentence")]:
        path.write_text(text.replace(old, new))
        forget(assignment)
        wrong = [check for check in check_announced(course.assignment(NAME)) if not check.sound]
        assert wrong and any(says in check.detail for check in wrong), says
    path.unlink()
    forget(assignment)
    assert [c.sound for c in check_announced(course.assignment(NAME))] == [False, False]


def test_it_is_released_without_its_answer_and_graded_with_reasons(course, assignment, isolation):
    done = ta.autograder(course.root, "release", NAME)
    assert "wrote" in done.stdout
    path = course.path("release", assignment=NAME) / f"{NAME}.ipynb"
    released = nbformat.read(path, as_version=4)
    assert "np.sum" not in path.read_text() and "HIDDEN" not in path.read_text()
    cell = next(c for c in released.cells if c.metadata.nbgrader.grade_id.endswith("_solution"))
    # of a single number the sum is the mean: one of two tests passes
    for answer, score, mistake in (("np.mean(x**2)", 3, None),
                                   ("np.sum(x**2)", 1.5, "sum-for-mean")):
        cell.source = f"def mean_square(x):\n    return {answer}"
        result = grade(nbformat.writes(released).encode(), assignment, isolation)
        assert result["score"] == score
        assert mistake in {test["mistake"] for test in result["parts"][0]["tests"]}


def test_an_honest_answer_is_right_under_fifty_names(course):
    """The hidden inputs differ by name; answers that only round in another way stay right."""
    names = [f"hw{i}_{word}" for i in range(6, 16) for word in
             ("rnn", "transformer", "scaffold", "attention", "diffusion")]
    tested = 0
    for seed, name in enumerate(names):
        scaffold(course, name)
        importlib.invalidate_caches()
        graders = course.assignment(name).graders
        reference = importlib.import_module(f"{graders.__name__}.reference").mean_square
        variants = importlib.import_module(f"{graders.__name__}.variants").VARIANTS
        tests = importlib.import_module(f"{graders.__name__}.test_mean_square")
        answers = [variants["loops"]["mean_square"], lambda x: x @ x / len(x),
                   lambda x: np.linalg.norm(x) ** 2 / x.size]
        for answer in answers:
            class Student:
                def compare(self, _, x, **more):
                    check_value(answer(x), reference(x), **more)  # noqa: B023
            tests.test_random_numbers(Student(), np.random.default_rng(seed))
            tests.test_a_single_number(Student())
            tested += 1
    assert tested == 150


@pytest.mark.parametrize("file, old, new, says", [
    ("variants.py", None, None, "variants.py: is missing"),
    ("test_mean_square.py", "def test_", "def no_", "has no test: write one"),
    ("variants.py", '"loops"', '"reference"', "no right answer in another style"),
    ("mistakes.py", '{"mean_square"', '{"other"', "has no named mistake"),
    ("mistakes.py", '{"mean_square"', '{"other"', "other: is in mistakes.py, and no solution cell"),
    ("examples.py", '{"mean_square"', '{"other"', "other: is in examples.py, and no solution cell"),
    ("variants.py", '{"mean_square": reference', '{"other": reference',
     "part mean_square: VARIANTS['reference'] in variants.py has no right answer to mean_square"),
])
def test_verify_says_what_is_missing(assignment, course, file, old, new, says):
    path = next(course.root.glob(f"graders_*/{NAME}/{file}"))
    if old is None:
        path.unlink()
    else:
        path.write_text(path.read_text().replace(old, new))
    forget(assignment)
    wrong = [f"{c.what.rpartition('/')[2]}: {c.detail}"
             for c in check_pieces(course.assignment(NAME)) if not c.sound]
    assert len([line for line in wrong if says in line]) == 1, wrong


def test_nothing_is_called_sound_before_all_pieces_are_there(course, assignment):
    path = next(course.root.glob(f"graders_*/{NAME}/mistakes.py"))
    path.write_text(path.read_text().replace('{"mean_square"', '{"other"'))
    said = ta.autograder(course.root, "verify", NAME, fine=(1,)).stdout
    assert "correct these first" in said and "mutant" not in said and "0 of 0" not in said


def test_the_right_answers_are_tried_on_every_part(course, assignment):
    path = next(course.root.glob(f"graders_*/{NAME}/test_mean_square.py"))
    path.write_text(path.read_text().replace('compare("mean_square"', 'compare("square_mean"'))
    (wrong, *_) = [check for check in check_variants(course.assignment(NAME)) if not check.sound]
    assert "the test itself failed, " in wrong.detail


@pytest.mark.parametrize("name, says", [("HW 6", "is no name"), ("../up", "is no name"),
                                        (NAME, "is there already")])
def test_a_wrong_name_is_one_clear_line(course, assignment, name, says):
    with pytest.raises(AutograderError, match=says):
        scaffold(course, name)
