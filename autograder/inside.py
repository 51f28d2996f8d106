"""What every sandbox holds: the worker's files, its environment and its limits."""

import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError

INSIDE = Path("/course")  # what the sandbox sees of the project: nncourse, the worker, the channel
WORKER_FILES = ("__init__.py", "calls.py", "channel.py", "relay.py", "worker.py")


@dataclass(frozen=True)
class Limits:
    """What one submission may use; times are wall time unless said otherwise.

    Once a notebook has run for `notebook_seconds`, each further cell gets a second, and after
    `overtime_seconds` of these no more is run. Once the hidden tests' calls and comparisons took
    `tests_seconds`, there are no more. All attempts at one submission share these times.
    """

    cell_seconds: float = 60
    call_seconds: float = 10
    notebook_seconds: float = 300
    overtime_seconds: float = 60
    tests_seconds: float = 600
    memory_bytes: int = 6 << 30  # resident, of all processes together
    tmp_bytes: int = 256 << 20  # of files in the temporary folder
    rlimits: dict = field(default_factory=lambda: {
        "RLIMIT_AS": 5 << 30,  # address space of one process
        "RLIMIT_CPU": 900,  # seconds of processor time of one process
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_NPROC": 64,  # processes and threads
        "RLIMIT_CORE": 0,
    })


def worker_command(python: str, control_fd: int) -> list[str]:
    """How the worker is started, by the Python of that path, on the control socket's number."""
    # -s and -P: neither the user's packages nor a numpy.py beside the notebook is ever imported
    return [python, "-s", "-P", "-m", "autograder.worker", str(control_fd)]


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


def project_files() -> list[tuple[Path, Path]]:
    """(file or folder here, its name inside): all of the project that student code may see."""
    engine = Path(__file__).resolve().parent
    files = [(engine / name, Path("autograder") / name) for name in WORKER_FILES]
    return [*files, (_package_folder("nncourse"), Path("nncourse"))]


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise AutograderError(f"the package {name} is not installed: run pip install ./{name}")
    return Path(spec.submodule_search_locations[0]).resolve()
