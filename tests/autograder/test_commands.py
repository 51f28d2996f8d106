"""The TA's commands on the sample class, as a TA types them."""

import json

import pytest
import ta
from course_secrets import grader_lines, normalised, solution_pairs
from ta import autograder, run

from autograder.grading import without_times

ASSIGNMENT = "hw1_perceptron"
# right, wrong, crashing, hanging, with deleted cells: enough where the whole class is long
SOME = {"ada", "dennis", "ivan", "mallory", "yann"}
FEW = {"ada", "ivan", "mallory"}


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, float]]:
    return ta.expected_scores(ASSIGNMENT)


def gradebook_scores(course):
    return ta.gradebook_scores(course, ASSIGNMENT)


@pytest.fixture(scope="module")
def graded(make_course, unsafe):
    """The whole class graded with two workers: the course and the command's JSON."""
    course = make_course()
    done = autograder(course, "grade", ASSIGNMENT, "--workers", "2", "--json", *unsafe)
    return course, json.loads(done.stdout)


def test_scores_equal_the_reasoned_table(graded, expected):
    course, report = graded
    assert ta.reported_scores(report) == expected
    assert {s: {**g, "total": sum(g.values())}
            for s, g in gradebook_scores(course).items()} == expected


def test_no_grader_fault_in_the_sample_class(graded):
    faults = [(o["student"], t) for o in graded[1]["outcomes"] for p in o["result"]["parts"]
              for t in p["tests"] if t["outcome"] == "grader_fault"]
    assert not faults


def test_one_worker_gives_the_same_results(graded, make_course, unsafe):
    course = make_course(SOME)
    done = autograder(course, "grade", ASSIGNMENT, "--workers", "1", "--json", *unsafe)
    two, one = ({o["student"]: without_times(o["result"]) for o in report["outcomes"]
                 if o["student"] in SOME} for report in (graded[1], json.loads(done.stdout)))
    assert one == two and len(one) == len(SOME)


def test_nbgraders_own_command_gives_the_same_scores(graded, make_course, isolation, expected):
    course = make_course(FEW)
    flag = ["--Assemble.unsafe=True"] if isolation == "none" else []
    run("-m", "nbgrader", "autograde", ASSIGNMENT, *flag, cwd=course)
    assert gradebook_scores(course) == {
        s: scores for s, scores in gradebook_scores(graded[0]).items() if s in FEW}
    run("-m", "nbgrader", "generate_feedback", ASSIGNMENT, "--student", "mallory", cwd=course)
    page = (course / "feedback" / "mallory" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text()
    assert "XOR from two layers: 0 of 4 points" in page
    assert "HIDDEN TESTS" not in page


def test_a_second_run_grades_nothing_again(graded, unsafe):
    course, _ = graded

    def written():
        return {p: p.stat().st_mtime_ns for folder in ("autograded", ".autograder")
                for p in (course / folder).rglob("*") if p.is_file()}

    before = written()
    done = autograder(course, "grade", ASSIGNMENT, "--json", *unsafe)
    assert all(o["reused"] for o in json.loads(done.stdout)["outcomes"])
    assert len(before) >= 50 and written() == before


def test_feedback_report_and_export_are_written_for_everyone(graded, expected, unsafe):
    course, _ = graded
    for command in ("feedback", "report", "export"):
        autograder(course, command, ASSIGNMENT, *unsafe)
    pages = {p.parent.name for p in (course / "feedback").rglob("*.html")}
    assert pages == set(expected)
    assert "max_score" in next((course / "exports").glob("*.csv")).read_text()
    assert (course / "reports" / f"{ASSIGNMENT}.html").stat().st_size > 2000


def test_feedback_gives_no_solution_and_no_hidden_test_away(graded, project, unsafe):
    course, _ = graded
    autograder(course, "feedback", ASSIGNMENT, *unsafe)
    secrets = solution_pairs(project, ASSIGNMENT) | grader_lines(project, ASSIGNMENT)
    for student in ("ivan", "mallory"):  # they typed no solution of their own
        page = normalised((course / "feedback" / student / f"{ASSIGNMENT}.html").read_text())
        assert not [line for line in secrets if line in page]
        assert "run_hidden_tests()" not in page
