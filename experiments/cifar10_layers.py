"""Dropout and batch normalisation on CIFAR-10, with and without each.

One small convolutional network on the same images for the same number of epochs, each variant with
several learning rates; the one that counts has the best mean validation accuracy over the seeds.
"""

import record
import torch
from image_training import DECAY, DEVICE, DEVICE_NAME, MOMENTUM, Plan, prepare, trained
from torch import nn

from nncourse import data

RATES = (0.01, 0.03, 0.1, 0.3)
BATCH = 100
VARIANTS = {"plain": (0, None), "dropout": (0.5, None),
            "batch normalisation": (0, nn.BatchNorm2d), "both": (0.5, nn.BatchNorm2d)}


def small_network(width: int, side: int, dropout: float = 0, norm=None) -> nn.Sequential:
    """Three blocks of two convolutions and a pooling, then one hidden dense layer.

    `dropout` acts before and after the hidden layer; `norm` makes a normalising layer for a number
    of channels.
    """
    layers, channels = [], 3
    for block in range(3):
        for _ in range(2):
            layers.append(nn.Conv2d(channels, width << block, 3, padding=1, bias=norm is None))
            channels = width << block
            layers += [norm(channels)] if norm else []
            layers.append(nn.ReLU())
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout),
                         nn.Linear(channels * (side // 8)**2, 16 * width), nn.ReLU(),
                         nn.Dropout(dropout), nn.Linear(16 * width, 10))


def main() -> None:
    """Train each variant with each learning rate and seed, write the results file."""
    parser = record.parser(__doc__, "cifar10_layers.json")
    parser.add_argument("--pictures", type=int, default=5000, help="for training")
    parser.add_argument("--width", type=int, default=8, help="channels of the first stage")
    parser.add_argument("--side", type=int, default=16, help="of the images, in pixels")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images, arguments.pictures, DEVICE, side=arguments.side)
    steps = arguments.epochs * (len(sets["train"][1]) // BATCH)

    def run(variant, rate, seed):
        torch.manual_seed(seed)
        network = small_network(arguments.width, arguments.side, *VARIANTS[variant])
        return trained(network, sets, Plan(rate, steps, BATCH))

    layers = {}
    for name in VARIANTS:
        tried = {str(rate): [run(name, rate, seed) for seed in range(arguments.seeds)]
                 for rate in RATES}
        best = max(tried, key=lambda rate: sum(run["validation"] for run in tried[rate]))
        layers[name] = {"best_rate": float(best), "rates": tried}
    record.write(arguments.out, {
        "data": images.name, "counts": {part: len(y) for part, (_, y) in sets.items()},
        "side": arguments.side, "width": arguments.width, "batch": BATCH, "momentum": MOMENTUM,
        "decay": DECAY, "epochs": arguments.epochs, "layers": layers,
    }, images, packages=("torch", "numpy"), device=DEVICE_NAME)


if __name__ == "__main__":
    main()
