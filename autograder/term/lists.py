"""Tables as people, spreadsheets and platforms write them: any usual encoding and separator."""

import csv
import functools
import io
import itertools
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.names import listed, visible

DELIMITERS = ",;\t|"
MAX_ABOVE = 30  # lines of titles above the heading
MAX_SPOILT = 100  # letters that were lost
SAVE = 'open it in a spreadsheet and save it as "CSV UTF-8"'
# https://en.wikipedia.org/wiki/List_of_file_signatures
OTHERS = {b"PK\x03\x04": "a zip", b"PK\x05\x06": "an empty zip", b"%PDF": "a PDF",
          b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)", b"\x1f\x8b": "a gzip file"}
BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16",
        b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
# what Windows-1252 has and a list of people may hold
LETTERS = "À-ÖØ-öø-ÿŒœŠšŽžŸ"
TYPED = LETTERS + "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac\xa0\xab\xb0\xb4\xb7\xbb"
CAPITALS = "À-ÖØ-ÞŒŠŽŸ"
# signs that the bytes are of another encoding: a character that names do not have, a capital or a
# dash inside of a word, three letters beyond ASCII on end
NOT_1252 = re.compile(
    f"[^\\x00-\\x7f{TYPED}]|[a-zß-öø-ÿœšž][{CAPITALS}]|[^\\W\\d_][{CAPITALS}][a-zß-öø-ÿœšž]"
    "|[^\\W\\d_][^\\x00-\\x7f\\w\u2019\xa0\xb7][^\\W\\d_]|[^\\W\\d_]\u2019(?!s\\b)[a-z]"
    f"|[{LETTERS}]{{3}}")
# UTF-8 that was read as Windows-1252 and saved as UTF-8, and what was lost in between
SPOILT = re.compile("[\xc2-\xc5][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
                    "\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\ufffd")
# spaces, and signs that are not seen: of width zero, of direction
BORDER = " \t\r\n\v\f\xa0\u2003\u3000\ufeff" + "".join(map(chr, (
    *range(0x200b, 0x2010), *range(0x202a, 0x202f), *range(0x2066, 0x206a))))
# = + - @ and what Unicode calls equal to them, and the minus sign
FORMULA = re.compile(r"[=+@\-\u207a\u207c\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]")


@dataclass(frozen=True)
class Table:
    """A table's heading, the number of its line, and each row with the number of its first line."""

    path: Path
    line: int
    headings: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str]


@functools.lru_cache(maxsize=4096)
def key(heading: str) -> str:
    """A heading as it can be compared: `Last name`, `last_name` and `LastName` are the same."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def clean(cell: str) -> str:
    """A cell without what surrounds it, unseen or for a spreadsheet's sake (`="007"`)."""
    cell = cell.strip(BORDER)
    if len(cell) > 2 and cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1].strip(BORDER)
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `clean` gives back what it was."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def read_table(path: Path, telling: Collection[str], known: Collection[str]) -> Table:
    """Read a table, whatever stands above its heading and between its cells.

    Parameters
    ----------
    telling : keys of headings: the heading is the first line that has one of them, else the one
        with the most cells
    known : keys of all headings of which something is known

    Raises
    ------
    AutograderError
        Not a table in text, an encoding that cannot be told, or a quotation mark is not closed.
    """
    text, notes = _read_text(path)
    lines = list(io.StringIO(text, newline=""))
    if not text.strip():
        raise AutograderError(f"{path}: is empty: see that it is the right file")
    given = re.fullmatch(r'\s*"?sep=([,;\t|:])"?\s*', lines[0], re.IGNORECASE)
    start, delimiter = _layout(lines, given, telling, known)
    rows: list[tuple[int, list[str]]] = []
    headings: list[str] = []
    begin = start + 1
    try:
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        for cells in reader:
            if cells and not headings:
                headings = [clean(cell) for cell in cells]
            elif cells and list(map(clean, cells)) != headings:
                _require_whole_lines(cells, headings, delimiter, known)
                rows.append((begin, cells))
            begin = start + reader.line_num + 1
    except csv.Error as error:
        raise AutograderError(f"{path}, line {begin}: cannot be read as CSV ({error}): see that "
                              "every quotation mark in it is closed") from None
    return Table(path, start + 1, headings, rows, notes)


