"""The student's page in detail: what it tells, its bounds, and how it behaves in a browser."""

import base64
import dataclasses
import html
import re
import types

import nbformat
import pytest
from results_sample import SCRIPTS, cell, faults_of, hostile, png, result, test_record, text_of

from autograder import lexer
from autograder.commands import results as commands
from autograder.gradebook.standing import Standing
from autograder.grading.examples import LOOKS_LIKE
from autograder.output import feedback
from autograder.output.feedback import (
    MAX_CELLS,
    MAX_ENCODED,
    MAX_HIGHLIGHTED,
    MAX_MESSAGE,
    MAX_NOTEBOOK,
    MAX_NOTES,
    MAX_PICTURES,
    MAX_PIXELS,
    render_feedback,
)
from autograder.term.term import Term
from autograder.text import MAX_TEXT

PHONE, DESK = 390, 1200


def rendered(shown, book_url=None):
    return render_feedback(shown, student="ada", book_url=book_url)


def everything():
    """A result with every outcome and every kind of cell."""
    outcomes = "passed", "wrong", "crash", "timeout", "missing", "grader_fault"
    tests = [test_record(o, "`f(x)` gave\ntwo `lines", "wrong-sign" if o == "wrong" else None)
             for o in outcomes]
    cells = [cell(source="def f(x):\n    return 'a' + 1  # why", images=[png((40, 30))]),
             cell(error="TypeError: no", outcome="error", grade_id="unit_solution"),
             cell(outcome="timeout", stdout="")]
    return result(tests=tests, cells=cells, notes=["Cell 4 was stopped."])


@pytest.mark.parametrize("outcome, words", [
    ("passed", "passed"), ("wrong", "wrong"), ("crash", "error"), ("timeout", "too slow"),
    ("missing", "missing"), ("grader_fault", "not judged")])
def test_an_outcome_is_said_in_words(outcome, words):
    text = text_of(rendered(result(tests=[test_record(outcome)])))
    assert f"{words} Random inputs" in text
    assert ("2 of 2 tests passed" in text) == (outcome == "passed")


def test_a_known_mistake_is_named_beside_its_test():
    text = text_of(rendered(result(tests=[test_record("wrong", "Sign.", "wrong-sign")])))
    assert "Random inputs known mistake: wrong-sign Sign." in text
    assert "known mistake" not in text_of(rendered(result(tests=[test_record("wrong", "Sign.")])))


def test_a_mistake_that_does_not_fit_everywhere_is_not_called_known():
    text = text_of(rendered(result(tests=[
        test_record("wrong", LOOKS_LIKE + "Sign.", mistake="wrong-sign")])))
    assert "looks like: wrong-sign" in text and "known mistake: wrong-sign" not in text


def test_a_mistake_is_told_once_with_the_tests_that_it_cost():
    tests = [test_record("wrong", f"Call {number}.", "wrong-sign", title=title)
             for number, title in enumerate(("Random inputs", "One example", "Ties"))]
    tests += [test_record("crash", "It raised.", title=title) for title in ("Integers", "Views")]
    tests += [test_record(title="Zeros"), test_record(title="Ones")]
    text = text_of(rendered(result(tests=tests, scores=[1.0])))
    assert "known mistake: wrong-sign Call 0. Lost for the same reason: One example; Ties" in text
    assert "Call 1." not in text and text.count("It raised.") == 1
    assert "Integers It raised. Lost for the same reason: Views" in text
    assert "passed Zeros" in text and "passed Ones" in text and "2 of 7 tests passed" in text


def test_an_input_on_which_a_function_goes_wrong_stands_there_to_be_pasted():
    shown = result(tests=[test_record("wrong", "Sign.")])
    shown["parts"][0]["example"] = {"code": "unit(np.array([1.0]))", "yours": "<b>0</b>",
                                    "right": "1", "before": 2}
    page = rendered(shown)
    assert ("Try this in your notebook: unit(np.array([1.0])) # yours: <b>0</b> # wanted: 1 "
            "# 2 smaller inputs came out right") in text_of(page)
    assert "<b>0" not in page and page.count('class="example"') == 1


