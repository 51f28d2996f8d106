"""What the website needs beyond Jupyter Book's settings. See ``_config.yml``."""

import os
import socket
import time
from subprocess import PIPE, Popen

from docutils import nodes
from pybtex.plugin import find_plugin, register_plugin
from sphinx_exercise.nodes import solution_node
from sphinxcontrib import katex

#: The only style sheets and scripts of our own that every page loads.
STYLE_SHEETS = ["design.css", "book.css", "chapter.css", "figures.css", "search.css",
                ("print.css", {"media": "print"})]
SCRIPTS = [(name, {"defer": "defer"}) for name in
           ("scrollable.js", "glossary.js", "progress.js", "search/field.js")]

SHORT_FORMULA = 16  # characters of its source

#: Short names for the mathematics of the whole book.
MACROS = {
    r"\R": r"\mathbb{R}",
    r"\argmax": r"\operatorname*{arg\,max}",
    r"\argmin": r"\operatorname*{arg\,min}",
    r"\step": r"\operatorname{step}",
    r"\relu": r"\operatorname{ReLU}",
    r"\softmax": r"\operatorname{softmax}",
}

#: Parts of formulas that ``widgets/linked-terms.js`` finds; elsewhere just what they hold.
MARKS = {
    r"\term": r"\htmlData{term=#1}{#1}",
    r"\shapeof": r"\htmlData{shape=#1}{#2}",
}


def load_only_listed_files(app, config):
    """Undo Jupyter Book's habit of loading each CSS and JS file of ``_static`` on each page."""
    config.html_css_files = STYLE_SHEETS
    config.html_js_files = SCRIPTS


def launch_only_from_a_repository(app, config):
    """Without the address of a repository there is nothing that a service could open."""
    options = config.html_theme_options
    if not options.get("repository_url"):
        options["launch_buttons"] = {}


def offer_notebooks(app, pagename, templatename, context, doctree):
    """Offer the page's two notebooks, which scripts/write_pages.py writes later."""
    if doctree is not None and "kernelspec" in app.env.metadata[pagename]:
        context["ipynb_source"] = f"{pagename}.ipynb"  # the theme's own button


def add_buttons(app, pagename, templatename, context, doctree):
    """After the theme: the two notebooks, and Colab's link, which must be to a notebook.

    Pages show them below their title, see nnchapter.py.
    """
    if doctree is None or "ipynb_source" not in context:
        return
    for group in context["header_buttons"]:
        if group.get("label") == "download-buttons":
            first = group["buttons"][0]
            first["text"] = "Notebook"
            url = first["url"].replace("_sources/", "_sources/exercises/")
            group["buttons"][1:] = [
                {**first, "url": url, "text": "Notebook without solutions"}]
        for button in group.get("buttons", []):
            if button["text"] == "Colab":
                start = button["url"].partition("/blob/")[0]
                button["url"] = f"{start}/blob/gh-pages/_sources/{pagename}.ipynb"


def prepare_for_notebooks(app, doctree, docname):
    """Only cells become code; the edition without solutions loses them, and the answers too."""
    if app.builder.name != "jupyter":
        return
    for block in doctree.findall(nodes.literal_block):
        cell = block.parent.parent
        if cell is None or cell.get("nb_element") != "cell_code":
            block["language"] = "text"
    if os.environ.get("NNCOURSE_EDITION") != "exercises":
        return
    for solution in list(doctree.findall(solution_node)):
        solution.parent.remove(solution)
    for answer in list(doctree.findall(nodes.admonition)):
        if "dropdown" in answer["classes"]:
            answer[1:] = [nodes.paragraph(text="Your answer:")]


#: What extensions write into every page, and what it should be.
REPAIRS = {
    'role="doc-biblioentry"': 'role="listitem"',  # a list needs list items
    ' id="exercise-content"': "", ' id="solution-content"': "",  # the same for all of a page
}


def repair_html(app, pagename, templatename, context, doctree):
    """Names and roles for those who do not see the page."""
    for wrong, right in REPAIRS.items():
        if "body" in context:
            context["body"] = context["body"].replace(wrong, right)


def keep_marks_with_formulas(app, doctree, docname):
    """A comma after a short formula stays on its line; a long one must be free to break."""
    if app.builder.format != "html":
        return
    for formula in list(doctree.findall(nodes.math)):
        place = formula.parent.index(formula)
        after = formula.next_node(descend=False, siblings=True)
        if (isinstance(after, nodes.Text) and after[0] in ".,;:!?)"
                and len(formula.astext()) <= SHORT_FORMULA):
            formula.parent[place + 1] = nodes.Text(after[1:])
            formula.parent[place] = together = nodes.inline(classes=["nn-together"])
            together += [formula, nodes.Text(after[0])]


def print_as_html(app):
    """One page to print is written as the pages are, whatever some extension adds for it alone."""
    handlers = app.registry.translation_handlers
    handlers["singlehtml"] = handlers["html"] | handlers.get("singlehtml", {})


def start_formula_server(cls, folder, timeout):
    """Start node and connect to its Unix socket as soon as it listens there.

    The extension's own way may connect too early; over the network, each formula waits 40 ms.
    """
    address, end = str(folder / "katex.sock"), time.monotonic() + timeout
    process = Popen(cls.build_command(socket=address), stdin=PIPE, stdout=PIPE, cwd=folder)
    while True:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(address)
            return process, sock
        except (FileNotFoundError, ConnectionRefusedError):
            sock.close()
            if time.monotonic() > end:
                raise cls.timeout_error(timeout) from None
            time.sleep(0.01)


def setup(app):
    # found once, not among all installed packages again at each citation
    plain = ("pybtex.backends", "plaintext")
    register_plugin(*plain, find_plugin(*plain), force=True)
    # katex_options of the configuration is not read when formulas are rendered at build.
    katex.KATEX_DEFAULT_OPTIONS.update(
        throwOnError=True, macros=MACROS | MARKS, trust=True, strict=False)
    if hasattr(socket, "AF_UNIX"):
        katex.KaTeXServer.start_server_process = classmethod(start_formula_server)
    # A busy machine needs more than 5 s to start node.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    app.connect("config-inited", load_only_listed_files)
    app.connect("config-inited", launch_only_from_a_repository)
    app.connect("html-page-context", offer_notebooks)
    app.connect("html-page-context", add_buttons, priority=900)
    app.connect("doctree-resolved", prepare_for_notebooks)
    app.connect("doctree-resolved", keep_marks_with_formulas)
    app.connect("html-page-context", repair_html)
    app.connect("builder-inited", print_as_html)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
