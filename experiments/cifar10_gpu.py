"""What a device does with a convolutional network: copies, launches, layers, loops, accuracy.

Runs on a GPU where there is one and on the CPU otherwise, and writes `cifar10_gpu.json` or
`cifar10_gpu_on_cpu.json`; `cifar10_gpu.schema.json` describes both. The sizes are chosen for the
device unless given. Time to accuracy counts training alone: pictures are on the device, and
a run of a few steps has warmed everything up. Every time is wall time between two moments at which
the device has nothing left to do.

On a GPU one session of `--seeds 5` is enough for all that the chapter shows.
"""

import contextlib
import json
import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path

import record
import torch
from cifar10_layers import prepare, start
from jsonschema import validate
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from nncourse import data

SCHEMA = Path(__file__).with_name("cifar10_gpu.schema.json")
MOMENTUM, DECAY, SMOOTHING = 0.9, 5e-4, 0.1
MARKS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94)
# by device: channels, batch, training pictures, epochs, largest learning rate
SIZES = {"cuda": (64, 512, 50_000, 15, 0.4), "cpu": (8, 100, 5_000, 10, 0.2)}


class Skip(nn.Module):
    """Adds what two convolutions make of x to x."""

    def __init__(self, channels: int):
        super().__init__()
        self.path = nn.Sequential(*unit(channels, channels), *unit(channels, channels))

    def forward(self, x):
        """Same shape out as in."""
        return x + self.path(x)


def unit(inputs: int, channels: int, pool: bool = False) -> list[nn.Module]:
    """A convolution, pooling if wanted, batch normalisation and ReLU."""
    return [nn.Conv2d(inputs, channels, 3, padding=1, bias=False), *[nn.MaxPool2d(2)] * pool,
            nn.BatchNorm2d(channels), nn.ReLU()]


class Network(nn.Module):
    """Eight convolutions in four stages, two of them with a skip, and a dense layer.

    The layout is that of Page, "How to train your ResNet" (2018).
    """

    def __init__(self, width: int):
        super().__init__()
        self.maps = nn.Sequential(
            *unit(3, width), *unit(width, 2 * width, True), Skip(2 * width),
            *unit(2 * width, 4 * width, True), *unit(4 * width, 8 * width, True), Skip(8 * width))
        self.scores = nn.Linear(8 * width, 10, bias=False)

    def forward(self, x):
        """Shape (N, 3, 32, 32) to scores of shape (N, 10)."""
        return 0.125 * self.scores(self.maps(x).amax(dim=(2, 3)))


def now(device: str) -> float:
    """Seconds on the clock once the device has finished what it was given."""
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def seconds(call, device: str, repeats: int = 5, loops: int = 1) -> dict:
    """The first call's seconds, and of later ones the median, smallest and largest."""
    began = now(device)
    call()
    first, later = now(device) - began, []
    for _ in range(repeats):
        began = now(device)
        for _ in range(loops):
            call()
        later.append((now(device) - began) / loops)
    return {"first": first, "median": statistics.median(later), "least": min(later),
            "most": max(later)}


def transfers(device: str) -> list[dict]:
    """Copies to the device from ordinary and from pinned memory, by size in bytes."""
    rows = []
    for size in [1 << k for k in range(12, 29, 4)]:
        plain = torch.zeros(size, dtype=torch.uint8)
        kinds = {"plain": plain} | ({"pinned": plain.pin_memory()} if device == "cuda" else {})
        for kind, source in kinds.items():
            target = torch.empty(size, dtype=torch.uint8, device=device)
            rows.append({"bytes": size, "kind": kind, **seconds(
                lambda t=target, s=source: t.copy_(s, non_blocking=True), device, loops=5)})
    return rows


def launches(device: str) -> list[dict]:
    """How long a product of n x n matrices takes to return, and to be done."""
    rows = []
    for n in [1 << k for k in range(5, 13 if device == "cuda" else 11)]:
        a = torch.randn(n, n, device=device)
        _ = a @ a
        returned = []
        for _ in range(5):
            began = now(device)
            _ = a @ a
            returned.append(time.perf_counter() - began)
        rows.append({"n": n, "returns": statistics.median(returned),
                     "done": seconds(lambda a=a: a @ a, device)["median"]})
    return rows


def peaks(device: str) -> dict:
    """What the device can do at best, measured: multiply-adds and bytes a second."""
    n, size = (8192, 1 << 28) if device == "cuda" else (1024, 1 << 25)
    a, source = torch.randn(n, n, device=device), torch.zeros(size, device=device)
    half, target = a.bfloat16(), torch.empty_like(source)
    return {"float32": n**3 / seconds(lambda: a @ a, device)["median"],
            "bfloat16": n**3 / seconds(lambda: half @ half, device)["median"],
            "bytes": 8 * size / seconds(lambda: target.copy_(source), device)["median"]}


