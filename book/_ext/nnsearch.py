"""The index of the search, ``_static/search/places.js``; the search itself is in that folder.

Each page's part is kept beside Sphinx's own notes, so that only pages that change are read again.
"""

import json
from pathlib import Path

import nnplaces
from sphinx.util import logging

logger = logging.getLogger(__name__)
WORDS = Path(__file__).with_name("search_words.txt")


def _notes(app, pagename: str) -> Path:
    return Path(app.doctreedir, "search", f"{pagename}.json")


def read_page(app, doctree, docname):
    """Note what a page has, before others turn its links into HTML."""
    if app.builder.name == "html":
        notes = _notes(app, docname)
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.write_text(json.dumps(nnplaces.places(doctree)), encoding="utf-8")


def read_words(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read ``search_words.txt``: names of sections, by their addresses, and words for words."""
    lines = [line.partition(": ") for line in text.splitlines() if not line.startswith("#")]
    parts = [(before.strip(), after.strip()) for before, colon, after in lines if colon]
    return ({before: after for before, after in parts if "#" in before},
            {before: after for before, after in parts if "#" not in before})


def index(app) -> dict:
    """All that can be found: pages as address, number, title; places as ``find.js`` reads them."""
    env, pages, found = app.env, [], []
    named, words = read_words(WORDS.read_text(encoding="utf-8"))
    for docname in _in_order(env, app.config.root_doc):
        numbers = env.toc_secnumbers.get(docname, {})
        exercises = env.toc_fignumbers.get(docname, {}).get("exercise", {})
        pages.append([docname, _dotted(numbers.get("")), env.titles[docname].astext()])
        for place in json.loads(_notes(app, docname).read_text(encoding="utf-8")):
            number = numbers.get(f"#{place['anchor']}") if place["above"] else numbers.get("")
            number = exercises.get(place["anchor"], number)
            names = [*place.get("terms", []), named.pop(f"{docname}#{place['anchor']}", "")]
            found.append([
                len(pages) - 1, place["kind"], place["anchor"], _dotted(number), place["heading"],
                place["above"] or "", place.get("first", 0), place["text"],
                "; ".join(filter(None, names)), "; ".join(place.get("others", [])),
                " ".join(place.get("names", []))])
    for name, figure in getattr(env, "nn_widgets", {}).items():
        pages.append([f"widgets/{name}", "", env.titles[figure["chapter"]].astext()])
        text = f"{figure['description']} {figure['try']}"
        found.append([len(pages) - 1, "figure", "", "", figure["title"], "", 0,
                      " ".join(text.split()), "", "", ""])
    for address in named:
        if address.partition("#")[0] in env.all_docs:  # else it has gone with its page
            logger.warning("%s names %s, and that page has no such section", WORDS.name, address)
    return {"pages": pages, "places": found, "words": list(words.items())}


def _in_order(env, docname: str):
    """A page and those below it in the table of contents."""
    yield docname
    for below in env.toctree_includes.get(docname, []):
        yield from _in_order(env, below)


def _dotted(number: tuple | None) -> str:
    return ".".join(map(str, number or ()))


def write_index(app, error):
    """Write a script, which pages can load from a disk, too; no other file of data can."""
    if error or app.builder.name != "html":
        return
    told = json.dumps(index(app), ensure_ascii=False, separators=(",", ":"))
    script = f"globalThis.nnPlaces = {told};\n"
    static = Path(app.outdir, "_static")
    for name in ("searchtools.js", "language_data.js"):  # of Sphinx's own search
        (static / name).unlink(missing_ok=True)
    (static / "search" / "places.js").write_text(script, encoding="utf-8")


def replace_sphinx_search(app):
    """Neither write nor load Sphinx's own index."""
    if app.builder.name == "html":
        app.builder.search = False


def search_page(app):
    """The page for a search without the dialog; see ``_templates/search.html``."""
    if app.builder.name == "html":
        yield "search", {"title": "Search"}, "search.html"


def setup(app):
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("doctree-resolved", read_page, priority=400)  # nnglossary.py writes HTML at 500
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
