"""Google Classroom keeps files in Drive: each with its owner's name in front of the file's."""

import re

from autograder.term.claims import Claim
from autograder.term.people import People

# numbers in front are another platform's
NAME = re.compile(r"(?![0-9]+-[0-9]+ - )(?P<name>[^_+/]*?\S) - (?P<file>.+)", re.DOTALL)


def claim(found: re.Match, people: People) -> Claim:
    """Whose a file is: what the student wrote stands behind the name."""
    return people.named(("drive", found["name"]))
