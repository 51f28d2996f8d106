"""Put the figures of `benchmarks/results` into the tables of docs/performance.md."""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"
TABLES = re.compile(r"(?<=<!-- tables -->\n).*(?=<!-- end -->)", re.DOTALL)


def results(name: str) -> dict:
    """A results file: how it was made, and what was measured."""
    return json.loads((HERE / "results" / name).read_text())


def table(title: str, run: dict, head: tuple[str, ...], rows: list[tuple]) -> str:
    """A Markdown table below its title, with what made it underneath."""
    lines = [f"### {title}", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|",
             *(f"| {' | '.join(map(str, row))} |" for row in rows), "",
             f"`{run['command']}`: {run['device']}, Python {run['versions']['python']}, "
             f"{run['date']}; data: {run['data']}."]
    return "\n".join(lines) + "\n"


def grading() -> list[str]:
    """A table for each assignment that was graded."""
    made = []
    for path in sorted((HERE / "results").glob("grading_*.json")):
        found = results(path.name)
        what = found["results"]
        cells = "all cells" if what["all_cells"] else "without drawing and training"
        made.append(table(
            f"{what['assignment']}: {what['count']} submissions, {cells}", found["run"],
            ("grader", "seconds per submission (median)", "each round", "nbgrader's throughput"),
            [(grader, row["seconds_per_submission"], ", ".join(map(str, row["all"])),
              f"x {row['throughput_of_nbgraders']}") for grader, row in what["graders"].items()]))
    return made


def growth() -> str:
    """Classes of different sizes."""
    found = results("growth.json")
    return table(
        f"Growth: {found['results']['assignment']}, two workers", found["run"],
        ("submissions", "seconds per submission", "coordinator's memory, MB", "second run, s",
         "one changed, s"),
        [tuple(row[key] for key in ("count", "seconds_per_submission", "megabytes",
                                    "second_run_seconds", "one_changed_seconds"))
         for row in found["results"]["classes"]])


def course_code() -> str:
    """NumPy against PyTorch."""
    found = results("course_code.json")
    return table(
        "The course's code and its peers", found["run"],
        ("work", "ours, ms", "peer, ms", "ratio (median)", "quartiles of the ratio"),
        [(name, row["ours_ms"], row["peer_ms"], row["ratio"],
          " to ".join(map(str, row["ratio_quartiles"])))
         for name, row in found["results"]["pairs"].items()])


def page() -> str:
    """docs/performance.md with the tables that the results files give."""
    tables = "\n".join([*grading(), growth(), course_code()])
    return TABLES.sub(lambda _: tables, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(page())
