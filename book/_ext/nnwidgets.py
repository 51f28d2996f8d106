"""Figures that a reader can change, in their chapters and on pages of their own."""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from nnfigures import figure_caption, frame_of
from sphinx.util.docutils import SphinxDirective


class Widget(SphinxDirective):
    """``{widget} NAME``: the figure in ``_static/widgets/NAME.js``, also on a page of its own.

    The content says in words what the figure shows, for readers without JavaScript and on paper.
    """

    required_arguments = 1
    has_content = True
    option_spec = {"title": directives.unchanged_required, "try": directives.unchanged_required}

    def run(self):
        self.assert_has_content()
        name = self.arguments[0]
        if not (Path(self.env.srcdir) / "_static" / "widgets" / f"{name}.js").is_file():
            raise self.error(f"no widget {name}: book/_static/widgets/{name}.js is missing")
        for option in self.option_spec:
            if not self.options.get(option):
                raise self.error(f"widget {name} needs :{option}:")
        made, words = frame_of(self, self.options["title"], name), figure_caption()
        text = nodes.container(classes=["nn-without-script"])
        self.state.nested_parse(self.content, self.content_offset, text)
        hint = StringList([f"**Try this:** {self.options['try']}"], self.get_source_info()[0])
        self.state.nested_parse(hint, self.content_offset, words)
        made += [words, text]
        if not hasattr(self.env, "nn_widgets"):
            self.env.nn_widgets = {}
        self.env.nn_widgets[name] = {
            "chapter": self.env.docname, "figure": made["ids"][0], "title": self.options["title"],
            "try": words.astext(), "description": text.astext()}
        return [made]


def around(name: str, up: str) -> tuple[nodes.raw, nodes.raw]:
    """What stands before and after the words that a figure to try takes the place of."""
    start = (f'<script type="module" src="{up}_static/widgets/{name}.js"></script>'
             f"<nn-{name}>")
    return nodes.raw("", start, format="html"), nodes.raw("", f"</nn-{name}>", format="html")


def forget(app, env, docname):
    env.nn_widgets = {name: found for name, found in getattr(env, "nn_widgets", {}).items()
                      if found["chapter"] != docname}


def merge(app, env, docnames, other):
    env.nn_widgets = getattr(env, "nn_widgets", {}) | getattr(other, "nn_widgets", {})


def own_pages(app):
    """A page for each figure to try, see ``_templates/widget.html``."""
    env = app.env
    for name, found in getattr(env, "nn_widgets", {}).items():
        yield f"widgets/{name}", found | {
            "widget": name, "number": env.nn_figure_numbers[found["figure"]],
            "chapter_title": env.titles[found["chapter"]].astext()}, "widget.html"


def setup(app):
    app.add_directive("widget", Widget)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-collect-pages", own_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
