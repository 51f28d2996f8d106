"""A term's file, its roster, and submissions as platforms hand them over."""

import datetime
import json
import types
import zipfile
from pathlib import Path

import nbformat
import pytest
import sqlalchemy
import ta
import toy
from downloads import make_zip
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc as nbgraders

from autograder.errors import AutograderError
from autograder.gradebook.recorder import Recorder
from autograder.grading.grade import grade
from autograder.grading.notebook import points
from autograder.output.export import pack_feedback
from autograder.templating import render_text
from autograder.term.collect import collect, handed_over
from autograder.term.course import Course
from autograder.term.init_term import begin
from autograder.term.matcher import Matcher
from autograder.term.roster import read_roster
from autograder.term.term import Late, Term, read_term

NOTEBOOK = toy.as_bytes(toy.source())
OTHER = toy.as_bytes(toy.source(double="def double(x):\n    return x + x"))
TERM = """\
timezone = "Europe/Berlin"
[late]
grace_minutes = 10
per_day = 0.1
last_day = 3
[assignments.toy]
due = 2026-10-24T23:59:00
extensions = { bob = 2026-10-26T23:59:00 }
"""


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path):
    toy.write_course(tmp_path)
    written(tmp_path / "term.toml", TERM)
    written(tmp_path / "roster.csv", "student_id,first_name,last_name,email,lms_user_id\n"
            "ada,Ada,Ahmadi,ada@example.org,101\nbob,Bob,O'Neil,bob@example.org,102\n"
            "zoe,Zoë,Àlvarez,zoe@example.org,103\n")
    return Course(tmp_path)


def taken(course, student):
    """A student's collected notebook and its time."""
    path = course.path("submitted", student, "toy") / "toy.ipynb"
    return path.read_bytes(), course.submitted_at(student, "toy")


# -- the term

@pytest.mark.parametrize("hours, share", [(-1, 0), (0.1, 0), (0.2, 0.1), (23.9, 0.1), (24.9, 0.1),
                                          (25.1, 0.2), (72.9, 0.3), (73.1, 1)])
def test_each_day_begun_costs_its_share(tmp_path, hours, share):
    term = read_term(written(tmp_path / "term.toml", TERM).parent)
    came = datetime.datetime(2026, 10, 24, 21, 59) + datetime.timedelta(hours=hours)  # UTC
    # the first of the days has 25 hours
    assert term.penalty("toy", "ada", 30, came) == pytest.approx(30 * share)


def test_an_extension_moves_one_students_date_over_the_end_of_summer_time(tmp_path):
    term = read_term(written(tmp_path / "term.toml", TERM).parent)
    came = datetime.datetime(2026, 10, 26, 22, 59)  # 23:59 in Berlin, an hour later than in summer
    assert term.penalty("toy", "bob", 30, came) == 0
    assert term.penalty("toy", "ada", 30, came) == pytest.approx(6)  # two days of the calendar


def test_without_a_date_a_time_or_a_file_nothing_is_late(tmp_path):
    assert read_term(tmp_path).penalty("toy", "ada", 30, datetime.datetime(2030, 1, 1)) == 0
    term = read_term(written(tmp_path / "term.toml", TERM).parent)
    assert term.penalty("toy", "ada", 30, None) == term.penalty("hw9", "ada", 30, None) == 0
    due = datetime.datetime(2026, 10, 12, tzinfo=datetime.UTC)
    assert Late(per_day=0.6).penalty(10, due, due + datetime.timedelta(days=3)) == 10


@pytest.mark.parametrize("due, came, penalty", [
    # summer time ends on 25 October: that day has 25 hours
    ("2026-10-18T23:59", "2026-10-25T23:30", 21), ("2026-10-18T23:59", "2026-10-26T00:00", 30),
    ("2026-10-24T23:59", "2026-10-25T00:14", 0), ("2026-10-24T23:59", "2026-10-25T00:15", 3),
    ("2026-10-24T23:59", "2026-10-25T23:30", 3), ("2026-10-24T23:59", "2026-10-25T23:59", 3),
    ("2026-10-24T23:59", "2026-10-26T00:05", 6), ("2026-10-24T23:59", "2026-10-31T23:30", 21),
    ("2026-10-24T23:59", "2026-11-01T00:00", 30),
    # it begins on 28 March: that day has 23
    ("2027-03-27T23:59", "2027-03-28T23:59", 3), ("2027-03-27T23:59", "2027-03-29T00:40", 6),
    ("2027-03-27T23:59", "2027-04-03T23:59", 21), ("2027-03-27T23:59", "2027-04-04T00:00", 30),
    # an end that comes twice is the later one, and one that does not is what it would have been
    ("2026-10-24T02:30", "2026-10-25T02:29+01:00", 3),
    ("2026-10-24T02:30", "2026-10-25T02:31+01:00", 6),
    ("2026-10-25T02:30", "2026-10-25T02:31+02:00", 0),
    ("2027-03-27T02:30", "2027-03-28T03:29", 3), ("2027-03-27T02:30", "2027-03-28T03:31", 6)])
