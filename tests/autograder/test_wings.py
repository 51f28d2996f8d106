"""The engine's wings: imports run downwards only, and each wing keeps to what it is for."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest
from nbgrader.converters import GenerateAssignment
from ta import PROJECT
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder import paths
from autograder.gradebook.plugin import configure
from autograder.gradebook.preprocessors import ApplyTerm

ENGINE = PROJECT / "autograder"
# from top to bottom, wings in one line know nothing of each other
WINGS = (("commands",), ("output", "soundness", "batch"), ("gradebook",), ("term",), ("grading",),
         ("sandbox",), ("inside",))
LEVELS = {wing: level for level, wings in enumerate(reversed(WINGS)) for wing in wings}
BASE = {"paths", "errors", "atomic", "names", "text", "lexer", "templating"}
# what private graders import, and the old names, which are gone in the next release
API, OLD = {"api", "graders"}, {"judge", "student", "nbgrader_plugin"}
MAX_LINES = 300
MODULES = sorted(path for path in ENGINE.rglob("*.py") if "build" not in path.parts)
OURS = [path for path in MODULES if "graders" not in path.relative_to(ENGINE).parts]
NAMED = re.compile(r"\bautograder(?:\.[A-Za-z_]\w*)+")
# where modules are named in strings besides the engine itself
READERS = ("benchmarks", "book/_ext", "samples", "scripts", "tests", "cluster")
# names that tests make up, and what is no module
MADE_UP = {"autograder.moved", "autograder.brand_new", "autograder.graders.hw", "autograder.zip"}
# the default of a setting, and the program that a zip for Gradescope starts: data, no use of them
DATA = {"autograder.graders", "autograder.__main__"}


def dotted(path: Path) -> str:
    """The module's name."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def wing(name: str) -> str:
    """The wing, or the module of the top level, that a dotted name leads to; "" for others."""
    top, *below = name.split(".")
    return below[0] if top == "autograder" and below else ""


def without_old_names(tree: ast.Module) -> ast.Module:
    """The module without the function that still knows a name of the last release."""
    body = [node for node in tree.body if getattr(node, "name", "") != "__getattr__"]
    return ast.Module(body, [])


def uses(path: Path) -> set[str]:
    """The dotted names that a module imports anywhere, or names in a string."""
    tree, names = without_old_names(ast.parse(path.read_text())), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: name the package that you import from"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= set(NAMED.findall(node.value))
    return names - _of_docstrings(tree)


def _of_docstrings(tree: ast.Module) -> set[str]:
    """What only texts for people name: those may speak of anything."""
    texts = {ast.get_docstring(node, clean=False) or "" for node in ast.walk(tree)
             if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))}
    strings = [node.value for node in ast.walk(tree)
               if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    imported = {f"{node.module}.{alias.name}" for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) for alias in node.names}
    said = {name for text in texts for name in NAMED.findall(text)}
    meant = {name for text in strings if text not in texts for name in NAMED.findall(text)}
    return said - meant - imported


def level(name: str) -> float | None:
    """How high a wing or module of the top level stands; None for what is not the engine's."""
    place = wing(name)
    if not place:
        return None
    if place in BASE:
        return -1
    if place in API:
        return LEVELS["grading"] + 0.5
    return LEVELS.get(place, len(WINGS))


def test_every_module_has_a_place():
    top = {path.stem for path in ENGINE.glob("*.py")} - {"__init__", "__main__"}
    assert top == BASE | OLD | (API - {"graders"})
    assert {path.parent.name for path in ENGINE.glob("*/__init__.py")} == {*LEVELS, "graders"}


@pytest.mark.parametrize("path", OURS, ids=dotted)
def test_imports_run_downwards(path):
    mine, place = level(dotted(path)), wing(dotted(path))
    if mine is None:  # the package itself
        assert not [name for name in uses(path) if level(name) is not None]
        return
    levels = {name: level(name) for name in uses(path) - DATA if level(name) is not None}
    assert not [name for name, its in levels.items() if its > mine]
    assert place in BASE or not [
        name for name, its in levels.items() if its == mine and wing(name) != place]


