"""Dropout, batch normalisation and residual connections on CIFAR-10, with and without each.

- one small convolutional network with and without dropout and batch normalisation, on the same
  pictures for the same number of epochs, each with several learning rates; the rate that counts
  is the one with the best mean validation accuracy over the seeds;
- networks of depth 6 n + 2 with and without connections that skip two layers (He, Zhang, Ren and
  Sun 2016, section 4.2), all with batch normalisation.

Small enough for a CPU as it stands; on a GPU, `--pictures 45000 --side 32 --width 16 --epochs 30
--depth-epochs 60` is close to the original networks and needs no other change.
"""

import time
from functools import partial

import numpy as np
import record
import torch
from torch import nn
from tqdm import tqdm

from nncourse import data

RATES = (0.01, 0.03, 0.1, 0.3)
DEPTH_RATE = 0.1
BATCH, MOMENTUM, DECAY = 100, 0.9, 5e-4
VARIANTS = {"plain": (False, False), "dropout": (True, False),
            "batch normalisation": (False, True), "both": (True, True)}


def small_network(width: int, side: int, dropout: bool, norm: bool) -> nn.Sequential:
    """Three blocks of two convolutions and a pooling, then one hidden dense layer."""
    layers, channels = [], 3
    for block in range(3):
        for _ in range(2):
            layers.append(nn.Conv2d(channels, width << block, 3, padding=1, bias=not norm))
            layers += [nn.BatchNorm2d(width << block)] * norm + [nn.ReLU()]
            channels = width << block
        layers.append(nn.MaxPool2d(2))
    layers += [nn.Flatten(), *[nn.Dropout(0.5)] * dropout,
               nn.Linear(channels * (side // 8)**2, 16 * width), nn.ReLU(),
               *[nn.Dropout(0.5)] * dropout, nn.Linear(16 * width, 10)]
    return nn.Sequential(*layers)


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


def deep_network(depth: int, width: int, skip: bool) -> nn.Sequential:
    """A network of `depth` = 6 n + 2 layers with weights, three stages of n blocks."""
    n, channels = (depth - 2) // 6, width
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    for stage in range(3):
        for _ in range(n):
            layers.append(Block(channels, width << stage, skip))
            channels = width << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))


@torch.no_grad()
def accuracy(model: nn.Module, part) -> float:
    """Share of the part's pictures that the model, in test mode, gets right."""
    X, y = part
    right = sum((model(X[rows]).argmax(1) == y[rows]).sum()
                for rows in torch.arange(len(X), device=X.device).split(500))
    return round(int(right) / len(X), 5)


def train(make, seed: int, photos: dict, rate: float, epochs: int, bar: tqdm) -> dict:
    """Train on mirrored pictures with a rate that falls along half a cosine, and judge."""
    torch.manual_seed(seed)
    X, y = photos["train"]
    model = make().to(X.device)
    model.apply(start)
    sgd = torch.optim.SGD(model.parameters(), rate, MOMENTUM, weight_decay=DECAY, nesterov=True)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, epochs * -(-len(X) // BATCH))
    losses = []
    for _ in range(epochs):
        model.train()
        total = torch.zeros((), device=X.device)
        for rows in torch.randperm(len(X)).to(X.device).split(BATCH):
            batch = X[rows]
            mirrored = torch.rand(len(batch), 1, 1, 1).to(X.device) < 0.5
            batch = torch.where(mirrored, batch.flip(3), batch)
            loss = nn.functional.cross_entropy(model(batch), y[rows])
            sgd.zero_grad()
            loss.backward()
            sgd.step()
            falling.step()
            total += loss.detach() * len(rows)
        losses.append(round(float(total) / len(X), 5))
        bar.update()
    model.eval()
    return {"loss": losses, **{part: accuracy(model, photos[part]) for part in photos}}


def start(layer: nn.Module) -> None:
    """He's start for layers with weights; biases 0."""
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def prepare(images: data.ImageSet, pictures: int, device: str, validation: float = 0.1,
            side: int = 32) -> dict:
    """Training, validation and test part as tensors, each channel with mean 0 and deviation 1.

    `validation` is the share of the training pictures that is set aside; with 0 there is no such
    part. A `side` below 32 averages squares of pixels.
    """
    parts = {"test": (images.X_test, images.y_test)}
    X, y = images.X_train, images.y_train
    if validation:
        X, y, *parts["validation"] = data.train_validation_split(X, y, validation)
    parts["train"] = X, y = X[:pictures], y[:pictures]
    mean, deviation = X.mean(axis=(0, 1, 2)), X.std(axis=(0, 1, 2))

    def tensors(pictures, labels):
        scaled = torch.tensor(((pictures - mean) / deviation).astype(np.float32))
        scaled = nn.functional.avg_pool2d(scaled.permute(0, 3, 1, 2).contiguous(), 32 // side)
        return scaled.to(device), torch.tensor(labels, dtype=torch.long).to(device)

    return {part: tensors(*both) for part, both in parts.items()}


def main() -> None:
    """Run both comparisons, write the results file."""
    parser = record.parser(__doc__, "cifar10_layers.json")
    parser.add_argument("--pictures", type=int, default=5000, help="for training")
    parser.add_argument("--width", type=int, default=8, help="channels of the first stage")
    parser.add_argument("--side", type=int, default=16, help="of the pictures, in pixels")
    parser.add_argument("--epochs", type=int, default=20, help="with and without dropout and norm")
    parser.add_argument("--depth-epochs", type=int, default=12)
    parser.add_argument("--depths", type=int, nargs="+", default=(8, 20, 32, 44, 56))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    images = data.cifar10()
    photos = prepare(images, arguments.pictures, arguments.device, side=arguments.side)
    seeds, width = range(arguments.seeds), arguments.width

    layers, deep, bar = {}, {}, tqdm(unit="epoch", total=len(seeds) * (
        len(VARIANTS) * len(RATES) * arguments.epochs
        + 2 * len(arguments.depths) * arguments.depth_epochs))
    for name, kinds in VARIANTS.items():
        make = partial(small_network, width, arguments.side, *kinds)
        tried = {str(rate): [train(make, seed, photos, rate, arguments.epochs, bar)
                             for seed in seeds] for rate in RATES}
        best = max(tried, key=lambda rate: sum(run["validation"] for run in tried[rate]))
        layers[name] = {"best_rate": float(best), "rates": tried}
    for name, skip in {"plain": False, "residual": True}.items():
        deep[name] = {}
        for depth in arguments.depths:
            began = time.monotonic()
            make = partial(deep_network, depth, width, skip)
            runs = [train(make, seed, photos, DEPTH_RATE, arguments.depth_epochs, bar)
                    for seed in seeds]
            deep[name][str(depth)] = {"runs": runs,
                                      "seconds": round((time.monotonic() - began) / len(runs), 1)}
    bar.close()
    counts = {part: len(y) for part, (_, y) in photos.items()}
    device = torch.cuda.get_device_name() if arguments.device == "cuda" else None
    record.write(arguments.out, {
        "data": images.name, "counts": counts, "side": arguments.side, "width": width,
        "batch": BATCH, "momentum": MOMENTUM, "decay": DECAY, "depth_rate": DEPTH_RATE,
        "epochs": arguments.epochs, "depth_epochs": arguments.depth_epochs,
        "layers": layers, "depth": deep}, images, packages=("torch", "numpy"), device=device)


if __name__ == "__main__":
    main()