def _layout(lines: list[str], given: re.Match | None, telling: Collection[str],
            known: Collection[str]) -> tuple[int, str]:
    """How many lines stand above the heading, and what separates cells."""
    found = []
    for delimiter in given.group(1) if given else DELIMITERS:
        for number, cells in _first_rows(lines, 1 if given else 0, delimiter):
            keys = {key(cell) for cell in cells}
            tells = any(one in telling for one in keys)
            score = (tells, len(keys & set(known)) if tells else 0, sum(map(bool, keys)))
            found.append((score, number, delimiter))
            if tells:
                break
    # max takes the first of equals
    _, number, delimiter = max(found, key=lambda one: one[0], default=(0, 0, ","))
    return number, delimiter


def _first_rows(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines[start:], delimiter=delimiter)
    begin = start
    try:
        for cells in itertools.islice(reader, MAX_ABOVE):
            if any(map(clean, cells)):
                yield begin, cells
            begin = start + reader.line_num
    except csv.Error:
        return  # said with its line when the table is read


def _require_whole_lines(cells: list[str], headings: list[str], delimiter: str,
                         known: Collection[str]) -> None:
    """Raise csv.Error where a quotation mark seems to hold the lines of other students."""
    for heading, cell in zip([*headings, *[""] * len(cells)], cells):
        lines = cell.splitlines()[1:]
        if lines and (key(heading) in known or len(cells) != len(headings) or any(
                line.count(delimiter) >= len(headings) - 1 for line in lines)):
            raise csv.Error("a quotation mark holds several lines")


def _read_text(path: Path) -> tuple[str, list[str]]:
    """The text of a file, and a note where its encoding was not said.

    The mark at its beginning decides; without one it is UTF-16 if every other byte is zero, UTF-8
    if it can be, and Windows-1252 if what comes out can be a list of people.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise AutograderError(f"{path}: no such file") from None
    except OSError as error:
        raise AutograderError(f"{path}: cannot be read as CSV ({error.strerror}): name the file "
                              "with the list") from None
    if other := next((what for begin, what in OTHERS.items() if raw.startswith(begin)), None):
        raise AutograderError(f"{path}: is {_zip_kind(path) or other} and no CSV: {SAVE}")
    if re.match(rb"\s*<", raw):
        raise AutograderError(f"{path}: is a web page or XML and no CSV: download the list again "
                              "while you are logged in")
    encoding = next((e for mark, e in BOMS.items() if raw.startswith(mark)), None)
    if not encoding and raw.count(0) > len(raw) // 4:
        encoding = "utf-16-be" if raw[:1] == b"\0" else "utf-16-le"
    try:
        text = raw.decode(encoding or "utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        if encoding:
            raise AutograderError(f"{path}: is damaged, as it is not the {encoding.upper()} that "
                                  f"it seems to be: download it again, or {SAVE}") from None
        return _as_1252(path, raw)
    if "\0" in text:
        raise AutograderError(f"{path}: holds NUL bytes, so it is no text: {SAVE}")
    spoilt = list(dict.fromkeys(_word(text, found.start()) for found in itertools.islice(
        SPOILT.finditer(text), MAX_SPOILT)))
    return text, [f"{path}: letters were lost before this list was made, as in "
                  f"{listed(list(map(visible, spoilt)))}: names are kept as they stand; download "
                  "it again, or correct them"] if spoilt else []


def _as_1252(path: Path, raw: bytes) -> tuple[str, list[str]]:
    text = raw.decode("cp1252", "replace")
    if odd := NOT_1252.search(text):
        line = text.count("\n", 0, odd.start()) or text.count("\r", 0, odd.start())
        raise AutograderError(f"{path}, line {line + 1}: is not in UTF-8, and in Windows-1252 it "
                              f"has '{visible(_word(text, odd.start()))}', so its encoding cannot "
                              'be told: save it as "CSV UTF-8"')
    words = dict.fromkeys(w for w in re.findall(r"[\w\u2019'-]+", text) if not w.isascii())
    return text, [f"{path}: is not in UTF-8 and was read as Windows-1252, as Excel saves it: see "
                  f"that {listed(list(map(visible, words)))} look right, else save it as "
                  '"CSV UTF-8"']


def _word(text: str, at: int) -> str:
    """The word around a place."""
    border = r"[\s,;|\"]"
    return (re.split(border, text[max(at - 40, 0):at])[-1]
            + re.split(border, text[at:at + 40])[0])


def _zip_kind(path: Path) -> str | None:
    try:
        names = zipfile.ZipFile(path).namelist()
    except Exception:  # zipfile raises all kinds of errors
        return None
    if any(name.startswith("xl/") for name in names):
        return "an Excel workbook (.xlsx)"
    return "an OpenDocument file" if "mimetype" in names else None
