"""One submission at a time: Gradescope's container laid out here, and the services' formats."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import ta
import toy
import yaml
from course_secrets import normalised
from elsewhere import Elsewhere
from ta import PROJECT, expected_scores, readable_system

from autograder.grading.assignment import Assignment
from autograder.output.services import as_classroom, as_gradescope, gradescope_zip

sys.path.insert(0, str(PROJECT / "samples"))
from make_samples import make_samples

WRONG = toy.as_bytes(toy.source(double="def double(x):\n    return x ** 2"))


def unpack(assignment, folder):
    """The folders of Gradescope's container, with the assignment's autograder in place.

    Of our packages, its Python finds those in the zip and no others.
    """
    base = folder / "autograder"
    (base / "submission").mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(gradescope_zip(assignment))) as packed:
        packed.extractall(base / "source")
    shutil.copy(base / "source" / "run_autograder", base)  # as Gradescope does
    python = base / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\n'
                      f'PYTHONPATH="$PYTHONPATH:{base / "scratch"}" exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return base, Elsewhere(base / "source" / "course", base / "scratch")


def test_where_a_term_wants_none_the_zip_holds_no_examples(tmp_path):
    for examples in (True, False):
        raw = gradescope_zip(toy.assignment(tmp_path), examples)
        names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
        assert ("course/toy_graders/toy/examples.py" in names) == examples


@pytest.fixture
def container(tmp_path):
    """Gradescope's container below tmp_path, with the toy autograder in place."""
    return unpack(toy.assignment(tmp_path / "teacher"), tmp_path)[0]


def run(base, prefix=(), **environment):
    subprocess.run([*prefix, "bash", str(base / "run_autograder")], check=True, timeout=300,
                   env={**os.environ, "MODULES_SEEN": str(base / "scratch" / "seen"),
                        **environment})
    return json.loads((base / "results" / "results.json").read_text())


def close(base):
    """Do what setup.sh does to keep graders and solutions from the student's code."""
    closing = (base / "source" / "setup.sh").read_text().splitlines()[-1]
    subprocess.run(["sh", "-c", closing], cwd=base / "source" / "course", check=True)


@pytest.mark.parametrize("name", sorted(
    path.stem for path in (PROJECT / "source_solutions").glob("*/*.ipynb")))
def test_each_assignments_zip_grades(name, tmp_path):
    source = PROJECT / "source_solutions" / name / f"{name}.ipynb"
    base, elsewhere = unpack(Assignment(name, source), tmp_path)
    pins = (base / "source" / "requirements.txt").read_text()
    assert ("\ntorch==" in pins) == (name == "hw5_convnet") and "\nnumpy==" in pins
    assert "+" not in pins and "nncourse" not in pins
    (right,) = make_samples(name, tmp_path / "class", ["ada"])
    shutil.copy(right, base / "submission")
    results = run(base)
    assert results["score"] == expected_scores(name)["ada"]["total"], results
    assert results["score"] == sum(test["max_score"] for test in results["tests"])
    # other assignments' graders are there as far as this one imports them
    needed = {place.split(".")[2] for place in elsewhere.modules()
              if place.startswith("autograder.graders.hw")}
    folder = base / "source" / "course" / "autograder" / "graders"
    assert {path.parent.name for path in folder.glob("*/*.py")} == needed
    assert not list(folder.glob("*/variants.py"))  # which only verify reads


