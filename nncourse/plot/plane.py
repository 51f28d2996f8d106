"""Pictures of classifiers on the plane: regions, examples and boundaries."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from nncourse.plot.style import COLOURS, INK, MARKERS, PAPER

_GRID = 300


def decision_regions(
    ax: Axes,
    predict: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    *,
    class_names: Sequence[str] | None = None,
    margin: float = 0.15,
) -> None:
    """Colour the plane by predicted class and draw the examples on top.

    Parameters
    ----------
    ax : where to draw; its limits become the range of X plus `margin`
    predict : maps points (M, 2) to class indices (M,)
    X : examples (N, 2)
    y : class indices (N,)
    class_names : label of each class, for `ax.legend()`; otherwise "class 0", ...
    margin : space around the examples, as a fraction of their range

    Raises
    ------
    ValueError
        X is not (N, 2), or y or the result of `predict` has a wrong shape.
    """
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"decision_regions needs X of shape (N, 2), got {X.shape}")
    if y.shape != X.shape[:1]:
        raise ValueError(f"decision_regions needs y of shape {X.shape[:1]}, got {y.shape}")
    low, high = X.min(axis=0), X.max(axis=0)
    pad = margin * np.where(high > low, high - low, 1.0)
    (left, bottom), (right, top) = low - pad, high + pad
    # Pixel centres, so that a region's edge lies where the predictions change.
    across = left + (np.arange(_GRID) + 0.5) * (right - left) / _GRID
    up = bottom + (np.arange(_GRID) + 0.5) * (top - bottom) / _GRID
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    classes = np.asarray(predict(points))
    if classes.shape != points.shape[:1]:
        raise ValueError(
            f"predict must return shape {points.shape[:1]} for points of shape "
            f"{points.shape}, got {classes.shape}"
        )
    tints = np.array([to_rgba(colour, 0.22) for colour in COLOURS])
    regions = tints[classes.astype(int) % len(COLOURS)].reshape(_GRID, _GRID, 4)
    extent = (left, right, bottom, top)
    ax.imshow(regions, extent=extent, origin="lower", aspect="auto", interpolation="none")
    size = np.clip(6000 / len(X), 16, 36)  # many examples need small marks
    for k in np.unique(y).astype(int):
        ax.scatter(
            X[y == k, 0],
            X[y == k, 1],
            s=size,
            color=COLOURS[k % len(COLOURS)],
            marker=MARKERS[k % len(MARKERS)],
            edgecolors=PAPER,
            linewidths=0.6,
            label=class_names[k] if class_names is not None else f"class {k}",
        )


def line_through(ax: Axes, w: np.ndarray, b: float, **style) -> None:
    """Draw the boundary w . x + b = 0 across `ax` and leave its limits as they are.

    Parameters
    ----------
    w : weights (2,)
    b : bias
    style : passed to `Axes.axline`, such as `color` or `label`

    Raises
    ------
    ValueError
        w is not of shape (2,), or is zero: then there is no line.
    """
    w = np.asarray(w, dtype=float)
    if w.shape != (2,):
        raise ValueError(f"line_through needs w of shape (2,), got {w.shape}")
    if not w.any():
        raise ValueError("line_through needs w other than zero: with w = 0 there is no line")
    nearest = -b * w / (w @ w)  # the point of the line closest to the origin
    limits = ax.get_xlim(), ax.get_ylim()
    ax.axline(nearest, nearest + (-w[1], w[0]), **({"color": INK, "linestyle": "-"} | style))
    ax.set(xlim=limits[0], ylim=limits[1])
