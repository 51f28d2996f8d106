"""Why hw5's last part needs a convolution: accuracies on digits that lie anywhere.

Twenty draws of the images that grading makes. Small convolutional networks, as the solution trains
its own and at a fixed rate, and two-layer networks, one with as many parameters, which train seven
times as long. All images are standardised.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record

from autograder.graders.common import digits
from autograder.graders.hw5_convnet.variants import RIGHT
from nncourse.data.placed import ACCURACY, SIDE, placed

DRAWS = 20


def convolutional(first: int, second: int) -> nn.Module:
    """Two convolutions with so many filters, pooling after each, a linear layer."""
    return nn.Sequential(
        nn.Conv2d(1, first, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(second * (SIDE // 4) ** 2, 10))


def two_layer(hidden: int) -> nn.Module:
    """One hidden layer."""
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE**2, hidden), nn.ReLU(),
                         nn.Linear(hidden, 10))


# network, epochs with their learning rates
RUNS = {
    "convolutions 24, 32": (lambda: convolutional(24, 32), [(8, 0.05), (2, 0.01)]),  # the solution
    "convolutions 24, 32, fixed rate": (lambda: convolutional(24, 32), [(10, 0.05)]),
    "convolutions 16, 32": (lambda: convolutional(16, 32), [(8, 0.05), (2, 0.01)]),
    "two layers, 46 hidden units": (  # as many parameters
        lambda: two_layer(46), [(60, 0.1), (15, 0.01)]),
    "two layers, 46 hidden units, lower rate": (lambda: two_layer(46), [(60, 0.02), (15, 0.002)]),
    "two layers, 256 hidden units": (lambda: two_layer(256), [(60, 0.1), (15, 0.01)]),
}


def main() -> None:
    """Train, print and record."""
    parser = record.parser(__doc__, "")
    parser.set_defaults(out=Path(__file__).parent / "results" / "placed_digits.json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = {name: {"parameters": sum(p.numel() for p in make().parameters()),
                    "epochs and rates": plan, "accuracy": [], "seconds": []}
             for name, (make, plan) in RUNS.items()}
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        X, y, X_test, y_test = digits(rng)
        X, X_test = placed(X, rng), placed(X_test, rng)
        X, X_test = ((images - X.mean()) / X.std() for images in (X, X_test))
        for name, (make, plan) in RUNS.items():
            torch.manual_seed(draw)
            network, started = make(), time.perf_counter()
            for epochs, lr in plan:
                RIGHT["fit"](network, X, y, epochs, lr, 20, "cpu")
            found[name]["seconds"].append(round(time.perf_counter() - started, 1))
            found[name]["accuracy"].append(
                round(float(RIGHT["accuracy"](network, X_test, y_test, "cpu")), 3))
    for name, row in found.items():
        print(f"{name}: {min(row['accuracy']):.1%} to {max(row['accuracy']):.1%}, "
              f"{row['parameters']:,} parameters, {np.median(row['seconds'])} s")
    record.write(arguments.out, {"wanted": ACCURACY, "draws": DRAWS, "networks": found},
                 packages=("numpy", "torch"), generated="scikit-learn's digits, mixed and placed")


if __name__ == "__main__":
    main()
