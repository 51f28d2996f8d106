"""Feedback and report: what they say, and that nothing of a submission runs in them."""

import base64
import html
import io
import struct
import zlib

import pytest
from PIL import Image
from results_sample import SCRIPTS, cell, hostile, png, result, test_record

from autograder.output.feedback import render_feedback
from autograder.output.page import MAX_CACHED, MAX_CHUNKS, _redrawn, safe_png
from autograder.output.report import render_report
from autograder.text import MAX_TEXT, make_visible


def test_feedback_says_score_mistake_and_where_to_read():
    tests = [test_record("wrong", "Your sign is wrong.", "wrong-sign")]
    page = render_feedback(result((1.5, 3.0), tests), student="ada", book_url="http://book/")
    assert "4.5 of 6 points" in page and "1.5 / 3" in page
    assert "Your sign is wrong." in page
    assert 'href="http://book/part1/perceptron.html#the-unit"' in page


def test_feedback_without_a_book_names_the_section():
    tests = [test_record("wrong", "Wrong.", "wrong-sign")]
    page = render_feedback(result(tests=tests), student="ada", book_url=None)
    assert "In the book: part1/perceptron.html#the-unit" in page and "<a " not in page


def test_feedback_of_an_unreadable_file_says_what_to_do():
    page = render_feedback(result(status="unreadable", reason="the file is empty"),
                           student="ada", book_url=None)
    assert "the file is empty" in page and "hand it in again" in page


def test_grading_without_isolation_is_marked():
    unsafe = result(isolation="none")
    assert "without isolation" in render_feedback(unsafe, student="a", book_url=None).lower()
    assert "without isolation" in render_report("hw1", {"a": unsafe}, {"a": {}}).lower()


def test_only_real_pictures_are_shown_and_they_are_drawn_anew():
    page = render_feedback(result(cells=[cell(images=[png(), "PHNjcmlwdD4="])]), student="a",
                           book_url=None)
    assert page.count("data:image/png") == 1
    assert png() not in page  # the pixels are, the student's bytes are not
    assert safe_png(png((3000, 3000))) is None


def chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunks(*chunks, size=(4, 4)):
    """A picture with these chunks behind its header."""
    raw = base64.b64decode(png(size))
    return base64.b64encode(raw[:33] + b"".join(chunks) + raw[33:]).decode()


BOMB = zlib.compress(bytes(10**6))


@pytest.mark.parametrize("chunks", [
    [chunk(b"zTXt", b"k\0\0" + BOMB)] * 70, [chunk(b"iTXt", b"k\0\1\0\0\0" + BOMB)] * 70,
    [chunk(b"iCCP", b"k\0\0" + BOMB)] * 2, [chunk(b"eXIf", b"x" * 10**6)],
    [chunk(b"acTL", struct.pack(">II", 10**6, 0))], [chunk(b"IHDR", b"\xff" * 13)],
    [chunk(b"fcTL", b"\0" * 26), chunk(b"fdAT", b"\0" * 100)],
    [chunk(b"prVt")] * (MAX_CHUNKS - 4)],
    ids=["zTXt", "iTXt", "iCCP", "eXIf", "acTL", "IHDR", "fdAT", "many"])
def test_of_a_picture_only_the_pixels_are_read(chunks):
    assert safe_png(with_chunks(*chunks)) == safe_png(png())


@pytest.mark.parametrize("encoded", [
    with_chunks(*[chunk(b"prVt")] * MAX_CHUNKS),
    base64.b64encode(base64.b64decode(png())[:40]).decode(), png((4, 4))[:43], "", "é" * 44,
    base64.b64encode(b"x" * 16 + struct.pack(">II", 4, 4) + b"y" * 99).decode()])
def test_a_file_that_is_no_plain_picture_is_none(encoded):
    assert safe_png(encoded) is None


def test_few_pictures_are_kept_and_no_large_ones():
    noise = Image.effect_noise((600, 600), 100)
    data = io.BytesIO()
    noise.save(data, "PNG")
    large = base64.b64encode(data.getvalue()).decode()
    assert len(large) > MAX_CACHED and safe_png(large)
    _redrawn.cache_clear()
    safe_png(large)
    assert _redrawn.cache_info().currsize == 0
    safe_png(png())
    assert _redrawn.cache_info().currsize == 1 and _redrawn.cache_info().maxsize <= 64


def test_odd_characters_become_visible_and_long_text_is_cut():
    assert make_visible("a\u202eb\x00\x1b[31m") == "a\\u202eb\\u0000\\u001b[31m"
    assert make_visible("\u061c\u2028\U000e0041") == "\\u061c\\u2028\\U000e0041"
    assert len(make_visible("x" * 10**6)) < MAX_TEXT + 100


@pytest.mark.parametrize("page", [
    render_feedback(hostile(), student="<b>eve</b>", book_url=None),
    render_report("hw1", {"<b>eve</b>": hostile(), "bob": result()},
                  {"bob": {"last_name": "<i>zoe</i>"}, "<i>zoe</i>": {}}),
], ids=["feedback", "report"])
def test_hostile_text_is_escaped(page):
    for attack in SCRIPTS[:4]:
        assert attack not in page
    assert "<b>eve" not in page and "<i>zoe" not in page and "49" not in page.split("</style>")[1]
    assert "Content-Security-Policy" in page and "default-src 'none'" in html.unescape(page)


def test_report_counts_mistakes_by_student_and_lists_what_needs_a_person():
    wrong = [test_record("wrong", "Sign.", "wrong-sign"),
             test_record("wrong", "Sign.", "wrong-sign")]
    fault = [test_record("grader_fault", "", fault="KeyError in test_unit.py::test_random")]
    page = render_report("hw1", {"ada": result((0.0, 3.0), wrong), "bob": result(tests=wrong),
                                 "eve": result(tests=fault)},
                         dict.fromkeys(["ada", "bob", "eve", "zoe"], {}))
    assert "2 of 3" in page and "KeyError in test_unit.py::test_random" in page
    assert "nothing to grade" in page
    assert "../feedback/ada/hw1.html" in page


def test_report_of_nobody_and_of_equals_does_not_fail():
    assert "not defined" in render_report("hw1", {"a": result(), "b": result()}, {})
    assert "<h1>" in render_report("hw1", {}, {"a": {}})


def test_a_large_class_gives_a_small_page_again_and_again():
    results = {f"s{i:03}": result((i % 4, 3.0), cells=[cell(stdout="x" * 10_000)])
               for i in range(300)}
    page = render_report("hw1", results, {})
    assert len(page) < 1_000_000
    assert page == render_report("hw1", results, {})


@pytest.mark.parametrize("make", [
    lambda: render_feedback(hostile(), student="eve", book_url=None),
    lambda: render_report("hw1", {"eve": hostile()}, {"eve": {}}),
], ids=["feedback", "report"])
def test_nothing_runs_and_nothing_is_asked_of_the_network(make, tmp_path, browser):
    path = tmp_path / "page.html"
    path.write_text(make())
    page = browser.new_page()
    requests, dialogs = [], []
    page.on("request", lambda r: requests.append(r.url))
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.__ran") is None
    assert not dialogs
    assert [r for r in requests if not r.startswith(("file:", "data:"))] == []
    page.close()
