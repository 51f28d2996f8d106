"""The files that a module needs to run, found by reading its imports and theirs, running none.

What decides a grade, what Gradescope's zip holds and what the machines of a cluster compare all
come from here, so that nothing has to be listed by hand.
"""

import ast
import contextlib
import functools
import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.errors import AutograderError

STATEMENT = re.compile(
    r"(?:^|[;:])[ \t]*((?:from[ \t]*[.\w]+[ \t]*)?\bimport\b(?:[ \t]*\([^)]*\)|[^\n#;]*))",
    re.MULTILINE)
CALLS = ("find_spec", "import_module", "importorskip", "__import__")
BY_CALL = re.compile(rf"\b(?:{'|'.join(CALLS)})\(\s*[\"']([\w.]+)[\"']")
# how the worker, the fork server and the relay are named where they are started
AS_TEXT = re.compile(r"[\"']((?:[^\W\d]\w*)(?:\.[^\W\d]\w*)+)[\"']")


@dataclass
class Closure:
    """Our own modules by their dotted names, and what they need.

    `data` are files beside modules, by their place below the folder that holds the packages;
    `libraries` are the top-level names of everybody else's modules.
    """

    modules: dict[str, Path] = field(default_factory=dict)
    data: dict[str, Path] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)

    @property
    def files(self) -> dict[str, Path]:
        """Modules and data, by their place below the folder that holds the packages."""
        modules = {}
        for name, path in self.modules.items():
            end = "/__init__.py" if path.name == "__init__.py" else ".py"
            modules[name.replace(".", "/") + end] = path
        return modules | self.data

    def add_data(self, package: str) -> None:
        """Take the files that are no modules from the folders of `package` and those below."""
        for name, path in self.modules.items():
            if path.name == "__init__.py" and f"{name}.".startswith(f"{package}."):
                place = PurePosixPath(*name.split("."))
                for file in _data_in(path.parent):
                    self.data[str(place / file.relative_to(path.parent))] = file


def closure(roots: Iterable[str], ours: Iterable[str]) -> Closure:
    """The modules called `roots` and all that they import from the packages `ours`.

    Imports inside functions count, and so do a package's `__init__.py` for each module in it and
    a module's full name in a string. A root that names no module of `ours` is passed over.

    Raises
    ------
    AutograderError
        One of the packages is not there.
    """
    folders = {top: package_folder(top) for top in ours}
    found, waiting, seen = Closure(), list(roots), {""}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        package, _, last = name.rpartition(".")
        top = name.partition(".")[0]
        if top not in folders:
            found.libraries.add(top)
            continue
        waiting.append(package)
        folder = folders[top].joinpath(*name.split(".")[1:])
        if (folder / "__init__.py").is_file():
            path, package = folder / "__init__.py", name
        else:
            path = folder.with_name(f"{last}.py")
        if path.is_file():
            found.modules[name] = path
            text = path.read_text(encoding="utf-8", errors="replace")
            waiting += imports(text, package)
            waiting += (quoted for quoted in _quoted(text)
                        if quoted.partition(".")[0] in folders)
    return found


@functools.lru_cache(1024)
def imports(text: str, package: str = "") -> tuple[str, ...]:
    """The names that Python code imports; some are those of things in a module.

    Only the import statements are parsed, in a tenth of the time that all of it takes; all of it
    is where one of them cannot be read alone. Magics of notebooks do no harm.

    Parameters
    ----------
    package : the package that the code lies in, from which relative imports start
    """
    nodes: list[ast.AST] = []
    whole = True
    for statement in _statements(text):
        try:
            nodes += ast.parse(statement).body
        except SyntaxError:
            whole = False
    if not whole:
        with contextlib.suppress(SyntaxError):
            nodes += ast.walk(ast.parse(text))
    names = set(BY_CALL.findall(text) if any(call in text for call in CALLS) else ())
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[:package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names.update([base, *(f"{base}.{alias.name}" for alias in node.names)])
    return tuple(sorted(names))


def _statements(text: str) -> Iterator[str]:
    """What look like import statements; the expression alone would take ten times as long."""
    text = text.replace("\\\n", " ")
    at = text.find("import")
    while at >= 0:
        end = text.find("\n", at) % (len(text) + 1)
        if "(" in text[at:end]:
            end = text.find(")", at) % len(text) + 1
        yield from STATEMENT.findall(text, text.rfind("\n", 0, at) + 1, end)
        at = text.find("import", end)


def uses(library: str, code: Iterable[str]) -> bool:
    """Whether any of these pieces of Python imports the library."""
    return any(name.partition(".")[0] == library for text in code for name in imports(text))


@functools.lru_cache(1024)
def _quoted(text: str) -> list[str]:
    return AS_TEXT.findall(text)


def package_folder(top: str) -> Path:
    """Where a top-level package lies.

    Raises
    ------
    AutograderError
        It is not installed.
    """
    spec = importlib.util.find_spec(top)
    if spec is None or not spec.submodule_search_locations:
        raise AutograderError(f"the package {top} is not installed: install it, or correct the "
                              "name in nbgrader_config.py")
    return Path(spec.submodule_search_locations[0]).resolve()


def _data_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")) or (path / "__init__.py").exists():
            continue  # a package has its own turn, if anything imports it
        if path.is_dir():
            yield from _data_in(path)
        elif path.suffix != ".py":
            yield path
