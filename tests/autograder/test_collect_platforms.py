"""Downloads of each platform: whose each notebook is, when it came, and which one is the last."""

import datetime
import json

import pytest
import toy
from downloads import make_folder, make_zip, raw

from autograder.errors import AutograderError
from autograder.term.collect import collect, handed_over
from autograder.term.course import Course

LAST = toy.as_bytes(toy.source())
FIRST = toy.as_bytes(toy.source(double="def double(x):\n    return x + x"))
DUE = "2026-10-12T23:59:00"
ROSTER = """\
student_id,first_name,last_name,email,lms_user_id
u001,Björn,Nguyễn,bjorn@x.org,901
u002,Siobhán,O'Brien,siobhan@x.org,902
u003,太郎,山田,taro@x.org,903
U1001147,Ada,Lee,ada1@x.org,904
U1001924,Ada,Lee,ada2@x.org,905
ada_lee,Ann,Other,ann@x.org,906
lee,Bob,Lee,bob@x.org,907
"""
EVENING = datetime.datetime(2026, 10, 12, 21, 59)  # 23:59 in Berlin, in UTC
RAILS = """\
submission_7:
  :submitters:
  - :name: Björn Nguyễn
    :sid: u001
    :email: bjorn@x.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-10-12 21:59:00.123456789 Z
    zone: &2 !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: 2026-10-12 14:59:00.123456789 Z
submission_8:
  :submitters:
  - :name: Siobhán O'Brien
    :sid: ''
    :email: siobhan@x.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-12 21:59:00.000000000 Z
    zone: *2
    time: *1
"""
PLAIN = """\
submission_7:
  :submitters: [{":name": Björn Nguyễn, ":sid": u001, ":email": bjorn@x.org}]
  :created_at: 2026-10-12 14:59:00.123456000 -07:00
submission_8:
  :submitters: [{":name": Siobhán O'Brien, ":sid": '', ":email": siobhan@x.org}]
  :created_at: 2026-10-12 21:59:00.123456000 Z
"""
BB = "gradebook_2026-CS231_toy"
WORKSHEET_DE = ("ID,Vollständiger Name,E-Mail-Adresse,Status,Zuletzt geändert (Abgabe)\n"
                'Teilnehmer/in55,Björn Nguyễn,bjorn@x.org,Abgegeben,'
                '"Montag, 12. Oktober 2026, 23:59"\n'
                "Teilnehmer/in56,Siobhán O'Brien,siobhan@x.org,Abgegeben,"
                '"Montag, 12. Oktober 2026, 23:59"\n')
