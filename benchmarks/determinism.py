"""Grade the same submissions again and again, under changing conditions, and compare the results.

Every run is `autograder grade` in a fresh course, with 1 or 2 workers in turn, another seed of
Python's hashes, another time zone and locale, and 0 to 3 busy processes beside it. Results are
compared without their times and without pictures, as two notebooks draw how long something took.
Writes `benchmarks/results/determinism.json`.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from tqdm import tqdm

from autograder.grading.grade import without_times

PROJECT = Path(__file__).resolve().parents[1]
OUT = Path(__file__).resolve().parent / "results" / "determinism.json"
BUSY = "while True: pass"
# one who is right and one who is not
STUDENTS = ("ada", "hedy")


def autograder(course: Path, *arguments: str, **env: str) -> str:
    """Run a command in the course's folder, and return what it printed."""
    return subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=course, check=True,
                          capture_output=True, text=True, env=os.environ | env).stdout


def fingerprint(report: str) -> dict[str, str]:
    """A hash of each student's result, without what depends on the clock."""
    prints = {}
    for outcome in json.loads(report)["outcomes"]:
        result = without_times(outcome["result"])
        cells = [cell | {"images": len(cell["images"])} for cell in result["cells"]]
        text = json.dumps(result | {"cells": cells}, sort_keys=True)
        prints[outcome["student"]] = hashlib.sha256(text.encode()).hexdigest()
    return prints


def released_course(root: Path, assignment: str) -> Path:
    """A course with the assignment released and some sample students' submissions."""
    course = root / assignment
    subprocess.run([sys.executable, "samples/make_samples.py", course, "--course",
                    "--assignment", assignment, "--students", *STUDENTS],
                   cwd=PROJECT, check=True, capture_output=True)
    autograder(course, "release", assignment)
    return course


def one_run(released: Path, number: int) -> dict[str, str]:
    """Grade in a fresh copy of the course under the conditions of run `number`."""
    zones = ("UTC", "Asia/Kathmandu", "America/St_Johns")
    conditions = {"PYTHONHASHSEED": str(number), "TZ": zones[number % 3],
                  "LC_ALL": ("C", "C.UTF-8")[number % 2]}
    beside = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(number % 4)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            course = shutil.copytree(released, Path(folder) / "course")
            return fingerprint(autograder(course, "grade", released.name, "--workers",
                                          str(1 + number % 2), "--json", **conditions))
    finally:
        for process in beside:
            process.kill()
            process.wait()


def main() -> None:
    """Repeat for every assignment, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((PROJECT / "source_solutions").glob("hw*")):
            released, seen = released_course(Path(folder), path.name), {}
            for number in tqdm(range(arguments.runs), desc=path.name):
                for student, result in one_run(released, number).items():
                    seen.setdefault(student, set()).add(result)
            rows[path.name] = {"submissions": len(seen), "runs": arguments.runs,
                               "different": sum(len(results) > 1 for results in seen.values())}
            print(path.name, rows[path.name])
    OUT.parent.mkdir(exist_ok=True)
    command = " ".join(["python", "benchmarks/determinism.py", *sys.argv[1:]])
    OUT.write_text(json.dumps({
        "command": command, "date": date.today().isoformat(),
        "python": platform.python_version(), "device": f"CPU, {os.cpu_count()} cores",
        "assignments": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