def test_late_days_are_those_of_the_calendar(tmp_path, due, came, penalty):
    written(tmp_path / "term.toml", f"""timezone = "Europe/Berlin"
late = {{ grace_minutes = 15, per_day = 0.1, last_day = 7 }}
[assignments.toy]
due = 2026-09-01T12:00:00
extensions = {{ bob = {due}:00 }}
[assignments.other]
due = {due}:00
""")
    came = datetime.datetime.fromisoformat(came)
    term = read_term(tmp_path)
    came = came if came.tzinfo else came.replace(tzinfo=term.zone)
    for time in (came, came.astimezone(datetime.UTC).replace(tzinfo=None)):
        assert term.penalty("other", "ada", 30, time) == pytest.approx(penalty)
        assert term.penalty("toy", "bob", 30, time) == pytest.approx(penalty)


def test_each_day_costs_its_share_all_year_round():
    term = Term(timezone="Europe/Berlin", late=Late(per_day=0.001))
    for day in range(365):
        due = datetime.datetime(2026, 6, 1, 12, tzinfo=term.zone) + datetime.timedelta(days=day)
        for days in range(1, 10):
            end = due + datetime.timedelta(days=days)  # of the clock on the wall, as of one zone
            for minutes, counted in ((0, days), (1, days + 1)):
                came = (end + datetime.timedelta(minutes=minutes)).astimezone(datetime.UTC)
                assert term.late.penalty(1000, due, came) == counted


ZONE, DUE = 'timezone = "Europe/Berlin"', "[assignments.toy]\ndue = 2026-10-12T23:59:00"


@pytest.mark.parametrize("text, says", [
    # not TOML
    ("timezone =", "line 1: timezone =: invalid value"),
    ("timezone = Europe/Berlin", 'write timezone = "Europe/Berlin"'),
    ("timezone = “UTC”", "write straight quotation marks"),
    ('timezone: "UTC"', "write = in place of the colon"),
    (f"{ZONE}\n[assignments.toy]\ndue = 2026-10-12 23:59",
     "term.toml, line 3: due = 2026-10-12 23:59: write 2026-10-12T23:59:00"),
    (f"{ZONE}\n[assignments.toy]\ndue = 2026-13-12", "line 3: due = 2026-13-12: there is no such"),
    (f"{ZONE}\n[assignments.toy]\ndue = 12.10.2026 23:59", "write a time as 2026-10-12T23:59:00"),
    (f"{ZONE}\n[assignments.toy]\ndue = soon", "write it as 2026-10-12T23:59:00"),
    (f"{ZONE}\n[late]\nper_day = 10%", "line 3: per_day = 10%: write 0.1"),
    (f"{ZONE}\n[late]\nper_day = 0,1", "line 3: per_day = 0,1: write 0.1"),
    (f"{ZONE}\n[late]\nper_day = .1", "write 0.1"),
    (f"{ZONE}\n{DUE}\nextensions = {{ u0@x.edu = 2026-10-19T23:59:00 }}",
     'an id with @ needs quotes: write "u0@x.edu" = ...'),
    (f"{ZONE}\n{DUE}\nextensions = {{ anna smith = 2026-10-19T23:59:00 }}", "needs quotes"),
    (f"{ZONE}\n{DUE}\nextensions = {{\n}}", "line 4: extensions = {: write all of it in one line"),
    (f"{ZONE}\n{DUE}\nextensions = {{ a = 2026-10-19T23:59:00, }}", "delete the comma before }"),
    (f"{ZONE}\n{DUE}\n[assignments.toy]", "line 4: [assignments.toy]: this is there already"),
    (f"{ZONE}\n[assignments.toy", "expected ']'"),
    # no term
    ("name = 'x'", 'says no timezone: add a line such as timezone = "Europe/Berlin"'),
    *[(f"{ZONE}\nbook = '{book}'", f'book: "{book}" is no address of a website: write it as')
      for book in ("example.org/course", "javascript:alert(1)", "https://x.org/{y}",
                   "https://x.org/a b", "https://x.org; rm", "")],
    ("timezone = 'Mars'", '"Mars" is no time zone such as Europe/Berlin'),
    ("timezone = 'Europe/Berln'", "did you mean Europe/Berlin?"),
    ("timezone = 'europe/berlin'", "did you mean Europe/Berlin?"),
    ("timezone = ''", "is no time zone"), ("timezone = '../UTC'", "is no time zone"),
    ("timezone = 'EST'", "has no summer time: write America/New_York"),
    ("timezone = 1", '1 is no text: write it in quotation marks, "1"'),
    (f"{ZONE}\nlate.per_day = 2", "late.per_day: 2 is more than 1, the whole: for 2% write 0.02"),
    (f"{ZONE}\nlate.per_day = -1", "late.per_day: -1 is less than 0"),
    (f"{ZONE}\nlate.last_day = 1e9", "late.last_day: 1e+09 is more than 1000"),
    (f"{ZONE}\nlate.per_day = '10%'", "late.per_day: 10%: write 0.1"),
    (f"{ZONE}\nlate.per_day = '0,1'", 'late.per_day: "0,1" is text: write 0.1 without quotes'),
    (f"{ZONE}\nlate.per_day = nan", "late.per_day: nan is no number"),
    (f"{ZONE}\nlate.per_day = true", "late.per_day: true is no number"),
    (f"{ZONE}\nlate.grace_minutes = '15'", '"15" is text: write 15 without quotes'),
    (f"{ZONE}\nlate.grace_minutes = 'much'", '"much" is text: write a number, without quotes'),
    (f"{ZONE}\nlate = 0.1", "late: 0.1 is no table"),
    (f"{ZONE}\n[[assignments.toy]]", "write its heading with [ and ]"),
    (f"{ZONE}\n[assignments.toy]\ndue = 'soon'", 'due: "soon" is text: write a time such as'),
    (f"{ZONE}\n[assignments.toy]\ndue = '2026-10-12 23:59'", "write 2026-10-12T23:59:00 without"),
    (f"{ZONE}\n[assignments.toy]\ndue = 2026-10-12", "no time of day: write 2026-10-12T23:59:00"),
    (f"{ZONE}\n[assignments.toy]\ndue = 23:59:00", "23:59:00 is no time: write it as"),
    (f"{ZONE}\n[assignments.toy]\ndue = 2026-10-12T23:59:00Z", "has a zone of its own"),
    (f"{ZONE}\n[assignments.toy]\ndue = 0001-01-01T00:00:00", "is in the year 1"),
    (f"{ZONE}\n[assignments.toy]\nduee = 1", "assignments.toy: 'duee' is none of: due, weight, "
                                           "points, extensions (did you mean due?)"),
    (f"{ZONE}\n[assignment.toy]", "(did you mean assignments?)"),
    (f"{ZONE}\n[assignments.toy]\npoints = {{ double = -1 }}", "double: -1 is less than"),
    (f"{ZONE}\n[assignments.toy.extensions]\nada = 2026-01-01T00:00:00", "without a due"),
    (f"{ZONE}\n{DUE}\nextensions = {{ ada = 2026-10-11T00:00:00 }}", "is before the due date"),
    (f"{ZONE}\n{DUE}\nextensions = {{ ada.lee = 2026-10-19T23:59:00 }}",
     'an id with a dot needs quotes: write "ada.lee" = ...'),
])
def test_a_wrong_term_is_one_clear_line(tmp_path, text, says):
    with pytest.raises(AutograderError, match="term.toml") as error:
        read_term(written(tmp_path / "term.toml", text).parent)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_a_term_in_another_encoding(tmp_path):
    (tmp_path / "term.toml").write_bytes(f"\ufeff{ZONE}\n{DUE}".encode())
    assert read_term(tmp_path).of("toy").due
    (tmp_path / "term.toml").write_bytes(f'{ZONE}\nname = "Frühling"'.encode("cp1252"))
    with pytest.raises(AutograderError, match="is not UTF-8: save it as UTF-8"):
        read_term(tmp_path)


