"""How figures and folded code look on the website.

A figure is framed: its number and title, the drawing, the caption, and in small text what else
belongs to it, its code, its numbers, and the page of its own of a figure to try. All other code
that is folded is one quiet line. On paper, where nothing unfolds, all of this is left out.
"""

import re
from html import unescape
from pathlib import Path

from docutils import nodes
from nnfigures import frame
from nnnumbers import table_of
from nnwidgets import around
from sphinx.transforms.post_transforms import SphinxPostTransform

_NUMBERS = re.compile(r'<script type="text/csv">(.*?)</script>', re.S)


class tag(nodes.Element):
    """An HTML element: `name`, and its HTML attributes in `html`."""


def element(name: str, *children: nodes.Node, **html: str) -> tag:
    """A `tag` with children; `class_` stands for class."""
    html = {key.rstrip("_").replace("_", "-"): value for key, value in html.items()}
    made = tag("", *children, html=html)
    made["name"] = name
    return made


def visit_tag(self, node):
    attributes = "".join(f' {key}="{self.attval(value)}"' for key, value in node["html"].items())
    self.body.append(f'<{node["name"]}{attributes}>')


def depart_tag(self, node):
    self.body.append(f'</{node["name"]}>')


def fold(kind: str, shown: str, unseen: str, *content: nodes.Node) -> tag:
    """Something to open, called by what it shows and, for those who do not see where, whose."""
    called = element("span", nodes.Text(f" {unseen}"), class_="visually-hidden")
    summary = element("summary", nodes.Text(shown), called)
    return element("details", summary, element("div", *content), class_=f"nn-fold {kind}")


class FramesAndFolds(SphinxPostTransform):
    """Lays out figures and folded code, after MyST-NB has chosen what to show of each output."""

    default_priority = 150
    formats = ("html",)

    def run(self, **kwargs):
        self.on_paper = self.app.builder.name != "html"
        self.up = "../" * self.env.docname.count("/")
        for made in list(self.document.findall(frame)):
            figure = self.framed(made)
            made["ids"].clear()  # the figure has it; what takes this node's place would, too
            made.replace_self(figure)
        for cell in list(self.document.findall(nodes.container)):
            if cell.attributes.pop("hide_mode", None):
                self.fold_code(cell)

    def framed(self, made: frame) -> nodes.Node:
        """The figure, or the cell with the figure in it."""
        name, words = made["ids"][0], made[0]
        number = self.env.nn_figure_numbers[name]
        foot, cell = [], None
        if made["widget"]:
            start, end = around(made["widget"], self.up)
            body = [start, *made.children[1:], end]
            own = f"{self.up}widgets/{made['widget']}.html"
            unseen = element("span", nodes.Text(f" of {number}"), class_="visually-hidden")
            foot.append(element("a", nodes.Text("Own page"), unseen, href=own))
        else:
            cell = made[1]
            body = self.taken_out(cell, number, foot, name)
        title = element("header", element("span", nodes.Text(number), class_="nn-number"),
                        nodes.Text(f" · {made['title']}"), id=f"{name}-title")
        below = element("figcaption", *words.children)
        if foot and not self.on_paper:
            below += element("footer", *foot)
        figure = element("figure", title, element("div", *body, class_="nn-body"), below,
                         class_="nn-frame", id=name, aria_labelledby=f"{name}-title")
        if cell is None:
            return figure
        cell += figure
        return cell

    def taken_out(self, cell: nodes.container, number: str, foot: list, name: str) -> list:
        """Take the drawing out of a cell, its numbers and, if folded, its code into `foot`."""
        if cell.attributes.pop("hide_mode", None):
            code = cell[0]
            cell.remove(code)
            foot.append(fold("nn-code", "Code", f"of {number}", code))
        shown = cell[-1]
        drawn = [part for part in shown.children
                 if isinstance(part, nodes.raw) and "nn-figure" in part.astext()]
        for part in drawn:
            shown.remove(part)
        if not shown.children:  # nothing printed as well
            cell.remove(shown)
        svg, numbers = "".join(part.astext() for part in drawn), None
        if found := _NUMBERS.search(svg):
            svg, numbers = _NUMBERS.sub("", svg), unescape(found[1])
        if numbers and not self.on_paper:
            foot.append(fold("nn-data", "Numbers", f"of {number}", self.table(name, numbers)))
        return [nodes.raw("", svg, format="html")]

    def table(self, name: str, numbers: str) -> nodes.raw:
        """A file of a figure's numbers, and the table of them."""
        file = Path("_data", f"{name}.csv")
        (Path(self.app.outdir) / file.parent).mkdir(exist_ok=True)
        (Path(self.app.outdir) / file).write_text(numbers, encoding="utf-8")
        written = self.app.builder.templates.render(
            "numbers.html", {"link": self.up + file.as_posix(), **table_of(numbers)})
        return nodes.raw("", written, format="html")

    def fold_code(self, cell: nodes.container) -> None:
        """Fold the code of a cell without a figure."""
        if not cell.children or cell[0].get("nb_element") != "cell_code_source":
            return
        code = cell[0]
        cell.remove(code)
        if self.on_paper:
            return
        if "plot.setup()" in code.astext():
            made = fold("nn-aside", "Setup", "code: imports and style of figures", code)
        elif cell.children:
            made = fold("nn-aside", "Code", "of what is printed below", code)
        else:
            made = fold("nn-aside", "Code", "that prints nothing", code)
        cell.insert(0, made)


def setup(app):
    app.add_node(tag, html=(visit_tag, depart_tag))
    app.add_post_transform(FramesAndFolds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
