"""A grader is corrected: who changes is shown first, and what a person decided stays."""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import nbgrader.api
import pytest
import ta
import toy
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from autograder.gradebook import preprocessors, recorder

RIGHT = toy.as_bytes(toy.source())
SQUARED = toy.as_bytes(toy.source(double="def double(x):\n    return x ** 2"))


@pytest.fixture(scope="module")
def course(tmp_path_factory, unsafe):
    """A graded class of three, and a copy of the toy graders that the last test changes."""
    tmp_path = tmp_path_factory.mktemp("regrade")
    toy.write_course(tmp_path, own="own_graders")
    for student, raw in (("ada", RIGHT), ("bob", SQUARED), ("zoe", RIGHT)):
        toy.submit(tmp_path, student, raw)
    ta.autograder(tmp_path, "release", "toy")
    ta.autograder(tmp_path, "grade", "toy", *unsafe)
    return tmp_path


def test_a_new_gradebook_is_of_the_version_that_nbgrader_writes(monkeypatch):
    scripts = os.path.dirname(sys.executable)  # where nbgrader finds the program `alembic`
    monkeypatch.setenv("PATH", scripts, prepend=os.pathsep)
    told = ta.run("-c", "import nbgrader.api; print(nbgrader.api.get_alembic_version())", cwd=".")
    assert nbgrader.api.get_alembic_version is recorder.newest_version
    assert recorder.newest_version() == told.stdout.strip()


def grade(course, *options):
    return json.loads(ta.autograder(course, "grade", "toy", "--json", *options).stdout)


def points(course) -> dict:
    return {s: sum(parts.values()) for s, parts in ta.gradebook_scores(course, "toy").items()}


def test_the_source_is_read_once_for_a_class_and_again_when_it_changes(tmp_path):
    toy.write_course(tmp_path)
    (source,) = tmp_path.glob("source*/toy/toy.ipynb")

    def read(**points):
        return preprocessors._assignment("toy", source, "toy_graders", points)

    first = read()
    assert read() is first
    assert read(double=7).source != first.source
    source.write_bytes(source.read_bytes() + b"\n")
    assert read() is not first
    source.unlink()
    with pytest.raises(NbGraderException, match="cannot be read"):
        read()


def test_ctrl_c_waits_until_a_grade_is_recorded():
    done = []

    def interrupted():
        with recorder._uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("recorded")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["recorded"]


def test_outside_of_the_main_thread_ctrl_c_is_somebody_elses():
    def record():
        with recorder._uninterrupted():
            return "recorded"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(record).result() == "recorded"


def test_one_part_is_tested_and_nothing_recorded(course, unsafe):
    stored = sorted((course / ".autograder").rglob("*.json"))
    done = grade(course, "--cell", "split", "--student", "bob", *unsafe)
    (outcome,) = done["outcomes"]
    assert [p["name"] for p in outcome["result"]["parts"]] == ["split"]
    assert outcome["result"]["score"] == outcome["result"]["max_score"] == 2
    assert sorted((course / ".autograder").rglob("*.json")) == stored
    done = ta.autograder(course, "grade", "toy", "--cell", "triple", *unsafe, fine=(2,))
    assert "there are: double, split" in done.stderr


def test_the_same_file_from_two_students_is_graded_once(course, unsafe):
    outcomes = grade(course, *unsafe)["outcomes"]
    assert len({str(o["result"]) for o in outcomes}) == 2
    assert len(list((course / ".autograder" / "results").rglob("*.json"))) == 2


def test_who_changes_is_shown_before_anything_is_written(course, unsafe):
    assert points(course) == {"ada": 5, "bob": 2, "zoe": 5}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:  # what the formgrader does
        gradebook.find_grade("double", "toy", "toy", "zoe").manual_score = 2.5
        gradebook.find_comment("double_solution", "toy", "toy", "zoe").manual_comment = "A <b>!"
        gradebook.db.commit()
    reference = course / "own" / "own_graders" / "toy" / "reference.py"
    reference.write_text(reference.read_text().replace("return 2 *", "return 3 *"))
    expected = {"ada": {"double": [3, 0]}, "zoe": {"double": [3, 0]}}
    text = ta.autograder(course, "grade", "toy", "--preview", *unsafe).stdout
    assert "points that would change" in text and "nothing was recorded" in text
    assert grade(course, "--preview", *unsafe)["changes"] == expected
    assert points(course) == {"ada": 5, "bob": 2, "zoe": 5}
    done = grade(course, *unsafe)
    assert done["changes"] == expected and all(o["reused"] for o in done["outcomes"])
    assert points(course) == {"ada": 2, "bob": 2, "zoe": 2}
    ta.autograder(course, "export", "toy", *unsafe)
    rows = {row["student_id"]: row["score"]
            for row in json.loads((course / "exports" / "toy.json").read_text())}
    assert rows == {"ada": 2, "bob": 2, "zoe": 4.5}  # the points given by hand survive
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:  # and wait for nobody
        assert not gradebook.find_grade("double", "toy", "toy", "zoe").needs_manual_grade
    ta.autograder(course, "feedback", "toy", *unsafe)
    page = (course / "feedback" / "zoe" / "toy.html").read_text()
    assert "4.5 of 5 points" in page and "Doubling: 2.5 of 3 points" in page
    assert "A &lt;b&gt;!" in page
    assert grade(course, "--preview", *unsafe)["changes"] == {}
