"""One submission at a time, for services that start a container for each: in their formats."""

import base64
import contextlib
import importlib.metadata
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from packaging.requirements import Requirement

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.closure import Closure, imports, uses
from autograder.grading.examples import as_code
from autograder.grading.result import PartRecord, Result, without_examples
from autograder.paths import TEMPLATES
from autograder.templating import render_text
from autograder.term.choice import Kinds
from autograder.term.course import Course
from autograder.term.handout import LIBRARY, library, required
from autograder.text import make_visible

DISTRIBUTION = "perceptron-to-convnet-autograder"
SCRIPTS = ("setup.sh", "run_autograder")


def grade_path(course: Course, assignment: str, path: Path, isolation: str) -> Result:
    """The result of a notebook, or of the one of this assignment in a folder.

    Raises
    ------
    AutograderError
        There is no such file, or not exactly one notebook.
    """
    from autograder.grading.grade import grade  # imports pytest, which no other command needs

    chosen = course.assignment(assignment)
    try:
        raw = (_only(course, assignment, path) if path.is_dir() else path).read_bytes()
    except OSError as error:
        raise AutograderError(f"{error.filename}: cannot be read ({error.strerror})") from None
    result = grade(raw, chosen, isolation)
    return result if course.term.examples else without_examples(result)


def _only(course: Course, assignment: str, folder: Path) -> Path:
    """The folder's one notebook of the assignment, or its one notebook."""
    found = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
    kinds = Kinds(course)

    def is_of_it(path):
        with contextlib.suppress(notebook.Unreadable):  # grading then says why
            return kinds.of(path.read_bytes(), assignment) == assignment
        return False

    found = [path for path in found if is_of_it(path)] or found
    if len(found) != 1:
        names = ", ".join(p.name for p in found) or "none"
        raise AutograderError(f"{folder}: one notebook of {assignment} is needed, there is {names}")
    return found[0]


def as_gradescope(result: Result) -> dict[str, object]:
    """The `results.json` that Gradescope shows (its autograder documentation, "Output format")."""
    if result["status"] != "graded":
        return {"score": 0, "output": f"This file could not be graded: {result['reason']}."}
    return {
        "score": round(result["score"], 2), "execution_time": result["seconds"],
        "output": "\n".join(make_visible(result["notes"])), "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [{
            "name": part["title"], "number": str(number), "score": part["score"],
            "max_score": part["max_score"],
            "status": "passed" if part["score"] == part["max_score"] else "failed",
            "output": _lines(part), "output_format": "text", "visibility": "visible",
        } for number, part in enumerate(result["parts"], 1)]}


def as_classroom(result: Result) -> dict[str, object]:
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


def as_classroom_output(result: Result) -> str:
    """The same as that workflow's reporter takes it: base64."""
    return base64.b64encode(json.dumps(as_classroom(result)).encode()).decode()


FORMS: dict[str, Callable[[Result], object]] = {
    "result": lambda result: result, "gradescope": as_gradescope, "classroom": as_classroom,
    "classroom-base64": as_classroom_output}


def _lines(part: PartRecord) -> str:
    lines = [f"{test['title']}: {test['message'] or test['outcome']}" for test in part["tests"]]
    if example := part["example"]:
        lines += ["Try this in your notebook:", as_code(example)]
    return "\n".join(make_visible(lines))


def gradescope_zip(assignment: Assignment, examples: bool = True) -> bytes:
    """What Gradescope runs: `setup.sh`, `run_autograder`, and below `course` what grading needs.

    Without `examples`, students see no input on which their functions go wrong.

    Raises
    ------
    AutograderError
        The autograder or the library is not installed, so that nobody knows what they ask for.
    """
    name = assignment.name
    config = render_text("gradescope/nbgrader_config.py.txt", package=assignment.package)
    needed = assignment.closure("autograder.__main__", *imports(config))
    files = {f"course/{place}": path.read_bytes() for place, path in needed.files.items()
             if examples or path != Path(assignment.graders.__path__[0]) / "examples.py"}
    for place, path in {**library(), **_templates()}.items():
        files[f"course/{place}"] = path.read_bytes()
    files["course/nbgrader_config.py"] = config.encode()
    # with the points of term.toml, which stays here: it may name students
    files[f"course/source_solutions/{name}/{name}.ipynb"] = nbformat.writes(
        assignment.source).encode()
    graders = _grader_folders(needed, assignment.package)
    code = [*notebook.code_to_run(assignment.source).values(),
            *(path.read_text(encoding="utf-8", errors="replace")
              for place, path in needed.files.items() if place.startswith(graders))]
    files["requirements.txt"] = _pins(["torch"] if uses("torch", code) else []).encode()
    for script in SCRIPTS:
        files[script] = render_text(f"gradescope/{script}", assignment=name,
                                    graders=graders).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in sorted(files.items()):
            info = zipfile.ZipInfo(place, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if place in SCRIPTS else 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _templates() -> dict[str, Path]:
    return {f"autograder/output/templates/{path.relative_to(TEMPLATES).as_posix()}": path
            for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}


def _grader_folders(needed: Closure, package: str) -> tuple[str, ...]:
    """The folders of the zip that hold graders, the assignment's own or others that they import."""
    top = package.partition(".")[0]
    folders = {package if top == "autograder" else top, Assignment.package}
    places = (f"{name.replace('.', '/')}/" for name in sorted(folders))
    return tuple(folder for folder in places if any(p.startswith(folder) for p in needed.files))


def _pins(more: list[str]) -> str:
    """What the engine and the students' library ask for, and `more`, in the versions used here."""
    wanted = [*map(Requirement, more), *required(DISTRIBUTION), *required(LIBRARY)]
    return "\n".join(sorted({_pin(one) for one in wanted if one.name != LIBRARY})) + "\n"


def _pin(wanted: Requirement) -> str:
    try:
        version = importlib.metadata.version(wanted.name)
    except importlib.metadata.PackageNotFoundError:  # asked for on Linux only, and here is another
        return f"{wanted.name}{wanted.specifier}"
    return f"{wanted.name}=={version.partition('+')[0]}"  # any build will do
