"""A TA's term on a class, with the commands of docs/ta.md as a TA types them."""

import csv
import datetime
import json
import math
import sys
import zipfile
from types import SimpleNamespace

import nbformat
import pytest
import ta
from course_secrets import grader_lines, normalised, solution_pairs
from nbgrader.api import Gradebook
from ta import PROJECT, autograder, run
from thorough import THOROUGH

from autograder.grading.grade import without_times
from autograder.term.course import Course

sys.path.insert(0, str(PROJECT / "samples"))
from make_class import DUE, ODD, make_class

ASSIGNMENT = "hw1_perceptron"
SIZE = 100 if THOROUGH else 35
# right, wrong, crashing, with deleted cells: enough where a whole class is long
SOME = {"ada", "claude", "ivan", "mallory"}
FEW = {"ada", "grace", "mallory"}
TERM = f"""
name = "A test's term"
timezone = "Europe/Berlin"
book = "https://example.org/book"
late = {{ grace_minutes = 5, per_day = 0.1, last_day = 3 }}
[assignments.{ASSIGNMENT}]
due = {DUE.isoformat()}
[assignments.{ASSIGNMENT}.extensions]
"""


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, float]]:
    return ta.expected_scores(ASSIGNMENT)


def gradebook_scores(course):
    return ta.gradebook_scores(course, ASSIGNMENT)


@pytest.fixture(scope="module")
def term(tmp_path_factory, unsafe):
    """From the platform's list and zip to grades, as docs/ta.md walks through it."""
    root = tmp_path_factory.mktemp("walk")
    truth = make_class(root / "class", ASSIGNMENT, size=SIZE)
    course = root / "autumn"
    course.mkdir()
    run("-m", "autograder", "--root", "autumn", "init", "--roster", "class/students.csv", cwd=root)
    late = [row["student"] for row in truth if row["submitted"] > str(DUE)[:16] and not row["odd"]]
    (course / "term.toml").write_text(  # three of those who are late have more time
        TERM + "".join(f"{s} = 2026-10-14T12:00:00\n" for s in late[:3]))
    autograder(course, "release", ASSIGNMENT)
    submissions = ["../class/submissions.zip", "--times", "../class/times.csv", "--json"]
    collected = autograder(course, "collect", ASSIGNMENT, *submissions, fine=(1,))
    graded = autograder(course, "grade", ASSIGNMENT, "--workers", "2", "--json", *unsafe, fine=(1,))
    return SimpleNamespace(
        course=course, truth={row["student"]: row for row in truth}, extended=set(late[:3]),
        late=late, collected=json.loads(collected.stdout), report=json.loads(graded.stdout))


@pytest.fixture(scope="module")
def graded(term):
    """The course and the command's JSON."""
    return term.course, term.report


def works(term) -> dict[str, str]:
    """Whose sample each graded student handed in."""
    return {s: row["sample"] for s, row in term.truth.items() if row["sample"] and not row["odd"]}


def test_a_released_notebook_leads_to_the_book_and_its_first_cell_is_nobodys_change(term, unsafe):
    folder = Course(term.course).path("release", assignment=ASSIGNMENT)
    released = folder / f"{ASSIGNMENT}.ipynb"
    text = "\n".join(cell.source for cell in nbformat.read(released, as_version=4).cells)
    address = "https://example.org/book"
    assert f'["The unit"]({address}/part1/perceptron.html#the-unit)' in text
    assert f"    %pip install --quiet {address}/_assignments/{ASSIGNMENT}.zip\n" in text
    result = json.loads(autograder(term.course, "grade-one", ASSIGNMENT, released, *unsafe).stdout)
    assert result["notes"] == [] and result["cells"][0]["outcome"] == "ok"


def test_every_file_is_taken_or_named(term):
    odd = {row["odd"]: s for s, row in term.truth.items() if row["odd"]}
    text, wrong, nobody, cut = (odd[what] for what in ODD)
    assert set(term.collected["new"]) == works(term).keys() | {cut}
    assert [line.split(":")[0] for line in term.collected["problems"]] == [
        "submissions.zip", text, wrong]
    assert set(term.report["missing"]) == {
        s for s, row in term.truth.items() if not row["sample"]} | {text, wrong, nobody}
    assert [o["student"] for o in term.report["outcomes"] if o["problem"]] == [cut]
    assert len(works(term)) > 0.8 * SIZE and len(term.late) > 5


def test_scores_equal_the_reasoned_table(term, expected):
    reported = ta.reported_scores({"outcomes": [
        o for o in term.report["outcomes"] if not o["problem"]]})
    assert reported == {s: expected[work] for s, work in works(term).items()}
    assert {s: {**g, "total": sum(g.values())}
            for s, g in gradebook_scores(term.course).items()} == reported


