"""Whom a platform means, among the students of the roster, and what it says of times."""

import dataclasses
import datetime

import dateutil.parser

from autograder.errors import AutograderError
from autograder.names import visible
from autograder.term.claims import Claim
from autograder.term.course import Course
from autograder.term.roster import Matcher
from autograder.term.term import utc

MAX_TIME = 100  # bytes of a time: the longest that is known, Moodle's in words, has 45


class People:
    """Finds the student whom a platform names.

    Parameters
    ----------
    matches : student ids by the name that --match gave
    """

    def __init__(self, course: Course, matcher: Matcher, matches: dict[str, str]):
        self.matcher, self._course = matcher, course
        self._matches = {visible(name): student for name, student in matches.items()}
        self.participants: dict[str, Claim] = {}  # by Moodle's number

    def matched(self, person: tuple[str, ...]) -> Claim:
        """Whose it is by --match: surely so if the name there is nobody else's."""
        claim = Claim(None, person)
        full = self._matches.get(claim.full_name)
        return dataclasses.replace(claim, student=full or self._matches.get(visible(person[1])),
                                   sure=full is not None)

    def named(self, person: tuple[str, ...], by_id: bool = True) -> Claim:
        """Whose it is by --match, an id, or a name."""
        claim = self.matched(person)
        if claim.student is None:
            sure = self.matcher.by_id(person[1]) if by_id else None
            claim = Claim(sure or self.matcher.by_name(person[1]), person, bool(sure))
        return claim

    def time(self, text: str) -> datetime.datetime:
        """A time in UTC, as somebody wrote it; without a zone it has the term's."""
        try:
            if len(text) > MAX_TIME:
                raise ValueError
            time = dateutil.parser.parse(text)
            return utc(time if time.tzinfo else time.replace(tzinfo=self._course.term.zone))
        except Exception:  # dateutil raises several kinds of errors, and so do years 1 and 9999
            raise AutograderError(f"'{visible(text)}' is no time such as 2026-10-12 23:59: "
                                  "correct it") from None