@pytest.mark.parametrize("text, says", [
    ("[assignments.toyy]\nweight = 1", "there is no assignment 'toyy' (did you mean toy?); there "
                                       "are: toy"),
    (f"{DUE}\nextensions = {{ bobby = 2026-10-19T23:59:00 }}",
     "assignments.toy.extensions: bobby is not in roster.csv (did you mean bob?)"),
    (f"{DUE}\nextensions = {{ BOB = 2026-10-19T23:59:00 }}",
     "assignments.toy.extensions: BOB is not in roster.csv (did you mean bob?)")])
def test_what_a_term_names_is_there(course, text, says):
    written(course.root / "term.toml", f"{ZONE}\n{text}")
    for use in (lambda: Course(course.root).term, lambda: Course(course.root).assignment("toy")):
        with pytest.raises(AutograderError, match="term.toml: ") as error:
            use()
        assert says in str(error.value) and "\n" not in str(error.value)


def test_an_extension_of_who_has_left_or_without_a_roster_is_no_fault(course):
    written(course.root / "term.toml",
            f"{ZONE}\n{DUE}\nextensions = {{ eve = 2026-10-19T23:59:00 }}")
    toy.submit(course.root, "eve", NOTEBOOK)
    assert Course(course.root).term.of("toy").extensions
    (course.root / "submitted" / "eve").rename(course.root / "submitted" / "adam")
    with pytest.raises(AutograderError, match="eve is not in roster.csv"):
        Course(course.root).term  # noqa: B018
    (course.root / "roster.csv").unlink()
    assert Course(course.root).term.of("toy").extensions


def test_an_assignment_that_is_not_there(course, tmp_path):
    with pytest.raises(AutograderError, match="'to' \\(did you mean toy\\?\\); there are: toy"):
        course.assignment("to")
    (tmp_path / "source").rename(tmp_path / "sources")  # the term was moved
    with pytest.raises(AutograderError, match="source: holds no assignment: correct its place in"):
        Course(tmp_path).assignment("toy")


def test_a_terms_points_hold_for_release_gradebook_and_grades(course, isolation):
    written(course.root / "term.toml", TERM + "points = { double = 6 }\n")
    assignment = Course(course.root).assignment("toy")
    recorder = Recorder(Course(course.root), unsafe=False)
    with pytest.raises(AutograderError, match="is not in the gradebook"):
        recorder.require_released(assignment)
    recorder.release("toy")
    recorder.require_released(assignment)
    released = nbformat.read(course.path("release", assignment="toy") / "toy.ipynb", as_version=4)
    assert points(released) == {"double": 6, "split": 2}
    assert "**8 points, due Saturday 24 October 2026" in released.cells[0].source
    result = grade(NOTEBOOK, assignment, isolation)
    assert (result["score"], result["max_score"]) == (8, 8)

    written(course.root / "term.toml", TERM)
    changed = Course(course.root).assignment("toy")
    assert changed.version != assignment.version  # nobody keeps a grade out of other points
    with pytest.raises(AutograderError, match="points were changed .* `autograder release toy`"):
        recorder.require_released(changed)


