"""Dropout on a network that overfits, with little, more and much data of CIFAR-10.

A dense network with one hidden layer, dropout on that layer, and no mirrored images. Every run
makes the same number of steps. At full size, on a GPU:
--sizes 1000 5000 20000 45000 --side 32 --hidden 2000 --batch 512 --steps 3000 --seeds 10.
"""

from functools import partial

import record
import torch
from image_training import DEVICE, DEVICE_NAME, Plan, prepare, trained
from torch import nn

from nncourse import data

RATE = 0.02
DROPPED = (0.0, 0.5, 0.25)


def main() -> None:
    """Train for each number of images and probability, write the results file after each run."""
    parser = record.parser(__doc__, "cifar10_dropout.json", resume=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=(1000, 5000, 20_000),
                        help="numbers of training images")
    parser.add_argument("--side", type=int, default=16, help="of the images, in pixels")
    parser.add_argument("--hidden", type=int, default=512, help="units of the hidden layer")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images, max(arguments.sizes), DEVICE, 0, arguments.side)
    plan = Plan(RATE, arguments.steps, arguments.batch, mirror=False)
    settings = {name: getattr(arguments, name) for name in ("side", "hidden", "batch", "steps")}
    runs = record.Runs(arguments, settings | {"rate": RATE}, images, device=DEVICE_NAME)
    for p in DROPPED:
        for seed in range(arguments.seeds):
            for size in arguments.sizes:
                few = sets | {"train": tuple(tensor[:size] for tensor in sets["train"])}
                torch.manual_seed(seed)
                network = nn.Sequential(
                    nn.Flatten(), nn.Linear(3 * arguments.side**2, arguments.hidden), nn.ReLU(),
                    nn.Dropout(p), nn.Linear(arguments.hidden, 10))
                runs.add(partial(trained, network, few, plan), size=size, p=p, seed=seed)


if __name__ == "__main__":
    main()
