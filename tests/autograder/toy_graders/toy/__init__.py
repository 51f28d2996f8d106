"""Hidden tests of the toy assignment: `double` (3 points) and `split` (2 points)."""

from autograder.api import Limits

LIMITS = Limits(cell_seconds=4, call_seconds=2, notebook_seconds=12, memory_bytes=1 << 30,
                tmp_bytes=64 << 20)
