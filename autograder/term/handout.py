"""What students get of an assignment: its released notebook beside the library it imports."""

import importlib.metadata
import io
import zipfile
from pathlib import Path

from nbformat import NotebookNode
from packaging.requirements import Requirement

from autograder.errors import AutograderError
from autograder.grading.closure import package_folder, uses
from autograder.grading.notebook import code_to_run, read

LIBRARY = "nncourse"
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
README = """\
{title}

1. Install Python 3.11 or newer, and once:  pip install {packages}
2. In this folder:  jupyter lab {name}.ipynb
3. Hand in {name}.ipynb, with this name.
"""


def title(notebook: NotebookNode) -> str:
    """The heading of the notebook."""
    return notebook.cells[0].source.partition("\n")[0].lstrip("# ")


def pack(name: str, raw: bytes) -> bytes:
    """A zip with one folder: notebook, library and a short README; it runs where it is unpacked.

    Raises
    ------
    AutograderError
        The library is not installed, so that nobody knows what it asks for.
    """
    notebook = read(raw)
    packages = ["jupyterlab", *(one.name for one in required(LIBRARY))]
    if uses("torch", code_to_run(notebook).values()):
        packages.append("torch")
    files = {f"{name}.ipynb": raw, "README.txt": README.format(
        name=name, title=title(notebook), packages=" ".join(packages)).encode()}
    for place, path in library().items():
        files[place] = path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(f"{name}/{path}", WRITTEN)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def library() -> dict[str, Path]:
    """The modules of the students' library, by their place below the folder that holds it."""
    folder = package_folder(LIBRARY)
    return {f"{LIBRARY}/{path.relative_to(folder).as_posix()}": path
            for path in sorted(folder.rglob("*.py")) if "build" not in path.parts}


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
