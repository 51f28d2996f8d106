"""The machine by itself: its peaks, what a launch costs, and how fast bytes get there."""

import statistics
import time
from functools import partial

import torch

from gpu.clock import now, seconds, set_tf32

# rows, columns and inner size of matrix products; the fastest shape counts as the peak
SHAPES = {"cuda": ((4096, 4096, 4096), (8192, 8192, 8192), (16384, 8192, 4096),
                   (8192, 8192, 16384)),
          "cpu": ((512, 512, 512), (1024, 1024, 1024), (2048, 1024, 512), (512, 2048, 2048))}
COPIES = {"cuda": (1 << 28, 1 << 30, 1 << 31), "cpu": (1 << 25, 1 << 26, 1 << 27)}


def peaks(device: str) -> dict:
    """FLOP/s of the fastest product in each number format, a multiply-add being two."""
    kinds = {"float32": (torch.float32, False), "bfloat16": (torch.bfloat16, False)}
    if device == "cuda":
        kinds |= {"tf32": (torch.float32, True), "float16": (torch.float16, False)}
    best = {}
    for name, (dtype, tf32) in kinds.items():
        set_tf32(tf32)
        tried = []
        for rows, columns, inner in SHAPES[device]:
            a = torch.randn(rows, inner, device=device).to(dtype)
            b = torch.randn(inner, columns, device=device).to(dtype)
            time_of = seconds(partial(torch.matmul, a, b), device)["least"]
            tried.append({"flops": 2 * rows * columns * inner / time_of,
                          "shape": [rows, columns, inner]})
        best[name] = max(tried, key=lambda one: one["flops"])
    set_tf32(False)
    return best


def bandwidth(device: str) -> dict:
    """Bytes a second of the fastest large copy within the device; each is read and written."""
    tried = []
    for size in COPIES[device]:
        source = torch.zeros(size, dtype=torch.uint8, device=device)
        target = torch.empty_like(source)
        time_of = seconds(partial(target.copy_, source), device)["least"]
        tried.append({"bytes_a_second": 2 * size / time_of, "size": size})
    return max(tried, key=lambda one: one["bytes_a_second"])


def not_waiting(device: str):
    """The clock of `now` that does not wait for the device: what a hasty measurement reads."""
    return time.perf_counter if device == "cuda" else time.process_time


def empty_kernel(device: str) -> dict:
    """Seconds of adding to one number: on the host, in a full queue, and waited for each time."""
    x, asked = torch.zeros(1, device=device), not_waiting(device)
    began = now(device)
    for _ in range(1000):
        x.add_(1)
    host = (asked() - began) / 1000

    def waited():
        x.add_(1)
        now(device)

    return {"returns": host, "queued": seconds(partial(x.add_, 1), device, loops=1000)["median"],
            "waited_for": seconds(waited, device, loops=200)["median"]}


def launches(device: str) -> list[dict]:
    """How long a product of n x n matrices takes to return, and to be there."""
    rows, asked = [], not_waiting(device)
    for n in [1 << k for k in range(5, 14 if device == "cuda" else 11)]:
        a, returned, done = torch.randn(n, n, device=device), [], []
        _ = a @ a
        for _ in range(9):
            began = now(device)
            _ = a @ a
            returned.append(asked() - began)
            done.append(now(device) - began)
        rows.append({"n": n, "returns": statistics.median(returned),
                     "done": statistics.median(done)})
    return rows


def transfers(device: str) -> list[dict]:
    """Copies from main memory to the device: pageable, pinned, and pinned without waiting."""
    rows = []
    for size in [1 << k for k in range(12, 29, 4)]:
        plain = torch.zeros(size, dtype=torch.uint8)
        target = torch.empty(size, dtype=torch.uint8, device=device)
        kinds = {"pageable": (plain, False)}
        if device == "cuda":
            pinned = plain.pin_memory()
            kinds |= {"pinned": (pinned, False), "pinned, non-blocking": (pinned, True)}
        for kind, (source, non_blocking) in kinds.items():
            rows.append({"bytes": size, "kind": kind, **seconds(
                partial(target.copy_, source, non_blocking=non_blocking), device)})
    return rows


def prefetch(device: str, batches: int = 20) -> dict | None:
    """Seconds of `batches` copies and as many computations, in turn and overlapped.

    Prefetched, the next batch is copied in a stream of its own while this one is computed with.
    """
    if device != "cuda":
        return None
    n = 4096
    source = [torch.randn(n, n).pin_memory() for _ in range(2)]
    target = [torch.empty(n, n, device=device) for _ in range(2)]
    copying = torch.cuda.Stream()

    def in_turn():
        for k in range(batches):
            target[k % 2].copy_(source[k % 2], non_blocking=True)
            _ = target[k % 2] @ target[k % 2]

    def overlapped():
        computing, read = torch.cuda.current_stream(), {}
        for k in range(batches):
            buffer = k % 2
            with torch.cuda.stream(copying):
                if buffer in read:  # the product that reads it has to be done
                    copying.wait_event(read[buffer])
                target[buffer].copy_(source[buffer], non_blocking=True)
            computing.wait_stream(copying)
            _ = target[buffer] @ target[buffer]
            read[buffer] = computing.record_event()

    times = {name: seconds(call, device, loops=1)["median"]
             for name, call in (("in_turn", in_turn), ("overlapped", overlapped))}
    return {"batches": batches, "bytes": 4 * n * n, **times}


def about(device: str) -> dict:
    """What the device says of itself."""
    if device != "cuda":
        return {"name": torch.backends.cpu.get_cpu_capability(), "threads": torch.get_num_threads()}
    card = torch.cuda.get_device_properties(0)
    return {"name": card.name, "multiprocessors": card.multi_processor_count,
            "memory": card.total_memory, "l2_cache": card.L2_cache_size,
            "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}


def measure(device: str) -> dict:
    """All of the above."""
    return {"about": about(device), "peaks": peaks(device), "bandwidth": bandwidth(device),
            "empty_kernel": empty_kernel(device), "launches": launches(device),
            "transfers": transfers(device), "prefetch": prefetch(device)}
