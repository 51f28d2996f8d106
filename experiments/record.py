"""What every experiment shares: its command line, and a results file that says how it was made."""

import argparse
import datetime
import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "nncourse" / "results"
STARTED = time.monotonic()


def parser(doc: str, results_file: str, resume: bool = False) -> argparse.ArgumentParser:
    """A command line with --out; its help is the first line of a script's docstring."""
    made = argparse.ArgumentParser(description=doc.splitlines()[0])
    made.add_argument("--out", type=Path, default=RESULTS / results_file)
    if resume:
        made.add_argument("--resume", action="store_true", help="skip the runs that --out holds")
    return made


def write(path: Path, results: dict, *image_sets, packages: tuple[str, ...] = ("numpy",),
          device: str | None = None, generated: str = "", quiet: bool = False) -> None:
    """Write what a run measured below its command, data, versions, device, date and duration.

    The data are the image sets, or `generated` says how the script made its own. At every moment
    the file is either the old one or the new one, as a whole.
    """
    data_name = generated or " and ".join(images.name for images in image_sets)
    if all(images.is_standin for images in image_sets):
        checksums = "none, no files"
    elif "CIFAR" in data_name:
        checksums = "see the data's names"
    else:
        checksums = "the publisher's, of each file"
    run = {
        "command": shlex.join(["python", *(word for word in sys.argv if word != "--resume")]),
        "data": data_name,
        "checksums": checksums,
        "versions": {"python": platform.python_version(), **{p: version(p) for p in packages}},
        "device": device or f"CPU, {os.cpu_count()} cores",
        "date": datetime.date.today().isoformat(),
        "seconds": round(time.monotonic() - STARTED, 1),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps({"run": run, "results": results}) + "\n")
    unfinished.replace(path)
    if not quiet:
        print(f"wrote {path.name}")


def earlier(path: Path, about: str, settings: dict) -> dict:
    """The results in a file that is to be resumed; its part `about` must hold these settings.

    Raises
    ------
    SystemExit
        The settings are others, or the file holds no results.
    """
    try:
        results = json.loads(path.read_text())["results"]
        made_with = results[about]
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{path}: holds no results to resume: start anew without --resume"
                         ) from None
    if made_with != settings:
        raise SystemExit(f"{path}: made with {made_with}, not with {settings}: use the same, "
                         "another --out, or start anew without --resume")
    return results


class Runs:
    """Many runs with the same settings, written after each one, so that none is ever lost.

    A run is a flat dict: what was varied, what came out, and the processor's seconds. (A clock on
    the wall says little on a machine that does other work as well.)
    """

    def __init__(self, arguments: argparse.Namespace, settings: dict, *image_sets,
                 packages: tuple[str, ...] = ("torch", "numpy"), device: str | None = None):
        self.path, self.image_sets = arguments.out, image_sets
        self.about = {"packages": packages, "device": device}
        made_with = {"data": " and ".join(images.name for images in image_sets), **settings}
        self.results = {"made_with": made_with, "runs": []}
        if arguments.resume and self.path.is_file():
            self.results = earlier(self.path, "made_with", made_with)

    def add(self, work: Callable[[], dict], **varied) -> dict:
        """Do the work and record what it returns, unless these runs hold it already."""
        for run in self.results["runs"]:
            if varied.items() <= run.items():
                return run
        began = time.process_time()
        run = varied | work() | {"processor_seconds": round(time.process_time() - began, 1)}
        self.results["runs"].append(run)
        print(*varied.values(), run.get("test"), f"{run['processor_seconds']} s", flush=True)
        write(self.path, self.results, *self.image_sets, **self.about, quiet=True)
        return run
