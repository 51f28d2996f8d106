"""The face of the pages: heads and neighbours of chapters, the menu, fonts, colours, measures."""

import json
import re
from html.parser import HTMLParser

import pytest
import yaml
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

THREE_PAGES = ("part1/softmax", "part4/deeper", "how_to_use")
BLOCKED = """Object.defineProperty(window, 'localStorage', {
  configurable: true, get() { throw new DOMException('blocked', 'SecurityError'); } });"""

WITHOUT = {"∎", "⋅"}  # none of the fonts has these; a system font does

# Where the keyboard stops before it comes to the article.
STOPS = """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex]')]
  .filter((e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true })
    && !e.closest('dialog:not([open])')
    && e.compareDocumentPosition(document.querySelector('article')) & 4)
  .map((e) => e.innerText || e.ariaLabel)"""

# Characters on each line of the paragraphs of plain text, without their last lines.
LINES = """() => {
  const counts = [];
  for (const paragraph of document.querySelectorAll('article section > p:not([class])')) {
    if (paragraph.childElementCount) continue;
    const text = paragraph.firstChild, range = document.createRange(), tops = [];
    for (let i = 0; i < text.length; i++) {
      range.setStart(text, i), range.setEnd(text, i + 1);
      tops.push(Math.round(range.getBoundingClientRect().top));
    }
    const lines = [...new Set(tops)].map((top) => tops.filter((t) => t === top).length);
    counts.push(...lines.slice(0, -1));
  }
  return counts;
}"""

# Whether a line of 79 characters has room in every block of code.
ROOM_FOR_CODE = """() => [...document.querySelectorAll('.highlight pre')]
  .filter((e) => e.checkVisibility()).every((block) => {
    const line = Object.assign(document.createElement('div'), { textContent: 'x'.repeat(79) });
    line.style.width = 'max-content';
    block.prepend(line);
    const fits = block.scrollWidth <= block.clientWidth || line.offsetWidth <= block.clientWidth
      - parseFloat(getComputedStyle(block).paddingLeft);
    line.remove();
    return fits;
  })"""


def front_matter(project, name) -> dict:
    text = (project / "book" / f"{name}.md").read_text(encoding="utf-8")
    return yaml.safe_load(text.split("---\n")[1])


def chapters(page_names) -> list[str]:
    return [name for name in page_names if name.startswith("part")]


def text_of(site, name) -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def soup(text: str, start: str, end: str) -> BeautifulSoup:
    """What lies between two marks of a page; to parse whole pages takes seconds."""
    return BeautifulSoup(start + text.partition(start)[2].partition(end)[0], "html.parser")


def head_of(site, name) -> BeautifulSoup:
    """The article's beginning."""
    return soup(text_of(site, name), "<article", "<h2")


class Letters(HTMLParser):
    """The characters of an article without its formulas, by the font that shows them."""

    FONTS = {"svg": "inter", "table": "inter", "h1": "inter", "h2": "inter", "h3": "inter",
             "pre": "mono", "code": "mono", "em": "serif-italic"}
    EMPTY = {"img", "br", "hr", "input", "link", "meta", "col", "source"}

    def __init__(self, text):
        super().__init__()
        self.fonts, self.found = [], {"inter": set(), "mono": set(), "serif": set(),
                                      "serif-italic": set(), None: set()}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in self.EMPTY:
            return
        around = self.fonts[-1] if self.fonts else "serif"
        unseen = tag in ("script", "style") or "katex" in (dict(attrs).get("class") or "")
        inside = around in (None, "inter", "mono")
        self.fonts.append(None if unseen else around if inside else self.FONTS.get(tag, around))

    def handle_endtag(self, tag):
        if tag not in self.EMPTY and self.fonts:
            self.fonts.pop()

    def handle_data(self, data):
        self.found[self.fonts[-1] if self.fonts else "serif"] |= set(data)


def test_chapters_need_earlier_chapters_only(project, page_names):
    names = chapters(page_names)
    for place, name in enumerate(names):
        needs = front_matter(project, name).get("needs", [])
        assert set(needs) <= set(names[:place]), name
        assert len(needs) <= 3 and needs == sorted(needs, key=names.index)
        assert needs or place == 0, "all but the first build on something"


