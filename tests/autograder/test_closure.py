"""What decides a grade is found from imports: a change of any of it changes a result's key."""

import ast
import json
import platform
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import toy
from nbformat.v4 import new_code_cell
from ta import PROJECT

from autograder.grading import assignment as assignments
from autograder.grading import closure as closing
from autograder.grading.assignment import Assignment
from autograder.grading.closure import closure, imports

sys.path.insert(0, str(PROJECT / "samples"))
from make_samples import make_samples

ALL = sorted(path.stem for path in (PROJECT / "source_solutions").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The project's two packages and the source notebooks, to be changed."""
    root = tmp_path_factory.mktemp("copy")
    for name in ("autograder", "nncourse", "source_solutions", "docs"):
        shutil.copytree(PROJECT / name, root / name,
                        ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    return root


@pytest.fixture
def of(copied, monkeypatch):
    """A function that gives a copied assignment, read anew."""
    monkeypatch.setattr(closing, "package_folder", lambda top: copied / top)

    def read(name):
        return Assignment(name, copied / "source_solutions" / name / f"{name}.ipynb")

    return read


def changed(path: Path, then):
    """What `then` gives while one more character stands in the file."""
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    try:
        return then()
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("name, file", [
    ("hw1_perceptron", "autograder/__init__.py"),
    ("hw1_perceptron", "autograder/api.py"),
    ("hw1_perceptron", "autograder/paths.py"),
    ("hw1_perceptron", "autograder/grading/__init__.py"),
    ("hw1_perceptron", "autograder/grading/assignment.py"),
    ("hw1_perceptron", "autograder/sandbox/bubblewrap.py"),
    ("hw1_perceptron", "autograder/sandbox/forkserver.py"),
    ("hw1_perceptron", "autograder/sandbox/limits.py"),
    ("hw1_perceptron", "autograder/inside/relay.py"),
    ("hw1_perceptron", "autograder/inside/worker.py"),
    ("hw1_perceptron", "autograder/graders/__init__.py"),
    ("hw1_perceptron", "autograder/graders/common.py"),
    ("hw1_perceptron", "autograder/graders/hw1_perceptron/__init__.py"),
    ("hw1_perceptron", "nncourse/__init__.py"),
    ("hw1_perceptron", "nncourse/check/base.py"),
    ("hw1_perceptron", "nncourse/data/standins.py"),
    ("hw1_perceptron", "nncourse/given.py"),
    ("hw1_perceptron", "source_solutions/hw1_perceptron/hw1_perceptron.ipynb"),
    ("hw3_gradient_descent", "autograder/graders/hw2_softmax/loss_tests.py"),
    ("hw4_two_layer", "autograder/graders/hw2_softmax/reference.py"),
    ("hw4_two_layer", "autograder/graders/hw3_gradient_descent/reference.py"),
    ("hw5_convnet", "autograder/graders/hw2_softmax/inputs.py")])
def test_what_decides_is_in_the_key(of, copied, name, file):
    before = of(name).version
    assert changed(copied / file, lambda: of(name).version) != before
    assert of(name).version == before


@pytest.mark.parametrize("name", ALL)
def test_each_file_of_the_closure_is_in_the_key(of, name):
    before, files = of(name).version, of(name).closure().files
    assert len(files) > 50
    assert not [place for place, path in files.items()
                if changed(path, lambda: of(name).version) == before]


@pytest.mark.parametrize("name, file", [
    ("hw1_perceptron", "autograder/commands/main.py"),
    ("hw1_perceptron", "autograder/judge.py"),
    ("hw1_perceptron", "autograder/templating.py"),
    ("hw1_perceptron", "autograder/term/course.py"),
    ("hw1_perceptron", "autograder/batch/batch.py"),
    ("hw1_perceptron", "autograder/gradebook/recorder.py"),
    ("hw1_perceptron", "autograder/output/page.py"),
    ("hw1_perceptron", "autograder/output/report.py"),
    ("hw1_perceptron", "autograder/graders/hw1_perceptron/variants.py"),
    ("hw1_perceptron", "autograder/graders/hw2_softmax/reference.py"),
    ("hw4_two_layer", "autograder/graders/hw2_softmax/test_loss.py"),
    ("hw1_perceptron", "autograder/output/templates/feedback.html"),
    ("hw1_perceptron", "nncourse/page.py"),
    ("hw1_perceptron", "source_solutions/hw2_softmax/hw2_softmax.ipynb"),
    ("hw1_perceptron", "docs/ta.md")])
def test_what_does_not_decide_is_not(of, copied, name, file):
    before = of(name).version
    assert changed(copied / file, lambda: of(name).version) == before


def test_a_new_module_is_found_by_itself(of, copied):
    before = of("hw1_perceptron").version
    grading, new = (copied / "autograder" / name for name in ("grading/grade.py", "brand_new.py"))
    text = grading.read_text()
    try:
        new.touch()
        assert of("hw1_perceptron").version == before
        grading.write_text(f"{text}\n\ndef later():\n    from autograder import brand_new\n")
        first = of("hw1_perceptron").version
        new.write_text("from . import another\n")
        assert len({before, first, of("hw1_perceptron").version}) == 3
        assert "autograder.brand_new" in of("hw1_perceptron").closure().modules
    finally:
        grading.write_text(text)
        new.unlink()


def test_a_file_that_moves_changes_the_key(of, copied):
    """As do two files called __init__.py that change places."""
    one = copied / "nncourse" / "data" / "__init__.py"
    other = copied / "nncourse" / "plot" / "__init__.py"
    before, texts = of("hw1_perceptron").deciding, (one.read_bytes(), other.read_bytes())
    try:
        one.write_bytes(texts[1])
        other.write_bytes(texts[0])
        after = of("hw1_perceptron").deciding
    finally:
        one.write_bytes(texts[0])
        other.write_bytes(texts[1])
    assert after["nncourse/data/__init__.py"] == before["nncourse/plot/__init__.py"]
    assert after != before


def test_points_and_versions_are_in_the_key(of, monkeypatch):
    names = {"python", "numpy", "scikit-learn", "torch"}
    for name in ALL:
        assert names <= of(name).deciding.keys()
    before = of("hw5_convnet").version
    assert replace(of("hw5_convnet"), points={"conv": 1}).version != before
    for library in ("numpy", "scikit-learn", "torch"):
        with monkeypatch.context() as patch:
            version = assignments._version
            patch.setattr(assignments, "_version", lambda name, this=library, version=version:
                          "0.0" if name == this else version(name))
            assert of("hw5_convnet").version != before, library
    with monkeypatch.context() as patch:
        patch.setattr(platform, "python_version_tuple", lambda: ("3", "99", "0"))
        assert of("hw5_convnet").version != before
    assert of("hw5_convnet").version == before


def test_the_order_in_which_something_was_found_decides_nothing(of):
    first, other = of("hw1_perceptron"), of("hw1_perceptron")
    vars(other)["deciding"] = dict(reversed(first.deciding.items()))
    assert first.version == other.version
    first, other = (replace(first, points=dict(points)) for points in (
        [("unit", 1), ("gates", 2)], [("gates", 2), ("unit", 1)]))
    assert first.version == other.version


def test_private_graders_count_with_what_they_import_and_read(tmp_path, monkeypatch):
    package = tmp_path / "elsewhere" / "our_own"
    shutil.copytree(Path(toy.__file__).parent / "toy_graders" / "toy", package / "toy",
                    ignore=shutil.ignore_patterns("__pycache__"))
    for path in (package / "toy").glob("*.py"):
        path.write_text(path.read_text().replace("toy_graders", "our_own"))
    for folder in (package, package / "other"):
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    helper, table = package / "helper.py", package / "toy" / "tables" / "one.csv"
    helper.write_text("import scipy.special\n")
    table.parent.mkdir()
    table.write_text("1\n")
    (package / "toy" / "conftest.py").write_text("from .. import helper\n")
    (package / "other" / "table.csv").write_text("1\n")
    monkeypatch.syspath_prepend(package.parent)

    def read():
        return replace(toy.assignment(tmp_path), package="our_own")

    before = read()
    assert {"our_own/helper.py", "our_own/toy/tables/one.csv", "scipy"} <= before.deciding.keys()
    assert "our_own/other/table.csv" not in before.deciding
    for path in (helper, table):
        assert changed(path, lambda: read().version) != before.version


@pytest.mark.parametrize("name", [
    "reference.py", "mistakes.py", "test_double.py", "double_test.py", "conftest.py"])
def test_what_is_asked_for_by_name_counts_though_nobody_imports_it(tmp_path, monkeypatch, name):
    top = f"asked_for_{name.removesuffix('.py')}"  # modules stay when a test ends
    package = tmp_path / top / "toy"
    package.mkdir(parents=True)
    for path in (package.parent / "__init__.py", package / "__init__.py", package / name):
        path.touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert f"{top}/toy/{name}" in replace(toy.assignment(tmp_path), package=top).deciding


ODD = {
    "import a.b, c as d": {"a.b", "c"},
    "from a import (b,  # not (\n    c)": {"a", "a.b", "a.c"},
    "from a import \\\n    b": {"a", "a.b"},
    "from a.b import *": {"a.b"},
    "try: import a\nexcept ImportError: import b": {"a", "b"},
    "x = 1; import a; import b": {"a", "b"},
    "def f():\n\tfrom a import b": {"a", "a.b"},
    "from . import b": {"top.here", "top.here.b"},
    "from .b import c": {"top.here.b", "top.here.b.c"},
    "from ..b import c": {"top.b", "top.b.c"},
    "'''\nimport the thing\n'''\nimport a": {"a"},
    "import importlib\nimportlib.import_module('a.b')": {"importlib", "a.b"},
    "find_spec(\"a\")": {"a"},
    "%matplotlib inline\nimport a\n!ls": {"a"},
    "from a import(b)": {"a", "a.b"},
    "": set(),
}


@pytest.mark.parametrize("code", ODD)
def test_imports_are_found_however_they_are_written(code):
    found = {name for name in imports(code, "top.here") if not name.endswith("*")}
    assert found == ODD[code]


@pytest.mark.parametrize("folder", ["autograder", "nncourse", "tests", "scripts", "benchmarks"])
def test_the_quick_reading_finds_what_the_parser_finds(folder):
    for path in (PROJECT / folder).rglob("*.py"):
        text, names = path.read_text(encoding="utf-8"), set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        assert names <= set(imports(text, "here")), path


def test_a_module_named_in_a_string_counts(tmp_path, monkeypatch):
    package = tmp_path / "strung"
    package.mkdir()
    for name, text in {"__init__": "", "first": "NAME = 'strung.second'",
                       "second": "", "third": "# strung.third"}.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert closure(["strung.first"], ["strung"]).modules.keys() == {
        "strung", "strung.first", "strung.second"}


GRADE = """\
import json, sys
from pathlib import Path
from autograder.grading.assignment import Assignment
from autograder.grading.grade import grade

name, source, submission, isolation = sys.argv[1:]
assignment = Assignment(name, Path(source))
result = grade(Path(submission).read_bytes(), assignment, isolation)
loaded = [module.__file__ for module in list(sys.modules.values())
          if getattr(module, "__file__", None)]
print(json.dumps({"loaded": loaded, "score": result["score"], "max_score": result["max_score"],
                  "inside": result["cells"][-1]["stdout"]}))
"""


@pytest.mark.parametrize("name", ["hw1_perceptron", "hw4_two_layer"])
def test_all_that_grading_really_loads_is_in_the_closure(name, tmp_path, isolation):
    (path,) = make_samples(name, tmp_path, ["ada"])
    book = nbformat.read(path, as_version=4)
    book.cells.append(new_code_cell("import sys\nprint(*sorted(sys.modules))"))
    nbformat.write(book, path)
    source = PROJECT / "source_solutions" / name / f"{name}.ipynb"
    done = subprocess.run([sys.executable, "-c", GRADE, name, str(source), str(path), isolation],
                          capture_output=True, text=True, check=True, timeout=300, cwd=PROJECT)
    told = json.loads(done.stdout)
    assert told["score"] == told["max_score"]
    known = Assignment(name, source).closure()
    ours = tuple(f"{PROJECT / package}/" for package in ("autograder", "nncourse"))
    loaded = {Path(file) for file in told["loaded"] if file.startswith(ours)}
    assert len(loaded) > 20 and not loaded - {path.resolve() for path in known.files.values()}
    inside = {module for module in told["inside"].split()
              if module.partition(".")[0] in ("autograder", "nncourse")}
    assert {"autograder.inside.worker", "nncourse.given"} <= inside <= known.modules.keys()
