"""Show a finished figure, with a description for readers who cannot see it."""

import base64
import html
import io
import os
import sys
import textwrap
from collections.abc import Callable

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from nncourse.plot.numbers import as_csv
from nncourse.plot.svg import inline_svg


def show(fig: Figure, *, alt: str) -> None:
    """Display `fig` with the description `alt`, then close it.

    In a notebook the figure is a PNG, which every front end shows. On the website, whose
    build sets NNCOURSE_WEBSITE, it is an inline SVG that follows light and dark mode.
    (JupyterLab strips SVG from a notebook that it does not trust, one that somebody else has run,
    and would show the labels only.) In a plain Python process there is nowhere to draw, so the
    description is printed.

    Raises
    ------
    ValueError
        `alt` is empty. Say what the figure shows, not what it is.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("show(fig, alt=...) needs alt: one or two sentences, what one can see")
    alt = " ".join(alt.split())
    display = _notebook_display()
    try:
        if display is None:
            print(textwrap.fill(f"[figure: {alt}]", 78))
        else:
            # where JupyterLab and nbconvert look for an image's description
            display(_bundle(fig, alt), metadata={"image/png": {"alt": alt}}, raw=True)
    finally:
        plt.close(fig)


def _notebook_display() -> Callable | None:
    """Return IPython's display function, or None outside of a notebook or IPython shell."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return None
    from IPython.display import display  # here, so that the library does not need IPython

    return display


def _bundle(fig: Figure, alt: str) -> dict[str, str]:
    text = {"text/plain": f"[figure: {alt}]"}
    if "NNCOURSE_WEBSITE" in os.environ:
        return text | {"text/html": inline_svg(fig, alt) + _numbers(fig)}
    picture = io.BytesIO()
    fig.savefig(picture, format="png", facecolor="white", metadata={"Software": None})
    return text | {"image/png": base64.b64encode(picture.getvalue()).decode("ascii")}


def _numbers(fig: Figure) -> str:
    """The figure's numbers for the website, which makes a table and a file of them."""
    table = as_csv(fig)
    return f'<script type="text/csv">{html.escape(table)}</script>' if table else ""
