"""Put the figures of `benchmarks/results` into the tables of docs/performance.md."""

import json
import re
import statistics
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


def spread(values: list[float]) -> str:
    """The median, and from where to where."""
    return f"{statistics.median(values)} ({min(values)} to {max(values)})"


def grading() -> list[str]:
    """A table for each assignment that was graded."""
    made = []
    for path in sorted((HERE / "results").glob("grading_*.json")):
        found = results(path.name)
        what = found["results"]
        cells = "whole notebooks" if what["all_cells"] else "without drawing and training"
        few = what.get("others_of_each_part")
        others = f" (others: {few * what['parts']})" if few else ""
        made.append(table(
            f"{what['assignment']}: {what['count']} submissions{others}, {cells}", found["run"],
            ("grader", "seconds per submission: median, each part of the class",
             "nbgrader's throughput"),
            [(grader, f"{row['seconds_per_submission']} ({', '.join(map(str, row['all']))})",
              f"x {row['throughput_of_nbgraders']}") for grader, row in what["graders"].items()]))
    return made


def growth() -> str:
    """Classes of different sizes."""
    found = results("growth.json")
    return table(
        f"Growth: {found['results']['assignment']}, two workers", found["run"],
        ("submissions", "seconds per submission", "coordinator, MB", "all its workers, MB",
         "second run, s", "one changed, s", "recording, s per submission"),
        [(row["count"], row["seconds_per_submission"], row["megabytes"], row["workers_megabytes"],
          spread(row["second_run_seconds"]), spread(row["one_changed_seconds"]),
          row["recording_seconds_per_submission"]) for row in found["results"]["classes"]])


def course_code() -> str:
    """NumPy against PyTorch."""
    found = results("course_code.json")
    return table(
        "The course's code and its peers", found["run"],
        ("work", "ours, ms", "peer, ms", "ratio (median)", "quartiles of the ratio"),
        [(name, row["ours_ms"], row["peer_ms"], row["ratio"],
          " to ".join(map(str, row["ratio_quartiles"])))
         for name, row in found["results"]["pairs"].items()])


def book() -> str:
    """The website's builds."""
    found = results("book.json")
    return table(
        "The website", found["run"],
        ("build", "make book, s", "jupyter-book build, s", "ratio in each round"),
        [(state, row["ours_seconds"], row["plain_seconds"], ", ".join(map(str, row["ratios"])))
         for state, row in found["results"]["states"].items()])


def cluster() -> str:
    """A cluster against this machine's pool."""
    found = results("cluster.json")
    what = found["results"]
    return table(
        f"A cluster on the loopback interface: {what['assignment']}, {what['count']} submissions, "
        "two workers", found["run"],
        ("where", "seconds per submission (median)", "each round"),
        [(kind, row["median"], ", ".join(map(str, row["all"])))
         for kind, row in what["seconds_per_submission"].items()])


def plan() -> str:
    """What a hundred thousand submissions take, from the other figures."""
    many, what = 100_000, results("cluster.json")["results"]
    row = results("growth.json")["results"]["classes"][-1]
    grading = 2 * row["seconds_per_submission"] * many / 3600  # two workers share a submission
    recording = row["recording_seconds_per_submission"] * many / 3600
    sent, back = what["bytes"]["submission"] + what["bytes"]["job"], what["bytes"]["result"]
    lines = [f"### {many:,} submissions of {what['assignment']}, computed from the tables above",
             "",
             "| workers | hours to grade | hours until all is recorded |", "|---|---|---|",
             *(f"| {n} | {grading / n:.1f} | {max(grading / n, recording):.1f} |"
               for n in (2, 10, 50, 200)), "",
             f"One writer records for {recording:.1f} hours. Scheduler and network take "
             f"{what['milliseconds_of_an_empty_call'] * many / 3.6e6:.2f} hours of them at most, "
             f"{sent * many / 1e9:.1f} GB go out ({sent / 1e3:.0f} kB a submission with its source "
             f"notebook), {back * many / 1e9:.1f} GB come back with images ({back / 1e3:.0f} kB "
             f"each). A worker takes {row['workers_megabytes'] / 2:.0f} MB with a submission of "
             "this class.", ""]
    return "\n".join(lines)


def page() -> str:
    """docs/performance.md with the tables that the results files give."""
    tables = "\n".join([*grading(), growth(), cluster(), plan(), book(), course_code()])
    return TABLES.sub(lambda _: tables, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(page())
