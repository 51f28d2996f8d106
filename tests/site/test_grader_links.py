"""The sections that feedback sends students to exist."""

import importlib
import re
from pathlib import Path

import pytest

ASSIGNMENTS = sorted(
    path.stem for path in (Path(__file__).parents[2] / "source_solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_section_that_a_mistake_names_is_in_the_book(site, assignment):
    mistakes = importlib.import_module(f"autograder.graders.{assignment}.mistakes").MISTAKES
    named = {mistake.read for known in mistakes.values() for mistake in known}
    assert len(named) >= 5
    for address in named:
        page, anchor = address.split("#")
        assert re.search(rf'id="{re.escape(anchor)}"', (site / page).read_text()), address
