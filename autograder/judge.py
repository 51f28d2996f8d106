"""The old name of what graders import from `autograder.api`; gone in the next release."""

import warnings

from autograder.grading.judge import *  # noqa: F403

warnings.warn("autograder.judge: import from autograder.api", DeprecationWarning, stacklevel=2)