def roofline(width: int, batch: int, device: str) -> list[dict]:
    """Each convolution by itself: multiply-adds, bytes that must move, seconds."""
    model, rows = Network(width).to(device), []

    def look(layer, inputs, out):
        x, = inputs
        work = out.numel() * layer.weight[0].numel()
        moved = 4 * (x.numel() + layer.weight.numel() + out.numel())
        rows.append({"shape": list(x.shape[1:]), "filters": out.shape[1], "work": work,
                     "bytes": moved, "seconds": seconds(
                         lambda: functional.conv2d(x, layer.weight, padding=1), device)["median"]})

    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(look)
    with torch.no_grad():
        model(torch.randn(batch, 3, 32, 32, device=device))
    return rows


def kept_bytes(width: int, device: str) -> list[dict]:
    """Bytes that the forward pass keeps for the backward pass, by batch size."""
    model, rows = Network(width).to(device), []
    for batch in (1, 10, 100, 1000):
        kept = {}

        def note(tensor, kept=kept):
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            model(torch.randn(batch, 3, 32, 32, device=device)).sum()
        rows.append({"batch": batch, "bytes": sum(kept.values())})
    return rows


@dataclass(frozen=True)
class Loop:
    """A training loop, by what has been done to make it fast."""

    on_device: bool = False
    ask_each_step: bool = True
    channels_last: bool = False
    half: bool = False
    fused: bool = False
    compiled: str | None = None


def loops() -> dict[str, Loop]:
    """From the naive loop to the fast one; each adds one thing to the one before."""
    made = {"naive": Loop()}
    for name, change in {
            "pictures on the device": {"on_device": True},
            "loss not asked for": {"ask_each_step": False},
            "channels last": {"channels_last": True},
            "bfloat16": {"half": True},
            "fused optimiser": {"fused": True},
            "compiled": {"compiled": "default"},
            "compiled, CUDA graph": {"compiled": "reduce-overhead"}}.items():
        made[name] = replace(list(made.values())[-1], **change)
    return made


def augment(x: torch.Tensor) -> torch.Tensor:
    """Mirror every second picture and move each by up to four pixels, all on x's device.

    The windows are gathered by index, which needs no copy to the host.
    """
    n = len(x)
    mirrored = torch.rand(n, 1, 1, 1, device=x.device) < 0.5
    x = functional.pad(torch.where(mirrored, x.flip(3), x), (4, 4, 4, 4), mode="reflect")
    span = torch.arange(32, device=x.device)
    rows = span + torch.randint(0, 9, (n, 1), device=x.device)
    columns = span + torch.randint(0, 9, (n, 1), device=x.device)
    x = x.gather(2, rows[:, None, :, None].expand(-1, x.shape[1], -1, x.shape[3]))
    return x.gather(3, columns[:, None, None, :].expand(-1, x.shape[1], 32, -1))


class Trainer:
    """A network, its optimiser and one way to make a step."""

    def __init__(self, width: int, steps: int, rate: float, device: str, loop: Loop):
        self.loop, self.device = loop, device
        layout = torch.channels_last if loop.channels_last else torch.contiguous_format
        self.model = Network(width).apply(start).to(device, memory_format=layout)
        self.layout = layout
        self.sgd = torch.optim.SGD(self.model.parameters(), rate, MOMENTUM, weight_decay=DECAY,
                                   nesterov=True, fused=loop.fused)
        # up along a line for a fifth of the time, then down along one
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.sgd, lambda t: min((t + 1) / (0.2 * steps), max(0.0, (steps - t) / (0.8 * steps))))
        self.cost = self._cost
        if loop.compiled:
            self.cost = torch.compile(self._cost, mode=loop.compiled)

    def _cost(self, x, y):
        half = torch.autocast(self.device, torch.bfloat16) if self.loop.half \
            else contextlib.nullcontext()
        with half:
            return functional.cross_entropy(self.model(x), y, label_smoothing=SMOOTHING)

    def step(self, x, y) -> None:
        """One step of descent on the pictures x (N, 3, 32, 32) and labels y (N,)."""
        x = augment(x.to(self.device)).contiguous(memory_format=self.layout)
        loss = self.cost(x, y.to(self.device))
        self.sgd.zero_grad()
        loss.backward()
        self.sgd.step()
        self.schedule.step()
        if self.loop.ask_each_step:
            loss.item()

    @torch.no_grad()
    def accuracy(self, part) -> float:
        """Share of pictures right, the scores added to those of the mirrored pictures."""
        X, y = part
        self.model.eval()
        right = sum((self.model(x) + self.model(x.flip(3))).argmax(1).eq(labels).sum()
                    for x, labels in zip(X.split(500), y.split(500), strict=True))
        self.model.train()
        return round(int(right) / len(X), 5)


