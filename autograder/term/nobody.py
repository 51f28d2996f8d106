"""Lines of a list that are of no student: test students, staff, points, averages."""

import re
from collections.abc import Sequence

from autograder.names import visible
from autograder.term.lists import key

# what Canvas gives its test student for a login
TEST_LOGIN = re.compile("[0-9a-f]{40}")
# lines below the heading that are of no student: Canvas's and Google Classroom's
SUMMARY = frozenset(("pointspossible", "points", "date", "classaverage", "average",
                    "overallaverage", "manualposting"))
STAFF = frozenset((
    "instructor", "ta", "teachingassistant", "reader", "grader", "teacher", "editingteacher",
    "noneditingteacher", "observer", "designer", "admin", "manager", "coursecreator", "tutor",
    "lecturer", "professor", "owner", "assistant", "dozent", "dozentin", "lehrende", "trainer"))


def why_no_student(name: str, ids: Sequence[str], role: str, ours: bool) -> str | None:
    """Why a line is of somebody who is no student.

    Parameters
    ----------
    ours : whether the list is our own, in which anybody may be called Test Student
    """
    if key(name) in ("teststudent", "studenttest") and (
            not ours or not ids or TEST_LOGIN.fullmatch(ids[0])):
        return "as it is Canvas's test student"
    if any(value.casefold().endswith("_previewuser") for value in ids):
        return "as it is Blackboard's preview user"
    roles = set(map(key, re.split("[,;/|]", role))) - {""}
    if roles and roles <= STAFF:
        return f"as {visible(role)} is no student's role"
    return None
