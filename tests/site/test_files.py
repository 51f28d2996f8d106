"""The files of the website: links lead somewhere, downloads work, nothing private is in it."""

import importlib
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

import nbformat
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from page_tests import STANDARD


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


def test_site_has_the_pages_of_the_table_of_contents_and_no_others(links, page_names, project):
    found = {path.removesuffix(".html") for path in links}
    widgets = {f"widgets/{name}" for page in (project / "book").rglob("*.md") for name in
               re.findall(r"^```\{widget\} (\S+)$", page.read_text(encoding="utf-8"), re.M)}
    assert found == {*page_names, *widgets, "search", "runs"}


def test_each_page_says_what_it_is_about_and_who_made_it(site, page_names, project):
    version = yaml.safe_load((project / "CITATION.cff").read_text())["version"]
    said = {}
    for name in page_names:
        head, body = (site / f"{name}.html").read_text(encoding="utf-8").split("</head>")
        (said[name],) = re.findall(r'<meta name="description" content="([^"]*)"', head)
        (title,) = re.findall(r"<title>(.*?)</title>", head, re.S)
        assert title.count("Perceptron to ConvNet") == 1, name
        assert head.count('property="og:title"') == 1
        assert f"Version {version}," in body and "CC BY 4.0</a>" in body, name
    assert {name: text for name, text in said.items() if not 30 <= len(text) <= 155} == {}
    assert len(set(said.values())) == len(said)
    assert not [text for text in said.values() if "&lt;" in text]


def test_ids_are_unique_and_folds_are_called_what_they_say(site, page_name):
    page = (site / f"{page_name}.html").read_text(encoding="utf-8")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(name for name in set(ids) if ids.count(name) > 1)
    assert set(re.findall("<summary([^>]*aria-label[^>]*)>", page)) == set()


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
    whole = nbformat.read(site / "_sources" / f"{page_name}.ipynb", as_version=4)
    without = nbformat.read(site / "_sources" / "exercises" / f"{page_name}.ipynb", as_version=4)
    for notebook in (whole, without):
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        shown = source.count("```{code-cell}") - source.count("[remove-cell]")
        assert len(code) == shown
        assert not any(cell.outputs for cell in code), "the reader runs it"
        assert not any(re.search(r"""["']\.\.["'/]""", cell.source) for cell in code), "elsewhere"
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert not re.search(r"^```\{|\{(glue|cite|ref|term)[:}]|\\(R|term|shapeof)\b", text, re.M)
    assert source.count("{solution}") == str(whole).count("### Solution")
    assert "### Solution" not in str(without)
    closed = source.count(":class: dropdown\n") - source.count("{solution}")
    assert str(without).count("Your answer:") == closed


