"""Turn a Matplotlib figure into an SVG that lives inside a page.

The SVG takes the colours of the page: `INK` becomes `currentColor` and `PAPER` the page's
background, so one drawing serves light and dark mode, the website and a notebook.
"""

import base64
import hashlib
import io
import itertools
import xml.etree.ElementTree as ET

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image

from nncourse.plot.panels import APART, Panel, rows_of_panels
from nncourse.plot.style import INK, PAPER

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_PIXELS_PER_POINT = 4 / 3
_LONG = 420  # points: if a drawing is longer, its text is too small on a phone

# The background of the website, of JupyterLab and of VS Code; anywhere else the browser's own.
_PAGE = (
    "var(--pst-color-background, var(--jp-layout-color0, var(--vscode-editor-background, Canvas)))"
)
_THEMED = {INK: "currentColor", PAPER: _PAGE}

_figure_number = itertools.count(1)


def inline_svg(fig: Figure, alt: str) -> str:
    """Return `fig` as an element of the class nn-figure with `alt` as its accessible name.

    That is an `<svg>`, or, if the figure has panels, a `<div>` of rows with an `<svg>` for each.
    """
    rows = rows_of_panels(fig)
    legends = _legends_on_the_right(fig)
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    root = ET.fromstring(drawing)
    _drop_page_wide_parts(root)
    _code_images_in_fewer_bytes(root)
    _follow_page_colours(root)
    _let_text_grow(root)
    for group in root.iter(f"{_SVG}g"):
        if group.get("id") in legends:
            group.set("style", legends[group.get("id", "")])
    panels = _in_panels(root, rows)
    digest = hashlib.sha256(drawing.encode()).hexdigest()[:8]
    _prefix_ids(root, f"nn-{digest}-{next(_figure_number)}-")
    _plain_names(root)
    figure = _set_panels(panels) if len(panels) > 1 or len(panels[0]) > 1 else root
    if figure is root:
        _set_size(root)
        if float(root.get("viewBox", "").split()[2]) > _LONG:
            root.set("class", "nn-long")
    figure.set("class", f"nn-figure {figure.get('class', '')}".strip())
    figure.set("role", "img")
    figure.set("aria-label", alt)
    return ET.tostring(figure, encoding="unicode")


def _legends_on_the_right(fig: Figure) -> dict[str, str]:
    """Give ids to legends whose text would grow out of the drawing, and say how wide it is.

    A narrow page moves them to the left by as much as their text grows there.
    """
    styles = {}
    for number, ax in enumerate(fig.axes):
        legend = ax.get_legend()
        if legend is None or _middle(legend) < _middle(ax):
            continue
        texts = legend.get_texts()
        wide = max(text.get_window_extent().width for text in texts) * 72 / fig.dpi
        name, own = f"legend-{number}", texts[0].get_fontsize()
        legend.set_gid(name)
        styles[name] = f"--nn-wide: {wide:.0f}; --nn-own: {own:g}px"
    return styles


def _middle(artist: Artist) -> float:
    box = artist.get_window_extent()
    return (box.x0 + box.x1) / 2


