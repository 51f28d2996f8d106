"""Stored results: what is damaged or of another kind counts as none."""

import json
import os

import pytest

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.grading.store import FIELDS, Store

KEY = "abcdef"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_a_result_comes_back(store):
    result = dict.fromkeys(FIELDS, 1)
    assert store.get(KEY) is None
    store.put(KEY, result)
    assert store.get(KEY) == result and store.get("abcdeg") is None
    more = result | {"more": 2}
    store.put(KEY, more)
    assert store.get(KEY) == more
    assert [path.name for path in store.folder.glob("*/*")] == [f"{KEY}.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", b"\xff", "{}"])
def test_what_is_no_result_counts_as_none(store, text):
    path = store.folder / KEY[:2] / f"{KEY}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert store.get(KEY) is None


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_result_without_one_of_its_fields_counts_as_none(store, field):
    result = dict.fromkeys(FIELDS, 1)
    del result[field]
    store.put(KEY, result)
    assert json.loads(next(store.folder.glob("*/*")).read_bytes()) == result
    assert store.get(KEY) is None


def test_results_of_earlier_releases_are_found_where_they_lie(tmp_path, store):
    path = tmp_path / ".autograder" / "results" / "ab" / "abcdef.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(dict.fromkeys(FIELDS, 1)))
    assert store.get("abcdef") == dict.fromkeys(FIELDS, 1)


def test_a_file_is_whole_readable_and_alone(tmp_path):
    path = tmp_path / "new" / "folder" / "file"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second" and path.stat().st_mode & 0o777 == 0o644
    assert [*path.parent.iterdir()] == [path]


def test_a_file_is_for_whom_the_umask_says(tmp_path):
    before = os.umask(0o077)
    try:
        write_atomically(tmp_path / "roster.csv", b"ada")
    finally:
        os.umask(before)
    assert (tmp_path / "roster.csv").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "taken" / "inside").mkdir(parents=True)
    with pytest.raises(AutograderError, match="taken: cannot be written"):
        write_atomically(tmp_path / "taken", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_made_is_a_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AutograderError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "below", b"data")
