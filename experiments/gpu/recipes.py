"""The ladder of recipes to 94%: from Page's ResNet-9 to a recorded step with Muon.

Each recipe adds one trick to the one before. `batch` is the first recipe's; the settings of the
others follow those that their authors publish for 1,024 and 2,000 images.
"""

import statistics
from dataclasses import asdict, dataclass, replace

import torch
from torch import nn

from gpu import tricks
from gpu.clock import graphed, now
from gpu.networks import NETWORKS, Norm, flops_per_image

LOOKAHEAD_EVERY = 5  # steps


@dataclass(frozen=True)
class Recipe:
    """One way to train. Rates are for the summed loss; `decay` is per step and image."""

    network: str = "ResNet-9"
    epochs: int = 18
    batch: int = 512
    rate: float = 8e-4
    bias_factor: float = 1.0
    momentum: float = 0.9
    decay: float = 4e-7
    pad: int = 4
    whiten: bool = False
    dirac: bool = False
    smoothing: float = 0.0
    lookahead: bool = False
    alternating: bool = False
    views: str = "none"
    muon: bool = False
    freeze_after: float = 1.0  # share of training after which the whitening bias rests
    half: bool = False
    graph: bool = False


MUON_RATE, MUON_MOMENTUM, MUON_HEAD_RATE, MUON_BIAS_RATE = 0.24, 0.6, 8.3e-4, 0.053


def ladder(batch: int) -> dict[str, Recipe]:
    """Recipes by name; each adds one trick to the one before."""
    made, last = {"ResNet-9": Recipe(batch=batch)}, "ResNet-9"
    for name, change in {
            "smaller network": {"network": "small", "epochs": 10, "batch": 2 * batch, "pad": 2,
                                "rate": 1.47e-3, "momentum": 0.85, "decay": 2e-6},
            "whitening": {"whiten": True}, "dirac initialisation": {"dirac": True},
            "label smoothing": {"smoothing": 0.2}, "bias learning rate": {"bias_factor": 64.0},
            "Lookahead": {"lookahead": True}, "alternating flip": {"alternating": True},
            "six views": {"views": "six views"},
            "Muon": {"muon": True, "lookahead": False, "batch": 4 * batch, "epochs": 8},
            "frozen whitening bias": {"freeze_after": 3 / 8}, "half weights": {"half": True},
            "CUDA graph": {"graph": True}}.items():
        made[name] = replace(made[last], **change)
        last = name
    return made


def lengths(batch: int, device: str) -> dict[str, Recipe]:
    """The last recipe that the device can run, for several numbers of epochs."""
    last = [r for r in ladder(batch).values() if device == "cuda" or not (r.half or r.graph)][-1]
    return {f"{n} epochs": replace(last, epochs=n) for n in (8, 9, 7, 10, 12, 6)}


