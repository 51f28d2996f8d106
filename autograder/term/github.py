"""GitHub Classroom: a repository for each student, and a table of whose each user name is."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import AutograderError
from autograder.term.claims import Claim
from autograder.term.people import People
from autograder.term.prefixed import Prefixed
from autograder.term.roster import read_rows

TABLE = "classroom_roster.csv"
# what a download as a zip puts behind the name of the repository
BRANCH = re.compile(r"-(?:main|master)$")


class Repositories:
    """Reads the names of repositories by the rows of a table.

    Parameters
    ----------
    path : where the table is
    rows : with github_username and identifier, or those of the table of grades
    """

    def __init__(self, path: Path, rows: list[dict[str, str]]):
        self.path = path
        self._users: dict[str, dict[str, str]] = {}
        self._named: dict[str, dict[str, str]] = {}
        for row in rows:
            if row.get("github_username"):
                self._users[row["github_username"]] = row
            if row.get("student_repository_name"):
                self._named[row["student_repository_name"].casefold()] = row
        self._prefixed = Prefixed(self._users, "-")

    def survey(self, names: Iterable[str]) -> None:
        """Learn from all names which beginning they share."""
        self._prefixed.survey(BRANCH.sub("", name) for name in names)

    def find(self, name: str) -> str | None:
        """The name of a repository in the table, or one that ends with a user's name."""
        name = BRANCH.sub("", name)
        return name if name.casefold() in self._named or self._prefixed.fits(name) else None

    def claim(self, name: str, people: People) -> Claim:
        """Whose a repository is; the table of grades says when it came as well."""
        row = self._named.get(name.casefold()) or self._users.get(self._prefixed.find(name) or "")
        if row is None:
            return Claim(None, ("github", name))
        user = row["github_username"]
        identifier = row.get("identifier") or row.get("roster_identifier") or ""
        person = ("github", identifier or user, user)
        claim = people.named(person)
        if claim.student is None and (student := people.matcher.by_name(row.get("name", ""))):
            claim = Claim(student, person)
        when = row.get("submission_timestamp")
        return dataclasses.replace(claim, time=people.time(when)) if when else claim


def read_table(path: Path) -> Repositories:
    """Take `classroom_roster.csv`, or the table of grades.

    Raises
    ------
    AutograderError
        It is neither.
    """
    rows = [row for _, row in read_rows(path)]
    if not any("github_username" in row for row in rows):
        raise AutograderError(f"{path}: has no column github_username: give the table that GitHub "
                              "Classroom's page Students downloads")
    return Repositories(path, rows)
