"""Figures of the course: readable in light and dark pages, on paper and on a phone.

`setup()` once at the top of a notebook, then draw with Matplotlib as usual and finish each
figure with `show(fig, alt="...")`.
"""

from nncourse.plot.display import show
from nncourse.plot.pictures import heat_template, image_grid
from nncourse.plot.plane import decision_regions, line_through
from nncourse.plot.style import COLOURS, DIVERGING, INK, MARKERS, PAPER, setup

__all__ = [
    "COLOURS",
    "DIVERGING",
    "INK",
    "MARKERS",
    "PAPER",
    "decision_regions",
    "heat_template",
    "image_grid",
    "line_through",
    "setup",
    "show",
]
