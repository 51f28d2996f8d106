"""A two-layer network on CIFAR-10: a search over learning rates and penalties, then widths.

- the recipe of the chapter, plain steps with a constant learning rate;
- a grid over learning rate and regularisation, judged on a validation part of 10%;
- the best of the grid, trained longer on pictures that are mirrored at random, in five widths.

Every test accuracy is that of the parameters after the last epoch.
"""

import numpy as np
import record
from linear_limits import small
from tqdm import tqdm

from nncourse import data

RATES = (0.003, 0.01, 0.03)
REGS = (1e-4, 1e-3, 3e-3, 1e-2)
WIDTHS = (25, 50, 100, 200, 500)
BATCH, MOMENTUM = 100, 0.9


def init(D, H, C, rng):
    """He initialisation in single precision: W1 (H, D), b1 (H,), W2 (C, H), b2 (C,)."""
    return {"W1": (rng.normal(size=(H, D)) * np.sqrt(2 / D)).astype(np.float32),
            "b1": np.zeros(H, np.float32),
            "W2": (rng.normal(size=(C, H)) * np.sqrt(2 / H)).astype(np.float32),
            "b2": np.zeros(C, np.float32)}


def scores(params, X):
    """Scores (N, C) of the rows of X (N, D)."""
    return np.maximum(0, X @ params["W1"].T + params["b1"]) @ params["W2"].T + params["b2"]


def loss_and_gradients(params, X, y, reg):
    """Mean cross-entropy with half the squared weights times reg, and a dict of gradients."""
    A = np.maximum(0, X @ params["W1"].T + params["b1"])
    S = A @ params["W2"].T + params["b2"]
    S -= S.max(axis=1, keepdims=True)
    E = np.exp(S)
    dS = E / E.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = np.mean(np.log(E.sum(axis=1)) - S[rows, y])
    loss += 0.5 * reg * sum(np.vdot(params[k], params[k]) for k in ("W1", "W2"))
    dS[rows, y] -= 1
    dS /= np.float32(len(y))
    dZ = (dS @ params["W2"]) * (A > 0)
    return float(loss), {"W1": dZ.T @ X + np.float32(reg) * params["W1"], "b1": dZ.sum(axis=0),
                         "W2": dS.T @ A + np.float32(reg) * params["W2"], "b2": dS.sum(axis=0)}


def accuracy(params, X, y):
    """Share of the rows whose largest score is their label's."""
    return round(float(np.mean(scores(params, X).argmax(axis=1) == y)), 5)


def train(photos, H, rate, reg, epochs, momentum=MOMENTUM, constant=False, mirror=False, seed=0):
    """Minibatch descent with momentum; the rate falls to 0 along half a cosine, or is constant.

    Returns the parameters and one row a number: mean loss and validation accuracy of each epoch.
    """
    (X, y), (X_val, y_val) = photos["train"], photos["validation"]
    rng = np.random.default_rng(seed)
    params = init(X.shape[1], H, 10, rng)
    speed = {k: np.zeros_like(p) for k, p in params.items()}
    total, step, curve = epochs * -(-len(X) // BATCH), 0, {"loss": [], "validation": []}
    for _ in range(epochs):
        losses = []
        for rows in np.split(rng.permutation(len(X)), np.arange(BATCH, len(X), BATCH)):
            batch = X[rows]
            if mirror:
                flip = rng.random(len(rows)) < 0.5
                pictures = batch.reshape(-1, 32, 32, 3)
                pictures[flip] = pictures[flip, :, ::-1]
            loss, grads = loss_and_gradients(params, batch, y[rows], reg)
            losses.append(loss)
            lr = np.float32(rate if constant else rate * 0.5 * (1 + np.cos(np.pi * step / total)))
            for k, p in params.items():
                speed[k] = np.float32(momentum) * speed[k] - lr * grads[k]
                p += speed[k]
            step += 1
        curve["loss"].append(round(float(np.mean(losses)), 5))
        curve["validation"].append(accuracy(params, X_val, y_val))
    return params, curve


def outcome(photos, params, curve) -> dict:
    """The curve with the accuracies after the last epoch."""
    return {**curve, "train": accuracy(params, *photos["train"]),
            "test": accuracy(params, *photos["test"])}


def prepare(images: data.ImageSet) -> dict:
    """Training, validation and test part, every pixel brought to mean 0 and deviation 1."""
    X, y, X_val, y_val = data.train_validation_split(images.X_train, images.y_train, 0.1)
    X, X_val, X_test = (data.flatten(part).astype(np.float32)
                        for part in (X, X_val, images.X_test))
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    for part in (X, X_val, X_test):
        part -= mean
        part /= deviation
    return {"train": (X, y), "validation": (X_val, y_val), "test": (X_test, images.y_test)}


def main() -> None:
    """Run the three stages, write the results file."""
    parser = record.parser(__doc__, "cifar10_two_layer.json")
    parser.add_argument("--epochs", type=int, default=40, help="of the long runs; the grid has 8")
    arguments = parser.parse_args()
    images = data.cifar10()
    photos = prepare(images)

    recipe = {"rate": 0.03, "reg": 1e-3, "epochs": 15}
    plain = outcome(photos, *train(photos, 100, **recipe, momentum=0, constant=True))
    grid = []
    for rate, reg in tqdm([(rate, reg) for rate in RATES for reg in REGS], desc="grid"):
        curve = train(photos, 100, rate, reg, 8)[1]
        grid.append({"rate": rate, "reg": reg, "validation": curve["validation"][-1]})
    best = max(grid, key=lambda tried: tried["validation"])
    widths, first_layer = {}, None
    for H in tqdm(WIDTHS, desc="widths"):
        params, curve = train(photos, H, best["rate"], best["reg"], arguments.epochs, mirror=True)
        widths[H] = outcome(photos, params, curve)
        if H == 100:
            strongest = np.argsort(-np.linalg.norm(params["W1"], axis=1))[:40]
            first_layer = small(params["W1"][strongest], (32, 32, 3))
            predicted = scores(params, photos["test"][0]).argmax(axis=1)
            confusion = np.zeros((10, 10), int)
            np.add.at(confusion, (images.y_test, predicted), 1)
    counts = {part: len(y) for part, (_, y) in photos.items()}
    record.write(arguments.out, {
        "data": images.name, "classes": list(images.classes), "counts": counts,
        "batch": BATCH, "momentum": MOMENTUM,
        "recipe": {**recipe, **plain}, "grid": grid, "best": best, "widths": widths,
        "first_layer": first_layer, "confusion": confusion.tolist(),
    }, images)


if __name__ == "__main__":
    main()
