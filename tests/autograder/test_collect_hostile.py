"""What a student uploads decides nothing about whose a file is, when it came, or for others."""

import datetime
import io
import json
import os
import struct
import tracemalloc
import zipfile
import zlib

import pytest
import toy
from downloads import make_folder, make_zip, raw

from autograder.errors import AutograderError
from autograder.names import climbs, safe_path, visible
from autograder.output.export import pack_feedback
from autograder.term import choice, gradescope, uploads
from autograder.term.collect import collect, handed_over
from autograder.term.course import Course

HERS = toy.as_bytes(toy.source())
EVIL = toy.as_bytes(toy.source(double="def double(x):\n    return 3 * x"))
STAMP = "2026-10-01 12:00:00 UTC"


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


PACKED = packed({"alice/toy.ipynb": EVIL, "alice/timestamp.txt": STAMP})
MOODLE_EVE, CANVAS_EVE = "Eve Evil_102_assignsubmission_file_", "evileve_102_9002_"
HONEST = {  # of alice, by layout
    "moodle": {"Alice Able_101_assignsubmission_file_/toy.ipynb": HERS},
    "canvas": {"ablealice_101_9001_toy.ipynb": HERS},
    "gradescope": {"submission_1/toy.ipynb": HERS},
    "exchange": {f"alice+toy+{STAMP}+x/toy.ipynb": HERS},
    "folders": {"alice/toy.ipynb": HERS},
    "brightspace": {"11-21 - Alice Able - Oct 12, 2026 1200 PM/toy.ipynb": HERS},
    "blackboard": {"toy_alice_attempt_2026-10-12-12-00-00_toy.ipynb": HERS},
    "drive": {"Alice Able - toy.ipynb": HERS},
    "github": {"toy-alicegh/toy.ipynb": HERS},
}
EVES = {"moodle": f"{MOODLE_EVE}/", "gradescope": "submission_2/", "folders": "eve/",
        "exchange": "eve+toy+2026-10-20 12:00:00 UTC+y/", "canvas": CANVAS_EVE,
        "brightspace": "12-22 - Eve Evil - Oct 20, 2026 1200 PM/",
        "blackboard": "toy_eve_attempt_2026-10-20-12-00-00_", "drive": "Eve Evil - ",
        "github": "toy-evegh/"}
CLASSROOM = "identifier,github_username\nalice,alicegh\neve,evegh\n"
FILES = ("canvas", "blackboard", "drive")  # layouts without folders
METADATA = """\
submission_1:
  :submitters: [{":name": Alice Able, ":sid": alice}]
  :created_at: 2026-10-12 12:00:00 Z
submission_2:
  :submitters: [{":name": Eve Evil, ":sid": eve}]
  :created_at: 2026-10-20 12:00:00 Z
"""
# what eve puts into her folder, to be taken for alice's or to have come early
LURES = {
    "the exchange's folder": {f"alice+toy+{STAMP}+z/toy.ipynb": EVIL},
    "a student's folder": {"alice/toy.ipynb": EVIL, "alice/timestamp.txt": STAMP},
    "a student's folder in the roster's layout": {"alice/toy/toy.ipynb": EVIL},
    "Moodle's folder": {"Alice Able_101_assignsubmission_file_/toy.ipynb": EVIL},
    "Moodle's file": {"Alice Able_101_assignsubmission_file_toy.ipynb": EVIL},
    "Canvas's file": {"ablealice_101_9999_toy.ipynb": EVIL},
    "a file of her name": {"toy_alice.ipynb": EVIL, "alice.ipynb": EVIL},
    "a table of Gradescope's": {
        "submission_metadata.yml":
            f"x:\n  :created_at: {STAMP}\n  :submitters:\n  - :sid: alice\n",
        "x/toy.ipynb": EVIL},
    "a table deeper inside": {
        "a/submission_metadata.yml": "submission_1:\n  :submitters:\n  - :sid: alice\n",
        "a/submission_1/toy.ipynb": EVIL},
    "a time": {"timestamp.txt": STAMP, "toy.ipynb": EVIL},
    "a time deeper inside": {"toy/timestamp.txt": STAMP, "toy/toy.ipynb": EVIL},
    "a name with a line's end": {"x\nalice/alice+toy+2026-10-01.ipynb": EVIL},
    "Brightspace's folder": {"11-9 - Alice Able - Oct 1, 2026 1200 PM/toy.ipynb": EVIL},
    "Brightspace's file": {"11-9 - Alice Able - Oct 1, 2026 1200 PM - toy.ipynb": EVIL},
    "Blackboard's file": {"toy_alice_attempt_2026-10-01-12-00-00_toy.ipynb": EVIL},
    "Drive's file": {"Alice Able - toy.ipynb": EVIL},
    "a table of GitHub Classroom's": {
        "classroom_roster.csv": "identifier,github_username\nalice,evilgh\n",
        "toy-evilgh/toy.ipynb": EVIL, "toy-alicegh/toy.ipynb": EVIL},
    "a zip": {"toy.zip": PACKED}, "a zip of her name": {"alice.zip": PACKED},
    "a broken table": {"submission_metadata.yml": "[" * 3000, "timestamp.txt": "9" * 5000,
                       "toy.ipynb": EVIL},
}


