"""Claims on a student: when they are in dispute, and what becomes of all."""

from types import SimpleNamespace

import pytest

from autograder.term import moodle
from autograder.term.claims import (
    MAX_LINE,
    Claim,
    Collected,
    disputed_claims,
    match_option,
    no_notebooks,
)


def claim(*person, sure=False, student="ada"):
    return Claim(student, person, sure)


def test_names_are_in_dispute_where_a_platform_knows_several_persons():
    first, second = claim("canvas", "Ada", "1"), claim("canvas", "Ada", "2")
    assert disputed_claims([first, second]) == {first, second}
    assert disputed_claims([first, first]) == disputed_claims([first]) == set()
    assert disputed_claims([]) == set()


def test_a_person_without_an_id_goes_by_the_name():
    assert not disputed_claims([claim("moodle", "Ada"), claim("moodle", "Ada")])
    assert not disputed_claims([claim("moodle", "Ada", ""), claim("moodle", "Ada", "")])
    assert len(disputed_claims([claim("moodle", "Ada", ""), claim("moodle", "Eve", "")])) == 2
    assert not disputed_claims([claim("canvas", "Ada", "1"), claim("canvas", "A. L.", "1")])


def test_each_platform_counts_for_itself():
    assert not disputed_claims([claim("canvas", "Ada", "1"), claim("moodle", "Ada", "2")])


def test_what_is_sure_is_in_no_dispute_and_makes_the_others_one():
    sure, name = claim("canvas", "Ada", "1", sure=True), claim("canvas", "Ada", "2")
    assert disputed_claims([sure, name]) == {name}


def test_a_claim_says_nothing_that_the_platform_did_not():
    mine = Claim("ada", ("canvas", "Ada", "", "7"))
    assert mine.full_name == "Ada_7"
    assert (mine.sure, mine.late, mine.number, mine.time, mine.assignment) == (
        False, False, 0, None, None)
    assert match_option("A 'B'") == "--match 'A '\"'\"'B'\"'\"'=<student id>'"


def test_lines_are_visible_and_bounded():
    done = Collected()
    assert (done.new, done.replaced, done.unchanged, done.notes, done.problems) == (
        [], [], [], [], [])
    done.note("a\nb")
    done.problem("x" * (MAX_LINE + 1))
    assert done.notes == ["a\\nb"] and len(done.problems[0]) < MAX_LINE
    assert Collected().notes == []


def test_a_person_whose_id_is_the_name_is_named_once():
    assert Claim(None, ("blackboard", "ada", "ada")).full_name == "ada"
    assert len(Claim(None, ("name", "x" * 300)).full_name) == 300


def test_few_files_are_named_and_many_are_counted_by_kind():
    assert no_notebooks([]) == []
    assert no_notebooks(["a.txt", "README"]) == ["a.txt is no notebook", "README is no notebook"]
    assert no_notebooks(["x.PDF", *(f"{n}.txt" for n in range(1000)), "y.txt", "README"]) == [
        "1,001 .txt files are no notebooks, such as 0.txt", "x.PDF is no notebook",
        "README is no notebook"]
    lines = no_notebooks([f"{n}.{n % 10}" for n in range(100)])
    assert len(lines) == 9 and lines[-1] == "20 other files are none either"


@pytest.mark.parametrize("row, name, whose, sure", [
    (None, False, "bob", False), (None, True, "bob", True), (False, False, "ada", False),
    (False, True, "bob", True), (True, False, "ada", True), (True, True, "ada", True)])
def test_moodles_worksheet_counts_more_than_a_name_unless_only_that_is_sure(row, name, whose, sure):
    """`row`, `name`: whether they are sure; None where the worksheet does not know the person."""
    participants = {} if row is None else {"7": claim("a row", sure=row)}
    people = SimpleNamespace(participants=participants, named=lambda person, by_id: claim(
        *person, sure=name, student="bob"))
    found = moodle.claim(moodle.NAME.fullmatch("Ada_7_assignsubmission_file_"), people)
    assert (found.student, found.sure) == (whose, sure)
