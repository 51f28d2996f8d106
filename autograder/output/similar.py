"""Pairs of submissions that share unusual code, by fingerprints of it.

All of them, where MOSS (Schleimer, Wilkerson and Aiken, SIGMOD 2003) samples: a class is small.

A high share is a reason to read both notebooks, no proof of anything: short functions have few
right forms, and students may learn from each other. What many students write is not counted.
"""

import collections
import itertools
from typing import TypedDict

from nbformat import NotebookNode

from autograder.grading.result import Result
from autograder.lexer import tokens

K = 25  # characters of a fingerprint, with one letter for each name
COMMON = 0.2  # of the class: what so many write says nothing
SHARE = 0.5  # of the uncommon code, for a pair to be listed
LEAST = 20  # fingerprints: less is chance
MAX_PAIRS = 25
MAX_CODE = 40_000  # characters of one student's; the largest homework has 16,000
LETTERS = {"word": "V", "name": "F", "string": "S", "comment": "", "space": ""}


class Pair(TypedDict):
    """Students `a` and `b`, and the `share` of the shorter one's code that both have."""

    a: str
    b: str
    share: float


class Similar(TypedDict):
    """The most similar `pairs`, and whose code was `cut` for its length."""

    pairs: list[Pair]
    cut: list[str]


def own_code(result: Result, released: NotebookNode) -> str:
    """What a student wrote: solution cells and added ones, without the text they were given."""
    locked = {cell.metadata.nbgrader.grade_id for cell in released.cells
              if "nbgrader" in cell.metadata and cell.metadata.nbgrader.get("locked")}
    return "\n".join(cell["source"] for cell in result["cells"]
                     if cell["grade_id"] not in locked)


def similar_pairs(results: dict[str, Result], released: NotebookNode) -> Similar:
    """The most similar `pairs` of graded submissions, and whose code was `cut` for its length.

    Parameters
    ----------
    results : by student id (docs/results.md)
    released : the notebook that all were given
    """
    given = "\n".join(cell.source for cell in released.cells if cell.cell_type == "code")
    codes = {student: own_code(result, released) for student, result in results.items()
             if result["status"] == "graded"}
    return {"pairs": pairs(codes, given),
            "cut": sorted(student for student, code in codes.items() if len(code) > MAX_CODE)}


def pairs(codes: dict[str, str], given: str) -> list[Pair]:
    """The most similar pairs: students `a` and `b`, and the `share` of the shorter one's code.

    Parameters
    ----------
    codes : what each student wrote, by id
    given : code that all were given
    """
    prints = {student: _fingerprints(code) for student, code in codes.items()}
    counts = collections.Counter(h for found in prints.values() for h in found)
    limit = max(3, COMMON * len(codes))  # of a small class everything would be common
    common = {h for h, count in counts.items() if count > limit} | _fingerprints(given)
    own = {student: found - common for student, found in prints.items()}
    # only what two have can be in both: the sets to compare are much smaller
    shared = {student: {h for h in found if counts[h] > 1} for student, found in own.items()}
    similar: list[Pair] = []
    for a, b in itertools.combinations(sorted(own), 2):
        smaller = min(len(own[a]), len(own[b]))
        if smaller >= LEAST and (share := len(shared[a] & shared[b]) / smaller) >= SHARE:
            similar.append({"a": a, "b": b, "share": round(share, 2)})
    return sorted(similar, key=lambda pair: -pair["share"])[:MAX_PAIRS]


def _fingerprints(code: str) -> set[int]:
    """Of each K characters in a row, names left out; of the first MAX_CODE characters of code."""
    kept = "".join(LETTERS.get(kind, text) for kind, text in tokens(code[:MAX_CODE]))
    return {hash(kept[i:i + K]) for i in range(len(kept) - K + 1)}