@pytest.fixture
def course(tmp_path):
    toy.write_course(tmp_path)
    (tmp_path / "term.toml").write_text('timezone = "UTC"\n')
    (tmp_path / "roster.csv").write_text(
        "student_id,first_name,last_name,email,lms_user_id\nalice,Alice,Able,alice@x.org,101\n"
        "eve,Eve,Evil,eve@x.org,102\nzoe,Zoe,Zed,zoe@x.org,103\n")
    return Course(tmp_path)


def lines(done):
    """All lines, each fit for a terminal."""
    for line in done.problems + done.notes:
        assert line.isprintable() and len(line) <= 2100, line[:300]
    return done.problems


# -- whose, and when

@pytest.mark.parametrize("layout, lure", [
    (layout, lure) for layout in HONEST for lure in LURES])
@pytest.mark.parametrize("make", [make_zip, make_folder])
def test_an_upload_is_never_read_as_the_platforms(course, tmp_path, layout, lure, make):
    prefix = "export/" if layout == "gradescope" else ""
    files = dict(HONEST[layout])
    files |= {EVES[layout] + (name.replace("/", "_") if layout in FILES else name): content
              for name, content in LURES[lure].items()}
    if layout == "gradescope":
        files["submission_metadata.yml"] = METADATA
    times = tmp_path / "times.csv"
    times.write_text("student_id,submitted\neve,2026-10-20 12:00\n")
    (tmp_path / "classroom_roster.csv").write_text(CLASSROOM)
    done = collect(course, "toy", [make(tmp_path / "all.zip", {
        prefix + name: content for name, content in files.items()})], times=times)
    lines(done)
    assert raw(course, "alice") == HERS and raw(course, "eve") in (EVIL, None)
    assert raw(course, "zoe") is None
    if raw(course, "eve"):
        assert course.submitted_at("eve", "toy") == datetime.datetime(2026, 10, 20, 12)
        assert handed_over(course, "toy")["eve"].startswith(
            str(safe_path(prefix + EVES[layout])))


@pytest.mark.parametrize("layout", ["moodle", "canvas", "gradescope"])
def test_an_uploaded_time_is_just_another_file(course, tmp_path, layout):
    files = {EVES[layout] + name: content for name, content in LURES["a time"].items()}
    if layout == "gradescope":
        files["submission_metadata.yml"] = METADATA.replace(
            "  :created_at: 2026-10-20 12:00:00 Z\n", "")
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    assert done.new == ["eve"] and course.submitted_at("eve", "toy") is None
    assert any("timestamp.txt is no notebook" in note for note in done.notes)


