"""A coarse search on CIFAR-10: learning rates from far too small to far too large.

The two-layer network, its training and the data are those of cifar10_two_layer.py; six learning
rates, each ten times the one before, and two strengths of regularisation, a few epochs each.
"""

import math
from functools import partial

import record
from cifar10_two_layer import prepare, train

from nncourse import data

RATES = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
REGS = (1e-3, 1e-1)
H = 100


def main() -> None:
    """Train with each pair, write the results file after each run."""
    parser = record.parser(__doc__, "cifar10_search.json", resume=True)
    parser.add_argument("--images", type=int, default=10_000, help="for training")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images)
    sets["train"] = tuple(part[:arguments.images] for part in sets["train"])
    settings = {"hidden": H, "epochs": arguments.epochs, "train": len(sets["train"][1])}
    runs = record.Runs(arguments, settings, images, packages=("numpy",))

    def curve(rate, reg, seed):
        found = train(sets, H, rate, reg, arguments.epochs, seed=seed)[1]
        return {"loss": [loss if math.isfinite(loss) else None for loss in found["loss"]],
                "validation": found["validation"]}

    for seed in range(arguments.seeds):
        for reg in REGS:
            for rate in RATES:
                runs.add(partial(curve, rate, reg, seed), rate=rate, reg=reg, seed=seed)


if __name__ == "__main__":
    main()
