"""Figures that a reader can change, in a real browser."""

import re

import numpy as np
import pytest
import torch


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


@pytest.mark.parametrize("kind", ["convolutional", "two-layer"])
def test_the_browsers_gradients_are_pytorchs(visits, kind):
    rng = np.random.default_rng(0)
    x, y = rng.random((5, 64)), rng.integers(0, 10, 5)
    theirs = visits("part4/browser").page.evaluate("""async ([x, y, kind]) => {
      const { Network } = await import("/_static/widgets/convnet.js");
      const network = new Network(kind, 3);
      const loss = network.lossAndGradients(Float64Array.from(x), y);
      const plain = (arrays) => network.weighted.flatMap((l) => l[arrays].map((a) => [...a]));
      return { loss, parameters: plain("parameters"), gradients: plain("gradients") };
    }""", [x.ravel().tolist(), y.tolist(), kind])
    w = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in theirs["parameters"]]
    a = torch.tensor(x)
    if kind == "convolutional":
        a = a.reshape(-1, 1, 8, 8)
        for k, shape in [(0, (8, 1, 3, 3)), (2, (16, 8, 3, 3))]:
            a = torch.conv2d(a, w[k].reshape(shape), w[k + 1], padding=1).relu()
            a = torch.max_pool2d(a, 2)
        scores = a.flatten(1) @ w[4].reshape(10, 64).T + w[5]
    else:
        hidden = (a @ w[0].reshape(32, 64).T + w[1]).relu()
        scores = hidden @ w[2].reshape(10, 32).T + w[3]
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(y))
    loss.backward()
    assert theirs["loss"] == pytest.approx(loss.item(), abs=1e-12)
    for ours, gradient in zip(w, theirs["gradients"], strict=True):
        assert np.abs(gradient).max() > 1e-4
        np.testing.assert_allclose(gradient, ours.grad.ravel().numpy(), atol=1e-12)


def test_a_network_learns_in_the_page(visits):
    page = visits("part4/browser").page
    figure = page.locator("nn-live-training")
    status, button = figure.get_by_role("status"), figure.get_by_role("button", name="Train")
    page.wait_for_function("s => s.innerText.startsWith('Untrained')", arg=status.element_handle())
    step = figure.get_by_role("button", name="One step")
    step.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("s => s.innerText.includes('step 1:')", arg=status.element_handle())
    button.click()
    page.wait_for_function("s => parseInt(s.innerText.slice(6)) >= 8", arg=status.element_handle(),
                           timeout=120_000)
    figure.get_by_role("button", name="Pause").click()
    button.wait_for()
    assert float(re.search(r"([\d.]+)% of 297 new", status.inner_text()).group(1)) > 85
    assert figure.locator(".nn-pictures").first.locator("canvas").count() == 8
    assert figure.locator("polyline").get_attribute("points").count(",") >= 8
    figure.get_by_label("Network").select_option("two-layer")
    page.wait_for_function("s => s.innerText.startsWith('Untrained')", arg=status.element_handle())
    assert visits("part4/browser").complaints == []


def test_the_live_training_fits_a_phone(visits):
    page = visits("part4/browser", "dark", 390).page
    box = page.locator("nn-live-training").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
