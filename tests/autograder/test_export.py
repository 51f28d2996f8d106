"""Grades as files."""

import csv
import io
import json
import re
import zipfile

import pytest
from results_sample import graded_parts, result

from autograder.errors import AutograderError
from autograder.gradebook.standing import Standing
from autograder.output.export import pack_feedback, write_final, write_grades

ROSTER = {"ada": {"first_name": "Ada", "last_name": "=HYPERLINK()", "email": "ada@example.org"},
          "zoe": {"first_name": "Zoe", "last_name": "Z", "email": ""}}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_every_student_has_a_row_with_a_score_or_a_reason(tmp_path):
    results = {"ada": result(), "bob": result(status="unreadable", reason="empty")}
    table, data, *_ = write_grades(tmp_path, "hw1", results, ROSTER)
    heading, *rows = read(table)
    rows = {row[0]: dict(zip(heading, row)) for row in rows}
    assert list(rows) == ["ada", "bob", "zoe"]
    assert (rows["ada"]["score"], rows["ada"]["part unit"]) == ("5.0", "2.0")
    assert (rows["bob"]["score"], rows["bob"]["status"]) == ("", "unreadable")
    assert (rows["zoe"]["score"], rows["zoe"]["status"]) == ("", "nothing to grade")
    assert json.loads(data.read_text())[0]["score"] == 5.0


@pytest.mark.parametrize("name, written", [
    ("=HYPERLINK()", None), ("+1", None), ("-1", None), ("@SUM(A1)", None), (" =1", None),
    ("\u00a0=1", None), ("\u200b=1", None), ("\ufeff=1", None), ("\u3000\uff1d1", None),
    ("\uff0b1", None), ("\uff0d1", None), ("\uff20A1", None), ("\u22121", None), ("\tx", None),
    ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("\n=1", "'\n'=1"), (";=1", "';'=1"),
    ("x;=1+1", "x;'=1+1"), ("x|=1", "x|'=1"), ("x\t=1", "x\t'=1"), ("x,=1", "x,'=1"),
    ('x";"=1', "x\";'\"=1"), ("x; \u200b\uff20A1", "x;' \u200b\uff20A1")])
def test_a_name_cannot_become_a_formula(tmp_path, name, written):
    people = {"ada": {"first_name": name, "last_name": name, "email": name}}
    table, _, canvas, moodle = write_grades(tmp_path, "hw1", {"ada": result()}, people)
    harmless = written or "'" + name
    assert read(table)[1][1:4] == read(moodle)[1][1:4] == [harmless] * 3
    for text in (table.read_text(), canvas.read_text(), moodle.read_text()):
        for cell in re.split(r"[,;|\t\r\n]", text):  # in whichever country
            assert not re.match(r"[\s\"\u200b\ufeff]*[=+@\uff1d\uff0b\uff20\u2212]", cell)


@pytest.mark.parametrize("name", ["O'Neil", "Anna-Maria", "Smith - Jones", "a@b.org", "x=1", "C++",
                                  "Nguyễn, Thị", "王小明", "'=1"])
def test_an_honest_name_stays_as_it_is(tmp_path, name):
    people = {"ada": {"first_name": name, "last_name": name, "email": name}}
    table, *_ = write_grades(tmp_path, "hw1", {"ada": result()}, people)
    assert read(table)[1][1:4] == [name] * 3


def test_a_name_of_many_separators_is_written_at_once(tmp_path):
    people = {"ada": {"first_name": "\t " * 30_000, "last_name": ";=" * 30_000}}
    table, *_ = write_grades(tmp_path, "hw1", {"ada": result()}, people)  # minutes, if quadratic
    assert table.read_text().count("'") == 30_002


def test_a_name_cannot_begin_a_row_of_its_own(tmp_path):
    people = {"ada": {"first_name": "a\r=1", "last_name": 'b\n"=1', "email": "c,=1"}}
    table, *_ = write_grades(tmp_path, "hw1", {"ada": result()}, people)
    assert [row[:4] for row in read(table)[1:]] == [["ada", "b\n'\"=1", "a\r'=1", "c,'=1"]]


