"""Every page of the website against WCAG 2.2 AA: light on a desktop, dark on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# Formulas with a part in another colour than the text around them.
COLOURED_FORMULAS = """() => [...document.querySelectorAll('.katex-html')].filter(formula => {
  const colour = getComputedStyle(formula.closest('.katex').parentElement).color;
  return [...formula.querySelectorAll('*')].some(e => getComputedStyle(e).color !== colour);
}).map(formula => formula.textContent)"""
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("mode", "width"), [("light", 1280), ("dark", 390)])
def test_page_is_accessible(visits, page_name, mode, width):
    page = visits(page_name, mode, width).page
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    # the thousands of glyphs of formulas, hidden from screen readers, have the text's colour
    assert page.evaluate(COLOURED_FORMULAS) == []
    results = Axe().run(page, context={"exclude": [[".katex-html"]]}, options=options)
    assert results.violations_count == 0, results.generate_report()
