"""The ten operations or kernels that a training step spends most of its time in."""

from collections import Counter

import torch
from torch.profiler import ProfilerActivity, profile

from gpu.clock import now
from gpu.loops import Trainer, loops, settings

STEPS, TOP = 5, 10


def measure(images, labels, width: int, batch: int, device: str) -> dict:
    """A table instead of a trace of many megabytes, for the loop with the fused optimiser."""
    loop, _ = loops()["fused optimiser"]
    settings(loop, device)
    trainer = Trainer(loop, images, labels, width, batch, device)
    for _ in range(3):
        trainer.step()
    activities = [ProfilerActivity.CPU] + [ProfilerActivity.CUDA] * (device == "cuda")
    began = now(device)
    for _ in range(STEPS):
        trainer.step()
    wall = (now(device) - began) / STEPS
    with profile(activities=activities) as trace:
        for _ in range(STEPS):
            trainer.step()
        now(device)
    spent, calls = Counter(), Counter()
    for event in trace.key_averages():
        on_device = event.device_type == torch.autograd.DeviceType.CUDA
        if device == "cuda" and not on_device:
            continue  # the host's share of the same work
        spent[event.key] += 1e-6 * (event.self_device_time_total if on_device
                                    else event.self_cpu_time_total) / STEPS
        calls[event.key] += event.count / STEPS
    busy = sum(spent.values())
    settings(loops()["naive"][0], device)
    return {"seconds": wall, "busy": busy, "kinds": len(spent), "calls": sum(calls.values()),
            "rows": [{"name": name[:80], "calls": calls[name], "seconds": time,
                      "share": time / busy} for name, time in spent.most_common(TOP)]}
