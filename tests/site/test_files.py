"""The files of the website: links lead somewhere, downloads work, nothing private is in it."""

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest


class PageLinks(HTMLParser):
    """The anchors of a page, and the addresses that it refers to."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.addresses = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors.add(attrs.get("id"))
        if tag in ("a", "link", "img", "script"):
            self.addresses.add(attrs.get("href") or attrs.get("src"))


@pytest.fixture(scope="session")
def links(site):
    """The links of every page, by its path."""
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {
        path.relative_to(site).as_posix(): PageLinks(path.read_text(encoding="utf-8"))
        for path in pages
    }


def test_site_has_the_pages_of_the_table_of_contents_and_no_others(links, page_names):
    found = {path.removesuffix(".html") for path in links}
    assert found == {*page_names, "search"}


def test_links_and_anchors_resolve(site, links, page_name):
    path = f"{page_name}.html"
    dead = []
    for address in filter(None, links[path].addresses):
        target = urlsplit(urljoin(f"http://site/{path}", address))
        if target.hostname != "site" or target.scheme != "http":
            continue
        name = unquote(target.path).lstrip("/") or "index.html"
        if not (site / name).is_file():
            dead.append(address)
        elif name in links and target.fragment:
            anchor = unquote(target.fragment)
            dead += [address] if anchor not in links[name].anchors else []
    assert dead == []


def test_each_page_with_code_offers_its_notebook(site, links, page_name, project):
    source = (project / "book" / f"{page_name}.md").read_text(encoding="utf-8")
    offered = {a.rpartition("/")[2] for a in links[f"{page_name}.html"].addresses if a}
    name = f"{page_name.rpartition('/')[2]}.ipynb"
    if "{code-cell}" not in source:
        assert name not in offered
        return
    assert name in offered
    notebook = nbformat.read(site / "_sources" / f"{page_name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == source.count("```{code-cell}")
    assert not any(cell.outputs for cell in code), "the reader runs it"


def test_published_sources_are_the_chapters_only(site, page_names):
    published = {p.relative_to(site / "_sources") for p in (site / "_sources").rglob("*.*")}
    assert {p.with_suffix("").as_posix() for p in published} == set(page_names)
    assert {p.suffix for p in published} <= {".md", ".ipynb"}


def test_no_file_names_a_path_of_the_machine_that_built_it(site, project):
    texts = [p for p in site.rglob("*") if p.suffix in (".html", ".ipynb", ".js", ".md")]
    assert texts
    for path in texts:
        assert str(project).encode() not in path.read_bytes(), path.name


def test_formula_fonts_have_the_version_that_rendered_the_formulas(project):
    from sphinxcontrib import katex

    style = (project / "book" / "_static" / "katex" / "katex.min.css").read_text()
    assert f'content:"{katex.katex_version}"' in style


def test_search_finds_a_page(browser, base_url):
    page = browser.new_page()
    page.goto(f"{base_url}search.html?q=notation")
    page.wait_for_selector("ul.search li a")
    assert "appendix/notation.html" in page.eval_on_selector("ul.search li a", "e => e.href")
    page.close()
