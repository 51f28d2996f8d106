"""What students get of an assignment: its released notebook beside the library it imports."""

import io
import zipfile
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebook import read

PROJECT = Path(__file__).resolve().parents[1]
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
README = """\
{title}

1. Install Python 3.11 or newer, and once:  pip install jupyterlab numpy matplotlib torch pooch tqdm
2. In this folder:  jupyter lab {name}.ipynb
3. Hand in {name}.ipynb, with this name.
"""


def title(notebook: NotebookNode) -> str:
    """The heading of the notebook."""
    return notebook.cells[0].source.partition("\n")[0].lstrip("# ")


def pack(name: str, raw: bytes) -> bytes:
    """A zip with one folder: notebook, library and a short README; it runs where it is unpacked."""
    library = PROJECT / "nncourse"
    files = {f"{name}.ipynb": raw, "README.txt": README.format(
        name=name, title=title(read(raw))).encode()}
    for path in sorted(library.rglob("*.py")):
        if not {"build", "__pycache__"} & set(path.parts):
            files[f"nncourse/{path.relative_to(library).as_posix()}"] = path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(f"{name}/{path}", WRITTEN)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
