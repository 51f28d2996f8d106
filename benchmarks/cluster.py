"""What a Dask cluster costs for each submission: time, and bytes that travel.

The same class (see grading.py) is graded by `autograder grade` with a pool of two processes and
with two workers of a cluster on the loopback interface, in turn. The workers of the cluster wait
already and stay; the pool's start with each command. Then a function that does nothing is called
on the cluster with a submission's bytes, which is what scheduler and network take by themselves.
"""

import argparse
import contextlib
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from distributed import Client

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record
from grading import WORKERS, by_us, environment, source_of, write_class
from hidden_checks import ROOT, assignment_of

from autograder.batch.cluster import Cluster, RemoteJob
from autograder.grading.grade import grade

CALLS = 500
PORT = 8786


@contextlib.contextmanager
def cluster(folder: Path):
    """The address of a scheduler with two workers."""
    address = f"tcp://127.0.0.1:{PORT}"
    commands = [["scheduler", "--host", "127.0.0.1", "--port", str(PORT), "--no-dashboard"],
                ["worker", address, "--nthreads", "1", "--nworkers", str(WORKERS),
                 "--no-dashboard", "--local-directory", str(folder)]]
    with contextlib.ExitStack() as stack:
        for command in commands:
            process = stack.enter_context(subprocess.Popen(
                [sys.executable, "-m", "dask", *command], cwd=ROOT, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=environment(sys.executable)))
            stack.callback(process.terminate)
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(WORKERS, timeout=60)
        yield address


def sizes(name: str, raw: bytes) -> dict[str, int]:
    """Bytes of one submission, of the job that travels with it, and of its result."""
    assignment = assignment_of(name)
    job = RemoteJob(assignment_of(name), assignment.source_path.read_bytes(), assignment.version,
                    "bubblewrap", None)
    return {"submission": len(raw), "job": len(pickle.dumps(job)),
            "result": len(pickle.dumps(grade(raw, assignment, "bubblewrap")))}


def main() -> None:
    """Measure in rounds and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw2_softmax")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    name, count, source = chosen.assignment, chosen.count, source_of(chosen.assignment, False)
    seen = {"pool": [], "cluster": []}
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as address:
        for _ in range(chosen.rounds):
            for kind, where in (("pool", ()), ("cluster", ("--cluster", address))):
                with tempfile.TemporaryDirectory() as course:
                    seconds, _ = by_us(Path(course), name, source, range(count), *where)
                seen[kind].append(seconds / count)
                print(f"{kind:8} {seconds / count:.3f} s per submission", flush=True)
        submission = write_class(Path(folder) / "one", name, source_of(name, True),
                                 range(1))[0]
        raw = submission.read_bytes()
        executor = Cluster(address).executor(WORKERS, assignment_of(name), "bubblewrap")
        list(executor.map(len, [raw] * 10))
        started = time.perf_counter()
        list(executor.map(len, [raw] * CALLS))
        overhead = (time.perf_counter() - started) / CALLS
        travel = sizes(name, raw)
    results = {"assignment": name, "count": count, "seconds_per_submission": {
        kind: {"median": round(statistics.median(times), 3), "all": [round(t, 3) for t in times]}
        for kind, times in seen.items()},
        "milliseconds_of_an_empty_call": round(1e3 * overhead, 2), "bytes": travel}
    record.write(Path(__file__).parent / "results" / "cluster.json", results,
                 packages=("distributed", "nbgrader", "numpy"),
                 generated="one right notebook's copies")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