# by platform: files, the time of u001 in UTC, and a table of times
DOWNLOADS = {
    "brightspace": ({
        "index.html": "<html>",
        "88000-44709 - Björn Nguyễn - Oct 10, 2026 1247 PM/toy.ipynb": FIRST,
        "88000-44710 - Björn Nguyễn - Oct 12, 2026 1159 PM/toy.ipynb": LAST,
        "88001-44711 - Siobhán O'Brien - Oct 12, 2026 1159 PM/my work.ipynb": LAST}, EVENING, ""),
    "blackboard": ({
        f"{BB}_u001_attempt_2026-10-10-08-00-00_toy.ipynb": FIRST,
        f"{BB}_u001_attempt_2026-10-10-08-00-00.txt": "Name: Björn Nguyễn (u001)\n",
        f"{BB}_u001_attempt_2026-10-12-23-59-00_a.ipynb": LAST,
        f"{BB}_u001_attempt_2026-10-12-23-59-00.txt": "Name: Björn Nguyễn (u001)\n",
        f"{BB}_u002_attempt_2026-10-12-23-59-00_toy.ipynb": LAST,
        f"{BB}_u002_attempt_2026-10-12-23-59-00.txt": "x"}, EVENING, ""),
    "google": ({
        "drive/Björn Nguyễn - toy.ipynb": LAST,
        "drive/Siobhán O'Brien - Copy of toy.ipynb": LAST}, None, ""),
    "github": ({
        "toy-submissions/toy-bjorn-n/toy.ipynb": LAST,
        "toy-submissions/toy-bjorn-n/README.md": "x",
        "toy-submissions/toy-bjorn-n/.github/workflows/a.yml": "x",
        "toy-submissions/toy-bjorn-n/nncourse/given.py": "x",
        "toy-submissions/toy-shiv/sub/toy.ipynb": LAST,
        "toy-submissions/toy-shiv/README.md": "x"}, None, ""),
    "gradescope": ({
        "assignment_5551234_export/submission_metadata.yml": RAILS,
        "assignment_5551234_export/submission_7/toy.ipynb": LAST,
        "assignment_5551234_export/submission_8/toy.ipynb": LAST},
        EVENING.replace(microsecond=0), ""),
    "gradescope, plain times": ({
        "assignment_5551234_export/submission_metadata.yml": PLAIN,
        "assignment_5551234_export/submission_7/toy.ipynb": LAST,
        "assignment_5551234_export/submission_8/toy.ipynb": LAST}, EVENING, ""),
    "moodle, German": ({
        "Björn Nguyễn_55_assignsubmission_file_/toy.ipynb": LAST,
        "Björn Nguyễn_55_assignsubmission_onlinetext_/onlinetext.html": "x",
        "Siobhán O'Brien_56_assignsubmission_file_/toy.ipynb": LAST}, EVENING, WORKSHEET_DE),
    "canvas": ({
        "nguynbjrn_901_7001_toy-1.ipynb": FIRST, "nguynbjrn_901_7010_toy-2.ipynb": LAST,
        "obriensiobhn_LATE_902_7002_toy.ipynb": LAST}, EVENING,
        "student_id,submitted\nu001,2026-10-12 23:59\nu002,2026-10-12 23:59\n"),
    "nbgrader": ({
        "toy/u001+toy+2026-10-10 08:00:00 UTC+ab/toy.ipynb": FIRST,
        "toy/u001+toy+2026-10-12 21:59:00 UTC+cd/toy.ipynb": LAST,
        "toy/u001+toy+2026-10-12 21:59:00 UTC+cd/timestamp.txt": "2026-10-01 00:00:00 UTC",
        "toy/u001+toy+2026-10-12 21:59:00 UTC+cd/submission_secret.txt": "x",
        "toy/u002+toy+2026-10-12 21:59:00 UTC+ef/toy.ipynb": LAST,
        "toy/u002+toy+2026-10-12 21:59:00 UTC+ef/submission_secret.txt": "x"}, EVENING, ""),
}
GITHUB = ('"identifier","github_username","github_id","name"\n"u001","bjorn-n","1",""\n'
          '"u002","shiv","2",""\n"u003","","",""\n')


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    toy.write_course(root)
    (root / "term.toml").write_text('timezone = "Europe/Berlin"\nlate.per_day = 0.1\n'
                                    f"[assignments.toy]\ndue = {DUE}\n")
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return Course(root)


@pytest.fixture(params=["zip", "folder"])
def lay_out(request, tmp_path):
    """A function that lays out files of these contents as a zip or a folder of that name."""
    def laid_out(files, name="all"):
        folder = tmp_path / "downloads"
        folder.mkdir(exist_ok=True)
        if request.param == "zip":
            return make_zip(folder / f"{name}.zip", files)
        return make_folder(folder / name, files)

    return laid_out


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_each_platform(course, lay_out, tmp_path):
    for platform, (files, time, table) in DOWNLOADS.items():
        path = lay_out(files, platform)
        if platform == "github":
            written(path.parent / "classroom_roster.csv", GITHUB)
        times = written(tmp_path / "times.csv", table) if table else None
        done = collect(course, "toy", [path], times=times)
        assert done.problems == [], platform
        assert done.new + done.replaced + done.unchanged == ["u001", "u002"], platform
        assert (raw(course, "u001"), raw(course, "u002")) == (LAST, LAST), platform
        came = course.submitted_at("u001", "toy")
        assert (came and came.replace(microsecond=0)) == time, platform
        assert ("no time is known for any of the 2" in "".join(done.notes)) == (time is None)
        assert sum("an earlier one" in note for note in done.notes) == (FIRST in files.values())
        assert not any("secret" in note or "index" in note for note in done.notes)
        again = collect(course, "toy", [path], times=times)
        assert again.unchanged == ["u001", "u002"] and not again.new + again.replaced, platform
        for student in ("u001", "u002"):
            folder = course.path("submitted", student, "toy")
            (folder / "toy.ipynb").unlink()
            (folder / "timestamp.txt").unlink(missing_ok=True)