def tables(markdown: str) -> list[list[list[str]]]:
    """What is `code` in each row of each table, and the names of pages to which it links."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "fence" and token.info.startswith(("{solution}", "{exercise}")):
            found += tables(token.content)
        elif token.type == "inline" and token.level > 3:
            found[-1][-1] += [part.content for part in token.children
                              if part.type == "code_inline"]
            found[-1][-1] += [PurePosixPath(part.attrGet("href").partition("#")[0]).stem
                              for part in token.children if part.type == "link_open"]
    return found


def test_tables_of_a_downloaded_notebook_are_tables(site, page_name, project):
    """With all rows, and with the code and the links in them."""
    path = site / "_sources" / f"{page_name}.ipynb"
    if not path.is_file():
        return
    source = (project / "book" / f"{page_name}.md").read_text(encoding="utf-8")
    source = re.sub(r"\{[a-z:]+\}`[^`]*`", "x", source)  # roles
    rows = [[set(row) for row in table] for table in tables(source)]
    notebook = nbformat.read(path, as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    shown = [[set(row) for row in table] for table in tables(text)]
    assert [len(table) for table in shown] == [len(table) for table in rows]
    assert all(own <= seen for table, there in zip(rows, shown) for own, seen in zip(table, there))


@pytest.mark.parametrize("bars, plain", [
    ("a | b", r"a \| b"), ("$ |x| $ and |", r"$ \vert x\vert  $ and \|"),
    (r"$ \|w\| $", r"$ \Vert w\Vert  $"), (r"\$ 3 | 4", r"\$ 3 \| 4")])
def test_no_bar_ends_a_cell(bars, plain, project, monkeypatch):
    monkeypatch.syspath_prepend(str(project / "book" / "_ext"))
    assert importlib.import_module("nntables").without_bars(bars) == plain


def test_published_sources_are_the_chapters_only(site, page_names):
    published = {p.relative_to(site / "_sources") for p in (site / "_sources").rglob("*.*")}
    names = {*page_names, *(f"exercises/{name}" for name in page_names)}
    assert {p.with_suffix("").as_posix() for p in published} == names
    assert {p.suffix for p in published} <= {".md", ".ipynb"}


def test_the_page_of_runs_lists_what_ran(site, page_names, project):
    """Each chapter with code, each of its cells with its time, each number of its text."""
    page = BeautifulSoup((site / "runs.html").read_text(encoding="utf-8"), "html.parser")
    for name in page_names:
        source = (project / "book" / f"{name}.md").read_text(encoding="utf-8")
        run = page.find(id=f"run-{name.replace('/', '-')}")
        if "```{code-cell}" not in source:
            assert run is None
            continue
        rows = run.tbody.find_all("tr")
        shown = source.count("```{code-cell}") - source.count("[remove-cell]")
        assert len(rows) == shown, name
        assert all(re.fullmatch(r"\d+\.\d\d", row.find_all("td")[2].text) for row in rows), name
        glued = re.findall(r"\{glue:text\}`([^`]+)`", source)
        assert len(run.find_all("b")) == len(glued), name
        assert len(re.findall(r", cell \d+\)", run.text)) == len(glued), name
        for made in re.findall(r'recorded\("(\w+)"', source):
            assert page.find(id=f"recorded-{made}") and f"#recorded-{made}" in str(run)


def test_the_page_of_runs_is_accessible(visits):
    page = visits("runs", "dark", 320).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.querySelectorAll('details').forEach((e, i) => { e.open = i < 3; })")
    axe = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD},
                                   "resultTypes": ["violations"]})
    assert axe.violations_count == 0, axe.generate_report()


def test_a_page_is_walked_through_with_the_keyboard(visits):
    """The way past the menu comes first, all stops can be seen, and none holds the reader."""
    page = visits("part1/softmax").page
    page.emulate_media(reduced_motion="reduce")  # the way past the menu slides in otherwise
    page.reload()
    stops = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("""() => {
          const e = document.activeElement, style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          const own = [style.outlineStyle, style.boxShadow, style.textDecorationLine];
          return { name: (e.innerText || e.ariaLabel || e.title || e.tagName).trim().slice(0, 40),
                   seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                   marked: own[0] !== 'none' || own[1] !== 'none' || own[2] !== 'none' ||
                           e.closest('.nn-widget') !== null,
                   inArticle: e.closest('article') !== null };
        }"""))
    assert stops[0]["name"] == "Skip to main content"
    assert all(stop["seen"] for stop in stops if stop["name"] != "BODY"), stops
    assert [stop for stop in stops if not stop["marked"] and stop["name"] != "BODY"] == []
    assert sum(stop["inArticle"] for stop in stops) > 20, "the text is reached"
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_nothing_moves_for_readers_who_ask_for_that(browser, base_url):
    page = browser.new_page(reduced_motion="reduce")
    page.goto(base_url + "part1/perceptron.html")
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter((e) => {
      const s = getComputedStyle(e), long = (t) => t.split(',').some((v) => parseFloat(v) > 0.01);
      return long(s.transitionDuration) || long(s.animationDuration)
        || s.scrollBehavior === 'smooth';
    }).map((e) => `${e.tagName} ${e.className}`)""")
    assert moving == []
    page.close()


def test_each_chapter_says_how_long_it_takes(site, project, page_name):
    page = (site / f"{page_name}.html").read_text(encoding="utf-8")
    has_code = "```{code-cell}" in (project / "book" / f"{page_name}.md").read_text()
    found = re.search(r'<ul class="nn-facts"><li>(\d+) minutes? to read', page)
    ran = re.search(r'<p class="nn-time">The code of this page ran for .*\d+ seconds?', page)
    assert bool(found) == bool(ran) == (has_code and page_name != "index")
    assert not found or 1 <= int(found[1]) <= 90


