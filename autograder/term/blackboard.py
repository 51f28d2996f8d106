"""Blackboard: files named by assignment, user name and time of each attempt."""

import dataclasses
import re
from collections.abc import Iterable

from autograder.errors import AutograderError
from autograder.term.claims import Claim
from autograder.term.people import People
from autograder.term.prefixed import Prefixed
from autograder.term.uploads import File

NAME = re.compile(r"(?P<begin>.+?)_attempt_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})(?P<file>[_.].*)?",
                  re.DOTALL)
# what Blackboard writes beside each attempt: no file of a student's has nothing behind the time
TEXT, MAX_TEXT = ".txt", 1000  # bytes of its first line
PERSON = re.compile(r"[^:]{1,20}: ?(?P<name>.+) \((?P<user>[^()]+)\)\s*")


class Attempts:
    """Reads the names of a class's attempts."""

    def __init__(self, people: People):
        rows = people.matcher.roster.items()
        self._users = Prefixed({key for student, row in rows
                                for key in (student, row.get("email", "")) if key}, "_")
        self._people: dict[str, tuple[str, str]] = {}  # user and name by how names begin

    def survey(self, files: Iterable[File]) -> None:
        """Learn from all files which beginning they share, and who the users are."""
        for file in files:
            if found := NAME.fullmatch(file.path.name):
                self._users.survey([found["begin"]])
                if found["file"] == TEXT and found["begin"] not in self._people:
                    first = file.begins(MAX_TEXT).decode("utf-8-sig", "replace").partition("\n")[0]
                    person = PERSON.fullmatch(first.rstrip("\r"))
                    if person and found["begin"].endswith(f"_{person['user']}"):
                        self._people[found["begin"]] = person["user"], person["name"]

    def claim(self, found: re.Match, people: People) -> Claim:
        """Whose an attempt is, and when it came."""
        user, name = self._people.get(found["begin"], ("", ""))
        user = user or self._users.find(found["begin"]) or found["begin"].rpartition("_")[2]
        claim = people.named(("blackboard", user, user))
        if claim.student is None and name:
            claim = people.named(("blackboard", name, user), by_id=False)
        try:
            return dataclasses.replace(claim, time=people.time(found["time"]))
        except AutograderError as error:
            return dataclasses.replace(claim, unread=str(error))
