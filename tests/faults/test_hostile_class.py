"""Ten hostile submissions in a class: they take the time that the limits give, and no more."""

import dataclasses
import time

from hostile import KINDS, LIMITS, hand_in, make_course

from autograder.batch.batch import grade_class
from autograder.batch.local_pool import ThisMachine
from autograder.grading.grade import longest

WORKERS = 2


def test_ten_hostile_submissions_take_no_more_than_their_limits(tmp_path, bubblewrap):
    course = make_course(tmp_path)
    for number, kind in enumerate(KINDS):
        hand_in(course, f"hostile{number}", kind)
    for number in range(4):
        hand_in(course, f"honest{number}")
    started = time.monotonic()
    outcomes = {o.student: o for o in grade_class(
        course, course.assignment("toy"), course.submissions("toy"), bubblewrap,
        ThisMachine(WORKERS), None)}
    took = time.monotonic() - started
    assert all(o.problem is None for o in outcomes.values()), outcomes
    assert [outcomes[f"honest{number}"].result["score"] for number in range(4)] == [5] * 4
    assert len(outcomes) == len(KINDS) + 4
    bound = longest(LIMITS)
    assert max(o.result["seconds"] for o in outcomes.values()) < bound
    assert took < (len(KINDS) / WORKERS + 1) * bound


def test_the_bound_is_what_the_limits_add_up_to():
    for name in ("notebook_seconds", "overtime_seconds", "tests_seconds", "call_seconds"):
        more = dataclasses.replace(LIMITS, **{name: getattr(LIMITS, name) + 1})
        assert longest(more) >= longest(LIMITS) + 1