def test_what_to_do_next_is_said_where_something_was_lost():
    assert "What to do next" in text_of(rendered(result(tests=[test_record("wrong", "Sign.")])))
    assert "What to do next" not in text_of(rendered(result()))


def test_a_part_that_lost_points_shows_what_the_students_own_check_had_said():
    shown = result(scores=(2.0, 3.0))
    for part in shown["parts"]:
        part["check"] = f"{part['name']}: looks <b>right</b>"
    page = rendered(shown)
    assert "handed in had said: unit: looks <b>right</b>" in text_of(page)
    assert "gates: looks" not in page and "<b>right" not in page


def test_the_student_is_called_by_name_and_a_part_as_in_the_notebook():
    standing = Standing(score=2, max_score=5, parts={"derivation": 2.0},
                        max_parts={"derivation": 5.0}, comments={}, hours_late=0, penalty=0,
                        waiting={})
    page = render_feedback(result(), student="ada", book_url=None, name="Ada Lovelace",
                           standing=standing, titles={"derivation": "Part 11. The derivation"})
    text = text_of(page)
    assert "Ada Lovelace, ada" in text and "Part 11. The derivation: 2 of 5 points" in text


@pytest.mark.parametrize("message, shown", [
    ("`w` changed", "<code>w</code> changed"),
    ("give `a` and `b`", "give <code>a</code> and <code>b</code>"),
    ("one ` alone", "one ` alone"),
    ("`<b>`", "<code>&lt;b&gt;</code>")])
def test_backticks_become_code(message, shown):
    assert shown in rendered(result(tests=[test_record("wrong", message)]))


@pytest.mark.parametrize("source", [
    "def f(x):\n    return x  # why\n", "\n\n  leading", "'open", "\t\\", "x = '''a\n\nb'''\n\n",
    "\n".join(SCRIPTS)])
def test_highlighting_keeps_the_source(source):
    page = rendered(result(cells=[cell(source=source)]))
    shown = re.search(r'<pre class="source"><code>(.*?)</code></pre>', page, re.S)[1]
    assert html.unescape(re.sub(r"</?span[^>]*>", "", shown)) == source


def test_highlighting_marks_the_kinds():
    page = rendered(result(cells=[cell(source="def f():\n    return 'a', 1  # c")]))
    for kind, text in ("keyword", "def"), ("name", "f"), ("number", "1"), ("comment", "# c"):
        assert f'<span class="{kind}">{text}</span>' in page
    assert '<span class="string">&#39;a&#39;</span>' in page


def test_a_progress_bar_shows_its_last_state_and_source_keeps_its_lines():
    page = rendered(result(cells=[cell(stdout="10%\r50%\r100%\ndone\r\n", source="a\r\nb\rc")]))
    assert "<pre>100%\ndone\n</pre>" in page
    assert "a\nb\\u000dc</code>" in page


def test_half_a_surrogate_pair_does_not_stop_the_page():
    page = rendered(result(cells=[cell(source="x = '\ud800'")]))
    assert b"\\ud800" in page.encode()


def test_a_pictures_comment_is_dropped():
    secret = "<script>in a comment</script>"
    original = png(comment=secret)
    assert secret.encode() in base64.b64decode(original)
    page = rendered(result(cells=[cell(images=[original])]))
    shown = re.findall(r"data:image/png;base64,([^\"]+)", page)
    assert len(shown) == 1 and secret.encode() not in base64.b64decode(shown[0])


def test_pictures_are_counted():
    page = rendered(result(cells=[cell(images=[png()] * 8) for _ in range(7)]))
    assert page.count("<img") == MAX_PICTURES
    assert text_of(page).count("[8 more pictures are not shown]") == 2


def test_a_huge_notebook_is_cut_with_a_line_saying_so():
    page = rendered(result(cells=[cell(source="x" * 20_000, stdout="<" * 20_000,
                                       error="e" * 20_000) for _ in range(1000)]))
    shown = page.count('<section class="cell"')
    assert shown == MAX_NOTEBOOK // 60_000
    assert f"{1000 - shown} more cells were run and are not shown" in text_of(page)


def test_cells_are_counted():
    page = rendered(result(cells=[cell(source="", stdout="")] * (MAX_CELLS + 7)))
    assert page.count('<section class="cell"') == MAX_CELLS
    assert "7 more cells were run and are not shown" in text_of(page)


