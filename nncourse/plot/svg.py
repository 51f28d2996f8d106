"""Turn a Matplotlib figure into an SVG that lives inside a page.

The SVG takes the colours of the page: `INK` becomes `currentColor` and `PAPER` the page's
background, so one drawing serves light and dark mode, the website and a notebook.
"""

import hashlib
import io
import itertools
import xml.etree.ElementTree as ET

from matplotlib.figure import Figure

from nncourse.plot.style import INK, PAPER

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_PIXELS_PER_POINT = 4 / 3

# The background of the website, of JupyterLab and of VS Code; anywhere else the browser's own.
_PAGE = (
    "var(--pst-color-background, var(--jp-layout-color0, var(--vscode-editor-background, Canvas)))"
)
_THEMED = {INK: "currentColor", PAPER: _PAGE}

_figure_number = itertools.count(1)


def inline_svg(fig: Figure, alt: str) -> str:
    """Return `fig` as an `<svg>` element with `alt` as its accessible name."""
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    root = ET.fromstring(drawing)
    _drop_page_wide_parts(root)
    _follow_page_colours(root)
    digest = hashlib.sha256(drawing.encode()).hexdigest()[:8]
    _prefix_ids(root, f"nn-{digest}-{next(_figure_number)}-")
    _plain_names(root)
    _set_root(root, alt)
    return ET.tostring(root, encoding="unicode")


def _drop_page_wide_parts(root: ET.Element) -> None:
    """Remove metadata, and the style sheet: inside a page its `*` would restyle the page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
                parent.remove(child)


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
        element.set("style", "; ".join(f"{name}: {value}" for name, value in style.items()))


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
        if own in used:
            element.set("id", prefix + own)


def _plain_names(root: ET.Element) -> None:
    """Drop XML namespaces, which HTML does not know; `href` alone is today's spelling."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        if _XLINK_HREF in element.attrib:
            element.set("href", "".join(element.attrib.pop(_XLINK_HREF).split()))


def _set_root(root: ET.Element, alt: str) -> None:
    width = float(root.attrib.pop("width").removesuffix("pt")) * _PIXELS_PER_POINT
    root.attrib.pop("height")
    root.attrib.pop("version")
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("class", "nn-figure")
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("fill", "currentColor")
    root.set("stroke-linejoin", "round")
    root.set("style", f"width: {width:.0f}px; max-width: 100%; height: auto")
