"""Random inputs on which every correct computation gives the same bits.

All entries are multiples of 1/8 of moderate size. Their products and sums are then exact in
float32 and float64 alike, in any order of summation: a unit at z = 0 is at 0 for everyone, and
answers are compared without tolerance.
"""

import numpy as np

from autograder.graders.common import grid, layouts, nonzero_grid

__all__ = ["clear_cases", "clusters", "grid", "labelled", "layouts", "nonzero_grid"]


def clear_cases(rng: np.random.Generator, num_examples: int, dim: int):
    """X (N, D), w (D,), b of a unit with no example on its boundary.

    With several examples, leaving the bias out and subtracting it give two other answers.
    """
    while True:
        X, w, b = grid(rng, num_examples, dim), nonzero_grid(rng, dim), nonzero_grid(rng, 1)[0]
        answers = {tuple(X @ w + bias > 0) for bias in (b, 0, -b)}
        if np.all(X @ w + b != 0) and (num_examples == 1 or len(answers) == 3):
            return X, w, float(b)


def labelled(rng: np.random.Generator, num_examples: int, dim: int):
    """X (N, D) and 0/1 labels that a line separates with some room."""
    while True:
        X, w, b = clear_cases(rng, num_examples, dim)
        room = np.abs(X @ w + b) > 1.0
        if np.count_nonzero(room) >= 3 and 0 < np.count_nonzero(X[room] @ w + b > 0) < room.sum():
            return X[room], (X[room] @ w + b > 0).astype(np.int64)


def clusters(rng: np.random.Generator, per_class: int, num_classes: int):
    """X (N, 2) in one cluster a class on a circle, and labels (N,), in a random order."""
    angles = 2 * np.pi * np.arange(num_classes) / num_classes
    centres = np.round(40 * np.stack([np.cos(angles), np.sin(angles)], axis=1)) / 8
    y = rng.permutation(np.repeat(np.arange(num_classes), per_class))
    return centres[y] + grid(rng, len(y), 2, high=10), y
