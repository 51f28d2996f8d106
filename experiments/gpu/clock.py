"""Honest seconds: the device has finished, libraries are warm, and small work is repeated.

On a CPU the clock is the processor time of this process, which has one thread: other programs on
the same machine do not count.
"""

import statistics
import time

import torch


def now(device: str) -> float:
    """Seconds on the clock once the device has finished what it was given."""
    if device == "cuda":
        torch.cuda.synchronize()
        return time.perf_counter()
    return time.process_time()


def each(call, loops: int, device: str) -> float:
    """Seconds per call of `loops` calls in a row; on a GPU between two events in its queue."""
    if device == "cuda":
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        begin.record()
        for _ in range(loops):
            call()
        end.record()
        end.synchronize()
        return 1e-3 * begin.elapsed_time(end) / loops
    began = time.process_time()
    for _ in range(loops):
        call()
    return (time.process_time() - began) / loops


def seconds(call, device: str, repeats: int = 5, loops: int | None = None) -> dict:
    """The first call's seconds, and of `repeats` loops the median, least and most per call.

    Unless `loops` is given, a loop lasts some 20 milliseconds, so that starting the clock does
    not count.
    """
    began = now(device)
    call()
    first = now(device) - began
    loops = loops or max(1, min(1000, round(0.02 / max(each(call, 3, device), 1e-7))))
    later = [each(call, loops, device) for _ in range(repeats)]
    return {"first": first, "median": statistics.median(later), "least": min(later),
            "most": max(later), "loops": loops}


def graphed(call):
    """Record what `call` launches as a CUDA graph; return the function that replays it.

    Everything it reads must stay where it is: the graph holds addresses, not names. Three calls
    come first on a stream of their own, because what allocates or chooses a kernel in its first
    call must not be recorded.
    """
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            call()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def set_tf32(allowed: bool) -> None:
    """Whether float32 products and convolutions may round their inputs to TF32 on a GPU."""
    torch.set_float32_matmul_precision("high" if allowed else "highest")
    torch.backends.cudnn.allow_tf32 = allowed
