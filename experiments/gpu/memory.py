"""What a training step keeps for its backward pass, and three ways to keep less."""

import torch
from torch.utils.checkpoint import checkpoint

from gpu.clock import seconds
from gpu.networks import NETWORKS

# where the small network is cut for activation checkpointing: after each group's activation
CUTS = (0, 2, 9, 16, 23)


def parts(model) -> list:
    """The network in five parts."""
    return [model[begin:end] for begin, end in zip(CUTS, [*CUTS[1:], len(model)], strict=True)]


def checkpointed(model, x):
    """The forward pass that saves only what enters each part, and computes the rest again."""
    for part in parts(model):
        x = checkpoint(part, x, use_reentrant=False)
    return x


@torch.no_grad()
def entering_bytes(model, x) -> int:
    """Bytes of what enters the parts: what checkpointing saves."""
    total = 0
    for part in parts(model):
        total, x = total + x.untyped_storage().nbytes(), part(x)
    return total


def saved_bytes(forward) -> int:
    """Bytes of the distinct arrays that autograd saves while `forward()` runs."""
    kept = {}

    def note(tensor):
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        forward()
    return sum(kept.values())


def measure(width: int, batches: tuple[int, ...], device: str) -> list[dict]:
    """By batch size and way: saved bytes, seconds of a step, peak of the allocator on a GPU."""
    model, rows = NETWORKS["small"](width).to(device), []

    def half(x):
        with torch.autocast(device, torch.bfloat16, cache_enabled=False):
            return model(x)

    ways = {"float32": model, "bfloat16": half, "checkpointed": lambda x: checkpointed(model, x)}
    for batch in batches:
        x = torch.randn(batch, 3, 32, 32, device=device)
        for way, forward in ways.items():
            def step(forward=forward, x=x):
                model.zero_grad()
                forward(x).float().sum().backward()

            saved = entering_bytes(model, x) if way == "checkpointed" else \
                saved_bytes(lambda f=forward, x=x: f(x))
            row = {"batch": batch, "way": way, "saved": saved,
                   "seconds": seconds(step, device, repeats=3)["median"]}
            if device == "cuda":
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()
                step()
                row |= {"allocated": torch.cuda.max_memory_allocated(),
                        "reserved": torch.cuda.max_memory_reserved()}
            rows.append(row)
    return rows
