"""Reading submissions and putting the instructor's cells back."""

import json
from itertools import pairwise

import nbformat
import pytest
import toy
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.errors import AutograderError
from autograder.grading import notebook, saved


def names(assembled):
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in assembled.cells]


ALL = ["intro", "imports", "double_solution", "double", "split_solution", "split"]


@pytest.mark.parametrize("raw, reason", [
    (b"", "empty"), (b"   \n", "empty"), (b"{", "JSON"), (b"\xff\xfe\x00", "UTF-8"),
    (b"[1, 2]", "structure"), (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5}', "structure"),
    (b"[" * 100_000, "JSON|structure"), (b" " * (notebook.MAX_BYTES + 1), "MiB"),
    (toy.as_bytes(toy.source())[:-50], "JSON"),
])
def test_what_is_no_notebook_is_unreadable_with_a_reason(raw, reason):
    with pytest.raises(notebook.Unreadable, match=reason):
        notebook.read(raw)


def test_a_byte_order_mark_and_version_3_are_read():
    raw = toy.as_bytes(toy.source())
    assert len(notebook.read(b"\xef\xbb\xbf" + raw).cells) == 6
    old = nbformat.v4.downgrade(nbformat.reads(raw.decode(), as_version=4))
    assert len(notebook.read(json.dumps(old).encode()).cells) == 6


def test_parts_come_from_the_source():
    assert notebook.parts(toy.source()) == [
        notebook.Part("double", 3, None), notebook.Part("split", 2, None)]


@pytest.mark.parametrize("outputs, said", [
    ([], ""), ([new_output("stream", text="double: looks right\n")], "double: looks right"),
    ([new_output("stream", text="one\n"), new_output(
        "error", ename="CheckFailed", evalue="The sign.", traceback=[])], "one\nThe sign."),
    ([new_output("error", ename="IndexError", evalue="no", traceback=[])], "IndexError: no"),
    ([new_output("stream", text="x" * 5000)], "x" * saved.MAX_SAID),
    ([NotebookNode(output_type="error", ename=3, evalue=None),
      NotebookNode(output_type="stream", text=[1]), NotebookNode(text=["a", "b"])], ": ab"),
])
def test_what_a_check_had_said_is_read_from_the_file(outputs, said):
    student = toy.source()
    student.cells[3].outputs = outputs
    assert saved.said(student)["double"] == said


def test_a_part_is_called_as_its_section():
    source = toy.source()
    source.cells[2:2] = [new_markdown_cell("## Part 1. Twice (3 points)\n\nText.")]
    source.cells[5:5] = [new_markdown_cell("### No section"), new_markdown_cell("## Part 2. Split")]
    assert notebook.titles(source) == {"double": "Part 1. Twice", "split": "Part 2. Split"}
    assert [part.title for part in notebook.parts(source)] == ["Part 1. Twice", "Part 2. Split"]


def test_an_edited_locked_cell_has_the_sources_text_again():
    student = toy.source(double="def double(x): return x + x")
    student.cells[3].source = "cheat()"
    student.cells[3].metadata.nbgrader.points = 300
    student.cells[1].source = "import evil"
    assembled = notebook.assemble(student, toy.source())
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in assembled.cells
               if "nbgrader" in cell.metadata}
    assert sources["double"] == "print('visible')"
    assert sources["imports"] == "import numpy as np"
    assert sources["double_solution"] == "def double(x): return x + x"
    assert [part.points for part in notebook.parts(assembled)] == [3, 2]
    # theirs runs right after it, as an ordinary cell
    following = {before.metadata.nbgrader.grade_id: after.source for before, after in pairwise(
        assembled.cells) if "nbgrader" not in after.metadata}
    assert following == {"imports": "import evil", "double": "cheat()"}


@pytest.mark.parametrize("deleted", range(6))
def test_a_deleted_cell_comes_back_where_it_was(deleted):
    student = toy.source()
    del student.cells[deleted]
    assembled = notebook.assemble(student, toy.source())
    expected = [n for n in ALL if not (n == ALL[deleted] and n.endswith("solution"))]
    assert names(assembled) == expected


def test_copies_of_locked_cells_vanish_and_of_solutions_lose_their_name():
    student = toy.source()
    student.cells += [student.cells[3], student.cells[2]]
    assembled = notebook.assemble(student, toy.source())
    assert names(assembled) == [*ALL, None]
    assert assembled.cells[-1].source == toy.DOUBLE


def test_students_cells_keep_their_text_only():
    student = toy.source()
    student.cells.insert(0, new_code_cell("helper = 1", metadata={
        "nbgrader": {"grade_id": "forged", "grade": True, "points": 100, "solution": False}}))
    assembled = notebook.assemble(student, toy.source())
    assert assembled.cells[0].source == "helper = 1" and not assembled.cells[0].metadata


def test_a_solution_turned_into_text_is_code_again():
    student = toy.source()
    student.cells[2] = nbformat.v4.new_markdown_cell(
        toy.DOUBLE, metadata=student.cells[2].metadata)
    assert 2 in notebook.code_to_run(notebook.assemble(student, toy.source()))


def test_tests_are_not_among_the_code_to_run():
    assert list(notebook.code_to_run(notebook.assemble(toy.source(), toy.source()))) == [1, 2, 4]


SHOWS = "def show():\n    print(1)\n\n\nshow()"


@pytest.mark.parametrize("code, flags, only_shown", [
    (SHOWS, {"locked": True}, True), (SHOWS, {"locked": True, "grade": True, "points": 1}, False),
    (SHOWS, {}, False), (SHOWS, {"locked": True, "solution": True}, False),
    (SHOWS + "\nx = 1", {"locked": True}, False), ("x = 1\n" + SHOWS, {"locked": True}, False),
    (SHOWS.replace("\nshow()", "\nother()"), {"locked": True}, False),
    (SHOWS.replace("\nshow()", "\nshow(1)"), {"locked": True}, False),
    (SHOWS.replace("\nshow()", "\nshow(x=1)"), {"locked": True}, False),
    (SHOWS.replace("def show()", "def show(x=f())"), {"locked": True}, False),
    (SHOWS.replace("def show()", "def show(*, x=f())"), {"locked": True}, False),
    ("@keep\n" + SHOWS, {"locked": True}, False), ("%timeit 1", {"locked": True}, False)])
def test_cells_that_leave_nothing_behind_are_only_shown(code, flags, only_shown):
    source = toy.source()
    source.cells.insert(2, new_code_cell(code, metadata=toy.meta("cell", **flags)))
    assert notebook.only_shown(source) == ({2} if only_shown else set())


def test_a_text_of_the_courses_is_not_only_shown():
    source = toy.source()
    source.cells.insert(2, new_markdown_cell(SHOWS, metadata=toy.meta("text", locked=True)))
    assert notebook.only_shown(source) == set()


def test_a_missing_source_is_one_line(tmp_path):
    with pytest.raises(AutograderError, match="no such assignment") as caught:
        notebook.read_source(tmp_path / "hw9.ipynb")
    assert "\n" not in str(caught.value)
