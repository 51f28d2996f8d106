"""The figures of the course: what is displayed, in which colours, and the drawing helpers."""

import base64
import csv
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from nncourse import plot
from nncourse.plot import display as display_module
from nncourse.plot.numbers import as_csv
from nncourse.plot.panels import rows_of_panels
from nncourse.plot.svg import inline_svg

LIGHT_PAGE, DARK_PAGE = "#ffffff", "#14181e"
ALT = "One straight line, rising from the lower left to the upper right corner."

# Machado, Oliveira and Fernandes (2009), full severity, on linear RGB.
COLOUR_BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


@pytest.fixture(autouse=True)
def course_style():
    with mpl.rc_context():
        mpl.use("agg")
        plot.setup()
        yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """Call ``plot.show`` as on the website and return what it displays."""
    monkeypatch.setenv("NNCOURSE_WEBSITE", "1")

    def show(fig, alt=ALT):
        bundles = []

        def display(data, metadata, raw):
            assert metadata == {"image/png": {"alt": " ".join(alt.split())}}
            bundles.append(data)

        monkeypatch.setattr(display_module, "_notebook_display", lambda: display)
        plot.show(fig, alt=alt)
        (bundle,) = bundles
        return bundle

    return show


def svg_of(bundle):
    return ET.fromstring(bundle["text/html"].partition("<script")[0])