def test_the_engine_itself_uses_neither_old_names_nor_the_api():
    engine = [path for path in OURS if wing(dotted(path)) not in OLD]
    assert not [(dotted(path), name) for path in engine for name in uses(path)
                if wing(name) in {*OLD, "api"}]


@pytest.mark.parametrize("path", [p for p in MODULES if p not in OURS], ids=dotted)
def test_graders_import_the_api_alone(path):
    ours = {wing(name) for name in uses(path) if level(name) is not None}
    assert ours <= API


def test_templates_of_graders_import_the_api_alone():
    for path in (paths.TEMPLATES / "new").glob("*.txt"):
        assert {wing(name) for name in NAMED.findall(path.read_text())} <= {"api"}


@pytest.mark.parametrize("name", LEVELS)
def test_a_wing_says_what_it_is_for_and_imports_nothing(name):
    tree = ast.parse((ENGINE / name / "__init__.py").read_text())
    assert len(without_old_names(tree).body) == len(ast.get_docstring(tree).splitlines()) == 1
    assert ast.get_docstring(tree).endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_only_the_gradebook_knows_nbgrader(path):
    libraries = {name.partition(".")[0] for name in uses(path)}
    of_its_own = {"alembic", "nbgrader", "sqlalchemy"}
    assert not libraries & of_its_own or wing(dotted(path)) == "gradebook"


def test_what_is_mounted_imports_nothing_that_is_not():
    for path in (ENGINE / "inside").glob("*.py"):
        ours = {name for name in uses(path)
                if name.partition(".")[0] in ("autograder", "nncourse")}
        others = {name for name in ours if wing(name) != "inside"}
        assert {".".join(name.split(".")[:2]) for name in others} <= {
            "nncourse.given", "nncourse.values"}, path
    for name in ("given", "values"):  # of these two, everything is inside, and nothing else
        path = PROJECT / "nncourse" / f"{name}.py"
        assert not {used for used in uses(path)
                    if used.partition(".")[0] in ("autograder", "nncourse")}


@pytest.mark.parametrize("path", OURS, ids=dotted)
def test_a_file_is_short_and_does_not_look_where_it_lies(path):
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    assert "__file__" not in text.replace("reference.__file__", "") or path.name == "paths.py"


