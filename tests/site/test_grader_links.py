"""The sections that feedback sends students to exist."""

import importlib
import re
from pathlib import Path

import nbformat
import pytest

from autograder.term import handout

ASSIGNMENTS = sorted(
    path.stem for path in (Path(__file__).parents[2] / "source_solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_section_that_a_mistake_names_is_in_the_book(site, assignment):
    mistakes = importlib.import_module(f"autograder.graders.{assignment}.mistakes").MISTAKES
    named = {mistake.read for known in mistakes.values() for mistake in known}
    assert len(named) >= 4
    for address in named:
        page, anchor = address.split("#")
        assert re.search(rf'id="{re.escape(anchor)}"', (site / page).read_text()), address


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_page_and_section_to_which_a_notebook_links_is_in_the_book(site, assignment):
    path = Path(__file__).parents[2] / "source_solutions" / assignment / f"{assignment}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    handout.give_address(notebook, assignment, "https://example.org/book")
    links = re.findall(r"\]\(https://example\.org/book/([^)#]+)#?([^)]*)\)", "\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "markdown"))
    assert len(links) > 6
    for page, anchor in links:
        text = (site / page).read_text()
        assert not anchor or re.search(rf'id="{re.escape(anchor)}"', text), (page, anchor)
    (fetched,) = re.findall(r"^    %pip install --quiet https://example\.org/book/(.+)$",
                            "\n".join(cell.source for cell in notebook.cells), re.MULTILINE)
    assert (site / fetched).is_file()
