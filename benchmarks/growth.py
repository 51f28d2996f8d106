"""How grading grows with the class: time, memory, a second run, one change, the gradebook.

Classes of different sizes are made of different files (copies of one right notebook, each with a
line of its own, without the cells that only draw or train) and graded by `autograder grade` with
two workers and isolation; then the command is run again, and again after one student handed in
something new, several times in turn, and at last when all results are stored but none is recorded
in the gradebook.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record
from grading import CONFIG, WORKERS, environment, source_of, write_class
from hidden_checks import ROOT

from autograder.term.init_term import begin

LOOK_SECONDS = 0.2
ROUNDS = 5  # of second runs


def run(course: Path, *command: str) -> tuple[float, int, int]:
    """Seconds of a TA's command, and the most memory of its first process and of all others.

    In bytes; a page that processes share is divided among them. Of all others only every tenth
    look is taken, as it takes time itself.
    """
    started, most, others, looks = time.perf_counter(), 0, 0, 0
    with subprocess.Popen([sys.executable, "-m", "autograder", *command], cwd=course,
                          env=environment(sys.executable), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)
                break
            with contextlib.suppress(psutil.Error):
                first = psutil.Process(process.pid)
                most = max(most, first.memory_info().rss)
                if looks % 10 == 9:
                    others = max(others, sum(map(proportional, first.children(recursive=True))))
            looks += 1
    if process.returncode:
        sys.exit(f"autograder {' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - started, most, others


def proportional(process: psutil.Process) -> int:
    """Bytes of memory of a process, shared pages divided among those that share them."""
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def measure(name: str, count: int) -> dict:
    """One class, graded, graded again, and again with one change."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        students = write_class(course, name, source_of(name, all_cells=False), range(count))
        (course / "nbgrader_config.py").write_text(CONFIG.format(root=ROOT))
        (course / "list.csv").write_text("student_id\n" + "".join(
            f"{path.parents[1].name}\n" for path in students))
        begin(course, course / "list.csv", name="", timezone="UTC")
        run(course, "release", name)
        grade = ("grade", name, "--workers", str(WORKERS))
        seconds, most, others = run(course, *grade)
        again, changed = [], []
        for student in students[:ROUNDS]:
            again.append(run(course, *grade)[0])
            notebook = json.loads(student.read_text())
            notebook["cells"][-1]["source"] = "A later hand-in"
            student.write_text(json.dumps(notebook))
            changed.append(run(course, *grade)[0])
        shutil.rmtree(course / "autograded")  # all results are there, none is in the gradebook
        recorded, *_ = run(course, *grade)
    return {"count": count, "seconds_per_submission": round(seconds / count, 3),
            "megabytes": round(most / 1e6), "workers_megabytes": round(others / 1e6),
            "second_run_seconds": sorted(round(seconds, 2) for seconds in again),
            "one_changed_seconds": sorted(round(seconds, 2) for seconds in changed),
            "recording_seconds_per_submission": round(
                (recorded - statistics.median(again)) / count, 3)}


def main() -> None:
    """Measure the classes from small to large and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw2_softmax")
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 200, 800])
    arguments = parser.parse_args()
    rows = []
    for count in arguments.counts:
        rows.append(measure(arguments.assignment, count))
        print(rows[-1], flush=True)
    record.write(Path(__file__).parent / "results" / "growth.json",
                 {"assignment": arguments.assignment, "workers": WORKERS, "classes": rows},
                 packages=("nbgrader", "numpy", "pytest"), generated="one right notebook's copies")


if __name__ == "__main__":
    main()
