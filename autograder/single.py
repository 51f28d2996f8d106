"""One submission at a time, for services that start a container for each: in their formats."""

import base64
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement

from autograder.collect import Kinds
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grading import Assignment, grade
from autograder.pages import clean, render_text

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = ("setup.sh", "run_autograder")


def grade_path(course: Course, assignment: str, path: Path, isolation: str) -> dict:
    """The result of a notebook, or of the one of this assignment in a folder.

    Raises
    ------
    AutograderError
        There is no such file, or not exactly one notebook.
    """
    chosen = course.assignment(assignment)
    try:
        raw = (_only(course, assignment, path) if path.is_dir() else path).read_bytes()
    except OSError as error:
        raise AutograderError(f"{error.filename}: cannot be read ({error.strerror})") from None
    return grade(raw, chosen, isolation)


def _only(course: Course, assignment: str, folder: Path) -> Path:
    """The folder's one notebook of the assignment, or its one notebook."""
    found = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    kinds = Kinds(course)
    found = [p for p in found if kinds.of(p.read_bytes()) == assignment] or found
    if len(found) != 1:
        names = ", ".join(p.name for p in found) or "none"
        raise AutograderError(f"{folder}: one notebook of {assignment} is needed, there is {names}")
    return found[0]


def as_gradescope(result: dict) -> dict:
    """The `results.json` that Gradescope shows (its autograder documentation, "Output format")."""
    if result["status"] != "graded":
        return {"score": 0, "output": f"This file could not be graded: {result['reason']}."}
    return {
        "score": round(result["score"], 2), "execution_time": result["seconds"],
        "output": "\n".join(clean(result["notes"])), "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [{
            "name": part["title"], "number": str(number), "score": part["score"],
            "max_score": part["max_score"],
            "status": "passed" if part["score"] == part["max_score"] else "failed",
            "output": _lines(part), "output_format": "text", "visibility": "visible",
        } for number, part in enumerate(result["parts"], 1)]}


def as_classroom(result: dict) -> dict:
    """The JSON of GitHub Classroom's graders (education/autograding-command-grader, version 1)."""
    graded = result["status"] == "graded"
    tests = [{
        "name": part["title"], "score": part["score"], "line_no": 0, "execution_time": "0s",
        "status": "pass" if part["score"] == part["max_score"] else "fail",
        "message": _lines(part), "test_code": "", "filename": "",
    } for part in result["parts"]]
    full = graded and result["score"] == result["max_score"]
    return {"version": 1, "status": "pass" if full else "fail" if graded else "error",
            "max_score": result["max_score"],
            "tests": tests if graded else [{
                "name": result["assignment"], "status": "error", "score": 0, "line_no": 0,
                "message": f"This file could not be graded: {result['reason']}.", "test_code": "",
                "filename": "", "execution_time": "0s"}]}


def as_classroom_output(result: dict) -> str:
    """The same as that workflow's reporter takes it: base64."""
    return base64.b64encode(json.dumps(as_classroom(result)).encode()).decode()


FORMS = {"result": lambda result: result, "gradescope": as_gradescope, "classroom": as_classroom,
         "classroom-base64": as_classroom_output}


def _lines(part: dict) -> str:
    return "\n".join(clean(f"{test['title']}: {test['message'] or test['outcome']}")
                     for test in part["tests"])


def gradescope_zip(assignment: Assignment) -> bytes:
    """What Gradescope runs: `setup.sh`, `run_autograder`, and below `course` what grading needs."""
    name, engine = assignment.name, PROJECT / "autograder"
    graders = Path(assignment.graders.__path__[0])
    files = {f"course/source_solutions/{name}/{name}.ipynb": assignment.source_path.read_bytes(),
             "course/nbgrader_config.py": render_text(
                 "gradescope/nbgrader_config.py.txt", package=assignment.package).encode()}
    package = assignment.package.replace(".", "/")
    for folder, inside in ((engine, "autograder"), (graders.parent, package),
                           (graders, f"{package}/{name}")):
        for path in sorted(folder.glob("*.py")):
            files[f"course/{inside}/{path.name}"] = path.read_bytes()
    for folder in (PROJECT / "nncourse", engine / "templates"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not {"build", "__pycache__"} & set(path.parts):
                files[f"course/{path.relative_to(PROJECT).as_posix()}"] = path.read_bytes()
    uses_torch = any(b"torch" in content for path, content in files.items()
                     if f"/{name}" in path)
    files["requirements.txt"] = _pins(uses_torch).encode()
    for script in SCRIPTS:
        files[script] = render_text(f"gradescope/{script}", assignment=name,
                                    graders=package).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if path in SCRIPTS else 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _pins(torch: bool) -> str:
    """The pinned versions of what the engine and the students' library ask for."""
    asked = {"torch"} if torch else set()
    for package in ("autograder", "nncourse"):
        project = tomllib.loads((PROJECT / package / "pyproject.toml").read_text())["project"]
        asked |= {Requirement(text).name.lower() for text in project["dependencies"]}
    asked |= {"ipython", "ipykernel"}
    pinned = [line for line in (PROJECT / "requirements.txt").read_text().splitlines()
              if re.match(r"[\w.-]+", line)
              and re.match(r"[\w.-]+", line).group().lower() in asked]
    return "\n".join(pinned) + "\n"
