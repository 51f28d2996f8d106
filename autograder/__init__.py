"""The course's autograder: hidden pytest graders, isolated student code, nbgrader's gradebook."""

import sys

# jsonschema imports this wherever it is installed, for a format that no notebook uses, and it takes
# longer to start than everything else in a command together
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None forbids the import
