"""Colours and Matplotlib settings that every figure of the course shares."""

import matplotlib as mpl
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_rgba

#: Series colours: contrast of at least 3:1 on a white page and on the site's dark page, and
#: distinguishable with the usual kinds of colour blindness.
COLOURS = ("#1f7fc4", "#d2600a", "#008f68", "#b5589b", "#9a7b00", "#787878")

#: One marker per class, so that no figure depends on colour alone.
MARKERS = ("o", "s", "^", "D", "v", "P")

#: Text and lines. An inline figure draws it in the text colour of the page around it.
INK = "#000000"

#: The page behind a figure: edges of markers, boxes of legends.
PAPER = "#fefefe"

_BLUE, _ORANGE = COLOURS[:2]

#: Signed values: blue below zero, orange above, transparent at zero, so that zero has the
#: colour of the page in either mode.
DIVERGING = LinearSegmentedColormap.from_list(
    "nncourse_diverging",
    [
        (0.0, to_rgba(_BLUE)),
        (0.5, to_rgba(_BLUE, 0.0)),
        (0.5, to_rgba(_ORANGE, 0.0)),
        (1.0, to_rgba(_ORANGE)),
    ],
)

_LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))


def setup() -> None:
    """Give every later Matplotlib figure of this process the style of the course."""
    mpl.rcParams.update({
        "figure.figsize": (5.4, 3.4),
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "savefig.dpi": 160,
        "font.size": 11,
        "axes.titlesize": 11,
        "axes.labelsize": 11,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "legend.fontsize": 10,
        "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=_LINE_STYLES),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.9,
        "axes.grid": False,
        "grid.color": INK,
        "grid.alpha": 0.15,
        "lines.linewidth": 2.0,
        "legend.facecolor": PAPER,
        "legend.edgecolor": PAPER,
        "legend.framealpha": 0.85,
        "image.cmap": "gray",
        # Text stays text (it can be read aloud, found, and styled by the page) and ids do not
        # change between two builds of the same figure.
        "svg.fonttype": "none",
        "svg.hashsalt": "nncourse",
    })
