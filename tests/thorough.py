"""`make test` takes fixed samples of what would take hours; `make thorough` takes all of it."""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"


def one_in(sample: int) -> int:
    """So many things in a row have one that is tried: `sample`, or 1 where all are."""
    return 1 if THOROUGH else sample