def test_all_graders_in_a_zip_are_closed_and_their_data_is_there(tmp_path, monkeypatch):
    package = tmp_path / "in_a_zip"
    shutil.copytree(Path(toy.__file__).parent / "toy_graders", package / "graders",
                    ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").touch()
    (package / "answers.py").write_text("import autograder.graders.hw2_softmax.reference\n")
    toy_graders = package / "graders" / "toy"
    (toy_graders / "numbers.csv").write_text("1,2\n")
    for path in toy_graders.glob("*.py"):
        path.write_text(path.read_text().replace("toy_graders", "in_a_zip.graders"))
    with open(toy_graders / "reference.py", "a") as file:
        file.write("from ...answers import autograder\n")
    monkeypatch.syspath_prepend(tmp_path)
    assignment = replace(toy.assignment(tmp_path / "teacher"), package="in_a_zip.graders")
    base, elsewhere = unpack(assignment, tmp_path)
    (base / "submission" / "toy.ipynb").write_bytes(WRONG)
    assert run(base)["score"] == 2
    assert "autograder.graders.hw2_softmax.reference" in elsewhere.modules()
    close(base)
    course = base / "source" / "course"
    secrets = [course / "in_a_zip" / "answers.py", course / "in_a_zip/graders/toy/numbers.csv",
               course / "autograder" / "graders" / "hw2_softmax" / "reference.py",
               course / "source_solutions" / "toy" / "toy.ipynb"]
    for path in secrets:
        assert path.exists() and not path.stat().st_mode & 0o077
    assert (course / "nncourse" / "given.py").stat().st_mode & 0o004


def test_the_zip_has_the_terms_points_and_not_the_term(tmp_path):
    assignment = replace(toy.assignment(tmp_path / "teacher"), points={"double": 7})
    base, _ = unpack(assignment, tmp_path)
    (base / "submission" / "toy.ipynb").write_bytes(toy.as_bytes(toy.source()))
    assert run(base)["score"] == 9
    assert not (base / "source" / "course" / "term.toml").exists()


def test_gradescope_gets_points_and_reasons_by_part(container):
    (container / "submission" / "my solution.ipynb").write_bytes(WRONG)
    results = run(container)
    assert results["score"] == 2 and results["stdout_visibility"] == "hidden"
    assert [(t["name"], t["score"], t["max_score"], t["status"]) for t in results["tests"]] == [
        ("Doubling", 0, 3, "failed"), ("Sum and mean", 2, 2, "passed")]
    assert "you square where you should double" in results["tests"][0]["output"]
    graders = container / "source" / "course" / "toy_graders" / "toy"
    secrets = {line for path in graders.glob("*.py") for line in
               map(normalised, path.read_text().splitlines()) if len(line) > 30}
    assert len(secrets) > 5 and not [s for s in secrets if s in normalised(json.dumps(results))]


@pytest.mark.parametrize("files, says", [
    ({}, "one notebook of toy is needed, there is none"),
    ({"a.ipynb": WRONG, "b.ipynb": WRONG}, "there is a.ipynb, b.ipynb"),
    ({"toy.ipynb": b"{cut"}, "not valid JSON")])
def test_what_cannot_be_graded_is_said_to_the_student(container, files, says):
    for name, content in files.items():
        (container / "submission" / name).write_bytes(content)
    results = run(container)
    assert results["score"] == 0 and says in results["output"]
    assert str(container) not in results["output"] and "Traceback" not in results["output"]


def test_without_name_spaces_another_user_cannot_read_the_graders(container, project, bubblewrap):
    """What setup.sh closes is closed to the student's code, which runs as nobody."""
    if os.geteuid() != 0:
        pytest.skip("only root can run code as another user")
    course = container / "source" / "course"
    close(container)
    book = toy.source()
    spies = [course / "toy_graders" / "toy" / "reference.py", course / "source_solutions" / "toy"]
    book.cells[1].metadata = {}  # a cell of the student's own
    book.cells[1].source = (
        f"import os, numpy as np\nfor path in {list(map(str, spies))}:\n"
        "    try:\n        os.listdir(path) if os.path.isdir(path) else open(path)\n"
        "    except PermissionError:\n        continue\n    raise SystemExit\n"
        f"assert os.getuid() != 0 and os.path.isfile({str(course / 'nncourse/page.py')!r})\n"
        "allowed = True")
    book.cells[2].source = "def double(x):\n    return 2 * x if allowed else 0"
    (container / "submission" / "toy.ipynb").write_bytes(toy.as_bytes(book))
    _, *options, end = readable_system(project)
    for folder in list(container.parents)[-3::-1]:  # below /tmp, which is new there
        options += ["--perms", "0755", "--dir", str(folder)]
    opened = [shutil.which("bwrap"), *options, "--bind", str(container), str(container), end]
    tools = container / "tools"
    tools.mkdir()
    for name in ("bash", "sh", "dirname", "mkdir", "tail", "sed"):  # but no bwrap
        (tools / name).symlink_to(shutil.which(name))
    opened += ["env", f"PATH={tools}"]
    results = run(container, opened)
    assert results["score"] == 5, results


def result(course, raw, isolation):
    (course / "one.ipynb").write_bytes(raw)
    flag = ["--unsafe"] if isolation == "none" else []
    return json.loads(ta.autograder(course, "grade-one", "toy", "one.ipynb", *flag).stdout)


def test_formats(tmp_path, isolation):
    toy.write_course(tmp_path)
    graded = result(tmp_path, WRONG, isolation)
    classroom = as_classroom(graded)
    assert (classroom["version"], classroom["status"], classroom["max_score"]) == (1, "fail", 5)
    assert [t["status"] for t in classroom["tests"]] == ["fail", "pass"]
    assert sum(t["score"] for t in classroom["tests"]) == as_gradescope(graded)["score"] == 2
    flag = ["--unsafe"] if isolation == "none" else []
    encoded = ta.autograder(tmp_path, "grade-one", "toy", "one.ipynb", "--as", "classroom-base64",
                            *flag).stdout
    assert json.loads(base64.b64decode(encoded))["tests"][0]["name"] == "Doubling"
    cut = result(tmp_path, b"{cut", isolation)
    assert as_classroom(cut)["status"] == "error" and as_gradescope(cut)["score"] == 0


def test_the_workflow_for_github_classroom_is_one(project):
    workflow = yaml.safe_load((project / "docs" / "github_classroom.yml").read_text())
    steps = workflow["jobs"]["grade"]["steps"]
    (step,) = [step for step in steps if step.get("id") == "grade"]
    assert "grade-one hw1_perceptron" in step["run"] and "classroom-base64" in step["run"]
    assert steps[-1]["env"] == {"GRADE_RESULTS": "${{ steps.grade.outputs.result }}"}
