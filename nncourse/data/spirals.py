"""Points of three classes that no line separates."""

import numpy as np

ACCURACY = 0.9  # on new points: what hw4_two_layer asks for


def spirals(rng: np.random.Generator, num_per_class: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (N, 2) on three arms of a spiral, and their classes (N,)."""
    y = np.repeat(np.arange(3), num_per_class)
    radius = rng.uniform(0.1, 1.0, size=len(y))
    angle = 2 * np.pi * y / 3 + 4.5 * radius + rng.normal(scale=0.15, size=len(y))
    order = rng.permutation(len(y))
    return (radius * np.array([np.cos(angle), np.sin(angle)])).T[order] * 2, y[order]