def resolves(name: str) -> bool:
    """Whether a dotted name is a module's, or that of a thing in one."""
    parts = name.split(".")
    for end, part in enumerate(parts):
        if part.startswith("test_"):  # hidden tests are run by the engine only
            return PROJECT.joinpath(*parts[:end], f"{part}.py").exists()
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[end:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


def named_in(path: Path) -> set[str]:
    """What a file names of the engine, wherever it does; parts of addresses and files apart."""
    text = path.read_text(encoding="utf-8")
    names = set(re.findall(rf"(?<![\w./-]){NAMED.pattern}", text))
    nodes = ast.walk(ast.parse(text)) if path.suffix == ".py" else ()
    return names | {f"{node.module}.{alias.name}" for node in nodes
                    if isinstance(node, ast.ImportFrom) and level(node.module or "") is not None
                    for alias in node.names if alias.name != "*"}


@pytest.mark.parametrize("folder", ["autograder", "docs", "README.md", *READERS])
def test_what_is_named_is_there(folder):
    place = PROJECT / folder
    files = [place] if place.is_file() else [
        path for path in place.rglob("*")
        if path.suffix in (".py", ".md", ".txt", ".toml", ".sh", ".yml", ".yaml")
        and not {"build", "results"} & set(path.parts)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        missing = {(str(path.relative_to(PROJECT)), name) for path in files
                   for name in named_in(path) - MADE_UP if not resolves(name)}
    assert not missing


@pytest.mark.parametrize("folder", ["autograder", "docs", "benchmarks", "tests", "cluster"])
def test_files_that_are_named_are_there(folder):
    named = re.compile(r"(?<![\w./-])autograder/[\w/]+\.(?:py|html|css|txt)\b")
    assert not {(path.name, name) for path in (PROJECT / folder).rglob("*")
                if path.suffix in (".py", ".md", ".yml") and "results" not in path.parts
                for name in named.findall(path.read_text(encoding="utf-8"))
                if not (PROJECT / name).exists()}


def test_every_folder_is_installed():
    listed = tomllib.loads((ENGINE / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {path.parent for path in MODULES if path.name == "__init__.py"}
    assert sorted(listed["packages"]) == sorted(
        ".".join(folder.relative_to(PROJECT).parts) for folder in folders)
    held = {path for package, patterns in listed["package-data"].items() for pattern in patterns
            for path in PROJECT.joinpath(*package.split(".")).glob(pattern) if path.is_file()}
    templates = (path for path in paths.TEMPLATES.rglob("*") if path.is_file())
    assert held == {ENGINE / "py.typed", *templates}


def test_the_engine_knows_where_it_lies():
    assert (ENGINE.resolve(), PROJECT.resolve()) == (paths.ENGINE, paths.PROJECT)
    assert paths.TEMPLATES.samefile(ENGINE / "output" / "templates")
    assert paths.CORPUS.is_file()


HEAVY = {"IPython", "click", "jinja2", "jsonschema", "nbconvert", "nbformat", "nbgrader", "pytest",
         "rich", "sqlalchemy"}


@pytest.mark.parametrize("what", ["autograder.api", "autograder.sandbox.forkserver",
                                  "autograder.graders.hw1_perceptron.reference"])
def test_what_forks_and_graders_import_is_light(what):
    code = f"import sys, {what}; print(*{HEAVY} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# what only some commands need: each start of one would wait for it
LATE = {"IPython", "jupytext", "matplotlib", "nbconvert", "nbgrader", "pandas", "pytest", "sklearn",
        "sqlalchemy", "torch"}


@pytest.mark.parametrize("command, code", [
    (["--help"], 0), (["init", "absent.csv"], 2), (["gradescope", "absent"], 2)])
def test_a_command_that_records_nothing_starts_without_what_records(command, code):
    script = ("import atexit, sys; from autograder.__main__ import main; sys.argv[0] = 'autograder'"
              f"; atexit.register(lambda: print('late:', *{LATE} & set(sys.modules))); main()")
    done = subprocess.run([sys.executable, "-c", script, *command], cwd=PROJECT,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, "late:"), done.stderr


def test_a_release_has_all_of_nbgraders_own_steps():
    config = Config()
    configure(config)
    first, *rest = map(import_item, config.GenerateAssignment.preprocessors)
    assert (first, rest) == (ApplyTerm, GenerateAssignment.preprocessors.default())


# the names of the last release --------------------------------------------------------------------
@pytest.mark.parametrize("old, name, new", [
    ("autograder.nbgrader_plugin", "configure", "autograder.gradebook.plugin"),
    ("autograder.judge", "Mistake", "autograder.api"),
    ("autograder.judge", "check_value", "autograder.api"),
    ("autograder.student", "Made", "autograder.api"),
    ("autograder.sandbox", "Limits", "autograder.api"),
    ("autograder.inside", "Limits", "autograder.api"),
])
def test_an_old_name_still_works_and_says_the_new_one(old, name, new, monkeypatch):
    if wing(old) in OLD:
        monkeypatch.delitem(sys.modules, old, raising=False)
    with pytest.warns(DeprecationWarning, match=re.escape(new)):
        found = getattr(importlib.import_module(old), name)
    assert found is getattr(importlib.import_module(new), name)


def test_a_wing_has_no_other_old_names():
    for wing_ in ("sandbox", "inside"):
        with pytest.raises(AttributeError, match="no attribute 'Limit'"):
            importlib.import_module(f"autograder.{wing_}").Limit  # noqa: B018


def test_a_mistake_can_still_be_said_to_be_found():
    api = importlib.import_module("autograder.api")
    mistake = api.Mistake("name", "said", "page.html", lambda: 0)
    with pytest.warns(DeprecationWarning, match="call fail") as told, pytest.raises(api.Verdict):
        mistake.found()
    assert told[0].filename == __file__  # that of the grader that is to be changed


def test_each_module_of_which_mutants_are_tried_is_there():
    text = (PROJECT / "benchmarks" / "engine_mutants.py").read_text()
    (tests,) = [node.value for node in ast.parse(text).body if isinstance(node, ast.Assign)
                and node.targets[0].id == "TESTS"]
    assert not [name for name in ast.literal_eval(tests) if not (ENGINE / f"{name}.py").exists()]
