"""Moodle (mod/assign/locallib.php): folders, or the same in front of a file's name."""

import re

from autograder.term.claims import Claim
from autograder.term.people import People

SIGN = "_assignsubmission_"
# Moodle puts spaces for the underscores of a name
NAME = re.compile(rf"(?P<name>[^_]+)_(?P<user>[0-9]{{1,20}}){SIGN}(?:file|onlinetext)_?.*",
                  re.DOTALL)


def is_one(name: str) -> bool:
    """Whether it is a submission's name, even where it names nobody."""
    return SIGN in name


def claim(found: re.Match, people: People) -> Claim:
    """Whose a folder or file is, by the grading worksheet or by the name."""
    person = ("moodle", found["name"], found["user"])
    row = people.participants.get(found["user"])
    if row and row.sure:
        return Claim(row.student, person, sure=True)
    claim = people.named(person, by_id=False)
    return Claim(row.student, person) if row and not claim.sure else claim
