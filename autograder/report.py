"""The instructor's page: how the class did, which mistakes it made, what needs a person."""

import collections
import urllib.parse

import numpy as np

from autograder.pages import OUTCOMES, clean, render

NUM_BINS = 10


def render_report(assignment: str, results: dict[str, dict], roster: list[str]) -> str:
    """One self-contained HTML page.

    Parameters
    ----------
    results : the result of every student whose file was looked at (docs/results.md)
    roster : ids of all students, also of those who handed nothing in
    """
    results = {student: clean({k: v for k, v in result.items() if k != "cells"})
               for student, result in sorted(results.items())}
    graded = {s: r for s, r in results.items() if r["status"] == "graded"}
    missing = sorted(set(roster) - set(results))
    totals = np.array([r["score"] for r in graded.values()])
    figures = [("graded", len(graded)), ("nothing handed in", len(missing)),
               ("unreadable", len(results) - len(graded))]
    if len(graded):
        figures += [("mean points", f"{totals.mean():.1f}"), ("median", f"{np.median(totals):g}")]
    return render(
        "report.html", assignment=assignment, figures=figures, graded=len(graded),
        isolation_missing=sum(r["isolation"] == "none" for r in graded.values()),
        bins=_bins(graded), parts=_parts(graded), mistakes=_mistakes(graded),
        faults=[(s, p["title"], {"fault": None, **t}) for s, p, t in _tests(graded)
                if t["outcome"] == "grader_fault"],
        stopped=_stopped(graded), rows=_rows(assignment, results, missing))


def _tests(graded):
    for student, result in graded.items():
        for part in result["parts"]:
            for test in part["tests"]:
                yield student, part, test


def _bins(graded: dict) -> list[dict]:
    """Columns of the histogram in the chart's coordinates (640 by 220)."""
    top = max((r["max_score"] for r in graded.values()), default=1.0)
    counts, edges = np.histogram([r["score"] for r in graded.values()], NUM_BINS, (0, top))
    tallest, width = max(int(counts.max()), 1), 620 / NUM_BINS
    return [{
        "count": int(count), "label": f"{edges[i]:g}-{edges[i + 1]:g}",
        "x": round(10 + i * width + 3, 1), "width": round(width - 6, 1),
        "middle": round(10 + (i + 0.5) * width, 1),
        "height": round(165 * count / tallest, 1), "y": round(190 - 165 * count / tallest, 1),
    } for i, count in enumerate(counts)]


def _parts(graded: dict) -> list[dict]:
    if not graded:
        return []
    scores = np.array([[p["score"] for p in r["parts"]] for r in graded.values()])  # (S, P)
    parts = []
    for i, part in enumerate(next(iter(graded.values()))["parts"]):
        outcomes = collections.Counter(
            test["outcome"] for result in graded.values() for test in result["parts"][i]["tests"])
        share = scores[:, i].mean() / part["max_score"] if part["max_score"] else 0.0
        parts.append({"name": part["name"], "title": part["title"],
                      "max_score": part["max_score"], "share": f"{share:.0%}",
                      "discrimination": _discrimination(scores, i),
                      "outcomes": _stacked(outcomes)})
    return parts


def _discrimination(scores: np.ndarray, i: int) -> str:
    """Correlation of part i with the sum of the others; undefined when either is constant."""
    part, rest = scores[:, i], scores.sum(axis=1) - scores[:, i]
    if len(part) < 2 or part.std() == 0 or rest.std() == 0:
        return "not defined"
    return f"{np.corrcoef(part, rest)[0, 1]:.2f}"


def _stacked(outcomes: collections.Counter) -> list[dict]:
    """Segments of a bar 220 wide, in a fixed order of outcomes."""
    total, x, segments = sum(outcomes.values()) or 1, 0.0, []
    for name in OUTCOMES:
        if outcomes[name]:
            width = 220 * outcomes[name] / total
            segments.append({"name": name, "count": outcomes[name], "x": round(x, 1),
                             "width": round(width, 1)})
            x += width
    return segments


def _mistakes(graded: dict) -> list[dict]:
    """Named mistakes by the number of students who made them in a part."""
    students, messages = collections.defaultdict(set), {}
    for student, part, test in _tests(graded):
        if test["mistake"]:
            key = (test["mistake"], part["title"])
            students[key].add(student)
            messages.setdefault(key, test["message"])
    ranked = sorted(students.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"name": key[0], "part": key[1], "count": len(who), "message": messages[key]}
            for key, who in ranked]


def _stopped(graded: dict) -> list[tuple[str, str]]:
    stopped = [(student, note) for student, result in graded.items() for note in result["notes"]]
    slow = {(student, part["title"]) for student, part, test in _tests(graded)
            if test["outcome"] == "timeout"}
    return sorted(stopped + [(student, f"too slow in {part}") for student, part in slow])


def _rows(assignment: str, results: dict, missing: list[str]) -> list[dict]:
    rows = []
    for student, result in results.items():
        link = f"../feedback/{urllib.parse.quote(student)}/{urllib.parse.quote(assignment)}.html"
        if result["status"] == "graded":
            rows.append({"student": student, "total": f"{result['score']:g}", "link": link,
                         "scores": [f"{part['score']:g}" for part in result["parts"]]})
        else:
            rows.append({"student": student, "total": "unreadable", "link": link, "scores": []})
    rows += [{"student": s, "total": "nothing handed in", "link": None, "scores": []}
             for s in missing]
    return sorted(rows, key=lambda row: row["student"])
