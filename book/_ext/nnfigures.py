"""Figures with a title, a number and a caption, whether they are drawn or to try.

``{next-figure} TITLE`` stands before the cell that draws the figure; its content is the caption.
Neither is part of the cell, so a better caption executes nothing. `nnwidgets.py` makes frames of
figures to try, `nnframes.py` writes all of them as HTML. ``{ref}`fig-PAGE-TITLE` `` refers to one.
"""

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

APPENDIX = "A"  # what numbers of figures begin with where chapters have letters

log = logging.getLogger(__name__)


class frame(nodes.Element):
    """A figure: its caption, then the cell that draws it, or the words for a figure to try.

    Attributes: `title`; `ids`, one; and `widget`, the name of a figure to try, else None.
    """


class figure_caption(nodes.Element):
    """What to see in a figure, or to try with it."""


def frame_of(directive: SphinxDirective, title: str, widget: str | None = None) -> frame:
    """An empty frame where the directive stands."""
    page = directive.env.docname.rpartition("/")[2]
    made = frame(title=title, widget=widget, ids=[nodes.make_id(f"fig-{page}-{title}")])
    directive.set_source_info(made)
    return made


class NextFigure(SphinxDirective):
    """``{next-figure} TITLE``, with the caption as its content."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        self.assert_has_content()
        made, words = frame_of(self, self.arguments[0]), figure_caption()
        self.state.nested_parse(self.content, self.content_offset, words)
        made += words
        return [made]


def draws(cell: nodes.Node) -> bool:
    """Whether it is a cell with a figure among what it shows."""
    return cell.get("nb_element") == "cell_code" and any(
        "nn-figure" in shown.astext() for shown in cell.findall(nodes.raw))


def put_into_frames(app, doctree):
    """Move each cell that draws into the frame before it, and remember the figures of the page."""
    env = app.env
    for cell in filter(draws, list(doctree.findall(nodes.container))):
        place = cell.parent.index(cell)
        before = cell.parent[place - 1] if place else None
        if not isinstance(before, frame):
            log.warning("a figure without a title: write {next-figure} TITLE before its cell, "
                        "with a caption", location=cell)
            continue
        cell.parent.remove(cell)
        before += cell
    for made in list(doctree.findall(frame)):
        if made["widget"] is None and len(made) == 1:
            log.warning("{next-figure} stands before a cell that draws, and the next one does not",
                        location=made)
            made.parent.remove(made)
    if not hasattr(env, "nn_figures"):
        env.nn_figures = {}
    env.nn_figures[env.docname] = [made["ids"][0] for made in doctree.findall(frame)]


def forget(app, env, docname):
    getattr(env, "nn_figures", {}).pop(docname, None)


def merge(app, env, docnames, other):
    env.nn_figures = getattr(env, "nn_figures", {}) | getattr(other, "nn_figures", {})


def give_numbers(app, env):
    """Number the figures in reading order: 9.2 in chapter 9, A.3 in the appendix, 1 before it all.

    Returns the pages whose numbers have changed, which Sphinx then writes again.
    """
    before = getattr(env, "nn_figure_numbers", {})
    standard = env.domains["std"]
    env.nn_figure_numbers, count = {}, {}
    reading = [env.config.root_doc, *env.toctree_includes.get(env.config.root_doc, [])]
    for page in reading:
        chapter = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
        if page.startswith("appendix/"):
            chapter = APPENDIX
        for name in env.nn_figures.get(page, []):
            count[chapter] = count.get(chapter, 0) + 1
            number = ".".join(filter(None, (chapter, str(count[chapter]))))
            env.nn_figure_numbers[name] = f"Figure {number}"
            standard.labels[name] = (page, name, f"Figure {number}")
            standard.anonlabels[name] = (page, name)
    return [page for page, names in env.nn_figures.items()
            if any(before.get(name) != env.nn_figure_numbers.get(name) for name in names)]


def unpack_for_notebooks(app, doctree, docname):
    """In a notebook the title and the caption are a paragraph before the cell."""
    if app.builder.name != "jupyter":
        return
    for made in list(doctree.findall(frame)):
        number = app.env.nn_figure_numbers[made["ids"][0]]
        words, *body = made.children
        title = nodes.paragraph("", "", nodes.strong(text=f"{number}: {made['title']}"))
        if made["widget"]:
            title += nodes.Text(" (to try on the website)")
            words = nodes.Element()
        made.replace_self([title, *words.children, *body])


def setup(app):
    app.add_node(frame)
    app.add_node(figure_caption)
    app.add_directive("next-figure", NextFigure)
    app.connect("doctree-read", put_into_frames, priority=950)  # after nnplumbing.py
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-get-updated", give_numbers, priority=900)  # after chapters have theirs
    app.connect("doctree-resolved", unpack_for_notebooks, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
