"""Puts this folder's toy assignment on the import path, for the tests and for their workers."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import ta
import toy

collect_ignore = ["toy_graders"]  # hidden tests: the engine runs them


@pytest.fixture
def toy_assignment(tmp_path):
    """The toy assignment, its source notebook below tmp_path."""
    return toy.assignment(tmp_path)


@pytest.fixture(scope="session")
def unsafe(isolation) -> list[str]:
    """The option that grading needs where there is no isolation."""
    return ["--unsafe"] if isolation == "none" else []


@pytest.fixture(scope="session")
def make_course(tmp_path_factory):
    """A function that makes a course folder with the given sample students (all by default)."""
    released = ta.make_course(tmp_path_factory.mktemp("released") / "course", "hw1_perceptron")

    def make(students=None):
        course = tmp_path_factory.mktemp("course") / "course"
        shutil.copytree(released, course)
        for folder in (course / "submitted").iterdir():
            if students is not None and folder.name not in students:
                shutil.rmtree(folder)
        return course

    return make