class Trainer:
    """A network that stays where it is, and everything that one step of a recipe needs.

    What changes from step to step (the batch's rows, the epoch, the share of the learning rates)
    are arrays on the device, so that a recorded step sees them.
    """

    def __init__(self, recipe: Recipe, images, labels, width: int, device: str):
        self.recipe, self.device, self.width = recipe, device, width
        self.raw, self.labels = images, labels
        self.dtype = torch.float16 if recipe.half else torch.float32
        self.model = self._fresh().to(device, memory_format=torch.channels_last)
        self.first = self.model[0]
        self.images = tricks.padded(images, recipe.pad)
        self.mean = images.float().mean((0, 1, 2)).view(1, 3, 1, 1)
        self.deviation = images.float().std((0, 1, 2)).view(1, 3, 1, 1)
        self.flipped = torch.zeros(len(images), dtype=torch.bool, device=device)
        self.rows = torch.zeros(recipe.batch, dtype=torch.long, device=device)
        self.epoch = torch.zeros((), dtype=torch.long, device=device)
        self.scale, self.first_scale = torch.ones(2, device=device).unbind()
        self.steps_an_epoch = len(images) // recipe.batch
        if recipe.whiten:
            self.first.weight.requires_grad = False
        self.descents = self._descents()
        state = [v for v in self.model.state_dict().values() if v.is_floating_point()]
        self.fast, self.slow = state, [v.clone() for v in state] if recipe.lookahead else []
        self.recorded = {}

    def _fresh(self) -> nn.Module:
        model = NETWORKS[self.recipe.network](self.width)
        if self.recipe.half:
            model.half()
            for layer in model.modules():
                if isinstance(layer, Norm):  # statistics need float32's range
                    layer.float()
        return model

    def _descents(self) -> dict[str, tricks.Nesterov]:
        r, trained = self.recipe, [p for p in self.model.parameters() if p.requires_grad]
        filters = [p for p in trained if p.ndim == 4]
        head = [p for p in trained if p.ndim == 2]
        first = [self.first.bias] if r.network == "small" else []
        norms = [p for p in trained if p.ndim == 1 and not any(p is q for q in first)]
        decay = r.decay * r.batch

        def nesterov(weights, rate, scale=self.scale):
            return tricks.Nesterov(weights, rate, r.momentum, decay, scale)

        if r.muon:
            made = {"filters": tricks.Muon(filters, MUON_RATE, MUON_MOMENTUM, 0.0, self.scale),
                    "head": nesterov(head, MUON_HEAD_RATE),
                    "norms": nesterov(norms, MUON_BIAS_RATE)}
            first_rate = MUON_BIAS_RATE
        else:
            made = {"weights": nesterov(filters + head, r.rate),
                    "norms": nesterov(norms, r.rate * r.bias_factor)}
            first_rate = r.rate
        return made | ({"first bias": nesterov(first, first_rate, self.first_scale)} if first
                       else {})

    @torch.no_grad()
    def reset(self, seed: int) -> None:
        """Begin anew with a seed, all arrays at the same addresses as before."""
        torch.manual_seed(seed)
        self.model.load_state_dict(self._fresh().state_dict())
        if self.recipe.dirac:
            tricks.dirac(self.model)
        for descent in self.descents.values():
            descent.reset()
        self.flipped.copy_(torch.rand(len(self.raw), device=self.device) < 0.5)

    def scaled(self, x: torch.Tensor) -> torch.Tensor:
        """Bytes to numbers of mean 0 and standard deviation 1 in each channel."""
        return ((x.float() - self.mean) / self.deviation).to(self.dtype)

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """Of scaled images; in bfloat16 on a GPU unless the weights are half themselves."""
        with torch.autocast(self.device, torch.bfloat16, cache_enabled=False,
                            enabled=self.device == "cuda" and not self.recipe.half):
            return self.model(x)

    def _step(self, first_bias: bool) -> None:
        r = self.recipe
        shifts = tricks.random_shifts(r.batch, r.pad, self.device)
        flips = tricks.alternating(self.flipped, self.rows, self.epoch) if r.alternating \
            else torch.rand(r.batch, device=self.device) < 0.5
        x = self.scaled(tricks.windows(self.images, self.rows, shifts, flips))
        if self.first.bias is not None:
            self.first.bias.requires_grad_(first_bias)
        loss = tricks.smoothed_loss(self.logits(x), self.labels[self.rows], r.smoothing)
        self.model.zero_grad()
        loss.backward()
        for name, descent in self.descents.items():
            if first_bias or name != "first bias":
                descent.step()

    def step(self, t: int, steps: int) -> None:
        """Step number t of `steps`; self.rows holds the batch."""
        r, share = self.recipe, t / steps
        rate = tricks.falling(share) if r.muon else tricks.triangle(share)
        self.scale.fill_(rate)
        trains = share < r.freeze_after
        self.first_scale.fill_(tricks.falling(share, r.freeze_after) if r.freeze_after < 1
                               else rate)
        if not r.graph:
            self._step(trains)
        else:
            self.recorded[trains]()
        if r.lookahead and (t + 1) % LOOKAHEAD_EVERY == 0:
            tricks.lookahead(self.slow, self.fast, 0.95**LOOKAHEAD_EVERY * share**3)

    def warm_up(self) -> float:
        """Run or record all kinds of steps once; return the seconds that this took."""
        began = now(self.device)
        self.reset(0)
        self._whiten()
        for trains in (True, False):
            if self.recipe.graph:
                self.recorded[trains] = graphed(lambda trains=trains: self._step(trains))
            else:
                for _ in range(3):
                    self._step(trains)
        return now(self.device) - began

    def _whiten(self) -> None:
        if self.recipe.whiten:
            tricks.whiten(self.first, self.scaled(self.raw[:5000].permute(0, 3, 1, 2)))

    def train(self, seed: int, test, curve: bool) -> dict:
        """Train from the seed's start; seconds count everything but evaluation."""
        self.reset(seed)
        steps, t = self.recipe.epochs * self.steps_an_epoch, 0
        began = now(self.device)
        self._whiten()
        if self.slow:
            torch._foreach_copy_(self.slow, self.fast)
        spent, points = 0.0, []
        for epoch in range(self.recipe.epochs):
            self.epoch.fill_(epoch)
            order = torch.randperm(len(self.raw), device=self.device)
            for k in range(self.steps_an_epoch):
                self.rows.copy_(order[k * self.recipe.batch:(k + 1) * self.recipe.batch])
                self.step(t, steps)
                t += 1
            last = epoch + 1 == self.recipe.epochs
            if last and self.slow:
                tricks.lookahead(self.slow, self.fast, 1.0)
            if last or curve:
                spent += now(self.device) - began
                points.append([round(spent, 4), self.accuracy(*test)])
                began = now(self.device)
        return {"seed": seed, "seconds": round(spent, 4), "accuracy": points[-1][1],
                "curve": points if curve else []}

    @torch.no_grad()
    def accuracy(self, images, labels) -> float:
        """On images of bytes, with the recipe's test-time augmentation."""
        self.model.eval()
        correct = sum(
            (tricks.averaged_logits(self.logits, self.scaled(x.permute(0, 3, 1, 2)),
                                    self.recipe.views).argmax(1) == y).sum()
            for x, y in zip(images.split(2000), labels.split(2000), strict=True))
        self.model.train()
        return round(int(correct) / len(images), 5)