def line_figure():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], marker="o", label="a line")
    ax.set(title="A title", xlabel="x")
    ax.legend()
    return fig


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Contrast ratio of the Web Content Accessibility Guidelines."""
    dark, light = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb_linear):
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.clip(to_xyz @ rgb_linear, 0, None) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("page", [LIGHT_PAGE, DARK_PAGE])
@pytest.mark.parametrize("colour", plot.COLOURS)
def test_each_colour_stands_out_from_the_page(colour, page):
    assert contrast(colour, page) >= 3


@pytest.mark.parametrize("kind", COLOUR_BLINDNESS)
def test_first_three_colours_differ_for_colour_blind_readers(kind):
    seen = [lab(COLOUR_BLINDNESS[kind] @ linear(c)) for c in plot.COLOURS[:3]]
    for i in range(3):
        for j in range(i):
            assert np.linalg.norm(seen[i] - seen[j]) > 20, (plot.COLOURS[i], plot.COLOURS[j])


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_show_wants_a_description(alt):
    with pytest.raises(ValueError, match="alt"):
        plot.show(line_figure(), alt=alt)


def test_the_website_gets_a_drawing_and_text(shown):
    bundle = shown(line_figure())
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == f"[figure: {ALT}]"
    svg = svg_of(bundle)
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == ALT
    assert "max-width: 100%" in svg.get("style")


def test_show_closes_the_figure(shown):
    fig = line_figure()
    shown(fig)
    assert not plt.fignum_exists(fig.number)


def test_a_notebook_gets_a_picture_that_needs_no_trust(shown, monkeypatch):
    monkeypatch.delenv("NNCOURSE_WEBSITE")
    bundle = shown(line_figure())
    assert set(bundle) == {"image/png", "text/plain"}
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.getpixel((1, 1))[:3] == (255, 255, 255), "on paper the page is white"


def test_description_is_escaped(shown):
    alt = 'Points with x < 0 & y > 0, "upper left".'
    assert svg_of(shown(line_figure(), alt)).get("aria-label") == alt


def test_drawing_follows_the_colours_of_the_page(shown):
    svg = shown(line_figure())["text/html"]
    assert "currentColor" in svg
    assert "var(--pst-color-background" in svg, "the legend's box is the page's background"
    for fixed in ("#000000", "#fefefe", "#ffffff"):
        assert fixed not in svg
    assert plot.COLOURS[0] in svg, "series keep their own colour"


def test_drawing_does_not_restyle_the_page(shown):
    root = svg_of(shown(line_figure()))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "text" in names, "text stays text"
    assert not names & {"style", "metadata", "script"}


def test_ids_of_figures_on_one_page_differ_and_resolve(shown):
    pages = [svg_of(shown(line_figure())) for _ in range(2)]
    ids = [{e.get("id") for e in page.iter() if e.get("id")} for page in pages]
    assert ids[0]
    assert not ids[0] & ids[1]
    for page, own in zip(pages, ids, strict=True):
        for element in page.iter():
            if element.get("href", "").startswith("#"):
                assert element.get("href")[1:] in own
            if "clip-path" in element.attrib:
                assert element.get("clip-path")[len("url(#") : -1] in own


PLAIN_PROCESS = """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from nncourse import plot
from nncourse.plot.svg import inline_svg
plot.setup()
fig, ax = plt.subplots()
ax.plot([0, 1], [0, 1])
print(inline_svg(fig, "a line"))
plot.show(fig, alt="a line")
"""


def test_two_processes_draw_the_same_and_show_works_without_a_notebook():
    runs = [
        subprocess.run(
            [sys.executable, "-c", PLAIN_PROCESS], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.endswith("[figure: a line]\n")


def test_decision_regions_colour_the_prediction_at_each_point():
    X, y = np.array([[-1.0, -2.0], [1.0, 2.0], [0.5, -1.0]]), np.array([0, 1, 1])
    fig, ax = plt.subplots()
    plot.decision_regions(ax, lambda P: (P[:, 0] > 0).astype(int), X, y, class_names=["a", "b"])
    picture = ax.images[0]
    left, right, bottom, top = picture.get_extent()
    assert (left, bottom) < (-1, -2)
    assert (right, top) > (1, 2)
    pixels = picture.get_array()
    middle = pixels.shape[1] // 2
    assert np.allclose(pixels[:, : middle - 1, :3], to_rgb(plot.COLOURS[0]))
    assert np.allclose(pixels[:, middle + 1 :, :3], to_rgb(plot.COLOURS[1]))
    assert ax.get_legend_handles_labels()[1] == ["a", "b"]
    assert [len(c.get_offsets()) for c in ax.collections] == [1, 2]


def test_decision_regions_are_the_right_way_up():
    X, y = np.array([[0.0, -1.0], [0.0, 1.0]]), np.array([0, 1])
    fig, ax = plt.subplots()
    plot.decision_regions(ax, lambda P: (P[:, 1] > 0).astype(int), X, y)
    picture = ax.images[0]
    assert picture.origin == "lower"
    assert np.allclose(picture.get_array()[0, 0, :3], to_rgb(plot.COLOURS[0]))


@pytest.mark.parametrize(
    ("X", "y", "predict", "named"),
    [
        (np.zeros((4, 3)), np.zeros(4), lambda P: P[:, 0], "(4, 3)"),
        (np.zeros((4, 2)), np.zeros(3), lambda P: P[:, 0], "(3,)"),
        (np.zeros((4, 2)), np.zeros(4), lambda P: P, "(90000, 2)"),
    ],
)
def test_decision_regions_name_a_wrong_shape(X, y, predict, named):
    fig, ax = plt.subplots()
    with pytest.raises(ValueError) as caught:
        plot.decision_regions(ax, predict, X, y)
    assert named in str(caught.value)


@pytest.mark.parametrize("w", [(1.0, 2.0), (0.0, -3.0), (2.0, 0.0)])
def test_line_through_is_the_boundary(w):
    fig, ax = plt.subplots()
    ax.set(xlim=(-2, 2), ylim=(-1, 3))
    plot.line_through(ax, np.array(w), 0.7)
    (line,) = ax.lines
    for point in (line.get_xy1(), line.get_xy2()):
        assert np.dot(w, point) + 0.7 == pytest.approx(0)
    assert line.get_xy1() != pytest.approx(line.get_xy2())
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-1, 3))


@pytest.mark.parametrize(("w", "named"), [([0.0, 0.0], "zero"), ([1.0, 2.0, 3.0], "(3,)")])
def test_line_through_refuses_what_is_no_line(w, named):
    fig, ax = plt.subplots()
    with pytest.raises(ValueError) as caught:
        plot.line_through(ax, w, 1.0)
    assert named in str(caught.value)


def test_image_grid_shows_each_image_under_its_title():
    images = np.arange(7 * 4 * 4, dtype=np.uint8).reshape(7, 4, 4)
    fig = plot.image_grid(images, [str(i) for i in range(7)], ncols=3)
    drawn = [ax for ax in fig.axes if ax.images]
    assert len(fig.axes) == 9
    assert [ax.get_title() for ax in drawn] == list("0123456")
    for ax, image in zip(drawn, images, strict=True):
        assert np.array_equal(ax.images[0].get_array(), image)
        assert ax.images[0].get_clim() == (0, 255), "one grey scale for all"


@pytest.mark.parametrize(
    ("images", "titles", "named"),
    [
        (np.zeros((4, 4)), None, "(4, 4)"),
        (np.zeros((1, 4, 4, 2)), None, "(1, 4, 4, 2)"),
        (np.zeros((0, 4, 4)), None, "at least one"),
        (np.zeros((2, 4, 4)), ["one"], "2 titles"),
    ],
)
def test_image_grid_names_what_is_wrong(images, titles, named):
    with pytest.raises(ValueError) as caught:
        plot.image_grid(images, titles)
    assert named in str(caught.value)


def test_heat_template_is_signed_and_clear_at_zero():
    fig, ax = plt.subplots()
    picture = plot.heat_template(ax, [[-2.0, 0.0, 1.0]])
    below, zero, above = picture.to_rgba(picture.get_array())[0]
    assert np.allclose(below, (*to_rgb(plot.COLOURS[0]), 1))
    assert zero[3] == pytest.approx(0, abs=0.01)
    assert np.allclose(above[:3], to_rgb(plot.COLOURS[1]))
    assert above[3] == pytest.approx(0.5, abs=0.01), "half the largest weight, half the colour"


def test_heat_template_accepts_all_zero_weights():
    fig, ax = plt.subplots()
    picture = plot.heat_template(ax, np.zeros((2, 2)))
    assert np.allclose(picture.to_rgba(picture.get_array())[..., 3], 0, atol=0.01)


def test_heat_template_wants_a_picture():
    fig, ax = plt.subplots()
    with pytest.raises(ValueError, match=r"\(4,\)"):
        plot.heat_template(ax, np.zeros(4))


def drawn(fig):
    """A figure on the website, and the viewBox of each of its panels, row by row."""
    root = ET.fromstring(inline_svg(fig, ALT))
    assert (root.get("role"), root.get("aria-label")) == ("img", ALT)
    if root.tag != "div":
        return root, None
    return root, [[[float(v) for v in svg.get("viewBox").split()] for svg in row] for row in root]


def test_images_keep_their_pixels_in_fewer_bytes():
    plot.setup()
    fig, ax = plt.subplots()
    ax.imshow(np.random.default_rng(0).normal(size=(28, 28)), cmap="gray")
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", transparent=True)
    (png,), (webp,) = (re.findall("data:image/[a-z]+;base64,([^\"]+)", drawing)
                       for drawing in (buffer.getvalue(), inline_svg(fig, ALT)))
    assert len(webp) < 0.7 * len(png)
    before, after = (np.asarray(Image.open(io.BytesIO(base64.b64decode(coded))).convert("RGBA"))
                     for coded in (png, webp))
    np.testing.assert_array_equal(before, after)


def test_panels_are_cut_where_the_layout_has_settled():
    def squares():
        fig, axes = plt.subplots(1, 2, figsize=(7.6, 3.4), sharey=True)
        for ax in axes:
            ax.set(title="squares", xlabel="$x_1$", xlim=(-4, 5), ylim=(-4, 5), aspect="equal")
        axes[0].set_ylabel("$x_2$")
        return fig

    cut, settled = squares(), squares()
    rows_of_panels(cut)
    for _ in range(4):
        settled.draw_without_rendering()
    for mine, there in zip(cut.axes, settled.axes, strict=True):
        np.testing.assert_allclose(mine.get_position().bounds, there.get_position().bounds,
                                   atol=1e-4)


def test_panels_of_a_figure_tile_it():
    plot.setup()
    fig, axes = plt.subplots(2, 3, figsize=(6, 4))
    for ax in axes.flat:
        ax.set(title="panel", xlabel="x")
    root, rows = drawn(fig)
    assert [len(row) for row in rows] == [3, 3]
    for row in rows:
        assert np.isclose(sum(width for _, _, width, _ in row), 6 * 72, atol=0.2)
    assert np.isclose(sum(row[0][3] for row in rows), 4 * 72, atol=0.2)
    assert "nn-panels" in root.get("class")


def test_what_belongs_together_is_one_panel():
    plot.setup()
    fig, axes = plt.subplots(2, 2)
    for number, ax in enumerate(axes.flat):
        ax.imshow(np.eye(2))
        if number < 2:
            ax.set_title(f"both of column {number}")
    fig.colorbar(axes[0, 0].images[0], ax=axes[0, 0])
    assert [len(row) for row in drawn(fig)[1]] == [2]
    fig, _ = plt.subplots(1, 2)
    fig.suptitle("above all")
    assert drawn(fig)[1] is None


def apart(fig):
    """What the panels say only when they stand apart: row by row, the texts of each panel."""
    labels = ".//*[@class='nn-apart']"
    return [[["".join(label.itertext()).strip() for label in svg.findall(labels)] for svg in row]
            for row in drawn(fig)[0]]


def test_a_panel_apart_has_the_labels_of_its_own_axis():
    fig, (left, right) = plt.subplots(1, 2, sharey=True)
    left.plot([1, 2], [3, 4])
    (first, second), = apart(fig)
    assert first == [] and len(second) > 2


def test_a_panel_apart_has_the_names_of_the_axes_that_it_shares():
    fig, axes = plt.subplots(2, 2, sharex=True, sharey="row")
    for row, name in zip(axes, ("loss", "accuracy"), strict=True):
        row[0].set_ylabel(name)
    axes[1, 0].set_xlabel("step")
    axes[1, 1].set_xlabel("epoch")
    (upper, upper_right), (lower, lower_right) = apart(fig)
    assert "step" in upper and "epoch" in upper_right and "loss" in upper_right
    assert lower == [] and "accuracy" in lower_right
    assert not {"step", "epoch", "loss"} & set(lower_right)


def test_a_panel_is_not_given_the_name_of_another_quantity():
    fig, (left, _) = plt.subplots(1, 2)
    left.set_ylabel("loss")
    assert apart(fig) == [[[], []]]
    fig, (_, below) = plt.subplots(2, 1, sharex=True)
    below.set_xlabel("step")
    assert apart(fig) == [[[]], [[]]]  # still just below


def test_a_page_leaves_room_for_labels_of_a_panel_apart():
    fig, axes = plt.subplots(2, 2, sharex=True, sharey=True)
    axes[0, 0].set_ylabel("loss")
    axes[1, 0].set_ylabel("loss")
    axes[1, 0].set_xlabel("step")
    rooms = [[dict(part.split(": ") for part in svg.get("style").split("; ")) for svg in row]
             for row in drawn(fig)[0]]
    (upper, upper_right), (lower, lower_right) = [
        [(int(room["--nn-left"]), int(room["--nn-below"])) for room in row] for row in rooms]
    assert lower == (0, 0)
    assert upper[0] == 0 and 15 < upper[1] < 60
    assert 15 < upper_right[0] < 60 and 0 < upper_right[1] < upper[1]  # numbers without a name
    assert 15 < lower_right[0] < 60 and lower_right[1] == 0


@pytest.mark.parametrize("side, moves", [("left", False), ("right", True)])
def test_a_legend_on_the_right_says_how_wide_its_text_is(side, moves):
    fig = line_figure()
    fig.axes[0].legend(labels=["a name"], loc=f"upper {side}", fontsize=8)
    styles = [element.get("style") or "" for element in drawn(fig)[0].iter()]
    found = [style for style in styles if "--nn-wide" in style]
    assert len(found) == moves
    if moves:
        wide, own = (part.split(": ")[1] for part in found[0].split("; "))
        assert 25 < float(wide) < 50 and own == "8px"


def numbers_of(fig):
    header, *rows = csv.reader(as_csv(fig).splitlines())
    assert header == ["panel", "series", "x", "y"]
    return rows


def test_a_figures_numbers_are_lines_points_and_bars():
    fig, (left, middle, right) = plt.subplots(1, 3)
    left.plot([1, 2], [0.5, 1 / 3], label="a line")
    left.plot([5], [6], "o")
    left.axhline(0.4)
    left.set_title("left")
    middle.bar(["cat", "dog"], [3, 5], label="animals")
    middle.set_ylabel("how many")
    right.barh([0, 1], [5, 7])
    right.set_yticks([0, 1], ["u", "v"])
    right.scatter([1, 2], [3, 4], label="points here")
    assert numbers_of(fig) == [
        ["left", "a line", "1", "0.5"], ["left", "a line", "2", "0.33333333"],
        ["left", "points", "5", "6"],
        ["how many", "animals", "cat", "3"], ["how many", "animals", "dog", "5"],
        ["third", "points here", "1", "3"], ["third", "points here", "2", "4"],
        ["third", "bars", "5", "u"], ["third", "bars", "7", "v"]]


def test_series_without_a_label_are_called_by_what_one_sees():
    plot.setup()
    fig, (left, middle, right) = plt.subplots(1, 3)
    left.plot([1], [2], label="first")
    left.plot([1], [3], label="second")
    middle.plot([1], [4])
    middle.plot([1], [5])
    right.plot([4], [5], color=plot.COLOURS[2])
    right.plot([4], [6], color=plot.COLOURS[3])
    right.plot([4], [7], color=plot.COLOURS[3])
    middle.set(xlabel="$x$", ylabel="y")
    right.set(title="right")
    assert [row[:2] for row in numbers_of(fig)][2:] == [
        ["y against $x$", "first"], ["y against $x$", "second"],
        ["right", "green curve"], ["right", "purple curve 1"], ["right", "purple curve 2"]]


def test_error_bars_are_one_series():
    fig, ax = plt.subplots()
    ax.errorbar([1, 2], [3, 4], [0.1, 0.2], capsize=3, label="measured")
    assert numbers_of(fig) == [["", "measured", "1", "3"], ["", "measured", "2", "4"]]


def test_long_series_are_thinned_and_keep_their_ends():
    fig, ax = plt.subplots()
    ax.plot(np.arange(5000))
    rows = numbers_of(fig)
    assert len(rows) == 1000 and rows[0][2] == "0" and rows[-1][2] == "4999"


def test_a_picture_has_no_numbers_to_show(shown):
    fig, ax = plt.subplots()
    ax.imshow(np.eye(3))
    assert as_csv(fig) == ""
    assert "<script" not in shown(fig)["text/html"]


def test_the_website_is_given_the_numbers(shown):
    fig, ax = plt.subplots()
    ax.plot([0, 1], label="</script><b>")
    text = shown(fig)["text/html"].partition('<script type="text/csv">')[2]
    assert text.count("</script>") == 1 and "&lt;/script&gt;&lt;b&gt;,0,0" in text
