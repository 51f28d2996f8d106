"""One perceptron per class on all of MNIST, and two ways to do better. Writes a results file.

Three rules, all from a zero start, in the given order, one pass after the other:

- one per class: every unit learns when its own thresholded output is wrong (lecture B);
- the same units, but predicting with the average of all parameters seen so far
  (Freund and Schapire, Machine Learning 37, 1999);
- winner: only when the arg max is wrong, the true class's parameters gain x and the winner's lose
  it (Duda and Hart's multi-class perceptron).
"""

import numpy as np
import record
from tqdm import tqdm

from nncourse import data

NUM_CLASSES = 10


def accuracy(Theta: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Share of examples whose arg max of X Theta^T is the label; X (N, D+1), Theta (C, D+1)."""
    return float(np.mean(np.argmax(X @ Theta.T, axis=1) == y))


def one_per_class_epoch(Theta, total, X, targets):
    """One pass; changes Theta and its running total in place and returns the wrong decisions."""
    wrong = 0
    for x, target in zip(X, targets):
        step = target - (Theta @ x > 0)
        learners = np.flatnonzero(step)
        wrong += len(learners)
        Theta[learners] += step[learners, np.newaxis] * x
        total += Theta
    return wrong


def winner_epoch(Theta, X, y):
    """One pass of the winner rule; changes Theta in place and returns the wrong answers."""
    wrong = 0
    for x, label in zip(X, y):
        winner = np.argmax(Theta @ x)
        if winner != label:
            Theta[label] += x
            Theta[winner] -= x
            wrong += 1
    return wrong


def main() -> None:
    """Train, measure after every epoch, write the results file."""
    parser = record.parser(__doc__, "mnist_perceptron.json")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--limit", type=int, help="use only so many training pictures")
    arguments = parser.parse_args()

    digits = data.mnist()
    X_train, X_test = (np.hstack([data.flatten(X), np.ones((len(X), 1))])
                       for X in (digits.X_train[:arguments.limit], digits.X_test))
    y_train, y_test = digits.y_train[:arguments.limit], digits.y_test
    targets = (y_train[:, np.newaxis] == np.arange(NUM_CLASSES)).astype(np.float64)
    shape = (NUM_CLASSES, X_train.shape[1])
    Theta, total, winner = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    curves = {name: {"train": [], "test": [], "mistakes": []}
              for name in ("one_per_class", "averaged", "winner")}
    for _ in tqdm(range(arguments.epochs), unit="epoch"):
        curves["one_per_class"]["mistakes"].append(
            one_per_class_epoch(Theta, total, X_train, targets))
        curves["winner"]["mistakes"].append(winner_epoch(winner, X_train, y_train))
        for name, parameters in (("one_per_class", Theta), ("averaged", total),
                                 ("winner", winner)):
            curves[name]["train"].append(accuracy(parameters, X_train, y_train))
            curves[name]["test"].append(accuracy(parameters, X_test, y_test))
    del curves["averaged"]["mistakes"]  # those of one_per_class: it makes no updates of its own

    predicted = np.argmax(X_test @ Theta.T, axis=1)
    confusion = np.zeros((NUM_CLASSES, NUM_CLASSES), dtype=int)
    np.add.at(confusion, (y_test, predicted), 1)
    outputs = X_test @ Theta.T > 0
    record.write(arguments.out, {
        "num_train": len(y_train), "num_test": len(y_test), **curves,
        "confusion": confusion.tolist(),
        "test_firing": {"none": float(np.mean(~outputs.any(axis=1))),
                        "one": float(np.mean(outputs.sum(axis=1) == 1)),
                        "several": float(np.mean(outputs.sum(axis=1) > 1))},
        "Theta": np.round(Theta, 1).tolist(),
    }, digits)


if __name__ == "__main__":
    main()
