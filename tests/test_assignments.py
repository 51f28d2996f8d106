"""The assignments as notebooks: the source runs through, the released version asks for work."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.preprocessors import ClearHiddenTests

PROJECT = Path(__file__).parents[1]
NAMES = sorted(path.stem for path in (PROJECT / "source_solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("name", NAMES)
def test_the_source_runs_from_top_to_bottom(name, tmp_path):
    notebook = nbformat.read(PROJECT / "source_solutions" / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    notebook, _ = ClearHiddenTests().preprocess(notebook, {})
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    graded = [c for c in notebook.cells if c.metadata.nbgrader.get("grade")]
    said = ["".join(o.text for o in c.outputs if o.output_type == "stream") for c in graded]
    assert all(said) and len(said) >= 5  # every visible check has praised its function
    pictures = [o for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    assert len(pictures) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_kept_without_outputs_and_with_unique_names(name):
    notebook = nbformat.read(PROJECT / "source_solutions" / name / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", NAMES)
def test_the_released_notebook_asks_for_every_solution(name):
    released = nbformat.read(PROJECT / "assignments" / name / f"{name}.ipynb", as_version=4)
    solutions = [c for c in released.cells if c.metadata.nbgrader.get("solution")]
    assert len(solutions) >= 5
    for cell in solutions:
        assert "raise NotImplementedError()" in cell.source and '"""' in cell.source
