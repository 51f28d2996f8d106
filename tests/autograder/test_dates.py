"""Dates as people and platforms write them: read in the one way they can be, or refused."""

import datetime
import warnings
import zoneinfo

import pytest
import toy

from autograder.errors import AutograderError
from autograder.term import dates, times
from autograder.term.collect import collect
from autograder.term.course import Course
from autograder.term.dates import Unclear, read, read_all
from autograder.term.matcher import Matcher
from autograder.term.people import People
from autograder.term.term import Conditions

BERLIN, CHICAGO = zoneinfo.ZoneInfo("Europe/Berlin"), zoneinfo.ZoneInfo("America/Chicago")


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def utc(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize("text, when", [
    # ISO, Rails, nbgrader, Ruby, git
    ("2026-10-12 23:59", "2026-10-12 21:59"), ("2026-10-12T23:59", "2026-10-12 21:59"),
    ("2026-10-12t23:59:00z", "2026-10-12 23:59"),
    ("2026-10-12T23:59:00.5Z", "2026-10-12 23:59:00.500000"),
    ("2026-10-12T23:59:00,123456+02:00", "2026-10-12 21:59:00.123456"),
    ("2026-10-12 22:00:00.123456789 Z", "2026-10-12 22:00:00.123456"),
    ("2026-10-12 18:00:00 -0400", "2026-10-12 22:00"), ("2026-10-12 23:59+02", "2026-10-12 21:59"),
    ("2026-10-12 21:59:00 UTC", "2026-10-12 21:59"), ("20261012T215900Z", "2026-10-12 21:59"),
    ("2026-10-12 21:59:00.123456 UTC", "2026-10-12 21:59:00.123456"),
    ("2026-10-12 23:59:00 Europe/Berlin", "2026-10-12 21:59"),
    ("2026/10/12 23:59", "2026-10-12 21:59"), ("2026-1-2 3:04", "2026-01-02 02:04"),
    ("  2026-10-12\u00a011:59\u202fPM ", "2026-10-12 21:59"),
    ("2026-10-12-23-59-00", "2026-10-12 21:59"),  # Blackboard
    # Moodle, Brightspace, mail, spreadsheets
    ("Monday, 12 October 2026, 11:59 PM", "2026-10-12 21:59"),
    ("Montag, 12. Oktober 2026, 23:59", "2026-10-12 21:59"),
    ("12 October 2026, 23:59", "2026-10-12 21:59"), ("12. Okt. 2026 23:59 Uhr", "2026-10-12 21:59"),
    ("Mo, 1. Mrz 2027, 12:30", "2027-03-01 11:30"), ("Mo, 1. März 2027, 12:30", "2027-03-01 11:30"),
    ("Mo., 1. Mär. 2027, 12:30", "2027-03-01 11:30"),
    ("1. Ma\u0308rz 2027, 12:30", "2027-03-01 11:30"),
    ("Mon, 12 Oct 2026 21:59:00 +0000", "2026-10-12 21:59"),
    ("Monday, October 12, 2026 11:59:00 PM EDT", "2026-10-13 03:59"),
    ("Oct 10, 2026 1247 PM", "2026-10-10 10:47"), ("Oct 10, 2026 12:47 PM", "2026-10-10 10:47"),
    ("Oct 9, 2026 947 AM", "2026-10-09 07:47"), ("Oct 12, 2026 at 12:05 a.m.", "2026-10-11 22:05"),
    ("12-Oct-2026 23:59", "2026-10-12 21:59"),
    # numbers
    ("12.10.2026 18:00", "2026-10-12 16:00"), ("12. 10. 2026, 18:00", "2026-10-12 16:00"),
    ("13/10/2026 18:00", "2026-10-13 16:00"), ("10/13/2026 6:00 PM", "2026-10-13 16:00"),
    ("13-10-2026 18:00:30", "2026-10-13 16:00:30"), ("10/10/2026 18:00", "2026-10-10 16:00"),
    ("Monday, 12/10/2026 18:00", "2026-10-12 16:00"),
    # zones by name
    ("2026-10-12 23:59 CEST", "2026-10-12 21:59"), ("2026-10-12 23:59 (CEST)", "2026-10-12 21:59"),
    ("2026-10-12 23:59 PDT", "2026-10-13 06:59"), ("2026-01-12 23:59 PST", "2026-01-13 07:59"),
    ("2026-01-12 23:59 EST", "2026-01-13 04:59"), ("2026-10-12 23:59 MESZ", "2026-10-12 21:59"),
    ("2026-10-12 23:59 GMT+2", "2026-10-12 21:59"),
    ("2026-10-12 23:59 GMT+0200 (CEST)", "2026-10-12 21:59"),
    # the hour that comes twice, and the one that does not: the earlier reading
    ("2026-10-25 02:30", "2026-10-25 00:30"), ("2027-03-28 02:30", "2027-03-28 00:30"),
    ("2026-10-25 02:30 CET", "2026-10-25 01:30"),
])
def test_a_time_is_read_in_the_one_way_it_can_be(text, when):
    assert read(text, BERLIN) == utc(when)


@pytest.mark.parametrize("text, says", [
    ("", '"" is no time such as 2026-10-12 18:00'), ("   ", "is no time"), ("10", "is no time"),
    ("18:00", "has no date"), ("6:00 PM", "has no date"), ("2026-10-12", "has no time of day"),
    ("12/10/2026", "has no time of day"), ("yesterday", "is no time"), ("-", "is no time"),
    ("46307.99931", "how Excel counts days"), ("46307,99931", "how Excel counts days"),
    ("1791842340", "is no time"), ("12.10.26 18:00", "year of two digits"),
    ("12-Oct-26 18:00", "year of two digits"), ("0001-01-01 00:00", "in the year 0001"),
    ("9999-12-31 23:59", "in the year 9999"), ("2026-02-30 10:00", "not in the calendar"),
    ("2026-13-12 10:00", "not in the calendar"), ("13/13/2026 18:00", "not in the calendar"),
    ("10.13.2026 18:00", "not in the calendar"), ("2026-10-12 24:00", "no such time of day"),
    ("2026-10-12 18:00 PM", "no such time of day"), ("2026-10-12 0:30 AM", "no such time of day"),
    ("2026-10-12 23:59:60", "no such time of day"),
    ("Tuesday, 12 October 2026, 23:59", "that day is no Tuesday"),
    ("lundi 12 octobre 2026, 23:59", "is no time"), ("Oct 12 at 11:59pm", "is no time"),
    ("Submitted, 12 October 2026, 23:59", "is no time"),
    ("12/10/2026 18:00",
     'is "12/10/2026 18:00" 12 October or December 10? write 2026-10-12 18:00'),
    ("10-12-2026 6:00 PM", "10 December or October 12? write 2026-12-10 18:00"),
    ("12.10.2026 6:00 PM", "12 October or December 10?"),  # dots from a country with AM and PM
    ("2026-10-12 23:59 IST", "time zone IST"), ("2026-10-12 23:59 CST", "time zone CST"),
    ("2026-10-12 23:59 BST", "time zone BST"), ("2026-10-12 23:59 Nowhere", "time zone Nowhere"),
    ("2026-10-12 23:59 Mars/Olympus", "time zone Mars/Olympus"),
    ("2026-10-12 23:59 America/Argentina", "time zone America/Argentina"),
    ("2026-10-12 23:59 +99:00", "time zone +99:00"), ("2026-10-12 23:59 7200", "is no time"),
    ("2026-10-12 23:59 x/../../x", "time zone x/../../x"), ("2026-10-12 10:00\nx", "time zone x"),
    ("2026-10-12 23:59 CEST" + " " * 99, "is no time"), ("２０２６-10-12 10:00", "is no time"),
])
def test_what_is_unclear_is_refused_in_one_line(text, says):
    with pytest.raises(Unclear) as error:
        read(text, BERLIN)
    assert says in str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 350


@pytest.mark.parametrize("zone, text, when", [
    (CHICAGO, "2026-01-12 12:00 CST", "2026-01-12 18:00"),
    (CHICAGO, "2026-07-12 12:00 CDT", "2026-07-12 17:00"),
    (zoneinfo.ZoneInfo("Europe/London"), "2026-07-12 12:00 BST", "2026-07-12 11:00"),
    (zoneinfo.ZoneInfo("Europe/London"), "2026-07-12 12:00 GMT", "2026-07-12 12:00"),
    (zoneinfo.ZoneInfo("Asia/Kolkata"), "2026-07-12 12:00 IST", "2026-07-12 06:30"),
    (zoneinfo.ZoneInfo("Asia/Manila"), "2026-07-12 12:00 PST", "2026-07-12 04:00"),
    (zoneinfo.ZoneInfo("UTC"), "2026-07-12 12:00", "2026-07-12 12:00")])
def test_what_the_terms_own_zone_is_called_is_meant(zone, text, when):
    assert read(text, zone) == utc(when)


@pytest.mark.parametrize("zone, text, says", [
    (CHICAGO, "2026-07-12 12:00 CST", "is in CST, but that day has CDT: write CDT, or the hours "
                                      "from UTC, such as -0600"),
    (BERLIN, "2026-10-12 12:00 CET", "but that day has CEST"),
    (BERLIN, "2026-01-12 12:00 cest", "is in CEST, but that day has CET")])
def test_the_name_of_the_other_half_of_the_year_is_refused(zone, text, says):
    with pytest.raises(Unclear, match=says):
        read(text, zone)


def rows(*texts):
    return [(f"times.csv, line {number} (u{number})", text) for number, text in enumerate(texts, 2)]


@pytest.mark.parametrize("texts, days", [
    (["12/10/2026 18:00", "13/10/2026 18:00", "2026-10-14 18:00"], ["10-12", "10-13", "10-14"]),
    (["12/10/2026 18:00", "10/13/2026 18:00"], ["12-10", "10-13"]),
    (["10/13/2026 6:00 PM", "12.10.2026 18:00"], ["10-13", "10-12"]),
    (["10/10/2026 18:00", "11-11-2026 18:00"], ["10-10", "11-11"]), ([], [])])
def test_one_value_settles_the_order_for_its_file(texts, days):
    assert [f"{time:%m-%d}" for time in read_all(rows(*texts), BERLIN)] == days


@pytest.mark.parametrize("texts, says", [
    (["10/10/2026 18:00", "12/10/2026 18:00"],
     'times.csv, line 3 (u3): is "12/10/2026 18:00" 12 October or December 10? write 2026-10-12'),
    (["13/10/2026 18:00", "10/13/2026 18:00"], "times.csv, line 3 (u3): \"10/13/2026 18:00\" has "
     'the month first, but "13/10/2026 18:00" (times.csv, line 2 (u2)) the day'),
    (["10/13/2026 6:00 PM", "10/14/2026 7:00"], "line 3 (u3): \"10/14/2026 7:00\" has neither AM"),
    (["2026-10-12 18:00", ""], 'times.csv, line 3 (u3): "" is no time'),
    (["2026-10-12 18:00", "2026-10-12 18:00 IST"], "times.csv, line 3 (u3): \"2026-10-12 18:00 I")])
def test_a_file_that_cannot_be_read_in_one_way_is_refused(texts, says):
    with pytest.raises(AutograderError) as error:
        read_all(rows(*texts), BERLIN)
    assert str(error.value).startswith(says) or says in str(error.value)
    assert str(error.value).startswith("times.csv, line 3")


def test_every_month_and_weekday_has_its_number():
    assert sorted(set(dates.MONTHS.values())) == list(range(1, 13))
    for day in range(1, 366):
        date = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=day)
        assert read(f"{date:%A, %d %B %Y}, 12:00 UTC", BERLIN) == utc(f"{date:%Y-%m-%d} 12:00")
        assert read(f"{date:%a, %b %d, %Y} 12:00 UTC", BERLIN) == utc(f"{date:%Y-%m-%d} 12:00")