def test_a_page_says_where_it_stands_and_what_it_asks(site, page_name, page_names, project):
    if page_name == page_names[0]:
        return
    article, names = head_of(site, page_name), chapters(page_names)
    kicker = article.find(class_="nn-kicker")
    assert kicker.find_next_sibling() is article.h1
    if page_name not in names:
        assert kicker.text in ("Start here", "Appendix")
        return
    roman = ["I", "II", "III", "IV"][int(page_name[4]) - 1]
    assert kicker.text == f"Part {roman} · Chapter {names.index(page_name) + 1} of {len(names)}"
    lead = article.find(class_="nn-lead")
    facts = lead.find_next_sibling()
    assert "nn-facts" in facts["class"] and "to read" in facts.text
    linked = {a["href"].rpartition("/")[2] for a in facts.find_all("a")}
    leads = [name for name in names if page_name in front_matter(project, name).get("needs", [])]
    for other in [*front_matter(project, page_name).get("needs", []), *leads[:3]]:
        assert f"{other.rpartition('/')[2]}.html" in linked
    assert "<h2" not in text_of(site, page_name).partition('class="nn-time"')[2], "it is the end"


def test_cards_lead_to_the_neighbours_of_a_page(site, page_name, page_names):
    place = page_names.index(page_name)
    if place == 0:
        return
    cards = soup(text_of(site, page_name), '<nav class="nn-cards"', "</nav>")
    links = {a["rel"][0]: a for a in cards.find_all("a")}
    if place + 1 == len(page_names):
        assert "next" not in links
        return
    assert links["next"]["href"].endswith(f"{page_names[place + 1].rpartition('/')[2]}.html")
    following = head_of(site, page_names[place + 1])
    assert links["next"].text in following.h1.text
    shown, lead = cards.select_one(".nn-opening"), following.select_one(".nn-lead")
    assert bool(shown) == bool(lead)
    if shown:
        said, whole = (" ".join(text.get_text().split()) for text in (shown, lead))
        assert whole.startswith(said) and re.search(r"[.?!:][”’)]?$", said), said
        assert shown.find("a") is None, "no link in a link"


def test_exercises_show_how_hard_they_are(site, page_name, project):
    source = (project / "book" / f"{page_name}.md").read_text(encoding="utf-8")
    shown = re.findall(r'<span class="caption-number">Exercise [\d.]+ ?</span>(.*?)</p>',
                       text_of(site, page_name))
    asked = re.findall(r"^`{3,}\{exercise\}.*?(?:\((easy|medium|hard)\))?$", source, re.M)
    assert [re.findall(r">(easy|medium|hard)<", title) for title in shown] == [
        [level] if level else [] for level in asked]
    assert not [title for title in shown if re.search(r"\((easy|medium|hard)\)", title)]


@pytest.mark.parametrize("page", THREE_PAGES)
@pytest.mark.parametrize("width", [1280, 1440])
def test_the_keyboard_comes_to_the_text_soon(visits, page, width):
    stops = visits(page, "light", width).page.evaluate(STOPS)
    assert 4 < len(stops) <= 20, stops


def test_other_parts_unfold_without_scripts(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}part1/softmax.html")
    menu = page.locator("nav.bd-links")
    link = menu.get_by_role("link", name="14. Gradient descent")
    assert link.count() == 0
    menu.get_by_text("Part II: Optimisation").focus()
    page.keyboard.press("Enter")
    link.click()
    assert page.url.endswith("part2/descent.html")
    context.close()


def test_the_menu_ticks_what_was_read_to_its_end(browser, base_url):
    page = browser.new_page()
    page.goto(f"{base_url}part1/softmax.html")
    assert page.locator(".nn-tick").count() == 0
    page.locator("#the-gradients").scroll_into_view_if_needed()
    page.wait_for_function("JSON.parse(localStorage['nn-last'] ?? '{}').anchor")
    last = page.evaluate("JSON.parse(localStorage['nn-last'])")
    assert last["page"] == "part1/softmax" and last["title"][:2] == "9." and last["time"] > 0
    assert page.locator(f"#{last['anchor']}").count() == 1
    assert page.evaluate("localStorage['nn-read']") is None
    page.locator(".nn-cards").scroll_into_view_if_needed()
    page.wait_for_selector(".nn-tick")
    assert json.loads(page.evaluate("localStorage['nn-read']")) == ["part1/softmax"]
    page.goto(f"{base_url}part1/perceptron.html")
    assert page.locator(".nn-tick").count() == 1
    assert page.locator(".nn-done").inner_text() == "1 of 11 read"
    page.close()


