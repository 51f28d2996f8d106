"""A small class of the toy assignment, graded once undisturbed and then under faults."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
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

    def __init__(self, root: Path, isolation: str):
        self.root = root
        self.unsafe = ["--unsafe"] if isolation == "none" else []

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
        done = self.run(self.grade_command("--json"))
        assert done.returncode == 0, done.stderr
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
    course = Class(tmp_path_factory.mktemp("class"), isolation)
    toy.write_course(course.root)
    for student, cells in STUDENTS.items():
        toy.submit(course.root, student, toy.as_bytes(toy.source(**cells)))
    assert course.run(course.command("release", "toy")).returncode == 0
    return course


@pytest.fixture
def fresh(released, tmp_path, isolation):
    """A function that returns one more copy of the class, ungraded."""
    def make() -> Class:
        root = tmp_path / f"course{len(list(tmp_path.iterdir()))}"
        shutil.copytree(released.root, root)
        return Class(root, isolation)
    return make


@pytest.fixture(scope="session")
def undisturbed(released, tmp_path_factory, isolation) -> tuple[dict, dict]:
    """Results and gradebook of a run that nothing disturbs."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(released.root, root)
    course = Class(root, isolation)
    return course.results(), course.scores()
