"""The build of the website: what it repeats, what it refuses, what it leaves alone."""

import html
import json
import os
import re
import signal
import subprocess
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image


@pytest.fixture
def runs(builder, monkeypatch):
    """Stand in for Jupyter Book: count its runs, and let them write one page."""
    started = []

    def run():
        started.append(sorted(p.name for p in builder.WORK.glob("*")))
        (builder.WORK / "html").mkdir(parents=True, exist_ok=True)
        (builder.WORK / ".jupyter_cache").mkdir(exist_ok=True)
        (builder.WORK / ".doctrees").mkdir(exist_ok=True)
        text = (builder.BOOK / "index.md").read_text()
        (builder.WORK / "html" / "index.html").write_text(f"<p>{text}</p>")

    monkeypatch.setattr(builder, "run_jupyter_book", run)
    return started


def test_second_build_does_nothing(builder, runs):
    builder.build()
    builder.build()
    assert len(runs) == 1


def test_changed_chapter_is_built_with_what_is_already_there(builder, runs):
    builder.build()
    (builder.BOOK / "index.md").write_text("# Another text\n")
    builder.build()
    assert runs[1] == [".doctrees", ".jupyter_cache", "html"]
    assert "Another text" in (builder.SITE / "index.html").read_text()


def test_a_moved_project_reads_all_pages_again_and_executes_none(builder, runs, monkeypatch):
    builder.build()
    here, there = builder.ROOT, builder.ROOT.with_name("moved")
    here.rename(there)
    for name in ("ROOT", "BOOK", "BUILD", "SITE", "STAGING", "WORK", "STATE", "LOG", "__file__"):
        place = there / os.path.relpath(getattr(builder, name), here)
        monkeypatch.setattr(builder, name, place)
    builder.build()
    assert runs[1] == [".jupyter_cache"]


@pytest.mark.parametrize("changed", ["_config.yml", "book/_static/book.css", "book/new.md",
                                     "term.toml", "autumn/term.toml",
                                     "autumn/assignments/hw1/hw1.ipynb"])
def test_changed_frame_writes_all_pages_and_keeps_executed_notebooks(
        builder, runs, changed, monkeypatch):
    monkeypatch.setenv("NNCOURSE_TERM", str(builder.ROOT / "autumn"))
    builder.build()
    (builder.ROOT / changed).parent.mkdir(parents=True, exist_ok=True)
    (builder.ROOT / changed).write_text("# changed\n")
    builder.build()
    assert runs[1] == [".jupyter_cache"]


@pytest.mark.parametrize(
    "changed", ["nncourse/data.py", "requirements.txt", "nncourse/results/run.json"]
)
def test_changed_library_or_result_executes_everything_again(builder, runs, changed):
    builder.build()
    path = builder.ROOT / changed
    path.parent.mkdir(exist_ok=True)
    path.write_text("size = 2\n")
    builder.build()
    assert runs[1] == []


def test_other_data_execute_everything_again(builder, runs, monkeypatch, tmp_path):
    monkeypatch.delenv("NNCOURSE_DATA", raising=False)
    builder.build()
    files = tmp_path / "publishers"
    files.mkdir()
    (files / "train-images").write_bytes(b"0")
    monkeypatch.setenv("NNCOURSE_DATA", str(files))
    builder.build()
    assert runs[1] == []


def test_download_during_a_build_is_no_change(builder, monkeypatch, runs, tmp_path):
    monkeypatch.delenv("NNCOURSE_DATA", raising=False)
    monkeypatch.setattr(builder.pooch, "os_cache", lambda name: tmp_path / "cache")
    run = builder.run_jupyter_book

    def run_and_download():
        run()
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / "train-images").write_bytes(b"0")

    monkeypatch.setattr(builder, "run_jupyter_book", run_and_download)
    builder.build()
    builder.build()
    assert len(runs) == 1


