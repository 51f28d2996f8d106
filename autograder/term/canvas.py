"""Canvas (lib/content_zipper.rb): files named by the student, LATE if late, and two numbers."""

import dataclasses
import re

from autograder.term.claims import Claim
from autograder.term.people import People

# the numbers are the student's and the file's
NAME = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>[0-9]{1,20})_"
                  r"(?P<number>[0-9]{1,20})_(?P<file>.+)", re.DOTALL)


def claim(found: re.Match, people: People) -> Claim:
    """Whose a file is, and which of several uploads."""
    person = ("canvas", found["name"], found["user"])
    student = people.matcher.by_number(found["user"])
    claim = Claim(student, person, sure=student is not None)
    if student is None and (student := people.matcher.by_name(found["name"])):
        # whom the roster knows by another number it is not
        known = people.matcher.roster[student].get("lms_user_id")
        claim = Claim(None if known else student, person)
    return dataclasses.replace(claim, number=int(found["number"]), late=bool(found["late"]))