def test_a_table_of_times_beats_a_time_beside_the_notebook(course, tmp_path):
    files = {"eve/toy.ipynb": EVIL, "eve/timestamp.txt": STAMP, "eve/sub/timestamp.txt": "odd"}
    path, times = make_zip(tmp_path / "all.zip", files), tmp_path / "times.csv"
    assert collect(course, "toy", [path]).problems == []
    assert course.submitted_at("eve", "toy") == datetime.datetime(2026, 10, 1, 12)
    times.write_text("student_id,submitted\neve,2026-10-20 12:00\n")
    collect(course, "toy", [path], times=times)
    assert course.submitted_at("eve", "toy") == datetime.datetime(2026, 10, 20, 12)


@pytest.mark.parametrize("hers, evils, option", [
    ("Alice Able_555_assignsubmission_file_/", "Alice Able_556_assignsubmission_file_/",
     "--match 'Alice Able_556=<student id>'"),
    ("alice able_7_1_", "ablealice_8_2_", "--match 'ablealice_8=<student id>'")])
def test_who_takes_anothers_name_is_a_line(course, tmp_path, hers, evils, option):
    (course.root / "roster.csv").write_text("student_id,first_name,last_name\nalice,Alice,Able\n"
                                            "eve,Eve,Evil\n")
    path = make_zip(tmp_path / "all.zip", {f"{hers}toy.ipynb": HERS, f"{evils}toy.ipynb": EVIL})
    done = collect(course, "toy", [path])
    assert "several people" in lines(done)[0] and option in done.problems[0] and not done.new
    name = option.split("'")[1].split("=")[0]
    assert collect(course, "toy", [path], matches={name: "eve"}).new == ["alice", "eve"]
    assert (raw(course, "alice"), raw(course, "eve")) == (HERS, EVIL)


def test_who_takes_anothers_name_does_not_take_her_place(course, tmp_path):
    files = {"submission_1/toy.ipynb": HERS, "submission_2/toy.ipynb": EVIL,
             "submission_metadata.yml": METADATA.replace("Eve Evil", "Alice Able").replace(
                 "eve", "e@y.org")}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    assert done.new == ["alice"] and raw(course, "alice") == HERS
    assert "--match 'Alice Able_e@y.org=<student id>'" in lines(done)[0]
    canvas = make_zip(tmp_path / "c.zip", {"ablealice_999_9_toy.ipynb": EVIL})
    assert not collect(course, "toy", [canvas]).new  # the roster has another number for her
    canvas = make_zip(tmp_path / "d.zip", {"zed_102_9_alice.ipynb": EVIL})
    assert collect(course, "toy", [canvas], matches={"zed": "zoe"}).new == ["eve"]


@pytest.mark.parametrize("there, said", [
    ("soon", "delete the file if the time is not known"),
    ("2026-11-01 12:00:00 UTC", "alice: toy.ipynb is older than what is there")])
def test_what_is_not_taken_leaves_notebook_time_and_name_as_they_are(course, tmp_path, there, said):
    first = make_zip(tmp_path / "first.zip",
                     {"Alice Able_101_assignsubmission_file_/first.ipynb": HERS})
    assert collect(course, "toy", [first]).new == ["alice"]
    stamp = course.path("submitted", "alice", "toy") / "timestamp.txt"
    stamp.write_text(there)
    names = handed_over(course, "toy")
    done = collect(course, "toy", [make_zip(tmp_path / "other.zip", {
        f"alice+toy+{STAMP}+x/toy.ipynb": EVIL})])
    assert not done.new + done.replaced and any(said in line for line in done.problems + done.notes)
    assert raw(course, "alice") == HERS and stamp.read_text() == there
    assert handed_over(course, "toy") == names
    assert names["alice"].endswith("/first.ipynb")


def test_without_a_roster_nobodys_file_is_taken(course, tmp_path):
    (course.root / "roster.csv").unlink()
    with pytest.raises(AutograderError, match="roster.csv: no such file: make it with"):
        collect(course, "toy", [make_zip(tmp_path / "a.zip", {"alice/toy.ipynb": HERS})])


