"""The numbers that a figure draws, as a table that a reader can take along."""

import csv
import io
from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FuncFormatter

#: Longer series are thinned evenly to this many points.
MOST = 1000

_HEADER = ("panel", "series", "x", "y")


def as_csv(fig: Figure) -> str:
    """Return lines, points and bars of `fig` as CSV with the columns panel, series, x and y.

    Pictures, regions and helping lines are left out; the result is empty if nothing else is there.
    A series without a label has the name of its kind and a number.
    """
    rows = []
    for number, ax in enumerate(fig.axes, start=1):
        panel = ax.get_title() or (f"panel {number}" if len(fig.axes) > 1 else "")
        across, up = _names(ax.xaxis), _names(ax.yaxis)
        for name, x, y in _series(ax):
            keep = np.unique(np.linspace(0, len(x) - 1, min(MOST, len(x))).astype(int))
            points = zip(_texts(x[keep], across), _texts(y[keep], up), strict=True)
            rows += [(panel, name, *point) for point in points]
    if not rows:
        return ""
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([_HEADER, *rows])
    return table.getvalue()


def _series(ax: Axes) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield (name, x (N,), y (N,)) of everything with data of its own."""
    count: dict[str, int] = {}

    def named(artist, kind: str) -> str:
        label = str(artist.get_label())
        if label and not label.startswith("_"):
            return label
        count[kind] = count.get(kind, 0) + 1
        return f"{kind} {count[kind]}"

    errors = [held for held in ax.containers if isinstance(held, ErrorbarContainer)]
    caps = [cap for held in errors for cap in held.lines[1]]
    owners = {held.lines[0]: held for held in errors}
    for line in ax.lines:
        # a line across the axes, as axhline draws, is no data; nor is an error bar's cap
        if line.get_transform() == ax.transData and line.get_visible() and line not in caps:
            x, y = (np.ravel(values) for values in line.get_data(orig=False))
            yield named(owners.get(line, line), "line"), x, y
    for points in ax.collections:
        if isinstance(points, PathCollection) and points.get_offset_transform() == ax.transData:
            offsets = np.ma.getdata(points.get_offsets())
            if len(offsets):
                yield named(points, "points"), offsets[:, 0], offsets[:, 1]
    for bars in ax.containers:
        if isinstance(bars, BarContainer):
            boxes = [bar.get_bbox() for bar in bars]
            middle = np.array([((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes])
            end = np.array([(box.x1, box.y1) for box in boxes])
            upright = bars.orientation != "horizontal"
            yield (named(bars, "bars"), (middle if upright else end)[:, 0],
                   (end if upright else middle)[:, 1])


def _names(axis: Axis) -> dict[float, str]:
    """The names that stand on an axis instead of numbers, by their places."""
    formatter = axis.get_major_formatter()
    if not isinstance(formatter, FixedFormatter | FuncFormatter | StrCategoryFormatter):
        return {}
    places = axis.get_majorticklocs()
    return dict(zip(places, formatter.format_ticks(list(places)), strict=True))


def _texts(values: np.ndarray, names: dict[float, str]) -> list[str]:
    """Names if each value has one, else numbers."""
    if all(value in names for value in values):
        return [names[value] for value in values]
    return [f"{value:.6g}" for value in values]
