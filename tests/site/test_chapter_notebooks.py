"""The chapters' notebooks, as readers download them, in an environment with `nncourse` only."""

import importlib
import re
import shutil
import sys

import nbformat
import pytest
from elsewhere import INSTALLED_AS, Elsewhere, install
from nbclient import NotebookClient
from thorough import THOROUGH

from autograder.grading.closure import imports
from autograder.term import handout

EDITIONS = ("", "exercises")
#: A chapter of each kind for each edition; `make thorough` runs all.
SAMPLE = {
    "part1/stability": "",  # a recorded run
    "part1/likelihood": "exercises",  # a recorded run, and a stand-in for data
    "part4/browser": "exercises",  # PyTorch, and output that is a page of its own
}
WITH_JUPYTER = {"IPython"}
NOBODY = "http://127.0.0.1:9"  # as a proxy: there is no network
WHENCE = "import nncourse\nprint(nncourse.__file__)"
#: What the second cell tells the reader to install, or installs, beside the library.
INSTALLS = re.compile(r'(?:^pip install \./nncourse|#subdirectory=nncourse")(.*)$', re.M)
DELIMITER = re.compile(r"\|?( *:?-+:? *\|)* *:?-+:? *\|?")
#: A block of code or a displayed formula, in which a line may begin with a bar.
BLOCK = re.compile(r"^ *(`{3,}|~{3,}).*?^ *\1[`~]*$|\$\$.*?\$\$", re.M | re.S)


@pytest.fixture(scope="session")
def libraries(project, tmp_path_factory):
    """For each edition a Python that finds `nncourse` where its readers have installed it.

    Readers of one have installed the repository's folder, classes the zip of an assignment.
    """
    base = tmp_path_factory.mktemp("readers")
    shutil.copytree(project / "nncourse", base / "repository" / "nncourse",
                    ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    assignment = project / "assignments" / "hw1_perceptron" / "hw1_perceptron.ipynb"
    (base / "hw1.zip").write_bytes(handout.pack(assignment.stem, assignment.read_bytes()))
    shutil.unpack_archive(base / "hw1.zip", base)
    found = {}
    for edition, folder in {"": base / "repository" / "nncourse",
                            "exercises": base / assignment.stem}.items():
        site = base / f"site{edition}"
        install(site, folder)
        found[edition] = library = Elsewhere(site, base / f"scratch{edition}")
        for name in ("NNCOURSE_DATA", "NNCOURSE_WEBSITE"):
            library.environment.pop(name, None)
        library.environment |= {"XDG_CACHE_HOME": str(base / "cache"), "http_proxy": NOBODY,
                                "https_proxy": NOBODY, "IPYTHONDIR": str(base / "ipython")}
    return found


@pytest.fixture
def notebooks(site, page_name):
    """Both editions of a page, none where it has no code."""
    paths = {edition: site / "_sources" / edition / f"{page_name}.ipynb" for edition in EDITIONS}
    found = {edition: nbformat.read(path, as_version=4) for edition, path in paths.items()
             if path.is_file()}
    return {edition: notebook for edition, notebook in found.items() if code_of(notebook)}


def code_of(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("edition", EDITIONS, ids=["full", "exercises"])
def test_a_chapter_runs_from_its_first_cell_to_its_last(
        notebooks, page_name, edition, libraries, tmp_path):
    if not (THOROUGH or SAMPLE.get(page_name) == edition):
        pytest.skip("make thorough runs it")
    if edition not in notebooks:
        return
    library, notebook = libraries[edition], notebooks[edition]
    notebook.cells.append(nbformat.v4.new_code_cell(WHENCE))
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}
                   ).execute(env=library.environment)
    *own, whence = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert any(cell.outputs for cell in own)
    assert whence.outputs[0].text.strip() == str(library.folder / "nncourse" / "__init__.py")


def test_every_recorded_run_of_a_chapter_comes_with_the_library(notebooks, libraries):
    for edition, notebook in notebooks.items():
        folder = libraries[edition].folder / "nncourse" / "results"
        names = re.findall(r"""\brecorded\(\s*["'](\w+)["']""", "\n".join(code_of(notebook)))
        assert [name for name in names if not (folder / f"{name}.json").is_file()] == []


def test_a_notebook_says_how_to_install_all_that_it_imports_and_no_more(notebooks):
    declared = {one.name for one in handout.required(handout.LIBRARY)}
    for notebook in notebooks.values():
        imported = {name.partition(".")[0] for source in code_of(notebook)
                    for name in imports(source)} - WITH_JUPYTER - sys.stdlib_module_names
        needed = {INSTALLED_AS.get(name, name) for name in imported - {handout.LIBRARY}}
        assert needed - declared == set(INSTALLS.search(notebook.cells[1].source)[1].split())


def test_the_edition_without_solutions_has_the_same_code(notebooks):
    assert not notebooks or code_of(notebooks[""]) == code_of(notebooks["exercises"])


def test_with_an_address_the_first_cell_fetches_what_is_missing():
    write_pages = importlib.import_module("write_pages")
    cells = [nbformat.v4.new_markdown_cell("# Kernels"), nbformat.v4.new_code_cell("import torch")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    write_pages.finish(notebook, {"url": "https://example.org/course"})
    first = code_of(notebook)[0]
    assert "import nncourse, torch\n" in first
    assert first.endswith('git+https://example.org/course#subdirectory=nncourse" torch')


def broken_tables(markdown: str) -> list[str]:
    """The lines of a table that a front end would show as text, or with other columns."""
    wrong, columns, before = [], 0, ""  # the columns of the table that a line belongs to
    for line in BLOCK.sub("", markdown).split("\n"):
        line = line.lstrip(" >")
        if columns:
            columns = columns if line else 0
            wrong += [line] if line and count(line) != columns else []
        elif "|" in line and DELIMITER.fullmatch(line.rstrip()):
            columns = count(line)
            wrong += [before] if count(before) != columns else []
        elif before.startswith("|"):
            wrong.append(before)  # nothing below it makes it a header
        before = "" if columns else line
    return wrong + ([before] if before.startswith("|") else [])


def count(row: str) -> int:
    """The cells of a row; bars end them in code and formulas, too, unless a backslash is there."""
    return len(re.split(r"(?<!\\)\|", re.sub(r"^\||(?<!\\)\|$", "", row.rstrip())))


@pytest.mark.parametrize("table, wrong", [
    ("| a | b |\n|---|:-:|\n| 1 | `x \\| y` |\n\ntext | text", []),
    ("a | b\n--|--\n1 | 2", []),
    ("| a | b |\n|---|\n| 1 | 2 |", ["| a | b |", "| 1 | 2 |"]),
    ("| a | b |\n|---|---|\n| 1 |\n| $|x|$ | 2 |\ntext", ["| 1 |", "| $|x|$ | 2 |", "text"]),
    ("| a | b |\n\n|---|---|\n| 1 | 2 |", ["| a | b |", ""]),
    ("```\n| a | b |\n```\n\n$$\n|x|\n$$\n\n| a | b |", ["| a | b |"]),
])
def test_broken_tables_are_seen(table, wrong):
    assert broken_tables(table) == wrong


def test_every_table_of_a_notebook_is_one(notebooks):
    assert [line for notebook in notebooks.values() for cell in notebook.cells
            if cell.cell_type == "markdown" for line in broken_tables(cell.source)] == []
