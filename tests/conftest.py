"""Shared by all tests: where the project is, and what this machine can do."""

from pathlib import Path

import pytest

from autograder.isolation import bubblewrap_problem


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's top folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def isolation() -> str:
    """The isolation that grading tests use: bubblewrap wherever it runs."""
    return "none" if bubblewrap_problem() else "bubblewrap"


@pytest.fixture
def bubblewrap() -> str:
    """Skip where bubblewrap cannot make a sandbox: the test is about isolation itself."""
    if bubblewrap_problem():
        pytest.skip(bubblewrap_problem())
    return "bubblewrap"
