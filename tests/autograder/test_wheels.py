"""The two packages as wheels, installed where no checkout is: what they hold and what they do."""

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from types import SimpleNamespace

import pytest
from elsewhere import INSTALLED_AS, PIP, Elsewhere, install
from packaging.requirements import Requirement
from ta import PROJECT

from autograder.grading.closure import closure
from autograder.term.handout import LIBRARY

NAME = "hw4_two_layer"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Both wheels, and a folder into which they are installed, with a Python that finds it."""
    base = tmp_path_factory.mktemp("wheels")
    for package in ("nncourse", "autograder"):
        shutil.copytree(PROJECT / package, base / package,
                        ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    subprocess.run([*PIP, "wheel", "--no-index", "--no-deps", "--no-build-isolation",
                    "--wheel-dir", "dist", "./nncourse", "./autograder"], cwd=base, check=True)
    wheels = sorted((base / "dist").glob("*.whl"))
    install(base / "site", *wheels)
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


@pytest.fixture(scope="module", params=[NAME, "hw5_convnet"])
def handed_out(installed, term, tmp_path_factory, request):
    """An assignment's zip, unpacked where nothing else is."""
    folder = tmp_path_factory.mktemp("student")
    installed.run("--root", term, "release", request.param)
    with zipfile.ZipFile(term / "releases" / f"{request.param}.zip") as packed:
        packed.extractall(folder)
    return folder / request.param


def test_an_assignment_is_released_with_what_its_readme_needs(handed_out):
    readme = (handed_out / "README.txt").read_text()
    assert "venv/bin/pip install jupyterlab ." in readme
    assert r"venv\Scripts\jupyter lab " + handed_out.name + ".ipynb" in readme
    project = tomllib.loads((handed_out / "pyproject.toml").read_text())["project"]
    ours = tomllib.loads((PROJECT / "nncourse" / "pyproject.toml").read_text())["project"]
    assert {"name": ours["name"], "version": ours["version"],
            "requires-python": ours["requires-python"]}.items() <= project.items()
    torch = ["torch"] if handed_out.name == "hw5_convnet" else []
    assert list(map(Requirement, project["dependencies"])) == list(map(Requirement, [
        *ours["dependencies"], *torch]))


def test_what_is_handed_out_can_be_installed(handed_out, tmp_path):
    install(tmp_path / "site", handed_out)
    installed, given = ({path.relative_to(folder) for path in (folder / LIBRARY).rglob("*.*")
                         if path.suffix != ".pyc"}
                        for folder in (tmp_path / "site", handed_out))
    assert installed == given


def test_a_new_assignment_is_not_written_into_the_installation(installed, term):
    done = installed.run("--root", term, "new", "hw7_attention", fine=2)
    assert done.stderr.count("\n") == 1 and "graders='our_graders'" in done.stderr
    assert not list(installed.base.rglob("*hw7_attention*"))


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
