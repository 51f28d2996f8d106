"""The first time that a page uses a term of the glossary, the term explains itself."""

import html
import re

from docutils import nodes
from nnruns import parents

GLOSSARY = "appendix/glossary"
_NOT_INSIDE = (nodes.reference, nodes.literal, nodes.literal_block, nodes.title, nodes.math,
               nodes.math_block, nodes.raw, nodes.term, nodes.caption, nodes.table, nodes.comment,
               nodes.strong)  # strong: here the page itself introduces the term


def collect(app, doctree):
    """Read the glossary: each term with its first sentence and its place."""
    if app.env.docname != GLOSSARY:
        return
    app.env.nn_terms = {}
    for item in doctree.findall(nodes.definition_list_item):
        term = next(item.findall(nodes.term))
        meaning = next(item.findall(nodes.paragraph)).astext().replace("\n", " ")
        app.env.nn_terms[term.astext().lower()] = (term["ids"][0], meaning)


def link_terms(app, doctree, docname):
    """Make a link of each term's first use on a page; glossary.js shows its meaning."""
    terms = getattr(app.env, "nn_terms", {})
    if app.builder.format != "html" or docname == GLOSSARY or not terms:
        return
    # longer ones first: "batch normalisation" before "batch"
    names = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    pattern, seen = re.compile(rf"\b({names})(?:e?s)?\b", re.I), set()
    for text in list(doctree.findall(nodes.Text)):
        if any(isinstance(parent, _NOT_INSIDE) for parent in parents(text)):
            continue
        parts, start = [], 0
        for found in pattern.finditer(text):
            term = found[1].lower()
            if term in seen:
                continue
            seen.add(term)
            place, meaning = terms[term]
            uri = f"{app.builder.get_relative_uri(docname, GLOSSARY)}#{place}"
            link = (f'<a class="nn-term" href="{html.escape(uri)}" '
                    f'data-meaning="{html.escape(meaning)}">{html.escape(found[0])}</a>')
            parts += [nodes.Text(text[start:found.start()]), nodes.raw("", link, format="html")]
            start = found.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[start:])])


def setup(app):
    app.connect("doctree-read", collect)
    app.connect("doctree-resolved", link_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
