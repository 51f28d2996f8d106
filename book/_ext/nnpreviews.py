"""Small drawings of the figures to try, for the home page: computed, and in the page's colours."""

from collections.abc import Iterable

import numpy as np

from nncourse.plot import COLOURS

WIDTH, HEIGHT = 240, 150
BLUE, ORANGE, GREEN = COLOURS[:3]
INK = "currentColor"


def preview(name: str) -> str:
    """The drawing of a figure to try, as an inline SVG."""
    return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
            f"{''.join(DRAWINGS[name]())}</svg>")


def tag(name: str, content: str = "", **attributes) -> str:
    """An element of SVG; an underscore in an attribute's name stands for a hyphen."""
    written = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def line(points: np.ndarray, colour: str = INK, **more) -> str:
    """A line through points (N, 2)."""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return tag("polyline", points=places, fill="none", stroke=colour, stroke_linejoin="round",
               **({"stroke_width": 2} | more))


def dot(x: float, y: float, colour: str, r: float = 4, **more) -> str:
    return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=r, fill=colour, **more)


def square(x: float, y: float, colour: str, side: float = 9) -> str:
    return tag("rect", x=f"{x - side / 2:.1f}", y=f"{y - side / 2:.1f}", width=side, height=side,
               fill=colour)


def pixels(values: np.ndarray, left: float, top: float, side: float,
           colour: str = INK) -> Iterable[str]:
    """An image (H, W) of numbers from -1 to 1 in five shades of a colour, or of blue below zero."""
    shades = np.rint(values * 5).astype(int)
    for shade in sorted(set(shades.ravel()) - {0}):
        path = "".join(f"M{left + side * j:.4g} {top + side * i:.4g}h{side}v{side}h-{side}z"
                       for i, j in zip(*np.nonzero(shades == shade), strict=True))
        yield tag("path", d=path, fill=colour if shade > 0 else BLUE, fill_opacity=abs(shade) / 5)


def perceptron() -> Iterable[str]:
    """The algorithm's boundary between two classes of points."""
    X = np.array([[1.2, 1.8], [2.2, 0.6], [0.4, 2.4], [3.4, 1.6], [-1.4, -0.6], [-0.4, -1.8],
                  [-2.6, 1.0], [-3.4, -1.4], [1.6, -1.6]])
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0])
    w, b = np.zeros(2), 0.0
    while wrong := [i for i in range(len(X)) if (X[i] @ w + b > 0) != y[i]]:
        error = y[wrong[0]] - (X[wrong[0]] @ w + b > 0)
        w, b = w + error * X[wrong[0]], b + error

    def place(p):
        return np.array([WIDTH / 2, HEIGHT / 2]) + 25 * np.array([p[0], -p[1]])

    unit, middle = w / np.hypot(*w), -b * w / (w @ w)
    along = 9 * np.array([-unit[1], unit[0]])
    for side, colour in ((1, ORANGE), (-1, BLUE)):
        corners = [middle + along, middle - along, middle - along + 9 * side * unit,
                   middle + along + 9 * side * unit]
        yield tag("polygon", points=" ".join("{:.0f},{:.0f}".format(*place(c)) for c in corners),
                  fill=colour, fill_opacity=0.14)
    yield line([place(middle + along), place(middle - along)])
    yield line([place(middle), place(middle + unit)], stroke_width=2.5)
    yield dot(*place(middle + unit), INK, 3.5)
    for point, label in zip(X, y, strict=True):
        yield square(*place(point), ORANGE) if label else dot(*place(point), BLUE, 5)


def descent() -> Iterable[str]:
    """Steps down a narrow valley, whose contours are ellipses."""
    scale = 56
    for level in (0.05, 0.4, 1.2, 2.6, 4.6, 7.2, 10.4, 14.2):
        rx, ry = (scale * np.sqrt(2 * level / k) for k in (1, 8))
        yield tag("ellipse", cx=WIDTH / 2, cy=HEIGHT / 2, rx=f"{rx:.1f}", ry=f"{ry:.1f}",
                  fill=GREEN, fill_opacity=0.07, stroke=GREEN, stroke_opacity=0.5)
    path = [np.array([-1.85, 1.1])]
    for _ in range(16):
        path.append(path[-1] - 0.21 * path[-1] * [1, 8])
    places = np.array(path) * [scale, -scale] + [WIDTH / 2, HEIGHT / 2]
    yield line(places, ORANGE)
    for place in places:
        yield dot(*place, ORANGE, 3)


def graph() -> Iterable[str]:
    """Values go forward along the edges, gradients come back."""
    at = {"x": (26, 36), "w": (26, 114), "a": (88, 75), "h": (142, 42), "g": (142, 108),
          "L": (204, 75)}
    for start, end in ("xa", "wa", "ah", "ag", "hL", "gL"):
        one, two = np.array(at[start]), np.array(at[end])
        step = (two - one) / np.hypot(*(two - one))
        across = 4 * np.array([-step[1], step[0]])
        first, last = one + 17 * step, two - 17 * step
        yield line([first - across, last - across], stroke_width=1.5, stroke_opacity=0.7)
        yield line([first + across, last + across], ORANGE, stroke_width=2, stroke_dasharray="5 3")
    for name, (x, y) in at.items():
        colour = ORANGE if name == "L" else BLUE
        yield tag("circle", cx=x, cy=y, r=15, fill=colour, fill_opacity=0.16, stroke=colour,
                  stroke_width=1.5)
        yield tag("text", name, x=x, y=y + 5, text_anchor="middle", font_size=15,
                  font_style="italic", fill=INK)


def folding() -> Iterable[str]:
    """The line from 0 to 1, folded once, twice and four times."""
    x = np.linspace(0, 1, 129)
    y, folds = x, {}
    for count in (1, 2, 3, 4):
        y = 1 - np.abs(2 * y - 1)
        folds[count] = y
    for count, colour, top in ((1, BLUE, 12), (2, GREEN, 57), (4, ORANGE, 102)):
        yield line(np.stack([12 + 216 * x, top + 34 - 32 * folds[count]], axis=1), colour,
                   stroke_width=2.5)


def kernel() -> Iterable[str]:
    """An image, a kernel's window on it, and what the kernel makes of the image."""
    i, j = np.mgrid[:20, :20]
    ring = np.abs(np.hypot(i - 9.5, j - 9.5) - 6) < 1.6
    image = np.where(ring, 1.0, np.where((np.abs(i - 9.5) < 2) & (np.abs(j - 9.5) < 2), 0.6, 0.0))
    edges = sum(image[k:18 + k, 2:] - image[k:18 + k, :-2] for k in range(3)) / 3
    yield from pixels(image, 12, 27, 4.8)
    yield from pixels(edges, 137, 32, 4.8, ORANGE)
    for left, top, side in ((74.4, 51, 14.4), (199.4, 56, 4.8)):
        yield tag("rect", x=left, y=top, width=side, height=side, fill="none", stroke=GREEN,
                  stroke_width=2)
    yield line([(88.8, 58.4), (199.4, 58.4)], GREEN, stroke_width=1.5, stroke_dasharray="4 3")


def live_training() -> Iterable[str]:
    """Some of the handwritten digits that the network learns."""
    from nncourse.data.standins import small_digits  # for one page

    for place, image in enumerate(small_digits()[0][:8].reshape(-1, 8, 8) / 16):
        yield from pixels(image, 14 + 56 * (place % 4), 14 + 66 * (place // 4), 5.6,
                          COLOURS[place % 4])


DRAWINGS = {"perceptron": perceptron, "descent": descent, "graph": graph, "folding": folding,
            "kernel": kernel, "live-training": live_training}
