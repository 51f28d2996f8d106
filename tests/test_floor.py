"""The top of the repository: what is committed, what is not, and the files that others run."""

import contextlib
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[1]

TOP = {
    ".ci", ".editorconfig", ".github", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md",
    "CITATION.cff", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "LICENSE-TEXT", "Makefile",
    "README.md", "SECURITY.md", "THIRD-PARTY.md", "_config.yml", "_toc.yml", "assignments",
    "autograder", "benchmarks", "book", "cluster", "docs", "experiments", "live",
    "nbgrader_config.py", "nncourse", "pyproject.toml", "requirements.in", "requirements.txt",
    "samples", "scripts", "source_solutions", "tests",
}
FOLDERS = sorted(name for name in TOP if (PROJECT / name).is_dir())
# what tools leave behind while they work
LEFT = {"__pycache__", ".ipynb_checkpoints", ".jupyter_cache", ".pytest_cache", ".ruff_cache",
        ".mypy_cache", "build", ".DS_Store"}

PRIVATE = [
    "gradebook.db", "gradebook.db-journal", "roster.csv", "students.csv", "term.toml",
    ".autograder/results/1.json", "submitted/ada/hw1_perceptron/hw1_perceptron.ipynb",
    "autograded/ada/hw1_perceptron/hw1_perceptron.ipynb", "feedback/ada/hw1_perceptron.html",
    "feedback.zip", "reports/hw1_perceptron.html", "exports/final.csv", "exports/canvas/hw1.csv",
    "releases/hw1_perceptron.zip", "replaced/ada/1.ipynb", "gradescope/hw1_perceptron.zip",
    "submissions.zip",
]
USES_JSONSCHEMA = {"jsonschema", "jupyter_book", "jupyter_cache", "nbclient", "nbconvert",
                   "nbformat", "nbgrader"}
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"),
                *(PROJECT / ".github").glob("*.md"),
                *(PROJECT / name / "README.md" for name in FOLDERS
                  if (PROJECT / name / "README.md").exists())])


def git(*arguments: str, cwd: Path = PROJECT) -> str:
    """What git prints, with no settings but the repository's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(["git", *arguments], cwd=cwd, env=clean, capture_output=True, text=True,
                          check=True).stdout


@pytest.fixture(scope="module")
def committed() -> set[str]:
    """The files that a commit of everything would hold."""
    if not shutil.which("git"):
        pytest.skip("git is not installed, so nobody can say what is committed")
    if not (PROJECT / ".git").exists():
        pytest.skip(f"{PROJECT} is not a git checkout (an unpacked archive, perhaps)")
    listed = git("-c", f"safe.directory={PROJECT}", "ls-files", "-z", "--cached", "--others",
                 "--exclude-standard").split("\0")
    return {name for name in listed if name and (PROJECT / name).is_file()}


def added(folder: Path) -> set[str]:
    """The files that `git add --all` takes in a new repository made of the folder."""
    if not shutil.which("git"):
        pytest.skip("git is not installed, so nobody can say what .gitignore hides")
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    return set(git("ls-files", "-z", cwd=folder).split("\0")) - {""}


def test_the_top_folder_holds_what_is_listed(committed):
    assert {name.partition("/")[0] for name in committed} == TOP


def test_nothing_private_or_built_is_committed(committed):
    built = {name for name in committed if name.endswith((".db", ".zip", ".pyc", ".egg-info"))}
    grades = {name for name in committed if re.search(r"(^|/)(gradebook|roster|truth)\b", name)
              and not name.endswith(".py") and not name.startswith("samples/")}
    # the engine may have a folder of this name, for the code about it
    grades = {name for name in grades if not name.startswith("autograder/gradebook/")}
    assert not built | grades


def test_gitignore_hides_nothing_of_the_code(tmp_path):
    """A template, a zip or a fork loses in silence what a rule hides by accident."""
    wanted = set()
    for folder in FOLDERS:
        for path in (PROJECT / folder).rglob("*"):
            place = path.relative_to(PROJECT)
            if LEFT & set(place.parts) or any(".egg-info" in part for part in place.parts):
                continue
            if path.is_file():
                (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):  # another test's, and gone again
                    shutil.copy(path, tmp_path / place)
                    wanted.add(place.as_posix())
    shutil.copy(PROJECT / ".gitignore", tmp_path)
    assert added(tmp_path) == wanted | {".gitignore"}


@pytest.mark.parametrize("folder", [".", "spring", "Algorithms 2026"])
def test_a_terms_folder_of_any_name_stays_out(tmp_path, folder):
    shutil.copy(PROJECT / ".gitignore", tmp_path)
    for name in PRIVATE:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("ada")
    assert added(tmp_path) == {".gitignore"}


def make_targets() -> set[str]:
    """What the Makefile can make, by name."""
    return set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_what_is_there(path):
    text = path.read_text()
    workflow = yaml.safe_load(text)
    assert {"name", "permissions", "jobs"} <= workflow.keys() and workflow[True]  # YAML's "on"
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used), "major versions"
    commands = "\n".join(step.get("run", "") for step in steps)
    named = set(re.findall(r"^\s*make ([a-z]+)", commands, re.M))
    assert named <= make_targets()
    for name in re.findall(r"\b(?:tests|scripts)/[\w/]+\.(?:py|sh)\b", commands):
        assert (PROJECT / name).is_file(), name


def test_there_is_a_workflow_for_tests_links_and_the_site():
    assert [path.stem for path in WORKFLOWS] == ["links", "publish", "tests"]
    tests = yaml.safe_load(WORKFLOWS[-1].read_text())["jobs"]["tests"]
    pythons = tests["strategy"]["matrix"]["python"]
    for package in ("autograder", "nncourse"):
        project = tomllib.loads((PROJECT / package / "pyproject.toml").read_text())["project"]
        assert project["requires-python"] == f">={pythons[0]}"


def test_the_site_is_published_where_its_notebooks_are_looked_for():
    """The address that the pages' Colab button opens is made in `book/_ext/nnbook.py`."""
    (branch,) = set(re.findall(r"/blob/([\w-]+)/_sources/",
                               (PROJECT / "book" / "_ext" / "nnbook.py").read_text()))
    push = yaml.safe_load((PROJECT / ".github" / "workflows" / "publish.yml").read_text())
    assert push["jobs"]["publish"]["steps"][-1]["run"].rstrip().endswith(f" {branch}")
    main = yaml.safe_load((PROJECT / "_config.yml").read_text())["repository"]["branch"]
    assert push[True]["push"]["branches"] == [main]


