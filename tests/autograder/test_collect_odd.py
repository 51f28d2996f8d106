"""What is odd in a download: each file is taken rightly, or is one line that says what to do."""

import io
import os
import shlex
import time
import tracemalloc
import zipfile

import pytest
import toy
from click.testing import CliRunner
from downloads import make_folder, make_zip, raw
from test_collect_platforms import FIRST, GITHUB, LAST, course, written

from autograder.commands.main import main
from autograder.errors import AutograderError
from autograder.term import uploads
from autograder.term.collect import collect

assert course  # the fixture
MOODLE = "Björn Nguyễn_55_assignsubmission_file_"
CANVAS = "nguynbjrn_901_7001_"
SPACED = b"\xef\xbb\xbf \n" + LAST  # a byte order mark as well


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def other_course():
    nb = toy.source(double="def relu(x):\n    return x * (x > 0)", split="print('something else')")
    for cell in nb.cells:
        cell.metadata.clear()
    nb.cells[0].source = "# Notebook 3.1: Shallow neural networks, of another course altogether"
    return toy.as_bytes(nb)


def without_names():
    """As a program leaves it that takes away what nbgrader writes into cells."""
    nb = toy.source()
    for cell in nb.cells:
        cell.metadata.clear()
    return toy.as_bytes(nb)


# whose file names and contents are odd; what is taken of u001, and what a line says
ODD = {
    "a browser's .txt": ({f"{CANVAS}toy.ipynb.txt": LAST}, True, ""),
    "a browser's .json": ({f"{CANVAS}toy.ipynb.json": LAST}, True, ""),
    "plain .json": ({f"{CANVAS}toy.json": LAST}, True, ""),
    "no extension": ({f"{CANVAS}toy": LAST}, True, ""),
    "another extension": ({f"{CANVAS}toy.backup": LAST}, True, ""),
    "capitals": ({f"{CANVAS}TOY.IPYNB": LAST}, True, ""),
    "a copy's number": ({f"{CANVAS}toy.ipynb (1)": LAST}, True, ""),
    "spaces in front": ({f"{CANVAS}toy": SPACED}, None, ""),
    "nothing before the extension": ({f"{MOODLE}/.ipynb": LAST}, True, ""),
    "a zip": ({f"{CANVAS}toy.zip": packed({"toy.ipynb": LAST})}, True, ""),
    "a zip called a notebook": ({f"{CANVAS}toy.ipynb": packed({"toy.ipynb": LAST})}, True, ""),
    "a zip without extension": ({f"{CANVAS}toy": packed({"a/toy": LAST})}, True, ""),
    "a zip of a Mac": ({f"{MOODLE}/toy.zip": packed({
        "toy/toy.ipynb": LAST, "__MACOSX/toy/._toy.ipynb": b"x", "toy/.DS_Store": b"x",
        "toy/.ipynb_checkpoints/toy-checkpoint.ipynb": FIRST})}, True, ""),
    "a zip in a zip": ({f"{CANVAS}toy.zip": packed({"a.zip": packed({"toy.ipynb": LAST})})},
                       True, ""),
    "a zip in a zip in a zip": ({f"{CANVAS}toy.zip": packed({"a.zip": packed({"b.zip": packed(
        {"toy.ipynb": LAST})})})}, False, "b.zip is a zip in a zip in a zip"),
    "an empty zip": ({f"{CANVAS}toy.zip": packed({})}, False, "toy.zip is an empty zip"),
    "a broken zip": ({f"{CANVAS}toy.zip": packed({"toy.ipynb": LAST})[:90]}, False,
                     "cannot be unpacked"),
    "a zip that climbs": ({f"{CANVAS}toy.zip": packed({"../../u002/toy.ipynb": LAST})}, False,
                          "has a path that leads out of its zip"),
    "a zip with another's folder": ({f"{CANVAS}toy.zip": packed({
        "u002/toy.ipynb": LAST, "u002/timestamp.txt": b"2026-10-01 00:00:00 UTC"})}, True, ""),
    "a zip of several": ({f"{CANVAS}toy.zip": packed({"a.ipynb": LAST, "b.ipynb": FIRST})}, False,
                         "--student u001"),
    "a zip of several, one with the name": ({f"{CANVAS}toy.zip": packed({
        "toy.ipynb": LAST, "b.ipynb": FIRST})}, True, ""),
    "a rar": ({f"{CANVAS}toy.rar": b"Rar!\x1a\x07"}, False, "toy.rar is an archive, but no zip"),
    "a text": ({f"{CANVAS}toy.pdf": b"%PDF"}, False, "toy.pdf is no notebook"),
    "a document, which is a zip": ({f"{CANVAS}toy.docx": packed({"toy.ipynb": LAST})}, False,
                                   "is no notebook"),
    "JSON that is no notebook": ({f"{CANVAS}toy.json": b'{"a": 1}'}, False, "is no notebook"),
    "another course": ({f"{CANVAS}toy.ipynb": other_course()}, False,
                       "with --student u001 if it is the right one"),
    "another course, later": ({f"{CANVAS}toy.ipynb": LAST, "nguynbjrn_901_7002_x.ipynb":
                               other_course()}, True, "no cell of it is known here"),
    "a notebook without its cells' names": ({f"{CANVAS}toy.ipynb": without_names()}, None, ""),
    "a later file that is broken": ({f"{CANVAS}toy.ipynb": LAST, "nguynbjrn_901_7002_x.ipynb":
                                     b"{broken"}, True, "x.ipynb cannot be read"),
    "folders in folders": ({f"{MOODLE}/a/b/c/d/toy.ipynb": LAST}, True, ""),
    "only what a system writes": ({f"{MOODLE}/__MACOSX/._toy.ipynb": b"x",
                                   "u002.ipynb": LAST}, False, "nothing in it but what systems"),
    "spaces and accents": ({f"{MOODLE}/Hausübung (Kopie) – final'.ipynb": LAST}, True, ""),
    "a decomposed name": ({"Bjo\u0308rn Nguye\u0302\u0303n_55_assignsubmission_file_/t.ipynb":
                           LAST}, True, ""),
    "Drive's copy": ({"Björn Nguyễn - Copy of toy.ipynb (1)": LAST}, True, ""),
    "Drive's zip": ({"Björn Nguyễn - toy.zip": packed({"toy.ipynb": LAST})}, True, ""),
    "Brightspace's zip": ({"88000-1 - Björn Nguyễn - Oct 12, 2026 1159 PM/a.zip": packed(
        {"toy.ipynb": LAST})}, True, ""),
    "Brightspace without folders": ({"88000-1 - Björn Nguyễn - Oct 12, 2026 1159 PM - a.ipynb":
                                     LAST}, True, ""),
    "a file by id and a copy's number": ({"u001 (1).ipynb.txt": LAST}, True, ""),
    "a zip by id": ({"u001.zip": packed({"toy.ipynb": LAST})}, True, ""),
}


