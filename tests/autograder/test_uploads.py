"""Files of a zip or a folder: each is read within its bounds, or is a line."""

import os
import stat
import zipfile

import pytest

from autograder.errors import AutograderError
from autograder.term import uploads
from autograder.term.uploads import MAX_FILES, files_in


def names(path):
    return [str(file.path) for file in files_in(path)]


@pytest.fixture(params=["folder", "zip"])
def handed_over(request, tmp_path):
    """A function that lays out files of these contents, as a folder or a zip."""
    def lay_out(contents):
        if request.param == "folder":
            for name, raw in contents.items():
                path = tmp_path / "folder" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
            return tmp_path / "folder"
        with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir("empty")
            for name, raw in contents.items():
                archive.writestr(name, raw)
        return tmp_path / "all.zip"

    return lay_out


def test_a_file_is_read_up_to_the_limit(handed_over):
    (file,) = files_in(handed_over({"a/b": b"12345"}))
    assert (str(file.path), file.size) == ("a/b", 5)
    assert file.read(5) == b"12345" and file.read(6) == b"12345" and file.content(2) == b"12"
    with pytest.raises(AutograderError, match="^is larger than 4 bytes$"):
        file.read(4)


def test_a_file_of_several_chunks_is_whole(handed_over):
    raw = os.urandom(3 << 20)
    (file,) = files_in(handed_over({"a": raw}))
    assert file.read(4 << 20) == raw
    with pytest.raises(AutograderError, match="^is larger than 1 MiB$"):
        file.read(1 << 20)


def test_what_systems_write_is_passed_over(handed_over):
    path = handed_over({"a": b"", "__MACOSX/a": b"", "b/.ipynb_checkpoints/a": b"", ".a": b"",
                        "b/.DS_Store": b"", "b/c": b""})
    assert sorted(names(path)) == ["a", "b/c"]


def test_no_more_than_so_many_files(handed_over, monkeypatch):
    path = handed_over({"a": b"", "b": b"", "c": b""})
    monkeypatch.setattr(uploads, "MAX_FILES", 3)
    assert names(path) == ["a", "b", "c"]
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    with pytest.raises(AutograderError, match="holds more than 2 files"):
        names(path)
    assert MAX_FILES == 1_000_000


def test_links_are_named_and_not_followed(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("secret")
    (inside / "folder").symlink_to(tmp_path / "secret")
    (inside / "file").symlink_to(tmp_path / "secret" / "file")
    (inside / "gone").symlink_to(tmp_path / "nothing")
    found = list(files_in(inside))
    assert [str(file.path) for file in found] == ["file", "folder", "gone"]
    for file in found:
        with pytest.raises(AutograderError, match="is a symbolic link"):
            file.read(100)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    (file,) = files_in(tmp_path)
    with pytest.raises(AutograderError, match="not an ordinary file"):
        file.read(10)


def test_a_name_with_a_zero_byte_climbs(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aXb", b"")
    path.write_bytes(path.read_bytes().replace(b"aXb", b"a\0b"))
    assert names(path) == ["../a"]


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_compress_are_refused(tmp_path, kind):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", kind) as archive:
        archive.writestr("a", b"1")
    (file,) = files_in(tmp_path / "all.zip")
    with pytest.raises(AutograderError, match="cannot be unpacked .compression method"):
        file.read(10)


@pytest.mark.parametrize("raw, reason", [
    (None, "no such file or folder"), (b"text", "no folder and no zip")])
def test_what_is_neither_a_zip_nor_a_folder_is_a_line(tmp_path, raw, reason):
    path = tmp_path / "x.zip"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(AutograderError, match=reason):
        names(path)