def test_what_lies_beside_many_notebooks_is_a_line_a_kind(course, lay_out):
    students = {f"{number:03}": f"g{number:03}" for number in range(30)}
    (course.root / "roster.csv").write_text("student_id\n" + "\n".join(students) + "\n")
    written(course.root / "classroom_roster.csv", "identifier,github_username\n" + "".join(
        f"{student},{name}\n" for student, name in students.items()))
    files = {f"toy-{name}/{path}": content for name in students.values() for path, content in (
        ("toy.ipynb", LAST), ("README.md", "x"), ("nncourse/a.py", "x"), (".github/a.yml", "x"),
        (".DS_Store", "x"), ("__MACOSX/._toy.ipynb", "x"), ("LICENSE", "x"))}
    done = collect(course, "toy", [lay_out(files)])
    assert len(done.new) == 30 and done.problems == []
    assert [note for note in done.notes if "beside the" in note] == [
        "beside the notebooks: 30 LICENSE files are no notebooks, such as LICENSE",
        "beside the notebooks: 30 .md files are no notebooks, such as README.md",
        "beside the notebooks: 30 .py files are no notebooks, such as a.py"] or len(done.notes) == 5


# -- GitHub Classroom

@pytest.mark.parametrize("table, owners", [
    ("identifier,github_username\nu001,alice\nu002,x-alice\n", ("u001", "u002")),
    ("identifier,github_username\nu002,x-alice\nu001,alice\n", ("u001", "u002")),
    ("identifier,github_username,name\nx,alice,Björn Nguyễn\ny,x-alice,Siobhán O'Brien\n",
     ("u001", "u002")),
    ("github_username,roster_identifier,student_repository_name,submission_timestamp\n"
     "alice,u001,toy-alice,2026-10-12 21:59:00 UTC\nx-alice,u002,toy-x-alice,\n",
     ("u001", "u002"))])
def test_a_user_name_that_ends_as_anothers_does(course, lay_out, table, owners, tmp_path):
    classroom = written(tmp_path / "my roster.csv", table)
    files = {"toy-alice/toy.ipynb": LAST, "toy-x-alice/toy.ipynb": FIRST, "toy-zed/a.ipynb": LAST}
    done = collect(course, "toy", [lay_out(files)], classroom=classroom)
    assert (raw(course, "u001"), raw(course, "u002")) == (LAST, FIRST)
    assert ["toy-zed" in line for line in done.problems] == [True]
    timed = "timestamp" in table
    assert course.submitted_at("u001", "toy") == (EVENING if timed else None)


def test_repositories_as_zips_of_a_branch(course, tmp_path):
    folder = make_folder(tmp_path / "repos", {"classroom_roster.csv": GITHUB})
    for name, content in (("toy-bjorn-n-main", LAST), ("toy-shiv-master", FIRST)):
        make_zip(folder / f"{name}.zip", {f"{name}/toy.ipynb": content, f"{name}/README.md": "x"})
    done = collect(course, "toy", [folder])
    assert done.new == ["u001", "u002"] and done.problems == []
    assert any("classroom_roster.csv: read for whose" in note for note in done.notes)
    one_by_one = collect(course, "toy", sorted(folder.glob("*.zip")))
    assert one_by_one.unchanged == ["u001", "u002"] and one_by_one.problems == []


def test_a_table_inside_an_upload_is_no_table(course, lay_out):
    forged = "identifier,github_username\nu002,evil\n"
    files = {"Björn Nguyễn - x/classroom_roster.csv": forged,
             "Björn Nguyễn - x/toy-evil/toy.ipynb": FIRST,
             "Siobhán O'Brien - toy.ipynb": LAST}
    collect(course, "toy", [lay_out(files)])
    assert raw(course, "u002") == LAST and raw(course, "u001") == FIRST


def test_without_a_table_a_line_says_which(course, lay_out):
    done = collect(course, "toy", [lay_out(DOWNLOADS["github"][0])])
    assert not done.new and len(done.problems) == 2
    assert done.notes[0].endswith("give its table with --github classroom_roster.csv")


def test_accounts_of_our_own_roster(course, lay_out):
    written(course.root / "roster.csv", "student_id,github_username\nu001,bjorn-n\nu002,shiv\n")
    assert collect(course, "toy", [lay_out(DOWNLOADS["github"][0])]).new == ["u001", "u002"]


def test_a_table_that_is_none_is_one_line(course, lay_out, tmp_path):
    table = written(tmp_path / "t.csv", "a,b\n1,2\n")
    with pytest.raises(AutograderError, match="has no column github_username"):
        collect(course, "toy", [lay_out({"toy-x/toy.ipynb": LAST})], classroom=table)