def one_line(done):
    for line in done.problems + done.notes:
        assert line.isprintable() and len(line) < 600, line
    return " ".join(done.problems + done.notes)


@pytest.mark.parametrize("what", ODD)
def test_what_is_odd(course, tmp_path, what):
    files, taken, says = ODD[what]
    for number, make in enumerate((make_zip, make_folder)):
        done = collect(course, "toy", [make(tmp_path / ("all.zip" if not number else "all"),
                                            files)])
        assert says in one_line(done), done
        if taken is not None:
            assert raw(course, "u001") == (LAST if taken else None), done
            assert bool(done.problems) == (not taken and "system" not in what)
        else:
            assert raw(course, "u001") in (without_names(), SPACED)
    assert raw(course, "u002") == (LAST if "system" in what else None)


# -- one notebook

@pytest.mark.parametrize("name", ["u001.ipynb", "U001.ipynb.txt", "u001", "toy_u001 (2).ipynb",
                                  "Björn Nguyễn.ipynb"])
def test_one_notebook_that_came_by_mail(course, tmp_path, name):
    path = make_folder(tmp_path / "mail", {name: LAST}) / name
    done = collect(course, "toy", [path])
    assert done.new == ["u001"] and done.problems == [] and raw(course, "u001") == LAST
    assert "nobody is charged for lateness" in done.notes[-1]


def test_a_notebook_beside_a_class(course, tmp_path):
    folder = make_folder(tmp_path / "mail", {"u001.ipynb": LAST})
    path = make_zip(folder / "class.zip", {"u002.ipynb": FIRST})
    assert collect(course, "toy", [path, folder / "u001.ipynb"]).new == ["u001", "u002"]
    assert (raw(course, "u001"), raw(course, "u002")) == (LAST, FIRST)


