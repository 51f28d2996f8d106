"""Gradescope: numbered folders, beside them a table that says whose each is and when it came."""

import dataclasses
import datetime
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
    found: dict[str, list[Claim]] = {}
    odd: list[str] = []
    try:
        if len(tables) > 1:
            raise ValueError("it is there twice")
        table = read_yaml(tables[0].read(MAX_METADATA).decode())
        if not isinstance(table, dict):
            raise ValueError("it does not begin with a folder's name")
        entries = list(table.items())
    except Exception as error:  # of a kind that nobody listed, too
        why = getattr(error, "problem", None) or error  # YAML's own errors have many lines
        raise AutograderError(f"is not as Gradescope writes it ({visible(why)})") from None
    for folder, entry in entries:
        try:
            time = _time(_field(entry, "created_at"), people)
            team = _field(entry, "submitters")
            # by an alias it costs nothing to name many
            if not isinstance(team, list) or not 0 < len(team) <= MAX_TEAM:
                raise ValueError
            found[folder] = [dataclasses.replace(_submitter(who, people), time=time)
                             for who in team]
        except Exception:
            found[folder] = []
            odd.append(visible(folder))
    return found, odd


def _submitter(who: dict, people: People) -> Claim:
    sid, email, name = (_text(_field(who, key)) for key in ("sid", "email", "name"))
    person = ("gradescope", name, sid or email)
    if student := people.matcher.by_id(sid, email):
        return Claim(student, person, sure=True)
    return Claim(people.matcher.by_name(sid, email, name), person)


def _time(value: object, people: People) -> datetime.datetime | None:
    """When it came: a text, or Rails's object with the time in UTC and one in the course's zone.

    The latter is written as if it were in UTC, too.
    """
    text = _text(value["utc"] if isinstance(value, dict) else value)
    return people.time(text) if text else None


def _field(entry: dict, name: str) -> object:
    """One of an entry's fields: Ruby's symbols are written with a colon, its texts without."""
    return entry.get(f":{name}", entry.get(name, ""))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return "" if value in ("null", "~") else value