@pytest.mark.parametrize("before", [BLOCKED, "localStorage['nn-read'] = '{'",
                                    "localStorage['nn-read'] = '5'"])
def test_a_browser_that_keeps_nothing_shows_the_page_all_the_same(browser, base_url, before):
    page, complaints = browser.new_page(color_scheme="dark"), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(before)
    page.goto(f"{base_url}part1/softmax.html")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.locator(".nn-cards").scroll_into_view_if_needed()
    page.wait_for_timeout(600)
    assert complaints == []
    page.close()


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_lines_of_text_are_as_long_as_is_good_to_read(visits, width):
    page = visits("part1/softmax", "light", width).page
    page.evaluate("document.fonts.ready.then(() => 0)")
    counts = page.evaluate(LINES)
    assert len(counts) > 5
    assert 65 <= sum(counts) / len(counts) <= 72


@pytest.mark.parametrize("width", [1280, 1440])
def test_code_of_79_columns_fits(visits, width):
    assert visits("part3/two_layer", "light", width).page.evaluate(ROOM_FOR_CODE)


def test_text_has_its_fonts_and_does_not_jump(browser, base_url):
    page = browser.new_page()
    page.add_init_script("""window.shifted = 0; new PerformanceObserver((list) => {
      list.getEntries().forEach((shift) => { window.shifted += shift.value; });
    }).observe({ type: 'layout-shift', buffered: true });""")
    page.goto(f"{base_url}part1/softmax.html", wait_until="networkidle")
    loaded = page.evaluate("""document.fonts.ready.then(() => [...document.fonts]
      .filter((font) => font.status === 'loaded').map((font) => font.family))""")
    assert {"Inter", "JetBrains Mono"} <= {name.strip('"') for name in loaded}
    assert "Course Serif" in {name.strip('"') for name in loaded}
    assert page.evaluate("window.shifted") < 0.02
    page.close()


def test_fonts_are_small_and_have_the_characters_of_the_book(site, page_names):
    files = {path.stem: path for path in (site / "_static" / "fonts").glob("*.woff2")}
    assert sum(path.stat().st_size for path in files.values()) < 170_000
    has = {name: set(map(chr, TTFont(path).getBestCmap())) for name, path in files.items()}
    lacking = {}
    for name in page_names:
        article = text_of(site, name).partition("<article")[2].partition("</article>")[0]
        for font, letters in Letters(f"<article{article}").found.items():
            letters = {c for c in letters - WITHOUT if not c.isspace()}
            if font and (missing := letters - has[font]):
                lacking[name, font] = missing
    assert lacking == {}


def luminance(colour: str) -> float:
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return sum(v * share for v, share in zip(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_of_parts_can_be_read(project):
    """As text and links on paper, panels and surfaces, and under the text of a button."""
    style = (project / "book" / "_static" / "design.css").read_text()
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in
                   style.split("html[data-theme], html.nn-alone")[1].split('[data-theme="dark"]'))
    for colours in (light, light | {"pst-color-on-background": "#ffffff"} | dark):
        grounds = [colours[f"pst-color-{name}"] for name in ("background", "surface")]
        grounds.append(colours.get("pst-color-on-background", "#ffffff"))
        inks = ["pst-color-text-base", "pst-color-text-muted", "pst-color-link", "nn-home"]
        for ink in inks + [f"nn-part{k}" for k in (1, 2, 3, 4)]:
            assert min(contrast(colours[ink], ground) for ground in grounds) >= 4.5, ink
            on_part = colours.get("nn-on-part", "#ffffff")
            assert not ink.startswith("nn") or contrast(colours[ink], on_part) >= 4.5, ink


def test_the_parts_have_the_colours_of_the_plots(project):
    from nncourse import plot

    style = (project / "book" / "_static" / "design.css").read_text()
    assert tuple(re.findall(r"--nn-\d: (#\w+);", style)) == plot.COLOURS[:4]