def test_the_worksheets_line_of_a_namesake_gives_no_time(course, tmp_path):
    times = tmp_path / "times.csv"
    times.write_text("Identifier,Full name,Email address,Last modified (submission)\n"
                     "Participant 7,Alice Able,alice@x.org,2026-10-20 12:00\n"
                     "Participant 8,Alice Able,e@y.org,2026-10-01 12:00\n")
    files = {"Alice Able_7_assignsubmission_file_/toy.ipynb": HERS,
             "Alice Able_8_assignsubmission_file_/toy.ipynb": EVIL}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)], times=times)
    assert raw(course, "alice") == HERS and len(lines(done)) == 2
    assert course.submitted_at("alice", "toy") == datetime.datetime(2026, 10, 20, 12)


@pytest.mark.parametrize("evils", [f"{MOODLE_EVE}", "evileve_102_9002_work", "ghost", "eve",
                                   "submission_2", "Eve_x_102_assignsubmission_file_"])
@pytest.mark.parametrize("make, suffix", [(make_zip, ".zip"), (make_folder, "")])
def test_folders_given_one_by_one(course, tmp_path, evils, make, suffix):
    paths = [make(tmp_path / f"{name}{suffix}", files) for name, files in (
        ("alice", {"toy.ipynb": HERS}), (evils, LURES["the exchange's folder"]))]
    lines(collect(course, "toy", paths))
    assert raw(course, "alice") == HERS and raw(course, "eve") in (EVIL, None)
    assert (raw(course, "eve") is None) == (evils in ("ghost", "submission_2",
                                                      "Eve_x_102_assignsubmission_file_"))


# -- damage and size

def damaged(change):
    """A zip of alice's and eve's files, eve's changed in the directory or where it lies."""
    def make(path):
        make_zip(path, {"alice.ipynb": HERS, "eve.ipynb": EVIL})
        data = bytearray(path.read_bytes())
        change(data, data.rindex(b"PK\1\2"), data.index(b"PK\3\4", 10))
        path.write_bytes(data)
        return path
    return make


def method(number):
    def change(data, entry, header):
        struct.pack_into("<H", data, entry + 10, number)
        struct.pack_into("<H", data, header + 8, number)
    return change


def encrypted(data, entry, header):
    data[entry + 8] |= 1
    data[header + 6] |= 1


def wrong_sum(data, entry, header):
    data[entry + 16] ^= 1


def other_name(data, entry, header):
    data[header + 30] ^= 1


def false_size(data, entry, header):
    struct.pack_into("<I", data, entry + 24, 10)


def far_away(data, entry, header):
    struct.pack_into("<I", data, entry + 42, 1 << 30)


@pytest.mark.parametrize("change", [
    method(99), method(12), method(14), encrypted, wrong_sum, other_name, false_size, far_away])
def test_a_damaged_member_is_one_line(course, tmp_path, change):
    done = collect(course, "toy", [damaged(change)(tmp_path / "all.zip")])
    assert done.new == ["alice"] and "cannot be unpacked" in lines(done)[0]


def test_a_zip_of_no_known_version_or_with_odd_names_stops_no_other(course, tmp_path):
    def version(data, entry, header):
        data[entry + 6] = 99

    def not_utf8(data, entry, header):
        data[entry + 9] |= 8
        data[entry + 46] = 0xff

    other = make_folder(tmp_path / "zoe", {"toy.ipynb": HERS})
    for number, change in enumerate((version, not_utf8)):
        path = damaged(change)(tmp_path / f"{number}.zip")
        with pytest.raises(AutograderError, match="cannot be unpacked .* name the folder"):
            collect(course, "toy", [path])
        done = collect(course, "toy", [path, other])
        assert "zoe" in done.new + done.unchanged and len(lines(done)) == 1


def nested(innermost, begin, end):
    """Thirty levels, each naming the one below it twenty times."""
    levels = [f"a0: &a0 {innermost}"]
    levels += [f"a{n}: &a{n} {begin}{f'*a{n - 1}, ' * 20}{end}" for n in range(1, 30)]
    return "\n".join(levels)