# -- a table of times

@pytest.fixture
def course(tmp_path, monkeypatch):
    toy.write_course(tmp_path)
    (tmp_path / "term.toml").write_text('timezone = "Europe/Berlin"\n[assignments.toy]\n'
                                        "due = 2026-10-12T23:59:00\n")
    (tmp_path / "roster.csv").write_text("student_id,first_name,last_name,email\n"
                                         "ada,Ada,Lee,ada@x.org\nbob,Bob,Ray,b@x.org\n")
    monkeypatch.chdir(tmp_path)
    return Course(tmp_path)


def read_table(course, text):
    path = course.root / "times.csv"
    path.write_text(text, encoding="utf-8")
    return times.read_times(path, People(course, Matcher(course.roster())))


@pytest.mark.parametrize("text, found", [
    ("student_id,submitted\nada,2026-10-12 18:00\nbob,\n", {"ada": "2026-10-12 16:00"}),
    ("Student ID;Submitted\nada;12.10.2026 18:00\nbob;-\n", {"ada": "2026-10-12 16:00"}),
    ('ID,"Vollständiger Name",E-Mail-Adresse,Status,"Zuletzt geändert (Abgabe)"\nTeilnehmer/in55,'
     'A. L.,ada@x.org,Abgegeben,"Montag, 12. Oktober 2026, 18:00"\n', {"ada": "2026-10-12 16:00"}),
    ("Name,SID,Email,Submitted,Submission Time\nLee,ada,ada@x.org,,2026-10-12 12:00:00 -0400\n",
     {"ada": "2026-10-12 16:00"}),
    ("First Name,Last Name,Submitted\nAda,Lee,2026-10-12 18:00\n", {"ada": "2026-10-12 16:00"}),
    ("student_id,submitted\nada,2026-10-12 18:00\nada,2026-10-12 16:00 UTC\n",
     {"ada": "2026-10-12 16:00"})])
