"""The instructor's page: how the class did, which mistakes it made, what needs a person."""

import collections
import urllib.parse
from collections.abc import Collection, Iterator, Mapping
from typing import TypedDict, TypeVar

import numpy as np

from autograder.gradebook.standing import Standing, to_know
from autograder.grading.locked import in_short
from autograder.grading.result import PartRecord, Result, TestRecord, without_cells
from autograder.names import full_name
from autograder.output.page import OUTCOMES, render
from autograder.output.similar import Similar
from autograder.term.course import NOTHING
from autograder.text import make_visible

NUM_BINS = 10
MAX_MESSAGE = 300  # characters of one message, reason or note
MAX_NAMES = 20  # students named before "and 12 more"
SLOW_FACTOR = 3  # times the median: worth a look
MAX_REASONS = 100  # kinds of faults, mistakes and stops listed, most frequent first

Results = dict[str, Result]  # by student id
Row = dict[str, object]  # of one of the page's lists or tables, for its template
Reason = TypeVar("Reason", str, tuple[str, ...])


class Snapshot(TypedDict):
    """The points of each student that count, and when they did, in words."""

    when: str | None
    scores: dict[str, float]


def render_report(assignment: str, results: Results, roster: dict[str, dict[str, str]],
                  standings: dict[str, Standing] | None = None, *, generated: str | None = None,
                  before: Snapshot | None = None, similar: Similar | None = None) -> str:
    """One self-contained HTML page.

    Parameters
    ----------
    results : the result of every student whose file was looked at (docs/results.md)
    roster : rows by student id, also of those who handed nothing in; empty rows name nobody
    standings : what counts, points by hand and lateness included; without it, what the hidden
        tests gave
    generated : when the page was made, in words; None leaves it out
    before : what `snapshot` said for the last report
    similar : what `similar_pairs` found; None when nobody asked for it
    """
    results = {student: make_visible(without_cells(result), MAX_MESSAGE + 1)
               for student, result in sorted(results.items())}
    graded = {s: r for s, r in results.items() if r["status"] == "graded"}
    missing = sorted(set(roster) - set(results))
    standings = {s: standing for s, standing in (standings or {}).items() if s in graded}
    by_hand = _only_by_hand(graded, standings)
    page = render(
        "report.html", assignment=assignment, generated=generated, graded=len(graded),
        figures=_figures(results, graded, missing, standings), faults=_faults(graded),
        unreadable=[(make_visible(student), _short(result["reason"] or ""))
                    for student, result in results.items() if student not in graded],
        isolation_missing=sum(r["isolation"] == "none" for r in graded.values()),
        chart=_histogram(graded, standings), left_open=_left_open(standings),
        by_hand=_by_hand(by_hand, standings), parts=_parts(graded), mistakes=_mistakes(graded),
        stopped=_stopped(graded), slowest=_slowest(graded), similar=similar and _named(similar),
        changed=_changed(snapshot(results, standings), before), since=before and before.get("when"),
        rows=_rows(assignment, results, missing, standings, roster, by_hand))
    return page.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair has no UTF-8


def snapshot(results: Results, standings: dict[str, Standing] | None = None,
             when: str | None = None) -> Snapshot:
    """What a later report compares with: the points of each graded student that count."""
    graded = {s: r for s, r in sorted(results.items()) if r["status"] == "graded"}
    return {"when": when, "scores": _totals(graded, standings or {})}


def _totals(graded: Results, standings: dict[str, Standing]) -> dict[str, float]:
    return {s: round(standings[s].score if s in standings else r["score"], 2)
            for s, r in graded.items()}


def _changed(now: Snapshot, before: Snapshot | None) -> list[Row]:
    """Students whose points differ from the last report's; new ones have no points before."""
    if before is None:
        return []
    old = before["scores"]
    return [{"student": make_visible(s), "before": old.get(s), "now": score}
            for s, score in now["scores"].items() if old.get(s) != score]


def _slowest(graded: Results) -> list[Row]:
    """The submissions that took longest, if they took much longer than most."""
    seconds = {student: result["seconds"] for student, result in graded.items()}
    usual = float(np.median(list(seconds.values()))) if seconds else 0.0
    slow = sorted(((s, t) for s, t in seconds.items() if t > SLOW_FACTOR * usual),
                  key=lambda pair: -pair[1])
    return [{"student": make_visible(s), "seconds": f"{t:.1f}", "usual": f"{usual:.1f}"}
            for s, t in slow[:MAX_NAMES]]


def _short(text: str) -> str:
    return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + " [...]"