@pytest.mark.parametrize("name", ["Assignment (3).ipynb", "u002.ipynb", "a=b.ipynb", "x.zip", "x"])
def test_whose_it_is_by_hand(course, tmp_path, name):
    content = packed({"u002/toy.ipynb": LAST}) if name == "x.zip" else LAST
    path = make_folder(tmp_path / "mail", {name: content}) / name
    command = ["--root", str(course.root), "collect", "toy", str(path)]
    done = CliRunner().invoke(main, [*command, "--student", "u001"])
    assert done.exit_code == 0 and "1 new" in done.output and raw(course, "u001") == LAST
    assert raw(course, "u002") is None
    nobodys = CliRunner().invoke(main, [*command, "--student", "u01"])
    assert nobodys.exit_code == 2 and "--student u01: is not in roster.csv" in nobodys.output


@pytest.mark.parametrize("files, says", [
    ({}, "holds no submission"), ({"__MACOSX/a": b"x"}, "holds no submission"),
    ({"e/submission_7/toy.ipynb": LAST}, "submission_metadata.yml is missing beside submission_7"),
    ({"e/submission_metadata.yml": ": : [", "e/submission_7/toy.ipynb": LAST},
     "is not as Gradescope writes it"),
    ({"e/submission_metadata.yml": "submission_7:\n  :submitters: []\n",
      "e/submission_7/toy.ipynb": LAST}, "submitters or time are not as Gradescope")])
def test_a_download_without_what_belongs_to_it_is_a_line(course, tmp_path, files, says):
    for number, make in enumerate((make_zip, make_folder)):
        path = tmp_path / ("a.zip" if not number else "a")
        path.mkdir() if number else None
        done = collect(course, "toy", [make(path, files)])
        assert says in one_line(done) and done.problems and not done.new
        assert "\\n" not in one_line(done)


def test_a_class_is_not_one_students_by_hand(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {f"{MOODLE}/toy.ipynb": LAST, "u002/my.ipynb": FIRST})
    with pytest.raises(AutograderError, match="several students, u001, u002: leave --student out"):
        collect(course, "toy", [path], student="u003")


def test_names_of_a_zip_that_does_not_say_they_are_utf8(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {"Björn Nguyễn - toy.ipynb": LAST})
    raw_zip = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        raw_zip[raw_zip.index(sign) + offset] &= ~8
    path.write_bytes(raw_zip)
    assert collect(course, "toy", [path]).new == ["u001"]


def test_times_far_from_the_due_date_are_a_line(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {"toy_u001_attempt_2026-12-10-18-00-00_a.ipynb": LAST})
    assert "more than 30 days after the due date" in one_line(collect(course, "toy", [path]))


def test_by_hand_a_notebook_that_has_lost_all_is_taken(course, tmp_path):
    path = make_folder(tmp_path / "mail", {"a.ipynb": other_course()}) / "a.ipynb"
    assert collect(course, "toy", [path], student="u001").new == ["u001"]


@pytest.mark.parametrize("name, content, says", [
    ("notes.pdf", b"%PDF", "is no folder, no zip and no notebook"),
    ("all.rar", b"Rar!", "unpack it and name the folder"), ("gone.ipynb", None, "no such file"),
    ("empty.zip", b"", "is no folder and no zip")])
def test_what_is_no_download_is_one_line(course, tmp_path, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AutograderError, match=says) as error:
        collect(course, "toy", [path])
    assert "\n" not in str(error.value)


