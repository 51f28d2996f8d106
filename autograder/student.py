"""The old name of what graders import from `autograder.api`; gone in the next release."""

import warnings

from autograder.grading.made import Made  # noqa: F401

warnings.warn("autograder.student: import from autograder.api", DeprecationWarning, stacklevel=2)
