"""What every results file says about the run that made it."""

import datetime
import json
import os
import platform
import shlex
import sys
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "book" / "results"


def describe_run(data_name: str, checksums: str, packages: tuple[str, ...],
                 device: str | None = None) -> dict:
    """Command, data and how its files were checked, versions, device and date of this run."""
    return {
        "command": shlex.join(["python", *sys.argv]),
        "data": data_name,
        "checksums": checksums,
        "versions": {"python": platform.python_version(), **{p: version(p) for p in packages}},
        "device": device or f"CPU, {os.cpu_count()} cores",
        "date": datetime.date.today().isoformat(),
    }


def write(path: Path, run: dict, results: dict) -> None:
    """Write a results file: the run's description and what it measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"run": run, "results": results}) + "\n")
    print(f"wrote {path.name}")