def test_gradebook_and_score_know_of_lateness_and_extensions(course):
    recorder = Recorder(course, unsafe=False)
    recorder.release("toy")
    came = {"ada": "2026-10-25 22:00:00", "bob": "2026-10-26 22:59:00",
            "zoe": "2026-10-24 21:59:00"}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        for student, time in came.items():
            toy.submit(course.root, student, NOTEBOOK)
            written(course.path("submitted", student, "toy") / "timestamp.txt", f"{time} UTC\n")
            gradebook.update_or_create_student(student)
            gradebook.add_submission("toy", student)
            for cell, score in (("double", 3), ("split", 2)):
                gradebook.find_grade(cell, "toy", "toy", student).manual_score = score
        gradebook.db.commit()
    recorder.apply_term("toy")
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submissions = {s.student_id: s for s in gradebook.assignment_submissions("toy")}
        # the clocks were set back meanwhile: two days and an hour
        assert {s: one.extension for s, one in submissions.items()} == {
            "ada": None, "zoe": None, "bob": datetime.timedelta(days=2, hours=1)}
        assert {s: one.total_seconds_late for s, one in submissions.items()} == {
            "ada": 24 * 3600 + 60, "bob": 0, "zoe": 0}
    standings = recorder.standings("toy")
    assert {s: (one.score, one.penalty) for s, one in standings.items()} == {
        "ada": (4.5, 0.5), "bob": (5, 0), "zoe": (5, 0)}  # 23:00 on the day after


def test_a_class_of_any_size_is_read_in_as_many_queries(course):
    recorder, queries, asked = Recorder(course, unsafe=False), [], []
    recorder.release("toy")
    recorder.apply_term("toy")  # the due date is written once

    def note(_connection, _cursor, statement, *_):
        queries.append(statement)

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", note)
    try:
        for count in (2, 20):
            with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
                for number in range(count):
                    gradebook.update_or_create_student(f"s{number}")
                    gradebook.update_or_create_submission("toy", f"s{number}")
            for read in (recorder.standings, recorder.waiting, recorder.automatic_points,
                         recorder.recorded_students, recorder.apply_term):
                queries.clear()
                read("toy")
                asked.append(len(queries))
            assert len(recorder.standings("toy")) == count
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
    few, many = asked[:5], asked[5:]
    assert few == many and min(few) > 0


def test_points_for_a_cell_that_is_not_there(course):
    written(course.root / "term.toml", TERM + "points = { triple = 6 }\n")
    with pytest.raises(AutograderError, match="term.toml: assignments.toy.points: .* 'triple'; "
                       "there are: double, split"):
        Course(course.root).assignment("toy")


# -- the roster

@pytest.mark.parametrize("text", [
    "Student,ID,SIS User ID,SIS Login ID,Section,hw0 (1)\n    Points Possible,,,,,5\n"
    '"Ahmadi, Ada",101,u1,ada,S1,4\n"Student, Test",99,,,S1,\n',
    '\ufeff"First name","Last name","ID number","Email address"\nAda,Ahmadi,ada,ada@x.org\n',
    "Identifier;Full name;ID number;Email address;Status\nParticipant 7;Ada Ahmadi;ada;a@x.org;-\n",
    "student_id\nada\n"])
def test_lists_of_students_as_platforms_write_them(tmp_path, text):
    roster = read_roster(written(tmp_path / "list.csv", text))
    assert list(roster) == ["ada"]
    assert "Ahmadi" not in text or (roster["ada"]["first_name"],
                                    roster["ada"]["last_name"]) == ("Ada", "Ahmadi")
    assert roster["ada"]["lms_user_id"] == ("101" if "SIS" in text else "")


@pytest.mark.parametrize("text, says", [
    ("who\nada\n", "none tells students apart"), ("student_id\n", "has no student"),
    ("", "is empty"),
    ("student_id\nada\nada\n", "line 3: ada is there twice"),
    ("student_id\n../ada\n", "line 2: '../ada' is not a student id"),
    ('student_id,first_name\nada,"Ada\nbob,Bob\n', "line 2: cannot be read as CSV"),
    ('student_id,first_name\nada,"Ada\nbob,Bob",x\n', "line 2: cannot be read as CSV"),
    ('student_id,first_name\nada,"Ada\nbob,Bob"\n', "line 2: cannot be read as CSV"),
    ('student_id,last_name,group\nada,A,"1\nbob,B,2"\n', "line 2: cannot be read as CSV"),
    ('student_id,note,x\n\nzoe,1,2\nada,"1\nbob",2\neve,1,"2', "line 6: cannot be read as CSV"),
    ("student_id\nbob\nAda\nada\n", "line 4: ada and Ada (line 3) differ by case only"),
    ("student_id\nCON\n", "line 2: 'CON' names a device on Windows"),
    ("student_id\nada\n\nnul.x\n", "line 4: 'nul.x' names a device on Windows"),
    ("student_id\ncom1\n", "such as com1-1"),
    ("student_id\nada.\n", "line 2: 'ada.' ends in a dot"),
    (f"student_id\n{'a' * 101}\n", "is longer than 100 characters"),
    (f"student_id\n{'/' * 9999}\n", "is not a student id")])
