"""MADE UP: results such as a GPU might give, so that every branch of the chapter is executed.

No number here was measured. They are derived from the CPU's file by round factors, and never
appear on the site.
"""

import copy
import json
from pathlib import Path

CPU = Path(__file__).parents[1] / "nncourse" / "results" / "cifar10_gpu_on_cpu.json"
CUDA_ONLY = "needs CUDA"


def recipes(rows: dict) -> dict:
    """All recipes as if they had run on ten seeds, each a little better than the one before."""
    for k, row in enumerate(rows.values()):
        row.update(why_not=None, warm_up=1.0, parameters=2_000_000, flops_per_image=700_000_000,
                   recipe={"epochs": 10})
        row["runs"] = [{"seed": s, "seconds": 8 / (k + 1), "accuracy": 0.92 + k / 500 + s / 9000,
                        "curve": [[0.5, 0.6], [8 / (k + 1), 0.92]] if s == 0 else []}
                       for s in range(10)]
    return rows


def recording() -> dict:
    """A whole results file: its device says that it is made up."""
    made = copy.deepcopy(json.loads(CPU.read_text()))
    made["run"] |= {"device": "no GPU: made-up numbers for a test",
                    "command": "python experiments/cifar10_gpu.py"}
    r = made["results"]
    machine = r["machine"]
    machine["about"] = {"name": "made up", "multiprocessors": 100, "memory": 1 << 37,
                        "l2_cache": 1 << 26, "cuda": "0.0", "cudnn": 0}
    shape = [8192, 8192, 8192]
    machine["peaks"] = {name: {"flops": flops, "shape": shape} for name, flops in {
        "float32": 5e13, "tf32": 4e14, "bfloat16": 8e14, "float16": 8e14}.items()}
    machine["bandwidth"]["bytes_a_second"] = 4e12
    machine["transfers"] += [row | {"kind": kind} for row in machine["transfers"]
                             for kind in ("pinned", "pinned, non-blocking")]
    machine["prefetch"] = {"batches": 20, "bytes": 1 << 26, "in_turn": 0.04, "overlapped": 0.03}
    for row in machine["launches"]:
        row["returns"] = row["done"] / 10
    for k, row in enumerate(r["loops"]["rows"].values()):
        row |= {"why_not": None, "warm_up": 1.0, "median": 1e4 * (k + 1), "least": 9e3 * (k + 1),
                "most": 1.1e4 * (k + 1), "allocated": 1 << 30, "reserved": 1 << 31}
    r["roofline"]["dtype"] = "bfloat16"
    for row in r["roofline"]["rows"] + r["roofline"]["channels"]:
        row["seconds"] /= 1000
    for row in r["memory"]:
        row |= {"allocated": 2 * row["saved"] + 1, "reserved": 3 * row["saved"] + 1}
    recipes(r["ladder"])
    first = next(iter(r["ladder"].values()))
    r["lengths"] = recipes({f"{n} epochs": copy.deepcopy(first) | {"recipe": {"epochs": n}}
                            for n in (6, 7, 8)})
    return made