def test_notes_are_counted_and_messages_cut():
    tests = [test_record("crash", "`a" * MAX_MESSAGE)]
    page = rendered(result(notes=["Stopped."] * (MAX_NOTES + 5), tests=tests))
    assert page.count("Stopped.") == MAX_NOTES and "5 more notes are not shown." in page
    assert page.count("<code>") <= MAX_MESSAGE  # in two parts


@pytest.mark.parametrize("piece", ["\n ", "1\n", '"""', "f'{", "é", "[", "\\", "\U000e0041"])
def test_only_so_much_of_a_page_is_highlighted(piece, monkeypatch):
    lengths = []
    monkeypatch.setattr(feedback, "highlighted", lambda source: (
        lengths.append(len(source)), lexer.highlighted(source))[1])
    own = "def f():\n    return 1"
    cells = [cell(source=own), *[cell(source=piece * 20_000)] * 50, cell(source=own)]
    page = rendered(result(cells=cells))
    assert sum(lengths) <= MAX_HIGHLIGHTED and max(lengths) <= 11 * MAX_TEXT
    assert '<span class="keyword">def</span>' in page  # the first
    if page.count('<section class="cell"') == len(cells):
        assert f"<code>{own}</code>" in page  # and the last as plain text


def test_pictures_are_bounded_by_their_pixels_and_bytes():
    def shown(*pictures):
        page = rendered(result(cells=[cell(images=list(pictures))]))
        left_out = re.search(r"\[(\d+) more pictures", page)
        return page.count("<img"), int(left_out[1]) if left_out else 0

    large = png((2000, 1000))
    room = MAX_PIXELS // 2_000_000
    assert shown(*[large] * room) == (room, 0)
    assert shown(*[large] * (room + 2)) == (room, 2)
    assert shown("A" * MAX_ENCODED, png()) == (0, 1)  # no picture, but it had to be looked at


def pages_of(results, folder, monkeypatch, **term) -> dict[str, str]:
    """What `autograder feedback` writes for these results."""
    course = types.SimpleNamespace(
        path=lambda step, student: folder / student, term=Term(**term), root=folder,
        notebook=lambda student, name: folder / student / f"{name}.ipynb",
        roster=lambda: {student: {"first_name": f"Name of {student}"} for student in results},
        assignment=lambda _: types.SimpleNamespace(source=nbformat.v4.new_notebook()))
    monkeypatch.setattr(commands, "_graded", lambda *_: (course, results, {}))
    commands.feedback(["hw1"], standalone_mode=False)
    return {student: (folder / student / "hw1.html").read_text() for student in results}


def test_each_student_is_handed_the_page_of_their_own_result(tmp_path, monkeypatch):
    results = {student: result(tests=[test_record("wrong", f"Said to {student}.")])
               for student in ("zoe", "ada", "bob")}
    for reader, page in pages_of(results, tmp_path, monkeypatch).items():
        for student in results:
            for text in f"Said to {student}.", f">Name of {student}, {student}<":
                assert (text in page) == (student == reader)


@pytest.mark.parametrize("examples", [True, False])
def test_a_term_may_keep_examples_from_students(tmp_path, monkeypatch, examples):
    shown = result()
    shown["parts"][0]["example"] = {"code": "unit(1)", "yours": "0", "right": "1", "before": 0}
    (page,) = pages_of({"ada": shown}, tmp_path, monkeypatch, examples=examples).values()
    assert ("unit(1)" in page) == examples


def test_each_page_holds_its_own_students_result_and_nobody_elses():
    marks = {"ada": (1.25, "ada_code"), "bob": (2.75, "bob_code"), "zoe": (0.5, "zoe_code")}
    pages = {}
    for student, (score, code) in marks.items():
        own = result((score, 1.0), [test_record("wrong", f"Said to {student}.")],
                     cells=[cell(source=f"{code} = 1", stdout=f"{student} printed",
                                 images=[png((len(pages) + 1, 1))])])
        standing = Standing(own["score"], 6.0, {}, {}, {"unit": f"Comment for {student}."},
                            0.0, 0.0, {})
        pages[student] = render_feedback(own, student=student, book_url=None, standing=standing)
    pictures = {re.search('base64,([^"]+)', page)[1] for page in pages.values()}
    assert len(pictures) == len(pages)
    for reader, page in pages.items():
        for student, (score, code) in marks.items():
            for text in (student, code, f"{1 + score:g} of 6 points", f"{score:g} / 3 points",
                         f"Said to {student}.", f"{student} printed", f"Comment for {student}."):
                assert (text in page) == (student == reader), (reader, text)


