"""What chapters of the book use to keep their numbers true: glued values and recorded runs."""

import json
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


def number(name: str, value, form: str = "") -> None:
    """Make a computed value available to the text as ``{glue:text}`name` ``.

    Outside the website, where MyST-NB is not installed, the text is not built and nothing happens.
    """
    try:
        from myst_nb import glue
    except ModuleNotFoundError:
        return
    glue(name, format(value, form), display=False)


def recorded(name: str, quiet: bool = False) -> dict:
    """Return the results of the recorded run `name`, and print what made them unless `quiet`.

    Raises
    ------
    FileNotFoundError
        There is no such run, or not yet: experiments/README.md lists those that wait for a GPU.
    """
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no run of that name is recorded: correct the name, or "
                                "make the run with its script in experiments/")
    recording = json.loads(path.read_text())
    run = recording["run"]
    if not quiet:
        versions = ", ".join(f"{k} {v}" for k, v in run["versions"].items())
        print(f"command:  {run['command']}\ndata:     {run['data']}\nversions: {versions}\n"
              f"device:   {run['device']}, {run['date']}")
    return recording["results"]
