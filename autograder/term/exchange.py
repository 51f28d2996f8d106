"""nbgrader's exchange: folders named by student id, assignment and time."""

import dataclasses
import re

from autograder.term.claims import Claim
from autograder.term.people import People

# an address that is an id may have one plus of its own
NAME = re.compile(r"(?P<student>[^+]+(?:\+[^+]*@[^+]*)?)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+)"
                  r"(\+.*)?", re.DOTALL)
STAMP = "timestamp.txt"
WRITTEN = frozenset((STAMP, "submission_secret.txt"))  # what nbgrader puts beside the notebook


def claim(found: re.Match, people: People) -> Claim:
    """Whose a folder is, and when it came."""
    claim = people.named(("exchange", found["student"]))
    return dataclasses.replace(claim, assignment=found["assignment"],
                               time=people.time(found["time"]) if claim.student else None)