def test_glossary_terms_are_introduced_where_it_says(project):
    glossary = (project / "book" / "appendix" / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^(\S.*)\n  (.+) \[\]\((\S+)\)$", glossary, re.M)
    assert len(entries) > 50
    assert [term.lower() for term, *_ in entries] == sorted(term.lower() for term, *_ in entries)
    for term, _, chapter in entries:
        text = (project / "book" / "appendix" / chapter).read_text(encoding="utf-8")
        words = " ".join(text.lower().split())
        assert term.lower() in words, f"{chapter} never says {term}"


# what is written like a term of the glossary and means something else
HOMONYMS = (
    r"\{term\}`weights?\b[^`]*`\s+on a spring", r"\{term\}`units?\b[^`]*`\s+of measurement",
    r"\{term\}`chain rule[^`]*`\s+\(?of probability", r"(spectral|inductive)\s+\{term\}`bias`",
    r"\{term\}`bias`\s+(correction|of an estimator|and variance)", r"conditional\s+\{term\}`logit`",
    r"(polynomial|feature)\s+\{term\}`feature map`", r"restart the\s+\{term\}`kernel`",
    r"arithmetic\s+\{term\}`units", r"\{term\}`strides?\b[^`]*`\s+in memory",
    r"(sea|air|room)\s+\{term\}`temperature`")


def test_each_symbol_is_in_the_chapter_that_the_notation_names(project):
    """In a formula, without its arguments, or by its name in code."""
    notation, checked = project / "book" / "appendix" / "notation.md", 0
    for line in notation.read_text(encoding="utf-8").splitlines():
        cells = re.split(r" *(?<!\\)\| *", line)
        if not (place := re.fullmatch(r"\[\]\((\.\./part\d/\w+\.md)\)", "".join(cells[-2:]))):
            continue
        text = (notation.parent / place[1]).read_text(encoding="utf-8")
        code = " ".join(re.findall(r"```\{code-cell\}.*?```", text, re.DOTALL))
        formulas = " ".join(
            re.findall(r"\$\$.+?\$\$|\$[^$]+\$|```\{math\}.*?```", text, re.DOTALL))
        symbols = [re.sub(r"\(.*\)$|\\,\\cdot.*", "", symbol)
                   for symbol in re.findall(r"\$([^$]+)\$", cells[1])]
        names = re.findall(r"`(\w+)`", cells[2])
        found = [rf"(?<![a-zA-Z\\]){re.escape(symbol)}(?![a-zA-Z])" for symbol in symbols]
        assert any(re.search(symbol, formulas) for symbol in found) or any(
            re.search(rf"\b{name}\b", code) for name in names), line
        checked += 1
    assert checked > 60


def test_terms_are_linked_by_sense_and_not_in_titles(project):
    roles = 0
    for page in (project / "book").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        wrong = [found[0] for pattern in HOMONYMS for found in re.finditer(pattern, text)]
        assert wrong == [], page.name
        assert not re.search(r"^#.*\{term\}", text, re.M), page.name
        linked = re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", text)
        assert len(linked) == len({" ".join(term.lower().split()) for term in linked}) or \
            page.parent.name == "appendix", (page.name, linked)
        roles += len(linked)
    assert 150 < roles < 450


def test_a_term_shows_its_meaning_to_pointer_and_keyboard(visits):
    page = visits("part1/softmax").page
    term, note = page.locator("a.nn-term", has_text="gradient").first, page.locator("#nn-meaning")
    term.focus()
    assert "Repeatedly taking a step against the gradient" in note.inner_text()
    page.keyboard.press("Escape")
    assert note.count() == 0
    term.hover()
    assert note.bounding_box()["width"] > 100
    note.hover()  # it stays while the pointer is on it
    assert note.count() == 1
    page.mouse.move(5, 5)
    assert note.count() == 0
    assert term.get_attribute("href").endswith("glossary.html#term-gradient-descent")


def test_a_gradient_its_code_and_its_shape_light_up(visits):
    visit = visits("part3/backpropagation")
    page = visit.page
    figure = page.locator("nn-linked-terms")
    figure.get_by_role("button", name="dW1").focus()
    assert figure.get_by_role("status").inner_text() == (
        "dW1 has the shape (2,4). In code: dW1, dW2 = np.outer(dC, B), np.outer(dD, B).")
    lit = page.locator(".katex-html .nn-lit").all_inner_texts()
    assert [re.sub(r"[\s\u200b]", "", text) for text in lit] == ["dW1", "(2,4)"]
    assert page.evaluate("[...CSS.highlights.get('nn-lit')].map(String)") == [
        "dW1, dW2 = np.outer(dC, B), np.outer(dD, B)"]
    page.locator(".katex-html [data-term=dB]").hover()
    assert figure.get_by_role("status").inner_text().startswith("dB has the shape (4,).")
    assert visit.complaints == []


def test_no_file_names_a_path_of_the_machine_that_built_it(site, project):
    texts = [p for p in site.rglob("*") if p.suffix in (".html", ".ipynb", ".js", ".md")]
    assert texts
    for path in texts:
        assert str(project).encode() not in path.read_bytes(), path.name


def test_formula_fonts_have_the_version_that_rendered_the_formulas(project):
    from sphinxcontrib import katex

    style = (project / "book" / "_static" / "katex" / "katex.min.css").read_text()
    assert f'content:"{katex.katex_version}"' in style


def test_assignments_are_handed_out(site, project, tmp_path):
    page = (site / "appendix" / "assignments.html").read_text(encoding="utf-8")
    released = sorted((project / "assignments").glob("*/*.ipynb"))
    for path in released:
        assert f"_assignments/{path.stem}.zip" in page and f"_assignments/{path.name}" in page
        assert (site / "_assignments" / path.name).read_bytes() == path.read_bytes()
        shutil.unpack_archive(site / "_assignments" / f"{path.stem}.zip", tmp_path)
        assert (tmp_path / path.stem / path.name).read_bytes() == path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", "from nncourse import check, data, plot; print(check.__file__)"],
        cwd=tmp_path / released[0].stem, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(tmp_path)), "the library of the zip itself"


