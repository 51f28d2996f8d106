"""Puts this folder's toy assignment on the import path, for the tests and for their workers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import toy

collect_ignore = ["toy_graders"]  # hidden tests: the engine runs them


@pytest.fixture
def toy_assignment(tmp_path):
    """The toy assignment, its source notebook below tmp_path."""
    return toy.assignment(tmp_path)
