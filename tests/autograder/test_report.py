"""The instructor's page in detail: its numbers, its lists, its size, and how it looks."""

import re
import types

import pytest
from results_sample import SCRIPTS, faults_of, graded_parts, result, test_record, text_of

from autograder.gradebook.standing import Standing
from autograder.output.report import MAX_MESSAGE, MAX_NAMES, MAX_REASONS, render_report, snapshot


def report(results, roster=(), standings=None, **more):
    return render_report("hw1", results, dict.fromkeys(roster, {}), standings, **more)


def class_of(*scores):
    """Results by student from each one's scores of the parts."""
    return {f"s{i}": graded_parts(*row) for i, row in enumerate(scores)}


def part_rows(page):
    table = re.search(r'<table class="stacks">(.*?)</table>', page, re.S)[1]
    return [text_of(row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]]


def test_figures_of_the_class():
    page = report(class_of((0.0, 1.0), (3.0, 3.0), (2.0, 3.0)), ["s0", "s1", "s2", "zoe", "yan"])
    text = text_of(page)
    for words in ("graded 3", "nothing to grade 2", "unreadable 0", "mean of 6 points 4.0",
                  "median 5", "standard deviation 2.2"):
        assert words in text, words


@pytest.mark.parametrize("scores, expected", [
    ([(0.0, 0.0), (1.0, 2.0), (2.0, 4.0)], "1.00"),
    ([(0.0, 3.0), (1.0, 2.0), (3.0, 0.0)], "-1.00"),
    ([(0.0, 0.0), (0.0, 3.0), (3.0, 0.0), (3.0, 3.0)], "0.00"),
    ([(1.0, 2.0), (2.0, 2.0)], "not defined"),
    ([(1.0, 2.0)], "not defined")])
def test_discrimination_is_the_correlation_with_the_rest(scores, expected):
    assert all(row.strip().endswith(expected) for row in part_rows(report(class_of(*scores))))


def test_rounding_is_no_spread_of_points():
    assert (0.0 + 0.1 + 0.2) - 0.0 != (3.0 + 0.1 + 0.2) - 3.0
    rows = part_rows(report(class_of((0.0, 0.1, 0.2), (3.0, 0.1, 0.2))))
    assert rows[0].strip().endswith("not defined")


def test_difficulty_is_the_mean_share():
    rows = part_rows(report(class_of((0.0, 3.0), (1.5, 3.0))))
    assert " 25% " in rows[0] and " 100% " in rows[1]