def test_a_wrong_list_is_one_clear_line(tmp_path, text, says):
    with pytest.raises(AutograderError, match="list.csv") as error:
        read_roster(written(tmp_path / "list.csv", text))
    assert says in str(error.value) and "\n" not in str(error.value)
    assert len(str(error.value)) < 500


def test_honest_quotation_marks_and_ids_are_read(tmp_path):
    text = ('student_id,first_name,last_name,notes\nconrad,Bo "Bobby","O""Neil","two\nlines"\n'
            f'nully.x,"Zoë, M.",Z,""\n{"a" * 100},A,,\n')
    roster = read_roster(written(tmp_path / "list.csv", text))
    assert list(roster) == ["conrad", "nully.x", "a" * 100]
    assert roster["conrad"]["last_name"] == 'O"Neil'
    assert roster["nully.x"]["first_name"] == "Zoë, M."


def test_a_changed_list_changes_the_gradebook(course):
    for line in ("zoe,Zoe\n", "zoe,Zoë\neve,Eve\n"):
        written(course.root / "roster.csv", f"student_id,first_name\nada,Ada\n{line}")
        Recorder(Course(course.root), unsafe=False).add_students()
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert {student.id: student.first_name for student in gradebook.students} == {
            "ada": "Ada", "zoe": "Zoë", "eve": "Eve"}


def test_a_name_fits_whatever_its_accents_but_never_two_students():
    people = {"a": {"first_name": "Zoë", "last_name": "Àlvarez"},
              "b": {"first_name": "Jo", "last_name": "Li"}, "c": {"first_name": "Jo",
                                                                  "last_name": "Li"}}
    matcher = Matcher(people)
    assert matcher.by_name("alvarezzoe") == matcher.by_name("Zoe Alvarez") == "a"
    assert matcher.by_name("Jo Li") is None and matcher.by_name("") is None


def test_a_term_begins_and_a_second_list_changes_the_roster_only(tmp_path):
    first = written(tmp_path / "first.csv", "student_id,email\nada,ada@x.org\nbob,\n")
    second = written(tmp_path / "second.csv", "student_id\nada\nzoe\n")
    begin(tmp_path / "autumn", first, 'The "first"', "Europe/Berlin")
    term = tmp_path / "autumn" / "term.toml"
    text = term.read_text()
    assert Course(tmp_path / "autumn").term.name == 'The "first"'
    assert "hw1_perceptron" in text and Course(tmp_path / "autumn").assignment("hw1_perceptron")
    lines = begin(tmp_path / "autumn", second, None, None)
    assert "no longer listed, their work is kept: bob" in lines
    assert term.read_text() == text
    assert Course(tmp_path / "autumn").roster()["ada"]["email"] == "ada@x.org"


@pytest.mark.parametrize("folder, name, expected", [
    ("autumn", None, "autumn"), ("autumn", "Autumn 2026", "autumn-2026"),
    ("here", 'Été "26" \\ {{ x }}/..', "été-26-x"), ("\N{MAPLE LEAF}", None, "")])
def test_each_term_has_an_id_of_its_own_in_an_exchange(tmp_path, folder, name, expected):
    begin(tmp_path / folder, written(tmp_path / "students.csv", "student_id\nada\n"), name, None)
    found = Course(tmp_path / folder).config.CourseDirectory.course_id
    assert found == f"perceptron-to-convnet-{expected}".rstrip("-")


def test_a_place_with_quotes_in_its_name_is_written_as_it_is():
    place, seen = 'my "course" \\n, it\'s', []
    config = types.SimpleNamespace(CourseDirectory=types.SimpleNamespace())
    exec(render_text("nbgrader_config.py.txt", up=place, source="source", course_id='"'),
         {"load_subconfig": seen.append, "get_config": lambda: config, "__file__": "config.py"})
    assert seen == [f"{place}/nbgrader_config.py"]
    assert config.CourseDirectory.source_directory == f"{place}/source"
    assert config.CourseDirectory.course_id == '"'


@pytest.mark.parametrize("name, zone, says", [
    ("x", "Europe/Berln", '--timezone: "Europe/Berln" is no time zone such as Europe/Berlin (did'),
    ("x", "", "--timezone: "), ("x", "EST", "--timezone: "), ("a\nb", "UTC", "--name: 'a\\nb' has"),
    ("x\x7f", None, "--name: "), ("\ud800", None, "--name: ")])
def test_a_term_with_a_wrong_option_is_not_begun(tmp_path, name, zone, says):
    students = written(tmp_path / "students.csv", "student_id\nada\n")
    with pytest.raises(AutograderError) as error:
        begin(tmp_path / "autumn", students, name, zone)
    assert str(error.value).startswith(says) and not (tmp_path / "autumn").exists()
    assert begin(tmp_path / "autumn", students, 'Herbst \\ "26" \N{MAPLE LEAF} {{ x }}', None)
    term = Course(tmp_path / "autumn").term
    assert (term.name, term.timezone) == ('Herbst \\ "26" \N{MAPLE LEAF} {{ x }}', "UTC")