def _drop_page_wide_parts(root: ET.Element) -> None:
    """Remove metadata, and the style sheet: inside a page its `*` would restyle the page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
                parent.remove(child)


def _code_images_in_fewer_bytes(root: ET.Element) -> None:
    """Code the same pixels as lossless WebP, not as Matplotlib's PNG.

    The greatest effort (quality=100) would take thirty times as long for 2% fewer bytes.
    """
    for image in root.iter(f"{_SVG}image"):
        coded = image.get(_XLINK_HREF, "").partition("base64,")[2]
        buffer = io.BytesIO()
        with Image.open(io.BytesIO(base64.b64decode(coded))) as pixels:
            pixels.save(buffer, "WEBP", lossless=True, exact=True, quality=75, method=6)
        image.set(_XLINK_HREF,
                  f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}")


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def _follow_page_colours(root: ET.Element) -> None:
    for element in root.iter():
        written = element.get("style")
        if written is None:
            continue
        style = _declarations(written)
        style.pop("font-family", None)  # text takes the font of the page
        for name in ("fill", "stroke"):
            if name in style:
                style[name] = _THEMED.get(style[name], style[name])
        element.set("style", _written(style))


def _let_text_grow(root: ET.Element) -> None:
    """Let a narrow page set the smallest size of text, --nn-least, see book/_static/figures.css."""
    for text in root.iter(f"{_SVG}text"):
        style = _declarations(text.get("style", ""))
        if "font-size" in style:
            style["font-size"] = f"max({style['font-size']}, var(--nn-least, 0px))"
        else:  # a formula, each of whose signs has its own place: it can only grow as a whole
            signs = [_declarations(sign.get("style", "")) for sign in text.iter(f"{_SVG}tspan")]
            style["--nn-own"] = max((sign["font-size"] for sign in signs if "font-size" in sign),
                                    key=lambda size: float(size.removesuffix("px")))
        text.set("style", _written(style))


def _written(style: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in style.items())


def _prefix_ids(root: ET.Element, prefix: str) -> None:
    """Make the ids that are referred to unique in the page, and drop all others."""
    used = set()
    for element in root.iter():
        target = element.get(_XLINK_HREF, "")
        if target.startswith("#"):
            used.add(target[1:])
            element.set(_XLINK_HREF, f"#{prefix}{target[1:]}")
        clip = element.get("clip-path", "")
        if clip.startswith("url(#"):
            name = clip.removeprefix("url(#").removesuffix(")")
            used.add(name)
            element.set("clip-path", f"url(#{prefix}{name})")
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own == APART:
            element.set("class", APART)
        elif own in used:
            element.set("id", prefix + own)


def _plain_names(root: ET.Element) -> None:
    """Drop XML namespaces, which HTML does not know; `href` alone is today's spelling."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        if _XLINK_HREF in element.attrib:
            element.set("href", "".join(element.attrib.pop(_XLINK_HREF).split()))


def _in_panels(root: ET.Element, rows: list[list[Panel]]) -> list[list[ET.Element]]:
    """Cut a drawing along its panels, each an `<svg>` of its own below `root`."""
    if len(rows) == len(rows[0]) == 1:
        return [[root]]
    groups = {group.get("id"): group for group in root.iter(f"{_SVG}g")}
    shared = list(root.iterfind(f"{_SVG}defs"))  # clip paths, which any of them may use
    root[:] = []
    cut: list[list[ET.Element]] = []
    for row in rows:
        cut.append([])
        for box, ids, left, below in row:
            panel = ET.SubElement(root, f"{_SVG}svg", viewBox=" ".join(
                f"{value:.1f}" for value in (box.x0, box.y0, box.width, box.height)),
                style=f"--nn-left: {left:.0f}; --nn-below: {below:.0f}; ")
            panel.extend([*shared, *(groups[name] for name in ids)])
            shared = []
            cut[-1].append(panel)
    return cut


def _set_panels(rows: list[list[ET.Element]]) -> ET.Element:
    """Return the panels in rows, which a narrow page breaks up, see book/_static/figures.css."""
    figure = ET.Element("div", {"class": "nn-panels"})
    for row in rows:
        line = ET.SubElement(figure, "div")
        for panel in row:
            _set_size(panel)
            line.append(panel)
    return figure


def _set_size(svg: ET.Element) -> None:
    """Let an `<svg>` be as wide as it was drawn where there is room."""
    for name in ("width", "height", "version"):
        svg.attrib.pop(name, None)
    units = float(svg.get("viewBox", "").split()[2])
    width = units * _PIXELS_PER_POINT
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    svg.set("fill", "currentColor")
    svg.set("stroke-linejoin", "round")
    svg.set("style", f"{svg.get('style', '')}--nn-units: {units:.0f}; width: {width:.0f}px; "
                     "max-width: 100%; height: auto")
