"""Results on disk, each under the hash of all that decides it (see `Assignment.key`)."""

import json
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.grading.result import Result

FIELDS = {"schema", "status", "parts", "cells", "notes", "score", "max_score", "seconds"}


class Store:
    """The results below a course's root; a result is written once and whole."""

    def __init__(self, root: Path):
        self.folder = root / ".autograder" / "results"

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def get(self, key: str) -> Result | None:
        """The stored result, or None when there is none or the file is damaged."""
        try:
            result = json.loads(self._path(key).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        is_whole = isinstance(result, dict) and result.keys() >= FIELDS
        return result if is_whole else None

    def put(self, key: str, result: Result) -> None:
        """Store a result; raises AutograderError when the disk does not take it."""
        write_atomically(self._path(key), json.dumps(result).encode())