def _some(students: list[str]) -> str:
    """The first students' names and the number of the others."""
    more = len(students) - MAX_NAMES
    names = ", ".join(map(make_visible, students[:MAX_NAMES]))
    return f"{names} and {more} more" if more > 0 else names


def _most_frequent(students: Mapping[Reason, Collection[str]]
                   ) -> list[tuple[Reason, Collection[str]]]:
    """What concerns most students first, with those students."""
    return sorted(students.items(), key=lambda item: (-len(item[1]), item[0]))[:MAX_REASONS]


def _named(similar: Similar) -> dict[str, object]:
    """The pairs, and the names of those of whose code only the beginning was compared."""
    return {"pairs": [{**pair, "a": make_visible(pair["a"]), "b": make_visible(pair["b"])}
                      for pair in similar["pairs"]],
            "cut": _some(similar["cut"])}


def _tests(graded: Results) -> Iterator[tuple[str, PartRecord, TestRecord]]:
    for student, result in graded.items():
        for part in result["parts"]:
            for test in part["tests"]:
                yield student, part, test


def _figures(results: Results, graded: Results, missing: list[str],
             standings: dict[str, Standing]) -> list[tuple[str, str | int]]:
    figures: list[tuple[str, str | int]] = [
        ("graded", len(graded)), (NOTHING, len(missing)),
        ("unreadable", len(results) - len(graded))]
    if graded:
        totals = np.array(list(_totals(graded, standings).values()))
        figures += [(f"mean of {_top(graded, standings):g} points", f"{totals.mean():.1f}"),
                    ("median", f"{np.median(totals):.4g}"),
                    ("standard deviation", f"{totals.std():.1f}")]
        taken = sum(standing.penalty for standing in standings.values())
        if taken:
            figures.append(("mean before lateness", f"{totals.mean() + taken / len(totals):.1f}"))
    waiting = sum(bool(standing.waiting) for standing in standings.values())
    return [*figures, *([("wait for a person", waiting)] if waiting else [])]


def _top(graded: Results, standings: dict[str, Standing]) -> float:
    """The points that can be reached, those given by hand included."""
    return max([s.max_score for s in standings.values()]
               or [r["max_score"] for r in graded.values()], default=0.0) or 1.0


def _left_open(standings: dict[str, Standing]) -> list[str]:
    """What the totals leave open, and who came late."""
    late = {s: standing for s, standing in sorted(standings.items()) if standing.hours_late > 0}
    names = [f"came late: {_some(list(late))}"] if late else []
    return [make_visible(line) for line in to_know(standings)] + names


def _only_by_hand(graded: Results, standings: dict[str, Standing]) -> list[str]:
    """The parts that only a person grades."""
    tested = {part["name"] for result in graded.values() for part in result["parts"]}
    return list(dict.fromkeys(n for s in standings.values() for n in s.parts if n not in tested))


def _by_hand(names: list[str], standings: dict[str, Standing]) -> list[Row]:
    """The mean share of each of these parts, and how many wait."""
    rows: list[Row] = []
    for name in names:
        own = [s for s in standings.values() if name in s.parts]
        given = [s.parts[name] for s in own if name not in s.waiting]
        top = own[0].max_parts[name]
        rows.append({"name": name, "title": make_visible(name.replace("_", " ")), "max_score": top,
                     "given": len(given), "waiting": len(own) - len(given),
                     "share": float(np.mean(given)) / top if given and top else None})
    return rows


def _faults(graded: Results) -> list[Row]:
    """Hidden tests that failed themselves, with the students whom it concerns."""
    students: dict[tuple[str, ...], list[str]] = collections.defaultdict(list)
    for student, part, test in _tests(graded):
        if test["outcome"] == "grader_fault":
            students[part["title"], test["name"], test.get("fault") or ""].append(student)
    return [{"part": part, "test": test, "fault": _short(fault) or "no detail",
             "count": len(who), "who": _some(list(who))}
            for (part, test, fault), who in _most_frequent(students)]


def _histogram(graded: Results, standings: dict[str, Standing]) -> dict[str, object]:
    """Columns and tick marks of the chart of totals, in its coordinates (640 by 220)."""
    top = _top(graded, standings)
    counts, edges = np.histogram(list(_totals(graded, standings).values()), NUM_BINS, (0, top))
    tallest, width = max(int(counts.max()), 1), 600 / NUM_BINS
    columns = [{
        "count": int(count), "from": f"{edges[i]:g}", "to": f"{edges[i + 1]:g}",
        "x": round(20 + i * width + 2, 1), "width": round(width - 4, 1),
        "middle": round(20 + (i + 0.5) * width, 1),
        "height": round(160 * count / tallest, 1), "y": round(190 - 160 * count / tallest, 1),
    } for i, count in enumerate(counts)]
    return {"columns": columns,
            "ticks": [(round(20 + i * width, 1), f"{edge:g}") for i, edge in enumerate(edges)]}