def test_missing_data_folder_is_named(builder, runs, monkeypatch):
    monkeypatch.setenv("NNCOURSE_DATA", "/nowhere/at/all")
    with pytest.raises(builder.BuildError, match="NNCOURSE_DATA names /nowhere/at/all"):
        builder.build()
    assert runs == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Traceback (most recent call last)", "Traceback"),
        ('<span class="katex-error">x</span>', "katex-error"),
        ('<img src="plot.png">', "plot.png"),
        ('<img src="plot.png" alt=" ">', "plot.png"),
        ('<svg class="nn-figure"></svg>', "a figure"),
    ],
)
def test_faulty_page_is_not_published(builder, runs, text, named):
    builder.build()
    before = (builder.SITE / "index.html").read_text()
    (builder.BOOK / "index.md").write_text(text)
    for _ in range(2):  # and a second try does not take it for finished
        with pytest.raises(builder.BuildError) as caught:
            builder.build()
        assert named in str(caught.value)
        assert "index.html" in str(caught.value)
    assert (builder.SITE / "index.html").read_text() == before
    assert len(runs) == 3


def test_described_figures_pass(builder, runs):
    good = '<img src="p.png" alt="A line"><svg class="nn-figure" aria-label="A line"></svg>'
    (builder.BOOK / "index.md").write_text(good)
    builder.build()
    assert good in (builder.SITE / "index.html").read_text()


def test_a_child_that_outlives_its_parent_does_not_hold_the_build(builder, tmp_path):
    log = tmp_path / "log"
    with log.open("w") as output:
        command = "echo first; sleep 20 & echo $!; echo last"
        process = subprocess.Popen(["sh", "-c", command], stdout=output)
    began = time.monotonic()
    first, child, last = builder.lines_until_end(process, log, 0)
    os.kill(int(child), signal.SIGTERM)
    assert time.monotonic() - began < 10
    assert (first, last) == ("first\n", "last\n")


CELL = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# A chapter

