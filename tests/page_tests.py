"""Each page of the website in a real browser: complete, self-contained, readable.

Two files of tests/site take the pages in turn, so that two workers can share them.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from thorough import THOROUGH

DESKTOP, PHONE = ("light", 1280), ("dark", 320)
MODES = [DESKTOP, PHONE]
LOOKS = pytest.mark.parametrize(("mode", "width"), MODES, scope="session")
ON_A_PHONE = pytest.mark.parametrize(("mode", "width"), [PHONE], scope="session")
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Contrast of each element's text against what is painted behind it, smallest first.
CONTRASTS = """selector => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const known = new Map();
  const behind = element => {
    if (!element) return luminance([255, 255, 255]);
    if (!known.has(element)) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      const opaque = colour.length === 3 || colour[3] > 0;
      known.set(element, opaque ? luminance(colour) : behind(element.parentElement));
    }
    return known.get(element);
  };
  return [...document.querySelectorAll(selector)].map(text => {
    const style = getComputedStyle(text);
    const front = luminance(parse(text instanceof SVGElement ? style.fill : style.color));
    const [low, high] = [behind(text), front].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }).sort((a, b) => a - b);
}"""
FIGURES, TOKENS = ".nn-figure text", ".highlight pre span"

# The same code in one colour.
WITHOUT_TOKENS = """() => document.querySelectorAll('.highlight pre').forEach(pre => {
  pre.textContent = pre.textContent;
})"""

# Formulas are most of a page's elements, and axe looks at each, though it is told to judge none.
# Those that scroll stay, since what scrolls has to be reached by keyboard.
WITHOUT_FORMULAS = """() => document.querySelectorAll('.katex').forEach(formula => {
  const display = formula.closest('.katex-display');
  if (!display || display.scrollWidth <= display.clientWidth) formula.textContent = 'x';
})"""

# Formulas with a part in another colour than the text around them.
COLOURED_FORMULAS = """() => [...document.querySelectorAll('.katex-html')].filter(formula => {
  const colour = getComputedStyle(formula.closest('.katex').parentElement).color;
  return [...formula.querySelectorAll('*')].some(e => getComputedStyle(e).color !== colour);
}).map(formula => formula.textContent)"""

# The article's text without code, outputs and the source that KaTeX keeps for screen readers.
PROSE = """() => {
  const article = document.querySelector('article').cloneNode(true);
  article.querySelectorAll('pre, code, .katex, .cell_output').forEach(e => e.remove());
  return article.textContent;
}"""


@pytest.fixture
def look(visits):
    """``look(page_name, mode, width)``: a page as it is there.

    Loading takes longest: a page is loaded for the first look that is asked for, and turned to the
    other one. `make thorough` loads it for each.
    """
    def at(page_name, mode="light", width=1280):
        return visits(page_name, mode, width) if THOROUGH else visits(page_name).turn(mode, width)

    return at


@LOOKS
def test_page_loads_without_errors_and_without_other_sites(look, page_name, mode, width):
    visit = look(page_name, mode, width)
    assert visit.elsewhere == []
    assert visit.failed == []
    assert visit.complaints == []
    # The theme's script may run some time after the last request; never means a timeout here.
    visit.page.wait_for_function(
        "mode => document.documentElement.dataset.theme === mode", arg=mode)


def test_formulas_are_rendered(look, page_name, project):
    page = look(page_name).page
    if "$" in (project / "book" / f"{page_name}.md").read_text(encoding="utf-8"):
        assert page.locator("article .katex").count() > 0
        assert page.evaluate("document.fonts.check('16px KaTeX_Main')"), "its fonts are loaded"
    assert page.locator(".katex-error").count() == 0
    prose = page.evaluate(PROSE)
    for raw in ("$$", "\\begin", "\\left", "\\frac"):
        assert raw not in prose


def test_no_traceback(look, page_name):
    assert "Traceback" not in look(page_name).page.content()


def test_figures_have_descriptions(look, page_name):
    page = look(page_name).page
    described = page.eval_on_selector_all(
        ".nn-figure", "all => all.map(e => e.getAttribute('aria-label') || '')"
    )
    described += page.eval_on_selector_all("article img", "all => all.map(e => e.alt)")
    for text in described:
        assert len(text) > 20, f"say what the figure shows: {text!r}"


def test_images_are_not_broken(look, page_name):
    broken = look(page_name).page.eval_on_selector_all(
        "img", "all => all.filter(e => !e.complete || !e.naturalWidth).map(e => e.src)"
    )
    assert broken == []


@LOOKS
def test_text_in_figures_is_readable(look, page_name, mode, width):
    page = look(page_name, mode, width).page
    contrasts = page.evaluate(CONTRASTS, FIGURES)
    assert len(contrasts) == page.locator(FIGURES).count()
    assert all(contrast >= 4.5 for contrast in contrasts), contrasts[:3]


@ON_A_PHONE
def test_phone_needs_no_sideways_scrolling(look, page_name, mode, width):
    page = look(page_name, mode, width).page
    wide, shown = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= shown


@ON_A_PHONE
def test_figures_fit_a_phone(look, page_name, mode, width):
    widths = look(page_name, mode, width).page.eval_on_selector_all(
        ".nn-frame, .nn-body", "all => all.map(e => e.getBoundingClientRect().right)"
    )
    assert all(right <= width for right in widths)


@LOOKS
def test_colours_of_code_and_formulas_are_readable(look, page_name, mode, width):
    page = look(page_name, mode, width).page
    assert page.evaluate(COLOURED_FORMULAS) == []
    contrasts = page.evaluate(CONTRASTS, TOKENS)
    assert all(contrast >= 4.5 for contrast in contrasts), contrasts[:3]


def test_page_is_accessible(look, page_name, page_names):
    """Against WCAG 2.2 AA; thousands of glyphs and tokens were judged by their colours alone.

    Every other page is looked at in the dark, on a phone: they share their styles. The last test of
    a page, as it takes formulas and the colours of code out of it.
    """
    looks = MODES if THOROUGH else [MODES[page_names.index(page_name) // 2 % 2]]
    for mode, width in looks:
        page = look(page_name, mode, width).page
        page.evaluate(WITHOUT_TOKENS)
        page.evaluate(WITHOUT_FORMULAS)
        options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
        axe = Axe().run(page, context={"exclude": [[".katex"]]}, options=options)
        assert axe.violations_count == 0, axe.generate_report()
