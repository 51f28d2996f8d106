"""Exercises and questions as they look on a page: how hard, in a chip; an icon of their own."""

import re

from docutils import nodes

ASIDE = "Check yourself"
EXERCISE = re.compile(r'(<span class="caption-number">Exercise [\d.]+) </span> '
                      r'\((.*?)(?: \((easy|medium|hard)\))?\)</p>')


def mark(app, doctree):
    """Tell questions within the text from other tips."""
    for box in doctree.findall(nodes.admonition):
        if box.children and box[0].astext() == ASIDE:
            box["classes"].append("nn-question")


def show_levels(app, pagename, templatename, context, doctree):
    """Write "Exercise 9.1 By hand [easy]" in place of "Exercise 9.1 (By hand (easy))"."""
    if "body" in context:
        context["body"] = EXERCISE.sub(heading, context["body"])


def heading(found: re.Match) -> str:
    number, title, level = found.groups()
    chip = f' <span class="nn-level nn-{level}">{level}</span>' if level else ""
    return f"{number}</span> {title}{chip}</p>"


def setup(app):
    app.connect("doctree-read", mark)
    app.connect("html-page-context", show_levels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
