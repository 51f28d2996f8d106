"""Whose each file is that no platform tells: by --match, or a line that says what to type."""

import collections
import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from autograder.names import listed, visible
from autograder.term.claims import MAX_NAME, Claim, Collected, match_option, no_notebooks
from autograder.term.matcher import Matcher, plain_name
from autograder.term.units import Unit

TWO = "two platforms"  # in place of one, where the name could be of either
TOLD = "told"  # the platform of a claim whose own table is a problem, which has been said
MAX_NOBODYS = 20  # lines about one zip or folder
# of a course or a repository, and no student's work
PAPERS = frozenset((".md", ".csv", ".xlsx", ".html", ".rst", ".toml", ".yml", ".yaml"))


class Matches:
    """Students by the names that --match gave: a person's, with the platform's id, or a path.

    A path is one inside what was handed over, or has its name in front. A name that fits several
    people or files is none of theirs.
    """

    def __init__(self, said: dict[str, str], matcher: Matcher, done: Collected):
        self._said = {visible(name, MAX_NAME): student for name, student in said.items()}
        self._matcher, self._done = matcher, done
        self._used: set[str] = set()
        self._fits: dict[str, set] = collections.defaultdict(set)
        self._called: dict[str, list[str]] = {}
        for student, row in matcher.roster.items():
            words = f"{row.get('first_name', '')} {row.get('last_name', '')}".split()
            for name in {plain_name("".join(words[at:] + words[:at]))
                         for at in range(len(words))} - {""}:
                self._called.setdefault(name, []).append(student)

    def settled(self, claims: Iterable[tuple[Unit, Claim]]) -> Iterator[tuple[Unit, Claim]]:
        """Every claim with its student; what is nobody's becomes a problem."""
        claims = [part for unit, claim in claims for part in self._parts(unit, claim)]
        for unit, claim in claims:
            for name in _names(unit, claim):
                self._fits[name].add(_identity(unit, claim, name))
        nobodys: dict[Path, list[tuple[Unit, Claim]]] = {}
        for unit, claim in claims:
            claim = self._matched(unit, claim)
            if claim.student:
                yield unit, claim
            elif claim.person[0] != TOLD:
                nobodys.setdefault(unit.source, []).append((unit, claim))
        for source, theirs in nobodys.items():
            self._say(source, theirs)
        for name in self._said.keys() - self._used:
            self._done.note(f"--match {name}={self._said[name]}: nothing here has this name, or "
                            "whose it is was known without it: leave it out, or copy the name from "
                            "its line")

    def _parts(self, unit: Unit, claim: Claim) -> list[tuple[Unit, Claim]]:
        """A folder that no platform names may hold the files of many: each is asked for."""
        if (claim.student or claim.person[0] != "name" or not unit.folder or unit.whole
                or not claim.person[1] or set(_names(unit, claim)) & self._said.keys()):
            return [(unit, claim)]
        parts = unit.parts
        return [(part, claim if part is unit else Claim(None, ("name", ""))) for part in parts]

    def _matched(self, unit: Unit, claim: Claim) -> Claim:
        if claim.sure:
            return claim
        for name in set(_names(unit, claim)) & self._said.keys():
            several = len(self._fits[name])
            if several > 1 and name not in self._used:
                self._done.problem(f"--match {name}={self._said[name]}: {several} files or people "
                                   "have this name: say each with the name that its own line has")
            self._used.add(name)
            if several == 1:
                bare = name == visible(claim.person[1], MAX_NAME) != claim.full_name
                return dataclasses.replace(claim, student=self._said[name], sure=not bare)
        return claim

    def _say(self, source: Path, nobodys: list[tuple[Unit, Claim]]) -> None:
        """A line for each person whom nobody knows, and one for files that are no work."""
        lines: dict[str, str] = {}
        papers: list[str] = []
        for unit, claim in nobodys:
            if not unit.works:
                papers.append(visible(unit.path))
                continue
            name = next((name for name in _names(unit, claim) if len(self._fits[name]) == 1), None)
            how = match_option(name) if name else "another name for the file"
            called = self._called.get(plain_name(claim.person[1]), ())
            if len(called) > 1:
                lines.setdefault(how, f"{visible(unit.path)}: " + self._homonyms(
                    claim, called, name, len(lines)))
            else:
                why = ("two platforms write such names, and by one it is another student's than "
                       "by the other"
                       if claim.person[0] == TWO else "no student of roster.csv is found for it")
                lines.setdefault(how, f"{visible(unit.path)}: {why}: run again with {how}" + (
                    ", or rename it if it holds a whole class" if unit.whole else ""))
        name = visible(source.name)
        for line in [*lines.values()][:MAX_NOBODYS]:
            self._done.problem(f"{name}: {line}")
        if len(lines) > MAX_NOBODYS:
            self._done.problem(f"{name}: no student of roster.csv is found for "
                               f"{len(lines) - MAX_NOBODYS:,} more: see that the roster is this "
                               "class's")
        if papers:
            harmless = all(PurePosixPath(paper).suffix.lower() in PAPERS for paper in papers)
            (self._done.note if harmless else self._done.problem)(
                f"{name}: {listed(no_notebooks(papers), '; ')}: no student of roster.csv is found "
                "for what is no notebook: passed over")

    def _homonyms(self, claim: Claim, students: list[str], name: str | None, before: int) -> str:
        row = self._matcher.roster[students[0]]
        full = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        many = "two" if len(students) == 2 else str(len(students))
        sheet = "give the worksheet with --times, or " if claim.person[0] == "moodle" else ""
        option = match_option(name, students[before % len(students)]) if name else "another name"
        return (f"{many} students are called {visible(full)} ({listed(students)}): {sheet}say "
                f"which of them it is, such as {option}")


def _names(unit: Unit, claim: Claim) -> list[str]:
    """The names of a unit for --match, those that are best to type first."""
    bare = visible(claim.person[1], MAX_NAME)
    return [name for name in dict.fromkeys((bare, claim.full_name, *unit.paths)) if name]


def _identity(unit: Unit, claim: Claim, name: str) -> object:
    """What a name stands for: the person, if the platform has an id for each, else the unit."""
    return claim.person if any(claim.person[2:]) and name not in unit.paths else unit
