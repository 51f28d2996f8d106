"""Figures that a reader can change, in a real browser: as a hand finds them, and against NumPy."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from page_tests import STANDARD

PROJECT = Path(__file__).resolve().parents[2]
WIDGETS = PROJECT / "book" / "_static" / "widgets"
NAMES = sorted(re.findall(r"^```\{widget\} (\S+)$", "".join(
    page.read_text(encoding="utf-8") for page in (PROJECT / "book").rglob("*.md")), re.M))
KEYS = {"text": ["1"], "select-one": ["ArrowDown"], "button": ["Enter"], "group": ["ArrowRight"],
        "point to move": ["ArrowLeft"],
        "range": ["ArrowUp", "ArrowDown"], "number": ["ArrowUp"]}
SHOWN = """() => document.querySelector('.nn-widget [role=status]').innerText
  + [...document.querySelectorAll('.nn-widget svg')].map((s) => s.innerHTML)
  + [...document.querySelectorAll('.nn-widget canvas')].map((c) => c.toDataURL())"""
# numbers with a hyphen for a minus sign, as in programs
HYPHENS = r"""() => [...document.querySelectorAll('.nn-widget *')]
  .filter((e) => !e.childElementCount && /(^|[^\w])-\d/.test(e.textContent))
  .map((e) => e.textContent)"""
LOADED = "() => document.querySelector('.nn-widget [role=status]')?.innerText.length > 10"


@pytest.fixture
def own_page(visits):
    """``own_page(name, mode, width)``: a figure on its own page, with all controls there."""
    def open_page(name, mode="light", width=1280):
        visit = visits(f"widgets/{name}", mode, width)
        visit.page.wait_for_function(LOADED)
        return visit

    return open_page


@pytest.fixture
def compute(own_page):
    """``compute(name, code, arguments)``: what code says that uses module ``m`` of a figure."""
    def run(name, code, arguments=None):
        return own_page(name).page.evaluate(
            f"async (a) => {{ const m = await import('/_static/widgets/{name}.js'); {code} }}",
            arguments)

    return run


def test_all_figures_are_known():
    assert len(NAMES) == len(set(NAMES)) >= 15
    for name in NAMES:
        assert f'customElements.define("nn-{name}"' in (WIDGETS / f"{name}.js").read_text()


# live training answers through a worker: its own test below waits for it
@pytest.mark.parametrize("name", [name for name in NAMES if name != "live-training"])
def test_it_works_from_the_keyboard(own_page, name):
    """Each control is reached with Tab; each that holds a value changes what is said or drawn."""
    visit = own_page(name)
    page = visit.page
    page.reload()  # the controls where they are at the start
    page.wait_for_function(LOADED)
    figure = page.locator(".nn-widget").first
    page.evaluate("document.body.focus()")
    controls = figure.locator("input, select, button, [role=button], [tabindex='0']").count()
    reached, idle, changed = 0, [], 0
    for _ in range(controls + 2):
        page.keyboard.press("Tab")
        control = page.evaluate("""() => { const e = document.activeElement;
          return e.closest('.nn-widget') && [e.ariaRoleDescription ?? e.type ?? e.role,
            e.ariaLabel ?? (e.labels?.[0] ?? e).innerText]; }""")
        if control is None:
            continue
        reached += 1
        kind, label = control
        before = page.evaluate(SHOWN)
        for key in KEYS[kind]:
            page.keyboard.press(key)
            if page.evaluate(SHOWN) != before:
                break  # a slider at its end moves the other way only
        if page.evaluate(SHOWN) != before:
            changed += 1
        elif kind not in ("button", "group"):  # some act later; a group only scrolls
            idle.append(label)
        assert page.evaluate(HYPHENS) == []
    assert reached == controls
    assert changed and idle == []
    assert visit.complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_its_own_page_is_accessible_and_fits_a_small_phone(own_page, name):
    """In dark mode; page_tests.py sees it in its chapter, in both."""
    visit = own_page(name, "dark", 320)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    axe = Axe().run(visit.page, options={"runOnly": {"type": "tag", "values": STANDARD},
                                         "resultTypes": ["violations"]})
    assert axe.violations_count == 0, axe.generate_report()
    assert visit.elsewhere == visit.failed == visit.complaints == []


@pytest.mark.parametrize("name", ["perceptron", "descent"])
def test_a_point_is_dragged_by_a_finger_and_the_page_stays(browser, base_url, name):
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True)
    page = context.new_page()
    page.goto(f"{base_url}widgets/{name}.html")
    page.wait_for_function(LOADED)
    handle = page.locator(".nn-handle").first
    handle.scroll_into_view_if_needed()
    before, scrolled = handle.bounding_box(), page.evaluate("scrollY")
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    finger = context.new_cdp_session(page)
    for kind, far in [("touchStart", 0), *(("touchMove", n) for n in range(1, 9)), ("touchEnd", 8)]:
        finger.send("Input.dispatchTouchEvent", {
            "type": kind, "touchPoints": [] if kind == "touchEnd" else [
                {"x": x + 2 * far, "y": y + 4 * far}]})
    after = handle.bounding_box()
    assert abs(after["x"] - before["x"] - 16) < 4 and abs(after["y"] - before["y"] - 32) < 4
    assert page.evaluate("scrollY") == scrolled
    context.close()


def test_a_point_is_dragged(own_page):
    page = own_page("perceptron").page
    handle = page.locator(".nn-handle").first
    before, box = handle.get_attribute("aria-label"), handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 60, steps=3)
    page.mouse.up()
    assert handle.get_attribute("aria-label") != before
    handle.press("Enter")
    assert "class 0" in page.locator(".nn-handle").first.get_attribute("aria-label")


def test_the_perceptron_algorithm(compute, own_page):
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.normal(size=(12, 2)), rng.integers(0, 2, 12)])
    w, b, updates = np.zeros(2), 0, 0
    for *x, label in points.tolist() * 3:
        error = label - (w @ x + b > 0)
        w, b, updates = w + error * np.array(x), b + error, updates + abs(error)
    theirs = compute("perceptron", """
        const state = { points: a, w: [0, 0], b: 0, next: 0, updates: 0, epochs: 0 };
        for (let i = 0; i < 36; i++) m.look(state);
        return state;""", points.tolist())
    assert theirs["w"] == pytest.approx(w) and theirs["b"] == b
    assert (theirs["updates"], theirs["epochs"]) == (updates, 3)
    page = own_page("perceptron").page
    page.reload()
    page.get_by_role("button", name="Run until all are right").click()
    assert "0 of 8 points wrong" in page.get_by_role("status").inner_text()


def test_softmax(compute):
    s = np.array([3.2, 5.1, -1.7])
    for temperature in (0.1, 1, 7):
        p = np.exp((s - s.max()) / temperature)
        assert compute("softmax", "return m.softmax(...a)", [s.tolist(), temperature]) == \
            pytest.approx(p / p.sum())


def test_the_coins_likelihood(compute):
    assert compute("coin", "return m.logLikelihood(7, 3, 0.6)") == \
        pytest.approx(7 * np.log(0.6) + 3 * np.log(0.4))
    assert compute("coin", "return m.logLikelihood(0, 3, 0)") == 0


def test_divergences(compute):
    p, q = np.array([0.6, 0.2, 0.1, 0.1]), np.array([0.25, 0.3, 0.35, 0.1])
    m = (p + q) / 2

    def kl(a, b):
        return np.sum(a * np.log2(a / b))

    theirs = compute("divergences", "return m.divergences(...a)", [p.tolist(), q.tolist()])
    assert theirs == pytest.approx({
        "entropy": -np.sum(p * np.log2(p)), "cross": -np.sum(p * np.log2(q)), "kl": kl(p, q),
        "reverse": kl(q, p), "js": (kl(p, m) + kl(q, m)) / 2})
    assert compute("divergences", "return m.divergences([1, 0], [0, 1]).kl > 1e300")


def test_descent_and_its_surfaces(compute):
    path = compute("descent", """
        return m.descend(m.SURFACES["narrow valley"].df, [-1.6, 1.2], 0.05, 0.9, 30)""")
    at, speed = np.array([-1.6, 1.2]), np.zeros(2)
    for _ in range(30):
        speed = 0.9 * speed - 0.05 * at * [1, 20]
        at = at + speed
    assert path[-1] == pytest.approx(at) and len(path) == 31
    off = compute("descent", """
        return Object.values(m.SURFACES).map(({ f, df }) => {
          const h = 1e-5, [x, y] = [0.7, -0.4], [dx, dy] = df(x, y);
          return Math.hypot((f(x + h, y) - f(x - h, y)) / (2 * h) - dx,
                            (f(x, y + h) - f(x, y - h)) / (2 * h) - dy);
        });""")
    assert len(off) == 4 and max(off) < 1e-8


def test_each_contour_of_a_surface_is_one_path_that_stays(own_page, compute):
    page = own_page("descent").page
    lines = page.locator(".nn-contour")
    for surface in ("round bowl", "saddle", "bent valley", "narrow valley"):
        page.locator("select").select_option(surface)
        tags = lines.evaluate_all("all => all.map((e) => e.tagName)")
        assert tags == ["path"] * 10
    first = lines.first.element_handle()
    page.get_by_role("button", name="One step more").click()
    assert first.evaluate("line => line.isConnected")
    radii = compute("descent", """
        const { Chart } = await import('/_static/widgets/base.js');
        const chart = new Chart("", { x: [-2, 2], y: [-2, 2], width: 400, height: 400 });
        chart.contours((x, y) => x * x + y * y, [1, 2.25]);
        return [...chart.ground.children].map((line) => line.getAttribute("d").match(/[\\d.]+/g)
          .map(Number)).map((d) => d.filter((_, i) => i % 2 === 0)
          .map((x, i) => Math.hypot(x - 200, d[2 * i + 1] - 200)));""")
    for radius, found in zip([100, 150], radii, strict=True):
        assert len(found) > 100 and found == pytest.approx([radius] * len(found), abs=0.5)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["descent", "shallow-network", "staircase"])
def test_numbers_of_the_axes_can_be_read_at_any_width(own_page, name, width):
    sizes = own_page(name, width=width).page.locator(".nn-axes text").evaluate_all(
        "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)")
    assert min(sizes) >= 10.9


def test_activation_functions(compute):
    z = torch.linspace(-4, 4, 41, dtype=torch.float64).add(0.01).requires_grad_()
    F = torch.nn.functional
    ours = {"step": lambda z: (z > 0) + 0 * z, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
            "ReLU": torch.relu, "leaky ReLU": F.leaky_relu, "ELU": F.elu, "softplus": F.softplus,
            "swish (SiLU)": F.silu, "GELU": F.gelu}
    theirs = compute("activation", """
        return Object.fromEntries(Object.entries(m.FUNCTIONS).map(([name, { f, df }]) =>
          [name, [a.map(f), a.map(df)]]));""", z.tolist())
    assert theirs.keys() == ours.keys()
    for name, f in ours.items():
        slope, = torch.autograd.grad(f(z).sum(), z)
        np.testing.assert_allclose(theirs[name][0], f(z).detach(), atol=1e-6, err_msg=name)
        np.testing.assert_allclose(theirs[name][1], slope, atol=1e-6, err_msg=name)


def test_steps_and_pieces(compute):
    error = compute("staircase", """
        return a.map(([kind, N]) => Math.max(...Array.from({ length: 2001 }, (_, i) => i / 2000)
          .map((x) => Math.abs(m.network(Math.sin, N, kind, 1e6)(x) - Math.sin(x)))))""",
                    [["steps", 10], ["steps", 20], ["ReLU pieces", 10], ["ReLU pieces", 20]])
    assert error[0] / error[1] == pytest.approx(2, rel=0.1)
    assert error[2] / error[3] == pytest.approx(4, rel=0.1)
    assert error[2] < np.sin(1) / 800 * 1.01


def test_folds(compute):
    ends, values = compute("folding", """
        const at = m.bends(4, 0.3), four = (x) => { for (let i = 0; i < 4; i++) x = m.fold(x, 0.3);
          return x; };
        return [at, at.map(four)];""")
    assert len(ends) == 17 and np.all(np.diff(ends) > 0)
    assert values == pytest.approx([0, 1] * 8 + [0], abs=1e-12)


def test_the_graphs_gradients(compute):
    given = {"P": 0.7, "W0": -0.8, "Q": 1.3, "W1": 1.5, "W2": -0.5, "t": 0.2}
    v = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True)
         for name, x in given.items()}
    B = torch.tanh(v["W0"] * v["P"] + v["Q"])
    loss = (torch.relu(v["W1"] * B) * torch.sigmoid(v["W2"] * B) - v["t"]) ** 2
    loss.backward()
    theirs = compute("graph", "return m.run(a)", given)
    assert theirs["values"]["L"] == pytest.approx(loss.item())
    for name in given:
        assert theirs["gradients"][name] == pytest.approx(v[name].grad.item())


def test_the_kernel(compute):
    w = np.random.default_rng(2).normal(size=9)
    picture, out = compute("kernel", "return [m.PICTURE, m.convolve(m.PICTURE, a, 24)]", w.tolist())
    ours = torch.conv2d(torch.tensor(picture, dtype=torch.float64).reshape(1, 1, 24, 24),
                        torch.tensor(w).reshape(1, 1, 3, 3))
    assert out == pytest.approx(ours.ravel().tolist())


def test_the_receptive_field(compute):
    layers = [[3, 1], [2, 2], [5, 1], [3, 2]]
    (size, jump), spans, beside = compute(
        "receptive-field", "return [m.field(a), m.seen(a, 3), m.seen(a, 4)]", layers)
    x = torch.zeros(1, 1, 90, requires_grad=True)
    y = x
    for K, s in layers:
        y = torch.conv1d(y, torch.ones(1, 1, K), stride=s)
    y[0, 0, 3].backward()
    first, *_, last = torch.nonzero(x.grad[0, 0]).ravel().tolist()
    assert spans[-1] == [first, last] and last - first + 1 == size
    assert beside[-1][0] - first == jump


@pytest.mark.parametrize(("f", "df", "verdict"), [
    ("x^3 + y", "3 * x^2", "They agree."),
    ("-x^2", "-2 * x", "They agree."),
    ("2^-x + (-x)^2", "-log(2) * 2^(-x) + 2*x", "They agree."),
    ("2^3^x", "2^3^x * log(2) * 3^x * log(3)", "They agree."),
    ("relu(x) * y", "(x > 0) * y", "They agree."),
    ("x^3", "-3 * x^2", "The sign is wrong."),
    ("(3 * x + y)^2", "2 * (3 * x + y)", "Yours is 0.333 times what it should be, everywhere."),
    ("sin(x) * y", "cos(x)", "They differ."),
    ("sqrt(-9 - x)", "1", "The formula has no value at any of the points tried."),
])
def test_the_gradient_checker_judges(compute, f, df, verdict):
    assert compute("gradient-checker", "return m.judge(...a.map(m.formula)).verdict",
                   [f, df]) == verdict


@pytest.mark.parametrize(("text", "says"), [
    ("x +", "Expected"), ("z", "not z"), ("constructor(x)", "write it with"), ("", "missing"),
    ("x.y", "write it with"), ("foo(x)", "write it with"), ("'x'", "write it with"),
])
def test_the_gradient_checker_refuses(compute, text, says):
    assert says in compute("gradient-checker",
                           "try { m.formula(a); return 'taken' } catch (e) { return e.message }",
                           text)


def test_xor_can_be_solved(own_page):
    page = own_page("hidden-space").page
    assert "4 of 4 right" not in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="A solution").click()
    assert "4 of 4 right" in page.get_by_role("status").inner_text()


def test_the_shallow_network_follows_its_sliders(visits):
    page = visits("part3/shallow").page
    figure = page.locator("nn-shallow-network")
    status, sliders = figure.get_by_role("status"), figure.get_by_role("slider")
    start = status.inner_text()
    # the numbers that the chapter computes for the same network
    assert start == ("Joints at x = 0.40, 1.00, 1.50. Slopes from left to right: "
                     "0.96, 2.46, 1.50, −0.70.")
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


@pytest.mark.parametrize("program", ["JavaScript", "WebAssembly"])
@pytest.mark.parametrize("kind", ["convolutional", "two-layer"])
@pytest.mark.parametrize("count", [5, 32])
def test_the_browsers_gradients_are_pytorchs(visits, kind, program, count):
    rng = np.random.default_rng(0)
    x, y = rng.random((count, 64)), rng.integers(0, 10, count)
    theirs = visits("part4/browser").page.evaluate("""async ([x, y, kind, program]) => {
      const { Network } = await import("/_static/widgets/convnet.js");
      const { FastNetwork, load } = await import("/_static/widgets/fast-network.js");
      const network = program === "JavaScript" ? new Network(kind, 3)
        : new FastNetwork(kind, 3, await load());
      const plain = (arrays) => network.weighted.flatMap((l) => l[arrays].map((a) => [...a]));
      const parameters = plain("parameters"), pictures = Float64Array.from(x);
      const loss = network.lossAndGradients(pictures, y), gradients = plain("gradients");
      const guesses = network.predict(pictures, y.length);
      network.step(0.1);
      network.lossAndGradients(pictures, y);
      network.step(0.1);
      return { loss, parameters, gradients, guesses, after: plain("parameters") };
    }""", [x.ravel().tolist(), y.tolist(), kind, program])
    w = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in theirs["parameters"]]
    sgd = torch.optim.SGD(w, lr=0.1, momentum=0.9)

    def scores():
        a = torch.tensor(x)
        if kind == "two-layer":
            return (a @ w[0].reshape(32, 64).T + w[1]).relu() @ w[2].reshape(10, 32).T + w[3]
        a = a.reshape(-1, 1, 8, 8)
        for k, shape in [(0, (8, 1, 3, 3)), (2, (16, 8, 3, 3))]:
            a = torch.conv2d(a, w[k].reshape(shape), w[k + 1], padding=1).relu()
            a = torch.max_pool2d(a, 2)
        return a.flatten(1) @ w[4].reshape(10, 64).T + w[5]

    exact = 1e-12 if program == "JavaScript" else 2e-6  # 32 bits hold seven digits
    for step in range(2):
        loss = torch.nn.functional.cross_entropy(scores(), torch.tensor(y))
        sgd.zero_grad()
        loss.backward()
        if step == 0:
            assert theirs["loss"] == pytest.approx(loss.item(), abs=exact)
            assert theirs["guesses"] == scores().argmax(1).tolist()
            for ours, gradient in zip(w, theirs["gradients"], strict=True):
                assert np.abs(gradient).max() > 1e-4
                np.testing.assert_allclose(gradient, ours.grad.ravel().numpy(), atol=exact)
        sgd.step()
    for ours, after in zip(w, theirs["after"], strict=True):
        np.testing.assert_allclose(after, ours.detach().ravel().numpy(), atol=exact)


def test_the_kernel_was_compiled_from_its_source():
    source = hashlib.sha256((WIDGETS / "network.c").read_bytes()).hexdigest()
    assert source.encode() in (WIDGETS / "network.wasm").read_bytes(), "make kernel"


@pytest.mark.skipif(not (shutil.which("clang") and shutil.which("wasm-ld")),
                    reason="needs clang and wasm-ld, see make kernel")
def test_the_kernel_compiles_to_what_is_here(tmp_path):
    (tmp_path / "network.c").write_bytes((WIDGETS / "network.c").read_bytes())
    subprocess.run(["make", "-s", "kernel", f"KERNEL={tmp_path / 'network'}"], cwd=PROJECT,
                   check=True)
    assert (tmp_path / "network.wasm").read_bytes() == (WIDGETS / "network.wasm").read_bytes()


def test_a_network_learns_in_the_page(visits):
    visit = visits("part4/browser")
    page = visit.page
    figure = page.locator("nn-live-training")
    status = figure.get_by_role("status")
    button = figure.get_by_role("button", name=re.compile("Train|Pause"))

    def wait_for(text):
        page.wait_for_function(f"s => s.innerText.includes('{text}')",
                               arg=status.element_handle(), timeout=120_000)

    wait_for("Untrained")
    assert "no WebAssembly" not in status.inner_text()
    step = figure.get_by_role("button", name="One step")
    step.focus()
    page.keyboard.press("Enter")
    wait_for("step 1:")
    button.click()
    page.wait_for_function("s => parseInt(s.innerText.slice(6)) >= 8", arg=status.element_handle(),
                           timeout=120_000)
    button.click()  # pauses
    page.wait_for_function("b => b.innerText.startsWith('Train')", arg=button.element_handle())
    assert float(re.search(r"([\d.]+)% of 297 new", status.inner_text()).group(1)) > 85
    assert figure.locator(".nn-pictures").first.locator("canvas").count() == 8
    assert figure.locator("polyline").get_attribute("points").count(",") >= 8
    button.click()  # goes on for 20 epochs; the chart grows with them
    page.wait_for_function("s => parseInt(s.innerText.slice(6)) > 20", arg=status.element_handle(),
                           timeout=120_000)
    page.wait_for_function("b => b.innerText.startsWith('Train')", arg=button.element_handle())
    assert figure.locator("polyline").get_attribute("points").count(",") == int(
        re.search(r"Epoch (\d+)", status.inner_text()).group(1)) <= 40
    assert "40" in figure.locator("svg").first.text_content()
    figure.get_by_label("Network").select_option("two-layer")
    wait_for("Untrained")
    figure.get_by_label("Computed by").select_option("JavaScript")
    step.click()
    wait_for("step 1:")
    assert visit.complaints == []


def test_without_webassembly_the_live_training_goes_on(visits, browser, base_url):
    page = browser.new_page()
    page.route("**/network.wasm", lambda route: route.fulfill(body=b"\0asm from the future"))
    page.goto(base_url + "widgets/live-training.html")
    status = page.get_by_role("status")
    page.wait_for_function("() => document.querySelector('[role=status]')?.innerText"
                           ".includes('JavaScript computes')")
    page.get_by_role("button", name="One step").click()
    page.wait_for_function("() => document.querySelector('[role=status]').innerText"
                           ".includes('step 1:')")
    assert "pictures a second" in status.inner_text()
    page.close()
