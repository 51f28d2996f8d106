"""Earlier submissions: kept by the trusted side, and shown to the student whose they are."""

import datetime
import hashlib
import json
import shutil
import sqlite3

import pytest
import ta
import toy
from results_sample import faults_of, graded_parts, result, text_of

from autograder.errors import AutograderError
from autograder.gradebook.history import MAX_KEPT, Graded, History
from autograder.output.feedback import render_feedback
from autograder.term.term import Term

STUB = "def double(x):\n    return 0"
FIRST = toy.as_bytes(toy.source(double=STUB, split="def split(x):\n    return 'marked_secret'"))
SECOND = toy.as_bytes(toy.source(double=STUB))
RIGHT = toy.as_bytes(toy.source())
NOON = datetime.datetime(2026, 10, 12, 12)


def graded(*scores, submitted=NOON.replace(hour=16)) -> Graded:
    return Graded("0", submitted, sum(scores), 6.0,
                  {name: (score, 3.0) for name, score in zip(("unit", "gates"), scores)})


def page_of(*earlier, shown=None, **term) -> str:
    return render_feedback(shown or result(), student="ada", book_url=None, earlier=earlier,
                           term=Term(**term))


def test_each_file_has_a_row_and_the_same_file_its_own_again(tmp_path):
    history = History(tmp_path)
    for submission, score in ("a", 1), ("b", 2), ("b", 3), ("a", 4):
        history.add("hw1", "ada", submission, NOON, graded_parts(score))
    assert [(one.submission, one.score) for one in history.of("hw1", "ada")] == [
        ("a", 1), ("b", 3), ("a", 4)]
    assert history.of("hw1", "bob") == history.of("hw2", "ada") == []


def test_only_the_last_rows_are_kept(tmp_path):
    history = History(tmp_path)
    for number in range(MAX_KEPT + 5):
        history.add("hw1", "ada", str(number), None, graded_parts(number))
    assert [one.score for one in history.of("hw1", "ada")] == list(range(5, MAX_KEPT + 5))


def test_the_file_that_is_there_now_is_no_earlier_one(tmp_path):
    history, path = History(tmp_path), tmp_path / "hw1.ipynb"
    path.write_bytes(b"now")
    history.add("hw1", "ada", "a", NOON, graded_parts(1))
    assert len(history.earlier("hw1", "ada", path)) == 1  # the new one is not recorded yet
    history.add("hw1", "ada", hashlib.sha256(b"now").hexdigest(), NOON, graded_parts(2))
    assert [one.score for one in history.earlier("hw1", "ada", path)] == [1]
    assert len(history.earlier("hw1", "ada", tmp_path / "none")) == 2


def test_a_time_that_is_corrected_is_that_of_the_same_file_only(tmp_path):
    history, path = History(tmp_path), tmp_path / "hw1.ipynb"
    path.write_bytes(b"now")
    history.correct_time("hw1", "ada", path, NOON)
    assert history.of("hw1", "ada") == []
    history.add("hw1", "ada", hashlib.sha256(b"now").hexdigest(), None, graded_parts(2))
    history.correct_time("hw1", "ada", path, NOON)
    assert [one.submitted for one in history.of("hw1", "ada")] == [NOON]
    path.write_bytes(b"next")
    history.correct_time("hw1", "ada", path, NOON.replace(hour=18))
    assert [one.submitted for one in history.of("hw1", "ada")] == [NOON]


ROW = {"submission": "a", "submitted": None, "score": 1, "max_score": 1, "parts": {"unit": [1, 1]}}


@pytest.mark.parametrize("damaged", [
    b"", b"[", b"{}", b"[1]", b'[{"x": 1}]', b"\xff", b"null", b"[" * 100_000,
    *(json.dumps([ROW | changed]).encode() for changed in (
        {"submitted": "x"}, {"submitted": 1}, {"score": "1"}, {"score": None}, {"parts": []},
        {"parts": {"unit": 1}}, {"parts": {"unit": [1]}}, {"parts": {"unit": ["a", 1]}},
        {"more": 1}, {"score": float("nan")}))])
def test_a_damaged_file_is_put_aside_and_no_history(tmp_path, damaged):
    history = History(tmp_path)
    history.add("hw1", "ada", "a", NOON, graded_parts(1))
    (path,) = history.folder.rglob("*.json")
    path.write_bytes(damaged)
    assert history.of("hw1", "ada") == []
    history.add("hw1", "ada", "b", NOON, graded_parts(2))
    assert len(history.of("hw1", "ada")) == 1
    (aside,) = history.damaged("hw1")
    assert aside.read_bytes() == damaged and history.damaged("hw2") == []


def test_an_undamaged_file_stays_where_it_is(tmp_path):
    history = History(tmp_path)
    history.add("hw1", "ada", "a", NOON, graded_parts(1))
    (path,) = history.folder.rglob("*.json")
    path.write_text(json.dumps([ROW]))
    assert history.of("hw1", "ada")[0].parts == {"unit": (1, 1)} and history.damaged("hw1") == []


def test_a_history_that_cannot_be_read_is_a_line(tmp_path):
    history = History(tmp_path)
    (history.folder / "hw1" / "ada.json").mkdir(parents=True)
    with pytest.raises(AutograderError, match="ada.json: cannot be read .*: correct the"):
        history.add("hw1", "ada", "a", NOON, graded_parts(1))