@pytest.mark.parametrize("text", [
    "x: 2026-99-99", "[" * 3000, "{" * 100_000, "", "- 1", "x: { ':created_at': *y }", "\x00",
    b"\xff", "&a [*a, *a]: 1", "submission_2:\n  :submitters: 3\n", "submission_2: " + "1" * 5000,
    "submission_2:\n  :created_at: 9999-12-31 23:59:59-23:00\n  :submitters:\n  - :sid: eve\n",
    nested("[x]", "[", "]"), nested("{ k: v }", "{ <<: [", "] }"),
    "a: &a [" + "{}, " * 50_000 + "]\n" + "".join(f"b{n}:\n  :submitters: *a\n"
                                                  for n in range(20_000))])
def test_a_table_that_is_none_is_one_line(course, tmp_path, text):
    files = {"submission_metadata.yml": text, "submission_2/alice+toy+2026-01-01/toy.ipynb": EVIL}
    other = make_folder(tmp_path / "zoe_only", {"zoe/toy.ipynb": HERS})
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files), other])
    assert done.new == ["zoe"] and 1 <= len(lines(done)) <= 2


@pytest.mark.parametrize("text", ["9" * 5000, "9999-12-31 23:59:59-23:00", "0001-01-01+14:00", "",
                                  "\x1b[2J\r\n", b"\xff\xfe", "1" * 99, "2026-10-12 25:61"])
def test_a_time_that_is_none_is_one_short_line(course, tmp_path, text):
    files = {"eve/toy.ipynb": EVIL, "eve/timestamp.txt": text, "alice/toy.ipynb": HERS}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    (line,) = lines(done)
    assert done.new == ["alice"] and len(line) < 500 and "timestamp.txt" in line


def test_one_bad_entry_of_the_table_is_one_line(course, tmp_path):
    files = {"submission_1/toy.ipynb": HERS, "submission_2/toy.ipynb": EVIL,
             "submission_metadata.yml": METADATA.replace("2026-10-20", "2026-99-99")}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    assert done.new == ["alice"] and "submission_2: submitters or time" in lines(done)[0]


def test_bombs_take_no_memory(course, tmp_path, monkeypatch):
    monkeypatch.setattr(gradescope, "MAX_METADATA", 1 << 20)
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("alice/toy.ipynb", HERS)
        for name in ("eve/toy.ipynb", "eve/timestamp.txt", "zoe/submission_metadata.yml"):
            with archive.open(name, "w", force_zip64=True) as member:
                for _ in range(100):
                    member.write(b"9" * (1 << 20))
        archive.writestr("zoe/toy.ipynb", HERS)
    tracemalloc.start()
    try:
        done = collect(course, "toy", [path])
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()
    assert done.new == ["alice", "zoe"] and "larger than 100 bytes" in lines(done)[0]


def test_a_member_that_unpacks_to_more_than_it_says_is_cut(tmp_path):
    packed = zlib.compressobj(wbits=-15)
    data = packed.compress(b"9" * (16 << 20)) + packed.flush()
    path = make_zip(tmp_path / "all.zip", {"a": b"9"})
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
        info.file_size, info.compress_size = 200 << 20, len(data)
        header = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, 0, 0, 1, 0)
        archive.fp.close()
        archive.fp = io.BytesIO(header + b"a" + data)
        info.header_offset, info.compress_type = 0, zipfile.ZIP_DEFLATED
        tracemalloc.start()
        try:
            assert len(uploads._unpack(archive, info, 1000)) == 1000
            assert tracemalloc.get_traced_memory()[1] < 4 << 20
        finally:
            tracemalloc.stop()


def test_many_files_of_one_student_are_a_short_line(course, tmp_path):
    files = {f"{MOODLE_EVE}/{n}.txt": "" for n in range(50_000)} | HONEST["moodle"]
    files[f"{MOODLE_EVE}/toy.ipynb"] = EVIL
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files)])
    assert done.new == ["alice", "eve"] and lines(done) == []
    assert "50,000 .txt files are no notebooks" in done.notes[0] and len(done.notes) == 1


