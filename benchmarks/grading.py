"""The same class graded by nbgrader, by otter-grader, by us and by plain Python, in turn.

The class comes in parts, each graded by everybody before the next, so that the times have a spread.
With OTTER in the environment naming a Python that has otter-grader as well, it takes part.
All notebooks hold right answers; no two are the same file. With --bare, cells that only draw or
train for the student's eyes are taken out of everybody's notebooks.
nbgrader and otter run the hidden tests inside the notebook, as their users do. Plain Python
executes the same cells and the same hidden tests without kernel, sandbox or gradebook, in a fresh
process for each notebook, and again in forks of a process that has imported the libraries. Two at
a time work for all but nbgrader, whose command has no such option. Seconds per submission are those
of the whole command that a TA waits for; ours isolates. With --others, all but ours grade only so
many of each part: they begin anew with each notebook, so one takes as long in a class of any size.
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from unittest import mock

import nbformat
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import ClearHiddenTests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record
from hidden_checks import ROOT, assignment_of, points_of

from autograder.grading.notebook import code_to_run, is_autograded, only_shown, parts
from autograder.sandbox.forkserver import with_later
from autograder.term.init_term import begin

HIDDEN = "run_hidden_tests()"
CHECK = "import hidden_checks\nhidden_checks.points_of({part!r}, {name!r}, globals())"
WORKERS = 2
ALONE = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}  # where no kernel sets them
CONFIG = """\
load_subconfig("{root}/nbgrader_config.py")
c = get_config()
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
"""
NBGRADER_CONFIG = """\
c = get_config()
c.ExecutePreprocessor.timeout = 600
c.ClearSolutions.enforce_metadata = False
"""
OTTER_TEST = """\
OK_FORMAT = True
test = {{"name": {part!r}, "points": {points}, "suites": [{{"cases": [{{
    "code": ">>> from hidden_checks import points_of\\n"
            ">>> points_of({part!r}, {name!r}, globals())\\n{points}",
    "hidden": False, "locked": False}}],
    "scored": True, "setup": "", "teardown": "", "type": "doctest"}}]}}
"""


def source_of(name: str, all_cells: bool) -> nbformat.NotebookNode:
    """The source notebook with the cells that are to be run."""
    source = nbformat.from_dict(assignment_of(name).source)
    left_out = frozenset() if all_cells else only_shown(source)
    source.cells = [cell for i, cell in enumerate(source.cells) if i not in left_out]
    return source


def write_class(course: Path, name: str, source: nbformat.NotebookNode,
                numbers: range) -> list[Path]:
    """Source and these students' right submissions in nbgrader's folders; the submissions."""
    folder = course / "source" / name
    folder.mkdir(parents=True)
    nbformat.write(source, folder / f"{name}.ipynb")
    right, _ = ClearHiddenTests().preprocess(nbformat.from_dict(source), {})
    paths = []
    for number in numbers:
        copy = nbformat.from_dict(right)
        copy.cells.append(new_markdown_cell(f"Student {number}"))
        paths.append(course / "submitted" / f"s{number:03d}" / name / f"{name}.ipynb")
        paths[-1].parent.mkdir(parents=True)
        nbformat.write(copy, paths[-1])
    return paths


def environment(python: str) -> dict[str, str]:
    """The environment of a command of that Python's: the hidden tests can be imported."""
    return os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}", "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(python).parent}:{os.environ['PATH']}"}


