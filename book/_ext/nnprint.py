"""The book bound for paper: title page, contents, a page before each part, solutions at its end.

Sphinx's builder ``singlehtml`` writes all pages into one, and scripts/make_pdf.py prints that and
fills in the numbers of pages, see `page_of`. ``print.css`` says what it looks like.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from docutils import nodes
from nnhead import citation, picture_of
from sphinx import addnodes
from sphinx_exercise.nodes import is_exercise_node, solution_node

PROJECT = Path(__file__).resolve().parents[2]
FOREWORD = "About this course"  # what the home page says, without its lists of links
SOLUTIONS = "Solutions"


class Chapter:
    """A page of the website within the book."""

    def __init__(self, env, name: str, held: addnodes.start_of_file):
        self.env, self.name, self.held = env, name, held
        self.section = next(held.findall(nodes.section))
        self.solutions = nodes.container()  # taken out of it

    def number(self, section: nodes.section) -> str:
        """As "9.1. ", or nothing where chapters have no numbers."""
        place = "" if section is self.section else f"#{section['ids'][0]}"
        number = self.env.toc_secnumbers.get(self.name, {}).get(place)
        return ".".join(map(str, number)) + ". " if number else ""

    def heading(self) -> list[nodes.Node]:
        """Its number and title."""
        title = self.section[0].deepcopy().children
        return [nodes.Text(self.number(self.section)), *title]

    def line(self) -> nodes.paragraph:
        """Where it begins."""
        return line(self.heading(), f"document-{self.name}", "nn-line-chapter")

    def lines_of_sections(self) -> Iterator[nodes.paragraph]:
        """Where its sections begin."""
        for section in self.section.children:
            if isinstance(section, nodes.section):
                label = [nodes.Text(self.number(section)), *section[0].deepcopy().children]
                yield line(label, section["ids"][-1], "nn-line-section")


def bind(app, doctree, docname):
    """Lay out the book, before other extensions turn links to its pages into HTML."""
    if app.builder.name != "singlehtml":
        return
    parts = taken_out(app, doctree)
    chapters = [chapter for _, inside in parts for chapter in inside]
    give_own_ids(doctree, chapters)
    for chapter in chapters:
        take_solutions(chapter)
    bound = [part_of(place, caption, inside) for place, (caption, inside) in enumerate(parts)]
    contents = [made for place, (caption, inside) in enumerate(parts)
                for made in contents_of(place, caption, inside)]
    if any(chapter.solutions.children for chapter in chapters):
        bound.append(part_of_solutions(chapters))
        contents.append(line([nodes.Text(SOLUTIONS)], "nn-solutions", "nn-line-part"))
    doctree.children = []
    doctree += [html(f"<style>{running_heads(parts)}</style>{title_page(app)}"),
                html('<nav class="nn-contents"><h1>Contents</h1>'), *contents, html("</nav>"),
                *bound]


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def taken_out(app, doctree) -> list[tuple[str, list[Chapter]]]:
    """The captions of the parts and their chapters, the home page as the first."""
    root, held = app.config.root_doc, {}
    for page in list(doctree.findall(addnodes.start_of_file)):
        page.parent.remove(page)
        for child in page.children:
            child.parent = page  # the builder leaves them with their former parents
        held[page["docname"]] = page
    parts = [(toc["caption"], [Chapter(app.env, name, held[name]) for name in toc["includefiles"]])
             for toc in app.env.get_doctree(root).findall(addnodes.toctree)]
    parts = parts or [(app.config.html_title, [])]
    parts[0][1].insert(0, foreword(app, next(doctree.findall(nodes.section))))
    return parts


def foreword(app, home: nodes.section) -> Chapter:
    """What the home page says in sentences."""
    home.parent.remove(home)
    home[0].children = [nodes.Text(FOREWORD)]
    for links in list(home.findall(nodes.container)):
        if "sd-container-fluid" in links["classes"]:
            links.parent.remove(links)
    for section in list(home.findall(nodes.section)):
        if len(section) == 1:  # its title is all that is left
            section.parent.remove(section)
    held = addnodes.start_of_file("", home, docname=app.config.root_doc)
    return Chapter(app.env, app.config.root_doc, held)


def give_own_ids(doctree: nodes.document, chapters: list[Chapter]) -> None:
    """Where several pages have the same anchor, give each a second one, and lead links there."""
    count = Counter(name for chapter in chapters for held in chapter.held.findall(nodes.Element)
                    for name in held.get("ids", ()))

    def own(page: str, name: str) -> str:
        return f"{page.replace('/', '-')}--{name}" if count[name] > 1 else name

    for chapter in chapters:
        for held in chapter.held.findall(nodes.Element):
            shared = [name for name in held.get("ids", ()) if count[name] > 1]
            if shared:
                held["ids"] += [own(chapter.name, name) for name in shared]
            if "refid" in held:
                held["refid"] = own(chapter.name, held["refid"])
            page, _, name = held.get("refuri", "").removeprefix("#document-").partition("#")
            if name and held["refuri"].startswith("#document-"):
                held["refuri"] = f"#{own(page, name)}"


def take_solutions(chapter: Chapter) -> None:
    """Move the solutions out of a chapter; each and its exercise say where the other is."""
    exercises = {made["label"]: made for made in chapter.held.findall(is_exercise_node)}
    numbers = chapter.env.toc_fignumbers.get(chapter.name, {}).get("exercise", {})
    for solution in list(chapter.held.findall(solution_node)):
        exercise = exercises[solution["target_label"]]
        number = ".".join(map(str, numbers.get(exercise["ids"][0], ())))
        solution.parent.remove(solution)
        there = [nodes.Text(f"Exercise {number}".strip())]
        solution[0].children = []
        solution[0] += [nodes.reference("", "", *there, refid=exercise["ids"][-1]),
                        *exercise[0].deepcopy().children]
        chapter.solutions += solution
        exercise += line([nodes.Text("Solution on page")], solution["ids"][-1], "nn-to-solution")


def line(label: list[nodes.Node], target: str, kind: str) -> nodes.paragraph:
    """A link with the number of the page that it leads to."""
    return nodes.paragraph("", "", nodes.reference("", "", *label, refid=target), html(" "),
                           page_of(target), classes=[kind])


def page_of(target: str) -> nodes.raw:
    """Room for the number of a page, which is known once the book has been printed."""
    return html(f'<span class="nn-page" data-target="{target}"></span>')


def contents_of(place: int, caption: str, inside: list[Chapter]) -> list[nodes.Node]:
    """A part's lines in the contents."""
    return [line([nodes.Text(caption)], f"nn-part-{place}", "nn-line-part"),
            *(made for chapter in inside
              for made in (html("<div>"), chapter.line(), *chapter.lines_of_sections(),
                           html("</div>")))]


