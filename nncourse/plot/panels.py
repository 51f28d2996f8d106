"""Where the panels of a figure are, so that a page can put them one below the other on a phone."""

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.transforms import Bbox

#: Begins the ids of labels that a panel needs only when it stands apart from its neighbours.
APART = "nn-apart"

_TOUCH = 3.0  # points by which neighbours may overlap, a label that sticks out


class Panel(NamedTuple):
    """A part of a figure that stands for itself."""

    box: Bbox  # in points, y downwards as in SVG
    ids: list[str]  # of the groups of its axes in the SVG
    left: float = 0  # how far labels that it needs apart stick out on the left
    below: float = 0


class Piece(NamedTuple):
    """Axes, or a legend of the whole figure, and their place."""

    artist: Axes | Legend
    box: Bbox


def rows_of_panels(fig: Figure) -> list[list[Panel]]:
    """Return the panels of `fig` in rows, as they are drawn; one row of one if it is a whole.

    It is a whole if anything spans its axes (a common title, an arrow between two of them), or if
    they are not in rows. From here on the figure's layout is fixed, and its axes have ids.
    """
    for _ in range(2):  # the first drawing does not settle every layout
        fig.draw_without_rendering()
    fig.set_layout_engine("none")
    width, height = 72 * fig.get_size_inches()
    whole = [[Panel(Bbox([[0, 0], [width, height]]), [])]]
    spanning = [*fig.texts, *fig.lines, *fig.patches, *fig.artists, *fig.images]
    groups = _groups(fig)
    rows = _with_titles_above(_rows(groups)) if groups and not spanning else []
    if sum(map(len, rows)) < 2:
        return whole
    for number, piece in enumerate(piece for group in groups for piece in group):
        piece.artist.set_gid(f"panel-{number}")
    for row in rows:
        for group in row:
            _label_if_apart([piece.artist for piece in group if isinstance(piece.artist, Axes)],
                            beside=len(row) > 1)
    panels = []
    for row, (top, bottom) in zip(rows, _between([_extent(row, 1) for row in rows], height),
                                  strict=True):
        extents = [_extent([group], 0) for group in row]
        sides = extents if isinstance(row[0][0].artist, Legend) else _between(extents, width)
        panels.append([_panel(group, Bbox([[left, top], [right, bottom]]), fig)
                       for group, (left, right) in zip(row, sides, strict=True)])
    return panels


def _panel(group: list[Piece], box: Bbox, fig: Figure) -> Panel:
    """A panel of these pieces, whose labels may be more than those that they had at first."""
    now = Bbox.union([_box(piece.artist, fig) for piece in group])
    return Panel(box, [str(piece.artist.get_gid()) for piece in group],
                 max(0, box.x0 - now.x0), max(0, now.y1 - box.y1))


def _box(artist: Axes | Legend, fig: Figure) -> Bbox:
    """Where `artist` is drawn, in points from the upper left corner of `fig`."""
    tight = artist.get_tightbbox()
    assert tight is not None  # what can be seen has one
    x0, y0, x1, y1 = np.asarray(tight.extents) * 72 / fig.dpi
    height = 72 * fig.get_figheight()
    return Bbox([[x0, height - y1], [x1, height - y0]])


def _groups(fig: Figure) -> list[list[Piece]]:
    """Pieces that belong together: twins, a picture and its colour bar."""
    groups: list[list[Piece]] = []
    artists: list[Axes | Legend] = [*fig.axes, *fig.legends]
    for artist in filter(Artist.get_visible, artists):
        piece = Piece(artist, _box(artist, fig))
        bar = getattr(artist, "_colorbar", None)
        together = [piece]
        for group in list(groups):
            if any(_overlap(piece.box, other.box)
                   or bar is not None and bar.mappable.axes is other.artist for other in group):
                groups.remove(group)
                together = group + together
        groups.append(together)
    return groups


def _overlap(a: Bbox, b: Bbox) -> bool:
    common = Bbox.intersection(a, b)
    return common is not None and min(common.width, common.height) > _TOUCH


def _extent(groups: Iterable[list[Piece]], axis: int) -> tuple[float, float]:
    sides = [piece.box.get_points()[:, axis] for group in groups for piece in group]
    return min(low for low, _ in sides), max(high for _, high in sides)


def _rows(groups: list[list[Piece]]) -> list[list[list[Piece]]]:
    """Sort groups into rows from the top, each from the left; no rows if they are not in rows."""
    rows: list[list[list[Piece]]] = []
    for group in sorted(groups, key=lambda group: sum(_extent([group], 1))):
        if rows and _extent([group], 1)[0] < _extent(rows[-1], 1)[1] - _TOUCH:
            rows[-1].append(group)
        else:
            rows.append([group])
    for row in rows:
        row.sort(key=lambda group: _extent([group], 0))
        sides = [_extent([group], 0) for group in row]
        if any(right > left + _TOUCH for (_, right), (left, _) in itertools.pairwise(sides)):
            return []
    return rows


def _with_titles_above(rows: list[list[list[Piece]]]) -> list[list[list[Piece]]]:
    """Put panels without a title below those with one, if these stand for whole columns."""
    joined: list[list[list[Piece]]] = []
    for row in rows:
        above = joined[-1] if joined else []
        if len(row) == len(above) and all(map(_titled, above)) and not any(map(_titled, row)):
            joined[-1] = [high + low for high, low in zip(above, row, strict=True)]
        else:
            joined.append(row)
    return joined


def _titled(group: list[Piece]) -> bool:
    return any(isinstance(piece.artist, Axes) and piece.artist.get_title() for piece in group)


def _between(extents: list[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """Cut from 0 to `end` midway between neighbours."""
    middles = [(high + low) / 2 for (_, high), (low, _) in itertools.pairwise(extents)]
    return list(zip([0.0, *middles], [*middles, end], strict=True))


def _label_if_apart(panel: list[Axes], *, beside: bool) -> None:
    """Label axes of a panel that only another panel in the same row or column labels.

    Below a panel with none `beside` it stands the same one as on a wide page, so its x axis has
    all that it needs.
    """
    for ax, (name, side) in itertools.product(panel, (("y", "left"), ("x", "bottom"))):
        axis, shared = getattr(ax, f"{name}axis"), getattr(ax, f"get_shared_{name}_axes")()
        others = [other for other in shared.get_siblings(ax) if other not in panel]
        if not others or not ax.axison or not axis.get_visible() or name == "x" and not beside:
            continue
        if not axis.get_tick_params().get(f"label{side}", True):
            axis.set_tick_params(**{f"label{side}": True})
            for tick in axis.get_major_ticks():
                tick.label1.set_gid(APART)
        start = f"{name}0"  # the same in a row, or in a column
        named = [other for other in others if getattr(other, f"get_{name}label")() and np.isclose(
            getattr(other.get_position(), start), getattr(ax.get_position(), start))]
        if named and not axis.get_label_text():
            axis.set_label_text(getattr(named[0], f"get_{name}label")(), gid=APART)
