"""Each operation of a training step by itself: FLOP, bytes that must move, and seconds.

Forward and backward pass count together. The bytes are those of every array read or written
once, so no program can move fewer; what a real one moves may be more.
"""

from functools import partial

import torch
from torch import nn

from gpu.clock import graphed, seconds
from gpu.networks import NETWORKS

# FLOP per element, both passes: one comparison each way for ReLU; sums, squares, shift and scale
# for batch normalisation and their derivatives; the error function counts as ten for GELU
ELEMENTWISE = {nn.ReLU: 2, nn.GELU: 30, nn.BatchNorm2d: 13}
BATCH = {"cuda": 1024, "cpu": 256}  # images: more bytes than a cache holds
SGD = 8  # FLOP per parameter: two each for decay, momentum, look-ahead and the update itself


def time_of(call, device: str) -> float:
    """Median seconds of one call; on a GPU replayed ten at a time, so that no launch counts."""
    if device != "cuda":
        return seconds(call, device)["median"]
    return seconds(graphed(lambda: [call() for _ in range(10)]), device)["median"] / 10


def both_passes(layer: nn.Module, x: torch.Tensor, first: bool):
    """A function that runs the layer and its backward pass; the first needs no input gradient."""
    x = x.detach().requires_grad_(not first)
    wanted = [*layer.parameters()] + [x] * (not first)
    upstream = torch.ones_like(layer(x))
    return lambda: torch.autograd.grad(layer(x), wanted, upstream)


def convolution(layer: nn.Conv2d, x: torch.Tensor, device: str, first: bool = False) -> dict:
    """A row for one convolution: two or three products, each reads two arrays and writes one."""
    layer = nn.Conv2d(layer.in_channels, layer.out_channels, layer.kernel_size,
                      padding=layer.padding, bias=False, device=device,
                      dtype=x.dtype).to(memory_format=torch.channels_last)
    products, outputs = 2 if first else 3, layer(x).numel()
    arrays = x.numel() + layer.weight.numel() + outputs
    return {"name": "convolution", "shape": list(x.shape[1:]), "filters": layer.out_channels,
            "flops": products * 2 * outputs * layer.weight[0].numel(),
            "bytes": products * arrays * x.element_size(),
            "seconds": time_of(both_passes(layer, x, first), device)}


def elementwise(layer: nn.Module, x: torch.Tensor, device: str) -> dict:
    """A row for an activation or a normalisation: reads x, writes y; reads x, dy, writes dx."""
    kind = next(k for k in ELEMENTWISE if isinstance(layer, k))
    return {"name": kind.__name__, "shape": list(x.shape[1:]),
            "flops": ELEMENTWISE[kind] * x.numel(), "bytes": 5 * x.numel() * x.element_size(),
            "seconds": time_of(both_passes(layer, x, False), device)}


def pooling(x: torch.Tensor, device: str) -> dict:
    """A row for max pooling by 2 x 2: three comparisons a window; x, y, dy and dx."""
    layer = nn.MaxPool2d(2)
    y = layer(x)
    return {"name": "MaxPool2d", "shape": list(x.shape[1:]), "flops": 3 * y.numel(),
            "bytes": 2 * (x.numel() + y.numel()) * x.element_size(),
            "seconds": time_of(both_passes(layer, x, False), device)}


def optimiser(width: int, device: str) -> dict:
    """A row for a fused step of gradient descent: weight, gradient, moving average."""
    weights = list(NETWORKS["ResNet-9"](width).to(device).parameters())
    for w in weights:
        w.grad = torch.ones_like(w)
    sgd = torch.optim.SGD(weights, 1e-3, 0.9, weight_decay=1e-4, nesterov=True, fused=True)
    sgd.step()
    count = sum(w.numel() for w in weights)
    return {"name": "optimiser", "shape": [count], "flops": SGD * count,
            "bytes": 5 * 4 * count, "seconds": time_of(sgd.step, device)}


def measure(width: int, device: str) -> dict:
    """Points of the roofline, and one convolution with more and more channels in."""
    torch.backends.cudnn.benchmark = True  # the fastest kernel, not the first that fits
    batch = BATCH[device]
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    model, rows = NETWORKS["small"](width).to(device), []
    images = partial(torch.randn, device=device, dtype=dtype)

    def look(layer, inputs, _):
        x = inputs[0].to(dtype, memory_format=torch.channels_last)
        if isinstance(layer, nn.Conv2d):
            rows.append(convolution(layer, x, device, first=layer.in_channels == 3))
        elif not any(row["name"] == "GELU" for row in rows):  # the largest of each kind is enough
            rows.extend([elementwise(nn.GELU(), x, device), elementwise(nn.ReLU(), x, device),
                         elementwise(nn.BatchNorm2d(x.shape[1], device=device), x, device),
                         pooling(x, device)])

    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.GELU)):
            layer.register_forward_hook(look)
    model(torch.randn(batch, 3, 32, 32, device=device))
    rows.append(optimiser(max(width, 32), device))
    channels = [convolution(nn.Conv2d(c, 8 * width, 3, padding=1),
                            images(batch, c, 32, 32).to(memory_format=torch.channels_last),
                            device, first=True)
                for c in (1, 2, 3, 4, 8, 16, 32, 64)]
    return {"dtype": str(dtype).removeprefix("torch."), "batch": batch, "rows": rows,
            "channels": channels}
