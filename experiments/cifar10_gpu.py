"""What a device does with a convolutional network: machine, loops, roofline, recipes to 94%.

Runs on a GPU where there is one and on the CPU otherwise, and writes `cifar10_gpu.json` or
`cifar10_gpu_on_cpu.json`; `cifar10_gpu.schema.json` describes both. The sizes are chosen for the
device unless given. The file is written after every block and every training run: a block that
fails is recorded with its error, `--minutes` begins nothing that would not end in time, and
`--resume` goes on with what is missing.
"""

import importlib.util
import json
import os
from functools import partial
from pathlib import Path

import record
import torch
from gpu import loops, machine, memory, profile, recipes, roofline
from gpu.session import Session

from nncourse import data

SCHEMA = Path(__file__).with_name("cifar10_gpu.schema.json")
# by device; `batch` is that of the first recipe, twice and four times as large in later ones
SIZES = {"cuda": {"width": 64, "loop_batch": 512, "batch": 512, "images": 50_000, "tests": 10_000,
                  "seeds": 10},
         "cpu": {"width": 8, "loop_batch": 64, "batch": 16, "images": 1_000, "tests": 500,
                 "seeds": 3}}
EVERYWHERE = ["machine", "loops", "roofline", "ladder", "memory", "profile"]  # without --only
# seconds that a block needs on a GPU; a recipe asks for its own
NEEDS = {"machine": 30, "roofline": 30, "memory": 20, "profile": 15}


def photos_of(images, count: int, tests: int, device: str) -> dict:
    """Training and test set as bytes (N, 32, 32, 3) and labels, on the device."""
    return {part: (torch.tensor(X, device=device), torch.tensor(y, device=device))
            for part, X, y in (("train", images.X_train[:count], images.y_train[:count]),
                               ("test", images.X_test[:tests], images.y_test[:tests]))}


def blocks(session: Session, photos: dict, sizes: dict, device: str) -> dict:
    """Functions by name, the most valuable first."""
    results, width, batch = session.results, sizes["width"], sizes["batch"]
    loop_batch = sizes["loop_batch"]
    here = tuple(t.cpu() for t in photos["train"])

    def keep(name, call):
        results[name] = call()

    train = partial(recipes.measure, photos=photos, width=width, device=device,
                    seeds=sizes["seeds"], session=session)
    return {
        "machine": lambda: keep("machine", partial(machine.measure, device)),
        "lengths": lambda: train(recipes.lengths(batch, device),
                                 rows=results.setdefault("lengths", {})),
        "loops": lambda: loops.measure(*here, width, loop_batch, device, session,
                                       results.setdefault("loops", {})),
        "roofline": lambda: keep("roofline", partial(roofline.measure, width, device)),
        "ladder": lambda: train(recipes.ladder(batch), rows=results.setdefault("ladder", {})),
        "memory": lambda: keep("memory", partial(
            memory.measure, width, (1, 10, 100, 1000) if device == "cuda" else (1, 10, 100),
            device)),
        "profile": lambda: keep("profile", partial(
            profile.measure, *here, width, loop_batch, device))}


def check(results: dict) -> None:
    """Compare with the schema where jsonschema is installed: after everything is written."""
    if importlib.util.find_spec("jsonschema"):
        from jsonschema import validate
        validate(results, json.loads(SCHEMA.read_text()))


def main() -> None:
    """Measure everything and write the results file."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # for deterministic products
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(1)  # the clock is processor time
    parser = record.parser(__doc__, f"cifar10_gpu{'' if device == 'cuda' else '_on_cpu'}.json")
    for name, value in SIZES[device].items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value)
    parser.add_argument("--only", nargs="+", metavar="BLOCK",
                        choices=["lengths", *EVERYWHERE], help=", ".join(["lengths", *EVERYWHERE]))
    parser.add_argument("--resume", action="store_true", help="keep what --out has already")
    parser.add_argument("--minutes", type=float, help="begin nothing that would end later")
    arguments = parser.parse_args()
    sizes = {name: getattr(arguments, name) for name in SIZES[device]}
    images = data.cifar10()
    photos = photos_of(images, sizes["images"], sizes["tests"], device)
    settings = {"data": images.name, **sizes}
    resumed = arguments.resume and arguments.out.is_file()
    results = record.earlier(arguments.out, "settings", settings) if resumed else {
        "settings": settings, "counts": {k: len(y) for k, (_, y) in photos.items()}}
    name = torch.cuda.get_device_name() if device == "cuda" else None
    session = Session(results, lambda made: record.write(
        arguments.out, made, images, packages=("torch", "numpy"), device=name, quiet=True),
        arguments.minutes)
    for block, call in blocks(session, photos, sizes, device).items():
        if block in (arguments.only or (["lengths"] if device == "cuda" else []) + EVERYWHERE):
            session.block(block, call, NEEDS.get(block, 0) if device == "cuda" else 0)
    print(f"wrote {arguments.out.name}")
    check(results)


if __name__ == "__main__":
    main()
