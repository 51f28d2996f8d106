"""Grades as files."""

import csv
import json

import pytest
from results_sample import result

from autograder.errors import AutograderError
from autograder.export import write_grades

ROSTER = {"ada": {"first_name": "Ada", "last_name": "=HYPERLINK()", "email": "ada@example.org"},
          "zoe": {"first_name": "Zoe", "last_name": "Z", "email": ""}}


def test_every_student_has_a_row_with_a_score_or_a_reason(tmp_path):
    results = {"ada": result(), "bob": result(status="unreadable", reason="empty")}
    table, data = write_grades(tmp_path, "hw1", results, ROSTER)
    with open(table, newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["ada", "bob", "zoe"]
    assert (rows["ada"]["score"], rows["ada"]["part unit"]) == ("5.0", "2.0")
    assert (rows["bob"]["score"], rows["bob"]["status"]) == ("", "unreadable")
    assert (rows["zoe"]["score"], rows["zoe"]["status"]) == ("", "nothing handed in")
    assert json.loads(data.read_text())[0]["score"] == 5.0


def test_a_name_cannot_become_a_formula(tmp_path):
    table, _ = write_grades(tmp_path, "hw1", {"ada": result()}, ROSTER)
    assert "'=HYPERLINK()" in table.read_text()


def test_parts_keep_the_assignments_order(tmp_path):
    table, _ = write_grades(tmp_path, "hw1", {"ada": result()}, {})
    assert table.read_text().splitlines()[0].endswith("part unit,part gates")


def test_a_file_in_the_way_is_one_line(tmp_path):
    (tmp_path / "exports").write_text("")
    with pytest.raises(AutograderError, match="cannot be written"):
        write_grades(tmp_path / "exports", "hw1", {"ada": result()}, {})
