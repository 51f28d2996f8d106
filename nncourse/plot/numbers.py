"""The numbers that a figure draws, as a table that a reader can take along."""

import csv
import io
import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FuncFormatter

from nncourse.plot.style import COLOURS

#: Longer series are thinned evenly to this many points.
MOST = 1000

_HEADER = ("panel", "series", "x", "y")
_COLOUR_NAMES = dict(zip(COLOURS, ("blue", "orange", "green", "purple", "olive", "grey"),
                         strict=True))
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class Series(NamedTuple):
    """What one artist, or one group of bars, draws."""

    label: str  # empty without one
    kind: str
    colour: str
    x: np.ndarray  # (N,)
    y: np.ndarray  # (N,)


def as_csv(fig: Figure) -> str:
    """Return lines, points and bars of `fig` as CSV with the columns panel, series, x and y.

    Pictures, regions and helping lines are left out; the result is empty if nothing else is there.
    A panel without a title has the names of its axes. A series without a label has that of its
    colour in another panel, the name of its y axis or, beside others, the name of its colour.
    """
    rows: list[tuple[str, ...]] = []
    seen: list[str] = []
    panels = _labelled_alike([list(_series(ax)) for ax in fig.axes])
    for ax, found in zip(fig.axes, panels, strict=True):
        panel = _panel_name(ax, seen) if len(fig.axes) > 1 else ax.get_title()
        across, up = _names(ax.xaxis), _names(ax.yaxis)
        for name, series in zip(_series_names(ax, found), found, strict=True):
            keep = np.unique(np.linspace(0, len(series.x) - 1,
                                         min(MOST, len(series.x))).astype(int))
            points = zip(_texts(series.x[keep], across), _texts(series.y[keep], up), strict=True)
            rows += [(panel, name, *point) for point in points]
    if not rows:
        return ""
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([_HEADER, *rows])
    return table.getvalue()


def _labelled_alike(panels: list[list[Series]]) -> list[list[Series]]:
    """Give the series of a panel without a legend the labels that they have in another one."""
    labels: dict[tuple[str, str], str] = {}
    for series in itertools.chain(*panels):
        if series.label:
            labels.setdefault((series.kind, series.colour), series.label)
    labelled = []
    for found in panels:
        looks = [(series.kind, series.colour) for series in found]
        known = len(set(looks) & labels.keys())
        if known == len(found) and not any(series.label for series in found):
            found = [series._replace(label=labels[look])
                     for series, look in zip(found, looks, strict=True)]
        labelled.append(found)
    return labelled


def _panel_name(ax: Axes, seen: list[str]) -> str:
    """The title of a panel or the names of its axes; `seen` are those of the panels before."""
    name = ax.get_title() or " against ".join(filter(None, (ax.get_ylabel(), ax.get_xlabel())))
    if not name or name in seen:
        place = _ORDINALS[len(seen)] if len(seen) < len(_ORDINALS) else f"number {len(seen) + 1}"
        name = f"{name} ({place})" if name else place
    seen.append(name)
    return name


def _series_names(ax: Axes, found: list[Series]) -> list[str]:
    """A different name for each series of a panel."""
    unnamed = [series for series in found if not series.label]
    if len(unnamed) == 1:
        usual = ax.get_ylabel() or unnamed[0].kind
        return [series.label or usual for series in found]
    names = [series.label or f"{series.colour} {series.kind}".strip() for series in found]
    several = {name for name in names if names.count(name) > 1}
    count: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in several:
            count[name] = count.get(name, 0) + 1
            names[place] = f"{name} {count[name]}"
    return names


def _series(ax: Axes) -> Iterator[Series]:
    """Yield everything with data of its own."""
    errors = [held for held in ax.containers if isinstance(held, ErrorbarContainer)]
    caps = [cap for held in errors for cap in held.lines[1]]
    owners = {held.lines[0]: held for held in errors}
    for line in ax.lines:
        # a line across the axes, as axhline draws, is no data; nor is an error bar's cap
        if line.get_transform() == ax.transData and line.get_visible() and line not in caps:
            x, y = (np.ravel(values) for values in line.get_data(orig=False))
            kind = "points" if line.get_linestyle() == "None" else "curve"
            yield Series(_label(owners.get(line, line)), kind, _colour(line.get_color()), x, y)
    for points in ax.collections:
        if isinstance(points, PathCollection) and points.get_offset_transform() == ax.transData:
            offsets = np.ma.getdata(points.get_offsets())
            if len(offsets):
                colours = points.get_facecolor()
                yield Series(_label(points), "points",
                             _colour(colours[0]) if len(colours) == 1 else "",
                             offsets[:, 0], offsets[:, 1])
    for bars in ax.containers:
        if isinstance(bars, BarContainer):
            boxes = [bar.get_bbox() for bar in bars]
            middle = np.array([((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes])
            end = np.array([(box.x1, box.y1) for box in boxes])
            upright = bars.orientation != "horizontal"
            yield Series(_label(bars), "bars", _colour(bars[0].get_facecolor()),
                         (middle if upright else end)[:, 0], (end if upright else middle)[:, 1])


def _label(artist) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _colour(colour) -> str:
    """What a person calls it; empty for the colour of text and for shades of a scale."""
    return _COLOUR_NAMES.get(to_hex(colour), "")


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
    return [f"{value:.8g}" for value in values]
