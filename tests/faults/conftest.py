"""A small class of the toy assignment, graded once undisturbed and then under faults."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import ta
from nbgrader.api import Gradebook

from autograder.grading.grade import without_times

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "autograder"))

import toy

STUDENTS = {
    "ada": {},
    "blaise": {"double": "def double(x):\n    return x + 2"},
    "carl": {"double": "def double(x):\n    import os; os._exit(0)"},
    "dorothy": {"split": "def split(x):\n    return None"},
    "emmy": {"double": "import time; time.sleep(1)\n" + toy.DOUBLE},
    "felix": {"double": "raise ValueError", "split": "import os; os._exit(1)"},
    "grace": {"double": "import threading\nevent = threading.Event()\n"
                        "threading.Thread(target=event.wait, daemon=True).start()\n"
                        "def double(x):\n    return x * twice",
              "split": "twice = 2\ndef split(x):\n    return np.sum(x), np.mean(x)"},
}


class Class:
    """A course of its own in `root`, and the commands of a TA."""

    def __init__(self, root: Path, unsafe: list[str]):
        self.root, self.unsafe = root, unsafe

    def copy(self, root: Path) -> "Class":
        """The same course in another folder."""
        shutil.copytree(self.root, root)
        return Class(root, self.unsafe)

    def command(self, *arguments) -> list[str]:
        return [sys.executable, "-m", "autograder", "--root", str(self.root), *arguments]

    def grade_command(self, *more) -> list[str]:
        return self.command("grade", "toy", *more, *self.unsafe)

    def run(self, command, prefix=(), **env):
        """The ended command; it may fail, but never with a traceback."""
        done = subprocess.run([*prefix, *command], capture_output=True, text=True, check=False,
                              env=os.environ | env)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def results(self) -> dict:
        """What a run to the end leaves: each student's points and what they are told."""
        done = ta.autograder(self.root, "grade", "toy", "--json", *self.unsafe)
        assert "Traceback" not in done.stderr
        outcomes = json.loads(done.stdout)["outcomes"]
        return {o["student"]: without_times(o["result"]) for o in outcomes}

    def scores(self) -> dict:
        """Every score of the gradebook by student and part."""
        with Gradebook(f"sqlite:///{self.root}/gradebook.db") as gradebook:
            return {s.student_id: [(g.name, g.auto_score, g.manual_score, g.extra_credit)
                                   for n in s.notebooks for g in n.grades]
                    for s in gradebook.assignment_submissions("toy")}


@pytest.fixture
def toy_assignment(tmp_path):
    """The toy assignment by itself."""
    return toy.assignment(tmp_path)


@pytest.fixture(scope="session")
def released(tmp_path_factory, isolation) -> Class:
    """The class before anything is graded; copy it with `fresh`."""
    course = Class(tmp_path_factory.mktemp("class"),
                   ["--unsafe"] if isolation == "none" else [])
    toy.write_course(course.root)
    for student, cells in STUDENTS.items():
        toy.submit(course.root, student, toy.as_bytes(toy.source(**cells)))
    assert course.run(course.command("release", "toy")).returncode == 0
    return course


@pytest.fixture(scope="session")
def graded(released, tmp_path_factory) -> Class:
    """The class with its results, before any is recorded; copy it with `unrecorded`."""
    course = released.copy(tmp_path_factory.mktemp("graded") / "course")
    assert course.run(course.grade_command("--preview")).returncode == 0
    return course


@pytest.fixture
def fresh(released, tmp_path):
    """A function that returns one more copy of the class, ungraded."""
    return lambda: released.copy(tmp_path / f"course{len(list(tmp_path.iterdir()))}")


@pytest.fixture
def unrecorded(graded, tmp_path) -> Class:
    """A copy of the graded class: what is left to do is to record."""
    return graded.copy(tmp_path / "unrecorded")


@pytest.fixture(scope="session")
def undisturbed(graded, tmp_path_factory) -> tuple[dict, dict]:
    """Results and gradebook of a run that nothing disturbs."""
    course = graded.copy(tmp_path_factory.mktemp("undisturbed") / "course")
    return course.results(), course.scores()
