"""Solutions and hidden tests stay out of everything that students and readers get."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from course_secrets import grader_lines, normalised, solution_pairs

ASSIGNMENTS = sorted(
    path.stem for path in (Path(__file__).parents[1] / "source_solutions").glob("*/*.ipynb"))


def public_files(project, tmp_path):
    """Everything that goes out: the site with its sources, assignments, the student package."""
    built = project / "_build" / "html"
    if not (built / "index.html").exists():
        subprocess.run([sys.executable, "scripts/build_book.py"], cwd=project, check=True)
    wheel_folder = tmp_path / "wheel"
    source = shutil.copytree(project / "nncourse", tmp_path / "source")  # setuptools litters it
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
                    "--no-build-isolation", "--wheel-dir", wheel_folder, source], check=True)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", next(wheel_folder.glob("*.whl")),
                    tmp_path / "nncourse"], check=True)
    handed_out = sorted(built.glob("_assignments/*.zip"))
    assert len(handed_out) == len(ASSIGNMENTS)
    for path in handed_out:
        shutil.unpack_archive(path, tmp_path / "handed_out")
    for root in (built, project / "assignments", tmp_path / "nncourse", tmp_path / "handed_out"):
        yield from (p for p in sorted(root.rglob("*")) if p.is_file())


@pytest.fixture(scope="module")
def public_texts(project, tmp_path_factory):
    texts = {}
    for path in public_files(project, tmp_path_factory.mktemp("public")):
        if path.suffix in {".html", ".md", ".ipynb", ".py", ".js", ".txt", ".json", ".csv"}:
            texts[path] = normalised(path.read_text(errors="replace"))
    assert len(texts) > 10
    return texts


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_solution_is_public(project, public_texts, assignment):
    pairs = solution_pairs(project, assignment)
    assert len(pairs) > 10
    found = [(str(path), pair) for path, text in public_texts.items()
             for pair in pairs if pair in text]
    assert not found


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_hidden_test_is_public(project, public_texts, assignment):
    lines = grader_lines(project, assignment)
    assert len(lines) > 50
    found = [(str(path), line) for path, text in public_texts.items()
             for line in lines if line in text]
    assert not found


def test_no_mark_of_a_solution_or_hidden_test_is_public(public_texts):
    marks = [normalised(m) for m in ("BEGIN SOLUTION", "BEGIN HIDDEN", "run_hidden_tests")]
    assert not [(str(p), m) for p, text in public_texts.items() for m in marks if m in text]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_released_assignment_is_what_the_source_gives(project, tmp_path, assignment):
    config = tmp_path / "nbgrader_config.py"
    sources = str(project / "source_solutions")
    config.write_text(f"c = get_config()\nc.CourseDirectory.source_directory = {sources!r}\n"
                      "c.CourseDirectory.release_directory = 'assignments'\n")
    subprocess.run([sys.executable, "-m", "autograder", "--root", tmp_path, "release", assignment],
                   cwd=project, check=True, capture_output=True)
    made = tmp_path / "assignments" / assignment / f"{assignment}.ipynb"
    committed = project / "assignments" / assignment / f"{assignment}.ipynb"
    assert made.read_text() == committed.read_text(), "run: python -m autograder release"