def test_histogram_counts_everyone_once_and_full_marks_in_the_last_column():
    page = report(class_of((0.0,), (0.3,), (2.9,), (3.0,), (3.0,)))
    label = re.search(r'aria-label="Histogram of total scores\. ([^"]+)"', page)[1]
    counts = [int(n) for n in re.findall(r"points: (\d+)\.", label)]
    assert counts == [1, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert page.count('class="column"') == 3


def test_outcomes_of_a_part_are_counted_and_stacked_to_the_full_width():
    tests = [test_record(), test_record(), test_record("wrong", "No."), test_record("timeout")]
    page = report({"ada": result(tests=tests), "bob": result(tests=tests)})
    assert "passed 4, wrong 2, too slow 2" in part_rows(page)[0]
    first = re.search(r'<svg class="stack".*?</svg>', page)[0]
    assert re.findall(r'class="(o-\w+)" x="([\d.]+)" width="([\d.]+)"', first) == [
        ("o-passed", "0.0", "50.0"), ("o-wrong", "50.0", "25.0"), ("o-timeout", "75.0", "25.0")]


def test_mistakes_are_ranked_by_students():
    def made(*mistakes):
        return result(tests=[test_record("wrong", f"About {m}.", m) for m in mistakes])
    text = text_of(report({"ada": made("rare", "common", "common"), "bob": made("common"),
                           "eve": result()}))
    common, rare = (text.index(f"{m} in The unit {n} of 3 About {m}.")
                    for m, n in (("common", 2), ("rare", 1)))
    assert common < rare


def test_what_needs_a_person_comes_first():
    fault = result(tests=[test_record("grader_fault", fault="KeyError in test_unit.py")])
    page = report({**{f"s{i:02}": fault for i in range(MAX_NAMES + 3)},
                   "eve": result(status="unreadable", reason="the file is empty")})
    text = text_of(page)
    assert text.index("KeyError in test_unit.py") < text.index("eve: the file is empty")
    assert text.index("eve: the file is empty") < text.index("Number of students")
    assert f"({MAX_NAMES + 3} of {MAX_NAMES + 3}: s00, s01," in text
    assert f"s{MAX_NAMES - 1} and 3 more)" in text


def test_stops_are_grouped_by_reason_and_name_each_student_once():
    slow = [test_record("timeout", "Too slow."), test_record("timeout", "Too slow.")]
    text = text_of(report({"ada": result(tests=slow), "bob": result(tests=slow),
                           "eve": result(notes=["Cell 3 was stopped."])}))
    assert "Too slow in: The unit. (2 of 3: ada, bob)" in text
    assert "Cell 3 was stopped. (1 of 3: eve)" in text
    changed = text_of(report({student: result(notes=[
        f"You changed the locked cell `imports`. This was kept, and run: `x = {student}`."])
        for student in ("ada", "eve")}))
    assert "You changed the locked cell `imports`. (2 of 2: ada, eve)" in changed
    assert "x = ada" not in changed
    assert "Slow, stopped" not in text_of(report({"ada": result()}))


def test_links_are_encoded_and_names_show_what_they_hold():
    page = report({'a b/../"x"#\u202e': result()})
    assert 'href="../feedback/a%20b%2F..%2F%22x%22%23%E2%80%AE/hw1.html"' in page
    assert "\u202e" not in page and "\\u202e" in page


def test_a_class_of_unreadable_files_is_a_page_without_charts():
    page = report({"ada": result(status="unreadable", reason="the file is empty")}, ["ada", "bob"])
    assert "<svg" not in page
    assert "ada unreadable" in text_of(page) and "bob nothing to grade" in text_of(page)


def test_the_time_is_shown_where_given():
    results = {"ada": result()}
    assert "Made at noon" in report(results, generated="Made at noon")
    assert report(results) == report(results)


def test_half_a_surrogate_pair_does_not_stop_the_page():
    page = report({"ada": result(tests=[test_record("wrong", "'\ud800'", "odd")])})
    assert b"\\ud800" in page.encode()


def test_a_class_that_writes_as_much_as_it_can_keeps_the_page_small():
    def flood(i):
        return result(notes=[f"{i} {j} " + "n" * 20_000 for j in range(20)],
                      tests=[test_record("crash", f"{i} " + "m" * 20_000, "crash"),
                             test_record("grader_fault", fault="f" * 20_000)])
    page = report({f"s{i:03}": flood(i) for i in range(300)})
    assert len(page) < 1_000_000
    assert "m" * (MAX_MESSAGE - 10) in page and "m" * (MAX_MESSAGE + 1) not in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_is_styled_accessible_and_fits(browser, tmp_path, width, scheme):
    outcomes = "passed", "wrong", "crash", "timeout", "missing", "grader_fault"
    tests = [test_record(o, "Do `this`.", "a-mistake" if o == "wrong" else None)
             for o in outcomes]
    full = {"ada": result(tests=tests, isolation="none", notes=[SCRIPTS[0]]),
            "bob": result((3.0, 1.0)), "eve": result(status="unreadable", reason="x" * 200)}
    path = tmp_path / "report.html"
    path.write_text(report(full, ["zoe"], generated="Made at noon"))
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    assert complaints == []
    assert faults_of(page) == []
    page.close()


def test_changes_since_the_last_report_are_listed():
    last = snapshot({"ada": result((1.0, 1.0)), "bob": result()}, when="1 May 2026, 10:00")
    page = text_of(report({"ada": result(), "bob": result(), "eve": result()},
                          ["ada", "bob", "eve"], before=last))
    assert "Changed since 1 May 2026, 10:00" in page
    assert "ada 2 5 eve - 5 " in page and "bob 5 5" not in page
    assert "Changed since" not in text_of(report({"ada": result()}, ["ada"]))


def test_what_counts_is_told_and_what_it_leaves_open():
    def standing(score, late=0.0, waiting=None):
        return Standing(score, 10.0, {"unit": 3.0, "update": 2.0, "essay": score + late - 5},
                        {"unit": 3.0, "update": 3.0, "essay": 4.0}, {}, 24.0 if late else 0.0,
                        late, waiting or {})
    standings = {"ada": standing(9.0), "bob": standing(4.5, 2.5),
                 "eve": standing(5.0, waiting={"essay": None}), "zoe": standing(8.0)}
    page = render_report("hw1", {s: result() for s in ("ada", "bob", "eve")},
                         {"ada": {"first_name": "Ada", "last_name": "A"}}, standings)
    text = text_of(page)
    for words in ("mean of 10 points 6.2", "mean before lateness 7.0", "wait for a person 1",
                  "1 wait for a person (essay 1)", "lateness took 2.5 points from 1",
                  "came late: bob", "essay 4 75% 2 1 ", "ada Ada A 9 3 3 2 4 0.5",
                  "bob 4.5 3 3 2 2 -2.5", "eve 5 3 3 2 waits"):
        assert words in text, words
    now = snapshot({"bob": result()}, standings)
    assert now["scores"] == {"bob": 4.5}


def test_a_submission_that_takes_much_longer_than_most_is_named():
    results = {f"s{i}": result() for i in range(9)} | {"eve": result(seconds=30.0)}
    page = text_of(report(results, results))
    assert "eve: 30.0 s, where half of the class take 0.5 s or less" in page


def test_similar_pairs_stand_with_their_caveat_where_asked_for():
    results = {"ada": result(), "bob": result()}
    found = {"pairs": [{"a": "ada", "b": "bob", "share": 0.87}], "cut": ["eve"]}
    page = text_of(report(results, similar=found))
    assert "ada and bob: 87% of" in page and "no proof" in page
    assert "Only the beginning of very long code was compared: eve." in page
    assert "Similar pairs" not in text_of(report(results))
    none = text_of(report(results, similar={"pairs": [], "cut": []}))
    assert "No pair shares" in none and "very long code" not in none


def test_kinds_of_faults_and_mistakes_are_counted_most_frequent_first():
    def odd(i):
        return result(tests=[test_record("wrong", "No.", f"mistake-{i:03}"),
                             test_record("grader_fault", fault=f"fault-{i:03}")])
    page = report({f"s{i:03}": odd(max(i, 5)) for i in range(300)})
    for kind in "mistake", "fault":
        assert len(re.findall(rf"{kind}-\d+", page)) == MAX_REASONS
        assert f"{kind}-005" in page and f"{kind}-299" not in page


def test_only_so_much_of_a_message_is_cleaned(monkeypatch):
    lengths = []
    monkeypatch.setattr("autograder.text.UNPRINTABLE", types.SimpleNamespace(
        sub=lambda _, found: lengths.append(len(found)) or found))
    report({"ada": result(tests=[test_record("crash", "\x00" * 10**6)])})
    assert MAX_MESSAGE < max(lengths) < 2 * MAX_MESSAGE
