"""The two networks: Page's ResNet-9 and the smaller one of Jordan."""

import torch
from torch import nn


def unit(inputs: int, channels: int, pool: bool = False) -> list[nn.Module]:
    """A convolution, pooling if wanted, batch normalisation and ReLU."""
    return [nn.Conv2d(inputs, channels, 3, padding=1, bias=False), *[nn.MaxPool2d(2)] * pool,
            nn.BatchNorm2d(channels), nn.ReLU()]


class Residual(nn.Module):
    """Adds what two convolutions make of x to x."""

    def __init__(self, channels: int):
        super().__init__()
        self.path = nn.Sequential(*unit(channels, channels), *unit(channels, channels))

    def forward(self, x):
        """Same shape out as in."""
        return x + self.path(x)


class Scaled(nn.Linear):
    """A dense layer without bias whose logits are multiplied by a constant."""

    def __init__(self, inputs: int, scale: float):
        super().__init__(inputs, 10, bias=False)
        self.scale = scale

    def forward(self, x):
        """Shape (N, inputs) to logits (N, 10)."""
        return self.scale * super().forward(x)


def resnet9(width: int) -> nn.Sequential:
    """Eight convolutions in four stages, two of them with a skip connection, and a dense layer.

    The layout is that of Page, "How to train your ResNet" (2018).
    """
    return nn.Sequential(
        *unit(3, width), *unit(width, 2 * width, True), Residual(2 * width),
        *unit(2 * width, 4 * width, True), *unit(4 * width, 8 * width, True), Residual(8 * width),
        nn.AdaptiveMaxPool2d(1), nn.Flatten(), Scaled(8 * width, 0.125))


class Norm(nn.BatchNorm2d):
    """Batch normalisation that trains its shifts but not its scales."""

    def __init__(self, channels: int):
        super().__init__(channels, eps=1e-5, momentum=0.4)
        self.weight.requires_grad = False


def group(inputs: int, channels: int) -> list[nn.Module]:
    """Two convolutions, a pooling after the first of them."""
    return [nn.Conv2d(inputs, channels, 3, padding=1, bias=False), nn.MaxPool2d(2), Norm(channels),
            nn.GELU(), nn.Conv2d(channels, channels, 3, padding=1, bias=False), Norm(channels),
            nn.GELU()]


def small(width: int) -> nn.Sequential:
    """Seven convolutions, the first with 24 filters of 2 x 2, and a dense layer.

    The layout is that of Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU" (2024).
    """
    return nn.Sequential(
        nn.Conv2d(3, 24, 2), nn.GELU(), *group(24, width), *group(width, 4 * width),
        *group(4 * width, 4 * width), nn.MaxPool2d(3), nn.Flatten(), Scaled(4 * width, 1 / 9))


NETWORKS = {"ResNet-9": resnet9, "small": small}


def flops_per_image(model: nn.Module, dtype=torch.float32) -> int:
    """FLOP of forward and backward pass for one image, a multiply-add being two."""
    from torch.utils.flop_counter import FlopCounterMode

    where = next(model.parameters()).device
    with FlopCounterMode(display=False) as counted:
        model(torch.randn(2, 3, 32, 32, device=where, dtype=dtype)).sum().backward()
    model.zero_grad()
    return counted.get_total_flops() // 2