def test_tables_of_times(course, text, found):
    table = read_table(course, text)
    assert {student: f"{time:%Y-%m-%d %H:%M}" for student, time in table.times.items()} == found
    assert table.problems == table.notes == []
    assert list(table.participants) == (["55"] if "Teilnehmer" in text else [])


@pytest.mark.parametrize("text, says", [
    ("student_id,name\nada,Ada\n", "has no column of times: submitted, "),
    ("who,submitted\nada,2026-10-12 18:00\n", "has no column that tells students apart"),
    ("student_id,submitted\n", "needs a heading line"),
    ("student_id,submitted\nada,2026-10-12 18:00\nada,2026-10-12 19:00\n",
     "line 3: ada has another time in line 2: delete"),
    ("student_id,submitted\nada,12/10/2026 18:00\n", "line 2 (ada): is \"12/10/2026 18:00\" 12"),
    ("student_id;submitted\nada;46307,99931\n", "line 2 (ada): \"46307,99931\" is how Excel"),
    ("student_id,submitted\nada,2026-10-12 18:00\nnemo,soon\n", "line 3 (nemo): \"soon\" is no")])
def test_a_table_that_is_none_is_one_line(course, text, says):
    with pytest.raises(AutograderError, match="times.csv") as error:
        read_table(course, text)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_a_time_of_nobody_is_said(course):
    table = read_table(course, "student_id,submitted\nada,2026-10-12 18:00\n"
                               "nemo,2026-10-12 18:00\n")
    assert list(table.times) == ["ada"] and table.notes == [
        "times.csv: not in roster.csv, so their times are left out: nemo (line 3)"]


