"""What one hostile student costs a class of ten honest ones: wall time with and without, in turn.

The class is of the toy assignment, whose limits are short here; the hostile submissions are those
of tests/faults/hostile.py. For each kind of them, the class is graded without and with one.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "autograder"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "faults"))
import record
from hostile import KINDS, LIMITS, hand_in, make_course

from autograder.batch.batch import grade_class
from autograder.batch.local_pool import ThisMachine
from autograder.grading.grade import longest
from autograder.sandbox.isolation import choose_isolation

HONEST = 10


def graded(kind: str, workers: int) -> tuple[float, list[float], int]:
    """Seconds of the class, those of its honest submissions, and how many of these kept all."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder))
        if kind:
            hand_in(course, "hostile", kind)
        for number in range(HONEST):
            hand_in(course, f"honest{number}")
        isolation = choose_isolation(unsafe=False)
        started = time.perf_counter()
        results = {o.student: o.result for o in grade_class(
            course, course.assignment("toy"), course.submissions("toy"), isolation,
            ThisMachine(workers), None)}
        took = time.perf_counter() - started
    honest = [r for student, r in results.items() if student != "hostile"]
    return took, [r["seconds"] for r in honest], sum(r["score"] == 5 for r in honest)


def main() -> None:
    """Measure, print and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    graded("", arguments.workers)  # the first warms the disk's cache
    rows = []
    for kind in KINDS:
        pairs = [(graded("", arguments.workers), graded(kind, arguments.workers))
                 for _ in range(arguments.rounds)]
        row = {
            "attacker": kind,
            "class_alone": round(statistics.median(a[0] for a, _ in pairs), 2),
            "class_with_it": round(statistics.median(b[0] for _, b in pairs), 2),
            "slowdown": round(max(b[0] - a[0] for a, b in pairs), 2),
            "honest_alone": round(statistics.median(s for a, _ in pairs for s in a[1]), 2),
            "honest_with_it": round(max(s for _, b in pairs for s in b[1]), 2),
            "honest_with_all_points": min(b[2] for _, b in pairs)}
        rows.append(row)
        print(f"{kind}: {row['class_alone']} s alone, {row['class_with_it']} s with it, at most "
              f"{row['slowdown']} s more; {row['honest_with_all_points']} of {HONEST} honest "
              "ones keep all points", flush=True)
    record.write(Path(__file__).parent / "results" / "hostile_class.json", {
        "honest": HONEST, "workers": arguments.workers, "rounds": arguments.rounds,
        "bound": longest(LIMITS), "limits": vars(LIMITS), "rows": rows},
        packages=("numpy", "msgspec"), generated="submissions of the toy assignment")


if __name__ == "__main__":
    main()
