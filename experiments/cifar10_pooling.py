"""Two convolutions with four ways to shrink their maps, and a two-layer network, on CIFAR-10.

All see the same images, each channel with mean 0 and standard deviation 1. Each network gets each
learning rate; the validation set chooses among them with the first seed. At full size, on a GPU:
--images 45000 --side 32 --batch 512 --epochs 30 --seeds 10.
"""

from functools import partial

import record
import torch
from image_training import DEVICE, DEVICE_NAME, Plan, prepare, trained
from torch import nn

from nncourse import data


def convnet(places: int, first, second, stride: int = 1):
    """Conv and ReLU twice, a layer that shrinks the maps after each, then ten scores.

    `places` is the number of places that are left at the end, each with 32 channels.
    """
    return nn.Sequential(nn.Conv2d(3, 16, 3, stride, 1), nn.ReLU(), first(),
                         nn.Conv2d(16, 32, 3, stride, 1), nn.ReLU(), second(),
                         nn.Flatten(), nn.Linear(32 * places, 10))


LARGEST, AVERAGE = partial(nn.MaxPool2d, 2), partial(nn.AvgPool2d, 2)
NETWORKS = {  # for images of a given side
    "two-layer network": lambda side: nn.Sequential(
        nn.Flatten(), nn.Linear(3 * side**2, 100), nn.ReLU(), nn.Linear(100, 10)),
    "max pooling": lambda side: convnet((side // 4)**2, LARGEST, LARGEST),
    "average pooling": lambda side: convnet((side // 4)**2, AVERAGE, AVERAGE),
    "stride 2": lambda side: convnet((side // 4)**2, nn.Identity, nn.Identity, 2),
    "global average pooling": lambda side: convnet(1, LARGEST, partial(nn.AdaptiveAvgPool2d, 1)),
}
SHIFTS = (1, 2, 4)
RATES = {"two-layer network": (0.001, 0.003, 0.01, 0.03, 0.1)}
CONVNET_RATES = (0.01, 0.03, 0.1, 0.3)


@torch.no_grad()
def changed(model: nn.Module, X: torch.Tensor) -> list[float]:
    """Share of images whose predicted class changes when they are shifted, down and right."""
    before = model(X).argmax(1)
    return [(model(torch.roll(X, (shift, shift), (2, 3))).argmax(1) != before)
            .double().mean().item() for shift in SHIFTS]


def fit(name: str, sets: dict, plan: Plan) -> dict:
    """Train a network; losses, accuracies, and what shifts of 1,000 test images change."""
    X = sets["test"][0][:1000]
    model = NETWORKS[name](X.shape[-1])
    return trained(model, sets, plan) | {"changed": changed(model, X)}


def main() -> None:
    """Choose each network's learning rate, train with further seeds, write after each run."""
    parser = record.parser(__doc__, "cifar10_pooling.json", resume=True)
    parser.add_argument("--images", type=int, default=10_000, help="for training")
    parser.add_argument("--side", type=int, default=16, help="of the images, in pixels")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images, arguments.images, DEVICE, side=arguments.side)
    steps = arguments.epochs * (len(sets["train"][1]) // arguments.batch)
    settings = {name: getattr(arguments, name) for name in ("side", "batch", "epochs")}
    settings |= {"train": len(sets["train"][1])}
    runs = record.Runs(arguments, settings, images, device=DEVICE_NAME)

    def run(name, rate, seed):
        torch.manual_seed(seed)
        plan = Plan(rate, steps, arguments.batch)
        return runs.add(partial(fit, name, sets, plan), network=name, rate=rate, seed=seed)

    best = {}
    for name in NETWORKS:
        first = {rate: run(name, rate, 0) for rate in RATES.get(name, CONVNET_RATES)}
        best[name] = max(first, key=lambda rate: first[rate]["validation"])
    for seed in range(1, arguments.seeds):
        for name in NETWORKS:
            run(name, best[name], seed)


if __name__ == "__main__":
    main()
