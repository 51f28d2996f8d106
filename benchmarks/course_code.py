"""The course's own NumPy code against PyTorch's on the processor, and reading data against bytes.

Each pair does the same work, on the same numbers in single precision, in turn, with one thread
each. The functions are those that readers see: they are taken out of the chapter and the
experiment that show them.
"""

import argparse
import ast
import gzip
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import numpy as np
import torch
import torch.nn.functional as F
from numpy.lib.stride_tricks import sliding_window_view
from threadpoolctl import threadpool_limits
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record
from cifar10_two_layer import init, loss_and_gradients

from nncourse import data
from nncourse.data import images

ROOT = Path(__file__).resolve().parents[1]
BATCH, FEATURES, HIDDEN, CLASSES = 100, 3072, 500, 10
RATE, REG = 0.1, 1e-4
FILE_ROUNDS = 11
DATA_SETS = [("MNIST", data.mnist, "mnist"),
             ("CIFAR-10, binary version", data.cifar10, "cifar-10-batches-bin"),
             ("CIFAR-10, Python version", data.cifar10, "cifar-10-batches-py")]
PICTURES, CHANNELS, FILTERS, SIDE = 32, 16, 32, 32


def functions_of(chapter: str, *names: str) -> dict:
    """Functions that a chapter defines, by name."""
    namespace = {"np": np, "sliding_window_view": sliding_window_view}
    for cell in jupytext.read(ROOT / "book" / chapter).cells:
        if cell.cell_type != "code":
            continue
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                exec(ast.unparse(node), namespace)
    return {name: namespace[name] for name in names}


def two_layer_step(rng: np.random.Generator):
    """One step of gradient descent: (ours, PyTorch's), two functions."""
    X = rng.random((BATCH, FEATURES), np.float32)
    y = rng.integers(0, CLASSES, BATCH)
    params = init(FEATURES, HIDDEN, CLASSES, rng)

    def ours():
        loss, gradients = loss_and_gradients(params, X, y, REG)
        for name, gradient in gradients.items():
            params[name] -= np.float32(RATE) * gradient
        return loss

    network = nn.Sequential(nn.Linear(FEATURES, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))
    with torch.no_grad():
        for layer, number in ((network[0], 1), (network[2], 2)):
            layer.weight.copy_(torch.from_numpy(params[f"W{number}"]))
            layer.bias.zero_()
    layers = network[0], network[2]
    weights = {"params": [layer.weight for layer in layers], "weight_decay": REG}
    biases = {"params": [layer.bias for layer in layers]}
    optimiser = torch.optim.SGD([weights, biases], lr=RATE)
    pictures, labels = torch.from_numpy(X), torch.from_numpy(y)

    def theirs():
        optimiser.zero_grad()
        loss = F.cross_entropy(network(pictures), labels)
        loss.backward()
        optimiser.step()
        return loss.item() + 0.5 * REG * sum((w * w).sum().item() for w in weights["params"])

    assert np.isclose(ours(), theirs(), rtol=1e-3)
    return ours, theirs


def convolution(rng: np.random.Generator):
    """Forward and backward of 3x3 windows with a border: (ours, PyTorch's)."""
    given = functions_of("part4/conv_backward.md", "as_rows", "backward_by_products")
    as_rows, backward_by_products = given["as_rows"], given["backward_by_products"]
    x = rng.standard_normal((PICTURES, CHANNELS, SIDE, SIDE)).astype(np.float32)
    w = rng.standard_normal((FILTERS, CHANNELS, 3, 3)).astype(np.float32)
    d = rng.standard_normal((PICTURES, FILTERS, SIDE, SIDE)).astype(np.float32)

    def ours():
        cols = as_rows(x, 3, 1)
        flat = cols @ w.reshape(FILTERS, -1).T
        out = flat.reshape(PICTURES, SIDE, SIDE, FILTERS).transpose(0, 3, 1, 2)
        dx, dw = backward_by_products(d, cols, w, 1)
        return out, dw, dx

    xt, wt, dt = (torch.from_numpy(array) for array in (x, w, d))
    xt.requires_grad_()
    wt.requires_grad_()

    def theirs():
        xt.grad = wt.grad = None
        out = F.conv2d(xt, wt, padding=1)
        out.backward(dt)
        return out.detach().numpy(), wt.grad.numpy(), xt.grad.numpy()

    for mine, other in zip(ours(), theirs(), strict=True):
        assert np.allclose(mine, other, atol=1e-2 * np.abs(other).max())
    return ours, theirs


def reading(load, files: Path):
    """A data set as arrays: (ours, the bytes of its files in memory, unpacked where packed)."""
    def theirs():
        return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
                for path in files.iterdir()]

    return load, theirs


def measured(ours, theirs, rounds: int) -> dict:
    """Medians and spreads of seconds, and of the ratio of neighbours."""
    times = []
    for _ in range(rounds):
        pair = []
        for call in (ours, theirs):
            started = time.perf_counter()
            call()
            pair.append(time.perf_counter() - started)
        times.append(pair)
    ratios = sorted(mine / other for mine, other in times)
    mine, other = zip(*times)
    return {"ours_ms": round(1000 * statistics.median(mine), 2),
            "peer_ms": round(1000 * statistics.median(other), 2),
            "ratio": round(statistics.median(ratios), 2),
            "ratio_quartiles": [round(float(q), 2) for q in np.quantile(ratios, (0.25, 0.75))]}


def main() -> None:
    """Measure all pairs and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=101)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    table = {}
    with threadpool_limits(1):
        table["two-layer step"] = measured(*two_layer_step(rng), arguments.rounds)
        table["convolution, forward and backward"] = measured(*convolution(rng), arguments.rounds)
    sets = []
    if os.environ.get(images.VARIABLE):
        folder = Path(os.environ[images.VARIABLE])
        for name, load, files in DATA_SETS:
            with tempfile.TemporaryDirectory() as alone:
                (Path(alone) / files).symlink_to(folder / files)
                os.environ[images.VARIABLE] = alone
                sets.append(load())
                table[f"reading {name}"] = measured(*reading(load, folder / files), FILE_ROUNDS)
    for name, row in table.items():
        print(f"{name:36} {row['ours_ms']:9.2f} ms  {row['peer_ms']:9.2f} ms  x{row['ratio']:.2f}")
    record.write(Path(__file__).parent / "results" / "course_code.json", {"pairs": table}, *sets,
                 packages=("numpy", "torch"), generated="" if sets else "random numbers")


if __name__ == "__main__":
    main()