def test_late_work_costs_what_the_term_says(term, expected, unsafe):
    said = autograder(term.course, "export", ASSIGNMENT, "--json", *unsafe).stdout
    assert set(json.loads(said)["without_grade"]) == term.truth.keys() - works(term).keys()
    autograder(term.course, "final")
    with open(term.course / "exports" / f"{ASSIGNMENT}.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == SIZE
    charged = set()
    for student, work in works(term).items():
        came = datetime.datetime.fromisoformat(term.truth[student]["submitted"])
        due = datetime.datetime(2026, 10, 14, 12) if student in term.extended else DUE
        days = (came - due) / datetime.timedelta(days=1)
        share = 0 if days * 1440 <= 5 else 1 if days > 3 else min(1, 0.1 * math.ceil(days))
        total = expected[work]["total"]
        assert float(rows[student]["late_penalty"]) == pytest.approx(total * share, abs=0.006)
        assert float(rows[student]["score"]) == pytest.approx(total * (1 - share), abs=0.006)
        charged |= {student} if share else set()
    assert len(charged) > 3 and charged < set(term.late)
    with open(term.course / "exports" / "final.csv", newline="") as file:
        final = {row["student_id"]: row for row in csv.DictReader(file)}
    assert all(float(final[s]["percent"]) == pytest.approx(float(rows[s]["score"]) / 30 * 100,
                                                           abs=0.02) for s in works(term))
    assert float(final[term.report["missing"][0]]["percent"]) == 0


def test_no_grader_fault_in_the_sample_class(graded):
    faults = [(o["student"], t) for o in graded[1]["outcomes"] for p in o["result"]["parts"]
              for t in p["tests"] if t["outcome"] == "grader_fault"]
    assert not faults


def test_one_worker_gives_the_same_results(term, make_course, unsafe):
    course = make_course(SOME)
    done = autograder(course, "grade", ASSIGNMENT, "--workers", "1", "--json", *unsafe)
    one = {o["student"]: without_times(o["result"]) for o in json.loads(done.stdout)["outcomes"]}
    two = {works(term).get(o["student"]): without_times(o["result"])
           for o in term.report["outcomes"]}
    assert one == {sample: two[sample] for sample in SOME}


def test_nbgraders_own_command_gives_the_same_scores(make_course, isolation, expected):
    course = make_course(FEW)
    flag = ["--Assemble.unsafe=True"] if isolation == "none" else []
    (course / "term.toml").write_text(TERM + "grace = 2026-10-20T12:00:00\n")
    for student in ("ada", "grace"):  # both a day late, one of them with more time
        (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(
            "2026-10-13 12:00:00 UTC\n")
    autograder(course, "release", ASSIGNMENT)  # which tells the gradebook the due date
    run("-m", "nbgrader", "autograde", ASSIGNMENT, *flag, cwd=course)
    assert {s: {**g, "total": sum(g.values())} for s, g in gradebook_scores(course).items()} == {
        s: expected[s] for s in FEW}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        taken = {s: gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, s)
                 .late_submission_penalty or 0 for s in FEW}
    assert taken == {"ada": 0.1 * expected["ada"]["total"], "grace": 0, "mallory": 0}
    run("-m", "nbgrader", "generate_feedback", ASSIGNMENT, "--student", "mallory", cwd=course)
    page = (course / "feedback" / "mallory" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text()
    assert "Part 3. XOR: 0 of 4 points" in page
    assert "HIDDEN TESTS" not in page


def test_a_second_run_grades_nothing_again(graded, unsafe):
    course, _ = graded

    def written():
        return {p: p.stat().st_mtime_ns for folder in ("autograded", ".autograder")
                for p in (course / folder).rglob("*") if p.is_file()}

    before = written()
    done = autograder(course, "grade", ASSIGNMENT, "--json", *unsafe, fine=(1,))
    assert all(o["reused"] for o in json.loads(done.stdout)["outcomes"])
    assert len(before) >= 50 and written() == before


@pytest.fixture(scope="module")
def handed_back(term, unsafe):
    """The term after everybody got a page, packed for the platform as well."""
    autograder(term.course, "feedback", ASSIGNMENT, "--zip", "feedback.zip", *unsafe)
    return term


def test_feedback_goes_to_everyone_and_back_to_the_platform(handed_back, unsafe):
    term, course = handed_back, handed_back.course
    autograder(course, "report", ASSIGNMENT, *unsafe)
    pages = {p.parent.name: p.read_text() for p in (course / "feedback").rglob("*.html")}
    handed_in = {o["student"] for o in term.report["outcomes"]}
    assert pages.keys() == handed_in and len(pages) > 0.8 * SIZE
    late = next(s for s in term.late if s not in term.extended)
    assert "hours late" in pages[late] and "https://example.org/book/part1" in "".join(
        pages.values())
    packed = zipfile.ZipFile(course / "feedback.zip")
    given = {name.removesuffix(".ipynb") for name in zipfile.ZipFile(
        course.parent / "class" / "submissions.zip").namelist()}
    assert {name.removesuffix(".html") for name in packed.namelist()} < given
    assert len(packed.namelist()) == len(pages)
    assert (course / "reports" / f"{ASSIGNMENT}.html").stat().st_size > 2000


def test_feedback_gives_no_solution_and_no_hidden_test_away(handed_back, project):
    term = handed_back
    secrets = solution_pairs(project, ASSIGNMENT) | grader_lines(project, ASSIGNMENT)
    for work in ("ivan", "mallory"):  # they typed no solution of their own
        student = next(s for s, sample in works(term).items() if sample == work)
        path = term.course / "feedback" / student / f"{ASSIGNMENT}.html"
        page = normalised(path.read_text())
        assert not [line for line in secrets if line in page]
        assert "run_hidden_tests()" not in page