def test_many_notebooks_or_strangers_are_a_short_line(course, tmp_path, monkeypatch):
    files = {f"eve/{n}.ipynb": EVIL for n in range(101)} | {f"x{n}.ipynb": b"" for n in range(500)}
    done = collect(course, "toy", [make_zip(tmp_path / "all.zip", files | {"alice.ipynb": HERS})])
    assert done.new == ["alice"] and len(lines(done)) == 22
    assert any("more than 100 notebooks" in line for line in done.problems)
    monkeypatch.setattr(choice, "MAX_UNPACKED", 3 * len(EVIL))
    files = {f"eve/{n}.ipynb": EVIL for n in range(4)}
    assert not collect(course, "toy", [make_zip(tmp_path / "b.zip", files)]).new
    monkeypatch.setattr(uploads, "MAX_FILES", 3)
    with pytest.raises(AutograderError, match="more than 3 files: collect its parts"):
        collect(course, "toy", [tmp_path / "b.zip"])


def test_a_cells_odd_name_stops_nobody(course, tmp_path):
    odd = toy.source()
    odd.cells[2].metadata.nbgrader.grade_id = ["not", {"a": "name"}]
    files = {"eve.ipynb": toy.as_bytes(odd), "alice.ipynb": HERS}
    assert collect(course, "toy", [make_zip(tmp_path / "all.zip", files)]).new == ["alice", "eve"]


