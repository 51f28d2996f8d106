"""Fully connected networks on all of MNIST: width, bottlenecks, linear layers in a row.

- `shallow`: 784-H-10 with ReLU for many H;
- `bottleneck`: 784-k-10 for small k, without an activation function and with ReLU;
- `linear_stack`: linear layers on top of each other, against one.

Steps with momentum 0.9 on batches of 100; the learning rate falls to zero along half a cosine.
"""

import math

import record
import torch
from torch import nn
from tqdm import tqdm

from nncourse import data

WIDTHS = (1, 2, 3, 5, 10, 20, 50, 100, 300)
BOTTLENECKS = (1, 2, 3, 5, 7, 9, 10, 20)
BATCH, MOMENTUM = 100, 0.9


def network(sizes, activation, deviation=lambda m: math.sqrt(2 / m), seed=0):
    """A fully connected network with normal weights and zero biases."""
    torch.manual_seed(seed)
    layers = []
    for m, n in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(m, n), activation()]
        nn.init.normal_(layers[-2].weight, 0, deviation(m))
        nn.init.zeros_(layers[-2].bias)
    return nn.Sequential(*layers[:-1])


@torch.no_grad()
def accuracy(model, X, y):
    """Share of rows whose largest score is their label's."""
    return round((model(X).argmax(dim=1) == y).double().mean().item(), 5)


def train(model, digits, epochs, lr, seed=0) -> dict:
    """Train in place; the mean loss of each epoch, and accuracies after the last."""
    X, y = digits["train"]
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=MOMENTUM)
    steps = epochs * -(-len(X) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator, losses = torch.Generator().manual_seed(seed), []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(X), generator=generator).split(BATCH):
            loss = nn.functional.cross_entropy(model(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        losses.append(total / len(X))
    return {"loss": [round(v, 5) if math.isfinite(v) else None for v in losses],
            "train": accuracy(model, X, y), "test": accuracy(model, *digits["test"])}


def prepare(images: data.ImageSet) -> dict:
    """Training and test set as tensors."""
    return {part: (torch.tensor(data.flatten(X), dtype=torch.float32), torch.tensor(y))
            for part, X, y in (("train", images.X_train, images.y_train),
                               ("test", images.X_test, images.y_test))}


def main() -> None:
    """Train all networks, write the results file."""
    parser = record.parser(__doc__, "mnist_networks.json")
    parser.add_argument("--epochs", type=int, default=10, help="of each network")
    arguments = parser.parse_args()
    images = data.mnist()
    digits = prepare(images)

    def run(sizes, activation=nn.ReLU, deviation=lambda m: math.sqrt(2 / m), lr=0.03):
        return train(network(sizes, activation, deviation), digits, arguments.epochs, lr)

    def one(m):
        return math.sqrt(1 / m)

    shallow = {H: run([784, H, 10]) for H in tqdm(WIDTHS, desc="shallow")}
    bottleneck = {k: {"linear": run([784, k, 10], nn.Identity, one), "relu": run([784, k, 10])}
                  for k in tqdm(BOTTLENECKS, desc="bottleneck")}
    stacks = {"784-10": run([784, 10], nn.Identity, one),
              "784-100-10": run([784, 100, 10], nn.Identity, one),
              "784-100-100-100-10": run([784, 100, 100, 100, 10], nn.Identity, one, lr=0.01),
              "784-100-100-100-10, ReLU": run([784, 100, 100, 100, 10], lr=0.01)}
    record.write(arguments.out, {
        "batch": BATCH, "momentum": MOMENTUM, "epochs": arguments.epochs,
        "shallow": shallow, "bottleneck": bottleneck, "linear_stack": stacks,
    }, images, packages=("numpy", "torch"))


if __name__ == "__main__":
    main()