def test_the_table_of_assignments_says_what_the_term_says(project, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(project / "book" / "_ext")
    monkeypatch.setenv("NNCOURSE_TERM", str(tmp_path))
    table = importlib.import_module("nnassignments")
    sources = [nbformat.read(path, as_version=4)
               for path in sorted((project / "source_solutions").glob("*/*.ipynb"))]
    assert [row["due"] for row in table.rows({}, "")] == [None] * len(sources)
    (tmp_path / "term.toml").write_text('timezone = "Europe/Berlin"\n[assignments.hw2_softmax]\n'
                                        "due = 2026-10-12T23:59:00\npoints = { coin = 40 }\n")
    rows = table.rows({"repository_url": "https://github.com/us/course", "launch_buttons": {
        "colab_url": "https://colab", "binderhub_url": "https://binder",
        "jupyterhub_url": "https://hub"}}, "../")
    assert rows[1]["due"] == "Monday 12 October 2026, 23:59 (Europe/Berlin)"
    for source, row in zip(sources, rows, strict=True):
        given = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
                 for cell in source.cells if "points" in cell.metadata.get("nbgrader", {})}
        assert float(row["points"]) == sum((given | {"coin": 40}).values() if "coin" in given
                                           else given.values())
    assert rows[1]["zip"] == "../_assignments/hw2_softmax.zip"
    path = "assignments/hw2_softmax/hw2_softmax.ipynb"
    assert rows[1]["launches"] == [
        ("Colab", f"https://colab/github/us/course/blob/main/{path}"),
        ("Binder", "https://binder/v2/gh/us/course/main?urlpath="
                   + quote(f"lab/tree/{path}", safe="")),
        ("JupyterHub", "https://hub/hub/user-redirect/git-pull?" + urlencode({
            "repo": "https://github.com/us/course", "branch": "main",
            "urlpath": f"lab/tree/course/{path}"}))]


def test_a_mark_stays_on_the_line_of_its_formula(site):
    text = (site / "part1" / "softmax.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    together = 0
    for formula in page.select("article span.math"):
        after = formula.next_sibling
        source = formula.select_one("annotation").get_text()
        if isinstance(after, str) and after[:1] in {*".,;:!?)"} and len(source) <= 16:
            assert "nn-together" in formula.parent["class"], source
            together += 1
    assert together > 20
