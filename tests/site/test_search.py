"""The search, in a real browser: the wanted section stands first, in the dialog and on its page."""

import gzip
import importlib
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup, SoupStrainer
from docutils import nodes
from page_tests import STANDARD
from playwright.sync_api import expect
from search_queries import HELD_OUT, QUERIES, SECOND_HELD_OUT

FIELD, OPTION = "#pst-search-dialog input", "#pst-search-dialog [role=option]"
STATUS = "#pst-search-dialog [role=status]"
INDEX = "_static/search/places.js"
KINDS = {"section", "term", "figure", "exercise", "reference"}


@pytest.fixture(scope="module")
def index(site):
    """What the search knows: pages, places and words for words."""
    text = (site / INDEX).read_text(encoding="utf-8")
    return json.loads(text.removeprefix("globalThis.nnPlaces = ").rstrip(";\n"))


@pytest.fixture
def new_page(browser, base_url):
    """``new_page(name, **options)``: a page of the site, in a browser that has seen none of it."""
    opened = []

    def open_page(name, **options):
        page = browser.new_page(**options)
        opened.append(page)
        page.goto(f"{base_url}{name}", wait_until="load")
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture
def ask(new_page):
    """``ask(words)``: the dialog of a chapter of few formulas, with these words typed into it."""
    def open_dialog(words, name="part1/data.html", **options):
        page = new_page(name, **options)
        page.keyboard.press("Control+k")
        page.locator(FIELD).press_sequentially(words)
        page.wait_for_selector(OPTION)
        return page

    return open_dialog


@pytest.fixture(scope="module")
def search(browser, base_url):
    """A page whose search has answered, for those who only ask it: ``search(function, words)``."""
    page = browser.new_page()
    page.goto(f"{base_url}part1/data.html", wait_until="load")
    page.keyboard.press("Control+k")
    page.locator(FIELD).fill("softmax")
    page.wait_for_selector(OPTION)
    yield page.evaluate
    page.close()


def firsts(page, queries) -> dict[str, str]:
    """The address that stands first for each query, as page#section."""
    found = page.evaluate("qs => qs.map(q => nnSearch.find(q)[0]?.address ?? '')", list(queries))
    return {query: place.replace(".html", "") for query, place in zip(queries, found, strict=True)}


def missed(page, queries) -> dict[str, str]:
    return {query: first for query, first in firsts(page, queries).items()
            if first not in queries[query]}


def test_wanted_sections_stand_first(ask):
    page = ask("softmax derivative")
    assert page.locator(OPTION).first.get_attribute("href") == "../part1/softmax.html#the-jacobian"
    assert len(QUERIES) >= 40
    assert len(missed(page, QUERIES)) <= 2, missed(page, QUERIES)
    held_out = HELD_OUT | SECOND_HELD_OUT
    assert len(missed(page, held_out)) <= len(held_out) / 3, missed(page, held_out)


@pytest.mark.parametrize(("one", "other"), [
    ("regularization", "regularisation"), ("optimizer", "optimisers"), ("neighbors", "neighbour"),
    ("normalized inputs", "normalised input"), ("cross-entropy", "cross entropy"),
    ("gradientdescent", "gradient descent"),
    ("soft max", "softmax"), ("naïve Bayes", "naive bayes")])
def test_spelling_makes_no_difference(search, one, other):
    same = "q => nnSearch.find(q).map(place => place.address)"
    assert search(same, one) == search(same, other) != []


def test_dialog_works_from_the_keyboard(ask):
    page = ask("dropout")
    field = page.locator(FIELD)
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    expect(page.locator(STATUS)).to_have_text("The 12 best results")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"{OPTION}[aria-selected=true]")
    assert chosen.get_attribute("id") == field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    wanted = page.locator(OPTION).first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{wanted.removeprefix('../')}")


def test_enter_opens_the_best_also_on_this_page_and_escape_closes(ask):
    page = ask("softmax jacobian", "part1/softmax.html")
    page.keyboard.press("Enter")
    page.wait_for_url("**/part1/softmax.html#the-jacobian")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_results_say_where_they_are_and_mark_the_words(ask):
    page = ask("logsumexp")
    first = page.locator(OPTION).first
    assert first.locator(".nn-found-heading").inner_text() == "10.4 Log-sum-exp"
    assert first.locator(".nn-found-trail").inner_text() == "10. Numerical stability"
    page.locator(FIELD).fill("log-sum-exp")
    marked = {text.lower() for text in first.locator("mark").all_inner_texts()}
    assert marked and all(text.startswith(("log", "sum", "exp")) for text in marked)


def test_what_is_typed_is_text(ask):
    page = ask("softmax")
    page.locator(FIELD).fill("<qzqzqz>")
    expect(page.locator(STATUS)).to_have_text("Nothing found for “<qzqzqz>”")
    assert page.locator("qzqzqz").count() == 0


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_dialog_is_accessible_and_fits(ask, mode, width):
    page = ask("gradient check", color_scheme=mode, viewport={"width": width, "height": 700})
    page.keyboard.press("ArrowDown")
    found = Axe().run(page, context="#pst-search-dialog",  # pages have tests of their own
                      options={"runOnly": {"type": "tag", "values": STANDARD}})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    inside = page.locator("#pst-search-dialog").bounding_box()
    assert inside["x"] >= 0 and inside["x"] + inside["width"] <= width
    assert inside["y"] + inside["height"] <= 700


