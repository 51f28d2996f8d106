"""What graders import: limits, arguments, named mistakes and comparison within rounding error."""

from autograder.grading.examples import Example
from autograder.grading.judge import (
    Mistake,
    Verdict,
    as_numbers,
    check_value,
    describe,
    dot_atol,
    fail,
    loops,
    matches,
)
from autograder.grading.made import Made
from autograder.sandbox.limits import Limits

__all__ = ["Example", "Limits", "Made", "Mistake", "Verdict", "as_numbers", "check_value",
           "describe", "dot_atol", "fail", "loops", "matches"]
