"""Workers for `autograder grade --cluster` as jobs of Slurm: `python cluster/slurm.py --jobs 20`.

Run it where jobs can be submitted, in the project's environment, and leave it running: it says the
address for `--cluster`, and its jobs end with it. The nodes need the same environment under the
same path, and bubblewrap.
"""

import argparse
import signal
import sys

from dask_jobqueue import SLURMCluster

WORKERS = 2  # in each job; each grades one submission at a time
# Dask's worker and two Pythons with the libraries; a submission may use what its LIMITS say
GIGABYTES = 8


def settings(name: str, queue: str | None, hours: int) -> dict:
    """What `dask_jobqueue.SLURMCluster` is told."""
    return {"job_name": name, "cores": WORKERS, "processes": WORKERS, "memory": f"{GIGABYTES} GiB",
            "walltime": f"{hours:02}:00:00", "queue": queue, "python": sys.executable}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1, help=f"each has {WORKERS} workers")
    parser.add_argument("--name", default="autograder")
    parser.add_argument("--queue", help="Slurm's partition")
    parser.add_argument("--hours", type=int, default=4, help="the longest that a job may run")
    parser.add_argument("--show", action="store_true", help="print the job's script and end")
    chosen = parser.parse_args(arguments)
    with SLURMCluster(**settings(chosen.name, chosen.queue, chosen.hours)) as cluster:
        if chosen.show:
            print(cluster.job_script())
            return 0
        cluster.scale(jobs=chosen.jobs)
        print(f"autograder grade ASSIGNMENT --cluster {cluster.scheduler_address}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
