"""The book to take along: as a PDF, and as a zip that works from a disk."""

import importlib
import zipfile

import pytest

LEFT = "net::ERR_ABORTED"  # the page was left before it had all


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    """The website's zip, unpacked."""
    make_zip = importlib.import_module("make_zip")
    assert make_zip.main() == 0
    folder = tmp_path_factory.mktemp("disk")
    with zipfile.ZipFile(make_zip.ZIP) as packed:
        packed.extractall(folder)
    return folder / make_zip.FOLDER


def test_the_website_works_from_a_disk(unpacked, browser):
    page = browser.new_page()
    wrong = []
    page.on("requestfailed", lambda request: request.failure == LEFT or wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: request.url.startswith(("file:", "data:", "blob:"))
            or wrong.append(request.url))
    for name in ("part2/numerical_gradients", "part1/perceptron", "widgets/perceptron"):
        page.goto((unpacked / f"{name}.html").as_uri())
        page.wait_for_function("() => document.querySelector('.nn-widget [role=status]')")
    page.get_by_role("button", name="Run until all are right").click()
    assert "0 of 8 points wrong" in page.get_by_role("status").inner_text()
    page.goto((unpacked / "index.html").as_uri())
    page.wait_for_function("() => document.querySelector('.nn-hero-said')")
    page.goto((unpacked / "part1/softmax.html").as_uri())
    page.locator("a.nn-term").first.focus()
    assert page.locator("#nn-meaning").count() == 1
    page.goto((unpacked / "part4/browser.html").as_uri())
    assert "over a network address" in page.locator("nn-live-training").inner_text()
    page.keyboard.press("Control+k")
    page.keyboard.type("perceptron")
    page.locator("#pst-search-dialog [role=option]").first.click()
    page.wait_for_url("**/part1/perceptron.html#the-perceptron")
    page.goto((unpacked / "search.html").as_uri() + "?q=perceptron")
    page.wait_for_selector(".nn-found-list a[href='./part1/perceptron.html#the-perceptron']")
    assert wrong == []
    page.close()


def test_everything_of_the_site_is_in_the_zip(unpacked, site):
    def names(folder):
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}

    assert names(unpacked) == names(site) - {"website.zip"}
    assert 'data-offer="website.zip">You have it.</p>' in (unpacked / "index.html").read_text()
    assert '<a href="website.zip" download>' in (site / "index.html").read_text()
