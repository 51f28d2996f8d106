"""What every sandbox holds: the worker's files and its environment."""

import importlib.util
import sys
from pathlib import Path

from autograder.errors import AutograderError
from autograder.paths import ENGINE

INSIDE = Path("/course")  # what the sandbox sees of the project: nncourse, the worker, the channel
USER = "student"  # the name of the user inside


def worker_command(python: str, control_fd: int) -> list[str]:
    """How the worker is started, by the Python of that path, on the control socket's number."""
    # -s and -P: neither the user's packages nor a numpy.py beside the notebook is ever imported
    return [python, "-s", "-P", "-m", "autograder.inside.worker", str(control_fd)]


def python_path() -> str:
    """This Python, its folder without links and "..", which lead nowhere inside a sandbox.

    The program itself may be a link: it tells Python which virtual environment is meant.
    """
    return str(Path(sys.executable).parent.resolve() / Path(sys.executable).name)


def environment(project: Path, home: Path) -> dict[str, str]:
    """All environment variables that student code sees."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home),
        "LANG": "C.UTF-8", "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(home / "matplotlib"), "IPYTHONDIR": str(home / "ipython"),
        # one thread: children of a process that has used more hang in torch
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }


def user_names(number: int) -> dict[str, str]:
    """The files, by their paths inside, that name the sandbox's only user, who has this number."""
    return {"/etc/passwd": f"{USER}:x:{number}:{number}::/tmp:/bin/sh\n",
            "/etc/group": f"{USER}:x:{number}:\n"}


def project_files() -> list[tuple[Path, Path]]:
    """(file or folder here, its name inside): all of the project that student code may see."""
    ours = [(ENGINE / name, Path("autograder") / name) for name in ("__init__.py", "inside")]
    return [*ours, (_package_folder("nncourse"), Path("nncourse"))]


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise AutograderError(f"the package {name} is not installed: run pip install ./{name}")
    return Path(spec.submodule_search_locations[0]).resolve()