def part_of(place: int, caption: str, inside: list[Chapter]) -> nodes.section:
    """A part: its own page, which lists its chapters, and these."""
    made = nodes.section(ids=[f"nn-part-{place}"], classes=["nn-part"])
    made += [html('<div class="nn-part-page">'), nodes.title("", caption),
             *(chapter.line() for chapter in inside), html("</div>"),
             *(nodes.container("", chapter.held, ids=[bound_id(chapter)], classes=["nn-chapter"])
               for chapter in inside)]
    return made


def part_of_solutions(chapters: list[Chapter]) -> nodes.section:
    """The last part: all solutions, by chapter."""
    made = nodes.section(ids=["nn-solutions"], classes=["nn-solutions"])
    made += nodes.title("", SOLUTIONS)
    for chapter in chapters:
        if chapter.solutions.children:
            section = nodes.section(ids=[f"nn-solutions-{bound_id(chapter)}"])
            section += [nodes.title("", "", *chapter.heading()), *chapter.solutions.children]
            made += section
    return made


def bound_id(chapter: Chapter) -> str:
    return f"nn-bound-{chapter.name.replace('/', '-')}"


def running_heads(parts: list[tuple[str, list[Chapter]]]) -> str:
    """Style: the part and the chapter above each page of a chapter, in the part's colour."""
    rules = []
    for place, (caption, inside) in enumerate(parts):
        colour = picture_of(inside[-1].name)
        rules.append(f"#nn-part-{place} {{ --nn-part: var(--nn-{colour}); }}")
        for chapter in inside:
            name, title = bound_id(chapter), "".join(part.astext() for part in chapter.heading())
            rules += [f"#{name} {{ page: {name}; }}",
                      f"@page {name} {{ @top-left {{ content: {quoted(caption)}; }}"
                      f" @top-right {{ content: {quoted(title)}; }} }}"]
    return "\n".join(rules)


def quoted(text: str) -> str:
    """Text as a string of CSS."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f'"{escaped}"'


def title_page(app) -> str:
    """What stands on the first page."""
    cited = citation()
    title, _, subtitle = cited["title"].partition(": ")
    return app.builder.templates.render("title-page.html", {
        "title": title, "subtitle": subtitle, "authors": cited["authors"][0]["name"],
        "version": cited["version"], "date": edition_date()})


def edition_date() -> datetime:
    """When this edition was made: SOURCE_DATE_EPOCH, else the last commit, else the release."""
    if seconds := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(seconds), UTC)
    asked = subprocess.run(["git", "log", "-1", "--format=%cI"], cwd=PROJECT, capture_output=True,
                           text=True, check=False)
    if asked.returncode == 0 and asked.stdout:
        return datetime.fromisoformat(asked.stdout.strip()).astimezone(UTC)
    return datetime.fromisoformat(f"{citation()['date-released']}T00:00:00+00:00")


def lay_out(app, pagename, templatename, context, doctree):
    """The one page has nothing of the website around it."""
    if app.builder.name != "singlehtml":
        return None
    context["cited"], context["date"] = citation(), edition_date()
    return "print.html"


def setup(app):
    app.connect("doctree-resolved", bind, priority=400)
    app.connect("html-page-context", lay_out, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
