"""No, batch and group normalisation on CIFAR-10: over learning rates, and in small batches.

- `batches`: batch against group normalisation with batches of 50, 8 and 2 images; the validation
  set chooses between two learning rates, in proportion to the batch, with the first seed;
- `rates`: batches of 50 with each of many learning rates, without and with batch normalisation.

Every run sees equally many images. At full size, on a GPU: --images 45000 --seen 450000 --side 32
--width 32 (where small batches stay slow).
"""

from functools import partial

import record
import torch
from cifar10_layers import small_network
from image_training import DEVICE, DEVICE_NAME, Plan, prepare, trained
from torch import nn

from nncourse import data

NORMS = {"none": None, "batch": nn.BatchNorm2d, "group": partial(nn.GroupNorm, 4)}
BATCHES = (50, 8, 2)
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # those of a batch of 50


def main() -> None:
    """Run the parts, write the results file after each run."""
    parser = record.parser(__doc__, "cifar10_norms.json", resume=True)
    parser.add_argument("--part", choices=("batches", "rates"), nargs="+",
                        default=("batches", "rates"))
    parser.add_argument("--images", type=int, default=5000, help="for training")
    parser.add_argument("--seen", type=int, default=10_000, help="images in all steps of a run")
    parser.add_argument("--side", type=int, default=16, help="of the images, in pixels")
    parser.add_argument("--width", type=int, default=8, help="channels of the first block")
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    images = data.cifar10()
    sets = prepare(images, arguments.images, DEVICE, side=arguments.side)
    settings = {name: getattr(arguments, name) for name in ("images", "seen", "side", "width")}
    runs = record.Runs(arguments, settings, images, device=DEVICE_NAME)

    def run(part, norm, batch, rate, seed):
        torch.manual_seed(seed)
        network = small_network(arguments.width, arguments.side, norm=NORMS[norm])
        plan = Plan(rate, arguments.seen // batch, batch)
        return runs.add(partial(trained, network, sets, plan),
                        part=part, norm=norm, batch=batch, rate=rate, seed=seed)

    if "batches" in arguments.part:
        best = {}
        for batch in BATCHES:
            for norm in ("batch", "group"):
                first = {rate: run("batches", norm, batch, rate, 0)
                         for rate in (0.03 * batch / 50, 0.1 * batch / 50)}
                best[norm, batch] = max(first, key=lambda rate: first[rate]["validation"])
        for seed in range(1, arguments.seeds):
            for (norm, batch), rate in best.items():
                run("batches", norm, batch, rate, seed)
    if "rates" in arguments.part:
        for seed in range(arguments.seeds):
            for norm in ("none", "batch"):
                for rate in RATES:
                    run("rates", norm, 50, rate, seed)


if __name__ == "__main__":
    main()