def test_a_negative_number_stays_a_number(tmp_path):
    table, *_ = write_grades(tmp_path, "hw1", {"ada": graded_parts(-1.0)}, {})
    assert read(table)[1][5] == "-1.0"


def test_a_sum_has_no_last_digits_of_binary_arithmetic(tmp_path):
    table, data, canvas, _ = write_grades(tmp_path, "hw1", {"ada": graded_parts(0.1, 0.2)}, {})
    assert 0.1 + 0.2 != 0.3
    assert read(table)[1][5] == read(canvas)[2][-1] == "0.3"
    assert json.loads(data.read_text())[0]["score"] == 0.3


def test_parts_keep_the_assignments_order(tmp_path):
    table, *_ = write_grades(tmp_path, "hw1", {"ada": result()}, {})
    assert read(table)[0][-2:] == ["part unit", "part gates"]


def test_canvas_gets_its_columns_and_only_graded_students(tmp_path):
    results = {"zoe": result(), "bob": result((3.0, 3.0)),
               "eve": result(status="unreadable", reason="empty")}
    *_, canvas, _ = write_grades(tmp_path, "hw1", results, ROSTER)
    assert canvas == tmp_path / "canvas" / "hw1.csv"
    assert read(canvas) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "hw1"],
        ["    Points Possible", "", "", "", "", "6.0"],
        ["bob", "", "bob", "bob", "", "6.0"],
        ["Z, Zoe", "", "zoe", "zoe", "", "5.0"]]


def test_canvas_gets_its_own_id_or_the_login_and_never_both(tmp_path):
    roster = {"ada": {"lms_user_id": "101"}, "bob": {"lms_user_id": ""}}
    *_, canvas, _ = write_grades(tmp_path, "hw1", {"ada": result(), "bob": result()}, roster)
    assert [row[1:4] for row in read(canvas)[2:]] == [["101", "", ""], ["", "bob", "bob"]]


def test_a_roster_without_results_is_written_too(tmp_path):
    table, data, canvas, _ = write_grades(tmp_path, "hw1", {}, ROSTER)
    assert [row[0] for row in read(table)] == ["student_id", "ada", "zoe"]
    assert len(json.loads(data.read_text())) == 2 and len(read(canvas)) == 1


def test_a_file_in_the_way_is_one_line(tmp_path):
    (tmp_path / "exports").write_text("")
    with pytest.raises(AutograderError, match="cannot be written") as error:
        write_grades(tmp_path / "exports", "hw1", {"ada": result()}, {})
    assert "\n" not in str(error.value)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    table, *_ = write_grades(tmp_path, "hw1", {"ada": result()}, {})
    before = table.read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(AutograderError):
        write_grades(tmp_path, "hw1", {"ada": result((0.0, 0.0))}, {})
    assert table.read_bytes() == before and list(tmp_path.glob(".*")) == []


def test_moodle_gets_its_headings_and_only_graded_students(tmp_path):
    results = {"zoe": result(), "eve": result(status="unreadable", reason="empty")}
    *_, moodle = write_grades(tmp_path, "hw1", results, ROSTER)
    assert moodle == tmp_path / "moodle" / "hw1.csv"
    assert read(moodle) == [["ID number", "First name", "Last name", "Email address", "hw1"],
                            ["zoe", "Zoe", "Z", "", "5.0"]]


def test_what_has_no_grade_gets_none_from_what_was_entered_by_hand(tmp_path):
    standing = Standing(score=5.5, max_score=10.0, parts={"unit": 2.0}, max_parts={"unit": 3.0},
                        comments={}, hours_late=3.5, penalty=0.5, waiting={"unit": None})
    table, *_ = write_grades(tmp_path, "hw1", {"eve": result(status="unreadable", reason="empty")},
                             {}, {"eve": standing})
    row = dict(zip(*read(table)))
    assert row["status"] == "unreadable" and row["part unit"] == row["score"] == ""
    assert (row["hours_late"], row["late_penalty"]) == ("", "")


