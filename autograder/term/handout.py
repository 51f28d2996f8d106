"""What students get of an assignment: its released notebook beside the library it imports."""

import functools
import importlib.metadata
import io
import json
import re
import textwrap
import zipfile
from pathlib import Path

from nbformat import NotebookNode
from packaging.requirements import Requirement

from autograder.errors import AutograderError
from autograder.grading.closure import package_folder, uses
from autograder.grading.notebook import code_to_run, read

LIBRARY = "nncourse"
FOLDER = "_assignments"  # of the website, with notebooks and zips
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
# from the unpacked zip to the open notebook; without activating, which PowerShell may refuse
STEPS = {
    "Linux and macOS": ("python3 -m venv venv", "venv/bin/pip install jupyterlab .",
                        "venv/bin/jupyter lab {name}.ipynb"),
    "Windows": ("py -m venv venv", r"venv\Scripts\pip install jupyterlab .",
                r"venv\Scripts\jupyter lab {name}.ipynb")}
README = """\
{title}

You need Python 3.11 or newer (on Debian and Ubuntu also its package python3-venv). In this folder:

{steps}

The first two lines are for the first time only, the third opens the notebook.
Hand in {name}.ipynb, with this name.
"""
PROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "{library}"
version = "{version}"
requires-python = "{python}"
dependencies = {dependencies}

[tool.setuptools]
packages = {packages}

[tool.setuptools.package-data]
{library} = {data}
"""

IMPORTS = "imports"  # the grade_id of the cell that comes first
# in that cell: the one sentence where the library is missing and nobody knows whence to fetch it
MISSING = re.compile(r"raise ModuleNotFoundError\(.*?\) from None", re.DOTALL)
PAGE = re.compile(r"`((?:\w+/)*\w+\.html)`")
NAMED_PAGE = re.compile(r"\*([^*]+)\*\s+\(`([^`]+\.html)`\)")
TO_READ = re.compile(r"\bBook: (.+?)\.\*$", re.MULTILINE)
SECTION = re.compile(r'"([^"]+)"')


def title(notebook: NotebookNode) -> str:
    """The heading of the notebook."""
    return notebook.cells[0].source.partition("\n")[0].lstrip("# ")


def steps(system: str, name: str, indent: int = 0) -> str:
    """What to type on that system, a line each."""
    return textwrap.indent("\n".join(STEPS[system]).format(name=name), " " * indent)


def pack(name: str, raw: bytes) -> bytes:
    """A zip with one folder: notebook, library and a README; `pip install .` there does the rest.

    Raises
    ------
    AutograderError
        The library is not installed, so that nobody knows what it asks for.
    """
    notebook, files = read(raw), {place: path.read_bytes() for place, path in library().items()}
    needed = [str(one) for one in required(LIBRARY)]
    if uses("torch", code_to_run(notebook).values()):
        needed.append("torch")
    packages = sorted({place.rpartition("/")[0].replace("/", ".") for place in files
                       if place.endswith(".py")})
    data = sorted(place.removeprefix(f"{LIBRARY}/") for place in files
                  if not place.endswith(".py"))
    about = importlib.metadata.metadata(LIBRARY)
    files |= {
        f"{name}.ipynb": raw,
        "README.txt": README.format(name=name, title=title(notebook), steps="\n\n".join(
            f"{system}:\n\n{steps(system, name, indent=4)}" for system in STEPS)).encode(),
        "pyproject.toml": PROJECT.format(
            library=LIBRARY, version=about["Version"], python=about["Requires-Python"],
            dependencies=json.dumps(needed), packages=json.dumps(packages),
            data=json.dumps(data)).encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(f"{name}/{path}", WRITTEN)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def give_address(notebook: NotebookNode, name: str, book: str) -> None:
    """Link pages and sections of the book, and let the first cell fetch a missing library.

    Parameters
    ----------
    name : the assignment's, whose zip the website has
    book : the website's address
    """
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    pages = {" ".join(page.split()): path for cell in texts
             for page, path in NAMED_PAGE.findall(cell.source)}

    def sections(match: re.Match[str]) -> str:
        found = []
        for reading in match[1].split("; "):
            path = pages.get(reading.partition(", section")[0])
            found.append(reading if path is None else SECTION.sub(
                functools.partial(_linked, f"{book}/{path}"), reading))
        return f"Book: {'; '.join(found)}.*"

    for cell in texts:
        cell.source = TO_READ.sub(sections, cell.source)
        cell.source = PAGE.sub(rf"[`\1`]({book}/\1)", cell.source)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == IMPORTS:
            cell.source = MISSING.sub(f"%pip install --quiet {book}/{FOLDER}/{name}.zip",
                                      cell.source)


def _linked(address: str, section: re.Match[str]) -> str:
    """A section's heading as a link, given its page's address."""
    return f"[{section[0]}]({address}#{anchor(section[1])})"


def anchor(heading: str) -> str:
    """How the website calls the section with that heading."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def library() -> dict[str, Path]:
    """The files of the students' library, by their place below the folder that holds it.

    The recorded runs are among them: whoever has installed the library can run the book's chapters.
    """
    folder = package_folder(LIBRARY)
    places = {path.relative_to(folder): path
              for pattern in ("*.py", "results/*.json") for path in folder.rglob(pattern)}
    return {f"{LIBRARY}/{place.as_posix()}": path for place, path in sorted(places.items())
            if "build" not in place.parts}


def required(distribution: str) -> list[Requirement]:
    """What an installed package of ours asks for on Linux, without its extras.

    Raises
    ------
    AutograderError
        It is not installed.
    """
    try:
        wanted = map(Requirement, importlib.metadata.requires(distribution) or ())
    except importlib.metadata.PackageNotFoundError:
        raise AutograderError(f"the package {distribution} is not installed: run pip install "
                              "./nncourse ./autograder") from None
    return [one for one in wanted if one.marker is None or one.marker.evaluate(
        {"sys_platform": "linux", "extra": ""})]
