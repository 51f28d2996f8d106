"""What search engines, shared links and the foot of a page say: see also ``layout.html``.

With ``html: baseurl`` in ``_config.yml``, the address of the published site, pages also say where
they are and have a picture, and the site has a map, a page for addresses that do not exist, and a
description of the course as a whole (schema.org).
"""

import json
from html import escape
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape as escape_xml

import numpy as np
import yaml
from docutils import nodes
from markupsafe import Markup

from nncourse import plot

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 155  # characters: what search engines show
SHORTEST = 60  # a first paragraph below this says too little alone
PICTURE = (1200, 630)  # pixels, as Open Graph's users ask for
COLOURS = {"home": "#334155"} | {f"part{k + 1}": plot.COLOURS[k] for k in range(4)}


def description(doctree: nodes.document) -> str:
    """The first sentences of a page, cut at a word."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            words = "".join(piece.astext() for piece in paragraph.findall(nodes.Text)
                            if not isinstance(piece.parent, nodes.raw)).split()  # raw: HTML tags
            text = f"{text} {' '.join(words)}".strip()
            if len(text) >= SHORTEST:
                break
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST - 1].rpartition(" ")[0].rstrip(",;:.") + "…"


def citation() -> dict:
    """What CITATION.cff says of the course."""
    return yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))


def describe(app, pagename, templatename, context, doctree):
    """Tags of the page's head; the title of the home page is the site's, once."""
    context["nn_home"] = pagename == app.config.root_doc
    context["nn_part"] = picture_of(pagename)
    if app.builder.name != "html":
        return
    about = ""
    if doctree is not None:
        about = description(doctree) or f"{context['title']} of {app.config.html_title}"
    tags = {"og:type": "website" if context["nn_home"] else "article",
            "og:site_name": app.config.html_title,
            "og:title": (app.config.html_title if context["nn_home"]
                         else Markup(context.get("title", "")).striptags())}
    if about:
        tags["og:description"] = about
    if context.get("pageurl") and doctree is not None:
        picture = f"_static/social/{picture_of(pagename)}.png"
        tags |= {"og:url": context["pageurl"],
                 "og:image": urljoin(app.config.html_baseurl, picture)}
    lines = [f'<meta name="description" content="{escape(about)}" />'] if about else []
    lines += [f'<meta property="{name}" content="{escape(value)}" />'
              for name, value in tags.items()]
    if context["nn_home"] and context.get("pageurl"):
        told = json.dumps(as_course(context["pageurl"], about)).replace("</", "<\\/")
        lines.append(f'<script type="application/ld+json">{told}</script>')
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def picture_of(pagename: str) -> str:
    """The part that a page belongs to: its colour and its picture; "home" outside of all."""
    part = pagename.partition("/")[0]
    return part if part in COLOURS else "home"


def as_course(address: str, about: str) -> dict:
    """The course in schema.org's words."""
    cited = citation()
    return {"@context": "https://schema.org", "@type": "Course", "name": cited["title"],
            "description": about, "url": address, "inLanguage": "en",
            "provider": {"@type": "Organization", "name": cited["authors"][0]["name"]},
            "version": cited["version"], "license": "https://creativecommons.org/licenses/by/4.0/"}


def finish(app, error):
    """The map of the site and its pictures, once it has an address."""
    address = app.config.html_baseurl
    if error or app.builder.name != "html" or not address:
        return
    out = Path(app.outdir)
    pages = "".join(f"<url><loc>{escape_xml(urljoin(address, f'{name}.html'))}</loc></url>\n"
                    for name in sorted(app.env.all_docs))
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{pages}</urlset>\n')
    (out / "robots.txt").write_text(
        f"User-agent: *\nAllow: /\nSitemap: {urljoin(address, 'sitemap.xml')}\n")
    folder = out / "_static" / "social"
    folder.mkdir(exist_ok=True)
    for part, colour in COLOURS.items():
        draw(folder / f"{part}.png", app.config.html_title, colour)


def draw(path: Path, title: str, colour: str) -> None:
    """The picture beside a shared link: the course's spiral and its name."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(PICTURE[0] / 100, PICTURE[1] / 100), dpi=100, facecolor="#ffffff")
    axes = figure.add_axes((0.58, 0.04, 0.4, 0.92), aspect="equal")
    axes.set_axis_off()
    radius = np.linspace(0.08, 1, 60)
    for arm, shade in enumerate((1.0, 0.6, 0.3)):
        angle = 3.6 * radius + arm * 2 * np.pi / 3
        axes.scatter(radius * np.cos(angle), radius * np.sin(angle), s=90, color=colour,
                     alpha=shade, linewidths=0)
    figure.text(0.06, 0.5, title.replace(" to ", "\nto "), fontsize=54, weight="bold",
                color="#0f172a", va="center")
    figure.savefig(path)


def not_found(app):
    """A page for addresses that do not exist; it is shown below any of them."""
    if app.builder.name == "html" and app.config.html_baseurl:
        yield "404", {"title": "No such page", "address": app.config.html_baseurl}, "404.html"


def foot(app, config):
    """Who made this, which version it is, and where to say what is wrong.

    The site's address ends with a slash: else all that is joined to it would lose its last part.
    """
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"
    cited = citation()
    place = (config.html_theme_options or {}).get("repository_url")
    report = f'<a href="{place}/issues/new/choose">report a mistake</a>' if place else ""
    changes = f'<a href="{place}/blob/main/CHANGELOG.md">what changed</a>' if place else ""
    said = [f"Version {cited['version']}, {cited['date-released']}",
            f"by {cited['authors'][0]['name']}",
            'text under <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, '
            "code under the MIT licence",
            *filter(None, (report, changes))]
    options = config.html_theme_options
    options["extra_footer"] = f"{options.get('extra_footer', '')}<br>{', '.join(said)}."


def setup(app):
    app.connect("config-inited", foot, priority=900)
    app.connect("html-page-context", describe, priority=940)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