def names_of_pages(names, students=("ada", "bob", "eve")):
    packed = pack_feedback("hw1", dict.fromkeys(students, "page"), names)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.namelist()


@pytest.mark.parametrize("names, expected", [
    ({}, ["ada/hw1.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "x/hw.ipynb", "bob": "y.ipynb"}, ["x/hw.html", "y.html", "eve/hw1.html"]),
    # two of one name, by any file system's rules; a file where a folder is needed, and back
    ({"ada": "x.ipynb", "bob": "X.ipynb"}, ["x.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "x.html", "bob": "x.html/y.ipynb"}, ["x.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "x.html/y.ipynb", "bob": "x.ipynb"}, ["x.html/y.html", "bob/hw1.html",
                                                   "eve/hw1.html"]),
    # another student's folder
    ({"ada": "bob/hw1.ipynb"}, ["ada/hw1.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "x/BOB.ipynb"}, ["ada/hw1.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "ada/mine.ipynb"}, ["ada/mine.html", "bob/hw1.html", "eve/hw1.html"]),
    ({"ada": "x.ipynb", "bob": "../../x/hw1.ipynb"}, ["x.html", "x/hw1.html", "eve/hw1.html"]),
])
def test_each_page_has_a_name_of_its_own(names, expected):
    assert names_of_pages(names) == expected


def test_what_counts_is_exported_and_the_term_summed_up(tmp_path):
    def standing(score, **waiting):
        return Standing(score=score, max_score=10.0, parts={"unit": 2.0, "essay": 4.0},
                        max_parts={"unit": 3.0, "essay": 7.0}, comments={}, hours_late=3.5,
                        penalty=0.5, waiting=waiting)

    standings = {"hw1": {"ada": standing(5.5), "zoe": standing(8.0, essay=None)},
                 "hw2": {"ada": standing(10.0)}}
    results = {"ada": result(), "zoe": result()}
    for graded_only, names in (False, ["ada", "zoe"]), (True, ["ada"]):
        table, _, canvas, moodle = write_grades(tmp_path, "hw1", results, ROSTER,
                                                standings["hw1"], graded_only)
        assert [row[0] for row in read(moodle)[1:]] == names
        assert len(read(canvas)) == 2 + len(names) and len(read(table)) == 1 + len(ROSTER)
    heading, ada, zoe = (read(table)[i] for i in range(3))
    ada, zoe = dict(zip(heading, ada)), dict(zip(heading, zoe))
    assert (ada["score"], ada["max_score"], ada["autograded"]) == ("5.5", "10.0", "5.0")
    assert (ada["hours_late"], ada["late_penalty"], ada["part essay"]) == ("3.5", "0.5", "4.0")
    assert (ada["status"], zoe["status"]) == ("graded", "waits for a person")
    final, _ = write_final(tmp_path, standings, {"hw1": 1.0, "hw2": 3.0}, ROSTER)
    rows = {row[0]: dict(zip(read(final)[0], row)) for row in read(final)[1:]}
    assert rows["ada"]["percent"] == "88.75" and rows["zoe"]["percent"] == "20.0"
    assert rows["zoe"]["percent_so_far"] == "20.0"
    final, _ = write_final(tmp_path, standings, {"hw1": 1.0, "hw2": 3.0}, ROSTER, {"hw2"})
    so_far = {row[0]: dict(zip(read(final)[0], row)) for row in read(final)[1:]}
    assert so_far["zoe"]["percent_so_far"] == "80.0" and so_far["zoe"]["percent"] == "20.0"
    assert (rows["zoe"]["hw2"], rows["zoe"]["waits"]) == ("", "True")
