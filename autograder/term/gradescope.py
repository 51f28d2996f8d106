"""Gradescope: numbered folders, beside them a table that says whose each is and when it came."""

import dataclasses
import re

from autograder.errors import AutograderError
from autograder.grading import notebook
from autograder.names import visible
from autograder.term.claims import Claim
from autograder.term.metadata import read_yaml
from autograder.term.people import People
from autograder.term.uploads import File

FOLDER = re.compile(r"submission_\d+")
TABLE = "submission_metadata.yml"
# the table holds the output of every test: some 20 kB for each student
MAX_METADATA = notebook.MAX_BYTES
MAX_TEAM = 30  # who hand in one submission together


def is_folder(name: str) -> bool:
    """Whether it is the name of a submission's folder."""
    return FOLDER.fullmatch(name) is not None


def owners(tables: list[File], people: People) -> tuple[dict[str, list[Claim]], list[str]]:
    """Who submitted what when, by folder; and the folders of which nothing can be told.

    Raises
    ------
    AutograderError
        The table is not as Gradescope writes it.
    """
    found, odd = {}, []
    try:
        if len(tables) > 1:
            raise ValueError("it is there twice")
        entries = list(read_yaml(tables[0].read(MAX_METADATA).decode()).items())
    except Exception as error:  # of a kind that nobody listed, too
        raise AutograderError(f"is not as Gradescope writes it ({visible(error)})") from None
    for folder, entry in entries:
        try:
            time = _text(entry.get(":created_at", ""))
            time = people.time(time) if time else None
            team = entry[":submitters"]
            if len(team) > MAX_TEAM:  # by an alias it costs nothing to name many
                raise ValueError
            found[folder] = [dataclasses.replace(_submitter(who, people), time=time)
                             for who in team]
        except Exception:
            found[folder] = []
            odd.append(visible(folder))
    return found, odd


def _submitter(who: dict, people: People) -> Claim:
    sid, email, name = (_text(who.get(key, "")) for key in (":sid", ":email", ":name"))
    person = ("gradescope", name, sid or email)
    if student := people.matcher.by_id(sid, email):
        return Claim(student, person, sure=True)
    claim = people.matched(person)
    return claim if claim.student else Claim(people.matcher.by_name(sid, email, name), person)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return "" if value in ("null", "~") else value
