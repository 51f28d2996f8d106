"""Pairs of submissions that share unusual code, by copydetect's fingerprints.

All of them, where MOSS (Schleimer, Wilkerson and Aiken, SIGMOD 2003) samples: a class is small.

A high share is a reason to read both notebooks, no proof of anything: short functions have few
right forms, and students may learn from each other. What many students write is not counted.
"""

import collections
import io
import itertools

from nbformat import NotebookNode

K = 25  # characters of a fingerprint, once copydetect has put one letter for each name
COMMON = 0.2  # of the class: what so many write says nothing
SHARE = 0.5  # of the uncommon code, for a pair to be listed
LEAST = 20  # fingerprints: less is chance
MAX_PAIRS = 25


def own_code(result: dict, released: NotebookNode) -> str:
    """What a student wrote: solution cells and added ones, without the text they were given."""
    locked = {cell.metadata.nbgrader.grade_id for cell in released.cells
              if "nbgrader" in cell.metadata and cell.metadata.nbgrader.get("locked")}
    return "\n".join(cell["source"] for cell in result["cells"]
                     if cell["grade_id"] not in locked)


def similar_pairs(results: dict[str, dict], released: NotebookNode) -> list[dict]:
    """The most similar pairs of graded submissions; `released` is what all were given."""
    given = "\n".join(cell.source for cell in released.cells if cell.cell_type == "code")
    return pairs({student: own_code(result, released) for student, result in results.items()
                  if result["status"] == "graded"}, given)


def pairs(codes: dict[str, str], given: str) -> list[dict]:
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
    similar = []
    for a, b in itertools.combinations(sorted(own), 2):
        smaller = min(len(own[a]), len(own[b]))
        if smaller >= LEAST and (share := len(own[a] & own[b]) / smaller) >= SHARE:
            similar.append({"a": a, "b": b, "share": round(share, 2)})
    return sorted(similar, key=lambda pair: -pair["share"])[:MAX_PAIRS]


def _fingerprints(code: str) -> set[int]:
    """Of each K tokens in a row, names of variables and functions left out."""
    from copydetect import CodeFingerprint  # here: with matplotlib it takes long to import

    return set(CodeFingerprint("code.py", K, 1, fp=io.StringIO(code)).hashes)