def run(recipe: Recipe, photos: dict, width: int, device: str, seeds: int, session,
        row: dict, curve: bool) -> None:
    """Add runs to `row` until it has one for each seed; every run is written at once.

    With `curve`, the first seed's run is evaluated after each epoch, off the clock.
    """
    if len(row.setdefault("runs", [])) >= seeds:
        return
    if device != "cuda" and (recipe.half or recipe.graph):
        row["why_not"] = "needs CUDA"
        return
    trainer = Trainer(recipe, *photos["train"], width, device)
    row |= {"recipe": asdict(recipe), "why_not": None, "warm_up": trainer.warm_up(),
            "parameters": sum(p.numel() for p in trainer.model.parameters()),
            "flops_per_image": flops_per_image(NETWORKS[recipe.network](width))}
    longest = 0.0
    for seed in range(len(row["runs"]), seeds):
        session.need(longest)
        began = now(device)
        row["runs"].append(trainer.train(seed, photos["test"], curve and seed == 0))
        longest = max(longest, now(device) - began)
        session.save()
    session.progress(f"{statistics.fmean(r['seconds'] for r in row['runs']):.2f} s",
                     100 * statistics.fmean(r["accuracy"] for r in row["runs"]), "% correct")


def measure(recipes: dict, photos: dict, width: int, device: str, seeds: int, session,
            rows: dict) -> None:
    """Run recipes, the last first, because it matters most; rows stay in the recipes' order."""
    for name in recipes:
        rows.setdefault(name, {"runs": [], "why_not": "not measured yet"})
    torch.backends.cudnn.benchmark = True
    names = list(recipes)
    for name in [names[-1], names[0], *names[-2:0:-1]]:
        session.need(5 if device == "cuda" else 0)
        print(f"recipe: {name}", flush=True)
        try:
            run(recipes[name], photos, width, device, seeds, session, rows[name],
                curve=name in (names[0], names[-1]))
        except session.OutOfTime:
            raise
        except Exception as error:  # the other recipes still count
            rows[name]["why_not"] = f"{type(error).__name__}: {error}"[:200]
            session.save()