def _parts(graded: Results) -> list[Row]:
    if not graded:
        return []
    scores = np.array([[p["score"] for p in r["parts"]] for r in graded.values()])  # (S, P)
    outcomes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for _, part, test in _tests(graded):
        outcomes[part["name"]][test["outcome"]] += 1
    return [{
        "name": part["name"], "title": part["title"], "max_score": part["max_score"],
        "share": scores[:, i].mean() / part["max_score"] if part["max_score"] else 0.0,
        "discrimination": _discrimination(scores, i),
        "outcomes": _stacked(outcomes[part["name"]]),
    } for i, part in enumerate(next(iter(graded.values()))["parts"])]


def _discrimination(scores: np.ndarray, i: int) -> str:
    """Correlation of part i with the sum of the others; undefined when either is constant."""
    part, rest = scores[:, i], scores.sum(axis=1) - scores[:, i]
    # sums of decimal points differ in their last digits: such a spread is none
    if len(part) < 2 or part.std() < 1e-9 or rest.std() < 1e-9:
        return "not defined"
    return f"{np.corrcoef(part, rest)[0, 1]:.2f}"


def _stacked(outcomes: collections.Counter[str]) -> list[Row]:
    """Segments of a bar 100 wide, in a fixed order of outcomes."""
    segments: list[Row] = []
    total, x = outcomes.total(), 0.0
    for name in OUTCOMES:
        if outcomes[name]:
            width = 100 * outcomes[name] / total
            segments.append({"name": name, "count": outcomes[name], "x": round(x, 2),
                             "width": round(width, 2)})
            x += width
    return segments


def _mistakes(graded: Results) -> list[Row]:
    """Named mistakes by the number of students who made them in a part."""
    students: dict[tuple[str, ...], set[str]] = collections.defaultdict(set)
    messages: dict[tuple[str, ...], str] = {}
    for student, part, test in _tests(graded):
        if test["mistake"]:
            key = (test["mistake"], part["title"])
            students[key].add(student)
            messages.setdefault(key, _short(test["message"]))
    return [{"name": _short(key[0]), "part": key[1], "count": len(who), "message": messages[key]}
            for key, who in _most_frequent(students)]


def _stopped(graded: Results) -> list[Row]:
    """What was stopped, or odd in another way, and whose it was; most frequent first."""
    students: dict[str, dict[str, None]] = collections.defaultdict(dict)  # each once, in order
    for student, result in graded.items():
        for note in result["notes"]:
            students[_short(in_short(note))][student] = None
    for student, part, test in _tests(graded):
        if test["outcome"] == "timeout":
            students[f"Too slow in: {part['title']}."][student] = None
    return [{"reason": reason, "count": len(who), "who": _some(list(who))}
            for reason, who in _most_frequent(students)]


def _rows(assignment: str, results: Results, missing: list[str], standings: dict[str, Standing],
          roster: dict[str, dict[str, str]], by_hand: list[str]) -> list[Row]:
    rows: dict[str, Row] = {}
    for student, result in results.items():
        address = "/".join(urllib.parse.quote(name, safe="") for name in (student, assignment))
        row: Row = {"link": f"../feedback/{address}.html"}
        standing = standings.get(student)
        if result["status"] == "graded":
            counts = standing.parts if standing else {}
            late = standing.penalty if standing else 0
            row |= {"total": f"{standing.score if standing else result['score']:g}",
                    "seconds": f"{result['seconds']:.1f}", "late": f"-{late:g}" if late else "",
                    "scores": [f"{counts.get(part['name'], part['score']):g}"
                               for part in result["parts"]],
                    "by_hand": [_hand_points(standing, name) for name in by_hand]}
        else:
            row |= {"total": None, "why": "unreadable"}
        rows[student] = row
    for student in missing:
        rows[student] = {"link": None, "total": None, "why": NOTHING}
    return [{**rows[s], "student": shown, "name": make_visible(full_name(roster.get(s, {})))}
            for shown, s in sorted((make_visible(s), s) for s in rows)]


def _hand_points(standing: Standing | None, name: str) -> str:
    """The points of a part that a person grades; "waits" where somebody has still to."""
    if standing is None or name not in standing.parts:
        return ""
    return "waits" if name in standing.waiting else f"{standing.parts[name]:g}"
