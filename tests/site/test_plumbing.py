"""Code that serves only the page is not shown to its readers; all else is."""

import ast
import html
import importlib
import re

import nbformat
import pytest

CELL = re.compile(r"^(`{3,})\{code-cell\}.*?\n(.*?)^\1\s*$", re.DOTALL | re.MULTILINE)

CALL = re.compile(r"\bnumber\(f?[\"']")
ELSE = "else:\n    print(a)"


@pytest.fixture
def shown(project, monkeypatch):
    monkeypatch.syspath_prepend(str(project / "book" / "_ext"))
    return importlib.import_module("nnplumbing").without_plumbing


@pytest.mark.parametrize("source, expected", [
    ("x = 1  # one\nnumber('x', x)", "x = 1  # one"),
    ("number('x',\n       1,\n       '.2f')\ny = 2", "y = 2"),
    ("for a in (1, 2):\n    # a remark\n    number(f'{a}', a)\nz = 1", "z = 1"),
    ("for a in b:\n    c = a\n    number('c', c)\nprint(c)", "for a in b:\n    c = a\nprint(c)"),
    (f"if a:\n    number('a', a)\n{ELSE}", f"if a:\n    number('a', a)\n{ELSE}"),
    ("from nncourse.page import number", ""),
    ("from nncourse.page import number, recorded\nrecorded('r')",
     "from nncourse.page import recorded\nrecorded('r')"),
    ("%matplotlib inline\nnumber('x', 1)", "%matplotlib inline\nnumber('x', 1)"),
    ("numbers(1)\nx.number(2)\nnumber_of = 3", "numbers(1)\nx.number(2)\nnumber_of = 3"),
])
def test_what_is_shown(shown, source, expected):
    assert shown(source) == expected


def test_no_chapter_keeps_any_and_all_code_still_compiles(shown, project):
    cells = 0
    for page in (project / "book").rglob("*.md"):
        for _, cell in CELL.findall(page.read_text(encoding="utf-8")):
            source = "\n".join(line for line in cell.split("\n") if not line.startswith(":"))
            left = shown(source)
            assert "number" not in {name.id for name in ast.walk(ast.parse(left))
                                    if isinstance(name, ast.Name)}, page.name
            assert left.strip() and not CALL.search(left), (page.name, left)
            cells += 1
    assert cells > 300


def test_pages_and_notebooks_show_none(site, page_names):
    notebooks = 0
    for name in page_names:
        page = re.sub(r"<[^>]+>", "", (site / f"{name}.html").read_text(encoding="utf-8"))
        assert not CALL.search(html.unescape(page)), name
        for edition in "_sources", "_sources/exercises":
            path = site / edition / f"{name}.ipynb"
            if path.exists():
                cells = nbformat.read(path, as_version=4).cells
                assert not any(CALL.search(cell.source) for cell in cells), path
                notebooks += 1
    assert notebooks > 70