def test_the_page_shows_times_of_the_term_and_points_by_part():
    page = page_of(graded(0, 1, submitted=None), graded(0.5, 3), timezone="Europe/Berlin")
    assert text_of(page).count("Your 2 earlier submissions") == 1 and "<details" in page
    text = text_of(page).replace(" / ", "/")
    assert "part now 12 Oct 18:00 No. 1, time unknown The unit 2" in text
    assert "The unit 2/3 0.5/3 0/3 The gates 3/3 3/3 1/3 all parts 5/6 3.5/6 1/6" in text
    assert "Times are those of Europe/Berlin." in text
    assert "Your earlier submission What" not in text
    assert "Your earlier submission part" in text_of(page_of(graded(1, 1)))


def test_without_earlier_files_there_is_no_table():
    assert "<details" not in page_of() and "earlier submission" not in page_of()


def test_a_file_that_cannot_be_graded_shows_what_came_before():
    unreadable = result(status="unreadable", reason="cut short", parts=[])
    text = text_of(page_of(graded(2, 1), shown=unreadable)).replace(" / ", "/")
    assert "part 12 Oct 16:00 unit 2/3 gates 1/3 all parts 3/6" in text and "now" not in text


def test_a_part_that_is_new_or_gone_is_a_dash():
    old = Graded("0", None, 1.0, 3.0, {"un_it<b>": (1.0, 3.0)})
    page = page_of(old)
    assert "The unit 2 / 3 - The gates 3 / 3 - un it<b> - 1 / 3 all parts" in text_of(page)
    assert "<b>" not in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_long_history_fits_and_is_accessible(browser, tmp_path, width, scheme):
    (tmp_path / "page.html").write_text(page_of(*[graded(1, 2)] * MAX_KEPT))
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    assert not page.locator(".history table").is_visible()
    page.locator(".history summary").click()
    assert page.locator(".history table").is_visible() and faults_of(page) == []
    page.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory, unsafe):
    """A released course whose graders a test may change; ada and bob are graded."""
    root = tmp_path_factory.mktemp("history")
    toy.write_course(root, own="own_graders")
    (root / "term.toml").write_text('timezone = "Europe/Berlin"\n')
    for student, raw in ("ada", FIRST), ("bob", RIGHT):
        toy.submit(root, student, raw)
    (root / "submitted" / "ada" / "toy" / "timestamp.txt").write_text("2026-10-12 16:00:00 UTC")
    ta.autograder(root, "release", "toy")
    ta.autograder(root, "grade", "toy", *unsafe)
    return root


def resubmit(course, raw, came):
    folder = course / "submitted" / "ada" / "toy"
    (folder / "toy.ipynb").write_bytes(raw)
    (folder / "timestamp.txt").write_text(came)


def pages(course, unsafe):
    ta.autograder(course, "feedback", "toy", *unsafe)
    return [text_of((course / "feedback" / student / "toy.html").read_text()).replace(" / ", "/")
            for student in ("ada", "bob")]


def test_a_resubmission_is_a_row_and_a_corrected_grader_is_none(course, unsafe):
    history = History(course)
    assert "earlier submission" not in "".join(pages(course, unsafe))
    # nbgrader's own command, for a file whose time is known later
    resubmit(course, SECOND, "")
    (course / "submitted" / "ada" / "toy" / "timestamp.txt").unlink()
    ta.run("-m", "nbgrader", "autograde", "toy", "--student", "ada", "--force",
           *(["--Assemble.unsafe=True"] if unsafe else []), cwd=course)
    assert [(one.score, one.submitted) for one in history.of("toy", "ada")] == [
        (0, NOON.replace(hour=16)), (2, None)]
    resubmit(course, SECOND, "2026-10-13 16:00:00 UTC")
    ada, bob = pages(course, unsafe)
    assert "Your earlier submission part now 12 Oct 18:00 Doubling 0/3 0/3" in ada
    assert "all parts 2/5 0/5" in ada and "earlier submission" not in bob
    resubmit(course, RIGHT, "2026-10-14 16:00:00 UTC")
    ta.autograder(course, "grade", "toy", *unsafe)
    ada, bob = pages(course, unsafe)
    assert "Your 2 earlier submissions part now 13 Oct 18:00 12 Oct 18:00" in ada
    assert "all parts 5/5 2/5 0/5" in ada and "earlier submission" not in bob
    reference = course / "own" / "own_graders" / "toy" / "reference.py"
    reference.write_text(reference.read_text().replace("return 2 *", "return 3 *"))
    ta.autograder(course, "grade", "toy", *unsafe)
    ada, bob = pages(course, unsafe)
    assert "all parts 2/5 2/5 0/5" in ada and "earlier submission" not in bob
    assert len(history.of("toy", "ada")) == 3 and len(history.of("toy", "bob")) == 1
    for path in history.folder.rglob("*.json"):
        assert "marked_secret" not in path.read_text()
        for row in json.loads(path.read_bytes()):
            assert set(row) == {"submission", "submitted", "score", "max_score", "parts"}
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        assert gradebook.execute("select count(*) from submitted_assignment").fetchone() == (2,)


def test_a_class_graded_before_there_was_a_history_shows_none(course, unsafe):
    shutil.rmtree(History(course).folder)
    ta.autograder(course, "grade", "toy", *unsafe)
    assert "earlier submission" not in "".join(pages(course, unsafe))
