"""Is CIFAR-10's stand-in hard in the right order? Linear, two-layer, convolutional on the CPU."""

import numpy as np
import record
import torch
from torch import nn
from tqdm import tqdm

from nncourse import data

MODELS = {
    "linear": lambda: nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)),
    "two_layer": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(3072, 100), nn.ReLU(), nn.Linear(100, 10)),
    "convnet": lambda: nn.Sequential(
        nn.Conv2d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 8 * 8, 10)),
}


def test_accuracy(model, images, seed, epochs):
    """Train with Adam on batches of 64 and return the share of right test answers."""
    torch.manual_seed(seed)
    network = model()
    X, X_test = (torch.tensor(x, dtype=torch.float32).permute(0, 3, 1, 2) / 255 - 0.5
                 for x in (images.X_train, images.X_test))
    y, y_test = torch.tensor(images.y_train), torch.tensor(images.y_test)
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for _ in range(epochs):
        for batch in torch.randperm(len(X)).split(64):
            loss = nn.functional.cross_entropy(network(X[batch]), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        return float((network(X_test).argmax(1) == y_test).float().mean())


def main() -> None:
    """Train each model from several seeds and write the results file."""
    parser = record.parser(__doc__, "standin_order.json")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    images = data.cifar10(standin=True)
    results = {name: [] for name in MODELS}
    for name, seed in tqdm([(n, s) for n in MODELS for s in range(arguments.seeds)]):
        results[name].append(test_accuracy(MODELS[name], images, seed, arguments.epochs))
    record.write(arguments.out, {"epochs": arguments.epochs, "test_accuracy": results}, images,
                 packages=("numpy", "torch"))
    print({name: round(float(np.mean(values)), 3) for name, values in results.items()})


if __name__ == "__main__":
    main()
