"""Names that other people chose: each rule at its bounds."""

import pytest

from autograder.names import (
    MAX_DEPTH,
    MAX_LISTED,
    MAX_PART,
    STUDENT_ID,
    climbs,
    folded,
    full_name,
    is_reserved,
    listed,
    safe_path,
    visible,
)


def test_a_long_text_keeps_its_two_ends():
    assert visible("a" * 120) == "a" * 120
    assert visible("x" * 60 + "y" * 60 + "z") == "x" * 60 + "..." + "y" * 39 + "z"
    assert visible("abcdefghi", 6) == "abc...hi" and visible("abcdef", 6) == "abcdef"


@pytest.mark.parametrize("text, shown", [
    ("a b", "a b"), ("é", "é"), ("a\nb", "a\\nb"), ("\u202e", "\\u202e"), ("\x1b", "\\x1b"),
    ("\udc80", "\\udc80"), (None, "None")])
def test_what_does_not_print_is_shown_as_its_escape(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize("row, name", [
    ({"first_name": "Ada", "last_name": "Lovelace"}, "Ada Lovelace"),
    ({"first_name": "", "last_name": "Lovelace"}, "Lovelace"), ({"first_name": "Ada"}, "Ada"),
    ({}, "")])
def test_a_full_name_is_first_and_last_as_far_as_they_are_known(row, name):
    assert full_name(row) == name


def test_the_first_few_are_listed():
    items = [str(number) for number in range(MAX_LISTED)]
    assert listed(items) == "0, 1, 2, 3, 4" and listed([]) == "" and listed(["a"]) == "a"
    assert listed([*items, "5"], "; ") == "0; 1; 2; 3; 4; and 1 more"
    assert listed(items * 300).endswith(", and 1,495 more")


@pytest.mark.parametrize("name", ["CON", "con", "Prn.txt", "aux", "NUL.tar.gz", "com0", "COM9",
                                  "lpt1.ipynb", "LPT¹", "com³", "nul "])
def test_names_of_devices(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["CONS", "com", "com10", "0", "LPT", "x.con", "", "1"])
def test_names_of_no_device(name):
    assert not is_reserved(name)


@pytest.mark.parametrize("name", ["/a", "\\a", "..", "a/../b", "a\\..", "c:/a", "Z:\\a"])
def test_paths_that_climb(name):
    assert climbs(name)


@pytest.mark.parametrize("name", ["a", "a/b", "..a", "a..", "c:", "c:a", "ab:/c", ".", ""])
def test_paths_that_do_not(name):
    assert not climbs(name)


@pytest.mark.parametrize("text, path", [
    ("a/b.c", "a/b.c"), ("a\\b", "a/b"), ("/a//b", "a/b"), ("../a", "a"), ("", "."), ("...", "."),
    ("a:b?\t*", "a-b- -"), ("con", "-con"), ("a. ", "a"), ("a_b", "a_b"), ("\x00", "-"),
    ("a" * MAX_PART, "a" * MAX_PART), ("a" * (MAX_PART + 1), "a" * MAX_PART),
    ("é" * MAX_PART, "é" * (MAX_PART // 2))])
def test_a_path_that_every_system_can_write(text, path):
    assert str(safe_path(text)) == path


def test_a_deep_path_keeps_its_name():
    folders = [str(number) for number in range(MAX_DEPTH)]
    assert safe_path("/".join(folders)).parts == tuple(folders)
    assert safe_path("/".join([*folders, "name"])).parts == (*folders[:-1], "name")


@pytest.mark.parametrize("name", ["a", "7", "jane+uni@example.org", "müller", "anna smith",
                                  "o'brien", "王芳", "हिन्दी", "مريم", "a-", "a_", "x" * 500])
def test_names_of_a_students_folder(name):
    assert STUDENT_ID.fullmatch(name)


@pytest.mark.parametrize("name", [
    "", ".", "..", "-a", ".a", " a", "_a", "@a", "+a", "'a", "=a", "a.", "a ", "a/b", "a\\b", "a:b",
    "a*", "a?", "a[b]", "a{b}", "a\n", "a\tb", "a\xa0b", "a\u200bb", "a\u3164b", "a\ufe0f", "a;b",
    "a,b"])
def test_names_of_no_students_folder(name):
    assert not STUDENT_ID.fullmatch(name)


def test_names_that_some_system_takes_for_the_same():
    assert folded("Müller") == folded("mu\u0308LLER") and folded("ß") == folded("SS")
    assert folded("ａ") == folded("a") != folded("b")