def timed(*command: str, cwd: Path, python: str = sys.executable) -> float:
    """Wall seconds of one command of Python's."""
    started = time.perf_counter()
    done = subprocess.run([python, *command], cwd=cwd, env=environment(python),
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started


def total(course: Path, name: str) -> float:
    """All points in a course's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return sum(s.score for s in gradebook.assignment_submissions(name))


def by_us(course: Path, name: str, source: nbformat.NotebookNode, numbers: range,
          *where: str):
    """`autograder grade`, with two workers unless `where` says otherwise; seconds and points."""
    students = write_class(course, name, source, numbers)
    (course / "nbgrader_config.py").write_text(CONFIG.format(root=ROOT))
    (course / "list.csv").write_text("student_id\n" + "".join(
        f"{path.parents[1].name}\n" for path in students))
    begin(course, course / "list.csv", name="", timezone="UTC")
    timed("-m", "autograder", "release", name, cwd=course)
    seconds = timed("-m", "autograder", "grade", name,
                    *(where or ("--workers", str(WORKERS))), cwd=course)
    return seconds, total(course, name)


def by_nbgrader(course: Path, name: str, source: nbformat.NotebookNode, numbers: range):
    """`nbgrader autograde`, the hidden tests in the notebook; seconds and points."""
    source = nbformat.from_dict(source)
    for cell in source.cells:
        if is_autograded(cell):
            part = cell.metadata.nbgrader.grade_id
            cell.source = cell.source.replace(HIDDEN, CHECK.format(part=part, name=name))
    write_class(course, name, source, numbers)
    (course / "nbgrader_config.py").write_text(NBGRADER_CONFIG)
    timed("-m", "nbgrader", "generate_assignment", name, cwd=course)
    seconds = timed("-m", "nbgrader", "autograde", name, "--create", cwd=course)
    return seconds, total(course, name)


def by_otter(python: str, course: Path, name: str, source: nbformat.NotebookNode, numbers: range):
    """`otter run` for each submission; seconds and points."""
    students = write_class(course, name, source, numbers)
    (course / "tests").mkdir()
    for part in parts(source):
        (course / "tests" / f"{part.name}.py").write_text(
            OTTER_TEST.format(part=part.name, points=float(part.points), name=name))
    timed("-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip", cwd=course,
          python=python)

    def run(path):
        timed("-m", "otter", "run", "-a", "autograder.zip", "-o", str(path.parent),
              "--no-logo", str(path), cwd=course, python=python)

    started = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, students))
    seconds = time.perf_counter() - started
    results = [json.loads((path.parent / "results.json").read_text()) for path in students]
    return seconds, sum(test.get("score", 0) for result in results for test in result["tests"])


def floor(path: Path, name: str) -> None:
    """Execute one notebook's cells and all hidden tests in this process; print the points."""
    namespace = {"__name__": "__main__"}
    notebook = nbformat.read(path, as_version=4)
    os.chdir(path.parent)
    with contextlib.redirect_stdout(io.StringIO()):
        for source in code_to_run(notebook).values():
            exec(compile(source, "cell", "exec"), namespace)
    score = sum(points_of(part.name, name, namespace)
                for part in parts(assignment_of(name).source))
    (path.parent / "points").write_text(str(score))


def points_of_all(students: list[Path]) -> float:
    """The sum of what `floor` wrote."""
    return sum(float((path.parent / "points").read_text()) for path in students)


def by_plain_python(course: Path, name: str, source: nbformat.NotebookNode, numbers: range):
    """A process for each notebook; seconds and points."""
    students = write_class(course, name, source, numbers)

    def run(path):
        timed(__file__, "--floor", str(path), "--assignment", name, cwd=course)

    started = time.perf_counter()
    with mock.patch.dict(os.environ, ALONE), ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, students))
    return time.perf_counter() - started, points_of_all(students)


def by_forks(course: Path, name: str, source: nbformat.NotebookNode, numbers: range):
    """A fork of a process that has the libraries for each; seconds and points."""
    students = write_class(course, name, source, numbers)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *with_later(assignment_of(name).modules)])
    started = time.perf_counter()
    with mock.patch.dict(os.environ, ALONE), ProcessPoolExecutor(
            WORKERS, mp_context=context, max_tasks_per_child=1) as pool:
        list(pool.map(floor, students, [name] * len(students)))
    return time.perf_counter() - started, points_of_all(students)


def main() -> None:
    """Measure part by part, each grader in turn, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw2_softmax")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--others", type=int)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--floor", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    name, count = arguments.assignment, arguments.count
    if arguments.floor:
        return floor(arguments.floor, name)
    graders = {"nbgrader autograde": by_nbgrader, "autograder grade": by_us,
               "plain Python": by_plain_python, "plain Python, forked": by_forks}
    if os.environ.get("OTTER"):
        graders["otter run"] = partial(by_otter, os.environ["OTTER"])
    source = source_of(name, not arguments.bare)
    full = sum(part.points for part in parts(source))
    seen = {grader: [] for grader in graders}
    for first in range(arguments.parts):
        whole = range(first, count, arguments.parts)
        for grader, measure in graders.items():
            numbers = whole if measure is by_us else whole[:arguments.others]
            with tempfile.TemporaryDirectory() as folder:
                seconds, points = measure(Path(folder), name, source, numbers)
            if points != full * len(numbers):
                sys.exit(f"{grader}: {points:g} of {full * len(numbers):g} points")
            seen[grader].append(seconds / len(numbers))
            print(f"{grader:20} {seen[grader][-1]:.3f} s per submission", flush=True)
    table = {grader: {
        "seconds_per_submission": round(statistics.median(times), 3),
        "all": [round(t, 3) for t in times],
        "throughput_of_nbgraders": round(statistics.median(
            theirs / ours for theirs, ours in zip(seen["nbgrader autograde"], times)), 2),
    } for grader, times in seen.items()}
    file = f"grading_{name}{'_bare' if arguments.bare else ''}.json"
    record.write(Path(__file__).parent / "results" / file,
                 {"assignment": name, "count": count, "parts": arguments.parts,
                  "others_of_each_part": arguments.others,
                  "all_cells": not arguments.bare, "workers": WORKERS, "graders": table},
                 packages=("nbgrader", "numpy", "pytest"), generated="one right notebook's copies")
    print(json.dumps(table, indent=1))
    return None


if __name__ == "__main__":
    main()