def test_links_and_pipes_are_lines(course, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(HERS)
    folder = make_folder(tmp_path / "all", {"alice/toy.ipynb": HERS, "eve/x.txt": b"",
                                            "zoe/x.txt": b""})
    (folder / "eve" / "toy.ipynb").symlink_to(secret)
    (folder / "eve" / "sub").symlink_to(tmp_path)
    os.mkfifo(folder / "zoe" / "toy.ipynb")
    done = collect(course, "toy", [folder])
    assert done.new == ["alice"]
    assert "eve: no notebook of toy: toy.ipynb is a symbolic link" in lines(done)[0]
    assert "zoe: no notebook of toy: toy.ipynb is not an ordinary file" in done.problems[1]


@pytest.mark.parametrize("link", ["toy.ipynb", "toy", "eve"])
def test_a_link_below_submitted_is_refused(course, link):
    toy.submit(course.root, "alice", HERS)
    hers = course.path("submitted", "alice", "toy")
    mine = course.root / "submitted" / "eve"
    place = {"eve": mine, "toy": mine / "toy", "toy.ipynb": mine / "toy" / "toy.ipynb"}[link]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to({"eve": hers.parent, "toy": hers, "toy.ipynb": hers / "toy.ipynb"}[link])
    problems = {s.student: s.problem for s in course.submissions("toy")}
    assert problems["alice"] is None and "is a symbolic link" in problems["eve"]


# -- names

def test_paths_that_climb_are_one_line(course, tmp_path):
    names = ["../../tmp/eve/toy.ipynb", "/eve/toy.ipynb", "C:\\eve\\toy.ipynb", "eve\\..\\a.ipynb",
             "\\\\host\\eve.ipynb", f"{MOODLE_EVE}/../alice/toy.ipynb"]
    path = make_zip(tmp_path / "all.zip", dict.fromkeys(names, EVIL) | {"alice/toy.ipynb": HERS})
    done = collect(course, "toy", [path])
    assert done.new == ["alice"] and len(lines(done)) == 1 and "passed over" in done.problems[0]
    cut = tmp_path / "zero.zip"
    cut.write_bytes(make_zip(tmp_path / "b.zip", {"alice.ipynb_x_eve": EVIL}).read_bytes()
                    .replace(b"alice.ipynb_x", b"alice.ipynb\0x"))
    assert "passed over" in lines(collect(course, "toy", [cut]))[0]


def test_names_that_are_not_text_come_back_as_text(course, tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    for name, content in ((b"evileve_102_77_L\xf6s\nung.ipynb", EVIL),
                          (b"ablealice_101_78_a:b\\c.ipynb", HERS)):
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(content)
    assert lines(collect(course, "toy", [folder])) == []
    names = handed_over(course, "toy")
    assert names["eve"] == "evileve_102_77_L-s ung.ipynb"
    packed = tmp_path / "f.zip"
    packed.write_bytes(pack_feedback("toy", {"alice": b"hers", "eve": b"evil"}, names))
    with zipfile.ZipFile(packed) as archive:
        pages = {name: archive.read(name) for name in archive.namelist()}
    assert pages == {"ablealice_101_78_a-b/c.html": b"hers",
                     "evileve_102_77_L-s ung.html": b"evil"}


def test_an_old_list_of_names_is_made_safe_again(course, tmp_path):
    old = {"alice": "../../../etc/cron.d/x.ipynb", "eve": "alice/toy.ipynb", "zoe": "a/NUL.ipynb",
           "ann": "same.ipynb", "bea": "SAME.ipynb", "cleo": "same.html/x.ipynb", "dora": "\ud800",
           "fay": "/", "gil": "C:\\x\\toy.ipynb", "hal": "a\0b\n.ipynb", "ida": "zoe.ipynb",
           "jo": "x/" * 3000 + "y" * 70_000, "kim": "Alice /x.ipynb", "lou": "ﬁ.ipynb",
           "max": "fi.ipynb"}
    path = course.store.folder.parent / "collected" / "toy.json"
    path.parent.mkdir(parents=True)
    for odd in ("[1, 2]", "[" * 100_000, '{"eve": 3}', "3", "{"):
        path.write_text(odd)
        assert handed_over(course, "toy") == {}
    path.write_text(json.dumps(old))
    pages = {student: f"page of {student}".encode() for student in (*old, "none")}
    packed = tmp_path / "f.zip"
    packed.write_bytes(pack_feedback("toy", pages, handed_over(course, "toy")))
    with zipfile.ZipFile(packed) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
        archive.extractall(tmp_path / "out")
    assert sorted(found.values()) == sorted(pages.values())
    assert len({name.casefold() for name in found}) == len(pages)
    owner = {content.decode().split()[-1]: name for name, content in found.items()}
    assert owner["alice"] == "etc/cron.d/x.html" and owner["zoe"] == "a/-NUL.html"
    assert owner["eve"] == "eve/toy.html" and owner["ida"] == "ida/toy.html"
    assert owner["kim"] == "kim/toy.html" and owner["max"] == "max/toy.html"
    for name in found:
        assert name.isprintable() and not climbs(name) and "\\" not in name and len(name) < 2000


@pytest.mark.parametrize("layout", [layout for layout in HONEST if layout != "gradescope"])
def test_each_page_goes_back_under_its_own_students_name(course, tmp_path, layout):
    mine = EVES[layout] + "toy.ipynb"
    (tmp_path / "classroom_roster.csv").write_text(CLASSROOM)
    collect(course, "toy", [make_zip(tmp_path / "a.zip", HONEST[layout] | {mine: EVIL})])
    packed = tmp_path / "f.zip"
    packed.write_bytes(pack_feedback("toy", {"eve": b"evil", "zoe": b"zoes", "alice": b"hers"},
                                     handed_over(course, "toy")))
    with zipfile.ZipFile(packed) as archive:
        pages = {name: archive.read(name) for name in archive.namelist()}
    (hers,) = HONEST[layout]
    assert pages == {str(safe_path(hers).with_suffix(".html")): b"hers", "zoe/toy.html": b"zoes",
                     str(safe_path(mine).with_suffix(".html")): b"evil"}


def test_a_line_to_copy_runs_nothing(course, tmp_path):
    done = collect(course, "toy", [make_zip(tmp_path / "a.zip", {
        "x'; touch owned; '_9_9_toy.ipynb": EVIL, "\x1b[31m_8_9_toy.ipynb": EVIL})])
    assert "\\x1b[31m" in "".join(lines(done))
    line = next(line for line in done.problems if "touch" in line)
    assert os.system(f"cd {tmp_path}; true {line.partition('run again with ')[2]}") == 0
    assert not (tmp_path / "owned").exists()


def test_safe_paths():
    texts = ("a/../b", "..", "con.txt", "a. /b", "x\u3000y/z")
    assert [str(safe_path(text)) for text in texts] == ["a/b", ".", "-con.txt", "a/b", "x y/z"]
    assert visible("a\x07\u202e\ud800é") == "a\\x07\\u202e\\ud800é"
    assert len(visible("x" * 10_000)) < 150
