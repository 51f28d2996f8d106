"""The old name of `autograder.gradebook.plugin`; gone in the next release."""

import warnings

from autograder.gradebook.plugin import configure  # noqa: F401

warnings.warn("autograder.nbgrader_plugin: import from autograder.gradebook.plugin",
              DeprecationWarning, stacklevel=2)
