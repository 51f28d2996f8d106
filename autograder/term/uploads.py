"""The files in what a platform handed over, a zip or a folder, each read within bounds."""

import contextlib
import functools
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import AutograderError
from autograder.names import climbs, visible

PASSED_OVER = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini"))
MAX_FILES = 1_000_000  # of one zip or folder
MAX_PART = 500  # characters of a name: in a zip it may have 65,535
MAX_ZIPPED = 10_000  # files of a zip that a student handed in
UTF8 = 0x800  # what a zip's member says of its name
ENTRY = b"PK\1\2"  # how each file's entry begins in the directory of a zip
# packed as zips are, and no upload of notebooks
NO_ZIPS = frozenset((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".npz", ".jar", ".whl", ".pt",
                     ".pth", ".epub"))
NOTEBOOK = re.compile(r"\.ipynb(\W|_|$)", re.IGNORECASE)
# what browsers, mail programs and students put behind a name
ENDINGS = re.compile(r"(\.(ipynb|txt|json|zip)|\s*\(\d{1,3}\))$", re.IGNORECASE)


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

    def begins(self, size: int = 64) -> bytes:
        """The first bytes; none of what cannot be read."""
        try:
            return self.content(size)
        except Exception:  # zipfile raises all kinds of errors
            return b""

    @property
    def is_named_notebook(self) -> bool:
        """Whether it is called a notebook: a browser may have put .txt or .json behind."""
        return NOTEBOOK.search(self.path.name) is not None

    @property
    def is_zip(self) -> bool:
        """Whether it is called a zip, or is one under another name."""
        suffix = self.path.suffix.lower()
        return suffix == ".zip" or (suffix not in NO_ZIPS and self.begins().startswith(b"PK\3\4"))

    @property
    def may_be_notebook(self) -> bool:
        """Whether it begins as a notebook does, whatever it is called."""
        return self.begins().removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def stem(name: str) -> str:
    """The name without what is put behind it: `.ipynb`, `.ipynb.txt`, ` (1).zip`."""
    while (shorter := ENDINGS.sub("", name)) not in (name, ""):
        name = shorter
    return name


def is_zip(path: Path) -> bool:
    """Whether something on the disk is called a zip, or is one."""
    if path.suffix.lower() == ".zip" or not path.is_file():
        return path.suffix.lower() == ".zip"
    with open(path, "rb") as file:
        return file.read(4) == b"PK\3\4"


def files_in(path: Path, passed_over: set[PurePosixPath] | None = None) -> Iterator[File]:
    """All files of a zip or a folder, those that only systems write passed over; or the file.

    Parameters
    ----------
    passed_over : takes the paths of those

    Raises
    ------
    AutograderError
        It is none of them, or cannot be read.
    """
    if path.exists() and not (path.is_dir() or path.is_file()):  # a pipe may never end
        raise AutograderError(f"{path}: is no folder and no file: name what was downloaded")
    found = (_in_folder(path) if path.is_dir() else _in_zip(path) if is_zip(path)
             else _alone(path))
    for number, file in enumerate(found):
        if number >= MAX_FILES:
            raise AutograderError(f"{path}: holds more than {MAX_FILES:,} files: collect its "
                                  "parts one by one")
        if not is_passed_over(file.path):
            yield file
        elif passed_over is not None:
            passed_over.add(file.path)


def is_passed_over(path: PurePosixPath) -> bool:
    """Whether systems and tools write it for themselves: hidden folders and files, ..."""
    hidden = [part.startswith(".") and part != ".." for part in path.parts]
    # a notebook saved without a name is called .ipynb
    a_notebook = path.name.lower().endswith(".ipynb") and not path.name.startswith("._")
    return (not PASSED_OVER.isdisjoint(path.parts) or any(hidden[:-1])
            or (any(hidden) and not a_notebook))


def is_odd(path: PurePosixPath) -> bool:
    """Whether no platform writes such a path: it climbs, or has a name that no disk could hold."""
    return (climbs(str(path)) or not path.parts or any(len(p) > MAX_PART for p in path.parts))


def _alone(path: Path) -> Iterator[File]:
    """The notebook itself, where neither a zip nor a folder is named."""
    if not path.exists():
        raise AutograderError(f"{path}: no such file or folder")
    file = File(PurePosixPath(path.name), path.stat().st_size,
                functools.partial(_read_file, path.resolve()))
    if not (file.is_named_notebook or file.may_be_notebook):
        raise AutograderError(f"{path}: is no folder, no zip and no notebook: download it again, "
                              "or unpack it and name the folder")
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
    yield from _members(archive)


def unzip(raw: bytes, above: PurePosixPath) -> list[File]:
    """The files of a zip that a student handed in, their paths below `above`.

    Raises
    ------
    AutograderError
        It cannot be unpacked, or holds too many files.
    """
    # zipfile would read the whole directory, however long it is
    if raw.count(ENTRY) > MAX_ZIPPED:
        raise AutograderError(f"holds more than {MAX_ZIPPED:,} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except Exception as error:  # zipfile raises all kinds of errors
        raise AutograderError(f"cannot be unpacked ({visible(error)})") from None
    found = []
    for file in _members(archive):
        if is_odd(file.path):
            found.append(File(above / visible(file.path.name or "?"), 0, _refuse))
        elif not is_passed_over(file.path):
            found.append(File(above / file.path, file.size, file.content))
    return found


def _refuse(size: int) -> bytes:
    raise AutograderError("has a path that leads out of its zip, or a name without end")


def _members(archive: zipfile.ZipFile) -> Iterator[File]:
    for info in archive.infolist():
        if not info.is_dir():
            # zipfile cuts a name at a zero byte: what is left is not what the platform wrote
            name = _name(info) if "\0" not in info.orig_filename else "../" + info.filename
            yield File(PurePosixPath(name), info.file_size,
                       functools.partial(_unpack, archive, info))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name: many programs write UTF-8 and do not say so."""
    if not info.flag_bits & UTF8:
        with contextlib.suppress(ValueError):
            return info.filename.encode("cp437").decode()
    return info.filename


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
