"""The sample classes: each student gets what the reasoned table says."""

import csv
import importlib.util
from pathlib import Path

import pytest

from autograder.grading import Assignment, grade

PROJECT = Path(__file__).resolve().parents[1]
# the class of hw1_perceptron is graded by the TA's commands (tests/autograder/test_commands.py)
TABLES = [path for path in sorted((PROJECT / "samples").glob("*/expected.csv"))
          if path.parent.name != "hw1_perceptron"]
ROWS = [(path.parent.name, row) for path in TABLES
        for row in csv.DictReader(path.read_text().splitlines())]


@pytest.fixture(scope="module")
def submissions(tmp_path_factory):
    """The bytes of every sample student's notebook by assignment and student."""
    spec = importlib.util.spec_from_file_location("make", PROJECT / "samples" / "make_samples.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = tmp_path_factory.mktemp("samples")
    return {(path.parent.name, student): written.read_bytes() for path in TABLES
            for written in make.make_samples(path.parent.name, folder)
            for student in [written.parents[1].name]}


@pytest.mark.parametrize("name, row", ROWS, ids=lambda v: v if isinstance(v, str) else v["student"])
def test_a_sample_student_gets_what_the_table_says(name, row, submissions, isolation):
    assignment = Assignment(name, PROJECT / "source_solutions" / name / f"{name}.ipynb")
    result = grade(submissions[name, row["student"]], assignment, isolation)
    got = {part["name"]: part["score"] for part in result["parts"]} | {"total": result["score"]}
    assert got == {part: float(points) for part, points in row.items()
                   if part not in ("student", "why")}
    assert not [t for p in result["parts"] for t in p["tests"] if t["outcome"] == "grader_fault"]
