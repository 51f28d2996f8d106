"""What every experiment shares: its command line, and a results file that says how it was made."""

import argparse
import datetime
import json
import os
import platform
import shlex
import sys
import time
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "nncourse" / "results"
STARTED = time.monotonic()


def parser(doc: str, results_file: str) -> argparse.ArgumentParser:
    """A command line with --out; its help is the first line of a script's docstring."""
    made = argparse.ArgumentParser(description=doc.splitlines()[0])
    made.add_argument("--out", type=Path, default=RESULTS / results_file)
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
        checksums = "those of the publisher's files"
    run = {
        "command": shlex.join(["python", *sys.argv]),
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
