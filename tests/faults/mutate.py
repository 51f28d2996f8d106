"""Seeded damage to notebooks and to messages, of the kinds that happen and of worse ones."""

import json
import random
from collections.abc import Callable

import nbformat

from autograder.inside import channel

WRONG = [None, True, 0, -1, 1e308, float("nan"), "", "x" * 5000, "\ud800", "\x00\x1b[2J", [], {},
         [[]], {"": {}}, ["a", 1], 2**70]
TYPES = ("code", "markdown", "raw", "heading", "", None)
MAX_OUTPUT = 50 << 20


def notebook(raw: bytes, seed: int) -> bytes:
    """The notebook after one to three mutations that the seed chooses."""
    choose = random.Random(seed)
    for _ in range(choose.randint(1, 3)):
        try:
            book = json.loads(raw)
        except ValueError:  # an earlier mutation ended its being JSON
            return _bytes_changed(raw, choose)
        if choose.random() < 0.25:
            raw = choose.choice(FILES)(raw, choose)
        else:
            book = choose.choice(STRUCTURES)(book, choose) or book
            raw = json.dumps(book, ensure_ascii=choose.random() < 0.9).encode(
                "utf-8", "surrogatepass")
    return raw


# files --------------------------------------------------------------------------------------------
def _bytes_changed(raw, choose):
    changed = bytearray(raw)
    for _ in range(choose.randint(1, 20)):
        if changed:
            changed[choose.randrange(len(changed))] = choose.randrange(256)
    return bytes(changed)


def _cut(raw, choose):
    return raw[:choose.randrange(len(raw) + 1)]


def _mark(raw, choose):
    return b"\xef\xbb\xbf" + raw


def _encoded(raw, choose):
    return raw.decode("utf-8", "replace").encode(
        choose.choice(["utf-16", "utf-32", "cp500"]), "replace")


def _latin(raw, choose):
    return raw.replace(b"visible", "sichtbar für alle".encode("latin-1"))


def _twice(raw, choose):
    return raw + raw


FILES = (_bytes_changed, _cut, _mark, _encoded, _latin, _twice)


# structures ---------------------------------------------------------------------------------------
def places(value, found=None):
    """(container, key) of everything within `value`."""
    found = [] if found is None else found
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        found.append((value, key))
        if isinstance(item, (dict, list)):
            places(item, found)
    return found


def _anywhere(book, choose):
    found = places(book) if isinstance(book, (dict, list)) else []
    return choose.choice(found) if found else (None, None)


def _wrong_value(book, choose):
    container, key = _anywhere(book, choose)
    if container is not None:
        container[key] = choose.choice(WRONG)


def _deleted(book, choose):
    container, key = _anywhere(book, choose)
    if container is not None:
        del container[key]


def _cells(book):
    cells = book.get("cells") if isinstance(book, dict) else None
    return [c for c in cells if isinstance(c, dict)] if isinstance(cells, list) else []


def _copied(book, choose):
    if _cells(book):
        copy = json.loads(json.dumps(choose.choice(_cells(book))))
        book["cells"].insert(choose.randrange(len(book["cells"]) + 1), copy)


def _moved(book, choose):
    if _cells(book):
        choose.shuffle(book["cells"])


def _converted(book, choose):
    if _cells(book):
        choose.choice(_cells(book))["cell_type"] = choose.choice(TYPES)


def _ids(book, choose):
    for cell in _cells(book):
        cell["id"] = choose.choice(["same", "", "x" * 200, "ä b", 5, None])


def _no_ids(book, choose):
    for cell in _cells(book):
        cell.pop("id", None)


def _sources(book, choose):
    for cell in _cells(book):
        if isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].splitlines(keepends=True)


def _version(book, choose):
    if isinstance(book, dict):
        book["nbformat"] = choose.choice([1, 2, 3, 4, 4, 4, 5, 99, "4"])
        book["nbformat_minor"] = choose.choice([0, 1, 2, 3, 4, 5, 6, 99])


def _old(book, choose):
    try:
        return json.loads(nbformat.writes(
            nbformat.convert(nbformat.from_dict(book), 3), version=3))
    except Exception:  # it is damaged already
        return None


def _outputs(book, choose):
    size = choose.choice([10, 10**4, 10**6, MAX_OUTPUT if choose.random() < 0.02 else 10**3])
    for cell in _cells(book)[:2]:
        cell["outputs"] = [{"output_type": choose.choice(["stream", "error", "unknown"]),
                            "name": "stdout", "text": "x" * size}]


def _names(book, choose):
    marks = [c["metadata"].get("nbgrader") for c in _cells(book)
             if isinstance(c.get("metadata"), dict)]
    for mark in marks:
        if isinstance(mark, dict) and choose.random() < 0.5:
            mark.update(choose.choice([
                {"grade_id": choose.choice(["double", "split", "new", "", "../x"])},
                {"points": choose.choice([-5, 1e9, "many"])}, {"grade": True, "solution": True},
                {"locked": False}, {"task": True}, {"schema_version": choose.choice([1, 2, 9])}]))


def _deep(book, choose):
    deep: list = []
    for _ in range(choose.choice([20, 200, 900])):
        deep = [deep]
    if isinstance(book, dict):
        book["metadata"] = {"deep": deep}


STRUCTURES = (_wrong_value, _wrong_value, _deleted, _deleted, _copied, _moved, _converted, _ids,
              _no_ids, _sources, _version, _old, _outputs, _names, _deep)


# messages -----------------------------------------------------------------------------------------
def message(replies: list, seed: int) -> bytes:
    """The bytes of one of the replies, after mutations that the seed chooses."""
    choose = random.Random(seed)
    reply = choose.choice(replies)
    if choose.random() < 0.5:
        container, key = _anywhere(reply := _copy(reply), choose)
        if container is not None:
            container[key] = choose.choice([w for w in WRONG if w != 2**70])
    raw = channel.encode(reply)
    damage: list[Callable] = [
        lambda: raw,
        lambda: _bytes_changed(raw, choose),
        lambda: raw[:channel.HEADER.size] + _bytes_changed(raw[channel.HEADER.size:], choose),
        lambda: _cut(raw, choose),
        lambda: channel.HEADER.pack(choose.randrange(2**32), choose.randrange(2**32)) + raw[8:],
        lambda: raw + raw,
        lambda: choose.randbytes(choose.randrange(1, 400)),
    ]
    return choose.choice(damage)()


def _copy(value):
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value
