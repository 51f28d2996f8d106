"""The TA's commands on the sample class, as a TA types them."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from course_secrets import grader_lines, normalised, solution_pairs
from nbgrader.api import Gradebook

ASSIGNMENT = "hw1_perceptron"
# right, wrong, crashing, hanging, with deleted cells: enough where the whole class is long
SOME = {"ada", "bernard", "dennis", "hedy", "ivan", "mallory", "yann"}


def run(*command, cwd, fine=(0,), prefix=()):
    """Run a command of this Python and return it; fail with its output on an unexpected end."""
    done = subprocess.run([*prefix, sys.executable, *command], cwd=cwd, capture_output=True,
                          text=True, timeout=900, check=False)
    assert done.returncode in fine, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done


def autograder(course, *arguments, **kwargs):
    return run("-m", "autograder", *arguments, cwd=course, **kwargs)


@pytest.fixture(scope="module")
def unsafe(isolation):
    return ["--unsafe"] if isolation == "none" else []


@pytest.fixture(scope="module")
def make_course(project, tmp_path_factory):
    """A function that makes a course folder with the given sample students (all by default)."""
    everyone = tmp_path_factory.mktemp("samples")
    run("samples/make_samples.py", str(everyone), cwd=project)

    def make(students=None):
        root = tmp_path_factory.mktemp("course")
        source = str(project / "source_solutions")
        (root / "nbgrader_config.py").write_text(
            "from autograder.nbgrader_plugin import configure\nc = get_config()\n"
            "configure(c)\nc.CourseDirectory.release_directory = 'assignments'\n"
            f"c.CourseDirectory.source_directory = {source!r}\n")
        shutil.copy(project / "samples" / "roster.csv", root)
        for folder in sorted(everyone.iterdir()):
            if students is None or folder.name in students:
                shutil.copytree(folder, root / "submitted" / folder.name)
        autograder(root, "release", ASSIGNMENT)
        return root

    return make


@pytest.fixture(scope="module")
def expected(project) -> dict[str, dict[str, float]]:
    """The reasoned table: points by student and part."""
    with open(project / "samples" / ASSIGNMENT / "expected.csv", newline="") as file:
        rows = {row.pop("student"): row for row in csv.DictReader(file)}
    return {student: {part: float(points) for part, points in row.items() if part != "why"}
            for student, row in rows.items()}


def gradebook_scores(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {
            submission.student_id: {
                grade.cell.name: grade.auto_score
                for notebook in submission.notebooks for grade in notebook.grades}
            for submission in gradebook.assignment_submissions(ASSIGNMENT)}


@pytest.fixture(scope="module")
def graded(make_course, unsafe):
    """The whole class graded with two workers: the course and the command's JSON."""
    course = make_course()
    done = autograder(course, "grade", ASSIGNMENT, "--workers", "2", "--json", *unsafe)
    return course, json.loads(done.stdout)


def without_times(result):
    cells = [{k: v for k, v in cell.items() if k != "seconds"} for cell in result["cells"]]
    return {**result, "seconds": None, "cells": cells}


def test_scores_equal_the_reasoned_table(graded, expected):
    course, report = graded
    got = {o["student"]: {**{p["name"]: p["score"] for p in o["result"]["parts"]},
                          "total": o["result"]["score"]} for o in report["outcomes"]}
    assert got == expected
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
    course = make_course(SOME)
    flag = ["--Assemble.unsafe=True"] if isolation == "none" else []
    run("-m", "nbgrader", "autograde", ASSIGNMENT, *flag, cwd=course)
    assert gradebook_scores(course) == {
        s: scores for s, scores in gradebook_scores(graded[0]).items() if s in SOME}
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


