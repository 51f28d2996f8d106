"""Pictures of images and of weights that have the shape of images."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from nncourse.plot.style import DIVERGING


def image_grid(
    images: np.ndarray, titles: Sequence[str] | None = None, *, ncols: int = 5
) -> Figure:
    """Draw images side by side, row after row, and return the figure.

    Parameters
    ----------
    images : (N, H, W) grey or (N, H, W, 3) colour; uint8 in 0..255 or floats in [0, 1]
    titles : one short title for each of the N images
    ncols : images per row, each about one inch wide

    Raises
    ------
    ValueError
        `images` has another shape or is empty, or the number of titles is not N.
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3):
        raise ValueError(
            f"image_grid needs images of shape (N, H, W) or (N, H, W, 3), got {images.shape}"
        )
    if len(images) == 0:
        raise ValueError("image_grid needs at least one image")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"image_grid needs {len(images)} titles, got {len(titles)}")
    ncols = min(ncols, len(images))
    nrows = -(-len(images) // ncols)
    row_height = 1.0 if titles is None else 1.25
    fig, axes = plt.subplots(
        nrows, ncols, figsize=(ncols * 1.05, nrows * row_height), squeeze=False
    )
    white = 255 if images.dtype == np.uint8 else 1.0
    for ax in axes.flat:
        ax.set_axis_off()
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.imshow(image, cmap="gray", vmin=0, vmax=white, interpolation="none")
        if titles is not None:
            ax.set_title(titles[i])
    return fig


def heat_template(ax: Axes, weights: np.ndarray, *, limit: float | None = None) -> AxesImage:
    """Draw signed weights as a picture: orange above zero, blue below, the page at zero.

    Parameters
    ----------
    weights : (H, W)
    limit : the absolute value with the full colour, otherwise the largest of `weights`; give
        the same one to several templates to compare them

    Returns
    -------
    The drawn image, for `fig.colorbar`.

    Raises
    ------
    ValueError
        `weights` is not (H, W).
    """
    weights = np.asarray(weights, dtype=float)
    if weights.ndim != 2:
        raise ValueError(f"heat_template needs weights of shape (H, W), got {weights.shape}")
    if limit is None:
        limit = np.abs(weights).max() or 1.0
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, alpha=0.3)
    return ax.imshow(weights, cmap=DIVERGING, vmin=-limit, vmax=limit, interpolation="none")
