"""Whom a platform means, among the students of the roster, and what it says of times."""

import datetime

from autograder.errors import AutograderError
from autograder.term import dates
from autograder.term.claims import Claim
from autograder.term.course import Course
from autograder.term.matcher import Matcher
from autograder.term.term import utc

MAX_TIME = dates.MAX_LENGTH  # of what a platform writes; a longer text is no time


class People:
    """Finds the student whom a platform names."""

    def __init__(self, course: Course, matcher: Matcher):
        self.matcher, self._course = matcher, course
        self.participants: dict[str, Claim] = {}  # by Moodle's number

    def named(self, person: tuple[str, ...], by_id: bool = True) -> Claim:
        """Whose it is by an id, or a name."""
        sure = self.matcher.by_id(person[1]) if by_id else None
        return Claim(sure or self.matcher.by_name(person[1]), person, bool(sure))

    @property
    def zone(self) -> datetime.tzinfo:
        """Of times that name none: the term's."""
        return self._course.term.zone

    def time(self, text: str) -> datetime.datetime:
        """A time in UTC, as a platform wrote it.

        Raises
        ------
        AutograderError
            It is none, or could be two.
        """
        try:
            return utc(dates.read(text, self.zone))
        except dates.Unclear as error:
            raise AutograderError(str(error)) from None