def test_bad_submissions_end_in_a_line_each_and_stop_no_other(make_course, unsafe):
    course = make_course({"ada", "grace"})
    submitted = course / "submitted"
    (submitted / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_text('{"cells": [')
    (submitted / "nobody" / ASSIGNMENT).mkdir(parents=True)
    shutil.copytree(submitted / "grace", submitted / "not a student id")
    (submitted / "alan" / ASSIGNMENT).mkdir(parents=True, exist_ok=True)
    done = autograder(course, "grade", ASSIGNMENT, *unsafe, fine=(1,))
    lines = done.stderr.splitlines()
    for words in ("ada", "not valid JSON"), ("nobody", "not in roster.csv"), (
            "not a student id", "rename the folder"), ("alan", "no such file"):
        assert sum(all(w in line for w in words) for line in lines) == 1, (words, lines)
    assert "Traceback" not in done.stderr + done.stdout
    assert set(gradebook_scores(course)) == {"grace"}


@pytest.mark.parametrize("arguments, says", [
    (["grade", "hw99"], "no assignment called 'hw99'"),
    (["grade", ASSIGNMENT, "--student", "nemo"], "check the student id"),
    (["feedback", ASSIGNMENT], "nothing is graded"),
    (["--root", "nowhere", "grade", ASSIGNMENT], "no such file: name the course's folder"),
])
def test_wrong_input_is_one_clear_line(make_course, unsafe, arguments, says):
    course = make_course({"grace"})
    done = autograder(course, *arguments, *unsafe, fine=(2,))
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: ") and says in line


def test_a_course_without_submissions_is_one_clear_line(make_course, unsafe):
    course = make_course(set())
    done = autograder(course, "grade", ASSIGNMENT, *unsafe, fine=(2,))
    assert "put each submission into" in done.stderr and "Traceback" not in done.stderr


def test_an_unreleased_assignment_is_one_clear_line(make_course, unsafe):
    course = make_course({"grace"})
    (course / "gradebook.db").unlink()
    done = autograder(course, "grade", ASSIGNMENT, *unsafe, fine=(2,))
    assert "release" in done.stderr and "Traceback" not in done.stderr


def test_a_full_disk_loses_nothing_that_fits(make_course, bubblewrap):
    course = make_course({"ada", "grace"})
    store = course / ".autograder"
    store.mkdir(exist_ok=True)
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "4096", "--tmpfs", str(store)]
    done = autograder(course, "grade", ASSIGNMENT, fine=(1,), prefix=small)
    lines = [line for line in done.stderr.splitlines() if "cannot be written" in line]
    assert len(lines) == 2 and "No space left" in lines[0]
    assert "Traceback" not in done.stderr + done.stdout
    done = autograder(course, "grade", ASSIGNMENT)  # room again: the same command finishes
    assert set(gradebook_scores(course)) == {"ada", "grace"}


@pytest.mark.parametrize("kilobytes", [450, 900])
def test_a_full_disk_under_the_whole_course_ends_in_lines(make_course, bubblewrap, kilobytes):
    course = make_course({"ada", "grace"})
    small = course / "small"
    small.mkdir()
    command = (f"cp {course}/*.py {course}/*.csv {course}/*.db {small} && "
               f"cp -r {course}/submitted {small} && cd {small} && "
               f"{sys.executable} -m autograder grade {ASSIGNMENT}")
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", "--size", str(kilobytes * 1024), "--tmpfs", small,
         "sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr + done.stdout
    assert any(word in done.stderr for word in ("No space left", "disk is full", "disk I/O"))


def test_a_killed_run_continues_where_it_was(make_course, unsafe):
    course = make_course({"ada", "grace", "alan"})
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--workers", "1", *unsafe]
    with subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not list(_stored(course)):
            pass
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    assert helpers
    _, alive = psutil.wait_procs(helpers, timeout=20)
    assert not alive  # neither workers nor sandboxes outlive the command
    kept = set(_stored(course))
    assert kept
    done = autograder(course, "grade", ASSIGNMENT, "--json", *unsafe)
    reused = [o["student"] for o in json.loads(done.stdout)["outcomes"] if o["reused"]]
    assert len(reused) >= len(kept)
    assert set(gradebook_scores(course)) == {"ada", "grace", "alan"}


def _stored(course: Path):
    return (course / ".autograder").rglob("*.json")


def test_without_isolation_grading_refuses(make_course, monkeypatch):
    course = make_course({"grace"})
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(scripts))  # no bwrap there
    done = autograder(course, "grade", ASSIGNMENT, fine=(2,))
    assert "--unsafe" in done.stderr
    done = autograder(course, "grade", ASSIGNMENT, "--unsafe", "--json")
    (outcome,) = json.loads(done.stdout)["outcomes"]
    assert outcome["result"]["isolation"] == "none"


def test_doctor_says_what_is_there(make_course):
    done = autograder(make_course({"grace"}), "doctor", fine=(0, 1))
    assert "isolation" in done.stdout and ASSIGNMENT in done.stdout