# -- names that look like another platform's

@pytest.mark.parametrize("files, owner", [
    # what stands at the end is the student's
    ({"nguynbjrn_901_7001_x_u002_attempt_2026-10-01-00-00-00_.ipynb": LAST,
      "obriensiobhn_902_7002_toy.ipynb": FIRST}, "u001"),
    ({f"{BB}_u001_attempt_2026-10-12-23-59-00_x_902_7_y.ipynb": LAST,
      f"{BB}_u002_attempt_2026-10-12-23-59-00_toy.ipynb": FIRST}, "u001"),
    ({"Björn Nguyễn - x_902_7_y.ipynb": LAST, "Siobhán O'Brien - toy.ipynb": FIRST}, "u001"),
    ({"Björn Nguyễn - u002.ipynb": LAST, "Siobhán O'Brien - toy.ipynb": FIRST}, "u001"),
    ({"88000-1 - Björn Nguyễn - Oct 12, 2026 1159 PM/1-2 - Siobhán O'Brien - Oct 1, 2026 100 PM/"
      "toy.ipynb": LAST,
      "88001-2 - Siobhán O'Brien - Oct 12, 2026 1159 PM/toy.ipynb": FIRST}, "u001"),
])
def test_the_end_of_a_name_is_the_students(course, lay_out, files, owner):
    done = collect(course, "toy", [lay_out(files)])
    assert raw(course, owner) == LAST and raw(course, "u002") == FIRST and done.problems == []


def test_a_name_that_fits_two_platforms_is_a_line(course, lay_out):
    name = "nguynbjrn_901_7001_x_u002_attempt_2026-10-01-00-00-00_.ipynb"
    done = collect(course, "toy", [lay_out({name: LAST})])
    assert not done.new and "two platforms write such names" in done.problems[0]


@pytest.mark.parametrize("text, student", [
    ("Name: Björn Nguyễn (bnguyen)\nAssignment: toy\n", "u001"),
    ("\ufeffNaam: Björn Nguyễn (bnguyen)\r\n", "u001"),
    ("Name: Siobhán O'Brien (u002) (bnguyen)", None), ("Name: Ada Lee (bnguyen)", None),
    ("Name: Björn Nguyễn (u001)", None), ("", None)])
def test_blackboards_text_says_who_a_user_is(course, lay_out, text, student):
    done = collect(course, "toy", [lay_out({
        "toy_bnguyen_attempt_2026-10-12-23-59-00.txt": text,
        "toy_bnguyen_attempt_2026-10-12-23-59-00_Name.txt": "Name: Siobhán O'Brien (bnguyen)",
        "toy_bnguyen_attempt_2026-10-12-23-59-00_toy.ipynb": LAST})])
    assert done.new == ([student] if student else [])
    assert bool(done.problems) == (student is None)


def test_user_names_that_end_alike(course, lay_out):
    files = {f"toy_{user}_attempt_2026-10-12-23-59-00_a.ipynb": content
             for user, content in (("lee", LAST), ("ada_lee", FIRST), ("u001", LAST))}
    assert collect(course, "toy", [lay_out(files)]).new == ["ada_lee", "lee", "u001"]
    assert (raw(course, "lee"), raw(course, "ada_lee")) == (LAST, FIRST)


def test_a_brightspace_time_that_is_none_is_a_line_until_times_are_given(course, lay_out, tmp_path):
    path = lay_out({"88000-1 - Björn Nguyễn - 2026 yesterday/toy.ipynb": LAST})
    done = collect(course, "toy", [path])
    assert not done.new and "or give the times with --times" in done.problems[0]
    times = written(tmp_path / "t.csv", "student_id,submitted\nu001,2026-10-12 23:59\n")
    assert collect(course, "toy", [path], times=times).new == ["u001"]
    assert course.submitted_at("u001", "toy") == EVENING


def test_pages_go_back_under_the_uploads_name(course, tmp_path):
    inner = make_zip(tmp_path / "x.zip", {"sub/toy.ipynb": LAST}).read_bytes()
    path = make_zip(tmp_path / "all.zip", {"nguynbjrn_901_7001_work.zip": inner})
    assert collect(course, "toy", [path]).new == ["u001"]
    assert handed_over(course, "toy") == {"u001": "nguynbjrn_901_7001_work.zip"}
    assert json.loads((course.root / ".autograder/collected/toy.json").read_text())