def test_times_far_from_the_due_date_are_said(course, tmp_path):
    path = tmp_path / "times.csv"
    path.write_text("student_id,submitted\nada,10.12.2026 18:00\nbob,01.01.2026 18:00\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(toy.as_bytes(toy.source()))
    notes = collect(course, "toy", [tmp_path / "in"], times=path).notes
    assert "1 of 2 came more than 30 days after the due date: is the time column right?" in notes
    assert "1 of 2 came more than 60 days before the due date: is the time column right?" in notes


def test_an_extension_is_no_reason_to_doubt_and_without_a_date_nothing_is():
    due = datetime.datetime(2026, 10, 12, 23, 59, tzinfo=BERLIN)
    late = datetime.datetime(2026, 12, 1)
    given = Conditions(due=due, extensions={"ada": late.replace(tzinfo=BERLIN)})
    assert times.far_from_due({"ada": late}, given) == []
    assert times.far_from_due({"bob": late}, given) and not times.far_from_due(
        {"bob": late}, Conditions())


def test_who_has_no_time_is_said():
    conditions = Conditions(due=datetime.datetime(2026, 10, 12, 23, 59, tzinfo=BERLIN))
    came = datetime.datetime(2026, 10, 12)
    assert times.unknown({"ada": None, "bob": None}, conditions) == [
        "no time is known for any of the 2: nobody is charged for lateness; give the times with "
        "--times"]
    assert "for 1 of 2: they are not" in times.unknown({"ada": None, "bob": came}, conditions)[0]
    assert times.unknown({"ada": came}, conditions) == times.unknown({}, conditions) == []
    assert times.unknown({"ada": None}, Conditions()) == []
