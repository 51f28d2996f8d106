"""The engine against an attack corpus: the ordinary commands grade it, and what became of it."""

import contextlib
import json
from collections.abc import Callable

from autograder.soundness.attacked import SECRET, Outcome, Site
from autograder.soundness.corpus import Attack, Row, tests_of, was_tried


def run_attacks(corpus, workers: int, tell: Callable[[str], None]) -> list[Row]:
    """Grade the corpus in a course of its own and return what became of each attack.

    `tell` is called with a line at each step.
    """
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(Site(corpus))
        tell(f"grading {len(corpus.ATTACKS)} submissions")
        outcomes = site.grade(workers)
        tell("writing feedback, report and export")
        for command in ("feedback", "report", "export"):
            site.autograder(command, "toy")
        rows = [_judge(attack, outcomes.get(attack.folder), site) for attack in corpus.ATTACKS]
        return [*rows, *_promises(site, outcomes)]


def _judge(attack: Attack, outcome: Outcome | None, site: Site) -> Row:
    result = outcome["result"] if outcome else None
    problem = outcome["problem"] if outcome else None
    if outcome is None:
        happened, held = "passed over in silence", False
    elif attack.points is None:
        happened, held = f"refused: {problem}", problem is not None and "\n" not in problem
    elif problem or result is None:
        happened, held = f"not graded: {problem}", False
    else:
        happened, held = f"{result['score']:g} points", result["score"] == attack.points
        faults = [test["fault"] for test in tests_of(result) if "fault" in test]
        if faults:
            happened, held = f"{happened}; {faults[0]}", False
        recorded = site.recorded.get(outcome["student"])
        if recorded != result["score"]:
            happened, held = f"{happened}, but {recorded} in the gradebook", False
    for secret in set(SECRET.findall(json.dumps(outcome))):
        if not (attack.honest and secret == site.honest_code):
            happened, held = f"{happened}; saw {secret.rpartition('-')[0]}", False
    armed = was_tried(attack, result, attack.folder in site.odd)
    if not armed:
        happened, held = f"{happened}; was not tried", False
    return Row(attack.name, attack.tries, attack.must, happened.replace(str(site.root), ""), held,
               armed)


def _promises(site: Site, outcomes: dict[str, Outcome]) -> list[Row]:
    """What must hold for the whole class."""
    attacks = site.corpus.ATTACKS
    scores = {name: o["result"]["score"] for name, o in outcomes.items() if o["result"]}
    gained = [f"{a.name}: {scores[a.folder]:g}" for a in attacks
              if scores.get(a.folder, 0) > (a.points or 0)]
    others = [a.name for a in attacks if a.honest and not (
        scores.get(a.folder) == site.recorded.get(a.folder) == a.points)]
    return [
        _promise("no point is gained without a right answer", "points gained", gained),
        _promise("no command for the class is stopped", "batches stopped", site.stopped),
        _promise("no other student is changed", "other students changed", others),
        _promise("no process outlives its submission", "processes left", site.left_running()),
        _promise("no file is left outside the course", "files left", site.left_files()),
        _promise("no server on the host is reached", "servers reached", site.visits),
        _promise("no secret is in any page or file that was written", "secrets seen",
                 site.leaks(outcomes)),
        _promise("nothing outside the results is changed", "files changed",
                 site.changed_files()),
    ]


def _promise(what: str, counted: str, found: list) -> Row:
    seen = f": {', '.join(map(str, found[:3]))}" if found else ""
    return Row("the class", what, f"0 {counted}", f"{len(found)} {counted}{seen}", not found)
