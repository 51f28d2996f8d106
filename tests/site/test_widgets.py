"""Figures that a reader can change, in a real browser."""

import re


def test_the_shallow_network_follows_its_sliders(visits):
    page = visits("part3/shallow").page
    figure = page.locator("nn-shallow-network")
    status, sliders = figure.get_by_role("status"), figure.get_by_role("slider")
    start = status.inner_text()
    # the numbers that the chapter computes for the same network
    assert start == ("Joints at x = 0.40, 1.00, 1.50. Slopes from left to right: "
                     "0.96, 2.46, 1.50, -0.70.")
    assert sliders.count() == 10
    first_joint = figure.get_by_role("slider", name=re.compile("^b1 of unit 1"))
    first_joint.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")  # b1 from -0.6 to -0.9: the joint moves to 0.6
    assert status.inner_text().startswith("Joints at x = 0.60, 1.00, 1.50.")
    lines = figure.locator("figure").last.locator("polyline")
    assert lines.count() == 1 and len(lines.get_attribute("points").split()) == 5
    figure.get_by_role("button", name="Start again").click()
    assert status.inner_text() == start


def test_the_shallow_network_fits_a_phone(visits):
    page = visits("part3/shallow", "dark", 390).page
    box = page.locator("nn-shallow-network").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
