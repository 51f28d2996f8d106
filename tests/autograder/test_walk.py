"""A whole term with the lists and downloads of eight platforms, from `init` to `final`."""

import csv
import json

import pytest
import toy
from downloads import make_zip
from test_collect_platforms import DOWNLOADS, GITHUB, written

from autograder.commands.main import main

TERM = """\
timezone = "Europe/Berlin"
late = { per_day = 0.1, last_day = 3 }
[assignments.toy]
due = 2026-10-11T23:59:00
"""
# a platform's list of the same three students, and two platforms' downloads
CLASSES = {
    "Canvas": ("Student,ID,SIS User ID,SIS Login ID,Section,toy (1)\n    Points Possible,,,,,5\n"
               '"Nguyễn, Björn",901,x1,u001,S1,\n"O\'Brien, Siobhán",902,x2,u002,S1,\n'
               '"山田, 太郎",903,x3,u003,S1,\n"Student, Test",99,,,S1,\n', ("canvas", "nbgrader")),
    "Moodle": ("Vorname;Nachname;Matrikelnummer;E-Mail-Adresse\nBjörn;Nguyễn;u001;bjorn@x.org\n"
               "Siobhán;O'Brien;u002;siobhan@x.org\n太郎;山田;u003;taro@x.org\n",
               ("moodle, German", "google")),
    "Gradescope": ("First Name,Last Name,SID,Email,Role\nBjörn,Nguyễn,u001,bjorn@x.org,Student\n"
                   "Siobhán,O'Brien,u002,siobhan@x.org,Student\n太郎,山田,u003,taro@x.org,Student\n"
                   "Tea,Aster,,ta@x.org,TA\n", ("gradescope", "github")),
    "Brightspace": ("OrgDefinedId,Last Name,First Name,Email,toy Points Grade,"
                    "End-of-Line Indicator\n#u001,Nguyễn,Björn,bjorn@x.org,,#\n"
                    "#u002,O'Brien,Siobhán,siobhan@x.org,,#\n#u003,山田,太郎,taro@x.org,,#\n",
                    ("brightspace", "blackboard")),
}


def test_all_of_them_are_walked():
    walked = {platform for _, platforms in CLASSES.values() for platform in platforms}
    assert len(walked) == 8 and walked <= DOWNLOADS.keys()


@pytest.mark.parametrize("platform", CLASSES)
def test_a_term(platform, tmp_path, unsafe, capsys):
    students, downloads = CLASSES[platform]
    course = tmp_path / "course"
    course.mkdir()
    toy.write_course(course)

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--root", str(course), *map(str, arguments)], prog_name="autograder")
        said = capsys.readouterr()
        assert ended.value.code in (0, None), said
        return said.out

    listed = written(tmp_path / "students.csv", students)
    assert "3 students" in run("init", "--roster", listed)
    written(course / "term.toml", TERM)
    run("release", "toy")
    for name in downloads:
        files, _, times = DOWNLOADS[name]
        packed = make_zip(tmp_path / f"{name}.zip", files)
        if name == "github":
            written(tmp_path / "classroom_roster.csv", GITHUB)
        table = ["--times", written(tmp_path / "times.csv", times)] if times else []
        done = json.loads(run("collect", "toy", packed, "--json", *table))
        assert done["new"] + done["replaced"] + done["unchanged"] == ["u001", "u002"], name
    graded = json.loads(run("grade", "toy", "--workers", "1", "--json", *unsafe))
    assert graded["missing"] == ["u003"]
    for command in (["report"], ["feedback", "--zip", tmp_path / "back.zip"], ["export"]):
        run(command[0], "toy", *command[1:], *unsafe)
    run("final")
    with open(course / "exports" / "toy.csv", newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: (row["score"], row["late_penalty"])
                for row in csv.DictReader(file)}
    assert {student: tuple(map(float, row)) for student, row in rows.items() if row[0]} == {
        "u001": (4.5, 0.5), "u002": (4.5, 0.5)}
    assert "Siobhán" in (course / "reports" / "toy.html").read_text(encoding="utf-8")
    assert "Björn Nguyễn, u001" in (course / "feedback" / "u001" / "toy.html").read_text(
        encoding="utf-8")
    with open(course / "exports" / "final.csv", newline="", encoding="utf-8") as file:
        assert {row["student_id"]: float(row["percent"]) for row in csv.DictReader(file)} == {
            "u001": 90, "u002": 90, "u003": 0}
