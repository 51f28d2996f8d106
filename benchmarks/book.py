"""The website built by `scripts/build_book.py` and by plain `jupyter-book build`, in turn.

Each round builds a fresh copy of the course's files with each of the two: with nothing there
before (cold), again with nothing changed (warm), after a new sentence in one chapter, and after a
new line of code in it. Plain Jupyter Book finds the same settings, the same environment and a
cache of its own; it does not write the notebooks to download, which ours does in this time, too.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import build_book
import record

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = Path("book", "part1", "softmax.md")
LINE = "import numpy as np\n"


def copy_course(folder: Path) -> None:
    """The files that git tracks, as they are now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def add_sentence(chapter: Path) -> None:
    """Change the chapter's text."""
    chapter.write_text(chapter.read_text() + "\nOne more sentence.\n")


def add_code(chapter: Path) -> None:
    """Change the chapter's code, which has to be executed again."""
    text = chapter.read_text()
    if LINE not in text:
        sys.exit(f"{chapter}: has no line {LINE!r} to follow")
    chapter.write_text(text.replace(LINE, f"{LINE}# one more line\n", 1))


STATES = {"cold": None, "warm": None, "a sentence changed": add_sentence,
          "a cell changed": add_code}


def ours(course: Path) -> list[str]:
    """The command of `make book`."""
    return [sys.executable, str(course / "scripts" / "build_book.py")]


def plain(course: Path) -> list[str]:
    """Jupyter Book's own command."""
    return [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build",
            str(course / "book"), "--path-output", str(course / "_plain"),
            "--config", str(course / "_config.yml"), "--toc", str(course / "_toc.yml")]


def measure(command: Callable[[Path], list[str]]) -> dict[str, float]:
    """Seconds of one builder in each state."""
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        copy_course(course)
        environment = build_book.environment() | {"PYTHONPATH": str(course)}
        for state, change in STATES.items():
            if change:
                change(course / CHAPTER)
            started = time.perf_counter()
            done = subprocess.run(command(course), cwd=course, env=environment, check=False,
                                  capture_output=True, text=True)
            seconds[state] = time.perf_counter() - started
            if done.returncode:
                sys.exit(f"{state}: {(done.stdout + done.stderr)[-2000:]}")
            print(f"{command.__name__:6} {state:20} {seconds[state]:.1f} s", flush=True)
    return seconds


def main() -> None:
    """Measure in rounds, the builders in turn, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    seen = [(measure(ours), measure(plain)) for _ in range(rounds)]
    states = {state: {
        "ours_seconds": round(statistics.median(a[state] for a, _ in seen), 1),
        "plain_seconds": round(statistics.median(b[state] for _, b in seen), 1),
        "ratios": [round(b[state] / a[state], 2) for a, b in seen],
    } for state in STATES}
    record.write(Path(__file__).parent / "results" / "book.json",
                 {"rounds": rounds, "states": states},
                 packages=("jupyter-book", "sphinx", "torch"), generated="the course's own pages")
    print(json.dumps(states, indent=1))


if __name__ == "__main__":
    main()