def test_options_that_would_not_be_heard_are_refused(tmp_path):
    students = written(tmp_path / "students.csv", "student_id\nada\n")
    more = written(tmp_path / "more.csv", "student_id\nada\nbob\n")
    root = tmp_path / "autumn"
    begin(root, students, "Autumn", "Europe/Berlin")
    for name, zone, says in (("Spring", None, '--name'), (None, "UTC", "--timezone"),
                             (None, "Europe/Berln", "--timezone")):
        with pytest.raises(AutograderError, match=says):
            begin(root, more, name, zone)
    assert list(Course(root).roster()) == ["ada"]
    begin(root, more, "Autumn", "Europe/Berlin")  # the same command with a newer list
    assert list(Course(root).roster()) == ["ada", "bob"]
    assert begin(root, more, None, None)


def test_a_newer_list_says_whose_extension_is_nobodys(tmp_path):
    root = tmp_path / "autumn"
    both = written(tmp_path / "both.csv", "student_id\nada\nbob\n")
    begin(root, both, None, None)
    with open(root / "term.toml", "a") as file:
        file.write("[assignments.hw1_perceptron.extensions]\n")
    text = (root / "term.toml").read_text().replace(
        "# due = 2026-10-12T23:59:00", "due = 2026-10-12T23:59:00", 1)
    written(root / "term.toml", text + "bob = 2026-10-19T23:59:00\n")
    assert begin(root, both, None, None)[-1].startswith("wrote")
    left = written(tmp_path / "left.csv", "student_id\nada\n")
    assert "bob is not in roster.csv" in begin(root, left, None, None)[-1]


# -- what nbgrader says as well
@pytest.mark.parametrize("text", [
    "2026-10-12 21:59:00 UTC", "2026-10-12 21:59:00.123456 UTC",
    "2026-10-12 23:59:00 Europe/Berlin", "2026-10-25 02:30:00 Europe/Berlin",
    "2026-10-12T23:59:00+02:00"])
def test_a_time_with_a_zone_is_read_as_nbgrader_reads_it(course, text):
    toy.submit(course.root, "ada", NOTEBOOK)
    written(course.path("submitted", "ada", "toy") / "timestamp.txt", f"{text}\n")
    assert course.submitted_at("ada", "toy") == nbgraders(text)


@pytest.mark.parametrize("text, says", [
    ("", "is no time"), ("yesterday", "is no time"), ("Oct 12 2026", "has no time of day"),
    ("2026-10-12 21:59:00 Nowhere", "time zone Nowhere"), (" " * 500 + "x", "is no time"),
    ("2026-10-12 21:59:00 UTC" + " " * 120 + "x", "is no time")])
def test_a_stamp_that_is_no_time_is_said(course, text, says):
    toy.submit(course.root, "ada", NOTEBOOK)
    written(course.path("submitted", "ada", "toy") / "timestamp.txt", text)
    with pytest.raises(AutograderError, match="timestamp.txt: .* or delete the file if") as error:
        course.submitted_at("ada", "toy")
    assert says in str(error.value)


def test_a_stamp_without_a_zone_has_the_terms(course):
    toy.submit(course.root, "ada", NOTEBOOK)
    written(course.path("submitted", "ada", "toy") / "timestamp.txt", "2026-10-12 23:59")
    assert course.submitted_at("ada", "toy") == datetime.datetime(2026, 10, 12, 21, 59)


@pytest.mark.parametrize("settings", ["", "c.CourseDirectory.submitted_directory = 'in'\n",
    "c.CourseDirectory.directory_structure = '{student_id}/{nbgrader_step}/{assignment_id}'\n",
    "c.CourseDirectory.source_directory = '/elsewhere/source'\n"])
def test_files_are_where_nbgrader_has_them(tmp_path, settings):
    toy.write_course(tmp_path)
    with open(tmp_path / "nbgrader_config.py", "a") as file:
        file.write(settings)
    course = Course(tmp_path)
    directory = CourseDirectory(config=course.config)
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        for names in ((".", "."), ("ada", "toy"), (".", "toy"), ("ada", ".")):
            folder = getattr(directory, f"{step}_directory")
            assert course.path(step, *names) == Path(directory.format_path(folder, *names))


# -- what platforms hand over