def test_the_page_is_the_same_every_time():
    assert rendered(everything()) == rendered(everything())


class Opened:
    """A page's text in the browser, with what it asked for and what went wrong."""

    def __init__(self, browser, path):
        self.browser, self.path = browser, path
        self.pages, self.complaints, self.requests = [], [], []

    def __call__(self, text, width=DESK, scheme="light"):
        self.path.write_text(text)
        page = self.browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.pages.append(page)
        page.on("console", lambda m: self.complaints.append(m.text))
        page.on("dialog", lambda d: (self.complaints.append(d.message), d.dismiss()))
        page.on("request", lambda r: self.requests.append(r.url))
        page.goto(self.path.as_uri())
        return page


@pytest.fixture
def opened(browser, tmp_path):
    """Opens pages; `complaints` and `requests` collect over all of them."""
    opener = Opened(browser, tmp_path / "page.html")
    yield opener
    for page in opener.pages:
        page.close()


def test_attacks_stay_text_even_when_clicked(opened):
    page = opened(render_feedback(hostile(), student=SCRIPTS[0], book_url="https://192.0.2.1/"))
    assert page.locator("a").count() == 2  # one link to the book for each of the two tests
    for address in page.locator("a").evaluate_all("links => links.map(a => a.href)"):
        assert address.startswith("https://192.0.2.1/")
    for selector in "script", "iframe", "svg *[onload]", "[onerror]", "[onfocus]", "[style]":
        assert page.locator(selector).count() == 0, selector
    assert page.locator("style").count() == 1
    page.locator("pre").first.click()
    assert page.evaluate("window.__ran") is None
    assert not [url for url in opened.requests if not url.startswith(("file:", "data:"))]
    assert opened.complaints == []


def test_the_policy_would_stop_a_script_that_was_not_escaped(opened):
    page = opened(rendered(result()).replace("<main>", f"<main>{SCRIPTS[0]}{SCRIPTS[1]}"))
    assert page.evaluate("window.__ran") is None
    assert any("Content Security Policy" in line for line in opened.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("shown", [everything(), result(status="unreadable", reason="cut short")],
                         ids=["graded", "unreadable"])
def test_the_page_is_styled_accessible_and_fits(opened, shown, width, scheme):
    page = opened(rendered(shown, "https://book.example"), width, scheme)
    assert opened.complaints == []
    assert faults_of(page) == []


def test_a_cell_that_was_not_run_says_whose_pictures_it_shows():
    page = text_of(rendered(result(cells=[
        cell(outcome="left_out", images=[png()], seconds=0.0, stdout=""),
        cell(outcome="left_out", seconds=0.0, stdout="")])))
    assert page.count("Not run: it decides no points") == 2 and "0.0 s" not in page
    assert page.count("those in the file that you handed in") == 1
    assert page.count("holds no picture of it") == 1


def test_what_waits_for_a_person_is_no_zero():
    parts = {"unit": 3.0, "update": 2.0, "essay": 0.0, "proof": 4.0}
    standing = Standing(9.0, 15.0, parts, {"unit": 3.0, "update": 3.0, "essay": 4.0, "proof": 5.0},
                        {"proof": "Why?"}, 0.0, 0.0, {"essay": None, "proof": 4.0})
    page = text_of(render_feedback(result(), student="ada", book_url=None, standing=standing))
    assert "9 of 11 points so far" in page
    assert "A person has still to read your answers for 4 more points." in page
    assert "essay: waits for a person, 4 points" in page
    assert "proof: waits for a person; 4 of 5 points for an earlier file count until then" in page
    read = dataclasses.replace(standing, waiting={})
    page = text_of(render_feedback(result(), student="ada", book_url=None, standing=read))
    assert "9 of 15 points" in page and "essay: 0 of 4 points" in page and "waits" not in page
