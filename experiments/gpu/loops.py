"""The same training step from naive to fast: each loop changes one thing of another."""

import os
from dataclasses import dataclass, replace

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from gpu import tricks
from gpu.clock import graphed, now, seconds, set_tf32
from gpu.networks import NETWORKS, flops_per_image

PAD, RATE, MOMENTUM = 2, 1e-3, 0.9


@dataclass(frozen=True)
class Loop:
    """A training loop, by what has been done to make it fast."""

    workers: bool = False
    on_device: bool = False
    item: bool = True
    tf32: bool = False
    benchmark: bool = False
    channels_last: bool = False
    half: bool = False
    optimiser: str = "loop"
    compiled: bool = False
    graph: bool = False
    deterministic: bool = False


def loops() -> dict[str, tuple[Loop, str | None]]:
    """Loops by name, each with the name of the one that it changes in one thing."""
    made, before = {"naive": (Loop(), None)}, "naive"
    for name, change in {
            "workers, pinned memory": {"workers": True}, "data on the device": {"on_device": True},
            "no loss.item()": {"item": False}, "TF32": {"tf32": True},
            "cudnn.benchmark": {"benchmark": True}, "channels last": {"channels_last": True},
            "bfloat16": {"half": True}, "foreach optimiser": {"optimiser": "foreach"},
            "fused optimiser": {"optimiser": "fused"}, "CUDA graph": {"graph": True},
            "compiled and CUDA graph": {"compiled": True}}.items():
        made[name] = replace(made[before][0], **change), before
        before = name
    fused = made["fused optimiser"][0]
    made["compiled"] = replace(fused, compiled=True), "fused optimiser"
    made["deterministic"] = replace(fused, deterministic=True), "fused optimiser"
    return made


class PerImage(Dataset):
    """Images that are cropped, flipped and scaled one by one, as many tutorials do."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor):
        self.images, self.labels = tricks.padded(images, PAD), labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, k):
        top, left = torch.randint(0, 2 * PAD + 1, (2,)).tolist()
        x = self.images[k, top:top + tricks.SIDE, left:left + tricks.SIDE]
        x = x.flip(1) if torch.rand(()) < 0.5 else x
        return (x.permute(2, 0, 1).float() - 121) / 64, self.labels[k]


class Trainer:
    """A network, its optimiser, and one way to make a step."""

    def __init__(self, loop: Loop, images, labels, width: int, batch: int, device: str):
        self.loop, self.device, self.batch = loop, device, batch
        layout = torch.channels_last if loop.channels_last else torch.contiguous_format
        self.layout = layout
        self.model = NETWORKS["small"](width).to(device, memory_format=layout)
        self.sgd = torch.optim.SGD(self.model.parameters(), RATE / batch, MOMENTUM, nesterov=True,
                                   foreach=loop.optimiser == "foreach",
                                   fused=loop.optimiser == "fused")
        self.forward = torch.compile(self._loss) if loop.compiled else self._loss
        if loop.on_device:
            self.images = tricks.padded(images.to(device), PAD)
            self.labels = labels.to(device)
            self.rows = torch.zeros(batch, dtype=torch.long, device=device)
            self.whole = graphed(self._on_device) if loop.graph else self._on_device
        else:
            loader = DataLoader(PerImage(images, labels), batch, shuffle=True, drop_last=True,
                                num_workers=min(8, os.cpu_count()) if loop.workers else 0,
                                pin_memory=loop.workers and device == "cuda")
            self.supply = (pair for _ in iter(int, 1) for pair in loader)

    def _loss(self, x, y):
        with torch.autocast(self.device, torch.bfloat16, enabled=self.loop.half,
                            cache_enabled=False):
            logits = self.model(x)
        return functional.cross_entropy(logits.float(), y, label_smoothing=0.2, reduction="sum")

    def _update(self, x, y):
        loss = self.forward(x, y)
        self.sgd.zero_grad()
        loss.backward()
        self.sgd.step()
        return loss

    def _on_device(self):
        shifts = tricks.random_shifts(self.batch, PAD, self.device)
        flips = torch.rand(self.batch, device=self.device) < 0.5
        x = tricks.windows(self.images, self.rows, shifts, flips)
        x = ((x.float() - 121) / 64).contiguous(memory_format=self.layout)
        return self._update(x, self.labels[self.rows])

    def step(self) -> None:
        """One step, with the batch's choice, copying and augmentation."""
        if self.loop.on_device:
            torch.randint(len(self.images), (self.batch,), out=self.rows, device=self.device)
            loss = self.whole()
        else:
            x, y = (t.to(self.device, non_blocking=self.loop.workers) for t in next(self.supply))
            loss = self._update(x, y)
        if self.loop.item:
            loss.item()


def _not_on_cpu(loop: Loop) -> str | None:
    """Why a loop is not measured on a CPU, where it would do what the one before it does."""
    if loop.graph or loop.tf32 and not loop.channels_last:
        return "needs CUDA"
    return "one thread is measured" if loop.workers and not loop.on_device else None


def settings(loop: Loop, device: str) -> None:
    """Set what holds for the whole process."""
    set_tf32(loop.tf32)
    torch.backends.cudnn.benchmark = loop.benchmark and not loop.deterministic
    torch.use_deterministic_algorithms(loop.deterministic)


def speed(loop: Loop, images, labels, width: int, batch: int, device: str) -> dict:
    """Images a second of one loop, and on a GPU the memory that it takes."""
    if device != "cuda" and _not_on_cpu(loop):
        return {"why_not": _not_on_cpu(loop)}
    settings(loop, device)
    torch.manual_seed(0)
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    began = now(device)
    trainer = Trainer(loop, images, labels, width, batch, device)
    for _ in range(3):  # compiles, and lets libraries choose their kernels
        trainer.step()
    warm = now(device) - began
    time_of = seconds(trainer.step, device, loops=(20 if loop.on_device else 5)
                      if device == "cuda" else 3)
    memory = {} if device != "cuda" else {"allocated": torch.cuda.max_memory_allocated(),
                                          "reserved": torch.cuda.max_memory_reserved()}
    return {"why_not": None, "warm_up": warm, **memory, **{
        key: batch / time_of[was]
        for key, was in {"median": "median", "least": "most", "most": "least"}.items()}}


def measure(images, labels, width: int, batch: int, device: str, session, into: dict) -> None:
    """Fill `into` with a row for each loop; one that fails says why."""
    into.setdefault("flops_per_image", flops_per_image(NETWORKS["small"](width)))
    rows = into.setdefault("rows", {})
    try:
        for name, (loop, before) in loops().items():
            if rows.get(name, {}).get("median"):
                continue
            session.need(60 if loop.compiled and device == "cuda" else 10)
            try:
                row = speed(loop, images, labels, width, batch, device)
            except Exception as error:  # what a machine cannot do is a result, too
                row = {"why_not": (str(error).strip() or repr(error)).splitlines()[0][:200]}
            rows[name] = {"before": before, "format": "bfloat16" if loop.half else
                          "tf32" if loop.tf32 and device == "cuda" else "float32", **row}
            session.progress(f"loop: {name}", row.get("median"), "images/s")
    finally:
        settings(Loop(), device)
