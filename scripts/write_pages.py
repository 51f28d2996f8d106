"""Write the website's pages, and its chapters as notebooks to take along: ``write_pages.py WORK``.

Called by build_book.py: the pages come into WORK/html, and the notebooks into its folder _sources.
Of these there are two editions: the full one, and one without solutions and answers in the folder
exercises (they are taken out in ``book/_ext/nnbook.py``). Both are written at the same time, by
forks of the process that wrote the pages: what Sphinx imports takes seconds.
"""

import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import autograder  # noqa: F401  # before what imports jsonschema: decision 30

# isort: split
import nbformat
import yaml
from jupyter_book.sphinx import build_sphinx

from autograder.grading.closure import uses

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from nnbook import MACROS  # noqa: E402

_MACRO = re.compile(r"\\(" + "|".join(name[1:] for name in MACROS) + r")(?![A-Za-z])")
_MARK = re.compile(r"\\(?:term|shapeof\{[^{}]*\})\{([^{}]*)\}")
_EXERCISE = re.compile(r"^##  \((.*)\)(Exercise [\d.]+)$", re.M)

#: What some chapters import and `nncourse` does not bring along, since it is large.
LARGE = ("torch",)

SETUP = """\
try:
    import {imported}
except ModuleNotFoundError:  # as on Colab
    %pip install --quiet "nncourse @ git+{url}#subdirectory=nncourse"{more}"""

#: For readers of a book whose repository has no address from which its library could be fetched.
TO_INSTALL = """\
*To run this notebook, first install what it imports, from a copy of the course's repository:*

```bash
pip install ./nncourse{more}
```"""


def main() -> int:
    """Write the pages and both editions."""
    work = Path(sys.argv[1])
    if read_and_write("html", work / "html", warningiserror=True, keep_going=True):
        return 1
    out = work / "html" / "_sources"
    with ProcessPoolExecutor() as pool:
        editions = [pool.submit(write_notebooks, work, "full", out),
                    pool.submit(write_notebooks, work, "exercises", out / "exercises")]
        return max(edition.result() for edition in editions)


def read_and_write(builder: str, out: Path, **options) -> int | Exception:
    """Read the chapters that have changed, and write all into OUT; not 0 where that fails.

    What was read lies beside OUT, for whatever is written there; with other settings Sphinx would
    read all pages again. Those here are the ones of `jupyter-book build`.
    """
    same = {"external_toc_path": str(ROOT / "_toc.yml"), "nitpicky": True,
            "latex_individualpages": False}
    return build_sphinx(ROOT / "book", out, builder=builder, noconfig=True,
                        path_config=ROOT / "_config.yml", confoverrides=same, **options)


def write_notebooks(work: Path, edition: str, out: Path) -> int:
    """Write each chapter that is newer than its notebook to WORK, and from there to OUT."""
    os.environ["NNCOURSE_EDITION"] = edition
    try:
        failed = read_and_write("jupyter", work / edition)
    except SystemExit as end:  # the way in which this builder ends
        failed = end.code
    if failed:
        return 1
    repository = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]
    for path in sorted((work / edition).rglob("*.ipynb")):
        name = path.relative_to(work / edition)
        written = out / name
        if written.is_file() and written.stat().st_mtime > path.stat().st_mtime:
            continue
        notebook = nbformat.read(path, as_version=4)
        finish(notebook, repository)
        written.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, written)
    return 0


def finish(notebook, repository: dict) -> None:
    """Make it the same at each build, readable by any front end, and able to find the course.

    The second cell fetches what the code imports, or tells the reader how to.
    """
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.cell_type == "markdown":
            text = _EXERCISE.sub(r"### \2: \1", cell.source)
            text = re.sub(r"^## Solution$", "### Solution", text, flags=re.M)
            # a front end knows LaTeX, but not the book's short names
            text = _MARK.sub(r"\1", text)
            cell.source = _MACRO.sub(lambda found: MACROS["\\" + found[1]], text)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    large = [name for name in LARGE if uses(name, code)]
    more = "".join(f" {name}" for name in large)
    if code and repository["url"]:
        setup = SETUP.format(url=repository["url"], more=more, imported=", ".join(
            ["nncourse", *large]))
        notebook.cells.insert(1, nbformat.v4.new_code_cell(setup))
    elif code:
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(TO_INSTALL.format(more=more)))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    notebook.metadata.clear()
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}


if __name__ == "__main__":
    sys.exit(main())
