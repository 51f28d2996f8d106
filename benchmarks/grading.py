"""A class graded by nbgrader alone, by us, and by plain Python: the same notebooks and checks.

All notebooks hold right answers and none is the same as another. For nbgrader the hidden tests run
inside the notebook, as its users write them; plain Python, two processes at a time, executes the
same cells and the same hidden tests without kernel, sandbox or gradebook: the floor. Seconds per
submission with everything that a TA waits for; ours with isolation.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "experiments"), str(ROOT / "samples")]
import record  # noqa: E402
from make_samples import make_samples  # noqa: E402

from autograder.beginning import begin  # noqa: E402
from autograder.grading import Assignment, run_part  # noqa: E402
from autograder.notebook import code_to_run, parts  # noqa: E402

RIGHT = "ada"  # of the sample class
CHECK = "import grading\ngrading.check({part!r}, {name!r}, globals())"


def assignment_of(name: str) -> Assignment:
    """The project's own assignment."""
    return Assignment(name, ROOT / "source_solutions" / name / f"{name}.ipynb")


def check(part: str, name: str, namespace: dict) -> float:
    """Points of one part; what nbgrader's notebook and plain Python call."""
    assignment = assignment_of(name)
    tests = run_part(assignment, namespace, part, assignment.limits.call_seconds)
    points = {p.name: p.points for p in parts(assignment.source)}[part]
    weights = sum(t["weight"] for t in tests)
    return points * sum(t["weight"] for t in tests if t["outcome"] == "passed") / weights


def floor(path: Path, name: str) -> float:
    """Execute a notebook's cells and all hidden tests in this process; the points."""
    assignment, namespace = assignment_of(name), {"__name__": "__main__"}
    notebook = nbformat.read(path, as_version=4)
    os.chdir(path.parent)
    with open(os.devnull, "w") as nowhere:
        sys.stdout = nowhere
        for source in code_to_run(notebook).values():
            exec(compile(source, "cell", "exec"), namespace)
        sys.stdout = sys.__stdout__
    return sum(check(part.name, name, namespace) for part in parts(assignment.source))


def students(folder: Path, name: str, count: int) -> list[Path]:
    """Distinct right notebooks below `folder`, laid out as `submitted/`."""
    with tempfile.TemporaryDirectory() as held:
        (path,) = make_samples(name, Path(held), [RIGHT])
        notebook = nbformat.read(path, as_version=4)
    paths = []
    for number in range(count):
        copy = nbformat.from_dict(notebook)
        copy.cells.append(new_markdown_cell(f"Student {number}"))
        paths.append(folder / f"s{number:03d}" / name / f"{name}.ipynb")
        paths[-1].parent.mkdir(parents=True)
        nbformat.write(copy, paths[-1])
    return paths


def timed(*command: str, cwd: Path) -> float:
    """Wall seconds of one command of this Python."""
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}", "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *command], cwd=cwd, env=environment,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started


def total(course: Path, name: str) -> float:
    """All points in a course's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return sum(s.score for s in gradebook.assignment_submissions(name))


def by_us(name: str, count: int) -> tuple[float, float]:
    """Seconds and points with `autograder grade`, two workers."""
    with tempfile.TemporaryDirectory() as held:
        course = Path(held)
        paths = students(course / "submitted", name, count)
        (course / "list.csv").write_text("student_id\n" + "".join(
            f"{p.parents[1].name}\n" for p in paths))
        begin(course, course / "list.csv", name="", timezone="UTC")
        timed("-m", "autograder", "release", name, cwd=course)
        seconds = timed("-m", "autograder", "grade", name, "--workers", "2", cwd=course)
        return seconds, total(course, name)


def by_nbgrader(name: str, count: int) -> tuple[float, float]:
    """Seconds and points with `nbgrader autograde` and the hidden tests in the notebook."""
    with tempfile.TemporaryDirectory() as held:
        course = Path(held)
        students(course / "submitted", name, count)
        shutil.copytree(ROOT / "source_solutions" / name, course / "source" / name)
        source = course / "source" / name / f"{name}.ipynb"
        notebook = nbformat.read(source, as_version=4)
        for cell in notebook.cells:
            part = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = cell.source.replace("run_hidden_tests()",
                                              CHECK.format(part=part, name=name))
        nbformat.write(notebook, source)
        (course / "nbgrader_config.py").write_text(
            "c = get_config()\nc.ExecutePreprocessor.timeout = 600\n"
            "c.ClearSolutions.enforce_metadata = False\n")
        timed("-m", "nbgrader", "generate_assignment", name, cwd=course)
        seconds = timed("-m", "nbgrader", "autograde", name, "--create", cwd=course)
        return seconds, total(course, name)


def by_plain_python(name: str, count: int) -> tuple[float, float]:
    """Seconds and points of plain processes, each notebook in a fork of its own."""
    with tempfile.TemporaryDirectory() as held:
        paths = students(Path(held), name, count)
        started = time.perf_counter()
        with ProcessPoolExecutor(2, mp_context=get_context("fork"),
                                 max_tasks_per_child=None) as pool:
            points = sum(pool.map(floor, paths, [name] * count))
        return time.perf_counter() - started, points


TOOLS = {"nbgrader": by_nbgrader, "autograder": by_us, "plain Python": by_plain_python}


def main() -> None:
    """Measure in rounds, each tool in turn, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw2_softmax")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path,
                        default=Path(__file__).parent / "results" / "grading.json")
    arguments = parser.parse_args()
    name, count = arguments.assignment, arguments.count
    seen = {tool: [] for tool in TOOLS}
    for _ in range(arguments.rounds):
        for tool, measure in TOOLS.items():
            seconds, points = measure(name, count)
            seen[tool].append(seconds / count)
            print(f"{tool:14} {seconds / count:.3f} s per submission, {points:g} points",
                  flush=True)
    results = {tool: {"median": round(statistics.median(times), 3),
                      "all": [round(t, 3) for t in times]} for tool, times in seen.items()}
    for tool in ("autograder", "plain Python"):
        ratios = [a / b for a, b in zip(seen["nbgrader"], seen[tool], strict=True)]
        results[tool]["times nbgrader's throughput"] = round(statistics.median(ratios), 2)
    print(json.dumps(results, indent=1))
    record.write(arguments.out, {"assignment": name, "count": count, "tools": results},
                 packages=("nbgrader", "numpy"), generated="copies of one right notebook")


if __name__ == "__main__":
    main()
