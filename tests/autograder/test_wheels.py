"""The two packages as wheels, installed where no checkout is: what they hold and what they do."""

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from types import SimpleNamespace

import pytest
from elsewhere import Elsewhere
from packaging.requirements import Requirement
from ta import PROJECT

from autograder.grading.closure import closure

NAME = "hw4_two_layer"
# what is imported under another name than it is installed under
INSTALLED_AS = {"IPython": "ipython", "PIL": "pillow",
                "sklearn": "scikit-learn", "yaml": "pyyaml"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Both wheels, and a folder into which they are installed, with a Python that finds it."""
    base = tmp_path_factory.mktemp("wheels")
    for package in ("nncourse", "autograder"):
        shutil.copytree(PROJECT / package, base / package,
                        ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-index", "--no-deps", "--no-build-isolation",
                    "--wheel-dir", "dist", "./nncourse", "./autograder"], cwd=base, check=True)
    wheels = sorted((base / "dist").glob("*.whl"))
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--target", "site", *wheels],
                   cwd=base, check=True)
    elsewhere = Elsewhere(base / "site", base / "scratch")
    (base / "unrelated").mkdir()
    course = base / "course"  # what a user of the wheels has of the repository
    course.mkdir()
    shutil.copy(PROJECT / "nbgrader_config.py", course)
    shutil.copytree(PROJECT / "source_solutions", course / "source_solutions")

    def run(*arguments, cwd=base / "unrelated", fine=0):
        done = subprocess.run([sys.executable, "-m", "autograder", *map(str, arguments)], cwd=cwd,
                              env=elsewhere.environment, capture_output=True, text=True,
                              timeout=300, check=False)
        assert done.returncode == fine, f"{done.returncode}: {done.stdout}\n{done.stderr}"
        elsewhere.modules()
        return done

    return SimpleNamespace(base=base, course=course, wheels=wheels, run=run)


def test_the_wheels_hold_all_that_the_folders_do(installed):
    held = {name for wheel in installed.wheels for name in zipfile.ZipFile(wheel).namelist()}
    there = {path.relative_to(installed.base).as_posix()
             for package in ("autograder", "nncourse")
             for path in (installed.base / package).rglob("*")
             if path.is_file() and not {"build"} & set(path.parts)
             and not any(part.endswith(".egg-info") for part in path.parts)}
    needless = {"autograder/Containerfile", "autograder/pyproject.toml", "nncourse/README.md",
                "nncourse/pyproject.toml"}
    assert {name for name in held if ".dist-info/" not in name} == there - needless


def test_the_command_tells_what_it_does(installed):
    assert "gradescope" in installed.run("--help").stdout


@pytest.fixture(scope="module")
def term(installed):
    """A term's folder, begun beside a course with its own notebooks."""
    root = installed.base / "autumn"
    said = installed.run("--root", root, "init", "--roster", PROJECT / "samples" / "roster.csv",
                         cwd=installed.course)
    assert f"the assignments are those of {installed.course}" in said.stdout
    return root


def test_a_term_needs_a_course(installed):
    done = installed.run("--root", installed.base / "spring", "init", "--roster",
                         PROJECT / "samples" / "roster.csv", fine=2)
    assert done.stderr.count("\n") == 1 and "run this in a course's folder" in done.stderr
    assert not (installed.base / "spring" / "term.toml").exists()


def test_one_notebook_is_graded(installed, term, unsafe):
    right = installed.course / "source_solutions" / NAME / f"{NAME}.ipynb"
    result = json.loads(installed.run("--root", term, "grade-one", NAME, right, *unsafe).stdout)
    assert result["score"] == result["max_score"] > 0
    assert installed.run("--root", installed.course, "grade-one", NAME, term, fine=2
                         ).stderr.count("\n") == 1


def test_gradescopes_zip_is_written(installed, term):
    installed.run("--root", term, "gradescope", NAME)
    with zipfile.ZipFile(term / "exports" / "gradescope" / f"{NAME}.zip") as packed:
        held, pins = set(packed.namelist()), packed.read("requirements.txt").decode()
    assert {"course/autograder/graders/hw2_softmax/reference.py", "course/nncourse/page.py",
            "course/autograder/output/templates/page.html", "setup.sh"} <= held
    assert {"ipython", "nbformat", "scikit-learn", "sqlalchemy"} <= {
        line.partition("==")[0] for line in pins.splitlines()}


def test_an_assignment_is_released_with_the_library(installed, term):
    installed.run("--root", term, "release", NAME)
    with zipfile.ZipFile(term / "releases" / f"{NAME}.zip") as packed:
        held, readme = packed.namelist(), packed.read(f"{NAME}/README.txt").decode()
    assert f"{NAME}/nncourse/data/standins.py" in held
    assert "scikit-learn" in readme and "torch" not in readme


def test_a_new_assignment_is_not_written_into_the_installation(installed, term):
    done = installed.run("--root", term, "new", "hw6_attention", fine=2)
    assert done.stderr.count("\n") == 1 and "graders='our_graders'" in done.stderr
    assert not list(installed.base.rglob("*hw6_attention*"))


def test_what_is_imported_is_declared_and_nothing_else():
    project = tomllib.loads((PROJECT / "autograder" / "pyproject.toml").read_text())["project"]
    declared = {Requirement(line).name for line in project["dependencies"]}
    extra = {Requirement(line).name for line in project["optional-dependencies"]["cluster"]}
    roots = [f"autograder.{path.stem}" for path in (PROJECT / "autograder").glob("*.py")]
    imported = closure(roots, ["autograder"]).libraries - sys.stdlib_module_names
    needed = {INSTALLED_AS.get(name, name.replace("_", "-")) for name in imported}
    # the first is named in an environment variable, the second holds data
    assert needed | {"matplotlib-inline", "tzdata"} == declared | extra
    assert not extra & declared