def test_a_pipe_or_a_device_is_not_waited_for(course, tmp_path):
    for name in ("u001.ipynb", "all.zip"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(AutograderError, match="is no folder and no file"):
            collect(course, "toy", [tmp_path / name])


# -- what the lines say to type

def followed(course, paths, student=None):
    """Collect, type what each line says, and collect again."""
    command = ["--root", str(course.root), "collect", "toy", *map(str, paths)]
    first = CliRunner().invoke(main, command)
    options = [line[line.index("--match "):] for line in first.output.splitlines()
               if "--match " in line]
    words = [word for option in options for word in shlex.split(option)]
    if student:
        words = [word.replace("<student id>", student) for word in words]
    return first.output, words, CliRunner().invoke(main, [*command, *words])


@pytest.mark.parametrize("files", [
    {"Nobody O'Known_770_assignsubmission_file_/toy.ipynb": LAST},
    {"oknownnobody_5_7_it's \"mine\".ipynb": LAST}, {"Nobody O'Known - a = b.ipynb": LAST},
    {"88000-1 - Nobody O'Known - Oct 12, 2026 1159 PM/toy.ipynb": LAST},
    {f"toy_nobody_attempt_2026-10-1{day}-23-59-00_x.ipynb": LAST for day in (1, 2)},
    {"$HOME `id`; x.ipynb": LAST}, {"-rf.ipynb": LAST}, {"toy-ghost/toy.ipynb": LAST,
                                                         "toy-ghost/README.md": "x",
                                                         "toy-ghost/nncourse/a.py": "x"}])
@pytest.mark.parametrize("make", [make_zip, make_folder])
def test_the_advice_works_as_it_is_printed(course, tmp_path, files, make):
    said, words, done = followed(course, [make(tmp_path / "all.zip", files)], "u003")
    assert len(words) == 2 and said.count("\n") <= 3
    assert done.exit_code == 0 and "1 new, 0 replaced" in done.output, done.output
    assert raw(course, "u003") == LAST


def test_fifteen_folders_have_fifteen_names(course, tmp_path):
    files = {f"assignment_5_export/submission_{n}/toy.ipynb": toy.as_bytes(toy.source(
        double=f"def double(x):\n    return {n} * x")) for n in range(15)}
    for table in ({}, {"assignment_5_export/submission_metadata.yml": "".join(
            f"submission_{n}:\n  :submitters: [{{':name': No O'Name, ':sid': ''}}]\n"
            for n in range(15))}):
        path = make_zip(tmp_path / "all.zip", files | table)
        _, words, _ = followed(course, [path])
        assert len(set(words) - {"--match"}) == 15
        done = collect(course, "toy", [path], matches={words[1].rpartition("=")[0]: "u003"})
        assert done.new + done.replaced + done.unchanged == ["u003"] and len(done.problems) == 14


@pytest.mark.parametrize("first, second", [
    ("Ada Lee_770200_assignsubmission_file_/toy.ipynb",
     "Ada Lee_770201_assignsubmission_file_/toy.ipynb"),
    ("leeada_11_7001_toy.ipynb", "leeada_12_7002_toy.ipynb"),
    ("1-2 - Ada Lee - Oct 12, 2026 1159 PM/a.ipynb",
     "3-4 - Ada Lee - Oct 12, 2026 1158 PM/a.ipynb"),
    ("Ada Lee - toy.ipynb", "Ada Lee - toy (1).ipynb")])
def test_two_students_of_one_name(course, tmp_path, first, second):
    path = make_zip(tmp_path / "all.zip", {first: LAST, second: FIRST, "u001.ipynb": LAST})
    said, words, done = followed(course, [path])
    assert said.count("two students are called Ada Lee (U1001147, U1001924)") == 2
    assert ("give the worksheet with --times" in said) == ("assign" in first)
    assert done.exit_code == 0 and "2 new, 0 replaced, 1 unchanged" in done.output, done.output
    assert (raw(course, "U1001147"), raw(course, "U1001924")) == (LAST, FIRST)


def test_the_worksheet_tells_two_students_of_one_name_apart(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {f"Ada Lee_{n}_assignsubmission_file_/toy.ipynb": content
                                           for n, content in ((770, LAST), (771, FIRST))})
    times = written(tmp_path / "t.csv", "Identifier,Full name,Email address,"
                    "Last modified (submission)\nParticipant 770,Ada Lee,ada2@x.org,-\n"
                    "Participant 771,Ada Lee,ada1@x.org,-\n")
    assert collect(course, "toy", [path], times=times).new == ["U1001147", "U1001924"]
    assert (raw(course, "U1001147"), raw(course, "U1001924")) == (FIRST, LAST)


def test_a_name_of_two_gives_neither_away(course, tmp_path):
    path = make_zip(tmp_path / "all.zip", {f"Ada Lee_{n}_assignsubmission_file_/toy.ipynb": content
                                           for n, content in ((770, LAST), (771, FIRST))})
    done = collect(course, "toy", [path], matches={"Ada Lee": "U1001147"})
    assert not done.new and "2 files or people have this name" in one_line(done)
    done = collect(course, "toy", [path], matches={"Ada Leh": "U1001147"})
    assert "--match Ada Leh=U1001147: nothing here has this name" in one_line(done)


def test_two_downloads_with_one_name_inside(course, tmp_path):
    paths = [make_zip(tmp_path / f"{name}.zip", {"strange.ipynb": content})
             for name, content in (("a", LAST), ("b", FIRST))]
    _, words, _ = followed(course, paths)
    assert len(set(words)) == 3
    matches = dict(zip((word.rpartition("=")[0] for word in words[1::2]), ("u001", "u002")))
    assert collect(course, "toy", paths, matches=matches).new == ["u001", "u002"]
    assert (raw(course, "u001"), raw(course, "u002")) == (LAST, FIRST)


def test_a_folder_of_many_is_not_one_students(course, tmp_path):
    files = {f"class/part/{name}.ipynb": content for name, content in (
        ("x", LAST), ("y", FIRST))} | {"class/notes/z.txt": "x"}
    said, words, _ = followed(course, [make_folder(tmp_path / "all", files)])
    assert [word.rpartition("=")[0] for word in words[1::2]] == ["class/part/x.ipynb",
                                                               "class/part/y.ipynb"], said


# -- bounds

def test_bombs_in_a_zip_in_a_zip_take_no_memory(course, tmp_path):
    bomb = packed({"toy.ipynb": b"9" * (100 << 20)})
    many = packed({f"{n}": b"" for n in range(20_000)})
    deep = LAST
    for _ in range(50):
        deep = packed({"a.zip": deep})
    path = make_zip(tmp_path / "all.zip", {
        "u001/a.zip": bomb, "u002/b.zip": many, "u003/c.zip": deep, "lee.ipynb": LAST})
    tracemalloc.start()
    begun = time.monotonic()
    try:
        done = collect(course, "toy", [path])
        assert tracemalloc.get_traced_memory()[1] < 120 << 20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begun < 30
    assert done.new == ["lee"] and len(done.problems) == 3
    assert "larger than 32 MiB" in done.problems[0] and "10,000 files" in done.problems[1]
    assert "zip in a zip in a zip" in done.problems[2]


def test_many_files_without_a_name_for_it_are_looked_at_within_bounds(course, tmp_path):
    inner = packed({f"{n}.dat": b"{" for n in range(9_000)})
    path = make_zip(tmp_path / "all.zip", {"u001/a.zip": inner, "u001/toy.ipynb": LAST,
                                           "u002.ipynb": LAST})
    done = collect(course, "toy", [path])
    assert "u002" in done.new and len(one_line(done)) < 1000


@pytest.mark.parametrize("name", [
    "1-2 - " + "a - " * 9000 + "x/t.ipynb", "a_" * 20_000 + "attempt_2026-10-12-23-59-00_x.ipynb",
    "a-" * 20_000 + "x/t.ipynb", "u001" + " (1)" * 10_000 + ".ipynb", "u001" + ".txt" * 10_000,
    f"{MOODLE}/" + "(1)" * 20_000 + ".ipynb"])
def test_names_without_end_take_no_time(course, tmp_path, name):
    written(tmp_path / "classroom_roster.csv", GITHUB)
    inner = packed({name: LAST})
    path = make_zip(tmp_path / "all.zip", {name: LAST, "u002.ipynb": LAST, "u003.zip": inner})
    begun = time.monotonic()
    done = collect(course, "toy", [path])
    assert time.monotonic() - begun < 10 and done.new == ["u002"] and len(done.problems) == 2
    assert "as no platform writes such names" in one_line(done)


def test_links_in_each_layout_are_not_followed(course, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(LAST)
    for name in (f"{MOODLE}/toy", "88000-1 - Siobhán O'Brien - Oct 12, 2026 1159 PM/toy.zip",
                 "toy-x/toy.ipynb", "u003.ipynb.txt"):
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).symlink_to(secret)
    written(tmp_path / "classroom_roster.csv", GITHUB.replace("bjorn-n", "x"))
    done = collect(course, "toy", [tmp_path / "all"])
    assert not done.new and "symbolic link" in one_line(done)


def test_names_that_are_not_utf8(course, tmp_path):
    folder = os.fsencode(make_folder(tmp_path / "all", {"u001.ipynb": LAST}))
    for name in (b"Bj\xf6rn - toy.ipynb", b"88-1 - Bj\xf6rn - Oct 12, 2026 1159 PM.ipynb",
                 b"toy_\xff_attempt_2026-10-12-23-59-00_x.ipynb"):
        with open(folder + b"/" + name, "wb") as file:
            file.write(LAST)
    done = collect(course, "toy", [tmp_path / "all"])
    assert done.new == ["u001"] and len(done.problems) == 3 and one_line(done)


def test_a_short_number_in_a_name_is_nobodys(course, tmp_path):
    (course.root / "roster.csv").write_text("student_id\n1\n2\n")
    done = collect(course, "toy", [make_zip(tmp_path / "a.zip", {"Homework 1.ipynb": LAST})])
    assert not done.new and "no student of roster.csv" in done.problems[0]
    assert collect(course, "toy", [make_zip(tmp_path / "b.zip", {"1.ipynb": LAST})]).new == ["1"]


def test_stems():
    assert uploads.stem("u1 (1).ipynb.txt") == "u1" and uploads.stem("a.b.zip") == "a.b"
    assert uploads.stem(".ipynb") == ".ipynb" and uploads.stem("(1)") == "(1)"
