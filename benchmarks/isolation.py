"""What isolation costs: the same submission graded with and without bubblewrap, in turn.

Prints seconds per submission and the ratio, medians of pairs from one run.
"""

import argparse
import statistics
import time
from pathlib import Path

import nbformat
from nbgrader.preprocessors import ClearHiddenTests

from autograder.grading.assignment import Assignment
from autograder.grading.grade import grade
from autograder.sandbox.isolation import choose_isolation

SOURCES = Path(__file__).resolve().parents[1] / "source_solutions"


def seconds(assignment: Assignment, submission: bytes, isolation: str) -> float:
    """Wall time of grading the submission once."""
    started = time.perf_counter()
    result = grade(submission, assignment, isolation)
    assert result["score"] == result["max_score"]
    return time.perf_counter() - started


def main() -> None:
    """Measure pairs and print their medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw1_perceptron")
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    choose_isolation(unsafe=False)  # ends here, with the reason, where there is none to measure
    name = arguments.assignment
    assignment = Assignment(name, SOURCES / name / f"{name}.ipynb")
    notebook, _ = ClearHiddenTests().preprocess(nbformat.from_dict(assignment.source), {})
    submission = nbformat.writes(notebook).encode()
    pairs = [[seconds(assignment, submission, isolation) for isolation in ("bubblewrap", "none")]
             for _ in range(arguments.pairs + 1)][1:]  # the first warms the disk's cache
    isolated, plain = (statistics.median(column) for column in zip(*pairs))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name}: isolated {isolated:.3f} s, not isolated {plain:.3f} s, ratio {ratio:.3f} "
          f"(medians of {len(pairs)} pairs)")


if __name__ == "__main__":
    main()
