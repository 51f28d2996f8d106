"""The face of a chapter: where it stands in the book, what it needs, and what comes next.

A chapter's front matter may say ``needs: [part1/sigmoid]``: the earlier chapters that it builds
on. What a chapter leads to follows from that.
"""

import json
import re
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
FEW = 3  # chapters that a chapter is said to lead to
LONGEST = 200  # characters of an opening on a card
SENTENCE_END = re.compile(r"[.?!][”’)]?\s+(?=\S|$)")
TITLE = re.compile(r"<h1>.*?</h1>", re.S)
LEAD = re.compile(r'<p class="nn-lead">.*?</p>', re.S)
GROUPS = ("download-buttons", "launch-buttons")  # of the page's header
INVISIBLE = (nodes.comment, nodes.target)


@dataclass
class Page:
    """A page in the table of contents."""

    name: str
    title: str
    number: int | None
    part: str

    @property
    def label(self) -> str:
        """Such as "Chapter 9"; of a page without a number, its part."""
        return f"Chapter {self.number}" if self.number else self.part


@dataclass
class Part:
    """A part of the book."""

    caption: str
    pages: list[Page]


def parts_of(env) -> list[Part]:
    """The parts of the table of contents, in reading order."""
    found = []
    for tree in env.tocs[env.config.root_doc].findall(addnodes.toctree):
        caption = tree["caption"] or ""
        pages = [Page(name, env.titles[name].astext(),
                      (env.toc_secnumbers.get(name, {}).get("") or [None])[0],
                      caption.partition(":")[0])
                 for _, name in tree["entries"]]
        found.append(Part(caption, pages))
    return found


def needs_of(env, name: str) -> list[str]:
    """The chapters that a chapter's front matter names: a list, or one without brackets."""
    said = env.metadata[name].get("needs", "[]")
    return json.loads(said) if said.startswith("[") else [said]


def find_lead(app, doctree):
    """Mark the paragraphs before all else, and keep the beginning for the card of this page."""
    section = next(doctree.findall(nodes.section), None)
    if section is None or app.env.docname == app.config.root_doc:
        return
    seen = [part for part in section.children[1:] if not isinstance(part, INVISIBLE)]
    if seen and isinstance(seen[0], nodes.paragraph):
        seen[0]["classes"].append("nn-lead")
        openings(app.env)[app.env.docname] = opening(seen[0])


def openings(env) -> dict[str, nodes.paragraph]:
    """By the name of a page, its first sentences."""
    if not hasattr(env, "nn_openings"):
        env.nn_openings = {}
    return env.nn_openings


def opening(paragraph: nodes.paragraph) -> nodes.paragraph:
    """The first sentences, whole, without links: the card is one already."""
    sentences = [[]]
    for piece in paragraph.deepcopy().children:
        if isinstance(piece, addnodes.pending_xref | nodes.reference):
            piece = nodes.Text(piece.astext())
        if not isinstance(piece, nodes.Text):
            sentences[-1].append(piece)
            continue
        start = 0
        for end in SENTENCE_END.finditer(piece):
            sentences[-1].append(nodes.Text(piece[start:end.end()]))
            sentences.append([])
            start = end.end()
        sentences[-1].append(nodes.Text(piece[start:]))
    kept, length = nodes.paragraph(), 0
    for sentence in sentences:
        text = "".join(piece.astext() for piece in sentence)
        length += len(text)
        if kept.children and (length > LONGEST or text.rstrip().endswith(":")):
            break
        kept.extend(sentence)
    return kept


def forget(app, env, docname):
    openings(env).pop(docname, None)


def merge(app, env, docnames, other):
    openings(env).update(openings(other))


def write_all_again(app, env):
    """All pages, where one has changed what others say of it: in the menu, a card or the facts."""
    said = [(page, needs_of(env, page.name), openings(env).get(page.name, nodes.Text("")).astext())
            for part in parts_of(env) for page in part.pages]
    numbered = {page.name for part in parts_of(env) for page in part.pages if page.number}
    for page, needs, _ in said:
        for name in set(needs) - numbered:
            logger.warning("%s.md: needs: no chapter is called %s", page.name, name)
    before, env.nn_said = getattr(env, "nn_said", None), said
    return [] if said == before else list(env.all_docs)


def say_where(app, pagename, templatename, context, doctree):
    """Of each page: the parts, for the menu. Of a page of the book: its face and its neighbours."""
    env = app.env
    context["nn_parts"] = parts = parts_of(env)
    pages = [page for part in parts for page in part.pages]
    here = next((place for place, page in enumerate(pages) if page.name == pagename), None)
    if here is None or doctree is None or "body" not in context:
        return
    numbered = {page.name: page for page in pages if page.number}
    facts = {
        "page": pages[here], "chapters": len(numbered), "pathto": context["pathto"],
        "minutes": reading_minutes(env, pagename),
        "needs": [numbered[name] for name in needs_of(env, pagename) if name in numbered],
        "leads": [page for name, page in numbered.items() if pagename in needs_of(env, name)][:FEW],
        "buttons": take_buttons(context),
    }
    context["body"] = dress(context["body"], *(
        app.builder.templates.render(template, facts)
        for template in ("kicker.html", "facts.html")))
    for side, place in (("nn_previous", here - 1), ("nn_next", here + 1)):
        if 0 <= place < len(pages):
            context[side] = pages[place]
    if (after := context.get("nn_next")) and after.name in openings(env):
        context["nn_opening"] = app.builder.render_partial(openings(env)[after.name])["fragment"]


def reading_minutes(env, name: str) -> int | None:
    """As nnruns.py estimated them; only pages with code have such a time."""
    run = getattr(env, "nn_runs", {}).get(name)
    return run["minutes"] if run and run["cells"] else None


def take_buttons(context) -> list[dict]:
    """Take the notebooks, and the services that run them, out of the page's header."""
    shown = context["header_buttons"]
    context["header_buttons"] = [one for one in shown if one.get("label") not in GROUPS]
    taken = {one["label"]: one["buttons"] for one in shown if one.get("label") in GROUPS}
    downloads = taken.get("download-buttons", []) if "ipynb_source" in context else []
    return downloads + taken.get("launch-buttons", [])


def dress(body: str, kicker: str, facts: str) -> str:
    """Put one in front of the title, and the other below the lead, or else below the title."""
    below = LEAD if LEAD.search(body) else TITLE
    body = below.sub(lambda found: found[0] + facts, body, count=1)
    return TITLE.sub(lambda found: kicker + found[0], body, count=1)


def setup(app):
    app.connect("doctree-read", find_lead)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-get-updated", write_all_again, priority=900)  # once chapters have numbers
    app.connect("html-page-context", say_where, priority=930)  # after the theme and nnbook.py
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
