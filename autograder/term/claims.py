"""Whose a file is said to be, and what became of all of them."""

import collections
import datetime
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.names import visible
from autograder.term.uploads import File

MAX_LINE = 2000
HAND = "hand"  # the platform of what a person says
MAX_NAME = 500  # characters of what --match quotes: cut names could be those of two files
MAX_NAMED = 5  # files that are no notebooks, before only their kinds are named
MAX_KINDS = 8


@dataclass(frozen=True)
class Claim:
    """Whose a submission is, and what else the platform says of it.

    `person` is whom the platform means: the platform, the person's name there and, if it has one,
    an id. `sure` are ids and what was said with --match; anybody may take a name. `number` grows
    with each upload. `unread` is what is wrong with the time that the platform wrote.
    """

    student: str | None
    person: tuple[str, ...]
    sure: bool = False
    time: datetime.datetime | None = None
    number: int = 0
    late: bool = False
    assignment: str | None = None
    unread: str = ""

    @property
    def owner(self) -> str:
        """The student, of a claim that is settled."""
        assert self.student is not None, "nobody knows whose this is"
        return self.student

    @property
    def full_name(self) -> str:
        """A name of the person for --match that nobody else has: with the platform's id."""
        return visible("_".join(dict.fromkeys(filter(None, self.person[1:]))), MAX_NAME)


@dataclass
class Found:
    """One file of one student; `upload` is the file that the platform has, a zip with this one."""

    claim: Claim
    file: File
    time: datetime.datetime | None = None
    raw: bytes = b""
    upload: PurePosixPath | None = None

    @property
    def name(self) -> str:
        """The file's name as it can be shown."""
        return visible(self.file.path.name)


@dataclass
class Collected:
    """What became of everything: a line for each student, and one for all that needs a person."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Add a line that is good to know."""
        self.notes.append(visible(text, MAX_LINE))

    def problem(self, text: str) -> None:
        """Add a line that needs a person."""
        self.problems.append(visible(text, MAX_LINE))


def disputed_claims(claims: Iterable[Claim]) -> set[Claim]:
    """Claims on one student by nothing but the name, where the platform knows others as well."""
    persons = collections.defaultdict(set)
    for claim in claims:
        platform, *names = claim.person
        persons[platform].add(names[-1] or names[0])  # an id, if there is one
    return {claim for claim in claims
            if not claim.sure and len(persons[claim.person[0]]) > 1}


def match_option(name: str, student: str = "<student id>") -> str:
    return f"--match {shlex.quote(f'{name}={student}')}"


def no_notebooks(names: list[str]) -> list[str]:
    """Files that are none, each by its name; of many the kinds and how many there are."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        _, dot, suffix = name.rpartition(".")
        kinds.setdefault(f".{suffix.lower()}" if dot else name, []).append(name)
    if len(names) <= MAX_NAMED:
        return [f"{name} is no notebook" for name in names]
    many = sorted(kinds.items(), key=lambda item: -len(item[1]))
    lines = [f"{len(theirs):,} {kind} files are no notebooks, such as {theirs[0]}"
             if len(theirs) > 1 else f"{theirs[0]} is no notebook"
             for kind, theirs in many[:MAX_KINDS]]
    more = sum(len(theirs) for _, theirs in many[MAX_KINDS:])
    return lines + ([f"{more:,} other files are none either"] if more else [])
