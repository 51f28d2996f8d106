"""Each figure of the book: numbered, titled, explained, with its code and numbers to unfold."""

import csv
import importlib
import re

import pytest
from bs4 import BeautifulSoup

DRAWING = re.compile(r"^plot\.show\(|^ +plot\.show\(", re.M)
LEFT_OVER = re.compile(r"[$\\]|\b(?:line|panel) \d")
# where a panel stands on a wide page, and no longer on a phone, where they follow each other
PLACED = re.compile(r"\b(?:left|right|middle)(?:-hand)? (?:panel|plot|picture|column|curve)s?\b"
                    r"|\bon the (?:left|right)\b|\bin the middle\b|\((?:left|right|middle)\)", re.I)
SMALLEST = 11  # pixels
DRAWN = """svg => [...svg.querySelectorAll('text')].map((text) => {
  const { a, b } = text.getScreenCTM(), signs = [...text.querySelectorAll('tspan')];
  const sizes = (signs.length ? signs : [text]).map(
    (e) => parseFloat(getComputedStyle(e).fontSize));
  return text.getBoundingClientRect().width && Math.hypot(a, b) * Math.max(...sizes);
}).filter(Boolean)"""


@pytest.fixture(scope="session")
def soup(site, page_name):
    return BeautifulSoup((site / f"{page_name}.html").read_text(encoding="utf-8"), "lxml")


@pytest.fixture
def numbers(project, monkeypatch):
    monkeypatch.syspath_prepend(str(project / "book" / "_ext"))
    return importlib.import_module("nnnumbers")


def test_each_figure_has_a_number_a_title_and_a_caption(soup, page_name, project):
    source = (project / "book" / f"{page_name}.md").read_text(encoding="utf-8")
    frames = soup.select("figure.nn-frame")
    assert len(frames) == len(DRAWING.findall(source)) + source.count("```{widget}")
    assert len(frames) == len(soup.select(".nn-figure")) + len(soup.select(".nn-without-script"))
    assert not re.search(r"\b(?:left|right) panel\b", source)
    titles = []
    for frame in frames:
        header = frame.find("header")
        assert frame["aria-labelledby"] == header["id"] == f"{frame['id']}-title"
        number, title = header.get_text().split(" · ")
        assert re.fullmatch(r"Figure (\d+|A)(\.\d+)?", number)
        words = frame.select_one("figcaption > p").get_text(" ", strip=True)
        assert 40 <= len(words) <= 260, words
        alt = frame.select_one(".nn-figure")
        assert alt is None or words not in alt["aria-label"] and not PLACED.search(words)
        assert len(title) <= 60 and not title.endswith(".")
        titles.append(title)
    assert len(titles) == len(set(titles))


def test_numbers_go_through_the_book_in_order(site, page_names):
    numbers = []
    for name in page_names:
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        numbers += re.findall(r'class="nn-number">Figure ([^<]+)<', page)
    assert len(numbers) == len(set(numbers)) >= 162
    chapters = list(dict.fromkeys(number.rpartition(".")[0] for number in numbers))
    for chapter in chapters:
        own = [number for number in numbers if number.rpartition(".")[0] == chapter]
        assert own == [f"{chapter}.{i}".lstrip(".") for i in range(1, len(own) + 1)]
    assert [chapter for chapter in chapters if chapter.isdigit()] == sorted(
        filter(str.isdigit, chapters), key=int)


def test_folds_are_called_what_they_hold(soup):
    assert "Show code cell" not in soup.get_text()
    for frame in soup.select("figure.nn-frame"):
        number = frame.select_one(".nn-number").get_text()
        called = [button.get_text() for button in frame.select("footer summary, footer > a")]
        assert set(called) <= {f"{what} of {number}" for what in ("Code", "Numbers", "Own page")}
        assert len(called) == len(set(called)) >= 1
    for summary in soup.select(".nn-aside > summary"):
        assert re.match("(Setup|Code) .", summary.get_text())
        assert summary.parent.select(".cell_input pre")


def test_tables_of_numbers_can_be_read(soup, site):
    tables = soup.select("details.nn-data")
    for fold in tables:
        link = fold.find("a", download=True)
        file = site / "_data" / link["href"].rpartition("/")[2]
        header, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
        assert header == ["panel", "series", "x", "y"]
        assert f", {len(rows)} rows" in fold.get_text()
        cells = [cell.get_text() for cell in fold.find_all(["td", "th"])]
        assert [text for text in cells if LEFT_OVER.search(text)] == []
        for text in cells:
            if re.fullmatch(r"−?[\d.]+", text):
                assert len(text.lstrip("−0.").replace(".", "").rstrip("0")) <= 4, text


def test_the_bibliography_has_no_raw_formulas(site):
    page = (site / "appendix/bibliography.html").read_text(encoding="utf-8")
    assert "$" not in BeautifulSoup(page, "lxml").article.get_text()


@pytest.mark.parametrize("text, shown", [
    ("$p_1$ is constant along $s_1 = s_0 + k$", "p₁ is constant along s₁ = s₀ + k"),
    (r"$\beta$ = 10", "β = 10"), (r"20/$\lambda_X$", "20/λ_X"), ("$10^{-12}$ added", "10⁻¹² added"),
    (r"$D(Q \Vert P)$", "D(Q ‖ P)"), ("no formula", "no formula")])
def test_labels_without_tex(numbers, text, shown):
    assert numbers.readable(text) == shown


def test_an_unknown_command_is_named(numbers):
    with pytest.raises(ValueError, match="unheard"):
        numbers.readable(r"$\unheard$")


@pytest.mark.parametrize("text, shown", [
    ("0.33333333", "0.3333"), ("-2.5", "−2.5"), ("60000", "60,000"), ("1", "1"), ("cat", "cat"),
    ("1.2345678e-05", "1.235 × 10⁻⁵"), ("123456", "123,500"), ("0", "0"), ("nan", "nan")])
def test_numbers_of_four_digits(numbers, text, shown):
    assert numbers.short(text) == shown


@pytest.mark.parametrize("name", ["part1/softmax", "part4/deeper", "part3/activations"])
def test_a_phone_shows_panels_one_below_the_other_at_a_readable_size(visits, name):
    page = visits(name, width=390).page
    for figure in page.locator(".nn-figure").all():
        sizes = figure.evaluate(DRAWN)
        assert min(sizes, default=SMALLEST) >= SMALLEST - 0.1, figure.get_attribute("aria-label")
    first = page.locator(".nn-panels").first
    tops = first.evaluate(
        "f => [...f.querySelectorAll('svg')].map((s) => s.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))


def test_code_and_numbers_open_below_the_buttons_from_the_keyboard(visits):
    page = visits("part1/softmax").page
    frame = page.locator("figure.nn-frame").first
    code, data = frame.locator("summary").all()

    def places():
        top = frame.bounding_box()["y"]
        boxes = [button.bounding_box() for button in (code, data)]
        return [value for box in boxes for value in (box["x"], box["y"] - top)]

    before = places()
    code.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert frame.locator(".nn-code pre").is_visible()
    assert places() == pytest.approx(before, abs=0.5), "buttons stay in place"
    assert frame.locator(".nn-code pre").bounding_box()["y"] > data.bounding_box()["y"]
    code.focus()
    page.keyboard.press("Enter")


def test_without_javascript_code_still_opens(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}part1/softmax.html")
    frame = page.locator("figure.nn-frame").first
    frame.locator("summary").first.click()
    assert frame.locator(".nn-code pre").is_visible()
    context.close()