```{code-cell} ipython3
1 / 0
```
"""


def test_jupyter_book_finds_chapters_that_were_executed_apart(builder):
    """In forks that start with the libraries, and know nothing of each other.

    What a cell prints stays together, in however many messages it comes.
    """
    names = ["index", "second", "third", "fourth"]
    listed = "".join(f"  - file: {name}\n" for name in names[1:])
    (builder.ROOT / "_toc.yml").write_text(
        f"format: jb-book\nroot: index\nparts:\n- caption: All\n  chapters:\n{listed}")
    code = ("import sys\nprint('torch' in sys.modules, end=' ', flush=True)\n"
            "print(hasattr(sys, 'left'), {!r})\nsys.left = True")
    for name in names:
        (builder.BOOK / f"{name}.md").write_text(CELL.replace("1 / 0", code.format(name)))
    builder.build()
    log = builder.LOG.read_text()
    assert re.search(r"Executed notebook book/\w+.md \(4 of 4\)", log)
    assert "Executed notebook in" not in log  # what MyST-NB says when it executes one
    for name in names:
        page = (builder.SITE / f"{name}.html").read_text()
        assert f"True False {name}" in page
        assert "colab" not in page and "mybinder" not in page  # it lives nowhere yet

    untouched = builder.WORK / "html" / "_sources" / "second.ipynb"
    written = untouched.stat().st_mtime_ns
    with (builder.BOOK / "third.md").open("a") as chapter:
        chapter.write("\nOne more sentence.\n")
    builder.build()
    for edition in ("", "exercises/"):
        notebook = builder.SITE / "_sources" / f"{edition}third.ipynb"
        assert "One more sentence." in notebook.read_text()
    assert untouched.stat().st_mtime_ns == written


def test_a_course_with_a_repository_offers_to_run_its_pages(builder):
    """Configured in one place, for Colab, Binder and a JupyterHub with nbgitpuller."""
    config = builder.ROOT / "_config.yml"
    config.write_text(config.read_text()
                      .replace('jupyterhub_url: ""', "jupyterhub_url: https://hub.example.org")
                      .replace('  url: ""', "  url: https://github.com/someone/course")
                      .replace('  baseurl: ""', "  baseurl: https://example.org/course"))
    (builder.BOOK / "index.md").write_text(CELL.replace("1 / 0", "print(6 * 7)"))
    builder.build()
    page = html.unescape((builder.SITE / "index.html").read_text())
    links = dict(re.findall(r'href="(https://([^/"]+)/[^"]+)"', page))
    hosts = {host: urlsplit(link) for link, host in links.items()}
    assert hosts["colab.research.google.com"].path == (
        "/github/someone/course/blob/gh-pages/_sources/index.ipynb")
    assert hosts["mybinder.org"].path == "/v2/gh/someone/course/main"
    assert hosts["mybinder.org"].query == "urlpath=lab/tree/book/index.md"
    assert parse_qs(hosts["hub.example.org"].query) == {
        "repo": ["https://github.com/someone/course"], "branch": ["main"],
        "urlpath": ["lab/tree/course/book/index.md"]}
    assert '<link rel="canonical" href="https://example.org/course/index.html"' in page
    assert 'og:image" content="https://example.org/course/_static/social/home.png"' in page
    course = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert course["@type"] == "Course" and course["url"] == "https://example.org/course/index.html"
    assert "https://github.com/someone/course/issues/new/choose" in page
    for name in ("home", "part1", "part2", "part3", "part4"):
        with Image.open(builder.SITE / "_static" / "social" / f"{name}.png") as picture:
            assert picture.size == (1200, 630)
    assert "<loc>https://example.org/course/index.html</loc>" in (
        builder.SITE / "sitemap.xml").read_text()
    assert "https://example.org/course/sitemap.xml" in (builder.SITE / "robots.txt").read_text()
    assert '<base href="https://example.org/course/">' in (builder.SITE / "404.html").read_text()
    notebook = json.loads((builder.SITE / "_sources" / "index.ipynb").read_text())
    setup = "".join(notebook["cells"][1]["source"])
    assert '%pip install --quiet "nncourse @ git+https://github.com/someone/course#sub' in setup


@pytest.mark.parametrize(
    ("chapter", "message"),
    [
        ("# A chapter\n\n$\\nosuchmacro$\n", r"Undefined control sequence: \\nosuchmacro.*index"),
        ("# A chapter\n\n[there](nowhere.md)\n", r"book/index.md:3: WARNING: .*'nowhere.md'"),
    ],
    ids=["formula", "link"],
)
def test_usual_failures_take_one_line(builder, chapter, message):
    (builder.BOOK / "index.md").write_text(chapter)
    with pytest.raises(builder.BuildError, match=message) as caught:
        builder.build()
    assert len(caught.value.lines) == 2 and "_build/build.log" in caught.value.lines[1]
    assert not builder.SITE.exists()


def test_all_problems_are_said_at_once_and_which_cell_failed(builder, capfd):
    text = CELL.replace("1 / 0", "x = 0") + CELL[CELL.index("```"):]
    (builder.BOOK / "index.md").write_text(
        text + "\n[there](nowhere.md)\n\n{cite}`nobody1900`\n\n$\\nosuchmacro$\n"
        "```{next-figure} Of nothing\nA caption.\n```\n")
    assert builder.main([]) == 1
    lines = [line.removeprefix("book: ") for line in capfd.readouterr().err.splitlines()]
    for said in (r"book/index.md: code cell 2 \(`1 / 0`\) failed: ZeroDivisionError: division by ",
                 "book/index.md:[0-9]+: WARNING: .*'nowhere.md'", "nobody1900",
                 "book/index.md:[0-9]+: WARNING: .*stands before a cell that draws",
                 r"Undefined control sequence: \\nosuchmacro"):
        assert sum(bool(re.search(said, line)) for line in lines) == 1, (said, lines)
    assert not any("Executing notebook failed" in line for line in lines)
