"""What the experiments with networks on CIFAR-10 share: images as tensors, training, accuracy.

On a GPU training runs in bfloat16, and no step waits for the device.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from nncourse import data

MOMENTUM, DECAY = 0.9, 5e-4
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
DEVICE_NAME = torch.cuda.get_device_name() if DEVICE == "cuda" else None


@dataclass(frozen=True)
class Plan:
    """How to train: the learning rate rises in a warm-up, and falls along half a cosine."""

    rate: float
    steps: int
    batch: int = 100
    warm_up: int = 0
    mirror: bool = True

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, as a share of the largest."""
        warm = min(1, (step + 1) / (self.warm_up + 1))
        return warm * (1 + math.cos(math.pi * step / self.steps)) / 2


def prepare(images: data.ImageSet, pictures: int, device: str, validation: float = 0.1,
            side: int = 32) -> dict:
    """Training, validation and test set as tensors, each channel with mean 0 and deviation 1.

    `validation` is the share of the training images that is set aside; with 0 there is no such
    set. A `side` below 32 averages squares of pixels.
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


def start(layer: nn.Module) -> None:
    """He initialisation for layers with weights; biases 0."""
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def train(model: nn.Module, X: torch.Tensor, y: torch.Tensor, plan: Plan) -> list[float | None]:
    """Train from He initialisation; the mean loss of each tenth of the steps, None if infinite."""
    model.apply(start)
    model.to(X.device, memory_format=torch.channels_last).train()
    sgd = torch.optim.SGD(model.parameters(), plan.rate, MOMENTUM, weight_decay=DECAY,
                          nesterov=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(sgd, plan.rate_at)
    losses = torch.zeros(plan.steps, device=X.device)
    for step, rows in zip(range(plan.steps), batches(len(X), plan.batch, X.device)):
        images = X[rows].contiguous(memory_format=torch.channels_last)
        if plan.mirror:
            mirrored = torch.rand(len(rows), 1, 1, 1, device=X.device) < 0.5
            images = torch.where(mirrored, images.flip(3), images)
        with torch.autocast("cuda", torch.bfloat16, enabled=X.is_cuda):
            loss = nn.functional.cross_entropy(model(images), y[rows])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        schedule.step()
        losses[step] = loss.detach()
    tenths = [float(tenth.mean()) for tenth in losses.split(math.ceil(plan.steps / 10))]
    return [round(loss, 4) if math.isfinite(loss) else None for loss in tenths]


def batches(count: int, size: int, device):
    """Rows of one minibatch after another, each epoch in a new order, without end."""
    while True:
        yield from torch.randperm(count, device=device)[:count - count % size].split(size)


@torch.no_grad()
def accuracy(model: nn.Module, X: torch.Tensor, y: torch.Tensor) -> float:
    """Accuracy in evaluation mode."""
    model.eval()
    correct = sum((model(images.contiguous(memory_format=torch.channels_last)).argmax(1)
                   == labels).sum()
                  for images, labels in zip(X.split(500), y.split(500), strict=True))
    return round(int(correct) / len(y), 5)


def trained(model: nn.Module, sets: dict, plan: Plan) -> dict:
    """Train on the training set; the losses, and the accuracy on each set."""
    loss = train(model, *sets["train"], plan)
    return {"loss": loss, **{part: accuracy(model, *sets[part]) for part in sets}}
