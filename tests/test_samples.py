"""The sample classes through the TA's commands: each student gets what the reasoned table says."""

import json
from types import SimpleNamespace

import pytest
import ta
from thorough import one_in

# hw1_perceptron has tests of its own (tests/autograder/test_commands.py)
ASSIGNMENTS = sorted(path.parent.name for path in (ta.PROJECT / "samples").glob("*/expected.csv")
                     if path.parent.name != "hw1_perceptron")
EVERY_STUDENT = one_in(3)  # the right one, who is the first, and a third of the others


def expected_scores(assignment):
    """The rows of the reasoned table for those students who are graded."""
    rows = ta.expected_scores(assignment)
    return {student: rows[student] for student in sorted(rows)[::EVERY_STUDENT]}


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def term(request, tmp_path_factory, isolation):
    """A class released, graded, given feedback and exported, and what the grading reported."""
    name, unsafe = request.param, ["--unsafe"] if isolation == "none" else []
    course = ta.make_course(tmp_path_factory.mktemp(name), name, expected_scores(name))
    graded = ta.autograder(course, "grade", name, "--workers", "2", "--json", *unsafe)
    for command in ("feedback", "export"):
        ta.autograder(course, command, name, *unsafe)
    return SimpleNamespace(name=name, course=course, report=json.loads(graded.stdout))


def test_scores_equal_the_reasoned_table(term):
    expected = expected_scores(term.name)
    assert ta.reported_scores(term.report) == expected
    assert {student: {**parts, "total": round(sum(parts.values()), 2)} for student, parts in
            ta.gradebook_scores(term.course, term.name).items()} == expected


def test_no_grader_fault(term):
    assert not [(o["student"], t) for o in term.report["outcomes"] for p in o["result"]["parts"]
                for t in p["tests"] if t["outcome"] == "grader_fault"]


def test_everybody_has_feedback_and_a_row_in_the_export(term):
    students = set(expected_scores(term.name))
    pages = {page.parent.name for page in (term.course / "feedback").rglob("*.html")}
    (rows,) = (term.course / "exports").glob("*.csv")
    assert pages == students
    assert students <= {line.split(",")[0] for line in rows.read_text().splitlines()}