LAYOUTS = {
    "canvas": {"ahmadiada_101_9001_toy.ipynb": NOTEBOOK,
               "o'neilbob_LATE_102_9002_toy-1.ipynb": NOTEBOOK},
    "canvas without ids": {"ahmadiada_7_9001_toy.ipynb": NOTEBOOK, "oneilbob_8_9002_x.ipynb":
                           NOTEBOOK},
    "moodle": {"Ada Ahmadi_555_assignsubmission_file_/toy.ipynb": NOTEBOOK,
               "Bob O'Neil_556_assignsubmission_file/sub/my work.ipynb": NOTEBOOK},
    "moodle, no folders": {"Ada Ahmadi_555_assignsubmission_file_toy.ipynb": NOTEBOOK,
                           "Bob O'Neil_556_assignsubmission_file_toy.ipynb": NOTEBOOK},
    "gradescope": {"assignment_1_export/submission_metadata.yml":
                   "submission_1:\n  :submitters:\n  - :name: Ada Ahmadi\n    :sid: ''\n"
                   "    :email: ada@example.org\n  :created_at: 2026-10-25 12:00:00.0 Z\n"
                   "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: bob\n",
                   "assignment_1_export/submission_1/toy.ipynb": NOTEBOOK,
                   "assignment_1_export/submission_2/toy.ipynb": NOTEBOOK},
    "exchange": {"inbound/ada+toy+2026-10-25 12:00:00 UTC+x/toy.ipynb": NOTEBOOK,
                 "inbound/bob+toy+2026-10-25 12:00:00 UTC+y/toy.ipynb": NOTEBOOK,
                 "inbound/zoe+hw9+2026-10-25 12:00:00 UTC+z/hw9.ipynb": NOTEBOOK},
    "folders": {"ada/toy/toy.ipynb": NOTEBOOK, "ada/toy/timestamp.txt": "2026-10-25 12:00:00 UTC",
                "bob/toy.ipynb": NOTEBOOK},
    "files": {"toy_ada.ipynb": NOTEBOOK, "bob.ipynb": NOTEBOOK, "__MACOSX/._bob.ipynb": b"x"},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_layouts_of_platforms(course, tmp_path, layout, packed):
    path = make_zip(tmp_path / "all.zip", LAYOUTS[layout])
    if not packed:
        zipfile.ZipFile(path).extractall(tmp_path / "all")
        path = tmp_path / "all"
    if layout == "canvas without ids":
        written(course.root / "roster.csv", "student_id,first_name,last_name\nada,Ada,Ahmadi\n"
                "bob,Bob,O'Neil\n")
    done = collect(course, "toy", [path])
    assert done.problems == [] and done.new == ["ada", "bob"]
    time = datetime.datetime(2026, 10, 25, 12) if layout in (
        "gradescope", "exchange", "folders") else None
    assert taken(course, "ada") == (NOTEBOOK, time)
    assert any("late, says Canvas" in note for note in done.notes) == (layout == "canvas")
    again = collect(course, "toy", [path])
    assert again.unchanged == ["ada", "bob"] and not again.new + again.replaced


def test_feedback_goes_back_under_the_names_that_came(course, tmp_path):
    collect(course, "toy", [make_zip(tmp_path / "a.zip", LAYOUTS["canvas"])])
    packed = tmp_path / "f.zip"
    packed.write_bytes(pack_feedback("toy", {"ada": b"1", "bob": b"2", "zoe": b"3"},
                                     handed_over(course, "toy")))
    assert sorted(zipfile.ZipFile(packed).namelist()) == [
        "ahmadiada_101_9001_toy.html", "o'neilbob_LATE_102_9002_toy-1.html", "zoe/toy.html"]
    collect(course, "toy", [make_zip(tmp_path / "b.zip", LAYOUTS["moodle"])])
    assert handed_over(course, "toy")["ada"] == "Ada Ahmadi_555_assignsubmission_file_/toy.ipynb"


@pytest.mark.parametrize("files, says", [
    ({"ada/notes.pdf": b"x", "ada/toy.py": b"x"}, "ada: no notebook of toy: notes.pdf is no"),
    ({"stranger_9_9_toy.ipynb": NOTEBOOK}, "--match 'stranger=<student id>'"),
    ({"ada+toy+yesterday/toy.ipynb": NOTEBOOK}, '"yesterday" is no time'),
    ({"ada/toy.ipynb": NOTEBOOK, "ada/timestamp.txt": b"\xff"}, "is no time"),
    ({"what.ipynb": NOTEBOOK}, "--match 'what=<student id>'"),
    ({"ada/a.ipynb": NOTEBOOK, "ada/b.ipynb": OTHER}, "nothing tells which of ada/a.ipynb, ada/b"),
])
def test_what_needs_a_person_is_a_line_and_nothing_is_guessed(course, tmp_path, files, says):
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    (line,) = done.problems
    assert says in line and not done.new and not (tmp_path / "submitted").exists()


def test_a_name_is_matched_by_hand(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {"stranger_9_9_toy.ipynb": NOTEBOOK})
    assert collect(course, "toy", [path], matches={"stranger": "zoe"}).new == ["zoe"]
    with pytest.raises(AutograderError, match="nemo is not in roster.csv"):
        collect(course, "toy", [path], matches={"stranger": "nemo"})


def test_the_last_one_counts(course, tmp_path):
    numbered = {"ahmadiada_101_9_toy.ipynb": OTHER, "ahmadiada_101_10_toy-1.ipynb": NOTEBOOK}
    timed = {"bob+toy+2026-10-25 12:00:00 UTC/toy.ipynb": NOTEBOOK,
             "bob+toy+2026-10-24 12:00:00 UTC/toy.ipynb": OTHER}
    named = {"zoe/draft.ipynb": OTHER, "zoe/toy.ipynb": NOTEBOOK}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", numbered | timed | named)])
    assert done.problems == []
    assert {taken(course, s)[0] for s in ("ada", "bob", "zoe")} == {NOTEBOOK}
    assert sum("an earlier one" in note for note in done.notes) == 3


def test_a_resubmission_replaces_and_an_older_one_does_not(course, tmp_path):
    def came(hour, content):
        name = f"ada+toy+2026-10-25 {hour}:00:00 UTC/toy.ipynb"
        return collect(course, "toy", [make_zip(tmp_path / f"{hour}.zip", {name: content})])

    assert came(12, OTHER).new == ["ada"] and came(14, NOTEBOOK).replaced == ["ada"]
    assert (tmp_path / "replaced" / "ada" / "toy" / "1.ipynb").read_bytes() == OTHER
    assert came(13, OTHER).unchanged == ["ada"]
    assert taken(course, "ada") == (NOTEBOOK, datetime.datetime(2026, 10, 25, 14))


def test_a_resubmission_without_a_time_has_not_the_other_ones(course, tmp_path):
    timed = {"ada+toy+2026-10-25 12:00:00 UTC/toy.ipynb": OTHER}
    collect(course, "toy", [make_zip(tmp_path / "1.zip", timed)])
    collect(course, "toy", [make_zip(tmp_path / "2.zip", {"ada.ipynb": OTHER})])
    assert taken(course, "ada") == (OTHER, datetime.datetime(2026, 10, 25, 12))  # the same file
    done = collect(course, "toy", [make_zip(tmp_path / "3.zip", {"ada.ipynb": NOTEBOOK})])
    assert done.replaced == ["ada"] and taken(course, "ada") == (NOTEBOOK, None)


def test_a_damaged_time_stops_nobody_else(course, tmp_path):
    files = {"ada/toy.ipynb": OTHER, "bob/toy.ipynb": OTHER}
    assert collect(course, "toy", [make_zip(tmp_path / "1.zip", files)]).new == ["ada", "bob"]
    written(course.path("submitted", "ada", "toy") / "timestamp.txt", "yesterday")
    files = {"ada/toy.ipynb": NOTEBOOK, "bob/toy.ipynb": NOTEBOOK}
    done = collect(course, "toy", [make_zip(tmp_path / "2.zip", files)])
    (line,) = done.problems
    assert 'ada/toy/timestamp.txt: "yesterday" is no time' in line and done.replaced == ["bob"]
    assert (course.path("submitted", "ada", "toy") / "toy.ipynb").read_bytes() == OTHER


def test_a_notebook_of_another_assignment_is_not_taken(course, tmp_path):
    other = toy.source()
    for cell in other.cells:
        cell.metadata.nbgrader.grade_id += "_other"
    toy.assignment(tmp_path / "elsewhere", other)
    (tmp_path / "elsewhere" / "source" / "toy").rename(tmp_path / "source" / "hw9")
    (tmp_path / "source" / "hw9" / "toy.ipynb").rename(tmp_path / "source" / "hw9" / "hw9.ipynb")
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", {
        "ada/toy.ipynb": toy.as_bytes(other), "bob/toy.ipynb": toy.as_bytes(other),
        "bob/mine.ipynb": NOTEBOOK, "zoe/toy.ipynb": b"{broken"})])
    assert done.problems == ["ada: no notebook of toy: toy.ipynb is a notebook of hw9: ask the "
                             "student for it"]
    assert taken(course, "bob")[0] == NOTEBOOK
    assert taken(course, "zoe")[0] == b"{broken"  # grading says what is wrong with it


