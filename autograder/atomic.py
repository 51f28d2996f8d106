"""Files that are either whole or not there."""

import contextlib
import os
import uuid
from pathlib import Path

from autograder.errors import AutograderError


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader, a crash or a full disk never meets half a file.

    Raises
    ------
    AutograderError
        The file cannot be written; whatever stood there before still does.
    """
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "xb") as file:  # readable for whom the user's umask lets read
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise AutograderError(f"{path}: cannot be written ({error.strerror}): make room or "
                              "correct the permissions, then run the command again") from None
