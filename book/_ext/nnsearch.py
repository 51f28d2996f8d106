"""The index of the search, ``_static/search/places.js``; the search itself is in that folder.

Each page's part is kept beside Sphinx's own notes, so that only pages that change are read again.
"""

import json
from pathlib import Path

import nnplaces

WORDS = Path(__file__).with_name("search_words.txt")


def _notes(app, pagename: str) -> Path:
    return Path(app.doctreedir, "search", f"{pagename}.json")


def read_page(app, doctree, docname):
    """Note what a page has, before others turn its links into HTML."""
    if app.builder.name == "html":
        notes = _notes(app, docname)
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.write_text(json.dumps(nnplaces.places(doctree)), encoding="utf-8")


def other_words(text: str) -> list[list[str]]:
    """Read the lines ``typed, typed: found, found`` of ``search_words.txt``."""
    lines = [line.partition("#")[0].partition(":") for line in text.splitlines()]
    return [[typed.strip(), found.strip()] for typed, colon, found in lines if colon]


def index(app) -> dict:
    """All that can be found: pages as address, number, title; places as ``find.js`` reads them."""
    env, pages, found = app.env, [], []
    toctree = env.toctree_includes.get(app.config.root_doc, [])
    for docname in [app.config.root_doc, *toctree]:
        numbers = env.toc_secnumbers.get(docname, {})
        pages.append([docname, _dotted(numbers.get("")), env.titles[docname].astext()])
        for place in json.loads(_notes(app, docname).read_text(encoding="utf-8")):
            number = numbers.get(f"#{place['anchor']}") if place["above"] else numbers.get("")
            found.append([
                len(pages) - 1, place["kind"], place["anchor"], _dotted(number), place["heading"],
                place["above"] or "", place.get("first", 0), place["text"],
                "; ".join(place.get("terms", [])), "; ".join(place.get("others", [])),
                " ".join(place.get("names", []))])
    for name, (docname, text, *_) in getattr(env, "nn_widgets", {}).items():
        pages.append([f"widgets/{name}", "", env.titles[docname].astext()])
        found.append([len(pages) - 1, "figure", "", "", name.replace("-", " ").capitalize(), "", 0,
                      " ".join(text.split()), "", "", ""])
    words = other_words(WORDS.read_text(encoding="utf-8"))
    return {"pages": pages, "places": found, "words": words}


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
