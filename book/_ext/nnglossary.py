"""A term of the glossary, where a page links it by `{term}`, shows its meaning."""

import html

from docutils import nodes

GLOSSARY = "appendix/glossary"


def collect(app, doctree):
    """Read the glossary: each term's place and its first sentence."""
    if app.env.docname != GLOSSARY:
        return
    app.env.nn_terms = {}
    for item in doctree.findall(nodes.definition_list_item):
        meaning = next(item.findall(nodes.paragraph)).astext().replace("\n", " ")
        for term in item.findall(nodes.term):
            app.env.nn_terms[term["ids"][0]] = meaning


def show_meanings(app, doctree, docname):
    """Give each link to a term its meaning, which glossary.js shows."""
    if app.builder.format != "html" or docname == GLOSSARY:
        return
    terms = getattr(app.env, "nn_terms", {})
    for link in list(doctree.findall(nodes.reference)):
        place = link.get("refuri", "").partition("#")[2]
        if any("std-term" in text["classes"] for text in link.findall(nodes.inline)):
            written = (f'<a class="nn-term" href="{html.escape(link["refuri"])}" '
                       f'data-meaning="{html.escape(terms[place])}">'
                       f"{html.escape(link.astext())}</a>")
            link.replace_self(nodes.raw("", written, format="html"))


def setup(app):
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", show_meanings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