def test_a_finger_opens_and_closes_the_dialog(new_page):
    page = new_page("part1/data.html", viewport={"width": 390, "height": 700}, has_touch=True)
    page.locator(".search-button__button").locator("visible=true").first.tap()
    page.locator(FIELD).press_sequentially("overfitting")
    page.wait_for_selector(OPTION)
    page.get_by_role("button", name="Close", exact=True).tap()
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize(("name", "form"), [
    ("part1/data.html", "#pst-search-dialog form"), ("search.html", ".nn-search-page form")])
def test_magnifier_stands_beside_the_text(new_page, name, form):
    page = new_page(name)
    if "dialog" in form:
        page.keyboard.press("Control+k")
    icon = page.locator(f"{form} .fa-magnifying-glass").bounding_box()
    field = page.locator(f"{form} input").bounding_box()
    assert icon["x"] + icon["width"] <= field["x"]


def test_page_for_searches(new_page):
    page = new_page("search.html?q=condition+number")
    page.wait_for_selector(".nn-found-list a[href*='term-condition-number']")
    page.locator(".nn-search-page input").fill("chain rule")
    page.wait_for_selector(".nn-found-list a[href='./part2/gradients.html#chains-of-functions']")
    assert page.url.endswith("?q=chain%20rule")


def test_without_scripts_the_page_says_so(new_page):
    page = new_page("search.html", java_script_enabled=False)
    assert "runs no JavaScript, and the search needs it" in page.locator("main").inner_text()
    assert page.locator(".nn-search-page form").is_hidden()


def test_search_is_loaded_only_when_it_is_used_and_is_light(new_page, site):
    page = new_page("part1/data.html")
    loaded = "() => performance.getEntriesByType('resource').map(e => e.name).join()"
    assert "places.js" not in page.evaluate(loaded) and "minisearch" not in page.evaluate(loaded)
    page.keyboard.press("Control+k")
    page.wait_for_function("() => globalThis.nnSearch")
    assert "places.js" in page.evaluate(loaded)
    content = (site / INDEX).read_bytes()
    assert len(content) < 700_000 and len(gzip.compress(content)) < 260_000
    assert not (site / "searchindex.js").exists()


def test_index_leads_to_places_that_exist_and_knows_every_page(index, site, page_names):
    anchors = {name: set(re.findall(r'\sid="([^"]+)"', (site / f"{name}.html").read_text("utf-8")))
               for name, *_ in index["pages"]}
    assert {*page_names} <= anchors.keys()
    lost = [(page, place[2]) for place in index["places"] for page in [index["pages"][place[0]][0]]
            if place[2] and place[2] not in anchors[page]]
    assert lost == []
    assert {place[1] for place in index["places"]} == KINDS


def test_index_has_no_solutions(index, site, page_names):
    told = "\n".join(json.dumps(place, ensure_ascii=False) for place in index["places"])
    for name in page_names:
        solutions = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"),
                                  "html.parser", parse_only=SoupStrainer(class_="solution"))
        for solution in solutions.select("p:not(.admonition-title)"):
            text = " ".join(part for part in solution.strings if part.strip())[:60]
            assert len(text) < 60 or text not in told, (name, text)


@pytest.fixture
def nnplaces(project, monkeypatch):
    monkeypatch.syspath_prepend(str(project / "book" / "_ext"))
    return importlib.import_module("nnplaces")


def cell(code, **attributes):
    """A cell as myst_nb puts it into a page."""
    source = nodes.container(nb_element="cell_code_source")
    source += nodes.literal_block(code, code)
    held = nodes.container(nb_element="cell_code", **attributes)
    held += source
    return held


def test_index_has_the_names_of_code_that_readers_see(nnplaces):
    section = nodes.section(ids=["here"])
    section += nodes.title(text="Here")
    section += cell('dW = dS.T @ X  # a remark\nprint("a text")')
    section += cell("folded = 1", hide_mode="input")
    section += cell("unseen = 1", classes=["cell", "tag_nn-unseen"])
    assert nnplaces.places(section)[0]["names"] == ["dW", "dS", "print"]


@pytest.mark.parametrize(("formula", "read"), [
    (r"\frac{\partial L}{\partial W} \le \tfrac12", "∂L/∂W ≤ 1/2"),
    (r"\mathbf{w} \cdot x", "w · x"), (r"\sigma(z_{i}) \in \{0, 1\}", "σ(z_i) ∈ {0, 1}")])
def test_formulas_are_indexed_as_one_would_type_them(nnplaces, formula, read):
    assert nnplaces.plain(formula) == read


def test_words_of_the_list_lead_somewhere(search, index):
    lost = search("""words => words.flatMap(([typed]) => typed.split(","))
        .filter(phrase => !nnSearch.find(phrase).length)""", index["words"])
    assert lost == []