@pytest.mark.parametrize("table", [
    "Identifier,Full name,Email address,Status,Last modified (submission)\nParticipant 555,"
    'A. A.,ada@example.org,Submitted,"Sunday, 25 October 2026, 1:00 PM"\n'
    "Participant 556,Bob O'Neil,,No submission,-\n",
    "student_id,submitted\nada,2026-10-25 13:00\n"], ids=["worksheet", "plain"])
def test_times_from_a_table(course, tmp_path, table):
    times = written(tmp_path / "times.csv", table)
    files = ({"A. A._555_assignsubmission_file/toy.ipynb": NOTEBOOK} if "Participant" in table
             else {"ada.ipynb": NOTEBOOK})
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)], times=times)
    assert done.new == ["ada"]
    assert taken(course, "ada")[1] == datetime.datetime(2026, 10, 25, 12)  # Berlin's winter time


@pytest.mark.parametrize("make, says", [
    (lambda p: written(p, "not a zip"), "is no folder and no zip"),
    (lambda p: p, "no such file or folder")])
def test_what_is_no_zip_is_one_clear_line(course, tmp_path, make, says):
    with pytest.raises(AutograderError, match=says):
        collect(course, "toy", [make(tmp_path / "all.zip")])


def test_a_damaged_zip_loses_only_what_is_damaged(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {"ada.ipynb": NOTEBOOK, "bob.ipynb": NOTEBOOK},
                    zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    raw[raw.index(NOTEBOOK[:20])] ^= 1
    path.write_bytes(raw)
    done = collect(course, "toy", [path])
    assert done.new == ["bob"] and "ada.ipynb cannot be unpacked" in done.problems[0]


def test_collecting_can_be_read_as_json(course, tmp_path):
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", LAYOUTS["files"])])
    assert json.loads(json.dumps(vars(done)))["new"] == ["ada", "bob"]


@pytest.mark.parametrize("command", ["generate_assignment", "autograde"])
def test_nbgraders_own_commands_know_a_term_that_names_what_is_not_there(
        tmp_path, isolation, command):
    toy.write_course(tmp_path)
    written(tmp_path / "roster.csv", "student_id\nada\n")
    toy.submit(tmp_path, "ada", toy.as_bytes(toy.source()))
    ta.autograder(tmp_path, "release", "toy")
    written(tmp_path / "term.toml", 'timezone = "UTC"\n[assignments.tyo]\nweight = 2\n')
    flag = ["--Assemble.unsafe=True"] if isolation == "none" and command == "autograde" else []
    done = ta.run("-m", "nbgrader", command, "toy", "--create", "--force", *flag, cwd=tmp_path,
                  fine=(1,))
    assert "there is no assignment 'tyo' (did you mean toy?)" in done.stderr
