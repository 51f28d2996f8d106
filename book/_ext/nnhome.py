"""The home page: ``{home} NAME`` stands for what ``_templates/home/NAME.html`` makes of the course.

Whatever it counts is counted when the page is written: chapters, minutes, figures, assignments.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from docutils import nodes
from nnassignments import rows
from nnhead import citation
from nnpreviews import preview
from PIL import Image
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

PROJECT = Path(__file__).resolve().parents[2]
PICTURE = "home-picture"  # the tag of the cell that nn-hero takes the place of
HERO = ('<div class="home-hero"><script type="module" src="_static/widgets/hero.js"></script>'
        "<nn-hero>", "</nn-hero></div>")
FOLD = ('<details class="hide home-program"><summary>The whole program</summary>', "</details>")
FEEDBACK, FEEDBACK_WIDTH = PROJECT / "docs" / "images" / "feedback.png", 720  # pixels


@dataclass
class Chapter:
    """A numbered page of the table of contents."""

    name: str
    number: int
    title: str
    minutes: int


@dataclass
class Part:
    """A part of the course: its caption is "`numeral`: `title`", its folder `folder`."""

    numeral: str
    title: str
    folder: str
    chapters: list[Chapter]

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return sum(chapter.minutes for chapter in self.chapters)


def parts_of(env) -> list[Part]:
    """The numbered parts, as in the table of contents."""
    found = []
    for tree in env.external_site_map.root.subtrees:
        if tree.numbered:
            numeral, _, title = tree.caption.partition(": ")
            chapters = [Chapter(name, env.toc_secnumbers[name][""][0], env.titles[name].astext(),
                                env.nn_runs[name]["minutes"]) for name in map(str, tree.items)]
            found.append(Part(numeral, title, chapters[0].name.partition("/")[0], chapters))
    return found


class block(nodes.General, nodes.Element):
    """Stands for a template until all pages have been read; `words` is what its content says."""


class Home(SphinxDirective):
    """``{home} NAME``, whose content is YAML."""

    required_arguments = 1
    has_content = True

    def run(self):
        words = yaml.safe_load("\n".join(self.content)) or {}
        return [block(name=self.arguments[0], words=words)]


class WriteBlocks(SphinxPostTransform):
    """Writes the blocks, once it is known what all pages hold."""

    default_priority = 100  # before code is folded where it stands

    def run(self, **kwargs):
        found = list(self.document.findall(block))
        if not found:
            return
        self.parts = parts_of(self.env)
        self.chapters = [chapter for part in self.parts for chapter in part.chapters]
        if self.app.builder.name == "html":
            self.fill_in(found)
            self.put_hero_around_picture()
        else:
            self.leave_out(found)

    def fill_in(self, found: list[block]) -> None:
        """Write each block as its template says."""
        values = {"url": self.url, "parts": self.parts, "chapters": self.chapters,
                  "figures": getattr(self.env, "nn_widgets", {}), "assignments": rows({}, ""),
                  "repository": self.config.html_theme_options.get("repository_url"),
                  "cited": citation(), "figure": self.figure, "preview": preview}
        for made in found:
            if made["name"] == "program":
                made.replace_self(self.program())
            else:
                written = self.app.builder.templates.render(
                    f"home/{made['name']}.html", {**values, "words": made["words"]})
                made.replace_self(nodes.raw("", written, format="html"))

    def leave_out(self, found: list[block]) -> None:
        """In a notebook and on paper, keep the chapters and drop sections of nothing else."""
        for made in found:
            made.replace_self(self.plain() if made["name"] == "parts" else [])
        for section in list(self.document.findall(nodes.section)):
            if len(section) == 1:  # its title
                section.parent.remove(section)

    def url(self, name: str) -> str:
        """The address of a page, seen from this one."""
        return self.app.builder.get_relative_uri(self.env.docname, name)

    def figure(self, name: str) -> tuple[Chapter, str]:
        """The chapter of a figure to try, and the figure's address there."""
        found = self.env.nn_widgets[name]
        chapter = next(c for c in self.chapters if c.name == found["chapter"])
        return chapter, f"{self.url(chapter.name)}#{found['figure']}"

    def picture(self) -> nodes.container:
        """The cell that draws the picture of the page."""
        for cell in self.document.findall(nodes.container):
            if f"tag_{PICTURE}" in cell["classes"]:
                return cell
        raise ExtensionError(f"the home page needs a cell with the tag {PICTURE}")

    def put_hero_around_picture(self):
        """A browser that runs scripts shows <nn-hero> in place of the picture."""
        outer = self.picture()
        while not isinstance(outer.parent, nodes.section):
            outer = outer.parent
        place, (start, end) = outer.parent.index(outer), HERO
        outer.parent.insert(place + 1, nodes.raw("", end, format="html"))
        outer.parent.insert(place, nodes.raw("", start, format="html"))

    def program(self) -> list[nodes.Node]:
        """The code of the picture, folded, here instead of above the picture."""
        cell = self.picture()
        code = cell[0]
        cell.remove(code)
        del cell["hide_mode"]
        return [nodes.raw("", FOLD[0], format="html"), code, nodes.raw("", FOLD[1], format="html")]

    def plain(self) -> list[nodes.Node]:
        """The chapters as lists."""
        made = []
        for part in self.parts:
            links = [nodes.reference("", chapter.title, internal=True,
                                     refuri=self.url(chapter.name)) for chapter in part.chapters]
            items = [nodes.list_item("", nodes.paragraph("", "", link)) for link in links]
            made += [nodes.paragraph("", "", nodes.strong(text=f"{part.numeral}: {part.title}")),
                     nodes.bullet_list("", *items)]
        return made


def always_write(app, env):
    """What the home page counts may have changed with any page."""
    return [app.config.root_doc]


def choose_template(app, pagename, templatename, context, doctree):
    """Write a page whose metadata name a template with that, without a chapter's furniture."""
    template = app.env.metadata.get(pagename, {}).get("template")
    if not template or app.builder.name != "html":
        return None
    context["theme_show_prev_next"] = False
    context["header_buttons"] = []
    context["theme_article_header_start"] = [
        *context["theme_article_header_start"], "home/nav.html"]
    app.add_css_file("home.css", priority=900)  # after book.css
    app.add_js_file("home.js", defer="defer")
    return template


def write_picture(app, error):
    """A small copy of a picture of the documentation."""
    if error or app.builder.name != "html":
        return
    if "template" not in app.env.metadata[app.config.root_doc]:
        return
    folder = Path(app.outdir) / "_static" / "home"
    folder.mkdir(exist_ok=True)
    with Image.open(FEEDBACK) as picture:
        size = (FEEDBACK_WIDTH, round(picture.height * FEEDBACK_WIDTH / picture.width))
        small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.quantize().save(folder / FEEDBACK.name, optimize=True)


def setup(app):
    app.add_directive("home", Home)
    app.add_node(block)
    app.add_post_transform(WriteBlocks)
    app.connect("env-updated", always_write)
    app.connect("html-page-context", choose_template, priority=960)  # after the buttons are made
    app.connect("build-finished", write_picture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
