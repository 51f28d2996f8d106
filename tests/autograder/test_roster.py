"""Lists of students: each platform's headings, each bound of an id, each way to name a student."""

import pytest

from autograder.errors import AutograderError
from autograder.term.columns import COLUMNS
from autograder.term.matcher import Matcher, plain_name
from autograder.term.roster import read_roster, read_rows
from autograder.term.student_id import MAX_ID

ADA = dict.fromkeys(COLUMNS, "") | {"student_id": "ada"}


@pytest.fixture
def write(tmp_path):
    def text(*lines):
        path = tmp_path / "roster.csv"
        path.write_text("\n".join(lines))
        return path

    return text


@pytest.mark.parametrize("heading", ["student_id", "SIS Login ID", "Username", "ID number",
                                     "SIS User ID", "SID", "Email address", "Email"])
def test_every_heading_that_tells_students_apart(write, heading):
    assert list(read_roster(write(heading, "ada", "bob"))) == ["ada", "bob"]


@pytest.mark.parametrize("column, headings", {
    "first_name": ["first_name", "First name", "First Name"],
    "last_name": ["last_name", "Last name", "Surname", "Last Name"],
    "email": ["email", "Email address", "Email"], "lms_user_id": ["lms_user_id", "ID"],
    "section": ["section", "Sections", "Groups", "Gruppen"],
    "github_username": ["github_username"]}.items())
def test_every_heading_of_the_other_columns(write, column, headings):
    for heading in headings:
        assert read_roster(write(f"student_id,{heading}", "ada,7"))["ada"] == ADA | {column: "7"}


@pytest.mark.parametrize("name, first, last", [
    ("Lovelace, Ada", "Ada", "Lovelace"), ("Ada King Lovelace", "Ada King", "Lovelace"),
    ("Ada", "", "Ada"), ("", "", "")])
@pytest.mark.parametrize("heading", ["Student", "Full name", "Name"])
def test_one_column_of_names(write, heading, name, first, last):
    roster = read_roster(write(f"SID;{heading}", f"ada;{name}"))
    assert roster == {"ada": ADA | {"first_name": first, "last_name": last}}


def test_lines_that_are_of_no_student_are_left_out(write):
    lines = ["Student,ID,SIS Login ID", "    Points Possible,,", '"Student, Test",9,', ",,",
             '"Lovelace, Ada",7,ada']
    assert read_roster(write(*lines)) == {
        "ada": ADA | {"first_name": "Ada", "last_name": "Lovelace", "lms_user_id": "7"}}
    with pytest.raises(AutograderError, match=r"line 2 \(Ada\): has no SID: fill it in"):
        read_roster(write("Student,SID", "Ada,"))


@pytest.mark.parametrize("student, reason", [
    ("a" * (MAX_ID + 1), "longer than 100"), ("ada.", "ends in a dot"), ("con", "names a device"),
    ("a/b", "is not a student id"), ("-a", "is not a student id"), ("..", "is not a student id"),
    ("bob", "line 3: bob is there twice"), ("BOB", r"BOB and bob \(line 2\) differ by case only"),
    ("ｂｏｂ", r"ｂｏｂ and bob \(line 2\) differ by Unicode form only")])
def test_what_is_no_id(write, student, reason):
    with pytest.raises(AutograderError, match=reason):
        read_roster(write("SID", "bob", student))


def test_the_longest_id(write):
    assert list(read_roster(write("SID", "a" * MAX_ID))) == ["a" * MAX_ID]


@pytest.mark.parametrize("lines, reason", [
    (["x", "1"], "none tells students apart"), (["SID"], "has no student"), ([""], "is empty"),
    (["Name,SID", ","], "has no student"), (["SID,x", 'ada,"open'], "line 2: cannot be read"),
    (["SID,x", 'ada,"1', 'bob,2"'], "several lines")])
def test_what_is_no_roster(write, lines, reason):
    with pytest.raises(AutograderError, match=reason):
        read_roster(write(*lines))


def test_a_note_of_several_lines_is_no_quotation_mark_left_open(write):
    rows = read_rows(write("SID,x,note", 'ada,1,"a', 'b"', "bob,2,c"))
    assert [(number, row["SID"]) for number, row in rows] == [(2, "ada"), (4, "bob")]


def test_every_way_to_name_a_student():
    matcher = Matcher({"ada": {"first_name": "Ada", "last_name": "Lovelace", "email": "a@b.c",
                               "lms_user_id": "7"},
                       "bob": {"first_name": "Bob", "last_name": "É"}, "bob2": {
                           "first_name": "Bob", "last_name": "E", "lms_user_id": ""}})
    assert {matcher.by_id(text) for text in ("ada", "ADA", "a@b.c", "A@B.C")} == {"ada"}
    for name in ("Ada Lovelace", "lovelace, ada", "a@b.c", "ada"):
        assert matcher.by_name(name) == matcher.by_name("x", name) == "ada"
    assert matcher.by_id("x", "bob") == "bob" and matcher.by_id("") is matcher.by_id() is None
    assert matcher.by_id("Ada Lovelace") is None
    assert matcher.by_name("bobe") is None and matcher.by_name("") is None  # two of them; nobody
    assert matcher.by_number("7") == "ada"
    assert matcher.by_number("") is matcher.by_number("8") is None
    assert matcher.within("hw1_ada.ipynb") == "ada" and matcher.within("x bob2-") is None
    assert matcher.within("ada and bob") is None
    assert plain_name("Él-9 ") == "el9"


def test_ids_of_any_kind_within_a_text():
    matcher = Matcher({s: {} for s in ("jane+uni@x.org", "uni@x.org", "smith", "anna smith",
                                       "o'brien", "brien", "müller", "ada_l")})
    for text, student in {"hw1_jane+uni@x.org.ipynb": "jane+uni@x.org", "hw1 anna smith.ipynb":
                          "anna smith", "hw1_o'brien.ipynb": "o'brien", "hw1_smith_2": "smith",
                          "hw1_mu\u0308ller.ipynb": "müller", "hw1_ada_l.ipynb": "ada_l",
                          "smithson": None, "smith, müller": None}.items():
        assert matcher.within(text) == student, text


def test_an_account_never_takes_anothers_id():
    matcher = Matcher({"ada": {"github_username": "AdaL"}, "eve": {"github_username": "ADA"},
                       "bo": {"github_username": "octo"}, "cy": {"github_username": "octo"}})
    assert matcher.by_id("adal") == matcher.by_id("ada") == "ada"
    assert matcher.by_id("octo") is None


@pytest.mark.parametrize("name", ["Berg, Jan van der", "van der Berg, Jan", "Jan van der Berg",
                                  "bergjanvander", "vanderbergjan"])
def test_a_name_of_many_words_however_it_is_divided(name):
    matcher = Matcher({"jan": {"first_name": "Jan van der", "last_name": "Berg"},
                       "kim": {"first_name": "Kim", "last_name": "Berg"}})
    assert matcher.by_name(name) == "jan"
