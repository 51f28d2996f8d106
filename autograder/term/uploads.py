"""The files in what a platform handed over, a zip or a folder, each read within bounds."""

import functools
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import AutograderError
from autograder.names import visible

PASSED_OVER = ("__MACOSX", ".ipynb_checkpoints")
MAX_FILES = 1_000_000  # of one zip or folder


@dataclass(frozen=True)
class File:
    """One file of what a platform handed over.

    `content` returns its first bytes, as many as it is asked for.
    """

    path: PurePosixPath
    size: int
    content: Callable[[int], bytes]

    def read(self, limit: int) -> bytes:
        """All bytes; AutograderError for more than `limit`, or for any that cannot be read."""
        try:  # the size that is announced need not be the true one
            raw = self.content(limit + 1) if self.size <= limit else None
        except AutograderError:
            raise
        except Exception as error:  # zipfile raises all kinds of errors
            raise AutograderError(f"cannot be unpacked ({visible(error)})") from None
        if raw is None or len(raw) > limit:
            raise AutograderError("is larger than " + (
                f"{limit >> 20} MiB" if limit >> 20 else f"{limit} bytes"))
        return raw


def files_in(path: Path) -> Iterator[File]:
    """All files of a zip or a folder, those that only systems write passed over.

    Raises
    ------
    AutograderError
        It is neither, or cannot be read.
    """
    found = _in_folder(path) if path.is_dir() else _in_zip(path)
    for number, file in enumerate(found):
        if number >= MAX_FILES:
            raise AutograderError(f"{path}: holds more than {MAX_FILES:,} files: collect its "
                                  "parts one by one")
        if not (set(file.path.parts) & set(PASSED_OVER) or file.path.name.startswith(".")):
            yield file


def _in_folder(folder: Path) -> Iterator[File]:
    def unreadable(error: OSError):
        raise AutograderError(f"{visible(error.filename)}: cannot be read ({error.strerror}): "
                              "correct the permissions") from None

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in sorted(names + links):
            path = Path(where, name)
            size = path.lstat().st_size if path.exists() else 0
            yield File(PurePosixPath(path.relative_to(folder).as_posix()), size,
                       functools.partial(_read_file, path))


def _read_file(path: Path, size: int) -> bytes:
    """The first bytes of an ordinary file: a link may lead to the TA's, a pipe never end."""
    if path.is_symlink():
        raise AutograderError("is a symbolic link")
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise AutograderError("is not an ordinary file")
        return file.read(size)


def _in_zip(path: Path) -> Iterator[File]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such file or folder") from None
    except (OSError, zipfile.BadZipFile):
        raise AutograderError(f"{path}: is no folder and no zip: download it again, or unpack "
                              "it and name the folder") from None
    except Exception as error:  # of a version that nobody knows, names that are not UTF-8, ...
        raise AutograderError(f"{path}: cannot be unpacked ({visible(error)}): unpack it with "
                              "another program and name the folder") from None
    for info in archive.infolist():
        if not info.is_dir():
            # zipfile cuts a name at a zero byte: what is left is not what the platform wrote
            name = info.filename if "\0" not in info.orig_filename else "../" + info.filename
            yield File(PurePosixPath(name), info.file_size,
                       functools.partial(_unpack, archive, info))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> bytes:
    """The first bytes of a zip's member, never more than that in memory."""
    # no platform uses others, of which a few bytes may unpack to gigabytes at once
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(f"compression method {info.compress_type}")
    raw = bytearray()
    with archive.open(info) as member:
        while len(raw) < size and (chunk := member.read(min(size - len(raw), 1 << 20))):
            raw += chunk
    return bytes(raw)
