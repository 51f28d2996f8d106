"""What a platform handed over, taken apart into what each student handed in."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.names import visible
from autograder.term import github, gradescope
from autograder.term.claims import MAX_NAME
from autograder.term.uploads import File, files_in, is_odd, is_passed_over

MAX_OPENED = 200  # files of which the first bytes are looked at
LISTS = frozenset(("index.html", github.TABLE))  # a platform's own, beside the submissions


@dataclass(eq=False)
class Unit:
    """A folder or a file that is one student's, as far as its name can tell.

    Parameters
    ----------
    source : what it came in, as it was named
    path : inside the source
    whole : the source is one student's, and its name is the path
    """

    source: Path
    path: PurePosixPath
    files: list[File]
    whole: bool = False

    @property
    def name(self) -> str:
        """The outermost name that the platform wrote."""
        return self.path.name

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return any(file.path != self.path for file in self.files)

    @property
    def paths(self) -> list[str]:
        """Its names for --match, the shortest first."""
        return [visible(path, MAX_NAME) for path in (
            self.path, f"{self.source.name}/{self.path}", f"{self.source}/{self.path}")]

    @property
    def works(self) -> list[File]:
        """The files that may be, or hold, a notebook; of very many only those called so."""
        return [file for number, file in enumerate(self.files) if file.is_named_notebook
                or number < MAX_OPENED and (file.is_zip or file.may_be_notebook)]

    @property
    def parts(self) -> list["Unit"]:
        """Each of several files that may be a notebook by itself: nobody says they are one's."""
        works = self.works
        return ([Unit(self.source, file.path, [file]) for file in works] if len(works) > 1
                else [self])


@dataclass(eq=False)
class Source:
    """Everything that came in one zip or folder.

    `tables` is Gradescope's, `odd` are paths that no platform writes, and in `empty` is nothing
    but what systems write for themselves.
    """

    path: Path
    whole: bool
    units: list[Unit]
    tables: list[File]
    odd: list[str]
    empty: list[str]


def title(path: Path) -> str:
    """The name of a folder or file, or of a zip without its suffix."""
    return path.stem if path.suffix.lower() == ".zip" else path.name


def read_source(path: Path, whole: bool, known: Callable[[str, bool], bool]) -> Source:
    """Take a zip, folder or notebook apart.

    Parameters
    ----------
    whole : it is one student's
    known : whether a folder (or not) of that name is one student's

    Raises
    ------
    AutograderError
        It cannot be read.
    """
    above = title(path) if whole else ""
    files, odd = [], []
    passed_over: set[PurePosixPath] = set()
    for file in files_in(path, passed_over):
        if is_odd(file.path):
            odd.append(visible(file.path))
        else:
            files.append(dataclasses.replace(file, path=PurePosixPath(above, file.path)))
    around = () if whole else _around(files, known)
    units, tables = _units(path, files, around, whole)
    # nobody's folder is one line, and not one for each of its files
    if (around and not tables and len(units) > 1
            and not any(known(unit.name, unit.folder) for unit in units)
            and sum(bool(unit.works) for unit in units) < 2):
        around = around[:-1]
        units, tables = _units(path, files, around, whole)
    begin = len(around)
    there = {unit.path.parts for unit in units}
    empty = {PurePosixPath(*file.parts[:begin + 1]) for file in passed_over
             if file.parts[:begin] == around and file.parts[:begin + 1] not in there}
    return Source(path, whole, units, tables, odd,
                  sorted(visible(unit) for unit in empty if not is_passed_over(unit)))


def _units(path: Path, files: list[File], around: tuple[str, ...],
           whole: bool) -> tuple[list[Unit], list[File]]:
    """What lies in the folders around all, and Gradescope's tables beside it."""
    found: dict[PurePosixPath, list[File]] = {}
    for file in files:
        parts = file.path.parts
        inside = parts[:len(around)] == around
        unit = PurePosixPath(*parts[:len(around) + 1]) if inside else file.path
        found.setdefault(unit, []).append(file)
    tables = [] if whole else found.pop(PurePosixPath(*around, gradescope.TABLE), [])
    return [Unit(path, unit, inside, whole) for unit, inside in found.items()
            if whole or unit.name not in LISTS], tables


def _around(files: list[File], known: Callable[[str, bool], bool]) -> tuple[str, ...]:
    """The folders around all submissions: each is alone where it is, and no student's."""
    around: tuple[str, ...] = ()
    while True:
        inside = [file for file in files if file.path.parts[:len(around)] == around]
        deeper = [file.path.parts[len(around):] for file in inside]
        folders = {parts[0] for parts in deeper if len(parts) > 1}
        beside = {parts[0] for parts in deeper if len(parts) == 1}
        if (len(folders) != 1 or gradescope.TABLE in beside
                or any(file.is_named_notebook for file in inside
                       if len(file.path.parts) == len(around) + 1)
                or any(known(name, True) for name in folders)
                or any(known(name, False) for name in beside)):
            return around
        around += tuple(folders)
