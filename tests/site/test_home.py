"""The home page: its network learns, and what it counts and remembers is true."""

import importlib
import json
import re

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from page_tests import STANDARD

SAID = "document.querySelector('.nn-hero-said')?.textContent"
STEPS = f"Number(/after (\\d+) steps/.exec({SAID})?.[1])"
READY = f"() => {SAID}?.length > 10"
STILL = """() => {
  const hero = document.querySelector('nn-hero');
  hero.className = '';
  hero.replaceChildren(...hero.querySelector('.nn-hero-still').childNodes);
}"""
TRAIN = """async ([hidden, steps]) => {
  const { Classifier, spiral } = await import("/_static/widgets/spiral.js");
  const { uniform } = await import("/_static/widgets/random.js");
  const data = spiral(100, uniform(4)), network = new Classifier(hidden, uniform(5));
  let state;
  for (let i = 0; i <= steps; i++) state = network.step(data, 1);
  return state.correct / 300;
}"""


@pytest.fixture
def home(browser, base_url):
    """``home(**options)``: the home page in a browser context of its own, and its complaints."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text)
                if message.type in ("error", "warning") else None)
        page.goto(f"{base_url}index.html", wait_until="load")
        if options.get("java_script_enabled", True):
            page.wait_for_function(READY)
        return page, complaints

    yield open_page
    for context in contexts:
        context.close()


def step_of(page) -> int:
    found = re.search(r"after (\d+) steps", page.locator(".nn-hero-said").inner_text())
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def written(site):
    return BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")


def test_units_make_the_difference(home):
    page, _ = home(reduced_motion="reduce")
    assert page.evaluate(TRAIN, [24, 600]) > 0.95
    assert page.evaluate(TRAIN, [0, 600]) < 0.7


def test_the_network_learns_while_one_looks(home):
    page, complaints = home()
    page.wait_for_function(f"() => {STEPS} >= 300", timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    said = page.locator(".nn-hero-said").text_content()
    assert int(re.search(r"(\d+)% of 300 points correct", said)[1]) >= 95
    assert page.locator("nn-hero [role=status]").text_content() == said
    assert page.get_by_role("img", name="The plane in the colours of three classes").is_visible()
    page.wait_for_timeout(300)
    assert page.locator(".nn-hero-said").text_content() == said, "paused"
    slider = page.get_by_role("slider", name="Hidden units")
    slider.press("Home")
    assert slider.input_value() == "0" and step_of(page) == 0
    page.get_by_role("button", name="Train").press("Enter")
    page.wait_for_function(f"() => {SAID}.includes('straight')")
    assert complaints == []


def test_it_rests_after_a_run_and_where_nobody_sees_it(home):
    page, _ = home()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(300)
    before = step_of(page)
    page.wait_for_timeout(400)
    assert step_of(page) == before
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(f"n => {STEPS} > n", arg=before)


def test_readers_who_ask_for_less_motion_start_it_themselves(home):
    page, _ = home(reduced_motion="reduce")
    page.wait_for_timeout(300)
    assert step_of(page) == 0
    page.get_by_role("button", name="Train").click()
    page.wait_for_function(f"() => {STEPS} > 0")


@pytest.mark.parametrize("width", [320, 390, 600, 768, 1024, 1440])
def test_nothing_moves_when_the_script_starts(home, width):
    """The picture leaves as much room as the network takes."""
    page, _ = home(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    box = "e => e.getBoundingClientRect().height"
    now = page.locator("nn-hero").evaluate(box)
    page.evaluate(STILL)
    assert page.locator("nn-hero").evaluate(box) == pytest.approx(now, abs=1)


def test_it_counts_what_there_is(written, project):
    toc = yaml.safe_load((project / "_toc.yml").read_text())
    parts = [part for part in toc["parts"] if part.get("numbered")]
    names = [[page["file"] for page in part["chapters"]] for part in parts]
    count = sum(map(len, names))
    figures = {name for page in (project / "book").rglob("*.md") for name in
               re.findall(r"^```\{widget\} (\S+)$", page.read_text(encoding="utf-8"), re.M)}
    assignments = list((project / "assignments").glob("*/*.ipynb"))
    facts = [item.b.text for item in written.select(".home-facts li")]
    assert facts == [str(count), str(len(assignments)), str(len(figures)), "All"]
    assert f"All {count} chapters" in written.select_one(".home-buttons").text
    shown = [[item["data-page"] for item in part.select("li")]
             for part in written.select(".home-part")]
    assert shown == names
    numbers = [int(item.span.text) for item in written.select(".home-part li a")]
    assert numbers == list(range(1, count + 1))
    assert [f"{part.select_one('.home-kicker').text}: {part.h3.text}"
            for part in written.select(".home-part")] == [part["caption"] for part in parts]
    assert len(written.select(".home-teach ol li")) == len(assignments)


def test_the_chapters_minutes_are_those_that_the_chapters_say(written, site):
    for part in written.select(".home-part"):
        minutes = [int(item.small.text.removesuffix(" min")) for item in part.select("li")]
        hours, rest = map(int, re.search(r"(\d+) h (\d+) min", part.text).groups())
        assert sum(minutes) == 60 * hours + rest
    for item in written.select(".home-part li")[::6]:
        page = (site / f"{item['data-page']}.html").read_text(encoding="utf-8")
        assert f"{item.small.text.removesuffix(' min')} minutes to read" in page


def test_it_says_how_far_the_reader_is(home):
    page, complaints = home(reduced_motion="reduce")
    assert page.locator("progress").count() == 0
    page.evaluate("""([read, last]) => {
      localStorage.setItem('nn-read', read); localStorage.setItem('nn-last', last); }""", [
        json.dumps(["part1/data", "part1/softmax", "appendix/notation"]),
        json.dumps({"page": "part1/softmax", "anchor": "temperature", "title": "9.4 Temperature"})])
    page.reload()
    assert page.locator("progress").count() == 1
    assert page.locator(".home-read").first.inner_text() == "2 of 11 read"
    assert page.locator(".home-done").count() == 2
    link = page.get_by_role("link", name="Continue with 9.4 Temperature")
    assert link.get_attribute("href").endswith("part1/softmax.html#temperature")
    for read, last in [("{", "{"), ("3", "null"), ('["x"]', '{"page": "javascript:alert(1)"}')]:
        page.evaluate("([a, b]) => { localStorage.setItem('nn-read', a); "
                      "localStorage.setItem('nn-last', b); }", [read, last])
        page.reload()
        page.wait_for_function(READY)
        assert page.locator(".home-first").inner_text() == "Start with the perceptron"
        assert page.locator("progress").count() == 0
    assert complaints == []


def test_it_works_without_scripts(home):
    page, _ = home(java_script_enabled=False)
    assert page.locator(".nn-figure").is_visible()
    assert page.locator(".home-first").get_attribute("href") == "part1/perceptron.html"
    assert page.locator(".home-figures svg").count() == 6
    assert page.locator("nn-hero").get_by_role("button").count() == 0


def test_links_to_figures_lead_to_figures(written, site):
    links = written.select(".home-figures a")
    assert len(links) == 6
    for link in links:
        page, _, anchor = link["href"].partition("#")
        assert f'id="{anchor}"' in (site / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(("mode", "width"), [("light", 1440), ("dark", 390), ("light", 768)])
def test_it_is_accessible_while_it_trains(home, mode, width):
    page, complaints = home(color_scheme=mode, viewport={"width": width, "height": 844})
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    axe = Axe().run(page, context={"exclude": [[".katex"]]}, options={
        "runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]})
    assert axe.violations_count == 0, axe.generate_report()


def test_a_file_to_take_along_is_offered_once_it_is_there(site, tmp_path, project, monkeypatch):
    monkeypatch.syspath_prepend(project / "scripts")
    offers = importlib.import_module("offers")
    page = (site / "index.html").read_text(encoding="utf-8")
    for name in ("perceptron_to_convnet.pdf", "website.zip"):
        assert page.count(f'data-offer="{name}"') == 1
        assert (f'<a href="{name}"' in page) == (site / name).is_file()
        (tmp_path / "index.html").write_text(page)
        (tmp_path / "made").mkdir(exist_ok=True)
        made = tmp_path / "made" / name
        made.write_bytes(b"0" * 1_500_000)
        offers.offer(made, "It", tmp_path)
        assert (tmp_path / name).read_bytes() == made.read_bytes()
        assert f'data-offer="{name}"><a href="{name}" download>It</a>, 1.5 MB</p>' in (
            tmp_path / "index.html").read_text()