@pytest.mark.parametrize("path", sorted((PROJECT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")),
                         ids=lambda path: path.stem)
def test_an_issue_form_is_one(path):
    form = yaml.safe_load(path.read_text())
    if path.stem == "config":
        return
    assert form["name"] and form["description"]
    ids = [field.get("id") for field in form["body"] if field["type"] != "markdown"]
    assert all(ids) and len(ids) == len(set(ids))


def test_hooks_run_the_pinned_versions():
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (PROJECT / "requirements.txt").read_text(), re.M))
    config = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())
    revs = {hook["id"].partition("-")[0]: repo["rev"].lstrip("v")
            for repo in config["repos"] for hook in repo["hooks"]}
    assert {name: pins[name] for name in ("ruff", "codespell")}.items() <= revs.items()


def test_versions_agree():
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$",
                          (PROJECT / "CHANGELOG.md").read_text(), re.M)
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert citation["version"] == versions[0]
    packages = {tomllib.loads((PROJECT / name / "pyproject.toml").read_text())["project"]["version"]
                for name in ("autograder", "nncourse")}
    assert len(packages) == 1 and packages <= set(versions), "no entry in CHANGELOG.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_between_pages_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        place = target.partition("#")[0]
        if place and not re.match(r"[a-z]+:", place):
            assert (page.parent / place).exists(), target


@pytest.mark.parametrize("path", [*PROJECT.glob("scripts/*.py"), *PROJECT.glob("samples/*.py")],
                         ids=lambda path: path.stem)
def test_scripts_start_without_what_jsonschema_compiles(path):
    """Whatever imports jsonschema comes after the engine, which forbids it that (decision 30)."""
    names = [name.partition(".")[0] for name in re.findall(
        r"^(?:import|from) ([\w.]+)", path.read_text(encoding="utf-8"), re.M)]
    slow = [names.index(name) for name in USES_JSONSCHEMA & {*names}]
    assert not slow or "autograder" in names and names.index("autograder") < min(slow)


def test_decisions_keep_their_numbers():
    """Other files name a decision by its number."""
    items = re.findall(r"^### (\d+)\. .+\n\*(\d{4}-\d\d-\d\d)[^*]*\. Status: [^*]+\*$",
                       (PROJECT / "docs" / "decisions.md").read_text(encoding="utf-8"), re.M)
    numbers = sorted(int(number) for number, _ in items)
    assert len(numbers) >= 63 and numbers == list(range(1, len(numbers) + 1))
