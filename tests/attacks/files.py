"""Attacks by the files and folders that are handed in."""

import os
from pathlib import Path

from nbformat.v4 import new_markdown_cell

from autograder.soundness.corpus import Attack, cell_ends

from .common import REFUSED, notebook


def _place(name, make):
    def place(folder: Path, raw: bytes):
        home = folder / name / "toy"
        home.mkdir(parents=True)
        make(home, raw)
    return place


def _beside(files: dict[str, str]):
    def make(home: Path, raw: bytes):
        (home / "toy.ipynb").write_bytes(raw)
        for name, text in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return make


def _student_link(folder: Path, raw: bytes):
    (folder / "student-link").symlink_to(folder / "honest")


def _assignment_link(folder: Path, raw: bytes):
    (folder / "assignment-link").mkdir()
    (folder / "assignment-link" / "toy").symlink_to(folder.parent / "source" / "toy")


def _link_to(target: str):
    return lambda home, raw: (home / "toy.ipynb").symlink_to(target)


OWNED = "import sys\nsys.modules.clear()\nraise SystemExit('owned')\n"
FILES = [
    Attack("link-to-source", "hand in a link to the instructor's notebook", REFUSED, None,
           place=_place("link-to-source", _link_to("../../../source/toy/toy.ipynb"))),
    Attack("link-to-device", "hand in a link to an endless device", REFUSED, None,
           place=_place("link-to-device", _link_to("/dev/zero"))),
    Attack("assignment-link", "hand in a folder that is a link", REFUSED, None,
           place=_assignment_link),
    Attack("student-link", "make a student's folder a link to another's", REFUSED, None,
           place=_student_link),
    Attack("pipe", "hand in a pipe that never ends", REFUSED, None,
           place=_place("pipe", lambda home, raw: os.mkfifo(home / "toy.ipynb"))),
    Attack("folder-as-file", "hand in a folder with the notebook's name", REFUSED, None,
           place=_place("folder-as-file", lambda home, raw: (home / "toy.ipynb").mkdir())),
    Attack("huge-file", "hand in a file of 40 MB", REFUSED, None,
           file=lambda raw: raw + b" " * (40 << 20)),
    Attack("deep-json", "hand in JSON nested 100,000 deep", REFUSED, None,
           file=lambda raw: b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    Attack("zip-file", "hand in an archive under the notebook's name", REFUSED, None,
           file=lambda raw: b"PK\x03\x04" + b"../../../gradebook.db" + raw[:100]),
    Attack("not-a-notebook", "hand in a number", REFUSED, None, file=lambda raw: b"5.0"),
    Attack("many-cells", "hand in 20,000 cells", points=2, must="is graded as it is",
           file=notebook(lambda b: b.cells.extend([new_markdown_cell("x")] * 20_000))),
    Attack("attachments", "hand in attachments and outputs of 20 MB", points=2,
           file=notebook(lambda b: b.cells[0].update(attachments={
               "../../x.png": {"image/png": "A" * (20 << 20)}}))),
    Attack("odd-id-html", "choose a student id that is HTML", REFUSED, None,
           student="<img src=x onerror=alert(1)>",
           place=_place("<img src=x onerror=alert(1)>", _beside({}))),
    Attack("odd-id-shell", "choose a student id that is a command", REFUSED, None,
           student="; touch owned", place=_place("; touch owned", _beside({}))),
    Attack("odd-id-option", "choose a student id that is an option", REFUSED, None,
           student="--force", place=_place("--force", _beside({}))),
    Attack("odd-id-lines", "choose a student id with a line end and escape codes", REFUSED, None,
           student="a\nb\x1b[31m", place=_place("a\nb\x1b[31m", _beside({}))),
    Attack("odd-id-hidden", "choose a student id that hides", REFUSED, None, student="..hidden",
           place=_place("..hidden", _beside({}))),
    Attack("numpy-beside", "put a numpy.py and start-up files beside the notebook",
           must="has none of them read", place=_place("numpy-beside", _beside({
               n: OWNED for n in ("numpy.py", "sitecustomize.py", "usercustomize.py", "IPython.py",
                                  "conftest.py", "nbgrader_config.py", "toy_graders/__init__.py",
                                  ".ipython/profile_default/startup/00.py")}))),
    Attack("startup-files", "leave start-up files for the next process", first="""
import os
for name in ("sitecustomize.py", "usercustomize.py", "numpy.py", "conftest.py",
             ".ipython/profile_default/startup/00.py", "ipython/profile_default/startup/00.py"):
    os.makedirs(os.path.dirname("/tmp/" + name), exist_ok=True)
    open("/tmp/" + name, "w").write("raise SystemExit('owned')")
os._exit(0)
""", armed=cell_ends("killed")),
    Attack("write-outside", "write into the system and the project", first="""
for path in ("/course/autograder/inside/worker.py", "/course/autograder/inside/owned",
             "/course/owned", "/usr/owned", "/owned", "/dev/owned", "@COURSE@/owned",
             "@HOME@/owned", "/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj_",
             "/proc/sysrq-trigger"):
    try:
        open(path, "w").write("owned")
        print("CANARY" "-wrote-0", path)
    except OSError as error:
        print(error)
"""),
]
