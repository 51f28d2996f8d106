"""An assignment: its source notebook, its hidden graders, and the hash of all that decides."""

import functools
import hashlib
import importlib
import importlib.metadata
import json
import platform
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.grading.closure import Closure, closure, imports
from autograder.paths import ENGINE
from autograder.sandbox.limits import Limits

SCHEMA = 1
OURS = ("autograder", "nncourse")
# what grading imports, and what runs in the sandbox
ROOTS = ("autograder.grading.grade", *sorted(
    f"autograder.inside.{path.stem}" for path in (ENGINE / "inside").glob("*.py")
    if path.stem != "__init__"))
# the modules of an assignment's graders that grading asks for by name, and those pytest looks for
ASKED = ("reference.py", "mistakes.py", "examples.py", "test_*.py", "*_test.py", "conftest.py")
# libraries by whose version numbers change, with the names under which they are installed
NUMERICAL = {"numpy": "numpy", "scipy": "scipy", "sklearn": "scikit-learn", "torch": "torch"}


@dataclass(frozen=True)
class Assignment:
    """An assignment's source notebook and its hidden graders, a package below `package`.

    `points` are those of cells, by grade_id, that differ from the notebook's.
    """

    name: str
    source_path: Path
    package: str = "autograder.graders"
    points: dict[str, float] = field(default_factory=dict)

    @functools.cached_property
    def source(self) -> NotebookNode:
        source = notebook.read_source(self.source_path)
        try:
            notebook.give_points(source, self.points)
        except AutograderError as error:
            raise AutograderError(f"term.toml: assignments.{self.name}.points: {error}") from None
        return source

    @functools.cached_property
    def graders(self):
        name = f"{self.package}.{self.name}"
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if not f"{name}.".startswith(f"{error.name}."):
                raise AutograderError(f"{name}: needs the module {error.name}, which is not "
                                      "there: install it") from None
            raise AutograderError(f"{name}: no hidden graders for this assignment: check the "
                                  "name") from None

    @property
    def limits(self) -> Limits:
        """The graders' `LIMITS`, or the engine's own where they set none."""
        return getattr(self.graders, "LIMITS", Limits())

    @functools.cached_property
    def modules(self) -> tuple[str, ...]:
        """The libraries that its notebook imports, loaded once for all submissions."""
        return notebook.imported_modules(self.source)

    def closure(self, *more: str) -> Closure:
        """All modules that grading imports, and those that the modules called `more` do.

        They are the engine's, the graders' and the library's as far as graders and source
        notebook use it.
        """
        name = self.graders.__name__
        folder = Path(self.graders.__path__[0])
        asked = [f"{name}.{path.stem}" for pattern in ASKED for path in folder.glob(pattern)]
        cells = [imported for code in notebook.code_to_run(self.source).values()
                 for imported in imports(code)]
        found = closure([*ROOTS, name, *asked, *cells, *more],
                        {*OURS, name.partition(".")[0]})
        for package in {self.package, Assignment.package}:
            found.add_data(package)
        return found

    @functools.cached_property
    def deciding(self) -> dict[str, str]:
        """All that decides a grade besides the submission: the hashes of files, and versions."""
        found = self.closure()
        return {
            "source notebook": _hash(self.source_path),
            "points": json.dumps(self.points, sort_keys=True),
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{name: _version(name) for library, name in NUMERICAL.items()
               if library in found.libraries},
            **{name: _hash(path) for name, path in found.files.items()}}

    @functools.cached_property
    def version(self) -> str:
        """A hash of all that decides a grade besides the submission."""
        text = json.dumps(self.deciding, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def load(self) -> "Assignment":
        """Read source and graders now, so that what is missing is said before any work starts."""
        if not self.source or not self.version:
            raise AutograderError(f"{self.source_path}: is empty")
        return self

    def key(self, submission: bytes, isolation: str) -> str:
        """The name under which this submission's result is stored."""
        parts = [str(SCHEMA), self.name, self.version, isolation]
        return hashlib.sha256("\n".join(parts).encode() + b"\n" + submission).hexdigest()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@functools.cache
def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
