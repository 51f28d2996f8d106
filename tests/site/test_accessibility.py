"""Every page of the website against WCAG 2.2 AA: light on a desktop, dark on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("mode", "width"), [("light", 1280), ("dark", 390)])
def test_page_is_accessible(visits, page_name, mode, width):
    page = visits(page_name, mode, width).page
    options = {"runOnly": {"type": "tag", "values": STANDARD}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()
