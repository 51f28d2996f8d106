"""Brightspace (D2L): folders, or the same in front of a file's name: two numbers, name, time."""

import dataclasses
import re

from autograder.errors import AutograderError
from autograder.term.claims import Claim
from autograder.term.people import People

BEGIN = r"(?P<user>[0-9]{1,20})-(?P<number>[0-9]{1,20}) - "
# commas and order in the time depend on the language
TIME = r" - (?P<time>(?=[^-]*[0-9]{4})(?:(?! - ).)+?)"
# nothing stands behind a folder's time; behind a file's the student's own name for it
FOLDER = re.compile(rf"{BEGIN}(?P<name>.+){TIME}", re.DOTALL)
FILE = re.compile(rf"{BEGIN}(?P<name>.+?){TIME}( - .+)?", re.DOTALL)


def find(name: str, folder: bool) -> re.Match | None:
    """The parts of a submission's name."""
    return (FOLDER if folder else FILE).fullmatch(name)


def claim(found: re.Match, people: People) -> Claim:
    """Whose a folder or file is, and when it came."""
    claim = people.named(("brightspace", found["name"], found["user"]), by_id=False)
    try:
        return dataclasses.replace(claim, time=people.time(found["time"]))
    except AutograderError as error:
        return dataclasses.replace(claim, unread=str(error))
