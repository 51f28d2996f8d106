"""Networks of 8 and more layers on CIFAR-10, with and without skip connections.

Depth 6 n + 2 (He, Zhang, Ren and Sun 2016, section 4.2), all with batch normalisation. The learning
rate rises over the first epoch. Small enough for a CPU as it stands; at full size, on a GPU:
--images 45000 --side 32 --stride 1 --width 16 --batch 512 --epochs 16 --depths 8 20 32 44 56.
"""

from functools import partial

import record
import torch
from image_training import DEVICE, DEVICE_NAME, Plan, prepare, trained
from torch import nn

from nncourse import data

RATE = 0.1


class Block(nn.Module):
    """Two convolutions with batch normalisation; with `skip`, their input is added at the end."""

    def __init__(self, inputs: int, channels: int, skip: bool):
        super().__init__()
        self.stride, self.more, self.skip = channels // inputs, channels - inputs, skip
        self.path = nn.Sequential(
            nn.Conv2d(inputs, channels, 3, self.stride, 1, bias=False),
            nn.BatchNorm2d(channels), nn.ReLU(),
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        """Shapes (N, inputs, H, W) to (N, channels, H / stride, W / stride)."""
        out = self.path(x)
        if self.skip:  # no parameters where the shape changes: every second place, zero channels
            short = x[:, :, ::self.stride, ::self.stride]
            out = out + nn.functional.pad(short, (0, 0, 0, 0, 0, self.more))
        return torch.relu(out)


def deep_network(depth: int, width: int, stride: int, skip: bool) -> nn.Sequential:
    """A network of `depth` = 6 n + 2 layers with weights, three stages of n blocks."""
    n, channels = (depth - 2) // 6, width
    layers = [nn.Conv2d(3, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    for stage in range(3):
        for _ in range(n):
            layers.append(Block(channels, width << stage, skip))
            channels = width << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


def main() -> None:
    """Train each depth with each seed, write the results file after each run."""
    parser = record.parser(__doc__, "cifar10_depth.json", resume=True)
    parser.add_argument("--images", type=int, default=10_000, help="for training")
    parser.add_argument("--side", type=int, default=16, help="of the images, in pixels")
    parser.add_argument("--stride", type=int, default=2, help="of the first convolution")
    parser.add_argument("--width", type=int, default=8, help="channels of the first stage")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--depths", type=int, nargs="+", default=(8, 20, 32))
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images, arguments.images, DEVICE, side=arguments.side)
    epoch = len(sets["train"][1]) // arguments.batch
    plan = Plan(RATE, arguments.epochs * epoch, arguments.batch, warm_up=epoch)
    names = ("side", "stride", "width", "batch", "epochs")
    settings = {name: getattr(arguments, name) for name in names}
    settings |= {"rate": RATE, "train": len(sets["train"][1])}
    runs = record.Runs(arguments, settings, images, device=DEVICE_NAME)
    for seed in range(arguments.seeds):
        for depth in arguments.depths:
            for skip in (False, True):
                torch.manual_seed(seed)
                network = deep_network(depth, arguments.width, arguments.stride, skip)
                runs.add(partial(trained, network, sets, plan),
                         kind="residual" if skip else "plain", depth=depth, seed=seed)


if __name__ == "__main__":
    main()
