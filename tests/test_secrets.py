"""Solutions and hidden tests stay out of everything that students and readers get."""

import re
import subprocess
import sys

import nbformat
import pytest

ASSIGNMENTS = ["hw1_perceptron"]


def normalised(text: str) -> str:
    """The text without spaces, quotes' style and HTML, so that formatting hides nothing."""
    text = re.sub(r"<[^>]+>", "", text)
    for entity, character in {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"',
                              "&#39;": "'", "&#x27;": "'"}.items():
        text = text.replace(entity, character)
    return re.sub(r"\s+", "", text).replace('"', "'").replace("\\n", "")


def solution_pairs(project, assignment):
    """Every two neighbouring lines of code of a solution, normalised."""
    path = project / "source_solutions" / assignment / f"{assignment}.ipynb"
    pairs = set()
    for cell in nbformat.read(path, as_version=4).cells:
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.S):
            lines = [normalised(line) for line in region.splitlines()]
            lines = [line for line in lines if line and not line.startswith("#")]
            pairs |= {a + b for a, b in zip(lines, lines[1:]) if len(a + b) > 20}
            if len(lines) == 1 and len(lines[0]) > 20:
                pairs.add(lines[0])
    return pairs


def grader_lines(project, assignment):
    """The telling lines of the hidden graders, normalised."""
    lines = set()
    for path in (project / "autograder" / "graders" / assignment).glob("*.py"):
        for line in path.read_text().splitlines():
            if len(line.strip()) > 30 and not line.strip().startswith(("#", '"""', "import", "from")):
                lines.add(normalised(line))
    return lines


def public_files(project, tmp_path):
    """Everything that goes out: the site with its sources, assignments, the student package."""
    built = project / "_build" / "html"
    if not (built / "index.html").exists():
        subprocess.run([sys.executable, "scripts/build_book.py"], cwd=project, check=True)
    wheel_folder = tmp_path / "wheel"
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
                    "--no-build-isolation", "--wheel-dir", wheel_folder, project / "nncourse"],
                   check=True)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", next(wheel_folder.glob("*.whl")),
                    tmp_path / "nncourse"], check=True)
    for root in (built, project / "assignments", tmp_path / "nncourse"):
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
    config.write_text("c = get_config()\n"
                      f"c.CourseDirectory.source_directory = {str(project / 'source_solutions')!r}\n"
                      "c.CourseDirectory.release_directory = 'assignments'\n")
    subprocess.run([sys.executable, "-m", "autograder", "--root", tmp_path, "release", assignment],
                   cwd=project, check=True, capture_output=True)
    made = tmp_path / "assignments" / assignment / f"{assignment}.ipynb"
    committed = project / "assignments" / assignment / f"{assignment}.ipynb"
    assert made.read_text() == committed.read_text(), "run: python -m autograder release"