def batches(part, size: int, endless: bool = False):
    """Whole batches in random order, for one epoch or without end."""
    X, y = part
    while True:
        for rows in torch.randperm(len(X), device=X.device).split(size):
            if len(rows) == size:
                yield X[rows], y[rows]
        if not endless:
            return


def speeds(photos: dict, width: int, batch: int, device: str, bar: tqdm) -> list[dict]:
    """Pictures a second of every loop."""
    rows = []
    there = photos["train"]
    here = tuple(t.cpu() for t in there)
    for name, loop in loops().items():
        row = {"name": name, "why_not": None}
        try:
            if loop.compiled == "reduce-overhead" and device != "cuda":
                raise RuntimeError("needs CUDA")
            torch._dynamo.reset()
            trainer = Trainer(width, 1000, 0.01, device, loop)
            supply = batches(there if loop.on_device else here, batch, endless=True)
            count = 50 if device == "cuda" else 10
            for _ in range(3):  # compiles, and lets libraries choose their kernels
                trainer.step(*next(supply))
            time_of = seconds(lambda t=trainer, s=supply: t.step(*next(s)), device, loops=count)
            row |= {key: batch / time_of[was] for key, was in
                    {"median": "median", "least": "most", "most": "least"}.items()}
        except Exception as error:  # what a machine cannot do is a result, too
            row["why_not"] = str(error).strip().splitlines()[0][:200]
        rows.append(row)
        bar.update()
    return rows


def train(photos: dict, width: int, batch: int, epochs: int, rate: float, device: str,
          loop: Loop, seed: int, bar: tqdm) -> dict:
    """Train once; the curve has the seconds of training and the test accuracy of each epoch."""
    torch.manual_seed(seed)
    steps = epochs * (len(photos["train"][0]) // batch)
    warm = Trainer(width, steps, rate, device, loop)
    for x, y in [next(batches(photos["train"], batch))] * 3:
        warm.step(x, y)
    torch.manual_seed(seed)
    trainer = Trainer(width, steps, rate, device, loop)
    spent, curve = 0.0, []
    for _ in range(epochs):
        began = now(device)
        for x, y in batches(photos["train"], batch):
            trainer.step(x, y)
        spent += now(device) - began
        curve.append([round(spent, 3), trainer.accuracy(photos["test"])])
        bar.update()
    reached = {str(mark): next((s for s, a in curve if a >= mark), None) for mark in MARKS}
    return {"seed": seed, "curve": curve, "reached": reached}


def main() -> None:
    """Measure everything and write the results file."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    width, batch, pictures, epochs, rate = SIZES[device]
    parser = record.parser(__doc__, f"cifar10_gpu{'' if device == 'cuda' else '_on_cpu'}.json")
    parser.add_argument("--width", type=int, default=width, help="channels of the first layer")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--pictures", type=int, default=pictures, help="for training")
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--rate", type=float, default=rate, help="the largest learning rate")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    width, batch, epochs = arguments.width, arguments.batch, arguments.epochs
    images = data.cifar10()
    photos = prepare(images, arguments.pictures, device, validation=0)

    with tqdm(total=4 + len(loops()) + arguments.seeds * epochs) as bar:
        measured = {}
        for key, call in {"transfers": lambda: transfers(device),
                          "launches": lambda: launches(device), "peaks": lambda: peaks(device),
                          "layers": lambda: roofline(width, batch, device)}.items():
            measured[key] = call()
            bar.update()
        measured["kept"] = kept_bytes(width, device)
        measured["loops"] = speeds(photos, width, batch, device, bar)
        able = [row for row in measured["loops"] if not row["why_not"]]
        best = max(able, key=lambda row: row["median"])["name"]
        runs = [train(photos, width, batch, epochs, arguments.rate, device, loops()[best], seed,
                      bar) for seed in range(arguments.seeds)]
    parameters = sum(p.numel() for p in Network(width).parameters())
    results = {"data": images.name, "counts": {k: len(y) for k, (_, y) in photos.items()},
               "width": width, "batch": batch, "epochs": epochs, "rate": arguments.rate,
               "threads": torch.get_num_threads(), "parameters": parameters,
               **measured, "trained_with": best, "runs": runs}
    name = torch.cuda.get_device_name() if device == "cuda" else None
    validate(results, json.loads(SCHEMA.read_text()))
    record.write(arguments.out, results, images, packages=("torch", "numpy"), device=name)


if __name__ == "__main__":
    main()
